"""The first page: what the graph is about, what is in it, what can be asked."""

from __future__ import annotations

from typing import NamedTuple

from kgtool.census import take_census
from kgtool.explorer.dataset import read_dataset
from kgtool.explorer.naming import Naming, Ref, asked_in
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.namespaces import IP, RDFS
from kgtool.terms import IRI

__all__ = ["home"]

#: How parks and industries are related, the closest first: the property, and the mark that stands for it.
_RELATIONS = (
    (IP + "hasLeadingIndustry", "●"),
    (IP + "hasFocusIndustry", "◆"),
    (IP + "attractsProjectsIn", "▲"),
    (IP + "hasIndustry", "○"),
)

#: Questions that show what can be asked, if the project has them.
_SHOWN = (
    "leading-industries",
    "parks-by-industry",
    "compare-parks",
    "not-achieved-yet",
    "mechanisms-of-park",
    "who-says-so",
)


class _Cell(NamedTuple):
    """How a park and an industry are related."""

    mark: str
    relation: str


def home(sources: Sources, visit: Visit) -> Page:
    """Make the first page."""
    naming = Naming(sources, visit)
    parks = _instances(sources, IP + "IndustrialPark")
    related = _related(sources, parks)
    industries = sorted({industry for _, industry in related})
    naming.learn([*parks, *industries, *(relation for relation, _ in _RELATIONS)])
    used: dict[str, int] = {}
    for _, industry in related:
        used[industry] = used.get(industry, 0) + 1
    columns = sorted((naming.ref(one) for one in industries), key=lambda ref: (-used[ref.iri], ref.text))
    rows = sorted((naming.ref(one) for one in parks), key=lambda ref: ref.text)
    census = sources.keep("census", lambda: take_census(sources.store))
    asked = [sources.queries[name] for name in _SHOWN if name in sources.queries] or list(sources.queries.values())[:6]
    data = {
        "dataset": read_dataset(sources, visit),
        "census": census,
        "parks": rows,
        "industries": columns,
        "cells": {
            pair: _Cell(mark, naming.text(relation))
            for pair, found in related.items()
            for relation, mark in _RELATIONS
            if relation == found
        },
        "relations": [(mark, naming.ref(relation)) for relation, mark in _RELATIONS if relation in related.values()],
        "classes": _classes(naming, census.classes),
        "questions": [(query.name, asked_in(query, visit)) for query in asked],
        "articles": _articles(sources, naming),
    }
    return Page("home", data)


def _instances(sources: Sources, class_: str) -> list[str]:
    query = (
        f"SELECT DISTINCT ?thing WHERE {{ ?thing a/<{RDFS}subClassOf>* <{class_}> FILTER(isIRI(?thing)) }} LIMIT 200"
    )
    return sorted(thing.value for (thing,) in sources.store.query(query).rows() if thing is not None)


def _related(sources: Sources, parks: list[str]) -> dict[tuple[str, str], str]:
    """Return the closest relation of every park and industry that have one."""
    ranks = {relation: rank for rank, (relation, _) in enumerate(_RELATIONS)}
    listed = " ".join(f"<{relation}>" for relation in ranks)
    query = (
        f"SELECT ?park ?p ?industry WHERE {{ VALUES ?p {{ {listed} }} ?park ?p ?industry FILTER(isIRI(?industry)) }}"
    )
    known = set(parks)
    found: dict[tuple[str, str], str] = {}
    for park, p, industry in sources.store.query(query).rows():
        if park is not None and p is not None and industry is not None and park.value in known:
            pair = (park.value, industry.value)
            if pair not in found or ranks[p.value] < ranks[found[pair]]:
                found[pair] = p.value
    return found


def _classes(naming: Naming, counted: dict[str, int]) -> list[tuple[Ref, int]]:
    """Return the classes of the ontology that have things, the largest first."""
    own = {class_: number for class_, number in counted.items() if class_.startswith(IP)}
    naming.learn(own)
    return [(naming.ref(class_), number) for class_, number in own.items()][:14]


def _articles(sources: Sources, naming: Naming) -> list[Ref]:
    articles = _instances(sources, IP + "NewsArticle")
    naming.learn(articles)
    return [naming.ref(IRI(one)) for one in articles]
