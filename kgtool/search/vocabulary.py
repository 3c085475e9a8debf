"""The terms that an index knows: how many names each is in, what else begins so, what a misspelt one may be."""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from kgtool.search import tokens
from kgtool.search.nearness import deletions, differ_by_one, key_of
from kgtool.search.pinyin import Syllabary

__all__ = ["Part", "Vocabulary", "marks"]


class Part(NamedTuple):
    """What finds the names with a part of a question, and how many those are."""

    expression: str
    forms: int


#: Words that a beginning may stand for, or a misspelt word.
_MOST_WORDS, _MOST_NEAR_WORDS = 50, 12
#: Too many to count.
_MANY = 2**40


class Vocabulary:
    """The terms of one index."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self._syllabary: Syllabary | None = None

    def pair(self, pair: str) -> Part:
        """Return what finds a pair of characters."""
        return Part(tokens.quoted(pair), self.frequency(pair))

    def words(self, split: Sequence[str]) -> list[Part]:
        """Return what finds each word; the last one, and those that are no words, by their beginning."""
        parts = []
        for place, word in enumerate(split, start=1):
            forms = self.frequency(word)
            parts.append(Part(tokens.quoted(word), forms) if forms and place < len(split) else self._beginnings(word))
        return parts

    def _beginnings(self, word: str) -> Part:
        """Return what finds the words that begin so: all of them, where they are few, since FTS5 walks over those one
        by one and makes a list of whatever else begins so first."""
        if len(word) <= tokens.BEGINNING:
            return Part(tokens.word_beginning(word), _MANY)
        found = self._db.execute(
            "SELECT term, forms FROM frequency WHERE term >= ? AND term < ? LIMIT ?",
            (word, f"{word}\U0010ffff", _MOST_WORDS + 1),
        ).fetchall()
        if len(found) > _MOST_WORDS:
            return Part(tokens.word_beginning(word), _MANY)
        if not found:
            return Part(tokens.quoted(word), 0)
        return Part(tokens.any_of(tokens.quoted(one) for one, _ in found), sum(forms for _, forms in found))

    def near_words(self, word: str) -> list[str]:
        """Return a word and those that one character makes of it; of many, the commonest."""
        if any(map(str.isdigit, word)):
            return [word]
        keys = sorted({key_of(word), *map(key_of, deletions(word))})
        query = f"SELECT DISTINCT word FROM misspelt_word WHERE key IN ({marks(keys)})"  # noqa: S608 - question marks
        near = sorted(one for (one,) in self._db.execute(query, keys) if differ_by_one(one, word))
        if len(near) >= _MOST_NEAR_WORDS:
            near.sort(key=lambda one: (-self.frequency(one), one))
        return [word, *near[: _MOST_NEAR_WORDS - 1]]

    def likely_words(self, word: str) -> list[str]:
        """Return a word if there is such a one, else those that it may have been meant as."""
        return [word] if self.frequency(word) else self.near_words(word)

    def frequency(self, term: str) -> int:
        """Return how many names a word, a character or a pair of them is in."""
        row = self._db.execute("SELECT forms FROM frequency WHERE term = ?", (term,)).fetchone()
        return 0 if row is None else int(row[0])

    def syllabary(self) -> Syllabary:
        """Return the syllables that names are read with."""
        if self._syllabary is None:
            self._syllabary = Syllabary(one for (one,) in self._db.execute("SELECT syllable FROM syllable"))
        return self._syllabary


def marks(values: Sequence[object]) -> str:
    """Return as many question marks as there are values, for SQL."""
    return ", ".join("?" * len(values))
