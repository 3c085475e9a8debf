"""From triple patterns and filters to the tables, joins and conditions of a query in SQL."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count

from kgtool.columns.bindings import Binding, Pattern, Terms, UnsupportedError
from kgtool.columns.estimate import looked_at
from kgtool.columns.filters import add_filter
from kgtool.select.syntax import Expression, Filter, Group, Inverse, Node, Path, Sequence, TriplePattern, Variable
from kgtool.terms import IRI, n3

__all__ = ["read_pattern"]


def read_pattern(group: Group, terms: Terms) -> Pattern:
    """Translate a group of triple patterns and filters.

    :raises UnsupportedError: if there is something else in it.
    """
    found = Pattern()
    patterns: list[tuple[Node, IRI, Node]] = []
    filters: list[Expression] = []
    fresh = count()
    for element in group.elements:
        if isinstance(element, TriplePattern):
            if isinstance(element.predicate, Variable):
                raise UnsupportedError("a predicate is a variable")
            patterns += _steps(element.subject, element.predicate, element.object, fresh)
        elif isinstance(element, Filter):
            filters.append(element.expression)
        else:
            raise UnsupportedError(f"{type(element).__name__} is in it")
    if not patterns:
        raise UnsupportedError("it has no triples")
    _join(patterns, terms, found)
    for expression in filters:
        add_filter(expression, terms, found)
    return found


def _steps(subject: Node, path: Path, value: Node, fresh: Iterator[int]) -> Iterator[tuple[Node, IRI, Node]]:
    """Walk over the triple patterns that a path stands for."""
    match path:
        case IRI():
            yield subject, path, value
        case Inverse():
            yield from _steps(value, path.path, subject, fresh)
        case Sequence():
            before = subject
            for part in path.parts[:-1]:
                between = Variable(f" {next(fresh)}", blank=True)
                yield from _steps(before, part, between, fresh)
                before = between
            yield from _steps(before, path.parts[-1], value, fresh)
        case _:
            raise UnsupportedError("a path is of any length, or has alternatives")


def _join(patterns: list[tuple[Node, IRI, Node]], terms: Terms, found: Pattern) -> None:
    aliases: dict[tuple[object, ...], str] = {}
    rows: dict[str, int] = {}
    uses: dict[Node, int] = {}
    for subject, predicate, value in dict.fromkeys(patterns):
        column = terms.columns.get(n3(predicate))
        if column is None:
            raise UnsupportedError("a predicate has no column")
        # Tables in which a subject has one row are read once for all that is asked of a subject.
        key = (subject, column.table) if column.single else (subject, column.table, len(aliases))
        alias = aliases.setdefault(key, f"a{len(aliases)}")
        if alias not in found.tables:
            found.tables[alias] = column.table
            _bind(found, subject, Binding(f"{alias}.s", None, alias, column.blank), terms, uses)
        term = f"{alias}.o{column.number}"
        if not column.full:
            found.conditions.append(f"{term} IS NOT NULL")
        _bind(found, value, Binding(term, column, alias, "blank" in column.kinds), terms, uses)
        rows[alias] = min(column.rows, rows.get(alias, column.rows))
    asked = [(subject, terms.columns[n3(predicate)], value) for subject, predicate, value in dict.fromkeys(patterns)]
    found.size = looked_at(asked, uses)
    found.most = math.prod(rows.values())
    _refuse_apart(found)


def _bind(found: Pattern, node: Node, binding: Binding, terms: Terms, uses: dict[Node, int]) -> None:
    """Say what a node of a pattern is: a constant to compare with, or a variable's value."""
    if isinstance(node, Variable):
        before = found.variables.get(node.name)
        if before is not None:
            found.conditions.append(f"{before.term} = {binding.term}")
        # What is known of an object is more than what is known of a subject.
        known = binding.column is not None or not binding.blank
        if before is None or (before.column is None and known):
            found.variables[node.name] = binding
        return
    number = terms.find(n3(node) if isinstance(node, IRI) else terms.spelled(node))
    if number is None:
        raise UnsupportedError("a term is in no triple")
    found.conditions.append(f"{binding.term} = ?")
    found.values.append(number[0])
    uses[node] = number[1]


def _refuse_apart(found: Pattern) -> None:
    """Refuse patterns that have nothing to do with one another: every row with every row."""
    groups = [{alias} for alias in found.tables]
    for condition in found.conditions:
        left, equals, right = condition.partition(" = ")
        if equals and "." in right:
            ends = {left.partition(".")[0], right.partition(".")[0]}
            joined = set().union(*(group for group in groups if group & ends))
            groups = [group for group in groups if not group & ends] + [joined]
    if len(groups) > 1:
        raise UnsupportedError("its parts are not connected")
