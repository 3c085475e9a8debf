"""The saved queries of the Kunming graph: each has its golden answer, asks in two languages and orders its rows."""

from __future__ import annotations

import re

import pytest

from kgtool.build import build
from kgtool.namespaces import read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries import SavedQuery, choices_of
from kgtool.queries.catalogue import read_catalogue
from kgtool.queries.golden import expected_file, run_golden_tests, with_stand_ins
from kgtool.queries.parameters import bind_parameters, run
from kgtool.store import Store, open_store

_PROJECT = Project(shipped_root())
_QUERIES = read_catalogue(_PROJECT)
_PREFIXES = read_prefixes(_PROJECT.prefixes_file)

_TABLES = {name: query for name, query in _QUERIES.items() if query.form == "select"}

_each_query = pytest.mark.parametrize("query", _QUERIES.values(), ids=list(_QUERIES))
_each_table = pytest.mark.parametrize("query", _TABLES.values(), ids=list(_TABLES))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(build(_PROJECT, into=tmp_path_factory.mktemp("kunming")).folder / "store")


def _answer(store: Store, name: str, **given: str) -> list[tuple[str, ...]]:
    """Answer a saved query; IRIs by their last part."""
    query = _QUERIES[name]
    rows = run(with_stand_ins(store, query), query, given, prefixes=_PREFIXES).rows()
    return [tuple("" if term is None else re.sub(r".*[/#]", "", term.value) for term in row) for row in rows]


def test_there_are_queries_for_what_readers_ask() -> None:
    assert len(_QUERIES) >= 42
    forms = [query.form for query in _QUERIES.values()]
    assert (forms.count("construct"), forms.count("ask")) >= (2, 2)


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
def test_every_parameter_is_described_and_its_default_is_among_what_it_offers(store: Store, query: SavedQuery) -> None:
    for parameter in query.parameters:
        assert parameter.description
        offered = [choice.value for choice in choices_of(store, query, parameter, prefixes=_PREFIXES)]
        assert not offered or parameter.default is None or parameter.default in offered
        assert offered or not (parameter.class_ or parameter.enumerated)


@_each_table
def test_query_finds_something(store: Store, query: SavedQuery) -> None:
    assert _answer(store, query.name)


@pytest.mark.parametrize("name", [name for name, query in _QUERIES.items() if query.form == "construct"])
def test_graph_query_makes_something(store: Store, name: str) -> None:
    assert list(run(store, _QUERIES[name], prefixes=_PREFIXES).triples())


@_each_query
def test_query_names_its_columns_and_declares_its_prefixes(store: Store, query: SavedQuery) -> None:
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", query.text)
    bindings = bind_parameters(store, query, {}, prefixes=_PREFIXES)
    # Refused if a prefix is not declared.
    with_stand_ins(store, query).query(query.text, bindings=bindings, file=query.file)


@_each_table
def test_order_is_total(store: Store, query: SavedQuery) -> None:
    clause = query.text.rpartition("ORDER BY")[2]
    result = run(with_stand_ins(store, query), query, prefixes=_PREFIXES)
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


def _says(store: Store, name: str, **given: str) -> bool:
    return run(store, _QUERIES[name], given, prefixes=_PREFIXES).boolean


def test_a_title_that_is_only_filed_is_not_held(store: Store) -> None:
    assert _says(store, "holds-title", park="七甸产业园区")
    assert not _says(store, "holds-title", park="晋宁产业园区")


def test_an_industry_in_any_role_is_worked_on(store: Store) -> None:
    assert _says(store, "works-on-industry", park="富民产业园区", industry="钛产业")
    assert not _says(store, "works-on-industry", park="富民产业园区", industry="生物医药")


def test_events_of_a_tour_count_from_its_first_to_its_last_day(store: Store) -> None:
    assert _answer(store, "events-between", since="2023-01-30", until="2023-01-30") == [
        ("2023-01-29", "2023-01-30", "tour-2023-01", "")
    ]
    assert _answer(store, "events-between", since="2023-01-31", until="2023-10-08") == []


def test_parks_are_ranked_by_what_is_asked_for(store: Store) -> None:
    assert _answer(store, "parks-ranked", by="actions")[:2] == [("anning-park", "13"), ("dianzhong-zone", "8")]
    assert {number for _, number in _answer(store, "parks-ranked", by="titles")} == {"0", "1"}


def test_a_park_compared_with_itself_has_everything_twice(store: Store) -> None:
    rows = _answer(store, "compare-parks", a="石林产业园区", b="石林产业园区")
    assert [row[1:] for row in rows] == [
        ("biomedicine", "true", "true"),
        ("green-food-processing", "true", "true"),
        ("new-building-materials", "true", "true"),
    ]


def test_who_signed_is_found_by_every_place_around(store: Store) -> None:
    expected = _answer(store, "signatories-by-place")
    assert [row[3] for row in expected] == ["anning", "yunnan-energy-investment"]
    for place in ("安宁市", "桃花村货运站", "国际陆港项目（安宁桃花村）"):
        assert _answer(store, "signatories-by-place", place=place) == expected
    assert _answer(store, "signatories-by-place", place="西山区") == []


def test_provenance_of_a_figure_leads_to_whoever_is_named_as_its_source(store: Store) -> None:
    triples = run(store, _QUERIES["provenance-graph"], {"thing": "km:kunming-parks"}, prefixes=_PREFIXES).triples()
    sources = {
        (s.value.rpartition("/")[2], o.value.rpartition("/")[2]) for s, p, o in triples if "Attributed" in p.value
    }
    assert sources == {("s28", "relevant-data"), ("s41", "parks-division-head")}
