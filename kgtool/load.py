"""RDF files of any size to a store on disk, loaded as they are read: the store is whole or not there at all.

Until it is whole it is in ``TARGET.partial``, with a journal of what is in it: the same load goes on from there.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from kgtool.errors import KgError, StoreError
from kgtool.files import replace_text
from kgtool.store.builds import stamp
from kgtool.store.bulk import BulkStore, UnwritableError
from kgtool.store.embedded import ENGINE, open_folder

__all__ = ["Loaded", "Progress", "load"]

#: The version of a journal.
_JOURNAL = 1

#: Called now and then: how many bytes are read, of how many, and which file.
Progress = Callable[[int, int, str], None]


class Loaded(NamedTuple):
    """A store that was loaded.

    :param folder: its folder; the store is in ``store/``, the index of its names beside that.
    :param triples: triples of its default graph.
    :param graphs: how many named graphs it has.
    :param seconds: how long loading took.
    :param index_seconds: how long indexing the names took; ``None`` if they were not.
    :param skipped: bytes of what is in the files, unpacked, that an interrupted load had loaded before.
    """

    folder: str
    triples: int
    graphs: int
    seconds: float
    index_seconds: float | None
    skipped: int


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

    A load that was interrupted, killed, or stopped by a full disk goes on where it was when it is called again.

    :param files: Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, told by their names; with ``.gz`` or ``.zst``
        compressed.
    :param folder: a folder that does not exist yet, or is empty.
    :param prefixes: those that the index calls things by.
    :param union: whether triples of named graphs are in the default graph too, each once, as in a built store.
    :param index: whether to index the names: else a search does that in memory when it is first asked.
    :raises QueryError: if the name of a file says no format.
    :raises DataError: if a file is malformed.
    :raises StoreError: if a file cannot be read, or the folder cannot be written; or if an interrupted load of other
        files or in another way has to be finished or removed first.
    """
    names = [os.fspath(file) for file in files]
    target = os.path.abspath(folder)
    if os.path.lexists(target) and not (os.path.isdir(target) and not os.listdir(target)):
        raise StoreError("there is something already", file=folder, hint="name a folder that does not exist yet")
    told = _Told(names, progress or _silent)
    try:
        partial = _Partial(target, names, union=union)
        result = _fill(partial, target, names, prefixes=prefixes, union=union, index=index, told=told)
        partial.finish(target)
    except OSError as exc:
        raise StoreError(f"cannot write the store: {exc.strerror}", file=folder, hint="free some space there") from exc
    return result


def _fill(
    partial: _Partial,
    target: str,
    names: Sequence[str],
    *,
    prefixes: Mapping[str, str],
    union: bool,
    index: bool,
    told: _Told,
) -> Loaded:
    from kgtool.search import index_file, save_index

    begun = time.perf_counter()
    skipped = partial.loaded()
    place = os.path.join(partial.folder, "store")
    store = BulkStore(place, union=union)
    try:
        for number, name in enumerate(names):
            partial.add_to(store, number, name, told=told.of(name))
    except UnwritableError:
        raise  # what is there is of use once there is space
    except KgError:
        # The engine tidies up in threads of its own until it is closed: they would put files into what is removed.
        with suppress(KgError):
            store.close()
        partial.remove()
        raise
    store.close()
    seconds = time.perf_counter() - begun
    loaded = open_folder(place)
    index_seconds = None
    if index:
        told.last("indexing the names")
        begun = time.perf_counter()
        if os.path.exists(index_file(place)):
            os.unlink(index_file(place))  # one that was not finished
        save_index(loaded, place, prefixes=prefixes)
        index_seconds = time.perf_counter() - begun
    return Loaded(target, loaded.count(), len(loaded.graphs()), seconds, index_seconds, skipped)


class _Partial:
    """The folder of a store that is not whole yet, and the journal of what is in it.

    :param target: the folder that it becomes.
    :param files: what is loaded into it.
    :raises StoreError: if it is of another load.
    """

    def __init__(self, target: str, files: Sequence[str], *, union: bool) -> None:
        self.folder = f"{target}.partial"
        self._journal = os.path.join(self.folder, "journal.json")
        self._made: dict[str, Any] = {"format": _JOURNAL, "engine": ENGINE, "union": union}
        self._files = [[os.path.abspath(file), *stamp(file)[:2]] for file in files]
        #: Of each file, how many bytes of what is in it are loaded, and whether that is all.
        self._done: list[tuple[int, bool]] = [(0, False)] * len(files)
        os.makedirs(self.folder, exist_ok=True)
        if os.listdir(self.folder):
            self._go_on()
        else:
            self._write()

    def _go_on(self) -> None:
        hint = f"load the same files in the same way to go on, or remove '{self.folder}'"
        try:
            with open(self._journal, encoding="utf-8") as stream:
                journal = json.load(stream)
            made, files, done = journal["made"], journal["files"], journal["done"]
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise StoreError("there is no journal of a load in it", file=self.folder, hint=hint) from exc
        if made != self._made:
            raise StoreError("it is of a load with other options, or another engine", file=self.folder, hint=hint)
        for was, now in zip(files, self._files, strict=False):
            if was != now and was[0] == now[0]:
                raise StoreError("the file has changed since its load was interrupted", file=now[0], hint=hint)
        if files != self._files:
            raise StoreError("it is of a load of other files", file=self.folder, hint=hint)
        self._done = [(size, whole) for size, whole in done]

    def loaded(self) -> int:
        """Return how many bytes of what is in the files are loaded."""
        return sum(size for size, _ in self._done)

    def add_to(self, store: BulkStore, number: int, file: str, *, told: Callable[[int], object]) -> None:
        """Add what is not loaded yet of one of the files to the store."""
        size, whole = self._done[number]
        if whole:
            told(os.stat(file).st_size)
            return

        def keep(now: int) -> None:
            self._done[number] = (now, False)
            self._write()

        store.add(file, told=told, after=size, kept=keep)
        self._done[number] = (self._done[number][0], True)
        self._write()

    def _write(self) -> None:
        journal = {"made": self._made, "files": self._files, "done": self._done}
        try:
            replace_text(self._journal, json.dumps(journal, ensure_ascii=False))
        except OSError as exc:
            hint = "free some space there"
            raise UnwritableError(f"cannot write the store: {exc.strerror}", file=self.folder, hint=hint) from exc

    def finish(self, target: str) -> None:
        """Put the folder where it belongs."""
        os.rename(self.folder, target)
        os.unlink(os.path.join(target, os.path.basename(self._journal)))

    def remove(self) -> None:
        """Remove the folder."""
        from shutil import rmtree

        rmtree(self.folder, ignore_errors=True)


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
