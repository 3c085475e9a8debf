"""What the tests of stores share: two servers started for real, and one of our own that misbehaves."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.serving import serving, without_login

#: Seconds a server may take to start.
_PATIENCE = 90

_VIRTUOSO_INI = """\
[Database]
DatabaseFile = data.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = data.trx
xa_persistent_file = data.pxa
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


class Server(NamedTuple):
    """A server that runs: its endpoint and its graph store, each with a log-in where it wants one."""

    endpoint: str
    graph_store: str


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _missing(program: str, how: str) -> str:
    reason = f"{program} is not installed: {how}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def oxigraph_program() -> str:
    """Find the program of the Oxigraph server."""
    beside = Path(sysconfig.get_path("scripts")) / "oxigraph"
    return str(beside) if beside.is_file() else shutil.which("oxigraph") or _missing("oxigraph", "pip install oxigraph")


def _virtuoso() -> str:
    return shutil.which("virtuoso-t") or _missing("virtuoso-t", "apt-get install virtuoso-opensource")


def run_server(command: list[str], folder: Path, endpoint: str) -> Iterator[None]:
    """Run a server until the tests that need it are done."""
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
    try:
        begun = time.monotonic()
        while not _answers(endpoint):
            if process.poll() is not None or time.monotonic() - begun > _PATIENCE:
                pytest.fail(f"{command[0]} does not start:\n{(folder / 'out').read_text(errors='replace')}")
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def _answers(endpoint: str) -> bool:
    try:
        urllib.request.urlopen(f"{endpoint}?query=ASK%7B%7D", timeout=5).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The Oxigraph server, empty."""
    program, folder, port = oxigraph_program(), tmp_path_factory.mktemp("oxigraph"), free_port()
    base = f"http://127.0.0.1:{port}"
    command = [program, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    for _ in run_server(command, folder, f"{base}/query"):
        yield Server(f"{base}/query", f"{base}/store")


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Virtuoso, with nothing in it but what every Virtuoso has."""
    program, folder, port = _virtuoso(), tmp_path_factory.mktemp("virtuoso"), free_port()
    ini = _VIRTUOSO_INI.format(sql=free_port(), http=port, rows=40_000)
    (folder / "virtuoso.ini").write_text(ini, encoding="ascii")
    base = f"127.0.0.1:{port}"
    for _ in run_server([program, "+configfile", "virtuoso.ini", "+foreground"], folder, f"http://{base}/sparql"):
        yield Server(f"http://{base}/sparql", f"http://dba:dba@{base}/sparql-graph-crud-auth")


# A server that misbehaves --------------------------------------------------------------------------------------------


class Reply(NamedTuple):
    """What the server of our own says to one request.

    :param cut: bytes that are announced and not sent.
    :param wait: whether it says nothing until the test is over.
    """

    status: int = 200
    body: str = '{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/sparql-results+json"),)
    cut: int = 0
    wait: bool = False


class Request(NamedTuple):
    """What it was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class Unfriendly:
    """A server that says what a test wants it to, one reply per request; the last is said again."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.requests: list[Request] = []
        self.over = threading.Event()
        self.server_name = "Unfriendly/1"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _reply(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                outer.requests.append(Request(self.command, self.path, dict(self.headers), body))
                reply = outer.replies.pop(0) if len(outer.replies) > 1 else outer.replies[0]
                if reply.wait:
                    outer.over.wait()
                data = reply.body.encode()
                self.send_response_only(reply.status)
                self.send_header("Server", outer.server_name)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data) + reply.cut))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _reply  # noqa: N815 (names of http.server)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}/sparql"


@pytest.fixture
def unfriendly(monkeypatch: pytest.MonkeyPatch) -> Iterator[Unfriendly]:
    """A server of our own; no log-in of the person who runs the tests reaches it."""
    without_login(monkeypatch)
    unfriendly = Unfriendly()
    # The engine's results must end in the thread they were made in: the server's must not collect them.
    gc.collect()
    gc.disable()
    with serving(unfriendly.server, over=unfriendly.over):
        yield unfriendly
    gc.enable()
    gc.collect()
