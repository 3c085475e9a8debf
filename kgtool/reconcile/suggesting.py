"""Suggestions while somebody types: of entities, of types, of properties.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#suggest-services
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kgtool.errors import NotFoundError
from kgtool.reconcile.source import Source

__all__ = ["KINDS", "suggest"]

#: Suggestions of an answer, and how many can be skipped.
_PAGE, _FARTHEST = 10, 200


def suggest(source: Source, kind: str, prefix: str, *, cursor: int = 0) -> dict[str, Any]:
    """Suggest what somebody who types a prefix may mean: ``{"result": [{"id", "name", "description", …}]}``.

    :param kind: one of :data:`KINDS`.
    :param cursor: how many suggestions to skip.
    :raises NotFoundError: if there is no such kind.
    """
    if kind not in KINDS:
        raise NotFoundError("no such suggestions", hint=f"there are {', '.join(KINDS)}")
    return {"result": KINDS[kind](source, prefix.strip(), max(0, min(cursor, _FARTHEST)))}


def _entities(source: Source, prefix: str, cursor: int) -> list[dict[str, Any]]:
    iri = source.iri_of(prefix)
    texts = [prefix] if iri is None else [iri, prefix]
    # As many again: terms of vocabularies are left out.
    matches = [one for text in texts for one in source.index.search(text, limit=2 * (cursor + _PAGE))]
    entities = {one.iri: one for one in reversed(matches) if source.is_entity(one.classes)}
    shown = list(reversed(entities.values()))[cursor : cursor + _PAGE]
    descriptions = source.descriptions([one.iri for one in shown])
    return [
        {
            "id": source.id_of(one.iri),
            "name": one.label,
            "description": descriptions.get(one.iri, ""),
            "notable": source.types_of(one.classes),
        }
        for one in shown
    ]


def _types(source: Source, prefix: str, cursor: int) -> list[dict[str, Any]]:
    return _terms(source, source.types, "things", prefix, cursor)


def _properties(source: Source, prefix: str, cursor: int) -> list[dict[str, Any]]:
    return _terms(source, source.properties, "values", prefix, cursor)


def _terms(source: Source, counts: Mapping[str, int], unit: str, prefix: str, cursor: int) -> list[dict[str, Any]]:
    """Suggest terms that are in use: all of them where nothing is typed yet, the commonest first."""
    wanted = prefix.casefold()
    found: dict[str, None] = {}
    if prefix:
        iri = source.term_iri(prefix)
        if iri in counts:
            found[iri or ""] = None
        named = source.index.search(prefix, limit=_FARTHEST, fuzzy=False)
        found.update((one.iri, None) for one in named if one.iri in counts)
    # Terms of other vocabularies may have no label here, only a CURIE.
    for iri in counts:
        shown = source.named(iri, source.names)
        if wanted in shown["id"].casefold() or wanted in shown["name"].casefold():
            found[iri] = None
    return [
        {**source.named(iri, source.names), "description": f"{counts[iri]} {unit}"}
        for iri in list(found)[cursor : cursor + _PAGE]
    ]


#: What can be suggested.
KINDS: dict[str, Callable[[Source, str, int], list[dict[str, Any]]]] = {
    "entity": _entities,
    "property": _properties,
    "type": _types,
}
