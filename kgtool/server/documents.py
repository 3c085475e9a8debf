"""``/.well-known/void`` and ``/.well-known/sparql-examples``: descriptions in any RDF format; dumps of the graph.

https://www.w3.org/TR/void/#well-known
"""

from __future__ import annotations

from kgtool.server.frames import Request
from kgtool.server.service import ASGISend, Receive, Scope, Service, header, root_of, wants_gzip

__all__ = ["Document", "Dump"]


class Document:
    """A description as an ASGI application.

    :param task: the worker's task that makes it.
    """

    def __init__(self, service: Service, task: str) -> None:
        self._service = service
        self._task = task

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        given = {"root": root_of(scope)}
        request = Request(
            self._task,
            given=given,
            accept=header(scope, b"accept"),
            gzip=wants_gzip(scope),
        )
        await self._service.respond(request, scope, receive, send)


class Dump:
    """The whole graph in one format, as an ASGI application.

    :param form: the name of the format.
    """

    def __init__(self, service: Service, form: str) -> None:
        self._service = service
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        request = Request("dump", format=self._form, gzip=wants_gzip(scope))
        await self._service.respond(request, scope, receive, send)
