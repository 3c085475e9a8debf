"""A saved query as a value, and its text."""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import os
from collections.abc import Collection
from typing import NamedTuple

from kgtool.errors import QueryError
from kgtool.sparql import calls_service

__all__ = ["Parameter", "SavedQuery", "decode", "is_answerable", "read_text"]


class Parameter(NamedTuple):
    """Something a query can be told."""

    name: str
    type: str = "string"
    #: The CURIE of the class whose instances are the choices.
    class_: str | None = None
    required: bool = False
    default: str | None = None
    description: str = ""
    #: The only values there are, as one writes them; empty if any will do.
    choices: tuple[str, ...] = ()
    #: Whether the values worth offering are those that the query's own pattern finds for it.
    enumerated: bool = False
    #: The variable that gets the value, where it is not called as the parameter is: grlc's ``?_park_iri``.
    written_as: str | None = None
    #: What the literal is tagged with.
    language: str | None = None
    #: The literal's datatype (an IRI) where it is not the type's own.
    datatype: str | None = None
    #: Other words for the choices, in any language, each with the choice that it means.
    words: tuple[tuple[str, str], ...] = ()

    @property
    def variable(self) -> str:
        """The name of the variable that gets the value."""
        return self.written_as or self.name


class SavedQuery(NamedTuple):
    """A query file: what it asks, what it can be told, and its text."""

    name: str
    file: str
    text: str
    #: ``select``, ``ask``, ``construct`` or ``describe``.
    form: str
    #: Whether the order of the rows is part of the answer.
    ordered: bool
    #: The question by language.
    question: dict[str, str]
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    #: Other ways to ask the same, each with its language: what a question in plain words is compared with.
    examples: tuple[tuple[str, str], ...] = ()
    #: The endpoints that it asks by ``SERVICE``, each with a file of what it answers, beside the query: for its test.
    services: tuple[tuple[str, str], ...] = ()


def is_answerable(query: SavedQuery, services: Collection[str] = ()) -> bool:
    """Say whether a query asks no endpoints beside the store, or only such as are allowed.

    :param services: the IRIs of those that are.
    """
    if not calls_service(query.text):
        return True
    return bool(services) and all(iri in services for iri, _ in query.services)


def read_text(file: str | os.PathLike[str]) -> str:
    """Read a query's text.

    :raises QueryError: if there is no such file or it is not UTF-8.
    """
    try:
        with open(file, "rb") as stream:
            return decode(stream.read(), source=os.fspath(file))
    except OSError as exc:
        raise QueryError(f"cannot read the query: {exc.strerror}", file=file) from exc


def decode(content: bytes, *, source: str) -> str:
    """Decode a query's text.

    :raises QueryError: if it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise QueryError(
            f"not UTF-8: byte {content[exc.start]:#04x} at offset {exc.start}", file=source, hint="save it as UTF-8"
        ) from exc
