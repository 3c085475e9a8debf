"""``kgtool link check``."""

from __future__ import annotations

from pathlib import Path

import click

from kgtool.cli.reports import give_report, report_options
from kgtool.cli.session import Session, pass_session
from kgtool.report import Severity

__all__ = ["check"]


@click.command(epilog="Example: kgtool link check --format json")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@report_options
@pass_session
@click.pass_context
def check(
    ctx: click.Context, session: Session, files: tuple[Path, ...], form: str, output: Path | None, fail_on: Severity
) -> None:
    """Check linksets: the project's, or the files given, against the things of the graph.

    Prefixes and identifiers, what is missing or out of date, links between things of different kinds, links that are
    there twice or contradict one another. Exits 0 if they are sound, 1 if there are findings, 2 if it cannot run.
    """
    from kgtool.link.check import check_linksets

    report = check_linksets(session.project, files, fail_on=fail_on)
    give_report(report, form, output, session)
    ctx.exit(0 if report.conforms else 1)
