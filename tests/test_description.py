"""What is said of a thing, with the sentences that say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.description import describe
from kgtool.store import Store, open_store

EX = "https://example.org/id/"
S = "https://example.org/article/a/s"
PREFIXES = {"ex": EX, "ip": "https://w3id.org/industrial-park/ns#"}

DATA = """
@prefix ex: <https://example.org/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix s: <https://example.org/article/a/s> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
ENTITIES = """
ex:park a ip:IndustrialPark ; skos:prefLabel "东园"@zh-Hans, "東園"@zh-Hant, "East Park"@en ;
    skos:altLabel "东"@zh-Hans ; skos:hiddenLabel "东園"@zh ; skos:definition "A park."@en .
ip:IndustrialPark rdfs:label "产业园区"@zh-Hans, "industrial park"@en .
ip:hasIndustry rdfs:label "has industry"@en . ip:subject rdfs:label "subject"@en . ip:plans rdfs:label "plans"@en .
ex:optics skos:prefLabel "Optics"@en . ex:ships skos:prefLabel "Ships"@en .
ex:output skos:prefLabel "output"@en . ex:y2023 skos:prefLabel "2023"@en .
s:2 a ip:Sentence ; ip:number 2 . s:10 a ip:Sentence ; ip:number 10 .
ex:park ip:near ex:lake .
"""
SAID_2 = "ex:park ip:hasIndustry ex:ships ."
SAID_10 = """
ex:park ip:hasIndustry ex:ships, ex:optics .
ex:o1 a ip:Observation ; ip:subject ex:park ; ip:indicator ex:output ; ip:value 12.5 ; ip:valueAsWritten "12.50亿元" ;
    ip:period ex:y2023 ; ip:quote "产值12.50亿元" .
ex:r1 a ip:Recognition ; ip:subject ex:park ; ip:quote "获评" .
ex:park ip:plans ex:p1 . ex:p1 a ip:PlannedMeasure ; ip:quote "将建设" .
"""
DERIVED = """
ex:d1 a ip:DerivedObservation ; ip:subject ex:park ; ip:indicator ex:output ; ip:value 3.5 ; ip:scale 100000000.0 ;
    ip:unit ex:percent .
ex:park ip:total 7 .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    file = tmp_path_factory.mktemp("description") / "data.trig"
    graphs = {S + "2": SAID_2, S + "10": SAID_10, "https://example.org/graph/derived": DERIVED}
    named = "".join(f"<{name}> {{ {triples} }}\n" for name, triples in graphs.items())
    file.write_text(DATA + ENTITIES + SAID_2 + SAID_10 + DERIVED + named, encoding="utf-8")
    return open_store(file)


def test_a_thing_has_its_names_classes_and_definition(store: Store) -> None:
    thing = describe(store, EX + "park", prefixes=PREFIXES, languages=("en",))
    assert thing[:5] == (
        EX + "park",
        {"zh-Hans": "东园", "zh-Hant": "東園", "en": "East Park"},
        ("东", "东園"),
        {PREFIXES["ip"] + "IndustrialPark": "industrial park"},
        "A park.",
    )


def test_facts_are_grouped_by_predicate_each_with_its_sentences_in_reading_order(store: Store) -> None:
    facts = describe(store, EX + "park", prefixes=PREFIXES, languages=("en",)).facts
    assert [
        (
            fact.direction,
            fact.predicate_label,
            fact.label,
            [one.removeprefix(S) for one in fact.sentences],
            fact.modality,
        )
        for fact in facts
    ] == [
        ("out", "has industry", "Ships", ["2", "10"], "stated"),
        ("out", "has industry", "Optics", ["10"], "stated"),
        ("out", "ip:near", "ex:lake", [], "background"),
        ("out", "ip:total", "7", [], "derived"),
        ("out", "plans", "ip:PlannedMeasure: “将建设”", ["10"], "planned"),
        ("in", "subject", "ip:Recognition: “获评”", ["10"], "stated"),
        ("in", "subject", "output: 12.50亿元 (2023)", ["10"], "stated"),
        ("in", "subject", "output: 3.5 × 10^8 ex:percent", [], "derived"),
    ]


def test_what_nothing_is_said_of_has_no_facts(store: Store) -> None:
    assert describe(store, EX + "nothing", prefixes=PREFIXES) == (EX + "nothing", {}, (), {}, "", ())


def test_a_thing_that_stands_at_both_ends_is_named_once(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text("<urn:a> <urn:knows> <urn:a> .", encoding="utf-8")
    assert [fact.direction for fact in describe(open_store(file), "urn:a", prefixes={}).facts] == ["out"]
