"""How far apart two spellings are, and the keys by which those that differ in one character find each other."""

from __future__ import annotations

import itertools
from zlib import crc32

__all__ = ["deletions", "differ_by_one", "key_of", "pairs_of"]


def deletions(text: str) -> list[str]:
    """Return what is left of a text when any one of its characters is left out.

    Two texts that differ in one character, left out, added, replaced or swapped with its neighbour, share one of these
    or are one of the other's.

    >>> deletions("开发区")
    ['发区', '开区', '开发']
    """
    return list(dict.fromkeys(text[:place] + text[place + 1 :] for place in range(len(text))))


def key_of(text: str) -> int:
    """Return a number for a text: short, and the same in every process."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def differ_by_one(one: str, other: str) -> bool:
    """Say whether one character left out, added, replaced or swapped with its neighbour makes one text of another.

    >>> [differ_by_one("高新区", other) for other in ("高区", "高新园区", "高兴区", "新高区", "高新区", "区高新")]
    [True, True, True, True, False, False]
    """
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[start : start + 2] == other[start : start + 2][::-1]
    return one[start + 1 :] == other[start + 1 :] or (swapped and one[start + 2 :] == other[start + 2 :])


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbours in a text; where it begins and where it ends count as one.

    >>> sorted(pairs_of("园区"))
    ['\\x00园', '区\\x00', '园区']
    """
    marked = f"\0{text}\0"
    return frozenset(map("".join, itertools.pairwise(marked)))
