"""Where things are: coordinates of their own, or of what they are linked to, in whichever graph these stand.

https://www.w3.org/2003/01/geo/ · https://www.ogc.org/standards/geosparql/ · https://schema.org/GeoCoordinates
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kgtool.namespaces import OWL, SCHEMA, SKOS
from kgtool.network.copying import Copy
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Literal

__all__ = ["Place", "find_place", "read_places"]

_WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_GEOSPARQL = "http://www.opengis.net/ont/geosparql#"
_OLD_SCHEMA = "http://schema.org/"

#: Pairs of numbers: longitude, then latitude.
_PAIRS = (
    (_WGS84 + "long", _WGS84 + "lat"),
    (SCHEMA + "longitude", SCHEMA + "latitude"),
    (_OLD_SCHEMA + "longitude", _OLD_SCHEMA + "latitude"),
)
#: Points in well-known text.
_POINTS = (_GEOSPARQL + "asWKT", "http://www.wikidata.org/prop/direct/P625")
#: From a thing to a node that has the coordinates.
_GEOMETRIES = (
    *(_GEOSPARQL + name for name in ("hasDefaultGeometry", "defaultGeometry", "hasGeometry")),
    SCHEMA + "geo",
    _OLD_SCHEMA + "geo",
)
#: Links to what may stand for a thing on a map, the best first. The last says that it is near the same, not the same.
_LINKS = (SKOS + "exactMatch", OWL + "sameAs", SCHEMA + "sameAs", SKOS + "closeMatch")

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_IS_NUMBER = re.compile(_NUMBER, re.ASCII)
_POINT = re.compile(
    rf"\s*(?:<(?P<system>[^<>]*)>)?\s*POINT\s*(?:Z|M|ZM)?\s*\(\s*({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER}){{0,2}}\s*\)\s*",
    re.ASCII | re.IGNORECASE,
)
#: Systems of coordinates by the end of their names: whether latitude comes first.
_SYSTEMS = {"CRS84": False, "4326": True}

_TABLES = """
CREATE TABLE coordinate (s TEXT, g TEXT, node TEXT, p TEXT, value TEXT);
CREATE TABLE point (s TEXT PRIMARY KEY, longitude REAL, latitude REAL, g TEXT) WITHOUT ROWID;
CREATE TABLE same (s TEXT, rank INTEGER, o TEXT, PRIMARY KEY (s, rank, o)) WITHOUT ROWID;
"""


class Place(NamedTuple):
    """Coordinates, and whose they are."""

    longitude: float
    latitude: float
    #: The thing that has them, and how the one that was asked for is linked to it: CURIEs; nothing for its own.
    of: str = ""
    by: str = ""
    #: The IRI of the named graph they stand in; nothing for the default graph.
    graph: str = ""


def read_places(store: Store, copy: Copy) -> None:
    """Fill the copy's tables of places. A named graph's coordinates are taken rather than the default graph's."""
    copy.database.executescript(_TABLES)
    copy.insert("coordinate", _coordinates(store, copy), columns=5)
    copy.insert("point", _points(copy), columns=4)
    if copy.rows("SELECT 1 FROM point LIMIT 1").fetchone():
        copy.insert("same", _same(store, copy), columns=3)


def find_place(copy: Copy, thing: str) -> Place | None:
    """Return where a thing is: by its own coordinates, else by those of what it is linked to.

    :param thing: its CURIE.
    """
    columns = "longitude, latitude, point.s, g"
    own = copy.rows(f"SELECT {columns} FROM point WHERE s = ?", (thing,)).fetchone()  # noqa: S608 (own words)
    if own:
        return Place(own[0], own[1], graph=own[3])
    linked = copy.rows(
        f"SELECT {columns}, rank FROM same JOIN point ON point.s = same.o"  # noqa: S608 (own words)
        " WHERE same.s = ? ORDER BY rank, same.o LIMIT 1",
        (thing,),
    ).fetchone()
    if linked is None:
        return None
    longitude, latitude, of, graph, rank = linked
    return Place(longitude, latitude, of, copy.short(_LINKS[rank]), graph)


def _coordinates(store: Store, copy: Copy) -> Iterator[tuple[str, ...]]:
    """Walk over what is written of coordinates: of what, in which graph, at which node, by which property, what."""
    wanted = _listed("p", (*(one for pair in _PAIRS for one in pair), *_POINTS))
    direct = f"{wanted} ?s ?p ?value"
    nested = f"{_listed('geometry', _GEOMETRIES)} ?s ?geometry ?node . {wanted} ?node ?p ?value"
    for pattern in (direct, nested):
        for s, p, value, g, node in store.query(_everywhere("?s ?p ?value ?g ?node", pattern)).rows():
            if isinstance(s, IRI) and isinstance(p, IRI) and isinstance(value, Literal):
                name = node.value if isinstance(node, IRI | BlankNode) else ""
                yield copy.short(s.value), g.value if isinstance(g, IRI) else "", name, p.value, value.value


def _points(copy: Copy) -> Iterator[tuple[str, float, float, str]]:
    """Choose one point for every thing that has coordinates."""
    rows = copy.rows("SELECT s, g, node, p, value FROM coordinate ORDER BY s, g = '', g, node, p, value")
    for s, written in groupby(rows, key=itemgetter(0)):
        for (g, _), group in groupby(written, key=itemgetter(1, 2)):
            values: dict[str, list[str]] = {}
            for *_, p, value in group:
                values.setdefault(p, []).append(value)
            point = _point(values)
            if point:
                yield s, *point, g
                break


def _point(values: dict[str, list[str]]) -> tuple[float, float] | None:
    pairs = [(x, y) for xs, ys in _PAIRS for x in values.get(xs, ()) for y in values.get(ys, ())]
    points = [_read_point(text) for property_ in _POINTS for text in values.get(property_, ())]
    return next((found for pair in (*pairs, *points) if pair and (found := _on_earth(*pair))), None)


def _read_point(text: str) -> tuple[str, str] | None:
    """Read a point in well-known text: longitude and latitude, whichever comes first in its system.

    >>> _read_point("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(25.04 102.71)")
    ('102.71', '25.04')
    """
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    system = re.split(r"[/:]", match["system"] or "CRS84")[-1]
    if system not in _SYSTEMS:
        return None
    return (match[3], match[2]) if _SYSTEMS[system] else (match[2], match[3])


def _on_earth(longitude: str, latitude: str) -> tuple[float, float] | None:
    if not (_IS_NUMBER.fullmatch(longitude.strip()) and _IS_NUMBER.fullmatch(latitude.strip())):
        return None
    x, y = float(longitude), float(latitude)
    return (x, y) if -180 <= x <= 180 and -90 <= y <= 90 else None


def _same(store: Store, copy: Copy) -> Iterator[tuple[str, int, str]]:
    """Walk over the links, in both directions, that lead to something with coordinates."""
    ranks = {iri: rank for rank, iri in enumerate(_LINKS)}
    query = _everywhere("?s ?link ?o", f"{_listed('link', _LINKS)} ?s ?link ?o FILTER(isIRI(?s) && isIRI(?o))")
    for s, link, o in store.query(query).rows():
        assert s is not None
        assert link is not None
        assert o is not None
        for one, other in ((s.value, o.value), (o.value, s.value)):
            short = copy.short(other)
            if copy.rows("SELECT 1 FROM point WHERE s = ?", (short,)).fetchone():
                yield copy.short(one), ranks[link.value], short


def _everywhere(columns: str, pattern: str) -> str:
    return f"SELECT DISTINCT {columns} {{ {{ {pattern} }} UNION {{ GRAPH ?g {{ {pattern} }} }} }}"


def _listed(variable: str, iris: tuple[str, ...]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(f'<{iri}>' for iri in iris)} }}"
