"""Files that are complete or not there at all, whatever happens on the way."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import BinaryIO

__all__ = ["discard_unfinished", "replace_file", "replace_text"]

#: The temporary names of files that are being written.
_unfinished: set[str] = set()


def replace_file(file: str | os.PathLike[str], write: Callable[[BinaryIO], object]) -> None:
    """Let a function write under a temporary name beside a file, then rename that to the file's.

    :raises OSError: if it cannot be written; what was there before is then as it was.
    """
    temporary = f"{os.fspath(file)}.{os.getpid()}.tmp"
    _unfinished.add(temporary)
    try:
        with open(temporary, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
        _unfinished.discard(temporary)


def discard_unfinished() -> None:
    """Remove what is half written, before a process ends without tidying up."""
    for temporary in list(_unfinished):
        if os.path.exists(temporary):
            os.unlink(temporary)


def replace_text(file: str | os.PathLike[str], text: str) -> None:
    """Write a text in UTF-8 as :func:`replace_file` does."""
    replace_file(file, lambda stream: stream.write(text.encode()))
