"""Where cited sentences stand: place, gist and quotes of each, and, with the text, its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kgtool.errors import DataError
from kgtool.evidence.sentences import BATCH, integer
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


_ARTICLE, _SECTION = f"{DCTERMS}isPartOf", f"{IP}section"
_NUMBERS = (f"{IP}paragraph", f"{IP}number", f"{OA}start", f"{OA}end")


def read_passages(store: Store, names: Iterable[str], languages: Sequence[str]) -> dict[str, Passage]:
    """Read where sentences stand.

    :param names: IRIs; those that are no sentences are left out.
    :param languages: the order of preference for gists and titles.
    """
    # All that is said of a sentence: naming what is wanted takes longer, one look-up for each property.
    said: dict[str, dict[str, list[Term]]] = {}
    for name, (predicate, value) in _ask(store, ("p", "o"), f"?thing a <{IP}Sentence> ; ?p ?o", names):
        if predicate is not None and value is not None:
            said.setdefault(name, {}).setdefault(predicate.value, []).append(value)
    order = {language.lower(): rank for rank, language in enumerate(languages)}
    placed = {value.value for found in said.values() for key in (_ARTICLE, _SECTION) for value in found.get(key, ())}
    titles: dict[str, list[Term]] = {}
    for name, (text,) in _ask(store, ("text",), f"?thing <{SKOS}prefLabel>|<{SCHEMA}headline> ?text", placed):
        if text is not None:
            titles.setdefault(name, []).append(text)
    title_of = {name: title for name, texts in titles.items() if (title := _best(texts, order)) is not None}
    passages = {}
    for name, found in said.items():
        article, section = (found[key][-1].value if key in found else None for key in (_ARTICLE, _SECTION))
        paragraph, number, start, end = (int(found[key][-1].value) if key in found else None for key in _NUMBERS)
        passages[name] = Passage(
            name,
            article,
            None if article is None else title_of.get(article),
            None if section is None else title_of.get(section, section),
            paragraph,
            number,
            start,
            end,
            _best(found.get(f"{IP}gist", ()), order),
            tuple(dict.fromkeys(other.value for other in found.get(f"{IP}reliesOn", ()))),
        )
    return passages


def read_quotes(store: Store, wanted: Iterable[tuple[str, Term]]) -> dict[tuple[str, Term], list[str]]:
    """Read the phrases that sentences are quoted with for things.

    :param wanted: a sentence and a thing each.
    """
    pairs = sorted((sentence, thing) for sentence, thing in wanted if isinstance(thing, IRI))
    found: dict[tuple[str, Term], list[str]] = {}
    for start in range(0, len(pairs), BATCH):
        rows = [(integer(i), IRI(one), thing) for i, (one, thing) in enumerate(pairs[start : start + BATCH], start)]
        pattern = values(["i", "sentence", "thing"], rows)
        pattern += f" GRAPH ?sentence {{ ?thing <{IP}quote> ?quote }}"
        for number, quote in store.query(f"SELECT ?i ?quote WHERE {{ {pattern} }} ORDER BY ?quote").rows():
            if number is not None and quote is not None:
                found.setdefault(pairs[int(number.value)], []).append(quote.value)
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


def _best(texts: Iterable[Term], order: Mapping[str, int]) -> str | None:
    """Choose the text in the first of the languages that there is one in; any other comes after them."""
    ranked = [
        (order.get((text.language or "").lower(), len(order)), text.value)
        for text in texts
        if isinstance(text, Literal)
    ]
    return min(ranked)[1] if ranked else None


def _ask(
    store: Store, columns: Sequence[str], pattern: str, names: Iterable[str]
) -> Iterator[tuple[str, list[Term | None]]]:
    """Ask for something of each ``?thing``."""
    asked = sorted(name for name in names if is_iri(name))
    selected = " ".join(f"?{column}" for column in ("i", *columns))
    for start in range(0, len(asked), BATCH):
        rows = [(integer(i), IRI(name)) for i, name in enumerate(asked[start : start + BATCH], start)]
        query = f"SELECT {selected} WHERE {{ {values(['i', 'thing'], rows)} {pattern} }}"
        for number, *row in store.query(query).rows():
            if number is not None:
                yield asked[int(number.value)], row
