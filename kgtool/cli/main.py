"""The ``kgtool`` command group: it knows the commands by name and imports only the one that runs."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click

from kgtool.cli.lazy import LazyGroup
from kgtool.cli.session import Session

__all__ = ["COMMANDS", "cli", "run"]

#: Every command and where it is defined.
COMMANDS = {
    "analyse": "kgtool.cli.analyse:analyse",
    "article": "kgtool.cli.article:article",
    "ask": "kgtool.cli.ask:ask",
    "bench": "kgtool.cli.bench:bench",
    "build": "kgtool.cli.build:build",
    "columns": "kgtool.cli.columns:columns",
    "coverage": "kgtool.cli.coverage:coverage",
    "diff": "kgtool.cli.diff:diff",
    "mcp": "kgtool.cli.mcp:mcp",
    "link": "kgtool.cli.link:link",
    "export": "kgtool.cli.export:export",
    "load": "kgtool.cli.load:load",
    "new": "kgtool.cli.new:new",
    "push": "kgtool.cli.push:push",
    "queries": "kgtool.cli.queries:queries",
    "query": "kgtool.cli.query:query",
    "search": "kgtool.cli.search:search",
    "serve": "kgtool.cli.serve:serve",
    "show": "kgtool.cli.show:show",
    "site": "kgtool.cli.site:site",
    "stats": "kgtool.cli.stats:stats",
    "test": "kgtool.cli.test:test",
    "validate": "kgtool.cli.validate:validate",
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: kgtool query leading-industries park=高新区",
)
@click.option("--project", "folder", metavar="DIR", type=click.Path(path_type=Path), help="The project's folder.")
@click.option("-q", "--quiet", is_flag=True, help="No messages on stderr but errors.")
@click.version_option(version("kgtool"), message="kgtool %(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None, quiet: bool) -> None:
    """Build, check and ask a knowledge graph made from a newspaper article.

    The project is the current folder or a parent that holds ontology/, graph/ and queries/, else the graph of
    Kunming's industrial parks that kgtool ships.
    """
    ctx.obj = Session(folder, quiet=quiet)


def run(args: list[str]) -> int:
    """Run one command and return its exit code: a command ends with ``ctx.exit(1)`` when it has findings."""
    try:
        with cli.make_context("kgtool", list(args)) as ctx:
            cli.invoke(ctx)
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.exceptions.NoArgsIsHelpError as exc:
        exc.show()
        return exc.exit_code
    except click.ClickException as exc:
        where = getattr(exc, "ctx", None)
        hint = f"; see '{where.command_path} --help'" if where else ""
        click.echo(f"kgtool: {exc.format_message().rstrip('.')}{hint}", err=True)
        return exc.exit_code
    return 0
