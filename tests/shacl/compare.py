"""Two reports compared: what results say, as often as they say it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import rdflib

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")

_SAID = (
    "focusNode",
    "value",
    "resultPath",
    "resultSeverity",
    "sourceConstraintComponent",
    "sourceShape",
    "sourceConstraint",
)

#: Data may lead in circles; pySHACL copies a part of it.
_OF_DATA = ("focusNode", "value")


def results_of(report: rdflib.Graph, *, root: Any = None, but: tuple[str, ...] = ()) -> Counter[tuple[str, ...]]:
    """Return what the results of a report say, blank nodes by what is said of them."""
    root = root if root is not None else report.value(None, rdflib.RDF.type, SH.ValidationReport)
    return Counter(
        tuple(
            "" if name in but else written(report, report.value(result, SH[name]), 1 if name in _OF_DATA else 6)
            for name in _SAID
        )
        for result in report.objects(root, SH.result)
    )


def messages_of(report: rdflib.Graph) -> Counter[str]:
    """Return the messages of results that are a shape's own: those with a language."""
    root = report.value(None, rdflib.RDF.type, SH.ValidationReport)
    return Counter(
        str(message.n3())
        for result in report.objects(root, SH.result)
        for message in report.objects(result, SH.resultMessage)
        if isinstance(message, rdflib.Literal) and message.language
    )


def written(graph: rdflib.Graph, node: Any, deepest: int = 6, depth: int = 0) -> str:
    """Write a node so that it can be compared with one of another graph."""
    if node is None:
        return ""
    if isinstance(node, rdflib.Literal) and node.language:
        # One literal may be spelled in two ways, in the data and in a target: they are the same.
        return f"{rdflib.Literal(str(node)).n3()}@{node.language.lower()}"
    if not isinstance(node, rdflib.BNode):
        return str(node.n3())
    if depth > deepest:
        return "[]"
    said = sorted(f"{p} {written(graph, o, deepest, depth + 1)}" for p, o in graph.predicate_objects(node))
    return f"[{'; '.join(said)}]"
