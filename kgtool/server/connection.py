"""A client's connection: bounds on a request's head, errors of our shape, and kept answers given at once.

https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kgtool.server.errors import Problem

__all__ = ["HEAD_PATIENCE", "Again", "connection_class"]

_Headers = list[tuple[bytes, bytes]]

#: From a request's target and headers to the bytes of an answer, if there is one.
Again = Callable[[bytes, _Headers], bytes | None]

#: Bytes of a request's target: httptools counts no further.
_LONGEST_TARGET = 65535
#: Bytes of a request's headers.
_LARGEST_HEADERS = 65536
#: Seconds that a request's head may take to arrive.
HEAD_PATIENCE = 10.0
#: Seconds that what a refused client still sends is thrown away: closing at once would take the answer from it.
_LINGER = 2.0

_ABSOLUTE = re.compile(rb"https?://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")

_NOT_HTTP = Problem(
    "bad-request", "the request is not HTTP/1.1", None, "check its first line; what is no ASCII is percent-encoded"
)
_LONG_TARGET = Problem(
    "target-too-long", f"a URL may have {_LONGEST_TARGET} bytes", None, "post the query instead of putting it there"
)
_LARGE_HEADERS = Problem("headers-too-large", f"headers may have {_LARGEST_HEADERS} bytes", None, "send fewer")
_SLOW_HEAD = Problem("request-timeout", f"the request's headers did not arrive in {HEAD_PATIENCE:.0f} s")


class _HeadError(Exception):
    """Ends the parsing of a head that is not wanted."""


def connection_class(again: Again, shared: Iterable[tuple[bytes, bytes]]) -> type[HttpToolsProtocol]:
    """Make the class of connections.

    httptools and uvloop double what a process can answer, and a kept answer that is written at once, without a task
    of its own, doubles it again. httptools itself would keep any number of bytes of a request's head, for any time.

    :param again: gives what was answered to a request in the same words before, from its headers on.
    :param shared: headers that every answer has.
    """
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in shared)

    class Connection(HttpToolsProtocol):
        #: Whether a head is what comes next, and whether it has begun; its bytes, and whether they are its first line.
        _in_head = True
        _begun = False
        _head = 0
        _in_line = True
        #: Whether this request was answered at once.
        _answered = False
        _problem: Problem | None = None
        _refused = False
        _patience: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait_for_head()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._refused:
                return
            if self._in_head:
                self._head += len(data)
                if self._in_line and not data.isascii():
                    data = _escaped(data)
            super().data_received(data)
            if self._in_head and not self._refused:
                if self._head > _LONGEST_TARGET + _LARGEST_HEADERS:
                    self._refuse(_LARGE_HEADERS)
                elif self._patience is None and self.timeout_keep_alive_task is None and (self._begun or self._idle()):
                    self._wait_for_head()

        # What httptools calls ------------------------------------------------------------------------------------

        def on_message_begin(self) -> None:
            self._begun = True
            super().on_message_begin()

        def on_url(self, url: bytes) -> None:
            super().on_url(url)
            if len(self.url) > _LONGEST_TARGET:
                self._problem = _LONG_TARGET
                raise _HeadError

        def on_header(self, name: bytes, value: bytes) -> None:
            self._in_line = False
            super().on_header(name, value)

        def on_headers_complete(self) -> None:
            self._stop_waiting()
            self._in_head = self._begun = self._in_line = False
            if self._head > _LARGEST_HEADERS and _size(self.headers) > _LARGEST_HEADERS:
                self._problem = _LARGE_HEADERS
                raise _HeadError
            if not self.url.startswith(b"/"):
                self._take_absolute()
            if self.parser.get_http_version() == "1.0" and all(name != b"host" for name, _ in self.headers):
                self.headers.append((b"host", _address(self.server)))
            self._answered = self._answer_again()
            if not self._answered:
                super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            if not self._answered:
                super().on_body(body)

        def on_message_complete(self) -> None:
            self._head, self._in_head, self._in_line = 0, True, True
            if not self._answered:
                super().on_message_complete()

        def send_400_response(self, msg: str) -> None:
            self._refuse(self._problem or _NOT_HTTP)

        # What is ours --------------------------------------------------------------------------------------------

        def _take_absolute(self) -> None:
            """Read a target such as a proxy is sent: its host counts, and not the Host header (RFC 9112, 3.2.2)."""
            found = _ABSOLUTE.fullmatch(self.url)
            if found is not None:
                self.url = found[2] if found[2].startswith(b"/") else b"/" + found[2]
                self.headers[:] = [(name, value) for name, value in self.headers if name != b"host"]
                self.headers.append((b"host", found[1]))

        def _answer_again(self) -> bool:
            if not self._idle() or self.pipeline or self.flow.write_paused or self.transport.is_closing():
                return False
            plain = self.parser.get_method() == b"GET" and self.parser.get_http_version() == "1.1"
            if not plain or not self.parser.should_keep_alive():
                return False
            answer = again(self.url, self.headers)
            if answer is None:
                return False
            self.transport.write(b"HTTP/1.1 200 OK\r\n" + self._date() + answer)
            self.on_response_complete()
            return True

        def _refuse(self, problem: Problem) -> None:
            """Answer what is no request, and close the connection when the client has had time to read that."""
            self._refused = True
            self._stop_waiting()
            self.pipeline.clear()
            if not self._idle():
                self.cycle.keep_alive = False  # the answer that is under way is the last one
                return
            body = problem.body()
            about = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n" % len(body)
            head = STATUS_LINE[problem.status] + self._date() + about + b"cache-control: no-store\r\n" + lines
            self.transport.write(head + b"\r\n" + body)
            self.transport.write_eof()
            self.loop.call_later(_LINGER, self.transport.close)

        def _idle(self) -> bool:
            """Say whether no answer is under way."""
            cycle: RequestResponseCycle | None = self.cycle
            return cycle is None or cycle.response_complete

        def _date(self) -> bytes:
            return b"".join(name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers)

        def _wait_for_head(self) -> None:
            self._patience = self.loop.call_later(HEAD_PATIENCE, self._give_up)

        def _stop_waiting(self) -> None:
            if self._patience is not None:
                self._patience.cancel()
                self._patience = None

        def _give_up(self) -> None:
            self._patience = None
            if self._begun:
                self._refuse(_SLOW_HEAD)
            else:
                self.transport.close()

    return Connection


def _escaped(data: bytes) -> bytes:
    """Percent-encode what is not ASCII in the first line: people type ``curl …?park=高新区``.

    >>> _escaped("GET /?park=园 HTTP/1.1\\r\\nX: 园".encode())[:30]
    b'GET /?park=%E5%9B%AD HTTP/1.1\\r'
    """
    line, newline, rest = data.partition(b"\n")
    return _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line) + newline + rest


def _size(headers: _Headers) -> int:
    return sum(len(name) + len(value) for name, value in headers)


def _address(server: tuple[str, int | None] | None) -> bytes:
    """Write the address a client connected to as a Host header would."""
    if server is None:
        return b""
    host = f"[{server[0]}]" if ":" in server[0] else server[0]
    return f"{host}:{server[1]}".encode()
