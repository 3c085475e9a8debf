"""The query operation of the SPARQL 1.1 Protocol, at ``/sparql``.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from kgtool.formats import FORMATS
from kgtool.server.errors import refuse
from kgtool.server.forms import FORM, Fields, body_limit, check_form, read_body, read_form, too_large
from kgtool.server.frames import Request
from kgtool.server.negotiation import prefers_html
from kgtool.server.pages import index_page
from kgtool.server.proof import EVIDENCE, wants_evidence
from kgtool.server.service import ASGISend, Receive, Scope, Service, header, root_of, wants_gzip

__all__ = ["METHODS", "Endpoint"]

METHODS = ("GET", "HEAD", "POST")

_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


class Endpoint:
    """The endpoint as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        fields = read_form(scope["query_string"], self._service.limits.max_query_bytes)
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

    async def _posted(self, scope: Scope, receive: Receive, fields: Fields) -> tuple[str, Fields]:
        """Read a query that was posted: as it is, or as a form."""
        if header(scope, b"content-type").partition(";")[0].strip().lower() == _UPDATE:
            raise _read_only()
        media_type = check_form(scope, (_QUERY, FORM))
        most = self._service.limits.max_query_bytes
        if media_type == _QUERY:
            if any(name in ("query", "update") for name, _ in fields):
                raise refuse("bad-request", "one query in the body and one in the URL", hint="send one of them")
            body = await read_body(scope, receive, most)
            try:
                return body.decode("utf-8-sig"), fields
            except UnicodeDecodeError as exc:
                raise refuse("bad-request", f"the query is not UTF-8: offset {exc.start}", hint="send UTF-8") from exc
        body = await read_body(scope, receive, body_limit(most))
        fields = fields + read_form(body, most)
        return _one_query(fields), fields

    def _check_size(self, text: str) -> None:
        most = self._service.limits.max_query_bytes
        if len(text) > most or len(text.encode("utf-8", "surrogatepass")) > most:
            raise too_large(most)


def _one_query(fields: Fields) -> str:
    if any(name == "update" for name, _ in fields):
        raise _read_only()
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        what = f"{len(queries)} queries" if queries else "no query"
        raise refuse("bad-request", f"{what} in the request", hint="give one, as query=…")
    return queries[0].removeprefix("\ufeff")


def _dataset(fields: Fields) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the default and the named graphs that the request names, in place of those in the query."""
    default = tuple(value for name, value in fields if name == "default-graph-uri")
    named = tuple(value for name, value in fields if name == "named-graph-uri")
    return (default, named) if default or named else None


def _format(fields: Fields) -> str | None:
    """Return the format that the request names, as other endpoints let it: it goes before the header."""
    named = [value for name, value in fields if name == "format"]
    if not named:
        return None
    if len(named) > 1 or named[0] not in FORMATS:
        raise refuse("bad-request", f"no format '{named[0][:40]}'", hint=f"give one of {', '.join(FORMATS)}, or Accept")
    return named[0]


def _read_only() -> Exception:
    problem: Exception = refuse("read-only", "updates are refused: this server only reads", hint="send query=…")
    return problem
