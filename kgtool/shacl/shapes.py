"""The shapes of a shapes graph: their targets, their constraints, and what is not well formed of them.

https://www.w3.org/TR/shacl/#shapes
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from kgtool.namespaces import OWL, RDF, RDFS, SH
from kgtool.shacl.components import Component, Validator, read_components
from kgtool.shacl.graph import ShapesGraph, write
from kgtool.shacl.paths import Path, read_path
from kgtool.terms import IRI, Literal, Term

__all__ = ["Constraint", "Shape", "Shapes"]

_TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
_NODE_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Parameters that may be said once, and those that only a property shape may have.
_ONCE = _words(
    "datatype nodeKind minCount maxCount minLength maxLength minExclusive minInclusive maxExclusive maxInclusive "
    "languageIn uniqueLang in closed qualifiedMinCount qualifiedMaxCount"
)
_OF_PROPERTIES = _words(
    "minCount maxCount uniqueLang lessThan lessThanOrEquals qualifiedValueShape qualifiedMinCount qualifiedMaxCount"
)
_NUMBERS = _words("minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount")
_IRIS = _words("class datatype nodeKind equals disjoint lessThan lessThanOrEquals")
_SHAPES, _SHAPE_LISTS = _words("not node"), _words("and or xone")
_LITERALS = _words("minExclusive minInclusive maxExclusive maxInclusive pattern")
#: Parameters in the order in which their constraints are looked at.
_PARAMETERS = _words(
    "class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength "
    "pattern languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node "
    "qualifiedValueShape closed hasValue in sparql"
)
_ALL = {*_PARAMETERS, *_NUMBERS, "property", "ignoredProperties", "flags", "qualifiedValueShapesDisjoint"}


class Constraint(NamedTuple):
    """One constraint of a shape."""

    #: The local name of its parameter, ``sparql``, or ``component``.
    kind: str
    #: The IRI of the component that results name.
    component: str
    #: The parameter's value: a term, terms, a number, paths.
    value: object = None
    #: The node that results name as their source.
    source: Term | None = None
    messages: tuple[Literal, ...] = ()


class Shape(NamedTuple):
    """A shape, read."""

    node: Term
    #: The node that stands for the path, and the path.
    path_node: Term | None
    path: Path | None
    constraints: tuple[Constraint, ...]
    properties: tuple[Term, ...]
    severity: Term
    messages: tuple[Literal, ...]
    deactivated: bool


class Qualified(NamedTuple):
    """A qualified count: how many values may, or must, conform to a shape and to none of its siblings."""

    shape: Term
    siblings: tuple[Term, ...]
    least: int | None
    most: int | None


class Applied(NamedTuple):
    """A constraint component with the values that a shape gives its parameters."""

    component: Component
    validator: Validator
    values: dict[str, Term]


class Shapes:
    """The shapes of a graph."""

    def __init__(self, graph: ShapesGraph) -> None:
        self.graph = graph
        self._read: dict[Term, Shape] = {}
        self.components = read_components(graph)

    def __getitem__(self, node: Term) -> Shape:
        """Return the shape that a node stands for.

        :raises DataError: if it is not well formed.
        """
        found = self._read.get(node)
        if found is None:
            found = self._read[node] = self._shape(node)
        return found

    def targeted(self) -> list[Term]:
        """Return the shapes with targets, in the order of the graph."""
        found = dict.fromkeys(subject for name in _TARGETS for subject, _ in self.graph.pairs(SH + name))
        typed = dict.fromkeys(subject for subject, _ in self.graph.pairs(RDF + "type"))
        found.update(dict.fromkeys(node for node in typed if self._is_implicit(node)))
        return list(found)

    def targets(self, node: Term) -> list[tuple[str, Term]]:
        """Return what a shape picks things out by: names of target properties with values."""
        found = [(name, value) for name in _TARGETS for value in self.graph.values(node, SH + name)]
        for name, value in found:
            if not isinstance(value, IRI) and name != "targetNode":
                self.graph.refuse(f"sh:{name} of {write(node)} is not an IRI", node)
        return [*found, ("targetClass", node)] if self._is_implicit(node) else found

    def check(self) -> None:
        """Read every shape of the graph.

        :raises DataError: at the first that is not well formed.
        """
        waiting, seen = list(self._starts()), set[Term]()
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += self.parts(self[node])

    def _starts(self) -> Iterator[Term]:
        yield from self.targeted()
        for kind in ("NodeShape", "PropertyShape"):
            yield from self.graph.subjects(RDF + "type", IRI(SH + kind))

    def parts(self, shape: Shape) -> list[Term]:
        """Return the shapes that a shape uses."""
        found = list(shape.properties)
        for constraint in shape.constraints:
            value = constraint.value
            if constraint.kind in _SHAPES:
                found.append(cast(Term, value))
            elif constraint.kind in _SHAPE_LISTS:
                found += cast(list[Term], value)
            elif isinstance(value, Qualified):
                found += [value.shape, *value.siblings]
        return found

    def _is_implicit(self, node: Term) -> bool:
        graph = self.graph
        if not (graph.is_instance(node, RDFS + "Class") or graph.is_instance(node, OWL + "Class")):
            return False
        return (
            graph.is_instance(node, SH + "NodeShape")
            or graph.is_instance(node, SH + "PropertyShape")
            or any(name.value.removeprefix(SH) in _ALL for name, _ in graph.said_of(node))
        )

    def _shape(self, node: Term) -> Shape:
        graph = self.graph
        if isinstance(node, Literal):
            graph.refuse(f"{write(node)} is used as a shape", node)
        path_node = graph.one(node, "path")
        types = graph.values(node, RDF + "type")
        if path_node is not None and IRI(SH + "NodeShape") in types:
            graph.refuse(f"{write(node)} is a node shape and has an sh:path", node)
        if path_node is None and IRI(SH + "PropertyShape") in types:
            graph.refuse(f"{write(node)} is a property shape without an sh:path", node)
        severity = graph.one(node, "severity") or IRI(SH + "Violation")
        properties = graph.values(node, SH + "property")
        for part in properties:
            if not graph.values(part, SH + "path"):
                graph.refuse(f"a value of sh:property of {write(node)} has no sh:path", node)
        return Shape(
            node,
            path_node,
            None if path_node is None else read_path(graph, path_node),
            tuple(self._constraints(node, is_property=path_node is not None)),
            tuple(properties),
            severity,
            tuple(_texts(graph, node)),
            graph.flag(node, "deactivated"),
        )

    def _constraints(self, node: Term, *, is_property: bool) -> Iterator[Constraint]:
        graph = self.graph
        for name in _PARAMETERS:
            values = graph.values(node, SH + name)
            if not values:
                continue
            if len(values) > 1 and name in _ONCE:
                graph.refuse(f"{write(node)} has {len(values)} values of sh:{name}, and may have one", node)
            if name in _OF_PROPERTIES and not is_property:
                if name == "qualifiedValueShape":
                    continue  # of no effect, as the recommendation has it
                graph.refuse(f"{write(node)} is a node shape, and sh:{name} is for property shapes", node)
            for value in values:
                yield from self._constraint(node, name, value)
        for component in self.components:
            yield from self._applied(node, component, is_property=is_property)

    def _constraint(self, node: Term, name: str, value: Term) -> Iterator[Constraint]:
        graph = self.graph
        component = f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"
        if name in _IRIS and not isinstance(value, IRI):
            graph.refuse(f"sh:{name} of {write(node)} is not an IRI", node)
        if name in _LITERALS and not isinstance(value, Literal):
            graph.refuse(f"sh:{name} of {write(node)} is not a literal", node)
        found: object = value
        if name == "nodeKind" and value not in {IRI(SH + kind) for kind in _NODE_KINDS}:
            graph.refuse(f"sh:nodeKind of {write(node)} is {write(value)}", node)
        elif name in _NUMBERS:
            found = graph.number(node, name)
        elif name in ("in", "languageIn", *_SHAPE_LISTS):
            found = graph.items(value)
            if name == "languageIn" and not all(isinstance(item, Literal) for item in found):
                graph.refuse(f"sh:languageIn of {write(node)} has a member that is no language tag", node)
            if name in _SHAPE_LISTS and not found:
                graph.refuse(f"sh:{name} of {write(node)} is empty", node)
        elif name == "uniqueLang":
            if not graph.flag(node, name):
                return
        elif name == "closed":
            if not graph.flag(node, name):
                return
            found = self._allowed(node)
        elif name == "pattern":
            flags = graph.one(node, "flags")
            found = value, flags.value if isinstance(flags, Literal) else ""
        elif name == "qualifiedValueShape":
            yield from self._qualified(node, value)
            return
        elif name == "sparql":
            component = SH + "SPARQLConstraintComponent"
            if graph.flag(value, "deactivated") and value != node:
                return
            select = graph.one(value, "select")
            if not isinstance(select, Literal):
                graph.refuse(f"sh:sparql of {write(node)} has no sh:select", node)
            yield Constraint(name, component, select.value, value, tuple(_texts(graph, value)))
            return
        yield Constraint(name, component, found)

    def _allowed(self, node: Term) -> list[str]:
        """Return the properties that a closed shape allows."""
        graph = self.graph
        paths = [path for part in graph.values(node, SH + "property") for path in graph.values(part, SH + "path")]
        lists = graph.values(node, SH + "ignoredProperties")
        ignored = [item for head in lists for item in graph.items(head)]
        return [one.value for one in dict.fromkeys([*paths, *ignored]) if isinstance(one, IRI)]

    def _qualified(self, node: Term, value: Term) -> Iterator[Constraint]:
        graph = self.graph
        least, most = graph.number(node, "qualifiedMinCount"), graph.number(node, "qualifiedMaxCount")
        if least is None and most is None:
            graph.refuse(f"sh:qualifiedValueShape of {write(node)} needs a least or a greatest number", node)
        siblings: dict[Term, None] = {}
        if graph.flag(node, "qualifiedValueShapesDisjoint"):
            for owner in graph.subjects(SH + "property", node):
                for part in graph.values(owner, SH + "property"):
                    siblings.update(dict.fromkeys(graph.values(part, SH + "qualifiedValueShape")))
            siblings.pop(value, None)
        both = Qualified(value, tuple(siblings), least, most)
        if least is not None:
            component = SH + "QualifiedMinCountConstraintComponent"
            yield Constraint("qualified", component, both._replace(most=None))
        if most is not None:
            component = SH + "QualifiedMaxCountConstraintComponent"
            yield Constraint("qualified", component, both._replace(least=None))

    def _applied(self, node: Term, component: Component, *, is_property: bool) -> Iterator[Constraint]:
        given = {
            parameter.name: self.graph.values(node, parameter.path)
            for parameter in component.parameters
            if self.graph.values(node, parameter.path)
        }
        if any(parameter.name not in given for parameter in component.parameters if not parameter.optional):
            return
        validator = component.validator(is_property=is_property)
        if validator is None:
            self.graph.refuse(f"{write(component.node)} has no validator for {write(node)}", node)
        # With one parameter, each of its values is a constraint; with more, a shape may give each one value.
        names = list(given)
        if len(component.parameters) > 1 and any(len(values) > 1 for values in given.values()):
            self.graph.refuse(f"{write(node)} gives a parameter of {write(component.node)} more than one value", node)
        for values in zip(*given.values(), strict=True):
            assert isinstance(component.node, IRI)
            applied = Applied(component, validator, dict(zip(names, values, strict=True)))
            yield Constraint("component", component.node.value, applied, None, validator.messages)


def _texts(graph: ShapesGraph, node: Term) -> list[Literal]:
    return [text for text in graph.values(node, SH + "message") if isinstance(text, Literal)]
