"""A report for people at a terminal: grouped by check, aligned, in both languages."""

from __future__ import annotations

import itertools

from kgtool.report.findings import SEVERITIES, Finding, Report, Severity
from kgtool.table import display_width, visible

__all__ = ["count_line", "location", "render_human"]

#: The Chinese words for the severities.
SEVERITIES_ZH: dict[Severity, str] = {"violation": "违规", "warning": "警告", "info": "提示"}

#: A column is padded so far; what is wider sticks out.
_WIDEST = 64

_COLOURS: dict[str, str] = {"violation": "1;31", "warning": "1;33", "info": "1;36", "dim": "2", "good": "1;32"}


def render_human(report: Report, *, colour: bool = False) -> str:
    """Write a report as text, ending with a line of counts."""
    lines: list[str] = []
    for (severity, check), group in itertools.groupby(report.findings, key=lambda f: (f.severity, f.check)):
        findings = list(group)
        title = f"{severity} {SEVERITIES_ZH[severity]}  {check}"
        lines += [_paint(title, severity, colour) + (f"  ({len(findings)})" if len(findings) > 1 else "")]
        lines += [*_describe(report, findings, colour), ""]
    total = count_line(report)
    return "\n".join([*lines, _paint(total, "good" if report.conforms else "violation", colour)]) + "\n"


def count_line(report: Report) -> str:
    """Say in one line what was found, and whether that is fine."""
    counts = report.counts()
    english = ", ".join(f"{counts[s]} {s}{'' if counts[s] == 1 else 's'}" for s in SEVERITIES)
    chinese = "、".join(f"{counts[s]} 处{SEVERITIES_ZH[s]}" for s in SEVERITIES)
    verdict = "conforms 合格" if report.conforms else "does not conform 不合格"
    return f"{verdict}: {english} in {len(report.checks)} checks · {len(report.checks)} 项检查，{chinese}"


def location(finding: Finding) -> str:
    """Return ``file:line`` as far as known."""
    if finding.file is None:
        return ""
    return finding.file if finding.line is None else f"{finding.file}:{finding.line}"


def _describe(report: Report, findings: list[Finding], colour: bool) -> list[str]:
    """Write one check's findings: what they share once, the rest in columns that line up."""
    messages = {finding.message for finding in findings}
    repairs = {finding.repair for finding in findings}
    lines = [f"  {visible(text)}" for text in findings[0].message] if len(messages) == 1 else []
    rows = [_columns(report, finding) for finding in findings]
    widths = [min(_WIDEST, max(display_width(cell) for cell in column)) for column in zip(*rows, strict=True)]
    for finding, row in zip(findings, rows, strict=True):
        cells = [cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True) if width]
        if cells:
            lines.append("    " + "  ".join(cells).rstrip())
        if len(messages) > 1:
            lines += [f"      {visible(text)}" for text in finding.message]
        if len(repairs) > 1 and finding.repair:
            lines += [_paint(f"      → {text}", "dim", colour) for text in finding.repair]
    if len(repairs) == 1 and findings[0].repair:
        lines += [_paint(f"  → {text}", "dim", colour) for text in findings[0].repair]
    return lines


def _columns(report: Report, finding: Finding) -> tuple[str, ...]:
    name = report.short(finding.focus) if finding.focus is not None else ""
    if finding.label:
        # A label that is the same in both languages, or known in one only, is shown once.
        names = dict.fromkeys(text for text in (finding.label.zh, finding.label.en) if text)
        name += f" {' / '.join(_shorten(text, 30) for text in names)}"
    said = report.short(finding.path) if finding.path is not None else ""
    if finding.value is not None:
        said = f"{said} {_shorten(report.short(finding.value))}".strip()
    sentence = f"[{report.short(finding.sentence)}]" if finding.sentence else ""
    return visible(location(finding)), visible(name), visible(said), sentence


def _shorten(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _paint(text: str, role: str, colour: bool) -> str:
    return f"\x1b[{_COLOURS[role]}m{text}\x1b[0m" if colour else text
