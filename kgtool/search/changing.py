"""An index changed where a few things have other names than before: it then says what one written anew would say.

https://www.sqlite.org/fts5.html#the_delete_command
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from itertools import groupby

from kgtool.search.forms import GAP, Form, entry_of, forms_of, labels_of, shelf_of, to_json
from kgtool.search.making import form_row
from kgtool.search.names import FORMAT, GROUP_BITS, GROUPS, Thing, read_above, things_named
from kgtool.search.tokens import class_term, quoted
from kgtool.search.writing import made_of, word_keys
from kgtool.store import Store

__all__ = ["write_changed"]

#: A form with the classes of its thing, by which it is found too.
_Filed = tuple[Form, tuple[str, ...]]


def write_changed(
    old: str | os.PathLike[str],
    file: str | os.PathLike[str],
    *,
    before: Store,
    now: Store,
    things: Collection[str],
    prefixes: Mapping[str, str],
) -> bool:
    """Write a changed copy of an index.

    :param old: the file of the old index; it stays as it is.
    :param file: a new file.
    :param before: the store that the old index is of.
    :param now: the store that the new one is to be of.
    :param things: IRIs of all things whose names or classes may differ between the two.
    :param prefixes: those that things are called by as CURIEs.
    :returns: whether that could be done. Else the file is not there, and the index has to be written anew.
    """
    from kgtool.text.scripts import simplified_characters

    characters = simplified_characters()
    above = read_above(now)
    if above != read_above(before):
        return False  # any thing may have come into another class
    try:
        shutil.copyfile(old, file)
        with closing(sqlite3.connect(file)) as index:
            change = _Change(index, str.maketrans(characters))
            index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
            (made_as,) = index.execute("PRAGMA user_version").fetchone()
            meta = dict(index.execute("SELECT key, value FROM meta"))
            if made_as != FORMAT or meta != made_of(characters, prefixes):
                raise _UnlikeError
            was = {thing.iri: thing for thing in things_named(before, things, above, prefixes=prefixes)}
            is_ = {thing.iri: thing for thing in things_named(now, things, above, prefixes=prefixes)}
            change.make(was, is_)
            index.commit()
    except (OSError, sqlite3.DatabaseError, _UnlikeError):
        # It is missing, damaged or of another version, or the disk is full: writing all of it will tell.
        if os.path.exists(file):
            os.unlink(file)
        return False
    return True


def _order(filed: _Filed) -> tuple[int, int, int, str, str]:
    return filed[0].order


class _UnlikeError(Exception):
    """An index does not say what it should, or has no room left where a name has to go."""


class _Change:
    """One change of an index.

    :param characters: from characters to their Simplified counterparts.
    """

    def __init__(self, index: sqlite3.Connection, characters: Mapping[int, str]) -> None:
        self._db = index
        self._characters = characters
        self._frequency: Counter[str] = Counter()
        #: What was in a form that is gone, and may now be in none: words, syllables, classes.
        self._words: set[str] = set()
        self._syllables: set[str] = set()
        self._gone: set[str] = set()

    def make(self, was: Mapping[str, Thing], is_: Mapping[str, Thing]) -> None:
        """Take away what some things were called, and add what they are called now."""
        differing = sorted(iri for iri in {*was, *is_} if was.get(iri) != is_.get(iri))
        old = {filed for iri in differing if iri in was for filed in self._filed(was[iri])}
        new = {filed for iri in differing if iri in is_ for filed in self._filed(is_[iri])}
        self._classes = dict(self._db.execute("SELECT iri, id FROM class"))
        numbers = {iri: self._thing_number(iri) for iri in differing if iri in was}
        for filed in sorted(old - new, key=_order):
            self._remove(filed, numbers)
        for iri in differing:
            self._write_thing(iri, was.get(iri), is_.get(iri), numbers)
        self._insert(sorted(new - old, key=_order), numbers)
        counted = [(term, count) for term, count in self._frequency.items() if count]
        self._db.executemany(
            "INSERT INTO frequency VALUES (?, ?) ON CONFLICT (term) DO UPDATE SET forms = forms + excluded.forms",
            counted,
        )
        self._db.executemany("DELETE FROM frequency WHERE term = ? AND forms <= 0", ((term,) for term, _ in counted))
        self._forget()

    def _filed(self, thing: Thing) -> Iterable[_Filed]:
        return ((form, thing.within) for form in forms_of(thing, self._characters))

    def _thing_number(self, iri: str) -> int:
        row = self._db.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
        if row is None:
            raise _UnlikeError
        return int(row[0])

    def _write_thing(self, iri: str, was: Thing | None, thing: Thing | None, numbers: dict[str, int]) -> None:
        if was is not None:
            self._db.execute("DELETE FROM thing WHERE id = ?", (numbers[iri],))
            self._gone |= {*was.within}
        if thing is None:
            return
        for class_ in thing.within:
            if class_ not in self._classes:
                self._classes[class_] = max(self._classes.values(), default=-1) + 1
                self._db.execute("INSERT INTO class VALUES (?, ?)", (self._classes[class_], class_))
        if was is None:
            (numbers[iri],) = self._db.execute("SELECT COALESCE(MAX(id), -1) + 1 FROM thing").fetchone()
        stated, within = ([self._classes[one] for one in classes] for classes in (thing.classes, thing.within))
        row = (numbers[iri], iri, to_json(labels_of(thing)), to_json(stated), to_json(within))
        self._db.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", row)

    # Forms ------------------------------------------------------------------------------------------------------------

    def _remove(self, filed: _Filed, numbers: Mapping[str, int]) -> None:
        form, classes = filed
        _, number = self._neighbours(form)
        entry = entry_of(form)
        row = self._db.execute(
            "SELECT thing, folded, bare, readings, spellings FROM form WHERE id = ?", (number,)
        ).fetchone()
        if row != (numbers[form.order[-1]], *form_row(form, entry.readings)):
            raise _UnlikeError
        self._db.execute("DELETE FROM form WHERE id = ?", (number,))
        self._db.execute(
            "INSERT INTO term (term, rowid, terms) VALUES ('delete', ?, ?)", (number, self._terms(entry.terms, classes))
        )
        self._db.executemany(
            "DELETE FROM misspelt_form WHERE key = ? AND form = ?", ((key, number) for key in entry.keys)
        )
        self._frequency.subtract(entry.parts)
        self._words.update(entry.words)
        self._syllables |= entry.syllables

    def _insert(self, filed: Iterable[_Filed], numbers: Mapping[str, int]) -> None:
        """Add forms, those that come between the same two neighbours at equal distances."""
        placed = [(self._neighbours(form), form, classes) for form, classes in filed]
        for (before, after), group in groupby(placed, lambda one: one[0]):
            together = list(group)
            step = min(GAP, (after - before) // (len(together) + 1))
            if step < 1:
                raise _UnlikeError
            for place, (_, form, classes) in enumerate(together, start=1):
                self._insert_at(before + place * step, form, classes, numbers[form.order[-1]])

    def _insert_at(self, number: int, form: Form, classes: tuple[str, ...], thing: int) -> None:
        entry = entry_of(form)
        self._db.execute("INSERT INTO form VALUES (?, ?, ?, ?, ?, ?)", (number, thing, *form_row(form, entry.readings)))
        terms = self._terms(entry.terms, classes)
        self._db.execute("INSERT INTO term (rowid, terms) VALUES (?, ?)", (number, terms))
        self._db.executemany("INSERT OR IGNORE INTO misspelt_form VALUES (?, ?)", ((key, number) for key in entry.keys))
        self._db.executemany("INSERT OR IGNORE INTO syllable VALUES (?)", ((one,) for one in entry.syllables))
        self._db.executemany(
            "INSERT OR IGNORE INTO misspelt_word VALUES (?, ?)",
            ((key, word) for word in entry.words for key in word_keys(word)),
        )
        self._frequency.update(entry.parts)

    def _terms(self, terms: Iterable[str], classes: Iterable[str]) -> str:
        return " ".join((*(class_term(self._classes[class_]) for class_ in classes), *terms))

    def _neighbours(self, form: Form) -> tuple[int, int]:
        """Return the number of the last form before one, and of the first that is not, or where its shelf ends."""
        first, end = shelf_of(form)
        (last,) = self._db.execute("SELECT MAX(id) FROM form WHERE id >= ? AND id < ?", (first, end)).fetchone()
        before, after, limit = first, end, 1 + (last or first)
        while limit - before > 1:
            middle = (before + limit) // 2
            row = self._db.execute(
                "SELECT form.id, COALESCE(folded, bare), iri FROM form JOIN thing ON thing.id = thing "
                "WHERE form.id >= ? AND form.id < ? ORDER BY form.id LIMIT 1",
                (middle, limit),
            ).fetchone()
            if row is None:
                limit = middle
            elif row[1:] < form.order[3:]:
                before = row[0]
            else:
                after, limit = row[0], middle
        return before, after

    def _forget(self) -> None:
        """Take away the words, the syllables and the classes that nothing is called, read or classed by any more."""
        for word in sorted(self._words):
            if not self._is_filed(word):
                rows = [(key, word) for key in word_keys(word)]
                self._db.executemany("DELETE FROM misspelt_word WHERE key = ? AND word = ?", rows)
        for syllable in sorted(self._syllables):
            if not self._is_filed(f"·{syllable}"):
                self._db.execute("DELETE FROM syllable WHERE syllable = ?", (syllable,))
        for class_ in sorted(self._gone):
            number = self._classes[class_]
            # The second look is a walk over all things: it is for a class that seems to have none.
            if (
                not self._is_filed(class_term(number), anywhere=True)
                and not self._db.execute(
                    "SELECT 1 FROM thing, json_each(within) WHERE value = ? LIMIT 1", (number,)
                ).fetchone()
            ):
                self._db.execute("DELETE FROM class WHERE id = ?", (number,))

    def _is_filed(self, term: str, *, anywhere: bool = False) -> bool:
        """Say whether a label, or any name, is filed under a term."""
        end = len(GROUPS) if anywhere else 1
        query = "SELECT 1 FROM term WHERE term MATCH ? AND rowid < ? LIMIT 1"
        return self._db.execute(query, (quoted(term), end << GROUP_BITS)).fetchone() is not None
