"""SHACL by pySHACL, the reference that compiled shapes are held against.

https://www.w3.org/TR/shacl/ · https://github.com/RDFLib/pySHACL
"""

from __future__ import annotations

import logging
import re
from typing import Any

import rdflib
from pyshacl import validate as run_pyshacl
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.errors import ReportableRuntimeError
from pyshacl.shapes_graph import ShapesGraph
from rdflib.plugins.sparql import prepareQuery

from kgtool.errors import DataError
from kgtool.namespaces import SH
from kgtool.report import Finding
from kgtool.shacl.read import to_rdflib, to_term
from kgtool.shacl.report import read_results
from kgtool.terms import IRI, Term
from kgtool.validate.findings import finding_of
from kgtool.validate.shapes import Shapes
from kgtool.validate.triples import Triples

__all__ = ["run_shapes"]


def run_shapes(shapes: Shapes, data: Triples) -> list[Finding]:
    """Validate data with shapes; findings have messages in both languages and no place yet.

    :raises DataError: if a shape is not well formed.
    """
    # rdflib says on stderr what a datatype constraint then says in the report.
    logging.getLogger("rdflib").setLevel(logging.ERROR)
    logging.getLogger("pyshacl-validate").setLevel(logging.CRITICAL)
    # This store keeps no contexts, and takes half the time; for data pySHACL insists on one that does.
    graph = _graph(shapes.triples, store="SimpleMemory")
    _check_well_formed(shapes, graph)
    try:
        conforms, results, _ = run_pyshacl(_graph(data), shacl_graph=graph, inference="none", inplace=True)
    except ReportableRuntimeError as exc:
        raise _refusal(shapes, str(exc)) from exc
    if not isinstance(results, rdflib.Graph):
        raise _refusal(shapes, str(results))
    if conforms:
        return []
    return [finding_of(shapes, result) for result in read_results(results)]


def _check_well_formed(shapes: Shapes, graph: rdflib.Graph) -> None:
    """Construct every constraint: pySHACL does so only where a shape has something to look at."""
    try:
        found = list(ShapesGraph(graph).shapes)
    except ReportableRuntimeError as exc:
        raise _refusal(shapes, str(exc)) from exc
    for shape in sorted(found, key=lambda shape: str(shape.node)):
        for predicate in sorted(set(graph.predicates(shape.node)), key=str):
            constraint = CONSTRAINT_PARAMETERS_MAP.get(predicate)
            if constraint is None:
                continue
            try:
                built = constraint(shape)
            except (ReportableRuntimeError, ValueError, TypeError, re.error) as exc:
                shapes.refuse(_first_line(exc), to_term(shape.node), about=IRI(str(predicate)))
            for query in getattr(built, "sparql_constraints", ()):
                _check_query(shapes, query)


def _check_query(shapes: Shapes, query: Any) -> None:
    """Parse the query of a SPARQL constraint, as pySHACL would for each focus node."""
    try:
        _, text = query.pre_bind_variables(rdflib.URIRef("urn:focus"))
        prepareQuery(query.apply_prefixes(text))
    except Exception as exc:  # noqa: BLE001  rdflib raises a bare Exception for an unknown prefix
        shapes.refuse(_first_line(exc), to_term(query.node), about=IRI(SH + "select"))


def _refusal(shapes: Shapes, message: str) -> DataError:
    files = shapes.files
    return DataError(
        f"pySHACL cannot use these shapes: {message.splitlines()[0]}",
        file=", ".join(files) or None,
        hint="mend the shape",
    )


def _first_line(exc: Exception) -> str:
    return f"not well-formed SHACL: {(str(exc) or type(exc).__name__).splitlines()[0]}"


def _graph(triples: Triples, *, store: str = "default") -> rdflib.Graph:
    graph = rdflib.Graph(store=store, bind_namespaces="none")
    kept: dict[Term, Any] = {}

    def convert(term: Term) -> Any:
        found = kept.get(term)
        if found is None:
            found = kept[term] = to_rdflib(term, exact=True)
        return found

    graph.addN((convert(s), convert(p), convert(o), graph) for s, p, o in triples)
    return graph
