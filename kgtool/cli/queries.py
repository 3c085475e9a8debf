"""``kgtool queries``."""

from __future__ import annotations

import json
from typing import Any

import click

from kgtool.cli.session import Session, pass_session
from kgtool.labels import LANGUAGES, languages_for
from kgtool.queries.catalogue import read_catalogue
from kgtool.queries.saved import SavedQuery
from kgtool.table import render_table

__all__ = ["queries"]


@click.command(epilog="Example: kgtool queries --lang zh-Hans")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="The language of the questions; default: en.")
@pass_session
def queries(session: Session, form: str, lang: str) -> None:
    """List the saved queries: what they answer, and what each can be told."""
    catalogue = read_catalogue(session.project)
    if form == "json":
        print(json.dumps([_described(query, lang) for query in catalogue.values()], ensure_ascii=False, indent=2))
        return
    rows = [[query.name, _question(query, lang), _parameters(query)] for query in catalogue.values()]
    print(render_table(["name", "question", "parameters"], rows), end="")


def _described(query: SavedQuery, language: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "question": _question(query, language),
        "questions": query.question,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "required": parameter.required,
                "default": parameter.default,
                "description": parameter.description,
                "class": parameter.class_,
            }
            for parameter in query.parameters
        ],
    }


def _question(query: SavedQuery, language: str) -> str:
    """Return the question in a language, else in another, else the summary."""
    return next((query.question[one] for one in languages_for(language) if one in query.question), query.summary)


def _parameters(query: SavedQuery) -> str:
    """Write parameters as they are given: ``park=… [year=2023]``."""
    return " ".join(
        f"{p.name}=…" if p.required else f"[{p.name}={'…' if p.default is None else p.default}]"
        for p in query.parameters
    )
