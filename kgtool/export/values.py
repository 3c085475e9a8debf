"""Nodes and edges as records of plain values, and text that no format chokes on."""

from __future__ import annotations

import codecs
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from math import isfinite
from typing import BinaryIO

from kgtool.network import Edge, Network, Node, Value

__all__ = [
    "Writer",
    "digits",
    "edge_record",
    "flat",
    "in_text",
    "json_record",
    "node_record",
    "one_line",
    "repeated",
    "span",
    "visible",
]

#: Writes a network to a stream.
Writer = Callable[[Network, BinaryIO], None]

#: What stands between the values of a list where a format knows no lists.
_BETWEEN = " | "

#: Characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets), and that other formats do not expect either.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Control characters become their pictures (U+0007 is ␇), anything else the replacement character.
_PICTURES = {code: 0x2400 + code for code in range(0x20)}

#: A date, a time, a month or a year, as XML Schema writes them.
_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d)(?:-(\d\d)(?:T[\d:.]+)?)?)?(?:Z|[-+]\d\d:\d\d)?", re.ASCII)

#: The most digits of a number: beyond the reach of doubles nothing reads them.
_DIGITS = 308

#: Pieces of text that are encoded and written at once.
_BATCH = 2000


def _replace(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "\ufffd".encode() * (error.end - error.start), error.end


codecs.register_error("kgtool.visible", _replace)


def visible(text: str) -> str:
    """Replace the characters that a text file should not hold by ones that show.

    >>> visible("bell \\x07, half a pair \\ud83d")
    'bell ␇, half a pair \ufffd'
    """
    if _FORBIDDEN.search(text) is None:
        return text
    return _FORBIDDEN.sub(lambda match: chr(_PICTURES.get(ord(match[0]), 0xFFFD)), text)


def one_line(text: str) -> str:
    """Write a text on one line, as :func:`visible`: a line break becomes a space."""
    return " ".join(visible(text).split()) if any(ch in text for ch in "\t\n\r\x85\u2028\u2029") else visible(text)


def flat(value: Value) -> str:
    """Write a value as text: a list's members one after the other, nothing for nothing.

    >>> flat(("a", "b")), flat(None), flat(True), flat(Decimal("100000000"))
    ('a | b', '', 'true', '100000000')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return digits(value)
    if isinstance(value, int | float):
        return repr(value)
    return _BETWEEN.join(flat(one) for one in value)


def digits(number: Decimal) -> str:
    """Write a decimal without an exponent, unless that would fill pages.

    >>> digits(Decimal("1E+8")), digits(Decimal("1E+9999"))
    ('100000000', '1E+9999')
    """
    return format(number, "f") if abs(number.adjusted()) <= _DIGITS else str(number)


def node_record(node: Node) -> dict[str, Value]:
    """Return what a node carries beside id and label, by the names of ``NODE_KEYS``, then its own attributes.

    What is empty is left out.
    """
    labels = node.labels
    values: dict[str, Value] = {
        "iri": node.iri,
        "class": node.class_,
        "classLabel": node.class_label,
        "classes": node.classes,
        "label_zh_Hans": labels.get("zh-Hans"),
        "label_zh_Hant": labels.get("zh-Hant"),
        "label_en": labels.get("en"),
        "description": node.description,
        "links": node.links,
        "relations": node.relations,
        "degree": node.degree,
        "modality": node.modality,
        "evidence": " ".join(map(str, node.evidence)),
        "sentences": node.sentences,
        "quotes": node.quotes,
        "start": node.start,
        "end": node.end,
        "longitude": node.longitude,
        "latitude": node.latitude,
        "coordinatesOf": node.place_of,
        "coordinatesBy": node.place_by,
        "coordinatesIn": node.place_in,
    }
    values.update(node.attributes)
    return {name: value for name, value in values.items() if not _is_nothing(value)}


def edge_record(edge: Edge) -> dict[str, Value]:
    """Return what an edge carries beside id, ends and label, by the names of ``EDGE_KEYS``, without what is empty."""
    record: dict[str, Value] = {"predicate": edge.predicate, "modality": edge.modality}
    if edge.evidence:
        record["evidence"] = " ".join(map(str, edge.evidence))
    if edge.sentences:
        record["sentences"] = edge.sentences
    if edge[8:] == _PLAIN:
        return record
    more: dict[str, Value] = {
        "quotes": edge.quotes,
        "statement": edge.statement,
        "value": edge.value,
        "unit": edge.unit,
        "scale": edge.scale,
        "written": edge.written,
        "qualifier": edge.qualifier,
        "indicator": edge.indicator,
        "statistic": edge.statistic,
        "formula": edge.formula,
        "status": edge.status,
        "grantingBody": edge.granting_body,
        "batch": edge.batch,
        "rank": edge.rank,
        "rankedAmong": edge.ranked_among,
        "aspect": edge.aspect,
        "period": edge.period,
        "start": edge.start,
        "end": edge.end,
    }
    record.update((name, value) for name, value in more.items() if not _is_nothing(value))
    return record


def _is_nothing(value: Value) -> bool:
    """Say whether a value is none: empty, or a number that is not one, for which formats have no common spelling."""
    return value is None or value in ("", (), []) or (isinstance(value, float | Decimal) and not isfinite(value))


#: The fields of a direct edge after the sentences: all as they are by default.
_PLAIN = Edge("", "", "", "")[8:]


def repeated(make: Callable[[Edge], str]) -> Callable[[Edge], str]:
    """Return a function that makes a text of an edge's fields after its ends, and that of a direct edge only once.

    Of a million edges most are direct, and few differ in more than their ends: this makes exports four times as fast.
    """

    @lru_cache(maxsize=50_000)
    def direct(fields: tuple[str, str, str, tuple[int, ...], tuple[str, ...]]) -> str:
        return make(Edge("", "", "", *fields))

    def text(edge: Edge) -> str:
        return direct(edge[3:8]) if edge[8:] == _PLAIN else make(edge)

    return text


def json_record(record: Mapping[str, Value]) -> dict[str, object]:
    """Return a record of what JSON knows: a decimal as a number, a tuple as a list.

    >>> json_record({"value": Decimal("33.60"), "scale": Decimal("1E+8"), "quotes": ("a", "b")})
    {'value': 33.6, 'scale': 100000000, 'quotes': ['a', 'b']}
    """
    return {name: _json_value(value) for name, value in record.items()}


def _json_value(value: Value) -> object:
    if isinstance(value, Decimal):
        if value.adjusted() < _DIGITS and value == value.to_integral_value():
            return int(value)
        number = float(value)
        return number if isfinite(number) else str(value)
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return [flat(one) for one in value]


def span(start: str, end: str) -> tuple[str, str]:
    """Return the first and last day of an interval; a state as of one day holds on that day, and no date is none.

    An interval that ends before it starts is none either: Gephi refuses the file.

    >>> span("", "2024-01-08"), span("2023-11-30T10:00:00Z", "2024"), span("2024-01-01", "2023-01-01")
    (('2024-01-08', '2024-01-08'), ('2023-11-30', '2024-12-31'), ('', ''))
    """
    first, last = _day(start), _day(end, last=True)
    if not last:
        return first, ""
    if not start:
        # As of a day; of a month or a year that is from its first day on.
        first = _day(end)
    return ("", "") if first and _order(first) > _order(last) else (first, last)


def _day(text: str, *, last: bool = False) -> str:
    """Return the day of a date or a time, the first or last one of a month or year; nothing if it is none of these."""
    match = _DATE.fullmatch(text)
    if match is None:
        return ""
    year = match[1]
    month = match[2] or ("12" if last else "01")
    if not 1 <= int(month) <= 12:
        return ""
    # A year of the same length, so that years beyond the calendar's have days too.
    days = monthrange(2000 + int(year) % 400, int(month))[1]
    day = match[3] or (f"{days}" if last else "01")
    return f"{year}-{month}-{day}" if 1 <= int(day) <= days else ""


def _order(day: str) -> tuple[int, str]:
    year, rest = day[:-6], day[-6:]
    return int(year), rest


def in_text(make: Callable[[Network], Iterable[str]]) -> Writer:
    """Make a writer of a function that makes a network's text, piece by piece."""

    def write(network: Network, stream: BinaryIO) -> None:
        pieces: Iterator[str] = iter(make(network))
        while batch := "".join(islice(pieces, _BATCH)):
            stream.write(batch.encode("utf-8", "kgtool.visible"))

    return write
