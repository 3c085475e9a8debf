"""From a candidate to a row: how two things that may be one would be linked, and how the reasons are written."""

from __future__ import annotations

import pytest

from kgtool.link.kinds import GROUPS
from kgtool.link.suggest.choosing import Candidate, Step
from kgtool.link.suggest.model import labels_of, read_model
from kgtool.link.suggest.proposals import explain, predicate_for
from kgtool.link.suggest.records import Name, Record
from kgtool.linksets.targets import AREA, CONCEPT, ORGANISATION, SETTLEMENT, TARGETS, ZONE
from kgtool.namespaces import compress

_PREFIXES = {"owl": "http://www.w3.org/2002/07/owl#", "skos": "http://www.w3.org/2004/02/skos/core#"}
_GROUPS = {group.name.en: group for group in GROUPS}
_SAME, _WORDS, _PART = "the same Latin name", "the same words", "all words of one name are in the other"


def candidate(ours: str, theirs: str, kinds: tuple[str, str], outcome: str = _SAME) -> Candidate:
    one, other = (Record(name, (Name(name),), kind=kind) for name, kind in zip((ours, theirs), kinds, strict=True))
    steps = (Step("before", "one of 1000", -10.0), Step("name", f"{outcome} ({ours} : {theirs})", 13.0))
    return Candidate(one, other, 3.0, steps, rival=-1.25)


@pytest.mark.parametrize(
    ("group", "target", "kinds", "outcome", "predicate"),
    [
        ("an administrative area", "gbt2260", (AREA, AREA), _SAME, "owl:sameAs"),
        ("an administrative area", "eurovoc", (AREA, AREA), _SAME, "skos:exactMatch"),
        ("an administrative area", "geonames", (AREA, SETTLEMENT), _SAME, "skos:closeMatch"),
        ("an administrative area", "wikidata", (AREA, ORGANISATION), _SAME, None),
        ("an administrative area", "wikidata", (AREA, ""), _SAME, "owl:sameAs"),
        ("a park", "gbt2260", (ZONE, AREA), _SAME, "skos:broadMatch"),
        ("a park", "nbs", (ZONE, ZONE), _SAME, "skos:exactMatch"),
        ("a concept", "eurovoc", (CONCEPT, CONCEPT), _SAME, "skos:exactMatch"),
        ("a concept", "eurovoc", (CONCEPT, CONCEPT), _WORDS, "skos:closeMatch"),
        ("a concept", "isic-rev4", (CONCEPT, CONCEPT), _SAME, "skos:closeMatch"),
        ("a policy", "eurovoc", (CONCEPT, CONCEPT), _SAME, "skos:closeMatch"),
    ],
)
def test_the_strongest_predicate_that_is_permitted_is_proposed(
    group: str, target: str, kinds: tuple[str, str], outcome: str, predicate: str | None
) -> None:
    found = predicate_for(candidate("a", "b", kinds, outcome), TARGETS[target], _GROUPS[group])
    assert (compress(found, _PREFIXES) if found else None) == predicate


def test_what_has_more_words_is_narrower() -> None:
    kinds, concept = (CONCEPT, CONCEPT), _GROUPS["a concept"]
    ours, theirs = "new building materials", "building materials"
    broad = predicate_for(candidate(ours, theirs, kinds, _PART), TARGETS["eurovoc"], concept)
    narrow = predicate_for(candidate(theirs, ours, kinds, _PART), TARGETS["eurovoc"], concept)
    assert (broad, narrow) == (_PREFIXES["skos"] + "broadMatch", _PREFIXES["skos"] + "narrowMatch")


def test_the_outcomes_that_decide_about_predicates_are_those_of_the_model() -> None:
    assert {_SAME, _WORDS, _PART, "the same Chinese name but for its kind", "more than half of the words"} <= set(
        labels_of(read_model())["name"].values()
    )


def test_the_reasons_are_one_line() -> None:
    assert explain(candidate("a", "b", (AREA, AREA))) == (
        "one of 1000 -10.0; name: the same Latin name (a : b) +13.0 = 3.0 bits, probability 0.8889; "
        "the next best has -1.2 bits"
    )
