"""From a project's files to a store on disk: by content hash, atomically, one build at a time.

Which file becomes which named graph is in ``docs/architecture.md``. What articles share is put together in memory; each
article is made into quads of its own, which are kept; all of them are streamed into a store in a folder beside the
others, which is then renamed, and ``current`` is replaced last. Whatever stops a build, the store built before stays in
use. Where only a few articles changed, the new store is a copy of the one before with their difference, and so is the
index of its names.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from kgtool.build.contents import Contents, read_contents
from kgtool.build.keeping import explaining, locked, remove_leftovers, reuse, save, use
from kgtool.build.parts import make_parts
from kgtool.build.shared import Shared, base_of, read_shared
from kgtool.build.sources import Sources, read_sources
from kgtool.build.writing import Changed, change_store, write_store
from kgtool.errors import StoreError
from kgtool.project import Project
from kgtool.store import Store, open_fresh
from kgtool.store.builds import Build, builds_folder, current_build
from kgtool.store.embedded import open_folder

__all__ = ["BuildResult", "Progress", "base_of", "build", "open_built"]

#: Called before every step: how many are done, of how many, and what comes next.
Progress = Callable[[int, int, str], None]


class BuildResult(NamedTuple):
    """A build that is in use.

    :param folder: its folder; the store is in ``store/``.
    :param hash: the hash of everything it was built from.
    :param counts: triples per named graph.
    :param total: triples of the default graph.
    :param reused: whether it was there already.
    :param seconds: how long it took.
    """

    folder: Path
    hash: str
    counts: dict[str, int]
    total: int
    reused: bool
    seconds: float


def open_built(project: Project, *, on_build: Callable[[BuildResult], None] | None = None) -> Store:
    """Open a project's store, built anew if its files have changed.

    :param on_build: told of a build that was made.
    """
    store = open_fresh(project)
    if store is not None:
        return store
    result = build(project)
    if on_build is not None and not result.reused:
        on_build(result)
    return open_folder(result.folder / "store")


def build(project: Project, *, into: Path | None = None, progress: Progress | None = None) -> BuildResult:
    """Build a project's store, or find that it is built.

    :param into: the folder of the project's builds, if it is not the usual one.
    :raises DataError: if a file is malformed or contradicts another.
    :raises QueryError: if a rule is wrong.
    :raises ProjectError: if the project lacks a part.
    :raises StoreError: if the store cannot be written; the one built before stays in use.
    """
    begun = time.perf_counter()
    read_at = time.time_ns()
    folder = into or builds_folder(project)
    sources = read_sources(project, before=current_build(folder))
    made = reuse(folder, sources, read_at, only_current=True)
    if made is not None:
        return _result(made, begun, reused=True)
    with locked(folder):
        # Another process may have built the same while this one waited.
        made = reuse(folder, sources, read_at)
        reused = made is not None
        if made is None:
            remove_leftovers(folder)
            made = _make(sources, folder, read_at, _Steps(sources, progress or _silent))
        use(folder, sources.digest)
    return _result(made, begun, reused=reused)


def _make(sources: Sources, folder: Path, read_at: int, steps: _Steps) -> Build:
    shared = read_shared(sources, told=steps.next)
    with explaining(folder):
        make_parts(sources, shared, folder, told=steps.next)
    before = current_build(folder)

    def write(place: Path) -> tuple[Contents, int]:
        store = place / "store"
        if before is not None:
            steps.at(-2 - len(sources.articles), "writing what changed")
            changed = _change(before, sources, shared, folder, store)
            if changed is not None:
                steps.at(-2, "indexing the names")
                _index(store, shared, before=before, things=changed.things)
                return changed.contents, before.total + changed.more
        contents, total = write_store(sources, shared, folder, store, told=steps.next)
        steps.at(-2, "indexing the names")
        _index(store, shared)
        return contents, total

    return save(folder, sources, read_at, write=write, last=lambda: steps.at(-1, "putting it in place"))


def _change(before: Build, sources: Sources, shared: Shared, folder: Path, store: Path) -> Changed | None:
    """Write the store as a changed copy of the one before, if that can be."""
    try:
        contents = read_contents(Path(before.folder))
        return change_store(contents, Path(before.store), sources, shared, folder, store)
    except (OSError, ValueError, TypeError, StoreError):
        # It is damaged, or the disk is full: writing all of it will tell.
        rmtree(store, ignore_errors=True)
        return None


def _index(store: Path, shared: Shared, *, before: Build | None = None, things: Collection[str] = ()) -> None:
    """Write the index of a store's names: that of the build before, changed where things may be called otherwise."""
    from kgtool.search import change_index, save_index

    now = open_folder(store)
    if before is None or not change_index(open_folder(before.store), now, things=things, prefixes=shared.prefixes):
        save_index(now, store, prefixes=shared.prefixes)


def _result(made: Build, begun: float, *, reused: bool) -> BuildResult:
    folder = Path(made.folder)
    return BuildResult(folder, made.hash, read_contents(folder).counts, made.total, reused, time.perf_counter() - begun)


class _Steps:
    """The steps: every shared file but the rules, joining, every article, changing, every article, two more."""

    def __init__(self, sources: Sources, progress: Progress) -> None:
        files = len(sources.shared) - len(sources.project.derive_files())
        self._total = files + 1 + len(sources.articles) + 1 + len(sources.articles) + 2
        self._progress = progress
        self._done = 0

    def next(self, what: str) -> None:
        """Say what comes next."""
        self._progress(self._done, self._total, what)
        self._done += 1

    def at(self, place: int, what: str) -> None:
        """Say what comes next, and where that is, counted from the end: a changed copy needs no step per article."""
        while self._done < self._total + place:
            self.next(what)
        self.next(what)


def _silent(done: int, total: int, what: str) -> None:
    """Report nothing."""
