"""The Kunming graph in every format, opened again by other people's programs: nothing is lost on the way."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import igraph
import ladybug
import ndex2
import networkit
import networkx as nx
import pandas as pd
import pydot
import pyoxigraph
import pytest
import rdflib
from ndex2.cx2 import RawCX2NetworkFactory
from rdflib.compare import isomorphic

from kgtool.export import EXPORTERS, export, to_igraph, to_networkx
from kgtool.namespaces import SKOS
from kgtool.network import Edge, Network, Node, read_network
from kgtool.store import Store, open_store
from tests.export.conftest import ReadJs

PARK = "km:hi-tech-zone"
FIGURE = "km:obs-output-growth-gap-yunnan-parks"


@pytest.fixture
def exported(kunming: Network, tmp_path: Path) -> Any:
    """Write the Kunming graph: ``exported("graphml", variant="yed") -> file``."""

    def write(name: str, variant: str | None = None) -> Path:
        file = tmp_path / f"kunming{EXPORTERS[name].extension}"
        export(kunming, name, file, variant=variant)
        return file

    return write


def _park(kunming: Network) -> Node:
    return next(node for node in kunming.nodes() if node.id == PARK)


def _figure(kunming: Network) -> Edge:
    return next(edge for edge in kunming.edges() if edge.id == FIGURE)


def _assert_park(seen: dict[str, Any]) -> None:
    assert seen["label_zh_Hans"] == "昆明高新技术产业开发区"
    assert seen["label_zh_Hant"] == "昆明高新技術產業開發區"
    assert seen["label_en"] == "Kunming Hi-tech Industrial Development Zone"
    assert seen["class"] == "ip:IndustrialPark"


def _assert_figure(seen: dict[str, Any]) -> None:
    assert float(seen["value"]) == 3.9
    assert seen["written"] == "3.9個"
    assert seen["evidence"] == "12 28"
    assert "3.9" in str(seen["quotes"])
    assert seen["modality"] == "stated"


def test_gexf_in_networkx(kunming: Network, exported: Any) -> None:
    graph = nx.read_gexf(exported("gexf"))
    assert (len(graph), graph.number_of_edges()) == (kunming.node_count, kunming.edge_count)
    assert graph.nodes[PARK]["label"] == "昆明高新技术产业开发区"
    _assert_park(graph.nodes[PARK])
    (figure,) = (data for _, _, data in graph.edges(data=True) if data["id"] == FIGURE)
    _assert_figure(figure)
    assert (figure["start"], figure["end"]) == ("2023-01-01", "2023-11-30")


def test_gexf_in_networkit(kunming: Network, exported: Any) -> None:
    # Its reader takes ids other than numbers only where there is no timeline.
    graph, _ = networkit.graphio.GEXFReader().read(str(exported("gexf", "static")))
    assert (graph.numberOfNodes(), graph.numberOfEdges()) == (kunming.node_count, kunming.edge_count)


def test_gexf_in_graphology(kunming: Network, exported: Any, read_js: ReadJs) -> None:
    seen = read_js("gexf", exported("gexf"))
    assert (len(seen["nodes"]), len(seen["edges"])) == (kunming.node_count, kunming.edge_count)
    (park,) = (node for node in seen["nodes"] if node["id"] == PARK)
    _assert_park(park)
    assert park["color"] == "rgb(230,159,0)"
    assert park["size"] > 8
    _assert_figure(next(edge for edge in seen["edges"] if edge["id"] == FIGURE))


def test_graphml_in_networkx(kunming: Network, exported: Any) -> None:
    graph = nx.read_graphml(exported("graphml"), force_multigraph=True)
    assert (len(graph), graph.number_of_edges()) == (kunming.node_count, kunming.edge_count)
    _assert_park(graph.nodes[PARK])
    assert graph.nodes[PARK]["degree"] == _park(kunming).degree
    edge = _figure(kunming)
    _assert_figure(graph.edges[edge.source, edge.target, FIGURE])


def test_graphml_in_igraph(kunming: Network, exported: Any) -> None:
    graph = igraph.Graph.Read_GraphML(str(exported("graphml")))
    assert (graph.vcount(), graph.ecount()) == (kunming.node_count, kunming.edge_count)
    park = graph.vs.find(id=PARK)
    _assert_park(park.attributes())
    # igraph 1.0.0 gives edges the ids of nodes, so the figure is found by its statement.
    _assert_figure(graph.es.find(statement=_figure(kunming).statement).attributes())


def test_graphml_in_networkit(kunming: Network, exported: Any) -> None:
    graph = networkit.graphio.GraphMLReader().read(str(exported("graphml")))
    assert (graph.numberOfNodes(), graph.numberOfEdges()) == (kunming.node_count, kunming.edge_count)


@pytest.mark.parametrize("variant", ["graphml", "yed"])
def test_graphml_in_graphology(kunming: Network, exported: Any, read_js: ReadJs, variant: str) -> None:
    seen = read_js("graphml", exported("graphml", variant))
    assert (len(seen["nodes"]), len(seen["edges"])) == (kunming.node_count, kunming.edge_count)
    _assert_park(next(node for node in seen["nodes"] if node["id"] == PARK))
    _assert_figure(next(edge for edge in seen["edges"] if edge["id"] == FIGURE))


def test_yed_variant_has_a_visible_label_a_shape_and_a_colour(exported: Any) -> None:
    y = "{http://www.yworks.com/xml/graphml}"
    root = ET.parse(exported("graphml", "yed")).getroot()
    (node,) = (one for one in root.iter("{http://graphml.graphdrawing.org/xmlns}node") if one.get("id") == PARK)
    shape = node.find(f".//{y}ShapeNode")
    assert shape is not None
    assert shape.findtext(f"{y}NodeLabel") == "昆明高新技术产业开发区"
    assert [one.attrib for one in (*shape.iter(f"{y}Shape"), *shape.iter(f"{y}Fill"))] == [
        {"type": "rectangle"},
        {"color": "#e69f00", "transparent": "false"},
    ]


def test_cyjs_in_cytoscape(kunming: Network, exported: Any, read_js: ReadJs) -> None:
    seen = read_js("cyjs", exported("cyjs"))
    assert (len(seen["nodes"]), len(seen["edges"])) == (kunming.node_count, kunming.edge_count)
    _assert_park(next(node for node in seen["nodes"] if node["id"] == PARK))
    _assert_figure(next(edge for edge in seen["edges"] if edge["id"] == FIGURE))
    assert seen["color"].startswith("rgb(")


def test_cx2_in_ndex2(kunming: Network, exported: Any) -> None:
    network = RawCX2NetworkFactory().get_cx2network(str(exported("cx2")))
    assert isinstance(network, ndex2.cx2.CX2Network)
    assert (len(network.get_nodes()), len(network.get_edges())) == (kunming.node_count, kunming.edge_count)
    nodes = {node["v"]["represents"]: node for node in network.get_nodes().values()}
    _assert_park(nodes[PARK]["v"])
    (figure,) = (edge for edge in network.get_edges().values() if edge["v"]["represents"] == FIGURE)
    _assert_figure(figure["v"])
    edge = _figure(kunming)
    assert (figure["s"], figure["t"]) == (nodes[edge.source]["id"], nodes[edge.target]["id"])


def test_nodelink_in_networkx(kunming: Network, exported: Any) -> None:
    graph = nx.node_link_graph(json.loads(exported("nodelink").read_bytes()), edges="edges")
    assert (len(graph), graph.number_of_edges()) == (kunming.node_count, kunming.edge_count)
    _assert_park(graph.nodes[PARK])
    edge = _figure(kunming)
    _assert_figure(graph.edges[edge.source, edge.target, FIGURE])


@pytest.mark.slow
def test_dot_in_pydot(kunming_store: Store, kunming_prefixes: dict[str, str], tmp_path: Path) -> None:
    network = read_network(kunming_store, prefixes=kunming_prefixes, around=PARK)
    export(network, "dot", tmp_path / "a.dot")
    (graph,) = pydot.graph_from_dot_file(str(tmp_path / "a.dot"))
    nodes = {node.get_name().strip('"'): node for node in graph.get_nodes()}
    assert len(set(nodes) - {"graph", "node", "edge"}) == network.node_count
    assert len(graph.get_edges()) == network.edge_count
    park = {name.strip('"'): value.strip('"') for name, value in nodes[PARK].get_attributes().items()}
    _assert_park(park | {"class": park["kgClass"]})
    assert park["label"].replace("\\n", "") == "昆明高新技术产业开发区"


def test_dot_in_graphviz(kunming: Network, exported: Any) -> None:
    program = shutil.which("gc") or pytest.skip("Graphviz is not installed")
    counts = subprocess.run([program, "-n", "-e", exported("dot")], capture_output=True, text=True, check=True).stdout
    assert counts.split()[:2] == [str(kunming.node_count), str(kunming.edge_count)]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_svg_shows_every_node_and_edge_in_chinese(
    kunming_store: Store, kunming_prefixes: dict[str, str], tmp_path: Path
) -> None:
    network = read_network(kunming_store, prefixes=kunming_prefixes, around=PARK)
    export(network, "svg", tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    classes = [group.get("class") for group in root.iter("{http://www.w3.org/2000/svg}g")]
    assert classes.count("node") == network.node_count
    assert classes.count("edge") == network.edge_count
    assert "生物医药产业" in {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_png_is_a_picture(kunming_store: Store, kunming_prefixes: dict[str, str], tmp_path: Path) -> None:
    network = read_network(kunming_store, prefixes=kunming_prefixes, around=PARK, include=["ip:hasLeadingIndustry"])
    export(network, "png", tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_mermaid_in_mermaid(kunming: Network, exported: Any, read_js: ReadJs) -> None:
    seen = read_js("mermaid", exported("mermaid"))
    assert (len(seen["nodes"]), len(seen["edges"])) == (kunming.node_count, kunming.edge_count)
    assert "昆明高新技术产业开发区" in {node["label"] for node in seen["nodes"]}
    assert "差额: 工业总产值 3.9個" in {edge["label"] for edge in seen["edges"]}


def test_pajek_in_networkx(kunming: Network, exported: Any) -> None:
    graph = nx.read_pajek(exported("pajek"))
    assert (len(graph), graph.number_of_edges()) == (kunming.node_count, kunming.edge_count)
    assert "昆明高新技术产业开发区" in graph


def test_csv_in_duckdb(kunming: Network, exported: Any) -> None:
    rows = duckdb.read_csv(str(exported("csv")), all_varchar=True, header=True, quotechar='"', delimiter=",")
    assert len(rows) == kunming.edge_count
    (figure,) = rows.filter(f"id = '{FIGURE}'").df().to_dict("records")
    _assert_figure(figure)


def test_csv_in_pandas(kunming: Network, exported: Any) -> None:
    nodes = pd.read_csv(exported("csv", "nodes"), dtype=str)
    assert len(nodes) == kunming.node_count
    _assert_park(nodes.set_index("id").loc[PARK].to_dict())


def test_csv_for_excel_has_a_mark_that_excel_needs(exported: Any) -> None:
    assert exported("csv", "excel").read_bytes().startswith(b"\xef\xbb\xbfid,source,target,label")


@pytest.mark.parametrize("variant", ["edges", "nodes"])
def test_parquet_in_duckdb_and_pandas(kunming: Network, exported: Any, variant: str) -> None:
    file = exported("parquet", variant)
    rows = duckdb.read_parquet(str(file))
    table = pd.read_parquet(file).set_index("id")
    if variant == "edges":
        assert len(rows) == len(table) == kunming.edge_count
        assert str(rows.select("value").types[0]) == "DOUBLE"
        _assert_figure(table.loc[FIGURE].to_dict())
    else:
        assert len(rows) == len(table) == kunming.node_count
        assert str(rows.select("degree").types[0]) == "BIGINT"
        _assert_park(table.loc[PARK].to_dict())


def test_lists_are_lists_where_the_format_has_them(tmp_path: Path) -> None:
    links = ("https://a.example/;x", "https://b.example/|y")
    network = Network.of(
        [Node("ex:a", "urn:a", links=links, relations=(SKOS + "exactMatch",) * 2, classes=("ex:A", "ex:B"))],
        [Edge("ex:e", "ex:a", "ex:a", "ex:p", quotes=('he said "no"; then', "yes"))],
    )
    for name, variant, key, expected in (
        ("parquet", "nodes", "links", list(links)),
        ("parquet", None, "quotes", ['he said "no"; then', "yes"]),
    ):
        export(network, name, tmp_path / "a.parquet", variant=variant)
        (row,) = duckdb.read_parquet(str(tmp_path / "a.parquet")).df().to_dict("records")
        assert list(row[key]) == expected
    export(network, "neo4j", tmp_path / "neo4j")
    nodes, edges = (pd.read_csv(tmp_path / "neo4j" / name, dtype=str) for name in ("nodes.csv", "relationships.csv"))
    # neo4j-admin cuts at every array delimiter, whatever is around it.
    assert nodes["links:string[]"][0].split(";") == ["https://a.example/；x", "https://b.example/|y"]
    assert edges["quotes:string[]"][0].split(";") == ['he said "no"； then', "yes"]
    export(network, "kgx", tmp_path / "kgx")
    nodes = pd.read_csv(tmp_path / "kgx" / "nodes.tsv", sep="\t", dtype=str, quoting=3)
    # KGX cuts at every bar, and keeps room around it.
    assert nodes["xref"][0].split("|") == ["https://a.example/;x", "https://b.example/｜y"]


def test_kgx_tables_in_pandas(kunming: Network, exported: Any) -> None:
    with zipfile.ZipFile(exported("kgx")) as archive:
        nodes, edges = (
            pd.read_csv(archive.open(name), sep="\t", dtype=str, keep_default_na=False, quoting=3)
            for name in ("nodes.tsv", "edges.tsv")
        )
    assert (len(nodes), len(edges)) == (kunming.node_count, kunming.edge_count)
    assert {"id", "category", "name"} <= set(nodes.columns)
    assert {"id", "subject", "predicate", "object", "knowledge_level", "agent_type"} <= set(edges.columns)
    assert set(edges["subject"]) | set(edges["object"]) <= set(nodes["id"])
    _assert_park(nodes.set_index("id").loc[PARK].to_dict())
    _assert_figure(edges.set_index("id").loc[FIGURE].to_dict())


def test_neo4j_tables_in_an_embedded_cypher_engine(kunming: Network, tmp_path: Path) -> None:
    export(kunming, "neo4j", tmp_path / "neo4j")
    assert {file.name for file in (tmp_path / "neo4j").iterdir()} == {
        "nodes.csv",
        "relationships.csv",
        "import.cypher",
        "README.txt",
    }
    engine = ladybug.Connection(ladybug.Database(str(tmp_path / "db")))
    nodes = pd.read_csv(tmp_path / "neo4j" / "nodes.csv", dtype=str, keep_default_na=False)
    edges = pd.read_csv(tmp_path / "neo4j" / "relationships.csv", dtype=str, keep_default_na=False)
    assert list(nodes.columns[:3]) == ["id:ID", ":LABEL", "label:string"]
    assert list(edges.columns[:4]) == [":START_ID", ":END_ID", ":TYPE", "id:string"]
    engine.execute("CREATE NODE TABLE Thing (id STRING PRIMARY KEY, labels STRING, label STRING)")
    engine.execute("CREATE REL TABLE Related (FROM Thing TO Thing, type STRING, id STRING)")
    nodes[["id:ID", ":LABEL", "label:string"]].to_csv(tmp_path / "n.csv", index=False)
    edges[[":START_ID", ":END_ID", ":TYPE", "id:string"]].to_csv(tmp_path / "r.csv", index=False)
    engine.execute(f'COPY Thing FROM "{tmp_path}/n.csv" (header=true)')
    engine.execute(f'COPY Related FROM "{tmp_path}/r.csv" (header=true)')
    rows = engine.execute(
        "MATCH (p:Thing)-[r:Related]->(x:Thing) "
        "WHERE p.labels CONTAINS 'IndustrialPark' AND r.type = 'HAS_LEADING_INDUSTRY' RETURN p.label, x.label"
    )
    assert ["昆明高新技术产业开发区", "生物医药产业"] in list(rows)
    ((count,),) = engine.execute("MATCH ()-[r]->() RETURN COUNT(r)")
    assert count == kunming.edge_count


def test_neo4j_script_in_neo4js_own_parser(
    kunming_store: Store, kunming_prefixes: dict[str, str], tmp_path: Path, read_js: ReadJs
) -> None:
    network = read_network(kunming_store, prefixes=kunming_prefixes, around=PARK)
    export(network, "neo4j", tmp_path / "neo4j")
    seen = read_js("cypher", tmp_path / "neo4j" / "import.cypher")
    assert seen["complaints"] == []
    assert seen["statements"] >= network.node_count + network.edge_count + 2


def test_geojson_holds_what_has_coordinates(tmp_path: Path) -> None:
    file = tmp_path / "places.ttl"
    file.write_text(
        """\
@prefix ex: <https://example.org/> .
@prefix schema: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a a schema:Place ; rdfs:label "昆明"@zh-Hans ; schema:latitude 25.04 ; schema:longitude 102.71 .
ex:b a schema:Place ; schema:containedInPlace ex:a .
""",
        encoding="utf-8",
    )
    network = read_network(open_store(file), prefixes={"ex": "https://example.org/"})
    export(network, "geojson", tmp_path / "a.geojson")
    (feature,) = json.loads((tmp_path / "a.geojson").read_bytes())["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [102.71, 25.04]}
    assert (feature["id"], feature["properties"]["label"]) == ("ex:a", "昆明")


def test_geojson_without_coordinates_is_empty(exported: Any) -> None:
    assert json.loads(exported("geojson").read_bytes()) == {"type": "FeatureCollection", "features": []}


def test_networkx_object(kunming: Network) -> None:
    graph = to_networkx(kunming)
    assert (len(graph), graph.number_of_edges()) == (kunming.node_count, kunming.edge_count)
    _assert_park(graph.nodes[PARK])


def test_igraph_object(kunming: Network) -> None:
    graph = to_igraph(kunming)
    assert (graph.vcount(), graph.ecount()) == (kunming.node_count, kunming.edge_count)
    _assert_park(graph.vs.find(name=PARK).attributes())
    _assert_figure(graph.es.find(id=FIGURE).attributes())


def _default_graph(store: Store) -> rdflib.Graph:
    """Return the default graph as rdflib reads it from the engine's own N-Triples."""
    return _parsed("".join(_lines(store)), "nt")


def _lines(store: Store) -> list[str]:
    import io

    stream = io.BytesIO()
    store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").write(stream, "ntriples")
    return stream.getvalue().decode().splitlines(keepends=True)


def _parsed(text: str, form: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format=form)


@pytest.mark.parametrize(
    ("name", "of_rdflib", "of_oxigraph"),
    [
        ("turtle", "turtle", pyoxigraph.RdfFormat.TURTLE),
        ("ntriples", "nt", pyoxigraph.RdfFormat.N_TRIPLES),
        ("rdfxml", "xml", pyoxigraph.RdfFormat.RDF_XML),
    ],
)
def test_triples_in_rdflib_and_pyoxigraph(
    kunming_store: Store, exported: Any, name: str, of_rdflib: str, of_oxigraph: pyoxigraph.RdfFormat
) -> None:
    file = exported(name)
    expected = _default_graph(kunming_store)
    assert isomorphic(_parsed(file.read_text(encoding="utf-8"), of_rdflib), expected)
    again = pyoxigraph.serialize(
        (quad.triple for quad in pyoxigraph.parse(path=str(file), format=of_oxigraph)),
        format=pyoxigraph.RdfFormat.N_TRIPLES,
    )
    assert again is not None
    assert isomorphic(_parsed(again.decode(), "nt"), expected)


@pytest.mark.parametrize(
    ("name", "of_rdflib", "of_oxigraph"),
    [
        ("trig", "trig", pyoxigraph.RdfFormat.TRIG),
        ("nquads", "nquads", pyoxigraph.RdfFormat.N_QUADS),
        ("jsonld", "json-ld", pyoxigraph.RdfFormat.JSON_LD),
    ],
)
def test_quads_in_rdflib_and_pyoxigraph(
    kunming_store: Store, exported: Any, name: str, of_rdflib: str, of_oxigraph: pyoxigraph.RdfFormat
) -> None:
    file = exported(name)
    seen = rdflib.Dataset().parse(file, format=of_rdflib)
    assert isinstance(seen, rdflib.Dataset)
    counts = {str(graph.identifier): len(graph) for graph in seen.graphs() if len(graph)}
    store = pyoxigraph.Store()
    store.load(path=str(file), format=of_oxigraph)
    for graph in kunming_store.graphs():
        assert counts[graph.value] == kunming_store.count(graph)  # type: ignore[arg-type] # no blank graphs here
        named = pyoxigraph.NamedNode(graph.value)
        assert sum(1 for _ in store.quads_for_pattern(None, None, None, named)) == counts[graph.value]
    default = rdflib.Graph()
    for triple in seen.default_graph:
        default.add(triple)
    assert isomorphic(default, _default_graph(kunming_store))


def test_rdf12_reifies_what_each_sentence_states(kunming_store: Store, exported: Any) -> None:
    store = pyoxigraph.Store()
    store.load(path=str(exported("rdf12")), format=pyoxigraph.RdfFormat.TURTLE)
    stated = kunming_store.query(
        "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } ?g a <https://w3id.org/industrial-park/ns#Sentence> }"
    )
    reifies = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")
    assert sum(1 for _ in store.quads_for_pattern(None, reifies, None)) == sum(1 for _ in stated.rows())
    rows = store.query(
        """\
PREFIX ip: <https://w3id.org/industrial-park/ns#>
PREFIX industry: <https://w3id.org/industrial-park/industry/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?number {
    ?sentence rdf:reifies <<( ?park ip:hasLeadingIndustry industry:biomedicine )>> ; ip:number ?number
}"""
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert [row[0].value for row in rows] == ["30"]


def test_jsonld_has_short_names(exported: Any) -> None:
    document = json.loads(exported("jsonld").read_bytes())
    park = next(node for node in document["@graph"] if node["@id"] == PARK)
    assert document["@context"]["hasLeadingIndustry"] == {"@id": "ip:hasLeadingIndustry", "@type": "@id"}
    assert "industry:biomedicine" in park["hasLeadingIndustry"]
    assert park["prefLabel"]["en"] == "Kunming Hi-tech Industrial Development Zone"


def test_rdf_of_a_part_says_everything_of_its_things_statements_and_sentences(
    kunming_store: Store, kunming_prefixes: dict[str, str], tmp_path: Path
) -> None:
    network = read_network(kunming_store, prefixes=kunming_prefixes, around=PARK, include=["ip:hasLeadingIndustry"])
    export(network, "turtle", tmp_path / "a.ttl")
    graph = rdflib.Graph().parse(tmp_path / "a.ttl")
    edges = graph.subject_objects(rdflib.URIRef("https://w3id.org/industrial-park/ns#hasLeadingIndustry"))
    assert len(list(edges)) == network.edge_count == 3
    sentences = {sentence for edge in network.edges() for sentence in edge.sentences}
    assert len(set(graph.subjects())) == network.node_count + len(sentences) == 5
    assert not list(graph.triples((None, rdflib.URIRef("https://schema.org/containedInPlace"), None)))


def test_rdf12_of_a_part_has_the_sentences_that_say_it(
    kunming_store: Store, kunming_prefixes: dict[str, str], tmp_path: Path
) -> None:
    network = read_network(kunming_store, prefixes=kunming_prefixes, around=PARK, include=["ip:hasLeadingIndustry"])
    export(network, "rdf12", tmp_path / "a.ttl")
    store = pyoxigraph.Store()
    store.load(path=str(tmp_path / "a.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    rows = store.query(
        """\
PREFIX ip: <https://w3id.org/industrial-park/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT DISTINCT ?number { ?sentence rdf:reifies <<( ?park ip:hasLeadingIndustry ?industry )>> ; ip:number ?number }"""
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert {int(row[0].value) for row in rows} == {number for edge in network.edges() for number in edge.evidence}


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?i ip:leads ?p ; rdfs:label 'new' } WHERE { ?p ip:hasLeadingIndustry ?i }",
        "SELECT (?i AS ?source) (ip:leads AS ?predicate) (?p AS ?target) { ?p ip:hasLeadingIndustry ?i }",
    ],
)
def test_rdf_of_a_query_has_the_triples_that_it_makes(
    query: str, kunming_store: Store, kunming_prefixes: dict[str, str], tmp_path: Path
) -> None:
    network = read_network(kunming_store, prefixes=kunming_prefixes, query=query)
    export(network, "turtle", tmp_path / "a.ttl")
    graph = rdflib.Graph().parse(tmp_path / "a.ttl")
    made = graph.subject_objects(rdflib.URIRef("https://w3id.org/industrial-park/ns#leads"))
    assert len(list(made)) == network.edge_count > 3
    assert bool(list(graph.subjects(None, rdflib.Literal("new")))) == query.startswith("CONSTRUCT")


@pytest.mark.parametrize("name", [name for name in EXPORTERS if name not in {"svg", "png"}])
def test_two_exports_of_one_graph_are_equal(
    name: str, kunming: Network, kunming_store: Store, kunming_prefixes: dict[str, str], tmp_path: Path
) -> None:
    export(kunming, name, tmp_path / "a.zip")
    export(read_network(kunming_store, prefixes=kunming_prefixes), name, tmp_path / "b.zip")
    first, second = ((tmp_path / one).read_bytes() for one in ("a.zip", "b.zip"))
    assert first == second
    assert not re.search(rb"/tmp/", first)


def test_json_graph_keeps_to_its_schema(kunming: Network, exported: Any) -> None:
    # http://jsongraphformat.info/v2.0/json-graph-schema.json: names of members, and nothing else.
    document = json.loads(exported("nodelink", "jgf").read_bytes())
    assert set(document) == {"graph"}
    graph = document["graph"]
    assert {name: type(value) for name, value in graph.items()} == {
        "directed": bool,
        "label": str,
        "metadata": dict,
        "nodes": dict,
        "edges": list,
    }
    assert (len(graph["nodes"]), len(graph["edges"])) == (kunming.node_count, kunming.edge_count)
    assert all({name: type(v) for name, v in node.items()} == _NODE for node in graph["nodes"].values())
    assert all({name: type(v) for name, v in edge.items()} == _EDGE for edge in graph["edges"])
    assert {end for edge in graph["edges"] for end in (edge["source"], edge["target"])} <= set(graph["nodes"])
    _assert_park(graph["nodes"][PARK]["metadata"])
    _assert_figure(next(edge["metadata"] for edge in graph["edges"] if edge["id"] == FIGURE))


_NODE = {"label": str, "metadata": dict}
_EDGE = {"id": str, "source": str, "target": str, "relation": str, "label": str, "metadata": dict}


def test_pajek_in_igraph(kunming: Network, exported: Any) -> None:
    graph = igraph.Graph.Read_Pajek(str(exported("pajek")))
    assert (graph.vcount(), graph.ecount()) == (kunming.node_count, kunming.edge_count)
    assert "昆明高新技术产业开发区" in graph.vs["name"]
    assert "差额: 工业总产值 3.9個" in graph.es["label"]
