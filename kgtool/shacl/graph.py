"""A shapes graph, looked things up in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn

from kgtool.errors import DataError
from kgtool.namespaces import RDF, RDFS, SH
from kgtool.sparql import NOT_IN_IRI
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = ["NotCompiledError", "ShapesGraph", "Triple"]

Triple = tuple[Term, IRI, Term]

_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", IRI(RDF + "nil")


class NotCompiledError(Exception):
    """A shape that is well formed and cannot be written as SPARQL, and why."""


class ShapesGraph:
    """The triples of a shapes graph, found by subject and by predicate.

    :param file: what to call the graph in messages.
    :param place: finds file and line of what is said of a node, for messages.
    """

    def __init__(
        self,
        triples: Iterable[Triple],
        *,
        file: object = None,
        place: Callable[[Term], tuple[str, int | None]] | None = None,
    ) -> None:
        self.file = file
        self._place = place
        self._of: dict[tuple[Term, str], list[Term]] = {}
        self._with: dict[str, list[tuple[Term, Term]]] = {}
        self._said: dict[Term, list[tuple[IRI, Term]]] = {}
        for subject, predicate, value in dict.fromkeys(triples):
            for term in (subject, predicate, value):
                # What is written into queries must not end there before its time.
                if isinstance(term, IRI) and not NOT_IN_IRI.isdisjoint(term.value):
                    self.refuse(f"'{term.value}' is no IRI", subject)
            self._of.setdefault((subject, predicate.value), []).append(value)
            self._with.setdefault(predicate.value, []).append((subject, value))
            self._said.setdefault(subject, []).append((predicate, value))

    def __iter__(self) -> Iterator[Triple]:
        for subject, said in self._said.items():
            for predicate, value in said:
                yield subject, predicate, value

    def values(self, subject: Term, predicate: str) -> list[Term]:
        """Return the values of a property."""
        return self._of.get((subject, predicate), [])

    def pairs(self, predicate: str) -> list[tuple[Term, Term]]:
        """Return subject and value of every triple with a predicate."""
        return self._with.get(predicate, [])

    def subjects(self, predicate: str, value: Term) -> list[Term]:
        """Return the subjects that have a value."""
        return [subject for subject, other in self.pairs(predicate) if other == value]

    def said_of(self, subject: Term) -> list[tuple[IRI, Term]]:
        """Return what is said of a subject."""
        return self._said.get(subject, [])

    def one(self, subject: Term, name: str) -> Term | None:
        """Return the only value of a SHACL property, or ``None``.

        :raises DataError: if it has several.
        """
        values = self.values(subject, SH + name)
        if len(values) > 1:
            self.refuse(f"{write(subject)} has {len(values)} values of sh:{name}, and may have one", subject)
        return values[0] if values else None

    def flag(self, subject: Term, name: str) -> bool:
        """Say whether a SHACL property is true.

        :raises DataError: if its value is no truth value.
        """
        value = self.one(subject, name)
        if value is None:
            return False
        if not isinstance(value, Literal) or value.value not in ("true", "false", "1", "0"):
            self.refuse(f"sh:{name} of {write(subject)} is not true or false", subject)
        return value.value == "true" or (value.value == "1" and name != "uniqueLang")

    def number(self, subject: Term, name: str) -> int | None:
        """Return the whole number that is the value of a SHACL property.

        :raises DataError: if its value is none.
        """
        value = self.one(subject, name)
        if value is None:
            return None
        if not isinstance(value, Literal) or not value.value.lstrip("+").isdecimal():
            self.refuse(f"sh:{name} of {write(subject)} is not a whole number", subject)
        return int(value.value)

    def items(self, head: Term) -> list[Term]:
        """Return the members of an RDF list.

        :raises DataError: if it is not a well-formed one.
        """
        members: list[Term] = []
        seen = {head}
        while head != _NIL:
            first, rest = self.values(head, _FIRST), self.values(head, _REST)
            if len(first) != 1 or len(rest) != 1 or rest[0] in seen:
                self.refuse(f"{write(head)} is not a well-formed list", head)
            members.append(first[0])
            head = rest[0]
            seen.add(head)
        return members

    def is_instance(self, thing: Term, class_: str) -> bool:
        """Say whether a thing is a SHACL instance of a class."""
        waiting, seen = list(self.values(thing, RDF + "type")), set[Term]()
        while waiting:
            one = waiting.pop()
            if one == IRI(class_):
                return True
            if one not in seen:
                seen.add(one)
                waiting += self.values(one, RDFS + "subClassOf")
        return False

    def refuse(self, message: str, node: Term) -> NoReturn:
        """Raise the error that says that a node is no well-formed shape, or part of one."""
        file, line = self._place(node) if self._place is not None else ("", None)
        raise DataError(f"not well-formed SHACL: {message}", file=file or self.file, line=line, hint="mend the shape")


def write(term: Term) -> str:
    """Write a term as messages name it."""
    return "a shape without a name" if isinstance(term, BlankNode) else n3(term)
