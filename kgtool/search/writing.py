"""An index written: one SQLite database of names, the terms they are filed under, and keys for misspelt ones.

https://www.sqlite.org/fts5.html

A name is a row of ``form``, numbered by how welcome it is: see :mod:`kgtool.search.forms`. FTS5 lists what it finds by
number, so the best come first and a search stops when it has enough, however many there are.

However many names there are, few are in memory: what has to be sorted is kept in temporary tables, and SQLite sorts it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from operator import itemgetter

from kgtool.errors import StoreError
from kgtool.search.forms import numbered
from kgtool.search.making import Made, Maker, made_of_all
from kgtool.search.names import FORMAT, Said, read_above, read_said
from kgtool.search.nearness import deletions, key_of
from kgtool.search.tokens import class_term
from kgtool.store import Store

__all__ = ["made_of", "word_keys", "write_index"]

#: Rows that are written at once, and rows that are made at once.
_ROWS = 5000
#: Terms, words and syllables that are kept in memory before they are put aside.
_KEPT = 200_000
#: KiB of SQLite's pages in memory, and bytes of terms that FTS5 gathers before it writes them.
_CACHE, _GATHERED = 16 << 10, 16 << 20

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
CREATE TEMP TABLE said (thing TEXT, kind INTEGER, value TEXT, language TEXT);
CREATE TEMP TABLE made (shelf INTEGER, sorted TEXT, thing INTEGER, folded TEXT, bare TEXT, readings TEXT,
    spellings TEXT, terms TEXT, keys BLOB);
CREATE TEMP TABLE counted (term TEXT, forms INTEGER);
CREATE TEMP TABLE heard (syllable TEXT);
CREATE TEMP TABLE word (word TEXT);
CREATE TEMP TABLE key_of_form (key INTEGER, form INTEGER);
CREATE TEMP TABLE key_of_word (key INTEGER, word TEXT);
"""
_FINISH = """
INSERT INTO syllable SELECT DISTINCT syllable FROM heard ORDER BY syllable;
INSERT INTO frequency SELECT term, SUM(forms) FROM counted GROUP BY term ORDER BY term;
INSERT INTO misspelt_word SELECT DISTINCT key, word FROM key_of_word ORDER BY key, word;
INSERT INTO misspelt_form SELECT DISTINCT key, form FROM key_of_form ORDER BY key, form;
INSERT INTO term (term) VALUES ('optimize');
CREATE UNIQUE INDEX thing_iri ON thing (iri);
CREATE INDEX form_bare ON form (bare);
"""


def write_index(
    store: Store, file: str | os.PathLike[str] | None, *, prefixes: Mapping[str, str], processes: int = 1
) -> sqlite3.Connection:
    """Make an index of a store's names.

    :param file: a new file; ``None`` for memory.
    :param prefixes: those that things are called by as CURIEs.
    :param processes: how many may be started if there are many names; the index is the same, byte for byte.
    :returns: the connection to it, to ask or to close.
    :raises StoreError: if it cannot be written, or Python's SQLite lacks FTS5.
    """
    from kgtool.text.scripts import simplified_characters

    characters = simplified_characters()
    maker = Maker(characters, read_above(store), prefixes)
    try:
        index = sqlite3.connect(":memory:" if file is None else os.fspath(file), check_same_thread=False)
        index.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHE}; BEGIN;" + _SCHEMA
        )
        _set_gathered(index, _GATHERED)
        writer = _Writer(index)
        index.executemany("INSERT INTO said VALUES (?, ?, ?, ?)", read_said(store))
        for made in made_of_all(maker, _batches(index), processes=processes):
            writer.put_aside(made)
        index.execute("DROP TABLE said")
        writer.write()
        index.executemany("INSERT INTO meta VALUES (?, ?)", made_of(characters, prefixes).items())
        index.executescript(_FINISH)
        _set_gathered(index, 1 << 20)  # as it is by itself
        for table in ("made", "counted", "heard", "word", "key_of_form", "key_of_word"):
            index.execute(f"DROP TABLE {table}")
        index.executescript(f"PRAGMA user_version = {FORMAT};")
    except sqlite3.OperationalError as exc:
        hint = "use a Python whose SQLite has FTS5" if "fts5" in str(exc) else "free some space there"
        raise StoreError(f"cannot write the index of names: {exc}", file=file, hint=hint) from exc
    return index


def made_of(characters: Mapping[str, str], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return what an index keeps of how it was made.

    :param characters: from characters to their Simplified counterparts.
    """
    return {"characters": "".join(map("".join, characters.items())), "prefixes": json.dumps(dict(prefixes))}


def word_keys(word: str) -> set[int]:
    """Return the keys under which a word is looked for misspelt."""
    return {key_of(word), *map(key_of, deletions(word))}


def _set_gathered(index: sqlite3.Connection, size: int) -> None:
    index.execute("INSERT INTO term (term, rank) VALUES ('hashsize', ?)", (size,))


def _batches(index: sqlite3.Connection) -> Iterator[list[Said]]:
    """Walk over what is said, sorted by IRI; all that is said of a thing is in one batch."""
    batch: list[Said] = []
    rows = index.execute("SELECT thing, kind, value, language FROM said ORDER BY thing")
    for _, said in groupby(rows, itemgetter(0)):
        if len(batch) >= _ROWS:
            yield batch
            batch = []
        batch += said
    if batch:
        yield batch


class _Writer:
    """One writing of an index: things are put aside in their order, then forms are written in theirs."""

    def __init__(self, index: sqlite3.Connection) -> None:
        self._index = index
        self._things = 0
        self._classes: dict[str, int] = {}
        self._frequency: Counter[str] = Counter()
        self._words: set[str] = set()
        self._syllables: set[str] = set()

    def put_aside(self, made: Made) -> None:
        """Write the things of a batch, and keep their forms to be sorted."""
        things, forms = [], []
        for number, thing in enumerate(made.things, start=self._things):
            within = [self._classes.setdefault(class_, len(self._classes)) for class_ in thing.within]
            stated = [self._classes[class_] for class_ in thing.stated]
            things.append((number, thing.iri, thing.labels, _numbers(stated), _numbers(within)))
            filed = "".join(f"{class_term(class_)} " for class_ in within)
            forms += [
                (form.shelf, form.folded, number, *form.row, filed + form.terms, form.keys) for form in thing.forms
            ]
        self._things += len(things)
        self._index.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", things)
        self._index.executemany("INSERT INTO made VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", forms)
        self._frequency.update(made.frequency)
        self._words |= made.words
        self._syllables |= made.syllables
        if len(self._frequency) + len(self._words) + len(self._syllables) > _KEPT:
            self._put_aside_parts()

    def write(self) -> None:
        """Write all forms with what they are found by, and the words they may be misspelt in."""
        self._put_aside_parts()
        self._index.executemany("INSERT INTO class VALUES (?, ?)", ((n, iri) for iri, n in self._classes.items()))
        rows = self._index.execute(
            "SELECT shelf, thing, folded, bare, readings, spellings, terms, keys FROM made "
            "ORDER BY shelf, sorted, thing"
        )
        every = numbered(rows)
        while some := list(islice(every, _ROWS)):
            self._index.executemany(
                "INSERT INTO form VALUES (?, ?, ?, ?, ?, ?)", ((number, *row[1:6]) for number, row in some)
            )
            self._index.executemany(
                "INSERT INTO term (rowid, terms) VALUES (?, ?)", ((number, row[6]) for number, row in some)
            )
            self._index.executemany(
                "INSERT INTO key_of_form VALUES (?, ?)",
                ((key, number) for number, row in some for key in array("I", row[7])),
            )
        words = self._index.execute("SELECT DISTINCT word FROM word")
        self._index.executemany(
            "INSERT INTO key_of_word VALUES (?, ?)", ((key, word) for (word,) in words for key in word_keys(word))
        )

    def _put_aside_parts(self) -> None:
        """Keep what is counted, and words and syllables, to be put together."""
        self._index.executemany("INSERT INTO counted VALUES (?, ?)", self._frequency.items())
        self._index.executemany("INSERT INTO word VALUES (?)", ((word,) for word in sorted(self._words)))
        self._index.executemany("INSERT INTO heard VALUES (?)", ((one,) for one in sorted(self._syllables)))
        self._frequency.clear()
        self._words.clear()
        self._syllables.clear()


def _numbers(numbers: Iterable[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"
