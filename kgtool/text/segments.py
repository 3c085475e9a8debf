"""A text as numbered paragraphs and sentences, each with its range of characters.

Every line that is not empty is a paragraph. A line ends a sentence after each run of ``。！？`` and the closing quotes
and brackets that follow it; what is left of the line is a sentence too. Ranges count code points of the whole text, the
end excluded, and leave out white space at both ends of a line. ASCII ``;`` and ``,`` end nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from kgtool.errors import DataError
from kgtool.text.scripts import simplify_keeping_length

__all__ = ["Segment", "digest", "read_text", "segment", "simplified_digest"]

_SENTENCE = re.compile("[^。！？]*[。！？]+[”’」』》）)]*|[^。！？]+")

#: Encodings a Chinese text is likely to be in when it is not UTF-8, the stricter first.
_OTHER_ENCODINGS = ("utf-16", "big5", "gb18030")

#: The commonest characters of Chinese prose in both scripts: a wrong decoding yields rare ones instead.
_COMMON = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動业業"
)


class Segment(NamedTuple):
    """A sentence: its number and its paragraph's (from 1), its range, its text."""

    number: int
    paragraph: int
    start: int
    end: int
    text: str


def segment(text: str) -> list[Segment]:
    """Divide a text into sentences.

    >>> [(s.number, s.paragraph, s.start, s.end, s.text) for s in segment("标题\\n\\n一。“二！”三")]
    [(1, 1, 0, 2, '标题'), (2, 2, 4, 6, '一。'), (3, 2, 6, 10, '“二！”'), (4, 2, 10, 11, '三')]
    """
    segments: list[Segment] = []
    paragraph = offset = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            paragraph += 1
            begin = offset + line.index(stripped)
            for match in _SENTENCE.finditer(stripped):
                start, end = begin + match.start(), begin + match.end()
                segments.append(Segment(len(segments) + 1, paragraph, start, end, match.group()))
        offset += len(line) + 1
    return segments


def read_text(path: str | os.PathLike[str]) -> str:
    """Read a text: UTF-8, with or without a byte order mark; CR LF and CR become LF.

    :raises DataError: if there is no such file, or it is not UTF-8; says where, and which encoding it seems to be in.
    """
    try:
        raw = Path(path).read_bytes()
    except FileNotFoundError as exc:
        raise DataError("no such file", file=path, hint="give the file that holds the article's text") from exc
    except OSError as exc:
        raise DataError(f"cannot read it: {exc.strerror}", file=path, hint="give a text file in UTF-8") from exc
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        # A decoder that skips a byte order mark counts from behind it.
        offset = exc.start + (len(raw) - len(exc.object))
        guess = _guess_encoding(raw)
        seems = f" (it looks like {guess})" if guess else ""
        source = guess or "ENCODING"
        raise DataError(
            f"not UTF-8: byte {offset} cannot be decoded{seems}",
            file=path,
            line=raw.count(b"\n", 0, offset) + 1,
            hint=f"convert it, for example with 'iconv -f {source} -t UTF-8 {quote(Path(path).name)} > utf8.txt'",
        ) from exc
    return text.replace("\r\n", "\n").replace("\r", "\n")


def digest(text: str) -> str:
    """Return the SHA-256 of a text as :func:`read_text` returns it, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def simplified_digest(text: str) -> str:
    """Return the SHA-256 of a text folded to Simplified Chinese.

    >>> simplified_digest("雲南") == digest("云南")
    True
    """
    return digest(simplify_keeping_length(text))


def _guess_encoding(raw: bytes) -> str | None:
    """Name the encoding, other than UTF-8, that makes the most ordinary Chinese of some bytes."""
    best, most = None, 0
    for encoding in _OTHER_ENCODINGS:
        if encoding == "utf-16" and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        common = sum(c in _COMMON for c in text)
        if common > most:
            best, most = encoding.upper(), common
    return best
