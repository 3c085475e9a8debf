"""Where things are: their own coordinates, those of what they are linked to, in any graph; what is no place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kgtool.export import export
from kgtool.network import Network, Node, read_network
from kgtool.store import open_store

_PREFIXES = {
    "ex": "https://example.org/",
    "gn": "https://sws.geonames.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
}
_HEAD = """\
@prefix ex: <https://example.org/> .
@prefix gn: <https://sws.geonames.org/> .
@prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix schema: <https://schema.org/> .
@prefix old: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:kunming a schema:Place ; skos:prefLabel "昆明"@zh-Hans .
"""


def _network(text: str, folder: Path) -> Network:
    file = folder / "graph.trig"
    file.write_text(_HEAD + text, encoding="utf-8")
    return read_network(open_store(file), prefixes=_PREFIXES)


def _kunming(text: str, folder: Path) -> Node:
    return next(node for node in _network(text, folder).nodes() if node.id == "ex:kunming")


def _place(node: Node) -> tuple[Any, ...]:
    return node.longitude, node.latitude, node.place_of, node.place_by, node.place_in


@pytest.mark.parametrize(
    "own",
    [
        'ex:kunming wgs:lat "25.04" ; wgs:long "102.71" .',
        "ex:kunming schema:latitude 25.04 ; schema:longitude 102.71 .",
        "ex:kunming old:latitude 25.04e0 ; old:longitude 102.71e0 .",
        'ex:kunming geo:asWKT "POINT(102.71 25.04)"^^geo:wktLiteral .',
        'ex:kunming geo:asWKT " point z ( 102.71  25.04 1890 ) "^^geo:wktLiteral .',
        'ex:kunming geo:asWKT "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(102.71 25.04)"^^geo:wktLiteral .',
        'ex:kunming geo:asWKT "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(25.04 102.71)"^^geo:wktLiteral .',
        'ex:kunming wdt:P625 "Point(102.71 25.04)"^^geo:wktLiteral .',
        'ex:kunming geo:hasGeometry [ geo:asWKT "POINT(102.71 25.04)"^^geo:wktLiteral ] .',
        "ex:kunming schema:geo ex:point . ex:point schema:latitude 25.04 ; schema:longitude 102.71 .",
        'ex:kunming wgs:lat "north", "25.04" ; wgs:long "102.71", "180.1" .',
    ],
)
def test_a_thing_is_at_its_own_coordinates(own: str, tmp_path: Path) -> None:
    assert _place(_kunming(own, tmp_path)) == (102.71, 25.04, "", "", "")


@pytest.mark.parametrize(
    "none",
    [
        'ex:kunming wgs:lat "NaN"^^xsd:double ; wgs:long "102.71" .',
        'ex:kunming wgs:lat "INF"^^xsd:double ; wgs:long "102.71" .',
        'ex:kunming wgs:lat "90.5" ; wgs:long "102.71" .',
        'ex:kunming wgs:lat "25.04" ; wgs:long "1_0" .',
        'ex:kunming wgs:lat "25.04" ; wgs:long "１０２" .',
        'ex:kunming wgs:lat "25.04" .',
        'ex:kunming wgs:lat "25.04" ; schema:longitude 102.71 .',
        'ex:kunming geo:asWKT "POINT EMPTY"^^geo:wktLiteral .',
        'ex:kunming geo:asWKT "POLYGON((1 2, 3 4, 5 6, 1 2))"^^geo:wktLiteral .',
        'ex:kunming geo:asWKT "<http://www.opengis.net/def/crs/EPSG/0/4479> POINT(1 2)"^^geo:wktLiteral .',
        'ex:kunming wdt:P625 "<http://www.wikidata.org/entity/Q405> Point(1 2)"^^geo:wktLiteral .',
        'ex:kunming skos:broadMatch gn:1 . gn:1 wgs:lat "25.04" ; wgs:long "102.71" .',
    ],
)
def test_what_is_no_point_on_earth_is_no_place(none: str, tmp_path: Path) -> None:
    assert _place(_kunming(none, tmp_path)) == (None, None, "", "", "")


@pytest.mark.parametrize("link", ["skos:exactMatch", "owl:sameAs", "skos:closeMatch"])
@pytest.mark.parametrize("back", [False, True])
def test_a_thing_is_where_what_it_is_linked_to_is_and_says_so(link: str, back: bool, tmp_path: Path) -> None:
    told = f"gn:1 {link} ex:kunming ." if back else f"ex:kunming {link} gn:1 ."
    node = _kunming(told + 'gn:1 wgs:lat "25.04" ; wgs:long "102.71" .', tmp_path)
    assert _place(node) == (102.71, 25.04, "gn:1", link, "")


def test_links_and_coordinates_may_stand_in_named_graphs(tmp_path: Path) -> None:
    text = """
GRAPH ex:links { ex:kunming skos:exactMatch gn:1 }
GRAPH ex:gazetteer { gn:1 wgs:lat "25.04" ; wgs:long "102.71" }
"""
    assert _place(_kunming(text, tmp_path)) == (
        102.71,
        25.04,
        "gn:1",
        "skos:exactMatch",
        "https://example.org/gazetteer",
    )


def test_latitude_and_longitude_are_of_one_source(tmp_path: Path) -> None:
    text = """
ex:kunming wgs:lat "1", "25.04" ; wgs:long "2", "102.71" .
GRAPH ex:a { ex:kunming wgs:lat "25.04" ; wgs:long "102.71" }
GRAPH ex:b { ex:kunming wgs:lat "1" ; wgs:long "2" }
"""
    assert _place(_kunming(text, tmp_path)) == (102.71, 25.04, "", "", "https://example.org/a")


@pytest.mark.parametrize(
    ("links", "of", "by"),
    [
        ("owl:sameAs gn:2 ; skos:exactMatch gn:3", "gn:3", "skos:exactMatch"),
        ("skos:closeMatch gn:2 ; owl:sameAs gn:3", "gn:3", "owl:sameAs"),
        ("skos:exactMatch gn:2, gn:3", "gn:2", "skos:exactMatch"),
        ("skos:exactMatch gn:1 ; skos:closeMatch gn:3", "gn:3", "skos:closeMatch"),
    ],
)
def test_the_closest_link_to_something_with_coordinates_wins(links: str, of: str, by: str, tmp_path: Path) -> None:
    both = 'gn:2 wgs:lat "2" ; wgs:long "2" . gn:3 wgs:lat "3" ; wgs:long "3" .'
    node = _kunming(f"ex:kunming {links} . {both}", tmp_path)
    assert (node.place_of, node.place_by) == (of, by)


def test_own_coordinates_win_over_those_of_links(tmp_path: Path) -> None:
    own = "ex:kunming schema:latitude 25.04 ; schema:longitude 102.71 ; skos:exactMatch gn:1 ."
    node = _kunming(own + 'gn:1 wgs:lat "1" ; wgs:long "1" .', tmp_path)
    assert _place(node) == (102.71, 25.04, "", "", "")


def test_geojson_states_relation_and_source(tmp_path: Path) -> None:
    network = _network(
        """
GRAPH ex:links { ex:kunming skos:closeMatch gn:1 }
GRAPH ex:gazetteer { gn:1 wgs:lat "25.04" ; wgs:long "102.71" }
""",
        tmp_path,
    )
    export(network, "geojson", tmp_path / "a.geojson")
    (feature,) = json.loads((tmp_path / "a.geojson").read_bytes())["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [102.71, 25.04]}
    assert {name: value for name, value in feature["properties"].items() if name.startswith("coord")} == {
        "coordinatesOf": "gn:1",
        "coordinatesBy": "skos:closeMatch",
        "coordinatesIn": "https://example.org/gazetteer",
    }
