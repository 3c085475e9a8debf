"""Small answers that need no worker: the index, the list of saved queries, health, metrics, the OpenAPI document."""

from __future__ import annotations

import html
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from kgtool.explorer.assets import NOT_BUILT
from kgtool.queries.listing import describe_query
from kgtool.server.errors import refuse
from kgtool.server.negotiation import prefers_html
from kgtool.server.openapi import openapi_document
from kgtool.server.service import Service

__all__ = ["Pages", "index_page"]

#: What there is, for the index.
_LINKS = {
    "/sparql": "SPARQL 1.1 endpoint and its service description",
    "/queries": "saved queries",
    "/search?q=": "things by their names",
    "/reconcile": "the reconciliation API, version 0.2; /reconcile/v1: the draft of 1.0",
    "/.well-known/void": "what the dataset is, holds and links to (VoID, DCAT)",
    "/dump.nq": "the whole dataset with its named graphs as N-Quads; /dump.trig as TriG",
    "/.well-known/sparql-examples": "the saved queries as RDF",
    "/openapi.json": "the saved queries as an OpenAPI document",
    "/health": "whether all is well",
    "/metrics": "counts, for Prometheus",
}


class _JSON(JSONResponse):
    """JSON that leaves Chinese as it is."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


class Pages:
    """The routes; each takes a request and returns a response."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def index(self, request: Request) -> Response:
        if prefers_html(request.headers.get("accept", "")):
            return index_page(self._service)
        served = self._service.served
        content = {"name": served.name, "version": served.version, "hash": served.hash, "links": _LINKS}
        return _JSON(content, headers={"Vary": "Accept"})

    async def queries(self, request: Request) -> Response:
        """List the saved queries, as ``kgtool queries --format json`` does."""
        language = request.query_params.get("lang", "en")
        if language not in ("en", "zh-Hans", "zh-Hant"):
            raise refuse("bad-request", f"no questions in '{language[:40]}'", hint="lang is en, zh-Hans or zh-Hant")
        content = [describe_query(query, language) for query in self._service.served.queries.values()]
        return _JSON(content, headers={"Vary": "Accept"})

    async def openapi(self, request: Request) -> Response:
        return _JSON(openapi_document(self._service.served, root=str(request.base_url).rstrip("/")))

    async def health(self, request: Request) -> Response:
        served, pool = self._service.served, self._service.pool
        counts = pool.counts()
        return _JSON(
            {
                "status": "ok" if counts["workers"] else "no workers",
                "version": served.version,
                "graph": served.name,
                "hash": served.hash,
                "triples": pool.triples,
                "queries": len(served.queries),
                **counts,
            },
            status_code=200 if counts["workers"] else 503,
        )

    async def metrics(self, request: Request) -> Response:
        gauges = {f"kgtool_{name}": value for name, value in self._service.pool.counts().items()}
        text = self._service.metrics.render(gauges | {"kgtool_triples": self._service.pool.triples})
        return Response(text, media_type="text/plain; version=0.0.4")


def index_page(service: Service) -> Response:
    """Make the page that a browser is shown where the explorer is not built: what there is, and how to build it."""
    name = html.escape(service.served.name)
    links = "".join(f'<li><a href="{path}">{path}</a> – {html.escape(what)}</li>\n' for path, what in _LINKS.items())
    return HTMLResponse(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title></head>\n'
        f"<body><h1>{name}</h1>\n<p>{html.escape(NOT_BUILT)}</p>\n<ul>\n{links}</ul></body></html>\n",
        headers={"Vary": "Accept"},
    )
