"""What becomes a node, what becomes an edge, and which part of a graph is taken."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kgtool.errors import NotFoundError, QueryError
from kgtool.network import Edge, Key, Network, read_network, with_attributes
from kgtool.store import Store, open_store

PREFIXES = {
    "ex": "https://example.org/id/",
    "ip": "https://w3id.org/industrial-park/ns#",
    "s": "https://example.org/s",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}

_GRAPH = """\
@prefix ex: <https://example.org/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix s: <https://example.org/s> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

s:1 a ip:Sentence ; ip:number 1 .
s:2 a ip:Sentence ; ip:number 2 .
s:10 a ip:Sentence ; ip:number 10 .
ip:ActionPlan a owl:Class ; rdfs:subClassOf ip:PolicyInstrument ; rdfs:label "行动计划"@zh-Hans, "action plan"@en .
ip:hasLeadingIndustry a owl:ObjectProperty ; rdfs:label "主导产业"@zh-Hans, "has leading industry"@en .
ip:Level skos:prefLabel "水平"@zh-Hans, "level"@en .
ex:output a ip:Indicator ; rdfs:isDefinedBy ip: ; skos:prefLabel "产值"@zh-Hans, "output"@en .
ex:unused a ip:Indicator ; rdfs:isDefinedBy ip: ; skos:broader ex:output2 .
ex:output2 a ip:Indicator ; rdfs:isDefinedBy ip: .
ex:park a ip:IndustrialPark, schema:Place ;
    skos:prefLabel "园区"@zh-Hans, "園區"@zh-Hant, "Park"@en ;
    skos:definition "A park."@en ; skos:exactMatch <http://www.wikidata.org/entity/Q1> ; ip:area 12 ;
    ip:hasLeadingIndustry ex:optics ; ip:plansMechanism ex:chain ; schema:containedInPlace ex:city .
ex:optics a ip:Industry ; skos:prefLabel "光学"@zh-Hans, "光學"@zh-Hant, "Optics"@en .
ex:chain a ip:Mechanism .
ex:city a ip:AdministrativeArea .
ex:plan a ip:ActionPlan ; ip:period ex:year .
ex:alone a ip:Company .
ex:year a ip:Period ; ip:start "2023-01-01"^^xsd:date ; ip:end "2023-12-31"^^xsd:date ; skos:prefLabel "2023"@en .
ex:level a ip:Observation, qb:Observation ; ip:subject ex:park ; ip:indicator ex:output ; ip:statisticType ip:Level ;
    ip:counterpart ip:NotApplicable ; ip:value 4486.20 ; ip:scale 100000000 ; ip:valueAsWritten "4486.20亿元" ;
    ip:period ex:year ; ip:quote "产值4486.20亿元"@zh .
ex:share a ip:Observation ; ip:subject ex:park ; ip:indicator ex:output ; ip:counterpart ex:city ; ip:value 33 .
ex:filing a ip:Recognition ; ip:recognizedEntity ex:park ; ip:title ex:green ; ip:status ip:Filed ; ip:batch 2 .
ex:green a ip:Title .
ex:top a ip:Ranking ; ip:rankedEntity ex:park ; ip:rankingList ex:list ; ip:rank 30 ; ip:rankedAmong 80 .
ex:list a ip:RankingList .
ex:demand a ip:Directive ; ip:addressedTo ex:park ; ip:quote "要创新"@zh .

s:1 { ex:park ip:hasLeadingIndustry ex:optics }
s:10 { ex:park ip:hasLeadingIndustry ex:optics . ex:level a ip:Observation ; ip:quote "产值4486.20亿元"@zh }
s:2 {
    ex:park ip:hasLeadingIndustry ex:optics ; ip:plansMechanism ex:chain .
    ex:demand a ip:Directive ; ip:addressedTo ex:park ; ip:quote "要创新"@zh .
}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    file = tmp_path_factory.mktemp("network") / "graph.trig"
    file.write_text(_GRAPH, encoding="utf-8")
    return open_store(file)


@pytest.fixture(scope="module")
def network(store: Store) -> Network:
    return read_network(store, prefixes=PREFIXES, lang="en")


def _ids(network: Network) -> list[str]:
    return [edge.id for edge in network.edges()]


def test_a_direct_edge_has_every_sentence_that_says_it_in_reading_order(network: Network) -> None:
    edge = next(edge for edge in network.edges() if edge.predicate == "ip:hasLeadingIndustry")
    assert (edge.id, edge.label) == ("ex:park..ip:hasLeadingIndustry..ex:optics", "has leading industry")
    assert (edge.evidence, edge.sentences) == ((1, 2, 10), ("s:1", "s:2", "s:10"))
    assert edge.modality == "stated"


def test_a_figure_without_counterpart_leads_to_its_indicator(network: Network) -> None:
    edge = next(edge for edge in network.edges() if edge.id == "ex:level")
    assert (edge.source, edge.target, edge.predicate) == ("ex:park", "ex:output", "ip:Observation")
    assert (edge.value, edge.scale, edge.written) == (Decimal("4486.2"), Decimal(100000000), "4486.20亿元")
    assert (edge.label, edge.indicator, edge.statistic) == ("level: output", "output", "level")
    assert (edge.period, edge.start, edge.end) == ("2023", "2023-01-01", "2023-12-31")
    assert (edge.evidence, edge.quotes) == ((10,), ("产值4486.20亿元",))
    assert edge.statement == "https://example.org/id/level"


def test_a_figure_with_counterpart_leads_to_it(network: Network) -> None:
    edge = next(edge for edge in network.edges() if edge.id == "ex:share")
    assert (edge.source, edge.target, edge.indicator) == ("ex:park", "ex:city", "output")


def test_a_filed_recognition_is_no_granted_one(network: Network) -> None:
    edge = next(edge for edge in network.edges() if edge.id == "ex:filing")
    assert (edge.source, edge.target, edge.modality) == ("ex:park", "ex:green", "filed")
    assert (edge.status, edge.batch) == ("Filed", "2")


def test_a_ranking_leads_to_its_list(network: Network) -> None:
    edge = next(edge for edge in network.edges() if edge.id == "ex:top")
    assert (edge.source, edge.target, edge.rank, edge.ranked_among) == ("ex:park", "ex:list", 30, 80)


def test_modality_is_of_the_statement_or_the_predicate(network: Network) -> None:
    assert {edge.id: edge.modality for edge in network.edges() if not edge.statement} == {
        "ex:demand..ip:addressedTo..ex:park": "demanded",
        "ex:park..ip:hasLeadingIndustry..ex:optics": "stated",
        "ex:park..ip:plansMechanism..ex:chain": "planned",
        "ex:park..schema:containedInPlace..ex:city": "background",
    }


def test_a_node_has_its_most_specific_class_its_labels_and_links(network: Network) -> None:
    park = next(node for node in network.nodes() if node.id == "ex:park")
    assert (park.class_, park.classes) == ("ip:IndustrialPark", ("ip:IndustrialPark", "schema:Place"))
    assert (park.label, park.labels) == ("Park", {"zh-Hans": "园区", "zh-Hant": "園區", "en": "Park"})
    assert (park.description, park.links) == ("A park.", ("http://www.wikidata.org/entity/Q1",))
    assert park.relations == ("skos:exactMatch",)
    assert park.degree == 8
    assert park.attributes == {}


def test_a_statement_of_many_ends_is_a_node_with_its_proof(network: Network) -> None:
    demand = next(node for node in network.nodes() if node.id == "ex:demand")
    assert (demand.label, demand.modality, demand.evidence) == ("要创新", "demanded", (2,))


def test_a_node_has_the_days_of_its_period(network: Network) -> None:
    plan = next(node for node in network.nodes() if node.id == "ex:plan")
    assert (plan.start, plan.end) == ("2023-01-01", "2023-12-31")


def test_sentences_ontology_and_unused_vocabulary_are_no_nodes(network: Network) -> None:
    assert [node.id for node in network.nodes()] == [
        "ex:alone",
        "ex:chain",
        "ex:city",
        "ex:demand",
        "ex:green",
        "ex:list",
        "ex:optics",
        "ex:output",
        "ex:park",
        "ex:plan",
    ]


def test_counts_and_order(network: Network) -> None:
    nodes, edges = list(network.nodes()), list(network.edges())
    assert (network.node_count, network.edge_count) == (len(nodes), len(edges)) == (10, 8)
    assert [node.id for node in nodes] == sorted(node.id for node in nodes)
    assert [edge.id for edge in edges] == sorted(edge.id for edge in edges)
    assert {end for edge in edges for end in (edge.source, edge.target)} <= {node.id for node in nodes}


def test_exclude_a_class_a_statement_and_a_predicate(store: Store) -> None:
    network = read_network(store, prefixes=PREFIXES, exclude=["ip:Title", "ip:Observation", "schema:containedInPlace"])
    assert _ids(network) == [
        "ex:demand..ip:addressedTo..ex:park",
        "ex:park..ip:hasLeadingIndustry..ex:optics",
        "ex:park..ip:plansMechanism..ex:chain",
        "ex:top",
    ]


def test_include_predicates_leaves_out_what_they_do_not_touch(store: Store) -> None:
    network = read_network(store, prefixes=PREFIXES, include=["ip:hasLeadingIndustry"])
    assert _ids(network) == ["ex:park..ip:hasLeadingIndustry..ex:optics"]
    assert [node.id for node in network.nodes()] == ["ex:optics", "ex:park"]


def test_include_a_class_takes_those_below_it(store: Store) -> None:
    network = read_network(store, prefixes=PREFIXES, include=["ip:PolicyInstrument"])
    assert [node.id for node in network.nodes()] == ["ex:plan"]


def test_include_brings_in_what_is_left_out(store: Store) -> None:
    network = read_network(store, prefixes=PREFIXES, include=["ip:Sentence"])
    assert [node.id for node in network.nodes()] == ["s:1", "s:10", "s:2"]


def test_around_a_thing(store: Store) -> None:
    near = read_network(store, prefixes=PREFIXES, around="光學", hops=1)
    assert [node.id for node in near.nodes()] == ["ex:optics", "ex:park"]
    further = read_network(store, prefixes=PREFIXES, around="ex:optics", hops=2)
    assert further.node_count == 8
    alone = read_network(store, prefixes=PREFIXES, around="ex:park", hops=0)
    assert ([node.id for node in alone.nodes()], alone.edge_count) == (["ex:park"], 0)


def test_modality(store: Store) -> None:
    network = read_network(store, prefixes=PREFIXES, modality=["planned", "filed"])
    assert _ids(network) == ["ex:filing", "ex:park..ip:plansMechanism..ex:chain"]


def test_construct_makes_the_edges(store: Store) -> None:
    query = "CONSTRUCT { ?i ip:leads ?p } WHERE { ?p ip:hasLeadingIndustry ?i }"
    network = read_network(store, prefixes=PREFIXES, query=query)
    assert _ids(network) == ["ex:optics..ip:leads..ex:park"]
    assert [node.label for node in network.nodes()] == ["光学", "园区"]


def test_select_makes_the_edges(store: Store) -> None:
    query = "SELECT (?i AS ?source) (?p AS ?target) ('运' AS ?label) (7 AS ?value) { ?p ip:hasLeadingIndustry ?i }"
    (edge,) = read_network(store, prefixes=PREFIXES, query=query).edges()
    assert (edge.source, edge.target, edge.label, edge.value) == ("ex:optics", "ex:park", "运", Decimal(7))


def _asked(store: Store, query: str, **options: Any) -> list[Edge]:
    return list(read_network(store, prefixes=PREFIXES, query=query, **options).edges())


def test_edges_of_a_query_have_the_sentences_that_say_their_triple(store: Store) -> None:
    triple = "?source ?predicate ?target FILTER(?predicate = ip:hasLeadingIndustry)"
    for query in (
        f"SELECT ?source ?predicate ?target {{ {triple} }}",
        f"CONSTRUCT {{ ?source ?predicate ?target }} WHERE {{ {triple} }}",
    ):
        (edge,) = _asked(store, query)
        assert edge.id == "ex:park..ip:hasLeadingIndustry..ex:optics"
        assert (edge.label, edge.modality, edge.evidence) == ("主导产业", "stated", (1, 2, 10))


def test_edges_of_a_query_are_meant_as_what_they_start_from_and_made_ones_are_derived(store: Store) -> None:
    query = "SELECT ?source ?predicate ?target { VALUES (?source ?predicate ?target) {"
    query += " (ex:demand ip:addressedTo ex:park) (ex:park ip:near ex:city) (ex:park schema:containedInPlace ex:city)"
    query += " (ex:park ip:plansMechanism ex:chain) (ex:park UNDEF ex:city) } }"
    assert {edge.predicate: edge.modality for edge in _asked(store, query)} == {
        "": "derived",
        "ip:addressedTo": "demanded",
        "ip:near": "derived",
        "ip:plansMechanism": "planned",
        "schema:containedInPlace": "background",
    }
    assert [edge.predicate for edge in _asked(store, query, modality=["planned"])] == ["ip:plansMechanism"]
    assert [edge.predicate for edge in _asked(store, query, include=["schema:containedInPlace"])] == [
        "schema:containedInPlace"
    ]
    assert "ip:addressedTo" not in {edge.predicate for edge in _asked(store, query, exclude=["ip:addressedTo"])}


def test_rows_with_the_same_ends_and_other_values_are_several_edges_and_rows_that_are_equal_one(store: Store) -> None:
    rows = ["'b' 2 s:2", "'a' 1 s:10", "'b' 2 s:1", "'a' 1 s:10", "'a' 'many' UNDEF"]
    query = "SELECT ?source ?target ?label ?value ?sentence { VALUES (?source ?target ?label ?value ?sentence) {"
    for order in (rows, rows[::-1]):
        edges = _asked(store, f"{query} {' '.join(f'(ex:park ex:city {row})' for row in order)} }} }}")
        assert [(edge.id, edge.label, edge.value, edge.written, edge.evidence) for edge in edges] == [
            ("ex:park....ex:city", "a", Decimal(1), "", (10,)),
            ("ex:park....ex:city..2", "a", None, "many", ()),
            ("ex:park....ex:city..3", "b", Decimal(2), "", (1, 2)),
        ]


def test_every_triple_that_a_query_constructs_is_an_edge(store: Store) -> None:
    (edge,) = _asked(store, "CONSTRUCT { ex:park skos:narrower ex:city ; a ip:Facility ; skos:prefLabel 'x' } WHERE {}")
    assert (edge.source, edge.predicate, edge.target) == ("ex:park", "skos:narrower", "ex:city")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?s { ?s ?p ?o }", "the query makes no edges; write CONSTRUCT, or SELECT with the columns"),
        ("SELECT ?source ('x' AS ?target) { ?source a ip:Title }", "row 1 has no IRI as ?source or ?target"),
    ],
)
def test_a_query_that_makes_no_edges_is_refused(store: Store, query: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        read_network(store, prefixes=PREFIXES, query=query)
    assert message in str(caught.value)


def test_literals_become_attributes_with_types(store: Store) -> None:
    network = read_network(store, prefixes=PREFIXES, literals=True)
    park = next(node for node in network.nodes() if node.id == "ex:park")
    assert park.attributes == {"ip:area": 12}
    assert Key("ip:area", "integer", "ip:area") in network.keys


@pytest.mark.parametrize(
    ("written", "type_", "value"),
    [
        ("12, 13", "string", ("12", "13")),
        ("-12", "integer", -12),
        ("12.50", "double", 12.5),
        ("1.5e3", "double", 1500.0),
        ("4486200000000", "double", 4486200000000.0),
        ("true", "boolean", True),
        ('"true"', "string", "true"),
        ('"a"@en, "a"@de', "string", "a"),
        ('"NaN"^^xsd:double', "string", "NaN"),
        ('"-INF"^^xsd:float', "string", "-INF"),
        ('"1e999"^^xsd:decimal', "string", "1e999"),
        ('"twelve"^^xsd:integer', "string", "twelve"),
        ('"2023-12-31"^^xsd:date', "string", "2023-12-31"),
    ],
)
def test_a_literal_has_the_type_that_other_programs_read(
    written: str, type_: str, value: object, tmp_path: Path
) -> None:
    file = tmp_path / "a.ttl"
    head = "@prefix ex: <https://example.org/id/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    file.write_text(f"{head}ex:a a ex:Thing ; ex:p {written} .", encoding="utf-8")
    network = read_network(open_store(file), prefixes=PREFIXES, literals=True)
    (node,) = network.nodes()
    assert network.keys == (Key("ex:p", type_, "ex:p"),)
    assert node.attributes == {"ex:p": value}
    assert type(node.attributes["ex:p"]) is type(value)


def test_a_figure_that_would_fill_the_memory_is_none(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(
        """
@prefix ex: <https://example.org/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
ex:a a ip:Observation ; ip:subject ex:b ; ip:indicator ex:c ; ip:value 1e999999999 ; ip:scale 100 .
ex:b a ex:Thing .
ex:c a ex:Thing .
""",
        encoding="utf-8",
    )
    (edge,) = read_network(open_store(file), prefixes=PREFIXES).edges()
    assert edge.value is None
    assert edge.scale == 100


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"include": ["ip:Nothing"]}, "'ip:Nothing' is no class or predicate that this graph uses"),
        ({"exclude": ["nothing at all"]}, "nothing is called 'nothing at all'"),
        ({"around": "无此园区"}, "nothing is called '无此园区'"),
        ({"modality": ["hoped"]}, "no modality 'hoped'"),
    ],
)
def test_names_that_mean_nothing_are_refused(store: Store, given: dict[str, Any], message: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        read_network(store, prefixes=PREFIXES, **given)
    assert message in str(caught.value)


def test_an_analysis_adds_attributes(network: Network) -> None:
    ranked = with_attributes(network, [Key("rank", "double", "rank")], {"ex:park": {"rank": 0.5}})
    assert {node.id: node.attributes for node in ranked.nodes() if node.attributes} == {"ex:park": {"rank": 0.5}}
    assert [key.name for key in ranked.keys] == ["rank"]


def test_a_watched_network_says_how_far_it_is(network: Network) -> None:
    seen: list[int] = []
    watched = network.watched(seen.append, every=4)
    assert len(list(watched.nodes())) + len(list(watched.edges())) == sum(seen) == 18


def test_a_graph_of_other_vocabularies_is_a_network_too(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(
        "@prefix f: <http://xmlns.com/foaf/0.1/> . <urn:a> f:knows <urn:b> ; f:name 'A' .", encoding="utf-8"
    )
    network = read_network(open_store(file), prefixes={"foaf": "http://xmlns.com/foaf/0.1/"})
    (edge,) = network.edges()
    assert (edge.id, edge.label) == ("urn:a..foaf:knows..urn:b", "knows")
    assert [node.label for node in network.nodes()] == ["a", "b"]
