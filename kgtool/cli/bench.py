"""``kgtool bench``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import click

from kgtool.bench import Timing, mean_ratio, measure
from kgtool.cli.build import Bar
from kgtool.cli.session import Session, pass_session
from kgtool.namespaces import read_prefixes
from kgtool.queries.catalogue import find_query, read_catalogue
from kgtool.store import Store
from kgtool.store.embedded import EmbeddedStore
from kgtool.table import render_table, visible

__all__ = ["bench"]


@click.command(epilog="Example: kgtool bench leading-industries figures-of --rounds 5")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--store",
    "locations",
    metavar="LOCATION",
    multiple=True,
    help="A store to measure: RDF files, a folder with a store, a SPARQL endpoint; may be repeated.",
)
@click.option("--rounds", type=click.IntRange(1), default=9, show_default=True, help="How often each is asked.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", help="Default: table.")
@pass_session
@click.pass_context
def bench(
    ctx: click.Context, session: Session, names: tuple[str, ...], locations: tuple[str, ...], rounds: int, form: str
) -> None:
    """Time the saved queries, all of them or those named, on several stores side by side.

    Stores are asked in turns, each query with the defaults of its parameters. The project's own store comes first and
    ratios are to it: 2 is twice as long. Without --store it is compared with itself in memory. Exits 1 if a store
    answers otherwise than the first, or not at all.
    """
    project = session.project
    queries = [find_query(project, name) for name in names] if names else list(read_catalogue(project).values())
    own = session.open()
    stores: dict[str, Store] = {project.root.name: own}
    stores.update((location, session.open(location)) for location in locations)
    if not locations and isinstance(own, EmbeddedStore):
        stores["in memory"] = own.in_memory()
    with Bar(quiet=session.quiet) as bar:
        timings = measure(
            stores, queries, prefixes=read_prefixes(project.prefixes_file), rounds=rounds, progress=bar.show
        )
    print(_FORMATS[form](timings), end="")
    ctx.exit(1 if any(timing.differs or timing.problem for timing in timings) else 0)


def _table(timings: Sequence[Timing]) -> str:
    rows = [
        (one.query, one.store, str(one.rows), f"{one.median:.2f}", f"{one.lower:.2f}–{one.upper:.2f}",
         f"{one.ratio:.2f}" if one.ratio else "", "another answer" if one.differs else "")
        if one.problem is None
        else (one.query, one.store, "", "", "", "", visible(one.problem[:100]))
        for one in timings
    ]  # fmt: skip
    table = render_table(["query", "store", "rows", "ms", "quartiles", "ratio", ""], rows, right=[2, 3, 4, 5])
    means = [(name, mean_ratio(one for one in timings if one.store == name)) for name in _stores(timings)]
    lines = [f"{name}: {mean:.2f} times as long, all queries together" for name, mean in means[1:] if mean]
    return "\n".join([table, *lines, ""]) if lines else table


def _stores(timings: Sequence[Timing]) -> list[str]:
    return list(dict.fromkeys(one.store for one in timings))


def _csv(timings: Sequence[Timing]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(Timing._fields)
    writer.writerows(timings)
    return stream.getvalue()


def _json(timings: Sequence[Timing]) -> str:
    return json.dumps([one._asdict() for one in timings], ensure_ascii=False, indent=2) + "\n"


_FORMATS = {"table": _table, "csv": _csv, "json": _json}
