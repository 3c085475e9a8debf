"""One HTTP exchange with a SPARQL server: log-in, patience, second tries, and errors that say what to do.

https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import os
import random
import re
import time
import urllib.error
import urllib.request
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import IO, NamedTuple, NoReturn, cast
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from kgtool.errors import StoreError
from kgtool.store.login import Login, find_login
from kgtool.table import visible

__all__ = ["Address", "Answer", "RefusedError", "Transport", "read_address"]

#: Seconds without a byte after which a server is given up; ``KGTOOL_TIMEOUT`` sets another number.
_PATIENCE = 60.0
#: How often a request is sent again to a server that is busy, and seconds before the first time.
_SECOND_TRIES = 4
_PAUSE = 0.5
#: Seconds that ``Retry-After`` may ask for; a server that asks for more is told of instead.
_LONGEST_PAUSE = 60.0

_BUSY = frozenset({429, 503})
#: How much of a server's own words a message repeats.
_WORDS = 200


class Address(NamedTuple):
    """Where a server is, taken apart: what is sent, and what may be shown."""

    #: Scheme, host and path: what messages name, without a log-in and without keys in parameters.
    url: str
    #: The parameters that stood in the address, such as ``default-graph-uri``.
    parameters: tuple[tuple[str, str], ...] = ()
    #: User and password, if they stood in the address.
    login: tuple[str, str] | None = None

    def with_parameters(self, *flags: str, **more: str) -> str:
        """Return the address as it is sent: with its own parameters and others."""
        written = "&".join(part for part in (urlencode(self.parameters), *flags, urlencode(more)) if part)
        return f"{self.url}?{written}" if written else self.url

    def sibling(self, path: str) -> Address:
        """Return another address on the same server, relative to this one, with the same log-in."""
        return Address(urljoin(self.url, path), (), self.login)


def read_address(location: str) -> Address:
    """Take an address apart.

    >>> read_address("http://ada:secret@localhost:8890/sparql?default-graph-uri=urn:g")
    Address(url='http://localhost:8890/sparql', parameters=(('default-graph-uri', 'urn:g'),), login=('ada', 'secret'))

    :raises StoreError: if it is none.
    """
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in {"http", "https"} or any(ch.isspace() for ch in location):
        raise StoreError("not the address of a server", hint="write it as http://localhost:7878/query")
    name = f"[{host}]" if ":" in host else host.encode("idna").decode() if not host.isascii() else host
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    url = urlunsplit((parts.scheme, name if port is None else f"{name}:{port}", path, "", ""))
    login = None if parts.username is None else (parts.username, parts.password or "")
    return Address(url, tuple(parse_qsl(parts.query, keep_blank_values=True)), login)


class RefusedError(StoreError):
    """A server answered, and the answer was no.

    :param code: the HTTP status.
    :param words: the server's own, if it had any that a person can read.
    """

    def __init__(self, message: str, *, file: str, hint: str | None, code: int, words: str) -> None:
        super().__init__(message, file=file, hint=hint)
        self.code = code
        self.words = words


class Budget:
    """How many bytes a server may answer with, all answers together."""

    def __init__(self, most: int) -> None:
        self.most = self.left = most


class Answer:
    """The body of an answer, read as it arrives; errors on the way name the server.

    :param url: the server, as messages name it.
    :param budget: how many more bytes it may have, shared by answers that count together.
    """

    def __init__(self, response: HTTPResponse, url: str, budget: Budget | None = None) -> None:
        self._response = response
        self._url = url
        self._budget = budget
        self.headers: Message = response.headers

    @property
    def media_type(self) -> str:
        """The media type without its parameters, in lower case; empty if there is none."""
        return self.headers.get_content_type().lower() if self.headers.get("Content-Type") else ""

    def read(self, size: int = -1) -> bytes:
        """Read some of the body; nothing is left where this is empty.

        :raises StoreError: if the connection breaks off, or the answer is longer than it may be.
        """
        budget = self._budget
        try:
            if budget is None:
                data = self._response.read(None if size < 0 else size)
            else:
                # One byte more than there may be says that there are too many, without reading the rest.
                data = self._response.read(budget.left + 1 if size < 0 else min(size, budget.left + 1))
                budget.left -= len(data)
        except (OSError, HTTPException) as exc:
            self.close()
            _raise_unreachable(exc, self._url)
        if budget is not None and budget.left < 0:
            self.close()
            raise StoreError(f"answers with more than {budget.most} bytes", file=self._url, hint="ask for less")
        if not data or size < 0:
            # http.client ends a body that is shorter than announced as if it were whole.
            missing = self._response.length
            self.close()
            if missing:
                raise StoreError(f"the answer breaks off {missing} bytes early", file=self._url, hint="try again")
        return data

    def close(self) -> None:
        """End the exchange."""
        self._response.close()


class Transport:
    """Sends requests to one server.

    :param timeout: seconds without a byte after which it is given up.
    :param most_bytes: of all its answers together.
    :param is_stranger: whether a log-in is only taken from the address: those of the environment and of netrc files are
        meant for servers that the person named.
    """

    def __init__(
        self,
        address: Address,
        *,
        timeout: float | None = None,
        most_bytes: int | None = None,
        is_stranger: bool = False,
    ) -> None:
        self.address = address
        self.url = address.url
        self._timeout = _patience() if timeout is None else timeout
        self._budget = None if most_bytes is None else Budget(most_bytes)
        given = address.login or ()
        self._login = Login(*given) if is_stranger else find_login(address.url, address.login)
        self._opener = urllib.request.build_opener(_NoRedirects)

    def prepare(self, url: str) -> None:
        """Find out how the server wants to be logged in to, before something long is sent to it.

        A server that refuses what it has not read yet ends the connection; its answer, and what it asks for, is lost.
        """
        if self._login.is_known:
            try:
                self.submit("HEAD", url)
            except RefusedError as exc:
                if exc.code in {401, 403}:
                    raise

    def submit(self, method: str, url: str, body: IO[bytes] | None = None, *, media_type: str = "") -> None:
        """Send something whose answer is only yes or no.

        :param body: a file that can be read again from its start.
        :raises RefusedError: if the server says no.
        :raises StoreError: if it cannot be reached, or is silent for too long.
        """
        headers = {}
        if body is not None:
            headers = {"Content-Type": media_type, "Content-Length": str(body.seek(0, os.SEEK_END))}
            body.seek(0)
        request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 (read_address checked it)
        self.send(request).close()

    def send(self, request: urllib.request.Request) -> Answer:
        """Send a request, again if the server is busy, and return the answer once it begins.

        :raises RefusedError: if the server says no.
        :raises StoreError: if it cannot be reached, or is silent for too long.
        """
        tries = challenges = 0
        while True:
            self._login.sign(request)
            try:
                response = self._opener.open(request, timeout=self._timeout)
                return Answer(cast(HTTPResponse, response), self.url, self._budget)
            except urllib.error.HTTPError as exc:
                with exc:
                    if exc.code == 401 and challenges < 2 and self._login.learn(exc.headers):
                        challenges += 1
                    elif exc.code in _BUSY and tries < _SECOND_TRIES:
                        self._wait(exc, tries)
                        tries += 1
                    else:
                        self._raise_refused(exc, tries)
            except (OSError, HTTPException) as exc:
                _raise_unreachable(exc, self.url, self._timeout)
            if hasattr(request.data, "seek"):
                cast(IO[bytes], request.data).seek(0)

    def _wait(self, exc: urllib.error.HTTPError, tries: int) -> None:
        """Wait as long as the server asks, else twice as long as before, spread so that clients do not come at once."""
        asked = _seconds(exc.headers.get("Retry-After"))
        if asked is None:
            time.sleep(_PAUSE * 2**tries * (0.5 + random.random()))  # noqa: S311 (a spread, no secret)
        elif asked <= _LONGEST_PAUSE:
            time.sleep(asked)
        else:
            raise StoreError(
                f"is busy (HTTP {exc.code}) and asks to come back in {asked:.0f} s",
                file=self.url,
                hint="try again then",
            )

    def _raise_refused(self, exc: urllib.error.HTTPError, tries: int) -> NoReturn:
        words = _words_of(exc)
        message, hint = _refusal(exc.code, words)
        if exc.code in {301, 302, 303, 307, 308}:
            message = f"redirects to {_shown(exc.headers.get('Location', ''))}"
            hint = "a log-in and a query are not sent on; give that address if it is the one you mean"
        elif exc.code in _BUSY:
            message = f"is busy (HTTP {exc.code}), asked {tries + 1} times"
        elif exc.code in {401, 403} and self._login.is_known:
            message = f"refuses the log-in (HTTP {exc.code})"
        raise RefusedError(message, file=self.url, hint=hint, code=exc.code, words=words) from exc


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Every redirect is an error: urllib would turn a POST into a GET and take the log-in along to another host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


_LOG_IN = "set KGTOOL_USER and KGTOOL_PASSWORD, or KGTOOL_TOKEN, or add the host to ~/.netrc"
_CHECK = "check the address: it often ends in /sparql or /query"


def _refusal(code: int, words: str) -> tuple[str, str | None]:
    """Return what a status means, and what to do."""
    said = f": {words}" if words else ""
    known = {
        401: ("wants a log-in (HTTP 401)", _LOG_IN),
        403: (f"refuses access (HTTP 403){said}", _LOG_IN),
        404: ("there is nothing at this address (HTTP 404)", _CHECK),
        405: ("does not take such requests (HTTP 405)", _CHECK),
        406: ("speaks none of the formats that kgtool reads (HTTP 406)", None),
        410: ("is gone (HTTP 410)", _CHECK),
        413: ("does not take a request of that size (HTTP 413)", "ask for less at once"),
        414: ("does not take a request of that size (HTTP 414)", "ask for less at once"),
        502: ("what is behind it does not answer (HTTP 502)", "try again later"),
        504: ("took too long to answer (HTTP 504)", "ask for less, or try again later"),
    }
    return known.get(code, (f"HTTP {code}{said}", "try again later" if code in _BUSY else None))


def _raise_unreachable(exc: Exception, url: str, timeout: float | None = None) -> NoReturn:
    """Convert what happens to a connection."""
    import socket
    import ssl

    reason = exc.reason if isinstance(exc, urllib.error.URLError) else exc
    if isinstance(reason, TimeoutError):
        within = "" if timeout is None else f" within {timeout:g} s"
        message, hint = f"no answer{within}", "ask for less, or wait longer with KGTOOL_TIMEOUT=SECONDS"
    elif isinstance(reason, ConnectionRefusedError):
        message, hint = "nothing listens there", "start the server, or correct the address"
    elif isinstance(reason, socket.gaierror):
        message, hint = "there is no such host", "correct the address"
    elif isinstance(reason, ssl.SSLError):
        message, hint = f"no secure connection: {reason.reason or reason}", "correct the address or its certificate"
    elif isinstance(reason, HTTPException | ConnectionError):
        message, hint = "the connection breaks off", "try again; look into the server's log"
    else:
        message, hint = f"cannot be reached: {reason}", "correct the address"
    raise StoreError(message, file=url, hint=hint) from exc


def _words_of(exc: urllib.error.HTTPError) -> str:
    """Return what a server says of its refusal: its first words, or nothing if it sent a web page."""
    try:
        text = exc.read(10_000).decode("utf-8", "replace").strip()
    except (OSError, HTTPException):
        return ""
    if not text or "<html" in text.lower() or "<!doctype" in text.lower():
        return ""
    line = re.split(r"[\r\n]", text, maxsplit=1)[0].strip()
    return visible(line if len(line) <= _WORDS else line[: _WORDS - 1] + "…")


def _shown(location: str) -> str:
    """Name the target of a redirect without its secrets."""
    try:
        return read_address(location).url
    except StoreError:
        return visible(location.partition("?")[0][:_WORDS]) or "nowhere"


def _seconds(value: str | None) -> float | None:
    """Read ``Retry-After``: seconds, or a date."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _patience() -> float:
    given = os.environ.get("KGTOOL_TIMEOUT")
    if not given:
        return _PATIENCE
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise StoreError(f"KGTOOL_TIMEOUT is '{visible(given)}'", hint="give seconds, such as 30")
    return seconds
