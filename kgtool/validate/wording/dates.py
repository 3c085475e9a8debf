"""Dates and periods of a block that its sentence does not write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from kgtool.coverage.names import DATES
from kgtool.namespaces import IP
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI, Literal, Term
from kgtool.text.numerals import DatePart, Numeral, find_numerals
from kgtool.validate.triples import Triple, Triples
from kgtool.validate.wording.blocks import Block, Reading

__all__ = ["find_unwritten_dates"]

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
#: What makes less than a year of a year: 2023年1—11月, 2023年上半年.
_WITHIN_YEAR = re.compile(r"\d|[上下]半年|[一二三四首1-4第]+[、一二三四1-4]*季度")
_QUARTERS = "一二三四"


class _Words(NamedTuple):
    """What some sentences say of dates: their parts, the years that stand alone, and the quarters."""

    parts: list[DatePart]
    years: set[int]
    quarters: set[int]


def find_unwritten_dates(reading: Reading) -> Iterator[Finding]:
    """Find dates and periods that no sentence that says the triple, and none that it relies on, writes.

    An ip:assumption of the statement may write it too: “年度”按2023年理解. A period has to be written as exactly as it
    is: a year by the year alone, months by the first and the last, days by their numbers.
    """
    for block in reading.blocks.values():
        for triple in block.triples:
            subject, _, value = triple
            span = _span(reading.names.data, value)
            if span is None:
                continue
            sources = reading.sources(triple, block.sentence) | reading.relied_on(block.sentence)
            words = _Words([], set(), set())
            for source in sources & reading.words.keys():
                _read(reading.words[source], words, describes=reading.quotes(subject, source))
            _read(reading.assumptions(subject, block.sentence), words, describes=True)
            if not _is_written(*span, words):
                yield _finding(block, triple)


def _span(data: Triples, value: Term) -> tuple[date | None, date] | None:
    """Return first and last day of what a value says of time: a date, a period, or a period with an end only."""
    if isinstance(value, Literal):
        day = _day(value) if value.datatype in DATES else None
        return None if day is None else (day, day)
    start = next((_day(term) for term in data.values(value, IRI(IP + "start"))), None)
    end = next((_day(term) for term in data.values(value, IRI(IP + "end"))), None)
    return None if end is None else (start, end)


def _day(term: Term) -> date | None:
    match = _DATE.match(term.value)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None  # validation says so


def _read(text: str, words: _Words, *, describes: bool) -> None:
    """Add what a text says of dates.

    :param describes: whether it states the fact; what another text dates to the day gives 今年 its meaning as well.
    """
    for numeral in _numerals(text):
        if numeral.date is None:
            continue
        words.parts.append(numeral.date)
        year, month, day = numeral.date
        stands_alone = month is None and not _WITHIN_YEAR.match(text, numeral.end)
        if year and (stands_alone or not (describes or day is None)):
            words.years.add(year)
    for match in re.finditer("([一二三四首1-4](?:、[一二三四1-4])*)季度", text):
        words.quarters.update(1 if c == "首" else _QUARTERS.find(c) + 1 or int(c) for c in match[1].replace("、", ""))


@lru_cache(maxsize=256)
def _numerals(text: str) -> list[Numeral]:
    return find_numerals(text)


def _is_written(start: date | None, end: date, words: _Words) -> bool:
    if start is None:
        return _has_day(end, words) or (_ends_month(end) and _has_month(end, words))
    if start == end:
        return _has_day(end, words)
    if _begins_month(start) and _ends_month(end):
        months = end.month - start.month + 1
        if (start.month, end.month) == (1, 12):
            return {start.year, end.year} <= words.years
        if start.year == end.year and months == 3 and start.month % 3 == 1 and end.month // 3 in words.quarters:
            return any(part.year in (None, end.year) for part in words.parts)
        half = start.year == end.year and months == 6 and start.month in (1, 7)
        return _has_month(end, words) and (half or _has_month(start, words))
    return _has_day(start, words) and _has_day(end, words)


def _has_month(day: date, words: _Words) -> bool:
    return any(part.month == day.month and part.year in (None, day.year) for part in words.parts)


def _has_day(day: date, words: _Words) -> bool:
    return any(
        part.day == day.day and part.month in (None, day.month) and part.year in (None, day.year)
        for part in words.parts
    )


def _begins_month(day: date) -> bool:
    return day.day == 1


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _finding(block: Block, triple: Triple) -> Finding:
    subject, predicate, value = triple
    when = value.value.rpartition("/")[2]
    return Finding(
        severity="violation",
        check="date-not-in-sentence",
        message=Bilingual(f"the sentence does not write {when}", f"该句没有写明 {when}"),
        repair=Bilingual(
            "correct the date or period, say on which sentence this one relies, or what has to be assumed",
            "改正日期或时期，写明所依赖的句子，或用 ip:assumption 说明如何理解",
        ),
        focus=subject,
        path=predicate,
        value=value,
        sentence=block.sentence,
    )
