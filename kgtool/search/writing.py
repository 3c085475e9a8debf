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
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kgtool.errors import StoreError
from kgtool.search.folding import bare, fold, is_unspaced, runs, words
from kgtool.search.names import FORMAT, GROUP_BITS, GROUPS, KIND_BITS, KINDS, LENGTH_BITS, Name, Thing, read_things
from kgtool.search.nearness import deletions, key_of
from kgtool.search.pinyin import syllables_of
from kgtool.search.tokens import (
    beginning_terms,
    class_term,
    language_terms,
    part_terms,
    prefix_term,
    reading_terms,
)
from kgtool.store import Store

__all__ = ["write_index"]

#: Longer names of scripts without spaces have no keys for misspellings: pairs of characters find them.
_LONGEST_KEYED = 24
#: Shorter words are not looked for misspelt.
_SHORTEST_WORD = 3
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
        _Writer(index, str.maketrans(characters)).write(read_things(store, prefixes=prefixes))
        meta = {"characters": "".join(map("".join, characters.items())), "prefixes": json.dumps(dict(prefixes))}
        index.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        index.executescript(f"{_FINISH} PRAGMA user_version = {FORMAT};")
    except sqlite3.OperationalError as exc:
        hint = "use a Python whose SQLite has FTS5" if "fts5" in str(exc) else "free some space there"
        raise StoreError(f"cannot write the index of names: {exc}", file=file, hint=hint) from exc
    return index


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
        forms: list[_Form] = []
        class_terms: list[list[str]] = []
        for number, thing in enumerate(things):
            within = [classes.setdefault(class_, len(classes)) for class_ in thing.within]
            stated = [classes[class_] for class_ in thing.classes]
            self._add("thing", number, thing.iri, _json(_labels_of(thing)), _json(stated), _json(within))
            class_terms.append(list(map(class_term, within)))
            forms += self._forms_of(number, thing)
        for iri, number in classes.items():
            self._add("class", number, iri)
        forms.sort(key=lambda form: form.order)
        for count, form in enumerate(forms):
            self._write_form(_number(form, count), form, class_terms[form.thing])
        for syllable in sorted(self._syllables):
            self._add("syllable", syllable)
        for term, number in sorted(self._frequency.items()):
            self._add("frequency", term, number)
        keys = {(key_of(rest), word) for word in self._vocabulary for rest in (word, *deletions(word))}
        for key, word in sorted(keys):
            self._add("misspelt_word", key, word)
        for table in list(self._rows):
            self._flush(table)

    def _forms_of(self, number: int, thing: Thing) -> Iterator[_Form]:
        """Join the names of a thing that fold to the same; a name whose phrases OpenCC knows better has two forms."""
        from kgtool.text.scripts import to_simplified

        found: dict[tuple[str, str], list[Name]] = {}
        for name in thing.names:
            if name.kind == "curie":
                # A CURIE is found by what follows its prefix.
                folded = {fold(name.text.partition(":")[2], self._characters)}
            else:
                folded = {fold(name.text, self._characters)}
                if not name.text.isascii() and name.text != name.text.translate(self._characters):
                    folded.add(fold(to_simplified(name.text), self._characters))
            for one in sorted(folded - {""}):
                found.setdefault((one, "curie" if name.kind == "curie" else _GROUP_OF[name.kind]), []).append(name)
        for (one, _), spellings in found.items():
            kind = min(KINDS.index(name.kind) for name in spellings)
            group = list(GROUPS).index(_GROUP_OF[spellings[0].kind])
            letters = bare(one)
            yield _Form((group, len(letters), kind, one, thing.iri), number, one, letters, spellings)

    def _write_form(self, number: int, form: _Form, shared: list[str]) -> None:
        """Write a form with everything it is found by."""
        split = runs(form.folded)
        split_words = words(form.folded)
        parts = part_terms(split, split_words)
        self._frequency.update(parts)
        terms = {*shared, *parts, *beginning_terms(form.bare, split_words)}
        for name in form.spellings:
            if name.language:
                terms.update(language_terms(name.language))
            if name.kind == "curie":
                terms.add(prefix_term(name.text.partition(":")[0]))
        readings = None
        if form.spellings[0].kind in GROUPS["label"]:
            long = (word for word in split_words if len(word) >= _SHORTEST_WORD)
            self._vocabulary.update(word for word in long if not any(map(str.isdigit, word)))
            if any(map(is_unspaced, split)):
                readings = self._read(form, terms)
                if len(form.bare) <= _LONGEST_KEYED:
                    for rest in deletions(form.bare):
                        self._add("key_of_form", key_of(rest), number)
        folded = form.folded if form.folded != form.bare else None
        spellings = _json([(KINDS.index(name.kind), name.language, name.text) for name in form.spellings])
        self._add("form", number, form.thing, folded, form.bare, readings, spellings)
        self._add("term (rowid, terms)", number, " ".join(terms))

    def _read(self, form: _Form, terms: set[str]) -> str:
        """Return how a form is read, and file it under its syllables."""
        readings = syllables_of(form.folded)
        for reading in readings:
            terms |= reading_terms(reading)
            self._syllables.update(syllable for syllable in reading if syllable.isascii() and syllable.isalpha())
        return "|".join(" ".join(reading) for reading in readings)

    def _add(self, table: str, *row: object) -> None:
        rows = self._rows.setdefault(table, [])
        rows.append(row)
        if len(rows) == _BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows = self._rows.pop(table)
        marks = ", ".join("?" * len(rows[0]))
        self._index.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own tables


_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}

#: Kinds that a thing is shown by, the first first.
_SHOWN = ("prefLabel", "label")


def _labels_of(thing: Thing) -> dict[str, str]:
    """Return what a thing is shown by, in each language: the first preferred label, else another label."""
    found: dict[str, str] = {}
    for kind in _SHOWN:
        for name in thing.names:
            if name.kind == kind:
                found.setdefault(name.language or "", name.text)
    return found


def _number(form: _Form, count: int) -> int:
    group, length, kind, *_ = form.order
    return (group << GROUP_BITS) + (min(length, 2**12 - 1) << LENGTH_BITS) + (kind << KIND_BITS) + count


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
