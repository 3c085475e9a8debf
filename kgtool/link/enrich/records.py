"""What a target says of a thing, reduced to statements that can be kept: names with a fall-back, places, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, Protocol

from kgtool.namespaces import RDFS, SKOS, XSD
from kgtool.terms import IRI, Literal

__all__ = ["FALLBACK", "GEO", "LANGUAGES", "Source", "Statement", "names", "place", "place_of_point"]

#: Latitude and longitude.
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"

#: The languages of labels that are kept.
LANGUAGES = ("zh-hans", "zh-cn", "zh", "zh-hant", "zh-tw", "zh-hk", "mul", "en")
#: Which of them is the name to show, the best first: Chinese as here, any Chinese, what is the same in all, English.
FALLBACK = ("zh-hans", "zh-cn", "zh", "mul", "en")

_POINT = re.compile(r"point\s*\(\s*([-+.\deE]+)\s+([-+.\deE]+)\s*\)", re.IGNORECASE)


class Statement(NamedTuple):
    """A triple about a thing of a target."""

    subject: str
    predicate: str
    object: IRI | Literal


class Source(Protocol):
    """Somewhere to look things up."""

    #: What it is called: an address, or the name of a file.
    name: str
    #: How many things it is asked for at once; ``None`` for all, since it reads a file from end to end.
    batch: int | None

    def fetch(self, iris: Sequence[str]) -> Iterator[tuple[str, list[Statement]]]:
        """Look things up; those that it does not know are not there, or say that they are gone.

        :raises StoreError: if it cannot be asked.
        :raises DataError: if its answer is malformed.
        """
        ...


def names(thing: str, labels: Mapping[str, str]) -> list[Statement]:
    """Return the labels that are kept, each in its own language, and the one to show.

    >>> [(one.predicate.rpartition("#")[2], one.object.language) for one in names("urn:a", {"mul": "A", "fr": "A"})]
    [('label', 'mul'), ('prefLabel', 'mul')]
    """
    found = {tag.lower(): text for tag, text in labels.items() if text}
    kept = [Statement(thing, RDFS + "label", Literal(found[tag], tag)) for tag in LANGUAGES if tag in found]
    shown = next((tag for tag in FALLBACK if tag in found), None)
    return kept + ([Statement(thing, SKOS + "prefLabel", Literal(found[shown], shown))] if shown else [])


def place(thing: str, latitude: object, longitude: object) -> list[Statement]:
    """Return where a thing is, if those are coordinates on Earth.

    >>> [one.object.value for one in place("urn:a", 25.038888889, "102.71833")]
    ['25.038888889', '102.71833']
    >>> place("urn:a", 95, 0)
    []
    """
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    if north is None or east is None:
        return []
    return [
        Statement(thing, GEO + "lat", Literal(north, None, XSD + "decimal")),
        Statement(thing, GEO + "long", Literal(east, None, XSD + "decimal")),
    ]


def place_of_point(thing: str, text: str) -> list[Statement]:
    """Return where a point in well-known text is; its first number is the longitude.

    >>> [one.object.value for one in place_of_point("urn:a", "Point(102.7 25.04)")]
    ['25.04', '102.7']
    """
    match = _POINT.search(text)
    return place(thing, match[2], match[1]) if match else []


def by_thing(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Sort statements by what they are about."""
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        found.setdefault(statement.subject, []).append(statement)
    return found


def _degrees(value: object, most: int) -> str | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return f"{number:f}" if number.is_finite() and abs(number) <= most else None
