"""The header of a check: a query whose rows are findings, with what to say of them.

``#+ message:`` and ``#+ repair:`` each have ``en`` and ``zh-Hans``; ``{name}`` in them stands for the row's ``?name``.
``#+ severity:`` is violation (the default), warning or info. The query selects ``?focus``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from kgtool.errors import QueryError
from kgtool.queries.nodes import HeaderNodes
from kgtool.queries.saved import read_text
from kgtool.sparql import query_form, variables

__all__ = ["CHECK_KEYS", "PLACEHOLDER", "CheckQuery", "read_check"]

#: What kgtool reads of a check's header.
CHECK_KEYS = ("summary", "description", "tags", "message", "repair", "severity")
#: A variable of the row inside a message.
PLACEHOLDER = re.compile(r"\{(\w+)\}")

_SEVERITIES = ("violation", "warning", "info")
_LANGUAGES = ("en", "zh-Hans")


class CheckQuery(NamedTuple):
    """A check: named after the fault that it finds."""

    name: str
    file: str
    text: str
    #: By language tag: ``en`` and ``zh-Hans``.
    message: dict[str, str]
    repair: dict[str, str]
    severity: str


def read_check(file: Path) -> CheckQuery:
    """Read a check.

    :raises QueryError: if it is not a SELECT of ``?focus``, or its header lacks a message, or says something that
        kgtool does not understand.
    """
    text = read_text(file)
    if query_form(text) != "select" or "focus" not in variables(text):
        raise QueryError(
            "a check must be a SELECT query with ?focus", file=file, hint="its rows are the things that are wrong"
        )
    header = _CheckHeader(text, file)
    return CheckQuery(file.stem, str(file), text, header.message, header.repair, header.severity)


class _CheckHeader(HeaderNodes):
    """The header's nodes, read as those of a saved query are."""

    def __init__(self, text: str, file: Path) -> None:
        super().__init__(text, file)
        self.message: dict[str, str] = {}
        self.repair: dict[str, str] = {}
        self.severity = "violation"
        known = variables(text)
        for key, node, line in self.pairs(self.root, CHECK_KEYS, "header key"):
            if key == "message":
                self.message = self._texts(node, key, line, known)
            elif key == "repair":
                self.repair = self._texts(node, key, line, known)
            elif key == "severity":
                self.severity = self.choice(node, _SEVERITIES, key)
        if not self.message:
            raise QueryError(
                "a check needs a message", file=file, line=1, hint="write '#+ message:' with en and zh-Hans"
            )

    def _texts(self, node: Any, key: str, line: int, known: set[str]) -> dict[str, str]:
        """Read a text in both languages; what stands in braces must be a variable of the query."""
        texts: dict[str, str] = {}
        for language, value, at in self.pairs(node, _LANGUAGES, "language"):
            texts[language] = self.text(value, f"{key} in {language}")
            for name in PLACEHOLDER.findall(texts[language]):
                if name not in known:
                    self.fail(at, f"'{{{name}}}' is not a variable of the query", f"select ?{name}")
        for language in _LANGUAGES:
            if not texts.get(language):
                self.fail(line, f"{key} has no text in {language}", "write it in en and zh-Hans")
        return texts
