"""Saved queries, documents about things, descriptions, and the small pages."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from kgtool.formats import FORMATS
from kgtool.store.drafts import Draft
from tests.server.conftest import Serve, error_of

_BASE = "https://example.org/tiny/"
_LEADING = (
    f"park,industry\r\n{_BASE}id/harbour-park,{_BASE}id/optics\r\n{_BASE}id/harbour-park,{_BASE}id/shipbuilding\r\n"
)


def _triples(response: httpx.Response) -> set[tuple[str, str, str]]:
    """Read an answer as the graph it is."""
    media_type = response.headers["content-type"].partition(";")[0]
    name = next(form.name for form in FORMATS.values() if media_type in form.media_types)
    read = Draft()
    read.load(response.content, name, file="answer")
    return {(s.value, p.value, o.value) for s, p, o in read.query("CONSTRUCT WHERE { ?s ?p ?o }").triples()}


# Saved queries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "accept"), [("leading-industries.csv", "*/*"), ("leading-industries", "text/csv")])
def test_saved_query_by_suffix_and_by_accept(client: httpx.Client, path: str, accept: str) -> None:
    response = client.get(f"/queries/{path}", headers={"accept": accept})
    assert (response.status_code, response.text) == (200, _LEADING)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert (
        '</queries/leading-industries.json>; rel="alternate"; type="application/sparql-results+json"'
        in (response.headers["link"])
    )


@pytest.mark.parametrize("park", ["临港园区", "臨港園區", "Harbour Park", "ex:harbour-park", f"{_BASE}id/harbour-park"])
def test_saved_query_takes_labels_of_any_language(client: httpx.Client, park: str) -> None:
    response = client.get("/queries/of-park.csv", params={"park": park})
    assert (response.status_code, response.text) == (
        200,
        f"industry\r\n{_BASE}id/optics\r\n{_BASE}id/shipbuilding\r\n",
    )


@pytest.mark.parametrize(
    ("path", "accept", "text"),
    [
        (
            "leading-industries.md",
            "*/*",
            "| park | industry |\n| --- | --- |\n| 临港园区 | 光学 |\n| 临港园区 | 造船 |\n",
        ),
        ("of-park", "text/plain", "industry\n--------\n光学\n造船\n"),
    ],
)
def test_saved_query_is_a_table_for_people(client: httpx.Client, path: str, accept: str, text: str) -> None:
    response = client.get(f"/queries/{path}", headers={"accept": accept})
    assert (response.status_code, response.text) == (200, text)
    assert response.headers["content-type"] in ("text/markdown; charset=utf-8", "text/plain; charset=utf-8")


def test_table_for_people_has_its_evidence_below(client: httpx.Client) -> None:
    text = client.get("/queries/of-park.md", params={"evidence": "1"}).text
    assert text.startswith("| industry | evidence |\n| --- | --- |\n| 光学 | s2 |\n| 造船 | s1 s2 |\n\n**s1** ")


def test_yes_or_no_is_a_word_for_people(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": "ASK {}"}, headers={"accept": "text/markdown"}).text == "true\n"


def test_saved_query_with_evidence_cites_sentences_for_each_row(client: httpx.Client) -> None:
    answer = client.get("/queries/leading-industries.json", params={"evidence": "1"}).json()
    assert [[item["number"] for item in items] for items in answer["evidence"]] == [[2], [1, 2]]
    assert len(answer["results"]["bindings"]) == 2
    plain = client.get("/queries/leading-industries.json", params={"evidence": "0"}).json()
    assert "evidence" not in plain


def test_query_with_evidence_cites_sentences_in_csv(client: httpx.Client) -> None:
    query = "SELECT ?industry { ex:harbour-park ip:hasLeadingIndustry ?industry } ORDER BY ?industry LIMIT 1"
    response = client.get("/sparql", params={"query": query, "evidence": "1"}, headers={"accept": "text/csv"})
    assert response.text == f"industry,evidence\r\n{_BASE}id/optics,{_BASE}article/harbour/s2\r\n"


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/queries/leading-industries", {"evidence": "perhaps"}),
        ("/queries/parks-graph.ttl", {"evidence": "1"}),
        ("/sparql", {"query": "ASK { ?s ?p ?o }", "evidence": "1"}),
        ("/sparql", {"query": "SELECT ?s { ?s ?p ?o }", "evidence": "1", "default-graph-uri": "urn:x"}),
    ],
)
def test_evidence_that_cannot_be_given_is_a_bad_request(
    client: httpx.Client, path: str, params: dict[str, str]
) -> None:
    response = client.get(path, params=params)
    assert (response.status_code, set(response.json())) == (400, {"error"})


def test_saved_query_makes_a_graph(client: httpx.Client) -> None:
    response = client.get("/queries/parks-graph.nt")
    assert response.text == (
        f"<{_BASE}id/harbour-park> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/industrial-park/ns#IndustrialPark> .\n"
    )
    assert error_of(client.get("/queries/parks-graph.csv"))[:2] == (406, "not-acceptable")


@pytest.mark.parametrize(
    ("path", "code", "message", "hint"),
    [
        ("of-park?prak=x", "bad-query", "query 'of-park' has no parameter 'prak'", "did you mean 'park'?"),
        ("of-park?park=Harbor Park", "unknown-name", "nothing is called 'Harbor Park'", "did you mean Harbour Park?"),
        ("of-park?park=造船", "unknown-name", "", ""),
        ("of-park?least=many", "bad-query", "parameter 'least': 'many' is not a whole number such as 12", None),
        ("of-park?park=a&park=b", "bad-request", "parameter 'park' is given twice", "keep one of them"),
        ("of-park?park=%FF", "bad-request", "the parameters cannot be read", "send UTF-8, percent-encoded"),
        ("of-park?park=%00", "unknown-name", "", ""),
        ("of-park?park=x%22%20%7D%20%23", "unknown-name", "", ""),
    ],
)
def test_wrong_parameter_is_400_and_says_what_is_nearest(
    client: httpx.Client, path: str, code: str, message: str, hint: str | None
) -> None:
    response = client.get(f"/queries/{path}")
    status, found, said = error_of(response)
    assert (status, found) == (400, code)
    if message:
        assert said.startswith(message)
        assert response.json()["error"]["hint"] == hint


def test_unknown_query_is_404_and_says_what_is_nearest(client: httpx.Client) -> None:
    response = client.get("/queries/leading-industry.csv")
    assert error_of(response) == (404, "not-found", "no saved query 'leading-industry'")
    assert response.json()["error"]["hint"] == "did you mean leading-industries?"


@pytest.mark.parametrize(
    "path",
    [
        "/queries/../ontology/prefixes.ttl",
        "/queries/..%2Fgraph%2Fdataset.ttl",
        "/queries/%2Fetc%2Fpasswd",
        "/queries/%00",
    ],
)
def test_no_path_leads_out_of_the_saved_queries(client: httpx.Client, path: str) -> None:
    assert error_of(client.get(path))[:2] == (404, "not-found")


def test_list_of_queries_is_that_of_the_command_line(client: httpx.Client) -> None:
    response = client.get("/queries")
    assert response.headers["content-type"] == "application/json"
    entries = {entry["name"]: entry for entry in response.json()}
    assert list(entries) == ["leading-industries", "of-park", "parks-graph"]
    assert entries["of-park"]["question"] == "Which industries has a park?"
    assert [parameter["name"] for parameter in entries["of-park"]["parameters"]] == ["park", "least"]
    chinese = client.get("/queries?lang=zh-Hans").json()
    assert [entry["question"] for entry in chinese if entry["name"] == "of-park"] == ["某园区有哪些产业？"]
    assert error_of(client.get("/queries?lang=fr"))[:2] == (400, "bad-request")


def test_openapi_has_an_operation_for_every_query(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": str(client.base_url)}]
    paths = ["/queries/leading-industries", "/queries/of-park", "/queries/parks-graph", "/search", "/reconcile"]
    paths.append("/reconcile/v1/match")
    assert list(document["paths"]) == paths
    operation = document["paths"]["/queries/of-park"]["get"]
    assert operation["operationId"] == "of-park"
    park, least, evidence = operation["parameters"]
    assert (park["name"], park["in"], park["required"]) == ("park", "query", False)
    assert park["schema"] == {"type": "string", "default": "ex:harbour-park"}
    assert least["schema"] == {"type": "integer"}
    assert (evidence["name"], evidence["schema"]["enum"]) == ("evidence", ["0", "1"])
    assert set(operation["responses"]["200"]["content"]) == {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
        "text/markdown",
        "text/plain",
    }


# Things --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("*/*", ".ttl"),
        ("application/ld+json", ".jsonld"),
        ("application/n-triples", ".nt"),
        ("application/rdf+xml", ".rdf"),
        ("text/html;q=0.5,application/rdf+xml;q=0.9,*/*;q=0.1", ".rdf"),
    ],
)
def test_thing_redirects_to_the_document_the_client_wants(client: httpx.Client, accept: str, suffix: str) -> None:
    response = client.get("/id/harbour-park", headers={"accept": accept})
    assert (response.status_code, response.content) == (303, b"")
    assert response.headers["location"] == f"/id/harbour-park{suffix}"
    assert response.headers["vary"] == "Accept"
    assert '</id/harbour-park.ttl>; rel="alternate"; type="text/turtle"' in response.headers["link"]


@pytest.mark.parametrize("suffix", [".ttl", ".jsonld", ".nt", ".rdf"])
def test_document_says_what_is_said_of_the_thing_and_by_which_sentences(client: httpx.Client, suffix: str) -> None:
    response = client.get(f"/id/harbour-park{suffix}")
    assert response.status_code == 200
    triples = _triples(response)
    ip, prov = "https://w3id.org/industrial-park/ns#", "http://www.w3.org/ns/prov#"
    park, document = f"{_BASE}id/harbour-park", f"{client.base_url}/id/harbour-park"
    assert (park, f"{ip}hasLeadingIndustry", f"{_BASE}id/optics") in triples
    assert (f"{_BASE}id/output-2030", f"{ip}subject", park) in triples
    assert (f"{_BASE}id/output-2030", f"{ip}valueAsWritten", "12.50亿元") in triples
    assert {o for s, p, o in triples if (s, p) == (document, f"{prov}wasDerivedFrom")} == {
        f"{_BASE}article/harbour/s1",
        f"{_BASE}article/harbour/s2",
    }


def test_object_of_a_triple_has_a_document_too(client: httpx.Client) -> None:
    triples = _triples(client.get("/id/shipbuilding.nt"))
    predicate = "https://w3id.org/industrial-park/ns#hasLeadingIndustry"
    assert (f"{_BASE}id/harbour-park", predicate, f"{_BASE}id/shipbuilding") in triples


def test_sentence_has_a_document(client: httpx.Client) -> None:
    assert client.get("/article/harbour/s2").headers["location"] == "/article/harbour/s2.ttl"
    triples = _triples(client.get("/article/harbour/s2.ttl"))
    sentence = f"{_BASE}article/harbour/s2"
    assert (sentence, "https://w3id.org/industrial-park/ns#number", "2") in triples
    assert (sentence, "https://w3id.org/industrial-park/ns#reliesOn", f"{_BASE}article/harbour/s1") in triples


@pytest.mark.parametrize(
    "path",
    [
        "/id/nothing",
        "/id/nothing.ttl",
        "/id/",
        "/id/%00",
        "/id/a%20b",
        "/id/%3E%20%7D.ttl",
        "/id/..%2F..%2Fetc%2Fpasswd",
        "/id/没有.ttl",
        "/article/harbour/s99",
    ],
)
def test_unknown_thing_is_404(client: httpx.Client, path: str) -> None:
    assert error_of(client.get(path))[:2] == (404, "not-found")


def test_thing_that_cannot_be_had_as_wanted_is_406(client: httpx.Client) -> None:
    assert error_of(client.get("/id/harbour-park", headers={"accept": "image/png"}))[:2] == (406, "not-acceptable")


# Descriptions --------------------------------------------------------------------------------------------------------


def test_void_describes_the_dataset_in_numbers(client: httpx.Client) -> None:
    response = client.get("/.well-known/void", headers={"accept": "text/turtle"})
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    triples = _triples(response)
    void = "http://rdfs.org/ns/void#"
    total = client.get("/health").json()["triples"]
    assert (_BASE, f"{void}triples", str(total)) in triples
    assert (_BASE, f"{void}sparqlEndpoint", f"{client.base_url}/sparql") in triples
    assert (_BASE, "http://purl.org/dc/terms/title", "Tiny") in triples
    (part,) = [s for s, p, o in triples if p == f"{void}class" and o.endswith("#Sentence")]
    assert (_BASE, f"{void}classPartition", part) in triples
    assert (part, f"{void}entities", "3") in triples


def test_examples_are_executable_as_they_are(client: httpx.Client) -> None:
    response = client.get("/.well-known/sparql-examples", headers={"accept": "application/n-triples"})
    triples = _triples(response)
    sh, example = "http://www.w3.org/ns/shacl#", f"{client.base_url}/queries/of-park"
    assert (example, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{sh}SPARQLSelectExecutable") in triples
    assert (example, "https://schema.org/target", f"{client.base_url}/sparql") in triples
    assert {o for s, p, o in triples if s == example and p.endswith("#comment")} == {
        "Which industries has a park?",
        "某园区有哪些产业？",
    }
    (text,) = [o for s, p, o in triples if (s, p) == (example, f"{sh}select")]
    assert text.startswith("PREFIX ip: <")
    answer = client.post("/sparql", data={"query": text}, headers={"accept": "text/csv"})
    assert answer.text == f"industry\r\n{_BASE}id/optics\r\n{_BASE}id/shipbuilding\r\n"


def test_examples_declare_the_prefixes_they_use(client: httpx.Client) -> None:
    triples = _triples(client.get("/.well-known/sparql-examples", headers={"accept": "application/n-triples"}))
    sh = "http://www.w3.org/ns/shacl#"
    (declarations,) = {o for _, p, o in triples if p == f"{sh}prefixes"}
    declared = [o for s, p, o in triples if (s, p) == (declarations, f"{sh}declare")]
    pairs = {
        o: next(name for t, p, name in triples if (t, p) == (s, f"{sh}namespace"))
        for s, p, o in triples
        if s in declared and p == f"{sh}prefix"
    }
    assert pairs["ip"] == "https://w3id.org/industrial-park/ns#"
    assert len(pairs) == len(declared) > 10


# Small pages ---------------------------------------------------------------------------------------------------------


def test_health_says_what_is_served(client: httpx.Client) -> None:
    health = client.get("/health").json()
    assert (health["status"], health["graph"]) == ("ok", "tiny")
    assert len(health["hash"]) == 32
    assert health["workers"] >= 1


def test_metrics_count_requests(client: httpx.Client) -> None:
    client.get("/queries/leading-industries.csv")
    response = client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'kgtool_requests_total{route="/queries/{name:path}",method="GET",status="200"}' in response.text
    assert 'kgtool_request_seconds_bucket{route="/queries/{name:path}",le="+Inf"}' in response.text
    assert "\nkgtool_workers " in response.text


def test_index_lists_what_there_is(client: httpx.Client) -> None:
    assert client.get("/").json()["links"]["/sparql"] == "SPARQL 1.1 endpoint and its service description"
    page = client.get("/", headers={"accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_unknown_path_and_method_are_errors_of_the_one_shape(client: httpx.Client) -> None:
    assert error_of(client.get("/nope")) == (404, "not-found", "nothing is at '/nope'")
    assert error_of(client.delete("/queries")) == (405, "method-not-allowed", "DELETE is not possible here")
    assert error_of(client.post("/id/harbour-park"))[:2] == (405, "method-not-allowed")


@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK%7B%7D", "/sparql?query=ASK", "/nope", "/id/harbour-park"])
def test_every_answer_is_safe_to_look_at(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert headers["referrer-policy"] == "no-referrer"


# What is served ------------------------------------------------------------------------------------------------------


def test_file_is_served_in_place_of_the_project(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text('<urn:a> <urn:b> "甲" .', encoding="utf-8")
    client = serve("--store", file)
    assert client.get("/health").json()["graph"] == "own.ttl"
    answer = client.get("/sparql", params={"query": "SELECT ?o { ?s ?p ?o }"}, headers={"accept": "text/csv"})
    assert answer.text == "o\r\n甲\r\n"
    assert error_of(client.get("/id/a"))[:2] == (404, "not-found")


def test_graph_that_changes_is_served_as_it_was(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text("<urn:a> <urn:b> 1 .", encoding="utf-8")
    client = serve("--store", file)
    before = client.get("/health").json()["hash"]
    file.write_text("<urn:a> <urn:b> 1, 2 .", encoding="utf-8")
    deep = "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }"
    assert client.post("/sparql", data={"query": deep}).status_code == 503  # the worker is another one now
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    assert client.get("/sparql", params=count, headers={"accept": "text/csv"}).text == "n\r\n1\r\n"
    assert client.get("/health").json()["hash"] == before
