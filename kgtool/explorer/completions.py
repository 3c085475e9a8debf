"""What the editor offers while one types: prefixes, classes and properties with their names in Chinese and English."""

from __future__ import annotations

import json
from typing import Any

from kgtool.explorer.visit import Sources
from kgtool.labels import labels_of
from kgtool.namespaces import compress

__all__ = ["completions"]

#: How many classes and properties are offered at most.
_MOST = 2000


def completions(sources: Sources) -> str:
    """Write everything that can be offered as JSON; it is the same for every reader."""
    kept: str = sources.keep("completions", lambda: json.dumps(_completions(sources), ensure_ascii=False))
    return kept


def _completions(sources: Sources) -> dict[str, Any]:
    classes = _names(sources, "SELECT ?one (COUNT(*) AS ?n) WHERE { ?s a ?one } GROUP BY ?one")
    properties = _names(sources, "SELECT ?one (COUNT(*) AS ?n) WHERE { ?s ?one ?o } GROUP BY ?one")
    return {
        "prefixes": dict(sources.prefixes),
        "classes": _described(sources, classes),
        "properties": _described(sources, properties),
    }


def _names(sources: Sources, query: str) -> list[str]:
    rows = sources.store.query(f"{query} ORDER BY DESC(?n) ?one LIMIT {_MOST}").rows()
    return [one.value for one, _ in rows if one is not None]


def _described(sources: Sources, iris: list[str]) -> list[dict[str, str]]:
    chinese = labels_of(sources.store, iris, ("zh-Hans", "zh-Hant", "en"))
    english = labels_of(sources.store, iris, ("en", "zh-Hans", "zh-Hant"))
    return [
        {"code": compress(iri, sources.prefixes), "zh": chinese.get(iri, ""), "en": english.get(iri, "")}
        for iri in iris
    ]
