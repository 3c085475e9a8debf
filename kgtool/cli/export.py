"""``kgtool export``."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Self

import click

from kgtool.cli.quick import write_result
from kgtool.cli.session import Session, pass_session, store_option
from kgtool.errors import StoreError
from kgtool.export import EXPORTERS, Exporter, exporter_named, write_export
from kgtool.export import export as write_file
from kgtool.labels import LANGUAGES
from kgtool.namespaces import read_prefixes
from kgtool.network import MODALITIES, Network, read_network

__all__ = ["export"]


class _Help(click.Command):
    """A command whose help lists the formats."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        with formatter.section("Formats"):
            formatter.write_dl([(exporter.name, exporter.title) for exporter in EXPORTERS.values()])


@click.command(cls=_Help, epilog="Example: kgtool export gexf -o kunming.gexf --lang en --exclude ip:Indicator")
@click.argument("form", metavar="FORMAT", type=click.Choice(list(EXPORTERS)))
@click.option("-o", "--output", metavar="FILE", required=True, help="The file (or folder) to write; - is stdout.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language of labels; all are written as attributes.")
@click.option("--include", metavar="NAME", multiple=True, help="Only this class or predicate; may be repeated.")
@click.option("--exclude", metavar="NAME", multiple=True, help="Not this class or predicate; may be repeated.")
@click.option("--around", metavar="ENTITY", help="Only what is near this thing: a label, a CURIE or an IRI.")
@click.option("--hops", type=click.IntRange(0), metavar="N", help="How near, in edges. Default: 1.")
@click.option(
    "--query",
    "query_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The edges: a CONSTRUCT query, or SELECT ?source ?target.",
)
@click.option("--modality", multiple=True, type=click.Choice(list(MODALITIES)), help="Only edges meant so; repeatable.")
@click.option("--literals", is_flag=True, help="Give nodes all their literal properties as attributes.")
@click.option("--measures", is_flag=True, help="Give nodes their centralities and communities as attributes.")
@click.option("--variant", metavar="NAME", help="Another way to write the format: see the list below.")
@store_option
@pass_session
def export(
    session: Session,
    form: str,
    output: str,
    lang: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    around: str | None,
    hops: int | None,
    query_file: Path | None,
    modality: tuple[str, ...],
    literals: bool,
    measures: bool,
    variant: str | None,
    location: str | None,
) -> None:
    """Write the graph in FORMAT, for another program.

    Things become nodes and what relates them edges, each with the sentences that say so. The file is complete or not
    there at all.
    """
    if hops is not None and around is None:
        raise click.UsageError("--hops says how far from --around; give that too")
    exporter = exporter_named(form)
    if not exporter.parts:
        exporter.writer(variant)  # an unknown variant is refused before the graph is read
    elif variant is not None:
        raise click.UsageError(f"format '{form}' has no variants")
    if output == "-" and form in {"png", "parquet"} and sys.stdout.isatty():
        raise StoreError(f"'{form}' is no text", hint="give a file with -o, or pipe stdout somewhere")
    network = read_network(
        session.open(location),
        prefixes=read_prefixes(session.project.prefixes_name),
        lang=lang,
        include=include,
        exclude=exclude,
        around=around,
        hops=1 if hops is None else hops,
        query=None if query_file is None else query_file.read_text(encoding="utf-8"),
        query_file=query_file,
        modality=modality,
        literals=literals,
    )
    if measures:
        from kgtool.analyse import with_measures

        network = with_measures(network)
    with _Progress(network, quiet=session.quiet) as progress:
        watched = network.watched(progress.advance)
        if output == "-":
            write_result(lambda stream: write_export(watched, exporter, stream, variant=variant))
        else:
            write_file(watched, form, output, variant=variant)
    session.say(f"{network.node_count} nodes, {network.edge_count} edges" + ("" if output == "-" else f": {output}"))
    part = "take a part with --around, --include or --exclude"
    if exporter.limit is not None and network.edge_count > exporter.limit:
        session.say(f"{form} is drawn up to {exporter.limit} edges; {part}")
    elif exporter.length is not None and (length := _length(network, exporter)) > exporter.length:
        session.say(f"{form} is drawn up to a length of {exporter.length}, and this is {length} long; {part}")
    if form == "geojson":
        _say_what_is_placed(session, network)


def _length(network: Network, exporter: Exporter) -> int:
    """Return how long an export is, as JavaScript counts."""
    text = io.BytesIO()
    write_export(network, exporter, text)
    return len(text.getvalue().decode().encode("utf-16-le")) // 2


def _say_what_is_placed(session: Session, network: Network) -> None:
    """Say how many things have coordinates, and how many those of something that is only near the same."""
    placed = [node.place_by for node in network.nodes() if node.longitude is not None]
    close = sum(link.endswith("closeMatch") for link in placed)
    if not placed:
        session.say("nothing in this graph has coordinates, so the collection is empty")
    elif close:
        session.say(f"{len(placed)} places, {close} of them by skos:closeMatch: see their property coordinatesBy")
    else:
        session.say(f"{len(placed)} places")


class _Progress:
    """A bar on a terminal, once an export takes a while; nothing elsewhere."""

    def __init__(self, network: Network, *, quiet: bool) -> None:
        self._total = network.node_count + network.edge_count
        self._bar = None
        if not quiet and sys.stderr.isatty() and self._total > 20_000:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("nodes and edges", total=self._total)
        return self

    def advance(self, number: int) -> None:
        """Say that so many more nodes or edges were written."""
        if self._bar is not None:
            self._bar.advance(self._task, number)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
