"""What the graph itself says of its things, as records: names, where they lie, and the codes they are linked to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kgtool.link.kinds import IDENTITY, Group, group_of
from kgtool.link.suggest.records import Code, Name, Record
from kgtool.link.things import read_things
from kgtool.linksets.model import Linkset
from kgtool.linksets.targets import AREA, PAGE, Target, target_of_iri
from kgtool.namespaces import SCHEMA, SKOS
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, Literal

__all__ = ["Ours", "read_ours"]

#: Areas above one another, before it is taken for a circle.
_DEEPEST = 8
_DIVISIONS = "gbt2260"


class Ours(NamedTuple):
    """The things of a graph that may be linked to a target.

    :param groups: how each may be linked, by its IRI.
    """

    records: list[Record]
    groups: Mapping[str, Group]


def read_ours(store: Store, linksets: Sequence[Linkset], target: Target) -> Ours:
    """Return the things of a graph that may be linked to a target, sorted by IRI.

    :param linksets: what is linked already. The codes are compared, but those of the target itself: what is looked for
        must not decide what is found.
    """
    names = _names(store)
    groups = {
        iri: group
        for iri, thing in sorted(read_things(store, names).items())
        if (group := group_of(thing.classes)) is not None and _may_be_linked(group, target)
    }
    codes = _codes(linksets)
    within = _within(store, linksets, codes)
    labels = {iri: found[0].text for iri, found in names.items() if found}
    records = [
        Record(
            iri,
            names[iri],
            tuple(labels.get(area, area) for area in _areas(iri, within) if not _is_country(codes.get(area, []))),
            _country(iri, within, codes),
            next(iter(group.permitted)),
            tuple(code for code in codes.get(iri, ()) if code.scheme != target.name),
        )
        for iri, group in groups.items()
    ]
    return Ours(records, groups)


def _may_be_linked(group: Group, target: Target) -> bool:
    return any(kind in group.permitted for kind in target.kinds if kind != PAGE)


def _names(store: Store) -> dict[str, tuple[Name, ...]]:
    properties = values(["property"], [[IRI(SKOS + "prefLabel")], [IRI(SKOS + "altLabel")]])
    query = f"SELECT ?thing ?property ?name {{ {properties} ?thing ?property ?name }}"
    found: dict[str, set[tuple[bool, int, str]]] = {}
    tags = ("zh-hans", "zh-hant")
    for thing, property_, name in store.query(query).rows():
        if isinstance(thing, IRI) and isinstance(name, Literal) and property_ is not None:
            tag = (name.language or "").lower()
            place = tags.index(tag) if tag in tags else len(tags)
            found.setdefault(thing.value, set()).add((property_.value == SKOS + "altLabel", place, name.value))
    return {
        thing: tuple(Name(text, alias) for alias, _, text in sorted(every)) for thing, every in sorted(found.items())
    }


def _codes(linksets: Sequence[Linkset]) -> dict[str, list[Code]]:
    """Return the identifiers that things have elsewhere, by thing."""
    codes: dict[str, list[Code]] = {}
    for linkset in linksets:
        for link in linkset.links:
            subject, object_ = linkset.expand(link.subject), linkset.expand(link.object)
            target = target_of_iri(object_ or "")
            if subject and object_ and target and not link.negative and linkset.expand(link.predicate) in IDENTITY:
                codes.setdefault(subject, []).append(
                    Code(target.name, object_.removeprefix(target.namespace).strip("/"))
                )
    return codes


def _within(store: Store, linksets: Sequence[Linkset], codes: Mapping[str, list[Code]]) -> dict[str, list[str]]:
    """Return what a thing lies in, the nearest first: as the graph says, as its links to areas say, by its code.

    An area that is no thing of the graph goes by its label.
    """
    by_code = {code.value: iri for iri, every in codes.items() for code in every if code.scheme == _DIVISIONS}
    within: dict[str, list[str]] = {}
    for linkset in linksets:
        for link in linkset.links:
            subject, object_ = linkset.expand(link.subject), linkset.expand(link.object)
            target = target_of_iri(object_ or "")
            if not subject or not object_ or target is None or target.name != _DIVISIONS or link.negative:
                continue
            value = object_.removeprefix(target.namespace)
            if linkset.expand(link.predicate) not in IDENTITY and link.text("object_category") == AREA:
                within.setdefault(subject, []).append(by_code.get(value) or link.text("object_label"))
            wider = (value[:4] + "00", value[:2] + "0000")
            within.setdefault(subject, []).extend(by_code[one] for one in wider if one in by_code and one != value)
    query = f"SELECT ?thing ?place {{ ?thing <{SCHEMA}containedInPlace> ?place }} ORDER BY ?thing ?place"
    for thing, place in store.query(query).rows():
        if thing is not None and place is not None:
            within.setdefault(thing.value, []).append(place.value)
    return within


def _areas(thing: str, within: Mapping[str, list[str]]) -> list[str]:
    """Return what a thing lies in, directly or by way of others, the nearest first."""
    found: list[str] = []
    waiting = list(within.get(thing, ()))
    for _ in range(_DEEPEST):
        fresh = list(dict.fromkeys(one for one in waiting if one not in found and one != thing))
        found += fresh
        waiting = [wider for one in fresh for wider in within.get(one, ())]
    return found


def _is_country(codes: Sequence[Code]) -> bool:
    return any(code.scheme == "iso3166-1" for code in codes)


def _country(thing: str, within: Mapping[str, list[str]], codes: Mapping[str, list[Code]]) -> str:
    """Return the code of the country a thing lies in, or is."""
    every: Iterator[Code] = (code for one in (thing, *_areas(thing, within)) for code in codes.get(one, ()))
    return next((code.value[:2] for code in every if code.scheme in {"iso3166-1", "iso3166-2"}), "")
