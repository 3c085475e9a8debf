"""Triples in memory, found by subject and by class: what shapes are matched with, and labels are taken from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgtool.namespaces import RDF, RDFS, SKOS
from kgtool.report import Bilingual
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["Triple", "Triples", "in_both_languages", "read_subjects", "read_triples"]

Triple = tuple[Term, IRI, Term]

_TYPE, _SUBCLASS = IRI(RDF + "type"), IRI(RDFS + "subClassOf")
_FIRST, _REST, _NIL = IRI(RDF + "first"), IRI(RDF + "rest"), IRI(RDF + "nil")
#: Graphs of a build whose subjects are not data that shapes must look at, and a part of the names of more such graphs.
_NOT_DATA = ("graph/ontology", "graph/shapes", "graph/dataset", "graph/links", "graph/mappings")
_NOT_OURS = "/graph/enriched/"
_LABELS = (IRI(SKOS + "prefLabel"), IRI(RDFS + "label"))


class Triples:
    """A graph's triples, without duplicates, in the order they came."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._of: dict[Term, dict[IRI, list[Term]]] = {}
        self._instances: dict[Term, list[Term]] = {}
        self._subclasses: dict[Term, list[Term]] = {}
        self.predicates: set[IRI] = set()
        self.size = 0
        for subject, predicate, value in dict.fromkeys(triples):
            self._of.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self.predicates.add(predicate)
            self.size += 1
            if predicate == _TYPE:
                self._instances.setdefault(value, []).append(subject)
            elif predicate == _SUBCLASS:
                self._subclasses.setdefault(value, []).append(subject)

    def __iter__(self) -> Iterator[Triple]:
        for subject, said in self._of.items():
            for predicate, values in said.items():
                for value in values:
                    yield subject, predicate, value

    def __len__(self) -> int:
        return self.size

    def __contains__(self, subject: Term) -> bool:
        return subject in self._of

    def subjects(self) -> list[Term]:
        """Return everything that something is said of."""
        return list(self._of)

    def said_of(self, subject: Term) -> dict[IRI, list[Term]]:
        """Return the properties of a subject with their values."""
        return self._of.get(subject, {})

    def values(self, subject: Term, predicate: IRI) -> list[Term]:
        """Return the values of one property of a subject."""
        return self._of.get(subject, {}).get(predicate, [])

    def items(self, head: Term) -> list[Term]:
        """Return the members of an RDF list."""
        members: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL and head not in seen:
            seen.add(head)
            members += self.values(head, _FIRST)
            head = next(iter(self.values(head, _REST)), _NIL)
        return members

    def types(self, subject: Term) -> list[Term]:
        """Return the classes a subject is said to belong to."""
        return self.values(subject, _TYPE)

    def instances(self, class_: Term) -> set[Term]:
        """Return the instances of a class and of the classes below it."""
        classes, waiting = {class_}, [class_]
        while waiting:
            below = [c for c in self._subclasses.get(waiting.pop(), []) if c not in classes]
            classes.update(below)
            waiting += below
        return {thing for c in classes for thing in self._instances.get(c, [])}

    def classes(self) -> list[Term]:
        """Return the classes that something belongs to."""
        return list(self._instances)

    def pairs(self, predicate: IRI) -> list[tuple[Term, Term]]:
        """Return subject and value of every triple with a predicate."""
        return [(s, value) for s, said in self._of.items() for value in said.get(predicate, [])]

    def label(self, thing: Term) -> Bilingual | None:
        """Return what a thing is called in English and in Chinese, as far as it has names."""
        for predicate in _LABELS:
            names = [name for name in self.values(thing, predicate) if isinstance(name, Literal)]
            if names:
                return in_both_languages(names)
        return None

    def parent(self, node: BlankNode) -> tuple[Term, IRI] | None:
        """Return a triple that leads to a blank node, without the node: its subject and predicate."""
        for subject, predicate, value in self:
            if value == node:
                return subject, predicate
        return None


def in_both_languages(texts: Iterable[Literal]) -> Bilingual:
    """Choose the English and the Chinese text; where one is missing the other, or one without a tag, stands in.

    >>> in_both_languages([Literal("高新區", "zh-Hant"), Literal("高新区", "zh-Hans")])
    Bilingual(en='高新区', zh='高新区')
    """
    by_tag = {(text.language or "").lower(): text.value for text in sorted(texts, reverse=True)}
    english = next((by_tag[tag] for tag in sorted(by_tag) if tag == "en" or tag.startswith("en-")), None)
    chinese = next((by_tag[tag] for tag in ("zh-hans", "zh-cn", "zh", "zh-hant") if tag in by_tag), None)
    other = by_tag.get("") or next(iter(by_tag.values()), "")
    return Bilingual(english or by_tag.get("") or chinese or other, chinese or by_tag.get("") or english or other)


def read_triples(store: Store) -> Iterator[Triple]:
    """Walk over the triples of a store's default graph."""
    for subject, predicate, value in store.query("SELECT ?s ?p ?o { ?s ?p ?o }").rows():
        assert subject is not None
        assert isinstance(predicate, IRI)
        assert value is not None
        yield subject, predicate, value


def read_subjects(store: Store) -> set[Term]:
    """Return what a store's data is about: the subjects of every graph but the ones that describe the rest."""
    rows = store.query("SELECT DISTINCT ?g ?s { GRAPH ?g { ?s ?p ?o } }").rows()
    return {
        subject
        for graph, subject in rows
        if graph and subject and not graph.value.endswith(_NOT_DATA) and _NOT_OURS not in graph.value
    }
