"""``kgtool build``."""

from __future__ import annotations

import click

from kgtool.cli.session import Session, pass_session

__all__ = ["build"]


@click.command(epilog="Example: kgtool build")
@pass_session
def build(session: Session) -> None:
    """Build the store from the project's files."""
