"""Whole-graph rules: ``queries/checks/*.rq``, run by the engine; every row is a finding."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

from kgtool.errors import QueryError
from kgtool.namespaces import compress
from kgtool.queries.checks import PLACEHOLDER, CheckQuery, read_check
from kgtool.report import Bilingual, Check, Finding, Severity
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Term
from kgtool.validate.triples import Triples

__all__ = ["run_checks"]

_SEVERITIES: dict[str, Severity] = {"violation": "violation", "warning": "warning", "info": "info"}


def run_checks(
    store: Store, files: Sequence[Path], data: Triples, *, prefixes: Mapping[str, str]
) -> tuple[list[Finding], list[Check]]:
    """Run checks on a store; findings have no place yet.

    :param data: the store's triples, for the labels in messages.
    :param prefixes: those a check may use without declaring them.
    :raises QueryError: if a check cannot be read or run, or two have one name.
    """
    # All are read first: a broken one is said before anything runs.
    checks = [read_check(file) for file in files]
    named: dict[str, CheckQuery] = {}
    for check in checks:
        other = named.setdefault(check.name, check)
        if other is not check:
            raise QueryError(
                f"a second check called '{check.name}'", file=check.file, hint=f"the first is {other.file}"
            )
    findings: list[Finding] = []
    for check in checks:
        try:
            result = store.query(check.text, prefixes=prefixes, file=check.file)
        except QueryError as exc:
            # The engine's answers may not leave the thread that made them, not even in a traceback.
            traceback.clear_frames(exc.__traceback__)
            raise
        if "focus" not in result.variables:
            raise QueryError(
                "a check must select ?focus", file=check.file, hint="its rows are the things that are wrong"
            )
        for row in result.rows():
            bound = {name: term for name, term in zip(result.variables, row, strict=True) if term is not None}
            findings.append(_finding(check, bound, data, prefixes))
    return findings, [Check(check.name, "check") for check in checks]


def _finding(check: CheckQuery, row: Mapping[str, Term], data: Triples, prefixes: Mapping[str, str]) -> Finding:
    path, sentence = row.get("path"), row.get("sentence")
    return Finding(
        severity=_SEVERITIES[check.severity],
        check=check.name,
        message=_fill(check.message, row, data, prefixes),
        repair=_fill(check.repair, row, data, prefixes) if check.repair else None,
        focus=row.get("focus"),
        path=path if isinstance(path, IRI) else None if path is None else path.value,
        value=row.get("value"),
        sentence=sentence if isinstance(sentence, IRI) else None,
    )


def _fill(texts: Mapping[str, str], row: Mapping[str, Term], data: Triples, prefixes: Mapping[str, str]) -> Bilingual:
    """Put a row's terms into a text: things by their labels, literals by their words."""

    def words(name: str, language: int) -> str:
        term = row.get(name)
        if term is None:
            return "—"
        label = None if not isinstance(term, IRI) else data.label(term)
        if label is not None:
            return label[language]
        if isinstance(term, IRI):
            return compress(term.value, prefixes)
        return f"_:{term.value}" if isinstance(term, BlankNode) else term.value

    return Bilingual(
        PLACEHOLDER.sub(lambda match: words(match[1], 0), texts["en"]),
        PLACEHOLDER.sub(lambda match: words(match[1], 1), texts["zh-Hans"]),
    )
