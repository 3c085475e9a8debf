"""``/reconcile``: the reconciliation API, version 0.2, as OpenRefine speaks it; below ``/reconcile/v1``, 1.0's draft.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
https://reconciliation-api.github.io/specs/1.0-draft/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from starlette.routing import Route

from kgtool.server.errors import refuse
from kgtool.server.forms import FORM, Fields, body_limit, check_form, read_body, read_form, too_large
from kgtool.server.frames import Request
from kgtool.server.places import url_of
from kgtool.server.service import ASGISend, Receive, Scope, Service, root_of, wants_gzip
from kgtool.table import visible

__all__ = ["LONGEST", "POSTED", "reconcile_routes"]

#: Where something can be posted.
POSTED = ("/reconcile", "/reconcile/v1/match", "/reconcile/v1/reconcile", "/reconcile/v1/extend")

#: The root of version 1.0.
_V1 = "/reconcile/v1"

#: Characters of a prefix or identifier.
LONGEST = 1000

_READ = ("GET", "HEAD")
_JSON = "application/json"
#: What 1.0 has posted as JSON: tasks of :mod:`kgtool.server.tasks` by the names of routes.
_OF_DRAFT = {"match": "match", "extend": "extend of the draft"}
#: The name of a function that an answer may be given to: nothing else can be written with these characters.
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,99}(\.[A-Za-z_$][\w$]{0,99}){0,4}", re.ASCII)


def reconcile_routes(service: Service, *, origin: str | None) -> list[Route]:
    """Make the routes.

    :param origin: whose pages may read answers, and show previews in a frame.
    """
    make = partial(_Part, service, origin)
    return [
        Route("/reconcile", make("queries"), methods=(*_READ, "POST")),
        Route("/reconcile/suggest/{kind}", make("suggest"), methods=_READ),
        Route("/reconcile/flyout/{kind}", make("flyout"), methods=_READ),
        Route("/reconcile/properties", make("properties"), methods=_READ),
        Route("/reconcile/preview", make("preview"), methods=_READ),
        Route("/reconcile/view", make("view"), methods=_READ),
        Route(_V1, make("manifest"), methods=_READ),
        # The draft has called it both.
        Route("/reconcile/v1/match", make("match"), methods=("POST",)),
        Route("/reconcile/v1/reconcile", make("match"), methods=("POST",)),
        Route("/reconcile/v1/extend", make("extend"), methods=("POST",)),
        Route("/reconcile/v1/extend/propose", make("properties"), methods=_READ),
        Route("/reconcile/v1/suggest/{kind}", make("suggest"), methods=_READ),
        Route("/reconcile/v1/preview", make("preview"), methods=_READ),
    ]


class _Part:
    """One of the routes as an ASGI application."""

    def __init__(self, service: Service, origin: str | None, name: str) -> None:
        self._service = service
        self._origin = origin
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        most = self._service.limits.max_query_bytes
        if self._name in _OF_DRAFT:
            given = {"do": _OF_DRAFT[self._name]}
            request = Request("reconcile", await self._body(scope, receive), given, gzip=wants_gzip(scope))
            await self._service.respond(request, scope, receive, send)
            return
        fields = read_form(scope["query_string"], most)
        if scope["method"] == "POST":
            check_form(scope, (FORM,))
            fields = fields + read_form(await read_body(scope, receive, body_limit(most)), most)
        if self._name == "view":
            await self._view(fields, scope, receive, send)
            return
        request = getattr(self, f"_{self._name}")(fields, scope)
        if (callback := self._callback(fields, scope)) is not None:
            request.given["callback"] = callback
        headers = [(b"content-security-policy", self._policy())] if self._name == "preview" else []
        await self._service.respond(request._replace(gzip=wants_gzip(scope)), scope, receive, send, headers=headers)

    def _queries(self, fields: Fields, scope: Scope) -> Request:
        """Read what is asked at the root: the manifest, a batch of queries, or an extension."""
        asked = [name for name, _ in fields if name in ("queries", "extend")]
        if not asked and scope["method"] != "POST":
            return self._describe("manifest", scope, "/reconcile")
        if len(asked) != 1:
            what = "queries and extend, or one of them twice" if asked else "neither queries nor extend"
            raise refuse("bad-request", f"{what} in the request", hint="give one of them, as JSON")
        text = _one(fields, asked[0])
        if len(text.encode("utf-8", "surrogatepass")) > self._service.limits.max_query_bytes:
            raise too_large(self._service.limits.max_query_bytes)
        return Request("reconcile", text, {"do": asked[0]})

    def _manifest(self, _fields: Fields, scope: Scope) -> Request:
        return self._describe("manifest of the draft", scope, _V1)

    def _describe(self, task: str, scope: Scope, place: str) -> Request:
        """Ask for the manifest of the service that is at a place."""
        served, root = self._service.served, root_of(scope)
        given = {"do": task, "name": served.name, "version": served.version, "root": f"{root}{place}"}
        given |= {"view": f"{root}/reconcile/view?id={{id}}", "documentation": f"{root}/"}
        return Request("reconcile", given=given)

    async def _body(self, scope: Scope, receive: Receive) -> str:
        """Read a body of JSON."""
        check_form(scope, (_JSON,))
        try:
            return (await read_body(scope, receive, self._service.limits.max_query_bytes)).decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise refuse("bad-request", "the request is not UTF-8", hint="send UTF-8") from exc

    def _suggest(self, fields: Fields, scope: Scope) -> Request:
        given = {"do": "suggest", "kind": scope["path_params"]["kind"], "cursor": str(_number(fields, "cursor", 0))}
        return Request("reconcile", _short(fields, "prefix"), given)

    def _flyout(self, fields: Fields, scope: Scope) -> Request:
        return Request("reconcile", _short(fields, "id"), {"do": "flyout", "kind": scope["path_params"]["kind"]})

    def _properties(self, fields: Fields, _scope: Scope) -> Request:
        given = {"do": "properties", "limit": str(_number(fields, "limit", 20))}
        return Request("reconcile", _short(fields, "type"), given)

    def _preview(self, fields: Fields, _scope: Scope) -> Request:
        return Request("reconcile", _short(fields, "id"), {"do": "preview"})

    async def _view(self, fields: Fields, scope: Scope, receive: Receive, send: ASGISend) -> None:
        """Send the client to the page of a thing: its identifier is resolved against the identifier space."""
        base, id_ = self._service.pool.base, _short(fields, "id")
        iri = id_ if urlsplit(id_).scheme in ("http", "https") else f"{base or ''}{id_}"
        async with self._service.pool.ask(Request("exists", iri), receive):
            pass
        location = url_of(iri, base=base, root=root_of(scope)).encode()
        headers = [(b"location", location), (b"cache-control", b"no-cache"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _callback(self, fields: Fields, scope: Scope) -> str | None:
        """Return the function that an answer is to be given to: any page can read it then. Version 1.0 has none."""
        if (
            self._name == "preview"
            or scope["path"].startswith(_V1)
            or not any(name == "callback" for name, _ in fields)
        ):
            return None
        name = _one(fields, "callback")
        if self._origin != "*":
            raise refuse("bad-request", "answers here are not for every page", hint="leave out callback")
        if not _CALLBACK.fullmatch(name):
            raise refuse("bad-request", "callback is not the name of a function", hint="give a name such as jsonp1")
        return name

    def _policy(self) -> bytes:
        """Say whose pages may show a preview: those that may read answers."""
        framing = self._origin or "'self'"
        return f"default-src 'none'; base-uri 'none'; frame-ancestors {framing}".encode()


def _one(fields: Fields, name: str) -> str:
    values: Sequence[str] = [value for key, value in fields if key == name]
    if len(values) != 1:
        what = f"{name} is given {len(values)} times" if values else f"no {name} in the request"
        raise refuse("bad-request", what, hint=f"give {name}=… once")
    return values[0]


def _short(fields: Fields, name: str) -> str:
    text = _one(fields, name)
    if len(text) > LONGEST:
        raise refuse("bad-request", f"{name} has more than {LONGEST} characters", hint="give less")
    return text


def _number(fields: Fields, name: str, default: int) -> int:
    if not any(key == name for key, _ in fields):
        return default
    text = _one(fields, name)
    if not (text.isascii() and text.isdecimal()):
        raise refuse("bad-request", f"{name} '{visible(text[:20])}' is not a number", hint="give one from 0 on")
    return int(text[:9])
