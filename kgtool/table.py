"""Tables of text whose columns line up, with Chinese in them, on a terminal, in a pipe and in Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

__all__ = ["display_width", "render_markdown", "render_table", "visible"]

#: The narrowest a column is cut to on a terminal.
_NARROWEST = 8

#: Characters without a picture of their own that scripts need inside words: they stay.
_JOINERS = "\u200c\u200d"


def visible(text: str) -> str:
    r"""Show what would act on a terminal instead of appearing on it: control characters, newlines, direction marks.

    >>> visible("a\tb\x1b[31m")
    'a\\tb\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(
        ch.encode("unicode_escape").decode()
        if unicodedata.category(ch) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and ch not in _JOINERS
        else ch
        for ch in text
    )


def display_width(text: str) -> int:
    """Return how many columns a text takes on a terminal: two for a Chinese character, none for a combining mark.

    >>> display_width("高新区 2023")
    11
    """
    if text.isascii():
        return len(text)
    return sum(_width(ch) for ch in text)


def render_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Collection[int] = (),
    width: int | None = None,
) -> str:
    """Lay rows out in columns under a header.

    :param right: the columns aligned to the right: numbers.
    :param width: the width of the terminal; long cells are then cut with an ellipsis so that each row stays a line.
        Without it nothing is cut.

    >>> print(render_table(["园区", "value"], [["高新区", "5"], ["x", "12"]], right=[1]), end="")
    园区    value
    ------  -----
    高新区      5
    x          12
    """
    cells = [[visible(cell) for cell in row] for row in [headers, *rows]]
    widths = [max(display_width(row[column]) for row in cells) for column in range(len(headers))]
    if width is not None:
        widths = _fit(widths, width)
    cells.insert(1, ["-" * wide for wide in widths])
    return "".join(
        "  ".join(
            _pad(cell, wide, right=column in right) for column, (cell, wide) in enumerate(zip(row, widths, strict=True))
        ).rstrip(" ")
        + "\n"
        for row in cells
    )


def render_markdown(headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    r"""Write rows as a Markdown table.

    >>> print(render_markdown(["a|b", "n"], [["x\ny", "1"]], right=[1]), end="")
    | a\|b | n |
    | --- | ---: |
    | x<br>y | 1 |
    """
    rule = ["---:" if column in right else "---" for column in range(len(headers))]
    lines = [[_markdown(cell) for cell in headers], rule, *([_markdown(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _width(ch: str) -> int:
    if unicodedata.combining(ch) or ch in _JOINERS or unicodedata.category(ch) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def _fit(widths: list[int], width: int) -> list[int]:
    """Cut the widest columns, all to one width, until the row fits: as far as columns can be cut at all."""
    room = width - 2 * (len(widths) - 1)
    limit = max(widths, default=0)
    while limit > _NARROWEST and sum(min(wide, limit) for wide in widths) > room:
        limit -= 1
    return [min(wide, limit) for wide in widths]


def _pad(cell: str, width: int, *, right: bool) -> str:
    if display_width(cell) > width:
        cell = _cut(cell, width - 1) + "…"
    space = " " * (width - display_width(cell))
    return space + cell if right else cell + space


def _cut(text: str, width: int) -> str:
    """Return the longest beginning of a text that takes no more than ``width`` columns."""
    taken = 0
    for index, ch in enumerate(text):
        taken += _width(ch)
        if taken > width:
            return text[:index]
    return text


def _markdown(cell: str) -> str:
    text = cell.replace("\r\n", "\n").replace("\\", "\\\\").replace("|", "\\|")
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;")
    return "<br>".join(visible(line) for line in text.split("\n"))
