"""What a graph calls its things: the names, gists and quotes that an index is made of, in one walk over a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kgtool.namespaces import DCTERMS, IP, RDF, RDFS, SCHEMA, SKOS, compress
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, Literal, Term, n3

__all__ = [
    "FORMAT",
    "GROUPS",
    "GROUP_BITS",
    "KINDS",
    "KIND_BITS",
    "LENGTH_BITS",
    "Name",
    "Thing",
    "read_above",
    "read_things",
    "things_named",
]

#: Kinds of names by group: what a search is asked for, and the order in which one stands before another.
GROUPS: dict[str, tuple[str, ...]] = {
    "label": ("prefLabel", "label", "altLabel", "hiddenLabel", "notation", "curie"),
    "gist": ("gist",),
    "quote": ("quote",),
}

#: Every kind of name, in order.
KINDS = tuple(kind for kinds in GROUPS.values() for kind in kinds)

#: The version of an index's tables; with a higher one, :data:`kgtool.store.builds.LAYOUT` has to be higher too.
FORMAT = 2

#: The number of a name in an index says how welcome it is: its group, its length, its kind from these bits on, then a
#: counter.
GROUP_BITS, LENGTH_BITS, KIND_BITS = 56, 44, 40

_KIND_OF = {
    SKOS + "prefLabel": "prefLabel",
    RDFS + "label": "label",
    SKOS + "altLabel": "altLabel",
    SKOS + "hiddenLabel": "hiddenLabel",
    SKOS + "notation": "notation",
    DCTERMS + "identifier": "notation",
    SCHEMA + "identifier": "notation",
    IP + "gist": "gist",
    IP + "quote": "quote",
}
_TYPE = RDF + "type"
_BROADER = RDFS + "subClassOf"

_QUERY = f"""SELECT ?thing ?property ?value WHERE {{
    {values(["property"], [[IRI(one)] for one in (*_KIND_OF, _TYPE, _BROADER)])} ?thing ?property ?value
}}"""

#: Characters of a name beyond which it is not a name.
_LONGEST = 500


class Name(NamedTuple):
    """A name of a thing.

    :param language: its tag, spelled as BCP 47 recommends; ``None`` if it has none.
    :param kind: one of :data:`KINDS`.
    """

    text: str
    language: str | None
    kind: str


class Thing(NamedTuple):
    """A thing that has names.

    :param classes: its classes as they are stated.
    :param within: those, and the classes above them.
    """

    iri: str
    names: tuple[Name, ...]
    classes: tuple[str, ...]
    within: tuple[str, ...]


def read_things(store: Store, *, prefixes: Mapping[str, str]) -> Iterator[Thing]:
    """Walk over the things of a store that have names, sorted by IRI.

    :param prefixes: those that things are called by as CURIEs.
    """
    said = _Said()
    for thing, property_, value in store.query(_QUERY).rows():
        if isinstance(thing, IRI) and property_ is not None:
            said.add(thing.value, property_.value, value)
    return said.things(prefixes, said.above)


def things_named(
    store: Store, iris: Iterable[str], above: Mapping[str, set[str]], *, prefixes: Mapping[str, str]
) -> Iterator[Thing]:
    """Walk over those of some things that have names, as :func:`read_things` does; each is asked for alone.

    :param above: what :func:`read_above` returns.
    """
    said = _Said()
    for iri in iris:
        for property_, value in store.query(f"SELECT ?property ?value {{ {n3(IRI(iri))} ?property ?value }}").rows():
            if property_ is not None:
                said.add(iri, property_.value, value)
    return said.things(prefixes, above)


def read_above(store: Store) -> dict[str, set[str]]:
    """Return the classes that stand directly above each class."""
    said = _Said()
    for class_, value in store.query(f"SELECT ?class ?value {{ ?class {n3(IRI(_BROADER))} ?value }}").rows():
        if isinstance(class_, IRI):
            said.add(class_.value, _BROADER, value)
    return said.above


class _Said:
    """What a graph says of things: their names, their classes, the classes above."""

    def __init__(self) -> None:
        self._names: defaultdict[str, set[Name]] = defaultdict(set)
        self._classes: defaultdict[str, set[str]] = defaultdict(set)
        self.above: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, thing: str, property_: str, value: Term | None) -> None:
        if isinstance(value, IRI):
            if property_ == _TYPE:
                self._classes[thing].add(value.value)
            elif property_ == _BROADER:
                self.above[thing].add(value.value)
        elif isinstance(value, Literal) and property_ in _KIND_OF and value.value.strip():
            self._names[thing].add(Name(value.value[:_LONGEST], _spelled(value.language), _KIND_OF[property_]))

    def things(self, prefixes: Mapping[str, str], above: Mapping[str, set[str]]) -> Iterator[Thing]:
        for iri in sorted(self._names):
            own = self._names[iri]
            if any(name.kind in GROUPS["label"] for name in own):
                curie = compress(iri, prefixes)
                if curie != iri:
                    own.add(Name(curie, None, "curie"))
            stated = sorted(self._classes[iri])
            yield Thing(
                iri,
                tuple(sorted(own, key=lambda name: (KINDS.index(name.kind), name.language or "", name.text))),
                tuple(stated),
                tuple(sorted(_closure(stated, above))),
            )


def _spelled(tag: str | None) -> str | None:
    """Spell a language tag as recommended: an engine may return it in lower case.

    >>> _spelled("zh-hant-tw"), _spelled("EN")
    ('zh-Hant-TW', 'en')
    """
    if not tag:
        return None
    first, *others = tag.lower().split("-")
    spelled = [one.title() if len(one) == 4 else one.upper() if len(one) == 2 else one for one in others]
    return "-".join([first, *spelled])


def _closure(stated: list[str], above: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(stated)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += above.get(one, ())
    return found
