"""Numerals: which are found, what they are worth."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgtool.errors import DataError
from kgtool.text.numerals import NOT_NUMERALS, find_numerals, parse_amount, parse_chinese


def texts(text: str) -> list[str]:
    return [numeral.text for numeral in find_numerals(text)]


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("總產值4486.20億元,增長3.7%", ["4486.20億元", "3.7%"]),
        ("1800萬噸以上", ["1800萬噸"]),
        ("110kV供電、遷改13公里", ["110kV", "13公里"]),
        ("2023年1月18日", ["2023年", "1月", "18日"]),
        ("2023年1月29日、30日", ["2023年", "1月", "29日", "30日"]),
        ("2023年1—11月", ["2023年", "1", "11月"]),
        ("2022—2023年度", ["2022", "2023年度"]),
        ("2022—2023中國報告", ["2022", "2023"]),
        ("2023年上半年", ["2023年", "上半年"]),
        ("時間:2024-01-08", ["2024", "01", "08"]),
        ("第5批19個片區中第6位,第15個年頭", ["第5批", "19個", "第6位", "第15個年頭"]),
        ("第一批,第一天", ["第一批", "第一天"]),
        ("三大產業、五大員、四條產業鏈", ["三大", "五大", "四條"]),
        ("一主兩輔、一主二輔", ["一", "兩", "一", "二"]),
        ("四訪四查四服務,三訪三問三解決,兩抓兩促進", ["四", "四", "四", "三", "三", "三", "兩", "兩"]),
        ("三個聽取,三進園區,四區聯動", ["三個", "三", "四"]),
        ("一年見成效、兩年上臺階、三年大突破", ["一年", "兩年", "三年"]),
        ("六個春城,二十大,十四五", ["六個", "二十大", "十四五"]),
        ("二、三、四季度和一季度", ["二", "三", "四季度", "一季度"]),
        ("一企一策", ["一", "一"]),
        ("10余次、10多万人、百余家", ["10余次", "10多万人", "百余家"]),
        ("百分之八十、三分之二", ["百分之八十", "三分之二"]),
        ("二〇二三年", ["二〇二三年"]),
        ("1,800户,-2.5%", ["1,800户", "-2.5%"]),
        ("２０２３年", ["２０２３年"]),
        ("二十分钟", ["二十分钟"]),
    ],
)
def test_numerals_are_found(phrase: str, found: list[str]) -> None:
    assert texts(phrase) == found


@pytest.mark.parametrize(
    "phrase",
    [
        "千方百計統一進一步",
        "一定打造一批、一系列、一些",
        "新一輪、新一批、新的一年、新一年",
        "一體、萬一、一起、唯一",
        "這一天,每一個",
        "十分重要,零售",
        "四川、三亞",
    ],
)
def test_characters_that_only_look_like_numerals_are_not_found(phrase: str) -> None:
    assert texts(phrase) == []


@pytest.mark.parametrize("word", sorted(NOT_NUMERALS))
def test_every_word_of_the_stop_list_holds_a_numeral_character(word: str) -> None:
    assert texts(word) == []
    assert set(word) & set("零一二两三四五六七八九十百千万亿")


def test_an_ordinal_is_found_although_its_words_stand_in_the_stop_list() -> None:
    assert texts("第一批") == ["第一批"]
    assert texts("一批") == []


def test_numerals_have_offsets_of_the_text_as_written() -> None:
    text = "園區的“三大產業”,產值4486.20億元"
    assert [text[n.start : n.end] for n in find_numerals(text)] == texts(text) == ["三大", "4486.20億元"]


def test_kinds_and_values() -> None:
    found = find_numerals("第5批三大產業,13公里,2023年,十四五")
    assert [(n.kind, n.value) for n in found] == [
        ("ordinal", Decimal(5)),
        ("chinese", Decimal(3)),
        ("arabic", Decimal(13)),
        ("date", Decimal(2023)),
        ("chinese", None),
    ]


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("2023年10月9日、10日", [(2023, None, None), (2023, 10, None), (2023, 10, 9), (2023, 10, 10)]),
        ("2023年1—11月", [(2023, None, None), (2023, 1, None), (2023, 11, None)]),
        ("1月2日", [(None, 1, None), (None, 1, 2)]),
        ("2023年,5月", [(2023, None, None), (None, 5, None)]),
        ("2023年上半年", [(2023, None, None), (2023, 6, None)]),
        ("2023—2025年", [(2023, None, None), (2025, None, None)]),
        ("9、10日", [(None, None, 9), (None, None, 10)]),
    ],
)
def test_dates_know_what_stands_before_them(phrase: str, dates: list[tuple[int | None, ...]]) -> None:
    assert [tuple(n.date) for n in find_numerals(phrase) if n.date] == dates


def test_an_amount_behind_a_year_is_not_a_year() -> None:
    assert [(n.text, n.kind) for n in find_numerals("2023年1800萬噸")] == [("2023年", "date"), ("1800萬噸", "arabic")]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("4486.20億元", "448620000000.00"),
        ("4486.20亿元", "448620000000.00"),
        ("1800萬噸以上", "18000000"),
        ("1498.40萬噸", "14984000.00"),
        ("約80%", "80"),
        ("3.9個百分點", "3.9"),
        ("10余次", "10"),
        ("3千户", "3000"),
        ("1,800户", "1800"),
        ("1.5万亿元", "1500000000000.0"),
        ("三萬億元", "3000000000000"),
        ("第5批", "5"),
        ("四條", "4"),
        ("百分之八十", "80"),
        ("三点五倍", "3.5"),
        ("-2.5%", "-2.5"),
    ],
)
def test_amounts_are_worth(words: str, value: str) -> None:
    assert str(parse_amount(words)) == value


@pytest.mark.parametrize(
    ("words", "fault"), [("許多", "no amount"), ("3.9個、1個百分點", "2 amounts"), ("", "no amount")]
)
def test_words_without_exactly_one_amount_are_refused(words: str, fault: str) -> None:
    with pytest.raises(DataError, match=fault):
        parse_amount(words)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零五", 105),
        ("一百五", 150),
        ("一万五", 15000),
        ("一万零五", 10005),
        ("两千万", 20_000_000),
        ("三万亿", 3 * 10**12),
        ("百", 100),
        ("〇", 0),
        ("二〇二三", 2023),
    ],
)
def test_chinese_numerals_are_worth(numeral: str, value: int) -> None:
    assert parse_chinese(numeral) == value


@pytest.mark.parametrize("numeral", ["十四五", "二三", "百千", "", "三大", "一万万万亿二万亿", "三点", "十百"])
def test_malformed_chinese_numerals_are_worth_nothing(numeral: str) -> None:
    assert parse_chinese(numeral) is None


def write_chinese(number: int) -> str:
    """Write a number as people do: 10005 → 一万零五, 15 → 一十五."""
    groups = [(number // 10**12, "万亿"), (number // 10**8 % 10**4, "亿"), (number // 10**4 % 10**4, "万")]
    written = ""
    for group, name in [*groups, (number % 10**4, "")]:
        if group:
            digits = "".join("零一二三四五六七八九"[int(d)] + u for d, u in zip(f"{group:04}", "千百十 ", strict=True))
            digits = re.sub("(零[千百十 ])+", "零", digits).rstrip("零 ").removesuffix(" ")
            written += (digits if written and not written.endswith("零") else digits.lstrip("零")) + name
        elif written and not written.endswith("零"):
            written += "零"
    # 三万亿 is followed by 亿 groups without a second 亿: 三万二千亿, not 三万亿二千亿.
    return re.sub("万亿零?(?=[^万]*亿)", lambda m: m.group().replace("亿", ""), written).rstrip("零") or "零"


@given(st.integers(min_value=0, max_value=10**16 - 1))
@example(10005)
@example(10**12 + 1)
@example(3 * 10**12 + 2 * 10**11)
@example(20_050_000)
def test_generated_chinese_numerals_are_read_back(number: int) -> None:
    assert parse_chinese(write_chinese(number)) == number


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["", "万", "亿", "萬億", "千"]))
def test_arabic_amounts_are_read_back(number: Decimal, multiplier: str) -> None:
    worth = {"": 1, "万": 10**4, "亿": 10**8, "萬億": 10**12, "千": 1000}[multiplier]
    assert parse_amount(f"约{number}{multiplier}元左右") == number * worth


@given(st.text(alphabet="一二三十百千万亿第批0123456789.—年月日个%余零〇两约"))
def test_any_text_gives_numerals_in_order_that_do_not_overlap(text: str) -> None:
    found = find_numerals(text)
    assert [text[n.start : n.end] for n in found] == [n.text for n in found]
    assert all(a.end <= b.start for a, b in pairwise(found))
