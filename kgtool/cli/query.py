"""``kgtool query``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kgtool.cli.quick import Wanted, answer_query, given_from
from kgtool.cli.session import Session, pass_session, services_option
from kgtool.errors import QueryError
from kgtool.formats import FORMATS
from kgtool.labels import LANGUAGES
from kgtool.project import Project, find_project
from kgtool.queries.catalogue import find_query
from kgtool.queries.header import adhoc_query
from kgtool.queries.saved import SavedQuery, decode, read_text
from kgtool.store.services import read_services

__all__ = ["query"]


@click.command(epilog="Example: kgtool query leading-industries park=高新区 --lang en")
@click.argument("words", nargs=-1, metavar="[NAME] [KEY=VALUE]...")
@click.option(
    "-f", "--file", "file", metavar="FILE", type=click.Path(path_type=Path), help="A query file; - for stdin."
)
@click.option("-q", "--query", "text", metavar="TEXT", help="The query itself; the project's prefixes are declared.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="Default: table, or turtle for triples.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language of labels in tables.")
@click.option("--store", metavar="LOCATION", help="Ask RDF files or a SPARQL endpoint, not the project's graph.")
@services_option
@click.option("--exit-status", is_flag=True, help="Exit 1 if an ASK is false.")
@click.option("--evidence", is_flag=True, help="Add to each row the sentences that prove it.")
@click.option(
    "--text",
    "source",
    metavar="FILE",
    help="The article's text: show those sentences, their quotes marked.",
)
@click.option("-o", "--output", metavar="FILE", help="Write a file, not stdout.")
@click.option("--project", "folder", metavar="DIR", type=click.Path(path_type=Path), help="The project's folder.")
@pass_session
@click.pass_context
def query(
    ctx: click.Context,
    session: Session,
    words: tuple[str, ...],
    file: Path | None,
    text: str | None,
    form: str | None,
    lang: str | None,
    store: str | None,
    services: tuple[str, ...],
    exit_status: bool,
    evidence: bool,
    source: str | None,
    output: str | None,
    folder: Path | None,
) -> None:
    """Ask a saved query by its NAME, a query file, or a query.

    A parameter is given as KEY=VALUE: a label in any language or script, a CURIE, an IRI, a number, a date.
    """
    project = session.project if folder is None else find_project(folder)
    asked, given = _asked(project, words, file, text)
    shows = evidence or source is not None
    wanted = Wanted(form, lang, store, output, exit_status, session.quiet, shows, source, read_services(services))
    ctx.exit(answer_query(project, asked, given_from(given), wanted))


def _asked(
    project: Project, words: tuple[str, ...], file: Path | None, text: str | None
) -> tuple[SavedQuery, tuple[str, ...]]:
    """Find the one query that was asked for, and the words left for its parameters."""
    names = [word for word in words if "=" not in word]
    asked = [*names, *(["-f"] if file is not None else []), *(["-q"] if text is not None else [])]
    if len(asked) != 1:
        what = f"{len(asked)} queries ({', '.join(asked)})" if asked else "no query"
        raise QueryError(f"{what} given", hint="give one: a NAME ('kgtool queries' lists them), -f FILE or -q TEXT")
    given = tuple(word for word in words if "=" in word)
    if names:
        return find_query(project, names[0]), given
    if text is not None:
        return adhoc_query(text, source="-q"), given
    if str(file) == "-":
        return adhoc_query(decode(sys.stdin.buffer.read(), source="stdin"), source="stdin"), given
    assert file is not None
    return adhoc_query(read_text(file), source=str(file)), given
