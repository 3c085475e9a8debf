"""``kgtool validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from kgtool.cli.reports import give_report, report_options
from kgtool.cli.session import Session, pass_session, store_option
from kgtool.report import Report, Severity

__all__ = ["validate"]

_FILE = click.Path(path_type=Path)


@click.command(epilog="Example: kgtool validate --format sarif -o findings.sarif")
@click.option("--text", "texts", metavar="FILE", type=_FILE, multiple=True, help="An article's text, to compare with.")
@click.option("--data", metavar="FILE", type=_FILE, multiple=True, help="RDF to validate instead of the project.")
@click.option("--shapes", metavar="FILE", type=_FILE, multiple=True, help="SHACL shapes for --data.")
@click.option("--engine", type=click.Choice(["compiled", "pyshacl"]), default="compiled", help="Default: compiled.")
@report_options
@store_option
@pass_session
@click.pass_context
def validate(
    ctx: click.Context,
    session: Session,
    texts: tuple[Path, ...],
    data: tuple[Path, ...],
    shapes: tuple[Path, ...],
    form: str,
    output: Path | None,
    engine: Literal["compiled", "pyshacl"],
    fail_on: Severity,
    location: str | None,
) -> None:
    """Check the graph: shapes, whole-graph rules, spelling, ranges and quotes.

    With --text the source's hash, every range and every quote are compared with the article's text. With --data and
    --shapes any RDF files are validated. Shapes are compiled to SPARQL and run by the store; --engine pyshacl has the
    reference run them. Exits 0 if the graph conforms, 1 if there are findings, 2 if it cannot run.
    """
    report = _report(session, texts, data, shapes, engine, fail_on, location)
    give_report(report, form, output, session)
    ctx.exit(0 if report.conforms else 1)


def _report(
    session: Session,
    texts: tuple[Path, ...],
    data: tuple[Path, ...],
    shapes: tuple[Path, ...],
    engine: Literal["compiled", "pyshacl"],
    fail_on: Severity,
    location: str | None,
) -> Report:
    from kgtool.validate import validate_files, validate_project

    def say_fallback(shape: str, reason: str) -> None:
        session.say(f"{shape} is not compiled ({reason}): pySHACL runs it")

    if bool(data) != bool(shapes):
        raise click.UsageError("--data and --shapes go together")
    if data:
        if location:
            raise click.UsageError("--store is for a project's graph; --data is a graph of its own")
        if texts:
            raise click.UsageError("--text is for a project's articles, not for --data")
        return validate_files(data, shapes, fail_on=fail_on, engine=engine, on_fallback=say_fallback)
    return validate_project(
        session.project,
        texts=texts,
        fail_on=fail_on,
        on_build=session.say_built,
        store=session.open(location) if location else None,
        engine=engine,
        on_fallback=say_fallback,
    )
