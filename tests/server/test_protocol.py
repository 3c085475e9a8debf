"""The SPARQL 1.1 Protocol's query operation: every case of the W3C's protocol tests for queries, and what lies around.

https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from kgtool.project import Project
from tests.server.conftest import error_of, serving

_DATA = "http://kasei.us/2009/09/sparql/data/"
_TRUE = {"head": {}, "boolean": True}

#: Three graphs as the W3C's tests have them: each a document of one person or thing.
_GRAPHS = f"""\
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
GRAPH <{_DATA}data1.rdf> {{ <{_DATA}data1.rdf> a foaf:Document }}
GRAPH <{_DATA}data2.rdf> {{ <{_DATA}data2.rdf> a foaf:Document }}
GRAPH <{_DATA}data3.rdf> {{ <{_DATA}data3.rdf> a foaf:Document }}
<urn:default> a foaf:Document .
"""


@pytest.fixture(scope="module")
def w3c(served_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    file: Path = tmp_path_factory.mktemp("w3c") / "data.trig"
    file.write_text(_GRAPHS, encoding="utf-8")
    with serving(served_project, "--store", str(file)) as client:
        yield client


def _form(client: httpx.Client, body: str, **headers: str) -> httpx.Response:
    headers = {"content-type": "application/x-www-form-urlencoded", **headers}
    return client.post("/sparql", content=body.encode(), headers=headers)


def _direct(client: httpx.Client, query: str, content_type: str = "application/sparql-query") -> httpx.Response:
    return client.post("/sparql", content=query.encode(), headers={"content-type": content_type})


# The W3C's tests that must succeed -----------------------------------------------------------------------------------


def test_query_get(w3c: httpx.Client) -> None:
    response = w3c.get("/sparql?query=ASK%20%7B%7D")
    assert (response.status_code, response.json()) == (200, _TRUE)
    assert response.headers["content-type"] == "application/sparql-results+json"


def test_query_post_form(w3c: httpx.Client) -> None:
    response = _form(w3c, "query=ASK%20%7B%7D")
    assert (response.status_code, response.json()) == (200, _TRUE)


def test_query_post_direct(w3c: httpx.Client) -> None:
    response = _direct(w3c, "ASK {}")
    assert (response.status_code, response.json()) == (200, _TRUE)


_ONE = f"ASK {{ <{_DATA}data1.rdf> ?p ?o }}"
_TWO = f"ASK {{ <{_DATA}data1.rdf> ?p ?o . <{_DATA}data2.rdf> ?q ?r }}"
_NAMED = f"ASK {{ GRAPH ?g {{ <{_DATA}data1.rdf> ?p ?o }} GRAPH ?h {{ <{_DATA}data2.rdf> ?p ?o }} }}"
_FULL = f"ASK {{ <{_DATA}data3.rdf> ?p ?o GRAPH ?g {{ <{_DATA}data1.rdf> ?q ?r }} }}"


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        (_TWO, ("data1.rdf", "data2.rdf"), ()),
        (_NAMED, (), ("data1.rdf", "data2.rdf")),
        (_FULL, ("data3.rdf",), ("data1.rdf", "data2.rdf")),
    ],
    ids=["default_graphs", "named_graphs", "full"],
)
@pytest.mark.parametrize("method", ["get", "post", "direct"])
def test_query_dataset(
    w3c: httpx.Client, method: str, query: str, default: tuple[str, ...], named: tuple[str, ...]
) -> None:
    graphs = [("default-graph-uri", _DATA + name) for name in default]
    graphs += [("named-graph-uri", _DATA + name) for name in named]
    if method == "get":
        response = w3c.get("/sparql", params=[("query", query), *graphs])
    elif method == "post":
        response = _form(w3c, urlencode([("query", query), *graphs]))
    else:
        header = {"content-type": "application/sparql-query"}
        response = w3c.post("/sparql", params=urlencode(graphs), content=query, headers=header)
    assert (response.status_code, response.json()) == (200, _TRUE)


def test_query_multiple_dataset_protocol_wins_over_from(w3c: httpx.Client) -> None:
    query = f"ASK FROM <{_DATA}data1.rdf> {{ <{_DATA}data1.rdf> ?p ?o }}"
    assert w3c.get("/sparql", params={"query": query}).json() == _TRUE
    other = w3c.get("/sparql", params={"query": query, "default-graph-uri": f"{_DATA}data2.rdf"})
    assert other.json() == {"head": {}, "boolean": False}


def test_named_graphs_alone_leave_the_default_graph_empty(w3c: httpx.Client) -> None:
    params = {"query": "ASK { ?s ?p ?o }", "named-graph-uri": f"{_DATA}data1.rdf"}
    assert w3c.get("/sparql", params=params).json() == {"head": {}, "boolean": False}


def test_a_graph_that_is_not_there_is_empty_and_nothing_is_fetched(w3c: httpx.Client) -> None:
    for name in (f"{w3c.base_url}/.well-known/void", "file:///etc/passwd"):
        for params in ({"query": f"ASK FROM <{name}> {{ ?s ?p ?o }}"}, {"query": _ONE, "default-graph-uri": name}):
            assert w3c.get("/sparql", params=params).json() == {"head": {}, "boolean": False}


def test_name_of_a_graph_must_be_an_iri(w3c: httpx.Client) -> None:
    response = w3c.get("/sparql", params={"query": "ASK {}", "default-graph-uri": "no iri"})
    assert error_of(response)[:2] == (400, "bad-query")


_FORMS = {
    "select": "SELECT ?s { ?s a <http://xmlns.com/foaf/0.1/Document> }",
    "ask": "ASK { ?s ?p ?o }",
    "describe": "DESCRIBE <urn:default>",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
}
_BODIES = {
    ("select", "application/sparql-results+json"): '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri",'
    '"value":"urn:default"}}]}}',
    ("select", "application/json"): '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri",'
    '"value":"urn:default"}}]}}',
    ("select", "application/sparql-results+xml"): '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-'
    'results#"><head><variable name="s"/></head><results><result><binding name="s"><uri>urn:default</uri></binding>'
    "</result></results></sparql>",
    ("select", "text/csv"): "s\r\nurn:default\r\n",
    ("select", "text/tab-separated-values"): "?s\n<urn:default>\n",
    ("ask", "application/sparql-results+json"): '{"head":{},"boolean":true}',
    ("ask", "application/sparql-results+xml"): '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-'
    'results#"><head></head><boolean>true</boolean></sparql>',
    ("ask", "text/csv"): "true",
    ("ask", "text/tab-separated-values"): "true",
}
_TRIPLE = "<urn:default> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document> .\n"
_RDF = {
    "text/turtle": None,
    "application/trig": None,
    "application/n-triples": _TRIPLE,
    "application/n-quads": _TRIPLE,
    "application/ld+json": None,
    "application/rdf+xml": None,
}


@pytest.mark.parametrize(("form", "media_type"), _BODIES)
def test_query_content_type_of_results(w3c: httpx.Client, form: str, media_type: str) -> None:
    response = w3c.get("/sparql", params={"query": _FORMS[form]}, headers={"accept": media_type})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert response.text == _BODIES[form, media_type]


@pytest.mark.parametrize("form", ["construct", "describe"])
@pytest.mark.parametrize("media_type", _RDF)
def test_query_content_type_of_graphs(w3c: httpx.Client, form: str, media_type: str) -> None:
    from kgtool.formats import FORMATS
    from kgtool.store.drafts import Draft

    response = w3c.get("/sparql", params={"query": _FORMS[form]}, headers={"accept": media_type})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    if _RDF[media_type] is not None:
        assert response.text == _RDF[media_type]
    name = next(form.name for form in FORMATS.values() if media_type in form.media_types)
    read = Draft()
    read.load(response.content, name, file="answer")
    assert [(s.value, o.value) for s, _, o in read.query("CONSTRUCT WHERE { ?s ?p ?o }").triples()] == [
        ("urn:default", "http://xmlns.com/foaf/0.1/Document")
    ]


# The W3C's tests that must fail --------------------------------------------------------------------------------------


def test_bad_query_method(w3c: httpx.Client) -> None:
    response = w3c.put("/sparql?query=ASK%20%7B%7D")
    assert error_of(response)[:2] == (405, "method-not-allowed")
    assert sorted(response.headers["allow"].split(", ")) == ["GET", "HEAD", "OPTIONS", "POST"]


def test_bad_multiple_queries(w3c: httpx.Client) -> None:
    expected = (400, "bad-request", "2 queries in the request")
    assert error_of(w3c.get("/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D")) == expected
    assert error_of(_form(w3c, "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D")) == expected


def test_bad_query_wrong_media_type(w3c: httpx.Client) -> None:
    expected = (415, "unsupported-media-type", "'text/plain' is not a query")
    assert error_of(_direct(w3c, "ASK {}", "text/plain")) == expected


def test_bad_query_missing_form_type(w3c: httpx.Client) -> None:
    response = w3c.post("/sparql", content=b"query=ASK%20%7B%7D")
    assert error_of(response) == (415, "unsupported-media-type", "no content type is not a query")


def test_bad_query_missing_direct_type(w3c: httpx.Client) -> None:
    assert error_of(w3c.post("/sparql", content=b"ASK {}"))[:2] == (415, "unsupported-media-type")


def test_bad_query_non_utf8(w3c: httpx.Client) -> None:
    utf16 = "ASK {}".encode("utf-16")
    said = w3c.post("/sparql", content=utf16, headers={"content-type": "application/sparql-query; charset=UTF-16"})
    assert error_of(said) == (415, "unsupported-media-type", "a query is UTF-8, not utf-16")
    unsaid = w3c.post("/sparql", content=utf16, headers={"content-type": "application/sparql-query"})
    assert error_of(unsaid) == (400, "bad-request", "the query is not UTF-8: offset 0")
    assert error_of(w3c.get("/sparql?query=ASK%20%7B%7D%FF"))[:2] == (400, "bad-request")


def test_bad_query_syntax(w3c: httpx.Client) -> None:
    response = w3c.get("/sparql?query=ASK%20%7B")
    assert error_of(response) == (400, "bad-query", "syntax error near 'ASK {', column 6")
    assert response.json()["error"]["where"] == "query:1"


@pytest.mark.parametrize("path", ["/sparql?format=json", "/sparql?default-graph-uri=urn:a"])
def test_missing_query(w3c: httpx.Client, path: str) -> None:
    assert error_of(w3c.get(path)) == (400, "bad-request", "no query in the request")
    assert error_of(_form(w3c, "x=1")) == (400, "bad-request", "no query in the request")


# Updates, and what else is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("update", ["CLEAR ALL", "INSERT DATA { <urn:a> <urn:b> 1 }", "LOAD <http://example.org/x>"])
def test_updates_are_refused_however_they_come(w3c: httpx.Client, update: str) -> None:
    refused = (403, "read-only", "updates are refused: this server only reads")
    assert error_of(w3c.get("/sparql", params={"update": update})) == refused
    assert error_of(_form(w3c, str(httpx.QueryParams({"update": update})))) == refused
    assert error_of(_direct(w3c, update, "application/sparql-update")) == refused
    assert error_of(w3c.get("/sparql", params={"query": update})) == (400, "bad-query", "not a query")


def test_service_is_refused(w3c: httpx.Client) -> None:
    response = w3c.get("/sparql", params={"query": f"ASK {{ SERVICE <{w3c.base_url}/sparql> {{ ?s ?p ?o }} }}"})
    assert error_of(response)[:2] == (400, "bad-query")
    assert "SERVICE" in response.json()["error"]["message"]


def test_query_in_the_body_and_in_the_url_are_two(w3c: httpx.Client) -> None:
    header = {"content-type": "application/sparql-query"}
    response = w3c.post("/sparql?query=ASK%20%7B%7D", content=b"ASK {}", headers=header)
    assert error_of(response) == (400, "bad-request", "one query in the body and one in the URL")


def test_not_acceptable_names_what_there_is(w3c: httpx.Client) -> None:
    response = w3c.get("/sparql", params={"query": "ASK {}"}, headers={"accept": "image/png"})
    assert error_of(response) == (406, "not-acceptable", "nothing here is 'image/png'")
    assert response.json()["error"]["hint"].startswith("accept application/sparql-results+json, ")
    graph = w3c.get("/sparql", params={"query": _FORMS["construct"]}, headers={"accept": "text/csv"})
    assert error_of(graph)[:2] == (406, "not-acceptable")


# Around the query ----------------------------------------------------------------------------------------------------


def test_head_has_the_headers_of_get_and_no_body(w3c: httpx.Client) -> None:
    get, head = (w3c.request(method, "/sparql", params={"query": "ASK {}"}) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_etag_saves_sending_an_answer_again(w3c: httpx.Client) -> None:
    params = {"query": _FORMS["select"]}
    first = w3c.get("/sparql", params=params)
    tag = first.headers["etag"]
    again = w3c.get("/sparql", params=params, headers={"if-none-match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["vary"] == "Accept, Accept-Encoding"
    csv = w3c.get("/sparql", params=params, headers={"accept": "text/csv", "if-none-match": tag})
    assert csv.status_code == 200
    assert csv.headers["etag"] != tag


@pytest.mark.parametrize("function", ["RAND()", "NOW()", "UUID()", "STRUUID()"])
def test_answer_that_is_another_every_time_is_not_kept(w3c: httpx.Client, function: str) -> None:
    response = w3c.get("/sparql", params={"query": f"SELECT ({function} AS ?x) {{}}"})
    assert response.status_code == 200
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "no-store"


def test_gzip_is_sent_to_those_who_take_it(w3c: httpx.Client) -> None:
    values = " ".join(f"'园区 {number}'" for number in range(500))
    params = {"query": f"SELECT ?x {{ VALUES ?x {{ {values} }} }}"}
    plain = w3c.get("/sparql", params=params, headers={"accept-encoding": "gzip;q=0"})
    zipped = w3c.get("/sparql", params=params, headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.text == plain.text
    assert int(zipped.headers["content-length"]) < len(plain.content) / 2


def test_cors_lets_pages_of_other_sites_ask(w3c: httpx.Client) -> None:
    preflight = w3c.options("/sparql", headers={"origin": "https://example.org"})
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    answer = w3c.get("/sparql", params={"query": "ASK {}"}, headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_prefixes_of_the_project_need_not_be_declared(w3c: httpx.Client) -> None:
    response = w3c.get("/sparql", params={"query": "SELECT (ip:x AS ?x) {}"}, headers={"accept": "text/csv"})
    assert response.text == "x\r\nhttps://w3id.org/industrial-park/ns#x\r\n"


def test_bare_get_describes_the_service(w3c: httpx.Client) -> None:
    response = w3c.get("/sparql", headers={"accept": "application/n-triples"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/n-triples"
    service = f"<{w3c.base_url}/sparql>"
    sd = "http://www.w3.org/ns/sparql-service-description#"
    lines = set(response.text.splitlines())
    assert f"{service} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{sd}Service> ." in lines
    assert f"{service} <{sd}endpoint> {service} ." in lines
    assert f"{service} <{sd}supportedLanguage> <{sd}SPARQL11Query> ." in lines
    for name in ("SPARQL_Results_CSV", "Turtle"):
        assert f"{service} <{sd}resultFormat> <http://www.w3.org/ns/formats/{name}> ." in lines
    assert sum(f"<{sd}name> <{_DATA}data" in line for line in lines) == 3


def test_browser_gets_a_page_in_place_of_the_description(w3c: httpx.Client) -> None:
    response = w3c.get("/sparql", headers={"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert '<a href="/queries">' in response.text


# Answers that are kept -----------------------------------------------------------------------------------------------


def test_kept_answer_is_the_same_in_every_header_but_the_date(w3c: httpx.Client) -> None:
    params = {"query": "ASK { BIND('kept' AS ?x) }"}
    first, again = (w3c.get("/sparql", params=params) for _ in range(2))
    assert {**first.headers, "date": ""} == {**again.headers, "date": ""}
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert "kgtool_cache_hits_total" in w3c.get("/metrics").text


def test_kept_answer_is_given_to_nobody_who_asks_otherwise(w3c: httpx.Client) -> None:
    url = "/sparql?query=ASK%7BBIND%28%27other%27%20AS%20%3Fx%29%7D"
    assert w3c.get(url).json() == _TRUE
    assert w3c.get(url, headers={"accept": "text/csv"}).text == "true"
    assert w3c.get(url, headers={"accept": "image/png"}).status_code == 406
    assert w3c.get(url, headers={"host": "evil.example"}).status_code == 400
    assert w3c.put(url).status_code == 405
    assert w3c.head(url).content == b""
    assert w3c.get(url, headers={"if-none-match": w3c.get(url).headers["etag"]}).status_code == 304
    assert w3c.options(url).status_code == 204


def test_requests_sent_at_once_are_answered_in_their_order(w3c: httpx.Client) -> None:
    kept, other = "/sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B%3Ca:b%3E%20%3Fp%20%3Fo%7D%20%23"
    w3c.get(kept)
    requests = "".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" for path in (kept, other, kept, other + "1"))
    last = "GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert w3c.base_url.port is not None
    with socket.create_connection((w3c.base_url.host, w3c.base_url.port), timeout=20) as connection:
        connection.sendall((requests + last).encode())
        received = b""
        while piece := connection.recv(65536):
            received += piece
    answers = [part.partition(b"\r\n\r\n")[2] for part in received.split(b"HTTP/1.1 ")[1:]]
    yes, no = b'{"head":{},"boolean":true}', b'{"head":{},"boolean":false}'
    assert answers[:4] == [yes, no, yes, no]
    assert b'"not-found"' in answers[4]
