"""What passes between the server and a worker: frames of a kind, a length and a payload, over a socket.

To the worker: ``set up`` once, then one ``ask`` at a time, both JSON. From it: ``ready`` once; then for every question
``whole`` (head and body in one), or ``head``, any number of ``data`` and ``end``, or ``error`` in place of any of them.
"""

from __future__ import annotations

import json
import struct
from typing import Any, NamedTuple

from kgtool.server.errors import Problem

__all__ = [
    "ASK",
    "DATA",
    "END",
    "ERROR",
    "HEAD",
    "PREAMBLE",
    "READY",
    "SET_UP",
    "WHOLE",
    "Head",
    "Request",
    "Setup",
    "decode",
    "encode",
    "error_frame",
    "frame",
    "split_whole",
    "whole_frame",
]

SET_UP, ASK, READY, WHOLE, HEAD, DATA, END, ERROR = b"s", b"a", b"r", b"w", b"h", b"d", b"e", b"x"

#: A frame's kind and the length of its payload.
PREAMBLE = struct.Struct(">cI")

_LENGTH = struct.Struct(">I")


class Setup(NamedTuple):
    """What a worker is told when it starts.

    :param location: what :func:`kgtool.store.open_store` opens.
    :param queries: the fields of every saved query.
    :param about: the fields of :class:`kgtool.explorer.visit.About`, if pages are wanted.
    :param services: the endpoints that ``SERVICE`` may name: where each is, by IRI.
    """

    location: str
    prefixes: dict[str, str]
    queries: list[list[Any]]
    max_rows: int
    max_bytes: int
    max_memory: int
    about: list[Any] = []  # noqa: RUF012 - a NamedTuple's default, never changed
    services: dict[str, str] = {}  # noqa: RUF012 - as above


class Request(NamedTuple):
    """One question.

    :param task: a key of ``TASKS``.
    :param text: a query, the name of a saved one, or an IRI.
    :param given: what is said of parameters.
    :param dataset: default and named graphs of the protocol, or nothing.
    :param format: the name of a format; without one the header decides.
    :param gzip: from how many bytes on the answer is compressed; ``None`` is never.
    :param evidence: whether each row comes with the sentences that prove it.
    """

    task: str
    text: str = ""
    given: dict[str, str] = {}  # noqa: RUF012 - a NamedTuple's default, never changed
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    format: str | None = None
    accept: str = ""
    gzip: int | None = None
    evidence: bool = False


class Head(NamedTuple):
    """What is known of an answer before its bytes."""

    content_type: str
    form: str
    gzip: bool = False
    status: int = 200


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """Make a frame."""
    return PREAMBLE.pack(kind, len(payload)) + payload


def encode(value: tuple[Any, ...]) -> bytes:
    """Write one of the values above; what is not UTF-8 in them stays as it is."""
    return json.dumps(value).encode()


def decode(payload: bytes) -> list[Any]:
    """Read the fields of one of the values above."""
    fields = json.loads(payload)
    assert isinstance(fields, list)
    return fields


def whole_frame(head: Head, body: bytes) -> bytes:
    """Make the frame of an answer that is complete."""
    encoded = encode(head)
    return frame(WHOLE, _LENGTH.pack(len(encoded)) + encoded + body)


def split_whole(payload: bytes) -> tuple[Head, bytes]:
    """Take the frame of a complete answer apart."""
    (length,) = _LENGTH.unpack_from(payload)
    start = _LENGTH.size
    return Head(*decode(payload[start : start + length])), payload[start + length :]


def error_frame(problem: Problem) -> bytes:
    """Make the frame of a problem."""
    return frame(ERROR, encode(problem))
