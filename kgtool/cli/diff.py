"""``kgtool diff``."""

from __future__ import annotations

import os
import sys

import click

from kgtool.cli.build import Bar
from kgtool.cli.quick import write_result
from kgtool.cli.session import Session, pass_session
from kgtool.diff import DIFF_FORMATS, compare, open_side, read_names, write_table
from kgtool.errors import KgError
from kgtool.labels import LANGUAGES, languages_for
from kgtool.namespaces import read_prefixes
from kgtool.store import Store

__all__ = ["diff"]


@click.command(epilog="Example: kgtool diff graph/entities graph/entities --lang en")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--format", "form", type=click.Choice(list(DIFF_FORMATS)), default="table", help="Default: table.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language of labels.")
@click.option("-o", "--output", metavar="FILE", help="Write a file, not stdout.")
@pass_session
@click.pass_context
def diff(ctx: click.Context, session: Session, a: str, b: str, form: str, lang: str | None, output: str | None) -> None:
    """Compare two graphs quad by quad: what B has that A has not, and the reverse.

    A and B are each a project's folder, an RDF file, another folder with RDF files, a folder that holds a store, or
    the address of a SPARQL endpoint. Blank nodes are compared by what is said of them. Exits 0 if there is no
    difference, 1 if there is one, 2 if it cannot run.
    """
    with Bar(quiet=session.quiet) as bar:
        sides = (open_side(a, on_build=session.say_built), open_side(b, on_build=session.say_built))
        difference = compare(*sides, progress=bar.show)
    names = read_names(
        difference,
        prefixes=read_prefixes(session.project.prefixes_name),
        languages=languages_for(lang),
        store=_project_store(session) if difference else None,
    )
    colour = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    pieces = (
        write_table(difference, names, colour=colour)
        if colour and form == "table"
        else DIFF_FORMATS[form](difference, names)
    )
    write_result(lambda stream: stream.writelines(piece.encode() for piece in pieces), output)
    if output is not None:
        session.say(f"{difference.added} added, {difference.removed} removed; written to {output}")
    ctx.exit(1 if difference else 0)


def _project_store(session: Session) -> Store | None:
    """Open the project's own store, which may know names that neither graph has; a broken project knows none."""
    try:
        return session.open()
    except KgError:
        return None
