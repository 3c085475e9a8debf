"""The saved queries as a page of Markdown: what each answers, and what it can be told."""

from __future__ import annotations

from collections.abc import Iterable

from kgtool.queries.saved import Parameter, SavedQuery

__all__ = ["BEGIN", "insert_page", "render_page"]

#: The line of a page under which everything is written by this module.
BEGIN = "<!-- From here on written by: kgtool queries --format markdown -->"

_ANSWERS = {"select": "rows", "ask": "yes or no", "construct": "a graph", "describe": "a graph"}


def render_page(queries: Iterable[SavedQuery]) -> str:
    """Write a section for every query, with a list of them all by tag before."""
    listed = list(queries)
    return "\n".join([BEGIN, "", _index(listed), *(_section(query) for query in listed)])


def insert_page(text: str, queries: Iterable[SavedQuery]) -> str:
    """Return a page with its written part renewed, or put at its end.

    >>> insert_page(f"# Mine\\n\\n{BEGIN}\\nold\\n", []).splitlines()[0]
    '# Mine'
    """
    own = text.partition(BEGIN)[0].rstrip()
    return f"{own}\n\n{render_page(queries)}"


def _index(queries: list[SavedQuery]) -> str:
    tags = sorted({tag for query in queries for tag in query.tags})
    rows = [
        f"| {tag} | {', '.join(f'[{query.name}](#{query.name})' for query in queries if tag in query.tags)} |"
        for tag in tags
    ]
    return "\n".join(
        ["## The saved queries", "", f"There are {len(queries)}.", "", "| tag | queries |", "|---|---|", *rows, ""]
    )


def _section(query: SavedQuery) -> str:
    questions = [f"*{question}*" for question in query.question.values()]
    lines = [f"### {query.name}", "", "\\\n".join(questions), ""]
    lines += [text + "\n" for text in (query.summary, query.description) if text]
    if query.parameters:
        lines += ["| parameter | type | default | |", "|---|---|---|---|"]
        lines += [_row(parameter) for parameter in query.parameters] + [""]
    lines += [f"Answers with {_ANSWERS[query.form]}: [{query.name}.rq](../queries/{query.name}.rq).", ""]
    return "\n".join(lines)


def _row(parameter: Parameter) -> str:
    kind = f"`{parameter.type}`" + (f" `{parameter.class_}`" if parameter.class_ else "")
    default = "required" if parameter.required else "" if parameter.default is None else f"`{parameter.default}`"
    choices = f" One of {', '.join(f'`{choice}`' for choice in parameter.choices)}." if parameter.choices else ""
    return f"| `{parameter.name}` | {kind} | {default} | {parameter.description}{choices} |".replace("  |", " |")
