"""Traditional and Simplified Chinese: conversion, names folded for comparison, characters of the wrong script.

https://github.com/BYVoid/OpenCC
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

__all__ = [
    "fold",
    "fold_signs",
    "is_simplified_only",
    "is_traditional_only",
    "simplified_characters",
    "simplified_only_characters",
    "simplify_keeping_length",
    "spaced",
    "to_simplified",
    "to_traditional",
    "traditional_only_characters",
]

#: Simplified characters that are Traditional ones as well, with another meaning (皇后, 公里, 干涉, 人云亦云):
#: those that OpenCC's STCharacters lists among their own Traditional forms, and four it only has in phrases.
_LEGAL_IN_BOTH = frozenset(
    "㐹丑丰么云亘于仆价伙余佣党几凶划厂厘台叶吁吃后咨咸唇夸尸岩岳帘干广征恒愿据挂斗朴杠杰极柜涂涌淀游熏"
    "皂确种筑胜腊腌膻苹荐范虫虱蚝蜡蝎跖辟适郁采里雇霉万准占峰床灶痴秘粽群苧"
)

#: Of those, the ones written in Traditional texts with the same meaning (台灣 beside 臺灣): never a fault.
_EQUALLY_TRADITIONAL = frozenset("台占岩岳游杰雇厘咨涌凶伙恒熏")

#: Surnames that stay as they are in Traditional texts; OpenCC knows only some full names.
_SURNAMES = frozenset("于范余")

#: Characters that t2s changes, and that Simplified texts use as well (乾坤, 五音徵羽, 畢昇 → 毕昇).
_TRADITIONAL_IN_BOTH = frozenset("乾徵於夥昇陞脩祕剋吒谿袷薹釐麽")

_QUOTES = re.compile("[\"'“”‘’„«»「」『』《》〈〉]")
_DOTS = re.compile("[·•‧・∙⋅]")
_DASHES = re.compile("[‐‑‒–—―−~～〜]+")
_SPACE_AT_HAN = re.compile(r"(?<=[\u2e80-\u9fff])\s+|\s+(?=[\u2e80-\u9fff])")
_SPACE = re.compile(r"\s+")

#: The blocks of Han characters that OpenCC converts: the ideographs, extension A, those from B on.
_HAN_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2EBEF))


def to_simplified(text: str) -> str:
    """Write a text in Simplified Chinese.

    >>> to_simplified("雲南省製造業")
    '云南省制造业'
    """
    converted: str = _converter("t2s").convert(text)
    return converted


def to_traditional(text: str) -> str:
    """Write a text in Traditional Chinese, with the characters of Taiwan's standard.

    >>> to_traditional("云南省制造业公里")
    '雲南省製造業公里'
    """
    converted: str = _converter("s2tw").convert(text)
    return converted


def simplify_keeping_length(text: str) -> str:
    """Write a text in Simplified Chinese so that every character stays at its offset.

    OpenCC replaces a few phrases by longer or shorter ones; where it does, each character is converted by itself.
    """
    converted = to_simplified(text)
    if len(converted) == len(text):
        return converted
    characters = (to_simplified(c) for c in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, characters, strict=True))


def fold(name: str) -> str:
    """Reduce a name to what two spellings of it share: script, width, case, quotes, dashes and spaces do not count.

    >>> fold("《雲南省「鏈長制」》") == fold("云南省“链长制”")
    True
    >>> fold("Ｈｉ－tech  ZONE")
    'hi-tech zone'
    """
    return fold_signs(to_simplified(name))


def fold_signs(name: str) -> str:
    """Reduce a name as :func:`fold` does, but for its script: that needs no dictionary.

    >>> fold_signs("「Ｈｉ－tech」  ZONE")
    'hi-tech zone'
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _DASHES.sub("-", _DOTS.sub("·", _QUOTES.sub("", text)))
    return spaced(text)


def spaced(text: str) -> str:
    """Leave out spaces beside Chinese characters and at both ends; of others in a row, one stays.

    >>> spaced(" 高新 区 hi-tech   zone ")
    '高新区hi-tech zone'
    """
    return _SPACE.sub(" ", _SPACE_AT_HAN.sub("", text)).strip()


def simplified_characters() -> dict[str, str]:
    """Return every character that has a Simplified counterpart, with it: what converts without a dictionary later.

    Phrases are left out: by itself 著 stays as it is, in 沿著 it becomes 着.

    >>> simplified_characters()["鏈"]
    '链'
    """
    every = [chr(code) for first, last in _HAN_BLOCKS for code in range(first, last + 1)]
    # A line break between them keeps OpenCC from seeing phrases.
    converted = to_simplified("\n".join(every)).split("\n")
    return {old: new for old, new in zip(every, converted, strict=True) if old != new and len(new) == 1}


def is_simplified_only(character: str) -> bool:
    """Tell whether a character can stand in no Traditional text.

    >>> [is_simplified_only(c) for c in "业业制云后"]
    [True, True, False, False, False]
    """
    return character not in _LEGAL_IN_BOTH and bool(_converter("s2t").convert(character) != character)


def is_traditional_only(character: str) -> bool:
    """Tell whether a character can stand in no Simplified text.

    >>> [is_traditional_only(c) for c in "業雲制乾"]
    [True, True, False, False]
    """
    return character not in _TRADITIONAL_IN_BOTH and to_simplified(character) != character


def simplified_only_characters(text: str) -> list[str]:
    """List the characters of a Traditional text that should be written otherwise, in their order.

    Characters legal in both scripts (云, 制, 里) count where OpenCC's phrases read them as Simplified: 云南, 制造, but
    not 制度 or 公里.

    >>> simplified_only_characters("云南省制造業公里制度")
    ['云', '制']
    """
    general: str = _converter("s2t").convert(text)
    taiwan = to_traditional(text)
    if not len(general) == len(taiwan) == len(text):
        return [c for c in text if is_simplified_only(c)]
    return [
        c
        for at, (c, one, other) in enumerate(zip(text, general, taiwan, strict=True))
        # Both must change it: 群 → 羣 and 裏 → 裡 are matters of regional taste, not of script.
        if c not in (one, other) and c not in _EQUALLY_TRADITIONAL and not (at == 0 and c in _SURNAMES)
    ]


def traditional_only_characters(text: str) -> list[str]:
    """List the characters of a Simplified text that should be written otherwise, in their order.

    >>> traditional_only_characters("雲南制造业")
    ['雲']
    """
    simplified = to_simplified(text)
    if len(simplified) != len(text):
        return [c for c in text if is_traditional_only(c)]
    return [
        old
        for old, new in zip(text, simplified, strict=True)
        if old != new and (old not in _TRADITIONAL_IN_BOTH or old in "乾徵於")
    ]


@cache
def _converter(configuration: str) -> Any:
    """Make an OpenCC converter once; importing OpenCC and its dictionaries takes some 60 ms."""
    from opencc import OpenCC

    return OpenCC(configuration)
