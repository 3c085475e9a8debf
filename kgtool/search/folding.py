"""What two spellings of a name share, without a dictionary at hand: not script, width, case, accents or signs.

An index keeps the table of characters it was made with, so that a question needs no OpenCC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby

from kgtool.text.scripts import fold_signs, spaced

__all__ = ["bare", "fold", "is_latin", "is_unspaced", "joined_words", "runs", "words"]

#: Scripts written without spaces, by the first and the last of their characters: their names are found by characters
#: and pairs of them. As a class of characters in an expression they would take 20 ms to compile.
_UNSPACED = (
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Myanmar
    ("\u1780", "\u17ff"),  # Khmer
    ("\u3005", "\u30ff"),  # iteration mark, kana
    ("\u3400", "\u9fff"),  # Han
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)
_WORDS = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:[-.'·&/+][^\W_]+)+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_JOINING = re.compile("[-.'·&/+]")
#: Ideographs alone: there is nothing to fold but their script.
_PLAIN = re.compile("[\u3400-\u9fff]+")
#: ASCII signs, but for quotes and tildes, with single spaces: there is nothing to fold but case.
_ASCII = re.compile("[!#-&(-}]+(?: [!#-&(-}]+)*")
#: Ideographs, those signs and their wide ones in any order: nothing in them has accents or is composed.
_EASY = re.compile("[ !#-&(-}·\u3001\u3002\u3400-\u9fff\uff01\uff03-\uff06\uff08-\uff5d]+")
#: What is split as these two expressions do: nearly every folded name.
_EASILY_SPLIT = re.compile("[\0-\x7f·\u3001\u3002\u3400-\u4dbf\u4e00-\u9fff]*")
_EASY_RUNS = re.compile("[0-9A-Za-z]+|[\u3400-\u4dbf\u4e00-\u9fff]+")


def fold(text: str, characters: Mapping[int, str]) -> str:
    """Reduce a name to what its spellings share.

    :param characters: from characters to their Simplified counterparts, as ``str.translate`` takes them.

    >>> fold("Café ＨＩ－ＴＥＣＨ 園區", str.maketrans({"園": "园", "區": "区"}))
    'cafe hi-tech园区'
    """
    if text.isascii():
        if _ASCII.fullmatch(text):
            return text.lower()
    else:
        if _PLAIN.fullmatch(text):
            return text.translate(characters)
        if _EASY.fullmatch(text):
            text = unicodedata.normalize("NFKC", text.translate(characters)).lower()
            return spaced(text) if " " in text else text
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text.translate(characters))))
    return fold_signs(text)


def runs(folded: str) -> list[str]:
    """Split a folded name into words, and into runs of scripts that do not separate them.

    >>> runs("cafe hi-tech园区")
    ['cafe', 'hi', 'tech', '园区']
    """
    if _EASILY_SPLIT.fullmatch(folded):
        return _EASY_RUNS.findall(folded)
    found = []
    for run in _WORDS.findall(folded):
        if run.isascii() or _PLAIN.fullmatch(run):
            found.append(run)
        else:
            found += ["".join(same) for _, same in groupby(run, is_unspaced)]
    return found


def words(folded: str) -> list[str]:
    """Return the words of a folded name, and as one word those that a hyphen or the like joins.

    >>> words("kunming hi-tech zone园区")
    ['kunming', 'hi', 'tech', 'zone', 'hitech']
    """
    found = [run for run in runs(folded) if not is_unspaced(run)]
    return found + joined_words(folded) if len(found) > 1 else found


def joined_words(folded: str) -> list[str]:
    """Return as one word each what a hyphen or the like joins.

    >>> joined_words("kunming hi-tech zone园区")
    ['hitech']
    """
    if not _JOINING.search(folded):
        return []
    return [word for word in map(_joined, _JOINED.findall(folded)) if word]


@lru_cache(maxsize=20_000)
def _joined(words: str) -> str:
    """Join words; nothing if one of them is of a script without spaces."""
    one = "".join(_WORDS.findall(words))
    return "" if any(map(is_unspaced, one)) else one


def bare(folded: str) -> str:
    """Leave out all but letters, digits and Han characters; a name of nothing else stays as it is.

    >>> bare("hi-tech zone"), bare("——")
    ('hitechzone', '——')
    """
    return "".join(runs(folded)) or folded


def is_unspaced(run: str) -> bool:
    """Say whether a run, or a character, is of a script that does not separate words.

    >>> is_unspaced("园区"), is_unspaced("park")
    (True, False)
    """
    first = run[0]
    if first < "\u0e00" or "\u3400" <= first <= "\u9fff":  # nearly all
        return first >= "\u0e00"
    return any(start <= first <= end for start, end in _UNSPACED)


def is_latin(text: str) -> bool:
    """Say whether a folded text is of the letters that pinyin is written with."""
    return text.isascii() and text.isalpha()
