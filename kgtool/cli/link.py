"""``kgtool link``: links to other datasets."""

from __future__ import annotations

import click

from kgtool.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "link"]

#: Every sub-command and where it is defined.
COMMANDS = {
    "check": "kgtool.cli.linkcheck:check",
    "enrich": "kgtool.cli.linkenrich:enrich",
    "format": "kgtool.cli.linkformat:format_links",
    "list": "kgtool.cli.linklist:list_links",
    "review": "kgtool.cli.linkreview:review",
    "suggest": "kgtool.cli.linksuggest:suggest_links",
}


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog="Example: kgtool link list")
def link() -> None:
    """Link the graph with other datasets: see, check and enrich what graph/links/ holds, and find more."""
