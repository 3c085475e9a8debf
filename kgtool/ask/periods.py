"""Periods in a question: a year, a half, a quarter, a month, a day, or from one of them to another."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import NamedTuple

from kgtool.text.scripts import fold

__all__ = ["MONTHS", "Period", "find_period"]

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


class Period(NamedTuple):
    """The first and the last day that are meant, and where the folded question says so."""

    since: str
    until: str
    start: int
    end: int


_MONTH = "|".join(MONTHS)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_PARTS = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "第一季度": (1, 3),
    "第二季度": (4, 6),
    "第三季度": (7, 9),
    "第四季度": (10, 12),
    "first half": (1, 6),
    "second half": (7, 12),
    "first quarter": (1, 3),
    "second quarter": (4, 6),
    "third quarter": (7, 9),
    "fourth quarter": (10, 12),
    "q1": (1, 3),
    "q2": (4, 6),
    "q3": (7, 9),
    "q4": (10, 12),
}
_PART = "|".join(_PARTS).replace(" ", r"\ ")

#: How a day, a month, a part of a year or a year is written; the forms that say most come first.
_POINTS = re.compile(
    rf"""
      (?P<y1>(?:19|20)\d\d)\s?年\s?(?P<m1>\d{{1,2}})\s?月(?:份|(?P<d1>\d{{1,2}})[日号])?
    | (?P<y2>(?:19|20)\d\d)-(?P<m2>\d{{1,2}})(?:-(?P<d2>\d{{1,2}}))?(?![\d-])
    | \b(?:(?P<d3>{_DAY})\ (?:of\ )?)?(?P<m3>{_MONTH})(?:\ (?P<d4>{_DAY})(?!\d))?
      (?:,?\ (?:of\ )?(?P<y3>(?:19|20)\d\d))?\b
    | (?<![\d.])(?P<m4>\d{{1,2}})\s?月(?:份|(?P<d5>\d{{1,2}})[日号])?
    | (?:(?P<y4>(?:19|20)\d\d)\s?年?\s?)?(?P<part>{_PART})(?:\ (?:of\ )?(?P<y5>(?:19|20)\d\d))?
    | (?<![\d.,-])(?P<y6>(?:19|20)\d\d)(?![\d.,%-])\s?年?
    """,
    re.VERBOSE,
)
_TO = re.compile(r"\s*(?:至|到|—+|–|-|~|to|until|till|through|and)\s*(?:the end of )?")
_BEFORE_MONTH = re.compile(r"\b(?:in|of|from|since|until|till|to|through|and|between|during|by) $")
#: 1—11月: the first month without its word.
_FIRST_OF_TWO = re.compile(r"(?<![\d.])(\d{1,2})(?=\s?(?:至|到|—+|–|-|~)\s?\d{1,2}\s?月)")


class _Point(NamedTuple):
    start: int
    end: int
    year: int | None
    #: The first and the last month.
    months: tuple[int, int] | None
    day: int | None


def find_period(question: str, *, year: int | None) -> Period | None:
    """Find the period that a question names.

    :param year: the one that a month without a year is in; without one, such a month is no period.

    >>> find_period("What happened between March and June 2023?", year=2022)[:2]
    ('2023-03-01', '2023-06-30')
    >>> [find_period(text, year=2023)[:2] for text in ("2024年2月", "上半年", "1—11月")]
    [('2024-02-01', '2024-02-29'), ('2023-01-01', '2023-06-30'), ('2023-01-01', '2023-11-30')]
    >>> [find_period(text, year=None)[:2] for text in ("on 9 October 2023", "in the second half of 2023")]
    [('2023-10-09', '2023-10-09'), ('2023-07-01', '2023-12-31')]
    >>> find_period("in May", year=None), find_period("It may be 2023-02-30", year=2023)
    (None, None)
    """
    text = fold(question)
    points = _points(text)
    if not points:
        return None
    first = last = points[0]
    if len(points) > 1 and _TO.fullmatch(text[first.end : points[1].start]):
        last = points[1]
    since = _day(first, first.year or last.year or year, of_end=False)
    until = _day(last, last.year or first.year or year, of_end=True)
    if since is None or until is None or since > until:
        return None
    return Period(since, until, first.start, last.end)


def _points(text: str) -> list[_Point]:
    found = []
    for match in _POINTS.finditer(text):
        if match.group() == "may" and not _BEFORE_MONTH.search(text[: match.start()]):
            continue  # the verb
        said = {name[:-1] if name[-1].isdigit() else name: value for name, value in match.groupdict().items() if value}
        months = _PARTS[said["part"]] if "part" in said else _months(said.get("m"))
        day = re.match(r"\d+", said.get("d", ""))
        year = said.get("y")
        found.append(_Point(*match.span(), int(year) if year else None, months, int(day[0]) if day else None))
    for match in _FIRST_OF_TWO.finditer(text):
        months = _months(match[1])
        if not any(point.start <= match.start() < point.end for point in found):
            found.append(_Point(*match.span(), None, months, None))
    return sorted(found)


def _months(said: str | None) -> tuple[int, int] | None:
    if said is None:
        return None
    number = MONTHS.index(said) + 1 if said in MONTHS else int(said)
    return number, number


def _day(point: _Point, year: int | None, *, of_end: bool) -> str | None:
    """Return the first or the last day of what is meant; ``None`` if there is no such day."""
    month = (point.months or (1, 12))[of_end]
    if year is None or not 1 <= month <= 12:
        return None
    most = monthrange(year, month)[1]
    day = point.day or (most if of_end else 1)
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= most else None
