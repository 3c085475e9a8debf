"""The pages' words in the reader's language: one gettext catalogue, whose messages are the English words.

https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html

Simplified Chinese is in ``locale/zh_Hans.po``. Traditional Chinese is made of it, as the gists are.
"""

from __future__ import annotations

import gettext
import io
import re
from functools import cache

from kgtool.explorer.assets import read_assets
from kgtool.text.scripts import to_traditional

__all__ = ["Words", "message", "named_in", "words_in"]


def message(text: str) -> str:
    """Mark a text as a message of the catalogue, to be looked up where it is shown."""
    return text


class Words(gettext.NullTranslations):
    """The words of one language."""


class _Traditional(Words):
    """Traditional Chinese, of the Simplified words."""

    def __init__(self, simplified: gettext.NullTranslations) -> None:
        super().__init__()
        self._simplified = simplified

    def gettext(self, message: str) -> str:
        return to_traditional(self._simplified.gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return to_traditional(self._simplified.ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return to_traditional(self._simplified.pgettext(context, message))


@cache
def words_in(language: str) -> gettext.NullTranslations:
    """Return the words of a language."""
    if language == "zh-Hant":
        return _Traditional(words_in("zh-Hans"))
    compiled = read_assets().catalogue(language)
    return Words() if compiled is None else gettext.GNUTranslations(io.BytesIO(compiled))


def named_in(words: gettext.NullTranslations, name: str) -> str:
    """Write a name of a saved query's column, parameter or tag in the page's language, in words.

    >>> named_in(words_in("en"), "asWritten")
    'as written'
    """
    found = words.pgettext("query", name)
    return found if found != name else re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]", " ", name).lower()
