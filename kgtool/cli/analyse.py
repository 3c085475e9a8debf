"""``kgtool analyse``."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import click

from kgtool.cli.session import Session, pass_session, store_option
from kgtool.labels import LANGUAGES, resolve
from kgtool.namespaces import compress, read_prefixes
from kgtool.network import MODALITIES, Network, read_network
from kgtool.table import render_table

__all__ = ["analyse"]

_Command = TypeVar("_Command", bound=Callable[..., object])

#: A row of a result by column: what the table and CSV show, and JSON as it is.
_Row = Mapping[str, object]


def _common(command: _Command) -> _Command:
    """Give a command the options that say which network is analysed, and how the result is written."""
    for option in (
        store_option,
        click.option(
            "--modality",
            type=click.Choice(list(MODALITIES)),
            multiple=True,
            help="Only edges that are meant so; may be given several times.",
        ),
        click.option("--exclude", metavar="NAME", multiple=True, help="Leave out this class or predicate."),
        click.option("--include", metavar="NAME", multiple=True, help="Only these classes and predicates."),
        click.option("--lang", type=click.Choice(LANGUAGES), help="The language of labels."),
        click.option(
            "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", help="Default: table."
        ),
    ):
        command = option(command)
    return command


@click.group(epilog="Example: kgtool analyse path 高新区 安宁产业园区")
def analyse() -> None:
    """Measure the graph: what is central, what belongs together, what leads from one thing to another."""


@analyse.command(epilog="Example: kgtool analyse centrality --lang en --top 5")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Only the first N things.")
@_common
@pass_session
def centrality(session: Session, /, top: int | None, form: str, **chosen: object) -> None:
    """Rank things by PageRank, with degree and betweenness.

    Degree counts every edge; betweenness is the share of shortest paths that pass a thing; PageRank how often a walk
    along the edges comes by.
    """
    from kgtool.analyse import measure_centrality

    rows = [
        {
            "thing": one.node.label,
            "class": one.node.class_label,
            "degree": one.degree,
            "betweenness": round(one.betweenness, 6),
            "pagerank": round(one.pagerank, 6),
            "id": one.node.id,
        }
        for one in measure_centrality(_network(session, chosen))[:top]
    ]
    _write(rows, ("thing", "class", "degree", "betweenness", "pagerank", "id"), form)


@analyse.command(epilog="Example: kgtool analyse communities --lang en")
@click.option("--members", type=click.IntRange(1), metavar="N", help="Only the first N members of each.")
@_common
@pass_session
def communities(session: Session, /, members: int | None, form: str, **chosen: object) -> None:
    """Divide things into communities (Louvain), one row per member; the most connected members first."""
    from kgtool.analyse import find_communities

    rows = [
        {
            "community": one.number,
            "size": len(one.members),
            "thing": node.label,
            "class": node.class_label,
            "id": node.id,
        }
        for one in find_communities(_network(session, chosen))
        for node in one.members[:members]
    ]
    _write(rows, ("community", "size", "thing", "class", "id"), form)


@analyse.command(epilog="Example: kgtool analyse path 高新区 安宁产业园区 --lang en")
@click.argument("source")
@click.argument("target")
@_common
@pass_session
def path(session: Session, /, source: str, target: str, form: str, **chosen: object) -> None:
    """Print the shortest way from SOURCE to TARGET: every fact along it with its sentences.

    SOURCE and TARGET are labels in any language or script, CURIEs or IRIs. Edges are followed in both directions; an
    arrow says which way each fact reads.
    """
    from kgtool.analyse import find_path

    prefixes = read_prefixes(session.project.prefixes_file)
    store = session.open(_text(chosen["location"]))
    ends = [compress(resolve(store, name, prefixes=prefixes), prefixes) for name in (source, target)]
    steps = find_path(_network(session, chosen), *ends)
    rows = [
        {
            "step": number,
            "from": step.source.label,
            "fact": f"{fact.label} →" if fact.source == step.source.id else f"← {fact.label}",
            "to": step.target.label,
            "modality": fact.modality,
            "value": fact.written,
            "sentences": list(fact.sentences),
            "quotes": list(fact.quotes),
        }
        for number, step in enumerate(steps, start=1)
        for fact in step.facts
    ]
    _write(rows, ("step", "from", "fact", "to", "modality", "value", "sentences", "quotes"), form)


@analyse.command(epilog="Example: kgtool analyse matrix --lang en")
@_common
@pass_session
def matrix(session: Session, /, form: str, **chosen: object) -> None:
    """Cross industries with parks: which role an industry has in a park, with the sentences that say so.

    The table and CSV have a row per industry and a column per park; JSON has one object per role.
    """
    from kgtool.analyse import tabulate_roles

    found = tabulate_roles(_network(session, chosen))
    if form == "json":
        rows: list[_Row] = [
            {
                "industry": role.industry.id,
                "park": role.park.id,
                "role": role.edge.predicate,
                "label": role.edge.label,
                "modality": role.edge.modality,
                "sentences": list(role.edge.sentences),
            }
            for role in found.roles
        ]
        _write(rows, (), form)
        return
    parks = [park.id for park in found.parks]
    cells: dict[str, dict[str, object]] = {
        industry.id: {"industry": industry.label, **{park: [] for park in parks}} for industry in found.industries
    }
    for role in found.roles:
        sentences = f" [{' '.join(role.edge.sentences)}]" if role.edge.sentences else ""
        cell = cells[role.industry.id][role.park.id]
        assert isinstance(cell, list)
        cell.append(role.edge.label + sentences)
    headers = ("industry", *(park.label for park in found.parks))
    _write(list(cells.values()), ("industry", *parks), form, headers=headers)


def _network(session: Session, chosen: Mapping[str, object]) -> Network:
    """Read the network that the options choose."""
    return read_network(
        session.open(_text(chosen["location"])),
        prefixes=read_prefixes(session.project.prefixes_file),
        lang=_text(chosen["lang"]),
        include=_texts(chosen["include"]),
        exclude=_texts(chosen["exclude"]),
        modality=_texts(chosen["modality"]),
    )


def _text(value: object) -> str | None:
    assert value is None or isinstance(value, str)
    return value


def _texts(value: object) -> tuple[str, ...]:
    assert isinstance(value, tuple)
    return value


def _write(rows: Sequence[_Row], columns: Sequence[str], form: str, *, headers: Sequence[str] = ()) -> None:
    """Print rows; what a cell has several of is joined, but in JSON.

    :param headers: what the columns are called, if not by their names.
    """
    if form == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(headers or columns)
        writer.writerows(cells)
        return
    right = [at for at, column in enumerate(columns) if rows and isinstance(rows[0][column], int | float)]
    print(render_table(headers or columns, cells, right=right), end="")


def _cell(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
