"""Search: the page of everything a word finds, and the list that appears below the search box."""

from __future__ import annotations

from typing import NamedTuple

from kgtool.explorer.naming import Naming, Ref
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.namespaces import RDFS, SKOS
from kgtool.terms import IRI, Literal
from kgtool.text.scripts import fold

__all__ = ["find"]

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
    words = visit.params.get("q", "").strip()[:_LONGEST]
    part = visit.params.get("part") == "list"
    found = _look_up(sources, visit, words, _FEW if part else _MANY) if words else []
    return Page("suggestions" if part else "find", {"words": words, "found": found})


def _look_up(sources: Sources, visit: Visit, words: str, most: int) -> list[Found]:
    wanted = fold(words)
    best: dict[str, tuple[int, int, str]] = {}
    for iri, folded, name in sources.keep("names", lambda: _names(sources)):
        place = folded.find(wanted)
        if place >= 0:
            rank = (0 if folded == wanted else 1 if place == 0 else 2, len(folded), name)
            best[iri] = min(best.get(iri, rank), rank)
    order = sorted(best, key=lambda iri: (*best[iri], iri))[:most]
    return _described(sources, visit, [(iri, best[iri][2]) for iri in order])


def _described(sources: Sources, visit: Visit, matches: list[tuple[str, str]]) -> list[Found]:
    naming = Naming(sources, visit)
    classes = _classes(sources, [iri for iri, _ in matches])
    naming.learn([iri for iri, _ in matches])
    naming.learn(classes.values())
    found = []
    for iri, name in matches:
        ref = naming.ref(iri)
        kind = naming.text(classes[iri]) if iri in classes else ""
        found.append(Found(ref, "" if name == ref.text else name, kind))
    return found


def _classes(sources: Sources, iris: list[str]) -> dict[str, str]:
    if not iris:
        return {}
    listed = " ".join(f"<{iri}>" for iri in iris)
    query = f"SELECT ?thing (MAX(?class) AS ?one) WHERE {{ VALUES ?thing {{ {listed} }} ?thing a ?class }} GROUP BY ?thing"
    rows = sources.store.query(query).rows()
    return {thing.value: one.value for thing, one in rows if thing is not None and one is not None}


def _names(sources: Sources) -> list[tuple[str, str, str]]:
    """Read every name, folded: script, case and width do not count."""
    properties = " ".join(f"<{one}>" for one in (SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel", RDFS + "label"))
    query = f"SELECT DISTINCT ?thing ?name WHERE {{ VALUES ?p {{ {properties} }} ?thing ?p ?name }}"
    rows = sources.store.query(query).rows()
    return [(t.value, fold(name.value), name.value) for t, name in rows if isinstance(t, IRI) and isinstance(name, Literal)]
