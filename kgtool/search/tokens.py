"""The terms of an index: what a name is filed under, and what a query looks for.

A term is a character or a pair of them (高, 高新), a word (park), or begins with a mark of its own: where a name begins
(``‹``), where a word begins (``›``), syllables (``·``), initials (``»``), a class (``¢``), a language (``¶``), a prefix
(``§``). Marks are no ASCII characters: those, but for letters and digits, separate terms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from kgtool.search.folding import is_unspaced
from kgtool.search.pinyin import initials

__all__ = [
    "BEGINNING",
    "any_of",
    "beginning",
    "beginning_terms",
    "class_term",
    "initial_terms",
    "language_terms",
    "pair_terms",
    "part_terms",
    "prefix_term",
    "quoted",
    "reading_terms",
    "syllable_terms",
    "word_beginning",
]

#: How many characters of a beginning are a term.
BEGINNING = 3


def part_terms(split: Sequence[str], split_words: Sequence[str]) -> list[str]:
    """Return the parts of a folded name: its words, its characters, their pairs; each once.

    :param split: its runs.
    :param split_words: its words.
    """
    found = [*split_words]
    for run in split:
        if is_unspaced(run):
            found += run
            found += pair_terms(run)
    return list(dict.fromkeys(found))


def beginning_terms(bare: str, split_words: Iterable[str]) -> set[str]:
    """Return the terms of where a name, and where its words, begin."""
    lengths = range(1, BEGINNING + 1)
    found = {f"‹{bare[:length]}" for length in lengths}
    found.update(f"›{word[:length]}" for word in split_words for length in lengths)
    return found


def reading_terms(syllables: tuple[str, ...]) -> set[str]:
    """Return the terms of a name's syllables."""
    written, letters = "".join(syllables), initials(syllables)
    found = {f"‹{written[:length]}" for length in range(1, BEGINNING + 1)}
    found.update(f"·{syllable}" for syllable in syllables)
    found.update(f"·{one}·{other}" for one, other in pairwise(syllables))
    found.update(f"»{letters[at : at + length]}" for length in (2, 3) for at in range(len(letters) - length + 1))
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


def language_terms(tag: str) -> list[str]:
    """Return the terms of a language: a wider tag finds the narrower ones.

    >>> language_terms("zh-Hant")
    ['¶zh', '¶zh·hant']
    """
    parts = tag.lower().split("-")
    return ["¶" + "·".join(parts[:length]) for length in range(1, len(parts) + 1)]


def prefix_term(prefix: str) -> str:
    """Return the term of a CURIE's prefix; as hexadecimal digits, since a prefix may have dots."""
    return f"§{prefix.lower().encode().hex()}"


def any_of(expressions: Iterable[str]) -> str:
    """Write a query of FTS5 for whatever one of several finds."""
    return f"({' OR '.join(dict.fromkeys(expressions))})"


def quoted(term: str) -> str:
    """Write a term as a query of FTS5 does."""
    return f'"{term}"'
