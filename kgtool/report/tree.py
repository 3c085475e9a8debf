"""A report as JSON; terms are written as in SPARQL results.

https://www.w3.org/TR/sparql11-results-json/#select-encode-terms
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kgtool.report.findings import Bilingual, Finding, Report
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["describe_finding", "read_finding", "render_json"]


def render_json(report: Report) -> str:
    """Write a report as a JSON object."""
    return (
        json.dumps(
            {
                "conforms": report.conforms,
                "fail_on": report.fail_on,
                "counts": report.counts(),
                "sources": list(report.sources),
                "checks": [
                    {**check._asdict(), "findings": len(report.of_check(check.name))} for check in report.checks
                ],
                "findings": [describe_finding(finding) for finding in report.findings],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def describe_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding as an object of JSON; the shape and the component it is from are left out."""
    return {
        "severity": finding.severity,
        "check": finding.check,
        "message": finding.message._asdict(),
        "repair": finding.repair and finding.repair._asdict(),
        "focus": _term(finding.focus),
        "label": finding.label and finding.label._asdict(),
        "path": finding.path.value if isinstance(finding.path, IRI) else finding.path,
        "value": _term(finding.value),
        "sentence": finding.sentence and finding.sentence.value,
        "file": finding.file,
        "line": finding.line,
    }


def read_finding(described: Mapping[str, Any]) -> Finding:
    """Return the finding that :func:`describe_finding` described."""
    texts = {name: described[name] and Bilingual(**described[name]) for name in ("message", "repair", "label")}
    path, sentence = described["path"], described["sentence"]
    return Finding(
        severity=described["severity"],
        check=described["check"],
        message=texts["message"],
        repair=texts["repair"],
        focus=_read_term(described["focus"]),
        label=texts["label"],
        # A path of several steps has its IRIs in brackets.
        path=path if path is None or "<" in path else IRI(path),
        value=_read_term(described["value"]),
        sentence=sentence and IRI(sentence),
        file=described["file"],
        line=described["line"],
    )


def _read_term(described: Mapping[str, str] | None) -> Term | None:
    if described is None:
        return None
    if described["type"] == "uri":
        return IRI(described["value"])
    if described["type"] == "bnode":
        return BlankNode(described["value"])
    return Literal(described["value"], described.get("xml:lang"), described.get("datatype"))


def _term(term: Term | None) -> dict[str, str] | None:
    if term is None:
        return None
    if isinstance(term, IRI):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    extra = {"xml:lang": term.language, "datatype": None if term.language else term.datatype}
    return {"type": "literal", "value": term.value, **{key: text for key, text in extra.items() if text}}
