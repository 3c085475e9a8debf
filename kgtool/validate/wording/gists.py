"""Numbers of a gist that its sentence does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from kgtool.coverage.names import fold_in_place
from kgtool.namespaces import IP
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI, Literal
from kgtool.text.numerals import find_numerals
from kgtool.validate.wording.blocks import Reading

__all__ = ["find_other_gist_numbers"]

_GIST = IRI(IP + "gist")
_NUMBER = re.compile(r"(?<![0-9A-Za-z.])\d+(?:\.\d+)?")


def find_other_gist_numbers(reading: Reading) -> Iterator[Finding]:
    """Find numbers in digits of a gist that neither its sentence nor one on which that relies has, in whatever form."""
    for sentence, words in reading.words.items():
        relied_on = [reading.words[other] for other in reading.relied_on(sentence) if other in reading.words]
        said = _numbers([words, *relied_on])
        for gist in reading.names.data.values(sentence, _GIST):
            if not isinstance(gist, Literal):
                continue
            folded = re.sub(r"(?<=\d),(?=\d{3})", "", fold_in_place(gist.value))
            wrong = [number for number in _NUMBER.findall(folded) if Decimal(number) not in said]
            if wrong:
                numbers = ", ".join(wrong)
                yield Finding(
                    severity="violation",
                    check="gist-number-not-in-sentence",
                    message=Bilingual(f"the sentence does not have {numbers}", f"该句中没有 {numbers}"),
                    repair=Bilingual("correct the gist", "改正概要"),
                    focus=sentence,
                    path=_GIST,
                    value=gist,
                    sentence=sentence,
                )


def _numbers(texts: Iterable[str]) -> set[Decimal]:
    numbers: set[Decimal] = set()
    for text in texts:
        numbers |= {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}
        for numeral in find_numerals(text):
            numbers |= {Decimal(part) for part in numeral.date or () if part is not None}
            if numeral.value is not None:
                numbers.add(numeral.value)
    return numbers
