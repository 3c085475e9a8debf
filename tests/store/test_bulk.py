"""Files loaded in bulk: what a store then has, in every format, compressed or not, and what becomes of broken ones."""

from __future__ import annotations

import gzip
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from kgtool.errors import DataError, KgError, QueryError, StoreError
from kgtool.load import load
from kgtool.search import open_index
from kgtool.store import bulk, open_store

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: What the files of every format say; those that know no graphs say the first part.
TRIPLES = """
@prefix ex: <https://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:park skos:prefLabel "临港园区"@zh-hans ; ex:near [ ex:name "a \\"river\\" .\\n" ] ; ex:area 4.5 .
"""
GRAPHS = f"""{TRIPLES}
GRAPH ex:one {{ ex:park ex:near _:b . _:b ex:name "b" . ex:park ex:area 4.5 . ex:port ex:open true }}
GRAPH _:g {{ ex:park ex:near ex:port . ex:port ex:open true }}
"""

_FORMATS = {
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}
_PACKED: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstd.compress}


def _parsed(text: str) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TRIG))


def _written(quads: list[pyoxigraph.Quad], form: pyoxigraph.RdfFormat) -> bytes:
    made = pyoxigraph.serialize(quads if form.supports_datasets else [quad.triple for quad in quads], format=form)
    assert made is not None
    return made


def _canonical(quads: list[pyoxigraph.Quad]) -> set[str]:
    kept = pyoxigraph.Store()
    kept.extend(quads)
    dataset = pyoxigraph.Dataset(kept)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def _stored(folder: Path) -> set[str]:
    return _canonical(list(pyoxigraph.Store.read_only(str(folder / "store"))))


def _united(quads: list[pyoxigraph.Quad]) -> list[pyoxigraph.Quad]:
    return [*quads, *(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)]


@pytest.mark.parametrize(
    ("form", "packed"),
    [*((form, "") for form in _FORMATS), ("nq", ".gz"), ("nq", ".zst"), ("ttl", ".gz"), ("rdf", ".zst")],
)
def test_every_format_is_loaded_with_the_union_of_its_graphs(form: str, packed: str, tmp_path: Path) -> None:
    quads = _parsed(GRAPHS if _FORMATS[form].supports_datasets else TRIPLES)
    file = tmp_path / f"data.{form}{packed}"
    file.write_bytes(_PACKED[packed](_written(quads, _FORMATS[form])))
    loaded = load([file], tmp_path / "out", prefixes={"ex": "https://example.org/"})
    assert _stored(tmp_path / "out") == _canonical(_united(quads))
    assert (loaded.triples, loaded.graphs) == ((8, 2) if _FORMATS[form].supports_datasets else (4, 0))
    (match, *_) = open_index(open_store(tmp_path / "out")).search("臨港")
    assert match.iri == "https://example.org/park"


def test_without_union_graphs_stay_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "data.trig").write_text(GRAPHS, encoding="utf-8")
    loaded = load([tmp_path / "data.trig"], tmp_path / "out", prefixes={}, union=False, index=False)
    assert _stored(tmp_path / "out") == _canonical(_parsed(GRAPHS))
    assert loaded.index_seconds is None
    assert not (tmp_path / "out" / "store.names").exists()


def test_blank_nodes_of_two_files_are_not_one(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.nq").write_text('_:x <urn:p> "v" <urn:g> .\n', encoding="utf-8")
    loaded = load([tmp_path / "a.nq", tmp_path / "b.nq"], tmp_path / "out", prefixes={}, index=False)
    assert loaded.triples == 2


def test_a_quad_is_told_from_a_triple_however_it_is_spaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-Quads at random: terms of every kind, spaces where the grammar lets them be or not be, pieces of every size."""
    choose = random.Random(5)
    nodes = ["<urn:a>", "_:b", "_:b.c", "<urn:x\\u00e9y>"]
    values = [*nodes, '"x"', '"<urn:o> <urn:g> ."', '"\\"\\\\"@en', '"1"^^<urn:t>', '""', '"é#"@zh-hant']
    graphs = ["", "<urn:g>", "_:h"]
    lines = []
    for _ in range(400):
        terms = [choose.choice(nodes), "<urn:p>", choose.choice(values), choose.choice(graphs)]
        text = choose.choice(["", " ", "\t"])
        for term in filter(None, terms):
            text += term + (choose.choice([" ", "  ", "\t"]) if term[0] == "_" or term[-1] != ">" else "")
        lines.append(text + ("" if terms[3][-1:] == ">" else " ") + "." + choose.choice(["", " ", " # <urn:g> ."]))
    ends = [choose.choice(["\n", "\r\n", "\n\n", "\r", "\n# a comment\n"]) for _ in lines]
    text = "\ufeff" + "".join(line + end for line, end in zip(lines, ends, strict=True))
    (tmp_path / "data.nq").write_text(text.rstrip(), encoding="utf-8", newline="")
    quads = list(pyoxigraph.parse("\n".join(lines), pyoxigraph.RdfFormat.N_QUADS))
    assert len({quad.graph_name for quad in quads}) == 3
    for size in (1 << 20, 7, 100):
        monkeypatch.setattr(bulk, "_PIECE", size)
        load([tmp_path / "data.nq"], tmp_path / str(size), prefixes={}, index=False)
        assert _stored(tmp_path / str(size)) == _canonical(_united(quads))


@pytest.mark.parametrize(
    ("name", "data", "error", "said"),
    [
        (
            "a.nq",
            b"<urn:a> <urn:b> <urn:c> <urn:g> .\n" * 3 + b"<urn:a> <urn:b> .\n",
            DataError,
            "a.nq:4: syntax error",
        ),
        ("a.trig", b"GRAPH <urn:g> {\n<urn:a> ex:b 1 }", DataError, "a.trig:2: unknown prefix 'ex'"),
        ("a.ttl.gz", gzip.compress(b"<urn:a>\n<urn:b> ;"), DataError, "a.ttl.gz:2: syntax error"),
        ("a.nq.gz", gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n" * 99)[:-20], StoreError, "a.nq.gz: cannot read it"),
        ("a.ttl.gz", b"no gzip", StoreError, "a.ttl.gz: cannot read it: Not a gzipped file"),
        ("a.nt.zst", b"no zstandard", StoreError, "a.nt.zst: cannot read it"),
        ("a.txt.gz", b"", QueryError, "no format for triples"),
    ],
    ids=["quads", "prefix", "packed", "cut off", "no gzip", "no zstandard", "no format"],
)
def test_a_broken_file_is_named_and_leaves_nothing(
    name: str, data: bytes, error: type[KgError], said: str, tmp_path: Path
) -> None:
    (tmp_path / "good.nt").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error) as raised:
        load([tmp_path / "good.nt", tmp_path / name], tmp_path / "out", prefixes={})
    assert said in str(raised.value)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["good.nt", name])


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    (tmp_path / "a.nt").touch()
    with pytest.raises(StoreError, match="there is something already"):
        load([tmp_path / "a.nt"], tmp_path / "out", prefixes={})
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["mine"]


def test_progress_counts_the_bytes_of_all_files(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    for name in "ab":
        (tmp_path / f"{name}.nt.gz").write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n"))
    files = [tmp_path / "a.nt.gz", tmp_path / "b.nt.gz"]
    load(files, tmp_path / "out", prefixes={}, progress=lambda *step: told.append(step))
    total = sum(file.stat().st_size for file in files)
    assert told[-1] == (total, total, "indexing the names")
    assert {what for _, _, what in told} == {"a.nt.gz", "b.nt.gz", "indexing the names"}
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
