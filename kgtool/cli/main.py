"""The ``kgtool`` command group: it knows the commands by name and imports only the one that runs."""

from __future__ import annotations

import difflib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import click

from kgtool.cli.session import Session

__all__ = ["COMMANDS", "cli", "run"]

#: Every command and where it is defined.
COMMANDS = {
    "analyse": "kgtool.cli.analyse:analyse",
    "article": "kgtool.cli.article:article",
    "ask": "kgtool.cli.ask:ask",
    "build": "kgtool.cli.build:build",
    "coverage": "kgtool.cli.coverage:coverage",
    "diff": "kgtool.cli.diff:diff",
    "mcp": "kgtool.cli.mcp:mcp",
    "export": "kgtool.cli.export:export",
    "new": "kgtool.cli.new:new",
    "push": "kgtool.cli.push:push",
    "queries": "kgtool.cli.queries:queries",
    "query": "kgtool.cli.query:query",
    "serve": "kgtool.cli.serve:serve",
    "show": "kgtool.cli.show:show",
    "stats": "kgtool.cli.stats:stats",
    "test": "kgtool.cli.test:test",
    "validate": "kgtool.cli.validate:validate",
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, COMMANDS, n=2)
            ctx.fail(f"no command '{name}'" + (f"; did you mean {' or '.join(near)}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup,
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
