"""The saved queries of the Kunming graph: each has its golden answer, asks in two languages and orders its rows."""

from __future__ import annotations

import re

import pytest

from kgtool.build import build
from kgtool.namespaces import read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries import SavedQuery
from kgtool.queries.catalogue import read_catalogue
from kgtool.queries.golden import expected_file, run_golden_tests
from kgtool.queries.parameters import bind_parameters, run
from kgtool.store import Store, open_store

_PROJECT = Project(shipped_root())
_QUERIES = read_catalogue(_PROJECT)
_PREFIXES = read_prefixes(_PROJECT.prefixes_file)

_each_query = pytest.mark.parametrize("query", _QUERIES.values(), ids=list(_QUERIES))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(build(_PROJECT, into=tmp_path_factory.mktemp("kunming")).folder / "store")


def _answer(store: Store, name: str, **given: str) -> list[tuple[str, ...]]:
    """Answer a saved query; IRIs by their last part."""
    rows = run(store, _QUERIES[name], given, prefixes=_PREFIXES).rows()
    return [tuple("" if term is None else re.sub(r".*[/#]", "", term.value) for term in row) for row in rows]


def test_there_are_queries_for_what_readers_ask() -> None:
    assert len(_QUERIES) >= 16


@_each_query
def test_golden_answer_is_the_answer(store: Store, query: SavedQuery) -> None:
    (result,) = run_golden_tests(store, [query], prefixes=_PREFIXES)
    assert result.status == "passed", "\n".join((result.message, *result.diff))


def test_every_golden_answer_belongs_to_a_query() -> None:
    files = {file.name for file in (_PROJECT.root / "queries").glob("*.expected.*")}
    assert files == {expected_file(query).name for query in _QUERIES.values()}


@_each_query
def test_question_is_asked_in_english_and_chinese(query: SavedQuery) -> None:
    assert set(query.question) >= {"en", "zh-Hans"}
    assert query.summary
    assert query.tags


@_each_query
def test_query_finds_something(store: Store, query: SavedQuery) -> None:
    assert _answer(store, query.name)


@_each_query
def test_query_names_its_columns_and_declares_its_prefixes(store: Store, query: SavedQuery) -> None:
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", query.text)
    bindings = bind_parameters(store, query, {}, prefixes=_PREFIXES)
    store.query(query.text, bindings=bindings, file=query.file)  # refused if a prefix is not declared


@_each_query
def test_order_is_total(store: Store, query: SavedQuery) -> None:
    clause = query.text.rpartition("ORDER BY")[2]
    result = run(store, query, prefixes=_PREFIXES)
    columns = [result.variables.index(name) for name in re.findall(r"\?(\w+)", clause) if name in result.variables]
    keys = [tuple(row[column] for column in columns) for row in result.rows()]
    assert len(set(keys)) == len(keys), f"add a column that tells the rows apart to ORDER BY in {query.file}"


@pytest.mark.parametrize("name", ["高新区", "高新區", "Hi-tech Zone", "km:hi-tech-zone"])
def test_a_park_is_named_in_any_script(store: Store, name: str) -> None:
    assert _answer(store, "leading-industries", park=name) == [
        ("biomedicine",),
        ("digital-economy",),
        ("precious-metal-new-materials",),
    ]


def test_industries_of_one_park(store: Store) -> None:
    assert _answer(store, "industries-of-park", park="石林产业园区") == [
        ("shilin-park", "hasFocusIndustry", "biomedicine"),
        ("shilin-park", "hasFocusIndustry", "green-food-processing"),
        ("shilin-park", "hasFocusIndustry", "new-building-materials"),
    ]


def test_a_number_is_found_with_its_unit_or_without(store: Store) -> None:
    assert _answer(store, "who-says-so", value="1498.40") == [
        ("obs-phosphogypsum-use", "1498.40萬噸", "s62", "", ""),
    ]
    assert _answer(store, "who-says-so", value="1498.40萬噸") == _answer(store, "who-says-so", value="1498.40")


def test_a_number_is_not_found_inside_another(store: Store) -> None:
    assert [row[:2] for row in _answer(store, "who-says-so", value="9")] == [("obs-value-added-growth", "9%")]


def test_directives_to_one_addressee(store: Store) -> None:
    assert len(_answer(store, "directives-by-addressee", addressee="经开区")) == 4


def test_no_measure_is_planned_for_the_past(store: Store) -> None:
    assert _answer(store, "plans-for-year", year="2023") == []


def test_the_met_target_is_not_among_what_is_not_achieved(store: Store) -> None:
    things = {what for _, _, what, _ in _answer(store, "not-achieved-yet")}
    assert "target-fumin-leading-share" not in things
    assert {"target-shilin-three-years", "target-red-start", "recognition-green-dongchuan-park"} <= things
