"""About how many triples the engine looks at to answer a query: where they are few, it is the faster one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kgtool.columns.catalogue import Column
from kgtool.select.syntax import Node, Variable

__all__ = ["looked_at"]


def looked_at(patterns: Sequence[tuple[Node, Column, Node]], uses: Mapping[Node, int]) -> float:
    """Estimate how many triples are looked at for some patterns, one after the other.

    The engine starts from a thing that is named. Where only values are, it does not know which of these is rare, and
    may start from the one that most triples have.

    :param uses: in how many triples the terms that are named are.
    """

    def start(pattern: tuple[Node, Column, Node]) -> tuple[int, float]:
        subject, column, value = pattern
        if not isinstance(subject, Variable):
            return 0, column.rows / column.subjects
        if not isinstance(value, Variable):
            return 1, -min(uses[value], column.rows)
        return 2, column.rows

    def each(pattern: tuple[Node, Column, Node]) -> float:
        """Say how many triples a solution so far goes on to."""
        subject, column, value = pattern
        if subject in known:
            return 1 if value in known else column.rows / column.subjects
        if not isinstance(value, Variable):
            return min(uses[value], column.rows)
        return column.rows / column.objects if value in known else column.rows

    left = list(patterns)
    first = min(left, key=start)
    solutions = total = abs(start(first)[1])
    known: set[Node] = {*uses, first[0], first[2]}
    left.remove(first)
    while left:
        following = min(left, key=each)
        solutions *= each(following)
        total += solutions
        known |= {following[0], following[2]}
        left.remove(following)
    return total
