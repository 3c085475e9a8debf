"""A report as JSON; terms are written as in SPARQL results.

https://www.w3.org/TR/sparql11-results-json/#select-encode-terms
"""

from __future__ import annotations

import json
from typing import Any

from kgtool.report.findings import Finding, Report
from kgtool.terms import IRI, BlankNode, Term

__all__ = ["render_json"]


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
                "findings": [_finding(finding) for finding in report.findings],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _finding(finding: Finding) -> dict[str, Any]:
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


def _term(term: Term | None) -> dict[str, str] | None:
    if term is None:
        return None
    if isinstance(term, IRI):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    extra = {"xml:lang": term.language, "datatype": None if term.language else term.datatype}
    return {"type": "literal", "value": term.value, **{key: text for key, text in extra.items() if text}}
