"""Text that breaks careless writers, in every format, read back by programs that are not ours."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import pyarrow.parquet
import pydot
import pyoxigraph
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ndex2.cx2 import RawCX2NetworkFactory

from kgtool.export import EXPORTERS, export, exporter_named, to_igraph, to_networkx, write_export
from kgtool.export.values import visible
from kgtool.network import Edge, Key, Network, Node, Value, read_network
from kgtool.store import open_store
from kgtool.terms import Literal, n3
from tests.export.conftest import ReadJs

NASTY = [
    "",
    " ",
    'say "hi" \\ and \\" again \\',
    "a ]]> b <!-- c --> <![CDATA[ d ]]> &amp; & <script>alert(1)</script>",
    "bell \x07 nul \x00 escape \x1b delete \x7f next line \x85",
    "line\nbreak\r\nreturn\rtab\tend\u2028separator\u2029",
    "emoji 👩‍👩‍👧‍👦 🇨🇳 rare 𠮷 𝌆",
    "rtl \u202eabc\u202c عربي עברית \u2067bidi\u2069",
    "昆明" * 5000,
    "'; DROP TABLE nodes; --",
    '=HYPERLINK("http://x","y")',
    "{curly} [square] (round) |pipe| `tick` #hash; %percent $dollar @at ~tilde ^hat",
    "\ufeffbom \ufffe noncharacter \uffff",
    "end",
    "None",
    "nan",
    "half a pair \ud800 here",
    "e\u0301 é combining",
    "//comment /* here */ \\u0027",
    "+SUM(1|2)\t-3\r@x",
    "＝1＋1",
    "a | b ; c , d",
    "%%{init: {}}%% style n0 fill:red click n0 call x()",
    "\\N \\G \\l \\",
]

texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
values: st.SearchStrategy[Value] = st.one_of(st.none(), texts, st.lists(texts, max_size=3).map(tuple))

#: Language, then the texts of a node and of an edge.
networks = st.tuples(texts, texts, texts, texts, texts, values)

quickly = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)


def make(parts: tuple[str, str, str, str, str, Value]) -> Network:
    """Make a network whose every text is one of those given."""
    label, traditional, english, description, quote, attribute = parts
    labels = {"zh-Hans": label, "zh-Hant": traditional, "en": english}
    nodes = [
        Node(
            id="ex:a",
            iri="https://example.org/a",
            class_="ex:Thing",
            classes=("ex:Thing",),
            class_label=english,
            label=label,
            labels=labels,
            description=description,
            links=("https://example.org/b",),
            degree=3,
            attributes={"ex:more": attribute},
        ),
        Node(id="ex:b", iri="https://example.org/b", label="b"),
        Node(id="ex:c", iri="https://example.org/c", label="b"),
    ]
    edges = [
        Edge(
            "ex:statement",
            "ex:a",
            "ex:b",
            "ex:Observation",
            label,
            evidence=(12, 28),
            quotes=(quote, english),
            value=Decimal("4486.20"),
            scale=Decimal(100000000),
            written=description,
            start="2023-01-01",
            end=quote,
        ),
        Edge("ex:a..ex:p..ex:b", "ex:a", "ex:b", "ex:p", traditional),
        Edge("ex:a..ex:p..ex:a", "ex:a", "ex:a", "ex:p", english, modality="planned"),
    ]
    return Network.of(nodes, edges, keys=[Key("ex:more", "string", "ex:more")])


def written(network: Network, name: str, variant: str | None = None) -> bytes:
    stream = io.BytesIO()
    write_export(network, exporter_named(name), stream, variant=variant)
    return stream.getvalue()


@quickly
@given(parts=networks)
def test_gexf(parts: Any) -> None:
    graph = nx.read_gexf(io.BytesIO(written(make(parts), "gexf")))
    node = graph.nodes["ex:a"]
    assert node["label"] == visible(parts[0])
    assert node.get("label_zh_Hant", "") == visible(parts[1])
    assert node.get("label_en", "") == visible(parts[2])
    assert node.get("description", "") == visible(parts[3])
    assert graph.number_of_edges() == 3
    (figure,) = (data for _, _, data in graph.edges(data=True) if data["id"] == "ex:statement")
    assert figure["value"] == 4486.2
    assert figure.get("written", "") == visible(parts[3])


@quickly
@given(parts=networks)
def test_graphml(parts: Any) -> None:
    for variant in ("graphml", "yed"):
        graph = nx.read_graphml(io.BytesIO(written(make(parts), "graphml", variant)), force_multigraph=True)
        # An element without text is None to networkx.
        node = {name: value or "" for name, value in graph.nodes["ex:a"].items()}
        if variant == "graphml":
            assert node.get("label", "") == visible(parts[0])
        assert node.get("label_en", "") == visible(parts[2])
        assert node.get("description", "") == visible(parts[3])
        assert graph.edges["ex:a", "ex:b", "ex:statement"]["value"] == 4486.2
        assert graph.number_of_edges() == 3


@quickly
@given(parts=networks)
def test_json(parts: Any) -> None:
    network = make(parts)
    encodable = parts[0].encode("utf-8", "kgtool.visible").decode()
    linked = nx.node_link_graph(json.loads(written(network, "nodelink")), edges="edges")
    assert linked.nodes["ex:a"]["label"] == encodable
    drawing = json.loads(written(network, "cyjs"))["elements"]
    assert drawing["nodes"][0]["data"]["label"] == encodable
    assert len(drawing["edges"]) == 3
    aspects = {name: value for one in json.loads(written(network, "cx2")) for name, value in one.items()}
    assert aspects["nodes"][0]["v"]["name"] == encodable


@quickly
@given(parts=networks)
def test_cx2_keeps_to_its_declarations(parts: Any, tmp_path: Path) -> None:
    export(make(parts), "cx2", tmp_path / "a.cx2")
    network = RawCX2NetworkFactory().get_cx2network(str(tmp_path / "a.cx2"))
    assert len(network.get_nodes()) == 3
    declared = json.loads((tmp_path / "a.cx2").read_bytes())[2]["attributeDeclarations"][0]["nodes"]
    kinds = {"string": str, "integer": int, "double": (int, float), "boolean": bool, "list_of_string": list}
    for name, value in network.get_nodes()[0]["v"].items():
        assert isinstance(value, kinds[declared[name]["d"]])  # type: ignore[arg-type] # isinstance takes tuples


@pytest.mark.parametrize("name", [name for name in EXPORTERS if name not in {"svg", "png"}])
def test_numbers_that_are_none_break_no_format(name: str) -> None:
    numbers: list[Any] = [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("1e999999999"), 10**400]
    nodes = [Node(f"ex:{n}", f"urn:{n}", attributes={"ex:number": number}) for n, number in enumerate(numbers)]
    edges = [Edge(f"ex:e{n}", "ex:0", "ex:0", "ex:p", value=number) for n, number in enumerate(numbers[3:5])]
    data = written(Network.of(nodes, edges, keys=[Key("ex:number", "double", "ex:number")]), name)
    assert len(data) < 100_000
    if name in {"cyjs", "cx2", "nodelink", "geojson"}:
        json.loads(data, parse_constant=pytest.fail)


@quickly
@given(parts=networks)
def test_csv(parts: Any, tmp_path: Path) -> None:
    network = make(parts)
    (row, *_) = csv.DictReader(io.StringIO(written(network, "csv", "nodes").decode(), newline=""))
    assert row["label"] == visible(parts[0])
    assert row["description"] == visible(parts[3])
    (tmp_path / "a.csv").write_bytes(written(network, "csv"))
    # The size of a buffer has to hold the longest cell, of 10 kB here.
    rows = duckdb.sql(
        f"SELECT * FROM read_csv('{tmp_path}/a.csv', all_varchar=true, header=true, delim=',', quote='\"', escape='\"')"
    )
    assert len(rows) == 3


@quickly
@given(parts=networks)
def test_csv_for_excel_holds_no_formula(parts: Any) -> None:
    for variant in ("excel", "excel-nodes"):
        rows = list(csv.reader(io.StringIO(written(make(parts), "csv", variant).decode("utf-8-sig"), newline="")))
        assert not [cell for row in rows[1:] for cell in row if cell[:1] in set("=+-@\t\r\n＝＋－＠")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("＝1+1", "'＝1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("-inf", "'-inf"),
        ("-1_0", "'-1_0"),
        ("-2.5", "-2.5"),
        ("+86", "+86"),
        ("a=1", "a=1"),
    ],
)
def test_csv_for_excel_disarms_what_would_be_computed_and_nothing_else(cell: str, expected: str) -> None:
    text = written(Network.of([Node("ex:a", "urn:a", description=cell)], []), "csv", "excel-nodes").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["description"] == expected


@quickly
@given(parts=networks)
def test_parquet(parts: Any) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(written(make(parts), "parquet", "nodes")))
    assert (table["label"][0].as_py() or "") == visible(parts[0])
    edges = pyarrow.parquet.read_table(io.BytesIO(written(make(parts), "parquet")))
    assert sorted(one or 0 for one in edges["value"].to_pylist()) == [0, 0, 4486.2]


@settings(quickly, max_examples=15)
@given(parts=networks)
def test_dot(parts: Any) -> None:
    parsed = pydot.graph_from_dot_data(written(make(parts), "dot").decode())
    assert parsed is not None
    ((node, *_),) = ([one for one in graph.get_nodes() if one.get_name() == '"ex:a"'] for graph in parsed)
    label = node.get_attributes()["label"][1:-1]
    shown = re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), label)
    expected = visible(parts[0]).replace("\r\n", "\n").replace("\r", "\n") or "ex:a"
    assert shown.replace("\n", "").replace(" ", "") == expected.replace("\n", "").replace(" ", "")
    assert len(parsed[0].get_edges()) == 3


@quickly
@given(parts=networks)
def test_pajek(parts: Any) -> None:
    graph = nx.parse_pajek(written(make(parts), "pajek").decode())
    assert (len(graph), graph.number_of_edges()) == (3, 3)


@quickly
@given(parts=networks)
def test_kgx_and_neo4j_tables(parts: Any) -> None:
    import zipfile

    network = make(parts)
    with zipfile.ZipFile(io.BytesIO(written(network, "kgx"))) as archive:
        lines = io.StringIO(archive.read("nodes.tsv").decode(), newline="\n")
        nodes = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))  # as KGX reads them
    assert len(nodes) == 3
    assert nodes[0]["name"].split() == visible(parts[0]).split()
    with zipfile.ZipFile(io.BytesIO(written(network, "neo4j"))) as archive:
        nodes = list(csv.DictReader(io.StringIO(archive.read("nodes.csv").decode(), newline="")))
        script = archive.read("import.cypher").decode()
    assert nodes[0]["label:string"] == visible(parts[0])
    # cypher-shell reads line by line: a line is a statement, whole.
    assert all(line.startswith(("//", "CREATE ", "MERGE ", "MATCH ")) for line in script.removesuffix("\n").split("\n"))
    assert all(line.endswith(";") for line in script.removesuffix("\n").split("\n")[1:])


@quickly
@given(parts=networks)
def test_objects(parts: Any) -> None:
    network = make(parts)
    graph = to_networkx(network)
    assert graph.nodes["ex:a"]["label"] == parts[0]
    assert to_igraph(network).vs[0]["label"] == parts[0]
    if not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", repr(parts).encode().decode("unicode_escape")
    ):
        nx.write_graphml(graph, io.BytesIO())


def _every() -> Network:
    """A network with every nasty text as the label of a node and of an edge."""
    nodes = [Node(f"ex:n{i:02}", f"https://example.org/n{i:02}", label=text) for i, text in enumerate(NASTY)]
    edges = [Edge(f"ex:e{i:02}", "ex:n00", f"ex:n{i:02}", "ex:p", text, quotes=(text,)) for i, text in enumerate(NASTY)]
    return Network.of(nodes, edges)


@pytest.mark.parametrize("reader", ["gexf", "graphml", "cyjs", "mermaid"])
def test_javascript_readers(reader: str, tmp_path: Path, read_js: ReadJs) -> None:
    file = tmp_path / f"a{EXPORTERS[reader].extension}"
    export(_every(), reader, file)
    seen = read_js(reader, file)
    assert len(seen["nodes"]) == len(seen["edges"]) == len(NASTY)
    if reader != "mermaid":
        labels = {node["id"]: node.get("label", "") for node in seen["nodes"]}
        for number in (2, 3, 6, 7, 8, 9, 11):
            assert labels[f"ex:n{number:02}"] == visible(NASTY[number])


def test_cypher_reader(tmp_path: Path, read_js: ReadJs) -> None:
    export(_every(), "neo4j", tmp_path / "neo4j")
    seen = read_js("cypher", tmp_path / "neo4j" / "import.cypher")
    assert seen["complaints"] == []


def test_graphviz_draws_it(tmp_path: Path) -> None:
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    export(_every(), "svg", tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    groups = [one.get("class") for one in root.iter("{http://www.w3.org/2000/svg}g")]
    assert groups.count("node") == groups.count("edge") == len(NASTY)
    # A long label is drawn line by line, and none is missing.
    shown = "".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert shown.count("昆明") >= 2 * 5000


@pytest.mark.parametrize("part", ["\\", '"', "x\n", "昆", "𠮷"])
@pytest.mark.parametrize("length", [3999, 4000, 4001, 16_384, 100_000])
def test_graphviz_reads_a_text_of_any_length(part: str, length: int, tmp_path: Path) -> None:
    program = shutil.which("gvpr") or pytest.skip("Graphviz is not installed")
    text = part * length
    export(Network.of([Node("ex:a", "urn:a", label="a", description=text)], []), "dot", tmp_path / "a.dot")
    command = [program, 'N { printf("%s", $.description) }', str(tmp_path / "a.dot")]
    seen = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert seen == text.replace("\\", "\\\\")  # outside of labels Graphviz knows no escape but that of a quote


def _rdf(tmp_path: Path) -> Path:
    """A graph with every nasty text as a label, twice: in two languages."""
    lines = []
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    for number, text in enumerate(NASTY):
        literal = text.encode("utf-8", "kgtool.visible").decode()
        for language in ("zh-Hans", "en"):
            # The engine's own reader wants control characters escaped.
            words = "".join(f"\\u{ord(ch):04X}" if ord(ch) < 0x20 else ch for ch in n3(Literal(literal, language)))
            lines.append(f"<https://example.org/n{number:02}> {label} {words} .\n")
    file = tmp_path / "hostile.nt"
    file.write_text("".join(lines), encoding="utf-8", newline="\n")
    return file


@pytest.mark.parametrize(
    ("name", "of_rdflib", "of_oxigraph"),
    [
        ("turtle", "turtle", pyoxigraph.RdfFormat.TURTLE),
        ("trig", "trig", pyoxigraph.RdfFormat.TRIG),
        ("ntriples", "nt", pyoxigraph.RdfFormat.N_TRIPLES),
        ("nquads", "nquads", pyoxigraph.RdfFormat.N_QUADS),
        ("jsonld", "json-ld", pyoxigraph.RdfFormat.JSON_LD),
        ("rdfxml", "xml", pyoxigraph.RdfFormat.RDF_XML),
    ],
)
def test_rdf(name: str, of_rdflib: str, of_oxigraph: pyoxigraph.RdfFormat, tmp_path: Path) -> None:
    export(read_network(open_store(_rdf(tmp_path)), prefixes={"ex": "https://example.org/"}), name, tmp_path / "a")
    texts = [text.encode("utf-8", "kgtool.visible").decode() for text in NASTY]
    in_xml = {visible(text).replace("\r\n", "\n").replace("\r", "\n") for text in texts}
    expected = in_xml if name == "rdfxml" else set(texts)
    quads = list(pyoxigraph.parse(path=str(tmp_path / "a"), format=of_oxigraph))
    assert {quad.object.value for quad in quads if isinstance(quad.object, pyoxigraph.Literal)} == expected
    assert len(quads) == 2 * len(NASTY)
    graph = rdflib.Dataset(default_union=True)
    graph.parse(tmp_path / "a", format=of_rdflib)
    assert {str(o) for _, _, o, _ in graph.quads()} == expected
