"""Loading into a store on disk: ``kgtool load`` and the engine's own bulk loader in turn, each in its own process.

    python tests/benchmarks/bench_load.py 1000000 [rounds [WAY…]]

The engine is given the same quads: the file as it is, and for the union a file that has every triple in the default
graph as well. Prints a table in Markdown: seconds by the clock and of the processor, the most memory, the names'
index. Ways may be named after the rounds: 'engine, as it is' 'kgtool load --no-union'.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from shutil import copyfileobj, rmtree
from statistics import median

from tests.benchmarks.generate import generate, plan, write_quads

#: A way to load: its name, the file it reads, the way it is compared with.
WAYS = {
    "engine, as it is": ("plain.nq", None),
    "kgtool load --no-union": ("plain.nq", "engine, as it is"),
    "engine, with the union": ("union.nq", None),
    "kgtool load": ("plain.nq", "engine, with the union"),
    "kgtool load, gzip": ("plain.nq.gz", "engine, with the union"),
    "kgtool load, Zstandard": ("plain.nq.zst", "engine, with the union"),
}


def main() -> None:
    if sys.argv[1] == "--one":
        print(json.dumps(_run(sys.argv[2], Path(sys.argv[3]))))
        return
    triples, rounds = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2
    ways = sys.argv[3:] or list(WAYS)
    with tempfile.TemporaryDirectory() as folder:
        _make_files(triples, Path(folder))
        found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
        for number in range(rounds):
            # There and back: what one leaves to be written to the disk slows the next.
            for way in ways[:: -1 if number % 2 else 1]:
                command = [sys.executable, __file__, "--one", way, folder]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                found[way].append(json.loads(done.stdout))
                print(way, done.stdout.strip(), file=sys.stderr)
    _check(found)
    print("| way | s | s of the processor | peak MB | of the engine, by the clock | index, s | names/s |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for way, runs in found.items():
        mid = {key: median(run[key] for run in runs) for key in ("clock", "cpu", "mb", "index", "names")}
        than = WAYS[way][1]
        share = "" if than not in found else f"{100 * median(run['clock'] for run in found[than]) / mid['clock']:.0f} %"
        index = f"{mid['index']:.1f}" if mid["index"] else ""
        rate = f"{mid['names'] / mid['index']:.0f}" if mid["index"] else ""
        cpu = f"{mid['cpu']:.1f}" if mid["cpu"] else ""
        print(f"| {way} | {mid['clock']:.1f} | {cpu} | {mid['mb']:.0f} | {share} | {index} | {rate} |")


def _make_files(triples: int, folder: Path) -> None:
    import gzip

    from backports import zstd

    nation = plan(triples)
    for name, union in (("plain.nq", False), ("union.nq", True)):
        with (folder / name).open("w", encoding="utf-8") as stream:
            write_quads(generate(nation), stream, union=union)
    with (folder / "plain.nq").open("rb") as plain, gzip.open(folder / "plain.nq.gz", "wb", 1) as packed:
        copyfileobj(plain, packed)
    with (folder / "plain.nq").open("rb") as plain, zstd.open(folder / "plain.nq.zst", "wb") as packed:
        copyfileobj(plain, packed)


def _run(way: str, folder: Path) -> dict[str, float]:
    import pyoxigraph

    from kgtool.load import load

    file, out = folder / WAYS[way][0], folder / "out"
    index, used, begun = 0.0, time.process_time(), time.perf_counter()
    if way.startswith("engine"):
        out.mkdir()
        engine = pyoxigraph.Store(str(out / "store"))
        with file.open("rb") as stream:
            engine.bulk_load(stream, pyoxigraph.RdfFormat.N_QUADS)
        engine.flush()
        clock, cpu = time.perf_counter() - begun, time.process_time() - used
        del engine
    else:
        loaded = load([file], out, prefixes={}, union="no-union" not in way, index=way == "kgtool load")
        clock, index = loaded.seconds, loaded.index_seconds or 0.0
        cpu = 0.0 if index else time.process_time() - used
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    store = pyoxigraph.Store.read_only(str(out / "store"))
    size = sum(part.stat().st_size for part in (out / "store").iterdir()) / 1e6
    names = _names(out / "store.names") if index else 0
    result = {"clock": clock, "cpu": cpu, "mb": peak, "index": index, "quads": len(store), "size": size}
    result["names"] = names
    rmtree(out)
    return result


def _names(file: Path) -> int:
    """Count the names of an index."""
    with closing(sqlite3.connect(file)) as index:
        (count,) = index.execute("SELECT SUM(json_array_length(spellings)) FROM form").fetchone()
        return int(count or 0)


def _check(found: dict[str, list[dict[str, float]]]) -> None:
    """See to it that both ways led to as many quads."""
    for way, (_, than) in WAYS.items():
        if way in found and than in found:
            assert found[way][0]["quads"] == found[than][0]["quads"], f"{way} and {than} differ"


if __name__ == "__main__":
    main()
