"""What kinds of terms there are, by how the engine spells them, and what a value is worth as a whole number.

A number is worth its digits before and after the point, a date its days since 1970, a year itself: whole numbers are
added and compared without loss. The patterns are read by Python and by DuckDB (RE2) alike and match a whole term.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from kgtool.namespaces import XSD

__all__ = ["DATE", "DECIMAL", "INTEGER", "NODES", "NUMBERS", "PATTERNS", "TRIPLE", "YEAR", "Worth", "spell", "worth_of"]

INTEGER, DECIMAL, DATE, YEAR, TRIPLE = "integer", "decimal", "date", "year", "triple"

#: Kinds that are added, and compared with one another.
NUMBERS = frozenset({INTEGER, DECIMAL})
#: Kinds that are equal where they are the same term.
NODES = frozenset({"iri", "blank"})

#: What a term of a kind looks like, by kind. Eighteen digits are what 64 bits hold; what has more is of no kind.
PATTERNS = {
    "iri": "<[^<>]*>",
    "blank": "_:.*",
    TRIPLE: "<<.*>>",
    INTEGER: rf'"(?:0|-?[1-9][0-9]{{0,17}})"\^\^<{XSD}integer>',
    DECIMAL: rf'"-?(?:0|[1-9][0-9]{{0,17}})(?:\.[0-9]{{0,16}}[1-9])?"\^\^<{XSD}decimal>',
    DATE: rf'"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"\^\^<{XSD}date>',
    YEAR: rf'"[0-9]{{4}}"\^\^<{XSD}gYear>',
}

_EPOCH = date(1970, 1, 1)


class Worth(NamedTuple):
    """What a literal is worth: ``value`` divided by ten as often as ``scale`` says."""

    kind: str
    value: int
    scale: int


def worth_of(text: str) -> Worth | None:
    """Return what a term is worth, as N-Triples spells it; ``None`` if it is no value that is held as a number.

    >>> worth_of('"4486.2"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    Worth(kind='decimal', value=44862, scale=1)
    """
    kind = next((kind for kind, pattern in PATTERNS.items() if re.fullmatch(pattern, text)), None)
    words = text.split('"', 2)[1] if text.startswith('"') else ""
    if kind == INTEGER:
        return Worth(kind, int(words), 0)
    if kind == DECIMAL:
        number = Decimal(words)
        scale = max(-int(number.as_tuple().exponent), 0)
        digits = words.replace(".", "").removeprefix("-")
        return Worth(kind, int(number.scaleb(scale)), scale) if len(digits) <= 18 else None
    if kind == YEAR:
        return Worth(kind, int(words), 0)
    if kind == DATE:
        try:
            return Worth(kind, (date.fromisoformat(words) - _EPOCH).days, 0)
        except ValueError:
            return None
    return None


def spell(kind: str, value: int, scale: int = 0) -> str:
    """Write a value as the engine spells it, in N-Triples.

    >>> spell("decimal", -4486200, 3)
    '"-4486.2"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    if kind == DATE:
        return f'"{_EPOCH + timedelta(value)}"^^<{XSD}date>'
    if kind == YEAR:
        return f'"{value:04}"^^<{XSD}gYear>'
    whole, part = divmod(abs(value), 10**scale)
    fraction = f"{part:0{scale}}".rstrip("0") if part else ""
    sign = "-" if value < 0 else ""
    return f'"{sign}{whole}{"." if fraction else ""}{fraction}"^^<{XSD}{kind}>'
