"""The words of a SPARQL query, for whoever takes one apart.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar · What a quick query needs of its text is in :mod:`kgtool.sparql`,
which compiles no such pattern.
"""

from __future__ import annotations

import re

__all__ = ["TOKEN"]

_NAME = r"[^\W_]"
_LOCAL = r"(?:[\w:-]|·|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"

#: One word of a query, the group that matched being its kind; what no query has is ``other``, a character at a time.
TOKEN = re.compile(
    r"(?P<space>\s+|#[^\n\r]*)"
    r'|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)'
    r'|(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*')"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<blank>_:\w(?:[\w.-]*[\w-])?)"
    rf"|(?P<name>(?:{_NAME}(?:[\w.-]*[\w-])?)?:(?:{_LOCAL}(?:(?:{_LOCAL}|\.)*{_LOCAL})?)?)"
    r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<number>(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"
    r"|(?P<word>[A-Za-z_][\w]*)"
    r"|(?P<sign>\^\^|&&|\|\||!=|<=|>=|[{}()\[\].,;=<>!+*/|^?-])"
    r"|(?P<other>.)",
    re.DOTALL,
)
