"""What every command shares: the project it works on, and how it speaks to the person."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path

import click

from kgtool.build import BuildResult, open_built
from kgtool.project import Project, find_project
from kgtool.store import Store, open_store

__all__ = ["Session", "pass_session", "services_option", "store_option"]


class Session:
    """One run of the program.

    :param folder: what ``--project`` gave.
    :param quiet: whether messages on stderr are wanted.
    """

    def __init__(self, folder: Path | None = None, *, quiet: bool = False) -> None:
        self._folder = folder
        self.quiet = quiet

    @cached_property
    def project(self) -> Project:
        """The project, found when first needed."""
        return find_project(self._folder)

    def open(self, location: str | None = None) -> Store:
        """Open the graph to ask: the project's own, or what ``--store`` gave."""
        return open_store(location) if location else open_built(self.project, on_build=self.say_built)

    def say(self, message: str) -> None:
        """Write a message to stderr, unless ``--quiet`` was given."""
        if not self.quiet:
            print(f"kgtool: {message}", file=sys.stderr, flush=True)

    def say_built(self, result: BuildResult) -> None:
        """Say that a command had to build the store first."""
        self.say(f"built the store: {result.total} triples in {result.seconds:.1f} s")


#: Decorator: hand the run's :class:`Session` to a command as its first argument.
pass_session = click.make_pass_decorator(Session)

#: Decorator: the option of a command that can ask another graph than the project's.
store_option = click.option(
    "--store", "location", metavar="LOCATION", help="Ask RDF files or a SPARQL endpoint, not the project's graph."
)

#: Decorator: the option of a command whose queries may ask other endpoints by SERVICE.
services_option = click.option(
    "--allow-service",
    "services",
    metavar="IRI[=LOCATION]",
    multiple=True,
    help="An endpoint that SERVICE may name, and where it is.",
)
