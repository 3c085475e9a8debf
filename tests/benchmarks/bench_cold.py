"""From a shell to an answer: one saved query, asked by a process that has to start first, beside other command lines.

    python tests/benchmarks/bench_cold.py [--rounds N]

Every one answers the same question over the same triples, kgtool from its store on disk, the others from a file of
N-Triples (the Oxigraph server's command line from a store of its own). They start in turns, in one run; the answers are
compared first. Milliseconds by the clock with quartiles, and times as long as ``python -c 'import pyoxigraph'`` in the
same round.
"""

from __future__ import annotations

import argparse
import csv
import io
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from kgtool.build import open_built
from kgtool.namespaces import read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries.catalogue import find_query
from kgtool.queries.parameters import bind_parameters
from kgtool.sparql import bind
from tests.benchmarks import jena

_NAME = "leading-industries"
_BASE = "import pyoxigraph"

_PYOXIGRAPH = """
import sys, pyoxigraph
store = pyoxigraph.Store()
store.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_TRIPLES)
answer = store.query(open(sys.argv[2]).read())
sys.stdout.buffer.write(answer.serialize(format=pyoxigraph.QueryResultsFormat.CSV))
"""
_RDFLIB = """
import sys, rdflib
graph = rdflib.Graph()
graph.parse(sys.argv[1], format="nt")
sys.stdout.buffer.write(graph.query(open(sys.argv[2]).read()).serialize(format="csv"))
"""


def _prepare(folder: Path) -> tuple[Path, Path]:
    """Write the shipped graph's triples and the query, its parameters bound."""
    project = Project(shipped_root())
    store = open_built(project)
    triples, query = folder / "data.nt", folder / "query.rq"
    with triples.open("wb") as stream:
        store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").write(stream, "ntriples")
    saved = find_query(project, _NAME)
    given = bind_parameters(store, saved, {}, prefixes=read_prefixes(project.prefixes_file))
    text = bind(saved.text, given)
    query.write_text("\n".join(line for line in text.splitlines() if not line.startswith("#+")), encoding="utf-8")
    return triples, query


def _commands(folder: Path, triples: Path, query: Path) -> dict[str, list[str]]:
    python, data, text = sys.executable, str(triples), str(query)
    kgtool = str(Path(python).with_name("kgtool"))
    commands = {
        _BASE: [python, "-c", "import pyoxigraph"],
        "kgtool query": [kgtool, "query", _NAME, "--format", "csv", "--project", str(shipped_root())],
        "a script with pyoxigraph": [python, "-c", _PYOXIGRAPH, data, text],
        "a script with rdflib": [python, "-c", _RDFLIB, data, text],
    }
    oxigraph = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(python).parent))
    if oxigraph:
        where = str(folder / "oxigraph")
        subprocess.run([oxigraph, "load", "--location", where, "--file", data], check=True, capture_output=True)
        commands["oxigraph query"] = [
            *(oxigraph, "query", "--location", where, "--query-file", text, "--results-format", "csv"),
        ]
    if jena.is_here():
        path = jena.class_path(folder / "jena")
        commands["Jena's arq"] = ["java", "-cp", path, "arq.arq", "--data", data, "--query", text, "--results", "csv"]
    return commands


def _run(command: list[str]) -> tuple[float, list[list[str]]]:
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    taken = (time.perf_counter() - begun) * 1000
    if done.returncode:
        raise SystemExit(f"{command[:2]} failed: {done.stderr.decode(errors='replace')[-500:]}")
    return taken, sorted(csv.reader(io.StringIO(done.stdout.decode())))


def main() -> None:
    """Compare the answers, measure, print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = _commands(folder, *_prepare(folder))
        right = _run(commands["kgtool query"])[1]
        for what, command in commands.items():
            answer = _run(command)[1]
            if what != _BASE and answer != right:
                raise SystemExit(f"{what} gives another answer: {answer[:3]}, not {right[:3]}")
        times: dict[str, list[float]] = {what: [] for what in commands}
        for _ in range(rounds):
            for what, command in commands.items():
                times[what].append(_run(command)[0])
    print(f"{len(right) - 1} rows, {rounds} rounds in turns, answers equal.\n")
    print("| process | ms (quartiles) | times as long as the first |\n|---|---:|---:|")
    for what, taken in times.items():
        lower, _, upper = quantiles(taken, n=4, method="inclusive")
        ratios = [one / other for one, other in zip(taken, times[_BASE], strict=True)]
        low, middle, high = quantiles(ratios, n=4, method="inclusive")
        print(f"| {what} | {median(taken):.0f} ({lower:.0f}–{upper:.0f}) | {middle:.2f} ({low:.2f}–{high:.2f}) |")


if __name__ == "__main__":
    main()
