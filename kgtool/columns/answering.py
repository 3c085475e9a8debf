"""From a plan to its answer: rows as the engine writes them, in TSV, which it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from kgtool.columns.bindings import UnsupportedError
from kgtool.columns.kinds import DECIMAL, INTEGER, spell
from kgtool.columns.plan import Average, Count, Output, Plan, Sum, TermOf, Value

__all__ = ["answer"]


class Rows(Protocol):
    """What answers SQL."""

    def rows(self, query: str, values: Sequence[object]) -> list[Any]:
        """Answer a query in SQL."""

    def texts(self, numbers: set[int]) -> dict[int, str]:
        """Return terms by their numbers, written as N-Triples does."""


def answer(plan: Plan, source: Rows) -> bytes:
    """Answer a query in https://www.w3.org/TR/sparql11-results-csv-tsv/.

    :raises UnsupportedError: if the rows say that the engine's answer may be another.
    """
    rows = source.rows(plan.sql, plan.values)
    if plan.largest is not None and rows and rows[0][plan.largest] is not None and rows[0][plan.largest] > plan.safe:
        raise UnsupportedError("a sum may be too large")
    rows = _within(plan, rows)
    terms = [output.at for output in plan.outputs if isinstance(output, TermOf)]
    texts = source.texts({row[at] for at in terms for row in rows}) if terms else {}
    columns = [list(_spelled(output, rows, texts)) for output in plan.outputs]
    lines = ["\t".join(f"?{name}" for name in plan.variables), *map("\t".join, zip(*columns, strict=True))]
    return ("\n".join(lines) + "\n").encode()


def _within(plan: Plan, rows: list[Any]) -> list[Any]:
    """Return the rows of the answer, if those before and after could not stand in it as well."""
    end = len(rows) if plan.limit is None else plan.skipped + plan.limit
    if plan.ties:
        for first, second in ((plan.skipped - 1, plan.skipped), (end - 1, end)):
            if first >= 0 and second < len(rows) and all(rows[first][at] == rows[second][at] for at in plan.ties):
                raise UnsupportedError("the order does not say which rows are the first")
    return rows[plan.skipped : end]


def _spelled(output: Output, rows: list[Any], texts: dict[int, str]) -> Iterator[str]:
    """Walk over the terms of a column; an empty one is unbound."""
    at = output.at
    match output:
        case TermOf():
            return (texts[row[at]] for row in rows)
        case Count():
            return (spell(INTEGER, row[at]) for row in rows)
        case Value(kind=kind, scale=scale):
            return ("" if row[at] is None else spell(kind, row[at], scale) for row in rows)
        case Sum():
            return (_sum(output, row) for row in rows)
        case Average():
            return (_average(output, row) for row in rows)


def _sum(output: Sum, row: Any) -> str:
    value = row[output.at]
    if value is None:
        return spell(INTEGER, 0)
    kind = output.kind if output.decimal is None or row[output.decimal] else INTEGER
    return spell(kind, int(value), output.scale)


def _average(output: Average, row: Any) -> str:
    """Divide as the engine does: eighteen digits after the point, and what follows is cut off."""
    value, number = row[output.at], row[output.number]
    if not number:
        return spell(INTEGER, 0)
    quotient = abs(int(value)) * 10 ** (18 - output.scale) // number
    return spell(DECIMAL, -quotient if value < 0 else quotient, 18)
