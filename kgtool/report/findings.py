"""Findings and the report that holds them, in one order whatever order they were found in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal as OneOf
from typing import NamedTuple

from kgtool.namespaces import compress
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = ["SEVERITIES", "Bilingual", "Check", "Finding", "Report", "Severity", "make_report"]

Severity = OneOf["violation", "warning", "info"]

#: The severities, the worst first.
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")


class Bilingual(NamedTuple):
    """One text in English and in Simplified Chinese."""

    en: str
    zh: str


class Finding(NamedTuple):
    """One thing that is wrong, or looks wrong."""

    severity: Severity
    #: The name of the shape, check or rule that found it.
    check: str
    message: Bilingual
    repair: Bilingual | None = None
    #: The thing it is about, and what people call it.
    focus: Term | None = None
    label: Bilingual | None = None
    #: The property: an IRI, or a longer SPARQL path.
    path: IRI | str | None = None
    value: Term | None = None
    #: The sentence whose graph holds the triple.
    sentence: IRI | None = None
    file: str | None = None
    line: int | None = None
    #: The SHACL shape and constraint component, where it was one.
    shape: Term | None = None
    component: IRI | None = None


class Check(NamedTuple):
    """Something that was looked for, whether or not it was found."""

    name: str
    #: ``shape``, ``check``, ``source``, ``vacuity`` …
    kind: str
    #: How many things were looked at, where that can be counted.
    examined: int | None = None


class Report(NamedTuple):
    """What a validation looked at, and what it found."""

    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    #: What was validated: files or a store, by name.
    sources: tuple[str, ...]
    prefixes: Mapping[str, str]
    #: The least severity that makes the validation fail.
    fail_on: Severity

    @property
    def conforms(self) -> bool:
        """Whether no finding is as severe as ``fail_on`` or more."""
        return not any(self.fails(finding) for finding in self.findings)

    def fails(self, finding: Finding) -> bool:
        """Tell whether a finding is severe enough to make the validation fail."""
        return SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.fail_on)

    def counts(self) -> dict[Severity, int]:
        """Count the findings of each severity."""
        return {severity: sum(f.severity == severity for f in self.findings) for severity in SEVERITIES}

    def of_check(self, name: str) -> list[Finding]:
        """Return the findings of one check."""
        return [finding for finding in self.findings if finding.check == name]

    def short(self, term: Term | str) -> str:
        """Write a term as people do: a CURIE, a literal in quotes, a path as it is."""
        if isinstance(term, str):
            return term
        if isinstance(term, IRI):
            return compress(term.value, self.prefixes)
        if isinstance(term, Literal) and term.datatype and not term.language:
            return f"{n3(Literal(term.value))}^^{compress(term.datatype, self.prefixes)}"
        return n3(term)


def make_report(
    findings: Iterable[Finding],
    checks: Iterable[Check] = (),
    *,
    sources: Iterable[str] = (),
    prefixes: Mapping[str, str] | None = None,
    fail_on: Severity = "violation",
) -> Report:
    """Put findings and checks in order; equal findings are one, and a check that found something is a check."""
    ordered = tuple(sorted(set(findings), key=_order))
    named = {check.name: check for check in checks}
    for finding in ordered:
        named.setdefault(finding.check, Check(finding.check, "other"))
    return Report(
        ordered,
        tuple(sorted(named.values(), key=lambda check: (check.kind, check.name))),
        tuple(sources),
        dict(prefixes or {}),
        fail_on,
    )


def _order(finding: Finding) -> tuple[object, ...]:
    # The labels of blank nodes change from run to run: they must not decide the order before what people can read.
    terms = [t for t in (finding.focus, finding.value) if t is not None]
    return (
        SEVERITIES.index(finding.severity),
        finding.check,
        finding.file or "",
        finding.line or 0,
        [n3(t) for t in terms if not isinstance(t, BlankNode)],
        str(finding.path or ""),
        finding.message,
        [n3(t) for t in terms],
        finding.sentence.value if finding.sentence else "",
    )
