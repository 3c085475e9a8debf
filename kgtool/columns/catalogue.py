"""What a file of columns holds: which predicate is in which table, and what is known of its values."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["LAYOUT", "Column"]

#: The version of what a file of columns is: one of another is not read.
LAYOUT = "1"


class Column(NamedTuple):
    """A predicate: a column of a table whose rows have the subject in ``s``.

    :param number: the predicate's own; its values are in ``o<number>``, what they are worth in ``v<number>``, and
        whether a value is a decimal in ``d<number>`` where some are and some are not.
    :param table: the number of its table.
    :param rows: how many triples it has.
    :param subjects: how many subjects these have.
    :param objects: how many values.
    :param single: whether no subject has two; only such predicates share a table.
    :param full: whether every row of the table has a value.
    :param kinds: the kinds of its values: see :mod:`kgtool.columns.kinds`.
    :param valued: whether there is a ``v<number>``.
    :param scale: how often what a value is worth has been multiplied by ten.
    :param most: the largest magnitude of what a value is worth.
    :param blank: whether some of its subjects are blank nodes.
    """

    number: int
    table: int
    rows: int
    subjects: int
    objects: int
    single: bool
    full: bool
    kinds: frozenset[str]
    valued: bool
    scale: int
    most: int
    blank: bool
