"""A report as one HTML file that needs nothing else."""

from __future__ import annotations

import itertools
from html import escape

from kgtool.report.findings import Bilingual, Finding, Report
from kgtool.report.human import SEVERITIES_ZH, count_line, location
from kgtool.table import visible

__all__ = ["render_html"]

_STYLE = """\
:root { color-scheme: light dark; --bad: #b3261e; --warn: #8a5a00; --note: #0b5cad; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --warn: #ffca66; --note: #8ec5ff; } }
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2rem auto;
    max-width: 72rem; padding: 0 1rem; background: Canvas; color: CanvasText; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
.violation { color: var(--bad); } .warning { color: var(--warn); } .info { color: var(--note); }
.repair { border-left: 3px solid var(--line); margin: .25rem 0; padding-left: .75rem; }
table { border-collapse: collapse; width: 100%; } p { margin: .25rem 0; }
th, td { border-top: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top;
    overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: .875em; } summary { cursor: pointer; margin-top: 2rem; }
"""


def render_html(report: Report) -> str:
    """Write a report as a page in English and Chinese, in light and dark."""
    groups = itertools.groupby(report.findings, key=lambda f: (f.severity, f.check))
    sections = "".join(_section(report, list(findings)) for _, findings in groups)
    sources = "".join(f"<li><code>{_shown(source)}</code></li>" for source in report.sources)
    checks = "".join(
        f"<tr><td><code>{_shown(check.name)}</code></td><td>{_shown(check.kind)}</td>"
        f"<td>{'' if check.examined is None else check.examined}</td><td>{len(report.of_check(check.name))}</td></tr>\n"
        for check in report.checks
    )
    title = "Validation report · 验证报告"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f'<p class="{"info" if report.conforms else "violation"}"><strong>{_shown(count_line(report))}</strong></p>\n'
        f"<ul>{sources}</ul>\n{sections}"
        f"<details><summary>All checks · 全部检查 ({len(report.checks)})</summary>\n<table>\n"
        "<tr><th>Check · 检查</th><th>Kind · 类别</th><th>Examined · 检查对象</th><th>Findings · 发现</th></tr>\n"
        f"{checks}</table>\n</details>\n</body>\n</html>\n"
    )


def _section(report: Report, findings: list[Finding]) -> str:
    severity, check = findings[0].severity, findings[0].check
    head = f"{severity} · {SEVERITIES_ZH[severity]}"
    rows = "".join(_row(report, finding) for finding in findings)
    return (
        f'<section>\n<h2><span class="{severity}">{head}</span> <code>{_shown(check)}</code></h2>\n'
        "<table>\n<tr><th>Where · 位置</th><th>What · 对象</th><th>Finding · 发现</th></tr>\n"
        f"{rows}</table>\n</section>\n"
    )


def _row(report: Report, finding: Finding) -> str:
    where = [location(finding), report.short(finding.sentence) if finding.sentence else ""]
    what = [f"<code>{_shown(report.short(finding.focus))}</code>"] if finding.focus is not None else []
    what += [_both(finding.label)] if finding.label else []
    said = [report.short(t) for t in (finding.path, finding.value) if t is not None]
    what += [f"<p><code>{_shown(' '.join(said))}</code></p>"] if said else []
    repair = f'<div class="repair">{_both(finding.repair)}</div>' if finding.repair else ""
    places = "<br>".join(f"<code>{_shown(text)}</code>" for text in where if text)
    return f"<tr><td>{places}</td><td>{''.join(what)}</td><td>{_both(finding.message)}{repair}</td></tr>\n"


def _both(text: Bilingual) -> str:
    return f'<p lang="en">{_shown(text.en)}</p><p lang="zh-Hans">{_shown(text.zh)}</p>'


def _shown(text: str) -> str:
    """Escape a text; a control character, which HTML cannot hold, becomes visible."""
    return escape(visible(text))
