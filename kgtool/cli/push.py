"""``kgtool push``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kgtool.build import open_built
from kgtool.cli.build import Bar
from kgtool.cli.session import Session, pass_session
from kgtool.errors import StoreError
from kgtool.namespaces import VOID
from kgtool.project import find_project
from kgtool.store import Store
from kgtool.store.builds import builds_folder
from kgtool.table import render_table
from kgtool.terms import Literal

__all__ = ["push"]

_BASE = f"SELECT ?base {{ ?dataset a <{VOID}Dataset> ; <{VOID}uriSpace> ?base }} ORDER BY ?base"


@click.command(epilog="Example: kgtool push http://localhost:7878/query --dry-run")
@click.argument("url")
@click.option("--graph-store", metavar="URL", help="Where graphs are written, by the Graph Store Protocol.")
@click.option("--update", metavar="URL", help="Where graphs are written, by SPARQL Update.")
@click.option("--default-graph", metavar="IRI", help="Send the default graph as a named graph of this name.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@click.option("--project", "folder", metavar="DIR", type=click.Path(path_type=Path), help="The project's folder.")
@pass_session
def push(
    session: Session,
    url: str,
    graph_store: str | None,
    update: str | None,
    default_graph: str | None,
    dry_run: bool,
    form: str,
    folder: Path | None,
) -> None:
    """Send every graph of the project to the server whose SPARQL endpoint is URL.

    Graphs that are there already are not sent again; a push that was cut off goes on where it stopped. Log in with
    KGTOOL_USER and KGTOOL_PASSWORD, with KGTOOL_TOKEN, or with a line in ~/.netrc.
    """
    from kgtool.push import push as send
    from kgtool.push import record_file
    from kgtool.store.remote import RemoteStore
    from kgtool.store.targets import find_target
    from kgtool.store.virtuoso import UNION_GRAPH

    if graph_store and update:
        raise click.UsageError("--graph-store and --update are two ways to do one thing; give one")
    project = session.project if folder is None else find_project(folder)
    store = open_built(project, on_build=session.say_built)
    endpoint = RemoteStore(url)
    target = find_target(endpoint, graph_store=graph_store, update=update)
    if default_graph is None and endpoint.has_union_default_graph:
        default_graph = _base(store) + UNION_GRAPH
    with Bar(quiet=session.quiet) as bar:
        result = send(
            store,
            endpoint,
            target,
            record=record_file(builds_folder(project), target),
            default_graph=default_graph,
            dry_run=dry_run,
            progress=bar.show,
        )
    if form == "json":
        print(json.dumps([step._asdict() for step in result.steps], ensure_ascii=False, indent=2))
    else:
        rows = [(step.graph or "default", str(step.triples), step.action) for step in result.steps]
        print(render_table(["graph", "triples", "would be" if dry_run else "was"], rows, right=[1]), end="")
    where = endpoint.url + (f"?default-graph-uri={default_graph}" if default_graph else "")
    sent = sum(step.action == "sent" for step in result.steps)
    said = f"{sent} of {len(result.steps)} graphs {'to send' if dry_run else 'sent'}, {result.triples} triples in all"
    session.say(said if dry_run else f"{said}; ask them with --store '{where}'")


def _base(store: Store) -> str:
    """Return the IRI that the names of the project's graphs begin with."""
    for (base,) in store.query(_BASE).rows():
        if isinstance(base, Literal):
            return base.value
    raise StoreError(
        "this server's default graph is all graphs taken together", hint="name another with --default-graph IRI"
    )
