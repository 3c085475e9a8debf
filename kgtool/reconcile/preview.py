"""A thing, a type or a property in a few lines of HTML: names, types, a description, no text of an article."""

from __future__ import annotations

from html import escape
from typing import Any

from kgtool.errors import NotFoundError
from kgtool.reconcile.source import Source
from kgtool.reconcile.suggesting import KINDS
from kgtool.table import visible

__all__ = ["flyout", "preview"]


def preview(source: Source, id_: str) -> str:
    """Write the page that a client shows in a frame.

    :raises NotFoundError: if there is no such entity.
    """
    texts = _entity(source, id_)
    title = escape(_title(texts))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n{_body(texts)}</body>\n</html>\n"
    )


def flyout(source: Source, kind: str, id_: str) -> dict[str, str]:
    """Return what is shown beside a suggestion: ``{"id", "html"}``.

    :raises NotFoundError: if there is no such thing.
    """
    if kind == "entity":
        return {"id": id_, "html": _body(_entity(source, id_))}
    if kind not in KINDS:
        raise NotFoundError("no such suggestions", hint=f"there are {', '.join(KINDS)}")
    iri = source.term_iri(id_)
    if iri is None or iri not in (source.types if kind == "type" else source.properties):
        raise _unknown(id_)
    term = source.named(iri, source.names)
    description = source.descriptions([iri]).get(iri, "")
    return {"id": id_, "html": f"<p><strong>{escape(term['name'])}</strong></p>\n<p>{escape(description)}</p>\n"}


def _entity(source: Source, id_: str) -> dict[str, Any]:
    iri = source.iri_of(id_)
    texts = None if iri is None else source.texts(iri)
    if texts is None or not (texts["names"] or texts["types"]):
        raise _unknown(id_)
    return texts


def _title(texts: dict[str, Any]) -> str:
    return str(next(iter(texts["names"].values()), texts["id"]))


def _body(texts: dict[str, Any]) -> str:
    names = [f'<li lang="{escape(tag)}">{escape(name)}</li>' for tag, name in texts["names"].items()]
    types = ", ".join(escape(one["name"]) for one in texts["types"])
    description = f"<p>{escape(texts['description'])}</p>\n" if texts["description"] else ""
    return (
        f"<p><strong>{escape(_title(texts))}</strong></p>\n<ul>{''.join(names)}</ul>\n"
        f"<p>{types}</p>\n{description}<p><code>{escape(texts['id'])}</code></p>\n"
    )


def _unknown(id_: str) -> NotFoundError:
    return NotFoundError(f"there is no '{visible(id_[:100])}'", hint="give an id that this service gave")
