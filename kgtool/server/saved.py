"""``/queries/{name}``: a saved query, its parameters in the query string, the format by suffix or ``Accept``."""

from __future__ import annotations

from difflib import get_close_matches
from urllib.parse import parse_qsl

from kgtool.formats import Kind
from kgtool.server.errors import refuse
from kgtool.server.frames import Request
from kgtool.server.negotiation import format_of_suffix, formats_of
from kgtool.server.proof import EVIDENCE, wants_evidence
from kgtool.server.service import ASGISend, Receive, Scope, Service, header, wants_gzip
from kgtool.table import visible

__all__ = ["SavedQueries"]


class SavedQueries:
    """The routes of the saved queries as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: ASGISend) -> None:
        asked = scope["path_params"]["name"]
        name, form = (asked, None) if asked in self._service.served.queries else format_of_suffix(asked)
        query = self._service.served.queries.get(name)
        if query is None:
            raise _unknown(name, list(self._service.served.queries))
        given = _given(scope["query_string"])
        proved = EVIDENCE in given and all(parameter.name != EVIDENCE for parameter in query.parameters)
        evidence = wants_evidence([given.pop(EVIDENCE)] if proved else [])
        request = Request(
            "saved",
            name,
            given,
            format=None if form is None else form.name,
            accept=header(scope, b"accept"),
            gzip=wants_gzip(scope),
            evidence=evidence,
        )
        kind: Kind = "graph" if query.form in ("construct", "describe") else "select"
        others = ", ".join(
            f'</queries/{name}{other.extensions[-1]}>; rel="alternate"; type="{other.media_types[0]}"'
            for other in formats_of(kind)
        )
        await self._service.respond(request, scope, receive, send, headers=[(b"link", others.encode())])


def _given(query_string: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as exc:
        raise refuse("bad-request", "the parameters cannot be read", hint="send UTF-8, percent-encoded") from exc
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise refuse("bad-request", f"parameter '{visible(name[:60])}' is given twice", hint="keep one of them")
        given[name] = value
    return given


def _unknown(name: str, names: list[str]) -> Exception:
    near = get_close_matches(name[:100], names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "/queries lists them"
    problem: Exception = refuse("not-found", f"no saved query '{visible(name[:100])}'", hint=hint)
    return problem
