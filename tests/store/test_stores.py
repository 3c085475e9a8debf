"""Every store answers alike: in memory, on disk, the Oxigraph server, Virtuoso."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from kgtool.build import build
from kgtool.census import take_census
from kgtool.diff import Side, compare
from kgtool.errors import QueryError
from kgtool.evidence import sentences_of
from kgtool.labels import resolve
from kgtool.namespaces import IP, read_prefixes
from kgtool.network import read_network
from kgtool.project import Project, shipped_root
from kgtool.push import push
from kgtool.queries import SavedQuery
from kgtool.queries.catalogue import read_catalogue
from kgtool.queries.golden import run_golden_tests
from kgtool.store import Dataset, Store, open_store
from kgtool.store.drafts import Draft
from kgtool.store.embedded import EmbeddedStore, write_store
from kgtool.store.remote import RemoteStore
from kgtool.store.transfer import GraphStore
from kgtool.store.transport import read_address
from kgtool.terms import IRI, Literal
from kgtool.validate import validate_project
from tests.store.conftest import Server

_KINDS = ("memory", "disk", "oxigraph", "virtuoso")

_PROJECT = Project(shipped_root())
_QUERIES = read_catalogue(_PROJECT)
_PREFIXES = read_prefixes(_PROJECT.prefixes_file)
_UNION = "https://w3id.org/industrial-park/kunming/graph/union"

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TINY = """\
@prefix ex: <urn:ex:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a ex:label "高新区"@zh-Hans, "A \\"B\\" 😀\\n\\tC"@en ; ex:value 12.5 ; ex:day "2023-12-31"^^xsd:date ; ex:yes true ; ex:no false .
GRAPH ex:s1 { ex:a ex:knows ex:b }
GRAPH ex:s2 { ex:a ex:knows ex:b, ex:c }
"""  # noqa: E501
_ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?p ?o"


def _sent(source: Store, server: Server, record: Path, default_graph: str) -> None:
    """Send a graph to a server, its default graph by a name: both servers then hold several."""
    target = GraphStore(read_address(server.graph_store))
    push(source, RemoteStore(server.endpoint), target, record=record, default_graph=default_graph)


@pytest.fixture(scope="module")
def kunming_disk(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    store = open_store(build(_PROJECT, into=tmp_path_factory.mktemp("kunming")).folder / "store")
    assert isinstance(store, EmbeddedStore)
    return store


@pytest.fixture(scope="module", params=_KINDS)
def kunming(
    request: pytest.FixtureRequest, kunming_disk: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Store:
    """The Kunming graph in a store of each kind."""
    if request.param == "disk":
        return kunming_disk
    if request.param == "memory":
        return kunming_disk.in_memory()
    server: Server = request.getfixturevalue(request.param)
    _sent(kunming_disk, server, tmp_path_factory.mktemp("pushed") / "kunming.json", _UNION)
    # Other tests send graphs to this server as well.
    graphs = "&".join(f"named-graph-uri={quote(graph.value, safe='')}" for graph in kunming_disk.graphs())
    return open_store(f"{server.endpoint}?default-graph-uri={_UNION}&{graphs}")


def _tiny() -> Draft:
    draft = Draft()
    draft.load(_TINY.encode(), "trig", file="tiny.trig")
    return draft


@pytest.fixture(scope="module", params=_KINDS)
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A tiny graph in a store of each kind."""
    draft, folder = _tiny(), tmp_path_factory.mktemp("tiny")
    if request.param == "memory":
        return draft
    if request.param == "disk":
        draft.save(folder / "store")
        return open_store(folder / "store")
    server: Server = request.getfixturevalue(request.param)
    _sent(draft, server, folder / "tiny.json", "urn:ex:union")
    graphs = "&".join(f"named-graph-uri=urn:ex:s{number}" for number in (1, 2))
    return open_store(f"{server.endpoint}?default-graph-uri=urn:ex:union&{graphs}")


@pytest.fixture
def written(tiny: Store) -> Callable[[str, str], bytes]:
    """Write the answer to a query in a format."""

    def write(query: str, form: str) -> bytes:
        return _written(tiny, query, form)

    return write


def _written(store: Store, query: str, form: str) -> bytes:
    stream = io.BytesIO()
    store.query(query, prefixes={"ex": "urn:ex:"}).write(stream, form)
    return stream.getvalue()


# The Kunming graph ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", _QUERIES.values(), ids=list(_QUERIES))
def test_saved_query_has_its_golden_answer(kunming: Store, query: SavedQuery) -> None:
    (result,) = run_golden_tests(kunming, [query], prefixes=_PREFIXES)
    assert result.status == "passed", "\n".join((result.message, *result.diff))


def test_graph_is_the_same(kunming: Store, kunming_disk: EmbeddedStore) -> None:
    assert (kunming.count(), kunming.graphs()) == (kunming_disk.count(), kunming_disk.graphs())


def test_terms_are_the_same(kunming: Store, kunming_disk: EmbeddedStore) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) }"
    assert set(kunming.query(query).rows()) == set(kunming_disk.query(query).rows())


def test_census_is_the_same(kunming: Store, kunming_disk: EmbeddedStore) -> None:
    assert take_census(kunming) == take_census(kunming_disk)


@pytest.mark.parametrize("name", ["高新区", "高新區", "hi-tech zone", "km:hi-tech-zone"])
def test_thing_is_found_by_any_name(kunming: Store, name: str) -> None:
    found = resolve(kunming, name, prefixes=_PREFIXES)
    assert found == _PREFIXES["km"] + "hi-tech-zone"


def test_triple_has_the_same_sentences(kunming: Store, kunming_disk: EmbeddedStore) -> None:
    query = f"SELECT ?s ?p ?o {{ ?s ?p ?o FILTER(?p IN (<{IP}hasLeadingIndustry>, <{IP}quote>)) }}"
    triples = [(s, p, o) for s, p, o in kunming_disk.query(query).rows() if s and p and o]
    found = sentences_of(kunming, triples)
    assert found == sentences_of(kunming_disk, triples)
    assert all(found.values())


@pytest.mark.slow
def test_validation_has_the_same_findings(kunming: Store) -> None:
    report = validate_project(_PROJECT, store=kunming)
    assert [finding.check for finding in report.findings if finding.severity == "violation"] == []
    assert report.checks == validate_project(_PROJECT).checks


# The interface -------------------------------------------------------------------------------------------------------


def test_rows_are_terms(tiny: Store) -> None:
    rows = list(tiny.query("SELECT ?p ?o ?none { ?s ?p ?o } ORDER BY ?p LANG(?o)").rows())
    assert rows == [
        (IRI("urn:ex:day"), Literal("2023-12-31", None, _XSD + "date"), None),
        (IRI("urn:ex:label"), Literal('A "B" 😀\n\tC', "en"), None),
        (IRI("urn:ex:label"), Literal("高新区", "zh-hans"), None),
        (IRI("urn:ex:no"), Literal("false", None, _XSD + "boolean"), None),
        (IRI("urn:ex:value"), Literal("12.5", None, _XSD + "decimal"), None),
        (IRI("urn:ex:yes"), Literal("true", None, _XSD + "boolean"), None),
    ]


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_rows_are_written_to_the_byte(written: Callable[[str, str], bytes], form: str) -> None:
    query = "SELECT ?p ?o ?none { ?s ?p ?o } ORDER BY ?p LANG(?o)"
    assert written(query, form) == _written(_tiny(), query, form)


@pytest.mark.parametrize("form", ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"])
def test_triples_are_written_in_every_format(written: Callable[[str, str], bytes], form: str) -> None:
    back = Draft()
    back.load(written("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", form), form, file=form)
    assert list(back.query(_ALL).rows()) == list(_tiny().query(_ALL).rows())


def test_turtle_uses_the_prefixes_of_the_query(written: Callable[[str, str], bytes]) -> None:
    text = written("CONSTRUCT { ex:a ex:p ?o } WHERE { ex:a ex:value ?o }", "turtle").decode()
    assert text == "@prefix ex: <urn:ex:> .\nex:a ex:p 12.5 .\n"


@pytest.mark.parametrize(("pattern", "truth"), [("?s ?p 12.5", True), ("?s ?p 13", False)])
def test_ask_is_true_or_false_and_is_written(tiny: Store, pattern: str, truth: bool) -> None:
    assert tiny.query(f"ASK {{ {pattern} }}").boolean is truth
    assert _written(tiny, f"ASK {{ {pattern} }}", "json") == _written(_tiny(), f"ASK {{ {pattern} }}", "json")


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-hans", "ZH-HANS"])
def test_language_tags_are_compared_whatever_their_case(tiny: Store, tag: str) -> None:
    query = tiny.query("SELECT ?s { ?s ?p ?label }", bindings={"label": Literal("高新区", tag)})
    assert list(query.rows()) == [(IRI("urn:ex:a"),)]


def test_a_long_query_arrives(tiny: Store) -> None:
    things = " ".join(f"<urn:ex:thing-of-a-long-name-{number}>" for number in range(1000))
    rows = tiny.query(f"SELECT ?s {{ VALUES ?s {{ {things} <urn:ex:a> }} ?s <urn:ex:value> ?o }}").rows()
    assert list(rows) == [(IRI("urn:ex:a"),)]


def test_what_is_bound_cannot_be_read_as_a_part_of_the_query(tiny: Store) -> None:
    text = '" } UNION { ?s ?p ?o } #\n'
    query = tiny.query("SELECT ?s ?text { ?s <urn:ex:value> ?o }", bindings={"text": Literal(text)})
    assert list(query.rows()) == [(IRI("urn:ex:a"), Literal(text))]


def test_default_graph_and_named_graphs_are_counted(tiny: Store) -> None:
    assert [tiny.count(), tiny.count(IRI("urn:ex:s1")), tiny.count(IRI("urn:ex:s2"))] == [6, 1, 2]
    assert tiny.graphs() == [IRI("urn:ex:s1"), IRI("urn:ex:s2")]


def test_named_graph_is_asked_by_its_name_and_by_a_variable(tiny: Store) -> None:
    query = "SELECT ?g { GRAPH ?g { ?s ?p <urn:ex:b> } } ORDER BY ?g"
    assert [g for (g,) in tiny.query(query).rows()] == [IRI("urn:ex:s1"), IRI("urn:ex:s2")]
    rows = tiny.query("SELECT ?o { GRAPH <urn:ex:s2> { ?s ?p ?o } } ORDER BY ?o").rows()
    assert list(rows) == [(IRI("urn:ex:b"),), (IRI("urn:ex:c"),)]


def test_dataset_takes_the_place_of_the_graphs(tiny: Store) -> None:
    dataset = Dataset(("urn:ex:s1",), ("urn:ex:s2",))
    rows = tiny.query("SELECT ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", dataset=dataset).rows()
    assert sorted((o.value, g.value if g else "") for o, g in rows if o) == [
        ("urn:ex:b", ""),
        ("urn:ex:b", "urn:ex:s2"),
        ("urn:ex:c", "urn:ex:s2"),
    ]


def test_a_whole_store_is_written_with_its_graphs(tiny: Store) -> None:
    stream = io.BytesIO()
    write_store(tiny, stream, "nquads", prefixes={}, without="urn:ex:s1")
    lines = stream.getvalue().decode().splitlines()
    assert len(lines) == len(set(lines))
    knows = sorted(line for line in lines if "<urn:ex:knows>" in line and "<urn:ex:s" in line)
    assert knows == [
        "<urn:ex:a> <urn:ex:knows> <urn:ex:b> <urn:ex:s2> .",
        "<urn:ex:a> <urn:ex:knows> <urn:ex:c> <urn:ex:s2> .",
    ]
    assert any('"12.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .' in line for line in lines)


def test_service_is_refused(tiny: Store) -> None:
    with pytest.raises(QueryError, match="SERVICE is off"):
        tiny.query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")


def test_syntax_error_has_its_line(tiny: Store) -> None:
    with pytest.raises(QueryError) as error:
        tiny.query("SELECT ?s {\n  ?s nope:p ?o\n}", file="a.rq")
    assert (error.value.file, error.value.line) == ("a.rq", 2)


def test_the_network_is_the_same_whichever_store_it_is_read_from(kunming: Store, kunming_disk: EmbeddedStore) -> None:
    here, there = (read_network(store, prefixes=_PREFIXES) for store in (kunming_disk, kunming))
    assert list(there.nodes()) == list(here.nodes())
    assert list(there.edges()) == list(here.edges())


@pytest.mark.slow
def test_a_graph_does_not_differ_from_itself_wherever_it_is(kunming: Store, kunming_disk: EmbeddedStore) -> None:
    left, right = Side("disk", store=kunming_disk), Side("elsewhere", store=kunming)
    assert [change for change in compare(left, right) if _UNION not in change.graph] == []


def test_the_default_graph_of_a_network_is_the_same_whichever_store_it_is_read_from(
    kunming: Store, kunming_disk: EmbeddedStore
) -> None:
    # Servers get graphs one by one, and so no two of their graphs share a blank node.
    here, there = (read_network(store, prefixes=_PREFIXES).quads() for store in (kunming_disk, kunming))
    assert [quad for quad in there if quad[3] is None] == [quad for quad in here if quad[3] is None]
