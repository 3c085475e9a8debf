"""How commands that find faults give their reports: the options for it, and the writing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from kgtool.cli.quick import write_result
from kgtool.cli.session import Session
from kgtool.report import REPORT_FORMATS, Report, count_line, render_human

__all__ = ["give_report", "report_options"]

_Command = TypeVar("_Command", bound=Callable[..., object])


def report_options(command: _Command) -> _Command:
    """Give a command the options ``--format``, ``-o`` and ``--fail-on``."""
    for option in (
        click.option(
            "--fail-on", type=click.Choice(["violation", "warning"]), default="violation", help="Default: violation."
        ),
        click.option(
            "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write a file, not stdout."
        ),
        click.option(
            "--format", "form", type=click.Choice(list(REPORT_FORMATS)), default="human", help="Default: human."
        ),
    ):
        command = option(command)
    return command


def give_report(report: Report, form: str, output: Path | None, session: Session) -> None:
    """Write a report to stdout or a file; of a file the counts are said."""
    colour = form == "human" and output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = render_human(report, colour=True) if colour else REPORT_FORMATS[form](report)
    write_result(lambda stream: stream.write(text.encode()), output)
    if output is not None:
        session.say(f"{count_line(report)}; written to {output}")
