"""What is taken over of a Wikidata entity: names, description, place, codes; from its JSON or from its triples.

https://www.wikidata.org/wiki/Wikidata:Database_download#JSON_dumps_(recommended) ·
https://www.mediawiki.org/wiki/Wikibase/DataModel/JSON
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kgtool.link.enrich.records import Statement, names, place
from kgtool.namespaces import DCTERMS, OWL, SCHEMA, XSD
from kgtool.terms import IRI, Literal

__all__ = ["CODES", "DIRECT", "ENTITY", "PROPERTIES", "best", "entity_statements", "is_item", "texts"]

#: Where entities and their best values are.
ENTITY = "http://www.wikidata.org/entity/"
DIRECT = "http://www.wikidata.org/prop/direct/"

#: Properties that hold codes of other schemes, with the target whose codes they are.
CODES = {
    "P297": "iso3166-1",
    "P300": "iso3166-2",
    "P442": "gbt2260",
    "P1566": "geonames",
    "P402": "osm",
    "P2427": "grid",
    "P6782": "ror",
    "P244": "loc-names",
    "P5437": "eurovoc",
}
#: Instance of, and the place.
_INSTANCE, _PLACE = "P31", "P625"
#: Every property that is looked at.
PROPERTIES = (_INSTANCE, _PLACE, *CODES)

_EARTH = ENTITY + "Q2"
_ITEM = re.compile(r"Q[1-9]\d*")
_RANKS = {"preferred": 2, "normal": 1, "deprecated": 0}


def is_item(text: str) -> bool:
    """Tell whether a text is the id of an item.

    >>> is_item("Q148"), is_item("P31")
    (True, False)
    """
    return _ITEM.fullmatch(text) is not None


def entity_statements(asked: str, entity: Mapping[str, Any]) -> list[Statement]:
    """Return what is taken over of an entity.

    :param asked: the id it was asked by: another one where two entities were made one.
    :param entity: its JSON; ``missing`` is in it where there is none.
    """
    if "missing" in entity:
        return [Statement(ENTITY + asked, OWL + "deprecated", Literal("true", None, XSD + "boolean"))]
    id_ = str(entity.get("id", asked))
    this = ENTITY + id_
    statements = [] if id_ == asked else [Statement(ENTITY + asked, DCTERMS + "isReplacedBy", IRI(this))]
    statements += names(this, texts(entity.get("labels")))
    for tag, text in texts(entity.get("descriptions")).items():
        if tag in {"zh", "zh-hans", "zh-hant", "en"}:
            statements.append(Statement(this, SCHEMA + "description", Literal(text, tag)))
    claims = entity.get("claims") or {}
    for value in best(claims.get(_PLACE, ())):
        if isinstance(value, dict) and value.get("globe", _EARTH) == _EARTH:
            statements += place(this, value.get("latitude"), value.get("longitude"))
            break
    for value in best(claims.get(_INSTANCE, ())):
        if isinstance(value, dict) and is_item(str(value.get("id"))):
            statements.append(Statement(this, DIRECT + _INSTANCE, IRI(ENTITY + str(value["id"]))))
    for code in CODES:
        for value in best(claims.get(code, ())):
            if isinstance(value, str):
                statements.append(Statement(this, DIRECT + code, Literal(value)))
    return statements


def texts(given: object) -> dict[str, str]:
    """Return labels or descriptions by language; an empty map is written as a list by PHP."""
    if not isinstance(given, dict):
        return {}
    return {
        tag: str(one["value"])
        for tag, one in given.items()
        if isinstance(one, dict) and isinstance(one.get("value"), str)
    }


def best(claims: Iterable[Any]) -> Iterator[object]:
    """Walk over the values of the best rank, as Wikidata's own ``wdt:`` properties do."""
    ranked = [
        (_RANKS.get(str(claim.get("rank", "normal")), 1), claim["mainsnak"]["datavalue"]["value"])
        for claim in claims
        if isinstance(claim, dict) and "datavalue" in (claim.get("mainsnak") or {})
    ]
    best = max((rank for rank, _ in ranked), default=0)
    if best:
        yield from (value for rank, value in ranked if rank == best)
