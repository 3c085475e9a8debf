"""``kgtool link list``."""

from __future__ import annotations

import json
from collections import Counter

import click

from kgtool.cli.session import Session, pass_session
from kgtool.linksets import NO_TERM, Link, Linkset, read_linkset
from kgtool.table import render_table

__all__ = ["list_links"]


@click.command("list", epilog="Example: kgtool link list")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@pass_session
def list_links(session: Session, form: str) -> None:
    """Count the links of every linkset of the project, by predicate."""
    project = session.project
    sets = [read_linkset(file, name=project.relative(file)) for file in project.link_files()]
    rows = [row for linkset in sets for row in _rows(linkset)]
    if form == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        columns = ("linkset", "predicate", "links")
        cells = [[str(row[column]) for column in columns] for row in rows]
        print(render_table(columns, cells, right=[2]), end="")


def _rows(linkset: Linkset) -> list[dict[str, str | int]]:
    counted = Counter(_what(link) for link in linkset.links)
    return [{"linkset": linkset.file or "", "predicate": one, "links": counted[one]} for one in sorted(counted)]


def _what(link: Link) -> str:
    """Say what a row says: a link, that there is none, or that nothing was found."""
    if not link.negative:
        return link.predicate
    return "nothing found" if NO_TERM in (link.subject, link.object) else f"not {link.predicate}"
