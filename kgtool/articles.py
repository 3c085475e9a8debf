"""An article's record: its sentences, where they stand in its text, and the file of its facts; never the text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import DataError, NotFoundError
from kgtool.namespaces import IP, OA, RDF
from kgtool.positions import read_positions
from kgtool.project import Project
from kgtool.terms import IRI, Literal, Term
from kgtool.text.segments import digest, simplified_digest

__all__ = ["Article", "Sentence", "article_of_text", "check_text", "read_article", "read_articles"]


class Sentence(NamedTuple):
    """A sentence: its place in the text, what it says in our words, and what kind of sentence it is."""

    iri: str
    number: int
    paragraph: int
    section: str | None
    start: int
    end: int
    #: By language tag, as written.
    gists: Mapping[str, str]
    role: str | None
    #: Why there is no fact in it, by language tag.
    reason: Mapping[str, str]
    repeats: tuple[str, ...]
    #: Where it begins in ``article.ttl``.
    line: int


class Article(NamedTuple):
    """An article: what identifies its text, and its sentences in their order."""

    iri: str
    slug: str
    sha256: str | None
    simplified_sha256: str | None
    length: int | None
    sentences: tuple[Sentence, ...]
    #: What else ``article.ttl`` says of the article: property and value.
    statements: tuple[tuple[str, Term], ...]
    file: Path
    facts_file: Path


def read_article(folder: Path) -> Article:
    """Read ``article.ttl`` of an article's folder.

    :raises DataError: if it is not Turtle, describes no article or more than one, or a sentence lacks its number,
        paragraph or range.
    """
    file = folder / "article.ttl"
    if not file.is_file():
        raise DataError(
            "there is no article.ttl in this folder", file=folder, hint="make one with 'kgtool article add'"
        )
    things: dict[str, _Thing] = {}
    for position in read_positions(file):
        if isinstance(position.subject, IRI):
            thing = things.setdefault(position.subject.value, _Thing(position.line, file, []))
            thing.statements.append((position.predicate.value, position.object, position.line))
    articles = [iri for iri, thing in things.items() if thing.is_a(IP + "NewsArticle")]
    if len(articles) != 1:
        raise DataError(
            f"it describes {len(articles)} articles", file=file, hint="exactly one thing must be an ip:NewsArticle"
        )
    article = things[articles[0]]
    sentences = [_sentence(iri, thing) for iri, thing in things.items() if thing.is_a(IP + "Sentence")]
    numbers: dict[int, Sentence] = {}
    for sentence in sentences:
        other = numbers.setdefault(sentence.number, sentence)
        if other is not sentence:
            raise DataError(
                f"sentence number {sentence.number} is given twice, first on line {other.line}",
                file=file,
                line=sentence.line,
                hint="number the sentences in reading order",
            )
    return Article(
        iri=articles[0],
        slug=folder.name,
        sha256=article.text(IP + "sha256"),
        simplified_sha256=article.text(IP + "simplifiedSha256"),
        length=article.integer(IP + "length"),
        sentences=tuple(sorted(sentences, key=lambda s: s.number)),
        statements=tuple((predicate, value) for predicate, value, _ in article.statements),
        file=file,
        facts_file=folder / "facts.trig",
    )


def read_articles(project: Project) -> list[Article]:
    """Read every article of a project, in the order of their slugs."""
    return [read_article(folder) for folder in project.article_folders()]


def check_text(article: Article, text: str, *, file: object = None) -> None:
    """Make sure that a text is the article's, as published or folded to Simplified.

    :param file: where the text comes from, for the message.
    :raises DataError: if it is another text, or the article has no hash to compare with.
    """
    if article.sha256 is None and article.simplified_sha256 is None:
        raise DataError(
            "the article has no ip:sha256, so no text can be recognised as its",
            file=article.file,
            hint=f'add ip:sha256 "{digest(text)}" if {file or "this text"} is the article',
        )
    found = digest(text)
    if found not in (article.sha256, article.simplified_sha256):
        simplified = simplified_digest(text) == article.simplified_sha256
        raise DataError(
            f"this is not the text of article '{article.slug}': it has {len(text)} characters and SHA-256 "
            f"{found[:12]}…, the article {article.length} and {str(article.sha256)[:12]}…",
            file=file,
            hint="its characters are of mixed scripts: give the text as published"
            if simplified
            else "give the text as published, or folded to Simplified, with nothing added, cut or corrected",
        )


def article_of_text(articles: list[Article], text: str, *, file: object = None) -> Article:
    """Return the article that a text is of.

    :raises DataError: if it is the text of none of them.
    :raises NotFoundError: if there is no article.
    """
    if not articles:
        raise NotFoundError("the project has no article", hint="add one with 'kgtool article add FILE'")
    found = digest(text)
    for article in articles:
        if found in (article.sha256, article.simplified_sha256):
            return article
    if len(articles) == 1:
        check_text(articles[0], text, file=file)
    raise DataError(
        f"this is the text of none of the articles {', '.join(a.slug for a in articles)}",
        file=file,
        hint="give the text as published, or folded to Simplified, with nothing added, cut or corrected",
    )


class _Thing(NamedTuple):
    """What a file says of one thing: property, value, line."""

    line: int
    file: Path
    statements: list[tuple[str, Term, int]]

    def is_a(self, class_: str) -> bool:
        return any(p == RDF + "type" and o == IRI(class_) for p, o, _ in self.statements)

    def values(self, predicate: str) -> list[Term]:
        return [o for p, o, _ in self.statements if p == predicate]

    def text(self, predicate: str) -> str | None:
        return next((o.value for o in self.values(predicate)), None)

    def texts(self, predicate: str) -> dict[str, str]:
        literals = [o for o in self.values(predicate) if isinstance(o, Literal)]
        return {o.language or "": o.value for o in literals}

    def integer(self, predicate: str) -> int | None:
        for p, value, line in self.statements:
            if p == predicate:
                if not value.value.isdecimal():
                    name = predicate.rpartition("#")[2]
                    raise DataError(
                        f"{name} is '{value.value}'", file=self.file, line=line, hint="write a whole number"
                    )
                return int(value.value)
        return None

    def required(self, predicate: str, name: str) -> int:
        number = self.integer(predicate)
        if number is None:
            raise DataError(
                f"a sentence has no {name}", file=self.file, line=self.line, hint="'kgtool article add' writes it"
            )
        return number


def _sentence(iri: str, thing: _Thing) -> Sentence:
    return Sentence(
        iri=iri,
        number=thing.required(IP + "number", "ip:number"),
        paragraph=thing.required(IP + "paragraph", "ip:paragraph"),
        section=thing.text(IP + "section"),
        start=thing.required(OA + "start", "oa:start"),
        end=thing.required(OA + "end", "oa:end"),
        gists=thing.texts(IP + "gist"),
        role=thing.text(IP + "sentenceRole"),
        reason=thing.texts(IP + "roleReason"),
        repeats=tuple(o.value for o in thing.values(IP + "repeats")),
        line=thing.line,
    )
