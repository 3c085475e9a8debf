"""``kgtool search``."""

from __future__ import annotations

import csv
import io
import json
import sys

import click

from kgtool.cli.quick import write_result
from kgtool.cli.session import Session, pass_session, store_option
from kgtool.namespaces import read_prefixes
from kgtool.table import render_table, visible

__all__ = ["search"]


@click.command(epilog="Example: kgtool search gaoxinqu --class ip:IndustrialPark")
@click.argument("text", nargs=-1, required=True)
@click.option("--class", "classes", metavar="CLASS", multiple=True, help="Only its instances; CURIE, IRI or label.")
@click.option("--lang", "languages", metavar="TAG", multiple=True, help="Only names in it: zh is both scripts.")
@click.option(
    "--kind",
    "kinds",
    metavar="KIND",
    multiple=True,
    default=["label"],
    help="label (default), gist, quote, prefLabel …",
)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="The most matches.")
@click.option("--strict", is_flag=True, help="No names that are only near.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="Default: table.")
@store_option
@pass_session
def search(
    session: Session,
    text: tuple[str, ...],
    classes: tuple[str, ...],
    languages: tuple[str, ...],
    kinds: tuple[str, ...],
    limit: int,
    strict: bool,
    form: str,
    location: str | None,
) -> None:
    """Find things by TEXT: a name in any language or script, a part of one, pinyin, initials, a misspelt one.

    The best match comes first; 1 is the exact name. Exit code 0 also where nothing is found.
    """
    from kgtool.search import open_index
    from kgtool.search.answer import COLUMNS, class_iris, to_json, to_rows

    prefixes = read_prefixes(session.project.prefixes_file)
    index = open_index(session.open(location), prefixes=prefixes)
    wanted = " ".join(text)
    found = index.search(
        wanted,
        limit=limit,
        classes=class_iris(index, classes, prefixes=prefixes),
        languages=languages,
        kinds=kinds,
        fuzzy=not strict,
    )
    if form == "json":
        answer = json.dumps(to_json(index, wanted, found, prefixes=prefixes), ensure_ascii=False, indent=2) + "\n"
    elif form == "csv":
        lines = io.StringIO()
        csv.writer(lines).writerows([COLUMNS, *to_rows(found, prefixes=prefixes)])
        answer = lines.getvalue()
    else:
        answer = render_table(COLUMNS, to_rows(found, prefixes=prefixes), right=[COLUMNS.index("score")])
        if not found:
            session.say(f"nothing is called '{visible(wanted[:60])}', or nearly so")
    encoded = answer.encode("utf-8", "replace")
    write_result(lambda stream: stream.write(encoded))
    sys.stdout.flush()
