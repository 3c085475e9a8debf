"""Listen on a port until told to stop: uvicorn around the application."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import uvicorn

from kgtool.errors import StoreError
from kgtool.server.connection import Again, connection_class

__all__ = ["bind_socket", "listen"]

#: Seconds that answers under way are given when the server is told to stop.
_GRACE = 5

#: Connections that wait to be accepted.
_BACKLOG = 2048

#: Files a process may have open: each connection is one.
_MOST_FILES = 65536

#: What uvicorn says of answers ended on purpose, of what is no HTTP, and of clients that offer another protocol.
_NOT_NEWS = (
    "without completing response",
    "Invalid HTTP request",
    "Unsupported upgrade",
    "No supported WebSocket",
)


def bind_socket(host: str, port: int) -> socket.socket:
    """Take a port; 0 takes any free one.

    :raises StoreError: if it is taken, or the host is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off, which delays small answers by 40 ms.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host.strip("[]"), port))
        bound.listen(_BACKLOG)
    except (OSError, OverflowError) as exc:
        bound.close()
        what = exc.strerror if isinstance(exc, OSError) and exc.strerror else exc
        raise StoreError(f"cannot listen on {host}:{port}: {what}", hint="choose another --port, or --port 0") from exc
    return bound


def listen(
    app: Any,
    bound: socket.socket,
    *,
    headers: Iterable[tuple[bytes, bytes]],
    again: Again,
    started: Callable[[], None],
) -> None:
    """Serve an application on a socket until SIGINT or SIGTERM.

    :param headers: those of every answer, for answers that the application has no part in.
    :param again: gives what was answered to a request in the same words before, from its headers on.
    :param started: called once requests are answered.
    :raises StoreError: if the workers cannot start.
    """
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    _allow_connections()
    config = uvicorn.Config(
        app,
        http=connection_class(again, headers),
        loop="uvloop",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE,
    )
    server = _Server(config, started)
    # uvicorn raises a signal again when it has stopped: that is to end nothing, least of all without tidying up.
    before = {number: signal.signal(number, _ignore) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[bound])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if not server.started:
        raise StoreError("the server could not start", hint="its messages above say why")


class _Server(uvicorn.Server):
    """A server that tells when it has started."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_start()


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing about a signal."""


def _is_news(record: logging.LogRecord) -> bool:
    """Say whether what uvicorn logs is of interest: what clients do wrong, they are told themselves."""
    message = record.getMessage()
    return not any(words in message for words in _NOT_NEWS)


def _allow_connections() -> None:
    """Raise the number of files that may be open, which many systems set low; not every system has that number."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
