"""SPARQL-based constraints, asked of all focus nodes at a time.

https://www.w3.org/TR/shacl/#sparql-constraints-validation

A query is written for one focus node, to which ``$this`` is bound beforehand, everywhere in it. Joined with a pattern
that finds every focus node it answers for all of them, provided the pattern is joined in each group that looks at
``$this`` on its own, and that nothing in the query is about its answer as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

from kgtool.shacl.components import read_prefix_declarations, standard_prefixes
from kgtool.shacl.contexts import Context
from kgtool.shacl.graph import NotCompiledError, ShapesGraph
from kgtool.shacl.queries import Token, UserQuery, join, read_query, substitute
from kgtool.shacl.shapes import Applied, Constraint, Shape
from kgtool.sparql import declared_prefixes
from kgtool.terms import IRI, BlankNode, Term, n3

__all__ = ["SHAPES_GRAPH", "Selected", "inline_ask", "inline_select", "select_all"]

#: The name of the shapes graph, where queries can see it.
SHAPES_GRAPH = "urn:kgtool:shapes"


class Selected(NamedTuple):
    """A query for all focus nodes."""

    text: str
    #: Whether it sees how literals are written, and the properties it asks for (``None``: any).
    is_lexical: bool
    predicates: frozenset[str] | None
    sees_shapes: bool


def _prepared(
    graph: ShapesGraph, text: str, node: Term, shape: Shape, parameters: dict[str, Term], *, asks: bool
) -> tuple[dict[str, str], UserQuery]:
    """Read a query, and put the path, the parameters and the names of shape and graph into it."""
    bound = frozenset({"this", "shapesGraph", "currentShape", *parameters, *(("value",) if asks else ())})
    query = read_query(graph, text, node, bound=bound)
    values: dict[str, str] = {}
    if "PATH" in query.variables():
        if shape.path is None:
            graph.refuse("a query of a node shape has $PATH in it", node)
        values["PATH"] = shape.path.text()
    for name, term in parameters.items():
        if name in query.variables():
            values[name] = _constant(term)
    if "currentShape" in query.variables():
        values["currentShape"] = _constant(shape.node)
    if "shapesGraph" in query.variables():
        values["shapesGraph"] = n3(IRI(SHAPES_GRAPH))
    prefixes = standard_prefixes() | read_prefix_declarations(graph, node) | declared_prefixes(text)
    # Once more, since places have moved.
    text = join(substitute(query.tokens, values))
    return prefixes, read_query(graph, text, node, bound=bound - set(values))


def _constant(term: Term) -> str:
    if isinstance(term, BlankNode):
        raise NotCompiledError("a blank node of the shapes graph cannot be asked for")
    return n3(term)


def select_all(graph: ShapesGraph, constraint: Constraint, shape: Shape, context: Context) -> Selected:
    """Write the query of a constraint for all focus nodes.

    :raises DataError: if the query is not allowed in a constraint.
    :raises NotCompiledError: if it cannot be asked of all nodes at a time.
    """
    text, node, parameters = _query_of(constraint)
    prefixes, query = _prepared(graph, text, node, shape, parameters, asks=False)
    if query.has("LIMIT", "OFFSET"):
        raise NotCompiledError("its query has LIMIT or OFFSET")
    if query.has("GRAPH") and "shapesGraph" not in read_query(graph, text, node, bound=frozenset()).variables():
        raise NotCompiledError("its query asks named graphs")
    tokens = list(query.tokens)
    select = next((index for index, token in enumerate(tokens) if token.upper == "SELECT"), None)
    if select is None:
        graph.refuse("sh:select holds no SELECT query", node)
    tail = tokens[query.end + 1 :]
    grouped = next((index for index, token in enumerate(tail) if token.upper == "GROUP"), None)
    head = tokens[select : query.start]
    if query.aggregates and any(_is_outside(query, index) for index in _aggregates(tokens)) and grouped is None:
        raise NotCompiledError("its query counts without GROUP BY")
    focus = context.named("this")
    chain = focus.chain
    found = {group.start for group in query.groups if _needs_focus(group, "this")}
    for group in query.groups:
        if group.start in found and group.kind == "graph":
            raise NotCompiledError("its query looks at $this inside GRAPH")
        if group.kind == "subselect" and not group.outermost and _is_whole(query, group.start):
            raise NotCompiledError("a nested SELECT of its query counts, or has LIMIT")
    plain = focus.unique and len(chain) == 1
    inner = focus.text if plain else f"{{ SELECT DISTINCT ?this {{ {focus.text} }} }}"
    outer = focus.text if plain else f"{{ SELECT DISTINCT ?{' ?'.join(chain)} {{ {focus.text} }} }}"
    body: list[Token] = []
    for index in range(query.start + 1, query.end):
        body.append(tokens[index])
        if index in found:
            body.append(Token("pattern", inner))
    selected = _selection(head, chain)
    ending = list(tail)
    if grouped is not None:
        ending.insert(grouped + 2, Token("variables", f"?{' ?'.join(chain)}"))
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    return Selected(
        f"{declared}{selected} WHERE {{ {outer} {join(body)} }} {join(ending)}",
        query.is_lexical,
        _predicates(query, prefixes),
        "shapesGraph" in read_query(graph, text, node, bound=frozenset()).variables(),
    )


def _needs_focus(group: object, name: str) -> bool:
    looked_at, kind = group.looked_at, group.kind  # type: ignore[attr-defined]
    return name in looked_at and kind != "exists" and not group.outermost  # type: ignore[attr-defined]


def _aggregates(tokens: list[Token]) -> list[int]:
    names = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
    return [index for index, token in enumerate(tokens) if token.upper in names]


def _is_outside(query: UserQuery, index: int) -> bool:
    return index < query.start or index > query.end


def _is_whole(query: UserQuery, start: int) -> bool:
    """Say whether a nested SELECT is about its answer as a whole."""
    tokens = query.tokens
    select = max(index for index in range(start) if tokens[index].upper == "SELECT")
    depth, end = 0, start
    for end in range(start, len(tokens)):
        depth += (tokens[end].text == "{") - (tokens[end].text == "}")
        if depth == 0:
            break
    rest = []
    for token in tokens[end + 1 :]:
        if token.text == "}":
            break
        rest.append(token.upper)
    counts = any(select < index < start for index in _aggregates(list(tokens)))
    return bool({"LIMIT", "OFFSET"} & set(rest)) or (counts and "GROUP" not in rest)


def _selection(head: list[Token], chain: tuple[str, ...]) -> str:
    """Write the SELECT clause with the focus nodes in it."""
    words = [token for token in head if token.upper != "WHERE"]
    if any(token.text == "*" and words[index - 1].upper in ("SELECT", "DISTINCT", "REDUCED")
           for index, token in enumerate(words)):  # fmt: skip
        return join(words)
    start = 2 if len(words) > 1 and words[1].upper in ("DISTINCT", "REDUCED") else 1
    rest = [token for token in words[start:] if token.variable != "this"]
    return f"{join(words[:start])} ?{' ?'.join(chain)} {join(rest)}"


def _predicates(query: UserQuery, prefixes: dict[str, str]) -> frozenset[str] | None:
    """Return every IRI of a query; ``None`` if a property may be any."""
    names: set[str] = set()
    for token in query.tokens:
        if token.kind == "iri":
            names.add(token.text[1:-1])
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            names.add(prefixes.get(prefix, prefix + ":") + local)
        elif token.kind == "term":
            names |= {part.split(">")[0] for part in token.text.split("<")[1:]}
    return None if _has_open_property(query) else frozenset(names)


def _has_open_property(query: UserQuery) -> bool:
    """Say whether a variable may stand where a property stands: between two terms."""
    kinds = [
        "term" if token.kind in ("iri", "name", "variable", "term", "blank", "string", "number") else token.text
        for token in query.tokens
    ]
    for index in range(1, len(kinds) - 1):
        token = query.tokens[index]
        between = kinds[index - 1] in ("term", ";", "]") and kinds[index + 1] in ("term", "[", "(")
        if token.kind == "variable" and between and query.start < index < query.end:
            return True
    return False


def _query_of(constraint: Constraint) -> tuple[str, Term, dict[str, Term]]:
    if constraint.kind == "sparql":
        assert constraint.source is not None
        return cast(str, constraint.value), constraint.source, {}
    applied = cast(Applied, constraint.value)
    return applied.validator.text, applied.validator.node, applied.values


def inline_ask(graph: ShapesGraph, applied: Applied, shape: Shape, v: str, f: str, fresh: Callable[[], str]) -> str:
    """Write the condition that an ASK validator accepts a value.

    :raises NotCompiledError: if that cannot be written.
    """
    prefixes, query = _prepared(graph, applied.validator.text, applied.validator.node, shape, applied.values, asks=True)
    return f"EXISTS {{ {_inline(query, prefixes, {'value': v, 'this': f}, fresh)} }}"


def inline_select(graph: ShapesGraph, constraint: Constraint, shape: Shape, x: str, fresh: Callable[[], str]) -> str:
    """Write the pattern of a constraint's query for a thing that is bound.

    :raises NotCompiledError: if that cannot be written.
    """
    text, node, parameters = _query_of(constraint)
    prefixes, query = _prepared(graph, text, node, shape, parameters, asks=False)
    tail = query.tokens[query.end + 1 :]
    if any(token.upper in ("GROUP", "HAVING", "LIMIT", "OFFSET") for token in tail) or query.aggregates:
        raise NotCompiledError("a query that counts, inside another shape")
    return _inline(query, prefixes, {"this": x}, fresh)


def _inline(query: UserQuery, prefixes: dict[str, str], names: dict[str, str], fresh: Callable[[], str]) -> str:
    """Write a query's pattern for use inside EXISTS: names in full, and its variables apart from all others."""
    if query.has("SELECT") and any(group.kind == "subselect" and not group.outermost for group in query.groups):
        raise NotCompiledError("a nested SELECT inside another shape")
    if query.has("GRAPH"):
        raise NotCompiledError("named graphs inside another shape")
    for group in query.groups:
        if not group.outermost and group.kind != "exists" and group.looked_at & set(names):
            raise NotCompiledError("a query whose inner groups look at what is bound, inside another shape")
    known = dict(names)
    words: list[Token] = []
    for token in query.tokens[query.start + 1 : query.end]:
        text = token.text
        if token.kind == "variable":
            text = "?" + known.setdefault(token.text[1:], fresh())
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix not in prefixes:
                raise NotCompiledError(f"unknown prefix '{prefix}'")
            text = n3(IRI(prefixes[prefix] + local.replace("\\", "")))
        words.append(Token(token.kind, text))
    return join(words)
