"""``kgtool link suggest``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgtool.cli.session import Session, pass_session

if TYPE_CHECKING:
    from kgtool.link.suggest import Suggested

__all__ = ["suggest_links", "write_proposals"]


def write_proposals(found: Suggested, file: Path) -> str:
    """Write what was found to a file, and say how much that is."""
    from kgtool.linksets import write_linkset

    file.parent.mkdir(parents=True, exist_ok=True)
    write_linkset(found.proposals, file)
    return f"{len(found.proposals.links)} proposals for {found.ours} things among {found.records} records"


@click.command("suggest", epilog="Example: kgtool link suggest graph/links/eurovoc.sssom.tsv")
@click.argument("location", metavar="TARGET")
@click.option(
    "--to", metavar="NAME", help="The linkset that the target is of, as eurovoc, where its format does not say."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Default: proposals/NAME.sssom.tsv."
)
@click.option("--service", is_flag=True, help="TARGET is a reconciliation service, not a SPARQL endpoint.")
@click.option("--type", "class_", metavar="IRI", default="", help="Of a graph, only the things of this class.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.8,
    help="Least probability: 0.8.",
)
@click.option("--limit", type=click.IntRange(1), default=3, help="Most candidates of each thing: 3.")
@click.option("--model", type=click.Path(path_type=Path), metavar="FILE", help="Settings for Splink, not kgtool's own.")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="Default: duckdb, in process.")
@click.option("--master", metavar="URL", help="The Spark cluster. Default: this machine.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Default: 60.")
@pass_session
def suggest_links(
    session: Session,
    location: str,
    to: str | None,
    output: Path | None,
    service: bool,
    class_: str,
    threshold: float,
    limit: int,
    model: Path | None,
    engine: str,
    master: str | None,
    timeout: float | None,
) -> None:
    """Look for the graph's things in TARGET, and propose links, each with its score and the reasons.

    TARGET is a table (CSV, TSV, Parquet), RDF (N-Triples, Turtle), SSSOM, a dump of GeoNames (.txt, .zip) or Wikidata
    (JSON lines), or the address of a SPARQL endpoint or reconciliation service. What is linked or was rejected is not
    proposed again. Proposals are no links: 'kgtool link review FILE' shows them to a person.
    """
    from kgtool.link.suggest import suggest, target_for

    name = target_for(location, to).name
    if output is None:
        session.project.refuse_if_installed()
    file = output or session.project.root / "proposals" / f"{name}.sssom.tsv"
    found = suggest(
        session.project,
        location,
        to=name,
        service=service,
        type=class_,
        model=model,
        engine=engine,
        master=master,
        threshold=threshold,
        limit=limit,
        timeout=timeout,
    )
    shown = session.project.relative(file.absolute())
    print(f"{shown}: {write_proposals(found, file)}")
    if found.left_out:
        session.say(f"left out {found.left_out}: linked or rejected already, or not to be linked")
    if found.proposals.links:
        session.say(f"nothing is linked yet: kgtool link review {shown} --by AUTHOR")
