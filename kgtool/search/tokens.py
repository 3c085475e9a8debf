"""The terms of an index: what a name is filed under, and what a query looks for.

A term is a character or a pair of them (高, 高新), a word (park), or begins with a mark of its own: where a name begins
(``‹``), where a word begins (``›``), syllables (``·``), initials (``»``), a class (``¢``), a language (``¶``), a prefix
(``§``). Marks are no ASCII characters: those, but for letters and digits, separate terms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from kgtool.search.pinyin import initials

__all__ = [
    "BEGINNING",
    "any_of",
    "beginning",
    "class_term",
    "initial_terms",
    "language_terms",
    "name_beginnings",
    "pair_terms",
    "prefix_term",
    "quoted",
    "reading_terms",
    "syllable_terms",
    "unspaced_parts",
    "word_beginning",
    "word_beginnings",
]

#: How many characters of a beginning are a term.
BEGINNING = 3
_LENGTHS = range(1, BEGINNING + 1)

#: Parts of names that are remembered with their terms: what names are made of comes again and again.
_KEPT = 20_000


def unspaced_parts(run: str) -> list[str]:
    """Return the parts of a run of a script without spaces: its characters, and their pairs."""
    return [*run, *pair_terms(run)]


def name_beginnings(bare: str) -> list[str]:
    """Return the terms of where a name begins."""
    return [f"‹{bare[:length]}" for length in _LENGTHS]


@lru_cache(maxsize=_KEPT)
def word_beginnings(word: str) -> tuple[str, ...]:
    """Return the terms of where a word begins."""
    return tuple(f"›{word[:length]}" for length in _LENGTHS)


def reading_terms(syllables: tuple[str, ...]) -> list[str]:
    """Return the terms of a name's syllables."""
    written, letters = "".join(syllables[:BEGINNING]), initials(syllables)
    found = name_beginnings(written)
    found += [f"·{syllable}" for syllable in syllables]
    found += [f"·{one}·{other}" for one, other in pairwise(syllables)]
    found += [f"»{letters[at : at + 2]}" for at in range(len(letters) - 1)]
    found += [f"»{letters[at : at + 3]}" for at in range(len(letters) - 2)]
    return found


def pair_terms(run: str) -> list[str]:
    """Return the pairs of neighbours in a run; the character itself where it is alone."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def beginning(bare: str) -> str:
    """Return the term of names that begin like this one."""
    return f"‹{bare[:BEGINNING]}"


def word_beginning(word: str) -> str:
    """Return what finds the words that begin so: a term, or a query for all that begin with a longer one."""
    return quoted(f"›{word}") if len(word) <= BEGINNING else f"{quoted(word)} *"


def syllable_terms(syllables: Sequence[str], known: Collection[str]) -> list[str]:
    """Return what finds names with these syllables in a row, the last of which may be cut off."""
    if len(syllables) == 1:
        return [quoted(f"·{syllables[0]}")]
    pairs = [f"·{one}·{other}" for one, other in pairwise(syllables)]
    last = quoted(pairs[-1]) if syllables[-1] in known else f"{quoted(pairs[-1])} *"
    return [*map(quoted, pairs[:-1]), last]


def initial_terms(letters: str) -> list[str]:
    """Return what finds names with these initials in a row."""
    length = min(3, len(letters))
    return [quoted(f"»{letters[at : at + length]}") for at in range(len(letters) - length + 1)]


def class_term(number: int) -> str:
    """Return the term of a class."""
    return f"¢{number}"


@lru_cache(maxsize=256)
def language_terms(tag: str) -> tuple[str, ...]:
    """Return the terms of a language: a wider tag finds the narrower ones.

    >>> language_terms("zh-Hant")
    ('¶zh', '¶zh·hant')
    """
    parts = tag.lower().split("-")
    return tuple("¶" + "·".join(parts[:length]) for length in range(1, len(parts) + 1))


def prefix_term(prefix: str) -> str:
    """Return the term of a CURIE's prefix; as hexadecimal digits, since a prefix may have dots."""
    return f"§{prefix.lower().encode().hex()}"


def any_of(expressions: Iterable[str]) -> str:
    """Write a query of FTS5 for whatever one of several finds."""
    return f"({' OR '.join(dict.fromkeys(expressions))})"


def quoted(term: str) -> str:
    """Write a term as a query of FTS5 does."""
    return f'"{term}"'
