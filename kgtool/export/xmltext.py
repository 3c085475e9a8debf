"""Text inside XML: as content and as the value of an attribute."""

from __future__ import annotations

import re

from kgtool.export.values import visible

__all__ = ["attribute", "content"]

#: Anything that cannot stand in XML as it is: markup, white space that a parser would change, what XML forbids.
_SPECIAL = re.compile('[&<>"\t\n\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_CONTENT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def content(text: str) -> str:
    """Write a text as the content of an element.

    >>> content("a ]]> b & c")
    'a ]]&gt; b &amp; c'
    """
    return text if _SPECIAL.search(text) is None else visible(text).translate(_CONTENT)


def attribute(text: str) -> str:
    """Write a text as the value of an attribute, without the quotes around it; line breaks survive.

    >>> attribute('two "lines"\\n')
    'two &quot;lines&quot;&#10;'
    """
    return text if _SPECIAL.search(text) is None else visible(text).translate(_ATTRIBUTE)
