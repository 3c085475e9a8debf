"""Small complete answers, kept to be given again: the graph does not change while it is served."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

__all__ = ["Cache", "Kept", "words_of"]

_Headers = list[tuple[bytes, bytes]]


class Kept(NamedTuple):
    """An answer.

    :param route: the route it was given by, for counting.
    :param head: its headers; for an answer to a URL, those of the server too, as the lines they are sent as.
    """

    route: str
    head: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


#: What an entry takes beside its body: about that much.
_OVERHEAD = 2000
#: A longer URL is not asked twice.
_LONGEST = 8192

#: Headers that make a request one of its own.
_SPECIAL = frozenset((b"if-none-match", b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"range"))


class Cache:
    """Answers by key, those not asked for longest dropped first.

    :param most: bytes of everything that is kept; 0 keeps nothing.

    >>> cache = Cache(5000)
    >>> for key in "abcc":
    ...     cache.put(key, Kept("/", b"", (), b"."))
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


def words_of(target: bytes, headers: _Headers) -> tuple[bytes, ...] | None:
    """Return everything that the answer to a GET depends on; ``None`` if it wants more than to be answered.

    >>> words_of(b"/x?y", [(b"host", b"a"), (b"user-agent", b"b"), (b"accept", b"text/csv")])
    (b'/x?y', b'a', b'text/csv', b'', b'')
    """
    host = accept = coding = language = b""
    for name, value in headers:
        if name == b"host":
            host += value
        elif name == b"accept":
            accept += value
        elif name == b"accept-encoding":
            coding += value
        elif name == b"accept-language":
            language += value
        elif name in _SPECIAL:
            return None
    return (target, host, accept, coding, language) if len(target) <= _LONGEST else None


def _size(answer: Kept) -> int:
    return len(answer.body) + _OVERHEAD
