"""Files that may be compressed: opened as what is in them, by their names.

https://www.rfc-editor.org/rfc/rfc1952 (gzip) · https://www.rfc-editor.org/rfc/rfc8878 (Zstandard)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any, cast

from kgtool.errors import StoreError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["open_compressed", "plain_name"]

#: Extensions of compressed files.
_EXTENSIONS = (".gz", ".zst")


def plain_name(file: str) -> str:
    """Return what a file is called once it is not compressed.

    >>> plain_name("quads.nq.gz"), plain_name("park.ttl")
    ('quads.nq', 'park.ttl')
    """
    root, extension = os.path.splitext(file)
    return root if extension.lower() in _EXTENSIONS else file


@contextmanager
def open_compressed(file: str, *, told: Callable[[int], object]) -> Iterator[BufferedReader]:
    """Open a file to read what is in it, gzip and Zstandard unpacked.

    :param told: hears how many bytes of the file itself were read, each time some are.
    :raises StoreError: if it cannot be read, or is cut off or damaged: here, or wherever it is read.
    """
    hint = "give files that exist and are whole"
    try:
        with open(file, "rb", buffering=0) as raw, _buffered(_Counted(raw, told)) as plain:
            unpack = _unpacker(file)
            if unpack is None:
                yield plain
            else:
                with unpack(plain) as stream:
                    yield stream
    except (OSError, EOFError, _error_of(file)) as exc:
        why = getattr(exc, "strerror", None) or str(exc)
        raise StoreError(f"cannot read it: {why}", file=file, hint=hint) from exc


def _unpacker(file: str) -> Callable[[BufferedReader], BufferedReader] | None:
    extension = os.path.splitext(file)[1].lower()
    if extension == ".gz":
        import gzip

        return cast("Callable[[BufferedReader], BufferedReader]", gzip.open)
    if extension == ".zst":
        return cast("Callable[[BufferedReader], BufferedReader]", _zstd().open)
    return None


def _error_of(file: str) -> type[Exception]:
    """Return what unpacking raises, besides an OSError, where a file is damaged."""
    if os.path.splitext(file)[1].lower() == ".zst":
        error: type[Exception] = _zstd().ZstdError
        return error
    import zlib

    return zlib.error


def _zstd() -> Any:
    """Import what Python has from 3.14 on, or what stands for it before that."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _buffered(raw: RawIOBase) -> BufferedReader:
    return BufferedReader(raw, 1 << 16)


class _Counted(RawIOBase):
    """A file that tells how much of it is read."""

    def __init__(self, file: RawIOBase, told: Callable[[int], object]) -> None:
        self._file = file
        self._told = told

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        size = self._file.readinto(buffer)
        self._told(size or 0)
        return size
