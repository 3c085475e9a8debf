"""``/.well-known/void`` and ``/.well-known/sparql-examples``: descriptions in any RDF format.

https://www.w3.org/TR/void/#well-known
"""

from __future__ import annotations

from kgtool.server.frames import Request
from kgtool.server.service import ASGISend, Receive, Scope, Service, header, root_of, wants_gzip

__all__ = ["Document"]


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
