"""Proved rows for people: the sentences beside each row, and below the table what each of them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kgtool.evidence.proof import Evidence, Proven
from kgtool.evidence.render import evidence_column
from kgtool.labels import LANGUAGES, numeric_columns, readable_rows
from kgtool.store import Store
from kgtool.table import render_markdown, render_table, visible

__all__ = ["render_proven"]

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def render_proven(
    store: Store,
    proven: Proven,
    form: str,
    *,
    prefixes: Mapping[str, str],
    languages: Sequence[str] = LANGUAGES,
    width: int | None = None,
) -> str:
    """Write proved rows as a table or in Markdown.

    :param languages: those of labels, in the order of preference.
    :param width: that of a terminal, if it is for one: the table fits it, and marks are bold.
    """
    rows = [row.row for row in proven.rows]
    cells = readable_rows(store, rows, prefixes=prefixes, languages=languages)
    right, terminal = numeric_columns(rows), width is not None
    names = _names(proven)
    cited = [" ".join(_cited(item, names) for item in row.evidence) or "–" for row in proven.rows]
    headers = [*proven.variables, evidence_column(proven)]
    table = [[*row, sentences] for row, sentences in zip(cells, cited, strict=True)]
    lines = [line for item in _merged(proven) for line in _described(item, names, form, terminal=terminal)]
    lines += [line for note in proven.notes for line in ("", f"note: {note}")]
    if any("*" in cell for cell in cited):
        lines += ["", "* a derived value of the row follows from it"]
    below = "".join(f"{line}\n" for line in lines)
    if form == "markdown":
        return render_markdown(headers, table, right=right) + below
    return render_table(headers, table, right=right, width=width) + below


def _names(proven: Proven) -> dict[str, str]:
    """Call sentences s12, or, where there are several articles, by the article's name as well."""
    passages = [item.passage for row in proven.rows for item in row.evidence]
    several = len({passage.article for passage in passages}) > 1
    parts = 2 if several else 1
    return {passage.sentence: "/".join(passage.sentence.rsplit("/", parts)[1:]) for passage in passages}


def _cited(item: Evidence, names: Mapping[str, str]) -> str:
    return names[item.passage.sentence] + ("*" if item.derived else "")


def _merged(proven: Proven) -> list[Evidence]:
    """Return every cited sentence once, with all that is quoted of it, in reading order."""
    merged: dict[str, Evidence] = {}
    for row in proven.rows:
        for item in row.evidence:
            known = merged.setdefault(item.passage.sentence, item)
            merged[item.passage.sentence] = known._replace(
                quotes=tuple(dict.fromkeys((*known.quotes, *item.quotes))),
                derived=tuple(dict.fromkeys((*known.derived, *item.derived))),
                marks=tuple(sorted({*known.marks, *item.marks})),
            )
    return sorted(merged.values(), key=lambda item: item.passage.place)


def _described(item: Evidence, names: Mapping[str, str], form: str, *, terminal: bool) -> list[str]:
    passage = item.passage
    name = visible(names[passage.sentence])
    place = [visible(passage.section)] if passage.section else []
    place += [f"¶{passage.paragraph}"] if passage.paragraph is not None else []
    place += [f"characters {passage.start}–{passage.end}"] if passage.start is not None else []
    details = [visible(passage.gist)] if passage.gist else []
    if item.text is None:
        details += [f"「{visible(quote)}」" for quote in item.quotes]
    else:
        details.append(_marked(item.text, item.marks, form, terminal=terminal))
    details += [f"* {visible(derivation.formula or derivation.thing)}" for derivation in item.derived]
    if form == "markdown":
        return ["", f"**{name}** {' · '.join(place)}", "", *(f"- {detail.removeprefix('* ')}" for detail in details)]
    return ["", f"{name}  {' · '.join(place)}", *(f"    {detail}" for detail in details)]


def _marked(text: str, marks: Sequence[tuple[int, int]], form: str, *, terminal: bool) -> str:
    """Write a sentence with its marked words in bold, or between 『 and 』 where nothing can be bold."""
    before, after = ("**", "**") if form == "markdown" else (_BOLD, _PLAIN) if terminal else ("『", "』")
    pieces, at = [], 0
    for start, end in marks:
        begin = max(start, at)
        if begin < end:
            pieces += [visible(text[at:begin]), before, visible(text[begin:end]), after]
            at = end
    return "".join([*pieces, visible(text[at:])])
