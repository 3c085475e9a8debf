"""A reconciliation service that does not behave: it is asked again, or the message has its address and what to do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pytest

from kgtool.errors import StoreError
from kgtool.link.client import ReconciliationService
from tests.serving import serving, without_login

_MANIFEST: dict[str, Any] = {"versions": ["0.2"], "name": "Tiny", "identifierSpace": "urn:x:", "schemaSpace": "urn:y:"}
_UNREADABLE = "answers what is not the reconciliation API; give the address of a reconciliation service, version 0.2"


class Reply(NamedTuple):
    """What the service says to one request: JSON of a value, or bytes as they are."""

    value: Any = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cut: int = 0
    wait: bool = False


class Service:
    """A service of our own: its manifest, and one reply per request to it, of which the last is said again."""

    def __init__(self) -> None:
        self.manifest: Any = _MANIFEST
        self.replies: list[Reply] = []
        self.asked: list[tuple[dict[str, str], Any]] = []
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_manifest = "?" not in self.path
                self._say(Reply(outer.manifest) if is_manifest else outer.next(dict(self.headers), self.path))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._say(outer.next(dict(self.headers), {name: json.loads(one) for name, (one,) in form.items()}))

            def _say(self, reply: Reply) -> None:
                if reply.wait:
                    outer.over.wait()
                body = reply.value if isinstance(reply.value, bytes) else json.dumps(reply.value).encode()
                self.send_response_only(reply.status)
                for name, value in (("Content-Type", "application/json"), *reply.headers):
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) + reply.cut))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/reconcile"

    def next(self, headers: dict[str, str], what: Any) -> Reply:
        """Note a request and say what is said to it."""
        self.asked.append((headers, what))
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service that no log-in of the person who runs the tests reaches."""
    without_login(monkeypatch)
    monkeypatch.setattr("kgtool.store.transport._PAUSE", 0.001)
    service = Service()
    with serving(service.server, over=service.over):
        yield service


def _candidate(name: str, score: float = 90.0) -> dict[str, Any]:
    return {"id": f"id/{name}", "name": name, "score": score, "match": False, "type": []}


def _found(*names: str) -> Reply:
    return Reply({f"q{number}": {"result": [_candidate(name)]} for number, name in enumerate(names)})


def _message(service: Service, *replies: Reply, timeout: float | None = None) -> str:
    service.replies = list(replies)
    with pytest.raises(StoreError) as error:
        ReconciliationService(service.url, timeout=timeout).reconcile(["a"])
    assert str(error.value).startswith(f"{service.url}: ")
    return str(error.value).removeprefix(f"{service.url}: ")


# Again ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_again(service: Service, status: int) -> None:
    service.replies = [Reply(status=status), Reply(status=status, headers=(("Retry-After", "0"),)), _found("a")]
    ((found,),) = ReconciliationService(service.url).reconcile(["a"])
    assert found.id == "id/a"
    assert [what for _, what in service.asked] == [{"queries": {"q0": {"query": "a"}}}] * 3


@pytest.mark.parametrize("by_date", [False, True])
def test_the_time_that_a_busy_service_asks_for_is_waited(
    service: Service, monkeypatch: pytest.MonkeyPatch, *, by_date: bool
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("kgtool.store.transport.time.sleep", waited.append)
    after = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True) if by_date else "50"
    service.replies = [Reply(status=429, headers=(("Retry-After", after),)), _found("a")]
    assert ReconciliationService(service.url).reconcile(["a"])[0][0].id == "id/a"
    assert len(waited) == 1
    assert 0 < waited[0] <= 50


def test_a_service_that_stays_busy_is_given_up(service: Service) -> None:
    assert "is busy (HTTP 503), asked 5 times" in _message(service, Reply(status=503))
    assert len(service.asked) == 5


def test_a_service_that_asks_for_too_much_time_is_given_up_at_once(service: Service) -> None:
    message = _message(service, Reply(status=429, headers=(("Retry-After", "3600"),)))
    assert message == "is busy (HTTP 429) and asks to come back in 3600 s; try again then"
    assert len(service.asked) == 1


def test_a_batch_that_is_refused_leaves_nothing_half_done(service: Service) -> None:
    service.manifest = {**_MANIFEST, "batchSize": 2}
    service.replies = [_found("a", "b"), Reply(status=503), _found("c", "d"), _found("e")]
    found = ReconciliationService(service.url).reconcile("abcde")
    assert [one.name for (one,) in found] == ["a", "b", "c", "d", "e"]
    assert [len(what["queries"]) for _, what in service.asked] == [2, 2, 2, 1]


@pytest.mark.parametrize("stated", [None, 0, -1, "many", 10**9, True])
def test_a_batch_size_that_is_none_is_not_believed(service: Service, stated: object) -> None:
    service.manifest = {**_MANIFEST, "batchSize": stated}
    service.replies = [Reply({f"q{number}": {"result": []} for number in range(100)})]
    assert ReconciliationService(service.url).reconcile(["x"] * 120) == [[]] * 120
    assert max(len(what["queries"]) for _, what in service.asked) <= 100


# Given up ------------------------------------------------------------------------------------------------------------


def test_a_silent_service_is_given_up(service: Service) -> None:
    message = _message(service, Reply(wait=True), timeout=0.1)
    assert message == "no answer within 0.1 s; ask for less, or wait longer with KGTOOL_TIMEOUT=SECONDS"


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(status=500), "HTTP 500: null"),
        (Reply(status=404), "there is nothing at this address (HTTP 404)"),
        (Reply(status=401), "wants a log-in (HTTP 401)"),
        (Reply(status=302, headers=(("Location", "http://other.example/"),)), "redirects to http://other.example/"),
        (Reply({}, cut=7), "the answer breaks off 7 bytes early"),
    ],
)
def test_what_the_service_says_instead_is_said(service: Service, reply: Reply, message: str) -> None:
    assert message in _message(service, reply)
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"{",
        b"<html>",
        b"\xff\xfe",
        b"[" * 100_000,
        [],
        None,
        {},
        {"q0": None},
        {"q0": []},
        {"q0": {}},
        {"q0": {"result": {}}},
        {"q0": {"result": ["a"]}},
        {"q0": {"result": [{"id": "a", "name": "a"}]}},
        {"q0": {"result": [{"id": "a", "score": 1}]}},
        {"q0": {"result": [{**_candidate("a"), "score": "high"}]}},
        {"q0": {"result": [{**_candidate("a"), "score": None}]}},
        {"q0": {"result": [{**_candidate("a"), "type": 5}]}},
        {"q0": {"result": [{**_candidate("a"), "type": [{"name": "no id"}]}]}},
        b'{"q0": {"result": [{"id": "a", "name": "a", "score": NaN}]}}',
        b'{"q0": {"result": [{"id": "a", "name": "a", "score": 1e999}]}}',
        b'{"q0": {"result": [{"id": "a", "name": "a", "score": 1' + b"0" * 400 + b"}]}}",
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_not_the_api_is_said_to_be_so(service: Service, value: Any) -> None:
    assert _message(service, Reply(value)) == _UNREADABLE


def test_an_answer_without_end_is_not_read_to_it(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.link.client._MOST_BYTES", 1000)
    assert _message(service, Reply(b" " * 100_000)) == "answers with more than 1000 bytes"


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ([], "no reconciliation service"),
        ("x", "no reconciliation service"),
        ({"name": "x"}, "no reconciliation service"),
        ({"versions": ["1.0-draft"], "name": "x"}, "speaks no version that kgtool does"),
        ({**_MANIFEST, "versions": "0.2"}, "speaks no version that kgtool does"),
        ({**_MANIFEST, "versions": None}, "speaks no version that kgtool does"),
    ],
)
def test_a_manifest_that_is_none_is_refused(service: Service, manifest: Any, message: str) -> None:
    service.manifest = manifest
    assert message in _message(service, _found("a"))
    assert service.asked == []


def test_a_service_that_names_no_version_is_asked(service: Service) -> None:
    service.manifest = {"name": "old", "identifierSpace": "urn:x:"}
    service.replies = [_found("a")]
    assert ReconciliationService(service.url).reconcile(["a"])[0][0].id == "id/a"


@pytest.mark.parametrize("suggest", [None, [], {}, {"entity": True}, {"entity": []}])
def test_a_service_that_suggests_nothing_says_so(service: Service, suggest: Any) -> None:
    service.manifest = {**_MANIFEST, "suggest": suggest}
    with pytest.raises(StoreError, match="suggests no entity"):
        ReconciliationService(service.url).suggest("a")


@pytest.mark.parametrize("rows", [None, [], {"a": []}, {"a": {"p": {}}}, {"a": {"p": ["x"]}}])
def test_an_extension_of_another_shape_is_refused(service: Service, rows: Any) -> None:
    service.replies = [Reply({"meta": [], "rows": rows})]
    with pytest.raises(StoreError, match="not the reconciliation API"):
        ReconciliationService(service.url).extend(["a"], ["p"])


def test_a_log_in_is_not_shown_to_the_server_that_a_manifest_names(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGTOOL_TOKEN", "secret")
    other = service.url.replace("127.0.0.1", "localhost")
    for url, shown in ((service.url, True), (other, False)):
        service.manifest = {**_MANIFEST, "suggest": {"entity": {"service_url": url, "service_path": "/suggest"}}}
        service.replies, service.asked = [Reply({"result": [{"id": "a", "name": "a"}]})], []
        assert ReconciliationService(service.url).suggest("a b")[0]["id"] == "a"
        ((headers, path),) = service.asked
        assert path == "/reconcile/suggest?prefix=a+b"
        assert (headers.get("Authorization") == "Bearer secret") is shown
