"""The routes, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgtool.server import protocol
from kgtool.server.catalogue import DUMPS
from kgtool.server.documents import Document, Dump
from kgtool.server.errors import Problem, RefusedError
from kgtool.server.guard import Guard
from kgtool.server.lookup import Search
from kgtool.server.pages import Pages
from kgtool.server.saved import SavedQueries
from kgtool.server.service import Service
from kgtool.server.things import PATHS, Things

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
        Route("/sparql", protocol.Endpoint(service), methods=protocol.METHODS),
        Route("/queries", pages.queries),
        Route("/queries/{name:path}", SavedQueries(service), methods=_READ),
        Route("/search", Search(service), methods=_READ),
        *(Route(path, things, methods=_READ) for path in PATHS),
        *(Route(path, Dump(service, form), methods=_READ) for path, (form, *_) in DUMPS.items()),
        Route("/.well-known/void", Document(service, "dataset"), methods=_READ),
        Route("/.well-known/sparql-examples", Document(service, "examples"), methods=_READ),
        Route("/openapi.json", pages.openapi),
        Route("/health", pages.health),
        Route("/metrics", pages.metrics),
        Route("/", pages.index),
    ]
    handlers = {RefusedError: _refused, HTTPException: _http_error, Exception: _broken}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Guard(app, service, hosts=hosts, origin=origin)


async def _refused(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RefusedError)
    return _response(exc.problem, exc.headers)


async def _http_error(request: Request, exc: Exception) -> Response:
    """Say in our own shape what Starlette refuses by itself."""
    assert isinstance(exc, HTTPException)
    code = {404: "not-found", 405: "method-not-allowed"}.get(exc.status_code, "bad-request")
    what = {404: f"nothing is at '{request.url.path[:200]}'", 405: f"{request.method[:20]} is not possible here"}
    hint = {404: "/ lists what there is", 405: f"use {(exc.headers or {}).get('Allow', 'GET')}"}
    problem = Problem(code, what.get(exc.status_code, exc.detail), None, hint.get(exc.status_code))
    return _response(problem, dict(exc.headers or {}))


async def _broken(_request: Request, _exc: Exception) -> Response:
    return _response(Problem("internal", "something went wrong in the server", None, "its log says what"), {})


def _response(problem: Problem, headers: dict[str, str]) -> Response:
    shared = {"Cache-Control": "no-store", **headers}
    return Response(problem.body(), problem.status, shared, media_type="application/json")
