"""Chinese names by how they sound: syllables where an index is made, and a query's letters split into syllables.

https://pypi.org/project/pypinyin/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from kgtool.search.folding import is_unspaced, runs

__all__ = ["Syllabary", "initials", "misspellings", "readings_of", "syllables_of"]

#: Characters of names that dictionaries read otherwise than places and firms do, with both readings.
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

#: A name's readings beyond which no other is kept, ways to split a query, and letters beyond which it is not split.
_MOST_READINGS = 3
_MOST_SPLITS = 6
_MOST_LETTERS = 48


def syllables_of(folded: str) -> list[tuple[str, ...]]:
    """Return the readings of a Simplified name as syllables, the usual one first; other words in it stay as they are.

    >>> syllables_of("长水3d园")
    [('zhang', 'shui', '3d', 'yuan'), ('chang', 'shui', '3d', 'yuan')]
    """
    return readings_of(runs(folded))


def readings_of(split: Iterable[str]) -> list[tuple[str, ...]]:
    """Return what :func:`syllables_of` does, of a folded name that is split already.

    :param split: its runs.
    """
    usual: list[str] = []
    others: list[tuple[int, str]] = []
    for run in split:
        if not is_unspaced(run):
            usual.append(run)
            continue
        for phrase in _phrases(run):
            syllables, otherwise = _read(phrase)
            others += [(len(usual) + place, other) for place, other in otherwise]
            usual += syllables
    found = [tuple(usual)]
    for place, other in others[: _MOST_READINGS - 1]:
        found.append((*usual[:place], other, *usual[place + 1 :]))
    return found


def _phrases(run: str) -> Iterator[str]:
    """Split a run into phrases of pypinyin's own, as its ``mmseg.seg.cut`` does in twice the time: always the longest.

    >>> list(_phrases("重庆长寿区"))
    ['重庆', '长寿', '区']
    """
    from pypinyin.constants import PHRASES_DICT
    from pypinyin.seg.mmseg import p_set

    start, length = 0, len(run)
    while start < length:
        end, tried = start + 1, start + 1
        while tried <= length and (part := run[start:tried]) in p_set:  # which holds every beginning of a phrase
            if part in PHRASES_DICT:
                end = tried
            tried += 1
        if tried > length and end == start + 1:
            yield from run[start:]
            return
        yield run[start:end]
        start = end


@lru_cache(maxsize=20_000)
def _read(phrase: str) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    """Read a phrase syllable by syllable; return also what is read otherwise in names: where, and how.

    A character that has no reading stays as it is.
    """
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(phrase, errors="ignore")
    if len(syllables) != len(phrase):
        syllables = [next(iter(lazy_pinyin(character)), character) for character in phrase]
    others = []
    for place, (character, syllable) in enumerate(zip(phrase, syllables, strict=True)):
        if syllable in _ALSO_READ.get(character, ()):
            one, other = _ALSO_READ[character]
            others.append((place, other if syllable == one else one))
    return tuple(syllables), tuple(others)


def initials(syllables: Iterable[str]) -> str:
    """Return the first letters of syllables.

    >>> initials(("gao", "xin", "qu"))
    'gxq'
    """
    return "".join(syllable[0] for syllable in syllables)


class Syllabary:
    """The syllables that there are.

    >>> syllabary = Syllabary(["xi", "an", "xian", "qu"])
    >>> syllabary.split("xianq")
    [('xian', 'q'), ('xi', 'an', 'q')]
    >>> syllabary.split("xianz")
    []
    """

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)
        self._beginnings = {one[:length] for one in self.known for length in range(1, len(one) + 1)}
        self._longest = max(map(len, self.known), default=0)

    def split(self, letters: str) -> list[tuple[str, ...]]:
        """Split letters into syllables, the last of which may be cut off; in every way, up to a few."""
        if len(letters) > _MOST_LETTERS:
            return []
        # Where the rest can be split, from the end: so that no way is followed that leads nowhere.
        ends = {len(letters)}
        for start in range(len(letters) - 1, -1, -1):
            if any(start + len(one) in ends for one in self._starting(letters, start)):
                ends.add(start)

        def ways(start: int) -> Iterator[tuple[str, ...]]:
            for one in self._starting(letters, start):
                if start + len(one) == len(letters):
                    yield (one,)
                elif start + len(one) in ends:
                    for others in ways(start + len(one)):
                        yield (one, *others)

        return [way for way, _ in zip(ways(0), range(_MOST_SPLITS), strict=False)]

    def _starting(self, letters: str, start: int) -> list[str]:
        """Return the syllables that letters go on with, the longest first; at the end, the beginning of one too."""
        rest = letters[start : start + self._longest]
        found = [rest[:length] for length in range(len(rest), 0, -1) if rest[:length] in self.known]
        if start + len(rest) == len(letters) and rest in self._beginnings and rest not in self.known:
            found.insert(0, rest)
        return found


def misspellings(letters: str) -> list[str]:
    """Return what letters that sound like no name may have been meant as.

    The confusions of the south, z for zh and n for ng; one letter too many; two swapped.

    >>> misspellings("zan")
    ['zhan', 'zang', 'an', 'zn', 'za', 'azn', 'zna']
    """
    places = range(len(letters))
    missing = [letters[: at + 1] + "h" + letters[at + 1 :] for at in places if letters[at] in "zcs"]
    missing += [letters[: at + 1] + "g" + letters[at + 1 :] for at in places if letters[at] == "n"]
    fewer = [letters[:at] + letters[at + 1 :] for at in places]
    swapped = [letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :] for at in places[:-1]]
    return list(dict.fromkeys(one for one in (*missing, *fewer, *swapped) if one != letters))
