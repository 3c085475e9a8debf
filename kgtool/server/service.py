"""One running server: what it serves, its limits, its workers, and how a question becomes an answer over HTTP."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, NamedTuple

from kgtool.queries.saved import SavedQuery
from kgtool.server.cache import Cache, Kept, words_of
from kgtool.server.errors import RefusedError
from kgtool.server.frames import Request, encode
from kgtool.server.limits import Limits
from kgtool.server.metrics import Metrics
from kgtool.server.negotiation import gzip_from
from kgtool.server.workers import Answer, Pool
from kgtool.sparql import calls_service

__all__ = ["ASGISend", "Receive", "Scope", "Served", "Service", "header", "root_of", "wants_gzip"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
ASGISend = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Functions whose answer is not the same every time, and escapes that could hide one: neither kept nor given an ETag.
_CHANGING_WORDS = ("rand", "now", "uuid", "bnode", "\\u")
_CHANGING = re.compile(r"\b(?:rand|now|uuid|struuid|bnode)\b|\\u")

#: A tag without its mark of weakness, or a star.
_TAG = re.compile(r'"[^"]*"|\*')

_VARY = (b"vary", b"Accept, Accept-Encoding")


class Served(NamedTuple):
    """What is served.

    :param name: where it is from, for people.
    :param hash: changes when the graph does; ``None`` if that cannot be known.
    :param queries: the saved queries by name.
    """

    name: str
    hash: str | None
    version: str
    queries: dict[str, SavedQuery]


class Service:
    """What the routes share."""

    def __init__(self, served: Served, pool: Pool, limits: Limits, metrics: Metrics) -> None:
        self.served = served
        self.pool = pool
        self.limits = limits
        self.metrics = metrics
        self._cache = Cache(limits.cache)
        self._changing = {name for name, query in served.queries.items() if _changes(query.text)}
        self._limit_headers = (
            (b"kgtool-max-rows", str(limits.max_rows).encode()),
            (b"kgtool-max-bytes", str(limits.max_bytes).encode()),
        )

    async def respond(
        self,
        request: Request,
        scope: Scope,
        receive: Receive,
        send: ASGISend,
        *,
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        """Ask a worker and send its answer; or say that the client has it already; or give a kept one.

        :param headers: more of them.
        :raises RefusedError: if there is no answer.
        """
        question = encode(request)
        tag = self._tag(request, question)
        if tag is not None:
            if scope["method"] != "POST" and tag.removeprefix("W/") in _tags(scope):
                await _send_unchanged(send, tag, headers)
                return
            kept = self._cache.get(tag) if self.limits.cache and scope["method"] == "POST" else None
            if kept is not None:
                self.metrics.count("kgtool_cache_hits_total")
                await _send_whole(send, 200, kept.headers, kept.body)
                return
        if self.limits.cache:
            self.metrics.count("kgtool_cache_misses_total")
        begun = False
        try:
            async with self.pool.ask(question, receive) as answer:
                begun = answer.body is None
                await self._send(answer, tag, scope, send, headers)
        except RefusedError as exc:
            if not begun:
                raise
            # The status is sent: without the last chunk, the client sees that the answer is cut off.
            self.metrics.count("kgtool_answers_cut_off_total", reason=exc.problem.code)

    def keep(self, scope: Scope, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
        """Keep an answer as it was sent, for requests in the same words."""
        query = scope["query_string"]
        words = words_of(scope["raw_path"] + (b"?" + query if query else b""), scope["headers"])
        if words is not None and scope["method"] == "GET":
            head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
            self._cache.put(words, Kept(scope["route"].path, head, (), body))

    def again(self, target: bytes, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """Return what was answered to a GET in the same words, from the headers on; ``None`` if there was none."""
        words = words_of(target, headers)
        kept = None if words is None else self._cache.get(words)
        if kept is None:
            return None
        self.metrics.count("kgtool_cache_hits_total")
        self.metrics.observe(kept.route, "GET", 200, 0.0)
        return kept.head + b"\r\n" + kept.body

    async def _send(
        self, answer: Answer, tag: str | None, scope: Scope, send: ASGISend, headers: Sequence[tuple[bytes, bytes]]
    ) -> None:
        """Send an answer as it arrives, and keep it if it is small."""
        if answer.head.status != 200:
            tag = None  # a problem that is shown as a page
        if tag is not None and scope["method"] != "POST" and "*" in _tags(scope):
            await _send_unchanged(send, tag, headers)
            return
        fields = [(b"content-type", answer.head.content_type.encode()), _VARY, *self._limit_headers]
        fields.append((b"cache-control", b"no-cache" if tag else b"no-store"))
        if answer.head.gzip:
            fields.append((b"content-encoding", b"gzip"))
        if tag is not None:
            fields.append((b"etag", tag.encode()))
        if answer.body is not None:
            fields.append((b"content-length", str(len(answer.body)).encode()))
            if tag is not None and self.limits.cache:
                if scope["method"] == "POST":
                    self._cache.put(tag, Kept("/sparql", b"", tuple(fields), answer.body))
                else:
                    scope["keep"] = True
            await _send_whole(send, answer.head.status, [*fields, *headers], answer.body)
            return
        await send({"type": "http.response.start", "status": answer.head.status, "headers": [*fields, *headers]})
        if scope["method"] != "HEAD":
            async for piece in answer.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _tag(self, request: Request, question: bytes) -> str | None:
        """Return the entity tag of an answer before it is known: of the graph, the question and the formats wanted."""
        if self.served.hash is None or request.text in self._changing:
            return None
        if request.task == "sparql" and _changes(request.text):
            return None
        digest = hashlib.sha256(f"{self.served.version} {self.served.hash}\n".encode())
        digest.update(question)
        return f'W/"{digest.hexdigest()[:32]}"'


def header(scope: Scope, name: bytes) -> str:
    """Return a header of a request, all its lines joined; empty if there is none."""
    found = [value for key, value in scope["headers"] if key == name]
    return b", ".join(found).decode("latin-1")


def wants_gzip(scope: Scope) -> int | None:
    """Return from how many bytes on an answer is compressed for a client: see :func:`gzip_from`."""
    return gzip_from(header(scope, b"accept-encoding"))


def root_of(scope: Scope) -> str:
    """Return where the server is, as the client calls it: its Host header has been checked."""
    return f"{scope['scheme']}://{header(scope, b'host')}{scope.get('root_path', '')}"


async def _send_whole(send: ASGISend, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _send_unchanged(send: ASGISend, tag: str, headers: Sequence[tuple[bytes, bytes]]) -> None:
    unchanged = [(b"etag", tag.encode()), (b"cache-control", b"no-cache"), _VARY, *headers]
    await _send_whole(send, 304, unchanged, b"")


def _changes(text: str) -> bool:
    """Say whether a query may have another answer every time."""
    lower = text.lower()
    if any(word in lower for word in _CHANGING_WORDS) and _CHANGING.search(lower) is not None:
        return True
    return calls_service(text)


def _tags(scope: Scope) -> Sequence[str]:
    """Return the tags that ``If-None-Match`` names, to be compared weakly; a star is any, once there is an answer."""
    given = header(scope, b"if-none-match")
    return _TAG.findall(given) if given else ()
