"""Compiled shapes, run: the results of a validation.

https://www.w3.org/TR/shacl/#validation
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, cast

from kgtool.errors import QueryError
from kgtool.shacl.compile import Check, Query, compile_shape
from kgtool.shacl.conditions import Conditions
from kgtool.shacl.graph import NotCompiledError
from kgtool.shacl.shapes import Applied, Constraint, Shape, Shapes
from kgtool.shacl.source import Classes, Row, Source
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = ["Outcome", "Plan", "Result", "make_plan", "run_plan"]

_VARIABLE = re.compile(r"\{[?$](\w+)\}")


class Result(NamedTuple):
    """A validation result."""

    focus: Term
    #: A property, or the node of the shapes graph that stands for a path.
    path: Term | None
    value: Term | None
    severity: Term
    component: IRI
    shape: Term
    #: The SPARQL-based constraint, if it is one's.
    constraint: Term | None
    messages: tuple[Literal, ...]


class Plan(NamedTuple):
    """The queries of all shapes with targets."""

    shapes: Shapes
    queries: tuple[Query, ...]
    #: Shapes that cannot be compiled, and why.
    left: dict[Term, str]


class Outcome(NamedTuple):
    """What compiled shapes found."""

    results: list[Result]
    left: dict[Term, str]


def make_plan(shapes: Shapes, source: Source) -> Plan:
    """Compile every shape that has targets.

    :raises DataError: if a shape is not well formed.
    """
    shapes.check()
    conditions = Conditions(shapes, source, Classes(source))
    queries: list[Query] = []
    left: dict[Term, str] = {}
    for node in shapes.targeted():
        try:
            queries += compile_shape(shapes, node, conditions)
        except NotCompiledError as exc:
            left[node] = str(exc)
    return Plan(shapes, tuple(queries), left)


def run_plan(plan: Plan, source: Source) -> list[Result]:
    """Run the queries of a plan, several at a time where the source allows it.

    :raises QueryError: if the source does not take a query.
    """
    workers = min(len(plan.queries), os.cpu_count() or 1)
    if workers < 2 or not source.parallel:
        return [result for query in plan.queries for result in _run(plan, query, source)]
    # The engine works without Python's lock. Rows become terms in the thread that asked, which the engine insists on.
    with ThreadPoolExecutor(max_workers=workers) as pool:
        found = pool.map(lambda query: _run(plan, query, source), plan.queries)
        return [result for results in found for result in results]


def _run(plan: Plan, query: Query, source: Source) -> list[Result]:
    try:
        answer = source.select(query.text, plain=query.plain, named=query.named)
    except QueryError as exc:
        for check in query.checks:
            if check.constraint.kind in ("sparql", "component"):
                node = check.constraint.source or check.shape.node
                plan.shapes.graph.refuse(f"its query is not well formed: {exc.message}", node)
        raise
    if not query.columns:
        return list(_selected(plan, query, answer.variables, answer.rows, source))
    return list(_results(query, answer.variables, answer.rows, source))


def _results(query: Query, names: tuple[str, ...], rows: Iterable[Row], source: Source) -> Iterator[Result]:
    at = {name: index for index, name in enumerate(names)}
    seen: set[tuple[int, Row]] = set()
    for row in rows:
        focus = row[query.chain - 1]
        assert focus is not None
        focus = source.original(focus)
        for number, check in enumerate(query.checks):
            if check.flag is not None:
                flag = row[at[check.flag]]
                if not (isinstance(flag, Literal) and flag.value == "true"):
                    continue
            if check.once:
                key = number, row[: query.chain]
                if key in seen:
                    continue
                seen.add(key)
            value = None if check.value is None else row[at[check.value]]
            value = None if value is None else source.original(value)
            if check.test is not None and not check.test(value):
                continue
            path = check.shape.path_node if check.path is None else row[at[check.path]]
            yield make_result(check, focus, path, value)


def make_result(check: Check, focus: Term, path: Term | None, value: Term | None) -> Result:
    """Make the result of a constraint that is violated."""
    shape, constraint = check.shape, check.constraint
    texts = shape.messages or (_default(constraint),)
    if constraint.kind == "component":
        texts = constraint.messages or texts
        texts = tuple(_filled(text, {**_parameters(constraint), "this": focus, "value": value}) for text in texts)
    return Result(focus, path, value, shape.severity, IRI(constraint.component), shape.node, constraint.source, texts)


def _selected(
    plan: Plan, query: Query, names: tuple[str, ...], rows: Iterable[Row], source: Source
) -> Iterator[Result]:
    """Read the answer of a constraint's own query."""
    (check,) = query.checks
    shape, constraint = check.shape, check.constraint
    seen: set[Row] = set()
    for row in rows:
        if row in seen:
            continue
        seen.add(row)
        said = {name: term for name, term in zip(names, row, strict=True) if term is not None}
        at = said["this"], said.get("path") or shape.path_node
        for name, term in said.items():
            predicate = at[1].value if name == "value" and isinstance(at[1], IRI) else None
            said[name] = source.written(at[0], predicate, term)
        if isinstance(failure := said.get("failure"), Literal) and failure.value in ("true", "1"):
            plan.shapes.graph.refuse("a query of a constraint reports a failure", constraint.source or shape.node)
        focus = said["this"]
        value = said.get("value") or (focus if shape.path is None else None)
        path = said.get("path")
        if not isinstance(path, IRI):
            path = shape.path_node
        yield Result(
            focus,
            path,
            value,
            shape.severity,
            IRI(constraint.component),
            shape.node,
            constraint.source,
            _messages(shape, constraint, said, value),
        )


def _messages(shape: Shape, constraint: Constraint, said: dict[str, Term], value: Term | None) -> tuple[Literal, ...]:
    """Choose the messages of a solution: its own, else those of the constraint, else those of the shape."""
    own = said.get("message")
    if isinstance(own, Literal):
        return (own,)
    known = {**_parameters(constraint), **said}
    if value is not None:
        known.setdefault("value", value)
    return tuple(_filled(text, known) for text in constraint.messages or shape.messages or (_default(constraint),))


def _default(constraint: Constraint) -> Literal:
    """Say what is not met, where the shapes have no words for it."""
    if constraint.kind in ("sparql", "component", "qualified", "closed"):
        return Literal(f"{constraint.component.rpartition('#')[2]} is violated")
    given = cast(tuple[Literal, str], constraint.value)[0] if constraint.kind == "pattern" else constraint.value
    parts = [part for part in (given if isinstance(given, list) else [given]) if not isinstance(part, BlankNode)]
    words = [n3(part) if isinstance(part, IRI | Literal) else str(part) for part in parts]
    return Literal(" ".join([f"sh:{constraint.kind}", *words, "is not met"]))


def _parameters(constraint: Constraint) -> dict[str, Term]:
    return dict(constraint.value.values) if isinstance(constraint.value, Applied) else {}


def _filled(text: Literal, known: dict[str, Term | None] | dict[str, Term]) -> Literal:
    """Put the values of variables into a message."""

    def words(match: re.Match[str]) -> str:
        term = known.get(match[1])
        return match[0] if term is None else term.value

    return text._replace(value=_VARIABLE.sub(words, text.value))
