"""Golden answers beside a saved query, and what differs from them now.

``<name>.expected.csv`` holds the rows of a SELECT (https://www.w3.org/TR/sparql11-results-csv-tsv/),
``<name>.expected.nt`` the sorted triples of a CONSTRUCT (https://www.w3.org/TR/n-triples/), and
``<name>.expected.json`` the answer to an ASK (https://www.w3.org/TR/sparql11-results-json/).
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import DataError, KgError, QueryError
from kgtool.files import replace_text
from kgtool.queries.parameters import run
from kgtool.queries.saved import SavedQuery
from kgtool.store import Store
from kgtool.store.services import allow
from kgtool.terms import BlankNode, Literal, Term, n3

__all__ = [
    "GoldenResult",
    "compare_answers",
    "expected_file",
    "run_golden_tests",
    "update_golden_answers",
    "with_stand_ins",
]

#: The rows of an answer; the first is the header. Triples are rows of one cell, and so is true or false.
Rows = list[tuple[str, ...]]

#: The file of each form's golden answer, and the header of what has no columns.
_SUFFIXES = {"select": ".csv", "ask": ".json", "construct": ".nt", "describe": ".nt"}
_TRIPLES = ("triple",)
_ASKED = ("boolean",)


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
    return Path(query.file).with_suffix(f".expected{_SUFFIXES[query.form]}")


def run_golden_tests(store: Store, queries: Iterable[SavedQuery], *, prefixes: Mapping[str, str]) -> list[GoldenResult]:
    """Ask every query with the defaults of its parameters and compare the answer with the golden one.

    An endpoint that a query asks by ``SERVICE`` is represented by the file that its header names.

    Rows are compared in order where the order is the query's own, otherwise as a collection; triples as a set.
    """
    return [_test(store, query, prefixes) for query in queries]


def with_stand_ins(store: Store, query: SavedQuery) -> Store:
    """Return the store with the files that stand, in tests, for the endpoints that a query asks."""
    folder = Path(query.file).parent
    return allow(store, {iri: str(folder / file) for iri, file in query.services}) if query.services else store


def update_golden_answers(
    store: Store, queries: Iterable[SavedQuery], *, prefixes: Mapping[str, str]
) -> list[SavedQuery]:
    """Write the golden answers that are missing or differ, each atomically, and return the queries they are of."""
    changed = []
    for query in queries:
        rows = _answer(store, query, prefixes)
        file = expected_file(query)
        if file.is_file() and not _difference(_read(file), rows, ordered=_is_ordered(query)):
            continue
        _write(file, rows if query.ordered else [rows[0], *sorted(rows[1:])])
        changed.append(query)
    return changed


def compare_answers(
    stores: Mapping[str, Store], query: SavedQuery, *, prefixes: Mapping[str, str]
) -> dict[str, Rows | KgError]:
    """Ask several stores, and return their answers so that they are equal where a golden test would find them so.

    :returns: by the stores' names, the header and the rows, or why there is no answer.
    """
    answers: dict[str, Rows | KgError] = {}
    for name, store in stores.items():
        try:
            rows = _answer(store, query, prefixes)
        except KgError as exc:
            answers[name] = exc
        else:
            answers[name] = rows if _is_ordered(query) else [rows[0], *sorted(rows[1:])]
    return answers


def _test(store: Store, query: SavedQuery, prefixes: Mapping[str, str]) -> GoldenResult:
    file = expected_file(query)
    try:
        rows = _answer(store, query, prefixes)
        if not file.is_file():
            update = f"look at 'kgtool query {query.name}', then write it with 'kgtool test {query.name} --update'"
            return GoldenResult(query.name, "missing", f"there is no {file.name}; {update}")
        diff = _difference(_read(file), rows, ordered=_is_ordered(query))
    except KgError as exc:
        return GoldenResult(query.name, "error", str(exc))
    if diff:
        update = f"'kgtool test {query.name} --update' makes it the expected one"
        return GoldenResult(
            query.name, "failed", f"the answer is not that of {file.name}; if it is right, {update}", diff
        )
    return GoldenResult(query.name, "passed")


def _is_ordered(query: SavedQuery) -> bool:
    return query.ordered and query.form == "select"


def _answer(store: Store, query: SavedQuery, prefixes: Mapping[str, str]) -> Rows:
    result = run(with_stand_ins(store, query), query, prefixes=prefixes)
    if result.form == "ask":
        return [_ASKED, ("true" if result.boolean else "false",)]
    if result.form == "graph":
        triples = {f"{' '.join(_stable(term, query) for term in triple)} ." for triple in result.triples()}
        return [_TRIPLES, *((triple,) for triple in sorted(triples))]
    stream = io.BytesIO()
    result.write(stream, "csv")
    return _parse(stream.getvalue().decode())


def _stable(term: Term, query: SavedQuery) -> str:
    """Write a term in the one way that every store agrees on: some keep the case of a language tag, some do not."""
    if isinstance(term, BlankNode):
        raise QueryError(
            "a triple of the answer has a blank node, which has another name each time",
            file=query.file,
            hint="construct IRIs, so that the answer can be compared",
        )
    return n3(term._replace(language=term.language.lower()) if isinstance(term, Literal) and term.language else term)


def _read(file: Path) -> Rows:
    try:
        text = file.read_bytes().decode("utf-8-sig")
        if file.suffix == ".nt":
            return [_TRIPLES, *((line.strip(),) for line in text.split("\n") if line.strip())]
        if file.suffix == ".json":
            return [_ASKED, (json.dumps(json.loads(text)["boolean"]),)]
        rows = _parse(text)
    except (OSError, ValueError, TypeError, KeyError, csv.Error) as exc:
        kind = _KINDS[file.suffix]
        raise DataError(f"cannot read the golden answer: {exc}", file=file, hint=f"it must be UTF-8 {kind}") from exc
    if not rows:
        raise DataError("the golden answer is empty", file=file, hint="its first line names the variables")
    return rows


_KINDS = {".csv": "CSV", ".nt": "N-Triples", ".json": 'JSON: {"head": {}, "boolean": true}'}


def _parse(text: str) -> Rows:
    # A row of one empty cell is an empty line, which csv reads as a row without cells.
    return [tuple(row) or ("",) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]


def _write(file: Path, rows: Sequence[Sequence[str]]) -> None:
    if file.suffix == ".json":
        lines = [f'{{"head": {{}}, "boolean": {rows[1][0]}}}']
    else:
        lines = [row[0] for row in rows[1:]] if file.suffix == ".nt" else [_line(row) for row in rows]
    try:
        replace_text(file, "".join(f"{line}\n" for line in lines))
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
        *(f"- {_shown(expected, row)}" for row in sorted(missing.elements())),
        *(f"+ {_shown(expected, row)}" for row in sorted(surplus.elements())),
    )


def _line(row: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(row)
    return stream.getvalue()


def _shown(rows: Rows, row: Sequence[str]) -> str:
    """Write a row as its file does: a triple as it is."""
    return row[0] if rows[0] == _TRIPLES else _line(row)
