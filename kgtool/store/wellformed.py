"""XML as an engine writes it, made well-formed: the engine passes on characters that XML cannot hold.

https://www.w3.org/TR/xml/#charsets
"""

# No "from __future__ import annotations" here: this is on the path of a quick query.

import re
from typing import BinaryIO

__all__ = ["WellFormed"]

#: Control characters, a carriage return (a parser would make a line feed of it), U+FFFE and U+FFFF.
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]")


class WellFormed:
    """A stream to write XML to.

    A control character is replaced by its picture (U+0007 by ␇), a noncharacter by U+FFFD, a carriage return by a
    reference to it.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        #: The beginning of a character whose end has not come yet.
        self._held = b""

    def write(self, data: bytes) -> int:
        """Write a piece of XML in UTF-8, which may end inside a character."""
        whole = self._held + bytes(data)
        cut = next((size for size in (2, 1) if whole.endswith(b"\xef\xbf"[:size])), 0)
        self._held = whole[len(whole) - cut :]
        self._stream.write(_FORBIDDEN.sub(_replaced, whole[: len(whole) - cut]))
        return len(data)

    def flush(self) -> None:
        """Do nothing: the stream is flushed by whoever opened it."""


def _replaced(match: re.Match[bytes]) -> bytes:
    found = match[0]
    if found == b"\r":
        return b"&#xD;"
    return chr(0xFFFD if len(found) > 1 else 0x2400 + found[0]).encode()
