"""Data extension: what the graph knows of things that were reconciled, as columns for a table.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#data-extension-service
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from kgtool.labels import labels_of, languages_for
from kgtool.namespaces import RDF, RDFS, XSD
from kgtool.reconcile.asked import Extension, Wanted
from kgtool.reconcile.source import Source
from kgtool.sparql import values
from kgtool.terms import IRI, Literal, Term

__all__ = ["extend", "propose_properties"]

_INTEGERS = frozenset(
    XSD + one
    for one in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    )
)
_NUMBERS = frozenset(XSD + one for one in ("decimal", "double", "float"))
_BOOLEAN = XSD + "boolean"
_DATES = frozenset((XSD + "date", XSD + "dateTime", XSD + "dateTimeStamp"))
#: The dates that the protocol can carry: with a time.
_DATE = re.compile(
    r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
    r"(?:T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?",
    re.ASCII,
)
#: The longest integer that is one: other clients read no longer ones.
_MOST_DIGITS = 15

#: Properties that are proposed unless asked for otherwise, and the most.
_PROPOSED, _MOST_PROPOSED = 20, 200


def extend(source: Source, wanted: Extension) -> dict[str, Any]:
    """Answer what a table is to be extended by: ``{"meta": [{"id", "name"}], "rows": {id: {property: [value]}}}``.

    What is not known has no values: every thing and every property asked for is there.
    """
    things = {id_: source.iri_of(id_) for id_ in wanted.ids}
    properties = {one.property: source.term_iri(one.property) for one in wanted.properties}
    there = _values(source, things, properties)
    links = {value.value for found in there.values() for value in found if isinstance(value, IRI)}
    labels = labels_of(source.store, links, languages_for(None))
    names = source.names
    rows = {
        id_: {
            one.property: _cells(source, one, there.get((iri, properties[one.property]), []), labels)
            for one in wanted.properties
        }
        for id_, iri in things.items()
    }
    meta = [
        {"id": one.property, "name": names.get(properties[one.property] or "") or one.property}
        for one in wanted.properties
    ]
    return {"meta": meta, "rows": rows}


def propose_properties(source: Source, type_: str, *, limit: int | None = None) -> dict[str, Any]:
    """Propose the properties that things of a type have, the commonest first: ``{"type", "limit", "properties"}``.

    :param type_: its identifier; of an empty one, the properties of all entities.
    """
    most = min(_PROPOSED if limit is None else limit, _MOST_PROPOSED)
    if type_:
        iri = source.term_iri(type_)
        query = (
            f"SELECT ?p (COUNT(*) AS ?n) {{ {{ SELECT DISTINCT ?thing {{ ?thing a/<{RDFS}subClassOf>* ?type }} }} "
            "?thing ?p ?value } GROUP BY ?p"
        )
        counts = source.counted(query, {"type": IRI(iri)}) if iri else {}
    else:
        counts = source.properties
    proposed = [source.named(one, source.names) for one in counts if one != RDF + "type"][:most]
    return {"type": type_, "limit": most, "properties": proposed}


def _values(
    source: Source, things: Mapping[str, str | None], properties: Mapping[str, str | None]
) -> dict[tuple[str | None, str | None], list[Term]]:
    given = values(["thing"], [[IRI(iri)] for iri in dict.fromkeys(things.values()) if iri])
    asked = values(["p"], [[IRI(iri)] for iri in dict.fromkeys(properties.values()) if iri])
    found: dict[tuple[str | None, str | None], list[Term]] = {}
    query = f"SELECT DISTINCT ?thing ?p ?value {{ {given} {asked} ?thing ?p ?value }}"
    for thing, p, value in source.store.query(query).rows():
        if isinstance(thing, IRI) and isinstance(p, IRI) and isinstance(value, IRI | Literal):
            found.setdefault((thing.value, p.value), []).append(value)
    for several in found.values():
        several.sort(key=lambda value: (value.value, str(value)))
    return found


def _cells(source: Source, wanted: Wanted, found: list[Term], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    cells = [_cell(source, value, labels) for value in found if _is_in(value, wanted.language)]
    return cells[: wanted.limit] if wanted.limit else cells


def _is_in(value: Term, language: str) -> bool:
    """Say whether a value is in a language, or in none."""
    tag = value.language if isinstance(value, Literal) else None
    return not (language and tag) or str(tag).lower() == language


def _cell(source: Source, value: Term, labels: Mapping[str, str]) -> dict[str, Any]:
    """Write a value as the protocol has it: by its datatype, and as a text where that cannot be."""
    if isinstance(value, IRI):
        id_ = source.id_of(value.value)
        return {"id": id_, "name": labels.get(value.value) or id_}
    text, datatype = value.value, getattr(value, "datatype", None)
    if datatype in _INTEGERS and re.fullmatch(r"[+-]?\d+", text, re.ASCII) and len(text) <= _MOST_DIGITS:
        return {"int": int(text)}
    if datatype in _NUMBERS and math.isfinite(number := _float(text)):
        return {"float": number}
    if datatype == _BOOLEAN and text in ("true", "false", "1", "0"):
        return {"bool": text in ("true", "1")}
    if datatype in _DATES and (parts := _DATE.fullmatch(text)):
        return {"date": f"{parts[1]}T{parts[2] or '00:00:00'}{parts[3] or 'Z'}"}
    return {"str": text}


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
