"""What things are called in every language, and what sentences are about."""

from __future__ import annotations

import pytest

from kgtool.network.texts import Texts, read_texts
from kgtool.store import Store, open_store

PREFIXES = {"ex": "https://example.org/", "s": "https://example.org/article/s"}
DATA = """
@prefix ex: <https://example.org/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:park skos:prefLabel "东园"@zh-Hans, "東園"@zh-Hant ; rdfs:label "东边的园区"@zh-Hans, "East Park"@en ;
    skos:hiddenLabel "东園"@zh ; skos:altLabel "东"@zh-Hans .
<https://example.org/article/s12> ip:gist "产值"@zh-Hans, "output"@en .
ex:silent ip:number 3 .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    file = tmp_path_factory.mktemp("texts") / "data.ttl"
    file.write_text(DATA, encoding="utf-8")
    return open_store(file)


def test_preferred_label_wins_and_others_fill_the_gaps(store: Store) -> None:
    labels = {"en": "East Park", "zh-Hans": "东园", "zh-Hant": "東園"}
    assert read_texts(store, ["ex:park"], prefixes=PREFIXES) == {"ex:park": Texts(labels, ("东", "东園"))}


def test_sentence_has_what_it_is_about(store: Store) -> None:
    found = read_texts(store, ["s:12"], prefixes=PREFIXES)
    assert found == {"s:12": Texts({"en": "output", "zh-Hans": "产值"})}


def test_things_without_text_and_names_that_are_no_iris_are_left_out(store: Store) -> None:
    names = ["ex:silent", "ex:unknown", "no iri", 'a"b', "<x>"]
    assert read_texts(store, names, prefixes=PREFIXES) == {}
