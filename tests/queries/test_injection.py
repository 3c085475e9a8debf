"""No value of a parameter can be read as a part of a query: proved on every parameter of every saved query.

A text that is bound must be the query's own text with one ``VALUES`` block put in, again and again the same, whose one
term is one token by the grammar of SPARQL 1.1 (written down here a second time, independently of kgtool.sparql).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kgtool.errors import KgError, NotFoundError, QueryError
from kgtool.labels import resolve
from kgtool.namespaces import read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries import Parameter, SavedQuery, bind_parameters, read_catalogue, run
from kgtool.queries.parameters import term_of
from kgtool.sparql import bind, values
from kgtool.store import Result, Store
from kgtool.store.drafts import Draft
from kgtool.table import visible
from kgtool.terms import IRI, Literal, Term

_PROJECT = Project(shipped_root())
_QUERIES = {name: query for name, query in read_catalogue(_PROJECT).items() if query.parameters}
_PREFIXES = read_prefixes(_PROJECT.prefixes_file)
_PARAMETERS = [(query, parameter) for query in _QUERIES.values() for parameter in query.parameters]

_each_parameter = pytest.mark.parametrize(
    ("query", "parameter"), _PARAMETERS, ids=[f"{query.name}-{parameter.name}" for query, parameter in _PARAMETERS]
)

#: One string or IRI, whole: https://www.w3.org/TR/sparql11-query/#rSTRING_LITERAL2
_TOKEN = re.compile(
    r'"(?:[^"\\\n\r]|\\[tbnrf\\"\']|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*"'
    r'(?:@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*|\^\^<[^<>"{}|^`\\\x00-\x20]*>)?'
    r'|<[^<>"{}|^`\\\x00-\x20]*>'
)

#: What has broken query templates elsewhere: https://github.com/CLARIAH/grlc pastes values into the text.
NASTY = (
    "",
    " ",
    '"',
    "'",
    '"""',
    "'''",
    '\\"',
    "\\",
    "\\\\",
    'x" } #',
    "x' } #",
    'x"^^<urn:a> } #',
    'x"@en } #',
    '" . ?s ?p ?o . "',
    '") } UNION { ?s ?p ?o } #',
    "} UNION { ?s ?p ?o } #",
    "{{{{",
    "}}}}",
    "urn:a> . ?s ?p ?o } #",
    "<urn:a> <urn:b>",
    "https://example.org/a> ) } #",
    "urn:a b",
    "urn:a\\u003E",
    "km:a> #",
    "# comment",
    "x\n} #",
    "x\r\n} #",
    "x\u2028} #",
    "x\0} #",
    "\0",
    "\u202e} #",
    "\u2066x\u2069",
    "\ufeff",
    "\ufffe",
    "\\u0022 } #",
    "\\U00000022 } #",
    "\\\\u0022 } #",
    "\\u005c\\u0022 } #",
    "\\u000a",
    "\ud800",
    "urn:\udfff",
    "?s",
    "$s",
    "SERVICE <http://example.org/>",
    "; DROP ALL",
    "DELETE WHERE { ?s ?p ?o }",
    "1 || true",
    "2023) || (true",
    "2023-01-01' || '1",
    "１２",
    "२०२३-०१-०१",
    "1e400",
    "true || true",
    "%22%7D",
    "&quot;",
    "$1",
    "{0}",
    "x" * 2_000,
    "🏭" * 100,
    "e\u0301",
)

_ALPHABET = "\"'\\<>{}()[]#?$@^|&;.,:/%=!*+-_ \n\r\t\0uU0022x\u2028\u202e\ufeff\u0301\ud800高新区é🏭"

#: How many random strings each parameter gets; in all there are more than 10,000.
_EACH = 270


@pytest.fixture(scope="module")
def store() -> Draft:
    """A few things, for names to be looked up among: what is looked at is the text, not the answer."""
    draft = Draft()
    data = (
        f"<{_PREFIXES['km']}hi-tech-zone> a <{_PREFIXES['ip']}IndustrialPark> ;"
        f' <{_PREFIXES["skos"]}prefLabel> "高新区"@zh-Hans, "Hi-tech \\"Zone\\" }} #"@en .'
    )
    draft.load(data.encode(), "turtle", file="few.ttl")
    return draft


def strings(seed: str, count: int) -> Iterator[str]:
    """Make random strings of characters that mean something somewhere."""
    source = random.Random(seed)
    for _ in range(count):
        yield "".join(source.choices(_ALPHABET, k=source.randrange(1, 30)))


def check_term(term: Term) -> str:
    """Return a term as it stands in a query, having checked that it is one token."""
    block = values(["x"], [[term]])
    written = block.removeprefix("VALUES (?x) { (").removesuffix(") }")
    assert _TOKEN.fullmatch(written), written
    return written


def test_there_are_more_than_ten_thousand_attempts() -> None:
    assert len(_PARAMETERS) * (_EACH + len(NASTY)) > 10_000


@_each_parameter
def test_a_bound_query_is_the_query_and_one_block_of_values(
    store: Draft, query: SavedQuery, parameter: Parameter
) -> None:
    # Those that the header allows, if it names them, are not the point here: any text must be harmless.
    parameter = parameter._replace(choices=())
    accepted, messages = 0, []
    for text in (*NASTY, *strings(query.name + parameter.name, _EACH), parameter.default or "x"):
        try:
            term = term_of(store, parameter, text, _PREFIXES)
        except KgError as exc:
            messages.append(str(exc))
            continue
        accepted += 1
        bound = bind(query.text, {parameter.variable: term})
        block = f" VALUES (?{parameter.variable}) {{ ({check_term(term)}) }}"
        assert block in bound
        assert bound.replace(block, "") == query.text
    assert [message for message in messages if visible(message) != message] == []
    if parameter.type == "string":
        assert accepted > _EACH / 2


@_each_parameter
def test_whatever_is_given_there_is_an_answer_or_a_clear_error(
    store: Draft, query: SavedQuery, parameter: Parameter
) -> None:
    messages = []
    others = {other.name: "km:hi-tech-zone" for other in query.parameters if other.type == "entity"}
    for text in NASTY:
        try:
            result = run(store, query, {**others, parameter.name: text}, prefixes=_PREFIXES)
            if result.form == "select":
                list(result.rows())
        except KgError as exc:
            messages.append(str(exc))
    assert [message for message in messages if visible(message) != message] == []


@_each_parameter
def test_an_entity_that_is_unknown_is_not_found(store: Draft, query: SavedQuery, parameter: Parameter) -> None:
    if parameter.type != "entity":
        return
    for text in NASTY:
        with pytest.raises(NotFoundError):
            resolve(store, text, prefixes=_PREFIXES, instance_of=parameter.class_)


def test_a_string_is_bound_as_the_literal_that_was_given(store: Draft) -> None:
    query, parameter = _QUERIES["who-says-so"], _QUERIES["who-says-so"].parameters[0]
    for text in (*NASTY, *strings("literal", 1000)):
        if re.search("[\ud800-\udfff]", text):
            with pytest.raises(QueryError, match="not UTF-8"):
                bind_parameters(store, query, {parameter.name: text}, prefixes=_PREFIXES)
        else:
            assert bind_parameters(store, query, {parameter.name: text}, prefixes=_PREFIXES) == {"value": Literal(text)}


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text(_ALPHABET.replace("\ud800", "")))
@settings(deadline=None, max_examples=150)
def test_two_engines_read_back_the_string_that_was_given(text: str) -> None:
    query = f"SELECT ?x {{ {values(['x'], [[Literal(text)]])} }}"
    ((read,),) = Draft().query(query).rows()
    assert read == Literal(text)
    (other,) = rdflib.Graph().query(query).bindings
    assert str(other[rdflib.Variable("x")]) == text


class _Recorder:
    """A store that notes the texts on their way to the engine."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.services = store.services
        self.texts: set[str] = set()

    def query(
        self,
        text: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        prefixes: Mapping[str, str] | None = None,
        file: object = None,
        **more: Any,
    ) -> Result:
        self.texts.add(_TOKEN.sub("□", bind(text, bindings or {})))
        return self._store.query(text, bindings=bindings, prefixes=prefixes, file=file, **more)

    def count(self, graph: IRI | None = None) -> int:
        return self._store.count(graph)

    def graphs(self) -> list[Any]:
        return list(self._store.graphs())


def test_looking_a_name_up_asks_the_same_of_the_engine_whatever_the_name(store: Draft) -> None:
    harmless, nasty = _Recorder(store), _Recorder(store)
    class_ = "https://w3id.org/industrial-park/ns#IndustrialPark"
    for instance_of in (None, class_):
        for recorder, names in (
            (harmless, ("高新区", "km:hi-tech-zone", "urn:unknown", "unknown", "")),
            (nasty, (*NASTY, *strings("names", 300), 'Hi-tech "Zone" } #')),
        ):
            for name in names:
                try:
                    resolve(recorder, name, prefixes=_PREFIXES, instance_of=instance_of)
                except NotFoundError:
                    continue
    assert len(harmless.texts) > 3
    assert nasty.texts <= harmless.texts


_WORST = 'x" } UNION { ?s ?p ?o } # \\u0022 } \n \\'


@pytest.mark.slow
@pytest.mark.parametrize("query", _QUERIES.values(), ids=list(_QUERIES))
def test_the_algebra_of_a_bound_query_is_that_of_the_query(query: SavedQuery) -> None:
    bound = _algebra(bind(query.text, {parameter.variable: Literal(_WORST) for parameter in query.parameters}))
    assert set(_tabled(bound)) >= {rdflib.Literal(_WORST)}
    assert _without_values(bound) == _without_values(_algebra(query.text))


def _algebra(text: str) -> Any:
    return translateQuery(parseQuery(text)).algebra


def _tabled(node: Any) -> Iterator[Any]:
    """Walk over the terms in tables of values."""
    if _is_table(node):
        for row in node.p.res:
            yield from row.values()
    elif isinstance(node, CompValue | list | tuple):
        for item in node.values() if isinstance(node, CompValue) else node:
            yield from _tabled(item)


def _without_values(node: Any) -> object:
    """Return an algebra without the tables of values, and what only joined them."""
    if isinstance(node, CompValue):
        if node.name == "Join":
            sides = [side for side in (node.p1, node.p2) if not _is_table(side)]
            kept = [side for side in map(_without_values, sides) if side != ("BGP", (("triples", ()),))]
            if len(kept) < 2:
                return kept[0] if kept else ("BGP", (("triples", ()),))
            return ("Join", *kept)
        return (
            node.name,
            # PV, the variables that are selected, comes from a set where the query selects none.
            tuple(
                (key, sorted(value) if key == "PV" else _without_values(value))
                for key, value in sorted(node.items())
                if key not in {"_vars", "lazy"}
            ),
        )
    if isinstance(node, list | tuple):
        return tuple(_without_values(item) for item in node)
    return "vars" if isinstance(node, set) else str(node)


def _is_table(node: Any) -> bool:
    return isinstance(node, CompValue) and node.name == "ToMultiSet" and node.p.name == "values"
