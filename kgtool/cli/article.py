"""``kgtool article``."""

from __future__ import annotations

from pathlib import Path

import click

from kgtool.cli.session import Session, pass_session
from kgtool.scaffold import add_article

__all__ = ["article"]


@click.group(epilog="\b\nExample: kgtool new city && cd city && kgtool article add README.md --slug one")
def article() -> None:
    """Work on the project's articles."""


@article.command(epilog="\b\nExample: kgtool new city && cd city && kgtool article add README.md --slug one")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--slug", help="Its folder and part of its IRI; by default made from the file's name.")
@click.option("--title", help="Its title.")
@click.option("--date", metavar="YYYY-MM-DD", help="The day it was published.")
@click.option("--source", help="Where it was published: a name or an address.")
@click.option("--force", is_flag=True, help="Replace the article of that slug, with all its facts.")
@pass_session
def add(
    session: Session,
    file: Path,
    slug: str | None,
    title: str | None,
    date: str | None,
    source: str | None,
    force: bool,
) -> None:
    """Segment a text into sentences and write the skeleton of its facts.

    Writes article.ttl (sentences, ranges, hashes) and facts.trig (an empty block per sentence that names the numerals
    and the known things in it) into graph/articles/SLUG/. The text itself is not copied.
    """
    added = add_article(session.project, file, slug=slug, title=title, date=date, source=source, force=force)
    for name in ("article.ttl", "facts.trig"):
        print(session.project.relative(added.folder / name))
    session.say(
        f"{added.paragraphs} paragraphs, {added.sentences} sentences; {added.numerals} numerals and {added.names} "
        f"known names wait for facts; next: state them, then 'kgtool coverage --text {file}'"
    )


@article.command(epilog="Example: kgtool article pack articles.jsonl")
@click.argument("file", type=click.Path(path_type=Path))
@pass_session
def pack(session: Session, file: Path) -> None:
    """Write the project's articles as rows of a table: article, file, content.

    FILE ends with .parquet or .jsonl. 'kgtool build --engine spark --articles FILE' makes the same graph from it as
    from the folders; a lake of such tables may be made by other programs too.
    """
    from kgtool.build.lake import pack_articles

    session.say(f"{pack_articles(session.project, file)} articles packed into {file}")
