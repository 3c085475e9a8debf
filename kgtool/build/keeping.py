"""The folder of a project's builds: one at a time writes to it, and whatever stops that, the build in use stays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from kgtool.build.contents import Contents, read_contents, write_contents
from kgtool.build.parts import remove_parts
from kgtool.build.sources import Sources
from kgtool.errors import StoreError
from kgtool.files import replace_text
from kgtool.store.builds import NAMES, Build, current_build, read_build, write_manifest
from kgtool.store.embedded import open_folder

__all__ = ["explaining", "locked", "remove_leftovers", "reuse", "save", "use"]


def reuse(folder: Path, sources: Sources, read_at: int, *, only_current: bool = False) -> Build | None:
    """Return the build of these sources if there is a sound one, its manifest brought up to date."""
    made = current_build(folder) if only_current else read_build(folder / sources.digest)
    if made is None or made.hash != sources.digest:
        return None
    if not os.path.isfile(f"{made.store}{NAMES}"):
        return None
    try:
        open_folder(made.store)
        read_contents(Path(made.folder))
    except (StoreError, OSError, ValueError, TypeError):
        return None
    made = made._replace(sources=_stamps(sources), read_at=read_at)
    with suppress(OSError):  # without it, only the next look at the files takes longer
        write_manifest(made)
    return made


def save(
    folder: Path,
    sources: Sources,
    read_at: int,
    *,
    write: Callable[[Path], tuple[Contents, int]],
    last: Callable[[], None],
) -> Build:
    """Let a function write a build to its folder: all of it, or nothing.

    :param write: writes the store, and the index beside it, into the folder it is given; returns what the store holds
        and how many triples its default graph has.
    :param last: called before the build is put in place.
    """
    place = folder / sources.digest
    unfinished = folder / f"unfinished-{os.getpid()}"
    try:
        with explaining(folder):
            unfinished.mkdir(parents=True)
            contents, total = write(unfinished)
            last()
            made = Build(str(unfinished), total, _stamps(sources), read_at)
            write_contents(contents, unfinished)
            write_manifest(made)
            rmtree(place, ignore_errors=True)  # there is one only if it is damaged
            unfinished.rename(place)
    except BaseException:
        rmtree(unfinished, ignore_errors=True)
        raise
    return made._replace(folder=str(place))


def use(folder: Path, digest: str) -> None:
    """Make a build the one in use; keep the one before, which a reader may have open, and remove the others."""
    before = current_build(folder)
    if before is not None and before.hash == digest:
        return
    with explaining(folder):
        replace_text(folder / "current", f"{digest}\n")
    kept = {digest} if before is None else {digest, before.hash}
    needed: set[str] = set()
    for other in list(folder.iterdir()):
        if other.name in kept:
            with suppress(OSError, ValueError, TypeError):
                needed |= set(read_contents(other).digests.values())
        elif before is not None and (other / "manifest.json").is_file():
            rmtree(other, ignore_errors=True)
    remove_parts(folder, but=needed)


def remove_leftovers(folder: Path) -> None:
    """Remove what builds that were killed left behind; no other runs while the lock is held."""
    for leftover in folder.glob("unfinished-*"):
        rmtree(leftover, ignore_errors=True)
    for leftover in (*folder.glob("*.tmp"), *folder.glob("parts/*.tmp")):
        leftover.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder of builds; it ends with the process, however that ends."""
    import fcntl

    with explaining(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def explaining(folder: Path) -> Iterator[None]:
    """Say of anything that goes wrong while writing below a folder what to do about it."""
    hint = "free some space there, or set KGTOOL_CACHE to a folder that can be written"
    try:
        yield
    except OSError as exc:
        raise StoreError(f"cannot write the store: {exc.strerror or exc}", file=folder, hint=hint) from exc
    except StoreError as exc:
        raise StoreError(exc.message, file=folder, hint=hint) from exc


def _stamps(sources: Sources) -> dict[str, tuple[tuple[int, int, int], str]]:
    return {source.file: (source.stamp, source.digest) for source in sources.all()}
