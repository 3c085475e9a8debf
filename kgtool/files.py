"""Files that are complete or not there at all, whatever happens on the way."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from errno import EISDIR
from typing import BinaryIO

__all__ = ["discard_unfinished", "new_folder", "replace_file", "replace_folder", "replace_text", "scratch_folder"]

#: Writes a file's contents to a stream.
Write = Callable[[BinaryIO], object]

#: Where the kernel keeps what only looks like a file: what is written there goes elsewhere, and nothing is replaced.
_KERNELS = ("/dev", "/proc")
#: Where Linux lists the files that this program has open.
_OPEN = "/proc/self/fd"

#: The temporary names of files that are being written, and of folders in which some are.
_unfinished: set[str] = set()
_scratch: set[str] = set()


def replace_file(file: str | os.PathLike[str], write: Write) -> None:
    """Let a function write a file that nobody sees before it is whole; then it takes the place of the old one.

    The old one's permissions stay. Where the name is a link, what it leads to is replaced; where it is no file at all
    (``/dev/null``, a pipe), the function writes straight to it.

    :raises OSError: if it cannot be written; what was there before is then as it was.
    """
    mode = _mode(file)
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), os.fspath(file))
    if _is_the_kernels(file) or (mode is not None and not stat.S_ISREG(mode)):
        with open(file, "wb") as stream:
            write(stream)
        return
    target = os.path.realpath(file)
    temporary = _temporary(os.path.dirname(target))
    _unfinished.add(temporary)
    try:
        _write(temporary, write, mode=mode)
        os.replace(temporary, target)
    finally:
        _unlink(temporary)
        _unfinished.discard(temporary)


def discard_unfinished() -> None:
    """Remove what is half written, before a process ends without tidying up."""
    for temporary in list(_unfinished):
        _unlink(temporary)
    if _scratch:
        from shutil import rmtree

        for folder in list(_scratch):
            rmtree(folder, ignore_errors=True)


def replace_text(file: str | os.PathLike[str], text: str) -> None:
    """Write a text in UTF-8 as :func:`replace_file` does."""
    replace_file(file, lambda stream: stream.write(text.encode()))


def replace_folder(folder: str | os.PathLike[str], parts: Mapping[str, Write]) -> None:
    """Let functions write the files of a folder, by name, and put it where the old one is once all are whole.

    :raises OSError: if one cannot be written; what was there before is then as it was.
    """
    from shutil import rmtree

    target = os.path.realpath(folder)
    parent = os.path.dirname(target)
    fresh = _temporary(parent)
    new, old = os.path.join(fresh, "new"), os.path.join(fresh, "old")
    with ExitStack() as at_the_end:
        at_the_end.callback(rmtree, fresh, ignore_errors=True)
        unnamed: list[tuple[str, BinaryIO]] = []
        for name, write in parts.items():
            stream = _open_unnamed(parent)
            if stream is None:
                os.makedirs(new, exist_ok=True)
                _write(os.path.join(new, name), write)
                continue
            unnamed.append((name, at_the_end.enter_context(stream)))
            write(stream)
            _settle(stream)
        os.makedirs(new, exist_ok=True)
        for name, stream in unnamed:
            _name(stream, os.path.join(new, name))
        if os.path.lexists(target):
            os.rename(target, old)
        try:
            os.rename(new, target)
        except OSError:
            if os.path.lexists(old):
                os.rename(old, target)
            raise


@contextmanager
def new_folder(folder: str | os.PathLike[str]) -> Iterator[str]:
    """Give a folder to fill, which takes its place when the block ends well, and is gone when it does not.

    :param folder: one that does not exist, or is empty.
    :raises OSError: if it cannot be made, or put there.
    """
    from shutil import rmtree

    target = os.path.abspath(folder)
    fresh = _temporary(os.path.dirname(target))
    try:
        os.makedirs(fresh)
        yield fresh
        os.rename(fresh, target)
    finally:
        rmtree(fresh, ignore_errors=True)


@contextmanager
def scratch_folder(parent: str | os.PathLike[str]) -> Iterator[str]:
    """Give a folder for what is needed on the way, on the same disk as a parent; it is gone when the block ends.

    :raises OSError: if it cannot be made.
    """
    from shutil import rmtree

    folder = _temporary(os.fspath(parent))
    _scratch.add(folder)
    try:
        os.mkdir(folder, 0o700)
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        _scratch.discard(folder)


def _mode(file: str | os.PathLike[str]) -> int | None:
    try:
        return os.stat(file).st_mode
    except FileNotFoundError:
        return None


def _is_the_kernels(file: str | os.PathLike[str]) -> bool:
    folder = os.path.realpath(os.path.dirname(os.path.abspath(file)))
    return folder in _KERNELS or folder.startswith("/proc/")


def _temporary(folder: str) -> str:
    """Return a name that nothing has, short enough for any file system."""
    return os.path.join(folder, f".{os.urandom(6).hex()}.tmp")


def _write(file: str, write: Write, *, mode: int | None = None) -> None:
    """Write a new file: without a name until it is whole, if the file system can do that."""
    stream = _open_unnamed(os.path.dirname(file))
    with stream or open(file, "xb") as opened:
        write(opened)
        if mode is not None:
            os.fchmod(opened.fileno(), stat.S_IMODE(mode))
        _settle(opened)
        if stream:
            _name(stream, file)


def _open_unnamed(folder: str) -> BinaryIO | None:
    """Open a file without a name in a folder: if the program is killed, the kernel frees it. Only Linux has these."""
    if not os.path.isdir(_OPEN):
        return None
    try:
        return open(os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o666), "wb")
    except (OSError, AttributeError):
        return None  # whatever else is wrong with the folder shows itself at the next try


def _name(stream: BinaryIO, file: str) -> None:
    """Give a name to a file that has none; a folder to start from makes Python call the one function that can do it."""
    opened = os.open(_OPEN, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.link(str(stream.fileno()), file, src_dir_fd=opened, follow_symlinks=True)
    finally:
        os.close(opened)


def _settle(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _unlink(file: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(file)
