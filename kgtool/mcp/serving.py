"""How a client reaches the MCP server: over stdin and stdout, or over HTTP at ``/mcp``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket
from typing import Any, NamedTuple

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

from kgtool.build import BuildResult
from kgtool.mcp.graph import Graph
from kgtool.mcp.guarded import DEFAULT_LIMITS, GuardedQueries
from kgtool.mcp.tools import make_server
from kgtool.namespaces import read_prefixes
from kgtool.project import Project
from kgtool.queries.catalogue import read_served
from kgtool.server.guard import LOCAL_HOSTS, SAFE_HEADERS
from kgtool.server.limits import Limits
from kgtool.server.listen import listen
from kgtool.server.source import pin
from kgtool.store import open_store

__all__ = ["Serving", "http_app", "open_serving", "serve_http", "serve_stdio"]

#: The longest request over HTTP, in bytes.
_LONGEST = 2**20


class Serving(NamedTuple):
    """A server and what must be closed after it."""

    server: MCPServer
    guarded: GuardedQueries


def open_serving(
    project: Project,
    location: str | None,
    *,
    folder: Path,
    version: str,
    limits: Limits = DEFAULT_LIMITS,
    on_build: Callable[[BuildResult], None] | None = None,
) -> Serving:
    """Open a graph for clients; it stays as it is while they are served.

    :param location: a graph instead of the project's own.
    :param folder: an empty one, there as long as the server is.
    """
    source = pin(project, location, folder=folder, on_build=on_build)
    prefixes = read_prefixes(project.prefixes_name)
    # A message names a query's file; where the project is on this machine is not for clients.
    queries = read_served(project)
    graph = Graph(open_store(source.location), queries, prefixes)
    guarded = GuardedQueries(graph, source.location, prefixes, limits)
    return Serving(make_server(graph, guarded, version=version), guarded)


def serve_stdio(serving: Serving) -> None:
    """Serve the client that started this process, until it closes stdin."""

    async def run() -> None:
        try:
            await serving.server.run_stdio_async()
        finally:
            await serving.guarded.close()

    asyncio.run(run())


def http_app(serving: Serving, *, hosts: Collection[str] = LOCAL_HOSTS) -> Any:
    """Make the ASGI application that answers at ``/mcp``; it can be mounted in another.

    :param hosts: the names a request may call the server by, and of the pages it may come from.
    """
    names = [name for host in hosts for name in (host, f"{host}:*")]
    security = TransportSecuritySettings(
        allowed_hosts=names, allowed_origins=[f"{scheme}://{name}" for scheme in ("http", "https") for name in names]
    )
    app = serving.server.streamable_http_app(
        stateless_http=True, json_response=True, max_request_body_size=_LONGEST, transport_security=security
    )
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(started: Any) -> AsyncIterator[Any]:
        async with inner(started) as state:
            try:
                yield state
            finally:
                await serving.guarded.close()

    app.router.lifespan_context = lifespan
    return app


def serve_http(serving: Serving, bound: socket, *, hosts: Collection[str], started: Callable[[], None]) -> None:
    """Serve clients on a socket until SIGINT or SIGTERM."""
    app = http_app(serving, hosts=hosts)
    # Every request is a call of a tool, so none is answered again from memory.
    listen(app, bound, headers=SAFE_HEADERS, again=lambda _target, _headers: None, started=started)
