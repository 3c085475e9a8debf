"""Documents about the graph's own things: their IRIs below the graph's base, as paths of this server.

https://www.w3.org/TR/cooluris/#r303gendocument
"""

from __future__ import annotations

import re
from urllib.parse import quote

from kgtool.explorer.assets import is_built
from kgtool.formats import FORMATS
from kgtool.labels import LANGUAGES
from kgtool.server.errors import refuse
from kgtool.server.explorer import Explorer, wants_page
from kgtool.server.frames import Request
from kgtool.server.negotiation import choose
from kgtool.server.places import PLACES
from kgtool.server.service import ASGISend, Receive, Scope, Service, header, root_of, wants_gzip

__all__ = ["PATHS", "Things"]

#: Where the graph's things are, below its base.
PATHS = tuple(f"/{place}/{{name:path}}" for place in PLACES)

_PART = re.compile(r"(/article/[^/]+)/([\w-]+)", re.ASCII)

_LANGUAGES = frozenset(f"lang={language}".encode() for language in LANGUAGES)

_FORMATS = tuple(FORMATS[name] for name in ("turtle", "jsonld", "ntriples", "rdfxml"))


class Things:
    """The documents as an ASGI application: a thing redirects to the document that the client likes best."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._page = Explorer(service, "document")

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if self._service.pool.base is None:
            raise refuse("not-found", "the graph does not say what its own names start with (void:uriSpace)")
        for form in _FORMATS:
            suffix = form.extensions[0]
            if path.endswith(suffix):
                await self._document(path.removesuffix(suffix), form.name, scope, receive, send)
                return
        if path.endswith(".html") and is_built():
            await self._page(scope, receive, send)
            return
        await self._redirect(path, scope, receive, send)

    async def _document(self, path: str, form: str, scope: Scope, receive: Receive, send: ASGISend) -> None:
        request = Request(
            "entity",
            self._iri(path),
            {"document": f"{root_of(scope)}{quote(path)}"},
            format=form,
            gzip=wants_gzip(scope),
        )
        about = f'<{quote(path)}>; rel="describes", {_alternates(path)}'
        await self._service.respond(request, scope, receive, send, headers=[(b"link", about.encode())])

    async def _redirect(self, path: str, scope: Scope, receive: Receive, send: ASGISend) -> None:
        html = wants_page(scope)
        suffix = ".html" if html else choose(header(scope, b"accept"), _FORMATS).format.extensions[0]
        # The language that was asked for is wanted of the page too.
        query = scope["query_string"] if html and scope["query_string"] in _LANGUAGES else b""
        async with self._service.pool.ask(Request("exists", self._iri(path)), receive):
            pass
        headers = [
            (b"location", _place(scope, path, suffix, query)),
            (b"vary", b"Accept"),
            (b"link", _alternates(path).encode()),
            (b"content-length", b"0"),
        ]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _iri(self, path: str) -> str:
        return f"{self._service.pool.base}{path.removeprefix('/')}"


def _place(scope: Scope, path: str, suffix: str, query: bytes) -> bytes:
    """Return where a document is; a part of an article is a place on the article's page."""
    part = _PART.fullmatch(path) if suffix == ".html" else None
    found = f"{scope.get('root_path', '')}{quote(part[1] if part else path)}{suffix}".encode()
    return found + (b"?" + query if query else b"") + (f"#{part[2]}".encode() if part else b"")


def _alternates(path: str) -> str:
    return ", ".join(
        f'<{quote(path)}{form.extensions[0]}>; rel="alternate"; type="{form.media_types[0]}"' for form in _FORMATS
    )
