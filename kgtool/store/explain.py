"""What is wrong with a query or a file, from what the engine says of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from kgtool import sparql
from kgtool.errors import DataError, QueryError
from kgtool.store import Store

__all__ = ["data_error", "query_error", "refuse_unknown_graphs"]


def data_error(exc: SyntaxError, file: object, prefixes: Mapping[str, str]) -> DataError:
    """Say where a file is malformed, and which line is missing if it is a prefix."""
    # The engine's words: Parser error at line 3 between columns 3 and 6: The prefix x: has not been declared
    what = exc.msg.partition(": ")[2] or exc.msg
    start, end = "The prefix ", ": has not been declared"
    if what.startswith(start) and what.endswith(end):
        prefix = what.removeprefix(start).removesuffix(end)
        line = f"@prefix {prefix}: <{prefixes.get(prefix, '…')}> ."
        hint = f"add '{line}' at the top" + ("" if prefix in prefixes else " and to ontology/prefixes.ttl")
        return DataError(f"unknown prefix '{prefix}'", file=file, line=exc.lineno, hint=hint)
    column = "" if exc.offset is None else f" at column {exc.offset}"
    return DataError(f"syntax error{column}: {what}", file=file, line=exc.lineno)


def query_error(text: str, message: str, prefixes: Mapping[str, str], file: object) -> QueryError:
    """Say where a query is malformed.

    The engine says "error at 1:16: expected one of …" and lists its grammar. The place it names is the farthest one it
    looked at, some words behind the mistake, so the message shows the line; an unknown prefix it rarely calls that.
    """
    known = set(prefixes) | set(sparql.declared_prefixes(text))
    unknown = next(((at, name) for at, name in sparql.prefixed_names(text) if name not in known), None)
    if unknown is not None:
        offset, name = unknown
        before = text[:offset].split("\n")
        hint = _prefix_hint(name, known)
        return _placed(f"unknown prefix '{name}'", len(before), len(before[-1]) + 1, file, hint=hint)
    if sparql.query_form(text) is None:
        return QueryError(
            "not a query", file=file, hint="a query has SELECT, ASK, CONSTRUCT or DESCRIBE; stores are read-only"
        )
    if "SELECT contains a variable that is unbound" in message:
        hint = "put it into GROUP BY or into an aggregate"
        return QueryError("a selected variable is not in GROUP BY", file=file, hint=hint)
    lines = text.split("\n")
    place = message.removeprefix("error at ").partition(": ")[0].split(":")
    row, column = map(int, place) if len(place) == 2 and all(map(str.isdecimal, place)) else (len(lines), 1)
    while row > 1 and not "".join(lines[row - 1 : row]).strip():
        row -= 1
        column = len(lines[row - 1])
    near = lines[row - 1].strip()
    return _placed(f"syntax error near '{near if len(near) <= 60 else near[:59] + '…'}'", row, column, file)


def refuse_unknown_graphs(store: Store, text: str, prefixes: Mapping[str, str], file: object) -> None:
    """Refuse a query whose ``FROM`` names a graph that the store has not: its answer would be empty, and look like one.

    :raises QueryError: if it does; nothing is fetched or read for it.
    """
    named = list(sparql.dataset_names(text, prefixes))
    known = {graph.value for graph in store.graphs()} if named else set()
    for name in named:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            hint = f"did you mean <{near[0]}>?" if near else "FROM names graphs of the store; give files with --store"
            raise QueryError(f"the store has no graph <{name}>, and nothing is fetched", file=file, hint=hint)


def _placed(message: str, row: int, column: int, file: object, *, hint: str | None = None) -> QueryError:
    if file is not None:
        return QueryError(f"{message}, column {column}", file=file, line=row, hint=hint)
    return QueryError(f"{message}, line {row}, column {column}", hint=hint)


def _prefix_hint(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=2)
    offer = f"did you mean {' or '.join(near)}? Else " if near else ""
    return f"{offer}declare it: PREFIX {name}: <…>"
