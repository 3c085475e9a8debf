"""Between the terms of this program, those of rdflib, and the plain values of Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

import rdflib

from kgtool.errors import QueryError
from kgtool.store import Result
from kgtool.table import visible
from kgtool.terms import IRI, BlankNode, Literal, Term

if TYPE_CHECKING:
    from rdflib.term import Identifier

__all__ = ["from_rdflib", "to_graph", "to_python", "to_rdflib", "written"]


@overload
def to_rdflib(term: Term) -> Identifier: ...
@overload
def to_rdflib(term: None) -> None: ...
def to_rdflib(term: Term | None) -> Identifier | None:
    """Turn a term into rdflib's, its lexical form as it is.

    >>> to_rdflib(Literal("高新区", "zh-hans"))
    rdflib.term.Literal('高新区', lang='zh-hans')
    """
    if term is None:
        return None
    if isinstance(term, IRI):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    datatype = rdflib.URIRef(term.datatype) if term.datatype else None
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def from_rdflib(name: str, value: object) -> Term:
    """Turn a value for a variable into a term: an rdflib term, or a string, number, date or boolean.

    >>> from_rdflib("x", 12)
    Literal(value='12', language=None, datatype='http://www.w3.org/2001/XMLSchema#integer')

    :raises QueryError: if it is anything else.
    """
    if isinstance(value, rdflib.URIRef):
        return IRI(str(value))
    if isinstance(value, rdflib.BNode):
        return BlankNode(str(value))
    literal = value if isinstance(value, rdflib.Literal) else rdflib.Literal(value)
    # rdflib makes a literal of anything by its str(); one with a datatype, or of a string, is meant.
    if not isinstance(value, str) and literal.datatype is None:
        raise QueryError(
            f"?{visible(name)} cannot be a {type(value).__name__}",
            hint="give an rdflib term, a string, a number, a date or a boolean",
        )
    return Literal(str(literal), literal.language, literal.datatype and str(literal.datatype))


def written(name: str, value: object) -> str:
    """Write a value as a person would give it to a saved query.

    :raises QueryError: if it is not a term, a string, a number, a date or a boolean.
    """
    if isinstance(value, rdflib.URIRef):
        return f"<{value}>"
    return str(value) if isinstance(value, str) else from_rdflib(name, value).value


def to_python(term: Term | None) -> Any:
    """Turn a term into what a data frame holds: an IRI or string as text, a decimal as a float.

    >>> to_python(Literal("4486.20", None, "http://www.w3.org/2001/XMLSchema#decimal"))
    4486.2
    """
    from decimal import Decimal

    value = None if term is None else to_rdflib(term)
    if not isinstance(value, rdflib.Literal):
        return None if value is None else str(value)
    plain = value.toPython()
    if isinstance(plain, rdflib.Literal):
        return str(plain)
    return float(plain) if isinstance(plain, Decimal) else plain


def to_graph(result: Result, prefixes: Mapping[str, str]) -> rdflib.Graph:
    """Turn triples into an rdflib graph."""
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace)
    for triple in result.triples():
        s, p, o = (to_rdflib(term) for term in triple)
        graph.add((s, p, o))
    return graph
