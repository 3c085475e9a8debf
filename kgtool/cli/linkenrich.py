"""``kgtool link enrich``."""

from __future__ import annotations

import click

from kgtool.cli.build import Bar
from kgtool.cli.session import Session, pass_session

__all__ = ["enrich"]


@click.command(epilog="Example: kgtool link enrich wikidata --from latest-all.json.bz2")
@click.argument("target")
@click.option(
    "--from",
    "location",
    metavar="LOCATION",
    required=True,
    help="api.php of a Wikibase, a SPARQL endpoint, a dump of Wikidata or GeoNames, or RDF files.",
)
@click.option("--licence", metavar="IRI", default="", help="The licence of the data, where kgtool does not know it.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Default: 60.")
@pass_session
@click.pass_context
def enrich(
    ctx: click.Context, session: Session, target: str, location: str, licence: str, timeout: float | None
) -> None:
    """Fetch names, places and codes of everything that is linked to in TARGET, such as wikidata.

    They are written to graph/enriched/TARGET.ttl, with licence, source and time, and become a graph of their own: no
    article says any of it. A run that was cut off goes on where it stopped. Exits 1 if the target does not have
    something that is linked to, or says that it is gone.
    """
    from kgtool.link.enrich import enrich as fetch
    from kgtool.link.enrich import open_source, target_named
    from kgtool.linksets.targets import short_name

    project = session.project
    project.refuse_if_installed()
    chosen = target_named(target)
    source = open_source(chosen, location, timeout=timeout)
    with Bar(quiet=session.quiet) as bar:
        result = fetch(
            project, chosen, source, licence=licence, progress=lambda done, total: bar.show(done, total, chosen.title)
        )
    for iri in result.missing:
        session.say(f"{chosen.title} does not have {short_name(iri)}")
    found = result.asked - len(result.missing)
    print(f"{project.relative(result.file)}: {result.statements} statements about {found} of {result.asked} things")
    ctx.exit(1 if result.missing else 0)
