"""Where compiled shapes are asked: a store, or files read term by term."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from kgtool.errors import KgError
from kgtool.namespaces import RDFS
from kgtool.shacl.graph import Triple
from kgtool.store import Store
from kgtool.store.exact import ExactStore
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = ["ExactSource", "Source", "StoreSource"]

Row = tuple[Term | None, ...]


class Answer(NamedTuple):
    """An answer: the names of its columns, and its rows."""

    variables: tuple[str, ...]
    rows: Iterator[Row]


class Source(Protocol):
    """Data that answers queries."""

    #: Whether several queries at a time are answered sooner than one after the other.
    parallel: bool

    def select(self, text: str, *, plain: bool = False, named: Iterable[str] = ()) -> Answer:
        """Answer a SELECT query; ``plain`` asks for values and not for terms, where the two differ."""

    def constant(self, term: Term) -> Term:
        """Return a term as queries must write it."""

    def original(self, term: Term) -> Term:
        """Return the term of the data that an answer's term stands for."""

    def written(self, subject: Term, predicate: str | None, value: Term) -> Term:
        """Return the term that an answer about values stands for, at a subject and one of its properties."""

    def may_stand_in(self, predicates: Iterable[str] | None) -> set[str]:
        """Return the datatypes that values of some properties (``None``: any) may have under another name."""

    def add_graph(self, name: str, triples: Iterable[Triple]) -> bool:
        """Add a named graph to be asked; say whether that can be done."""

    def describe(self, node: BlankNode) -> Iterator[Triple]:
        """Walk over what the data says of a blank node, where that can be asked."""

    def triples(self) -> Iterator[Triple]:
        """Walk over all the data."""


class StoreSource:
    """The default graph of a store, with its terms as the store has them."""

    parallel = True

    def __init__(self, store: Store) -> None:
        self.store = store

    def select(self, text: str, *, plain: bool = False, named: Iterable[str] = ()) -> Answer:
        result = self.store.query(text)
        return Answer(result.variables, result.rows())

    def constant(self, term: Term) -> Term:
        return term

    def original(self, term: Term) -> Term:
        return term

    def written(self, subject: Term, predicate: str | None, value: Term) -> Term:
        return value

    def may_stand_in(self, predicates: Iterable[str] | None) -> set[str]:
        return set()

    def add_graph(self, name: str, triples: Iterable[Triple]) -> bool:
        return False

    def describe(self, node: BlankNode) -> Iterator[Triple]:
        return iter(())

    def triples(self) -> Iterator[Triple]:
        for subject, predicate, value in self.select("SELECT ?s ?p ?o { ?s ?p ?o }").rows:
            assert subject is not None
            assert isinstance(predicate, IRI)
            assert value is not None
            yield subject, predicate, value


class ExactSource:
    """Files, each term as it was read.

    :param spelling: finds how a language tag, which the store has in small letters, was spelled in a literal.
    """

    parallel = True

    def __init__(self, store: ExactStore, spelling: Callable[[Literal], str]) -> None:
        self.store = store
        self._spelling = spelling
        self._lock = threading.Lock()

    def select(self, text: str, *, plain: bool = False, named: Iterable[str] = ()) -> Answer:
        return Answer(*self.store.select(text, plain=plain, named=named))

    def constant(self, term: Term) -> Term:
        with self._lock:
            return self.store.constant(term)

    def original(self, term: Term) -> Term:
        if isinstance(term, Literal):
            if term.language:
                with self._lock:
                    return term._replace(language=self._spelling(term))
            return self.store.original(term)
        return term

    def written(self, subject: Term, predicate: str | None, value: Term) -> Term:
        if isinstance(value, Literal) and not value.language and self.store.predicates:
            with self._lock:
                return self.store.written(subject, predicate, value)
        return self.original(value)

    def may_stand_in(self, predicates: Iterable[str] | None) -> set[str]:
        if predicates is not None and self.store.predicates.isdisjoint(predicates):
            return set()
        return self.store.datatypes

    def add_graph(self, name: str, triples: Iterable[Triple]) -> bool:
        self.store.add_graph(name, triples)
        return True

    def describe(self, node: BlankNode) -> Iterator[Triple]:
        for subject, predicate, value in self.store.describe(node):
            yield subject, predicate, self.original(value)

    def triples(self) -> Iterator[Triple]:
        for subject, predicate, value in self.store.triples():
            yield subject, predicate, self.original(value)


class Classes:
    """The classes of the data: which lie below which."""

    def __init__(self, source: Source) -> None:
        self._below: dict[Term, list[Term]] = {}
        for lower, upper in source.select(f"SELECT ?lower ?upper {{ ?lower <{RDFS}subClassOf> ?upper }}").rows:
            assert lower is not None
            assert upper is not None
            self._below.setdefault(upper, []).append(lower)

    def closure(self, class_: Term) -> list[IRI]:
        """Return a class and all below it that can be written into a query."""
        seen, waiting = {class_: None}, [class_]
        while waiting:
            for lower in self._below.get(waiting.pop(), []):
                if lower not in seen:
                    seen[lower] = None
                    waiting.append(lower)
        return [one for one in seen if isinstance(one, IRI)]

    def nameless_below(self, class_: Term) -> bool:
        """Say whether a blank node is a class below."""
        return any(isinstance(one, BlankNode) for one in self._all_below(class_))

    def _all_below(self, class_: Term) -> set[Term]:
        seen, waiting = {class_}, [class_]
        while waiting:
            for lower in self._below.get(waiting.pop(), []):
                if lower not in seen:
                    seen.add(lower)
                    waiting.append(lower)
        return seen


def can_match(source: Source, pattern: str, flags: str) -> bool:
    """Say whether a source's engine reads a regular expression."""
    texts = ", ".join(n3(Literal(text)) for text in (pattern, flags))
    try:
        ((matched,),) = source.select(f'SELECT (REGEX("", {texts}) AS ?matched) {{}}').rows
    except KgError:
        return False
    return matched is not None
