"""``kgtool site``."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Self

import click

from kgtool.cli.session import Session, pass_session
from kgtool.labels import LANGUAGES

__all__ = ["site"]


@click.command(epilog="Example: kgtool site public --lang en")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--lang",
    "languages",
    type=click.Choice(LANGUAGES),
    multiple=True,
    help="A language of the pages, may be repeated; the first is at the root. Default: en, zh-Hans, zh-Hant.",
)
@pass_session
def site(session: Session, folder: Path, languages: tuple[str, ...]) -> None:
    """Write the explorer's pages into DIR, as files for any web host.

    Links are relative, so the site works under any path. The same graph gives the same bytes. A site that is there
    already is replaced as a whole; a folder with anything else in it is refused.
    """
    from kgtool.build import build
    from kgtool.explorer.dataset import base_of
    from kgtool.explorer.visit import About, Sources
    from kgtool.namespaces import read_prefixes
    from kgtool.queries.catalogue import read_catalogue
    from kgtool.queries.saved import is_answerable
    from kgtool.site import write_site
    from kgtool.store.embedded import EmbeddedStore

    project = session.project
    opened = session.open()
    store = opened.in_memory() if isinstance(opened, EmbeddedStore) else opened
    about = About(project.root.name, build(project).hash, version("kgtool"), str(project.folder))
    prefixes = read_prefixes(project.prefixes_file)
    queries = {name: query for name, query in read_catalogue(project).items() if is_answerable(query)}
    sources = Sources(store, prefixes, queries, base_of(store), about, {})
    chosen = tuple(dict.fromkeys(languages)) or ("en", "zh-Hans", "zh-Hant")
    with _Progress(quiet=session.quiet) as progress:
        written = write_site(folder, sources, languages=chosen, advance=progress.advance)
    session.say(f"{written.pages} pages, {written.files} files, {written.size / 1e6:.1f} MB: {folder}")


class _Progress:
    """A bar on a terminal; nothing elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._bar = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("pages", total=None)
        return self

    def advance(self, done: int, known: int) -> None:
        """Say that so many pages are written, of so many."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=known)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
