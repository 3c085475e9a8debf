"""The header of a saved query: ``#+`` lines that are YAML.

https://github.com/CLARIAH/grlc#decorator-syntax
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kgtool.errors import QueryError
from kgtool.queries.grlc import grlc_parameters
from kgtool.queries.nodes import HeaderNodes
from kgtool.queries.saved import Parameter, SavedQuery, read_text
from kgtool.sparql import is_ordered, query_form, variables

__all__ = ["IGNORED_KEYS", "KEYS", "PARAMETER_KEYS", "TYPES", "adhoc_query", "parse_query", "read_query"]

#: What kgtool reads of a header.
KEYS = (
    "summary",
    "question",
    "examples",
    "description",
    "tags",
    "parameters",
    "defaults",
    "enumerate",
    "order",
    "services",
)
#: What grlc documents and kgtool has no use for: such a file is valid for both.
IGNORED_KEYS = ("endpoint", "endpoint_in_url", "method", "mime", "pagination", "transform")
#: What is said of a parameter.
PARAMETER_KEYS = ("type", "class", "required", "default", "choices", "words", "description")
#: The types a parameter may have.
TYPES = ("entity", "string", "integer", "decimal", "number", "date", "dateTime", "boolean", "iri")
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
    # Nobody said that a variable with an underscore is meant as grlc means it: it need not be given.
    parameters = tuple(one._replace(required=False) for one in grlc_parameters(text, file=file).values())
    # A text that is no query at all goes to the engine, whose message has the line and column.
    form = query_form(text) or "select"
    return SavedQuery(file.stem, source, text, form, is_ordered(text), {}, parameters=parameters)


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
        services=header.services,
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
        self.services: tuple[tuple[str, str], ...] = ()
        self._variables = variables(text)
        self._parameters = grlc_parameters(text, file=file)
        late: list[tuple[str, Any]] = []
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
            elif key == "services":
                self.services = tuple(
                    (iri, self._file_beside(value, at)) for iri, value, at in self.pairs(node, None, "service")
                )
            elif key == "parameters":
                for name, value, at in self.pairs(node, None, "parameter"):
                    self._declare(name, value, at)
            elif key in {"defaults", "enumerate"}:
                late.append((key, node))
        # These speak of parameters, wherever they stand in the header.
        for key, node in late:
            if key == "defaults":
                self._set_defaults(node)
            else:
                self._enumerate(node)
        # What grlc calls required may be left out where it has a default.
        self.parameters = tuple(
            one._replace(required=one.required and one.default is None) for one in self._parameters.values()
        )

    def _file_beside(self, node: Any, line: int) -> str:
        """Read the name of a file, relative to the folder of the query's."""
        name = self.text(node, "a file")
        if not name:
            self.fail(
                line, "no file that stands for the endpoint in tests", "write '#+   https://…: services/NAME.ttl'"
            )
        return name

    def _declare(self, name: str, node: Any, line: int) -> None:
        """Read what ``parameters`` says of one: of a variable, or more of what its grlc name says already."""
        base = self._parameters.get(name)
        if base is None and name not in self._variables:
            self.fail(line, f"parameter '{name}' is not a variable of the query", _near(name, self._variables, "?"))
        given: dict[str, Any] = {}
        for key, value, _ in self.pairs(node, PARAMETER_KEYS, "parameter key"):
            if key == "type":
                given["type"] = self.choice(value, TYPES, "type")
            elif key == "required":
                given["required"] = self.choice(value, ("true", "false"), "required") == "true"
            elif key == "choices":
                given["choices"] = tuple(self.text(item, "a choice") for item in self.items(value, key))
            elif key == "words":
                given["words"] = tuple(
                    (self.text(item, "a word"), choice)
                    for choice, items, _ in self.pairs(value, None, "choice")
                    for item in self.items(items, choice)
                )
            else:
                given["class_" if key == "class" else key] = self.text(value, key)
        if base is None:
            parameter = Parameter(name, **given)
        else:
            parameter = base._replace(**{**({"datatype": None} if "type" in given else {}), **given})
        if parameter.class_ and ":" not in parameter.class_:
            self.fail(line, f"class '{parameter.class_}' is not a CURIE", "write it as ip:IndustrialPark")
        if given.get("required") and parameter.default is not None:
            self.fail(line, f"parameter '{name}' is required and has a default", "drop one of the two")
        if parameter.class_ and parameter.type != "entity":
            self.fail(line, f"parameter '{name}' has a class and is not an entity", "write type: entity")
        meant = {choice for _, choice in parameter.words} - set(parameter.choices)
        if meant:
            self.fail(
                line, f"'{min(meant)}' has other words and is no choice of '{name}'", "name its choices: choices: […]"
            )
        self._parameters[name] = parameter

    def _set_defaults(self, node: Any) -> None:
        """Read grlc's ``defaults``: ``- park: km:hi-tech-zone``."""
        for name, value, line in self._named(node):
            parameter = self._parameter(name, line)
            if value is None:
                self.fail(line, f"'{name}' has no default", f"write '#+   - {name}: value'")
            if parameter.default is not None:
                self.fail(line, f"parameter '{parameter.name}' has two defaults", "keep one of them")
            self._parameters[parameter.name] = parameter._replace(default=self.text(value, "a default"))

    def _enumerate(self, node: Any) -> None:
        """Read grlc's ``enumerate``: ``- park`` offers what the query finds for it, ``- park: [a, b]`` these only."""
        for name, value, line in self._named(node):
            parameter = self._parameter(name, line)
            if value is None:
                self._parameters[parameter.name] = parameter._replace(enumerated=True)
            else:
                choices = tuple(self.text(item, "a choice") for item in self.items(value, name))
                self._parameters[parameter.name] = parameter._replace(choices=choices)

    def _named(self, node: Any) -> list[tuple[str, Any, int]]:
        """Return the names of a grlc list with their values; an item may be a mere name."""
        found: list[tuple[str, Any, int]] = []
        for item in node.value if node.id == "sequence" else [node]:
            if item.id == "scalar":
                found.append((self.text(item, "a name"), None, self.line(item)))
            else:
                found += self.pairs(item, None, "parameter")
        return found

    def _parameter(self, name: str, line: int) -> Parameter:
        """Find a parameter by its name, or by the variable as it is written."""
        found = [one for one in self._parameters.values() if name in {one.name, one.variable}]
        if not found:
            self.fail(line, f"'{name}' is not a parameter of the query", _near(name, self._parameters, "?_"))
        return found[0]


def _near(name: str, known: Iterable[str], mark: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    return f"did you mean '{near[0]}'?" if near else f"use {mark}{name} in it"
