"""What a name becomes in an index: a form, its place among the others, and everything it is found by.

A form is all spellings of one thing that fold to the same. Its number says how welcome it is: labels before gists and
quotes, then short before long, then by kind, by spelling and by thing. Between two numbers there is room for names that
come later, so that an index can be changed where a few names change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from kgtool.search.folding import fold, is_unspaced, joined_words, runs
from kgtool.search.names import GROUP_BITS, GROUPS, KIND_BITS, KINDS, LENGTH_BITS, Name, Thing
from kgtool.search.nearness import deletions, key_of
from kgtool.search.pinyin import readings_of
from kgtool.search.tokens import (
    language_terms,
    name_beginnings,
    prefix_term,
    reading_terms,
    unspaced_parts,
    word_beginnings,
)

__all__ = ["GAP", "Entry", "Form", "entry_of", "forms_of", "labels_of", "numbered", "shelf_of", "to_json"]

#: The difference of the numbers of two neighbours in an index that was written at once.
GAP = 1024

#: Longer names of scripts without spaces have no keys for misspellings: pairs of characters find them.
_LONGEST_KEYED = 24
#: Shorter words are not looked for misspelt.
_SHORTEST_WORD = 3
#: The longest name that has a number of its own length.
_LONGEST = 2**12 - 1

_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
_GROUPS = {group: place for place, group in enumerate(GROUPS)}
_KINDS = {kind: place for place, kind in enumerate(KINDS)}

#: Kinds that a thing is shown by, the first first.
_SHOWN = ("prefLabel", "label")


class Form(NamedTuple):
    """A folded name of a thing, with all that is written so.

    :param order: its group, its length, its kind, itself, the thing's IRI.
    :param split: its runs.
    :param bare: those, joined.
    """

    order: tuple[int, int, int, str, str]
    folded: str
    split: tuple[str, ...]
    bare: str
    spellings: tuple[Name, ...]


class Entry(NamedTuple):
    """What a form is found by.

    :param parts: its words, characters and pairs of them: those that are counted.
    :param terms: all terms but those of its thing's classes.
    :param words: those words that may be looked for misspelt.
    :param readings: its pinyin: syllables with spaces between, readings with bars.
    :param syllables: those of them that are letters.
    :param keys: the keys of what is left of it without each of its characters.
    """

    parts: list[str]
    terms: list[str]
    words: list[str]
    readings: str | None
    syllables: set[str]
    keys: list[int]


def forms_of(thing: Thing, characters: Mapping[int, str]) -> Iterator[Form]:
    """Join the names of a thing that fold to the same; a name whose phrases OpenCC knows better has two forms.

    :param characters: from characters to their Simplified counterparts.
    """
    from kgtool.text.scripts import to_simplified

    found: dict[tuple[str, str], list[Name]] = {}
    for name in thing.names:
        text, _, kind = name
        if kind == "curie":
            # A CURIE is found by what follows its prefix.
            folded, group = fold(text.partition(":")[2], characters), kind
        else:
            folded, group = fold(text, characters), _GROUP_OF[kind]
            if not text.isascii() and text != text.translate(characters):
                by_phrases = fold(to_simplified(text), characters)
                if by_phrases != folded:
                    first, folded = sorted((folded, by_phrases))
                    found.setdefault((first, group), []).append(name)
        found.setdefault((folded, group), []).append(name)
    for (one, _), spellings in found.items():
        if one:
            split = tuple(runs(one))
            letters = "".join(split) or one
            first_kind = min(_KINDS[name.kind] for name in spellings)
            place = _GROUPS[_GROUP_OF[spellings[0].kind]]
            order = (place, min(len(letters), _LONGEST), first_kind, one, thing.iri)
            yield Form(order, one, split, letters, tuple(spellings))


def entry_of(form: Form) -> Entry:
    """Return everything that a form is found by."""
    # By hand and from what is remembered of words and runs: an index of millions of names is made here.
    words, found, starts, has_sounds = [], [], [*name_beginnings(form.bare)], False
    for run in form.split:
        if is_unspaced(run):
            has_sounds = True
            found += unspaced_parts(run)
        else:
            words.append(run)
            starts += word_beginnings(run)
    for word in joined_words(form.folded) if len(words) > 1 else ():
        words.append(word)
        starts += word_beginnings(word)
    parts = list(dict.fromkeys(words + found))
    terms = parts + starts
    for name in form.spellings:
        if name.language:
            terms += language_terms(name.language)
        if name.kind == "curie":
            terms.append(prefix_term(name.text.partition(":")[0]))
    read, syllables, keys, long = None, set[str](), list[int](), list[str]()
    if form.order[0] == _GROUPS["label"]:
        long = [word for word in words if _may_be_misspelt(word)]
        if has_sounds:
            readings = readings_of(form.split)
            read = "|".join(map(" ".join, readings))
            for reading in readings:
                terms += reading_terms(reading)
                syllables.update(reading)
            syllables = {syllable for syllable in syllables if syllable.isascii() and syllable.isalpha()}
            if len(form.bare) <= _LONGEST_KEYED:
                keys = list(map(key_of, deletions(form.bare)))
    return Entry(parts, list(dict.fromkeys(terms)), long, read, syllables, keys)


@lru_cache(maxsize=20_000)
def _may_be_misspelt(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD and not any(map(str.isdigit, word))


def shelf_of(form: Form) -> tuple[int, int]:
    """Return the first number of a form's group, length and kind, and the first that is beyond them."""
    group, length, kind, *_ = form.order
    first = (group << GROUP_BITS) + (length << LENGTH_BITS) + (kind << KIND_BITS)
    return first, first + (1 << KIND_BITS)


def numbered(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Give every form its number.

    :param rows: a row for every form, in their order; each begins with the first number of its shelf.
    """
    for first, shelf in groupby(rows, itemgetter(0)):
        for place, row in enumerate(shelf, start=1):
            yield first + place * GAP, row


def labels_of(thing: Thing) -> dict[str, str]:
    """Return what a thing is shown by, in each language: the first preferred label, else another label."""
    found: dict[str, str] = {}
    for kind in _SHOWN:
        for name in thing.names:
            if name.kind == kind:
                found.setdefault(name.language or "", name.text)
    return found


#: Writes a value as an index keeps it.
to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
