"""Looks into an index, the surest first: the exact name; names that begin so, in letters or in sound; names that hold
all its words or characters; names that differ in one character; names that share some of it.

Each look is a walk over rows with how well they match. It asks FTS5 for the rarest terms of the question alone and
checks the rest itself: to walk through every name with 'industrial' in it would take as long as all else.
"""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kgtool.namespaces import expand
from kgtool.search import rating, tokens
from kgtool.search.folding import bare, fold, is_latin, runs, words
from kgtool.search.names import KINDS
from kgtool.search.nearness import deletions, key_of
from kgtool.search.pinyin import misspellings
from kgtool.search.question import LABELS, Question
from kgtool.search.vocabulary import Part, Vocabulary, marks

__all__ = ["IDENTIFIED", "Found", "Looks", "Row", "speaks"]


class Row(NamedTuple):
    """A form that may match: see :mod:`kgtool.search.writing`.

    :param spellings: ``[[kind, language, text], …]`` as JSON.
    """

    id: int
    thing: int
    folded: str
    bare: str
    readings: str
    spellings: str


#: Rows with how well they match.
Found = Iterable[tuple[Row, float]]

#: From a row to how well it matches; nothing if it does not.
_Rate = Callable[[Row], float | None]


#: The number of no form: the thing was named by its IRI.
IDENTIFIED = -1

#: Rows that one look goes through; that one for what is only near does.
_MOST_ROWS, _MOST_NEAR = 2000, 400
#: Names that are few enough for no other term to be asked for.
_FEW = 300
#: Terms that a look for something in common takes.
_MOST_RARE = 4
#: How much must be in common.
_NEAR = 0.34
#: Fewer initials are part of too many names; more are those of a sentence.
_INITIALS = range(2, 25)
#: Misspellings of pinyin that are tried, and what a name is worth that one of them finds.
_MOST_MISSPELLINGS, _MISSPELT = 40, 0.5

_CURIE = KINDS.index("curie")

_COLUMNS = "form.id, thing, COALESCE(folded, bare), bare, COALESCE(readings, ''), spellings"


class Looks:
    """Looks into one index.

    :param characters: from characters to their Simplified counterparts.
    :param prefixes: those of CURIEs.
    """

    def __init__(
        self, database: sqlite3.Connection, *, characters: Mapping[int, str], prefixes: Mapping[str, str]
    ) -> None:
        self._db = database
        self._characters = characters
        self._prefixes = prefixes
        self._vocabulary = Vocabulary(database)

    def of(self, question: Question, *, fuzzy: bool) -> Iterator[tuple[Found, bool]]:
        """Return one look after the other, each with whether it is only for when nothing else was found."""
        yield self._identified(question), False
        prefix, colon, _ = question.text.partition(":")
        if colon and prefix in self._prefixes:
            yield self._curies(question), False
            if fuzzy:
                yield self._near_curies(question), False
            return
        yield self.exact(question), False
        if not (question.unspaced or question.words):
            return
        parts = [*map(self._vocabulary.pair, _pairs(question.unspaced)), *self._vocabulary.words(question.words)]
        sounds = is_latin(question.bare)
        yield self._beginning(question, parts), False
        if sounds:
            yield self._sounding(question, question.bare), False
            yield self._initials(question, question.bare), False
        yield self._holding(question, parts), False
        if not fuzzy:
            return
        yield self._one_off(question), False
        yield self._words_off(question), False
        if sounds:
            yield self._sounding_alike(question), True
        yield self._sharing(question), True

    # The looks --------------------------------------------------------------------------------------------------------

    def exact(self, question: Question) -> Iterator[tuple[Row, float]]:
        """Find names that are the question, but for script, width, case, accents; then those that differ in signs."""
        for row in self._forms("WHERE bare = ? ORDER BY id LIMIT ?", [question.bare, _MOST_ROWS]):
            if self._admits(question, row):
                yield row, rating.EXACT if row.folded == question.folded else rating.NEARLY_EXACT

    def _identified(self, question: Question) -> Iterator[tuple[Row, float]]:
        """Find a thing by its IRI or CURIE."""
        text = question.text.removeprefix("<").removesuffix(">")
        iri = expand(text, self._prefixes) or text
        found = self._db.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
        if found is not None and question.kinds & LABELS and self._is_within(found[0], question):
            yield Row(IDENTIFIED, found[0], "", "", "", ""), rating.EXACT

    def _curies(self, question: Question) -> Iterator[tuple[Row, float]]:
        """Find CURIEs that begin like the question."""
        prefix, local = self._curie(question)

        def rate(row: Row) -> float | None:
            return rating.rate_beginning(local, row.folded) if row.folded.startswith(local) else None

        terms = [prefix, tokens.quoted(tokens.beginning(bare(local)))] if local else [prefix]
        return self._rows(question, terms, rate)

    def _near_curies(self, question: Question) -> Iterator[tuple[Row, float]]:
        """Find CURIEs whose words are those of the question, but for a character."""
        prefix, local = self._curie(question)
        split = runs(local)
        near = [tokens.any_of(map(tokens.quoted, self._vocabulary.near_words(word))) for word in split]
        rate = rating.by_common_pairs(local, least=_NEAR)
        if split:
            yield from self._rows(question, [prefix, *near], lambda row: rate(row.folded), most=_MOST_NEAR)

    def _beginning(self, question: Question, parts: Sequence[Part]) -> Iterator[tuple[Row, float]]:
        def rate(row: Row) -> float | None:
            return rating.rate_beginning(question.bare, row.bare) if row.bare.startswith(question.bare) else None

        return self._rows(question, [tokens.quoted(tokens.beginning(question.bare)), *_rarest(parts)], rate)

    def _holding(self, question: Question, parts: Sequence[Part]) -> Iterator[tuple[Row, float]]:
        def rate(row: Row) -> float | None:
            if not all(run in row.bare for run in question.unspaced):
                return None
            there = words(row.folded) if question.words else []
            if not all(any(other.startswith(word) for other in there) for word in question.words):
                return None
            whole = all(word in there for word in question.words)
            return rating.rate_part(question.bare, row.bare, whole_words=whole)

        return self._rows(question, _rarest(parts), rate)

    def _sounding(self, question: Question, letters: str) -> Iterator[tuple[Row, float]]:
        """Find names by pinyin: the whole of it, its beginning, a part that begins with a syllable."""

        def rate(row: Row) -> float | None:
            return rating.rate_sound(letters, row.readings) if row.readings else None

        if len(letters) <= tokens.BEGINNING:
            yield from self._rows(question, [tokens.quoted(tokens.beginning(letters))], rate)
        known = self._vocabulary.syllabary().known
        for split in self._vocabulary.syllabary().split(letters):
            if len(split) > 1 or split[0] in known:
                yield from self._rows(question, tokens.syllable_terms(split, known), rate)

    def _initials(self, question: Question, letters: str) -> Iterator[tuple[Row, float]]:
        if len(letters) not in _INITIALS:
            return

        def rate(row: Row) -> float | None:
            return rating.rate_initials(letters, row.readings) if row.readings else None

        yield from self._rows(question, tokens.initial_terms(letters), rate)

    def _one_off(self, question: Question) -> Iterator[tuple[Row, float]]:
        """Find names that one character makes of the question: by what is left of both without a character."""
        if not question.unspaced or len(question.bare) == 1:
            return
        fewer = deletions(question.bare)
        keys = sorted({key_of(question.bare), *map(key_of, fewer)})
        longer = self._forms(f"JOIN misspelt_form ON form.id = form WHERE key IN ({marks(keys)})", keys)
        shorter = self._forms(f"WHERE bare IN ({marks(fewer)})", fewer)
        for row in sorted({*longer, *shorter}):
            score = rating.rate_one_off(question.bare, row.bare)
            if score is not None and self._admits(question, row):
                yield row, score

    def _words_off(self, question: Question) -> Iterator[tuple[Row, float]]:
        """Find names that hold the words of the question, each spelled so or with one character wrong."""
        if not question.words:
            return
        parts = [self._vocabulary.pair(pair) for pair in _pairs(question.unspaced)]
        for word in question.words:
            near = self._vocabulary.near_words(word)
            expression = tokens.any_of(map(tokens.quoted, near))
            forms = sum(self._vocabulary.frequency(one) for one in near)
            if forms:  # else the word is so wrong, or so short, that only the others can help
                parts.append(Part(expression, forms))
        if not parts:
            return
        shares = rating.by_common_pairs(question.bare, least=_NEAR)

        def rate(row: Row) -> float | None:
            return rating.rate_one_off(question.bare, row.bare) or shares(row.bare)

        yield from self._rows(question, _rarest(parts), rate, most=_MOST_NEAR)

    def _sounding_alike(self, question: Question) -> Iterator[tuple[Row, float]]:
        """Find names whose pinyin the question may have been meant as."""
        for letters in misspellings(question.bare)[:_MOST_MISSPELLINGS]:
            found = False
            for row, score in self._sounding(question, letters):
                if score > rating.SOUND_INSIDE:
                    found = True
                    yield row, score * _MISSPELT
            if found:
                return

    def _sharing(self, question: Question) -> Iterator[tuple[Row, float]]:
        """Find names that share the rarest parts of the question."""
        near = [one for word in question.words for one in self._vocabulary.likely_words(word)]
        parts = sorted({(self._vocabulary.frequency(one), one) for one in (*_pairs(question.unspaced), *near)})
        rare = [tokens.quoted(one) for forms, one in parts if forms][:_MOST_RARE]
        shares = rating.by_common_pairs(question.bare, least=_NEAR)
        if rare:
            yield from self._rows(question, [tokens.any_of(rare)], lambda row: shares(row.bare), most=_MOST_NEAR)

    def _curie(self, question: Question) -> tuple[str, str]:
        """Return the term of a CURIE's prefix, and what follows it."""
        prefix, _, local = question.text.partition(":")
        return tokens.quoted(tokens.prefix_term(prefix)), fold(local, self._characters)

    # Rows -------------------------------------------------------------------------------------------------------------

    def _rows(
        self, question: Question, terms: Iterable[str], rate: _Rate, *, most: int = _MOST_ROWS
    ) -> Iterator[tuple[Row, float]]:
        """Walk over the forms that are filed under all terms, the most welcome first, and rate them."""
        query = " AND ".join(dict.fromkeys([*terms, *question.filters]))
        for first, end in question.ranges:
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM term JOIN form ON form.id = term.rowid "  # noqa: S608 - our own columns
                "WHERE term MATCH ? AND term.rowid >= ? AND term.rowid < ? ORDER BY term.rowid LIMIT ?",
                (query, first, end, most),
            )
            for row in map(Row._make, rows):
                score = rate(row)
                if score is not None and self._is_wanted(question, row):
                    yield row, score

    def _forms(self, where: str, values: Sequence[object]) -> list[Row]:
        query = f"SELECT {_COLUMNS} FROM form {where}"  # noqa: S608 - our own columns and question marks
        return list(map(Row._make, self._db.execute(query, values)))

    def _admits(self, question: Question, row: Row) -> bool:
        """Say whether a form that no query for terms found is one that is wanted."""
        in_range = any(first <= row.id < end for first, end in question.ranges)
        return in_range and self._is_within(row.thing, question) and self._is_wanted(question, row)

    def _is_within(self, thing: int, question: Question) -> bool:
        if question.classes is None:
            return True
        (within,) = self._db.execute("SELECT within FROM thing WHERE id = ?", (thing,)).fetchone()
        return not question.classes.isdisjoint(json.loads(within))

    def _is_wanted(self, question: Question, row: Row) -> bool:
        """Say whether a form has a spelling of a kind, and in a language, that are wanted."""
        if question.kinds == LABELS and not question.languages:
            return True
        return any(
            kind in question.kinds and speaks(language, question.languages)
            for kind, language, _ in json.loads(row.spellings)
        )


def speaks(language: str | None, wanted: Sequence[str]) -> bool:
    """Say whether a language is one of those wanted, or a narrower one.

    >>> speaks("zh-Hant", ["zh"]), speaks("en", ["zh"]), speaks(None, [])
    (True, False, True)
    """
    tag = (language or "").lower()
    return not wanted or any(tag == one or tag.startswith(f"{one}-") for one in wanted)


def _pairs(unspaced: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(pair for run in unspaced for pair in tokens.pair_terms(run)))


def _rarest(parts: Sequence[Part]) -> list[str]:
    """Choose what to ask FTS5 for: the two rarest parts where one of them is rare, else all."""
    ordered = sorted(parts, key=lambda part: (part.forms, part.expression))
    if ordered and ordered[0].forms <= _FEW:
        ordered = ordered[:2]
    return [part.expression for part in ordered]
