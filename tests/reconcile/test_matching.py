"""Candidates: what is found, how it is rated, and when the service is sure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kgtool.errors import QueryError
from kgtool.namespaces import IP, SKOS
from kgtool.reconcile import BATCH_SIZE, BatchTooLargeError, Source, read_batch, read_extension, reconcile
from kgtool.reconcile import extend as extend_by
from kgtool.store import open_store

_PREFIXES = {"ex": "https://example.org/id/", "ip": IP, "skos": SKOS, "o": "https://example.org/o#"}
_GRAPH = """\
@prefix ex: <https://example.org/id/> .
@prefix o: <https://example.org/o#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
o:Place a owl:Class ; rdfs:label "place"@en, "地方"@zh-Hans .
o:City a owl:Class ; rdfs:subClassOf o:Place ; rdfs:label "city"@en .
o:Band a owl:Class ; rdfs:label "band"@en .
ex:springfield-1 a o:City ; skos:prefLabel "Springfield"@en ; o:in ex:north ; o:people 1200 .
ex:springfield-2 a o:City ; skos:prefLabel "Springfield"@en ; o:in ex:south ; o:people 99.5 .
ex:anning a o:City ; skos:prefLabel "安宁市"@zh-Hans, "安寧市"@zh-Hant ; skos:altLabel "安宁"@zh-Hans ;
    skos:definition "A city."@en ; o:since "2001-02-03"^^xsd:date ; o:open true ; o:years "2001"^^xsd:gYear .
ex:city-band a o:Band ; skos:prefLabel "City"@en .
ex:north a o:Place ; skos:prefLabel "North"@en .
ex:south a o:Place ; skos:prefLabel "South"@en .
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    file = tmp_path_factory.mktemp("reconcile") / "places.ttl"
    file.write_text(_GRAPH, encoding="utf-8")
    return Source(open_store(file), prefixes=_PREFIXES, base="https://example.org/")


def ask(source: Source, **query: Any) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = reconcile(source, read_batch(json.dumps({"q": query})))["q"]["result"]
    return result


def test_a_candidate_says_what_it_is(source: Source) -> None:
    assert ask(source, query="安寧市", type="o:Place")[0] == {
        "id": "id/anning",
        "name": "安寧市",
        "description": "A city.",
        "type": [{"id": "o:City", "name": "city"}],
        "score": 100.0,
        "match": True,
        "features": [{"id": "name", "value": 100.0}, {"id": "type", "value": True}],
    }


def test_two_of_one_name_are_no_match(source: Source) -> None:
    found = ask(source, query="springfield")
    assert [(one["score"], one["match"]) for one in found] == [(100.0, False)] * 2


@pytest.mark.parametrize("value", ["North", {"id": "id/north"}, {"id": "ex:north"}, ["West", "North"]])
def test_a_property_decides_between_two(source: Source, value: Any) -> None:
    found = ask(source, query="Springfield", properties=[{"pid": "o:in", "v": value}])
    assert [(one["id"], one["score"], one["match"]) for one in found] == [
        ("id/springfield-1", 100.0, True),
        ("id/springfield-2", 70.0, False),
    ]


@pytest.mark.parametrize("value", [1200, "1200", 1200.0, "1.2e3"])
def test_numbers_are_compared_as_numbers(source: Source, value: Any) -> None:
    assert ask(source, query="Springfield", properties=[{"pid": "o:people", "v": value}])[0]["id"] == "id/springfield-1"


def test_a_property_that_a_thing_has_not_does_nothing(source: Source) -> None:
    plain, other = ask(source, query="安宁"), ask(source, query="安宁", properties=[{"pid": "o:nothing", "v": 1}])
    assert plain == other
    assert plain[0]["match"]


def test_properties_alone_find_things(source: Source) -> None:
    found = ask(source, properties=[{"pid": "o:in", "v": "south"}])
    assert [(one["id"], one["score"], one["match"]) for one in found] == [("id/springfield-2", 80.0, False)]


@pytest.mark.parametrize(
    ("types", "strict", "found"),
    [
        ("", "should", ["id/city-band"]),
        (["", "o:Band"], "any", ["id/city-band"]),
        ("o:Place", "any", []),
        (["o:City", "o:Band"], "all", []),
        (["o:City", "o:Band"], "any", ["id/city-band"]),
        ("o:Nothing", "any", []),
    ],
)
def test_types_leave_others_out(source: Source, types: Any, strict: str, found: list[str]) -> None:
    # The class of that name is a term of the vocabulary and never a candidate.
    exact = [one for one in ask(source, query="City", type=types, type_strict=strict) if one["score"] == 100]
    assert [one["id"] for one in exact] == found


def test_a_type_above_both_is_had_by_a_thing_of_the_one_below(source: Source) -> None:
    found = ask(source, query="安宁市", type=["o:City", "o:Place"], type_strict="all")
    assert [one["id"] for one in found] == ["id/anning"]


def test_a_type_that_is_wished_for_takes_from_the_score_of_others(source: Source) -> None:
    (found,) = ask(source, query="City", type="o:City", type_strict="should", limit=1)
    assert (found["id"], found["score"], found["match"]) == ("id/city-band", 60.0, False)
    assert {"id": "type", "value": False} in found["features"]


@pytest.mark.parametrize("text", ["id/anning", "ex:anning", "https://example.org/id/anning"])
def test_an_identifier_is_a_name(source: Source, text: str) -> None:
    found = ask(source, query=text)
    assert (found[0]["id"], found[0]["score"], found[0]["match"]) == ("id/anning", 100.0, True)


@pytest.mark.parametrize("text", ["", "   ", "\ud800", "\x00", '"', "' OR 1=1 --", "} <urn:x>", "NEAR(", "*"])
def test_any_text_can_be_asked(source: Source, text: str) -> None:
    assert ask(source, query=text) == []


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        ("[]", "queries is not an object"),
        ("{", "queries is not JSON"),
        ('{"a": 1}', "query 'a' is not an object"),
        ('{"a": {}}', "query 'a' has neither query nor properties"),
        ('{"a": {"query": 1}}', "query of query 'a' is not a text"),
        ('{"a": {"query": "x", "limit": -1}}', "limit of query 'a' is not one"),
        ('{"a": {"query": "x", "limit": true}}', "limit of query 'a' is not one"),
        ('{"a": {"query": "x", "limit": NaN}}', "NaN is no number"),
        ('{"a": {"query": "x", "type_strict": "no"}}', "type_strict of query 'a'"),
        ('{"a": {"query": "x", "type": {"name": 1}}}', "type of query 'a' is not a text"),
        ('{"a": {"query": "x", "wat": 1}}', "query 'a' has 'wat'"),
        ('{"a": {"query": "x", "properties": [{"pid": "p"}]}}', "a property of query 'a' has no v"),
        ('{"a": {"query": "x", "properties": [{"pid": "p", "v": {"name": "x"}}]}}', "id of a value"),
        ('{"a": {"query": "x", "properties": [{"pid": "p", "v": [[]]}]}}', "v of query 'a' is not a value"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": {"query": "%s"}}' % ("x" * 1001), "more than 1000 characters"),
    ],
)
def test_a_malformed_query_is_named(batch: str, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        read_batch(batch)
    assert words in caught.value.message


def test_a_batch_may_have_so_many_queries_and_no_more() -> None:
    queries = {f"q{number}": {"query": "x"} for number in range(BATCH_SIZE)}
    assert len(read_batch(json.dumps(queries))) == BATCH_SIZE
    with pytest.raises(BatchTooLargeError):
        read_batch(json.dumps({**queries, "more": {"query": "x"}}))


def test_values_are_written_by_their_datatypes(source: Source) -> None:
    properties = ["o:since", "o:open", "o:years", "o:people", "o:in", "skos:prefLabel"]
    wanted = {"ids": ["id/anning", "ex:springfield-1", "id/nothing"], "properties": [{"id": one} for one in properties]}
    wanted["properties"][-1]["settings"] = {"language": "zh-Hant", "limit": "1"}  # type: ignore[index]
    answer = extend_by(source, read_extension(json.dumps(wanted)))
    assert answer["meta"][:1] == [{"id": "o:since", "name": "o:since"}]
    assert answer["rows"] == {
        "id/anning": {
            "o:since": [{"date": "2001-02-03T00:00:00Z"}],
            "o:open": [{"bool": True}],
            "o:years": [{"str": "2001"}],
            "o:people": [],
            "o:in": [],
            "skos:prefLabel": [{"str": "安寧市"}],
        },
        "ex:springfield-1": {
            "o:since": [],
            "o:open": [],
            "o:years": [],
            "o:people": [{"int": 1200}],
            "o:in": [{"id": "id/north", "name": "North"}],
            "skos:prefLabel": [],
        },
        "id/nothing": {one: [] for one in properties},
    }
