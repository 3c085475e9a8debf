"""Fields and bodies of requests, read as far as they may go."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from kgtool.server.errors import refuse
from kgtool.server.service import Receive, Scope, header

__all__ = ["FORM", "Fields", "body_limit", "check_form", "read_body", "read_form", "too_large"]

#: The media type of a form.
FORM = "application/x-www-form-urlencoded"

#: Seconds a client may take to send a query.
_PATIENCE = 10.0

#: How many times longer a query may be when it is written as a form: ``%20``, and something for the names of graphs.
_ESCAPED = 3
_SLACK = 65536

#: How many fields a request may have: graphs, mostly.
_MOST_FIELDS = 1000

Fields = list[tuple[str, str]]


def body_limit(most: int) -> int:
    """Return how many bytes a form may have whose texts may have some number of them."""
    return _ESCAPED * most + _SLACK


def check_form(scope: Scope, accepted: tuple[str, ...]) -> str:
    """Return the media type of what is posted, once it is one of those accepted, in UTF-8 and not compressed."""
    media_type, _, rest = header(scope, b"content-type").partition(";")
    media_type = media_type.strip().lower()
    charset = dict(parameter.strip().lower().partition("=")[::2] for parameter in rest.split(";")).get("charset")
    if media_type not in accepted:
        said = f"'{media_type[:80]}'" if media_type else "no content type"
        raise refuse("unsupported-media-type", f"{said} is not a query", hint=f"post {' or '.join(accepted)}")
    coding = header(scope, b"content-encoding")
    if coding and coding.lower() != "identity":
        raise refuse(
            "unsupported-media-type",
            f"the query is coded as '{coding[:40]}'",
            hint="send it as it is",
            headers={"Accept-Encoding": "identity"},
        )
    if charset not in (None, "utf-8", '"utf-8"'):
        raise refuse("unsupported-media-type", f"a query is UTF-8, not {charset[:40]}", hint="send UTF-8")
    return media_type


def read_form(content: bytes, most: int) -> Fields:
    """Read the fields of a form, or of a query string.

    :param most: the bytes that a text in it may have.
    """
    if len(content) > body_limit(most):
        raise too_large(most)
    try:
        return parse_qsl(content.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as exc:
        raise refuse("bad-request", "the request is not UTF-8", hint="send UTF-8, percent-encoded") from exc
    except ValueError as exc:
        raise refuse("bad-request", f"the request has more than {_MOST_FIELDS} fields") from exc


async def read_body(scope: Scope, receive: Receive, most: int) -> bytes:
    """Read a request's body, as far as it may go."""
    length = header(scope, b"content-length")
    if length.isdecimal() and int(length) > most:
        raise too_large(most)
    pieces, size = [], 0
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise refuse("client-gone", "the client has gone")
                pieces.append(message.get("body", b""))
                size += len(pieces[-1])
                if size > most:
                    raise too_large(most)
                if not message.get("more_body"):
                    return b"".join(pieces)
    except TimeoutError as exc:
        raise refuse("request-timeout", f"the query did not arrive in {_PATIENCE:.0f} s") from exc


def too_large(most: int) -> Any:
    """Make the exception to raise when a query is too long."""
    return refuse("query-too-large", f"a query may have {most} bytes", hint="ask for less at once")
