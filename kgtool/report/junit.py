"""A report as JUnit XML: one test case for each check, those that found nothing included.

https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import itertools
import re
from html import escape

from kgtool.report.findings import Check, Finding, Report
from kgtool.report.human import location

__all__ = ["render_junit"]

#: Characters that XML 1.0 cannot hold, escaped or not.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: Report) -> str:
    """Write a report as a suite for each kind of check; findings below ``fail_on`` are output, not failures."""
    suites = [
        _suite(report, kind, list(checks))
        for kind, checks in itertools.groupby(report.checks, key=lambda check: check.kind)
    ]
    failures = len({f.check for f in report.findings if report.fails(f)})
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="kgtool validate" tests="{len(report.checks)}" failures="{failures}">\n'
        f"{''.join(suites)}</testsuites>\n"
    )


def _suite(report: Report, kind: str, checks: list[Check]) -> str:
    failures = len([check for check in checks if any(report.fails(f) for f in report.of_check(check.name))])
    cases = "".join(_case(report, check) for check in checks)
    return f'  <testsuite name={_quote(kind)} tests="{len(checks)}" failures="{failures}">\n{cases}  </testsuite>\n'


def _case(report: Report, check: Check) -> str:
    findings = report.of_check(check.name)
    head = f"    <testcase classname={_quote(check.kind)} name={_quote(check.name)}"
    if not findings:
        return f"{head}/>\n"
    failing = [finding for finding in findings if report.fails(finding)]
    others = [finding for finding in findings if not report.fails(finding)]
    inside = ""
    if failing:
        number = f"{len(failing)} finding{'s' if len(failing) > 1 else ''}: "
        inside += (
            f"      <failure type={_quote(failing[0].severity)} message={_quote(number + failing[0].message.en)}>"
            f"{_escape(_text(report, failing))}</failure>\n"
        )
    if others:
        inside += f"      <system-out>{_escape(_text(report, others))}</system-out>\n"
    return f"{head}>\n{inside}    </testcase>\n"


def _text(report: Report, findings: list[Finding]) -> str:
    lines: list[str] = []
    for finding in findings:
        about = [location(finding), report.short(finding.focus) if finding.focus is not None else ""]
        lines.append(" ".join([*filter(None, about), finding.severity]))
        lines += [f"  {text}" for text in finding.message]
        lines += [f"  → {text}" for text in finding.repair or ()]
    return "\n".join(lines)


def _escape(text: str) -> str:
    return escape(_ILLEGAL.sub("\ufffd", text))


def _quote(text: str) -> str:
    # Without the references, a parser reads white space in an attribute as spaces.
    return f'"{_escape(text)}"'.replace("\n", "&#10;").replace("\t", "&#9;")
