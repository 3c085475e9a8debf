"""The queries of SPARQL-based constraints, taken apart as far as compiling them needs.

https://www.w3.org/TR/shacl/#sparql-constraints · https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kgtool.shacl.graph import ShapesGraph
from kgtool.terms import Term
from kgtool.tokens import TOKEN

__all__ = ["Group", "Token", "UserQuery", "read_query"]

_REFUSED = {"MINUS", "VALUES", "SERVICE"}
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
#: Functions that see how a literal is written, or which datatype it has, and not only its value.
_LEXICAL = {
    "STR", "DATATYPE", "SAMETERM", "REGEX", "STRLEN", "CONCAT", "REPLACE", "CONTAINS", "STRSTARTS", "STRENDS", "SUBSTR",
    "STRBEFORE", "STRAFTER", "UCASE", "LCASE", "ENCODE_FOR_URI", "GROUP_CONCAT", "MD5", "SHA1", "SHA256",
}  # fmt: skip


class Token(NamedTuple):
    """A word of a query."""

    kind: str
    text: str

    @property
    def upper(self) -> str:
        """A keyword as it is compared; nothing for what is none."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def variable(self) -> str | None:
        """The name of a variable."""
        return self.text[1:] if self.kind == "variable" else None


class Group(NamedTuple):
    """A group graph pattern: where its braces stand, what stands before it, what is in it."""

    start: int
    kind: str
    #: The variables that stand in its own filters and assignments.
    looked_at: frozenset[str]
    outermost: bool


class UserQuery(NamedTuple):
    """A query: its words without spaces, and its groups."""

    tokens: tuple[Token, ...]
    groups: tuple[Group, ...]
    #: Where the outermost group begins and ends.
    start: int
    end: int

    def has(self, *words: str) -> bool:
        """Say whether one of some keywords stands anywhere."""
        return any(token.upper in words for token in self.tokens)

    def variables(self) -> set[str]:
        """Return the names of all variables."""
        return {token.text[1:] for token in self.tokens if token.kind == "variable"}

    @property
    def is_lexical(self) -> bool:
        """Whether it sees how literals are written."""
        return self.has(*_LEXICAL)

    @property
    def aggregates(self) -> bool:
        """Whether it counts, sums or the like."""
        return self.has(*_AGGREGATES)

    def body(self) -> str:
        """Return what stands in the outermost group."""
        return join(self.tokens[self.start + 1 : self.end])


def read_query(graph: ShapesGraph, text: str, node: Term, *, bound: frozenset[str]) -> UserQuery:
    """Take a query apart.

    :param node: the node that it is said of.
    :param bound: the variables that have values before it runs.
    :raises DataError: if it has what the recommendation does not allow in such a query.
    """
    tokens = tuple(
        Token(match.lastgroup or "", match.group()) for match in TOKEN.finditer(text) if match.lastgroup != "space"
    )
    for token, following in zip(tokens, [*tokens[1:], Token("", "")], strict=True):
        if token.upper in _REFUSED:
            graph.refuse(f"a query of a constraint may not have {token.upper} in it", node)
        if token.upper == "AS" and following.variable in bound:
            graph.refuse(f"a query of a constraint may not give ?{following.variable} a value", node)
    groups = _groups(graph, tokens, node, bound)
    outermost = [group.start for group in groups if group.outermost]
    if len(outermost) != 1:
        graph.refuse("a query of a constraint has no pattern", node)
    start = outermost[0]
    return UserQuery(tokens, groups, start, _end(graph, tokens, node, start))


def _end(graph: ShapesGraph, tokens: tuple[Token, ...], node: Term, start: int) -> int:
    depth = 0
    for position in range(start, len(tokens)):
        depth += (tokens[position].text == "{") - (tokens[position].text == "}")
        if depth == 0:
            return position
    return graph.refuse("a query of a constraint lacks a closing brace", node)


def _groups(graph: ShapesGraph, tokens: tuple[Token, ...], node: Term, bound: frozenset[str]) -> tuple[Group, ...]:
    found: list[Group] = []
    open_: list[tuple[int, str, set[str], int]] = []
    parens = 0
    for position, token in enumerate(tokens):
        if token.text == "{" and token.kind == "sign":
            kind = _kind(tokens, position)
            if kind == "subselect" and open_:
                _check_selected(graph, tokens, node, position, bound)
            open_.append((position, kind, set(), parens))
            parens = 0
        elif token.text == "}" and token.kind == "sign" and open_:
            start, kind, looked_at, parens = open_.pop()
            found.append(Group(start, kind, frozenset(looked_at), not open_))
        elif token.kind == "sign" and token.text in "()":
            parens += 1 if token.text == "(" else -1
        elif token.kind == "variable" and parens > 0 and open_:
            open_[-1][2].add(token.text[1:])
    return tuple(found)


def _kind(tokens: tuple[Token, ...], position: int) -> str:
    """Say what a group is of: look back over what stands before its brace."""
    before = [token.upper for token in tokens[max(0, position - 2) : position]]
    last = before[-1] if before else ""
    if last == "EXISTS":
        return "exists"
    if last in ("OPTIONAL", "UNION"):
        return last.lower()
    if len(before) == 2 and before[0] == "GRAPH":
        return "graph"
    for token in reversed(tokens[:position]):
        if token.upper == "SELECT":
            return "subselect"
        if token.kind == "sign" and token.text in "{}.":
            break
    return "group"


def _check_selected(
    graph: ShapesGraph, tokens: tuple[Token, ...], node: Term, position: int, bound: frozenset[str]
) -> None:
    """Refuse a nested SELECT that does not select what is bound before."""
    start = max(index for index in range(position) if tokens[index].upper == "SELECT")
    selected = tokens[start + 1 : position]
    names = {token.text[1:] for token in selected if token.kind == "variable"}
    needed = bound - {"shapesGraph", "currentShape"}
    if any(token.text == "*" for token in selected[:2]) or not needed <= names:
        graph.refuse("a nested SELECT must select $this and every other variable that has a value before", node)


def join(tokens: tuple[Token, ...] | list[Token]) -> str:
    """Write words as a text. The engine wants no space between a function and its brackets."""
    made: list[str] = []
    for index, token in enumerate(tokens):
        if index and not (token.text == "(" and tokens[index - 1].kind == "word"):
            made.append(" ")
        made.append(token.text)
    return "".join(made)


def substitute(tokens: tuple[Token, ...], values: Mapping[str, str]) -> tuple[Token, ...]:
    """Put texts in the place of variables; one that is selected or grouped by is left out, as it is the same always."""
    made: list[Token] = []
    selecting = False
    skip = 0
    for position, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        if token.upper in ("SELECT", "GROUP"):
            selecting = True
        elif token.text == "{" or token.upper in ("WHERE", "HAVING", "ORDER", "LIMIT", "OFFSET"):
            selecting = False
        name = token.variable
        if token.upper == "BOUND" and position + 2 < len(tokens) and tokens[position + 2].variable in values:
            made.append(Token("term", "(true)"))
            skip = 3
        elif name is not None and name in values:
            depth = sum((one.text == "(") - (one.text == ")") for one in made[_since_select(made) :])
            if not selecting or depth > 0:
                made.append(Token("term", values[name]))
        else:
            made.append(token)
    return tuple(made)


def _since_select(tokens: list[Token]) -> int:
    return next((index for index in range(len(tokens) - 1, -1, -1) if tokens[index].upper in ("SELECT", "GROUP")), 0)
