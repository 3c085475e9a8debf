"""``kgtool push``: what is sent, what is not sent again, what is counted after."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.errors import StoreError
from kgtool.project import Project
from kgtool.push import Step, push
from kgtool.store import Store, open_store
from kgtool.store.drafts import Draft
from kgtool.store.remote import RemoteStore
from kgtool.store.transfer import GraphStore, UpdateEndpoint
from kgtool.store.transport import read_address
from kgtool.terms import IRI
from tests.store.conftest import Reply, Server, Unfriendly

Run = Callable[..., tuple[int, str, str]]

_DATA = """\
<urn:p:a> <urn:p:knows> <urn:p:b>, [ <urn:p:name> "高新区"@zh-Hans ] .
GRAPH <urn:p:s1> { <urn:p:a> <urn:p:knows> <urn:p:b> }
GRAPH <urn:p:园> { <urn:p:a> <urn:p:knows> [ <urn:p:name> "高新区"@zh-Hans ] }
"""


def _graph(text: str = _DATA) -> Draft:
    draft = Draft()
    draft.load(text.encode(), "trig", file="data.trig")
    return draft


def _actions(steps: tuple[Step, ...]) -> dict[str | None, str]:
    return {step.graph: step.action for step in steps}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "pushed.json"


@pytest.fixture(params=["graph store", "updates"])
def target(request: pytest.FixtureRequest, oxigraph: Server) -> GraphStore | UpdateEndpoint:
    if request.param == "updates":
        return UpdateEndpoint(read_address(oxigraph.endpoint.replace("/query", "/update")))
    return GraphStore(read_address(oxigraph.graph_store))


def test_every_graph_arrives(oxigraph: Server, target: GraphStore | UpdateEndpoint, record: Path) -> None:
    endpoint = RemoteStore(oxigraph.endpoint)
    result = push(_graph(), endpoint, target, record=record)
    assert result.steps == (
        Step("urn:p:s1", 1, "sent"),
        Step("urn:p:园", 2, "sent"),
        Step(None, 3, "sent"),
    )
    assert result.triples == 6
    assert [endpoint.count(), endpoint.count(IRI("urn:p:s1")), endpoint.count(IRI("urn:p:园"))] == [3, 1, 2]
    assert endpoint.query('ASK { GRAPH <urn:p:园> { <urn:p:a> ?p [ ?q "高新区"@zh-Hans ] } }').boolean


def test_what_is_there_is_not_sent_again(oxigraph: Server, record: Path) -> None:
    endpoint, target = RemoteStore(oxigraph.endpoint), GraphStore(read_address(oxigraph.graph_store))
    store = _graph()
    push(store, endpoint, target, record=record)
    assert set(_actions(push(store, endpoint, target, record=record).steps).values()) == {"unchanged"}


def test_changed_graph_is_sent_and_one_that_is_gone_is_deleted(
    oxigraph: Server, target: GraphStore | UpdateEndpoint, record: Path
) -> None:
    endpoint = RemoteStore(oxigraph.endpoint)
    push(
        _graph("GRAPH <urn:p:s1> { <urn:p:a> <urn:p:p> 1 } GRAPH <urn:p:s2> { <urn:p:a> <urn:p:p> 1 }"),
        endpoint,
        target,
        record=record,
    )
    result = push(_graph("GRAPH <urn:p:s1> { <urn:p:a> <urn:p:p> 2 }"), endpoint, target, record=record)
    assert _actions(result.steps) == {"urn:p:s1": "sent", None: "unchanged", "urn:p:s2": "deleted"}
    assert IRI("urn:p:s2") not in endpoint.graphs()
    assert endpoint.query("ASK { GRAPH <urn:p:s1> { <urn:p:a> <urn:p:p> 2 } }").boolean


def test_graph_changed_on_the_server_is_sent_again(oxigraph: Server, record: Path) -> None:
    endpoint, target = RemoteStore(oxigraph.endpoint), GraphStore(read_address(oxigraph.graph_store))
    store = _graph()
    push(store, endpoint, target, record=record)
    target.delete("urn:p:s1")
    assert _actions(push(store, endpoint, target, record=record).steps) == {
        "urn:p:s1": "sent",
        "urn:p:园": "unchanged",
        None: "unchanged",
    }


def test_push_that_was_cut_off_goes_on_where_it_stopped(oxigraph: Server, record: Path) -> None:
    class Tired(GraphStore):
        def put(self, graph: str | None, triples: object) -> None:
            if graph == "urn:p:园":
                raise StoreError("the line is cut")
            super().put(graph, triples)  # type: ignore[arg-type]

    endpoint, store = RemoteStore(oxigraph.endpoint), _graph()
    with pytest.raises(StoreError, match="the line is cut"):
        push(store, endpoint, Tired(read_address(oxigraph.graph_store)), record=record)
    result = push(store, endpoint, GraphStore(read_address(oxigraph.graph_store)), record=record)
    assert _actions(result.steps) == {"urn:p:s1": "unchanged", "urn:p:园": "sent", None: "sent"}


def test_dry_run_sends_nothing(oxigraph: Server, record: Path) -> None:
    endpoint, target = RemoteStore(oxigraph.endpoint), GraphStore(read_address(oxigraph.graph_store))
    result = push(_graph("GRAPH <urn:p:dry> { <urn:p:a> <urn:p:p> 1 }"), endpoint, target, record=record, dry_run=True)
    assert _actions(result.steps)["urn:p:dry"] == "sent"
    assert IRI("urn:p:dry") not in endpoint.graphs()
    assert not record.exists()


def test_server_that_keeps_something_else_is_told(unfriendly: Unfriendly, record: Path) -> None:
    nothing = Reply(body='{"head": {"vars": ["g", "n"]}, "results": {"bindings": []}}')
    count = Reply(body='{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "7"}}]}}')
    unfriendly.replies = [nothing, count, Reply(204, ""), nothing, count]
    store = _graph("<urn:p:a> <urn:p:p> 1 .")
    with pytest.raises(StoreError) as error:
        push(store, RemoteStore(unfriendly.url), GraphStore(read_address(unfriendly.url)), record=record)
    assert str(error.value) == (
        f"{unfriendly.url}: the default graph has 7 triples there and 1 here; "
        "if its default graph is all graphs taken together, push again with --default-graph IRI"
    )
    put = unfriendly.requests[2]
    assert (put.method, put.path) == ("PUT", "/sparql?default")
    assert put.body == '<urn:p:a> <urn:p:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'


def test_login_is_found_out_before_anything_long_is_sent(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(401, "", (("WWW-Authenticate", 'Basic realm="x"'),)), Reply(404), Reply(201, "")]
    target = GraphStore(read_address(unfriendly.url.replace("//", "//ada:geheim@")))
    with (Path(__file__)).open("rb") as file:
        target.put("urn:g", file)
    asked = [(request.method, request.headers.get("Authorization")) for request in unfriendly.requests]
    assert asked == [("HEAD", None), ("HEAD", "Basic YWRhOmdlaGVpbQ=="), ("PUT", "Basic YWRhOmdlaGVpbQ==")]


def test_busy_server_gets_the_whole_graph_again(unfriendly: Unfriendly, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.store.transport._PAUSE", 0.001)
    unfriendly.replies = [Reply(503), Reply(201, "")]
    with (Path(__file__)).open("rb") as file:
        GraphStore(read_address(unfriendly.url)).put("urn:g", file)
    text = Path(__file__).read_text(encoding="utf-8")
    assert [request.body for request in unfriendly.requests] == [text, text]


# The command ---------------------------------------------------------------------------------------------------------


def test_command_finds_the_graph_store_of_oxigraph(kgtool: Run, oxigraph: Server, built_project: Project) -> None:
    code, out, err = kgtool("--project", built_project.root, "push", oxigraph.endpoint, "--format", "json")
    assert code == 0
    assert {step["graph"] for step in json.loads(out)} >= {None, "https://example.org/tiny/article/harbour/s1"}
    assert err.endswith(f"triples in all; ask them with --store '{oxigraph.endpoint}'\n")
    asked = kgtool("query", "leading-industries", "--project", built_project.root, "--store", oxigraph.endpoint)
    assert asked == kgtool("query", "leading-industries", "--project", built_project.root)


def test_command_sends_the_default_graph_of_virtuoso_by_a_name(
    kgtool: Run, virtuoso: Server, built_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGTOOL_USER", "dba")
    monkeypatch.setenv("KGTOOL_PASSWORD", "dba")
    code, _, err = kgtool("--project", built_project.root, "push", virtuoso.endpoint)
    assert code == 0
    location = f"{virtuoso.endpoint}?default-graph-uri=https://example.org/tiny/graph/union"
    assert err.endswith(f"ask them with --store '{location}'\n")
    asked = kgtool("query", "leading-industries", "--project", built_project.root, "--store", location)
    assert asked == kgtool("query", "leading-industries", "--project", built_project.root)


def test_server_that_is_not_known_needs_an_address_to_write_to(kgtool: Run, unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(body='{"head": {}, "boolean": true}')]
    code, out, err = kgtool("push", unfriendly.url)
    assert (code, out) == (2, "")
    assert err.endswith(
        f"kgtool: {unfriendly.url}: does not say where it takes graphs; give --graph-store URL "
        "(the Graph Store Protocol; Fuseki: …/data) or --update URL (SPARQL Update)\n"
    )


def test_virtuoso_silently_cuts_nothing(virtuoso: Server, record: Path) -> None:
    lines = "\n".join(f"<urn:p:a> <urn:p:many> {number} ." for number in range(40_001))
    target = GraphStore(read_address(virtuoso.graph_store))
    push(
        _graph(f"GRAPH <urn:p:many> {{ {lines} }}"),
        RemoteStore(virtuoso.endpoint),
        target,
        record=record,
        default_graph="urn:p:union",
    )
    store: Store = open_store(f"{virtuoso.endpoint}?default-graph-uri=urn:p:many")
    assert store.count() == 40_001
    with pytest.raises(StoreError, match="the answer stops at 40000 rows, the most that this server gives"):
        store.query("SELECT ?o { ?s ?p ?o }")
