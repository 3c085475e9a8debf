"""``kgtool queries``."""

from __future__ import annotations

import json

import click

from kgtool.cli.session import Session, pass_session
from kgtool.labels import LANGUAGES
from kgtool.queries.catalogue import read_catalogue
from kgtool.queries.listing import describe_query, question_in
from kgtool.queries.page import render_page
from kgtool.queries.saved import SavedQuery
from kgtool.table import render_table

__all__ = ["queries"]


@click.command(epilog="Example: kgtool queries --lang zh-Hans")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", help="Default: table."
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="The language of the questions; default: en.")
@pass_session
def queries(session: Session, form: str, lang: str) -> None:
    """List the saved queries: what they answer, and what each can be told."""
    catalogue = read_catalogue(session.project)
    if form == "json":
        print(json.dumps([describe_query(query, lang) for query in catalogue.values()], ensure_ascii=False, indent=2))
        return
    if form == "markdown":
        print(render_page(catalogue.values()), end="")
        return
    rows = [[query.name, question_in(query, lang), _parameters(query)] for query in catalogue.values()]
    print(render_table(["name", "question", "parameters"], rows), end="")


def _parameters(query: SavedQuery) -> str:
    """Write parameters as they are given: ``park=… [year=2023]``."""
    return " ".join(
        f"{p.name}=…" if p.required else f"[{p.name}={'…' if p.default is None else p.default}]"
        for p in query.parameters
    )
