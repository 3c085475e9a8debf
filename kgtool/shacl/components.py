"""Constraint components that a shapes graph declares: their parameters and their validators.

https://www.w3.org/TR/shacl/#sparql-constraint-components
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kgtool.namespaces import RDF, SH
from kgtool.shacl.graph import ShapesGraph, write
from kgtool.terms import IRI, Literal, Term

__all__ = ["Component", "Parameter", "Validator", "read_components"]

#: Names that a parameter may not have: they are bound otherwise.
_TAKEN = frozenset({"this", "shapesGraph", "currentShape", "path", "PATH", "value"})


class Parameter(NamedTuple):
    """A parameter: its property, the variable it becomes."""

    path: str
    name: str
    optional: bool


class Validator(NamedTuple):
    """A validator: the node that declares it, its query, and whether that asks or selects."""

    node: Term
    text: str
    asks: bool
    messages: tuple[Literal, ...]


class Component(NamedTuple):
    """A constraint component."""

    node: Term
    parameters: tuple[Parameter, ...]
    for_nodes: Validator | None
    for_properties: Validator | None
    for_both: Validator | None

    def validator(self, *, is_property: bool) -> Validator | None:
        """Return the validator for a kind of shape."""
        return (self.for_properties if is_property else self.for_nodes) or self.for_both


def read_components(graph: ShapesGraph) -> list[Component]:
    """Read the constraint components of a shapes graph.

    :raises DataError: if one is not well formed.
    """
    nodes = dict.fromkeys(subject for subject, _ in graph.pairs(SH + "parameter"))
    return [
        _read(graph, node)
        for node in nodes
        if graph.is_instance(node, SH + "ConstraintComponent")
        and isinstance(node, IRI)
        and not node.value.startswith(SH)
    ]


def _read(graph: ShapesGraph, node: Term) -> Component:
    parameters = []
    for one in graph.values(node, SH + "parameter"):
        path = graph.one(one, "path")
        if not isinstance(path, IRI):
            graph.refuse(f"a parameter of {write(node)} has no sh:path that is an IRI", node)
        name = re.split(r"[#/:]", path.value)[-1]
        if name in _TAKEN or not re.fullmatch(r"[^\W\d][\w-]*", name):
            graph.refuse(f"'{name}' cannot be a parameter of {write(node)}", node)
        parameters.append(Parameter(path.value, name, graph.flag(one, "optional")))
    if all(parameter.optional for parameter in parameters):
        graph.refuse(f"{write(node)} has no parameter that is not optional", node)

    def validator(name: str) -> Validator | None:
        found = graph.values(node, SH + name)
        return _validator(graph, found[0]) if found else None

    component = Component(
        node, tuple(parameters), validator("nodeValidator"), validator("propertyValidator"), validator("validator")
    )
    if component.for_both is not None and not component.for_both.asks:
        graph.refuse(f"sh:validator of {write(node)} must ask", node)
    if any(one is not None and one.asks for one in (component.for_nodes, component.for_properties)):
        graph.refuse(f"a validator of {write(node)} for one kind of shape must select", node)
    return component


def _validator(graph: ShapesGraph, node: Term) -> Validator:
    ask, select = graph.one(node, "ask"), graph.one(node, "select")
    text = ask or select
    if not isinstance(text, Literal) or (ask is not None and select is not None):
        graph.refuse(f"{write(node)} is a validator, and needs one sh:ask or sh:select", node)
    messages = tuple(text for text in graph.values(node, SH + "message") if isinstance(text, Literal))
    return Validator(node, text.value, ask is not None, messages)


def read_prefix_declarations(graph: ShapesGraph, node: Term) -> dict[str, str]:
    """Collect the prefixes that a constraint or a validator may use.

    :raises DataError: if a declaration is not well formed.
    """
    waiting, seen, prefixes = list(graph.values(node, SH + "prefixes")), set[Term](), dict[str, str]()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        waiting += graph.values(one, "http://www.w3.org/2002/07/owl#imports")
        for declaration in graph.values(one, SH + "declare"):
            prefix, namespace = graph.one(declaration, "prefix"), graph.one(declaration, "namespace")
            if not isinstance(prefix, Literal) or not isinstance(namespace, Literal):
                graph.refuse(f"a prefix of {write(one)} needs an sh:prefix and an sh:namespace", node)
            prefixes.setdefault(prefix.value, namespace.value)
    return prefixes


def standard_prefixes() -> dict[str, str]:
    """Return the prefixes that every query may use."""
    return {
        "rdf": RDF,
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "sh": SH,
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
