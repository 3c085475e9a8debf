"""Seven kinds of questions over a made-up nation, asked of every engine that is here, at growing sizes.

Run it by hand, on a machine that does nothing else::

    python tests/benchmarks/bench_queries.py 10000 100000 1000000 10000000 [--only ENGINE …] [--rounds N] [--plot FILE]

Engines: kgtool (in memory, on disk, and with columns beside that: PyPI duckdb) and pyoxigraph, rdflib (to 100,000
triples), maplib (PyPI), the Oxigraph server (PyPI: oxigraph) and Virtuoso (Debian: virtuoso-opensource), both over
HTTP, Jena (Debian: libapache-jena-java) in memory, over a pipe; what is missing is left out. Each lives in a process of
its own and they are asked in turns, all in one run. Answers are compared before anything is timed. Times are by the
clock, from the text of the query to the last byte of CSV; ratios are the medians of the ratios to pyoxigraph in memory
in the same round. ``--plot`` draws how times grow.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.util
import io
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from kgtool.namespaces import DCTERMS, IP, SCHEMA, SKOS
from tests.benchmarks import jena

PREFIXES = f"""\
PREFIX ip: <{IP}> PREFIX skos: <{SKOS}> PREFIX schema: <{SCHEMA}> PREFIX dcterms: <{DCTERMS}>
PREFIX indicator: <https://w3id.org/industrial-park/indicator/> PREFIX id: <https://example.org/nation/id/>
"""

#: Every question has a complete order, or is compared as a collection.
QUERIES = {
    "look-up": "SELECT ?industry { id:park-0 ip:hasLeadingIndustry ?industry }",
    "join": """SELECT ?figure ?indicator ?value ?start ?name {
        ?figure ip:subject id:park-0 ; ip:indicator ?indicator ; ip:value ?value ; ip:period ?period ;
                ip:statisticType ip:Level . ?period ip:start ?start .
        ?figure skos:prefLabel ?name FILTER(LANGMATCHES(LANG(?name), "en")) }""",
    "optional": """SELECT ?park ?city ?title {
        ?park ip:hasLeadingIndustry ?industry ; schema:containedInPlace ?city .
        OPTIONAL { ?recognition ip:recognizedEntity ?park ; ip:title ?title ; ip:status ip:Filed }
        FILTER(?park IN (id:park-0, id:park-1, id:park-2, id:park-3)) }""",
    "two steps": """SELECT (COUNT(DISTINCT ?other) AS ?parks) {
        id:park-0 ip:hasLeadingIndustry ?industry . ?other ip:hasLeadingIndustry ?industry
        FILTER(?other != id:park-0) }""",
    "group-by": """SELECT ?indicator ?period (COUNT(?figure) AS ?figures) (SUM(?value) AS ?total) {
        ?figure ip:indicator ?indicator ; ip:period ?period ; ip:statisticType ip:Level ; ip:value ?value }
        GROUP BY ?indicator ?period""",
    "top ten": """SELECT ?value { ?figure ip:statisticType ip:Level ; ip:indicator indicator:gross-output ;
        ip:value ?value } ORDER BY DESC(?value) LIMIT 10""",
    "describe": """SELECT ?s ?p ?o { { BIND(id:park-0 AS ?s) ?s ?p ?o } UNION { BIND(id:park-0 AS ?o) ?s ?p ?o } }""",
}

#: What others are compared with.
BASE = "pyoxigraph, memory"
_RDFLIB_UP_TO = 100_000
#: Above so many triples a question may take half a minute: three rounds are enough.
_MANY = 5_000_000

#: From a query to the bytes of its answer as CSV.
Ask = Callable[[str], bytes]


class Engine(NamedTuple):
    """How an engine is opened with a file of N-Triples, and up to how many triples it is asked."""

    open: Callable[[Path, Path], Ask]
    needs: str
    most: int = 100_000_000


# Engines, each in a process of its own -------------------------------------------------------------------------------


def _kgtool_memory(file: Path, _folder: Path) -> Ask:
    from kgtool.store import open_store

    return _kgtool(open_store(str(file)))


def _kgtool_disk(file: Path, folder: Path) -> Ask:
    from kgtool.store import open_store
    from kgtool.store.drafts import read_files

    read_files([str(file)]).save(folder / "store")
    return _kgtool(open_store(str(folder / "store")))


def _kgtool_columns(file: Path, folder: Path) -> Ask:
    from kgtool.columns import write_columns
    from kgtool.store import open_store
    from kgtool.store.drafts import read_files
    from kgtool.store.embedded import open_folder

    read_files([str(file)]).save(folder / "store")
    write_columns(open_folder(folder / "store"))
    return _kgtool(open_store(str(folder / "store")))


def _kgtool(store: Any) -> Ask:
    def ask(query: str) -> bytes:
        stream = io.BytesIO()
        store.query(query).write(stream, "csv")
        return stream.getvalue()

    return ask


def _pyoxigraph(file: Path, place: str | None) -> Ask:
    import pyoxigraph

    store = pyoxigraph.Store(place)
    store.bulk_load(path=str(file), format=pyoxigraph.RdfFormat.N_TRIPLES)
    if place is not None:
        store.flush()
        del store
        store = pyoxigraph.Store.read_only(place)

    def ask(query: str) -> bytes:
        stream = io.BytesIO()
        answer: Any = store.query(query)
        answer.serialize(stream, pyoxigraph.QueryResultsFormat.CSV)
        return stream.getvalue()

    return ask


def _rdflib(file: Path, _folder: Path) -> Ask:
    import rdflib

    graph = rdflib.Graph()
    graph.parse(file, format="nt")

    def ask(query: str) -> bytes:
        answer: bytes = graph.query(query).serialize(format="csv") or b""
        return answer

    return ask


def _maplib(file: Path, _folder: Path) -> Ask:
    import maplib

    model: Any = maplib.Model()
    model.read(str(file), format="ntriples")

    def ask(query: str) -> bytes:
        text: str = model.query(query).write_csv()
        return text.encode()

    return ask


def _over_http(base: str, path: str) -> Ask:
    import httpx

    client = httpx.Client(base_url=base, timeout=600)

    def ask(query: str) -> bytes:
        answer = client.post(path, data={"query": query}, headers={"accept": "text/csv"})
        answer.raise_for_status()
        return answer.content

    return ask


def _oxigraph(file: Path, folder: Path) -> Ask:
    from bench_http import _free_port  # type: ignore[import-not-found]

    program = Path(sys.executable).with_name("oxigraph")
    where = str(folder / "oxigraph")
    subprocess.run([program, "load", "--location", where, "--file", file], check=True, capture_output=True)
    port = _free_port()
    return _served(
        [str(program), "serve-read-only", "--location", where, "--bind", f"127.0.0.1:{port}"], port, "/query"
    )


def _virtuoso(file: Path, folder: Path) -> Ask:
    from bench_http import _free_port, _load_virtuoso, _virtuoso

    port = _free_port()
    ask = _served(_virtuoso(folder, port), port, "/sparql?default-graph-uri=urn:bench", folder)
    _load_virtuoso(f"http://127.0.0.1:{port}", file.read_bytes())
    return ask


def _jena(file: Path, folder: Path) -> Ask:
    """Start Jena with the file in memory: a line with a query goes in, a line with the answer comes out."""
    import atexit
    from base64 import b64decode, b64encode

    program = str(Path(__file__).with_name("Ask.java"))
    java = subprocess.Popen(
        ["java", "-Xmx12g", "-cp", jena.class_path(folder / "jena"), program, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(java.kill)
    assert java.stdin is not None
    assert java.stdout is not None
    into, out = java.stdin, java.stdout
    if out.readline().strip() != b"ready":
        raise OSError("Jena did not read the file")

    def ask(query: str) -> bytes:
        into.write(b64encode(query.encode()) + b"\n")
        into.flush()
        return b64decode(out.readline())

    return ask


def _served(command: list[str], port: int, path: str, folder: Path | None = None) -> Ask:
    """Start a server, which ends with this process, and wait until it answers."""
    import atexit

    import httpx

    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    atexit.register(server.kill)
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            httpx.get(base)
            break
        except httpx.TransportError:
            time.sleep(0.2)
    return _over_http(base, path)


ENGINES = {
    BASE: Engine(lambda file, _: _pyoxigraph(file, None), "pyoxigraph"),
    "kgtool, memory": Engine(_kgtool_memory, "kgtool"),
    "pyoxigraph, disk": Engine(lambda file, folder: _pyoxigraph(file, str(folder / "raw")), "pyoxigraph"),
    "kgtool, disk": Engine(_kgtool_disk, "kgtool"),
    "kgtool, columns": Engine(_kgtool_columns, "duckdb"),
    "rdflib": Engine(_rdflib, "rdflib", _RDFLIB_UP_TO),
    "maplib": Engine(_maplib, "maplib"),
    "Oxigraph server": Engine(_oxigraph, "oxigraph"),
    "Virtuoso": Engine(_virtuoso, "virtuoso-t", 200_000),
    "Jena, memory": Engine(_jena, "java", 2_000_000),
}


def _is_here(engine: Engine) -> bool:
    if engine.needs == "java":
        return jena.is_here()
    if engine.needs in ("oxigraph", "virtuoso-t"):
        return shutil.which(engine.needs) is not None or Path(sys.executable).with_name(engine.needs).is_file()
    return importlib.util.find_spec(engine.needs) is not None


def serve(name: str, file: Path) -> None:
    """Be the process of an engine: a line with a query on stdin, a line with the time and the answer on stdout."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        ask = ENGINES[name].open(file, Path(folder))
        print(json.dumps({"s": time.perf_counter() - begun, "mb": _memory()}), flush=True)
        for line in sys.stdin:
            try:
                begun = time.perf_counter()
                answer = ask(json.loads(line))
                print(json.dumps({"ms": (time.perf_counter() - begun) * 1000, "hash": _hash(answer)}), flush=True)
            except Exception as exc:  # noqa: BLE001 - whatever an engine raises is its answer
                print(json.dumps({"problem": f"{type(exc).__name__}: {exc}"[:200]}), flush=True)


def _memory() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _hash(answer: bytes) -> str:
    """Hash an answer so that engines agree that say the same: rows sorted, numbers to nine digits, IRIs bare."""
    rows = list(csv.reader(io.StringIO(answer.decode())))[1:]
    lines = sorted("\t".join(_cell(cell) for cell in row) for row in rows)
    return f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:12]}"


def _cell(text: str) -> str:
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    if text.startswith('"'):  # an engine that writes a column of several kinds as N-Triples does
        text = text[1 : text.rindex('"')]
    try:
        return f"{float(text):.9g}"
    except ValueError:
        return text


# The run -------------------------------------------------------------------------------------------------------------


class Process:
    """An engine's process."""

    def __init__(self, name: str, file: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--serve", name, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent,
        )
        self.loaded = self._read()

    def ask(self, query: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(PREFIXES + query) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"problem": "the engine ended"}
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)


@contextmanager
def _opened(names: Sequence[str], file: Path) -> Iterator[dict[str, Process]]:
    with ExitStack() as stack:
        processes = {}
        for name in names:
            process = Process(name, file)
            stack.callback(process.close)
            if "problem" in process.loaded:
                print(f"{name}: {process.loaded['problem']}", file=sys.stderr)
                continue
            processes[name] = process
        yield processes


def write_data(triples: int, file: Path) -> int:
    """Write the default graph of the generated nation as N-Triples, and return how many triples there are."""
    generator = [sys.executable, str(Path(__file__).with_name("generate.py")), str(triples), "--union"]
    number = 0
    with subprocess.Popen(generator, stdout=subprocess.PIPE) as process, file.open("wb") as stream:
        assert process.stdout is not None
        for line in process.stdout:
            if _is_of_default_graph(line):
                stream.write(line)
                number += 1
    return number


def _is_of_default_graph(line: bytes) -> bool:
    """Say whether a line of N-Quads names no graph: what stands after the object."""
    rest = line.split(b" ", 2)[2]
    return rest[rest.rindex(b'"') + 1 if rest.startswith(b'"') else 0 :].count(b" ") == 1


def measure(triples: int, names: Sequence[str], rounds: int) -> dict[str, Any]:
    """Measure every query on every engine at one size."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "nation.nt"
        number = write_data(triples, file)
        wanted = [name for name in names if number <= ENGINES[name].most * 1.3]
        with _opened(wanted, file) as processes:
            loads = {name: process.loaded for name, process in processes.items()}
            return {"triples": number, "rounds": rounds, "loads": loads, "queries": _ask_all(processes, rounds)}


def _ask_all(processes: dict[str, Process], rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, query in QUERIES.items():
        answers = {name: process.ask(query) for name, process in processes.items()}
        right = answers[BASE]["hash"]
        row: dict[str, Any] = {}
        asked = {}
        for name, answer in answers.items():
            if answer.get("hash") == right:
                asked[name] = processes[name]
            else:
                row[name] = {"problem": answer.get("problem") or f"another answer: {answer['hash']}, not {right}"}
        times: dict[str, list[float]] = {name: [] for name in asked}
        for _ in range(rounds):
            for name, process in asked.items():
                times[name].append(process.ask(query)["ms"])
        for name, taken in times.items():
            lower, _, upper = quantiles(taken, n=4, method="inclusive")
            ratios = [one / other for one, other in zip(taken, times[BASE], strict=True)]
            row[name] = {"ms": median(taken), "lower": lower, "upper": upper, "ratio": median(ratios)}
        found[kind] = {"rows": int(right.split()[0]), "engines": row}
    return found


# Words ---------------------------------------------------------------------------------------------------------------


def table(result: dict[str, Any]) -> str:
    """Write a size's times as a Markdown table: milliseconds, and times as long as the base."""
    engines = list(result["loads"])
    lines = [
        f"{result['triples']:,} triples, {result['rounds']} rounds; ms (quartiles), times as long as {BASE}.",
        "",
        "| | " + " | ".join(engines) + " |",
        "|---|" + "---|" * len(engines),
        "| **load, s** | " + " | ".join(f"{result['loads'][name]['s']:.1f}" for name in engines) + " |",
    ]
    for kind, row in result["queries"].items():
        cells = []
        for name in engines:
            one = row["engines"][name]
            if "problem" in one:
                cells.append(one["problem"].replace("|", "/")[:60])
            else:
                cells.append(
                    f"{_short(one['ms'])} ({_short(one['lower'])}–{_short(one['upper'])}), {_short(one['ratio'])}"
                )
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.2g}"


def plot(results: Sequence[dict[str, Any]]) -> str:
    """Draw how the times of two engines grow with the graph, both axes logarithmic: a line of slope one is linear."""
    width, height, left, bottom = 270, 200, 62, 34
    kinds, engines = list(QUERIES), ["kgtool, memory", "kgtool, disk"]
    colours = dict(zip(engines, ("#0b5394", "#b45f06"), strict=True))
    xs = [math.log10(one["triples"]) for one in results]
    low, high = -2.0, 5.0

    def place(x: float, ms: float) -> tuple[float, float]:
        across = (x - xs[0]) / ((xs[-1] - xs[0]) or 1)
        up = (min(max(math.log10(ms), low), high) - low) / (high - low)
        return left + across * (width - left - 12), height - bottom - up * (height - bottom - 24)

    parts = []
    for number, kind in enumerate(kinds):
        x0, y0 = number % 4 * width, number // 4 * height
        parts.append(f'<g transform="translate({x0} {y0})"><text x="{left}" y="15" font-weight="bold">{kind}</text>')
        for power in range(int(low), int(high) + 1, 2):
            _, y = place(xs[0], 10.0**power)
            parts.append(f'<path d="M{left} {y:.1f}H{width - 12}" stroke="#ddd"/>')
            parts.append(f'<text x="{left - 4}" y="{y + 4:.1f}" text-anchor="end">{_power(power)}</text>')
        for one, x in zip(results, xs, strict=True):
            across, _ = place(x, 1)
            label = f"{one['triples'] / 1e6:.2g} M" if one["triples"] >= 1e6 else f"{one['triples'] / 1e3:.0f} k"
            parts.append(f'<text x="{across:.1f}" y="{height - bottom + 16}" text-anchor="middle">{label}</text>')
        for engine in engines:
            points = [
                place(x, one["queries"][kind]["engines"][engine]["ms"])
                for one, x in zip(results, xs, strict=True)
                if "ms" in one["queries"][kind]["engines"].get(engine, {})
            ]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colours[engine]}" stroke-width="2"/>')
        parts.append("</g>")
    for number, engine in enumerate(engines):
        x, y = 3 * width + left, height + 40 + 22 * number
        parts.append(f'<path d="M{x} {y}h24" stroke="{colours[engine]}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 30}" y="{y + 4}">{engine}</text>')
    size = f'width="{4 * width}" height="{2 * height}"'
    style = 'font-family="sans-serif" font-size="11" fill="#333"'
    back = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{back}{"".join(parts)}</svg>\n'


def _power(power: int) -> str:
    return f"{10.0 ** (power - 3):g} s" if power >= 3 else f"{10.0**power:g} ms"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("triples", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--only", nargs="+", choices=ENGINES, help="these engines")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--plot", type=Path, help="an SVG of how times grow")
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve[0], Path(given.serve[1]))
        return
    names = [name for name, engine in ENGINES.items() if _is_here(engine) and name in (given.only or ENGINES)]
    results = []
    for triples in given.triples:
        rounds = given.rounds if triples <= _MANY else min(given.rounds, 3)
        results.append(measure(triples, [BASE, *(name for name in names if name != BASE)], rounds))
        print(table(results[-1]), flush=True)
    if given.plot:
        given.plot.write_text(plot(results), encoding="utf-8")


if __name__ == "__main__":
    main()
