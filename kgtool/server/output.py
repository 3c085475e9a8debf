"""Where a worker's engine writes an answer: it counts, compresses and sends what it is given.

The engine writes bytes and no Python object is made of a row, so rows are counted in the bytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any

from kgtool.server.errors import refuse
from kgtool.server.frames import DATA, END, HEAD, Head, encode, frame, whole_frame

__all__ = ["FIRST", "Output", "row_counter"]

#: Bytes that are held back: an answer that fits is sent as one, with its length, or as an error instead.
FIRST = 65536

_GZIP = 16 + zlib.MAX_WBITS


class Output:
    """The stream that an engine writes to.

    :param send: called with frames.
    :param gzip_from: from how many bytes on the answer is compressed; ``None`` is never.
    """

    def __init__(
        self,
        send: Callable[[bytes], object],
        head: Head,
        *,
        max_rows: int,
        max_bytes: int,
        rows: str,
        gzip_from: int | None = None,
    ) -> None:
        self._send = send
        self._head = head
        self._held: list[bytes] = []
        self._size = 0
        self._total = 0
        self._begun = False
        self._gzip_from = gzip_from
        self._compress: Any = None
        self._count = row_counter(rows) if max_rows else None
        self._rows = 0
        self._max_rows = max_rows
        self._max_bytes = max_bytes

    def write(self, data: bytes) -> int:
        """Take some bytes.

        :raises RefusedError: if the answer is larger than it may be.
        """
        self._total += len(data)
        if self._max_bytes and self._total > self._max_bytes:
            raise refuse(
                "answer-too-large",
                f"the answer is larger than {self._max_bytes} bytes",
                hint="ask for less: LIMIT, fewer variables, or a count",
            )
        if self._count is not None:
            self._rows += self._count(data)
            if self._rows > self._max_rows:
                raise refuse(
                    "answer-too-large",
                    f"the answer has more than {self._max_rows} rows",
                    hint="ask for less: LIMIT, or a count",
                )
        self._held.append(data)
        self._size += len(data)
        if self._size >= FIRST:
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is held goes out when it is enough, or all."""

    def finish(self) -> None:
        """Send what is left."""
        if self._begun:
            self._pass_on(last=True)
            self._send(frame(END))
            return
        body = b"".join(self._held)
        head = self._head
        if self._gzip_from is not None and len(body) >= self._gzip_from:
            compress = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
            body = compress.compress(body) + compress.flush()
            head = head._replace(gzip=True)
        self._send(whole_frame(head, body))

    def _pass_on(self, *, last: bool = False) -> None:
        data = b"".join(self._held)
        self._held.clear()
        self._size = 0
        if not self._begun:
            self._begun = True
            if self._gzip_from is not None:
                self._compress = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
            self._send(frame(HEAD, encode(self._head._replace(gzip=self._compress is not None))))
        if self._compress is not None:
            data = self._compress.compress(data) + (self._compress.flush() if last else b"")
        if data:
            self._send(frame(DATA, data))


def row_counter(format_name: str) -> Callable[[bytes], int] | None:
    """Return what counts the rows in an answer's bytes, piece by piece; ``None`` for formats that have no rows.

    >>> count = row_counter("csv")
    >>> [count(piece) for piece in (b"a,b\\r\\n1,", b'"two\\nlines"\\r\\n')]
    [0, 1]
    """
    counters: dict[str, Callable[[], Callable[[bytes], int]]] = {
        "csv": _csv_counter,
        "tsv": _tsv_counter,
        "xml": _xml_counter,
        "json": _json_counter,
    }
    return counters[format_name]() if format_name in counters else None


def _csv_counter() -> Callable[[bytes], int]:
    quoted = False
    rows = -1  # the header is none

    def count(data: bytes) -> int:
        nonlocal quoted, rows
        pieces = data.split(b'"')
        lines = sum(piece.count(b"\n") for piece in pieces[quoted::2])
        quoted ^= len(pieces) % 2 == 0
        before, rows = max(rows, 0), rows + lines
        return max(rows, 0) - before

    return count


def _tsv_counter() -> Callable[[bytes], int]:
    rows = -1

    def count(data: bytes) -> int:
        nonlocal rows
        before, rows = max(rows, 0), rows + data.count(b"\n")
        return max(rows, 0) - before

    return count


def _xml_counter() -> Callable[[bytes], int]:
    mark = b"<result>"
    tail = b""

    def count(data: bytes) -> int:
        nonlocal tail
        data = tail + data
        tail = data[-(len(mark) - 1) :]
        return data.count(mark)

    return count


#: Between two rows of JSON, outside strings; the first may end in an escaped quotation mark that is a string's own.
_BETWEEN = b'"}},{'
_BETWEEN_EXACTLY = re.compile(rb'(?<!\\)(?:\\\\)*"\}\},\{')


def _json_counter() -> Callable[[bytes], int]:
    carried = b""
    begun = False

    def count(data: bytes) -> int:
        nonlocal carried, begun
        data = carried + data
        # A mark that is cut off here begins with these characters, and so do the backslashes before it.
        whole = data.rstrip(b'\\"},')
        carried = data[len(whole) :]
        rows = whole.count(_BETWEEN)
        if rows and b"\\" + _BETWEEN in whole:
            rows = len(_BETWEEN_EXACTLY.findall(whole))
        if rows and not begun:
            begun = True
            rows += 1  # what stands between two rows is first seen after the first
        return rows

    return count
