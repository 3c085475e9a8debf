"""``kgtool coverage``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from kgtool.articles import Article, article_of_text, read_article, read_articles
from kgtool.cli.session import Session, pass_session
from kgtool.coverage import Coverage, SentenceCoverage, count_decided, measure_coverage, percent
from kgtool.errors import KgError, NotFoundError
from kgtool.namespaces import IP
from kgtool.project import Project
from kgtool.table import render_markdown, render_table
from kgtool.text.segments import read_text

__all__ = ["coverage"]


@click.command(epilog="\b\nExample: kgtool new demo && cd demo && kgtool coverage --text qingping-2029.txt")
@click.option("--text", "file", type=click.Path(path_type=Path), metavar="FILE", help="The article's text, in UTF-8.")
@click.option("--article", "slug", metavar="SLUG", help="The article; by default the one that the text is of.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", help="Default: table."
)
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit 1 if less than this is decided."
)
@pass_session
@click.pass_context
def coverage(
    ctx: click.Context, session: Session, file: Path | None, slug: str | None, form: str, fail_under: float | None
) -> None:
    """Tell what of an article's text is in no fact.

    Sentence by sentence: how many facts it has, and which of its numerals and of the names the project knows are in
    none of them. A sentence without facts needs a reason in article.ttl.
    """
    project = session.project
    if file is None:
        raise KgError(
            "coverage compares the facts with the article's text, which is not in the project",
            hint="give the text as published with --text FILE",
        )
    text = read_text(file)
    article = _article(project, slug) if slug else article_of_text(read_articles(project), text, file=file)
    measured = measure_coverage(project, article, text, file=file)
    if form == "json":
        print(json.dumps(_described(measured, project), ensure_ascii=False, indent=2))
    else:
        headers, rows = ["paragraph", "%", "sentence", "role", "facts", "numerals", "names"], list(_rows(measured))
        render = render_markdown if form == "markdown" else render_table
        print(render(headers, rows, right=[0, 1, 2, 4, 5, 6]))
        print("\n".join(_lines(measured, project, bullet="- " if form == "markdown" else "")))
    if fail_under is not None and not float(measured.percent) >= fail_under:
        ctx.exit(1)


def _article(project: Project, slug: str) -> Article:
    folder = project.root / "graph" / "articles" / slug
    if folder not in project.article_folders():
        known = ", ".join(f.name for f in project.article_folders()) or "none"
        raise NotFoundError(f"there is no article '{slug}'", hint=f"the project has {known}")
    return read_article(folder)


def _rows(measured: Coverage) -> Iterator[list[str]]:
    for number, sentences in _paragraphs(measured):
        share = str(percent(*count_decided(sentences)["overall"]))
        for index, one in enumerate(sentences):
            yield [
                *((str(number), share) if index == 0 else ("", "")),
                str(one.sentence.number),
                (one.sentence.role or "").removeprefix(IP) + ("" if one.decided else " (missing)"),
                str(one.facts),
                f"{one.numerals_decided}/{one.numerals}",
                f"{one.names_decided}/{one.names}",
            ]


def _lines(measured: Coverage, project: Project, *, bullet: str) -> Iterator[str]:
    """List what is missing, each with the place to mend it, and the totals."""
    for one, missing in measured.missing:
        what = f"{missing.kind} {missing.text}".rstrip()
        yield f"{bullet}{_place(one, project)}: sentence {one.sentence.number}: missing {what}; {missing.repair}"
    if any(one.missing for one in measured.sentences):
        yield ""
    counts = measured.counts()
    overall = counts.pop("overall")
    shares = ", ".join(f"{part} of {whole} {name}" for name, (part, whole) in counts.items())
    yield f"{measured.article.slug}: {percent(*overall)} % decided ({shares}); {measured.facts} facts"


def _described(measured: Coverage, project: Project) -> dict[str, Any]:
    return {
        "article": measured.article.iri,
        "slug": measured.article.slug,
        "facts": measured.facts,
        **_shares(measured.sentences),
        "paragraphs": [
            {
                "number": number,
                **_shares(sentences),
                "details": [_sentence(one, project) for one in sentences],
            }
            for number, sentences in _paragraphs(measured)
        ],
    }


def _sentence(one: SentenceCoverage, project: Project) -> dict[str, Any]:
    sentence = one.sentence
    return {
        "sentence": sentence.iri,
        "number": sentence.number,
        "start": sentence.start,
        "end": sentence.end,
        "role": sentence.role,
        "reason": dict(sentence.reason),
        "repeats": list(sentence.repeats),
        "facts": one.facts,
        "decided": one.decided,
        **{name: share for name, share in _shares([one]).items() if name in ("numerals", "names")},
        "file": project.relative(one.file),
        "line": one.line,
        "missing": [missing._asdict() for missing in one.missing],
    }


def _shares(sentences: list[SentenceCoverage] | tuple[SentenceCoverage, ...]) -> dict[str, Any]:
    return {
        name: {"decided": part, "of": whole, "percent": float(percent(part, whole))}
        for name, (part, whole) in count_decided(sentences).items()
    }


def _paragraphs(measured: Coverage) -> list[tuple[int, list[SentenceCoverage]]]:
    grouped = groupby(measured.sentences, key=lambda one: one.sentence.paragraph)
    return [(number, list(sentences)) for number, sentences in grouped]


def _place(one: SentenceCoverage, project: Project) -> str:
    file = project.relative(one.file)
    return file if one.line is None else f"{file}:{one.line}"
