"""What a graph calls its things: the names, gists and quotes that an index is made of, in one walk over a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kgtool.namespaces import DCTERMS, IP, RDF, RDFS, SCHEMA, SKOS, compress
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, Literal

__all__ = ["FORMAT", "GROUPS", "GROUP_BITS", "KINDS", "KIND_BITS", "LENGTH_BITS", "Name", "Thing", "read_things"]

#: Kinds of names by group: what a search is asked for, and the order in which one stands before another.
GROUPS: dict[str, tuple[str, ...]] = {
    "label": ("prefLabel", "label", "altLabel", "hiddenLabel", "notation", "curie"),
    "gist": ("gist",),
    "quote": ("quote",),
}

#: Every kind of name, in order.
KINDS = tuple(kind for kinds in GROUPS.values() for kind in kinds)

#: The version of an index's tables; with a higher one, :data:`kgtool.store.builds.LAYOUT` has to be higher too.
FORMAT = 1

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
    names: defaultdict[str, set[Name]] = defaultdict(set)
    classes: defaultdict[str, set[str]] = defaultdict(set)
    above: defaultdict[str, set[str]] = defaultdict(set)
    for thing, property_, value in store.query(_QUERY).rows():
        if not isinstance(thing, IRI) or property_ is None:
            continue
        if isinstance(value, IRI):
            if property_.value == _TYPE:
                classes[thing.value].add(value.value)
            elif property_.value == _BROADER:
                above[thing.value].add(value.value)
        elif isinstance(value, Literal) and property_.value in _KIND_OF and value.value.strip():
            name = Name(value.value[:_LONGEST], _spelled(value.language), _KIND_OF[property_.value])
            names[thing.value].add(name)
    for iri in sorted(names):
        own = names[iri]
        if any(name.kind in GROUPS["label"] for name in own):
            curie = compress(iri, prefixes)
            if curie != iri:
                own.add(Name(curie, None, "curie"))
        stated = sorted(classes[iri])
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
