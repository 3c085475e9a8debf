"""``kgtool stats``."""

from __future__ import annotations

import click

from kgtool.cli.session import Session, pass_session

__all__ = ["stats"]


@click.command(epilog="Example: kgtool stats")
@pass_session
def stats(session: Session) -> None:
    """Count what the graph holds."""
