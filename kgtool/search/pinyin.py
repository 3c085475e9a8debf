"""Chinese names by how they sound: syllables where an index is made, and a query's letters split into syllables.

https://pypi.org/project/pypinyin/
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

__all__ = ["initials", "misspellings", "split_syllables", "syllables_of"]

#: Characters of names that dictionaries read otherwise than places and firms do, with the other reading.
_ALSO_READ = {
    "长": ("zhang", "chang"),
    "重": ("zhong", "chong"),
    "乐": ("le", "yue"),
    "行": ("xing", "hang"),
    "都": ("dou", "du"),
    "朝": ("chao", "zhao"),
    "会": ("hui", "kuai"),
    "大": ("dai", "da"),
    "石": ("dan", "shi"),
    "六": ("liu", "lu"),
    "厦": ("sha", "xia"),
    "蔚": ("wei", "yu"),
    "单": ("dan", "shan"),
    "曾": ("ceng", "zeng"),
    "调": ("diao", "tiao"),
    "率": ("shuai", "lv"),
}

#: A name's readings beyond which no other is kept, and how a query may be split.
_MOST_READINGS = 3
_MOST_SPLITS = 6


def syllables_of(folded: str) -> list[tuple[str, ...]]:
    """Return the readings of a Simplified name as syllables, the usual one first; other words in it stay as they are.

    >>> syllables_of("长水3d园")
    [('zhang', 'shui', '3d', 'yuan'), ('chang', 'shui', '3d', 'yuan')]
    """
    from pypinyin import lazy_pinyin

    from kgtool.search.folding import is_unspaced, runs

    usual: list[str] = []
    places: list[tuple[int, str]] = []
    for run in runs(folded):
        if not is_unspaced(run):
            usual.append(run)
            continue
        for character, syllable in zip(run, lazy_pinyin(run, errors=_unread), strict=True):
            if syllable in _ALSO_READ.get(character, ()):
                other = next(one for one in _ALSO_READ[character] if one != syllable)
                places.append((len(usual), other))
            usual.append(syllable)
    readings = [tuple(usual)]
    for place, other in places[: _MOST_READINGS - 1]:
        readings.append((*usual[:place], other, *usual[place + 1 :]))
    return readings


def _unread(characters: str) -> Any:
    """Return characters without a reading as they are, one by one: what is annotated as a text may be a list."""
    return list(characters)


def initials(syllables: tuple[str, ...]) -> str:
    """Return the first letters of syllables.

    >>> initials(("gao", "xin", "qu"))
    'gxq'
    """
    return "".join(syllable[0] for syllable in syllables)


def split_syllables(letters: str, known: Collection[str]) -> list[tuple[str, ...]]:
    """Split letters into syllables, the last of which may be the beginning of one; in every way, up to a few.

    :param known: the syllables there are.

    >>> split_syllables("xianq", {"xi", "an", "xian", "qu"})
    [('xian', 'q'), ('xi', 'an', 'q')]
    """
    beginnings = {syllable[:length] for syllable in known for length in range(1, len(syllable) + 1)}
    longest = max(map(len, known), default=0)

    def splits(start: int) -> Iterator[tuple[str, ...]]:
        rest = letters[start:]
        for length in range(min(longest, len(rest)), 0, -1):
            if rest[:length] in known:
                if length == len(rest):
                    yield (rest,)
                else:
                    for others in splits(start + length):
                        yield (rest[:length], *others)
            elif length == len(rest) and rest in beginnings:
                yield (rest,)

    found: list[tuple[str, ...]] = []
    for split in splits(0):
        found.append(split)
        if len(found) == _MOST_SPLITS:
            break
    return found


def misspellings(letters: str) -> list[str]:
    """Return what letters that sound like no name may have been meant as.

    One letter too many, two swapped, and the confusions of the south: z for zh, n for ng.

    >>> misspellings("zao")
    ['zhao', 'zo', 'za', 'azo', 'zoa', 'ao']
    """
    ends = range(len(letters))
    missing = [letters[: at + 1] + "h" + letters[at + 1 :] for at in ends if letters[at] in "zcs"]
    missing += [letters[: at + 1] + "g" + letters[at + 1 :] for at in ends if letters[at] == "n"]
    fewer = [letters[:at] + letters[at + 1 :] for at in [*ends[1:], *ends[:1]]]
    swapped = [letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :] for at in ends[:-1]]
    return list(dict.fromkeys([*missing, *fewer[:-1], *swapped, *fewer[-1:]]))
