"""One article among many is changed: what the next build takes, beside a build of everything.

    python tests/benchmarks/bench_rebuild.py DIR 10000 [changes]

Writes a project of so many articles of six sentences to DIR/nation, if it is not there, and builds it in DIR/builds; a
build that was stopped goes on. Then it changes a figure in one article after the other and builds after each. Every
build is a process of its own. Prints a table in Markdown: seconds by the clock and of the processor, its children's
too.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from kgtool.build import build
from kgtool.project import Project
from tests.benchmarks.generate import plan, write_project

#: Triples of an article of six sentences, in the words of ``generate.plan``.
_PER_ARTICLE = 850 / 4


def main() -> None:
    if sys.argv[1] == "--one":
        print(json.dumps(_build(Path(sys.argv[2]))))
        return
    folder, articles = Path(sys.argv[1]), int(sys.argv[2])
    if not (folder / "nation").exists():
        write_project(plan(round(articles * _PER_ARTICLE), sentences=6), folder / "nation")
    full = _measured(folder)
    print(
        "| build | s by the clock | s of the processor | of everything, clock | processor |\n|---|---:|---:|---:|---:|"
    )
    print(f"| everything: {_told(full)} | {full['clock']:.1f} | {full['cpu']:.1f} | 100 % | 100 % |", flush=True)
    choose = random.Random(1)
    for number in range(int(sys.argv[3]) if len(sys.argv) > 3 else 3):
        _change(choose.choice(sorted((folder / "nation/graph/articles").iterdir())) / "facts.trig")
        one = _measured(folder)
        shares = (f"{100 * one[key] / full[key]:.2f} %" for key in ("clock", "cpu"))
        print(
            f"| one article, the {number + 1}. | {one['clock']:.1f} | {one['cpu']:.1f} | {' | '.join(shares)} |",
            flush=True,
        )


def _change(file: Path) -> None:
    """Let an article say of a title that it was filed, not granted, or the other way round."""
    text = file.read_text(encoding="utf-8")
    old, new = ("#Granted>", "#Filed>") if "#Granted>" in text else ("#Filed>", "#Granted>")
    file.write_text(text.replace(old, new).replace("（", "（改", 2), encoding="utf-8")


def _measured(folder: Path) -> dict[str, float]:
    done = subprocess.run([sys.executable, __file__, "--one", str(folder)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _build(folder: Path) -> dict[str, float]:
    begun = time.perf_counter()
    result = build(Project(folder / "nation"), into=folder / "builds")
    used = os.times()
    cpu = used.user + used.system + used.children_user + used.children_system
    size = sum(file.stat().st_size for file in result.folder.rglob("*") if file.is_file()) / 1e6
    quads = sum(result.counts.values())
    return {"clock": time.perf_counter() - begun, "cpu": cpu, "triples": result.total, "quads": quads, "size": size}


def _told(one: dict[str, float]) -> str:
    return f"{one['triples']:,.0f} triples, {one['quads']:,.0f} quads in graphs, {one['size']:.0f} MB"


if __name__ == "__main__":
    main()
