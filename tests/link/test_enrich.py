"""Fetching what targets say: from a server of our own in Wikidata's shape, from dumps, from RDF."""

from __future__ import annotations

import bz2
import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from kgtool.build import build, open_built
from kgtool.errors import DataError, KgError, NotFoundError, StoreError
from kgtool.export.geojson import write_geojson
from kgtool.link.check import check_linksets
from kgtool.link.enrich import Enriched, enrich, open_source, target_named
from kgtool.network import read_network
from kgtool.positions import read_positions
from kgtool.project import Project
from kgtool.store import open_store
from kgtool.terms import n3
from kgtool.validate import validate_project
from tests.conftest import Completed
from tests.link.conftest import ENTITIES, Wikibase, add_links, claim

_AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
_BASE = "https://example.org/tiny/"

#: What the file of the project's links to Wikidata is, but for where it is from.
EXPECTED = """\
# What Wikidata says of the things that graph/links/wikidata.sssom.tsv links to.
# Written by 'kgtool link enrich wikidata': do not edit; no article says any of it.

@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://example.org/tiny/graph/enriched/wikidata>
    a prov:Entity ;
    a void:Dataset ;
    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    dcterms:source SOURCE ;
    dcterms:title "What Wikidata says of the things linked to it"@en ;
    void:entities "4"^^xsd:integer ;
    void:triples "18"^^xsd:integer ;
    prov:generatedAtTime "2026-11-26T12:00:00Z"^^xsd:dateTime ;
    prov:wasDerivedFrom <https://w3id.org/industrial-park/target/wikidata> ;
.

wd:Q10
    rdfs:label "Port City"@en ;
    rdfs:label "港市"@zh ;
    rdfs:label "港市"@zh-hans ;
    rdfs:label "港市"@zh-hant ;
    geo:lat 25.038888888889 ;
    geo:long 102.71833 ;
    skos:prefLabel "港市"@zh-hans ;
    wdt:P31 wd:Q748149 ;
    wdt:P442 "530100" ;
    schema:description "what Q10 is"@en ;
.

wd:Q20
    rdfs:label "Gangxian"@mul ;
    skos:prefLabel "Gangxian"@mul ;
    wdt:P1566 "1234" ;
    schema:description "what Q20 is"@en ;
.

wd:Q30
    dcterms:isReplacedBy wd:Q31 ;
.

wd:Q31
    rdfs:label "Canton"@en ;
    skos:prefLabel "Canton"@en ;
    schema:description "what Q31 is"@en ;
.
"""


def fetch(project: Project, location: str | Path, target: str = "wikidata", licence: str = "") -> Enriched:
    chosen = target_named(target)
    return enrich(project, chosen, open_source(chosen, str(location), timeout=1), licence=licence, now=_AT)


def said(result: Enriched) -> str:
    return result.file.read_text(encoding="utf-8")


# Wikidata's API ------------------------------------------------------------------------------------------------------


def test_everything_linked_to_is_fetched_with_licence_source_and_time(
    linked_project: Project, wikibase: Wikibase
) -> None:
    result = fetch(linked_project, wikibase.api)
    assert said(result) == EXPECTED.replace("SOURCE", f"<{wikibase.api}>")
    assert (result.asked, result.missing, result.statements) == (3, (), 18)
    ((path, parameters, headers),) = wikibase.asked
    assert path == "/w/api.php"
    assert parameters == {
        "action": "wbgetentities",
        "ids": "Q10|Q20|Q30",
        "props": "labels|descriptions|claims",
        "languages": "zh-hans|zh-cn|zh|zh-hant|zh-tw|zh-hk|mul|en",
        "redirects": "yes",
        "format": "json",
        "maxlag": "5",
    }
    assert headers["user-agent"].startswith("kgtool (https://")


def test_the_name_to_show_falls_back_to_any_chinese_to_mul_to_english(
    linked_project: Project, wikibase: Wikibase
) -> None:
    for tags, shown in (("zh-hant zh-cn", "zh-cn"), ("en mul zh", "zh"), ("en mul fr", "mul"), ("fr en", "en")):
        wikibase.entities["Q10"] = {"id": "Q10", "labels": {tag: {"value": tag.upper()} for tag in tags.split()}}
        text = said(fetch(linked_project, wikibase.api))
        assert 'wd:Q10\n    rdfs:label "' in text
        assert f'skos:prefLabel "{shown.upper()}"@{shown} ;\n.\n\nwd:Q20' in text
        assert "FR" not in text


def test_a_busy_or_lagging_server_is_asked_again(linked_project: Project, wikibase: Wikibase) -> None:
    wikibase.moods = ["busy", "lags", "busy"]
    assert said(fetch(linked_project, wikibase.api)) == EXPECTED.replace("SOURCE", f"<{wikibase.api}>")
    assert len(wikibase.asked) == 4


@pytest.mark.parametrize(
    ("moods", "what"),
    [
        (["broken"], "HTTP 500"),
        (["silent"], "no answer within 1 s"),
        (["page"], "no answer of a Wikibase: no JSON"),
        (["lags"] * 5, "lags behind, asked 5 times"),
        (["busy"] * 5, r"is busy \(HTTP 503\), asked 5 times"),
    ],
)
def test_a_server_that_fails_is_named_and_nothing_is_written(
    linked_project: Project, wikibase: Wikibase, moods: list[str], what: str
) -> None:
    wikibase.moods = moods
    with pytest.raises(StoreError, match=what) as caught:
        fetch(linked_project, wikibase.api)
    assert str(caught.value).startswith(wikibase.api)
    assert not (linked_project.root / "graph" / "enriched" / "wikidata.ttl").exists()


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(
    linked_project: Project, wikibase: Wikibase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kgtool.link.enrich.wikibase.WikibaseSource.batch", 1)
    monkeypatch.setattr("kgtool.link.enrich.wikibase._BETWEEN", 0)
    wikibase.moods = ["", "", "broken"]
    with pytest.raises(StoreError, match="HTTP 500"):
        fetch(linked_project, wikibase.api)
    partial = linked_project.root / "graph" / "enriched" / "wikidata.partial"
    # Killed while it wrote: the last line is half of one.
    partial.write_text(partial.read_text(encoding="utf-8") + '{"iri": "http://www.wiki', encoding="utf-8")
    assert build(linked_project).counts.keys().isdisjoint({f"{_BASE}graph/enriched/wikidata"})
    result = fetch(linked_project, wikibase.api)
    assert [parameters["ids"] for _, parameters, _ in wikibase.asked] == ["Q10", "Q20", "Q30", "Q30"]
    assert said(result) == EXPECTED.replace("SOURCE", f"<{wikibase.api}>")
    assert not partial.exists()


def test_what_another_source_told_is_not_gone_on_with(
    linked_project: Project, wikibase: Wikibase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kgtool.link.enrich.wikibase.WikibaseSource.batch", 1)
    wikibase.moods = ["", "broken"]
    with pytest.raises(StoreError):
        fetch(linked_project, wikibase.api)
    fetch(linked_project, wikibase.api.replace("127.0.0.1", "localhost"))
    assert [parameters["ids"] for _, parameters, _ in wikibase.asked[2:]] == ["Q10", "Q20", "Q30"]


def test_what_is_gone_is_missing_and_a_finding(linked_project: Project, wikibase: Wikibase) -> None:
    del wikibase.entities["Q20"]
    result = fetch(linked_project, wikibase.api)
    assert result.missing == ("http://www.wikidata.org/entity/Q20",)
    assert 'wd:Q20\n    owl:deprecated "true"^^xsd:boolean ;\n.\n' in said(result)
    findings = {(one.check, one.line): one.message.en for one in check_linksets(linked_project).findings}
    assert findings == {
        ("link-target-moved", 12): "wd:Q30 is http://www.wikidata.org/entity/Q31 now",
        ("link-target-gone", 14): "Wikidata has no wd:Q20 any more",
    }


def test_a_code_that_the_target_gives_otherwise_is_a_warning(linked_project: Project, wikibase: Wikibase) -> None:
    add_links(linked_project, "gbt2260", "city 港市 owl:sameAs gbt2260:530100 administrative area")
    add_links(linked_project, "geonames", "county 港县 owl:sameAs geonames:4321/ administrative area")
    wikibase.entities["Q30"] = {"id": "Q30"}
    fetch(linked_project, wikibase.api)
    (finding,) = check_linksets(linked_project).findings
    assert (finding.severity, finding.check, finding.line) == ("warning", "link-code-differs", 14)
    assert finding.message.en == "Wikidata says that wd:Q20 is 1234 in GeoNames; here it is 4321"


# Where it goes -------------------------------------------------------------------------------------------------------


def test_it_is_a_graph_of_its_own_and_no_part_of_the_union(linked_project: Project, wikibase: Wikibase) -> None:
    before = build(linked_project)
    fetch(linked_project, wikibase.api)
    after = build(linked_project)
    assert after.total == before.total
    graph = f"{_BASE}graph/enriched/wikidata"
    assert after.counts == {**before.counts, graph: 27}
    store = open_built(linked_project)
    lookup = f"GRAPH <{graph}> {{ ?other <http://www.wikidata.org/prop/direct/P442> ?code }}"
    rows = store.query(f"SELECT ?s ?code {{ ?s <http://www.w3.org/2002/07/owl#sameAs> ?other . {lookup} }}").rows()
    assert [[n3(term) for term in row if term] for row in rows] == [[f"<{_BASE}id/city>", '"530100"']]
    assert not store.query("ASK { ?s <http://www.wikidata.org/prop/direct/P442> ?code }").boolean
    place = (
        "?place <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?y ; <http://www.w3.org/2003/01/geo/wgs84_pos#long> ?x"
    )
    placed = store.query(f"SELECT ?place ?x ?y {{ GRAPH ?g {{ {place} }} }}").rows()
    assert [[term.value for term in row if term] for row in placed] == [
        ["http://www.wikidata.org/entity/Q10", "102.71833", "25.038888888889"]
    ]
    # The links to Q30 and Q20 are findings; what their targets say is no data of the project's.
    looked_at = {n3(one.focus) for one in validate_project(linked_project).findings if one.focus}
    assert not any("wikidata" in name for name in looked_at)


def test_a_node_is_where_the_same_thing_is_elsewhere(linked_project: Project, wikibase: Wikibase) -> None:
    fetch(linked_project, wikibase.api)
    prefixes = {"ex": f"{_BASE}id/", "owl": "http://www.w3.org/2002/07/owl#", "wd": "http://www.wikidata.org/entity/"}
    stream = BytesIO()
    write_geojson(read_network(open_built(linked_project), prefixes=prefixes), stream)
    (feature,) = json.loads(stream.getvalue())["features"]
    assert (feature["id"], feature["geometry"]["coordinates"]) == ("ex:city", [102.71833, 25.038888888889])
    whose = {name: one for name, one in feature["properties"].items() if name.startswith("coordinates")}
    assert whose == {
        "coordinatesOf": "wd:Q10",
        "coordinatesBy": "owl:sameAs",
        "coordinatesIn": f"{_BASE}graph/enriched/wikidata",
    }


def test_what_is_written_is_turtle_that_every_reader_takes(linked_project: Project, wikibase: Wikibase) -> None:
    wikibase.entities["Q10"] = {
        **ENTITIES["Q10"],
        "labels": {"en": {"value": 'a "quote"\\ \n and <b>'}},
        "claims": {"P244": [claim("n 79\t")]},
    }
    file = fetch(linked_project, wikibase.api).file
    ours = {(n3(p.subject), n3(p.predicate), n3(p.object)) for p in read_positions(file)}
    rows = open_store(file).query("SELECT ?s ?p ?o { ?s ?p ?o }").rows()
    assert {tuple(n3(term) for term in row if term) for row in rows} == ours
    assert ("<http://www.wikidata.org/entity/Q10>", "<http://www.wikidata.org/prop/direct/P244>", '"n 79\\t"') in ours


# Dumps ---------------------------------------------------------------------------------------------------------------


def _dump(form: str) -> bytes:
    rows = [json.dumps({**one, "type": "item"}, separators=(",", ":")) for one in ENTITIES.values()]
    rows.insert(0, '{"type":"item","id":"Q100","labels":{}}')
    if form == "array":
        return ("[\n" + ",\n".join(rows) + "\n]\n").encode()
    if form == "answer":
        return json.dumps({"entities": ENTITIES}).encode()
    return ("\n".join(rows) + "\n").encode()


@pytest.mark.parametrize(
    ("name", "form", "pack"),
    [
        ("latest-all.json", "array", bytes),
        ("latest-all.json.gz", "array", gzip.compress),
        ("latest-all.json.bz2", "array", bz2.compress),
        ("rows.jsonl", "lines", bytes),
        ("answer.json", "answer", bytes),
    ],
)
def test_a_dump_of_wikidata_says_the_same(
    linked_project: Project, tmp_path: Path, name: str, form: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / name).write_bytes(pack(_dump(form)))
    result = fetch(linked_project, tmp_path / name)
    # A dump has no redirects: what moved is missing in it.
    assert result.missing == ("http://www.wikidata.org/entity/Q30",)
    expected = EXPECTED.replace("SOURCE", f'"{name}"')
    assert said(result).partition("\nwd:Q10\n")[2] == expected.partition("\nwd:Q10\n")[2].partition("\nwd:Q30\n")[0]


def test_a_line_of_a_dump_that_is_no_json_is_named(linked_project: Project, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"type":"item","id":"Q100"\n{"type":"item","id":"Q10",\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"rows\.jsonl:2: no JSON"):
        fetch(linked_project, file)
    file = tmp_path / "rows.json.gz"
    file.write_bytes(gzip.compress(_dump("lines"))[:-20])
    with pytest.raises(DataError, match="cannot read it"):
        fetch(linked_project, file)


_PLACE = "\t".join(
    (
        *(
            "1804649",
            "Kunming Shi",
            "Kunming Shi",
            "Kunming,Куньмин,昆明市,昆明",
            "25.09",
            "102.7",
            "A",
            "ADM2",
            "CN",
            "",
        ),
        *("29", "5301", "", "", "8", "", "1", "Asia/Shanghai", "2020-01-01"),
    )
)


@pytest.mark.parametrize("name", ["CN.txt", "CN.zip"])
def test_a_table_of_geonames_gives_names_place_and_codes(linked_project: Project, tmp_path: Path, name: str) -> None:
    add_links(linked_project, "geonames", "city 港市 owl:sameAs geonames:1804649/ administrative area")
    file = tmp_path / name
    table = f"1\tx\n{_PLACE}\n".encode()
    if name.endswith(".zip"):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.txt", "x")
            archive.writestr("CN.txt", table)
    else:
        file.write_bytes(table)
    text = said(fetch(linked_project, file, "geonames"))
    assert text.partition("\n<https://sws.geonames.org/1804649/>\n")[2] == (
        '    rdfs:label "Kunming Shi" ;\n'
        "    geo:lat 25.09 ;\n"
        "    geo:long 102.7 ;\n"
        '    skos:altLabel "昆明" ;\n'
        '    skos:altLabel "昆明市" ;\n'
        '    gn:countryCode "CN" ;\n'
        "    gn:featureCode <https://www.geonames.org/ontology#A.ADM2> ;\n"
        '    gn:parentADM1Code "CN.29" ;\n'
        '    gn:parentADM2Code "CN.29.5301" ;\n'
        ".\n"
    )
    assert "dcterms:license <https://creativecommons.org/licenses/by/4.0/>" in text


def test_a_table_that_is_none_is_named_with_its_line(linked_project: Project, tmp_path: Path) -> None:
    add_links(linked_project, "geonames", "city 港市 owl:sameAs geonames:1804649/ administrative area")
    (tmp_path / "CN.txt").write_text("1804649\tKunming\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"CN\.txt:1: 2 columns, not 19; it must be a table of GeoNames"):
        fetch(linked_project, tmp_path / "CN.txt", "geonames")
    with pytest.raises(NotFoundError, match="no such file"):
        fetch(linked_project, tmp_path / "none.txt", "geonames")


# SPARQL --------------------------------------------------------------------------------------------------------------

_GRAPH = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
wd:Q10 rdfs:label "港市"@zh-hans, "港市"@zh, "港市"@zh-hant, "Port City"@en, "Ville"@fr ;
    schema:description "what Q10 is"@en, "x"@fr ;
    wdt:P625 "Point(102.71833 25.038888888889)"^^geo:wktLiteral ;
    wdt:P442 "530100" ; wdt:P31 wd:Q748149 ; wdt:P6 wd:Q5 .
wd:Q20 rdfs:label "Gangxian"@mul ; schema:description "what Q20 is"@en ; wdt:P1566 "1234" .
<http://eurovoc.europa.eu/1> skos:prefLabel "shipbuilding"@en, "construction navale"@fr ; skos:notation "1" ;
    skos:broader <http://eurovoc.europa.eu/2> .
"""


def test_a_sparql_endpoint_in_wikidatas_shape_says_the_same(linked_project: Project, wikibase: Wikibase) -> None:
    wikibase.graph.load(_GRAPH.encode(), "turtle", file="graph.ttl")
    wikibase.moods = ["busy"]
    result = fetch(linked_project, wikibase.sparql)
    assert result.missing == ("http://www.wikidata.org/entity/Q30",)
    expected = EXPECTED.replace("SOURCE", f"<{wikibase.sparql}>")
    assert said(result).partition("\nwd:Q10\n")[2] == expected.partition("\nwd:Q10\n")[2].partition("\nwd:Q30\n")[0]
    assert all("kgtool" in headers["user-agent"] for _, _, headers in wikibase.asked)


def test_rdf_files_are_asked_as_endpoints_are_and_their_licence_must_be_known(
    linked_project: Project, tmp_path: Path
) -> None:
    add_links(linked_project, "eurovoc", "optics 光学 skos:closeMatch eurovoc:1 concept")
    file = tmp_path / "eurovoc.ttl"
    file.write_text(_GRAPH, encoding="utf-8")
    with pytest.raises(DataError, match="kgtool does not know the licence of EuroVoc; give it with --licence"):
        fetch(linked_project, file, "eurovoc")
    text = said(fetch(linked_project, file, "eurovoc", licence="https://creativecommons.org/licenses/by/4.0/"))
    assert text.partition("\neurovoc:1\n")[2] == (
        '    rdfs:label "shipbuilding"@en ;\n'
        "    skos:broader eurovoc:2 ;\n"
        '    skos:notation "1" ;\n'
        '    skos:prefLabel "shipbuilding"@en ;\n'
        ".\n"
    )
    assert 'dcterms:source "eurovoc.ttl"' in text


# The command ---------------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_wrote_and_what_is_missing(
    linked_project: Project, wikibase: Wikibase, kgtool: Callable[..., Completed]
) -> None:
    command = ("--project", linked_project.folder, "link", "enrich", "wikidata", "--from", wikibase.api)
    done = kgtool(*command)
    assert done == Completed(0, "graph/enriched/wikidata.ttl: 18 statements about 3 of 3 things\n", "")
    del wikibase.entities["Q20"]
    done = kgtool(*command)
    assert (done.code, done.err) == (1, "kgtool: Wikidata does not have wd:Q20\n")


@pytest.mark.parametrize(
    ("name", "said_of_it"),
    [
        ("wikidatta", "no target 'wikidatta'"),
        ("gbt2260", "GB/T 2260 中华人民共和国行政区划代码 has nothing to look up"),
        ("dbpedia", "the project has no links to DBpedia; there are links to wikidata"),
    ],
)
def test_a_target_without_anything_to_fetch_is_refused(
    linked_project: Project, wikibase: Wikibase, kgtool: Callable[..., Completed], name: str, said_of_it: str
) -> None:
    done = kgtool("--project", linked_project.folder, "link", "enrich", name, "--from", wikibase.sparql)
    assert (done.code, done.out) == (2, "")
    assert said_of_it in done.err
    assert KgError.__name__ not in done.err
