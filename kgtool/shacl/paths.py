"""Property paths: read from a shapes graph, written as SPARQL, and freed of the steps that lead nowhere.

https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from typing import NamedTuple

from kgtool.namespaces import RDF, SH
from kgtool.shacl.graph import ShapesGraph, write
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = ["Path", "read_path"]

_REPEATS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


class Path(NamedTuple):
    """A path: ``iri``, ``^``, ``/``, ``|``, ``*``, ``+`` or ``?`` of its parts."""

    kind: str
    iri: str = ""
    parts: tuple[Path, ...] = ()

    @property
    def simple(self) -> bool:
        """Whether it is one property, forwards or backwards: no value is then found twice."""
        return self.kind == "iri" or (self.kind == "^" and self.parts[0].kind == "iri")

    def predicates(self) -> set[str]:
        """Return the properties it has in it."""
        return {self.iri} if self.kind == "iri" else {name for part in self.parts for name in part.predicates()}

    def text(self) -> str:
        """Write it as a SPARQL property path."""
        if self.kind == "iri":
            return n3(IRI(self.iri))
        inner = [part.text() for part in self.parts]
        if self.kind == "^":
            return f"(^{inner[0]})"
        return f"({self.kind.join(inner)})" if self.kind in "/|" else f"({inner[0]}{self.kind})"

    def without_standing(self) -> tuple[bool, Path | None]:
        """Take the path apart: whether it may stay where it is, and a path for all that it does otherwise.

        SPARQL's paths of no steps find things of the graph only, and a focus node need not be one.

        >>> star = Path("*", parts=(Path("iri", "urn:p"),))
        >>> stays, rest = Path("/", parts=(star, Path("iri", "urn:q"))).without_standing()
        >>> stays, rest.text()
        (False, '(((<urn:p>+)/<urn:q>)|<urn:q>)')
        """
        if self.kind == "iri":
            return False, self
        stays, rests = zip(*(part.without_standing() for part in self.parts), strict=True)
        if self.kind == "/":
            return all(stays), _sequence(stays, rests)
        moving = tuple(rest for rest in rests if rest is not None)
        rest = None if not moving else moving[0] if len(moving) == 1 else Path("|", parts=moving)
        if self.kind == "|":
            return any(stays), rest
        if self.kind == "?":
            return True, rest
        again = None if rest is None else Path("^" if self.kind == "^" else "+", parts=(rest,))
        return self.kind == "*" or stays[0], again


def _sequence(stays: tuple[bool, ...], rests: tuple[Path | None, ...]) -> Path | None:
    """Write a sequence of parts, each of which may be left out where it can stay."""
    ways: list[tuple[Path, ...]] = [()]
    for stay, rest in zip(stays, rests, strict=True):
        ways = [*((*way, rest) for way in ways if rest is not None), *(ways if stay else [])]
    paths = [way[0] if len(way) == 1 else Path("/", parts=way) for way in ways if way]
    return None if not paths else paths[0] if len(paths) == 1 else Path("|", parts=tuple(paths))


def read_path(graph: ShapesGraph, node: Term, *, within: frozenset[Term] = frozenset()) -> Path:
    """Read the path that a node of a shapes graph stands for.

    :raises DataError: if it is not a well-formed one.
    """
    if isinstance(node, Literal) or node in within:
        graph.refuse(f"{write(node)} is not a property path", node)
    if isinstance(node, IRI):
        return Path("iri", node.value)
    within |= {node}

    def parts(nodes: list[Term]) -> tuple[Path, ...]:
        return tuple(read_path(graph, one, within=within) for one in nodes)

    found = [(name, value) for name, value in graph.said_of(node) if name.value.startswith((SH, RDF))]
    if graph.values(node, RDF + "first"):
        members = graph.items(node)
        if len(members) < 2:
            graph.refuse("a sequence path has at least two members", node)
        return Path("/", parts=parts(members))
    for name, value in found:
        step = name.value.removeprefix(SH)
        if step == "inversePath":
            return Path("^", parts=parts([value]))
        if step == "alternativePath":
            members = graph.items(value)
            if len(members) < 2:
                graph.refuse("an alternative path has at least two members", node)
            return Path("|", parts=parts(members))
        if step in _REPEATS:
            return Path(_REPEATS[step], parts=parts([value]))
    assert isinstance(node, BlankNode)
    return graph.refuse("a blank node that is the value of sh:path is not a property path", node)
