"""``kgtool test``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import click

from kgtool.cli.session import Session, pass_session, store_option
from kgtool.namespaces import read_prefixes
from kgtool.queries.catalogue import find_query, read_catalogue
from kgtool.queries.golden import GoldenResult, expected_file, run_golden_tests, update_golden_answers
from kgtool.table import visible

__all__ = ["test"]

#: Characters that XML cannot hold: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@click.command(epilog="Example: kgtool test leading-industries")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--update", is_flag=True, help="Write the answers of now as the expected ones.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "junit"]), default="table", help="Default: table."
)
@store_option
@pass_session
@click.pass_context
def test(
    ctx: click.Context, session: Session, names: tuple[str, ...], update: bool, form: str, location: str | None
) -> None:
    """Compare the answers of the saved queries with their golden ones, queries/NAME.expected.csv (.nt, .json)."""
    project = session.project
    queries = [find_query(project, name) for name in names] if names else list(read_catalogue(project).values())
    prefixes = read_prefixes(project.prefixes_file)
    store = session.open(location)
    if update:
        project.refuse_if_installed()
        for query in update_golden_answers(store, queries, prefixes=prefixes):
            session.say(f"wrote {project.relative(expected_file(query))}")
    results = run_golden_tests(store, queries, prefixes=prefixes)
    print(_FORMATS[form](results), end="")
    ctx.exit(0 if all(result.status == "passed" for result in results) else 1)


def _table(results: Sequence[GoldenResult]) -> str:
    lines: list[str] = []
    for result in results:
        lines.append(f"{result.status:7} {result.name}" + (f": {visible(result.message)}" if result.message else ""))
        lines += [f"    {visible(line)}" for line in result.diff]
    passed = sum(result.status == "passed" for result in results)
    return "".join(f"{line}\n" for line in [*lines, f"{passed} of {len(results)} passed"])


def _json(results: Sequence[GoldenResult]) -> str:
    return json.dumps([result._asdict() for result in results], ensure_ascii=False, indent=2) + "\n"


def _junit(results: Sequence[GoldenResult]) -> str:
    failures = sum(result.status in {"failed", "missing"} for result in results)
    errors = sum(result.status == "error" for result in results)
    head = f'<testsuite name="queries" tests="{len(results)}" failures="{failures}" errors="{errors}">'
    cases = "".join(_case(result) for result in results)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{cases}</testsuite>\n'


def _case(result: GoldenResult) -> str:
    case = f'  <testcase classname="queries" name={quoteattr(result.name)}'
    if result.status == "passed":
        return f"{case}/>\n"
    tag = "error" if result.status == "error" else "failure"
    message = quoteattr(_NOT_IN_XML.sub("\ufffd", result.message))
    diff = escape(_NOT_IN_XML.sub("\ufffd", "\n".join(result.diff)))
    return f"{case}><{tag} message={message}>{diff}</{tag}></testcase>\n"


_FORMATS = {"table": _table, "json": _json, "junit": _junit}
