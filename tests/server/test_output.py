"""Rows counted in bytes, and what a worker sends of an answer."""

from __future__ import annotations

import io
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.server.errors import RefusedError
from kgtool.server.frames import DATA, END, HEAD, PREAMBLE, WHOLE, Head, split_whole
from kgtool.server.output import FIRST, Output, row_counter
from kgtool.sparql import values
from kgtool.store.drafts import Draft
from kgtool.terms import Literal

_HEAD = Head("text/csv", "select", gzip=False)
#: Texts made of what separates and quotes rows.
_PIECES = [*'a园"\\\n\r,\t{}<>&: ', '"}},{', "<result>", '\\"}},{', "\r\n"]
_TEXT = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)


@pytest.mark.parametrize("form", ["csv", "tsv", "xml", "json"])
@settings(max_examples=100, deadline=None)
@given(texts=st.lists(_TEXT, min_size=2, max_size=8), size=st.integers(1, 40))
def test_rows_are_counted_whatever_is_in_them_and_however_the_bytes_come(
    form: str, texts: list[str], size: int
) -> None:
    rows = [[Literal(text), Literal(text[::-1])] for text in texts]
    stream = io.BytesIO()
    Draft().query(f"SELECT ?x ?y {{ {values(['x', 'y'], rows)} }}").write(stream, form)
    count = row_counter(form)
    assert count is not None
    written = stream.getvalue()
    assert sum(count(written[at : at + size]) for at in range(0, len(written), size)) == len(texts)


def _frames(data: bytes) -> list[tuple[bytes, bytes]]:
    frames = []
    while data:
        kind, length = PREAMBLE.unpack_from(data)
        frames.append((kind, data[PREAMBLE.size : PREAMBLE.size + length]))
        data = data[PREAMBLE.size + length :]
    return frames


def _output(sent: bytearray, *, gzip_from: int | None = None, max_rows: int = 0, max_bytes: int = 0) -> Output:
    return Output(sent.extend, _HEAD, max_rows=max_rows, max_bytes=max_bytes, rows="csv", gzip_from=gzip_from)


def test_small_answer_is_one_frame() -> None:
    sent = bytearray()
    output = _output(sent)
    output.write(b"a\r\n")
    output.write(b"1\r\n")
    output.finish()
    ((kind, payload),) = _frames(bytes(sent))
    assert (kind, split_whole(payload)) == (WHOLE, (_HEAD, b"a\r\n1\r\n"))


def test_large_answer_comes_in_pieces_while_it_is_written() -> None:
    sent = bytearray()
    output = _output(sent)
    piece = b"x" * FIRST
    output.write(piece)
    assert [kind for kind, _ in _frames(bytes(sent))] == [HEAD, DATA]
    output.write(b"y")
    output.finish()
    frames = _frames(bytes(sent))
    assert [kind for kind, _ in frames] == [HEAD, DATA, DATA, END]
    assert Head(*json.loads(frames[0][1])) == _HEAD
    assert b"".join(payload for kind, payload in frames if kind == DATA) == piece + b"y"


def test_large_answer_is_compressed_piece_by_piece() -> None:
    sent = bytearray()
    output = _output(sent, gzip_from=1024)
    pieces = [bytes([number]) * FIRST for number in range(3)]
    for piece in pieces:
        output.write(piece)
    output.finish()
    packed = b"".join(payload for kind, payload in _frames(bytes(sent)) if kind == DATA)
    assert zlib.decompress(packed, 16 + zlib.MAX_WBITS) == b"".join(pieces)


def test_tiny_answer_is_not_compressed() -> None:
    sent = bytearray()
    output = _output(sent, gzip_from=1024)
    output.write(b"a\r\n")
    output.finish()
    ((_, payload),) = _frames(bytes(sent))
    assert split_whole(payload) == (_HEAD, b"a\r\n")


def test_one_row_or_byte_too_many_is_refused_and_nothing_was_sent() -> None:
    sent = bytearray()
    output = _output(sent, max_rows=2)
    output.write(b"a\r\n1\r\n2\r\n")
    with pytest.raises(RefusedError, match="the answer has more than 2 rows"):
        output.write(b"3\r\n")
    output = _output(sent, max_bytes=5)
    output.write(b"12345")
    with pytest.raises(RefusedError, match="the answer is larger than 5 bytes"):
        output.write(b"6")
    assert sent == b""
