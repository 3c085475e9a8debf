"""Every row of every saved query: without its sentences it is gone, with nothing but them it is still there.

The graph is built anew each time: the sentences' graphs that are left, everything that is not a sentence, the union,
and what the rules derive from that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import pyoxigraph
import pytest

from kgtool.build import build
from kgtool.evidence.proof import Proven, prove
from kgtool.namespaces import IP, RDF, VOID, read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries.catalogue import read_catalogue
from kgtool.queries.parameters import bind_parameters
from kgtool.queries.saved import SavedQuery
from kgtool.store import Store
from kgtool.store.drafts import Draft
from kgtool.store.embedded import EmbeddedStore, open_folder
from kgtool.terms import IRI, Term

pytestmark = pytest.mark.slow

_PROJECT = Project(shipped_root())
_QUERIES = {
    name: query for name, query in read_catalogue(_PROJECT).items() if query.form == "select" and not query.services
}
_PREFIXES = read_prefixes(_PROJECT.prefixes_file)

Rebuild = Callable[[frozenset[str]], Store]
Prove = Callable[[SavedQuery], Proven]
Row = tuple[Term | None, ...]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    return open_folder(build(_PROJECT, into=tmp_path_factory.mktemp("kunming")).folder / "store").in_memory()


@pytest.fixture(scope="module")
def sentences(store: EmbeddedStore) -> frozenset[str]:
    rows = store.query(f"SELECT ?sentence {{ ?sentence <{RDF}type> <{IP}Sentence> }}").rows()
    return frozenset(sentence.value for (sentence,) in rows if sentence is not None)


@pytest.fixture(scope="module")
def rebuild(store: EmbeddedStore, sentences: frozenset[str]) -> Rebuild:
    """Build the graph of the sentences that are given and of everything that no sentence says."""
    ((base,),) = store.query(f"SELECT DISTINCT ?base {{ ?dataset <{VOID}uriSpace> ?base }}").rows()
    assert base is not None
    derived = f"{base.value}graph/derived"
    graphs: dict[str, list[pyoxigraph.Quad]] = {}
    for quad in store._store.quads_for_pattern(None, None, None, None):
        if isinstance(quad.graph_name, pyoxigraph.NamedNode):
            graphs.setdefault(quad.graph_name.value, []).append(quad)

    @lru_cache(maxsize=32)
    def rebuilt(kept: frozenset[str]) -> Store:
        draft = Draft()
        for graph, quads in graphs.items():
            if graph != derived and (graph not in sentences or graph in kept):
                draft._store.extend(quads)
        draft.unite(without=[f"{base.value}graph/shapes", f"{base.value}graph/mappings"])
        for file in _PROJECT.derive_files():
            text = file.read_text(encoding="utf-8")
            rule: dict[str, Term] = {"rule": IRI(f"{base.value}rule/{file.stem}")} if "?rule" in text else {}
            draft.construct(text, graph=derived, bindings=rule, prefixes=_PREFIXES, file=file)
        return draft

    return rebuilt


@pytest.fixture(scope="module")
def proven(store: EmbeddedStore) -> Prove:
    @lru_cache
    def _proven(name: str) -> Proven:
        query = _QUERIES[name]
        return prove(store, query.text, bindings=_bindings(store, query), prefixes=_PREFIXES, file=query.file)

    return lambda query: _proven(query.name)


_each_query = pytest.mark.parametrize("query", _QUERIES.values(), ids=list(_QUERIES))


def _bindings(store: Store, query: SavedQuery) -> dict[str, Term]:
    return bind_parameters(store, query, {}, prefixes=_PREFIXES)


def _rows(asked: Store, store: Store, query: SavedQuery) -> list[Row]:
    return list(asked.query(query.text, bindings=_bindings(store, query), prefixes=_PREFIXES).rows())


def _by_sentences(proven: Proven) -> dict[frozenset[str], set[Row]]:
    """Return the rows by what is cited for them: those for which nothing is, too."""
    rows: dict[frozenset[str], set[Row]] = {}
    for row in proven.rows:
        rows.setdefault(frozenset(item.passage.sentence for item in row.evidence), set()).add(row.row)
    return rows


def test_the_graph_is_rebuilt_as_it_was(store: EmbeddedStore, sentences: frozenset[str], rebuild: Rebuild) -> None:
    assert rebuild(sentences).count() == store.count()


@_each_query
def test_the_rows_are_the_answer(store: EmbeddedStore, proven: Prove, query: SavedQuery) -> None:
    assert [row.row for row in proven(query).rows] == _rows(store, store, query)


@_each_query
def test_a_row_is_gone_without_its_sentences(
    store: EmbeddedStore, sentences: frozenset[str], rebuild: Rebuild, proven: Prove, query: SavedQuery
) -> None:
    for cited, rows in _by_sentences(proven(query)).items():
        if cited:  # the rows for which nothing is cited are those of the next test that need no sentence at all
            assert rows.isdisjoint(_rows(rebuild(sentences - cited), store, query))


@_each_query
def test_a_row_is_there_with_nothing_but_its_sentences(
    store: EmbeddedStore, rebuild: Rebuild, proven: Prove, query: SavedQuery
) -> None:
    for cited, rows in _by_sentences(proven(query)).items():
        assert rows <= set(_rows(rebuild(cited), store, query))


@_each_query
def test_what_is_cited_is_said_there(store: EmbeddedStore, proven: Prove, query: SavedQuery) -> None:
    said = {
        (IRI(item.passage.sentence), *triple)
        for row in proven(query).rows
        for item in row.evidence
        for triple in item.triples
    }
    assert {quad for quad in said if not _holds(store, quad)} == set()
    assert all(item.triples and item.passage.gist for row in proven(query).rows for item in row.evidence)


def _holds(store: Store, quad: tuple[Term, ...]) -> bool:
    bindings = dict(zip("gspo", quad, strict=True))
    return store.query("ASK { GRAPH ?g { ?s ?p ?o } }", bindings=bindings).boolean


def test_a_row_of_what_is_absent_has_no_sentence(proven: Prove) -> None:
    rows = proven(_QUERIES["parks-without-figures"]).rows
    assert rows
    assert [row.evidence for row in rows] == [()] * len(rows)
    assert all(row.context for row in rows)
