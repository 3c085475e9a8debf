"""A SELECT query as a tree, and the tree as SPARQL again.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar

Prefixed names are full IRIs here, blank nodes are variables, and an expression is its text with holes where it has
variables and EXISTS: what an engine reads in the tree's text is what it read in the query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from kgtool.terms import IRI, Literal, n3

__all__ = [
    "Alternative",
    "Bind",
    "Element",
    "Exists",
    "Expression",
    "Filter",
    "Graph",
    "Group",
    "Inverse",
    "Minus",
    "Negated",
    "Node",
    "Optional",
    "Path",
    "Repeat",
    "Select",
    "Sequence",
    "TriplePattern",
    "Union",
    "Values",
    "Variable",
    "aggregates",
    "certain",
    "mentioned",
    "parts_of",
    "rename",
    "visible",
    "write",
]


class Variable(NamedTuple):
    """A variable, or a blank node of the query, which is a variable that nobody sees."""

    name: str
    #: Whether it stands for a blank node.
    blank: bool = False


Node = IRI | Literal | Variable


class Inverse(NamedTuple):
    """``^path``."""

    path: Path


class Sequence(NamedTuple):
    """``a/b``."""

    parts: tuple[Path, ...]


class Alternative(NamedTuple):
    """``a|b``."""

    parts: tuple[Path, ...]


class Repeat(NamedTuple):
    """``path*``, ``path+`` or ``path?``."""

    path: Path
    mark: str


class Negated(NamedTuple):
    """``!(a|^b)``."""

    forward: tuple[IRI, ...]
    backward: tuple[IRI, ...]


Path = IRI | Inverse | Sequence | Alternative | Repeat | Negated


class Exists(NamedTuple):
    """``EXISTS { … }`` or ``NOT EXISTS { … }``."""

    group: Group
    negated: bool


#: Text, variables, and EXISTS.
Expression = tuple[str | Variable | Exists, ...]


class TriplePattern(NamedTuple):
    """A triple pattern; its predicate may be a path."""

    subject: Node
    predicate: Variable | Path
    object: Node


class Group(NamedTuple):
    """``{ … }``."""

    elements: tuple[Element, ...]


class Optional(NamedTuple):
    """``OPTIONAL { … }``."""

    group: Group


class Minus(NamedTuple):
    """``MINUS { … }``."""

    group: Group


class Union(NamedTuple):
    """``{ … } UNION { … }``; with one branch, a group in a group."""

    branches: tuple[Group, ...]


class Graph(NamedTuple):
    """``GRAPH name { … }``."""

    name: IRI | Variable
    group: Group


class Filter(NamedTuple):
    """``FILTER (…)``."""

    expression: Expression


class Bind(NamedTuple):
    """``BIND (… AS ?variable)``."""

    expression: Expression
    variable: Variable


class Values(NamedTuple):
    """``VALUES (…) { … }``; ``None`` is ``UNDEF``."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[IRI | Literal | None, ...], ...]


class Select(NamedTuple):
    """A query or a subquery; what ``*`` stands for is written out."""

    #: Each column: its variable, and its expression if it has one.
    columns: tuple[tuple[Variable, Expression | None], ...]
    where: Group
    distinct: bool = False
    #: Each condition: its expression, and its variable if it has one.
    group_by: tuple[tuple[Expression, Variable | None], ...] = ()
    having: tuple[Expression, ...] = ()
    #: Each condition: ``ASC``, ``DESC`` or nothing, and the expression.
    order_by: tuple[tuple[str, Expression], ...] = ()
    limit: int | None = None
    offset: int | None = None
    values: Values | None = None

    @property
    def is_grouped(self) -> bool:
        """Whether its rows are groups."""
        expressions = [expression for _, expression in self.columns if expression] + list(self.having)
        return bool(self.group_by) or any(aggregates(expression) for expression in expressions)


Element = TriplePattern | Optional | Minus | Union | Graph | Filter | Bind | Values | Select

T = TypeVar("T")

_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})


def aggregates(expression: Expression) -> bool:
    """Say whether an expression is about a group of solutions."""
    return any(isinstance(part, str) and part.upper() in _AGGREGATES for part in expression)


# Text ----------------------------------------------------------------------------------------------------------------


def write(tree: Any) -> str:
    """Write a tree, or a part of one, as SPARQL."""
    match tree:
        case IRI() | Literal():
            return n3(tree)
        case Variable():
            return f"?{tree.name}"
        case None:
            return "UNDEF"
        case TriplePattern():
            return f"{write(tree.subject)} {write(tree.predicate)} {write(tree.object)} ."
        case Group():
            return f"{{ {' '.join(map(write, tree.elements))} }}"
        case Optional():
            return f"OPTIONAL {write(tree.group)}"
        case Minus():
            return f"MINUS {write(tree.group)}"
        case Union():
            return " UNION ".join(map(write, tree.branches))
        case Graph():
            return f"GRAPH {write(tree.name)} {write(tree.group)}"
        case Filter():
            return f"FILTER ({_expression(tree.expression)})"
        case Bind():
            return f"BIND ({_expression(tree.expression)} AS {write(tree.variable)})"
        case Values():
            rows = " ".join(f"({' '.join(map(write, row))})" for row in tree.rows)
            return f"VALUES ({' '.join(map(write, tree.variables))}) {{ {rows} }}"
        case Select():
            return f"{{ {_select(tree)} }}"
        case _:
            return _path(tree)


def _expression(expression: Expression) -> str:
    text, last = "", "("
    for part in expression:
        written = part if isinstance(part, str) else _hole(part)
        # pyoxigraph 0.5 reads "COALESCE (" as something else, so a name and its parenthesis stay together.
        called = written == "(" and (last[-1].isalnum() or (last[-1] == ">" and len(last) > 1))
        text += written if last == "(" or written in {")", ","} or called else f" {written}"
        last = written
    return text


def _hole(part: Variable | Exists) -> str:
    if isinstance(part, Variable):
        return write(part)
    return f"{'NOT ' if part.negated else ''}EXISTS {write(part.group)}"


def _path(path: Path) -> str:
    match path:
        case Inverse():
            return f"^({write(path.path)})"
        case Sequence():
            return "/".join(f"({write(part)})" for part in path.parts)
        case Alternative():
            return "|".join(f"({write(part)})" for part in path.parts)
        case Repeat():
            return f"({write(path.path)}){path.mark}"
        case Negated():
            names = [write(iri) for iri in path.forward] + [f"^{write(iri)}" for iri in path.backward]
            return f"!({'|'.join(names)})"
        case _:
            return write(path)


def _select(select: Select) -> str:
    columns = [
        write(variable) if expression is None else f"({_expression(expression)} AS {write(variable)})"
        for variable, expression in select.columns
    ]
    words = ["SELECT", "DISTINCT" if select.distinct else "", " ".join(columns) or "*", "WHERE", write(select.where)]
    if select.group_by:
        words.append("GROUP BY")
        words += [
            f"({_expression(expression)}{f' AS {write(variable)}' if variable else ''})"
            if variable or not _is_variable(expression)
            else _expression(expression)
            for expression, variable in select.group_by
        ]
    if select.having:
        words += ["HAVING", *(f"({_expression(expression)})" for expression in select.having)]
    if select.order_by:
        words += ["ORDER BY", *(f"{order or 'ASC'}({_expression(by)})" for order, by in select.order_by)]
    if select.limit is not None:
        words.append(f"LIMIT {select.limit}")
    if select.offset is not None:
        words.append(f"OFFSET {select.offset}")
    if select.values is not None:
        words.append(write(select.values))
    return " ".join(word for word in words if word)


def _is_variable(expression: Expression) -> bool:
    return len(expression) == 1 and isinstance(expression[0], Variable)


# Variables -----------------------------------------------------------------------------------------------------------


def rename(tree: T, names: Mapping[str, str]) -> T:
    """Give variables of a tree other names."""
    return _rename(tree, names)  # type: ignore[no-any-return]


def _rename(tree: Any, names: Mapping[str, str]) -> Any:
    if isinstance(tree, Variable):
        return tree._replace(name=names.get(tree.name, tree.name))
    if not isinstance(tree, tuple) or isinstance(tree, IRI | Literal):
        return tree
    parts = [_rename(part, names) for part in tree]
    return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)


def parts_of(tree: Any, kind: type[T]) -> Iterator[T]:
    """Walk over every part of a tree that is of a kind, wherever it stands; not into such parts."""
    if isinstance(tree, kind):
        yield tree
    elif isinstance(tree, tuple) and not isinstance(tree, IRI | Literal):
        for part in tree:
            yield from parts_of(part, kind)


def mentioned(tree: Any) -> Iterator[Variable]:
    """Walk over every variable that stands in a tree, wherever it does."""
    return parts_of(tree, Variable)


def visible(tree: Any) -> dict[str, Variable]:
    """Return the variables that a pattern may give a value: https://www.w3.org/TR/sparql11-query/#variableScope."""
    match tree:
        case Variable():
            return {tree.name: tree}
        case TriplePattern():
            return visible(tree.subject) | visible(tree.predicate) | visible(tree.object)
        case Group():
            found: dict[str, Variable] = {}
            for element in tree.elements:
                found |= visible(element)
            return found
        case Optional():
            return visible(tree.group)
        case Union():
            return {name: variable for branch in tree.branches for name, variable in visible(branch).items()}
        case Graph():
            return visible(tree.name) | visible(tree.group)
        case Bind():
            return visible(tree.variable)
        case Values():
            return {variable.name: variable for variable in tree.variables}
        case Select():
            return {variable.name: variable for variable, _ in tree.columns}
        case _:
            return {}


def certain(tree: Any) -> set[str]:
    """Return the names of the variables that have a value in every solution of a pattern."""
    match tree:
        case TriplePattern():
            return set(visible(tree))
        case Group():
            return {name for element in tree.elements for name in certain(element)}
        case Union():
            return set.intersection(*(certain(branch) for branch in tree.branches))
        case Graph():
            return set(visible(tree.name)) | certain(tree.group)
        case Values():
            columns = range(len(tree.variables))
            return {tree.variables[i].name for i in columns if all(row[i] is not None for row in tree.rows)}
        case Select():
            inner = certain(tree.where) | (certain(tree.values) if tree.values else set())
            return {variable.name for variable, expression in tree.columns if expression is None} & inner
        case _:
            return set()
