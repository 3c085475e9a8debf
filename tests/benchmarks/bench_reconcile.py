"""Reconciling over HTTP: batches of ten names of the graph's own entities, as they are and misspelt.

Run it by hand::

    python tests/benchmarks/bench_reconcile.py [ROUNDS]

It starts ``kgtool serve`` with one worker and without a cache, and sends every name in three languages in batches of
ten over one connection; the batches are mixed anew each round, the same in every run. Milliseconds a batch. Then
without a server, in milliseconds of the processor: what does not depend on what else the machine does.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time

import httpx

from kgtool.build import open_built
from kgtool.explorer.dataset import base_of
from kgtool.namespaces import SKOS, read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.reconcile import Source, read_batch, reconcile
from kgtool.store.drafts import read_files
from kgtool.store.embedded import EmbeddedStore

_BATCH = 10


def _names() -> list[str]:
    store = read_files([str(file) for file in Project(shipped_root()).entity_files()])
    store.unite(without=[])
    rows = store.query(f"SELECT DISTINCT ?name {{ ?thing <{SKOS}prefLabel> ?name }} ORDER BY ?name").rows()
    return [name.value for (name,) in rows if name is not None]


def _misspelt(name: str, chosen: random.Random) -> str:
    place = chosen.randrange(len(name))
    return name[:place] + name[place + 1 :] or name


def _measure(client: httpx.Client, names: list[str]) -> list[float]:
    taken = []
    for start in range(0, len(names), _BATCH):
        queries = {f"q{place}": {"query": name} for place, name in enumerate(names[start : start + _BATCH])}
        data = {"queries": json.dumps(queries)}
        begun = time.perf_counter()
        response = client.post("/reconcile", data=data)
        taken.append(1000 * (time.perf_counter() - begun))
        assert response.status_code == 200, response.text
    return taken


def _measure_function(source: Source, names: list[str]) -> list[float]:
    taken = []
    for start in range(0, len(names), _BATCH):
        queries = json.dumps({str(place): {"query": name} for place, name in enumerate(names[start : start + _BATCH])})
        begun = time.process_time()
        json.dumps(reconcile(source, read_batch(queries)))
        taken.append(1000 * (time.process_time() - begun))
    return taken


def _show(what: str, taken: list[float]) -> None:
    taken.sort()
    p50, p95, p99 = (taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.5, 0.95, 0.99))
    print(f"| {what} | {len(taken)} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {taken[-1]:.1f} |")


def main() -> None:
    """Start a server, measure, print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    chosen, names = random.Random(4), _names()
    command = [sys.executable, "-m", "kgtool", "serve", "--port", "0", "--workers", "1", "--cache-mb", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ), cwd=shipped_root())
    assert server.stderr is not None
    try:
        address = next(found[1] for line in server.stderr if (found := re.search(r"at (http://\S+:\d+)/", line)))
        with httpx.Client(base_url=address, timeout=60) as client:
            _measure(client, names[:_BATCH])
            exact, near = [], []
            for _ in range(rounds):
                chosen.shuffle(names)
                exact += _measure(client, names)
                near += _measure(client, [_misspelt(name, chosen) for name in names])
        print(f"{_BATCH} names a batch, milliseconds.\n")
        print("| names | batches | p50 | p95 | p99 | most |\n|---|---:|---:|---:|---:|---:|")
        _show("as they are, over HTTP", exact)
        _show("misspelt, over HTTP", near)
    finally:
        server.terminate()
        server.wait(timeout=20)
    project = Project(shipped_root())
    opened = open_built(project)
    store = opened.in_memory() if isinstance(opened, EmbeddedStore) else opened
    source = Source(store, prefixes=read_prefixes(project.prefixes_file), base=base_of(store))
    _measure_function(source, names[:_BATCH])
    _show("as they are, of the processor", [one for _ in range(rounds) for one in _measure_function(source, names)])
    misspelt = [[_misspelt(name, chosen) for name in names] for _ in range(rounds)]
    _show("misspelt, of the processor", [one for some in misspelt for one in _measure_function(source, some)])


if __name__ == "__main__":
    main()
