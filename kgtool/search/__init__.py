"""Searching by name: labels in every language and script, pinyin, gists, quotes, CURIEs, misspelt ones too."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from kgtool.errors import StoreError
from kgtool.project import Project
from kgtool.search.index import Index, Match
from kgtool.store import Store
from kgtool.store.builds import NAMES

if TYPE_CHECKING:
    from kgtool.store.embedded import EmbeddedStore

__all__ = ["Index", "Match", "built_index", "change_index", "index_file", "open_index", "save_index"]

#: Indexes in memory of stores that have none on disk, as they were when they were first asked.
_MADE: WeakKeyDictionary[Store, Index] = WeakKeyDictionary()


def open_index(source: Store | Project, *, prefixes: Mapping[str, str] | None = None) -> Index:
    """Open the index of a graph's names.

    The one of a built store lies beside it. For any other store, one query reads its names, and the index is made in
    memory: once per store, of the names it has then.

    :param source: a store, or a project that is built.
    :param prefixes: those of CURIEs, for an index that has to be made.
    :raises StoreError: if the project is not built, or the names cannot be read.
    """
    if isinstance(source, Project):
        from kgtool.store import open_store

        source = open_store(project=source)
    index = built_index(source)
    if index is not None:
        return index
    if source not in _MADE:
        from kgtool.search.writing import write_index

        _MADE[source] = Index(write_index(source, None, prefixes=prefixes or {}))
    return _MADE[source]


def built_index(store: Store) -> Index | None:
    """Open the index that lies beside a store; ``None`` if there is none, or none that can be read."""
    folder = getattr(store, "folder", None)
    if folder is None:
        return None
    if store not in _MADE:
        file = index_file(folder)
        if not os.path.isfile(file):
            return None
        try:
            _MADE[store] = Index(_connect(file))
        except (sqlite3.DatabaseError, StoreError, KeyError, ValueError):
            return None
    return _MADE[store]


def index_file(folder: str | os.PathLike[str]) -> str:
    """Return where the index of a store in a folder is: beside the folder, under its name."""
    return os.fspath(folder).rstrip("/") + NAMES


def save_index(
    store: Store, folder: str | os.PathLike[str], *, prefixes: Mapping[str, str], processes: int | None = None
) -> None:
    """Write the index of a store that was saved to a folder.

    :param processes: how many may be started if there are many names; as many as the machine has cores unless given.
    :raises StoreError: if it cannot be written.
    """
    from kgtool.search.writing import write_index

    file = index_file(folder)
    if os.path.exists(file):
        raise StoreError("there is an index already", file=file, hint="an index is written once, with its store")
    write_index(store, file, prefixes=prefixes, processes=processes or os.cpu_count() or 1).close()


def change_index(
    before: EmbeddedStore, now: EmbeddedStore, *, things: Collection[str], prefixes: Mapping[str, str]
) -> bool:
    """Write the index of a store in a folder by changing that of another, where a few things have other names.

    :param before: the store whose index is changed; its own stays as it is.
    :param now: the store whose index is written.
    :param things: IRIs of all things whose names or classes may differ between the two.
    :returns: whether that could be done; else nothing is written.
    """
    from kgtool.search.changing import write_changed

    assert before.folder is not None
    assert now.folder is not None
    old, new = index_file(before.folder), index_file(now.folder)
    return write_changed(old, new, before=before, now=now, things=things, prefixes=prefixes)


def _connect(file: str) -> sqlite3.Connection:
    """Open a file that does not change any more, from any thread."""
    name = os.path.abspath(file).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True, check_same_thread=False)
