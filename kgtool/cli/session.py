"""What every command shares: the project it works on, and how it speaks to the person."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path

import click

from kgtool.build import BuildResult
from kgtool.project import Project, find_project

__all__ = ["Session", "pass_session"]


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

    def say(self, message: str) -> None:
        """Write a message to stderr, unless ``--quiet`` was given."""
        if not self.quiet:
            print(f"kgtool: {message}", file=sys.stderr, flush=True)

    def say_built(self, result: BuildResult) -> None:
        """Say that a command had to build the store first."""
        self.say(f"built the store: {result.total} triples in {result.seconds:.1f} s")


#: Decorator: hand the run's :class:`Session` to a command as its first argument.
pass_session = click.make_pass_decorator(Session)
