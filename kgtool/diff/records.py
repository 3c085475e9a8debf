"""Quads as lines of bytes that sort by graph, then subject: sorted and compared outside memory.

https://www.w3.org/TR/n-quads/

A record is ``graph subject predicate object`` with one space between, each as N-Quads writes it; the default graph is
nothing at all, so its records begin with the space. N-Quads escapes tabs and line breaks, so both can separate records.
"""

from __future__ import annotations

import heapq
import re
import tempfile
import weakref
from collections.abc import Iterable, Iterator

__all__ = ["Sorter", "Spool", "blank_nodes", "merge", "record_of", "without_repeats"]

#: Bytes of records that are sorted in memory at once, and what each takes besides its text.
_RUN = 64 * 2**20
_EACH = 60

#: The tokens of a record; only blank nodes are in the group.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^<>]*>|(_:[^\s<>"()]+)')


def record_of(line: bytes) -> bytes:
    r"""Turn a line of N-Quads into a record.

    >>> record_of(b'<urn:s> <urn:p> "a b"@en <urn:g> .\n')
    b'<urn:g> <urn:s> <urn:p> "a b"@en'
    """
    subject, predicate, rest = line.rstrip().removesuffix(b".").rstrip().split(b" ", 2)
    # An object that may have spaces inside ends with one of these, which no name of a graph has.
    end = max(rest.rfind(b'"'), rest.rfind(b")>>")) if rest[:1] == b'"' or rest[:2] == b"<<" else 0
    space = rest.find(b" ", end)
    if space < 0:
        return b" %b %b %b" % (subject, predicate, rest)
    return b"%b %b %b %b" % (rest[space + 1 :], subject, predicate, rest[:space])


def blank_nodes(record: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Return a record with a mark in place of each blank node, and the blank nodes in their order.

    >>> blank_nodes(b' _:a <urn:p> "_:b"')
    (b' \\x00 <urn:p> "_:b"', (b'_:a',))
    """
    if b"_:" not in record:
        return record, ()
    found: list[bytes] = []

    def note(match: re.Match[bytes]) -> bytes:
        node: bytes | None = match[1]
        if node is None:
            return match[0]
        found.append(node)
        return b"\0"

    return _TOKEN.sub(note, record), tuple(found)


class Sorter:
    """Records that are put in order: 64 MB of them in memory, the others in temporary files."""

    def __init__(self, records: Iterable[bytes] = ()) -> None:
        self._runs: list[Spool] = []
        self._run: list[bytes] = []
        self._size = 0
        for record in records:
            self.add(record)

    def add(self, record: bytes) -> None:
        """Add a record.

        :raises OSError: if a temporary file cannot be written.
        """
        self._run.append(record)
        self._size += len(record) + _EACH
        if self._size > _RUN:
            self._run.sort()
            self._runs.append(Spool(self._run))
            self._run, self._size = [], 0

    def __iter__(self) -> Iterator[bytes]:
        self._run.sort()
        return heapq.merge(*self._runs, self._run) if self._runs else iter(self._run)


def without_repeats(records: Iterable[bytes]) -> Iterator[bytes]:
    """Walk over sorted records, each once."""
    before = None
    for record in records:
        if record != before:
            yield record
        before = record


def merge(left: Iterable[bytes], right: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Walk over the records that only one of two sorted walks has: whether it is the right one, and the record.

    A record that a walk has several times counts as often.

    >>> list(merge([b"a", b"b", b"b"], [b"b", b"c"]))
    [(False, b'a'), (False, b'b'), (True, b'c')]
    """
    ours, theirs = iter(left), iter(right)
    one, other = next(ours, None), next(theirs, None)
    while one is not None and other is not None:
        if one == other:
            one, other = next(ours, None), next(theirs, None)
        elif one < other:
            yield False, one
            one = next(ours, None)
        else:
            yield True, other
            other = next(theirs, None)
    while one is not None:
        yield False, one
        one = next(ours, None)
    while other is not None:
        yield True, other
        other = next(theirs, None)


class Spool:
    """Records in a temporary file, which goes away with the object; they can be walked over one walk at a time."""

    def __init__(self, records: Iterable[bytes]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the next line)
        weakref.finalize(self, self._file.close)
        for record in records:
            self._file.write(record + b"\n")

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        for line in self._file:
            yield line[:-1]
