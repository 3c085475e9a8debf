"""SHACL compiled to SPARQL: shapes asked of all their focus nodes at a time, by the engine that holds the data.

https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from kgtool.shacl.graph import ShapesGraph
from kgtool.shacl.run import Plan, Result, make_plan, run_plan
from kgtool.shacl.shapes import Shapes
from kgtool.shacl.source import Source, StoreSource
from kgtool.store import Store
from kgtool.terms import Term

if TYPE_CHECKING:
    import rdflib

__all__ = ["Validation", "find_results", "validate", "validate_files", "validate_store"]


class Validation(NamedTuple):
    """What a validation found."""

    conforms: bool
    #: The report, with the results of every shape.
    report: rdflib.Graph
    #: The shapes that pySHACL validated because they cannot be compiled, and why.
    fallbacks: dict[Term, str]


def validate_files(data_path: str | os.PathLike[str], shapes_path: str | os.PathLike[str]) -> tuple[bool, rdflib.Graph]:
    """Validate a file of RDF with the shapes of another; formats are told by the extensions.

    :returns: whether the data conforms, and an ``sh:ValidationReport``.
    :raises StoreError: if a file cannot be read.
    :raises DataError: if a file is malformed, or a shape is.
    """
    from kgtool.shacl.read import read_data, read_shapes_graph

    found = validate(read_data(data_path), read_shapes_graph(shapes_path))
    return found.conforms, found.report


def validate_store(store: Store, shapes: ShapesGraph) -> Validation:
    """Validate the default graph of a store, wherever it is; its terms are told apart as the store does.

    :raises DataError: if a shape is not well formed.
    :raises QueryError: if the store does not take a query.
    """
    return validate(StoreSource(store), shapes)


def validate(source: Source, shapes: ShapesGraph) -> Validation:
    """Validate data with shapes.

    :raises DataError: if a shape is not well formed.
    """
    from kgtool.shacl.report import conforms, make_report

    plan = make_plan(Shapes(shapes), source)
    results = run_plan(plan, source)
    others = _by_pyshacl(plan, source) if plan.left else None
    report = make_report(results, shapes, source.describe, others=others)
    return Validation(conforms(report), report, plan.left)


def find_results(source: Source, shapes: ShapesGraph) -> tuple[list[Result], dict[Term, str]]:
    """Validate data with shapes.

    :returns: the results, and the shapes that pySHACL validated because they cannot be compiled, with the reason.
    :raises DataError: if a shape is not well formed.
    """
    plan = make_plan(Shapes(shapes), source)
    results = run_plan(plan, source)
    if plan.left:
        from kgtool.shacl.report import read_results

        results += read_results(_by_pyshacl(plan, source))
    return results, plan.left


def _by_pyshacl(plan: Plan, source: Source) -> rdflib.Graph:
    from kgtool.shacl.fallback import validate_some

    return validate_some(plan.left, plan.shapes.graph, source.triples())
