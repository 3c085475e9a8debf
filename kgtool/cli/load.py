"""``kgtool load``."""

from __future__ import annotations

import json

import click

from kgtool.cli.build import Bar
from kgtool.cli.session import Session, pass_session
from kgtool.namespaces import read_prefixes
from kgtool.table import render_table

__all__ = ["load"]


@click.command(epilog="Example: kgtool load graph/articles/*/facts.trig -o facts")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("-o", "--output", "folder", required=True, metavar="DIR", help="The store's folder, a new one.")
@click.option("--no-union", is_flag=True, help="Leave triples of named graphs out of the default graph.")
@click.option("--no-index", is_flag=True, help="Do not index the names.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@pass_session
def load(session: Session, files: tuple[str, ...], folder: str, no_union: bool, no_index: bool, form: str) -> None:
    """Load RDF files of any size into a store of their own.

    Turtle, TriG, N-Triples, N-Quads, JSON-LD and RDF/XML, told by their names; .gz and .zst are unpacked. Ask the store
    with --store DIR, serve it with 'kgtool serve --store DIR'. It is whole or not there at all:
    until then it is in DIR.partial, and where a load was interrupted, the same command goes on.
    """
    from kgtool.load import load as load_files

    with Bar(quiet=session.quiet) as bar:
        result = load_files(
            files,
            folder,
            prefixes=read_prefixes(session.project.prefixes_file),
            union=not no_union,
            index=not no_index,
            progress=bar.show,
        )
    named = "" if result.index_seconds is None else f", names indexed in {result.index_seconds:.1f} s"
    if result.skipped:
        session.say(f"went on with an interrupted load: {result.skipped / 1e6:.1f} MB were loaded before")
    session.say(f"loaded in {result.seconds:.1f} s{named}; ask it with --store '{folder}'")
    if form == "json":
        print(json.dumps(result._asdict(), ensure_ascii=False, indent=2))
        return
    rows = [("triples of the default graph", str(result.triples)), ("named graphs", str(result.graphs))]
    print(render_table(["the store has", "number"], rows, right=[1]), end="")
