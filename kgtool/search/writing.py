"""An index written: one SQLite database of names, the terms they are filed under, and keys for misspelt ones.

https://www.sqlite.org/fts5.html

A name is a row of ``form``, numbered by how welcome it is: see :mod:`kgtool.search.forms`. FTS5 lists what it finds by
number, so the best come first and a search stops when it has enough, however many there are.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping

from kgtool.errors import StoreError
from kgtool.search.forms import Form, entry_of, forms_of, labels_of, numbered, to_json
from kgtool.search.names import FORMAT, KINDS, Thing, read_things
from kgtool.search.nearness import deletions, key_of
from kgtool.search.tokens import class_term
from kgtool.store import Store

__all__ = ["form_row", "made_of", "word_keys", "write_index"]

#: Rows of a table that are written at once.
_BATCH = 5000

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE class (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, labels TEXT NOT NULL, classes TEXT NOT NULL,
    within TEXT NOT NULL);
-- folded: where it is another than bare; spellings: [[kind, language, text], …] as JSON
CREATE TABLE form (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, folded TEXT, bare TEXT NOT NULL, readings TEXT,
    spellings TEXT NOT NULL);
CREATE TABLE syllable (syllable TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE frequency (term TEXT PRIMARY KEY, forms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE misspelt_form (key INTEGER, form INTEGER, PRIMARY KEY (key, form)) WITHOUT ROWID;
CREATE TABLE misspelt_word (key INTEGER, word TEXT, PRIMARY KEY (key, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE term USING fts5 (terms, content='', detail=none, columnsize=0, tokenize='ascii');
CREATE TEMP TABLE key_of_form (key INTEGER, form INTEGER);
"""
_FINISH = """
INSERT INTO misspelt_form SELECT DISTINCT key, form FROM key_of_form ORDER BY key, form;
DROP TABLE key_of_form;
INSERT INTO term (term) VALUES ('optimize');
CREATE UNIQUE INDEX thing_iri ON thing (iri);
CREATE INDEX form_bare ON form (bare);
"""


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
        _Writer(index, str.maketrans(characters)).write(read_things(store, prefixes=prefixes))
        index.executemany("INSERT INTO meta VALUES (?, ?)", made_of(characters, prefixes).items())
        index.executescript(f"{_FINISH} PRAGMA user_version = {FORMAT};")
    except sqlite3.OperationalError as exc:
        hint = "use a Python whose SQLite has FTS5" if "fts5" in str(exc) else "free some space there"
        raise StoreError(f"cannot write the index of names: {exc}", file=file, hint=hint) from exc
    return index


def made_of(characters: Mapping[str, str], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return what an index keeps of how it was made.

    :param characters: from characters to their Simplified counterparts.
    """
    return {"characters": "".join(map("".join, characters.items())), "prefixes": json.dumps(dict(prefixes))}


def form_row(form: Form, readings: str | None) -> tuple[str | None, str, str | None, str]:
    """Return a form as the columns of its row say it: folded, bare, readings, spellings."""
    folded = form.folded if form.folded != form.bare else None
    spellings = to_json([(KINDS.index(name.kind), name.language, name.text) for name in form.spellings])
    return folded, form.bare, readings, spellings


def word_keys(word: str) -> set[int]:
    """Return the keys under which a word is looked for misspelt."""
    return {key_of(word), *map(key_of, deletions(word))}


class _Writer:
    """One writing of an index.

    :param characters: from characters to their Simplified counterparts.
    """

    def __init__(self, index: sqlite3.Connection, characters: Mapping[int, str]) -> None:
        self._index = index
        self._characters = characters
        self._rows: dict[str, list[tuple[object, ...]]] = {}
        self._frequency: Counter[str] = Counter()
        self._vocabulary: set[str] = set()
        self._syllables: set[str] = set()

    def write(self, things: Iterable[Thing]) -> None:
        classes: dict[str, int] = {}
        forms: list[tuple[Form, int]] = []
        class_terms: list[list[str]] = []
        for thing_number, thing in enumerate(things):
            within = [classes.setdefault(class_, len(classes)) for class_ in thing.within]
            stated = [classes[class_] for class_ in thing.classes]
            self._add("thing", thing_number, thing.iri, to_json(labels_of(thing)), to_json(stated), to_json(within))
            class_terms.append(list(map(class_term, within)))
            forms += ((form, thing_number) for form in forms_of(thing, self._characters))
        for iri, class_number in classes.items():
            self._add("class", class_number, iri)
        forms.sort(key=lambda pair: pair[0].order)
        for number, form, thing_number in numbered(forms):
            self._write_form(number, form, thing_number, class_terms[thing_number])
        for syllable in sorted(self._syllables):
            self._add("syllable", syllable)
        for term, count in sorted(self._frequency.items()):
            self._add("frequency", term, count)
        for key, word in sorted((key, one) for one in self._vocabulary for key in word_keys(one)):
            self._add("misspelt_word", key, word)
        for table in list(self._rows):
            self._flush(table)

    def _write_form(self, number: int, form: Form, thing: int, shared: list[str]) -> None:
        """Write a form with everything it is found by."""
        entry = entry_of(form)
        self._frequency.update(entry.parts)
        self._vocabulary.update(entry.words)
        self._syllables |= entry.syllables
        for key in entry.keys:
            self._add("key_of_form", key, number)
        self._add("form", number, thing, *form_row(form, entry.readings))
        self._add("term (rowid, terms)", number, " ".join((*shared, *entry.terms)))

    def _add(self, table: str, *row: object) -> None:
        rows = self._rows.setdefault(table, [])
        rows.append(row)
        if len(rows) == _BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows = self._rows.pop(table)
        marks = ", ".join("?" * len(rows[0]))
        self._index.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own tables
