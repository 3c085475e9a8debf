"""JSON-LD, read by three processors: the same triples as every other format, short names, a tree where it is framed."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from pyld import jsonld
from rdflib.compare import isomorphic

from kgtool.export import exporter_named, write_export
from kgtool.network import Network, read_network
from kgtool.store import open_store

_HEAD = """\
@prefix ex: <https://example.org/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
_PREFIXES = dict(re.findall(r"@prefix (\w+): <(.*?)>", _HEAD))


def _written(network: Network, name: str, variant: str | None = None) -> bytes:
    stream = io.BytesIO()
    write_export(network, exporter_named(name), stream, variant=variant)
    return stream.getvalue()


def _network(text: str, folder: Path) -> Network:
    file = folder / "graph.ttl"
    file.write_text(_HEAD + text, encoding="utf-8")
    return read_network(open_store(file), prefixes=_PREFIXES)


def _framed(text: str, folder: Path) -> list[dict[str, Any]]:
    """Return the nodes at the top, and see that nothing is lost."""
    network = _network(text, folder)
    data = _written(network, "jsonld", "framed")
    assert _canonical(data, pyoxigraph.RdfFormat.JSON_LD) == _canonical(
        _written(network, "turtle"), pyoxigraph.RdfFormat.TURTLE
    )
    nodes: list[dict[str, Any]] = json.loads(data)["@graph"]
    return nodes


def _canonical(data: bytes, form: pyoxigraph.RdfFormat) -> set[str]:
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(data, form))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


@pytest.fixture
def offline() -> None:
    def refuse(url: str, _: object) -> None:
        pytest.fail(f"a processor wants {url}")

    jsonld.set_document_loader(refuse)


@pytest.fixture(scope="module", params=["jsonld", "framed"])
def document(request: pytest.FixtureRequest, kunming: Network) -> bytes:
    return _written(kunming, "jsonld", request.param)


def test_every_processor_reads_the_triples_of_the_other_formats(
    document: bytes, kunming: Network, offline: None
) -> None:
    turtle = _written(kunming, "turtle")
    expected = rdflib.Graph().parse(data=turtle, format="turtle")
    seen = rdflib.Dataset()
    seen.parse(data=document, format="json-ld")
    assert isomorphic(seen.default_graph, expected)
    default = [
        quad
        for quad in pyoxigraph.parse(document, pyoxigraph.RdfFormat.JSON_LD)
        if isinstance(quad.graph_name, pyoxigraph.DefaultGraph)
    ]
    assert len(set(default)) == len(expected)
    assert len(jsonld.to_rdf(json.loads(document))["@default"]) == len(expected)


def test_a_frame_finds_the_parks_with_their_industries(document: bytes, offline: None) -> None:
    given = json.loads(document)
    frame = {"@context": given["@context"], "@type": "ip:IndustrialPark", "hasLeadingIndustry": {"@embed": "@always"}}
    parks = {park["@id"]: park for park in jsonld.frame(given, frame)["@graph"]}
    assert len(parks) == 11
    names = {industry["prefLabel"]["zh-hans"] for industry in parks["km:hi-tech-zone"]["hasLeadingIndustry"]}
    assert "生物医药产业" in names


def test_framed_things_hold_what_is_said_of_them(kunming: Network) -> None:
    nodes = {node["@id"]: node for node in json.loads(_written(kunming, "jsonld", "framed"))["@graph"]}
    park = nodes["km:hi-tech-zone"]
    assert {"@id", "prefLabel"} == set(park["hasLeadingIndustry"][0])
    (recognition, *_) = park["recognitions"]
    assert recognition["status"]["prefLabel"]["en"] == "granted"
    assert "recognizedEntity" not in recognition
    assert recognition["@id"] not in nodes
    assert any("valueAsWritten" in figure for figure in park["figures"])


def test_framed_nodes_without_a_name_stand_where_they_are_mentioned(tmp_path: Path) -> None:
    (node,) = _framed('ex:a ex:p [ ex:q [ ex:r "deep" ] ], "text" .', tmp_path)
    (inner,) = [value for value in node["p"] if "@value" not in value]
    assert inner["q"]["r"] == "deep"


@pytest.mark.parametrize(
    ("text", "tops"),
    [
        ("ex:a ex:p _:b . ex:c ex:p _:b . _:b ex:q 1 .", 3),
        ("_:a ex:p _:b . _:b ex:p _:c . _:c ex:p _:a .", 1),
        ("_:a ex:p _:a . ex:b ex:p _:c .", 2),
        ("ex:list ex:is (1 2 3 4 5 6 7 8 9 10 11 12 13 14 15) .", 2),
        ("ex:f a ip:Observation ; ip:subject ex:a, ex:b . ex:a ex:p 1 . ex:b ex:p 1 .", 3),
        ("ex:f a ip:Observation ; ip:subject ex:nowhere .", 1),
        ("ex:f a ip:Observation ; ip:subject ex:f .", 1),
        ("ex:f a ip:Observation ; ip:subject ex:g . ex:g a ip:Recognition ; ip:recognizedEntity ex:f .", 2),
        ("ex:f a ip:Observation ; ip:subject [ ex:p 1 ] .", 1),
        ("ex:f a ip:Observation, ip:Recognition ; ip:subject ex:a ; ip:recognizedEntity ex:a . ex:a ex:p 1 .", 1),
        ('ex:a skos:prefLabel "one"@en, "two"@en, "deux"@fr ; ex:p "x"@en, "plain", 1, ex:a .', 1),
    ],
)
def test_framing_loses_nothing_and_shows_everything_once(text: str, tops: int, tmp_path: Path) -> None:
    assert len(_framed(text, tmp_path)) == tops


@pytest.mark.parametrize("variant", ["jsonld", "framed"])
def test_an_iri_that_looks_like_a_short_name_keeps_its_meaning(variant: str, tmp_path: Path) -> None:
    network = _network("<ex:b> ex:p <ip:x>, ex:c . <urn:x> <skos:p> 1 .", tmp_path)
    seen = _canonical(_written(network, "jsonld", variant), pyoxigraph.RdfFormat.JSON_LD)
    assert seen == _canonical(_written(network, "turtle"), pyoxigraph.RdfFormat.TURTLE)
    assert any("<ex:b>" in quad for quad in seen)
