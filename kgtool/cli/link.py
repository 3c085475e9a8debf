"""``kgtool link``: links to other datasets."""

from __future__ import annotations

import click

from kgtool.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "link"]

#: Every sub-command and where it is defined.
COMMANDS = {
    "list": "kgtool.cli.linklist:list_links",
}


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog="Example: kgtool link list")
def link() -> None:
    """Link the graph with other datasets: see, check and enrich what graph/links/ holds."""
