"""Columns beside a store: what they answer, what they leave to the engine, and whose they are."""

from __future__ import annotations

import io
import logging
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyoxigraph
import pytest

from kgtool.columns import columns_file, open_columns, write_columns
from kgtool.columns.database import Database, fingerprint
from kgtool.errors import QueryError, StoreError
from kgtool.namespaces import XSD
from kgtool.store import open_store
from kgtool.store.drafts import read_files
from kgtool.store.embedded import EmbeddedStore, open_folder
from kgtool.terms import Literal

Run = Callable[..., tuple[int, str, str]]

DATA = """@prefix ex: <urn:ex:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a ex:of ex:x ; ex:value 4486.20 ; ex:count 2 ; ex:label "A"@en ; ex:large 9223372036854775807 ; ex:any 1 .
ex:b ex:of ex:x ; ex:value 0.80 ; ex:count 2 ; ex:label "B"@en ; ex:large 1 ; ex:any "one" .
ex:c ex:of ex:y ; ex:value 12.0 ; ex:count 3 ; ex:label "C" ; ex:large 900000000000000000 ; ex:any ex:x .
ex:d ex:of ex:y ; ex:count 3 ; ex:wide 900000000000000000 ; ex:ratio 1.5e0 .
ex:e ex:of ex:y ; ex:count 4 ; ex:wide 900000000000000000, 900000000000000001, 900000000000000002, 900000000000000003,
    900000000000000004, 900000000000000005, 900000000000000006, 900000000000000007, 900000000000000008,
    900000000000000009, 900000000000000010 ; ex:ratio 0.1e0 ; ex:mixed 1, 1.0, 2 .
_:f ex:to _:g ; ex:count 5 ; ex:on "2024-02-29"^^xsd:date ; ex:in "2013"^^xsd:gYear .
GRAPH ex:g { ex:z ex:count 100 ; ex:of ex:z }
"""

PREFIX = "PREFIX ex: <urn:ex:> "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with columns."""
    place = tmp_path_factory.mktemp("columns")
    (place / "data.trig").write_text(DATA, encoding="utf-8")
    read_files([str(place / "data.trig")]).save(place / "store")
    write_columns(open_folder(place / "store"))
    return str(place / "store")


@pytest.fixture
def store(folder: str) -> EmbeddedStore:
    """The store, its columns asked whatever the size of the question."""
    opened = open_folder(folder)
    opened._columns, opened._has_columns = open_columns(folder, least=0), True
    return opened


def ask(store: EmbeddedStore, query: str, form: str = "csv") -> tuple[str, int]:
    """Return an answer, and how many columns have answered."""
    assert store._columns is not None
    before = store._columns.answered
    stream = io.BytesIO()
    store.query(PREFIX + query).write(stream, form)
    return stream.getvalue().decode(), store._columns.answered - before


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?x (COUNT(?s) AS ?n) { ?s ex:of ?x ; ex:value ?v } GROUP BY ?x ORDER BY ?x", "urn:ex:x,2 urn:ex:y,1"),
        ("SELECT (SUM(?v) AS ?n) { ?s ex:value ?v }", "4499"),
        (
            "SELECT ?x { ?s ex:of ?x ; ex:count ?n } GROUP BY ?x HAVING (COUNT(?s) > 2 && MAX(?n) != 3.5)",
            "urn:ex:y",
        ),
        ("SELECT (AVG(?n) AS ?m) { ?s ex:count ?n }", "3.166666666666666666"),
        ("SELECT (MIN(?v) AS ?a) (MAX(?v) AS ?b) { ?s ex:value ?v }", "0.8,4486.2"),
        ("SELECT ?s ?v { ?s ex:value ?v } ORDER BY DESC(?v) LIMIT 2", "urn:ex:a,4486.2 urn:ex:c,12"),
        ("SELECT ?v { ?s ex:value ?v FILTER(?v < 12.5 && ?v != 0.80) } ORDER BY ?v LIMIT 2", "12"),
        ("SELECT (SUM(?m) AS ?n) { ?s ex:mixed ?m }", "4"),
        ("SELECT ?d { ?s ex:on ?d } ORDER BY ?d LIMIT 1", "2024-02-29"),
        ("SELECT (MAX(?y) AS ?n) { ?s ex:in ?y }", "2013"),
        ("SELECT (COUNT(*) AS ?n) (SUM(?v) AS ?t) (MIN(?v) AS ?l) { ?s ex:value ?v FILTER(?v > 9999) }", "0,0,"),
        ("SELECT (COUNT(DISTINCT ?n) AS ?m) { ?s ex:of/^ex:of/ex:count ?n }", "3"),
        ("SELECT ?n { ?s ex:count ?n } ORDER BY ?n LIMIT 1 OFFSET 2", "3"),
    ],
)
def test_columns_answer(store: EmbeddedStore, query: str, rows: str) -> None:
    answer, answered = ask(store, query)
    assert answer.split("\r\n")[1:-1] == rows.split(" ")
    assert answered == 1


@pytest.mark.parametrize(
    ("condition", "number"),
    [
        ("?n > 2.5", 4),
        ("?n >= 2.5", 4),
        ("?n < 2.5", 2),
        ("?n <= 2.5", 2),
        ("2.5 < ?n", 4),
        ("2.50 >= ?n", 2),
        ("?n = 2.5", 0),
        ("?n != 2.5", 6),
        ("?n = 2.0", 2),
        ("?n != 2", 4),
        ("?n > 2", 4),
        ("?n <= 2", 2),
        ("?n > -3 && ?n < 99", 6),
    ],
)
def test_numbers_are_compared_between_the_steps_of_their_scale(
    store: EmbeddedStore, condition: str, number: int
) -> None:
    answer, answered = ask(store, f"SELECT (COUNT(*) AS ?c) {{ ?s ex:count ?n FILTER({condition}) }}")
    assert (answer, answered) == (f"c\r\n{number}\r\n", 1)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_an_answer_is_written_as_the_engine_writes_it(store: EmbeddedStore, folder: str, form: str) -> None:
    where = "{ ?s ex:of ?x ; ex:value ?v ; ex:label ?l }"
    query = f"SELECT ?x ?l (SUM(?v) AS ?n) (MIN(?v) AS ?m) {where} GROUP BY ?x ?l ORDER BY ?n"
    stream = io.BytesIO()
    store._store.query(PREFIX + query).serialize(stream, getattr(pyoxigraph.QueryResultsFormat, form.upper()))
    answer, answered = ask(store, query, form)
    assert answered == 1
    assert answer == stream.getvalue().decode()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (SUM(?r) AS ?n) { ?s ex:ratio ?r }",  # doubles: the sum depends on the order
        "SELECT (SUM(?l) AS ?n) { ?s ex:large ?l }",  # more than an integer of the engine holds
        "SELECT (SUM(?w) AS ?n) { ?s ex:wide ?w }",
        "SELECT ?x (SUM(?w) AS ?n) { ?s ex:of ?x ; ex:wide ?w } GROUP BY ?x ORDER BY ?n LIMIT 1",
        "SELECT (SUM(?a) AS ?n) { ?s ex:any ?a }",
        "SELECT (MIN(?a) AS ?n) { ?s ex:any ?a }",
        "SELECT (MIN(?m) AS ?n) { ?s ex:mixed ?m }",
        "SELECT (SUM(DISTINCT ?m) AS ?n) { ?s ex:mixed ?m }",
        "SELECT ?a { ?s ex:any ?a } ORDER BY ?a LIMIT 2",
        "SELECT ?x (COUNT(*) AS ?n) { ?s ex:of ?x } GROUP BY ?x LIMIT 1",  # any of two would do
        "SELECT ?x (COUNT(*) AS ?n) { ?s ex:of ?x } GROUP BY ?x OFFSET 1",
        "SELECT ?s { ?s ex:count ?n } ORDER BY ?n LIMIT 1",  # two have the smallest
        "SELECT ?s { ?s ex:count ?n } ORDER BY ?n LIMIT 1 OFFSET 1",
        "SELECT ?x (COUNT(?l) AS ?n) { ?s ex:of ?x OPTIONAL { ?s ex:label ?l } } GROUP BY ?x",
        "SELECT (COUNT(*) AS ?n) { { ?s ex:of ex:x } UNION { ?s ex:of ex:y } }",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ex:of ?x } }",
        "SELECT (COUNT(*) AS ?n) FROM ex:g { ?s ex:count ?x }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:of+ ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:of ?o . ?t ex:count ?n2 }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:of ?o BIND(1 AS ?one) }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:any ?a FILTER(?a != 2) }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:value ?v FILTER(?v > 1e0) }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:value ?v FILTER(?v > 1 || ?v < 0) }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:label ?l FILTER(?l = 'C') }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:of ?o FILTER NOT EXISTS { ?s ex:value ?v } }",
        "SELECT ?x (COUNT(*) AS ?n) { ?s ex:of ?x } GROUP BY ?x HAVING (AVG(?x) > 2)",
        "SELECT ?x (COUNT(*) AS ?n) { ?s ex:of ?x } GROUP BY ?x HAVING (?n > 2)",
        "SELECT ?x (COUNT(*) AS ?n) { ?s ex:of ?x } GROUP BY ?x HAVING (COUNT(*) > 1 + 1)",
        "SELECT ?x (COUNT(*) AS ?n) { ?s ex:of ?x ; ex:wide ?w } GROUP BY ?x HAVING (SUM(?w) > 5)",
        "SELECT (SUM(?v) / COUNT(?v) AS ?n) { ?s ex:value ?v }",
        "SELECT (COUNT(*) AS ?n) { ?s ex:nowhere ?x }",
        "SELECT (GROUP_CONCAT(?l) AS ?n) { ?s ex:count 4 ; ex:of ?l }",
        "SELECT * { ?s ex:value ?v } ORDER BY ?v LIMIT 2",
        "SELECT REDUCED ?n { ?s ex:count ?n } ORDER BY ?n LIMIT 9",
        "SELECT (COUNT(*) AS ?n) { { SELECT ?s { ?s ex:of ?x } LIMIT 2 } }",
        "BASE <urn:ex:> SELECT (COUNT(*) AS ?n) { ?s <urn:ex:of> ?o }",
        "SELECT (COUNT(*) AS ?n) { VALUES ?x { ex:x } ?s ex:of ?x }",
        "ASK { ?s ex:count ?n . ?n ex:countGroup ?m }",
    ],
)
def test_what_columns_do_not_know_the_engine_answers(store: EmbeddedStore, folder: str, query: str) -> None:
    answer, answered = ask(store, query)
    assert answered == 0
    plain = open_folder(folder)
    plain._has_columns = False
    stream = io.BytesIO()
    plain.query(PREFIX + query).write(stream, "csv")
    assert sorted(answer.split("\r\n")) == sorted(stream.getvalue().decode().split("\r\n"))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s (SUM(?n) AS ?m) { ?s ex:count ?n } GROUP BY ?n",
        "SELECT ?n ?n { ?s ex:count ?n } ORDER BY ?n LIMIT 1",
        "SELECT ?n { ?s ex:count ?n } ORDER BY ?n LIMIT 1 LIMIT 2",
    ],
)
def test_a_wrong_query_has_the_engines_error(store: EmbeddedStore, folder: str, query: str) -> None:
    query = PREFIX + query
    plain = open_folder(folder)
    plain._has_columns = False
    with pytest.raises(QueryError) as theirs:
        plain.query(query)
    with pytest.raises(QueryError) as ours:
        store.query(query)
    assert str(ours.value) == str(theirs.value)


def test_bound_parameters_and_other_graphs_are_the_engines(store: EmbeddedStore) -> None:
    from kgtool.store import Dataset

    query = PREFIX + "SELECT (SUM(?n) AS ?m) { ?s ex:count ?n }"
    (row,) = store.query(query, dataset=Dataset(default=("urn:ex:g",))).rows()
    assert row == (Literal("100", None, XSD + "integer"),)
    (row,) = store.query(query, bindings={"n": Literal("4", None, XSD + "integer")}).rows()
    assert row == (Literal("4", None, XSD + "integer"),)


def test_small_questions_are_left_to_the_engine(folder: str) -> None:
    store = open_folder(folder)
    assert list(store.query(PREFIX + "SELECT (SUM(?n) AS ?m) { ?s ex:count ?n }").rows())
    assert store._columns is not None
    assert store._columns.answered == 0


# Whose they are ------------------------------------------------------------------------------------------------------


@pytest.fixture
def copied(folder: str, tmp_path: Path) -> Path:
    """A copy of the store and its columns."""
    shutil.copytree(folder, tmp_path / "store")
    shutil.copy(columns_file(folder), columns_file(tmp_path / "store"))
    return tmp_path / "store"


def test_columns_of_a_copied_store_are_its_own(copied: Path) -> None:
    assert open_columns(str(copied)) is not None


def test_columns_of_a_store_that_was_changed_are_not_asked(copied: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = pyoxigraph.Store(str(copied))
    name = pyoxigraph.NamedNode("urn:ex:value")
    store.add(pyoxigraph.Quad(name, name, pyoxigraph.Literal(1)))
    store.flush()
    del store
    with caplog.at_level(logging.WARNING):
        (row,) = open_store(str(copied)).query(PREFIX + "SELECT (COUNT(*) AS ?n) { ?s ex:value ?v }").rows()
    assert row == (Literal("4", None, XSD + "integer"),)
    assert "the store is asked without its columns: " in caplog.text
    assert "not those of the store beside them; write them anew: 'kgtool columns'" in caplog.text


@pytest.mark.parametrize("damage", ["cut", "other", "empty", "layout"])
def test_damaged_columns_are_not_asked(copied: Path, caplog: pytest.LogCaptureFixture, damage: str) -> None:
    file = Path(columns_file(copied))
    if damage == "layout":
        with duckdb.connect(str(file)) as connection:
            connection.execute("UPDATE about SET value = '0' WHERE key = 'layout'")
    else:
        whole = file.read_bytes()
        file.write_bytes({"cut": whole[: len(whole) // 2], "other": b"no columns" * 999, "empty": b""}[damage])
    with caplog.at_level(logging.WARNING):
        (row,) = open_store(str(copied)).query(PREFIX + "SELECT (COUNT(*) AS ?n) { ?s ex:value ?v }").rows()
    assert row == (Literal("3", None, XSD + "integer"),)
    assert "the store is asked without its columns: " in caplog.text


def test_columns_can_be_written_again(copied: Path) -> None:
    before = Path(columns_file(copied)).stat().st_ino
    write_columns(open_folder(copied))
    assert Path(columns_file(copied)).stat().st_ino != before
    assert open_columns(str(copied)) is not None
    assert sorted(file.name for file in copied.parent.iterdir()) == ["store", "store.columns"]


def test_a_store_in_memory_has_no_columns() -> None:
    with pytest.raises(StoreError, match="only a store in a folder has columns"):
        write_columns(EmbeddedStore(pyoxigraph.Store()))


def test_columns_read_their_file_and_no_other(folder: str, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    database = Database(columns_file(folder), fingerprint(folder))
    for query in (
        f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
        f"ATTACH '{tmp_path}/other.db'",
        "SET enable_external_access = true",
        "SET memory_limit = '8GB'",
        "CREATE TABLE file.x AS SELECT 1",
    ):
        with pytest.raises(StoreError, match="cannot be asked"):
            database.rows(query, [])


def test_columns_are_not_asked_where_memory_is_little(
    copied: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (700 << 20, 700 << 20))
    with caplog.at_level(logging.WARNING):
        assert open_columns(str(copied)) is None
    assert "columns need 768 MB of memory; allow more: --max-memory" in caplog.text


# The command, and what a query without columns imports ---------------------------------------------------------------


def test_the_command_writes_what_a_query_then_asks(kgtool: Run, copied: Path) -> None:
    Path(columns_file(copied)).unlink()
    code, out, err = kgtool("columns", "--store", str(copied))
    assert (code, out) == (0, "43 triples, 12 predicates, 4 tables\n")
    assert err.splitlines()[-1].startswith("kgtool: written in ")
    assert open_columns(str(copied)) is not None


def test_the_command_refuses_files(kgtool: Run, tmp_path: Path) -> None:
    (tmp_path / "data.trig").write_text(DATA, encoding="utf-8")
    code, out, err = kgtool("columns", "--store", str(tmp_path / "data.trig"))
    assert (code, out) == (2, "")
    assert "only a store in a folder has columns" in err


def test_duckdb_is_imported_only_where_there_are_columns(folder: str, copied: Path) -> None:
    Path(columns_file(copied)).unlink()
    program = """
import sys
from kgtool.store import open_store
list(open_store(sys.argv[1]).query(sys.argv[2]).rows())
print([name for name in ("duckdb", "kgtool.columns", "kgtool.select.parser") if name in sys.modules])
"""
    counted, looked_up = "SELECT (COUNT(*) AS ?n) { ?s <urn:ex:count> ?o }", "SELECT ?o { <urn:ex:a> <urn:ex:of> ?o }"
    for place, query, imported in (
        (str(copied), counted, "[]\n"),
        (folder, looked_up, "[]\n"),
        (folder, counted, "['duckdb', 'kgtool.columns', 'kgtool.select.parser']\n"),
    ):
        done = subprocess.run([sys.executable, "-c", program, place, query], capture_output=True, text=True, check=True)
        assert done.stdout == imported
