"""Two servers: one with the Kunming graph, which may ask the other, one with an extract in Wikidata's shape."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from kgtool.project import Project, shipped_root
from tests.server.conftest import Serve, error_of, serving

_WIKIDATA = "https://query.wikidata.org/sparql"
_EXTRACT = shipped_root() / "queries" / "services" / "wikidata.ttl"
_NAMES = f"SELECT ?w ?n {{ ?s owl:sameAs ?w SERVICE <{_WIKIDATA}> {{ ?w rdfs:label ?n FILTER(LANG(?n) = 'mul') }} }}"


@pytest.fixture(scope="module")
def federated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The Kunming graph, whose queries may ask a second server for Wikidata's part."""
    kunming = Project(shipped_root())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        with (
            serving(kunming, "--store", str(_EXTRACT), "--workers", "1") as second,
            serving(kunming, "--allow-service", f"{_WIKIDATA}={second.base_url}/sparql", "--workers", "1") as first,
        ):
            yield first


@pytest.mark.parametrize("name", ["names-in-wikidata", "places-in-wikidata"])
def test_saved_question_is_answered_by_two_servers(federated: httpx.Client, name: str) -> None:
    expected = (shipped_root() / "queries" / f"{name}.expected.csv").read_text(encoding="utf-8")
    response = federated.get(f"/queries/{name}.csv")
    assert (response.status_code, response.text.splitlines()) == (200, expected.splitlines())
    assert name in [query["name"] for query in federated.get("/queries").json()]
    # What the other server says may change: nothing is kept.
    assert (response.headers["cache-control"], response.headers.get("etag")) == ("no-store", None)


def test_saved_question_has_a_page_with_its_answer(federated: httpx.Client) -> None:
    page = federated.get("/queries/names-in-wikidata?thing=昆明", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "昆明市" in page.text
    assert "Q182852" in page.text


def test_any_query_may_ask_what_is_allowed_and_nothing_else(federated: httpx.Client) -> None:
    answer = federated.get("/sparql", params={"query": _NAMES}).json()
    assert [row["n"] for row in answer["results"]["bindings"]] == [
        {"type": "literal", "value": "Kunming", "xml:lang": "mul"}
    ]
    response = federated.get("/sparql", params={"query": _NAMES.replace(_WIKIDATA, str(federated.base_url))})
    assert error_of(response)[:2] == (400, "bad-query")
    response = federated.get("/sparql", params={"query": _NAMES, "evidence": "1"})
    assert error_of(response) == (400, "bad-query", "this query's rows cannot be traced: SERVICE asks another graph")


def test_without_permission_there_is_neither_service_nor_the_question(client: httpx.Client) -> None:
    assert "SERVICE is off" in error_of(client.get("/sparql", params={"query": _NAMES}))[2]


def test_an_endpoint_that_does_not_answer_is_a_bad_gateway(serve: Serve) -> None:
    client = serve("--allow-service", f"{_WIKIDATA}=http://127.0.0.1:1/", "--workers", "1")
    query = f"SELECT ?s {{ SERVICE <{_WIKIDATA}> {{ ?s ?p ?o }} }}"
    response = client.get("/sparql", params={"query": query})
    assert error_of(response) == (502, "bad-gateway", "an endpoint that SERVICE names does not answer, or too much")
    assert client.get("/sparql", params={"query": query.replace("SERVICE", "SERVICE SILENT")}).status_code == 200
