"""Which numerals of a sentence its block decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from kgtool.coverage.blocks import Block
from kgtool.coverage.names import ranges
from kgtool.text.numerals import DatePart, Numeral, is_arabic

__all__ = ["undecided_numerals"]

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DIGITS = re.compile(r"\d[\d,，]*(?:\.\d+)?")


def undecided_numerals(numerals: Sequence[Numeral], words: str, block: Block) -> list[Numeral]:
    """Return the numerals of a sentence that its block does not decide.

    :param words: the sentence, folded.
    """
    named = ranges(block.wordings, words)
    quoted = ranges(block.quotes, words)
    undecided: list[Numeral] = []
    amounts: list[Numeral] = []
    for numeral in numerals:
        if _inside(numeral, named) or (numeral.date is not None and _is_dated(numeral.date, block.dates)):
            continue
        if is_arabic(numeral) and numeral.date is None:
            amounts.append(numeral)
        elif is_arabic(numeral) or not _inside(numeral, quoted):
            undecided.append(numeral)
    candidates = []
    for amount in amounts:
        worth = _worth(amount)
        candidates.append(
            [
                index
                for index, number in enumerate(block.numbers)
                if worth & number.values
                and _inside(amount, ranges(number.quotes, words) if number.quotes else [*quoted, *named])
            ]
        )
    matched = _match(candidates)
    undecided += [amount for index, amount in enumerate(amounts) if index not in matched]
    return sorted(undecided)


def _worth(numeral: Numeral) -> set[Decimal]:
    """Return what a numeral can stand for: 4486.20億 for 448620000000, and for 4486.20 where the scale is apart."""
    digits = _DIGITS.search(numeral.text)
    assert digits is not None
    bare = Decimal(re.sub("[,，]", "", digits.group()))
    return {bare} if numeral.value is None else {bare, abs(numeral.value)}


def _is_dated(part: DatePart, dates: Iterable[str]) -> bool:
    """Tell whether one of some dates agrees with the part of a date that a text says."""
    for date in dates:
        match = _DATE.match(date)
        stated = [] if match is None else [None if group is None else int(group) for group in match.groups()]
        if stated and all(said is None or said == known for said, known in zip(part, stated, strict=True)):
            return True
    return False


def _inside(numeral: Numeral, places: Iterable[tuple[int, int]]) -> bool:
    return any(start <= numeral.start and numeral.end <= end for start, end in places)


def _match(candidates: Sequence[Sequence[int]]) -> set[int]:
    """Give as many numerals as possible a number of their own, and return those numerals.

    https://en.wikipedia.org/wiki/Maximum_cardinality_matching
    """
    owner: dict[int, int] = {}

    def assign(numeral: int, tried: set[int]) -> bool:
        for number in candidates[numeral]:
            if number not in tried:
                tried.add(number)
                if number not in owner or assign(owner[number], tried):
                    owner[number] = numeral
                    return True
        return False

    for numeral in range(len(candidates)):
        assign(numeral, set())
    return set(owner.values())
