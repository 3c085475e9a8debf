"""Limits that hold: whatever is asked, the server stays up, its memory stays small, and others are answered."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.server.conftest import Serve, error_of

#: Never ends, sends nothing until it does, and needs no memory; ends up needing all there is; never ends, and streams.
_ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l ?i"
_DOUBLED = (
    "SELECT (STRLEN(?x40) AS ?n) { BIND('0123456789' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    + " }"
)
_CROSS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_PARENTHESES = "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }"
_GROUPS = "ASK " + "{" * 50_000 + "}" * 50_000
_ALTERNATIVES = "ASK { ?s ?p ?o FILTER(" + "||".join(f"?o={number}" for number in range(20_000)) + ") }"
_YES = {"head": {}, "boolean": True}


def _ask(client: httpx.Client, query: str = "ASK {}", **headers: str) -> httpx.Response:
    return client.post("/sparql", data={"query": query}, headers=headers)


def _receive(client: httpx.Client, query: str) -> tuple[int, httpx.Headers, int, bool]:
    """Read an answer as far as it goes: its status, its headers, its size, and whether it came to its end."""
    size = 0
    with client.stream("GET", "/sparql", params={"query": query}, headers={"accept-encoding": "identity"}) as response:
        try:
            for piece in response.iter_raw():
                size += len(piece)
        except httpx.RemoteProtocolError:
            return response.status_code, response.headers, size, False
    return response.status_code, response.headers, size, True


def _address(client: httpx.Client) -> tuple[str, int]:
    assert client.base_url.port is not None
    return client.base_url.host, client.base_url.port


def _processes_of(client: httpx.Client) -> Iterator[tuple[int, int]]:
    """Find the workers of a server: their process numbers and the kilobytes each has in memory."""
    port = f":{client.base_url.port:04X}"
    inodes = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if port in line.split()[1]}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            links = {os.readlink(link) for link in (folder / "fd").iterdir()}
        except OSError:
            continue
        if any(f"socket:[{inode}]" in links for inode in inodes - {"0"}) and int(folder.name) != os.getpid():
            for children in (folder / "task").glob("*/children"):
                for child in children.read_text().split():
                    yield int(child), _kilobytes(int(child))


def _kilobytes(process: int) -> int:
    """Return how much of a process is in memory; nothing of one that has been replaced."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    resident = status.partition("VmRSS:")[2].split()
    return int(resident[0]) if resident else 0


# Time ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["2", "1"], ids=["one worker free", "a worker is added"])
def test_endless_query_is_ended_and_fifty_clients_are_answered_meanwhile(serve: Serve, workers: str) -> None:
    client = serve("--timeout", "12", "--max-memory", "256", "--workers", workers, "--max-concurrent", "3")
    with ThreadPoolExecutor(51) as threads:
        endless = threads.submit(_ask, client, _ENDLESS)
        time.sleep(0.5)
        light = [threads.submit(_ask, client, f"ASK {{ BIND({number} AS ?n) }}") for number in range(50)]
        assert [answer.result().json() for answer in light] == [_YES] * 50
        assert not endless.done(), "fifty small queries waited for the endless one"
        assert max(size for _, size in _processes_of(client)) < 256 * 1024
        assert error_of(endless.result()) == (504, "timeout", "the query took too long and was ended")
    assert _ask(client).json() == _YES


def test_answer_that_takes_too_long_is_cut_off_and_never_looks_complete(serve: Serve) -> None:
    client = serve("--timeout", "1", "--max-rows", "0", "--max-bytes", "0")
    status, _, received, complete = _receive(client, _CROSS)
    assert (status, complete) == (200, False)
    assert received > 65536
    assert 'kgtool_answers_cut_off_total{reason="timeout"} 1' in client.get("/metrics").text


def test_slow_reader_holds_no_worker_for_longer_than_the_limit(serve: Serve) -> None:
    client = serve("--timeout", "3", "--workers", "1", "--max-concurrent", "1")
    with socket.create_connection(_address(client)) as slow:
        query = httpx.QueryParams({"query": _CROSS})
        slow.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(0.2)
        begun = time.monotonic()
        assert _ask(client).json() == _YES
        assert time.monotonic() - begun < 6


_LINUX = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="finds the workers in Linux's /proc")


@_LINUX
def test_worker_that_waits_for_its_client_is_no_heavy_one(serve: Serve) -> None:
    client = serve("--workers", "1", "--cache-mb", "0")
    before = [number for number, _ in _processes_of(client)]
    params, plain = {"query": f"{_CROSS} LIMIT 20000"}, {"accept-encoding": "identity"}
    with client.stream("GET", "/sparql", params=params, headers=plain) as response:
        pieces = response.iter_raw()
        next(pieces)
        time.sleep(1.5)
        assert sum(map(len, pieces)) > 1_000_000
    assert _ask(client).json() == _YES
    assert [number for number, _ in _processes_of(client)] == before


@_LINUX
@pytest.mark.slow
def test_worker_that_was_heavy_is_replaced_by_one_that_is_not_behind(serve: Serve) -> None:
    client = serve("--workers", "1", "--max-concurrent", "1", "--cache-mb", "0", "--timeout", "120")
    before = [number for number, _ in _processes_of(client)]
    many = " ".join(map(str, range(3000)))
    query = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {many} }} VALUES ?y {{ {many} }} FILTER(?x + ?y > 0) }}"
    assert _ask(client, query).json()["results"]["bindings"][0]["n"]["value"] == "8999999"
    assert _ask(client).json() == _YES
    assert {number for number, _ in _processes_of(client)}.isdisjoint(before)
    assert 'kgtool_workers_ended_total{reason="behind"} 1' in client.get("/metrics").text


def test_client_that_goes_ends_its_query(serve: Serve) -> None:
    client = serve("--timeout", "60", "--workers", "1", "--max-concurrent", "1")
    with pytest.raises(httpx.ReadTimeout):
        client.post("/sparql", data={"query": _ENDLESS}, timeout=0.5)
    begun = time.monotonic()
    assert _ask(client).json() == _YES
    assert time.monotonic() - begun < 10


# Memory and depth ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("query", [_GREEDY, _DOUBLED], ids=["many rows", "one long text"])
def test_query_that_needs_too_much_memory_ends_only_its_worker(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", "1")  # the reason is found behind any number of calls
    client = serve("--max-memory", "256", "--timeout", "60")
    response = _ask(client, query)
    assert error_of(response) == (503, "out-of-memory", "the query needs more memory than it may have")
    assert _ask(client).json() == _YES


@pytest.mark.parametrize("query", [_PARENTHESES, _GROUPS, _ALTERNATIVES], ids=["parentheses", "groups", "alternatives"])
def test_query_nested_too_deeply_ends_only_its_worker(client: httpx.Client, query: str) -> None:
    for _ in range(2):
        assert error_of(_ask(client, query)) == (503, "query-crashed", "the query is too complex for the engine")
        assert _ask(client).json() == _YES


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="finds the workers in Linux's /proc")
def test_worker_that_is_killed_is_replaced(serve: Serve) -> None:
    client = serve("--workers", "2", "--cache-mb", "0")
    workers = [number for number, _ in _processes_of(client)]
    assert len(workers) == 2
    for number in workers:
        os.kill(number, signal.SIGKILL)
    time.sleep(0.2)
    assert _ask(client).json() == _YES
    assert {number for number, _ in _processes_of(client)}.isdisjoint(workers)


# Size ----------------------------------------------------------------------------------------------------------------


def _numbers(most: int) -> str:
    return f"SELECT ?n {{ VALUES ?n {{ {' '.join(map(str, range(most)))} }} }}"


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values", "application/json", "application/xml"])
def test_row_limit_is_announced_and_holds(serve: Serve, accept: str) -> None:
    client = serve("--max-rows", "10")
    fits = _ask(client, _numbers(10), accept=accept)
    assert (fits.status_code, fits.headers["kgtool-max-rows"]) == (200, "10")
    too_many = _ask(client, _numbers(11), accept=accept)
    assert error_of(too_many) == (403, "answer-too-large", "the answer has more than 10 rows")


@pytest.mark.parametrize("accept", ["text/plain", "text/markdown"])
def test_row_limit_holds_for_tables(serve: Serve, client: httpx.Client, accept: str) -> None:
    few = serve("--max-rows", "10")
    assert _ask(few, _numbers(10), accept=accept).status_code == 200
    assert error_of(_ask(few, _numbers(11), accept=accept)) == (
        403,
        "answer-too-large",
        "a table to read has at most 10 rows",
    )
    assert error_of(_ask(client, _numbers(10_001), accept=accept))[1] == "answer-too-large"


def test_byte_limit_is_announced_and_holds(serve: Serve) -> None:
    client = serve("--max-bytes", "1000")
    fits = _ask(client, _numbers(100), accept="text/csv")
    assert (fits.status_code, fits.headers["kgtool-max-bytes"]) == (200, "1000")
    too_large = _ask(client, _numbers(1000), accept="text/csv")
    assert error_of(too_large) == (403, "answer-too-large", "the answer is larger than 1000 bytes")


def test_limit_met_in_the_middle_cuts_the_answer_off(serve: Serve) -> None:
    client = serve("--max-rows", "50000")
    status, headers, _, complete = _receive(client, _CROSS)
    assert (status, headers["kgtool-max-rows"], complete) == (200, "50000", False)
    assert 'kgtool_answers_cut_off_total{reason="answer-too-large"} 1' in client.get("/metrics").text
    assert _ask(client).json() == _YES


def test_query_text_has_a_limit(serve: Serve) -> None:
    client = serve("--max-query-bytes", "1000")
    text = "ASK {} #" + "园" * 331
    assert len(text.encode()) == 1001
    refused = (413, "query-too-large", "a query may have 1000 bytes")
    assert error_of(_ask(client, text)) == refused
    assert error_of(client.get("/sparql", params={"query": text})) == refused
    direct = {"content-type": "application/sparql-query"}
    assert error_of(client.post("/sparql", content=text.encode(), headers=direct)) == refused
    unannounced = (b"x" * 500 for _ in range(1000))
    assert error_of(client.post("/sparql", content=unannounced, headers=direct)) == refused
    assert client.post("/sparql", content=text[:-1].encode(), headers=direct).json() == _YES


@pytest.mark.slow
def test_many_rows_stream_and_are_never_in_memory_together(serve: Serve) -> None:
    client = serve("--timeout", "60", "--max-memory", "256")
    query = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } LIMIT 1000000"
    lines = peak = 0
    with client.stream("GET", "/sparql", params={"query": query}, headers={"accept": "text/csv"}) as response:
        for number, piece in enumerate(response.iter_bytes()):
            lines += piece.count(b"\n")
            if number % 20 == 0:  # the workers of now: one may have been replaced, and finding them takes a while
                peak = max([peak, *(size for _, size in _processes_of(client))])
    assert lines == 1_000_001
    assert 0 < peak < 200 * 1024


# Numbers -------------------------------------------------------------------------------------------------------------


def test_queries_beyond_the_queue_are_turned_away(serve: Serve) -> None:
    client = serve("--workers", "1", "--max-concurrent", "1", "--queue", "1", "--timeout", "3")
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(_ask(client, _ENDLESS))) for _ in range(3)]
    for thread in threads:
        thread.start()
        time.sleep(0.2)
    begun = time.monotonic()
    turned_away = _ask(client)
    assert time.monotonic() - begun < 1
    assert error_of(turned_away) == (429, "too-many-requests", "1 queries are running and 1 wait")
    assert turned_away.headers["retry-after"] == "1"
    assert client.get("/health").json()["waiting"] == 1
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) in ([429, 503, 504], [429, 504, 504])


# Who is asked --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7878", "localhost.evil.example", "", "127.0.0.1.nip.io"]
)
def test_other_names_than_the_servers_own_are_refused(client: httpx.Client, host: str) -> None:
    response = client.get("/health", headers={"host": host})
    assert error_of(response)[:2] == (400, "bad-host")
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:7878"])
def test_local_names_are_the_servers_own(client: httpx.Client, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


def test_more_names_can_be_allowed_and_cors_turned_off(serve: Serve) -> None:
    client = serve("--allow-host", "data.example.org", "--cors", "none")
    response = client.get("/health", headers={"host": "data.example.org"})
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers


# What else can arrive ------------------------------------------------------------------------------------------------


def _raw(client: httpx.Client, request: bytes) -> bytes:
    with socket.create_connection(_address(client), timeout=20) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received


@pytest.mark.parametrize(
    "query", ["\0", "ASK {}\0", "ASK { ?s ?p '\0' }", "\ufeffASK {}", "\u202eASK {}", "%", "{", ""]
)
def test_odd_texts_are_answered_one_way_or_the_other(client: httpx.Client, query: str) -> None:
    response = _ask(client, query)
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        error_of(response)


@pytest.mark.parametrize("request_line", [b"\x00\x01\x02", b"GET /\x00 HTTP/1.1", b"GET"])
def test_what_is_no_http_does_no_harm(client: httpx.Client, request_line: bytes) -> None:
    received = _raw(client, request_line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 4")
    assert _ask(client).json() == _YES


@pytest.mark.slow
def test_body_that_never_comes_is_not_waited_for(client: httpx.Client) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    received = _raw(client, head + b"Content-Length: 100\r\nConnection: close\r\n\r\nASK")
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b'"code": "request-timeout"' in received
