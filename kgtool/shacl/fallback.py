"""Shapes that cannot be compiled, validated by pySHACL one node at a time.

https://github.com/RDFLib/pySHACL
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Iterable

import rdflib
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure
from pyshacl.validator import Validator

from kgtool.errors import DataError
from kgtool.shacl.graph import ShapesGraph, Triple
from kgtool.shacl.read import to_rdflib
from kgtool.terms import Term

__all__ = ["validate_some"]


def validate_some(nodes: Collection[Term], shapes: ShapesGraph, data: Iterable[Triple]) -> rdflib.Graph:
    """Validate data with some of the shapes of a graph, and return pySHACL's report.

    :raises DataError: if pySHACL cannot use them.
    """
    logging.getLogger("rdflib").setLevel(logging.ERROR)
    logging.getLogger("pyshacl-validate").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            validator = Validator(_graph(data), shacl_graph=_graph(shapes, exact=True), options={"inplace": True})
            wanted = {to_rdflib(node) for node in nodes}
            # Its own run, over these shapes only.
            executor = validator.make_executor()
            conforms, found = True, []
            for shape in validator.shacl_graph.shapes:
                if shape.node in wanted:
                    sound, results = shape.validate(executor, validator.data_graph)
                    conforms = conforms and sound
                    found += results
            report, _ = validator.create_validation_report(validator.shacl_graph, conforms, found)
    except (
        ConstraintLoadError,
        NotImplementedError,
        ReportableRuntimeError,
        ShapeLoadError,
        TypeError,
        ValidationFailure,
    ) as exc:
        raise DataError(
            f"pySHACL cannot use a shape that is not compiled: {str(exc).splitlines()[0]}",
            file=shapes.file,
            hint="mend the shape",
        ) from exc
    return report


def _graph(triples: Iterable[Triple], *, exact: bool = False) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for s, p, o in triples:
        graph.add((to_rdflib(s), to_rdflib(p), to_rdflib(o, exact=exact)))
    return graph
