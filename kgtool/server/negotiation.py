"""Which format and coding a client wants: ``Accept`` and ``Accept-Encoding`` against what an answer can have.

https://www.rfc-editor.org/rfc/rfc9110#name-content-negotiation
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from kgtool.formats import FORMATS, Format, Kind
from kgtool.server.errors import refuse

__all__ = ["Choice", "choose", "format_of_suffix", "formats_of", "gzip_from", "prefers_html"]

#: Formats by kind of answer, the ones most welcome first: those that an engine writes, then those for people.
_OFFERED: dict[Kind, tuple[str, ...]] = {
    "select": ("json", "xml", "csv", "tsv", "markdown", "table"),
    "ask": ("json", "xml", "csv", "tsv", "markdown", "table"),
    "graph": ("turtle", "jsonld", "ntriples", "rdfxml", "trig", "nquads"),
}

#: Media types that are text and say so.
_TEXT = ("text/",)

#: How deep into a header it is worth looking.
_MOST_RANGES = 1000

#: Answers below this are not worth compressing.
_COMPRESSED_FROM = 1024


class Choice(NamedTuple):
    """A format, under the media type it was asked for."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith(_TEXT) else self.media_type


class _Range(NamedTuple):
    type: str
    subtype: str
    quality: float


@cache
def formats_of(kind: Kind) -> tuple[Format, ...]:
    """Return the formats an answer can have over HTTP, the most welcome first."""
    return tuple(FORMATS[name] for name in _OFFERED[kind])


@lru_cache(maxsize=1024)
def format_of_suffix(name: str) -> tuple[str, Format | None]:
    """Split a name from the format that its suffix means, if it means one.

    >>> name, form = format_of_suffix("rankings.csv")
    >>> name, form.name
    ('rankings', 'csv')
    """
    stem, dot, suffix = name.rpartition(".")
    for kind in ("select", "graph"):
        for form in formats_of(kind):
            if stem and f"{dot}{suffix}" in form.extensions:
                return stem, form
    return name, None


@lru_cache(maxsize=256)
def choose(accept: str, offered: tuple[Format, ...]) -> Choice:
    """Choose the format that a client likes best; among equals the more exactly named one, then the first offered.

    :param accept: the header; an empty one accepts everything.
    :raises RefusedError: if nothing offered is acceptable.

    >>> choose("text/html, text/*;q=0.5, text/csv;q=0.4", formats_of("select")).media_type
    'text/tab-separated-values'
    """
    if not accept.strip():
        return Choice(offered[0], offered[0].media_types[0])
    ranges = _ranges(accept)
    best: tuple[float, int] = (0.0, 0)
    chosen = None
    for form in offered:
        for media_type in form.media_types:
            liked = _liked(media_type, ranges)
            if liked[0] > 0 and liked > best:
                best, chosen = liked, Choice(form, media_type)
    if chosen is None:
        types = ", ".join(form.media_types[0] for form in offered)
        raise refuse("not-acceptable", f"nothing here is '{_shortened(accept)}'", hint=f"accept {types}")
    return chosen


def prefers_html(accept: str) -> bool:
    """Say whether a client is a browser that wants a page.

    >>> prefers_html("text/html,application/xml;q=0.9,*/*;q=0.8"), prefers_html("*/*"), prefers_html("text/turtle")
    (True, False, False)
    """
    ranges = _ranges(accept)
    html = next((one.quality for one in ranges if (one.type, one.subtype) == ("text", "html")), 0.0)
    return html > 0 and html >= max(one.quality for one in ranges)


@lru_cache(maxsize=256)
def gzip_from(accepted: str) -> int | None:
    """Return from how many bytes on an answer is compressed by ``Accept-Encoding``; ``None`` is never.

    :raises RefusedError: if the client takes it neither compressed nor as it is.

    >>> gzip_from("br, gzip"), gzip_from("gzip;q=0, *"), gzip_from("gzip, identity;q=0")
    (1024, None, 0)
    """
    qualities = {}
    for part in accepted.lower().split(",")[:_MOST_RANGES]:
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        qualities[coding.removeprefix("x-")] = _quality(parameters)
    rest = qualities.get("*")
    gzip = qualities.get("gzip", rest or 0.0)
    if qualities.get("identity", rest) == 0:
        if not gzip:
            raise refuse("not-acceptable", f"no coding of '{_shortened(accepted)}' can be had", hint="accept gzip")
        return 0
    return _COMPRESSED_FROM if gzip and gzip >= qualities.get("identity", 0.0) else None


def _ranges(accept: str) -> tuple[_Range, ...]:
    ranges = []
    for part in accept.split(",")[:_MOST_RANGES]:
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        kind, slash, subtype = media_range.partition("/")
        if media_range == "*":
            kind, slash, subtype = "*", "/", "*"
        if slash:
            ranges.append(_Range(kind, subtype, _quality(parameters)))
    return tuple(ranges)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                number = float(value)
            except ValueError:
                return 0.0
            return number if 0 <= number <= 1 else 0.0
    return 1.0


def _liked(media_type: str, ranges: Iterable[_Range]) -> tuple[float, int]:
    """Return the quality of the most specific range that a media type is in, and how specific that is."""
    kind, _, subtype = media_type.partition("/")
    best = (0, 0.0)
    for one in ranges:
        if (one.type, one.subtype) == (kind, subtype):
            specific = 3
        elif (one.type, one.subtype) == (kind, "*"):
            specific = 2
        elif (one.type, one.subtype) == ("*", "*"):
            specific = 1
        else:
            continue
        best = max(best, (specific, one.quality), key=lambda found: found[0])
    return best[1], best[0]


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
