"""A file of columns opened to be asked: read-only, confined to itself, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from hashlib import md5, sha256
from typing import Any

import duckdb

from kgtool.columns.catalogue import LAYOUT, Column
from kgtool.errors import StoreError
from kgtool.store.embedded import ENGINE

__all__ = ["Database", "fingerprint"]

#: Megabytes and threads that a query may take; one that needs more memory is answered by the engine.
_MEMORY, _THREADS = 512, 4
#: It reads its file and nothing else, puts nothing aside, and nobody can change that.
_CONFINED = ("temp_directory = ''", "enable_external_access = false", "lock_configuration = true")
#: The most terms whose text is remembered.
_REMEMBERED = 1 << 16
#: Files in a store's folder that opening it may change.
_PASSING = ("LOG", "LOCK", "OPTIONS")


class Database:
    """The columns of a store.

    :param fingerprint: what the store's files are known by.
    :raises StoreError: if the file cannot be read, or is of another store, engine or version.
    """

    def __init__(self, file: str, fingerprint: str) -> None:
        _refuse_little_memory()
        config = {"memory_limit": f"{_MEMORY}MB", "threads": min(_THREADS, os.cpu_count() or 1)}
        try:
            # Attached to a database of its own: opened by its name, DuckDB would hand out one that is open already.
            self._connection: Any = duckdb.connect(config=config)
            place = file.replace("'", "''")
            self._connection.execute(f"ATTACH '{place}' AS file (READ_ONLY)")
            for confined in _CONFINED:
                self._connection.execute(f"SET {confined}")
            about = dict(self._connection.execute("SELECT key, value FROM file.about").fetchall())
            wanted = {"layout": LAYOUT, "engine": ENGINE, "store": fingerprint}
            if any(about.get(key) != value for key, value in wanted.items()):
                self._connection.close()
                raise StoreError("the columns are not those of the store beside them", file=file, hint=_HINT)
            columns = self._connection.execute(
                """SELECT text, number, tab, n, subjects, objects, single, complete, kinds, valued, scale, most, blank
                FROM file.predicates JOIN file.terms ON id = number"""
            ).fetchall()
        except (duckdb.Error, ValueError, TypeError) as exc:
            raise StoreError(f"the columns cannot be read: {exc}", file=file, hint=_HINT) from exc
        #: The predicates, as N-Triples writes them.
        self.columns: dict[str, Column] = {
            text: Column(*fields)._replace(kinds=frozenset(fields[7])) for text, *fields in columns
        }
        self._texts: dict[int, str] = {}

    def find(self, text: str) -> tuple[int, int] | None:
        """Return the number of a term, written as N-Triples does, and in how many triples it is; ``None``: in none."""
        number = int.from_bytes(md5(text.encode(), usedforsecurity=False).digest()[8:], "little")
        for found, uses in self.rows("SELECT id, uses FROM file.lookup WHERE hash = ?", [number]):
            if self.texts([found])[found] == text:
                return found, uses
        return None

    def texts(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return terms by their numbers, written as N-Triples does."""
        found = {number: self._texts.get(number, "") for number in numbers}
        missing = [number for number, text in found.items() if not text]
        if missing:
            found.update(self._read_texts(missing))
            known = self._texts if len(self._texts) + len(missing) <= _REMEMBERED else {}
            known.update((number, found[number]) for number in missing[:_REMEMBERED])
            self._texts = known
        return found

    def _read_texts(self, numbers: Collection[int]) -> list[tuple[int, str]]:
        if len(numbers) == 1:  # a comparison skips what it cannot be in; a list does not
            return self.rows("SELECT id, text FROM file.terms WHERE id = ?", list(numbers))
        return self.rows(
            "SELECT id, text FROM file.terms WHERE id IN (SELECT unnest(?::UINTEGER[]))", [sorted(numbers)]
        )

    def rows(self, query: str, values: Sequence[object]) -> list[Any]:
        """Answer a query in SQL; from any thread.

        :raises StoreError: if it cannot be answered.
        """
        try:
            with self._connection.cursor() as cursor:
                rows: list[Any] = cursor.execute(query, values).fetchall()
                return rows
        except duckdb.Error as exc:
            raise StoreError(f"the columns cannot be asked: {exc}", hint=_HINT) from exc


def _refuse_little_memory() -> None:
    """Refuse to work where the kernel may refuse memory: DuckDB would end the process."""
    try:
        import resource
    except ImportError:
        return  # no such limits
    limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
    if limit != resource.RLIM_INFINITY and limit < (_MEMORY * 3 // 2) << 20:
        raise StoreError(f"columns need {_MEMORY * 3 // 2} MB of memory", hint="allow more: --max-memory")


_HINT = "write them anew: 'kgtool columns'"


def fingerprint(folder: str) -> str:
    """Return what the files of a store in a folder are known by: a copy is the same store, a changed one another."""
    names = sorted(name for name in os.listdir(folder) if not name.startswith(_PASSING))
    found = [f"{name} {os.stat(os.path.join(folder, name)).st_size}" for name in names]
    for name in ("CURRENT", "IDENTITY"):
        try:
            with open(os.path.join(folder, name), "rb") as stream:
                found.append(stream.read().hex())
        except FileNotFoundError:
            continue
    return sha256("\n".join(found).encode()).hexdigest()
