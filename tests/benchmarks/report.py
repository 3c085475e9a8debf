"""Every benchmark in one run, and its tables in ``docs/benchmarks.md``.

    python tests/benchmarks/report.py [NAME …] [--quick]

Runs the benchmarks, all of them or those named, one after the other, and puts what each prints between its marks in the
page, below the command, the date, the machine and the versions. ``--quick`` runs them at their smallest size and prints
instead: that is what ``pytest tests/benchmarks`` does, too. Each compares the answers of all it measures before it
measures, and fails if they are not the same.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.machine import described

__all__ = ["BENCHMARKS", "PAGE", "Benchmark", "replaced", "run"]

_ROOT = Path(__file__).parents[2]
PAGE = _ROOT / "docs/benchmarks.md"


class Benchmark(NamedTuple):
    """A script beside this one.

    :param full: its arguments for the page; ``DIR`` is a folder that is gone afterwards.
    :param quick: its arguments for a look whether it works, in less than a minute.
    :param packages: those whose versions matter.
    """

    script: str
    full: Sequence[str]
    quick: Sequence[str]
    packages: Sequence[str]


_STORES = ("pyoxigraph", "rdflib", "maplib", "duckdb", "oxigraph")

#: By the name of its marks in the page.
BENCHMARKS = {
    "cold": Benchmark("bench_cold.py", (), ("--rounds", "2"), ("pyoxigraph", "rdflib", "oxigraph")),
    "http": Benchmark("bench_http.py", ("4",), ("1",), ("pyoxigraph", "uvicorn", "oxigraph")),
    "queries": Benchmark(
        "bench_queries.py",
        ("10000", "100000", "1000000", "--plot", "docs/pictures/growth.svg"),
        ("10000", "--rounds", "2"),
        _STORES,
    ),
    "export": Benchmark("bench_export.py", ("1000000", "2"), ("10000", "1"), ("networkx", "pyoxigraph")),
    "search": Benchmark("bench_search.py", ("100000",), ("1000",), ("tantivy", "rapidfuzz", "pyoxigraph")),
    "shacl-20k": Benchmark("bench_shacl.py", ("20000",), ("2000",), ("pyoxigraph", "pyshacl", "pyrudof")),
    "shacl-1m": Benchmark("bench_shacl.py", ("1000000",), ("2000",), ("pyoxigraph", "pyrudof")),
    "shacl-10m": Benchmark(
        "bench_shacl.py", ("10000000", "--only", "compiled"), ("2000", "--only", "compiled"), ("pyoxigraph",)
    ),
    "rebuild": Benchmark("bench_rebuild.py", ("DIR", "10000"), ("DIR", "10", "1"), ("pyoxigraph",)),
    "load": Benchmark("bench_load.py", ("1000000", "1"), ("10000", "1"), ("pyoxigraph",)),
    "load-10m": Benchmark(
        "bench_load.py",
        ("10000000", "1", "engine, as it is", "kgtool load --no-union"),
        ("10000", "1"),
        ("pyoxigraph",),
    ),
    "evidence": Benchmark(
        "bench_evidence.py", ("10000", "100000", "1000000"), ("10000", "--rounds", "2"), ("pyoxigraph",)
    ),
    "reconcile": Benchmark("bench_reconcile.py", (), ("1",), ("pyoxigraph", "uvicorn")),
}


def run(name: str, *, quick: bool = False) -> str:
    """Run a benchmark, and return what it printed, in Markdown, below what it was run with.

    :raises subprocess.CalledProcessError: if it fails; its messages are on stderr.
    """
    benchmark = BENCHMARKS[name]
    arguments = benchmark.quick if quick else benchmark.full
    about = described(benchmark.packages)
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        command = [sys.executable, str(Path(__file__).with_name(benchmark.script))]
        command += [folder if argument == "DIR" else argument for argument in arguments]
        done = subprocess.run(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=True)
    words = shlex.join([f"tests/benchmarks/{benchmark.script}", *arguments])
    return f"`python {words}` on {about}.\n\n{done.stdout.strip()}\n"


def replaced(page: str, name: str, printed: str) -> str:
    """Put what a benchmark printed between its marks in a page.

    :raises ValueError: if the page has no such marks.
    """
    marks = re.compile(rf"(<!-- begin {re.escape(name)} -->\n).*?(<!-- end {re.escape(name)} -->\n)", re.DOTALL)
    if not marks.search(page):
        raise ValueError(f"{PAGE.name} has no marks <!-- begin {name} --> and <!-- end {name} -->")
    return marks.sub(lambda found: f"{found[1]}{printed}{found[2]}", page)


def main() -> None:
    """Run them, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"by default all: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="at their smallest, to stdout")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in given.names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)
        printed = run(name, quick=given.quick)
        if given.quick:
            print(f"## {name}\n\n{printed}", flush=True)
        else:
            # Read again each time: what was measured is kept, whatever happens to the next.
            PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), name, printed), encoding="utf-8")


if __name__ == "__main__":
    main()
