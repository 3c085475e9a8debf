"""A report as SARIF, which code hosts and editors show beside the lines of the files.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from kgtool.report.findings import Check, Finding, Report, Severity

__all__ = ["render_sarif"]

_LEVELS: dict[Severity, str] = {"violation": "error", "warning": "warning", "info": "note"}


def render_sarif(report: Report) -> str:
    """Write a report as a SARIF 2.1.0 log of one run, whose rules are the checks."""
    from importlib.metadata import version  # 20 ms that other formats need not wait for

    rules = {check.name: number for number, check in enumerate(report.checks)}
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "kgtool",
                        "version": version("kgtool"),
                        "rules": [_rule(report, check) for check in report.checks],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": True, "exitCode": 0 if report.conforms else 1}],
                "results": [_result(report, finding, rules[finding.check]) for finding in report.findings],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(report: Report, check: Check) -> dict[str, Any]:
    findings = report.of_check(check.name)
    rule: dict[str, Any] = {"id": check.name, "properties": {"kind": check.kind}}
    repair = next((f.repair for f in findings if f.repair), None)
    if repair:
        rule["help"] = {"text": f"{repair.en}\n{repair.zh}"}
    return rule


def _result(report: Report, finding: Finding, rule: int) -> dict[str, Any]:
    about = report.short(finding.focus) if finding.focus is not None else ""
    texts = [f"{about}: {finding.message.en}" if about else finding.message.en, finding.message.zh]
    texts += [f"→ {text}" for text in finding.repair or ()]
    result: dict[str, Any] = {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(texts)},
    }
    if finding.file is not None:
        place: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.file)}}
        if finding.line is not None:
            place["region"] = {"startLine": finding.line}
        result["locations"] = [{"physicalLocation": place}]
    return result


def _uri(file: str) -> str:
    """Write a path as a URI reference: relative where the path is."""
    return Path(file).as_uri() if PurePath(file).is_absolute() else quote(PurePath(file).as_posix())
