"""SHACL shapes as they are written: their names, targets, messages and repairs, and the line each triple stands on.

https://www.w3.org/TR/shacl/

An engine that runs shapes passes over what it does not know: a misspelt property is no constraint at all. So what is
not SHACL Core or SHACL-SPARQL is refused here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from kgtool.errors import DataError
from kgtool.namespaces import IP, OWL, RDF, RDFS, SH
from kgtool.positions import read_positions
from kgtool.report import Bilingual
from kgtool.terms import IRI, BlankNode, Literal, Term, n3
from kgtool.validate.triples import Triple, Triples, in_both_languages

__all__ = ["PARAMETERS", "Shape", "Shapes", "read_shapes"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: The constraint parameters of SHACL Core, and ``sh:sparql``.
PARAMETERS = _words(
    "and class closed datatype disjoint equals hasValue ignoredProperties in languageIn lessThan lessThanOrEquals "
    "maxCount maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not or "
    "pattern flags property qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint "
    "sparql uniqueLang xone"
)
_TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
#: Every property that a shapes graph for SHACL Core and SHACL-SPARQL may use.
_VOCABULARY = PARAMETERS | _words(
    "targetClass targetNode targetObjectsOf targetSubjectsOf path alternativePath inversePath oneOrMorePath "
    "zeroOrMorePath zeroOrOnePath message severity deactivated name description order group defaultValue declare "
    "prefix namespace prefixes select ask entailment shapesGraph suggestedShapesGraph parameter optional validator "
    "nodeValidator propertyValidator labelTemplate resultAnnotation annotationProperty annotationValue "
    "annotationVarName"
)
_CLASSES = _words(
    "NodeShape PropertyShape PropertyGroup PrefixDeclaration SPARQLConstraint ConstraintComponent Parameter Shape "
    "SPARQLAskValidator SPARQLSelectValidator Validator"
)
#: Properties whose value, or list of values, is a shape.
_SHAPE_VALUES = ("property", "node", "not", "qualifiedValueShape")
_SHAPE_LISTS = ("and", "or", "xone")
_PATH_STEPS = {"inversePath": "^{}", "zeroOrMorePath": "{}*", "oneOrMorePath": "{}+", "zeroOrOnePath": "{}?"}

#: Properties whose value is an IRI, and those whose value is one of a few.
_IRI_VALUES = _words(
    "targetClass targetObjectsOf targetSubjectsOf class datatype equals disjoint lessThan lessThanOrEquals"
)
_CHOICES = {
    "severity": ("Violation", "Warning", "Info"),
    "nodeKind": ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"),
}

_TYPE = IRI(RDF + "type")
_CLASS_TYPES = (IRI(RDFS + "Class"), IRI(OWL + "Class"))
_REPAIR = IRI(IP + "repair")


class Shape(NamedTuple):
    """A shape that picks things out by itself, and what it picks them out by."""

    node: Term
    name: str
    #: Local names of SHACL target properties with their values; ``class`` for a class that is its own shape.
    targets: tuple[tuple[str, Term], ...]


class Shapes:
    """The shapes of some files.

    :param triples: every triple with its file and line, where known.
    :raises DataError: if they use terms that SHACL does not have.
    """

    def __init__(self, triples: Iterable[tuple[Triple, str, int | None]]) -> None:
        self._places: dict[Triple, tuple[str, int | None]] = {}
        for triple, file, line in triples:
            self._places.setdefault(triple, (file, line))
        self.triples = Triples(self._places)
        self._owners = self._find_owners()
        self._check_vocabulary()
        self._check_values()

    @property
    def files(self) -> list[str]:
        """The files that hold at least one triple."""
        return list(dict.fromkeys(file for file, _ in self._places.values()))

    def name(self, node: Term) -> str:
        """Name a shape: by the local part of its IRI, or by its owner's and its path's."""
        if isinstance(node, IRI):
            return _local(node)
        owner = self._owners.get(node)
        path = next(iter(self._values(node, "path")), None)
        local = "-".join(_local(predicate) for predicate in self._predicates_of(path)) if path else "shape"
        return f"{self.name(owner)}-{local}" if owner is not None else local

    def targeted(self) -> list[Shape]:
        """Return the shapes that are in force and have a target."""
        found: list[Shape] = []
        for node in self.triples.subjects():
            if self._is_deactivated(node):
                continue
            targets = [(kind, value) for kind in _TARGETS for value in self._values(node, kind)]
            if self._is_shape(node) and any(type_ in _CLASS_TYPES for type_ in self.triples.types(node)):
                targets.append(("class", node))
            if targets:
                found.append(Shape(node, self.name(node), tuple(targets)))
        return found

    def idle(self) -> list[Term]:
        """Return the shapes that are in force, have no target, and that no other shape uses."""
        targeted = {shape.node for shape in self.targeted()}
        return [
            node
            for node in self.triples.subjects()
            if self._is_shape(node)
            and node not in targeted
            and node not in self._owners
            and not self._is_deactivated(node)
        ]

    def property_shapes(self, node: Term) -> list[Term]:
        """Return the property shapes that a shape consists of."""
        return self._values(node, "property")

    def focus_nodes(self, shape: Shape, data: Triples) -> set[Term]:
        """Return the things that a shape looks at. A node it names that the data does not have is not one."""
        nodes: set[Term] = set()
        for kind, value in shape.targets:
            if kind in ("targetClass", "class"):
                nodes |= data.instances(value)
            elif kind == "targetNode" and value in data:
                nodes.add(value)
            elif kind == "targetSubjectsOf" and isinstance(value, IRI):
                nodes.update(subject for subject, _ in data.pairs(value))
            elif kind == "targetObjectsOf" and isinstance(value, IRI):
                nodes.update(value for _, value in data.pairs(value))
        return nodes

    def path(self, node: Term) -> IRI | str | None:
        """Return the path of a property shape: an IRI, or a SPARQL property path."""
        paths = self._values(node, "path")
        if not paths:
            return None
        return paths[0] if isinstance(paths[0], IRI) else self.write_path(paths[0])

    def write_path(self, node: Term) -> str:
        """Write a SHACL path as a SPARQL property path."""
        if isinstance(node, IRI):
            return f"<{node.value}>"
        for step, form in _PATH_STEPS.items():
            inner = self._values(node, step)
            if inner:
                return form.format(self.write_path(inner[0]))
        branches = self._values(node, "alternativePath")
        if branches:
            return f"({'|'.join(self.write_path(item) for item in self.triples.items(branches[0]))})"
        return "/".join(self.write_path(item) for item in self.triples.items(node))

    def path_predicates(self) -> list[tuple[IRI, Term]]:
        """Return every predicate that occurs in a path, with the property shape it belongs to."""
        found: list[tuple[IRI, Term]] = []
        for node, path in self.triples.pairs(IRI(SH + "path")):
            found += [(predicate, node) for predicate in self._predicates_of(path)]
        return found

    def messages(self, node: Term) -> list[Literal]:
        """Return the messages of a shape, or of a SPARQL constraint."""
        return [text for text in self._values(node, "message") if isinstance(text, Literal)]

    def repair(self, node: Term) -> Bilingual | None:
        """Return what the data's author can do (``ip:repair``), as a shape or else the shape it belongs to says."""
        texts = [text for text in self.triples.values(node, _REPAIR) if isinstance(text, Literal)]
        if texts:
            return in_both_languages(texts)
        owner = self._owners.get(node)
        return self.repair(owner) if owner is not None else None

    def place(self, node: Term, *, about: IRI | None = None, value: Term | None = None) -> tuple[str, int | None]:
        """Return file and line of a shape, or of one property (and value) of it."""
        said = self.triples.said_of(node)
        for predicate, values in said.items():
            for one in values:
                if about in (None, predicate) and value in (None, one):
                    return self._places[node, predicate, one]
        return self.place(node) if said and about is not None else ("", None)

    def refuse(self, message: str, node: Term, *, about: IRI | None = None, value: Term | None = None) -> NoReturn:
        """Raise a DataError about a shape, with its file and line."""
        file, line = self.place(node, about=about, value=value)
        raise DataError(message, file=file or None, line=line, hint="mend the shape")

    def _values(self, node: Term, name: str) -> list[Term]:
        return self.triples.values(node, IRI(SH + name))

    def _is_shape(self, node: Term) -> bool:
        types = self.triples.types(node)
        return IRI(SH + "NodeShape") in types or IRI(SH + "PropertyShape") in types

    def _is_deactivated(self, node: Term) -> bool:
        return any(isinstance(v, Literal) and v.value in ("true", "1") for v in self._values(node, "deactivated"))

    def _predicates_of(self, path: Term) -> list[IRI]:
        if isinstance(path, IRI):
            return [path] if path.value != RDF + "nil" else []
        steps = [*_PATH_STEPS, "alternativePath"]
        inner = [value for step in steps for value in self._values(path, step)]
        return [p for item in [*inner, *self.triples.items(path)] for p in self._predicates_of(item)]

    def _find_owners(self) -> dict[Term, Term]:
        """Find the shape that each shape is a part of."""
        owners: dict[Term, Term] = {}
        for name in _SHAPE_VALUES:
            for owner, part in self.triples.pairs(IRI(SH + name)):
                owners.setdefault(part, owner)
        for name in _SHAPE_LISTS:
            for owner, head in self.triples.pairs(IRI(SH + name)):
                for part in self.triples.items(head):
                    owners.setdefault(part, owner)
        for part, owner in list(owners.items()):
            if part == owner:
                del owners[part]
        return owners

    def _check_vocabulary(self) -> None:
        for subject, predicate, value in self.triples:
            if predicate.value.startswith(SH) and predicate.value[len(SH) :] not in _VOCABULARY:
                self._refuse_term(predicate, _VOCABULARY, subject, predicate, value)
            is_class = predicate == _TYPE and isinstance(value, IRI) and value.value.startswith(SH)
            if is_class and value.value[len(SH) :] not in _CLASSES:
                self._refuse_term(IRI(value.value), _CLASSES, subject, predicate, value)

    def _check_values(self) -> None:
        """Refuse what pySHACL would read as no constraint, or notice only where there is data."""
        for part, owner in self._owners.items():
            if part not in self.triples:
                self.refuse(f"the shape {n3(part)} is used here and nowhere described", owner)
        for owner, part in self.triples.pairs(IRI(SH + "property")):
            if part != owner and len(self._values(part, "path")) != 1:
                self.refuse("a property shape needs exactly one sh:path", part)
        for node, path in self.triples.pairs(IRI(SH + "path")):
            if not self._predicates_of(path):
                self.refuse("a path needs at least one property", node, about=IRI(SH + "path"))
        for name in _IRI_VALUES:
            for node, value in self.triples.pairs(IRI(SH + name)):
                if not isinstance(value, IRI):
                    self.refuse(f"the value of sh:{name} must be an IRI", node, about=IRI(SH + name), value=value)
        for name, choices in _CHOICES.items():
            for node, value in self.triples.pairs(IRI(SH + name)):
                if value not in [IRI(SH + choice) for choice in choices]:
                    wanted = ", ".join(f"sh:{choice}" for choice in choices)
                    self.refuse(f"sh:{name} is one of {wanted}", node, about=IRI(SH + name), value=value)

    def _refuse_term(self, term: IRI, known: Iterable[str], subject: Term, predicate: IRI, value: Term) -> NoReturn:
        name = term.value[len(SH) :]
        near = difflib.get_close_matches(name, sorted(known), n=1)
        file, line = self._places[subject, predicate, value]
        raise DataError(
            f"'sh:{name}' is not in SHACL Core or SHACL-SPARQL, so it would check nothing",
            file=file,
            line=line,
            hint=f"did you mean 'sh:{near[0]}'?" if near else "write it with the terms of https://www.w3.org/TR/shacl/",
        )


def read_shapes(files: Sequence[Path], *, names: Sequence[str] | None = None) -> Shapes:
    """Read SHACL shapes from Turtle, TriG or N-Triples files.

    :param names: what to call the files in messages.
    :raises DataError: at the first syntax error, or term that SHACL does not have.
    """
    triples: list[tuple[Triple, str, int | None]] = []
    for number, file in enumerate(files):
        name = names[number] if names else str(file)
        try:
            for position in read_positions(file, base=file.absolute().as_uri()):
                subject, value = (_apart(term, number) for term in (position.subject, position.object))
                triples.append(((subject, position.predicate, value), name, position.line))
        except DataError as exc:
            raise DataError(exc.message, file=name, line=exc.line, hint=exc.hint) from exc
    return Shapes(triples)


def _apart(term: Term, number: int) -> Term:
    """Keep the blank nodes of different files apart."""
    return BlankNode(f"f{number}_{term.value.translate(_BRACKETS)}") if isinstance(term, BlankNode) else term


_BRACKETS = str.maketrans({"[": "-", "]": None})


def _local(iri: IRI) -> str:
    return re.split(r"[#/:]", iri.value.rstrip("#/"))[-1] or iri.value
