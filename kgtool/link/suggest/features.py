"""What is compared of a record: one row for each of its names, and the keys by which rows find each other.

Folding and pinyin need dictionaries that no database has, so that they are done here, once per record; the databases
compare the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from kgtool.link.suggest.records import Record
from kgtool.search.folding import bare, words
from kgtool.search.folding import fold as fold_with
from kgtool.search.pinyin import syllables_of
from kgtool.text.scripts import simplified_characters

__all__ = ["Row", "features", "place_name", "readings_of"]


def _spelled(words_: str) -> tuple[str, ...]:
    return tuple(words_.split())


#: What Chinese names end in that says what kind of thing it is; the longest first.
_TAILS = _spelled(
    """壮族自治区 回族自治区 维吾尔自治区 自治区 特别行政区 自治州 自治县 自治旗 地区 林区 矿区
    经济技术开发区 高新技术产业开发区 经济开发区 技术开发区 产业开发区 开发区
    产业园区 工业园区 科技园区 产业园 工业园 园区
    街道办事处 街道办 街道 民族乡 苏木 办事处 口岸 新区 盟 旗 省 市 县 区 镇 乡 村 产业集群 产业链 产业 行业 工业"""
)
#: Of those, the ones that say the same; a town, a township and a sub-district of one name are three.
_SAME_TAILS = {
    **dict.fromkeys(("街道办事处", "街道办", "办事处", "地区"), "街道"),
    **dict.fromkeys(("产业园区", "工业园区", "科技园区", "产业园", "工业园"), "园区"),
    **dict.fromkeys(("经济开发区", "技术开发区", "产业开发区"), "开发区"),
    "民族乡": "乡",
}
#: The office of a zone goes by the zone's name.
_OFFICES = ("管理委员会", "管委会")
#: Peoples that a self-governing area is named after: 石林彝族自治县 is 石林.
_PEOPLES = re.compile(
    "(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|"
    "塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺)族|蒙古|各族)+$"
)
#: Names of countries for which others give the code.
_COUNTRIES = dict.fromkeys(
    ("中国", "中华人民共和国", "china", "people's republic of china", "peoples republic of china"), "cn"
)
#: English words that say no more than what kind of thing it is.
_LATIN_TAILS = frozenset(
    _spelled("province city county district town township prefecture sheng shi xian qu zhen xiang autonomous")
)
_EMPTY_WORDS = frozenset(_spelled("the of and in for a an"))
#: Names in other scripts than Chinese and Latin are not compared.
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile("[a-z0-9]", re.IGNORECASE)
#: The characters of a name from which on it is found by its ends alone, and may differ in more than one.
_LONG = 5


class Row(NamedTuple):
    """One name of a record, with what is known of the record: a row of the table that is compared.

    :param name: the name folded: script, width, case do not count.
    :param core: the name without what says which kind of thing it is.
    :param tail: what was left out.
    :param bag: the words of a Latin name, singular and sorted.
    :param sound: the letters of its core: pinyin of a Chinese one.
    :param chinese: whether the record, not only this name, has Chinese names.
    :param keys: what two rows share that are compared at all.
    """

    chinese: bool
    parent: str
    parents: list[str]
    country: str
    kind: str
    codes: list[str]
    schemes: list[str]
    name: str = ""
    standing: str = "label"
    script: str = ""
    core: str = ""
    tail: str = ""
    bag: str = ""
    sound: str = ""
    words: Sequence[str] = ()
    keys: Sequence[str] = ()


#: How many columns say something of the record and not of the name; they come first.
_SHARED = Row._fields.index("name")


class _Parts(NamedTuple):
    """What a name is made of: see :class:`Row`."""

    script: str
    core: str
    tail: str = ""
    bag: str = ""
    sound: str = ""
    words: Sequence[str] = ()


def features(record: Record, *, readings: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Return the rows of a record, one for each name that differs from the others.

    :param readings: Chinese names of places by how they sound: what parents in Latin letters are taken for.
    """
    folded: dict[str, bool] = {}
    for name in record.names:
        if not (name.text.isascii() or _HAN.search(name.text) or _LATIN.search(name.text)):
            continue
        text = fold(name.text)
        if text and (text not in folded or (folded[text] and not name.alias)):
            folded[text] = name.alias
    chinese = any(map(_is_chinese, folded))
    parents = list(dict.fromkeys(filter(None, map(place_name, record.parents))))
    if readings:
        parents = [readings.get(one, one) for one in parents]
    shared = Row(
        chinese=chinese,
        parent=parents[0] if parents else "",
        parents=parents,
        country=_COUNTRIES.get(fold(record.country), fold(record.country)),
        kind=record.kind,
        codes=[f"{code.scheme}:{code.value}" for code in record.codes],
        schemes=sorted({code.scheme for code in record.codes}),
    )
    for text, alias in folded.items():
        parts = _parts(text)
        row = Row(*shared[:_SHARED], bare(text), "alias" if alias else "label", *parts)
        yield row._replace(keys=_keys(row))


@lru_cache(maxsize=100_000)
def place_name(name: str) -> str:
    """Return what is left of the name of an area without its kind: 宜良县, 宜良 and Yiliang County are three of one.

    >>> place_name("石林彝族自治县"), place_name("Yunnan Sheng"), place_name("区")
    ('石林', 'yunnan', '区')
    """
    text = fold(name)
    return _parts(text).core


def _parts(text: str) -> _Parts:
    return _chinese_parts(text) if _is_chinese(text) else _latin_parts(text)


def readings_of(records: Iterable[Record]) -> dict[str, str]:
    """Return the Chinese names of the places that records lie in, by how they sound, where no two sound alike.

    >>> readings_of([Record("a", (), ("云南省", "昆明市"))])
    {'yunnan': '云南', 'kunming': '昆明'}
    """
    found: dict[str, set[str]] = {}
    for name in dict.fromkeys(parent for record in records for parent in record.parents):
        core = place_name(name)
        if _is_chinese(core):
            found.setdefault(_sound(core), set()).add(core)
    return {sound: cores.pop() for sound, cores in found.items() if sound and len(cores) == 1}


def fold(name: str) -> str:
    """Reduce a name to what its spellings share, by single characters: quick enough for a dump.

    >>> fold("雲南省"), fold("Réunion")
    ('云南省', 'reunion')
    """
    return fold_with(name, _characters())


@cache
def _characters() -> dict[int, str]:
    return str.maketrans(simplified_characters())


def _is_chinese(folded: str) -> bool:
    return _HAN.search(folded) is not None


@lru_cache(maxsize=100_000)
def _split(name: str) -> tuple[str, str]:
    """Split a Chinese name into core and tail; a core has two characters at least, or the name is too short for one.

    >>> _split("安宁市"), _split("红河哈尼族彝族自治州"), _split("安宁工业园区"), _split("中国")
    (('安宁', '市'), ('红河', '自治州'), ('安宁', '园区'), ('中国', ''))
    """
    for office in _OFFICES:
        name = name.removesuffix(office) or name
    for tail in () if name in _TAILS else _TAILS:
        if name.endswith(tail) and len(name) >= len(tail) + 2:
            core = name.removesuffix(tail)
            return _PEOPLES.sub("", core) or core, _SAME_TAILS.get(tail, tail)
    return name, ""


def _chinese_parts(text: str) -> _Parts:
    name = bare(text)
    core, tail = _split(name)
    return _Parts("han", core, tail, sound=_sound(core))


@lru_cache(maxsize=100_000)
def _sound(core: str) -> str:
    """Return the usual reading of a Chinese name, as one word."""
    letters = "".join(syllables_of(core)[0])
    return letters if letters.isascii() else ""


def _latin_parts(text: str) -> _Parts:
    every = [word for word in words(text) if word not in _EMPTY_WORDS]
    if len(every) == 1:
        (word,) = every
        bag = _singular(word)
        return _Parts("latin", word, bag=bag, sound=word, words=[bag])
    own = [word for word in every if word not in _LATIN_TAILS] or every
    bag = sorted({_singular(word) for word in own})
    core = "".join(own)
    return _Parts("latin", core, bag=" ".join(bag), sound=core, words=bag)


def _singular(word: str) -> str:
    """Take the mark of the plural off an English word.

    >>> _singular("industries"), _singular("materials"), _singular("glass")
    ('industry', 'material', 'glass')
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _keys(row: Row) -> list[str]:
    """Return what a row is found by: its name, core, sound; its place with either end of its core; words; codes."""
    keys = [f"n:{row.name}", *(f"k:{code}" for code in row.codes)]
    if row.core:
        keys.append(f"c:{row.core}")
    if row.sound:
        keys.append(f"s:{row.sound}")
    if row.script == "han":
        if row.parent:
            keys += [f"p:{row.parent}:{row.core[0]}", f"q:{row.parent}:{row.core[-1]}"]
        if len(row.name) >= _LONG:
            keys.append(f"e:{row.name[:2]}:{row.name[-2:]}")
    else:
        keys += [f"b:{row.bag}"] if row.bag else []
        keys += [f"w:{word}" for word in row.words if len(word) > 2]
    return list(dict.fromkeys(keys))
