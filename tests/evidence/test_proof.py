"""What is cited for a row, kind of pattern by kind of pattern, on a graph of four sentences."""

from __future__ import annotations

from typing import Any

import pytest

from kgtool.errors import DataError, QueryError
from kgtool.evidence.pattern import Pattern
from kgtool.evidence.proof import Proven, prove
from kgtool.evidence.render import to_json
from kgtool.namespaces import IP
from kgtool.store import Result, Store
from kgtool.store.drafts import Draft
from kgtool.terms import IRI, Literal
from kgtool.text.segments import digest

_TEXT = "临港园区主导造船。\n产值12.5亿元，比上年多2亿元。临港、造船。附近有湖。"

_DATA = f"""
@prefix ex: <urn:ex#> .
@prefix ip: <{IP}> .
@prefix s: <urn:article/s> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

GRAPH <urn:graph/entities> {{
    ex:park a ex:Park . ex:lake a ex:Lake . ex:mill a ex:Park .
    ex:leads ex:under ex:has . ex:has ex:under ex:top .
}}
GRAPH <urn:graph/article> {{
    <urn:article> ip:sha256 "{digest(_TEXT)}" ; skos:prefLabel "文章"@zh-Hans, "Article"@en .
    <urn:section> skos:prefLabel "第一节"@zh-Hans, "Section one"@en .
    s:1 a ip:Sentence ; dcterms:isPartOf <urn:article> ; ip:section <urn:section> ; ip:number 1 ; ip:paragraph 1 ;
        oa:start 0 ; oa:end 9 ; ip:gist "主导产业"@zh-Hans, "the leading industry"@en .
    s:2 a ip:Sentence ; dcterms:isPartOf <urn:article> ; ip:number 2 ; ip:paragraph 2 ; oa:start 10 ; oa:end 27 .
    s:3 a ip:Sentence ; dcterms:isPartOf <urn:article> ; ip:number 3 ; ip:paragraph 2 ; oa:start 27 ; oa:end 33 .
    s:10 a ip:Sentence ; dcterms:isPartOf <urn:article> ; ip:number 10 ; ip:paragraph 2 ; oa:start 33 ; oa:end 38 .
}}
GRAPH s:1 {{ ex:park ex:leads ex:ships }}
GRAPH s:2 {{
    s:2 ip:reliesOn s:1 .
    ex:output ip:subject ex:park ; ip:value 12.50 ; ip:quote "产值12.5亿元"@zh .
    ex:rise ip:subject ex:park ; ip:value 2 ; ip:quote "多2亿元"@zh .
}}
GRAPH s:3 {{ ex:park ex:leads ex:ships }}
GRAPH s:10 {{ ex:park ex:near ex:lake . ex:lake ex:near ex:mill }}
GRAPH <urn:base/graph/derived> {{
    ex:before ip:value 10.5 ; ip:formula "12.5 − 2 = 10.5" ; prov:wasDerivedFrom ex:output, ex:rise ;
        prov:hadPlan ex:rule .
    ex:twice ip:value 21.0 ; prov:wasDerivedFrom ex:before ; ip:formula "2 × 10.5 = 21" ; ip:part ex:set .
    ex:since ip:value 3 ; ex:from ex:lake ; prov:wasDerivedFrom s:10 .
    ex:set ex:member ex:rise .
    ex:output skos:prefLabel "output"@en .
}}
"""

_PREFIXES = {"ex": "urn:ex#", "ip": IP, "s": "urn:article/s", "skos": "http://www.w3.org/2004/02/skos/core#"}


@pytest.fixture(scope="module")
def store() -> Draft:
    draft = Draft()
    draft.load(_DATA.encode(), "trig", file="data.trig")
    draft.unite(without=["urn:none"])
    return draft


def _proven(store: Store, query: str, **options: Any) -> Proven:
    return prove(store, query, prefixes=_PREFIXES, **options)


def _cited(store: Store, query: str, **options: Any) -> list[list[int | None]]:
    """Return the numbers of the sentences that are cited for each row."""
    return [[item.passage.number for item in row.evidence] for row in _proven(store, query, **options).rows]


#: A query with one row, or with several in their order, and the sentences that are cited for each.
_CITED = {
    "SELECT ?x { ex:park ex:leads ?x }": [[1, 3]],
    "SELECT ?x { GRAPH s:3 { ex:park ex:leads ?x } }": [[3]],
    "SELECT ?s ?x { GRAPH ?s { ex:park ex:leads ?x } } ORDER BY ?s": [[1], [3]],
    "SELECT ?x { GRAPH ?s { ex:park ex:leads ?x } }": [[1, 3], [1, 3]],
    "SELECT ?x { ?x a ex:Park } ORDER BY ?x": [[], []],
    "SELECT ?x { ?x a ex:Park ; ex:leads ?y }": [[1, 3]],
    "SELECT ?x { ?x ip:subject ex:park ; ip:value 12.50 }": [[2]],
    "SELECT ?x ?y { ?x a ex:Park OPTIONAL { ?x ex:leads ?y } } ORDER BY ?x": [[], [1, 3]],
    "SELECT ?x { ?x ex:near ?y OPTIONAL { ?x ex:leads ex:none } } ORDER BY ?x": [[10], [10]],
    "SELECT ?x { ?x a ex:Park OPTIONAL { ?x a ex:Park . ?x ex:leads ?y } } ORDER BY ?x": [[], [1, 3]],
    "SELECT ?x { { ?x ex:leads ?y } UNION { ?x ex:near ?y } } ORDER BY ?x ?y": [[10], [1, 3, 10], [1, 3, 10]],
    "SELECT DISTINCT ?x { { ?x ex:leads ?y } UNION { ?x ex:near ex:lake } }": [[1, 3, 10]],
    "SELECT ?x { ?x a ex:Park FILTER EXISTS { ?x ex:near ?y } }": [[10]],
    "SELECT ?x { ?x a ex:Park FILTER(EXISTS { ?x ex:leads ?y } && ?x != ex:mill) }": [[1, 3]],
    "SELECT ?x { ?x a ex:Park FILTER(?x = ex:mill || EXISTS { ?x ex:leads ?y }) } ORDER BY ?x": [[], [1, 3]],
    "SELECT ?x ?led { ?x a ex:Park BIND(IF(EXISTS { ?x ex:leads ?y }, 1, 0) AS ?led) } ORDER BY ?x": [[], [1, 3]],
    "SELECT ?x (EXISTS { ?x ex:near ?y } AS ?e) { ?x a ex:Park } ORDER BY ?x": [[], [10]],
    "SELECT ?x { ?x a ex:Park FILTER NOT EXISTS { ?x ex:leads ?y } }": [[]],
    "SELECT ?x { ?x ex:near ?y MINUS { ?x a ex:Lake } }": [[10]],
    "SELECT ?x ?n { VALUES ?x { ex:park ex:ships } ?x ex:leads ?y BIND(2 AS ?n) }": [[1, 3]],
    "SELECT ?x { { SELECT ?x { ?x ex:leads ?y } } ?x ex:near ?z }": [[1, 3, 10]],
    "SELECT ?x { { SELECT ?x { ?x ex:near ?y } ORDER BY DESC(?x) LIMIT 1 } }": [[10]],
    "SELECT ?x { ?o ip:subject ?x ; ip:value ?v } ORDER BY DESC(?v) LIMIT 1": [[2]],
    "SELECT ?x { ex:park ex:near/ex:near ?x }": [[10]],
    "SELECT ?x { ex:park ex:leads|ex:none ?x }": [[1, 3]],
    "SELECT ?x { ex:lake ^ex:near ?x }": [[10]],
    "SELECT ?x { ex:lake !(a|ex:none) ?x }": [[10]],
    "SELECT ?x { ex:park ex:near+ ?x } ORDER BY ?x": [[10], [10]],
    "SELECT ?x { ex:park ex:near* ?x } ORDER BY ?x": [[10], [10], []],
    "SELECT ?y { ?r ex:under* ex:top . ex:park ?r ?y }": [[1, 3]],
    "SELECT ?x { ex:park (ex:near/ex:near?) ?x } ORDER BY ?x": [[10], [10]],
    "SELECT (COUNT(?x) AS ?n) { ex:park ex:leads|ex:near ?x }": [[1, 3, 10]],
    "SELECT (COUNT(?x) AS ?n) { ?x ex:none ?y }": [[]],
    "SELECT ?x (SUM(?v) AS ?sum) { ?o ip:subject ?x ; ip:value ?v } GROUP BY ?x HAVING (COUNT(?o) > 1)": [[2]],
    "SELECT (MAX(?v) AS ?most) { ?o ip:subject ?x ; ip:value ?v } GROUP BY ?x": [[2]],
    "SELECT (COUNT(*) AS ?n) { ?x ?p ?y FILTER(?p IN (ex:leads, ex:near)) } GROUP BY ?x ORDER BY ?n": [
        [10],
        [1, 3, 10],
    ],
    "SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x ex:leads ?y } } }": [[1, 3]],
    "SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x ex:none ?y } } }": [[]],
    "SELECT ?c (GROUP_CONCAT(?x) AS ?all) { ?x ex:near ?y OPTIONAL { ?x ex:leads ?c } } GROUP BY ?c ORDER BY ?c": [
        [10],
        [1, 3, 10],
    ],
    "SELECT ?v { ex:before ip:value ?v }": [[2]],
    "SELECT ?v { ex:twice ip:value ?v }": [[2]],
    "SELECT ?v { ex:since ip:value ?v }": [[10]],
    "SELECT ?x { ex:set ex:member ?x }": [[2]],
    "SELECT ?x { ex:output skos:prefLabel ?x }": [[2]],
}


@pytest.mark.parametrize("query", _CITED)
def test_the_sentences_of_each_row_are_cited(store: Draft, query: str) -> None:
    assert _cited(store, query) == _CITED[query]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { ?x ex:near ?y } ORDER BY ?x OFFSET 1",
        "SELECT ?x { { SELECT ?x { ?x ex:near ?y } ORDER BY ?x OFFSET 1 } }",
    ],
)
def test_skipped_rows_are_told_not_to_be_proved(store: Draft, query: str) -> None:
    proven = _proven(store, query)
    assert [[item.passage.number for item in row.evidence] for row in proven.rows] == [[10]]
    assert [note.partition(":")[0] for note in proven.notes] == ["OFFSET"]


def test_an_item_says_where_the_sentence_stands_and_what_it_proves(store: Draft) -> None:
    proven = _proven(store, "SELECT ?x { ex:park ex:leads ?x }", languages=("en",))
    triple = {
        "subject": {"type": "uri", "value": "urn:ex#park"},
        "predicate": {"type": "uri", "value": "urn:ex#leads"},
        "object": {"type": "uri", "value": "urn:ex#ships"},
    }
    found = to_json(proven)
    assert found["head"] == {"vars": ["x"]}
    assert found["results"] == {"bindings": [{"x": {"type": "uri", "value": "urn:ex#ships"}}]}
    assert found["notes"] == []
    assert found["evidence"][0][0] == {
        "sentence": "urn:article/s1",
        "article": "urn:article",
        "title": "Article",
        "section": "Section one",
        "paragraph": 1,
        "number": 1,
        "start": 0,
        "end": 9,
        "gist": "the leading industry",
        "quotes": [],
        "triples": [triple],
    }


def test_gists_are_in_the_language_asked_for(store: Draft) -> None:
    ((item, _),) = [
        row.evidence for row in _proven(store, "SELECT ?x { ?x ex:leads ?y }", languages=("zh-Hans", "en")).rows
    ]
    assert (item.passage.gist, item.passage.title) == ("主导产业", "文章")


def test_a_statement_is_quoted(store: Draft) -> None:
    (row,) = _proven(store, "SELECT ?o { ?o ip:value 12.50 }").rows
    assert [item.quotes for item in row.evidence] == [("产值12.5亿元",)]
    assert row.evidence[0].passage.relies_on == ("urn:article/s1",)


def test_a_derived_value_rests_on_what_it_is_derived_from(store: Draft) -> None:
    (row,) = _proven(store, "SELECT ?v { ex:twice ip:value ?v }").rows
    (item,) = row.evidence
    assert item.quotes == ("产值12.5亿元", "多2亿元")
    assert [(d.thing, d.formula, d.rule) for d in item.derived] == [
        ("urn:ex#before", "12.5 − 2 = 10.5", "urn:ex#rule"),
        ("urn:ex#twice", "2 × 10.5 = 21", None),
    ]


def test_what_a_sentence_says_of_what_a_derived_value_speaks_of_is_cited(store: Draft) -> None:
    (row,) = _proven(store, "SELECT ?v { ex:since ip:value ?v }").rows
    assert [item.triples for item in row.evidence] == [((IRI("urn:ex#lake"), IRI("urn:ex#near"), IRI("urn:ex#mill")),)]


def test_what_no_sentence_says_is_context(store: Draft) -> None:
    (row,) = _proven(store, "SELECT ?x { ?x a ex:Park ; ex:leads ?y }").rows
    kind = IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert row.context == ((IRI("urn:ex#park"), kind, IRI("urn:ex#Park")),)


@pytest.mark.parametrize(
    "pattern", ["FILTER NOT EXISTS { ?x ex:none ?y }", "MINUS { ?x ex:none ?y }", "FILTER(!EXISTS { ?x ex:none ?y })"]
)
def test_that_something_is_absent_is_in_no_sentence_and_said_so(store: Draft, pattern: str) -> None:
    proven = _proven(store, f"SELECT ?x {{ ?x ex:leads ex:ships {pattern} }}")
    assert [[item.passage.number for item in row.evidence] for row in proven.rows] == [[1, 3]]
    assert bool(proven.notes) == (not pattern.startswith("FILTER(!"))


def test_parameters_are_bound(store: Draft) -> None:
    assert _cited(store, "SELECT ?x ?y { ?x ex:near ?y }", bindings={"x": IRI("urn:ex#lake")}) == [[10]]
    assert _cited(store, "SELECT ?o { ?o ip:value ?v FILTER(?v > ?least) }", bindings={"least": _decimal("20")}) == [
        [2]
    ]


def _decimal(number: str) -> Literal:
    return Literal(number, None, "http://www.w3.org/2001/XMLSchema#decimal")


def test_every_row_of_duplicates_has_the_evidence_of_all(store: Draft) -> None:
    assert _cited(store, "SELECT ?x { ?o ip:subject ?x ; ip:value ?v }") == [[2], [2]]


#: Queries whose rows cannot be traced, and what the message says.
_REFUSED = {
    "ASK { ?a ?b ?c }": "only the rows of a SELECT have evidence; ask with SELECT",
    "SELECT ?x { ?x ex:near* ?y }": "every node leads to itself by (<urn:ex#near>)*; write + for *, or a pattern that",
    "SELECT ?x { ?x a ex:Park FILTER EXISTS { ?x ex:near ?z { ?z ex:near ?w FILTER(?x = ex:park) } } }": (
        "an EXISTS depends on what is outside it; write its pattern into the query itself"
    ),
    "SELECT ?x { ?x a ?t OPTIONAL { ?x ex:near ?y } OPTIONAL { ?x ex:leads ?z FILTER EXISTS { ?y a ?u } } }": (
        "EXISTS inside OPTIONAL over ?y, which is outside"
    ),
}


@pytest.mark.parametrize("query", _REFUSED)
def test_what_cannot_be_traced_is_refused_with_the_part_and_what_to_do(store: Draft, query: str) -> None:
    with pytest.raises(QueryError) as caught:
        _proven(store, query)
    assert _REFUSED[query] in str(caught.value)


def test_triples_with_blank_nodes_are_counted_as_not_looked_up() -> None:
    draft = Draft()
    draft.load(
        f"GRAPH <urn:s1> {{ _:b <urn:p> 1 }} _:b <urn:p> 1 . <urn:s1> a <{IP}Sentence> .".encode(), "trig", file=""
    )
    proven = prove(draft, "SELECT ?x { ?x <urn:p> 1 }")
    assert [row.evidence for row in proven.rows] == [()]
    assert proven.notes == (
        "triples with a blank node, which no query can name, are not looked up: 1 of them; give the nodes IRIs",
    )


# With the text -------------------------------------------------------------------------------------------------------


def test_with_the_text_an_item_has_the_sentence_and_where_its_quotes_are(store: Draft) -> None:
    (row,) = _proven(store, "SELECT ?v { ex:before ip:value ?v }", source=_TEXT).rows
    (item,) = row.evidence
    assert item.text == "产值12.5亿元，比上年多2亿元。"
    assert [item.text[start:end] for start, end in item.marks] == ["产值12.5亿元", "多2亿元"]


def test_another_text_is_refused(store: Draft) -> None:
    with pytest.raises(DataError, match="this is the text of none of the articles: it has 3 characters"):
        _proven(store, "SELECT ?x { ?x ex:leads ?y }", source="别的。")


# How often the store is asked ----------------------------------------------------------------------------------------


class _Counted:
    """A store that counts the queries it is asked."""

    def __init__(self, store: Draft) -> None:
        self._store = store
        self.services = store.services
        self.asked = 0
        self.texts: list[str] = []
        self.count = store.count
        self.graphs = store.graphs

    def query(self, text: str, **options: Any) -> Result:
        self.asked += 1
        self.texts.append(text)
        return self._store.query(text, **options)


def _of_size(number: int) -> Draft:
    """Make a graph of a figure in each of so many sentences."""
    draft = Draft()
    lines = [
        f'GRAPH <urn:s{n}> {{ <urn:x{n}> <urn:of> <urn:y{n}> ; <{IP}quote> "x{n}" }} <urn:s{n}> a <{IP}Sentence> .'
        for n in range(number)
    ]
    draft.load("\n".join(lines).encode(), "trig", file="data.trig")
    draft.unite(without=["urn:none"])
    return draft


@pytest.mark.parametrize(
    "query", ["SELECT ?x ?y { ?x <urn:of> ?y }", "SELECT ?x (COUNT(*) AS ?n) { ?x <urn:of> ?y } GROUP BY ?x"]
)
def test_rows_are_proved_together(query: str) -> None:
    few, many = _Counted(_of_size(5)), _Counted(_of_size(400))
    assert len(prove(few, query).rows) == 5
    assert len(prove(many, query).rows) == 400
    assert few.asked == many.asked < 12


#: Queries that select whatever they match, and how often they are asked for.
_TOLD = {
    "SELECT ?x ?y { ?x ex:leads ?y }": 1,
    "SELECT ?x ?y { ?x ex:leads ?y } ORDER BY DESC(?y) LIMIT 1": 1,
    "SELECT DISTINCT ?y ?x ?n { ?x ex:leads ?y BIND(1 AS ?n) FILTER NOT EXISTS { ?x a ex:Lake } }": 1,
    "SELECT ?s ?x { GRAPH ?s { ex:park ex:leads ?x } }": 1,
    "SELECT ?x ?y { ?x ex:near+ ?y } OFFSET 1": 1,
    "SELECT ?x ?y { VALUES ?x { ex:park ex:mill } ?x a ex:Park . ?x ex:near* ?y }": 1,
    "SELECT ?x ?p ?y { ?x ?p ?y FILTER(?y = 2) }": 1,
    "SELECT ?x { ?x ex:leads ?y }": 2,
    "SELECT ?x ?y { ?x a ex:Park OPTIONAL { ?x ex:leads ?y } }": 2,
    "SELECT ?x ?y { ?x a ex:Park ; ex:leads/^ex:leads ?y }": 2,
    "SELECT ?x { ?x a ex:Park FILTER EXISTS { ?x ex:near ?y } }": 2,
    "SELECT (COUNT(*) AS ?n) { ex:park ex:leads ex:ships }": 2,
}


@pytest.mark.parametrize("query", _TOLD)
def test_rows_that_have_all_that_was_matched_are_not_asked_for_again(
    store: Draft, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = _Counted(store)
    proven = _proven(counted, query)
    asked = [text for text in counted.texts if "urn:ex#" in text.partition("VALUES (?i")[0] or text == query]
    ways = [text for text in asked if "?start" in text]
    assert len(asked) - len(ways) == _TOLD[query]
    monkeypatch.setattr(Pattern, "is_told_by_rows", False)
    assert _proven(store, query) == proven


def test_a_count_of_nothing_is_no_evidence_of_what_is_not_there(store: Draft) -> None:
    (row,) = _proven(store, "SELECT (COUNT(*) AS ?n) { ex:mill ex:leads ex:ships }").rows
    assert row == ((Literal("0", None, "http://www.w3.org/2001/XMLSchema#integer"),), (), ())


@pytest.mark.parametrize(
    ("query", "narrowed"),
    [
        ("SELECT ?x { ?x <urn:of> ?y } LIMIT 3", "VALUES (?x) {"),
        ("SELECT ?x { ?x <urn:of> ?y } ORDER BY DESC(?y) LIMIT 3", " IN (<urn:x"),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x <urn:of> ?y } GROUP BY ?x LIMIT 3", " IN (<urn:x"),
    ],
)
def test_values_narrow_only_a_query_that_need_not_see_everything(query: str, narrowed: str) -> None:
    """VALUES is where the engine starts from: an ordered query of a second took forty (#6)."""
    store = _Counted(_of_size(9))
    proven = prove(store, query)
    assert [len(row.evidence) for row in proven.rows] == [1, 1, 1]
    assert narrowed in store.texts[1]
