"""In which order facts are told: what a thing is, what it does, what is planned for it, who speaks of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from kgtool.description import Fact
from kgtool.explorer.words import message
from kgtool.namespaces import DCTERMS, IP, PROV, SCHEMA, SKOS

__all__ = ["Group", "group_facts"]

#: Groups in their order: a message of the catalogue, and the properties whose facts are in it; those with ``<`` lead
#: to the thing. A property that is in none is in one of the last two.
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (message("What is said"), (f"{IP}quote", f"{IP}subject", f"{IP}recognizedEntity", f"{IP}rankedEntity", f"{IP}actor",
                      f"{IP}addressedTo", f"{IP}indicator", f"{IP}statisticType", f"{IP}valueAsWritten", f"{IP}value",
                      f"{IP}unit", f"{IP}scale", f"{IP}qualifier", f"{IP}counterpart", f"{IP}minuend",
                      f"{IP}subtrahend", f"{IP}formula", f"{IP}title", f"{IP}status", f"{IP}grantingBody", f"{IP}batch",
                      f"{IP}rankingList", f"{IP}rank", f"{IP}rankedAmong", f"{IP}aspect", f"{IP}concerns",
                      f"{IP}hasResult", f"{IP}comparisonRelation", f"{IP}period", f"{IP}attributedTo",
                      f"{IP}appliesTo", f"{IP}assumption", f"{IP}madeAt")),
    (message("What it is"), (f"{IP}parkType", f"{SKOS}broader", f"<{SKOS}broader", f"{IP}inIndustry",
                    f"{SCHEMA}containedInPlace", f"{SCHEMA}location", f"{IP}ofArea", f"{IP}statedSize",
                    f"{IP}memberKind", f"{IP}membershipComplete", f"{PROV}hadMember", f"{IP}start", f"{IP}end",
                    f"{IP}cumulative", f"{IP}wording", f"{IP}issuedBy")),
    (message("Industries"), (f"{IP}hasLeadingIndustry", f"{IP}hasFocusIndustry", f"{IP}attractsProjectsIn",
                    f"{IP}hasIndustry", f"{IP}hasIndustryStructure", f"{IP}mainIndustry", f"{IP}mainCount",
                    f"{IP}auxiliaryCount", f"{IP}hasChain", f"{IP}hasCluster", f"<{IP}hasLeadingIndustry",
                    f"<{IP}hasFocusIndustry", f"<{IP}attractsProjectsIn", f"<{IP}hasIndustry", f"<{IP}inIndustry",
                    f"<{IP}mainIndustry")),
    (message("Recognitions and rankings"), (f"<{IP}recognizedEntity", f"<{IP}title", f"<{IP}grantingBody",
                                   f"<{IP}rankedEntity", f"<{IP}rankingList")),
    (message("Positioning, plans and mechanisms"), (f"{IP}hasPositioning", f"{IP}guidedBy", f"{IP}usesMechanism",
                                           f"{IP}plansMechanism", f"{IP}hasComponent", f"{IP}componentCount",
                                           f"<{IP}hasPositioning", f"<{IP}guidedBy", f"<{IP}usesMechanism",
                                           f"<{IP}plansMechanism", f"<{IP}hasComponent", f"<{IP}issuedBy")),
    (message("Done, planned, demanded"), (f"<{IP}actor", f"<{IP}addressedTo", f"<{IP}concerns", f"<{IP}hasResult",
                                 f"<{IP}madeAt", f"<{IP}attributedTo")),
    (message("Events"), (f"{IP}visited", f"<{IP}visited", f"{SCHEMA}participant", f"<{SCHEMA}participant",
                f"{SCHEMA}organizer", f"<{SCHEMA}organizer", f"{SCHEMA}attendee", f"<{SCHEMA}attendee",
                f"{SCHEMA}startDate", f"{SCHEMA}endDate")),
    (message("Other figures about it"), (f"<{IP}subject", f"<{IP}counterpart", f"<{IP}indicator", f"<{IP}period")),
    (message("Places and groups"), (f"<{SCHEMA}containedInPlace", f"<{SCHEMA}location", f"<{IP}ofArea",
                                    f"<{PROV}hadMember",
                           f"{SKOS}inScheme", f"{SKOS}topConceptOf", f"<{SKOS}hasTopConcept", f"<{SKOS}inScheme")),
    (message("Source"), (f"{DCTERMS}source", f"{DCTERMS}isPartOf", f"{PROV}wasDerivedFrom", f"{PROV}hadPlan",
                f"<{PROV}wasDerivedFrom")),
)  # fmt: skip
_OUT, _IN = message("Other facts"), message("Mentioned by")

_RANK = {
    key: (place, rank) for place, (_, keys) in enumerate(_GROUPS) for rank, key in enumerate(keys)
}  # fmt: skip
_TITLES = (*(title for title, _ in _GROUPS), _OUT, _IN)


class Group(NamedTuple):
    """Facts of one kind: a title, and properties with their facts."""

    title: str
    properties: tuple[tuple[Fact, ...], ...]


def group_facts(facts: Iterable[Fact]) -> list[Group]:
    """Put facts into groups, in order of meaning; facts of one property stay together, in their order."""
    placed = sorted(facts, key=lambda fact: (*_place(fact), fact.direction, fact.predicate_label, fact.predicate))
    return [
        Group(
            _TITLES[place], tuple(tuple(some) for _, some in groupby(found, key=lambda f: (f.direction, f.predicate)))
        )
        for place, found in ((place, list(some)) for place, some in groupby(placed, key=lambda fact: _place(fact)[0]))
    ]


def _place(fact: Fact) -> tuple[int, int]:
    incoming = fact.direction == "in"
    found = _RANK.get(f"<{fact.predicate}" if incoming else fact.predicate)
    return found or (len(_GROUPS) + incoming, 0)
