"""What a name becomes in an index: a form, its place among the others, and everything it is found by.

A form is all spellings of one thing that fold to the same. Its number says how welcome it is: labels before gists and
quotes, then short before long, then by kind, by spelling and by thing. Between two numbers there is room for names that
come later, so that an index can be changed where a few names change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from kgtool.search.folding import bare, fold, is_unspaced, runs, words
from kgtool.search.names import GROUP_BITS, GROUPS, KIND_BITS, KINDS, LENGTH_BITS, Name, Thing
from kgtool.search.nearness import deletions, key_of
from kgtool.search.pinyin import syllables_of
from kgtool.search.tokens import beginning_terms, language_terms, part_terms, prefix_term, reading_terms

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
_GROUPS = list(GROUPS)

#: Kinds that a thing is shown by, the first first.
_SHOWN = ("prefLabel", "label")


class Form(NamedTuple):
    """A folded name of a thing, with all that is written so.

    :param order: its group, its length, its kind, itself, the thing's IRI.
    """

    order: tuple[int, int, int, str, str]
    folded: str
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
    terms: set[str]
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
        if name.kind == "curie":
            # A CURIE is found by what follows its prefix.
            folded = {fold(name.text.partition(":")[2], characters)}
        else:
            folded = {fold(name.text, characters)}
            if not name.text.isascii() and name.text != name.text.translate(characters):
                folded.add(fold(to_simplified(name.text), characters))
        for one in sorted(folded - {""}):
            found.setdefault((one, "curie" if name.kind == "curie" else _GROUP_OF[name.kind]), []).append(name)
    for (one, _), spellings in found.items():
        kind = min(KINDS.index(name.kind) for name in spellings)
        group = _GROUPS.index(_GROUP_OF[spellings[0].kind])
        letters = bare(one)
        yield Form((group, len(letters), kind, one, thing.iri), one, letters, tuple(spellings))


def entry_of(form: Form) -> Entry:
    """Return everything that a form is found by."""
    split = runs(form.folded)
    split_words = words(form.folded)
    parts = part_terms(split, split_words)
    terms = {*parts, *beginning_terms(form.bare, split_words)}
    for name in form.spellings:
        if name.language:
            terms.update(language_terms(name.language))
        if name.kind == "curie":
            terms.add(prefix_term(name.text.partition(":")[0]))
    entry = Entry(parts, terms, [], None, set(), [])
    if form.spellings[0].kind not in GROUPS["label"]:
        return entry
    long = (word for word in split_words if len(word) >= _SHORTEST_WORD)
    entry.words.extend(word for word in long if not any(map(str.isdigit, word)))
    if not any(map(is_unspaced, split)):
        return entry
    readings = syllables_of(form.folded)
    for reading in readings:
        terms |= reading_terms(reading)
        entry.syllables.update(syllable for syllable in reading if syllable.isascii() and syllable.isalpha())
    if len(form.bare) <= _LONGEST_KEYED:
        entry.keys.extend(map(key_of, deletions(form.bare)))
    return entry._replace(readings="|".join(" ".join(reading) for reading in readings))


def shelf_of(form: Form) -> tuple[int, int]:
    """Return the first number of a form's group, length and kind, and the first that is beyond them."""
    group, length, kind, *_ = form.order
    first = (group << GROUP_BITS) + (min(length, _LONGEST) << LENGTH_BITS) + (kind << KIND_BITS)
    return first, first + (1 << KIND_BITS)


def numbered(forms: Iterable[tuple[Form, int]]) -> Iterator[tuple[int, Form, int]]:
    """Give every form its number.

    :param forms: all forms in their order, each with whose it is.
    """
    for (first, _), group in groupby(forms, lambda pair: shelf_of(pair[0])):
        for place, (form, thing) in enumerate(group, start=1):
            yield first + place * GAP, form, thing


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
