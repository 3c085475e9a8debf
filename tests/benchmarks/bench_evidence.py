"""What the proof of an answer takes beside the answer itself, on disk and in memory, as the graph grows.

Run it by hand::

    python tests/benchmarks/bench_evidence.py [TRIPLES…] [--rounds N]

The generated nation, its union, and a derived figure for every park's year that has what it is derived from. Each
query and its proof are run in turn; times are the processor's, so that what else the machine does is left out as far as
can be: medians and quartiles, and the median of how many times the query the proof took. "look-ups" are the queries
that the proof sent, run once more by pyoxigraph alone and written by it: what no program around the engine can save.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

import pyoxigraph

from kgtool.evidence.proof import Proven, prove
from kgtool.load import load
from kgtool.namespaces import IP, PROV, SKOS, XSD
from kgtool.store.embedded import EmbeddedStore, open_folder
from tests.benchmarks.generate import BASE, Quad, generate, plan

_INDICATOR = "https://w3id.org/industrial-park/indicator/"
_PREFIXES = f"PREFIX ip: <{IP}> PREFIX skos: <{SKOS}> PREFIX i: <{_INDICATOR}> "

#: What is asked for, by kind.
QUERIES = {
    "sorted: five patterns, 1,000 rows": (
        "SELECT ?park ?name ?figure ?value ?period { ?figure ip:indicator i:gross-output ; ip:subject ?park ;"
        " ip:value ?value ; ip:period ?period . ?park skos:prefLabel ?name FILTER(LANG(?name) = 'en') }"
        " ORDER BY DESC(?value) ?figure LIMIT 1000"
    ),
    "cheap: three patterns, 1,000 rows": (
        "SELECT ?figure ?park ?value { ?figure ip:indicator i:gross-output ; ip:subject ?park ; ip:value ?value }"
        " LIMIT 1000"
    ),
    "a sum per park, 100 rows": (
        "SELECT ?park (SUM(?value) AS ?sum) { ?figure ip:indicator i:gross-output ; ip:subject ?park ;"
        " ip:value ?value } GROUP BY ?park ORDER BY DESC(?sum) LIMIT 100"
    ),
    "derived: 100 rows": (
        "SELECT ?figure ?value { ?figure ip:indicator i:value-added-rate ; ip:value ?value }"
        " ORDER BY DESC(?value) ?figure LIMIT 100"
    ),
}


class Run(NamedTuple):
    """A query beside its proof: seconds of each round."""

    rows: int
    sentences: int
    asked: list[float]
    proved: list[float]
    looked_up: list[float]


def with_derived(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Add what is derived: a park's value added as a share of its output, where a year has both."""
    nodes: dict[str, dict[str, str]] = {}
    for quad in quads:
        yield quad
        node, predicate, value, _ = quad
        kind = value[1:-1].removeprefix(_INDICATOR)
        if predicate == f"<{IP}indicator>" and kind in {"gross-output", "value-added"} and "-growth" not in node:
            nodes.setdefault(node.replace(f"-{kind}", ""), {})[kind] = node
    graph = f"<{BASE}graph/derived>"
    for number, (name, found) in enumerate(nodes.items()):
        if len(found) == 2:
            node = f"{name[:-1]}-rate>"
            yield node, f"<{IP}indicator>", f"<{_INDICATOR}value-added-rate>", graph
            yield node, f"<{IP}value>", f'"{number % 9973 / 100}"^^<{XSD}decimal>', graph
            yield node, f"<{IP}formula>", '"value added / output"', graph
            for source in found.values():
                yield node, f"<{PROV}wasDerivedFrom>", source, graph


class _Noting(EmbeddedStore):
    """A store that notes what it is asked."""

    def __init__(self, store: EmbeddedStore) -> None:
        super().__init__(store._store)
        self.texts: list[str] = []

    def query(self, text: str, **given: Any) -> Any:
        self.texts.append(text)
        return super().query(text, **given)


def measure(store: EmbeddedStore, query: str, rounds: int) -> Run:
    """Run a query and its proof in turn, after once to warm up."""
    noting = _Noting(store)
    proven = prove(noting, query)
    assert [row.row for row in proven.rows] == list(store.query(query).rows())
    assert all(row.evidence for row in proven.rows)
    asked, proved, looked_up = [], [], []
    for _ in range(rounds):
        asked.append(_seconds(lambda: list(store.query(query).rows())))
        proved.append(_seconds(lambda: prove(store, query)))
        looked_up.append(_seconds(lambda: _ask_engine(store, noting.texts)))
    return Run(len(proven.rows), _sentences(proven), asked, proved, looked_up)


def _ask_engine(store: EmbeddedStore, texts: Iterable[str]) -> None:
    for text in texts:
        answer: Any = store._store.query(text)
        answer.serialize(format=pyoxigraph.QueryResultsFormat.TSV)


def _sentences(proven: Proven) -> int:
    return len({item.passage.sentence for row in proven.rows for item in row.evidence})


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def table(triples: int, runs: dict[tuple[str, str], Run]) -> str:
    """Write a size's times in milliseconds as a Markdown table."""
    lines = [
        f"{triples:,} quads and their union; ms of the processor (quartiles).",
        "",
        "| query | store | rows, sentences | asked | proved | of the query | look-ups, engine alone |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    for (kind, where), run in runs.items():
        times = median(proof / query for proof, query in zip(run.proved, run.asked, strict=True))
        cells = [kind, where, f"{run.rows:,}, {run.sentences:,}", _spread(run.asked), _spread(run.proved)]
        lines.append(f"| {' | '.join([*cells, f'{times:.1f}', _spread(run.looked_up)])} |")
    return "\n".join(lines) + "\n"


def _spread(seconds: list[float]) -> str:
    lower, middle, upper = (1000 * one for one in quantiles(seconds, n=4, method="inclusive"))
    return f"{middle:.0f} ({lower:.0f}–{upper:.0f})"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("triples", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    for triples in given.triples:
        with tempfile.TemporaryDirectory() as folder:
            file, number = Path(folder) / "nation.nq", 0
            with file.open("w", encoding="utf-8") as stream:
                for number, quad in enumerate(with_derived(generate(plan(triples))), 1):  # noqa: B007
                    stream.write(f"{' '.join(quad)} .\n")
            load([file], Path(folder) / "built", prefixes={}, index=False)
            disk = open_folder(Path(folder) / "built")
            stores = {"disk": disk, "memory": disk.in_memory()}
            runs = {
                (kind, where): measure(store, _PREFIXES + query, given.rounds)
                for kind, query in QUERIES.items()
                for where, store in stores.items()
            }
            print(table(number, runs), flush=True)


if __name__ == "__main__":
    main()
