"""What a search finds, in which order, and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.errors import QueryError
from kgtool.search import Index, Match, open_index
from kgtool.store import open_store

X = "https://example.org/id/"
IP = "https://w3id.org/industrial-park/ns#"
PREFIXES = {"ex": X, "ip": IP}

DATA = """
@prefix ex: <https://example.org/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:hi-tech a ip:IndustrialPark ;
    skos:prefLabel "昆明高新技术产业开发区"@zh-Hans, "昆明高新技術產業開發區"@zh-Hant, "Kunming Hi-tech Zone"@en ;
    skos:altLabel "高新区"@zh-Hans, "高新區"@zh-Hant ; skos:notation "KM-HT-01" .
ex:bio a ip:IndustrialCluster ;
    skos:prefLabel "高新区生物医药产业集群"@zh-Hans, "高新區生物醫藥產業集群"@zh-Hant ;
    skos:prefLabel "Biomedicine Cluster of the Hi-tech Zone"@en .
ex:harbour a ip:LogisticsPark ;
    skos:prefLabel "临港园区"@zh-Hans, "臨港園區"@zh-Hant, "Harbour Park"@en ; skos:hiddenLabel "Café Port"@fr .
ip:LogisticsPark rdfs:subClassOf ip:IndustrialPark ; rdfs:label "logistics park"@en, "物流园"@zh-Hans .
ex:airport a ip:Place ; skos:prefLabel "长水机场"@zh-Hans, "長水機場"@zh-Hant, "Changshui Airport"@en .
ex:road a ip:Place ; skos:prefLabel "沿着河"@zh-Hans, "沿著河"@zh-Hant .
ex:statement a ip:Observation ; ip:quote "高新区产值增长12.5%" .
ex:sentence a ip:Sentence ; ip:gist "高新区的产值"@zh-Hans, "Output of the Hi-tech Zone"@en .
ex:sign skos:prefLabel "——"@zh-Hans .
"""

Find = Callable[..., list[Match]]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    file = tmp_path_factory.mktemp("search") / "data.ttl"
    file.write_text(DATA, encoding="utf-8")
    return open_index(open_store(file), prefixes=PREFIXES)


def found(matches: list[Match]) -> list[str]:
    return [match.iri.removeprefix(X).replace(IP, "ip:") for match in matches]


@pytest.mark.parametrize(
    ("text", "name", "language", "kind"),
    [
        ("高新区", "高新区", "zh-Hans", "altLabel"),
        ("高新區", "高新區", "zh-Hant", "altLabel"),
        ("昆明高新技術產業開發區", "昆明高新技術產業開發區", "zh-Hant", "prefLabel"),
        ("kunming hi-tech ZONE", "Kunming Hi-tech Zone", "en", "prefLabel"),
        ("ＫＵＮＭＩＮＧ Ｈｉ－ｔｅｃｈ Zone", "Kunming Hi-tech Zone", "en", "prefLabel"),
        ("「高新区」", "高新区", "zh-Hans", "altLabel"),
        ("km-ht-01", "KM-HT-01", None, "notation"),
        ("ex:hi-tech", "ex:hi-tech", None, "curie"),
        (X + "hi-tech", X + "hi-tech", None, "iri"),
        (f"<{X}hi-tech>", X + "hi-tech", None, "iri"),
    ],
)
def test_an_exact_name_in_any_spelling_is_first_and_certain(
    index: Index, text: str, name: str, language: str | None, kind: str
) -> None:
    first = index.search(text)[0]
    assert (first.iri, first.name, first.language, first.kind, first.score) == (
        X + "hi-tech",
        name,
        language,
        kind,
        1.0,
    )
    assert first.classes == (IP + "IndustrialPark",)


def test_the_label_is_the_preferred_one_in_the_language_of_the_hit(index: Index) -> None:
    labels = {text: index.search(text)[0].label for text in ("高新区", "高新區", "gxq", "km-ht-01")}
    assert labels == {
        "高新区": "昆明高新技术产业开发区",
        "高新區": "昆明高新技術產業開發區",
        "gxq": "昆明高新技术产业开发区",
        "km-ht-01": "昆明高新技术产业开发区",
    }
    assert index.search("cafe port")[0].label == "临港园区"


def test_accents_hyphens_and_spaces_do_not_count(index: Index) -> None:
    assert [(m.iri, m.name, m.score) for m in index.search("CAFE port", limit=1)] == [(X + "harbour", "Café Port", 1.0)]
    assert index.search("kunming hitech zone", limit=1)[0].score == 0.99


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("高", ["hi-tech", "bio"]),
        ("高新", ["hi-tech", "bio"]),
        ("医药", ["bio"]),
        ("醫藥", ["bio"]),
        ("生物医", ["bio"]),
        ("产业开发", ["hi-tech"]),
        ("hi-tech z", ["hi-tech", "bio"]),
        ("clus bio", ["bio"]),
        ("gaoxinqu", ["hi-tech", "bio"]),
        ("gao xin qu", ["hi-tech", "bio"]),
        ("gaoxinq", ["hi-tech", "bio"]),
        ("gaoxinqushengwu", ["bio"]),
        ("shengwuyiyao", ["bio"]),
        ("gxq", ["hi-tech", "bio"]),
        ("swyy", ["bio"]),
        ("changshui", ["airport"]),
        ("zhangshui", ["airport"]),
        ("沿著河", ["road"]),
        ("沿着", ["road"]),
        ("——", ["sign"]),
        ("ex:h", ["harbour", "hi-tech"]),
        ("ip:logistics", ["ip:LogisticsPark"]),
    ],
)
def test_parts_of_names_find_all_that_have_them_and_nothing_else(index: Index, text: str, wanted: list[str]) -> None:
    assert found(index.search(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("高区", "hi-tech"),
        ("高新园区", "hi-tech"),
        ("高薪区", "hi-tech"),
        ("新高区", "hi-tech"),
        ("昆明高技术产业开发区", "hi-tech"),
        ("临港圆区", "harbour"),
        ("臨港區園", "harbour"),
        ("Harbor Park", "harbour"),
        ("arbour Park", "harbour"),
        ("Hrabour Park", "harbour"),
        ("Harbour Prak", "harbour"),
        ("HarbourPark", "harbour"),
        ("Biomedicne Cluster of the Hi-tech Zone", "bio"),
        ("biomedicne", "bio"),
        ("gaoxingqu", "hi-tech"),
        ("ex:hi-tec", "hi-tech"),
        ("ex:hi-tehc", "hi-tech"),
    ],
)
def test_one_wrong_character_still_finds_the_thing(index: Index, text: str, wanted: str) -> None:
    first = index.search(text)[0]
    assert first.iri == X + wanted
    assert 0 < first.score < 1


def test_what_is_only_near_can_be_left_out(index: Index) -> None:
    assert index.search("高薪区", fuzzy=False) == []
    assert found(index.search("高薪区")) == ["hi-tech"]


def test_exact_names_beat_beginnings_beat_parts_beat_near_ones(tmp_path: Path) -> None:
    file = tmp_path / "order.ttl"
    names = {"exact": "光学园", "begins": "光学园区", "holds": "新光学园区", "near": "光电园", "far": "造船厂"}
    file.write_text(
        "".join(
            f'<{X}{iri}> <http://www.w3.org/2004/02/skos/core#prefLabel> "{name}"@zh .\n' for iri, name in names.items()
        ),
        encoding="utf-8",
    )
    matches = open_index(open_store(file)).search("光学园")
    assert found(matches) == ["exact", "begins", "holds", "near"]
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4
    assert scores[0] == 1.0


def test_a_class_leaves_its_instances_and_those_of_classes_below(index: Index) -> None:
    assert found(index.search("park", classes=[IP + "IndustrialPark"])) == ["harbour"]
    assert found(index.search("高新区", classes=[IP + "IndustrialCluster"])) == ["bio"]
    assert found(index.search("高薪区", classes=[IP + "IndustrialCluster"])) == []
    assert index.search("高新区", classes=[IP + "Nothing"]) == []
    assert index.search(X + "hi-tech", classes=[IP + "Place"]) == []


def test_a_language_leaves_names_in_it(index: Index) -> None:
    assert [m.language for m in index.search("zone", languages=["en"])] == ["en", "en"]
    assert index.search("zone", languages=["zh"]) == []
    assert {m.language for m in index.search("高新", languages=["zh-Hant"])} == {"zh-Hant"}
    assert {m.language for m in index.search("高新區", languages=["zh"])} == {"zh-Hant"}
    assert index.search("高新", languages=['"; DROP']) == []


def test_gists_and_quotes_are_found_when_they_are_asked_for(index: Index) -> None:
    assert found(index.search("产值")) == []
    assert [(m.iri, m.kind) for m in index.search("产值", kinds=["quote"])] == [(X + "statement", "quote")]
    assert [(m.iri, m.name) for m in index.search("output", kinds=["gist"])] == [
        (X + "sentence", "Output of the Hi-tech Zone")
    ]
    assert {m.kind for m in index.search("高新区", kinds=["label", "gist", "quote"])} >= {"altLabel", "gist", "quote"}


def test_single_kinds_of_labels_can_be_asked_for(index: Index) -> None:
    assert found(index.search("高新区", kinds=["altLabel"])) == ["hi-tech"]
    assert {m.kind for m in index.search("高新区", kinds=["prefLabel"])} == {"prefLabel"}


def test_an_unknown_kind_is_refused(index: Index) -> None:
    with pytest.raises(QueryError, match="no kind of name is called 'lable'; there are label, gist, quote"):
        index.search("x", kinds=["lable"])


def test_a_thing_is_found_once_and_no_more_than_wanted(index: Index) -> None:
    assert len(index.search("高", limit=1)) == 1
    assert index.search("高", limit=0) == []
    everything = index.search("e", limit=100)
    assert len({match.iri for match in everything}) == len(everything)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        '"',
        "'",
        '" OR "',
        "a AND",
        "NEAR(",
        "*",
        "^",
        "-x",
        "terms:x",
        "{",
        "\0",
        "\ud800",
        "%",
        "_",
        "《》",
        "🏭",
        "‹高",
    ],
)
def test_no_text_is_a_part_of_the_query(index: Index, text: str) -> None:
    for match in index.search(text, kinds=["label", "gist", "quote"]):
        assert 0 < match.score <= 1


def test_a_long_text_is_no_burden(index: Index) -> None:
    assert found(index.search("高新区" * 10_000)) == ["hi-tech", "bio"]
    assert index.search("park " * 10_000)[0].score < 0.7


def test_names_are_resolved_exactly(index: Index) -> None:
    assert index.named("高新區") == [X + "hi-tech"]
    assert index.named("CAFÉ PORT") == [X + "harbour"]
    assert index.named("高新") == []
    assert index.named("高新区", classes=[IP + "IndustrialCluster"]) == []


def test_labels_of_a_thing_are_in_the_usual_order(index: Index) -> None:
    assert list(index.labels(X + "hi-tech")) == ["zh-Hans", "zh-Hant", "en"]
    assert index.labels(X + "nothing") == {}
