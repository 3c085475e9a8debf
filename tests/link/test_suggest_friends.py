"""False friends: what has the same name, sound or English, and is something else, loses; what is meant wins."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kgtool.link.suggest.choosing import Candidate, choose, weight_of
from kgtool.link.suggest.engines import compare
from kgtool.link.suggest.model import labels_of, read_model
from kgtool.link.suggest.preparing import prepare
from kgtool.link.suggest.records import Code, Name, Record
from kgtool.linksets.targets import AREA, CONCEPT, FACILITY, ORGANISATION, SETTLEMENT, ZONE

pytest.importorskip("splink", reason="Splink is not installed")

_THRESHOLD = 0.8


def record(id_: str, names: str, *, within: str = "", kind: str = AREA, country: str = "", codes: str = "") -> Record:
    """Write a record: names apart by ``/``, aliases behind ``=``."""
    labels, _, aliases = names.partition("=")
    found = [Name(one) for one in labels.split("/")] + [Name(one, alias=True) for one in aliases.split("/") if one]
    given = tuple(Code(*one.split(":")) for one in codes.split())
    return Record(id_, tuple(found), tuple(within.split()), country, kind, given)


def candidates(ours: Sequence[Record], theirs: Sequence[Record], threshold: float = _THRESHOLD) -> list[Candidate]:
    model = read_model()
    prepared = prepare(ours, theirs)
    return choose(prepared, compare(prepared, model, least=weight_of(threshold)), labels_of(model), limit=3)


OURS = (
    record("yiliang", "宜良县/宜良縣/Yiliang County", within="昆明市 云南省", country="CN"),
    record("anning", "安宁市/安寧市/Anning City", within="昆明市 云南省", country="CN"),
    record("anning-park", "安宁产业园区/Anning Industrial Park", within="安宁市 昆明市 云南省", kind=ZONE),
    record("sun-yat-sen", "中山大学/中山大學/Sun Yat-sen University", kind=ORGANISATION),
    record("mohan-port", "磨憨口岸/Mohan Port=磨憨/Mohan", within="勐腊县 云南省", kind=FACILITY),
    record("free-trade-zone", "自由贸易区/free trade zone", kind=CONCEPT),
    record("xishan", "西山区/西山區/Xishan District", within="昆明市 云南省", country="CN"),
    record("coded", "一区", codes="gbt2260:530181"),
    record("miscoded", "二区", codes="gbt2260:530182"),
)
MEANT = (
    record("530125", "宜良县", within="昆明市 云南省", country="CN"),
    record("1803886", "Anning=安宁/安宁市", within="Yunnan", kind=SETTLEMENT, country="CN"),
    record("Q178972", "中山大學/Sun Yat-sen University=SYSU", within="广州市 广东省", kind=ORGANISATION),
    record("free-zone", "free zone=free trade zone", kind=CONCEPT),
    record("xishan-latin", "Xishan Qu", within="Kunming Yunnan", country="CN"),
    record("530181", "第一区", codes="gbt2260:530181"),
)
FRIENDS = (
    record("530628", "彝良县/Yiliang County", within="昭通市 云南省", country="CN"),
    record("620105", "安宁区/Anning District", within="兰州市 甘肃省", country="CN"),
    record("510401", "安宁工业园区", within="攀枝花市 四川省", kind=ZONE),
    record("Q715075", "國立中山大學/National Sun Yat-sen University=中山大學", within="高雄市", kind=ORGANISATION),
    record("1290596", "Mohan=墨翰", within="Shan", kind=SETTLEMENT, country="MM"),
    record("free-trade-area", "free-trade area", kind=CONCEPT),
    record("xishan-wuxi", "西山区", within="无锡市 江苏省", country="CN"),
    record("530199", "二区", codes="gbt2260:530199"),
)


@pytest.fixture(scope="module")
def together() -> dict[str, list[str]]:
    """What is proposed for each of ours, the best first, where what is meant is there as well."""
    found: dict[str, list[str]] = {}
    for one in candidates(OURS, (*FRIENDS, *MEANT)):
        found.setdefault(one.ours.id, []).append(one.theirs.id)
    return found


@pytest.fixture(scope="module")
def alone() -> dict[str, list[str]]:
    """What is proposed where only the false friends are there."""
    found: dict[str, list[str]] = {}
    for one in candidates(OURS, FRIENDS):
        found.setdefault(one.ours.id, []).append(one.theirs.id)
    return found


@pytest.mark.parametrize(
    ("ours", "meant"),
    [
        ("yiliang", "530125"),
        ("anning", "1803886"),
        ("sun-yat-sen", "Q178972"),
        ("free-trade-zone", "free-zone"),
        ("xishan", "xishan-latin"),
        ("coded", "530181"),
    ],
)
def test_what_is_meant_is_proposed_and_no_false_friend(together: dict[str, list[str]], ours: str, meant: str) -> None:
    assert together.get(ours) == [meant]


@pytest.mark.parametrize("ours", [one.id for one in OURS])
def test_a_false_friend_is_not_proposed_even_where_nothing_better_is_there(
    alone: dict[str, list[str]], ours: str
) -> None:
    assert alone.get(ours, []) == []


def test_a_false_friend_with_the_right_place_would_be_proposed() -> None:
    """The place is what tells them apart: without it, this check could not fail."""
    (zone,) = [one for one in FRIENDS if one.id == "510401"]
    moved = zone._replace(parents=("安宁市", "昆明市", "云南省"))
    (found,) = candidates([one for one in OURS if one.id == "anning-park"], [moved])
    assert (found.theirs.id, found.probability > 0.99) == ("510401", True)


def test_the_steps_of_the_waterfall_add_up_to_the_weight() -> None:
    found = candidates(OURS, MEANT)
    assert len(found) == 6
    for one in found:
        assert sum(step.bits for step in one.steps) == pytest.approx(one.weight, abs=0.01)
    (yiliang,) = [one for one in found if one.ours.id == "yiliang"]
    assert [step.feature for step in yiliang.steps] == ["before", "name", "standing", "parents", "kind", "country"]
    assert yiliang.steps[1].outcome == "the same Chinese name (宜良县)"
