"""A SPARQL endpoint that does not behave: each fault has a message with the endpoint and what to do."""

from __future__ import annotations

import io
import os
import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kgtool.errors import QueryError, StoreError
from kgtool.store import Dataset, open_store
from kgtool.store.remote import RemoteStore
from kgtool.terms import IRI, Literal
from tests.store.conftest import Reply, Unfriendly, free_port

_QUERY = "SELECT ?x { ?x ?p ?o }"
_ROW = '{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "高新区"}}]}}'
_HTML = (("Content-Type", "text/html; charset=UTF-8"),)
_TEXT = (("Content-Type", "text/plain"),)
_CHECK = "check the address: it often ends in /sparql or /query"
_LOG_IN = "set KGTOOL_USER and KGTOOL_PASSWORD, or KGTOOL_TOKEN, or add the host to ~/.netrc"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.store.transport._PAUSE", 0.001)


def _message(location: str, query: str = _QUERY, *, timeout: float | None = None) -> str:
    """Return the message of a query that fails."""
    with pytest.raises(StoreError) as error:
        list(RemoteStore(location, timeout=timeout).query(query).rows())
    return str(error.value)


# Requests ------------------------------------------------------------------------------------------------------------


def test_short_query_is_sent_in_the_address_and_a_long_one_as_a_form(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply()]
    store = open_store(unfriendly.url)
    long = f"SELECT ?x {{ ?x ?p '{'园' * 3000}' }}"
    list(store.query(_QUERY).rows())
    list(store.query(long).rows())
    short_request, long_request = unfriendly.requests
    assert (short_request.method, parse_qs(urlsplit(short_request.path).query)) == ("GET", {"query": [_QUERY]})
    assert (long_request.method, long_request.path) == ("POST", "/sparql")
    assert long_request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(long_request.body) == {"query": [long]}


def test_a_name_like_an_update_does_not_make_a_query_one(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply()]
    query = "PREFIX insert: <urn:x:> SELECT ?x { ?x insert:delete insert:load }"
    list(open_store(unfriendly.url).query(query).rows())
    assert parse_qs(urlsplit(unfriendly.requests[0].path).query) == {"query": [query]}


def test_prefixes_that_a_query_uses_are_declared_before_its_first_line(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply()]
    prefixes = {"ex": "urn:ex:", "own": "urn:no:", "other": "urn:other:"}
    store = open_store(unfriendly.url)
    list(store.query("PREFIX own: <urn:own:>\nSELECT ?x { ex:a own:b ?x }", prefixes=prefixes).rows())
    (query,) = parse_qs(urlsplit(unfriendly.requests[0].path).query)["query"]
    assert query == "PREFIX ex: <urn:ex:> PREFIX own: <urn:own:>\nSELECT ?x { ex:a own:b ?x }"


def test_parameters_of_the_address_go_with_every_query(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply()]
    location = f"{unfriendly.url}?key=a%26b&default-graph-uri=urn:d&named-graph-uri=urn:n"
    list(open_store(location).query(_QUERY).rows())
    assert parse_qs(urlsplit(unfriendly.requests[0].path).query) == {
        "key": ["a&b"],
        "default-graph-uri": ["urn:d"],
        "named-graph-uri": ["urn:n"],
        "query": [_QUERY],
    }


def test_dataset_takes_the_place_of_the_one_in_the_address(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply()]
    store = open_store(f"{unfriendly.url}?default-graph-uri=urn:d&named-graph-uri=urn:n")
    list(store.query(_QUERY, dataset=Dataset(("urn:a", "urn:b"), ("urn:c",))).rows())
    list(store.query(_QUERY, dataset=Dataset()).rows())
    first, second = (parse_qs(urlsplit(request.path).query) for request in unfriendly.requests)
    assert (first["default-graph-uri"], first["named-graph-uri"]) == (["urn:a", "urn:b"], ["urn:c"])
    assert (second["default-graph-uri"], "named-graph-uri" in second) == (["urn:kgtool:nowhere"], False)


def test_a_graph_in_the_place_of_the_default_graph_leaves_the_others_named(unfriendly: Unfriendly) -> None:
    graphs = ",".join(f'{{"g": {{"type": "uri", "value": "urn:{name}"}}}}' for name in "nd")
    listed = f'{{"head": {{"vars": ["g"]}}, "results": {{"bindings": [{graphs}]}}}}'
    unfriendly.replies = [Reply(body=listed), Reply()]
    store = open_store(f"{unfriendly.url}?default-graph-uri=urn:d")
    list(store.query(_QUERY).rows())
    list(store.query(_QUERY).rows())
    assert store.graphs() == [IRI("urn:n")]
    asked = [parse_qs(urlsplit(request.path).query) for request in unfriendly.requests]
    own = {"default-graph-uri": ["urn:d"], "named-graph-uri": ["urn:n"], "query": [_QUERY]}
    assert [set(asked[0]), *asked[1:]] == [{"query"}, own, own]


def test_service_is_refused_before_anything_is_sent(unfriendly: Unfriendly) -> None:
    with pytest.raises(QueryError, match="SERVICE is off"):
        open_store(unfriendly.url).query("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    assert unfriendly.requests == []


@pytest.mark.parametrize("text", ["DELETE WHERE { ?s ?p ?o }", "", "LOAD <http://example.org/>"])
def test_what_is_no_query_is_refused_before_anything_is_sent(unfriendly: Unfriendly, text: str) -> None:
    with pytest.raises(QueryError, match="not a query"):
        open_store(unfriendly.url).query(text)
    assert unfriendly.requests == []


# Log-in --------------------------------------------------------------------------------------------------------------


def test_token_is_sent_at_once(unfriendly: Unfriendly, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGTOOL_TOKEN", "t0ken")
    unfriendly.replies = [Reply()]
    list(open_store(unfriendly.url).query(_QUERY).rows())
    assert [request.headers["Authorization"] for request in unfriendly.requests] == ["Bearer t0ken"]


def test_password_is_sent_only_when_it_is_asked_for_and_then_kept(
    unfriendly: Unfriendly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGTOOL_USER", "ada")
    monkeypatch.setenv("KGTOOL_PASSWORD", "geheim")
    unfriendly.replies = [Reply(401, "", (("WWW-Authenticate", 'Basic realm="x"'),)), Reply()]
    store = open_store(unfriendly.url)
    list(store.query(_QUERY).rows())
    list(store.query(_QUERY).rows())
    sent = [request.headers.get("Authorization") for request in unfriendly.requests]
    assert sent == [None, "Basic YWRhOmdlaGVpbQ==", "Basic YWRhOmdlaGVpbQ=="]


def test_digest_is_preferred_where_the_server_wants_it(unfriendly: Unfriendly) -> None:
    challenge = 'Digest realm="SPARQL", nonce="n1", opaque="o", qop="auth", algorithm="MD5"'
    unfriendly.replies = [Reply(401, "", (("WWW-Authenticate", challenge),)), Reply()]
    list(open_store(unfriendly.url.replace("//", "//ada:geheim@")).query(_QUERY).rows())
    sent = unfriendly.requests[1].headers["Authorization"]
    assert re.match(r'Digest username="ada", realm="SPARQL", nonce="n1", uri="/sparql\?query=', sent)
    assert "geheim" not in sent


def test_netrc_has_the_login_of_a_host(unfriendly: Unfriendly, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ada password geheim\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    unfriendly.replies = [Reply(401, "", (("WWW-Authenticate", 'Basic realm="x"'),)), Reply()]
    list(open_store(unfriendly.url).query(_QUERY).rows())
    assert unfriendly.requests[1].headers["Authorization"] == "Basic YWRhOmdlaGVpbQ=="


def test_netrc_that_cannot_be_read_is_named_and_its_words_are_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("geheim\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    message = _message("http://127.0.0.1:1/sparql")
    assert message == f"{tmp_path}/netrc: cannot be read as a netrc file; correct it, or set NETRC"


def test_wrong_login_is_tried_once_and_never_shown(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(401, "", (("WWW-Authenticate", 'Basic realm="x"'),))]
    location = f"http://ada:geheim@{unfriendly.host}/sparql?key=secret"
    assert _message(location) == f"{unfriendly.url}: refuses the log-in (HTTP 401); {_LOG_IN}"
    assert len(unfriendly.requests) == 2


def test_missing_login_says_where_it_goes(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(401, "", (("WWW-Authenticate", 'Basic realm="x"'),))]
    assert _message(unfriendly.url) == f"{unfriendly.url}: wants a log-in (HTTP 401); {_LOG_IN}"


# Busy, silent, gone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
def test_busy_server_is_asked_again(unfriendly: Unfriendly, status: int) -> None:
    unfriendly.replies = [Reply(status), Reply(status), Reply(body=_ROW)]
    assert list(open_store(unfriendly.url).query(_QUERY).rows()) == [(Literal("高新区"),)]
    assert len(unfriendly.requests) == 3


def test_server_that_stays_busy_is_asked_five_times(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(503)]
    message = _message(unfriendly.url)
    assert message == f"{unfriendly.url}: is busy (HTTP 503), asked 5 times; try again later"
    assert len(unfriendly.requests) == 5


def test_retry_after_is_kept(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(429, headers=(("Retry-After", "1"),)), Reply()]
    begun = time.monotonic()
    list(open_store(unfriendly.url).query(_QUERY).rows())
    assert 1 <= time.monotonic() - begun < 5


def test_retry_after_for_too_long_is_told(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(503, headers=(("Retry-After", "3600"),))]
    message = _message(unfriendly.url)
    assert message == f"{unfriendly.url}: is busy (HTTP 503) and asks to come back in 3600 s; try again then"
    assert len(unfriendly.requests) == 1


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (403, f"refuses access (HTTP 403): nicht für dich; {_LOG_IN}"),
        (404, f"there is nothing at this address (HTTP 404); {_CHECK}"),
        (405, f"does not take such requests (HTTP 405); {_CHECK}"),
        (413, "does not take a request of that size (HTTP 413); ask for less at once"),
        (500, "HTTP 500: nicht für dich"),
        (504, "took too long to answer (HTTP 504); ask for less, or try again later"),
    ],
)
def test_other_refusals_are_told_at_once(unfriendly: Unfriendly, status: int, message: str) -> None:
    unfriendly.replies = [Reply(status, "nicht für dich\nat x.y.Z(Z.java:12)", _TEXT)]
    assert _message(unfriendly.url) == f"{unfriendly.url}: {message}"
    assert len(unfriendly.requests) == 1


def test_silent_server_is_given_up(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(wait=True)]
    assert _message(unfriendly.url, timeout=0.2) == (
        f"{unfriendly.url}: no answer within 0.2 s; ask for less, or wait longer with KGTOOL_TIMEOUT=SECONDS"
    )


def test_timeout_comes_from_the_environment(unfriendly: Unfriendly, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGTOOL_TIMEOUT", "0.1")
    unfriendly.replies = [Reply(wait=True)]
    assert "no answer within 0.1 s" in _message(unfriendly.url)


@pytest.mark.parametrize("given", ["bald", "0", "-1", "nan", "inf"])
def test_timeout_that_is_no_number_of_seconds_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("KGTOOL_TIMEOUT", given)
    assert _message("http://127.0.0.1:1/") == f"KGTOOL_TIMEOUT is '{given}'; give seconds, such as 30"


def test_port_that_nothing_listens_on_is_told() -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    assert _message(url) == f"{url}: nothing listens there; start the server, or correct the address"


@pytest.mark.parametrize("location", ["http://", "http:///sparql", "http://a:b/", "http://[::1/", "http://a b/"])
def test_what_is_no_address_is_refused(location: str) -> None:
    assert _message(location) == "not the address of a server; write it as http://localhost:7878/query"


# Answers -------------------------------------------------------------------------------------------------------------


def test_redirect_is_not_followed(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(302, "", (("Location", "https://ada:pw@elsewhere.example/sparql?key=secret"),))]
    assert _message(f"http://ada:geheim@{unfriendly.host}/sparql") == (
        f"{unfriendly.url}: redirects to https://elsewhere.example/sparql; "
        "a log-in and a query are not sent on; give that address if it is the one you mean"
    )
    assert len(unfriendly.requests) == 1


@pytest.mark.parametrize(
    ("headers", "called"), [(_HTML, "a web page"), (_TEXT, "text/plain"), ((), "something without a media type")]
)
def test_what_is_no_answer_to_a_query_is_refused(
    unfriendly: Unfriendly, headers: tuple[tuple[str, str], ...], called: str
) -> None:
    unfriendly.replies = [Reply(body="<html>Willkommen</html>", headers=headers)]
    assert _message(unfriendly.url) == (
        f"{unfriendly.url}: answers {called}, no answer to a query; "
        "give the address of the SPARQL endpoint: it often ends in /sparql or /query"
    )


@pytest.mark.parametrize("body", ["", "{", "[]", _ROW[:-1], _ROW[:-20], '{"head": {"vars": ["x"]}}'])
def test_broken_json_is_told(unfriendly: Unfriendly, body: str) -> None:
    unfriendly.replies = [Reply(body=body)]
    message = _message(unfriendly.url)
    assert message.startswith(f"{unfriendly.url}: the answer is malformed: ")
    assert message.endswith("; it may be cut off: try again, or look into its log")


def test_answer_shorter_than_announced_is_told(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(body=_ROW, cut=7)]
    assert _message(unfriendly.url) == f"{unfriendly.url}: the answer breaks off 7 bytes early; try again"


def test_rows_for_an_ask_are_told(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(body=_ROW)]
    with pytest.raises(StoreError, match="the answer is of another form than the query"):
        open_store(unfriendly.url).query("ASK { ?s ?p ?o }")


def test_broken_triples_are_told_with_the_endpoint(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(body="<urn:a> <urn:p> .", headers=(("Content-Type", "application/n-triples"),))]
    for form in ("turtle", "ntriples"):
        with pytest.raises(StoreError, match=f"^{re.escape(unfriendly.url)}: the answer is malformed: "):
            open_store(unfriendly.url).query("CONSTRUCT WHERE { ?s ?p ?o }").write(io.BytesIO(), form)


def test_xml_is_read_where_a_server_has_no_json(unfriendly: Unfriendly) -> None:
    body = (
        '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
        '<results><result><binding name="x"><literal xml:lang="zh-Hans">高新区</literal></binding></result></results>'
        "</sparql>"
    )
    unfriendly.replies = [Reply(body=body, headers=(("Content-Type", "application/sparql-results+xml"),))]
    assert list(open_store(unfriendly.url).query(_QUERY).rows()) == [(Literal("高新区", "zh-hans"),)]


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("text/turtle", "@prefix ex: <urn:ex:> . ex:a ex:p '高新区'@zh ."),
        ("application/ld+json", '{"@id": "urn:ex:a", "urn:ex:p": {"@value": "高新区", "@language": "zh"}}'),
    ],
)
def test_triples_are_read_in_whatever_format_they_come(unfriendly: Unfriendly, form: str, body: str) -> None:
    unfriendly.replies = [Reply(body=body, headers=(("Content-Type", form),))]
    stream = io.BytesIO()
    open_store(unfriendly.url).query("DESCRIBE <urn:ex:a>").write(stream, "ntriples")
    assert stream.getvalue().decode() == '<urn:ex:a> <urn:ex:p> "高新区"@zh .\n'


def test_answer_cut_off_by_a_limit_of_virtuoso_is_refused(unfriendly: Unfriendly) -> None:
    headers = (("Content-Type", "application/sparql-results+json"), ("X-SPARQL-MaxRows", "10000"))
    unfriendly.server_name = "Virtuoso/07.20.3229 (Linux)"
    unfriendly.replies = [Reply(body=_ROW, headers=headers)]
    assert _message(unfriendly.url) == (
        f"{unfriendly.url}: the answer stops at 10000 rows, the most that this server gives; "
        "ask for fewer with LIMIT, or raise ResultSetMaxRows in its virtuoso.ini"
    )


def test_syntax_error_has_the_line_and_column_of_the_text(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(400, "expected one of …", _TEXT)]
    with pytest.raises(QueryError) as error:
        open_store(unfriendly.url).query("SELECT ?x\n{ ?x ex:p }", prefixes={"ex": "urn:ex:"}, file="a.rq")
    assert (error.value.file, error.value.line) == ("a.rq", 2)


def test_what_only_this_endpoint_refuses_is_told_in_its_words(unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply(400, "regex too long\nat …", _TEXT)]
    with pytest.raises(QueryError) as error:
        open_store(unfriendly.url).query(_QUERY)
    assert str(error.value) == f"{unfriendly.url} refuses the query: regex too long"


def test_answer_is_read_as_it_arrives(unfriendly: Unfriendly) -> None:
    row = '{"x": {"type": "literal", "value": "高新区"}}'
    body = '{"head": {"vars": ["x"]}, "results": {"bindings": [' + ",".join([row] * 50_000) + "]}}"
    unfriendly.replies = [Reply(body=body[:-3], cut=3)]
    rows = open_store(unfriendly.url).query(_QUERY).rows()
    assert next(rows) == (Literal("高新区"),)  # the end, which is missing, is not read yet
    with pytest.raises(StoreError, match="breaks off 3 bytes early"):
        list(rows)


def test_command_line_says_it_in_one_sentence(unfriendly: Unfriendly, capsys: pytest.CaptureFixture[str]) -> None:
    from kgtool.__main__ import main

    unfriendly.replies = [Reply(404, "", _HTML)]
    assert main(["query", "-q", _QUERY, "--store", unfriendly.url.replace("//", "//ada:geheim@")]) == 2
    message = f"kgtool: {unfriendly.url}: there is nothing at this address (HTTP 404); {_CHECK}{os.linesep}"
    assert capsys.readouterr().err == message
