"""The header of a saved query: ``#+`` lines that are YAML.

https://github.com/CLARIAH/grlc#decorator-syntax
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from kgtool.errors import QueryError
from kgtool.queries.nodes import HeaderNodes
from kgtool.queries.saved import Parameter, SavedQuery, read_text
from kgtool.sparql import is_ordered, query_form, variables

__all__ = ["IGNORED_KEYS", "KEYS", "PARAMETER_KEYS", "TYPES", "adhoc_query", "parse_query", "read_query"]

#: What kgtool reads of a header.
KEYS = ("summary", "question", "examples", "description", "tags", "parameters", "order")
#: What grlc documents and kgtool has no use for: such a file is valid for both.
IGNORED_KEYS = (
    "defaults",
    "endpoint",
    "endpoint_in_url",
    "enumerate",
    "method",
    "mime",
    "pagination",
    "transform",
)
#: What is said of a parameter.
PARAMETER_KEYS = ("type", "class", "required", "default", "description")
#: The types a parameter may have.
TYPES = ("entity", "string", "integer", "decimal", "date", "boolean", "iri")
#: The languages a question is asked in.
QUESTION_LANGUAGES = ("en", "zh-Hans", "zh-Hant")
_ORDERS = ("ordered", "set")


def read_query(file: Path) -> SavedQuery:
    """Read a saved query.

    :raises QueryError: if the file cannot be read, or its header says something that kgtool does not understand.
    """
    return parse_query(read_text(file), file=file)


def adhoc_query(text: str, *, source: str) -> SavedQuery:
    """Make a query of a text that no project holds; if it has a header, that is read as well.

    :param source: what a message calls it.
    """
    file = Path(source)
    if any(line.startswith("#+") for line in text.splitlines()):
        return parse_query(text, file=file)
    # A text that is no query at all goes to the engine, whose message has the line and column.
    return SavedQuery(file.stem, source, text, query_form(text) or "select", is_ordered(text), {})


def parse_query(text: str, *, file: str | os.PathLike[str]) -> SavedQuery:
    """Read the text of a saved query; its name is the file's.

    :raises QueryError: if the header says something that kgtool does not understand.
    """
    form = query_form(text)
    if form is None:
        raise QueryError("no SELECT, ASK, CONSTRUCT or DESCRIBE in it", file=file, hint="a saved query asks one thing")
    header = _Header(text, file)
    return SavedQuery(
        name=Path(file).stem,
        file=os.fspath(file),
        text=text,
        form=form,
        ordered=is_ordered(text) if header.order is None else header.order == "ordered",
        summary=header.summary,
        question=header.question,
        description=header.description,
        tags=header.tags,
        parameters=header.parameters,
        examples=header.examples,
    )


class _Header(HeaderNodes):
    """What the header of a saved query says."""

    def __init__(self, text: str, file: str | os.PathLike[str]) -> None:
        super().__init__(text, file)
        self.summary = self.description = ""
        self.question: dict[str, str] = {}
        self.examples: tuple[tuple[str, str], ...] = ()
        self.tags: tuple[str, ...] = ()
        self.parameters: tuple[Parameter, ...] = ()
        self.order: str | None = None
        known = variables(text)
        for key, node, _ in self.pairs(self.root, (*KEYS, *IGNORED_KEYS), "header key"):
            if key == "summary":
                self.summary = self.text(node, key)
            elif key == "description":
                self.description = self.text(node, key)
            elif key == "question":
                pairs = self.pairs(node, QUESTION_LANGUAGES, "language")
                self.question = {language: self.text(value, language) for language, value, _ in pairs}
            elif key == "examples":
                self.examples = tuple(
                    (language, self.text(item, "an example"))
                    for language, value, _ in self.pairs(node, QUESTION_LANGUAGES, "language")
                    for item in self.items(value, language)
                )
            elif key == "tags":
                self.tags = tuple(self.text(item, "a tag") for item in self.items(node, key))
            elif key == "order":
                self.order = self.choice(node, _ORDERS, "order")
            elif key == "parameters":
                pairs = self.pairs(node, None, "parameter")
                self.parameters = tuple(self._parameter(name, value, at, known) for name, value, at in pairs)

    def _parameter(self, name: str, node: Any, line: int, known: set[str]) -> Parameter:
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=1)
            self.fail(
                line,
                f"parameter '{name}' is not a variable of the query",
                f"did you mean '{near[0]}'?" if near else f"use ?{name} in it",
            )
        given: dict[str, Any] = {}
        for key, value, _ in self.pairs(node, PARAMETER_KEYS, "parameter key"):
            if key == "type":
                given["type"] = self.choice(value, TYPES, "type")
            elif key == "required":
                given["required"] = self.choice(value, ("true", "false"), "required") == "true"
            else:
                given["class_" if key == "class" else key] = self.text(value, key)
        parameter = Parameter(name, **given)
        if parameter.class_ and ":" not in parameter.class_:
            self.fail(line, f"class '{parameter.class_}' is not a CURIE", "write it as ip:IndustrialPark")
        if parameter.required and parameter.default is not None:
            self.fail(line, f"parameter '{name}' is required and has a default", "drop one of the two")
        if parameter.class_ and parameter.type != "entity":
            self.fail(line, f"parameter '{name}' has a class and is not an entity", "write type: entity")
        return parameter
