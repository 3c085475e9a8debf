"""Matches as an answer to people and programs: rows of a table, JSON, and the classes that a search is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kgtool.errors import NotFoundError
from kgtool.namespaces import IP, compress, expand
from kgtool.search.index import Index, Match
from kgtool.sparql import is_iri
from kgtool.table import visible

__all__ = ["COLUMNS", "class_iris", "to_json", "to_rows"]

#: The columns of a table of matches.
COLUMNS = ("label", "class", "name", "kind", "language", "score", "thing")


def class_iris(index: Index, names: Iterable[str], *, prefixes: Mapping[str, str]) -> list[str]:
    """Return the IRIs of classes given as CURIEs, IRIs or labels.

    :raises NotFoundError: if nothing that can be found is of such a class.
    """
    known = index.classes()
    found: list[str] = []
    for name in names:
        bare = name.strip().removeprefix("<").removesuffix(">")
        iri = expand(bare, prefixes) or bare
        meant = [iri] if is_iri(iri) and iri in known else [one for one in index.named(name) if one in known]
        if not meant:
            near = _nearest(bare, [compress(one, prefixes) for one in known])
            raise NotFoundError(f"nothing with a name is a '{visible(name[:60])}'", hint=near)
        found += meant
    return found


def to_json(
    index: Index,
    text: str,
    matches: Sequence[Match],
    *,
    prefixes: Mapping[str, str],
    url_of: Callable[[str], str] | None = None,
) -> dict[str, Any]:
    """Write matches as JSON does: ``{"query", "results": [{"id", "curie", "label", "labels", "name", …}]}``.

    :param url_of: from the IRI of a thing to the address of its page; by default the IRI itself.
    """
    results = [
        {
            "id": match.iri,
            "curie": _curie(match.iri, prefixes),
            "label": match.label,
            "labels": index.labels(match.iri),
            "name": match.name,
            "language": match.language,
            "kind": match.kind,
            "class": _main_class(match, prefixes),
            "classes": [compress(class_, prefixes) for class_ in match.classes],
            "score": match.score,
            "url": match.iri if url_of is None else url_of(match.iri),
        }
        for match in matches
    ]
    return {"query": text, "results": results}


def to_rows(matches: Iterable[Match], *, prefixes: Mapping[str, str]) -> list[list[str]]:
    """Write matches as rows of a table: see :data:`COLUMNS`."""
    return [
        [
            match.label,
            _main_class(match, prefixes) or "",
            match.name,
            match.kind,
            match.language or "",
            f"{match.score:.2f}",
            compress(match.iri, prefixes),
        ]
        for match in matches
    ]


def _curie(iri: str, prefixes: Mapping[str, str]) -> str | None:
    curie = compress(iri, prefixes)
    return None if curie == iri else curie


def _main_class(match: Match, prefixes: Mapping[str, str]) -> str | None:
    """Return the class that says most: one of the ontology's own, if there is one."""
    chosen = min(match.classes, key=lambda one: (not one.startswith(IP), one), default=None)
    return None if chosen is None else compress(chosen, prefixes)


def _nearest(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3, cutoff=0.5) or known[:5]
    return f"there are {', '.join(visible(one) for one in near)}" if near else "nothing has a class"
