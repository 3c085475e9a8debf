"""What arrives on a connection before it is a request: lines, heads, hosts, codings; each answered as HTTP wants it."""

from __future__ import annotations

import json
import re
import socket
import time

import httpx
import pytest

from kgtool.server.connection import HEAD_PATIENCE
from tests.server.conftest import error_of

_ASK = "/sparql?query=ASK%7B%7D"
_YES = {"head": {}, "boolean": True}


def _exchange(client: httpx.Client, *pieces: bytes, pause: float = 0.05) -> tuple[int, dict[str, str], bytes]:
    """Send bytes in pieces; return status, headers and body of the first answer."""
    assert client.base_url.port is not None
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=30) as connection:
        for number, piece in enumerate(pieces):
            if number:
                time.sleep(pause)
            connection.sendall(piece)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(status.split()[1]), headers, body


def _get(target: str, *headers: str, host: str | None = "localhost", version: str = "1.1") -> bytes:
    lines = [f"GET {target} HTTP/{version}", *([f"Host: {host}"] if host is not None else []), *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def _refusal(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, str]:
    """Check that an answer is an error of the one shape, as safe as every answer, and return status and code."""
    status, headers, body = answer
    assert headers["content-type"] == "application/json"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["access-control-allow-origin"] == "*"
    assert headers["connection"] == "close"
    assert int(headers["content-length"]) == len(body)
    error = json.loads(body)["error"]
    assert set(error) == {"code", "message", "where", "hint"}
    return status, error["code"]


# The first line ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [b"\x16\x03\x01\x02\x00", b"BREW / HTTP/1.1\r\n\r\n", b"GET sparql HTTP/1.1\r\n\r\n", b"GET / FTP/1\r\n\r\n"],
)
def test_what_is_no_http_is_refused_in_our_words(client: httpx.Client, request_: bytes) -> None:
    assert _refusal(_exchange(client, request_)) == (400, "bad-request")


@pytest.mark.parametrize(
    "framing", ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6"]
)
def test_body_of_two_lengths_is_refused(client: httpx.Client, framing: str) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n{framing}\r\n\r\n"
    assert _refusal(_exchange(client, head.encode() + b"0\r\n\r\n")) == (400, "bad-request")


@pytest.mark.parametrize("cut", [None, 35, 60])
def test_chinese_in_a_url_need_not_be_percent_encoded(client: httpx.Client, cut: int | None) -> None:
    request = _get("/queries/of-park.csv?park=临港园区", "X-About: 园区")
    status, _, body = _exchange(client, *([request] if cut is None else [request[:cut], request[cut:]]))
    assert (status, body.count(b"\r\n")) == (200, 3)


def test_bytes_of_another_encoding_in_a_url_are_refused(client: httpx.Client) -> None:
    request = _get("/queries/of-park.csv?park=PARK").replace(b"PARK", "临港园区".encode("gb18030"))
    status, _, body = _exchange(client, request)
    assert (status, json.loads(body)["error"]["code"]) == (400, "bad-request")


@pytest.mark.parametrize("size", [70_000, 4_000_000])
def test_url_that_is_too_long_is_414(client: httpx.Client, size: int) -> None:
    assert _refusal(_exchange(client, _get(f"/{'x' * size}"))) == (414, "target-too-long")


def test_query_may_fill_a_url(client: httpx.Client) -> None:
    query = "ASK{}#" + "x" * 60_000
    assert client.get("/sparql", params={"query": query}).json() == _YES


# Headers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [70_000, 4_000_000])
def test_headers_that_are_too_large_are_431(client: httpx.Client, size: int) -> None:
    assert _refusal(_exchange(client, _get("/", f"X-More: {'x' * size}"))) == (431, "headers-too-large")


def test_many_small_headers_are_431_together(client: httpx.Client) -> None:
    many = [f"X-{number}: {'x' * 100}" for number in range(1000)]
    assert _refusal(_exchange(client, _get("/", *many))) == (431, "headers-too-large")


def test_large_body_beside_its_head_is_no_large_head(client: httpx.Client) -> None:
    query = b"ASK {} #" + b"x" * 200_000
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
    )
    status, _, body = _exchange(client, head + b"Content-Length: %d\r\n\r\n" % len(query) + query)
    assert (status, json.loads(body)) == (200, _YES)


@pytest.mark.slow
def test_head_that_never_ends_is_not_waited_for(client: httpx.Client) -> None:
    begun = time.monotonic()
    assert _refusal(_exchange(client, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-")) == (408, "request-timeout")
    assert time.monotonic() - begun >= HEAD_PATIENCE - 1


# Hosts ---------------------------------------------------------------------------------------------------------------


def test_host_in_the_target_counts_and_not_the_header(client: httpx.Client) -> None:
    status, _, body = _exchange(client, _get(f"http://evil.example{_ASK}", host="localhost"))
    assert (status, json.loads(body)["error"]["code"]) == (400, "bad-host")
    status, _, body = _exchange(client, _get(f"HTTP://localhost:1{_ASK}", host="evil.example"))
    assert (status, json.loads(body)) == (200, _YES)


def test_target_may_be_a_host_alone(client: httpx.Client) -> None:
    status, _, body = _exchange(client, _get("http://localhost"))
    assert (status, "links" in json.loads(body)) == (200, True)


def test_client_of_http_1_0_need_not_name_a_host(client: httpx.Client) -> None:
    status, _, body = _exchange(client, _get("/sparql", "Accept: application/n-triples", host=None, version="1.0"))
    assert status == 200
    assert f"<{client.base_url}/sparql>".encode() in body


def test_two_hosts_are_none(client: httpx.Client) -> None:
    status, _, body = _exchange(client, _get(_ASK, "Host: localhost"))
    assert (status, json.loads(body)["error"]["code"]) == (400, "bad-host")


# An answer under way -------------------------------------------------------------------------------------------------


def test_rubbish_behind_a_request_does_not_spoil_its_answer(client: httpx.Client) -> None:
    request = _get("/sparql?query=ASK%7BBIND(1+AS+%3Frubbish)%7D").replace(b"Connection: close\r\n", b"")
    status, _, body = _exchange(client, request + b"\x00\x01\x02\r\n\r\n")
    assert (status, json.loads(body)) == (200, _YES)


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
def test_another_protocol_is_not_changed_to(client: httpx.Client, upgrade: str) -> None:
    request = _get(_ASK, f"Upgrade: {upgrade}").replace(b"Connection: close", b"Connection: Upgrade, close")
    status, headers, body = _exchange(client, request)
    assert (status, json.loads(body), "upgrade" in headers) == (200, _YES, False)


# Codings and conditions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", None),
        ("gzip, identity;q=0", "gzip"),
        ("x-gzip, *;q=0", "gzip"),
        ("deflate, br", None),
        ("*;q=0, identity", None),
    ],
)
def test_small_answer_is_compressed_only_for_those_who_take_no_other(
    client: httpx.Client, accepted: str, coding: str | None
) -> None:
    response = client.get(_ASK, headers={"accept-encoding": accepted})
    assert (response.json(), response.headers.get("content-encoding")) == (_YES, coding)


@pytest.mark.parametrize("accepted", ["identity;q=0", "*;q=0", "br, *;q=0.0"])
def test_coding_that_cannot_be_had_is_406(client: httpx.Client, accepted: str) -> None:
    assert error_of(client.get(_ASK, headers={"accept-encoding": accepted}))[:2] == (406, "not-acceptable")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("*, gzip;q=0", None),
        ("*;q=0.5, identity;q=0.7", None),
        ("gzip;q=0.3, identity;q=0.2", "gzip"),
        ("*", "gzip"),
    ],
)
def test_large_answer_is_compressed_as_the_client_prefers(
    client: httpx.Client, accepted: str, coding: str | None
) -> None:
    response = client.get("/sparql", headers={"accept-encoding": accepted, "accept": "application/n-triples"})
    assert (response.status_code, response.headers.get("content-encoding")) == (200, coding)


def test_compressed_query_is_415_and_told_how_it_should_come(client: httpx.Client) -> None:
    headers = {"content-type": "application/sparql-query", "content-encoding": "gzip"}
    response = client.post("/sparql", content=b"\x1f\x8b", headers=headers)
    assert error_of(response) == (415, "unsupported-media-type", "the query is coded as 'gzip'")
    assert response.headers["accept-encoding"] == "identity"


def test_star_stands_for_any_tag_of_an_answer_that_there_is(client: httpx.Client) -> None:
    star = {"if-none-match": "*"}
    assert client.get("/sparql?query=ASK%7BBIND(2+AS+%3Fx)%7D", headers=star).status_code == 304
    assert error_of(client.get("/sparql?query=ASK%7B", headers=star))[:2] == (400, "bad-query")


def test_tag_is_compared_as_a_whole_and_weakly(client: httpx.Client) -> None:
    tag = client.get(_ASK).headers["etag"]
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', tag)
    bare = tag.removeprefix("W/")
    for given, status in ((bare, 304), (f'W/"a, b" ,{tag}', 304), (f'"x{bare[1:]}', 200), (f"{bare[:-1]},", 200)):
        assert client.get(_ASK, headers={"if-none-match": given}).status_code == status, given


def test_only_get_and_head_are_conditional(client: httpx.Client) -> None:
    posted = client.post("/sparql", data={"query": "ASK{}"})
    again = {"if-none-match": posted.headers["etag"]}
    assert client.post("/sparql", data={"query": "ASK{}"}, headers=again).json() == _YES
    assert client.head(_ASK, headers={"if-none-match": client.head(_ASK).headers["etag"]}).status_code == 304


def test_options_names_the_methods_of_what_is_there(client: httpx.Client) -> None:
    for path, methods in (("/sparql", "GET, HEAD, POST, OPTIONS"), ("/queries", "GET, HEAD, OPTIONS")):
        response = client.options(path)
        assert (response.status_code, response.headers["allow"]) == (204, methods)
        assert client.delete(path).headers["allow"].split(", ")[-1] == "OPTIONS"


def test_byte_order_mark_before_a_query_is_none_of_it(client: httpx.Client) -> None:
    direct = {"content-type": "application/sparql-query"}
    assert client.post("/sparql", content="\ufeffASK {}".encode(), headers=direct).json() == _YES
    assert client.get("/sparql", params={"query": "\ufeffASK {}"}).json() == _YES


def test_format_is_found_at_the_end_of_a_long_accept(client: httpx.Client) -> None:
    accept = ",".join([*(f"image/x{number}" for number in range(300)), "text/csv;q=0.1"])
    assert client.get(_ASK, headers={"accept": accept}).text == "true"
