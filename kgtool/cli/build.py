"""``kgtool build``."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from kgtool.build import build as build_store
from kgtool.cli.session import Session, pass_session
from kgtool.table import render_table

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Bar", "build", "graph_rows"]

#: Seconds after which a build is long enough for a progress bar.
_PATIENCE = 1.0

_SENTENCE = re.compile(r"(.*/article/[^/]+)/s[0-9]+")


@click.command(epilog="Example: kgtool build")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@click.option("--engine", type=click.Choice(["embedded", "spark"]), default="embedded", help="Default: embedded.")
@click.option("-o", "--output", metavar="DIR", help="With spark: the folder to write, a new one.")
@click.option("--master", metavar="URL", help="With spark: the cluster, spark://HOST:PORT.")
@click.option("--partitions", type=click.IntRange(1), metavar="N", help="With spark: parts the articles are dealt in.")
@click.option("--no-validate", is_flag=True, help="With spark: do not look for what is wrong.")
@click.option(
    "--articles", metavar="TABLE", help="With spark: articles packed into a table, not the project's folders."
)
@click.option("--quads", metavar="FILE", multiple=True, help="With spark: N-Quads of other builds, to be joined in.")
@click.option("--texts", metavar="DIR", help="With spark: texts, SLUG.txt, to measure what articles cover.")
@click.option(
    "--links-to",
    metavar="[NAME=]TARGET",
    multiple=True,
    help="With spark: propose links, as 'kgtool link suggest TARGET --to NAME' does; may be repeated.",
)
@pass_session
@click.pass_context
def build(
    ctx: click.Context,
    session: Session,
    form: str,
    engine: str,
    output: str | None,
    master: str | None,
    partitions: int | None,
    no_validate: bool,
    articles: str | None,
    quads: tuple[str, ...],
    texts: str | None,
    links_to: tuple[str, ...],
) -> None:
    """Build the store from the project's files and print the triples per graph.

    A project whose files have not changed since is not built again. The store is kept in $KGTOOL_CACHE, else in
    $XDG_CACHE_HOME/kgtool, else in ~/.cache/kgtool.

    With --engine spark, a Spark cluster makes the same quads from as many articles as it has machines for, and writes
    them to DIR as compressed parts for the bulk loader of a store. It validates them as 'kgtool validate' does; what is
    wrong is in DIR/report.json, and it exits 1 if there are violations. Links that it proposes are in DIR/proposals/.
    """
    options: dict[str, Any] = {"master": master, "partitions": partitions, "no_validate": no_validate}
    options |= {"articles": articles, "quads": quads, "texts": texts, "links_to": links_to}
    if engine == "spark":
        if output is None:
            raise click.UsageError("--engine spark writes to a folder; name it with --output DIR")
        ctx.exit(_build_on_cluster(session, form, output, **options))
    if output or any(options.values()):
        raise click.UsageError(f"{_listed(['output', *options])} go with --engine spark")
    with Bar(quiet=session.quiet) as bar:
        result = build_store(session.project, progress=bar.show)
    done = "nothing has changed since" if result.reused else f"built in {result.seconds:.1f} s"
    session.say(f"{done}: {result.folder}")
    if form == "json":
        record = {
            "folder": str(result.folder),
            "hash": result.hash,
            "reused": result.reused,
            "seconds": round(result.seconds, 3),
            "total": result.total,
            "graphs": result.counts,
        }
        print(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        rows = [*graph_rows(result.counts), ("the default graph, each triple once", str(result.total))]
        print(render_table(["graph", "triples"], rows, right=[1]), end="")


def _listed(options: Iterable[str]) -> str:
    names = [f"--{name.replace('_', '-')}" for name in options]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _build_on_cluster(session: Session, form: str, output: str, **options: Any) -> int:
    from kgtool.build.cluster import build_on_cluster
    from kgtool.spark import open_session

    validate, master = not options.pop("no_validate"), options["master"]
    targets = dict(map(_target, options.pop("links_to")))
    # Started once, where it is needed for both.
    with open_session("kgtool build", master) if targets else nullcontext():
        result = build_on_cluster(session.project, output, validate=validate, told=session.say, **options)
        for name, location in targets.items():
            session.say(f"looking for the graph's things in {location}")
            _propose(session, name, location, result.folder, master)
    session.say(f"built in {result.seconds:.1f} s: {result.folder}")
    if result.unjudged:
        session.say(f"{len(result.unjudged)} rules need too much at once and were not judged: see report.json")
    found = result.findings or {}
    if form == "json":
        print(json.dumps(result._asdict(), ensure_ascii=False, indent=2))
    else:
        rows = [("articles", result.articles), ("quads of named graphs", result.quads)]
        rows += [("default graph", result.triples), *((f"{name}s", number) for name, number in found.items())]
        print(render_table(["what", "number"], [(what, str(number)) for what, number in rows], right=[1]), end="")
    return 1 if found.get("violation") else 0


def _target(given: str) -> tuple[str, str]:
    """Read ``[NAME=]TARGET``: the name of its linkset, and where it is."""
    from kgtool.link.suggest import target_for

    name, equals, location = given.partition("=")
    if not equals:
        return target_for(given, None).name, given
    return target_for(location, name).name, location


def _propose(session: Session, name: str, location: str, folder: str, master: str | None) -> None:
    from kgtool.cli.linksuggest import write_proposals
    from kgtool.link.suggest import suggest

    file = Path(folder) / "proposals" / f"{name}.sssom.tsv"
    found = suggest(session.project, location, to=name, engine="spark", master=master)
    session.say(f"{file}: {write_proposals(found, file)}")


def graph_rows(counts: dict[str, int]) -> list[tuple[str, str]]:
    """Return the triples per graph as rows: named from the base on, the sentences of an article in one row."""
    sentences: dict[str, list[int]] = {}
    others: dict[str, int] = {}
    base = next((graph.removesuffix("graph/dataset") for graph in counts if graph.endswith("/graph/dataset")), "")
    for graph, number in counts.items():
        name = graph.removeprefix(base)
        match = _SENTENCE.fullmatch(graph)
        if match:
            sentences.setdefault(match[1].removeprefix(base), []).append(number)
        else:
            others[name] = number
    rows = [(f"{article}/s… ({len(numbers)} sentences)", str(sum(numbers))) for article, numbers in sentences.items()]
    return [*rows, *((name, str(number)) for name, number in others.items())]


class Bar:
    """A progress bar that appears on a terminal, and only when a build takes long."""

    def __init__(self, *, quiet: bool) -> None:
        self._wanted = sys.stderr.isatty() and not quiet
        self._begun = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, done: int, total: int, what: str) -> None:
        if not self._wanted or time.monotonic() - self._begun < _PATIENCE:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            columns = (BarColumn(), TextColumn("{task.completed}/{task.total} {task.description}"))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task("")
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done, total=total, description=what)
