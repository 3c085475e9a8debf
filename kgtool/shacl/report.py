"""Results as a validation report.

https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import rdflib
from rdflib.namespace import RDF

from kgtool.namespaces import SH
from kgtool.shacl.graph import ShapesGraph, Triple
from kgtool.shacl.read import to_rdflib, to_term
from kgtool.shacl.run import Result
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["conforms", "make_report", "read_results"]

_SH = rdflib.Namespace(SH)
_FIRST, _REST = IRI(str(RDF.first)), IRI(str(RDF.rest))


def make_report(
    results: Iterable[Result],
    shapes: ShapesGraph,
    describe: Callable[[BlankNode], Iterator[Triple]],
    *,
    others: rdflib.Graph | None = None,
) -> rdflib.Graph:
    """Make a report of results.

    What shapes and data say of a blank node that a result names is in the report too.

    :param describe: what the data says of a blank node.
    :param others: a report whose results belong to this one.
    """
    with warnings.catch_warnings():
        # rdflib warns of literals that are ill-typed, which is for the results to say.
        warnings.simplefilter("ignore")
        return _make_report(results, shapes, describe, others)


def _make_report(
    results: Iterable[Result],
    shapes: ShapesGraph,
    describe: Callable[[BlankNode], Iterator[Triple]],
    others: rdflib.Graph | None,
) -> rdflib.Graph:
    report = rdflib.Graph()
    report.bind("sh", _SH)
    root = rdflib.BNode()
    report.add((root, RDF.type, _SH.ValidationReport))
    described: set[tuple[str, BlankNode]] = set()
    conforms = True

    def of_shapes(node: BlankNode) -> Iterator[Triple]:
        return ((node, predicate, value) for predicate, value in shapes.said_of(node))

    def add(result: Any, name: str, term: Term | None, source: Callable[[BlankNode], Iterator[Triple]]) -> None:
        if term is None:
            return
        report.add((result, _SH[name], to_rdflib(term)))
        waiting = [term]
        while waiting:
            node = waiting.pop()
            key = ("shapes" if source is of_shapes else "data", node)
            if not isinstance(node, BlankNode) or key in described:
                continue
            described.add(key)  # type: ignore[arg-type]
            said = list(source(node))
            # A list is its members, whatever else is said of it.
            if any(predicate == _FIRST for _, predicate, _ in said):
                said = [triple for triple in said if triple[1] in (_FIRST, _REST)]
            for subject, predicate, value in said:
                report.add((to_rdflib(subject), to_rdflib(predicate), to_rdflib(value)))
                waiting.append(value)

    for one in results:
        conforms = False
        node = rdflib.BNode()
        report.add((root, _SH.result, node))
        report.add((node, RDF.type, _SH.ValidationResult))
        add(node, "focusNode", one.focus, describe)
        add(node, "value", one.value, describe)
        add(node, "resultPath", one.path, of_shapes)
        add(node, "resultSeverity", one.severity, of_shapes)
        add(node, "sourceConstraintComponent", one.component, of_shapes)
        add(node, "sourceShape", one.shape, of_shapes)
        add(node, "sourceConstraint", one.constraint, of_shapes)
        for message in one.messages:
            report.add((node, _SH.resultMessage, to_rdflib(message)))
    if others is not None:
        for other in others.subjects(RDF.type, _SH.ValidationReport):
            for found in others.objects(other, _SH.result):
                conforms = False
                report.add((root, _SH.result, found))
        for s, p, o in others:
            if (s, RDF.type, _SH.ValidationReport) not in others:
                report.add((s, p, o))
    report.add((root, _SH.conforms, rdflib.Literal(conforms)))
    return report


def read_results(report: rdflib.Graph) -> Iterator[Result]:
    """Walk over the results of a report, without those that are details of others."""
    for root in report.subjects(RDF.type, _SH.ValidationReport):
        for node in report.objects(root, _SH.result):

            def one(name: str, node: Any = node) -> Term | None:
                value = report.value(node, _SH[name])
                return None if value is None else to_term(value)

            focus, shape, component = one("focusNode"), one("sourceShape"), one("sourceConstraintComponent")
            assert focus is not None
            assert shape is not None
            assert isinstance(component, IRI)
            yield Result(
                focus,
                one("resultPath"),
                one("value"),
                one("resultSeverity") or IRI(SH + "Violation"),
                component,
                shape,
                one("sourceConstraint"),
                tuple(
                    text for text in map(to_term, report.objects(node, _SH.resultMessage)) if isinstance(text, Literal)
                ),
            )


def conforms(report: rdflib.Graph) -> bool:
    """Say whether a report has no results."""
    return next(report.objects(None, _SH.result), None) is None
