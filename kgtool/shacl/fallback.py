"""Shapes that cannot be compiled, validated by pySHACL one node at a time.

https://github.com/RDFLib/pySHACL
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Iterable, Iterator

import pyshacl
import rdflib

from kgtool.errors import DataError
from kgtool.namespaces import OWL, RDF, RDFS, SH
from kgtool.shacl.graph import ShapesGraph, Triple
from kgtool.shacl.read import to_rdflib
from kgtool.terms import IRI, Term

__all__ = ["validate_some"]

_TARGETS = frozenset(SH + name for name in ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"))
_CLASSES = frozenset({IRI(RDFS + "Class"), IRI(OWL + "Class")})


def validate_some(nodes: Collection[Term], shapes: ShapesGraph, data: Iterable[Triple]) -> rdflib.Graph:
    """Validate data with some of the shapes of a graph, and return pySHACL's report.

    :raises DataError: if pySHACL cannot use them.
    """
    logging.getLogger("rdflib").setLevel(logging.ERROR)
    logging.getLogger("pyshacl-validate").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, report, text = pyshacl.validate(
                _graph(data),
                shacl_graph=_graph(_without_other_targets(shapes, nodes), exact=True),
                inference="none",
                inplace=True,
            )
    except Exception as exc:  # rdflib raises a bare Exception for what a query may not do
        raise _refusal(shapes, str(exc)) from exc
    if not isinstance(report, rdflib.Graph):
        raise _refusal(shapes, str(report or text))
    return report


def _refusal(shapes: ShapesGraph, message: str) -> DataError:
    return DataError(
        f"pySHACL cannot use a shape that is not compiled: {message.partition(chr(10))[0]}",
        file=shapes.file,
        hint="mend the shape",
    )


def _without_other_targets(shapes: ShapesGraph, nodes: Collection[Term]) -> Iterator[Triple]:
    """Walk over a shapes graph in which other shapes than these have no targets."""
    classes = _CLASSES | {thing for class_ in _CLASSES for thing in shapes.subjects(RDFS + "subClassOf", class_)}
    for subject, predicate, value in shapes:
        is_target = predicate.value in _TARGETS or (predicate.value == RDF + "type" and value in classes)
        if subject in nodes or not is_target:
            yield subject, predicate, value


def _graph(triples: Iterable[Triple], *, exact: bool = False) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for s, p, o in triples:
        graph.add((to_rdflib(s), to_rdflib(p), to_rdflib(o, exact=exact)))
    return graph
