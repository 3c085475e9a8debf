"""Where an index is, when it is made, and what becomes of one that is missing or broken."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kgtool.build import build
from kgtool.errors import StoreError
from kgtool.project import Project
from kgtool.search import built_index, index_file, open_index, save_index
from kgtool.store import Store, open_store
from kgtool.store.drafts import Draft
from kgtool.store.embedded import EmbeddedStore
from kgtool.terms import IRI

HARBOUR = "https://example.org/tiny/id/harbour-park"


class Silent(Draft):
    """A store that must not be read."""

    def query(self, *args: Any, **options: Any) -> Any:
        raise AssertionError("the store was asked")


@pytest.fixture
def copied(built_project: Project, tmp_path: Path) -> Path:
    """A built store with its index, free to break."""
    folder = Path(build(built_project).folder)
    shutil.copytree(folder, tmp_path / "build")
    return tmp_path / "build" / "store"


def test_a_built_project_has_an_index_with_its_prefixes(built_project: Project) -> None:
    first = open_index(built_project).search("ex:harbour-park")[0]
    assert (first.iri, first.kind, first.score) == (HARBOUR, "curie", 1.0)
    assert [match.iri for match in open_index(built_project).search("lgyq")] == [HARBOUR]


def test_the_index_of_a_build_is_read_not_made(copied: Path) -> None:
    store = Silent()
    store.folder = str(copied)
    assert open_index(store).search("臨港")[0].iri == HARBOUR


def test_a_copy_in_memory_has_the_same_index(copied: Path) -> None:
    store = open_store(copied)
    assert isinstance(store, EmbeddedStore)
    index = built_index(store.in_memory())
    assert index is not None
    assert index.search("临港")[0].iri == HARBOUR


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "half", "another version"])
def test_an_index_that_cannot_be_read_is_made_anew_in_memory(copied: Path, damage: str) -> None:
    file = Path(index_file(copied))
    whole = file.read_bytes()
    file.unlink()
    if damage == "another version":
        file.write_bytes(whole)
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA user_version = 99")
        database.close()
    elif damage != "missing":
        file.write_bytes({"empty": b"", "text": b"no index", "half": whole[: len(whole) // 2]}[damage])
    store = open_store(copied)
    assert open_index(store).search("临港", limit=1)[0].iri == HARBOUR


def test_a_build_without_its_index_is_built_again(tiny_project: Project) -> None:
    made = build(tiny_project)
    file = Path(index_file(made.folder / "store"))
    file.unlink()
    again = build(tiny_project)
    assert (again.hash, again.reused, file.is_file()) == (made.hash, False, True)


def test_a_changed_label_is_found_after_the_next_build(tiny_project: Project) -> None:
    build(tiny_project)
    entities = tiny_project.root / "graph" / "entities" / "parks.ttl"
    entities.write_text(entities.read_text("utf-8").replace("Harbour Park", "Haven Estate"), encoding="utf-8")
    build(tiny_project)
    assert [match.name for match in open_index(tiny_project).search("haven estate")] == ["Haven Estate"]
    assert open_index(tiny_project).search("harbour park", kinds=["prefLabel"], fuzzy=False) == []


def test_a_project_that_is_not_built_has_no_index(tiny_project: Project) -> None:
    with pytest.raises(StoreError, match="has no store yet"):
        open_index(tiny_project)


def test_an_index_of_another_store_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text(
        '<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "造船"@zh .', encoding="utf-8"
    )
    store = open_store(file)
    assert open_index(store) is open_index(store)
    assert open_index(store).search("zc")[0].name == "造船"


def test_an_index_is_written_once(copied: Path) -> None:
    with pytest.raises(StoreError, match="there is an index already"):
        save_index(open_store(copied), copied, prefixes={})


def test_an_index_that_cannot_be_written_is_an_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot write the index of names") as caught:
        save_index(Draft(), tmp_path / "nowhere" / "store", prefixes={})
    assert caught.value.file == str(tmp_path / "nowhere" / "store.names")


def test_an_empty_graph_has_an_empty_index() -> None:
    store: Store = Draft()
    assert open_index(store).search("高新区") == []
    assert open_index(store).classes() == []


def test_names_follow_a_thing_whatever_graph_they_stand_in(copied: Path) -> None:
    store = open_store(copied)
    names = {
        label.value
        for (label,) in store.query(
            "SELECT ?label { ?thing <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }",
            bindings={"thing": IRI(HARBOUR)},
        ).rows()
        if label is not None
    }
    assert set(open_index(store).labels(HARBOUR).values()) == names
