"""Scripts: conversion, folding, characters of the wrong script."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.text.scripts import (
    fold,
    is_simplified_only,
    is_traditional_only,
    simplified_only_characters,
    simplify_keeping_length,
    to_simplified,
    to_traditional,
    traditional_only_characters,
)


def test_conversion_goes_both_ways() -> None:
    assert (to_simplified("雲南製造"), to_traditional("云南制造")) == ("云南制造", "雲南製造")


def test_simplifying_keeps_the_length_of_the_article(article_text_path: Path) -> None:
    text = article_text_path.read_text(encoding="utf-8")
    assert simplify_keeping_length(text) == to_simplified(text)
    assert len(simplify_keeping_length(text)) == 4342


@pytest.mark.parametrize(
    "word", ["雲南", "製造", "制度", "公里", "皇后", "干涉", "台灣", "臺灣", "上游", "旅遊", "人云亦云", "范仲淹"]
)
def test_traditional_words_hold_no_simplified_character(word: str) -> None:
    assert simplified_only_characters(word) == []


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("云南", "云"),
        ("制造", "制"),
        ("园區", "园"),
        ("綠色制造业", "制业"),
        ("樹干", "干"),
        ("標准", "准"),
        ("面粉", "面"),
    ],
)
def test_simplified_characters_are_found_in_traditional_words(word: str, wrong: str) -> None:
    assert simplified_only_characters(word) == list(wrong)


@pytest.mark.parametrize("character", "台里后干余只系云制面松谷斗丑")
def test_characters_legal_in_both_scripts_are_of_neither(character: str) -> None:
    assert (is_simplified_only(character), is_traditional_only(character)) == (False, False)


@pytest.mark.parametrize(
    ("word", "wrong"), [("雲南", "雲"), ("乾坤", ""), ("干燥", ""), ("乾燥", "乾"), ("毕昇", ""), ("園区", "園")]
)
def test_traditional_characters_are_found_in_simplified_words(word: str, wrong: str) -> None:
    assert traditional_only_characters(word) == list(wrong)


def test_characters_of_one_script_only() -> None:
    assert [is_simplified_only(c) for c in "区業A区"] == [True, False, False, True]
    assert [is_traditional_only(c) for c in "區业A,"] == [True, False, False, False]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("雲南省", "云南省"),
        ("“六個春城”", "六个春城"),
        ("《方案（2023—2025年）》", "方案(2023-2025年)"),
        ("Hi-Tech  Zone", "hi－tech zone"),
        ("卡尔·马克思", "卡爾・馬克思"),
        ("昆明 高新区", "昆明高新區"),
    ],
)
def test_two_spellings_of_a_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_keeps_different_names_apart() -> None:
    assert len({fold(name) for name in ("Hi-tech Zone", "Hitech Zone", "高新区", "经开区")}) == 4
