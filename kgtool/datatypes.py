"""Which words a literal of a datatype may have: what makes one ill-typed.

https://www.w3.org/TR/xmlschema11-2/
"""

from __future__ import annotations

import re

from kgtool.namespaces import XSD

__all__ = ["BOUNDS", "FORMS", "is_well_formed"]

_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_LEAP = "([0-9]*([02468][048]|[13579][26])00|[0-9]*[0-9]{2}(0[48]|[2468][048]|[13579][26]))"
_DAY = (
    r"-?(([1-9][0-9]{3,}|0[0-9]{3})-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    r"|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP}-02-29)"
)
_TIME = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
_DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_DOUBLE = rf"({_DECIMAL}([eE][+-]?[0-9]+)?|[+-]?INF|NaN)"

#: Regular expressions, for a whole literal, by datatype. A datatype without one has no ill-typed literals here.
FORMS: dict[str, str] = {
    XSD + name: f"^{form}$"
    for name, form in {
        "boolean": "(true|false|1|0)",
        "decimal": _DECIMAL,
        "integer": "[+-]?[0-9]+",
        "double": _DOUBLE,
        "float": _DOUBLE,
        "date": f"{_DAY}{_ZONE}",
        "time": f"{_TIME}{_ZONE}",
        "dateTime": f"{_DAY}T{_TIME}{_ZONE}",
        "dateTimeStamp": f"{_DAY}T{_TIME}{_ZONE[:-1]}",
        "nonNegativeInteger": r"(\+?[0-9]+|-0+)",
        "positiveInteger": r"\+?0*[1-9][0-9]*",
        "nonPositiveInteger": r"(-[0-9]+|\+?0+)",
        "negativeInteger": "-0*[1-9][0-9]*",
        "byte": "[+-]?[0-9]+",
        "short": "[+-]?[0-9]+",
        "int": "[+-]?[0-9]+",
        "long": "[+-]?[0-9]+",
        "unsignedByte": r"(\+?[0-9]+|-0+)",
        "unsignedShort": r"(\+?[0-9]+|-0+)",
        "unsignedInt": r"(\+?[0-9]+|-0+)",
        "unsignedLong": r"(\+?[0-9]+|-0+)",
        "hexBinary": "([0-9a-fA-F]{2})*",
    }.items()
}

#: The least and the greatest value of a datatype, where it has them.
BOUNDS: dict[str, tuple[int, int]] = {
    XSD + "byte": (-(2**7), 2**7 - 1),
    XSD + "short": (-(2**15), 2**15 - 1),
    XSD + "int": (-(2**31), 2**31 - 1),
    XSD + "long": (-(2**63), 2**63 - 1),
    XSD + "unsignedByte": (0, 2**8 - 1),
    XSD + "unsignedShort": (0, 2**16 - 1),
    XSD + "unsignedInt": (0, 2**32 - 1),
    XSD + "unsignedLong": (0, 2**64 - 1),
}


def is_well_formed(words: str, datatype: str) -> bool:
    """Say whether a literal is one of its datatype.

    >>> is_well_formed("300", XSD + "byte"), is_well_formed("2024-02-29", XSD + "date"), is_well_formed("?", "urn:x")
    (False, True, True)
    """
    if datatype in FORMS and not re.fullmatch(FORMS[datatype][1:-1], words):
        return False
    least, most = BOUNDS.get(datatype, (0, 0))
    return datatype not in BOUNDS or least <= int(words) <= most
