"""An index written: one SQLite database of names, the terms they are filed under, and keys for misspelt ones.

https://www.sqlite.org/fts5.html

A name is a row of ``form``: all spellings of one thing that fold to the same. Its number says how welcome it is: labels
before gists and quotes, then short before long. FTS5 lists what it finds by number, so the best come first and a search
stops when it has enough, however many there are.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kgtool.errors import StoreError
from kgtool.search.folding import bare, fold, is_unspaced, runs, words
from kgtool.search.names import GROUP_BITS, GROUPS, KIND_BITS, KINDS, LENGTH_BITS, Name, Thing, read_things
from kgtool.search.nearness import deletions, key_of
from kgtool.search.pinyin import syllables_of
from kgtool.search.tokens import class_term, language_terms, name_terms, prefix_term, reading_terms
from kgtool.store import Store

__all__ = ["write_index"]

#: Longer names of scripts without spaces have no keys for misspellings: pairs of characters find them.
_LONGEST_KEYED = 24
#: Shorter words are not looked for misspelt.
_SHORTEST_WORD = 3

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE class (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, labels TEXT NOT NULL, classes TEXT NOT NULL,
    within TEXT NOT NULL);
CREATE TABLE form (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, folded TEXT NOT NULL, bare TEXT NOT NULL,
    readings TEXT);
CREATE TABLE spelling (form INTEGER NOT NULL, kind INTEGER NOT NULL, language TEXT, text TEXT NOT NULL);
CREATE TABLE syllable (syllable TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE misspelt_form (key INTEGER, form INTEGER, PRIMARY KEY (key, form)) WITHOUT ROWID;
CREATE TABLE misspelt_word (key INTEGER, word TEXT, PRIMARY KEY (key, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE term USING fts5 (terms, content='', detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE frequency USING fts5vocab ('term', 'row');
"""
_INDEXES = """
CREATE UNIQUE INDEX thing_iri ON thing (iri);
CREATE INDEX form_bare ON form (bare);
CREATE INDEX spelling_form ON spelling (form);
"""


class _Form(NamedTuple):
    """A folded name of a thing, with all that is written so."""

    order: tuple[int, int, int, str, str]
    thing: int
    folded: str
    bare: str
    spellings: list[Name]


def write_index(
    store: Store, file: str | os.PathLike[str] | None, *, prefixes: Mapping[str, str]
) -> sqlite3.Connection:
    """Make an index of a store's names.

    :param file: a new file; ``None`` for memory.
    :param prefixes: those that things are called by as CURIEs.
    :returns: the connection to it, to ask or to close.
    :raises StoreError: if it cannot be written, or Python's SQLite lacks FTS5.
    """
    from kgtool.text.scripts import simplified_characters

    characters = simplified_characters()
    try:
        index = sqlite3.connect(":memory:" if file is None else os.fspath(file), check_same_thread=False)
        index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + _SCHEMA)
        _fill(index, read_things(store, prefixes=prefixes), str.maketrans(characters))
        meta = {"characters": "".join(map("".join, characters.items())), "prefixes": json.dumps(dict(prefixes))}
        index.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        index.execute("INSERT INTO term (term) VALUES ('optimize')")
        index.executescript(_INDEXES + "PRAGMA optimize;")
    except sqlite3.OperationalError as exc:
        hint = "use a Python whose SQLite has FTS5" if "fts5" in str(exc) else "free some space there"
        raise StoreError(f"cannot write the index of names: {exc}", file=file, hint=hint) from exc
    return index


def _fill(index: sqlite3.Connection, things: Iterable[Thing], characters: Mapping[int, str]) -> None:
    classes: dict[str, int] = {}
    forms: list[_Form] = []
    terms_of_thing: list[set[str]] = []
    for number, thing in enumerate(things):
        within = [classes.setdefault(class_, len(classes)) for class_ in thing.within]
        labels = {name.language or "": name.text for name in reversed(thing.names) if name.kind in _SHOWN}
        labels |= {name.language or "": name.text for name in reversed(thing.names) if name.kind == "prefLabel"}
        stated = [classes[class_] for class_ in thing.classes]
        row = (number, thing.iri, json.dumps(labels, ensure_ascii=False), json.dumps(stated), json.dumps(within))
        index.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", row)
        terms_of_thing.append(set(map(class_term, within)))
        forms += _forms_of(number, thing, characters)
    index.executemany("INSERT INTO class VALUES (?, ?)", ((number, iri) for iri, number in classes.items()))
    forms.sort(key=lambda form: form.order)
    vocabulary: set[str] = set()
    syllables: set[str] = set()
    for count, form in enumerate(forms):
        _insert(index, _number(form, count), form, terms_of_thing[form.thing], vocabulary, syllables)
    index.executemany("INSERT INTO syllable VALUES (?)", ((one,) for one in sorted(syllables)))
    keys = ((key_of(rest), word) for word in vocabulary for rest in (word, *deletions(word)))
    index.executemany("INSERT OR IGNORE INTO misspelt_word VALUES (?, ?)", sorted(keys))


#: Kinds that a thing may be shown by, if it has no preferred label.
_SHOWN = ("prefLabel", "label")


def _forms_of(number: int, thing: Thing, characters: Mapping[int, str]) -> Iterator[_Form]:
    """Join the names of a thing that fold to the same; a name whose phrases OpenCC knows better has two forms."""
    from kgtool.text.scripts import to_simplified

    found: dict[tuple[str, str], list[Name]] = {}
    for name in thing.names:
        if name.kind == "curie":
            # A CURIE is found by what follows its prefix.
            folded = {fold(name.text.partition(":")[2], characters)}
        else:
            folded = {fold(name.text, characters)}
            if not name.text.isascii():
                folded.add(fold(to_simplified(name.text), characters))
        for one in folded - {""}:
            found.setdefault((one, "curie" if name.kind == "curie" else _group(name)), []).append(name)
    for (one, _), spellings in found.items():
        kind = min(KINDS.index(name.kind) for name in spellings)
        group = list(GROUPS).index(_group(spellings[0]))
        letters = bare(one)
        yield _Form((group, len(letters), kind, one, thing.iri), number, one, letters, spellings)


def _group(name: Name) -> str:
    return next(group for group, kinds in GROUPS.items() if name.kind in kinds)


def _number(form: _Form, count: int) -> int:
    group, length, kind, *_ = form.order
    return (group << GROUP_BITS) + (min(length, 2**12 - 1) << LENGTH_BITS) + (kind << KIND_BITS) + count


def _insert(
    index: sqlite3.Connection,
    number: int,
    form: _Form,
    shared: set[str],
    vocabulary: set[str],
    syllables: set[str],
) -> None:
    """Write a form with everything it is found by."""
    is_label = form.spellings[0].kind in GROUPS["label"]
    is_curie = form.spellings[0].kind == "curie"
    unspaced = any(is_unspaced(run) for run in runs(form.folded))
    terms = shared | name_terms(form.folded, form.bare)
    for name in form.spellings:
        terms.update(language_terms(name.language) if name.language else ())
        if is_curie:
            terms.add(prefix_term(name.text.partition(":")[0]))
    readings = None
    if unspaced and is_label:
        read = syllables_of(form.folded)
        readings = "|".join(" ".join(reading) for reading in read)
        for reading in read:
            terms |= reading_terms(reading)
            syllables.update(syllable for syllable in reading if syllable.isascii() and syllable.isalpha())
        if len(form.bare) <= _LONGEST_KEYED:
            keys = {key_of(rest) for rest in deletions(form.bare)}
            index.executemany("INSERT OR IGNORE INTO misspelt_form VALUES (?, ?)", ((key, number) for key in keys))
    if is_label:
        long = (word for word in words(form.folded) if len(word) >= _SHORTEST_WORD)
        vocabulary.update(word for word in long if not any(map(str.isdigit, word)))
    index.execute("INSERT INTO form VALUES (?, ?, ?, ?, ?)", (number, form.thing, form.folded, form.bare, readings))
    index.execute("INSERT INTO term (rowid, terms) VALUES (?, ?)", (number, " ".join(sorted(terms))))
    spelled = ((number, KINDS.index(name.kind), name.language, name.text) for name in form.spellings)
    index.executemany("INSERT INTO spelling VALUES (?, ?, ?, ?)", spelled)
