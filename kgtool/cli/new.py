"""``kgtool new``."""

from __future__ import annotations

from pathlib import Path

import click

from kgtool.cli.session import Session, pass_session
from kgtool.scaffold import new_project

__all__ = ["new"]


@click.command(epilog="Example: kgtool new qingping")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@pass_session
def new(session: Session, folder: Path) -> None:
    """Make a project with a short sample article, its facts, a shape, two queries and a test.

    DIR must be empty or not exist yet.
    """
    for file in new_project(folder):
        print(file)
    session.say(f"made a project; next: cd {folder} && kgtool build && kgtool validate --text qingping-2029.txt")
