"""The explorer's pages over HTTP: routes, the reader's language, built files.

https://www.rfc-editor.org/rfc/rfc9110#name-accept-language
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from kgtool.explorer.assets import NOT_BUILT, is_built, read_assets
from kgtool.labels import LANGUAGES
from kgtool.server.errors import Problem, refuse
from kgtool.server.frames import Request
from kgtool.server.negotiation import format_of_suffix, prefers_html
from kgtool.server.service import ASGISend, Receive, Scope, Service, header, wants_gzip

__all__ = ["ROUTES", "Explorer", "Files", "Negotiated", "language_of", "page_request", "problem_page", "wants_page"]

#: Pages that have a path of their own; others share theirs with an answer for programs.
ROUTES = {
    "/thing": "thing",
    "/graph": "graph",
    "/ask": "ask",
    "/articles": "articles",
    "/vocabulary": "vocabulary",
    "/quality": "quality",
    "/completions": "completions",
}

#: A page's parameters are short, but for a query's text.
_MOST_FIELDS = 100


def wants_page(scope: Scope) -> bool:
    """Say whether a request is a browser's, and there are pages."""
    return is_built() and prefers_html(header(scope, b"accept"))


class Explorer:
    """A page as an ASGI application.

    :param name: of the page, in :data:`kgtool.explorer.pages.PAGES`.
    """

    def __init__(self, service: Service, name: str) -> None:
        self._service = service
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        if not is_built():
            raise refuse("not-found", NOT_BUILT)
        request = page_request(self._name, scope)
        await self._service.respond(request, scope, receive, send, headers=[(b"vary", b"Accept-Language")])


class Negotiated:
    """A page for browsers, and something else for programs, at one address.

    :param other: an ASGI application.
    """

    def __init__(self, service: Service, name: str, other: Any) -> None:
        self._page = Explorer(service, name)
        self._other = other

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        programs = scope["method"] == "POST" or self._is_file(scope) or not wants_page(scope)
        await (self._other if programs else self._page)(scope, receive, send)

    def _is_file(self, scope: Scope) -> bool:
        """Say whether the address names a format: a page links to its own answers as files."""
        if scope["path_params"].get("name"):
            return format_of_suffix(scope["path_params"]["name"])[1] is not None
        return any(field.startswith(b"format=") for field in scope["query_string"].split(b"&"))


def page_request(name: str, scope: Scope) -> Request:
    """Make the question to a worker that a page is the answer to."""
    params = _params(scope["query_string"])
    chosen = params.pop("lang", "")
    if chosen and chosen not in LANGUAGES:
        raise refuse("bad-request", f"no pages in '{chosen[:40]}'", hint=f"lang is {', '.join(LANGUAGES)}")
    given = {
        "language": chosen or language_of(header(scope, b"accept-language")),
        "chosen": chosen,
        "path": scope["path"].removeprefix(scope.get("root_path", "")),
        "prefix": scope.get("root_path", ""),
        **{f"?{name}": value for name, value in params.items()},
    }
    return Request("page", name, given, accept=read_assets().hash, gzip=wants_gzip(scope))


def problem_page(service: Service, problem: Problem, scope: Scope) -> bytes:
    """Make a page of a problem, in this process: workers may be what is missing."""
    from kgtool.explorer.pages import error_page
    from kgtool.explorer.visit import About, Visit

    params = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=_MOST_FIELDS))
    chosen = params.pop("lang", "")
    visit = Visit(
        chosen if chosen in LANGUAGES else language_of(header(scope, b"accept-language")),
        chosen in LANGUAGES,
        scope["path"].removeprefix(scope.get("root_path", "")),
        params,
        scope.get("root_path", ""),
    )
    about = About(service.served.name, service.served.hash, service.served.version)
    return error_page(visit, about, {**problem._asdict(), "status": problem.status}).encode("utf-8", "replace")


class Files:
    """The built files: their names change when they do, so browsers may keep them."""

    def __init__(self) -> None:
        import gzip

        self._files = {
            name: (asset, gzip.compress(asset.body, 9, mtime=0))
            for name, asset in (read_assets().files() if is_built() else {}).items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        found = self._files.get(scope["path_params"]["name"])
        if found is None:
            raise refuse("not-found", "there is no such file")
        asset, compressed = found
        body = compressed if wants_gzip(scope) else asset.body
        headers = [
            (b"content-type", asset.content_type.encode()),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"vary", b"Accept-Encoding"),
            (b"content-length", str(len(body)).encode()),
        ]
        if body is compressed:
            headers.append((b"content-encoding", b"gzip"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def language_of(accept: str) -> str:
    """Choose the language of pages from ``Accept-Language``; English if none of ours is in it.

    >>> [language_of(one) for one in ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN", "fr, en;q=0.5, zh;q=0.7", "de", "")]
    ['zh-Hant', 'zh-Hans', 'zh-Hans', 'en', 'en']
    """
    best, chosen = 0.0, "en"
    for part in accept.split(",")[:_MOST_FIELDS]:
        tag, _, rest = part.strip().lower().partition(";")
        try:
            quality = float(rest.replace(" ", "").removeprefix("q=") or "1")
        except ValueError:
            continue
        language = _language(tag.strip())
        if language and best < quality <= 1:
            best, chosen = quality, language
    return chosen


def _language(tag: str) -> str | None:
    primary, *rest = tag.replace("_", "-").split("-")
    if primary == "zh":
        return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(rest) and "hans" not in rest else "zh-Hans"
    return "en" if primary == "en" else None


def _params(query_string: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as exc:
        raise refuse("bad-request", "the parameters cannot be read", hint="send UTF-8, percent-encoded") from exc
    params: dict[str, str] = {}
    for name, value in pairs:
        if name in params:
            raise refuse("bad-request", f"parameter '{name[:60]}' is given twice", hint="keep one of them")
        params[name] = value
    return params
