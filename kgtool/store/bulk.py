"""A new store on disk, filled with files of any size: what is read next is made ready while the engine works.

With :mod:`kgtool.store.embedded` and :mod:`kgtool.store.drafts`, a module that imports pyoxigraph.
"""

from __future__ import annotations

import io
import os
import queue
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Self, cast

import pyoxigraph

from kgtool.compressed import open_compressed, plain_name
from kgtool.errors import DataError, StoreError
from kgtool.formats import format_for_path
from kgtool.pieces import Joined
from kgtool.store.drafts import MARK, address_of
from kgtool.store.embedded import RDF_FORMATS

if TYPE_CHECKING:
    from types import TracebackType


__all__ = ["BulkStore", "UnwritableError"]

#: Bytes that are read, and handed over, at once.
_PIECE = 1 << 20
#: Bytes of N-Quads or N-Triples after which the engine is given a new piece: what is lost at most where loading is
#: interrupted. Smaller ones leave the engine more files to merge: 64 MB take 1.4 times as long for ten million quads.
_LINES = 1 << 30
#: Formats that have a line for each quad.
_OF_LINES = (pyoxigraph.RdfFormat.N_QUADS, pyoxigraph.RdfFormat.N_TRIPLES)
#: Pieces that are made ready before they are needed.
_AHEAD = 4

#: A quad of N-Quads with a graph; all but the graph is its first group. https://www.w3.org/TR/n-quads/#sec-grammar
_QUAD = re.compile(
    rb"^[ \t]*((?:<[^>\n]*>|_:[^ \t<\n]+)"
    rb"[ \t]*<[^>\n]*>"
    rb'[ \t]*(?:<[^<>\n]*>|"[^"\\\n]*(?:\\.[^"\\\n]*)*"(?:\^\^[ \t]*<[^>\n]*>|@[A-Za-z0-9-]+)?'
    rb"|_:[^ \t<\n]+|<<\(.*\)>>))"
    rb"[ \t]*(?:<[^<>\n]*>|_:[^ \t\n]*[^ \t\n.])[ \t]*\.[ \t]*(?:#.*)?$",
    re.MULTILINE,
)


class UnwritableError(StoreError):
    """The store cannot be written; its files are not to blame."""


class BulkStore:
    """A store in a folder, to be filled and then closed.

    :param folder: a folder that is empty or does not exist, or one that another was filling.
    :param union: whether triples of named graphs are in the default graph too, each once.
    :raises UnwritableError: if it cannot be written.
    """

    def __init__(self, folder: str | os.PathLike[str], *, union: bool) -> None:
        self._folder = folder
        self._union = union
        try:
            self._store = pyoxigraph.Store(os.fspath(folder))
        except (OSError, RuntimeError) as exc:
            raise self._unwritable(exc) from exc

    def add(self, file: str, *, told: Callable[[int], object], after: int = 0, kept: Callable[[int], object]) -> None:
        """Add a file, its format told by its name, ``.gz`` and ``.zst`` apart; its blank nodes are its own.

        N-Quads and N-Triples are added piece by piece, each as a whole or not at all. The engine names blank nodes
        anew in every piece, so the rest of a file from the first one on is one piece; as is a file of another format.

        :param told: hears how many bytes of the file were read, each time some are.
        :param after: bytes of what is in the file, unpacked, that are there already.
        :param kept: hears, after each piece, how many bytes are there by then.
        :raises QueryError: if the name says no format.
        :raises DataError: if it is malformed.
        :raises StoreError: if it cannot be read, or the store cannot be written.
        """
        form = RDF_FORMATS[format_for_path(plain_name(file), kind="graph").name]
        with open_compressed(file, told=told) as stream:
            if not after and stream.peek(len(MARK)).startswith(MARK):
                after = len(stream.read(len(MARK)))
            else:
                _skip(stream, after)
            reader = (_LinesRead if form in _OF_LINES else _AllRead)(stream, after)
            while not reader.at_end():
                self._add_piece(file, form, reader)
                self._flush()
                kept(reader.position)

    def _add_piece(self, file: str, form: pyoxigraph.RdfFormat, reader: _AllRead) -> None:
        base = address_of(file)
        twice = self._union and form.supports_datasets

        def read(put: Callable[[bytes], None]) -> None:
            if twice:
                _read_twice(reader, form, base, put)
                return
            for piece in iter(reader.read, b""):
                put(piece)

        with _Ahead(read) as ahead:
            try:
                self._store.bulk_load(
                    io.BufferedReader(ahead, _PIECE), pyoxigraph.RdfFormat.N_QUADS if twice else form, base_iri=base
                )
            except Exception as exc:
                error = ahead.error or exc
                if isinstance(error, SyntaxError):
                    raise _explained(file, form, base, error) from exc
                if ahead.error is None and isinstance(error, OSError | RuntimeError):
                    raise self._unwritable(error) from exc
                raise error from None

    def close(self) -> None:
        """Finish writing.

        :raises StoreError: if that fails.
        """
        self._flush()
        del self._store  # which lets go of the folder

    def _flush(self) -> None:
        try:
            self._store.flush()
        except (OSError, RuntimeError) as exc:
            raise self._unwritable(exc) from exc

    def _unwritable(self, exc: Exception) -> UnwritableError:
        return UnwritableError(f"cannot write the store: {exc}", file=self._folder, hint="free some space there")


class _AllRead:
    """What is in a file, to be read as one piece.

    :param position: how many bytes of it were read before.
    """

    def __init__(self, stream: io.BufferedReader, position: int) -> None:
        self._stream = stream
        self._begun = False
        self.position = position

    def at_end(self) -> bool:
        """Say whether there is no other piece; a file of nothing is one."""
        return self._begun and not self._stream.peek(1)

    def read(self, size: int = -1) -> bytes:
        """Return what comes next of the piece; nothing at its end."""
        self._begun = True
        data = self._stream.read(_PIECE if size < 0 else size)
        self.position += len(data)
        return data


class _LinesRead(_AllRead):
    """Lines of a file, to be read in pieces that end where a line does."""

    def __init__(self, stream: io.BufferedReader, position: int) -> None:
        super().__init__(stream, position)
        self._size = 0
        self._has_blank_nodes = False

    def read(self, size: int = -1) -> bytes:
        if self._size >= _LINES and not self._has_blank_nodes:
            self._size = 0
            return b""
        data = super().read(size)
        if data and not data.endswith(b"\n"):
            rest = self._stream.readline()
            self.position += len(rest)
            data += rest
        self._size += len(data)
        self._has_blank_nodes = self._has_blank_nodes or b"_:" in data
        return data


def _skip(stream: BinaryIO, size: int) -> None:
    while size and (data := stream.read(min(size, _PIECE))):
        size -= len(data)


def _read_twice(reader: _AllRead, form: pyoxigraph.RdfFormat, base: str, put: Callable[[bytes], None]) -> None:
    """Hand over a piece as N-Quads, and every triple of a named graph once more without its graph."""
    lines = _Twice(put)
    if form == pyoxigraph.RdfFormat.N_QUADS:
        for piece in iter(reader.read, b""):
            lines.write(piece)
    else:
        quads = pyoxigraph.parse(cast("BinaryIO", reader), form, base_iri=base)
        pyoxigraph.serialize(quads, cast("BinaryIO", lines), pyoxigraph.RdfFormat.N_QUADS)
    lines.finish()


class _Twice(io.RawIOBase):
    """A stream to write N-Quads to: hands over what is written to it, and every triple of a named graph once more."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        self._put = put
        self._pieces: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override] # what writes to it has bytes
        self._pieces.append(bytes(data))
        self._size += len(data)
        if self._size >= _PIECE:
            self._hand_over(last=False)
        return len(data)

    def finish(self) -> None:
        """Hand over what is left."""
        self._hand_over(last=True)

    def _hand_over(self, *, last: bool) -> None:
        data = b"".join(self._pieces)
        if b"\r" in data:  # which ends a line too, and stands in no term
            data = data.replace(b"\r", b"\n")
        end = len(data) if last else data.rfind(b"\n") + 1
        whole, rest = data[:end], data[end:]
        self._pieces, self._size = [rest], len(rest)
        if whole:
            self._put(whole)
            again = b" .\n".join(_QUAD.findall(whole))
            if again:
                self._put((b"" if whole.endswith(b"\n") else b"\n") + again + b" .\n")


class _Ahead(Joined):
    """What a function hands over, as a stream: a thread runs the function, a few pieces ahead of who reads them.

    The engine works without Python's lock, so that both go on at once.

    :param read: hands over pieces of bytes.
    """

    def __init__(self, read: Callable[[Callable[[bytes], None]], None]) -> None:
        super().__init__(self._arrive())
        self._read = read
        self._ready: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
        self._unwanted = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        #: What the function raised.
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._unwanted.set()
        self._thread.join()

    def _arrive(self) -> Iterator[bytes]:
        while (piece := self._ready.get()) is not None:
            yield piece
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        try:
            self._read(self._put)
        except _UnwantedError:
            return
        except Exception as exc:  # noqa: BLE001 - raised where it is read
            self.error = exc
        with suppress(_UnwantedError):
            self._put(None)

    def _put(self, piece: bytes | None) -> None:
        while not self._unwanted.is_set():
            try:
                self._ready.put(piece, timeout=0.1)
            except queue.Full:
                continue
            return
        raise _UnwantedError


class _UnwantedError(Exception):
    """Nobody reads any more."""


def _explained(file: str, form: pyoxigraph.RdfFormat, base: str, error: SyntaxError) -> DataError:
    """Say where a file is malformed: on which of its own lines, not of those that were handed over."""
    from kgtool.store.explain import data_error

    with open_compressed(file, told=lambda _: None) as stream:
        try:
            for _ in pyoxigraph.parse(stream, form, base_iri=base):
                pass
        except SyntaxError as exc:
            error = exc
    return data_error(error, file, {})
