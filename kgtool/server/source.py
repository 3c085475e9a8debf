"""What a server serves: a graph that stays as it was when the server started.

Workers are replaced while the server runs, so they must find the same graph again: a project's store is held by links
of its files, which a later build does not touch, and RDF files become a store of their own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from kgtool.build import BuildResult, build
from kgtool.errors import StoreError
from kgtool.namespaces import read_prefixes
from kgtool.project import Project
from kgtool.search import index_file, save_index

__all__ = ["Source", "pin"]


class Source(NamedTuple):
    """A graph that stays.

    :param location: what :func:`kgtool.store.open_store` opens.
    :param hash: the hash of its content; ``None`` if it cannot be known.
    :param name: where it is from, for people.
    """

    location: str
    hash: str | None
    name: str


def pin(
    project: Project,
    location: str | None,
    *,
    folder: Path,
    on_build: Callable[[BuildResult], None] | None = None,
) -> Source:
    """Hold on to a graph.

    :param location: an RDF file, a folder with a store, or a URL; by default the project's own graph, which is built
        if it is not.
    :param folder: an empty one, there as long as the server is.
    :raises StoreError: if there is no graph there.
    """
    if location is None:
        result = build(project)
        if on_build is not None and not result.reused:
            on_build(result)
        _hold(Path(result.folder) / "store", folder / "store")
        _link(index_file(Path(result.folder) / "store"), index_file(folder / "store"))
        return Source(str(folder / "store"), result.hash, project.root.name)
    if location.startswith(("http://", "https://")):
        return Source(location, None, location)
    place = Path(location)
    if place.is_dir():
        return Source(str(place.resolve()), _digest_of_folder(place), place.name)
    from kgtool.store.drafts import read_files

    read = read_files([location])
    read.save(folder / "store")
    save_index(read, folder / "store", prefixes=read_prefixes(project.prefixes_file))
    return Source(str(folder / "store"), hashlib.sha256(place.read_bytes()).hexdigest()[:32], place.name)


def _hold(store: Path, target: Path) -> None:
    """Link a store's files, or copy them where that is not possible."""
    try:
        shutil.copytree(store, target, copy_function=_link)
    except (OSError, shutil.Error) as exc:
        raise StoreError(
            f"cannot hold on to the store: {exc}", file=store, hint="make room in the temporary folder"
        ) from exc


def _link(source: str, destination: str) -> str:
    """Link a file, or copy it where that is not possible."""
    try:
        os.link(source, destination)
    except OSError:
        shutil.copyfile(source, destination)
    return destination


def _digest_of_folder(store: Path) -> str:
    """Hash what the file system says of a store that is too large to be read."""
    whole = hashlib.sha256()
    for file in sorted(store.rglob("*")):
        record = file.stat()
        whole.update(
            f"{file.relative_to(store)} {record.st_size} {record.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
        )
    return whole.hexdigest()[:32]
