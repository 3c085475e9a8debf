"""Throughput and latency of a saved query over HTTP: kgtool beside the Oxigraph server, Virtuoso and rdflib-endpoint.

Run it by hand, on a machine that does nothing else::

    python tests/benchmarks/bench_http.py [SECONDS]

It wants ``wrk`` and ``virtuoso-t`` (Debian: wrk, virtuoso-opensource) and, on the PATH, ``oxigraph`` and
``rdflib-endpoint`` (PyPI: oxigraph, rdflib-endpoint[cli]); what is missing is left out. Every server gets the same
triples in one graph and the same requests from fifty connections; each is measured alone, all in one run.
"""

from __future__ import annotations

import io
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import httpx

from kgtool.build import open_built
from kgtool.namespaces import read_prefixes
from kgtool.project import find_project
from kgtool.queries.catalogue import find_query
from kgtool.queries.parameters import bind_parameters
from kgtool.sparql import bind

_CONNECTIONS = 50
_WARM_UP = 1
#: Every server is measured so many times, in turn, and its best round counts: the others had company.
_ROUNDS = 3
_PATIENCE = 90
_JSON = "application/sparql-results+json"

#: The saved queries: a look-up with three rows, and a join of eight patterns.
_QUERIES = ("leading-industries", "figures-of")

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
ServerThreads = 100
NumberOfBuffers = 100000
MaxDirtyBuffers = 60000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 100
MaxClientConnections = 100
KeepAliveTimeout = 60
MaxKeepAlives = 100
[SPARQL]
ResultSetMaxRows = 100000
"""


class Measured(NamedTuple):
    """What one server did with one query."""

    per_second: float
    median: float
    p99: float
    errors: int


class Contestant(NamedTuple):
    """A server: its program, how it is started, how it gets its data, where it is asked."""

    name: str
    program: str
    start: Callable[[Path, int], list[str]]
    load: Callable[[str, bytes], None]
    path: Callable[[str, str], str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _kgtool(*options: str) -> Callable[[Path, int], list[str]]:
    def start(folder: Path, port: int) -> list[str]:
        data = str(folder / "data.nt")
        return [sys.executable, "-m", "kgtool", "serve", "--store", data, "--port", str(port), *options]

    return start


def _virtuoso(folder: Path, port: int) -> list[str]:
    (folder / "virtuoso.ini").write_text(_VIRTUOSO_INI.format(sql=_free_port(), http=port), encoding="ascii")
    return ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]


def _load_virtuoso(base: str, triples: bytes) -> None:
    where = f"{base}/sparql-graph-crud-auth?graph-uri=urn:bench"
    header = {"content-type": "application/n-triples"}
    httpx.put(
        where, content=triples, headers=header, auth=httpx.DigestAuth("dba", "dba"), timeout=60
    ).raise_for_status()


def _load_oxigraph(base: str, triples: bytes) -> None:
    header = {"content-type": "application/n-triples"}
    httpx.put(f"{base}/store?default", content=triples, headers=header, timeout=60).raise_for_status()


def _loaded(base: str, triples: bytes) -> None:
    """Do nothing: the server was started with its data."""


def _at(path: str) -> Callable[[str, str], str]:
    return lambda _, text: f"{path}?{urlencode({'query': text})}"


_SAVED: Callable[[str, str], str] = lambda name, _: f"/queries/{name}"  # noqa: E731 - one of a table

_CONTESTANTS = (
    Contestant("kgtool, saved query", sys.executable, _kgtool(), _loaded, _SAVED),
    Contestant("kgtool, saved query, no cache", sys.executable, _kgtool("--cache-mb", "0"), _loaded, _SAVED),
    Contestant("kgtool, /sparql", sys.executable, _kgtool(), _loaded, _at("/sparql")),
    Contestant("kgtool, /sparql, no cache", sys.executable, _kgtool("--cache-mb", "0"), _loaded, _at("/sparql")),
    Contestant(
        "Oxigraph server",
        "oxigraph",
        lambda folder, port: ["oxigraph", "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"],
        _load_oxigraph,
        _at("/query"),
    ),
    Contestant("Virtuoso", "virtuoso-t", _virtuoso, _load_virtuoso, _at("/sparql")),
    Contestant(
        "rdflib-endpoint",
        "rdflib-endpoint",
        lambda folder, port: [
            "rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", str(port), str(folder / "data.nt")
        ],
        _loaded,
        _at("/"),
    ),
)  # fmt: skip


@contextmanager
def _running(contestant: Contestant, triples: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder, port = Path(name), _free_port()
        (folder / "data.nt").write_bytes(triples)
        with (folder / "out").open("wb") as out:
            process = subprocess.Popen(contestant.start(folder, port), cwd=folder, stdout=out, stderr=out)
        base = f"http://127.0.0.1:{port}"
        try:
            _await(base + contestant.path("leading-industries", "ASK{}"), process, folder)
            contestant.load(base, triples)
            yield base
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < _PATIENCE and process.poll() is None:
        try:
            if httpx.get(url, headers={"accept": _JSON}, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{url} does not answer:\n{(folder / 'out').read_text(errors='replace')}")


def _measure(url: str, seconds: int) -> Measured:
    command = ["wrk", "-t1", f"-c{_CONNECTIONS}", "--latency", "--timeout", "30s", "-H", f"Accept: {_JSON}"]
    subprocess.run([*command, f"-d{_WARM_UP}s", url], capture_output=True, check=True)
    said = subprocess.run([*command, f"-d{seconds}s", url], capture_output=True, text=True, check=True).stdout
    (per_second,) = re.findall(r"Requests/sec:\s+([\d.]+)", said)
    times = dict(re.findall(r"(50|99)%\s+([\d.]+[a-z]+)", said))
    errors = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", said)))
    errors += sum(
        int(number) for line in re.findall(r"Socket errors: (.*)", said) for number in re.findall(r"\d+", line)
    )
    return Measured(float(per_second), _milliseconds(times["50"]), _milliseconds(times["99"]), errors)


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def _version(program: str) -> str:
    if program == sys.executable:
        return f"kgtool {version('kgtool')}, uvicorn {version('uvicorn')}, pyoxigraph {version('pyoxigraph')}"
    if program == "virtuoso-t":
        said = subprocess.run([program, "-?"], capture_output=True, text=True, check=False)
        found = re.search(r"Version (\S+)", said.stdout + said.stderr)
        return f"Virtuoso {found[1] if found else '?'}"
    if program == "rdflib-endpoint":
        python = Path(shutil.which(program) or "").resolve().parent / "python"
        ask = "from importlib.metadata import version as v; print(v('rdflib-endpoint'), 'with rdflib', v('rdflib'))"
        said = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=False)
        return f"rdflib-endpoint {said.stdout.strip()}"
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()


def main(seconds: int) -> None:
    """Measure every server with every query and print the tables of ``docs/benchmarks.md``."""
    project = find_project()
    prefixes = read_prefixes(project.prefixes_file)
    store = open_built(project)
    stream = io.BytesIO()
    store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").write(stream, "ntriples")
    triples = stream.getvalue()
    there = [one for one in _CONTESTANTS if shutil.which(one.program)]
    what = f"{_CONNECTIONS} connections, {seconds} s each, best of {_ROUNDS} rounds"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {store.count()} triples, {what}.")
    print(f"{'; '.join(dict.fromkeys(_version(one.program) for one in there))}.")
    results: dict[str, dict[str, Measured]] = {name: {} for name in _QUERIES}
    for one in _ROUNDS * there:
        with _running(one, triples) as base:
            for name in _QUERIES:
                query = find_query(project, name)
                text = bind(query.text, bind_parameters(store, query, {}, prefixes=prefixes))
                text = re.sub(r"(?m)^#\+.*\n", "", text)
                measured = _measure(base + one.path(name, text), seconds)
                results[name][one.name] = max(measured, results[name].get(one.name, measured))
    for name, servers in results.items():
        print(f"\n`{name}`\n\n| server | requests/s | p50 ms | p99 ms | errors | of Oxigraph | of rdflib-endpoint |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for server, best in servers.items():
            ratios = [
                f"{best.per_second / servers[other].per_second:.2f}" if other in servers else "–"
                for other in ("Oxigraph server", "rdflib-endpoint")
            ]
            cells = [f"{best.per_second:.0f}", f"{best.median:.1f}", f"{best.p99:.1f}", str(best.errors), *ratios]
            print(f"| {server} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
