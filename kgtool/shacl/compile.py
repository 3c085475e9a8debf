"""Shapes compiled to SPARQL: a few queries for all focus nodes of a shape, whose rows are violations.

https://www.w3.org/TR/shacl/

Constraints that look at the same nodes are looked at in one pass: the focus nodes of a shape once for everything that
is asked of them as a whole (counts, sh:hasValue), the values of a path once for everything that is asked of each.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, cast

from kgtool.namespaces import RDF
from kgtool.shacl.conditions import Conditions, not_in
from kgtool.shacl.contexts import Context
from kgtool.shacl.graph import NotCompiledError
from kgtool.shacl.select import SHAPES_GRAPH, select_all
from kgtool.shacl.shapes import Constraint, Qualified, Shape, Shapes
from kgtool.shacl.source import Source
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = ["Check", "Query", "compile_shape"]


class Check(NamedTuple):
    """What a row says of one constraint."""

    shape: Shape
    constraint: Constraint
    #: The column that is true if the constraint is violated; ``None``: every row is a violation.
    flag: str | None = None
    #: The column of the value; of the path.
    value: str | None = None
    path: str | None = None
    #: Whether a value is a violation, where that is found out here.
    test: Callable[[Term | None], bool] | None = None
    #: Whether it is a violation once, however many values show it.
    once: bool = False


class Query(NamedTuple):
    """A query whose rows say of chains of nodes which constraints they violate."""

    text: str
    #: Its columns; none if they are those that the author of the constraint selected.
    columns: tuple[str, ...]
    #: How many of them are the chain, whose last is the focus node.
    chain: int
    checks: tuple[Check, ...]
    #: Whether it is about values as the engine has them, and not about terms.
    plain: bool = False
    named: tuple[str, ...] = ()


def compile_shape(shapes: Shapes, node: Term, conditions: Conditions) -> list[Query]:
    """Compile a shape that has targets.

    :raises NotCompiledError: if a part of it cannot be written as SPARQL.
    :raises DataError: if a query in it is not allowed there.
    """
    shape = shapes[node]
    if shape.deactivated:
        return []
    compiler = _Compiler(shapes, conditions)
    context = compiler.focus(node)
    if context is None:
        return []
    compiler.shape(shape, context, frozenset())
    return compiler.finished()


class _Asked(NamedTuple):
    """Conditions that are asked of the chains of one context."""

    context: Context
    violated: list[tuple[str, Check]]


class _Compiler:
    """The queries of one shape, being written."""

    def __init__(self, shapes: Shapes, conditions: Conditions) -> None:
        self.shapes = shapes
        self.conditions = conditions
        self.source: Source = conditions.source
        self._fresh = conditions.fresh
        self._queries: list[Query] = []
        self._asked: dict[str, _Asked] = {}

    def finished(self) -> list[Query]:
        """Return the queries, with one for all that is asked of the same chains."""
        return [*(self._flagged(context, context.text, violated, ()) for context, violated in self._asked.values()),
                *self._queries]  # fmt: skip

    # Focus nodes --------------------------------------------------------------------------------------------------

    def focus(self, node: Term) -> Context | None:
        """Write the pattern of a shape's targets; ``None`` if it has none."""
        f = self._fresh()
        ways: list[str] = []
        unique = True
        predicates: set[str] = set()
        named: list[str] = []
        odd = False
        for kind, value in self.shapes.targets(node):
            if kind == "targetNode":
                named.append(self.conditions.constant(value))
                odd = odd or self.source.constant(value) != value
                continue
            if isinstance(value, BlankNode):
                raise NotCompiledError("a blank node is its target")
            if kind == "targetClass":
                ways.append(self.conditions.instances(f, value))
                unique = unique and "VALUES" not in ways[-1] and "*" not in ways[-1]
                predicates.add(RDF + "type")
            else:
                other = self._fresh()
                subject, target = (f, other) if kind == "targetSubjectsOf" else (other, f)
                ways.append(f"?{subject} {n3(value)} ?{target} .")
                predicates.add(cast(IRI, value).value)
                odd = odd or (kind == "targetObjectsOf" and bool(self.source.may_stand_in([cast(IRI, value).value])))
                unique = False
        if named:
            ways.append(f"VALUES ?{f} {{ {' '.join(dict.fromkeys(named))} }}")
        if not ways:
            return None
        if len(ways) == 1 and unique:
            return Context(ways[0], (f,), True, frozenset(predicates), odd)
        inner = ways[0] if len(ways) == 1 else " UNION ".join(f"{{ {way} }}" for way in ways)
        return Context(f"{{ SELECT DISTINCT ?{f} {{ {inner} }} }}", (f,), True, frozenset(predicates), odd)

    def _with_values(self, context: Context, shape: Shape, v: str) -> Context:
        """Extend chains by the values of a property shape."""
        path = shape.path
        assert path is not None
        stays, rest = path.without_standing()
        ways = [f"{context.text} ?{context.focus} {rest.text()} ?{v} ."] if rest is not None else []
        if stays:
            ways.append(f"{context.text} BIND(?{context.focus} AS ?{v})")
        text = ways[0] if len(ways) == 1 else " UNION ".join(f"{{ {way} }}" for way in ways)
        unique = context.unique and path.simple
        odd = bool(self.source.may_stand_in(path.predicates())) or (stays and context.odd)
        return Context(text, (*context.chain, v), unique, context.predicates | path.predicates(), odd)

    # Shapes -------------------------------------------------------------------------------------------------------

    def shape(self, shape: Shape, context: Context, within: frozenset[Term]) -> None:
        """Write the queries of a shape for the chains of a context."""
        if shape.node in within:
            raise NotCompiledError("it is recursive")
        if shape.deactivated:
            return
        within |= {shape.node}
        values = context if shape.path is None else self._with_values(context, shape, self._fresh())
        violated: list[tuple[str, Check]] = []
        for constraint in shape.constraints:
            if self._matched_here(constraint, shape, values, context):
                continue
            condition = self.conditions.holds(constraint, values.focus, context.focus, shape, within)
            if condition is not None:
                violated.append((f"!{condition}", Check(shape, constraint, value=values.focus)))
            elif constraint.kind == "maxCount" and constraint.value == 1 and shape.path is not None:
                # Looked at from each value: whether there is another.
                other = self._fresh()
                another = self.conditions.exists(
                    context.focus, shape.path, other, f"!sameTerm(?{values.focus}, ?{other})"
                )
                violated.append((another, Check(shape, constraint, once=True)))
            else:
                self._of_all(constraint, shape, context, values, within)
        if violated and shape.path is None:
            self._ask(context, violated)
        elif violated:
            self._queries.append(self._flagged(context, values.text, violated, values.chain[-1:], values.unique))
        for part in shape.properties:
            self.shape(self.shapes[part], values, within)

    def _ask(self, context: Context, violated: list[tuple[str, Check]]) -> None:
        self._asked.setdefault(context.text, _Asked(context, [])).violated.extend(violated)

    def _flagged(
        self,
        context: Context,
        text: str,
        violated: list[tuple[str, Check]],
        more: tuple[str, ...],
        unique: bool | None = None,
    ) -> Query:
        """Write the query whose rows violate one of some conditions, with a column for each that says whether."""
        columns = (*context.chain, *more)
        distinct = "" if (context.unique if unique is None else unique) else "DISTINCT "
        selected = " ".join(f"?{name}" for name in columns)
        if len(violated) == 1:
            condition, check = violated[0]
            text = f"SELECT {distinct}{selected} {{ {text} FILTER({condition}) }}"
            return Query(text, columns, len(context.chain), (check,))
        flags = [self._fresh() for _ in violated]
        # One after the other, and not joined: whether something exists is asked anew for every name.
        told = " ".join(f"(({condition}) AS ?{flag})" for flag, (condition, _) in zip(flags, violated, strict=True))
        wrong = " || ".join(f"({condition})" for condition, _ in violated)
        checks = tuple(check._replace(flag=flag) for flag, (_, check) in zip(flags, violated, strict=True))
        return Query(
            f"SELECT {distinct}{selected} {told} {{ {text} FILTER({wrong}) }}",
            (*columns, *flags),
            len(context.chain),
            checks,
        )

    def _matched_here(self, constraint: Constraint, shape: Shape, values: Context, context: Context) -> bool:
        """Ask for all values of a pattern that the engine cannot read, to match them here."""
        if constraint.kind != "pattern":
            return False
        pattern, flags = cast(tuple[Literal, str], constraint.value)
        if self.conditions.can_match(pattern.value, flags):
            return False
        known = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
        try:
            matcher = re.compile(pattern.value, sum(known[flag] for flag in set(flags)))
        except (re.error, KeyError) as exc:
            self.shapes.graph.refuse(f"sh:pattern '{pattern.value}' cannot be read: {exc}", shape.node)

        def differs(value: Term | None) -> bool:
            return value is None or isinstance(value, BlankNode) or matcher.search(value.value) is None

        text = f"SELECT DISTINCT {values.selected} {{ {values.text} }}"
        check = Check(shape, constraint, value=values.focus, test=differs)
        self._queries.append(Query(text, values.chain, len(context.chain), (check,)))
        return True

    def _of_all(
        self, constraint: Constraint, shape: Shape, context: Context, values: Context, within: frozenset[Term]
    ) -> None:
        """Write a constraint that is about all values together, or about pairs."""
        kind = constraint.kind
        if kind in ("sparql", "component"):
            self._selected(constraint, shape, context)
        elif kind == "closed":
            self._closed(constraint, shape, context, values)
        elif kind == "equals":
            self._equals(constraint, shape, context, values)
        elif kind in ("lessThan", "lessThanOrEquals"):
            self._compared(constraint, shape, context, values)
        elif kind == "uniqueLang":
            self._unique_language(constraint, shape, context, values)
        elif kind == "hasValue" and shape.path is None:
            condition = f"!sameTerm(?{context.focus}, {self.conditions.constant(cast(Term, constraint.value))})"
            self._ask(context, [(condition, Check(shape, constraint))])
        elif self._is_small(constraint):
            condition = self.conditions.of_values(constraint, shape, context.focus, within)
            self._ask(context, [(f"!{condition}", Check(shape, constraint))])
        else:
            self._counted(constraint, shape, context, values, within)

    def _is_small(self, constraint: Constraint) -> bool:
        """Say whether it is cheaper to name the values than to count them."""
        value = constraint.value
        if constraint.kind == "minCount":
            return cast(int, value) <= 2
        if constraint.kind == "maxCount":
            return cast(int, value) == 0
        if isinstance(value, Qualified):
            return (value.least or 0) <= 2 and (value.most or 0) <= 1
        return True

    def _counted(
        self, constraint: Constraint, shape: Shape, context: Context, values: Context, within: frozenset[Term]
    ) -> None:
        """Count the values of every chain."""
        value, v = constraint.value, values.focus
        which = ""
        if isinstance(value, Qualified):
            which = f" FILTER({self.conditions.counted(value, v, within)})"
            least, most = value.least, value.most
        else:
            least, most = (cast(int, value), None) if constraint.kind == "minCount" else (None, cast(int, value))
        assert shape.path is not None
        pattern = self.conditions.values(context.focus, shape.path, v)
        if least is None or shape.path.simple:
            inner = f"{pattern}{which}" if least is None else f"OPTIONAL {{ {pattern}{which} }}"
            body = f"{context.text} {inner}"
            if least is None and not shape.path.simple:
                body = f"{values.text}{which}"
        else:
            # A path that stays needs the thing it stays at inside its own group.
            found = f"SELECT DISTINCT {context.selected} ?{v} {{ {values.text}{which} }}"
            body = f"{context.text} OPTIONAL {{ {{ {found} }} }}"
        n = self._fresh()
        count = f"COUNT(DISTINCT ?{v})"
        wrong = f"{count} < {least}" if least is not None else f"{count} > {most}"
        text = f"SELECT {context.selected} ({count} AS ?{n}) {{ {body} }} GROUP BY {context.selected} HAVING ({wrong})"
        self._queries.append(Query(text, (*context.chain, n), len(context.chain), (Check(shape, constraint),)))

    def _unique_language(self, constraint: Constraint, shape: Shape, context: Context, values: Context) -> None:
        v, tag = values.focus, self._fresh()
        tagged = f"{values.text} FILTER(isLiteral(?{v})) BIND(LCASE(LANG(?{v})) AS ?{tag}) FILTER(?{tag} != '')"
        columns = f"{context.selected} ?{tag}"
        text = f"SELECT {columns} {{ {tagged} }} GROUP BY {columns} HAVING (COUNT(DISTINCT ?{v}) > 1)"
        self._queries.append(Query(text, (*context.chain, tag), len(context.chain), (Check(shape, constraint),)))

    def _closed(self, constraint: Constraint, shape: Shape, context: Context, values: Context) -> None:
        p, o = self._fresh(), self._fresh()
        distinct = "" if values.unique else "DISTINCT "
        text = (
            f"SELECT {distinct}{values.selected} ?{p} ?{o} {{ {values.text} ?{values.focus} ?{p} ?{o} "
            f"FILTER({not_in(p, cast(list[str], constraint.value))}) }}"
        )
        check = Check(shape, constraint, value=o, path=p)
        self._queries.append(Query(text, (*values.chain, p, o), len(context.chain), (check,)))

    def _equals(self, constraint: Constraint, shape: Shape, context: Context, values: Context) -> None:
        f, v, name = context.focus, values.focus, n3(cast(IRI, constraint.value))
        check = Check(shape, constraint, value=v)
        missing = f"{values.text} FILTER NOT EXISTS {{ ?{f} {name} ?{v} }}"
        if shape.path is None:
            v = self._fresh()
            self._ask(context, [(f"!EXISTS {{ ?{f} {name} ?{f} }}", Check(shape, constraint, value=f))])
            there = f"sameTerm(?{f}, ?{v})"
        else:
            text = f"SELECT DISTINCT {context.selected} ?{v} {{ {missing} }}"
            self._queries.append(Query(text, (*context.chain, v), len(context.chain), (check,)))
            there = self.conditions.reaches(f, shape.path, v)
        back = f"SELECT DISTINCT {context.selected} ?{v} {{ {context.text} ?{f} {name} ?{v} FILTER(!{there}) }}"
        self._queries.append(Query(back, (*context.chain, v), len(context.chain), (check._replace(value=v),)))

    def _compared(self, constraint: Constraint, shape: Shape, context: Context, values: Context) -> None:
        w = self._fresh()
        pair = self.conditions.pair(constraint, shape, values.focus, w)
        text = (
            f"SELECT DISTINCT {values.selected} ?{w} {{ {values.text} ?{context.focus} "
            f"{n3(cast(IRI, constraint.value))} ?{w} FILTER(!{pair}) }}"
        )
        check = Check(shape, constraint, value=values.focus)
        self._queries.append(Query(text, (*values.chain, w), len(context.chain), (check,)))

    def _selected(self, constraint: Constraint, shape: Shape, context: Context) -> None:
        """Write the query of a SPARQL-based constraint for all focus nodes."""
        graph = self.shapes.graph
        if context.odd:
            raise NotCompiledError("its query is about literals, and the engine does not keep how they are written")
        made = select_all(graph, constraint, shape, context)
        asked = None if made.predicates is None else made.predicates | context.predicates
        if made.is_lexical and self.source.may_stand_in(asked):
            raise NotCompiledError("its query looks at how literals are written, which the engine does not keep")
        named: tuple[str, ...] = ()
        if made.sees_shapes:
            if not self.source.add_graph(SHAPES_GRAPH, graph):
                raise NotCompiledError("its query looks at the shapes graph")
            named = (SHAPES_GRAPH,)
        check = Check(shape, constraint)
        self._queries.append(Query(made.text, (), 0, (check,), plain=True, named=named))
