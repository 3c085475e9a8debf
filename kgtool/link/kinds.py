"""What kind of thing may be linked to what kind of thing, and how.

A place is no organisation and no topic; a park lies in a district and is none; a policy serves a topic and is none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from kgtool.linksets.targets import AREA, CONCEPT, FACILITY, ORGANISATION, PAGE, SETTLEMENT, ZONE
from kgtool.namespaces import FOAF, IP, OWL, SCHEMA, SKOS
from kgtool.report import Bilingual

__all__ = ["GROUPS", "IDENTITY", "NARROWING", "PREDICATES", "Group", "group_of"]

_ORG = "http://www.w3.org/ns/org#"

_SAME, _EXACT = OWL + "sameAs", SKOS + "exactMatch"
_CLOSE, _BROAD, _NARROW, _RELATED = (
    SKOS + name for name in ("closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)
_PAGES = frozenset(FOAF + name for name in ("page", "homepage", "isPrimaryTopicOf"))
_SKOS = frozenset((_EXACT, _CLOSE, _BROAD, _NARROW, _RELATED))

#: Predicates that say it is the very thing.
IDENTITY = frozenset((_SAME, _EXACT))
#: Predicates that say it is another thing, which SKOS holds apart from the same one.
NARROWING = frozenset((_BROAD, _NARROW, _RELATED))
#: Every predicate that a link may have.
PREDICATES = _SKOS | _PAGES | {_SAME}


class Group(NamedTuple):
    """Things that may be linked alike.

    :param classes: the classes they belong to, or that their classes are below.
    :param permitted: by which predicates to which kinds of things.
    """

    name: Bilingual
    classes: frozenset[str]
    permitted: Mapping[str, Collection[str]]


#: The groups; a thing belongs to the first that has one of its classes.
GROUPS = (
    Group(
        Bilingual("an administrative area", "行政区域"),
        frozenset((IP + "AdministrativeArea", SCHEMA + "AdministrativeArea")),
        {AREA: _SKOS | {_SAME}, SETTLEMENT: {_CLOSE, _RELATED}, PAGE: _PAGES},
    ),
    Group(
        Bilingual("a park", "园区"),
        frozenset((IP + "IndustrialPark", IP + "FreeTradeZoneArea", IP + "ParkAggregate")),
        {ZONE: _SKOS, ORGANISATION: _SKOS, AREA: {_BROAD, _RELATED}, PAGE: _PAGES},
    ),
    Group(
        Bilingual("a facility", "设施"),
        frozenset((IP + "Facility", IP + "DemonstrationBase")),
        {FACILITY: _SKOS, ZONE: {_BROAD, _RELATED}, AREA: {_BROAD, _RELATED}, PAGE: _PAGES},
    ),
    Group(
        Bilingual("an organisation", "组织"),
        frozenset(
            (
                *(_ORG + name for name in ("Organization", "FormalOrganization")),
                *(SCHEMA + name for name in ("Organization", "NewsMediaOrganization", "GovernmentOrganization")),
            )
        ),
        {ORGANISATION: _SKOS, PAGE: _PAGES},
    ),
    Group(
        Bilingual("a policy", "政策"),
        frozenset((IP + "PolicyInstrument",)),
        {CONCEPT: {_CLOSE, _BROAD, _RELATED}, PAGE: _PAGES},
    ),
    Group(Bilingual("a material", "材料"), frozenset((IP + "Material",)), {CONCEPT: _SKOS, PAGE: _PAGES}),
    Group(Bilingual("a concept", "概念"), frozenset((SKOS + "Concept",)), {CONCEPT: _SKOS, PAGE: _PAGES}),
)


def group_of(classes: Collection[str]) -> Group | None:
    """Find the group that a thing belongs to, by its classes and those above them; ``None`` if it is in none."""
    return next((group for group in GROUPS if not group.classes.isdisjoint(classes)), None)
