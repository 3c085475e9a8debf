"""The routes, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, request_response

from kgtool.catalogue import DUMPS
from kgtool.server import protocol
from kgtool.server.documents import Document, Dump
from kgtool.server.errors import Problem, RefusedError
from kgtool.server.explorer import ROUTES, Explorer, Files, Negotiated, problem_page, wants_page
from kgtool.server.guard import Guard
from kgtool.server.lookup import Search
from kgtool.server.pages import Pages
from kgtool.server.reconcile import reconcile_routes
from kgtool.server.saved import SavedQueries
from kgtool.server.service import Service
from kgtool.server.things import PATHS, Things
from kgtool.table import visible

__all__ = ["create_app"]

_READ = ("GET", "HEAD")


def create_app(service: Service, *, hosts: Collection[str], origin: str | None = "*") -> Guard:
    """Make the ASGI application of a service: it starts the workers, and ends them with the server.

    :param hosts: the names a request may call the server by.
    :param origin: whose pages may read answers.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await service.pool.start()
        try:
            yield
        finally:
            await service.pool.close()

    pages, things = Pages(service), Things(service)
    routes = [
        Route("/sparql", Negotiated(service, "sparql", protocol.Endpoint(service)), methods=protocol.METHODS),
        Route("/queries", Negotiated(service, "queries", request_response(pages.queries)), methods=_READ),
        Route("/queries/{name:path}", Negotiated(service, "query", SavedQueries(service)), methods=_READ),
        *reconcile_routes(service, origin=origin),
        Route("/search", Negotiated(service, "find", Search(service)), methods=_READ),
        *(Route(path, things, methods=_READ) for path in PATHS),
        *(Route(path, Dump(service, form), methods=_READ) for path, (form, *_) in DUMPS.items()),
        Route("/.well-known/void", Document(service, "dataset"), methods=_READ),
        Route("/.well-known/sparql-examples", Document(service, "examples"), methods=_READ),
        Route("/openapi.json", pages.openapi),
        Route("/health", pages.health),
        Route("/metrics", pages.metrics),
        *(Route(path, Explorer(service, name), methods=_READ) for path, name in ROUTES.items()),
        Route("/static/{name}", Files(), methods=_READ),
        Route("/", Negotiated(service, "home", request_response(pages.index)), methods=_READ),
    ]
    problems = _Problems(service)
    handlers = {RefusedError: problems.refused, HTTPException: problems.http_error, Exception: problems.broken}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Guard(app, service, hosts=hosts, origin=origin)


class _Problems:
    """From an exception to a response: JSON of one shape, or a page for a browser."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def refused(self, request: Request, exc: Exception) -> Response:
        assert isinstance(exc, RefusedError)
        return self._response(request, exc.problem, exc.headers)

    async def http_error(self, request: Request, exc: Exception) -> Response:
        """Say in our own shape what Starlette refuses by itself."""
        assert isinstance(exc, HTTPException)
        headers = dict(exc.headers or {})
        if exc.status_code == 404:
            what, hint = f"nothing is at '{visible(request.url.path[:200])}'", "/ lists what there is"
            return self._response(request, Problem("not-found", what, None, hint), headers)
        if exc.status_code == 405:
            headers["Allow"] = f"{headers.get('Allow', 'GET, HEAD')}, OPTIONS"
            what, hint = f"{request.method[:20]} is not possible here", f"use {headers['Allow']}"
            return self._response(request, Problem("method-not-allowed", what, None, hint), headers)
        return self._response(request, Problem("bad-request", exc.detail), headers)

    async def broken(self, request: Request, _exc: Exception) -> Response:
        problem = Problem("internal", "something went wrong in the server", None, "its log says what")
        return self._response(request, problem, {})

    def _response(self, request: Request, problem: Problem, headers: dict[str, str]) -> Response:
        shared = {"Cache-Control": "no-store", "Vary": "Accept", **headers}
        if wants_page(request.scope):
            body = problem_page(self._service, problem, request.scope)
            return Response(body, problem.status, shared, media_type="text/html")
        return Response(problem.body(), problem.status, shared, media_type="application/json")
