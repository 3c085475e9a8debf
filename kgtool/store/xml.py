"""XML that can be read again: what the engine writes without regard to what XML can hold.

https://www.w3.org/TR/xml/#charsets · measured on pyoxigraph 0.5.13: control characters and noncharacters are written as
they are, which no XML parser takes, and a carriage return as itself, which every XML parser reads as a line feed.
"""

from __future__ import annotations

import re
from typing import BinaryIO

__all__ = ["XMLStream"]

#: What is written otherwise: carriage returns, the other control characters, U+FFFE and U+FFFF.
_MENDED = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]")


class XMLStream:
    """Passes on what an engine writes: a carriage return as ``&#13;``, what XML cannot hold so that it shows.

    Control characters become their pictures (U+0007 is ␇), noncharacters the replacement character.

    >>> from io import BytesIO
    >>> whole = BytesIO()
    >>> stream = XMLStream(whole)
    >>> for piece in (b"bell \\x07, return \\r, \\xef", b"\\xbf\\xbe"):
    ...     _ = stream.write(piece)
    >>> stream.finish()
    >>> whole.getvalue().decode()
    'bell ␇, return &#13;, \ufffd'
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        size = len(data)
        data = self._held + bytes(data)
        # The beginning of a noncharacter may be the end of what is written at once.
        self._held = b""
        for tail in (b"\xef\xbf", b"\xef"):
            if data.endswith(tail):
                data, self._held = data[: -len(tail)], tail
                break
        self._stream.write(_MENDED.sub(_mended, data))
        return size

    def flush(self) -> None:
        """Pass it on."""
        self._stream.flush()

    def finish(self) -> None:
        """Write what was held back."""
        self._stream.write(self._held)
        self._held = b""


def _mended(found: re.Match[bytes]) -> bytes:
    if found[0] == b"\r":
        return b"&#13;"
    code = found[0][0]
    return chr(0x2400 + code if code < 0x20 else 0xFFFD).encode()
