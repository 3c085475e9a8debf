"""``kgtool stats``."""

from __future__ import annotations

import json

import click

from kgtool.census import take_census
from kgtool.cli.build import graph_rows
from kgtool.cli.session import Session, pass_session, store_option
from kgtool.namespaces import compress, read_prefixes
from kgtool.table import render_table

__all__ = ["stats"]

#: How the table calls each count.
_NAMES = {
    "entities": "entities",
    "facts": "stated facts",
    "statements": "statements",
    "observations": "statistical observations",
    "derived": "derived observations",
    "sentences": "sentences",
    "sentences_with_facts": "sentences with facts",
    "links": "links",
    "total": "triples",
}


@click.command(epilog="Example: kgtool stats")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@store_option
@pass_session
def stats(session: Session, form: str, location: str | None) -> None:
    """Count what the graph holds: entities, facts, sentences; per class, language and graph.

    A stated fact is a distinct triple in the graphs of the sentences, however many sentences say it; classes, names,
    quotes, assumptions and ip:reliesOn are no facts. By statement, a node that carries a quote (an observation, a
    ranking, a directive …) counts once with everything said of it, and every other triple once.
    """
    census = take_census(session.open(location))
    if form == "json":
        print(json.dumps(census._asdict(), ensure_ascii=False, indent=2))
        return
    prefixes = read_prefixes(session.project.prefixes_file)
    counts = census._asdict()
    for header, rows in (
        ("what", [(called, str(counts[name])) for name, called in _NAMES.items()]),
        ("class", [(compress(name, prefixes), str(number)) for name, number in census.classes.items()]),
        ("labels in", [(language, str(number)) for language, number in census.languages.items()]),
        ("triples of", graph_rows(census.graphs)),
    ):
        if rows:
            print(render_table([header, "number"], rows, right=[1]))
