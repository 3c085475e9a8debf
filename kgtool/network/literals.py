"""Literal properties as attributes of nodes: which there are, of what type, and their values."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from kgtool.namespaces import XSD
from kgtool.network.copying import Copy
from kgtool.network.model import Key, KeyType, Value
from kgtool.network.rules import NO_LITERALS

__all__ = ["is_number", "read_keys", "typed"]

_WHOLE = frozenset(
    XSD + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
)
_NUMBERS = _WHOLE | {XSD + name for name in ("decimal", "double", "float")}
_BOOLEAN = XSD + "boolean"

_INTEGER = re.compile(r"[-+]?\d{1,9}", re.ASCII)
_DOUBLE = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
#: How booleans are written.
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def read_keys(copy: Copy) -> tuple[Key, ...]:
    """Return the literal properties of nodes.

    One is a number or a boolean where every node has one such value at most, and every value is one that other
    programs read: integers of 32 bits, doubles that are finite. Anything else is text.
    """
    copy.database.create_function("kind", 2, _kind, deterministic=True)
    none = {copy.short(iri) for iri in NO_LITERALS}
    statement = (
        "SELECT p, MAX(n), group_concat(DISTINCT kinds) FROM (SELECT p, COUNT(DISTINCT value || datatype) AS n,"
        " group_concat(DISTINCT kind(value, datatype)) AS kinds FROM literal WHERE s IN (SELECT id FROM node)"
        " GROUP BY p, s) GROUP BY p ORDER BY p"
    )
    found = copy.rows(statement).fetchall()
    return tuple(Key(p, _type(set(kinds.split(",")), most), p) for p, most, kinds in found if p not in none)


def typed(values: Sequence[str], type_: KeyType) -> Value:
    """Return the values of a property as its type has them: several as a tuple."""
    if type_ == "string":
        return values[0] if len(values) == 1 else tuple(values)
    if type_ == "boolean":
        return _BOOLEANS[values[0]]
    return int(values[0]) if type_ == "integer" else float(values[0])


def is_number(text: str) -> bool:
    """Say whether a text is a number as other programs read one, and finite."""
    return _DOUBLE.fullmatch(text) is not None and math.isfinite(float(text))


def _type(kinds: set[str], most: int) -> KeyType:
    if most > 1:
        return "string"
    if kinds <= {"integer", "double"}:
        return "integer" if kinds == {"integer"} else "double"
    return "boolean" if kinds == {"boolean"} else "string"


def _kind(value: str, datatype: str) -> KeyType:
    if datatype == _BOOLEAN and value in _BOOLEANS:
        return "boolean"
    if datatype not in _NUMBERS:
        return "string"
    if datatype in _WHOLE and _INTEGER.fullmatch(value):
        return "integer"
    return "double" if is_number(value) else "string"
