"""Compiled shapes asked of a store, in memory and over HTTP: what they find in the files, they find there."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.shacl import validate_files, validate_store
from kgtool.shacl.read import read_shapes_graph
from kgtool.store import open_store
from tests.shacl.compare import results_of
from tests.shacl.strategies import HEADER
from tests.store.conftest import Server, free_port, oxigraph_program, run_server

SHAPES = """
ex:ParkShape a sh:NodeShape ; sh:targetClass ex:Park ; sh:closed true ; sh:ignoredProperties ( rdf:type ex:in ) ;
    sh:property [ sh:path ex:label ; sh:uniqueLang true ; sh:minCount 2 ; sh:languageIn ( "zh" "en" ) ] ;
    sh:property [ sh:path [ sh:zeroOrMorePath ex:in ] ; sh:class ex:Place ; sh:maxCount 3 ] ;
    sh:or ( [ sh:property [ sh:path ex:area ; sh:minExclusive 0 ] ] [ sh:class ex:Planned ] ) ;
    sh:sparql [ sh:message "{?value}" ; sh:select
        "SELECT $this ?value WHERE { $this <http://ex.example/area> ?value . FILTER(?value > 100) }" ] .
"""
DATA = """
ex:Park rdfs:subClassOf ex:Place .
ex:a a ex:Park ; ex:label "甲"@zh-Hans, "乙"@zh-Hans, "A"@en ; ex:in ex:b ; ex:area 7 .
ex:b a ex:Place ; ex:in ex:c . ex:c ex:in ex:d .
ex:e a ex:Park ; ex:label "E" ; ex:area 120 ; ex:lake true .
ex:f a ex:Park ; ex:label "F"@en, "己"@zh ; ex:area -1 .
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(HEADER + DATA, encoding="utf-8")
    shapes.write_text(HEADER + SHAPES, encoding="utf-8")
    return data, shapes


def test_a_store_in_memory_gives_the_results_of_the_file(files: tuple[Path, Path]) -> None:
    data, shapes = files
    _, report = validate_files(data, shapes)
    found = validate_store(open_store(data), read_shapes_graph(shapes))
    # The engine has language tags in small letters; results_of compares them so.
    assert results_of(found.report) == results_of(report)
    assert results_of(report).total() == 12
    assert (found.conforms, found.fallbacks) == (False, {})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of our own: the data is its default graph."""
    base = f"http://127.0.0.1:{free_port()}"
    command = [oxigraph_program(), "serve", "--bind", base.removeprefix("http://")]
    for _ in run_server(command, tmp_path, f"{base}/query"):
        yield Server(f"{base}/query", f"{base}/store")


def test_an_endpoint_gives_the_results_of_the_file(files: tuple[Path, Path], server: Server) -> None:
    data, shapes = files
    request = urllib.request.Request(
        f"{server.graph_store}?default", data=data.read_bytes(), method="PUT", headers={"Content-Type": "text/turtle"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status < 300
    _, report = validate_files(data, shapes)
    found = validate_store(open_store(server.endpoint), read_shapes_graph(shapes))
    assert results_of(found.report) == results_of(report)
    assert found.fallbacks == {}
