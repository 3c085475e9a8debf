"""Where a project's built stores are kept, and whether the one in use is up to date.

A project's folder of builds holds ``current`` (a file that names the build in use), ``lock``, and one folder per
build, named by the hash of what it was built from: ``store/``, ``store.names`` (the index of names), ``manifest.json``
and ``contents.json``. The manifest keeps size and times of every source, so that an unchanged project is recognised
without reading it.
"""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import json
import os
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from kgtool.project import Project

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "LAYOUT",
    "NAMES",
    "Build",
    "Stamp",
    "builds_folder",
    "builds_name",
    "current_build",
    "read_build",
    "stamp",
    "write_manifest",
]

#: The version of what a build is: a higher one rebuilds every project.
LAYOUT = 6

#: What follows the name of a store's folder in that of the index of its names: see :mod:`kgtool.search`.
NAMES = ".names"

#: Nanoseconds: a file changed so shortly before it was read may change again without a new time, so it is read again.
_TICK = 2_000_000_000

#: Size, time of the last change of the content, time of the last change of the file's record.
Stamp = tuple[int, int, int]


class Build(NamedTuple):
    """A finished build.

    :param folder: its folder, named by its hash.
    :param total: triples of the default graph.
    :param sources: the stamp of every source file, and the hash of its content.
    :param read_at: when the sources were read, in nanoseconds.
    """

    folder: str
    total: int
    sources: dict[str, tuple[Stamp, str]]
    read_at: int

    @property
    def hash(self) -> str:
        """The hash of what it was built from."""
        return os.path.basename(self.folder)

    @property
    def store(self) -> str:
        """The folder of the store itself."""
        return os.path.join(self.folder, "store")

    def is_fresh(self, project: Project) -> bool:
        """Say whether the project's files look as they did when they were read; ``False`` may also mean 'unsure'."""
        settled = self.settled()
        return len(settled) == len(self.sources) and _stamps(project) == {
            file: seen for file, (seen, _) in settled.items()
        }

    def settled(self) -> dict[str, tuple[Stamp, str]]:
        """Return those sources that cannot have changed since without another stamp."""
        latest = self.read_at - _TICK
        return {file: source for file, source in self.sources.items() if max(source[0][1:]) < latest}


def builds_folder(project: Project) -> "Path":
    """Return the folder of a project's builds, which need not exist: ``<cache>/<project name>-<hash of its path>``."""
    from pathlib import Path

    return Path(builds_name(project))


def builds_name(project: Project) -> str:
    """Return the name of :func:`builds_folder`: a saved query is answered without importing ``pathlib``."""
    cache = os.environ.get("KGTOOL_CACHE")
    if not cache:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        cache = os.path.join(home, "kgtool")
    # CRC-32: importing hashlib takes a third of the time that opening a store does.
    number = zlib.crc32(os.fsencode(project.folder))
    return os.path.join(cache, f"{os.path.basename(project.folder)}-{number:08x}")


def current_build(folder: str | os.PathLike[str]) -> Build | None:
    """Return the build in use of a folder of builds, up to date or not; ``None`` if there is none."""
    try:
        with open(os.path.join(folder, "current"), encoding="ascii") as stream:
            name = stream.read().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return read_build(os.path.join(folder, name)) if name else None


def read_build(folder: str | os.PathLike[str]) -> Build | None:
    """Read a build's manifest; ``None`` if there is no build, or one that this version of kgtool cannot use."""
    try:
        with open(os.path.join(folder, "manifest.json"), "rb") as stream:
            record: dict[str, Any] = json.loads(stream.read())
        if record["layout"] != LAYOUT:
            return None
        sources = {file: ((size, *times), digest) for file, (size, *times, digest) in record["sources"].items()}
        return Build(os.fspath(folder), record["total"], sources, record["read_at"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(build: Build) -> None:
    """Write a build's manifest into its folder, replacing an earlier one at once."""
    record = {
        "layout": LAYOUT,
        "read_at": build.read_at,
        "total": build.total,
        "sources": {file: [*seen, digest] for file, (seen, digest) in build.sources.items()},
    }
    from kgtool.files import replace_text

    replace_text(os.path.join(build.folder, "manifest.json"), json.dumps(record, ensure_ascii=False))


def stamp(file: str | os.PathLike[str]) -> Stamp:
    """Return what the file system says of a file."""
    record = os.stat(file)
    return record.st_size, record.st_mtime_ns, record.st_ctime_ns


def _stamps(project: Project) -> dict[str, Stamp]:
    """Return the stamp of every source of a project; a file that vanished meanwhile has none."""
    found = {}
    for file in project.source_names():
        try:
            found[file] = stamp(file)
        except FileNotFoundError:
            continue
    return found
