"""What a page of a site needs to run its query in the browser: where the engine is, how values get in, its words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from gettext import NullTranslations
from typing import Any, Protocol

from kgtool import sparql
from kgtool.explorer.assets import read_assets
from kgtool.explorer.details import IN_BROWSER
from kgtool.explorer.links import Links
from kgtool.explorer.visit import Sources, Visit
from kgtool.explorer.words import message, named_in, words_in
from kgtool.queries.choices import Choice
from kgtool.queries.parameters import term_of
from kgtool.queries.saved import Parameter, SavedQuery
from kgtool.terms import IRI, XSD_STRING, n3

__all__ = ["Field", "running"]


class Field(Protocol):
    """A parameter in a form, as :mod:`kgtool.explorer.asking` has it."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def choices(self) -> tuple[Choice, ...]: ...


#: What the page says while it runs a query, and of what comes out; ``web/src/query.js`` shows them.
_WORDS = {
    "press": message("Press the button above to ask with these values."),
    "loading": message("The engine and the data are being fetched …"),
    "asking": message("The query is being answered …"),
    "stop": message("Stop"),
    "wrong": message("This cannot be answered"),
    "place": message("line %(line)s, column %(column)s"),
    "yes": message("Yes"),
    "no": message("No"),
    "empty": message("There is no answer to this in the graph: it says nothing that fits."),
    "cut": message("the first %(num)s are shown, the files below have all"),
    "answer": message("Answer"),
    "open": message("Open in the editor"),
    "link": message("Link to this answer"),
}

#: The columns of a graph's answer.
_TRIPLE = ("subject", "predicate", "object")


def running(
    sources: Sources, visit: Visit, query: SavedQuery | None = None, fields: Sequence[Field] = ()
) -> dict[str, Any] | None:
    """Return what ``<kg-query>`` is set up with; ``None`` where a server answers queries, or nothing can be chosen.

    :param query: a saved query with its form's fields; without one it is the reader's own.
    """
    if visit.site is None or (query is not None and not query.parameters):
        return None
    links, names, words = Links.of(sources.base, visit), read_assets().names, words_in(visit.language)
    mentioned = sorted(sparql.variables(query.text)) if query else []
    said = {name: words.gettext(text) for name, text in (_WORDS | IN_BROWSER).items()}
    said |= {name: words.ngettext("%(num)s row", "%(num)s rows", num) for name, num in (("row", 1), ("rows", 2))}
    return {
        "engine": links.static(names["engine.js"]),
        "wasm": links.static(names["engine.wasm"]),
        "data": links.file("/data.nq"),
        "pages": links.file("/pages.json"),
        "root": visit.site.root,
        "editor": links.page("/sparql") if query else None,
        "name": query.name if query else "answer",
        "languages": visit.languages,
        "query": _query(sources, query, fields, words) if query else None,
        "columns": {name: named_in(words, name) for name in (*mentioned, *_TRIPLE)} if query else {},
        "words": said,
    }


def _query(sources: Sources, query: SavedQuery, fields: Sequence[Field], words: NullTranslations) -> dict[str, Any]:
    """Cut a query's text where values belong: every second piece is the name of the parameter whose value goes there.

    A value is bound as a server binds it; here a marker is, and the block around it is where the text is cut.
    """
    text, blocks = query.text, {}
    for parameter in query.parameters:
        marker = IRI(f"urn:x-kgtool:{hashlib.sha256(f'{parameter.name} {query.text}'.encode()).hexdigest()}")
        text = sparql.bind(text, {parameter.variable: marker})
        blocks[sparql.values([parameter.variable], [[marker]])] = parameter.name
    pieces = re.split("|".join(f"({re.escape(block)})" for block in blocks), text)
    return {
        "pieces": [blocks.get(piece, piece) for piece in pieces if piece is not None],
        "fields": {
            parameter.name: _field(sources, query, parameter, field, words)
            for parameter, field in zip(query.parameters, fields, strict=True)
        },
    }


def _field(
    sources: Sources, query: SavedQuery, parameter: Parameter, field: Field, words: NullTranslations
) -> dict[str, Any]:
    """Say what a value of a parameter can be; the choices that there are as terms, and nothing else then."""
    terms = sources.keep(f"terms {query.name} {parameter.name}", lambda: _terms(sources, parameter, field.choices))
    return {
        "label": named_in(words, parameter.name),
        "variable": parameter.variable,
        "kind": parameter.type,
        "required": parameter.required,
        "default": field.value or None,
        "terms": terms if field.choices else None,
        "language": parameter.language,
        "datatype": parameter.datatype if parameter.datatype != XSD_STRING else None,
    }


def _terms(sources: Sources, parameter: Parameter, choices: Sequence[Choice]) -> dict[str, str]:
    return {one.value: n3(term_of(sources.store, parameter, one.value, sources.prefixes)) for one in choices}
