"""What a validation found, and its six renderings."""

from __future__ import annotations

from collections.abc import Callable

from kgtool.report.findings import Bilingual, Check, Finding, Report, Severity, make_report
from kgtool.report.human import count_line, render_human
from kgtool.report.junit import render_junit
from kgtool.report.sarif import render_sarif
from kgtool.report.tree import describe_finding, read_finding, render_json
from kgtool.report.turtle import render_turtle
from kgtool.report.webpage import render_html

__all__ = [
    "REPORT_FORMATS",
    "Bilingual",
    "Check",
    "Finding",
    "Report",
    "Severity",
    "count_line",
    "describe_finding",
    "make_report",
    "read_finding",
    "render_human",
]

#: Every format a report can be written in.
REPORT_FORMATS: dict[str, Callable[[Report], str]] = {
    "human": render_human,
    "json": render_json,
    "turtle": render_turtle,
    "junit": render_junit,
    "sarif": render_sarif,
    "html": render_html,
}
