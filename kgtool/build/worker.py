"""What a worker does with its share of a project's articles: make their quads, judge them, measure what they cover.

What it makes are rows. A row is a quad of an article, or a note about it: what is wrong with it, what was found in it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from kgtool.articles import read_article
from kgtool.build.article import make_article
from kgtool.build.shared import Shared, read_shared, refuse_strange_articles
from kgtool.build.sources import Sources, read_article_sources, read_shared_sources
from kgtool.errors import KgError, ProjectError
from kgtool.project import Project
from kgtool.report import Finding, describe_finding
from kgtool.validate.parts import Rules, find_empty_articles, find_in_part, place, read_rules, split
from kgtool.validate.scope import Quad, find_scattered
from kgtool.validate.triples import Triples, read_triples

__all__ = ["Row", "Task", "make_rows"]

#: Articles that are judged together: what they share is judged with them every time.
_TOGETHER = 25

#: What follows a predicate: an object, and a graph if there is one.
_REST = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?|[^" ]+)(?: ([^" ]+))?')

#: The name of an article's folder, or nothing for what articles share; the terms of a quad as N-Quads writes them;
#: whether its triple joins the union; or, instead of a quad, a note as JSON.
Row = tuple[str, str | None, str | None, str | None, str | None, bool, str | None]


class Task(NamedTuple):
    """What workers are told, all of them alike.

    :param folder: the project's folder.
    :param digest: the hash of what its articles share.
    :param validate: whether articles are judged.
    :param texts: a folder of texts, ``SLUG.txt``, if what articles cover is to be measured.
    """

    folder: str
    digest: str
    validate: bool = True
    texts: str | None = None


class _Shared(NamedTuple):
    """What articles share, in a worker's process."""

    sources: Sources
    shared: Shared
    rules: Rules | None
    #: What is found in it without any article: not the articles' fault.
    known: frozenset[Finding]
    quads: tuple[Quad, ...]


#: By the task: read once in every process.
_here: dict[Task, _Shared] = {}


def make_rows(task: Task, slugs: Iterable[str]) -> Iterator[Row]:
    """Make the rows of some articles; for the empty name, those of what they share.

    :raises ProjectError: if this machine sees other files, or has another version of the engine.
    """
    made: dict[str, bytes] = {}
    for slug in slugs:
        here = _shared_here(task)
        if not slug:
            for line in _lines(_dump(here.shared)):
                row = _split(line)
                yield "", *row, row[3] == "", None
            continue
        begun = time.perf_counter()
        try:
            made[slug] = _make(here, slug)
        except KgError as exc:
            yield _note(slug, "error", file=exc.file, line=exc.line, message=exc.message, hint=exc.hint)
            continue
        yield _note(slug, "made", seconds=time.perf_counter() - begun)
        for line in _lines(made[slug]):
            yield slug, *_split(line), True, None
        if task.texts is not None:
            yield from _cover(here, slug, Path(task.texts))
        if task.validate and len(made) == _TOGETHER:
            yield from _judge(here, made)
            made.clear()
    if task.validate and made:
        yield from _judge(_shared_here(task), made)


def _shared_here(task: Task) -> _Shared:
    if task not in _here:
        project = Project(task.folder)
        sources = read_shared_sources(project)
        if sources.shared_digest != task.digest:
            hint = "every machine must see the same files under the same name, and have the same versions installed"
            raise ProjectError("a worker sees another project than the one to build", file=task.folder, hint=hint)
        _here.clear()
        shared = read_shared(sources, told=lambda _: None)
        rules = read_rules(project) if task.validate else None
        known, quads = frozenset[Finding](), tuple[Quad, ...]()
        if rules is not None:
            quads = tuple(("", *_split(line)) for line in _lines(_dump(shared)))
            judged = split(rules, find_scattered(quads), shared.draft).apart
            known = frozenset(find_in_part(rules, shared.draft, [], judged))
        _here[task] = _Shared(sources, shared, rules, known, quads)
    return _here[task]


def _dump(shared: Shared) -> bytes:
    dumped = BytesIO()
    shared.draft.dump(dumped)
    return dumped.getvalue()


def _make(here: _Shared, slug: str) -> bytes:
    of_article = read_article_sources(here.sources, slug)
    refuse_strange_articles(of_article)
    return make_article(of_article, here.shared, slug)


def _judge(here: _Shared, made: dict[str, bytes]) -> Iterator[Row]:
    """Judge some articles by the rules that can be judged with no others at hand, as far as these articles tell."""
    begun = time.perf_counter()
    rules, shared = here.rules, here.shared
    assert rules is not None
    slugs = sorted(made)
    quads: list[Quad] = [(slug, *_split(line)) for slug in slugs for line in _lines(made[slug])]
    names = split(rules, find_scattered([*here.quads, *quads]), shared.draft).apart
    folders = [shared.project.root / "graph" / "articles" / slug for slug in slugs]
    with shared.draft.layer() as layer:
        for slug in slugs:
            layer.load(made[slug], "nquads", file=slug, prefixes=shared.prefixes)
        articles = [read_article(folder) for folder in folders]
        found = [one for one in find_in_part(rules, shared.draft, articles, names) if one not in here.known]
        found += find_empty_articles(rules, folders)
        placed = place(rules, found, Triples(read_triples(shared.draft)), folders) if found else []
    for one, where in zip(found, placed, strict=True):
        yield _note("", "finding", found=describe_finding(one), placed=describe_finding(where))
    yield _note("", "judged", seconds=time.perf_counter() - begun)


def _cover(here: _Shared, slug: str, texts: Path) -> Iterator[Row]:
    """Measure what an article covers of its text, if that is there."""
    from kgtool.coverage import Names, measure_coverage
    from kgtool.text.segments import read_text

    begun = time.perf_counter()
    file = texts / f"{slug}.txt"
    if not file.is_file():
        return
    project = here.shared.project
    if project.folder not in _names:
        _names.clear()
        _names[project.folder] = Names(project)
    try:
        article = read_article(project.root / "graph" / "articles" / slug)
        covered = measure_coverage(project, article, read_text(file), file=file, names=_names[project.folder])
    except KgError as exc:
        said: dict[str, Any] = {"error": str(exc)}
    else:
        said = {"facts": covered.facts, **{name: list(counts) for name, counts in covered.counts().items()}}
    yield _note(slug, "coverage", **said, seconds=time.perf_counter() - begun)


#: The names of a project's things, by its folder.
_names: dict[str, Any] = {}


def _note(slug: str, kind: str, **said: object) -> Row:
    return slug, None, None, None, None, False, json.dumps({"note": kind, **said}, ensure_ascii=False)


def _lines(quads: bytes) -> list[str]:
    lines = quads.decode().removesuffix("\n")
    return lines.split("\n") if lines else []  # str.splitlines would break lines inside literals


def _split(line: str) -> tuple[str, str, str, str]:
    """Take a line of N-Quads, as the engine writes it, apart; the default graph has no name.

    >>> _split('<urn:s> <urn:p> "a <b>" .')
    ('<urn:s>', '<urn:p>', '"a <b>"', '')
    >>> _split('<urn:s> <urn:p> <urn:o> <urn:g> .')
    ('<urn:s>', '<urn:p>', '<urn:o>', '<urn:g>')
    """
    subject, predicate, rest = line.removesuffix(" .").split(" ", 2)
    found = _REST.fullmatch(rest)
    assert found is not None, line
    return subject, predicate, found[1], found[2] or ""
