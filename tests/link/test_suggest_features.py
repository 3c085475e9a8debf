"""What is compared of a record, and what is kept of a long side."""

from __future__ import annotations

import pytest

from kgtool.link.suggest.features import Row, features, place_name
from kgtool.link.suggest.preparing import prepare
from kgtool.link.suggest.records import Code, Name, Record


def rows(*names: str, parents: tuple[str, ...] = (), codes: tuple[Code, ...] = ()) -> list[Row]:
    return list(features(Record("x", tuple(map(Name, names)), parents, codes=codes)))


def test_both_scripts_are_one_name_and_other_scripts_are_none() -> None:
    (row,) = rows("雲南省", "云南省", "Юньнань", "يونان")
    assert (row.name, row.core, row.tail, row.sound, row.chinese) == ("云南省", "云南", "省", "yunnan", True)


def test_a_latin_name_is_compared_by_words_without_what_says_its_kind() -> None:
    (row,) = rows("The Industries of Yiliang County")
    assert (row.core, row.bag, row.words, row.chinese) == (
        "industriesyiliang",
        "industry yiliang",
        ["industry", "yiliang"],
        False,
    )


def test_a_name_without_a_word_of_its_own_is_found_by_itself_alone() -> None:
    (row,) = rows("The")
    assert row.keys == ["n:the"]


@pytest.mark.parametrize(
    ("name", "core", "tail"),
    [
        ("石林彝族自治县", "石林", "自治县"),
        ("安宁工业园区管理委员会", "安宁", "园区"),
        ("金碧街道办事处", "金碧", "街道"),
        ("昆明高新技术产业开发区", "昆明", "高新技术产业开发区"),
        ("沿江满族乡", "沿江", "乡"),
        ("开发区", "开发区", ""),
        ("县", "县", ""),
    ],
)
def test_a_chinese_name_is_split_into_core_and_kind(name: str, core: str, tail: str) -> None:
    (row,) = rows(name)
    assert (row.core, row.tail) == (core, tail)


def test_parents_in_latin_letters_are_taken_for_the_chinese_ones_that_sound_so() -> None:
    assert place_name("Kunming Shi") == "kunming"
    ours = Record("a", (Name("安宁市"),), ("昆明市", "云南省"))
    theirs = Record("b", (Name("安宁"),), ("Kunming Shi", "Yunnan"))
    prepared = prepare([ours], [theirs])
    assert prepared.their_rows[0][1].parents == ["昆明", "云南"]


def test_names_that_sound_alike_are_not_taken_for_one_another() -> None:
    ours = [Record("a", (Name("甲县"),), ("陕西省",)), Record("b", (Name("乙县"),), ("山西省",))]
    prepared = prepare(ours, [Record("c", (Name("甲县"),), ("Shanxi",))])
    assert prepared.their_rows[0][1].parents == ["shanxi"]


def test_what_shares_nothing_with_ours_is_counted_and_not_kept() -> None:
    ours = [Record("a", (Name("安宁市"),))]
    theirs = [Record(str(number), (Name(f"远方{number}村"),)) for number in range(5000)]
    prepared = prepare(ours, [*theirs, Record("anning", (Name("安宁市"),))])
    assert (prepared.total, [one.id for one in prepared.theirs]) == (5001, ["anning"])


def test_a_name_that_many_have_is_worth_less_and_no_key_beyond_a_bound() -> None:
    ours = [Record("a", (Name("城关镇"),), ("甲县",)), Record("b", (Name("独一镇"),), ("甲县",))]
    many = [Record(str(number), (Name("城关镇"),), (f"第{number}县",)) for number in range(1200)]
    here = Record("here", (Name("城关镇"),), ("甲县",))
    prepared = prepare(ours, [*many, here, Record("only", (Name("独一镇"),))])
    assert prepared.frequencies["name"]["城关镇"] > 1000 * prepared.frequencies["name"]["独一镇"]
    keyed = [prepared.theirs[place].id for place, row in prepared.their_rows if row.keys]
    assert keyed == ["here", "only"]
    assert not any(key == "n:城关镇" for _, row in prepared.our_rows for key in row.keys)
