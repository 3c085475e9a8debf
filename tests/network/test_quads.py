"""The RDF behind a network: the same bytes whatever an engine calls its blank nodes, and nothing lost."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import pyoxigraph
import pytest

from kgtool.export import exporter_named, write_export
from kgtool.network import read_network
from kgtool.network.blanks import name_blanks
from kgtool.store import open_store

_GRAPH = """\
@prefix ex: <https://example.org/> .
ex:a ex:list (1 2 3), (0 2 3), (3 2) ; ex:shape [ ex:path [ ex:then "_:x" ] ], [ ex:path [ ex:then "_:y" ] ] .
[] ex:twin true . [] ex:twin true .
_:one ex:knows _:two . _:two ex:knows _:three . _:three ex:knows _:one .
_:self ex:knows _:self .
GRAPH ex:g { ex:a ex:shape [ ex:path [ ex:then "z" ] ] . _:one ex:only "here" . ex:b ex:list (1 2 3) }
GRAPH _:unnamed { _:three ex:in _:unnamed }
GRAPH ex:shapes { [] ex:order 1 ; ex:with [ ex:same [] ] . [] ex:order 2 ; ex:with [ ex:same [] ] }
"""


def _renamed(chance: random.Random) -> str:
    """The graph's quads in another order, with other names for its blank nodes."""
    lines = [f"{quad} .\n" for quad in pyoxigraph.parse(_GRAPH.encode(), pyoxigraph.RdfFormat.TRIG)]
    chance.shuffle(lines)
    names: dict[str, str] = {}
    return "".join(
        re.sub(r"_:\w+(?=[ >])(?![^<]*>)(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", lambda m: _other(m[0], names, chance), line)
        for line in lines
    )


def _other(name: str, names: dict[str, str], chance: random.Random) -> str:
    return names.setdefault(name, f"_:r{chance.randrange(10**9)}")


def _export(text: str, name: str, folder: Path) -> bytes:
    file = folder / "graph.nq"
    file.write_text(text, encoding="utf-8")
    stream = io.BytesIO()
    network = read_network(open_store(file), prefixes={"ex": "https://example.org/"})
    write_export(network, exporter_named(name), stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["nquads", "trig", "jsonld", "turtle", "rdfxml"])
def test_names_of_blank_nodes_do_not_show_in_exports(name: str, tmp_path: Path) -> None:
    files = {_export(_renamed(random.Random(seed)), name, tmp_path) for seed in range(5)}
    assert len(files) == 1


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("nquads", pyoxigraph.RdfFormat.N_QUADS),
        ("trig", pyoxigraph.RdfFormat.TRIG),
        ("jsonld", pyoxigraph.RdfFormat.JSON_LD),
    ],
)
def test_nothing_is_lost_and_no_two_blank_nodes_are_made_one(
    name: str, form: pyoxigraph.RdfFormat, tmp_path: Path
) -> None:
    expected = pyoxigraph.Dataset(pyoxigraph.parse(_GRAPH.encode(), pyoxigraph.RdfFormat.TRIG))
    seen = pyoxigraph.Dataset(pyoxigraph.parse(_export(_renamed(random.Random(1)), name, tmp_path), form))
    for dataset in (expected, seen):
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    assert set(seen) == set(expected)


def test_triples_of_the_default_graph_do_not_depend_on_named_graphs(tmp_path: Path) -> None:
    both = "".join(f"{quad} .\n" for quad in pyoxigraph.parse(_GRAPH.encode(), pyoxigraph.RdfFormat.TRIG))
    apart = "".join(
        re.sub(r"_:(\w+)", r"_:other\1", line) if _is_in_a_graph(line) else line for line in both.splitlines(True)
    )
    assert _export(both, "ntriples", tmp_path) == _export(apart, "ntriples", tmp_path)


def _is_in_a_graph(line: str) -> bool:
    (quad,) = pyoxigraph.parse(line.encode(), pyoxigraph.RdfFormat.N_QUADS)
    return not isinstance(quad.graph_name, pyoxigraph.DefaultGraph)


def test_what_differs_far_away_is_named_differently() -> None:
    # In both lists the last places look the same from nearby.
    quads = [(f"_:{one}{n}", "next", f"_:{one}{n + 1}") for one in "xy" for n in range(30)]
    quads += [(f"_:{one}{n}", "place", f"{n}") for one in "xy" for n in range(31)]
    names = name_blanks([*quads, ("_:x0", "start", "x"), ("_:y0", "start", "y")])
    assert len(set(names.values())) == 62


def test_thousands_of_equal_nodes_are_named_at_once() -> None:
    names = name_blanks([(f"_:{n}", "p", "o") for n in range(20_000)])
    assert len(set(names.values())) == 20_000
