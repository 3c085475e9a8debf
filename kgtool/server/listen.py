"""Listen on a port until told to stop: uvicorn around the application."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from kgtool.errors import StoreError

__all__ = ["bind_socket", "listen"]

#: From a request's target and headers to the bytes of an answer, if there is one.
Again = Callable[[bytes, list[tuple[bytes, bytes]]], bytes | None]

#: Seconds that answers under way are given when the server is told to stop.
_GRACE = 5

#: Connections that wait to be accepted.
_BACKLOG = 2048

#: Bytes of a request's line and headers beyond the largest query.
_HEADERS = 65536


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


def listen(app: Any, bound: socket.socket, *, longest_query: int, again: Again, started: Callable[[], None]) -> None:
    """Serve an application on a socket until SIGINT or SIGTERM.

    :param longest_query: the bytes of a query that may stand in a URL.
    :param again: gives what was answered to a request in the same words before, from its headers on.
    :param started: called once requests are answered.
    :raises StoreError: if the workers cannot start.
    """
    logging.getLogger("uvicorn.error").addFilter(_without_cut_off)
    config = uvicorn.Config(
        app,
        http=_protocol(3 * longest_query + _HEADERS, again),
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


def _protocol(most: int, again: Again) -> type[HttpToolsProtocol]:
    """Make the class of connections.

    httptools and uvloop double what a process can answer, and a kept answer that is written at once, without a task
    of its own, doubles it again. httptools itself would keep any number of bytes of a request's head.

    :param most: bytes of a request's line and headers.
    """

    class Connection(HttpToolsProtocol):
        _head = 0
        _in_head = True
        _answered = False

        def data_received(self, data: bytes) -> None:
            if self._in_head:
                self._head += len(data)
                if self._head > most:
                    self.transport.close()
                    return
            super().data_received(data)

        def on_message_begin(self) -> None:
            self._head, self._in_head = 0, True
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._in_head = False
            self._answered = self._answer_again()
            if not self._answered:
                super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            if not self._answered:
                super().on_body(body)

        def on_message_complete(self) -> None:
            if not self._answered:
                super().on_message_complete()

        def _answer_again(self) -> bool:
            cycle: RequestResponseCycle | None = self.cycle
            idle = cycle is None or cycle.response_complete
            if not idle or self.pipeline or self.flow.write_paused or self.transport.is_closing():
                return False
            plain = self.parser.get_method() == b"GET" and self.parser.get_http_version() == "1.1"
            if not plain or not self.parser.should_keep_alive():
                return False
            answer = again(self.url, self.headers)
            if answer is None:
                return False
            date = b"".join(name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers)
            self.transport.write(b"HTTP/1.1 200 OK\r\n" + date + answer)
            self.on_response_complete()
            return True

    return Connection


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


def _without_cut_off(record: logging.LogRecord) -> bool:
    """Leave out what uvicorn says of an answer that was ended on purpose."""
    return "without completing response" not in record.getMessage()
