"""What a translated query is: SQL, the values it is run with, and how terms are made of what comes back."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Average", "Count", "Output", "Plan", "Sum", "TermOf", "Value"]


class TermOf(NamedTuple):
    """A column that has the number of a term."""

    at: int


class Count(NamedTuple):
    """A column that has a count."""

    at: int


class Value(NamedTuple):
    """A column that has what a value is worth; nothing where there is none."""

    at: int
    kind: str
    scale: int


class Sum(NamedTuple):
    """A column that has a sum; ``decimal`` is the one that says whether it is a decimal, where groups differ."""

    at: int
    kind: str
    scale: int
    decimal: int | None


class Average(NamedTuple):
    """A column that has a sum, and one (``number``) of how many values it is."""

    at: int
    number: int
    scale: int


Output = TermOf | Count | Value | Sum | Average


class Plan(NamedTuple):
    """A query in SQL.

    :param values: for its parameters, in order.
    :param variables: the names of the answer's columns.
    :param outputs: how each is made.
    :param largest: the column that says how many solutions the largest group has; with more than ``safe`` the engine's
        numbers may be too small for a sum.
    :param ties: the columns that rows are ordered by, where rows that are equal in these may differ in others.
    :param skipped: how many rows, one or none, come before those of the answer.
    :param limit: how many rows the answer has at most; of one more it is only seen whether it could stand in it.
    """

    sql: str
    values: tuple[object, ...]
    variables: tuple[str, ...]
    outputs: tuple[Output, ...]
    largest: int | None = None
    safe: int = 0
    ties: tuple[int, ...] = ()
    skipped: int = 0
    limit: int | None = None
