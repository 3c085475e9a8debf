"""From names to things, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import AmbiguousNameError, NotFoundError
from kgtool.labels import labels_of, languages_for, readable_rows, resolve
from kgtool.store import Store, open_store
from kgtool.terms import IRI, BlankNode, Literal

X = "https://example.org/id/"
PREFIXES = {"ex": X, "ip": "https://w3id.org/industrial-park/ns#"}
PARK = "https://w3id.org/industrial-park/ns#IndustrialPark"

DATA = """
@prefix ex: <https://example.org/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:hi-tech a ip:IndustrialPark ;
    skos:prefLabel "高新技术园"@zh-Hans, "高新技術園"@zh-Hant, "Hi-tech Park"@en ;
    skos:altLabel "高新区"@zh-Hans ;
    skos:hiddenLabel "高新技术園"@zh .
ex:harbour a ip:LogisticsPark ;
    skos:prefLabel "临港园"@zh-Hans, "臨港園"@zh-Hant, "Harbour Park"@en ; skos:altLabel "园中园"@zh-Hans .
ip:LogisticsPark rdfs:subClassOf ip:IndustrialPark ; rdfs:label "logistics park"@en .
ex:cluster a ip:IndustrialCluster ; skos:prefLabel "园中园"@zh-Hans, "Jardin industriel"@fr .
ex:bare ip:number 1 .
ex:only-hant rdfs:label "造船業"@zh-Hant .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    file = tmp_path_factory.mktemp("labels") / "data.ttl"
    file.write_text(DATA, encoding="utf-8")
    return open_store(file)


@pytest.mark.parametrize(
    "name",
    [
        "高新技术园",
        "高新技術園",
        "Hi-tech Park",
        "高新区",
        "高新區",
        "高新技术園",
        "hi-tech park",
        "ＨＩ－ＴＥＣＨ ＰＡＲＫ",
        " 高新区 ",
        "ex:hi-tech",
        "https://example.org/id/hi-tech",
        "<https://example.org/id/hi-tech>",
    ],
)
def test_a_thing_is_found_by_any_label_in_any_script_by_curie_and_by_iri(store: Store, name: str) -> None:
    assert resolve(store, name, prefixes=PREFIXES) == X + "hi-tech"


def test_a_label_in_a_language_of_its_own_is_found(store: Store) -> None:
    assert resolve(store, "jardin industriel") == X + "cluster"


def test_an_unknown_name_is_refused_with_the_closest_ones(store: Store) -> None:
    with pytest.raises(NotFoundError) as caught:
        resolve(store, "Harbor Park", prefixes=PREFIXES)
    assert str(caught.value) == "nothing is called 'Harbor Park'; did you mean Harbour Park?"


def test_an_unknown_curie_is_refused_with_the_closest_ones(store: Store) -> None:
    with pytest.raises(NotFoundError, match="did you mean ex:hi-tech"):
        resolve(store, "ex:hi-tec", prefixes=PREFIXES)


def test_an_ambiguous_name_is_refused_with_all_it_could_mean(store: Store) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        resolve(store, "园中园", prefixes=PREFIXES)
    assert str(caught.value) == (
        "'园中园' names 2 things: ex:cluster (ip:IndustrialCluster), ex:harbour (ip:LogisticsPark); "
        "give the CURIE of the one you mean"
    )


def test_a_name_in_the_other_script_can_be_ambiguous_too(store: Store) -> None:
    with pytest.raises(AmbiguousNameError, match="'園中園' names 2 things"):
        resolve(store, "園中園", prefixes=PREFIXES)


def test_a_class_leaves_only_its_instances_and_those_of_its_subclasses(store: Store) -> None:
    assert resolve(store, "园中园", prefixes=PREFIXES, instance_of=PARK) == X + "harbour"
    assert resolve(store, "園中園", prefixes=PREFIXES, instance_of=PARK) == X + "harbour"
    assert resolve(store, "ex:harbour", prefixes=PREFIXES, instance_of=PARK) == X + "harbour"


def test_a_thing_of_another_class_is_refused(store: Store) -> None:
    with pytest.raises(NotFoundError, match="'ex:cluster' is not a ip:IndustrialPark"):
        resolve(store, "ex:cluster", prefixes=PREFIXES, instance_of=PARK)
    with pytest.raises(NotFoundError, match="nothing is called 'Jardin industriel' and is a ip:IndustrialPark"):
        resolve(store, "Jardin industriel", prefixes=PREFIXES, instance_of=PARK)


@pytest.mark.parametrize(
    "name",
    [
        '"',
        '" } UNION { ?thing ?p ?o } #',
        "x> ?p ?o } #",
        "<https://example.org/id/hi-tech> ?p ?o . <x>",
        "ex:hi-tech> } #",
        "'''",
        "\\",
        "高新区\n}",
        "高新区\0",
        "\u202e高新区",
        "?thing",
        "{",
        "}",
        "# comment",
        "",
        " ",
        "\ud800",
        "x" * 100_000,
    ],
)
def test_a_name_is_never_a_part_of_the_query(store: Store, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        resolve(store, name, prefixes=PREFIXES)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_labels_come_in_the_language_asked_for_else_in_the_next(store: Store) -> None:
    iris = [X + name for name in ("hi-tech", "cluster", "only-hant", "bare")]
    assert labels_of(store, iris, languages_for("en")) == {
        X + "hi-tech": "Hi-tech Park",
        X + "cluster": "园中园",
        X + "only-hant": "造船業",
    }
    assert labels_of(store, iris, languages_for("zh-Hant"))[X + "hi-tech"] == "高新技術園"
    assert labels_of(store, iris)[X + "hi-tech"] == "高新技术园"


def test_labels_of_more_things_than_one_query_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "many.nt"
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    file.write_text("".join(f'<urn:x:{n}> {label} "{n}" .\n' for n in range(2500)), encoding="utf-8")
    labels = labels_of(open_store(file), [f"urn:x:{n}" for n in range(2500)])
    assert labels == {f"urn:x:{n}": str(n) for n in range(2500)}


def test_rows_are_written_for_people(store: Store) -> None:
    row = (IRI(X + "harbour"), IRI(X + "bare"), IRI("urn:x"), Literal("1.5", None, "urn:t"), BlankNode("b"), None)
    assert readable_rows(store, [row], prefixes=PREFIXES) == [["临港园", "ex:bare", "urn:x", "1.5", "_:b", ""]]
