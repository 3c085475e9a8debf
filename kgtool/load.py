"""RDF files of any size to a store on disk, loaded as they are read: the store is whole or not there at all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kgtool.errors import StoreError
from kgtool.files import new_folder
from kgtool.store.embedded import open_folder

__all__ = ["Loaded", "Progress", "load"]

#: Called now and then: how many bytes are read, of how many, and which file.
Progress = Callable[[int, int, str], None]


class Loaded(NamedTuple):
    """A store that was loaded.

    :param folder: its folder; the store is in ``store/``, the index of its names beside that.
    :param triples: triples of its default graph.
    :param graphs: how many named graphs it has.
    :param seconds: how long loading took.
    :param index_seconds: how long indexing the names took; ``None`` if they were not.
    """

    folder: str
    triples: int
    graphs: int
    seconds: float
    index_seconds: float | None


def load(
    files: Sequence[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    prefixes: Mapping[str, str],
    union: bool = True,
    index: bool = True,
    progress: Progress | None = None,
) -> Loaded:
    """Load RDF files into a new store; each is read once, unpacked and parsed while the engine writes.

    :param files: Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, told by their names; with ``.gz`` or ``.zst``
        compressed.
    :param folder: a folder that does not exist yet, or is empty.
    :param prefixes: those that the index calls things by.
    :param union: whether triples of named graphs are in the default graph too, each once, as in a built store.
    :param index: whether to index the names: else a search does that in memory when it is first asked.
    :raises QueryError: if the name of a file says no format.
    :raises DataError: if a file is malformed.
    :raises StoreError: if a file cannot be read, or the folder cannot be written; it then is as it was.
    """
    from kgtool.search import save_index
    from kgtool.store.bulk import BulkStore

    names = [os.fspath(file) for file in files]
    target = os.path.abspath(folder)
    if os.path.lexists(target) and not (os.path.isdir(target) and not os.listdir(target)):
        raise StoreError("there is something already", file=folder, hint="name a folder that does not exist yet")
    told = _Told(names, progress or _silent)
    begun = time.perf_counter()
    try:
        with new_folder(target) as fresh:
            place = os.path.join(fresh, "store")
            store = BulkStore(place, union=union)
            for name in names:
                store.add(name, told=told.of(name))
            store.close()
            seconds = time.perf_counter() - begun
            loaded = open_folder(place)
            index_seconds = None
            if index:
                told.last("indexing the names")
                begun = time.perf_counter()
                save_index(loaded, place, prefixes=prefixes)
                index_seconds = time.perf_counter() - begun
            result = Loaded(target, loaded.count(), len(loaded.graphs()), seconds, index_seconds)
    except OSError as exc:
        raise StoreError(f"cannot write the store: {exc.strerror}", file=folder, hint="free some space there") from exc
    return result


class _Told:
    """How far loading is, in bytes of all files."""

    def __init__(self, files: Sequence[str], progress: Progress) -> None:
        self._progress = progress
        self._done = 0
        self._total = 0
        for file in files:
            try:
                self._total += os.stat(file).st_size
            except OSError as exc:
                hint = "give RDF files that exist"
                raise StoreError(f"cannot read it: {exc.strerror}", file=file, hint=hint) from exc

    def of(self, file: str) -> Callable[[int], None]:
        """Return what hears how many bytes of a file were read."""

        def told(size: int) -> None:
            self._done += size
            self._progress(min(self._done, self._total), self._total, os.path.basename(file))

        return told

    def last(self, what: str) -> None:
        """Say what comes after all files."""
        self._progress(self._total, self._total, what)


def _silent(done: int, total: int, what: str) -> None:
    """Report nothing."""
