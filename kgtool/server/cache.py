"""Small complete answers, kept to be given again: the graph does not change while it is served."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

__all__ = ["Cache", "Kept"]


class Kept(NamedTuple):
    """An answer: its headers and its body."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


#: What an entry takes beside its body: about that much.
_OVERHEAD = 1000


class Cache:
    """Answers by key, those not asked for longest dropped first.

    :param most: bytes of everything that is kept; 0 keeps nothing.

    >>> cache = Cache(3000)
    >>> for key in "abcc":
    ...     cache.put(key, Kept((), b"."))
    >>> [key for key in "abc" if cache.get(key)]
    ['b', 'c']
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[object, Kept] = OrderedDict()

    def get(self, key: object) -> Kept | None:
        """Return an answer, if it is there."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: object, answer: Kept) -> None:
        """Keep an answer."""
        if key in self._kept:
            self._size -= _size(self._kept.pop(key))
        self._kept[key] = answer
        self._size += _size(answer)
        while self._size > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._size -= _size(dropped)


def _size(answer: Kept) -> int:
    return len(answer.body) + _OVERHEAD
