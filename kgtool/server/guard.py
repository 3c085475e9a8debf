"""What holds of every request and every answer: the Host header, CORS, safe headers, measuring.

A page of another site can make a browser talk to a server on localhost under the site's own name (DNS rebinding);
the Host header gives that away.
"""

from __future__ import annotations

import time
from collections.abc import Collection, MutableMapping
from typing import Any

from kgtool.server.errors import Problem
from kgtool.server.reconcile import POSTED
from kgtool.server.service import ASGISend, Receive, Scope, Service, header
from kgtool.table import visible

__all__ = ["LOCAL_HOSTS", "SAFE_HEADERS", "Guard", "host_name"]

#: Names under which a server on this machine may be called.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")

_POLICY_HEADER = b"content-security-policy"
#: Pages are made of this server's own files, and stand in no other's.
_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: Headers that make an answer safe to look at.
SAFE_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (_POLICY_HEADER, _POLICY),
    (b"referrer-policy", b"no-referrer"),
)
_EXPOSED = b"ETag, Link, Location, Retry-After, Kgtool-Max-Rows, Kgtool-Max-Bytes"


class Guard:
    """The outermost ASGI application.

    :param hosts: the names a request may call the server by, without ports; ``*`` allows every name.
    :param origin: whose pages may read answers: ``*``, an origin, or ``None``.
    """

    def __init__(self, app: Any, service: Service, *, hosts: Collection[str], origin: str | None) -> None:
        self._app = app
        self._service = service
        self._metrics = service.metrics
        self._hosts = None if "*" in hosts else frozenset(host.lower() for host in hosts)
        #: The headers of every answer.
        self.headers = SAFE_HEADERS
        if origin is not None:
            allowed = ((b"access-control-allow-origin", origin.encode()), (b"access-control-expose-headers", _EXPOSED))
            self.headers += allowed + (() if origin == "*" else ((b"vary", b"Origin"),))
        self._preflight = (
            (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
            (b"access-control-max-age", b"86400"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status, headers = 500, []

        async def guarded(message: MutableMapping[str, Any]) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status = message["status"]
                # Pages are for people: an article's text that is shown on one is not for the pages of other sites.
                is_page = any(
                    name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"]
                )
                given = message["headers"]
                more = SAFE_HEADERS if is_page else self.headers
                # A page that is made to stand in another's frame says so itself.
                own = {name for name, _ in given if name == _POLICY_HEADER}
                headers = message["headers"] = [*given, *((n, v) for n, v in more if n not in own)]
            elif "keep" in scope and status == 200:
                self._service.keep(scope, headers, message["body"])
            await send(message)

        try:
            await self._handle(scope, receive, guarded)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.observe(route, method, status, time.perf_counter() - begun)

    async def _handle(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        host = header(scope, b"host")
        if self._hosts is not None and host_name(host) not in self._hosts:
            what = f"this server is not '{visible(host[:100])}'" if host else "the request names no host"
            body = Problem("bad-host", what, None, "start the server with --allow-host NAME").body()
            await _send(send, 400, [(b"content-type", b"application/json"), (b"cache-control", b"no-store")], body)
        elif scope["method"] == "OPTIONS":
            methods = b"GET, HEAD, POST, OPTIONS" if scope["path"] in _POSTED else b"GET, HEAD, OPTIONS"
            allowed = [(b"allow", methods), (b"access-control-allow-methods", methods)]
            await _send(send, 204, [*allowed, *self._preflight], b"")
        else:
            await self._app(scope, receive, send)


_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

#: Where something can be posted, and the server as a whole.
_POSTED = ("/sparql", *POSTED, "*")


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port.

    >>> host_name("LOCALHOST:7878"), host_name("[::1]:80"), host_name("[::1]"), host_name("localhost.:")
    ('localhost', '[::1]', '[::1]', 'localhost')
    """
    name, colon, port = host.lower().rpartition(":")
    if not colon or name.endswith(":") or not (port.isdecimal() or not port):
        name = host.lower()
    return name.removesuffix(".")


async def _send(send: ASGISend, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    if status != 204:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
