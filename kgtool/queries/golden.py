"""Golden answers: ``<name>.expected.csv`` beside a saved query, and what differs from it now.

https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import DataError, KgError, QueryError
from kgtool.queries.parameters import run
from kgtool.queries.saved import SavedQuery
from kgtool.store import Store
from kgtool.store.builds import replace_file

__all__ = ["GoldenResult", "expected_file", "run_golden_tests", "update_golden_answers"]

#: The rows of an answer; the first is the header.
Rows = list[tuple[str, ...]]


class GoldenResult(NamedTuple):
    """What became of one query's golden answer."""

    name: str
    #: ``passed``, ``failed`` (other rows), ``missing`` (no golden answer), ``error`` (no answer).
    status: str
    #: What to do about it.
    message: str = ""
    #: Lines that begin with ``-`` (expected) or ``+`` (got).
    diff: tuple[str, ...] = ()


def expected_file(query: SavedQuery) -> Path:
    """Return the file of a query's golden answer."""
    return Path(query.file).with_suffix(".expected.csv")


def run_golden_tests(store: Store, queries: Iterable[SavedQuery], *, prefixes: Mapping[str, str]) -> list[GoldenResult]:
    """Ask every query with the defaults of its parameters and compare the answer with the golden one.

    Rows are compared in order where the order is the query's own, otherwise as a collection.
    """
    return [_test(store, query, prefixes) for query in queries]


def update_golden_answers(
    store: Store, queries: Iterable[SavedQuery], *, prefixes: Mapping[str, str]
) -> list[SavedQuery]:
    """Write the golden answers that are missing or differ, each atomically, and return the queries they are of."""
    changed = []
    for query in queries:
        rows = _answer(store, query, prefixes)
        file = expected_file(query)
        if file.is_file() and not _difference(_read(file), rows, ordered=query.ordered):
            continue
        _write(file, rows if query.ordered else [rows[0], *sorted(rows[1:])])
        changed.append(query)
    return changed


def _test(store: Store, query: SavedQuery, prefixes: Mapping[str, str]) -> GoldenResult:
    file = expected_file(query)
    try:
        rows = _answer(store, query, prefixes)
        if not file.is_file():
            update = f"look at 'kgtool query {query.name}', then write it with 'kgtool test {query.name} --update'"
            return GoldenResult(query.name, "missing", f"there is no {file.name}; {update}")
        diff = _difference(_read(file), rows, ordered=query.ordered)
    except KgError as exc:
        return GoldenResult(query.name, "error", str(exc))
    if diff:
        update = f"'kgtool test {query.name} --update' makes it the expected one"
        return GoldenResult(
            query.name, "failed", f"the answer is not that of {file.name}; if it is right, {update}", diff
        )
    return GoldenResult(query.name, "passed")


def _answer(store: Store, query: SavedQuery, prefixes: Mapping[str, str]) -> Rows:
    if query.form != "select":
        raise QueryError(
            f"{query.form.upper()} has no rows to compare", file=query.file, hint="write it as SELECT to test it"
        )
    stream = io.BytesIO()
    run(store, query, prefixes=prefixes).write(stream, "csv")
    return _parse(stream.getvalue().decode())


def _read(file: Path) -> Rows:
    try:
        rows = _parse(file.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise DataError(f"cannot read the golden answer: {exc}", file=file, hint="it must be UTF-8 CSV") from exc
    if not rows:
        raise DataError("the golden answer is empty", file=file, hint="its first line names the variables")
    return rows


def _parse(text: str) -> Rows:
    # A row of one empty cell is an empty line, which csv reads as a row without cells.
    return [tuple(row) or ("",) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]


def _write(file: Path, rows: Sequence[Sequence[str]]) -> None:
    try:
        replace_file(file, "".join(_line(row) + "\n" for row in rows))
    except OSError as exc:
        raise DataError(f"cannot write the golden answer: {exc.strerror}", file=file) from exc


def _difference(expected: Rows, got: Rows, *, ordered: bool) -> tuple[str, ...]:
    if expected[0] != got[0]:
        return (f"- {_line(expected[0])}", f"+ {_line(got[0])}")
    if ordered:
        lines: list[str] = []
        for tag, a, b, c, d in SequenceMatcher(None, expected, got, autojunk=False).get_opcodes():
            if tag != "equal":
                lines += [f"- {_line(row)}" for row in expected[a:b]]
                lines += [f"+ {_line(row)}" for row in got[c:d]]
        return tuple(lines)
    missing, surplus = Counter(expected[1:]), Counter(got[1:])
    missing, surplus = missing - surplus, surplus - missing
    return (
        *(f"- {_line(row)}" for row in sorted(missing.elements())),
        *(f"+ {_line(row)}" for row in sorted(surplus.elements())),
    )


def _line(row: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(row)
    return stream.getvalue()
