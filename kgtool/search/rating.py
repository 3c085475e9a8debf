"""How well a name matches: 1 for the exact one, then bands that do not overlap, within each by what is left over.

exact 1 (0.99 but for spaces and signs, 0.95 by its sound) · beginning 0.80–0.89 (by sound 0.75–0.79) · part 0.60–0.74
(by sound 0.50–0.59) · one character off 0.30–0.50 · something in common, below 0.30.
"""

from __future__ import annotations

from collections.abc import Callable

from kgtool.search.nearness import differ_by_one, pairs_of
from kgtool.search.pinyin import initials

__all__ = [
    "EXACT",
    "NEARLY_EXACT",
    "SOUND_INSIDE",
    "by_common_pairs",
    "rate_beginning",
    "rate_initials",
    "rate_one_off",
    "rate_part",
    "rate_sound",
]

EXACT, NEARLY_EXACT = 1.0, 0.99

#: The most that pinyin inside a name is worth.
SOUND_INSIDE = 0.58

#: What two of three and more initials are worth: two letters may be anything.
_FEW_INITIALS = 2


def rate_beginning(text: str, name: str) -> float:
    """Rate a text that a name begins with.

    >>> rate_beginning("安宁", "安宁市") > rate_beginning("安宁", "安宁产业园区")
    True
    """
    return _share(0.80, 0.89, text, name)


def rate_part(text: str, name: str, *, whole_words: bool) -> float:
    """Rate a text whose characters and words a name holds."""
    return _share(0.60, 0.72, text, name) + 0.02 * whole_words


def rate_one_off(text: str, name: str) -> float | None:
    """Rate a text that differs in one character from a name: it weighs less in a long one."""
    if not differ_by_one(text, name):
        return None
    longer = max(text, name, key=len)
    return _share(0.30, 0.50, longer[1:], longer)


def by_common_pairs(text: str, *, least: float) -> Callable[[str], float | None]:
    """Make what rates names by the pairs of characters that they share with a text.

    :param least: the share below which a name is not near.
    """
    pairs = pairs_of(text)

    def rate(name: str) -> float | None:
        others = pairs_of(name)
        shared = 2 * len(pairs & others) / (len(pairs) + len(others))
        return 0.3 * shared if shared >= least else None

    return rate


def rate_sound(letters: str, readings: str) -> float | None:
    """Rate letters by a name's readings: syllables with spaces between, readings with bars.

    >>> rate_sound("gaoxinqu", "gao xin qu"), rate_sound("aoxin", "gao xin qu")
    (0.95, None)
    """
    best = None
    for reading in readings.split("|"):
        written = reading.replace(" ", "")
        if written == letters:
            return 0.95
        if written.startswith(letters):
            best = _share(0.75, 0.79, letters, written)
        elif best is None and letters in written:
            syllables = reading.split(" ")
            starts = (sum(map(len, syllables[:at])) for at in range(1, len(syllables)))
            if any(written.startswith(letters, at) for at in starts):
                best = _share(0.55, SOUND_INSIDE, letters, written)
    return best


def rate_initials(letters: str, readings: str) -> float | None:
    """Rate letters by the initials of a name's readings.

    >>> rate_initials("gxq", "gao xin qu")
    0.9
    """
    best = None
    for reading in readings.split("|"):
        there = initials(filter(None, reading.split(" ")))
        if there == letters:
            return 0.90 if len(letters) > _FEW_INITIALS else 0.70
        if letters in there:
            inside = 0.0 if there.startswith(letters) else 0.05
            best = max(best or 0.0, _share(0.57, 0.59, letters, there) - inside)
    return best


def _share(least: float, most: float, part: str, whole: str) -> float:
    """Rate by how much of the one the other is."""
    shorter, longer = sorted((len(part), len(whole)))
    return least + (most - least) * shorter / max(1, longer)
