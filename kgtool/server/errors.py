"""From an exception to a status and one JSON shape: ``{"error": {"code", "message", "where", "hint"}}``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from kgtool.errors import (
    AmbiguousNameError,
    DataError,
    KgError,
    NotFoundError,
    ProjectError,
    QueryError,
    ServiceError,
    StoreError,
)

__all__ = ["CODES", "Problem", "RefusedError", "problem_of", "refuse"]

#: Every code a client can meet, with its status.
CODES = {
    "bad-request": 400,
    "bad-query": 400,
    "unknown-name": 400,
    "ambiguous-name": 400,
    "bad-host": 400,
    "read-only": 403,
    "answer-too-large": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "request-timeout": 408,
    "query-too-large": 413,
    "target-too-long": 414,
    "unsupported-media-type": 415,
    "too-many-requests": 429,
    "headers-too-large": 431,
    "client-gone": 499,
    "internal": 500,
    "store": 500,
    "bad-gateway": 502,
    "no-worker": 503,
    "out-of-memory": 503,
    "query-crashed": 503,
    "timeout": 504,
}

_OF_KGERROR: dict[type[KgError], str] = {
    QueryError: "bad-query",
    NotFoundError: "not-found",
    AmbiguousNameError: "ambiguous-name",
    DataError: "store",
    ProjectError: "store",
    ServiceError: "bad-gateway",
    StoreError: "store",
}


class Problem(NamedTuple):
    """What went wrong, as a client is told."""

    code: str
    message: str
    #: ``file:line`` of the query or header, where there is one.
    where: str | None = None
    #: What to do about it.
    hint: str | None = None

    @property
    def status(self) -> int:
        return CODES[self.code]

    def body(self) -> bytes:
        """Write it as JSON."""
        return json.dumps({"error": self._asdict()}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


class RefusedError(Exception):
    """A request that gets a problem for an answer."""

    def __init__(self, problem: Problem, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.headers = dict(headers or {})


def refuse(code: str, message: str, *, hint: str | None = None, headers: Mapping[str, str] | None = None) -> Any:
    """Make the exception to raise.

    >>> refuse("read-only", "updates are refused").problem.status
    403
    """
    return RefusedError(Problem(code, message, None, hint), headers=headers)


def problem_of(exc: KgError) -> Problem:
    """Say what a client is told of an error; where files are is none of its business when the fault is the server's."""
    code = next((code for kind, code in _OF_KGERROR.items() if isinstance(exc, kind)), "internal")
    if code == "bad-gateway":
        return Problem(code, "an endpoint that SERVICE names does not answer, or too much", None, "try again later")
    if CODES[code] >= 500:
        return Problem(code, "the graph cannot be read", None, "tell whoever runs this server; its log says more")
    where = exc.file
    if where is not None and exc.line is not None:
        where = f"{where}:{exc.line}"
    return Problem(code, exc.message, where, exc.hint)
