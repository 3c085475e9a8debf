"""Shapes compiled to SPARQL and asked of the store: the engine that a validation uses.

https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from kgtool.report import Finding
from kgtool.shacl import find_results
from kgtool.shacl.graph import ShapesGraph
from kgtool.shacl.source import Source
from kgtool.validate.findings import finding_of
from kgtool.validate.shapes import Shapes

__all__ = ["Engine", "run_compiled"]

#: What can run shapes: the store, or pySHACL.
Engine = Literal["compiled", "pyshacl"]


def run_compiled(
    shapes: Shapes, source: Source, *, on_fallback: Callable[[str, str], None] | None = None
) -> list[Finding]:
    """Validate data with shapes; findings have messages in both languages and no place yet.

    :param on_fallback: told of every shape that pySHACL has to validate, and why.
    :raises DataError: if a shape is not well formed.
    """
    graph = ShapesGraph(shapes.triples, place=shapes.place)
    results, left = find_results(source, graph)
    if on_fallback is not None:
        for node, reason in left.items():
            on_fallback(shapes.name(node), reason)
    return [finding_of(shapes, result) for result in results]
