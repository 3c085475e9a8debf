"""A network's RDF: the whole graph, or what is said of the part that was chosen; also as RDF 1.2 with reifiers.

https://www.w3.org/TR/rdf12-concepts/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kgtool.export.values import Writer, visible
from kgtool.namespaces import IP, RDF
from kgtool.network import Network, Quad
from kgtool.store.embedded import write_quads
from kgtool.terms import IRI, Literal, Term

__all__ = ["rdf", "write_rdf12"]

_TYPE = RDF + "type"


def rdf(format_name: str) -> Writer:
    """Make a writer of RDF: triples of the default graph, or quads where the format knows graphs."""

    def write(network: Network, stream: BinaryIO) -> None:
        graphs = format_name in {"trig", "nquads"}
        quads = (quad for quad in network.quads() if graphs or quad[3] is None)
        if format_name == "rdfxml":
            quads = ((s, p, _in_xml(o), g) for s, p, o, g in quads)
        write_quads(quads, stream, format_name, prefixes=network.prefixes)

    return write


def _in_xml(term: Term) -> Term:
    """Return a term whose text XML can hold; the engine does not escape a carriage return, so it is a line feed."""
    if not isinstance(term, Literal):
        return term
    return term._replace(value=visible(term.value).replace("\r\n", "\n").replace("\r", "\n"))


def write_rdf12(network: Network, stream: BinaryIO) -> None:
    """Write Turtle 1.2: every triple once, and for each sentence ``rdf:reifies`` to the triples that it states."""
    sentences: set[str] = set()

    def plain() -> Iterator[Quad]:
        for quad in network.quads():
            if quad[3] is not None:
                return
            if quad[1].value == _TYPE and quad[2] == IRI(IP + "Sentence"):
                sentences.add(quad[0].value)
            yield quad

    # A quad's graph is its sentence; the names are known once the default graph was walked over.
    stated = ((g, s, p, o) for s, p, o, g in network.quads() if g is not None and g.value in sentences)
    write_quads(plain(), stream, "turtle", prefixes=network.prefixes, reified=stated)
