"""The query operation of the SPARQL 1.1 Protocol, at ``/sparql``.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from kgtool.formats import FORMATS
from kgtool.server.errors import refuse
from kgtool.server.frames import Request
from kgtool.server.negotiation import prefers_html
from kgtool.server.pages import index_page
from kgtool.server.proof import EVIDENCE, wants_evidence
from kgtool.server.service import ASGISend, Receive, Scope, Service, header, root_of, wants_gzip

__all__ = ["METHODS", "Endpoint"]

METHODS = ("GET", "HEAD", "POST")

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"

#: Seconds a client may take to send a query.
_PATIENCE = 10.0

#: How many times longer a query may be when it is written as a form: ``%20``, and something for the names of graphs.
_ESCAPED = 3
_SLACK = 65536

#: How many fields a request may have: graphs, mostly.
_MOST_FIELDS = 1000

_Fields = list[tuple[str, str]]


class Endpoint:
    """The endpoint as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        fields = _read_form(scope["query_string"], self._service.limits.max_query_bytes)
        if scope["method"] == "POST":
            text, fields = await self._posted(scope, receive, fields)
        elif not fields:
            await self._describe(scope, receive, send)
            return
        else:
            text = _one_query(fields)
        self._check_size(text)
        request = Request(
            "sparql",
            text,
            dataset=_dataset(fields),
            format=_format(fields),
            accept=header(scope, b"accept"),
            gzip=wants_gzip(scope),
            evidence=wants_evidence([value for name, value in fields if name == EVIDENCE]),
        )
        await self._service.respond(request, scope, receive, send)

    async def _describe(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        """Answer a bare request with what the service is: https://www.w3.org/TR/sparql11-service-description/"""
        accept = header(scope, b"accept")
        if prefers_html(accept):
            await index_page(self._service)(scope, receive, send)
            return
        given = {"root": root_of(scope)}
        request = Request("service", given=given, accept=accept, gzip=wants_gzip(scope))
        await self._service.respond(request, scope, receive, send)

    async def _posted(self, scope: Scope, receive: Receive, fields: _Fields) -> tuple[str, _Fields]:
        """Read a query that was posted: as it is, or as a form."""
        media_type, _, rest = header(scope, b"content-type").partition(";")
        media_type = media_type.strip().lower()
        charset = dict(parameter.strip().lower().partition("=")[::2] for parameter in rest.split(";")).get("charset")
        if media_type == _UPDATE:
            raise _read_only()
        if media_type not in (_FORM, _QUERY):
            said = f"'{media_type[:80]}'" if media_type else "no content type"
            raise refuse("unsupported-media-type", f"{said} is not a query", hint=f"post {_QUERY} or {_FORM}")
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
        most = self._service.limits.max_query_bytes
        if media_type == _QUERY:
            if any(name in ("query", "update") for name, _ in fields):
                raise refuse("bad-request", "one query in the body and one in the URL", hint="send one of them")
            body = await _body(scope, receive, most)
            try:
                return body.decode("utf-8-sig"), fields
            except UnicodeDecodeError as exc:
                raise refuse("bad-request", f"the query is not UTF-8: offset {exc.start}", hint="send UTF-8") from exc
        body = await _body(scope, receive, _ESCAPED * most + _SLACK)
        fields = fields + _read_form(body, most)
        return _one_query(fields), fields

    def _check_size(self, text: str) -> None:
        most = self._service.limits.max_query_bytes
        if len(text) > most or len(text.encode("utf-8", "surrogatepass")) > most:
            raise _too_large(most)


def _one_query(fields: _Fields) -> str:
    if any(name == "update" for name, _ in fields):
        raise _read_only()
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        what = f"{len(queries)} queries" if queries else "no query"
        raise refuse("bad-request", f"{what} in the request", hint="give one, as query=…")
    return queries[0].removeprefix("\ufeff")


def _dataset(fields: _Fields) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the default and the named graphs that the request names, in place of those in the query."""
    default = tuple(value for name, value in fields if name == "default-graph-uri")
    named = tuple(value for name, value in fields if name == "named-graph-uri")
    return (default, named) if default or named else None


def _format(fields: _Fields) -> str | None:
    """Return the format that the request names, as other endpoints let it: it goes before the header."""
    named = [value for name, value in fields if name == "format"]
    if not named:
        return None
    if len(named) > 1 or named[0] not in FORMATS:
        raise refuse("bad-request", f"no format '{named[0][:40]}'", hint=f"give one of {', '.join(FORMATS)}, or Accept")
    return named[0]


def _read_form(content: bytes, most: int) -> _Fields:
    if len(content) > _ESCAPED * most + _SLACK:
        raise _too_large(most)
    try:
        return parse_qsl(content.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as exc:
        raise refuse("bad-request", "the request is not UTF-8", hint="send UTF-8, percent-encoded") from exc
    except ValueError as exc:
        raise refuse("bad-request", f"the request has more than {_MOST_FIELDS} fields") from exc


async def _body(scope: Scope, receive: Receive, most: int) -> bytes:
    """Read a request's body, as far as it may go."""
    length = header(scope, b"content-length")
    if length.isdecimal() and int(length) > most:
        raise _too_large(most)
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
                    raise _too_large(most)
                if not message.get("more_body"):
                    return b"".join(pieces)
    except TimeoutError as exc:
        raise refuse("request-timeout", f"the query did not arrive in {_PATIENCE:.0f} s") from exc


def _too_large(most: int) -> Exception:
    problem: Exception = refuse("query-too-large", f"a query may have {most} bytes", hint="ask for less at once")
    return problem


def _read_only() -> Exception:
    problem: Exception = refuse("read-only", "updates are refused: this server only reads", hint="send query=…")
    return problem
