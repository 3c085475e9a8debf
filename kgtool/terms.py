"""RDF terms as plain values, so that a query's rows need no RDF library to be read.

https://www.w3.org/TR/rdf11-concepts/#section-triples
"""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

from typing import NamedTuple

__all__ = ["IRI", "XSD_STRING", "BlankNode", "Literal", "Term", "n3"]

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

#: Characters that N-Triples wants escaped inside a literal.
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class IRI(NamedTuple):
    """An IRI, absolute."""

    value: str


class BlankNode(NamedTuple):
    """A blank node, by its label within one result."""

    value: str


class Literal(NamedTuple):
    """A literal: its lexical form, and its language tag or datatype IRI."""

    value: str
    language: str | None = None
    datatype: str | None = None


Term = IRI | BlankNode | Literal


def n3(term: Term) -> str:
    """Write a term as N-Triples does.

    >>> n3(Literal("高新区", "zh-Hans"))
    '"高新区"@zh-Hans'
    """
    if isinstance(term, IRI):
        return f"<{term.value}>"
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    text = f'"{term.value.translate(_ESCAPES)}"'
    if term.language:
        return f"{text}@{term.language}"
    if term.datatype and term.datatype != XSD_STRING:
        return f"{text}^^<{term.datatype}>"
    return text
