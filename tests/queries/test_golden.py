"""Golden answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.queries.golden import GoldenResult, run_golden_tests, update_golden_answers
from kgtool.queries.header import read_query
from kgtool.store import Store, open_store

PREFIXES = {"": "http://x/"}
SET = "SELECT ?s ?n { ?s :n ?n }"
ORDERED = "SELECT ?s ?n { ?s :n ?n } ORDER BY ?n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    file = tmp_path / "data.ttl"
    file.write_text('@prefix : <http://x/> . :a :n 1 . :b :n 2 . :c :n "x,\\ny" .', encoding="utf-8")
    return open_store(file)


def outcome(store: Store, folder: Path, text: str, expected: str | None) -> GoldenResult:
    (folder / "q.rq").write_text(text, encoding="utf-8")
    if expected is not None:
        (folder / "q.expected.csv").write_text(expected, encoding="utf-8", newline="")
    (result,) = run_golden_tests(store, [read_query(folder / "q.rq")], prefixes=PREFIXES)
    return result


ROWS = ["http://x/a,1", "http://x/b,2", 'http://x/c,"x,\ny"']


def csv(*rows: str, end: str = "\n") -> str:
    return "".join(f"{row}{end}" for row in ("s,n", *rows))


def test_rows_in_any_order_pass_where_the_query_has_none(store: Store, tmp_path: Path) -> None:
    assert outcome(store, tmp_path, SET, csv(*reversed(ROWS))) == GoldenResult("q", "passed")


def test_line_ends_and_a_byte_order_mark_do_not_matter(store: Store, tmp_path: Path) -> None:
    assert outcome(store, tmp_path, SET, "\ufeff" + csv(*ROWS, end="\r\n")).status == "passed"


def test_other_rows_fail_with_what_was_expected_and_what_came(store: Store, tmp_path: Path) -> None:
    result = outcome(store, tmp_path, SET, csv(ROWS[0], "http://x/b,3", ROWS[2], ROWS[2]))
    assert (result.status, result.diff) == (
        "failed",
        ("- http://x/b,3", '- http://x/c,"x,\ny"', "+ http://x/b,2"),
    )
    assert result.message == (
        "the answer is not that of q.expected.csv; if it is right, 'kgtool test q --update' makes it the expected one"
    )


def test_an_ordered_query_fails_on_another_order(store: Store, tmp_path: Path) -> None:
    assert outcome(store, tmp_path, ORDERED, csv(ROWS[1], ROWS[0], ROWS[2])).status == "failed"


def test_an_ordered_query_whose_header_says_set_passes_in_any_order(store: Store, tmp_path: Path) -> None:
    assert outcome(store, tmp_path, "#+ order: set\n" + ORDERED, csv(*reversed(ROWS))).status == "passed"


def test_other_columns_fail(store: Store, tmp_path: Path) -> None:
    assert outcome(store, tmp_path, SET, "n,s\n").diff == ("- n,s", "+ s,n")


def test_a_missing_golden_answer_is_a_finding(store: Store, tmp_path: Path) -> None:
    result = outcome(store, tmp_path, SET, None)
    assert (result.status, result.message) == (
        "missing",
        "there is no q.expected.csv; look at 'kgtool query q', then write it with 'kgtool test q --update'",
    )


@pytest.mark.parametrize("expected", ["", 's,n\n"http'])
def test_a_golden_answer_that_is_no_csv_is_an_error(store: Store, tmp_path: Path, expected: str) -> None:
    result = outcome(store, tmp_path, SET, expected)
    assert result.status == "error"
    assert "q.expected.csv" in result.message


def test_a_golden_answer_in_another_encoding_is_an_error(store: Store, tmp_path: Path) -> None:
    (tmp_path / "q.expected.csv").write_bytes("s,n\n高,1\n".encode("gb18030"))
    assert "cannot read the golden answer" in outcome(store, tmp_path, SET, None).message


def test_a_query_that_cannot_be_answered_is_an_error(store: Store, tmp_path: Path) -> None:
    assert "syntax error" in outcome(store, tmp_path, "SELECT ?x { ?x", csv()).message
    assert "syntax error" in outcome(store, tmp_path, "ASK { ?x ", None).message


def test_unbound_cells_of_a_single_column_are_rows(store: Store, tmp_path: Path) -> None:
    text = "SELECT ?m { ?s :n ?n OPTIONAL { ?s :m ?m } }"
    query = outcome(store, tmp_path, text, None)
    assert query.status == "missing"
    update_golden_answers(store, [read_query(tmp_path / "q.rq")], prefixes=PREFIXES)
    assert (tmp_path / "q.expected.csv").read_text(encoding="utf-8") == 'm\n""\n""\n""\n'
    assert outcome(store, tmp_path, text, None).status == "passed"


def test_update_writes_what_is_missing_or_differs_and_says_which(store: Store, tmp_path: Path) -> None:
    for name, text in (("a", SET), ("b", ORDERED), ("c", SET)):
        (tmp_path / f"{name}.rq").write_text(text, encoding="utf-8")
    queries = [read_query(tmp_path / f"{name}.rq") for name in "abc"]
    (tmp_path / "b.expected.csv").write_text(csv(), encoding="utf-8")
    (tmp_path / "c.expected.csv").write_text(csv(*reversed(ROWS)), encoding="utf-8")
    changed = update_golden_answers(store, queries, prefixes=PREFIXES)
    assert [query.name for query in changed] == ["a", "b"]
    assert (tmp_path / "a.expected.csv").read_text(encoding="utf-8") == csv(*ROWS)
    assert (tmp_path / "c.expected.csv").read_text(encoding="utf-8") == csv(*reversed(ROWS))
    assert {r.status for r in run_golden_tests(store, queries, prefixes=PREFIXES)} == {"passed"}
    assert sorted(file.name for file in tmp_path.glob("*.csv")) == [f"{name}.expected.csv" for name in "abc"]


CONSTRUCT = """CONSTRUCT { ?s :is "园区"@ZH, ?n } WHERE { VALUES (?s ?n) { (:b 2) (:a "a\\u2028b") } ?s :n ?any }"""
TRIPLES = (
    '<http://x/a> <http://x/is> "a\u2028b" .\n'
    '<http://x/a> <http://x/is> "园区"@zh .\n'
    '<http://x/b> <http://x/is> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    '<http://x/b> <http://x/is> "园区"@zh .\n'
)


def outcome_of_graph(store: Store, folder: Path, text: str, expected: str) -> GoldenResult:
    (folder / "q.expected.nt").write_text(expected, encoding="utf-8")
    return outcome(store, folder, text, None)


def test_triples_pass_in_any_order_and_line_ends(store: Store, tmp_path: Path) -> None:
    lines = TRIPLES.replace("\n", "\r\n").split("\n")
    assert outcome_of_graph(store, tmp_path, CONSTRUCT, "\n".join(reversed(lines))) == GoldenResult("q", "passed")


def test_other_triples_fail_with_what_was_expected_and_what_came(store: Store, tmp_path: Path) -> None:
    result = outcome_of_graph(store, tmp_path, CONSTRUCT, TRIPLES.replace('"园区"@zh', '"工厂"@zh', 1))
    assert (result.status, result.diff) == (
        "failed",
        ('- <http://x/a> <http://x/is> "工厂"@zh .', '+ <http://x/a> <http://x/is> "园区"@zh .'),
    )


def test_update_writes_triples_sorted(store: Store, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(CONSTRUCT, encoding="utf-8")
    update_golden_answers(store, [read_query(tmp_path / "q.rq")], prefixes=PREFIXES)
    assert (tmp_path / "q.expected.nt").read_text(encoding="utf-8") == TRIPLES
    assert outcome(store, tmp_path, CONSTRUCT, None).status == "passed"


def test_a_blank_node_cannot_be_compared(store: Store, tmp_path: Path) -> None:
    result = outcome_of_graph(store, tmp_path, "CONSTRUCT { [] :is ?n } WHERE { ?s :n ?n }", "")
    assert (result.status, "q.rq: a triple of the answer has a blank node" in result.message) == ("error", True)


@pytest.mark.parametrize(("expected", "status"), [("true", "passed"), ("false", "failed"), ("1", "failed")])
def test_a_yes_is_compared_with_the_boolean_of_a_json_file(
    store: Store, tmp_path: Path, expected: str, status: str
) -> None:
    (tmp_path / "q.expected.json").write_text(f'{{"head": {{}}, "boolean": {expected}}}', encoding="utf-8")
    result = outcome(store, tmp_path, "ASK { :a :n 1 }", None)
    assert (result.status, result.diff) == (status, () if status == "passed" else (f"- {expected}", "+ true"))


def test_update_writes_a_no(store: Store, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("ASK { :a :n 7 }", encoding="utf-8")
    update_golden_answers(store, [read_query(tmp_path / "q.rq")], prefixes=PREFIXES)
    assert (tmp_path / "q.expected.json").read_text(encoding="utf-8") == '{"head": {}, "boolean": false}\n'


@pytest.mark.parametrize("expected", ["", "[]", "{}", "true"])
def test_a_golden_answer_that_is_no_boolean_result_is_an_error(store: Store, tmp_path: Path, expected: str) -> None:
    (tmp_path / "q.expected.json").write_text(expected, encoding="utf-8")
    result = outcome(store, tmp_path, "ASK { }", None)
    assert (result.status, "it must be UTF-8 JSON" in result.message) == ("error", True)
