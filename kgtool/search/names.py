"""What a graph calls its things: the names, gists and quotes that an index is made of, in one walk over a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
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
    "Said",
    "Thing",
    "read_above",
    "read_said",
    "things_among",
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
    {values(["property"], [[IRI(one)] for one in (*_KIND_OF, _TYPE)])} ?thing ?property ?value
}}"""

_PLACE_OF = {kind: place for place, kind in enumerate(KINDS)}
#: Where the kind of a name would be in what is said of a thing, a class has this.
_CLASS = -1

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


#: What a graph says of a thing: its IRI; the place in :data:`KINDS` of the kind of a name, and that name; its language.
#: Or that it is of a class: -1, the class's IRI.
Said = tuple[str, int, str, str | None]


class Thing(NamedTuple):
    """A thing that has names.

    :param classes: its classes as they are stated.
    :param within: those, and the classes above them.
    """

    iri: str
    names: tuple[Name, ...]
    classes: tuple[str, ...]
    within: tuple[str, ...]


def read_said(store: Store) -> Iterator[Said]:
    """Walk over what a store says of the names and the classes of its things, in no order."""
    for thing, property_, value in store.query(_QUERY).rows():
        if isinstance(thing, IRI) and property_ is not None:
            said = _said(thing.value, property_.value, value)
            if said is not None:
                yield said


def _thing_of(
    iri: str, said: Iterable[Said], *, above: Mapping[str, set[str]], prefixes: Mapping[str, str]
) -> Thing | None:
    """Put together what is said of a thing; nothing if that is no name.

    :param above: what :func:`read_above` returns.
    :param prefixes: those that things are called by as CURIEs.
    """
    names: set[tuple[int, str, str]] = set()
    classes: set[str] = set()
    for _, kind, text, language in said:
        if kind == _CLASS:
            classes.add(text)
        else:
            names.add((kind, _spelled(language) if language else "", text[:_LONGEST]))
    if not names:
        return None
    if min(names)[0] < len(GROUPS["label"]):
        curie = compress(iri, prefixes)
        if curie != iri:
            names.add((_PLACE_OF["curie"], "", curie))
    return Thing(
        iri,
        tuple(Name(text, language or None, KINDS[kind]) for kind, language, text in sorted(names)),
        tuple(sorted(classes)),
        tuple(sorted(_closure(classes, above))),
    )


def things_named(
    store: Store, iris: Iterable[str], above: Mapping[str, set[str]], *, prefixes: Mapping[str, str]
) -> Iterator[Thing]:
    """Walk over those of some things that have names, sorted by IRI; each is asked for alone.

    :param above: what :func:`read_above` returns.
    :param prefixes: those that things are called by as CURIEs.
    """
    for iri in sorted(set(iris)):
        rows = store.query(f"SELECT ?property ?value {{ {n3(IRI(iri))} ?property ?value }}").rows()
        every = (_said(iri, property_.value, value) for property_, value in rows if property_ is not None)
        thing = _thing_of(iri, filter(None, every), above=above, prefixes=prefixes)
        if thing is not None:
            yield thing


def things_among(
    said: Iterable[Said], *, above: Mapping[str, set[str]], prefixes: Mapping[str, str]
) -> Iterator[Thing]:
    """Walk over the things that something is said of, if that is a name.

    :param said: sorted by IRI.
    """
    for iri, rows in groupby(said, itemgetter(0)):
        thing = _thing_of(iri, rows, above=above, prefixes=prefixes)
        if thing is not None:
            yield thing


def read_above(store: Store) -> dict[str, set[str]]:
    """Return the classes that stand directly above each class."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    for class_, value in store.query(f"SELECT ?class ?value {{ ?class {n3(IRI(_BROADER))} ?value }}").rows():
        if isinstance(class_, IRI) and isinstance(value, IRI):
            above[class_.value].add(value.value)
    return above


def _said(thing: str, property_: str, value: Term | None) -> Said | None:
    if isinstance(value, IRI):
        return (thing, _CLASS, value.value, None) if property_ == _TYPE else None
    kind = _KIND_OF.get(property_)
    if isinstance(value, Literal) and kind and value.value.strip():
        return thing, _PLACE_OF[kind], value.value, value.language
    return None


@lru_cache(maxsize=256)
def _spelled(tag: str) -> str:
    """Spell a language tag as recommended: an engine may return it in lower case.

    >>> _spelled("zh-hant-tw"), _spelled("EN")
    ('zh-Hant-TW', 'en')
    """
    first, *others = tag.lower().split("-")
    spelled = [one.title() if len(one) == 4 else one.upper() if len(one) == 2 else one for one in others]
    return "-".join([first, *spelled])


def _closure(stated: Iterable[str], above: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(stated)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += above.get(one, ())
    return found
