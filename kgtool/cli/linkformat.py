"""``kgtool link format``."""

from __future__ import annotations

from pathlib import Path

import click

from kgtool.cli.session import Session, pass_session
from kgtool.files import replace_text
from kgtool.linksets import format_linkset, read_linkset

__all__ = ["format_links"]


@click.command("format", epilog="Example: kgtool link format graph/links/wikidata.sssom.tsv")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@pass_session
def format_links(session: Session, files: tuple[Path, ...]) -> None:
    """Write linksets in SSSOM's canonical form: rows and columns in order, what all rows share once.

    Without files, all of the project's. Columns that neither SSSOM nor the file declares are dropped.
    """
    project = session.project
    if not files:
        project.refuse_if_installed()
    for file in files or project.link_files():
        name = project.relative(file.absolute())
        text = format_linkset(read_linkset(file, name=name))
        if text != file.read_text(encoding="utf-8"):
            replace_text(file, text)
            print(name)
