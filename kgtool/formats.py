"""Formats that answers and graphs are written in and read from: one table for files, commands and media types.

https://www.w3.org/TR/sparql11-overview/ · https://www.w3.org/TR/rdf11-primer/#section-graph-syntax
"""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import os
from typing import Literal, NamedTuple

from kgtool.errors import QueryError

__all__ = ["FORMATS", "Format", "Kind", "format_for_path", "format_named", "formats_for"]

#: What there is to write: rows, true or false, triples, triples in named graphs.
Kind = Literal["select", "ask", "graph", "dataset"]


class Format(NamedTuple):
    """A format: its name on the command line, media types and file extensions (the first is the usual one)."""

    name: str
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    carries: frozenset[Kind]


_ROWS: frozenset[Kind] = frozenset({"select", "ask"})
_GRAPH: frozenset[Kind] = frozenset({"graph"})
_DATASET: frozenset[Kind] = frozenset({"graph", "dataset"})

#: Every format by name.
FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("table", ("text/plain",), (".txt",), _ROWS),
        Format("csv", ("text/csv",), (".csv",), _ROWS),
        Format("tsv", ("text/tab-separated-values",), (".tsv",), _ROWS),
        Format("json", ("application/sparql-results+json", "application/json"), (".srj", ".json"), _ROWS),
        Format("xml", ("application/sparql-results+xml", "application/xml"), (".srx", ".xml"), _ROWS),
        Format("markdown", ("text/markdown",), (".md",), _ROWS),
        Format("turtle", ("text/turtle",), (".ttl",), _GRAPH),
        Format("trig", ("application/trig",), (".trig",), _DATASET),
        Format("ntriples", ("application/n-triples",), (".nt",), _GRAPH),
        Format("nquads", ("application/n-quads",), (".nq",), _DATASET),
        Format("jsonld", ("application/ld+json",), (".jsonld",), _DATASET),
        Format("rdfxml", ("application/rdf+xml",), (".rdf", ".owl"), _GRAPH),
    )
}


def formats_for(kind: Kind) -> list[str]:
    """Return the names of the formats that carry a kind of answer.

    >>> formats_for("dataset")
    ['trig', 'nquads', 'jsonld']
    """
    return [form.name for form in FORMATS.values() if kind in form.carries]


def format_named(name: str, *, kind: Kind) -> Format:
    """Find a format by name.

    :param kind: what is to be written in it.
    :raises QueryError: if there is no such format, or it cannot carry that.

    >>> format_named("csv", kind="graph")
    Traceback (most recent call last):
    kgtool.errors.QueryError: format 'csv' holds rows, not triples; use turtle, trig, ntriples, nquads, jsonld or rdfxml
    """
    found = FORMATS.get(name)
    if found is None:
        raise QueryError(f"no format '{name}'", hint=f"use {_either(formats_for(kind))}")
    if kind not in found.carries:
        holds = _CALLED[next(other for other in _CALLED if other in found.carries)]
        raise QueryError(
            f"format '{name}' holds {holds}, not {_CALLED[kind]}", hint=f"use {_either(formats_for(kind))}"
        )
    return found


def format_for_path(path: str | os.PathLike[str], *, kind: Kind) -> Format:
    """Find the format that a file's extension means.

    :raises QueryError: if the extension means none that carries this kind.

    >>> format_for_path("graph/entities/parks.ttl", kind="graph").name
    'turtle'
    """
    extension = os.path.splitext(os.fspath(path))[1].lower()
    for form in FORMATS.values():
        if kind in form.carries and extension in form.extensions:
            return form
    known = [FORMATS[name].extensions[0] for name in formats_for(kind)]
    raise QueryError(
        f"no format for {_CALLED[kind]} has the extension '{extension}'", file=path, hint=f"use {_either(known)}"
    )


#: What a message calls each kind.
_CALLED: dict[Kind, str] = {
    "select": "rows",
    "ask": "true or false",
    "graph": "triples",
    "dataset": "triples in named graphs",
}


def _either(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
