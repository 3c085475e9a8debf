"""Where cited sentences stand: place, gist and quotes of each, and, with the text, its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kgtool.errors import DataError
from kgtool.evidence.sentences import BATCH
from kgtool.namespaces import DCTERMS, IP, OA, SCHEMA, SKOS
from kgtool.sparql import is_iri, values
from kgtool.store import Store
from kgtool.terms import IRI, Literal, Term
from kgtool.text.segments import digest

__all__ = ["Passage", "Source", "marks_of", "read_passages", "read_quotes", "source_of"]


class Passage(NamedTuple):
    """A sentence: where it stands, and what it says in our words."""

    sentence: str
    article: str | None
    title: str | None
    section: str | None
    paragraph: int | None
    number: int | None
    #: Its range in the text, in characters; the end is the first one after it.
    start: int | None
    end: int | None
    gist: str | None
    #: The sentences that name the subject or the period that this one leaves out.
    relies_on: tuple[str, ...]

    @property
    def place(self) -> tuple[str, int, str]:
        """Sort by this for reading order."""
        return (self.article or "", self.number or 0, self.sentence)


class Source(NamedTuple):
    """The text of an article."""

    article: str
    text: str
    #: Whether it is the text folded to Simplified.
    simplified: bool


_COLUMNS = ("sentence", "article", "section", "paragraph", "number", "start", "end")


def read_passages(store: Store, names: Iterable[str], languages: Sequence[str]) -> dict[str, Passage]:
    """Read where sentences stand.

    :param names: IRIs; those that are no sentences are left out.
    :param languages: the order of preference for gists and titles.
    """
    record = (
        f"?sentence a <{IP}Sentence> ."
        f" OPTIONAL {{ ?sentence <{DCTERMS}isPartOf> ?article }}"
        f" OPTIONAL {{ ?sentence <{IP}section> ?section }}"
        f" OPTIONAL {{ ?sentence <{IP}paragraph> ?paragraph }}"
        f" OPTIONAL {{ ?sentence <{IP}number> ?number }}"
        f" OPTIONAL {{ ?sentence <{OA}start> ?start }}"
        f" OPTIONAL {{ ?sentence <{OA}end> ?end }}"
    )
    rows = _ask(store, _COLUMNS, record, names)
    found = {row[0].value: row for row in rows if row[0] is not None}
    gists = _texts(store, f"<{IP}gist>", found, languages)
    relied = _ask(store, ("sentence", "other"), f"?sentence <{IP}reliesOn> ?other", found)
    articles = {row[1].value for row in found.values() if row[1] is not None}
    sections = {row[2].value for row in found.values() if row[2] is not None}
    titles = _texts(store, f"<{SKOS}prefLabel>|<{SCHEMA}headline>", articles | sections, languages)
    passages = {}
    for name, (_, article, section, *numbers) in found.items():
        paragraph, number, start, end = (None if term is None else int(term.value) for term in numbers)
        others = dict.fromkeys(other.value for one, other in relied if one and other and one.value == name)
        passages[name] = Passage(
            name,
            article and article.value,
            titles.get(article.value) if article else None,
            titles.get(section.value, section.value) if section else None,
            paragraph,
            number,
            start,
            end,
            gists.get(name),
            tuple(others),
        )
    return passages


def read_quotes(store: Store, wanted: Iterable[tuple[str, Term]]) -> dict[tuple[str, Term], list[str]]:
    """Read the phrases that sentences are quoted with for things.

    :param wanted: a sentence and a thing each.
    """
    pairs = sorted((IRI(sentence), thing) for sentence, thing in wanted if isinstance(thing, IRI))
    found: dict[tuple[str, Term], list[str]] = {}
    for start in range(0, len(pairs), BATCH):
        pattern = values(["sentence", "thing"], pairs[start : start + BATCH])
        pattern += f" GRAPH ?sentence {{ ?thing <{IP}quote> ?quote }}"
        query = f"SELECT ?sentence ?thing ?quote WHERE {{ {pattern} }} ORDER BY ?quote"
        for sentence, thing, quote in store.query(query).rows():
            if sentence is not None and thing is not None and quote is not None:
                found.setdefault((sentence.value, thing), []).append(quote.value)
    return found


def source_of(store: Store, text: str, *, file: object = None) -> Source:
    """Find out which article a text is of, by its hash.

    :raises DataError: if it is of none.
    """
    found = digest(text)
    query = (
        f"SELECT ?article ?kind WHERE {{ VALUES ?kind {{ <{IP}sha256> <{IP}simplifiedSha256> }}"
        " ?article ?kind ?hash . FILTER (STR(?hash) = STR(?found)) }"
    )
    kinds = {
        article.value: kind.value
        for article, kind in store.query(query, bindings={"found": Literal(found)}).rows()
        if article is not None and kind is not None
    }
    if not kinds:
        raise DataError(
            f"this is the text of none of the articles: it has {len(text)} characters and SHA-256 {found[:12]}…",
            file=file,
            hint="give the text as published, or folded to Simplified, with nothing added, cut or corrected",
        )
    article = min(kinds)
    return Source(article, text, kinds[article].endswith("simplifiedSha256"))


def marks_of(sentence: str, quotes: Iterable[str], *, simplified: bool = False) -> tuple[tuple[int, int], ...]:
    """Say where quotes stand in a sentence: ranges that neither overlap nor touch.

    >>> marks_of("光学和造船、光学", ["光学", "学和"])
    ((0, 3), (6, 8))
    """
    if simplified:
        from kgtool.text.scripts import simplify_keeping_length

        quotes = [simplify_keeping_length(quote) for quote in quotes]
    ranges = []
    for quote in quotes:
        at = sentence.find(quote) if quote else -1
        while at >= 0:
            ranges.append((at, at + len(quote)))
            at = sentence.find(quote, at + 1)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _texts(store: Store, path: str, names: Iterable[str], languages: Sequence[str]) -> dict[str, str]:
    """Read a text of each thing, in the first of the languages that it has; any other comes after them."""
    order = {language.lower(): rank for rank, language in enumerate(languages)}
    best: dict[str, tuple[int, str]] = {}
    for name, text in _ask(store, ("sentence", "text"), f"?sentence {path} ?text", names):
        if name is not None and isinstance(text, Literal):
            candidate = (order.get((text.language or "").lower(), len(order)), text.value)
            best[name.value] = min(best.get(name.value, candidate), candidate)
    return {name: text for name, (_, text) in best.items()}


def _ask(store: Store, columns: Sequence[str], pattern: str, names: Iterable[str]) -> list[tuple[Term | None, ...]]:
    asked = sorted(name for name in names if is_iri(name))
    rows: list[tuple[Term | None, ...]] = []
    for start in range(0, len(asked), BATCH):
        wanted = values(["sentence"], [[IRI(name)] for name in asked[start : start + BATCH]])
        selected = " ".join(f"?{column}" for column in columns)
        rows += store.query(f"SELECT {selected} WHERE {{ {wanted} {pattern} }}").rows()
    return rows
