"""Queries that nest deeper than an engine's stack: they would end the process without a word.

Whoever runs a query that someone wrote in the process itself refuses them; the server's workers are there to be ended.

Measured on pyoxigraph 0.5.13 with the usual stack of 8 MB: it ends at some 700 nested ``EXISTS`` or function calls, at
2,000 nested groups or ``BIND`` in a row, at 5,000 operators in a row.
"""

# No "from __future__ import annotations" here: this is on the path of a quick query.

import re

from kgtool.errors import QueryError

__all__ = ["refuse_depth"]

#: The deepest nesting of brackets, and the longest chain of parts that an engine nests by itself.
_DEEPEST = 100
_LONGEST = 1500

#: Comments, IRIs, strings and names are passed over; brackets and what makes chains are in groups.
_TOKEN = (
    r"#[^\n\r]*"
    r'|<[^<>"{}|^`\\\x00-\x20]*>'
    r'|"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<signed>[+-]\.?\d)"
    r"|(?P<chain>\|\|?|&&|[!*/^]|[+-](?!\d)|\b(?:UNION|OPTIONAL|FILTER|BIND|MINUS)\b(?!:))"
    r"|[?$\w][\w.:-]*"
)


def refuse_depth(text: str, *, file: object = None) -> None:
    """Refuse a query that an engine could not hold.

    :raises QueryError: if it nests too deeply, or chains too many parts.
    """
    if len(text) < 2 * _LONGEST and sum(map(text.count, "([{")) <= _DEEPEST:
        return
    chain = 0
    # Of every bracket that is open: what it is, and the signed numbers in a row, which "1 -1 -1" subtracts.
    within: list[tuple[str, int]] = []
    for match in re.finditer(_TOKEN, text, re.DOTALL | re.IGNORECASE):
        kind = match.lastgroup
        if kind == "open":
            within.append((match.group(), 0))
        elif kind == "close" and within:
            within.pop()
        elif kind in ("comma", "signed") and within and within[-1][0] == "(":
            within[-1] = ("(", within[-1][1] + 1 if kind == "signed" else 0)
        chain += kind == "chain"
        if len(within) > _DEEPEST:
            line = text.count("\n", 0, match.start()) + 1
            raise QueryError(f"nested more than {_DEEPEST} deep, line {line}", file=file, hint="write it flatter")
        if chain > _LONGEST or (kind == "signed" and within and within[-1][1] > _LONGEST):
            what = f"more than {_LONGEST} operators and patterns in a row"
            raise QueryError(what, file=file, hint="give what is compared as VALUES, or ask in several queries")
