"""The formats that a target's records are read from, and what is wrong with files that are none of them."""

from __future__ import annotations

import bz2
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from kgtool.errors import DataError, KgError, NotFoundError, StoreError
from kgtool.link.suggest import open_target, records_of, target_for
from kgtool.link.suggest.records import Code, Name, Record
from kgtool.linksets.targets import AREA, CONCEPT, FACILITY, SETTLEMENT, TARGETS
from kgtool.store.drafts import read_files
from tests.link.conftest import Wikibase, claim, entity
from tests.serving import serving

_OURS = (Record("x", (Name("港市"), Name("Port", alias=True))),)


def read(file: Path) -> list[Record]:
    return list(open_target(str(file), _OURS).records())


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


# Tables --------------------------------------------------------------------------------------------------------------

_ANNING = Record(
    "530181",
    (Name("安宁市"), Name("Anning City"), Name("安宁", alias=True), Name("连然", alias=True)),
    ("昆明市", "云南省"),
    "CN",
    AREA,
    (Code("iso3166-2", "CN-YN"),),
)


def test_a_table_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    text = (
        "Code,name,name_en,aliases,parent,country,kind,codes\n"
        '530181,安宁市,Anning City,"安宁|连然",昆明市|云南省,CN,administrative area,iso3166-2:CN-YN\n'
    )
    assert read(write(tmp_path / "a.csv", text)) == [_ANNING]
    assert read(write(tmp_path / "a.tsv", text.replace(",", "\t"))) == [_ANNING]
    (tmp_path / "a.csv.bz2").write_bytes(bz2.compress("\ufeffid,label\n1,港\n".encode()))
    assert read(tmp_path / "a.csv.bz2") == [Record("1", (Name("港"),))]


def test_a_parent_that_is_another_row_brings_what_is_above_it(tmp_path: Path) -> None:
    text = "code,name,parent\n53,云南省,\n5301,昆明市,53\n530181,安宁市,5301\n9,环,9\n"
    found = {one.id: one.parents for one in read(write(tmp_path / "a.csv", text))}
    assert found["530181"] == ("昆明市", "云南省")
    assert found["53"] == ()
    assert set(found["9"]) == {"环"}  # a circle ends


def test_parquet_is_read_as_a_table(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"id": [530181, 2], "name": ["安宁市", "港"], "aliases": [["安宁"], None]}
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet") == [
        Record("530181", (Name("安宁市"), Name("安宁", alias=True))),
        Record("2", (Name("港"),)),
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"a,b\n1,2\n", "a.csv:1: no column of identifiers among a, b; call it id, code or uri"),
        ("a.csv", b"id,b\n1,2\n", "a.csv:1: no column of names among id, b; call it name, label or name_en"),
        ("a.csv", b"", "a.csv:1: no column of identifiers among none"),
        ("a.csv", b"id,name\n1\n", "a.csv:2: 1 cells in a table of 2 columns"),
        ("a.csv", b"id,name\n1,\xff\n", "a.csv:2: it is not UTF-8; save it as UTF-8"),
        ("a.csv", b'id,name\n1,"a"b\n', "a.csv:2: no table:"),
        ("a.parquet", b"id,name\n", "a.parquet: it is no Parquet file"),
        ("CN.txt", b"1\tKunming\n", "CN.txt:1: 2 columns, not 19; it must be a table of GeoNames"),
        ("a.jsonl", b'{"id": "Q1"}\nnonsense\n', "a.jsonl:2: no JSON"),
        ("a.json", b'{"title": "x"}\n', "a.json:1: an object without an id"),
        ("a.docx", b"", "a.docx: it is of no known format; its name must end in csv"),
        ("a.csv.bz2", b"not compressed", "a.csv.bz2: cannot read it"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        read(tmp_path / name)
    assert message in str(caught.value)


def test_a_target_has_to_be_known_and_named(tmp_path: Path) -> None:
    assert target_for("CN.txt", None).name == "geonames"
    assert target_for("latest-all.json.bz2", None).name == "wikidata"
    assert target_for("theirs/ror.sssom.tsv", None).name == "ror"
    assert target_for("a.csv", "eurovoc").name == "eurovoc"
    with pytest.raises(DataError, match="nothing says which dataset it is of; name its linkset with --to"):
        target_for("a.csv", None)
    with pytest.raises(NotFoundError, match="no target 'nonsense'"):
        target_for("a.csv", "nonsense")
    with pytest.raises(NotFoundError, match="no such file"):
        open_target(str(tmp_path / "nowhere.csv"), ())


def test_identifiers_become_iris_of_the_target_and_its_only_kind_is_theirs(tmp_path: Path) -> None:
    source = open_target(str(write(tmp_path / "a.csv", "id,name\n62,Programming\n")), ())
    (found,) = records_of(source, TARGETS["isic-rev4"])
    assert (found.id, found.kind) == ("https://w3id.org/industrial-park/code/isic-rev4/62", CONCEPT)


# RDF, SSSOM, dumps ---------------------------------------------------------------------------------------------------


def test_triples_are_read_with_labels_kinds_and_places(tmp_path: Path) -> None:
    rdf, skos, schema = (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://www.w3.org/2004/02/skos/core#",
        "https://schema.org/",
    )
    text = "\n".join(
        (
            f'<urn:a> <{skos}prefLabel> "港市"@zh-Hans .',
            f'<urn:a> <{skos}altLabel> "Port"@en .',
            f'<urn:a> <{skos}prefLabel> "Hafen"@de .',
            f"<urn:a> <{rdf}type> <{schema}AdministrativeArea> .",
            f"<urn:a> <{schema}containedInPlace> <urn:b> .",
            f'<urn:b> <{schema}name> "大省" .',
            "",
        )
    )
    assert read(write(tmp_path / "a.nt", text)) == [
        Record("urn:a", (Name("港市"), Name("Port", alias=True)), ("大省",), kind=AREA),
        Record("urn:b", (Name("大省"),)),
    ]


def test_the_objects_of_a_linkset_are_records(tmp_path: Path) -> None:
    text = (
        "#curie_map:\n#  ex: https://example.org/\n#license: x\n#mapping_set_id: https://example.org/m\n"
        "subject_id\tpredicate_id\tobject_id\tobject_label\tobject_category\tmapping_justification\n"
        "ex:a\tskos:exactMatch\tex:b\tport\tfacility\tsemapv:ManualMappingCuration\n"
        "ex:c\tskos:exactMatch\tsssom:NoTermFound\t\t\tsemapv:ManualMappingCuration\n"
    )
    assert read(write(tmp_path / "ror.sssom.tsv", text)) == [
        Record("https://example.org/b", (Name("port"),), kind=FACILITY)
    ]


def _place(id_: str, name: str, aliases: str, feature: str, *codes: str) -> str:
    cells = [id_, name, name, aliases, "25", "102", *feature.split("."), "CN", "", *codes]
    return "\t".join([*cells, *[""] * (19 - len(cells))]) + "\n"


def test_places_of_geonames_lie_in_the_areas_of_their_table(tmp_path: Path) -> None:
    text = (
        _place("1", "Yunnan Sheng", "云南省", "A.ADM1", "29")
        + _place("2", "Kunming Shi", "昆明市", "A.ADM2", "29", "5301")
        + _place("3", "Anning", "安宁,安宁市", "P.PPLA3", "29", "5301", "530181")
    )
    kunming, anning = read(write(tmp_path / "CN.txt", text))[1:]
    assert (kunming.kind, kunming.parents, kunming.country) == (AREA, ("Yunnan Sheng",), "CN")
    assert (anning.id, anning.kind, anning.parents) == (
        "https://sws.geonames.org/3/",
        SETTLEMENT,
        ("Kunming Shi", "Yunnan Sheng"),
    )
    assert Name("安宁市", alias=True) in anning.names


def test_entities_of_wikidata_lie_in_what_they_lie_in(tmp_path: Path) -> None:
    country = [claim({"id": "Q148"})]
    entities = (
        entity("Q1", {"zh": "安宁市", "en": "Anning"}, P131=[claim({"id": "Q2"})], P17=country, P442=[claim("530181")]),
        entity("Q2", {"mul": "昆明市"}, P131=[claim({"id": "Q3"})], P17=country, P31=[claim({"id": "Q515"})]),
        entity("Q3", {"zh-hans": "云南省"}, P131=country),
        entity("Q148", {"en": "China"}),
    )
    entities[0]["aliases"] = {"zh": [{"language": "zh", "value": "连然"}]}
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in entities)
    anning, kunming, *_ = read(write(tmp_path / "a.json", f"[\n{lines}\n]\n"))
    assert anning == Record(
        "http://www.wikidata.org/entity/Q1",
        (Name("安宁市"), Name("Anning"), Name("连然", alias=True)),
        ("昆明市", "云南省"),
        "China",
        "",
        (Code("gbt2260", "530181"),),
    )
    assert (kunming.kind, kunming.parents) == (AREA, ("云南省",))


# Services ------------------------------------------------------------------------------------------------------------


def test_a_sparql_endpoint_is_asked_for_what_a_file_would_say(wikibase: Wikibase, tmp_path: Path) -> None:
    skos = "http://www.w3.org/2004/02/skos/core#"
    file = write(
        tmp_path / "a.ttl", f'<urn:a> a <urn:C> ; <{skos}prefLabel> "港"@zh . <urn:b> <{skos}prefLabel> "湾"@zh .'
    )
    wikibase.graph = read_files([str(file)])
    wikibase.graph.unite(without=[])
    every = list(open_target(wikibase.sparql, ()).records())
    assert [one.id for one in every] == ["urn:a", "urn:b"]
    assert [one.id for one in open_target(wikibase.sparql, (), type="urn:C").records()] == ["urn:a"]


@pytest.fixture
def service() -> Iterator[str]:
    """A reconciliation service with one thing, for every name."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._give(
                {"name": "s", "identifierSpace": "https://example.org/id/", "schemaSpace": "https://example.org/"}
            )

        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            answer = {"id": "7", "name": "港市", "score": 90, "match": False, "type": []}
            self._give({key: {"result": [answer]} for key in json.loads(asked["queries"][0])})

        def _give(self, answer: object) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/reconcile"


def test_a_reconciliation_service_is_asked_about_our_names(service: str) -> None:
    found = list(open_target(service, _OURS, service=True).records())
    assert found == [Record("https://example.org/id/7", (Name("港市"),))]


def test_a_service_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(StoreError):
        list(open_target("http://127.0.0.1:9/reconcile", _OURS, service=True, timeout=1).records())
    with pytest.raises(KgError):
        list(open_target("http://127.0.0.1:9/sparql", _OURS, timeout=1).records())
