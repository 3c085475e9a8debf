"""Records from dumps: GeoNames' tables of places, Wikidata's entities as JSON lines.

https://download.geonames.org/export/dump/readme.txt · https://www.wikidata.org/wiki/Wikidata:Database_download
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kgtool.link.enrich.dumps import opened, read_entities, read_place
from kgtool.link.enrich.wikidata import CODES, ENTITY, best, is_item, texts
from kgtool.link.suggest.records import Code, Name, Record
from kgtool.linksets.targets import AREA, FACILITY, ORGANISATION, SETTLEMENT, ZONE

__all__ = ["GeonamesSource", "WikidataSource"]

#: Classes of GeoNames' features, and those of single ones that are of another kind.
_FEATURES = {"A": AREA, "P": SETTLEMENT, "S": FACILITY, "R": FACILITY}
_ZONES = frozenset(("L.INDS", "L.ECON", "L.FTZ", "L.PRK", "S.INDS"))
_PLACES = "https://sws.geonames.org/"


class GeonamesSource:
    """A table of GeoNames: ``CN.txt``, ``allCountries.txt``, or one of them in a zip."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.name = file.name

    def records(self) -> Iterator[Record]:
        """Walk over the places; the areas they lie in are those of the table itself."""
        areas: dict[tuple[str, ...], str] = {}
        for cells in self._rows():
            if cells[6] == "A" and cells[7] in {"ADM1", "ADM2", "ADM3"}:
                areas[_codes(cells)[: int(cells[7][3]) + 1]] = cells[1]
        for cells in self._rows():
            own = _codes(cells)
            if cells[7] in {"ADM1", "ADM2", "ADM3"}:
                own = own[: int(cells[7][3])]
            parents = [areas[own[:level]] for level in range(len(own), 1, -1) if own[:level] in areas]
            aliases = [Name(one, alias=True) for one in (cells[2], *cells[3].split(",")) if one]
            feature = f"{cells[6]}.{cells[7]}"
            kind = ZONE if feature in _ZONES else _FEATURES.get(cells[6], "")
            yield Record(f"{_PLACES}{cells[0]}/", (Name(cells[1]), *aliases), tuple(parents), cells[8], kind)

    def _rows(self) -> Iterator[list[str]]:
        with opened(self._file) as stream:
            for number, line in enumerate(stream, start=1):
                yield read_place(line, file=self._file, number=number)


def _codes(cells: list[str]) -> tuple[str, ...]:
    """Return country and codes of the areas a place lies in, the widest first, as far as they are known."""
    known = [cells[8]]
    for code in cells[10:13]:
        if not code or code == "00":
            break
        known.append(code)
    return tuple(known)


#: Classes of Wikidata that say what kind of thing it is; what is of others is of no known kind.
_KINDS = {
    **dict.fromkeys(("Q6256", "Q3624078", "Q1615742", "Q748149", "Q515", "Q748198"), AREA),
    **dict.fromkeys(("Q486972", "Q3957", "Q532"), SETTLEMENT),
    **dict.fromkeys(("Q3918", "Q4830453", "Q783794", "Q43229", "Q891723"), ORGANISATION),
    **dict.fromkeys(("Q55488", "Q1248784"), FACILITY),
}
#: Names of an entity that are looked at: Chinese in any script, those of all languages, English.
_LANGUAGES = ("zh-hans", "zh-cn", "zh", "zh-hant", "zh-tw", "zh-hk", "mul", "en")
_WITHIN, _COUNTRY, _INSTANCE = "P131", "P17", "P31"
_DEEPEST = 8


class WikidataSource:
    """Entities as JSON lines, or as a dump has them: an array with one entity per line."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.name = file.name

    def records(self) -> Iterator[Record]:
        """Walk over the entities; those that others lie in are found by walking over them twice before."""
        above = {one for entity in self._entities() for one in (*_items(entity, _WITHIN), *_items(entity, _COUNTRY))}
        places = {
            str(entity["id"]): (_label(entity), next(iter(_items(entity, _WITHIN)), ""))
            for entity in self._entities()
            if entity["id"] in above
        }
        for entity in self._entities():
            names = _names(entity)
            if names:
                yield Record(
                    ENTITY + str(entity["id"]),
                    names,
                    tuple(_ancestors(entity, places)),
                    next((places[one][0] for one in _items(entity, _COUNTRY) if one in places), ""),
                    next((_KINDS[one] for one in _items(entity, _INSTANCE) if one in _KINDS), ""),
                    tuple(_other_codes(entity)),
                )

    def _entities(self) -> Iterator[dict[str, Any]]:
        return (entity for entity in read_entities(self._file) if is_item(entity["id"]))


def _items(entity: Mapping[str, Any], property_: str) -> list[str]:
    """Return the items that an entity has as best values of a property."""
    values = best((entity.get("claims") or {}).get(property_, ()))
    return [str(value["id"]) for value in values if isinstance(value, dict) and is_item(str(value.get("id")))]


def _names(entity: Mapping[str, Any]) -> tuple[Name, ...]:
    labels = texts(entity.get("labels"))
    found = [Name(labels[tag]) for tag in _LANGUAGES if labels.get(tag)]
    stated = entity.get("aliases")
    aliases: dict[str, Any] = stated if isinstance(stated, dict) else {}
    for tag in _LANGUAGES:
        found += [Name(str(one["value"]), alias=True) for one in aliases.get(tag) or () if one.get("value")]
    return tuple(dict.fromkeys(found))


def _label(entity: Mapping[str, Any]) -> str:
    return next((name.text for name in _names(entity)), "")


def _ancestors(entity: Mapping[str, Any], places: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Walk over the names of what an entity lies in; the country is no area of it."""
    countries = set(_items(entity, _COUNTRY))
    step = next(iter(_items(entity, _WITHIN)), "")
    for _ in range(_DEEPEST):
        if step not in places or step in countries:
            return
        name, step = places[step]
        if name:
            yield name


def _other_codes(entity: Mapping[str, Any]) -> Iterator[Code]:
    claims = entity.get("claims") or {}
    for property_, scheme in CODES.items():
        for value in best(claims.get(property_, ())):
            if isinstance(value, str):
                yield Code(scheme, value.strip("/"))
