"""Search: the page of everything a word finds, and the list that appears below the search box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kgtool.explorer.naming import Naming, Ref
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.namespaces import IP
from kgtool.search import Match, open_index

__all__ = ["Found", "everything", "find"]

#: How many are shown, on the page and below the box.
_MANY, _FEW = 60, 8

#: A longer search is cut.
_LONGEST = 200


class Found(NamedTuple):
    """A thing that was found.

    :param name: the name it was found by.
    """

    ref: Ref
    name: str
    kind: str


def find(sources: Sources, visit: Visit) -> Page:
    """Make the page of a search: ``?q=``; with ``part=list`` the list of suggestions alone."""
    if visit.site is not None:
        return Page("everything", {"found": everything(sources, visit, visit.site.things)})
    words = visit.params.get("q", "").strip()[:_LONGEST]
    part = visit.params.get("part") == "list"
    found = _look_up(sources, visit, words, _FEW if part else _MANY) if words else []
    return Page("suggestions" if part else "find", {"words": words, "found": found})


def _look_up(sources: Sources, visit: Visit, words: str, most: int) -> list[Found]:
    index = open_index(sources.store, prefixes=sources.prefixes)
    return _described(sources, visit, index.search(words, limit=most))


def _described(sources: Sources, visit: Visit, matches: Sequence[Match]) -> list[Found]:
    naming = Naming(sources, visit)
    classes = {match.iri: min(match.classes, key=_rank, default="") for match in matches}
    naming.learn(match.iri for match in matches)
    naming.learn(class_ for class_ in classes.values() if class_)
    found = []
    for match in matches:
        ref = naming.ref(match.iri)
        kind = naming.text(classes[match.iri]) if classes[match.iri] else ""
        found.append(Found(ref, "" if match.name in (ref.text, ref.code) else match.name, kind))
    return found


def everything(sources: Sources, visit: Visit, iris: Sequence[str]) -> list[Found]:
    """Describe things, in the order of what they are called."""
    naming = Naming(sources, visit)
    classes: dict[str, str] = {}
    for thing, class_ in sources.store.query("SELECT DISTINCT ?thing ?class { ?thing a ?class }").rows():
        if thing is not None and class_ is not None:
            known = classes.get(thing.value)
            classes[thing.value] = class_.value if known is None else min(known, class_.value, key=_rank)
    naming.learn(iris)
    naming.learn(classes[iri] for iri in iris if iri in classes)
    found = [Found(naming.ref(iri), "", naming.text(classes[iri]) if iri in classes else "") for iri in iris]
    # What is only pointed at is found where it is described: elsewhere.
    found = [one for one in found if one.ref.href and not one.ref.outside]
    return sorted(found, key=lambda one: (one.ref.text.casefold(), one.ref.iri))


def _rank(class_: str) -> tuple[bool, str]:
    """Sort classes so that the one that says most comes first: one of the ontology's own."""
    return (not class_.startswith(IP), class_)
