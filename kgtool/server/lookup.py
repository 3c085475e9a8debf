"""``/search?q=``: things by their names, for search boxes that suggest while one types, and for programs."""

from __future__ import annotations

from urllib.parse import parse_qsl

from kgtool.formats import Format
from kgtool.server.errors import refuse
from kgtool.server.frames import Request
from kgtool.server.negotiation import choose
from kgtool.server.service import ASGISend, Receive, Scope, Service, header, root_of, wants_gzip
from kgtool.table import visible

__all__ = ["DEFAULT_LIMIT", "LONGEST", "MOST", "Search"]

#: Characters of a question, matches of an answer, and matches unless asked for otherwise.
LONGEST, MOST, DEFAULT_LIMIT = 200, 100, 10

#: What may be given more than once, and what only once.
_SEVERAL = ("class", "lang", "kind")
_ONCE = ("q", "limit", "fuzzy")

#: How many classes, languages or kinds one question may name.
_MOST_FIELDS = 50

_JSON = Format("json", ("application/json",), (".json",), frozenset({"select"}))


class Search:
    """The route as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        given = _given(scope["query_string"])
        choose(header(scope, b"accept"), (_JSON,))
        text = given.pop("q")
        request = Request(
            "search",
            text,
            {**given, "root": root_of(scope)},
            accept=_JSON.media_types[0],
            gzip=wants_gzip(scope),
        )
        await self._service.respond(request, scope, receive, send)


def _given(query_string: bytes) -> dict[str, str]:
    """Read the parameters; several values of one are joined by line feeds."""
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as exc:
        hint = f"send UTF-8, percent-encoded, and at most {_MOST_FIELDS} fields"
        raise refuse("bad-request", "the parameters cannot be read", hint=hint) from exc
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in _ONCE and name in given:
            raise refuse("bad-request", f"parameter '{name}' is given twice", hint="keep one of them")
        if name not in _ONCE and name not in _SEVERAL:
            known = ", ".join((*_ONCE, *_SEVERAL))
            raise refuse("bad-request", f"no parameter '{visible(name[:60])}'", hint=f"there are {known}")
        given[name] = f"{given[name]}\n{value}" if name in given else value
    _check(given)
    return given


def _check(given: dict[str, str]) -> None:
    if not given.get("q", "").strip():
        raise refuse("bad-request", "nothing to search for", hint="give q=…")
    if len(given["q"]) > LONGEST:
        raise refuse("bad-request", f"q has more than {LONGEST} characters", hint="search for less at once")
    limit = given.setdefault("limit", str(DEFAULT_LIMIT))
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= MOST):
        raise refuse("bad-request", f"limit '{visible(limit[:20])}' is not one", hint=f"limit is 1 to {MOST}")
    if given.setdefault("fuzzy", "1") not in ("0", "1"):
        raise refuse("bad-request", f"fuzzy '{visible(given['fuzzy'][:20])}' is neither", hint="fuzzy is 0 or 1")
