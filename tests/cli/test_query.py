"""``kgtool query``."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from subprocess import PIPE, Popen

import pytest

from kgtool.project import Project
from tests.conftest import wait_until_open

Run = Callable[..., tuple[int, str, str]]

LEADING = "leading-industries"
EX = "https://example.org/tiny/id/"


@pytest.fixture(autouse=True)
def _inside_the_project(built_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(built_project.root)


@pytest.fixture
def parks(built_project: Project) -> str:
    """A saved query with parameters."""
    text = """\
#+ parameters:
#+   park: {type: entity, class: ip:IndustrialPark}
#+   note: {type: string}
SELECT ?park ?industry ?note WHERE { ?park ip:hasLeadingIndustry ?industry } ORDER BY ?industry
"""
    (built_project.root / "queries" / "parks.rq").write_text(text, encoding="utf-8")
    return "parks"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, built_project: Project) -> Iterator[Path]:
    """An empty folder inside the project to work in."""
    (built_project.root / "work").mkdir()
    monkeypatch.chdir(built_project.root / "work")
    yield built_project.root / "work"
    rmtree(built_project.root / "work")


def test_a_saved_query_is_answered_as_a_table_with_labels(kgtool: Run) -> None:
    assert kgtool("query", LEADING, "--lang", "en") == (
        0,
        "park          industry\n------------  ------------\nHarbour Park  Optics\nHarbour Park  Shipbuilding\n",
        "",
    )


@pytest.mark.parametrize(
    ("language", "label"),
    [("zh-Hans", "临港园区"), ("zh-Hant", "臨港園區"), ("en", "Harbour Park"), (None, "临港园区")],
)
def test_labels_are_in_the_language_asked_for(kgtool: Run, language: str | None, label: str) -> None:
    options = [] if language is None else ["--lang", language]
    assert kgtool("query", LEADING, *options)[1].splitlines()[2].split("  ")[0] == label


def test_the_store_is_built_when_it_is_not_and_said_so(
    kgtool: Run, tiny_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_project.root)
    assert kgtool("query", LEADING)[2].startswith("kgtool: built the store: ")
    assert kgtool("query", LEADING)[2] == ""


def test_csv_is_the_standard_result(kgtool: Run) -> None:
    assert kgtool("query", LEADING, "--format", "csv")[1] == (
        f"park,industry\r\n{EX}harbour-park,{EX}optics\r\n{EX}harbour-park,{EX}shipbuilding\r\n"
    )


def test_json_is_the_standard_result(kgtool: Run) -> None:
    answer = json.loads(kgtool("query", LEADING, "--format", "json")[1])
    assert answer["head"] == {"vars": ["park", "industry"]}
    assert answer["results"]["bindings"][0]["industry"] == {"type": "uri", "value": EX + "optics"}


@pytest.mark.parametrize("name", ["tsv", "xml", "markdown"])
def test_every_format_of_rows_can_be_asked_for(kgtool: Run, name: str) -> None:
    assert kgtool("query", LEADING, "--format", name)[0] == 0


def test_numbers_stand_on_the_right(kgtool: Run) -> None:
    out = kgtool("query", "-q", "SELECT ?n { VALUES ?n { 1 200 } } ORDER BY ?n")[1]
    assert out == "  n\n---\n  1\n200\n"


def test_what_a_terminal_would_obey_is_shown_instead(kgtool: Run) -> None:
    out = kgtool("query", "-q", 'SELECT ?x { VALUES ?x { "\x1b[2J\u202e" "a\\nb" } } ORDER BY ?x')[1]
    assert out == "x\n-------------\n\\x1b[2J\\u202e\na\\nb\n"


@pytest.mark.parametrize("name", ["临港", "臨港園區", "harbour park", "ex:harbour-park", EX + "harbour-park"])
def test_a_parameter_is_given_by_any_name(kgtool: Run, parks: str, name: str) -> None:
    assert len(kgtool("query", parks, f"park={name}", "--format", "csv")[1].splitlines()) == 3


def test_a_parameter_may_hold_equals_signs_and_nothing(kgtool: Run, parks: str) -> None:
    out = kgtool("query", parks, "note=a=b", "--format", "csv")[1]
    assert out.splitlines()[1] == f"{EX}harbour-park,{EX}optics,a=b"
    assert kgtool("query", parks, "note=", "--format", "csv")[1].splitlines()[1].endswith("optics,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["parks", "park=nowhere"], "nothing is called 'nowhere' and is a ip:IndustrialPark; there are "),
        (["parks", "parc=x"], "query 'parks' has no parameter 'parc'; did you mean 'park'?"),
        (["parks", "note=a", "note=b"], "parameter 'note' is given twice; keep one of them"),
        (["parks", "=a"], "'=a' is not a parameter; write key=value"),
        (["park"], "queries: no saved query 'park'; did you mean parks?"),
        (
            ["parks", "--format", "turtle"],
            "format 'turtle' holds triples, not rows; use table, csv, tsv, json, xml or ",
        ),
        (["-q", "DESCRIBE ex:optics", "--format", "csv"], "format 'csv' holds rows, not triples; use turtle, "),
        (["parks", "more"], "2 queries (parks, more) given; give one: "),
        (["parks", "-q", "ASK {}"], "2 queries (parks, -q) given; give one: "),
        (["-f", "x.rq", "-q", "ASK {}"], "2 queries (-f, -q) given; give one: "),
        ([], "no query given; give one: a NAME ('kgtool queries' lists them), -f FILE or -q TEXT"),
        (["park=x"], "no query given; give one: "),
        (["-f", "none.rq"], "none.rq: cannot read the query: No such file or directory"),
        (["parks", "--exit-status"], "parks.rq: --exit-status is for ASK; this is SELECT"),
        (["-q", "ASK {}", "-o", "x.zip"], "x.zip: no format for true or false has the extension '.zip'"),
        (["parks", "--store", "none.ttl"], "none.ttl: cannot read it: No such file or directory"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence_and_exit_2(
    kgtool: Run, parks: str, arguments: list[str], message: str
) -> None:
    code, out, err = kgtool("query", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


@pytest.mark.parametrize("text", ["SELECT ?x {\n ?x ?y\n}", "SELECT ?x { ?x foaf:name ?y }", "nonsense", "", "\0"])
def test_a_query_with_an_error_is_exit_2_and_says_where(kgtool: Run, text: str) -> None:
    code, out, err = kgtool("query", "-q", text)
    assert (code, out) == (2, "")
    assert err.startswith("kgtool: -q")


def test_a_syntax_error_has_file_line_and_column(kgtool: Run, folder: Path) -> None:
    (folder / "x.rq").write_text("SELECT ?x {\n ?x ?y\n}", encoding="utf-8")
    err = kgtool("query", "-f", "x.rq")[2].splitlines()[-1]
    assert err.startswith("kgtool: x.rq:3: syntax error")
    assert ", column " in err


def test_a_query_may_use_the_projects_prefixes_without_declaring_them(kgtool: Run) -> None:
    assert kgtool("query", "-q", "ASK { ex:harbour-park ip:hasLeadingIndustry ex:optics }")[1] == "true\n"


def test_a_query_file_with_a_header_takes_parameters(
    kgtool: Run, folder: Path, built_project: Project, parks: str
) -> None:
    (built_project.root / "queries" / "parks.rq").rename(folder / "other.rq")
    assert "光学" in kgtool("query", "-f", "other.rq", "park=临港")[1]
    assert "has no parameter 'x'; it has none" in kgtool("query", "-q", "ASK {}", "x=1")[2]


def test_a_query_is_read_from_stdin(kgtool: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\ufeffASK { ?x ?y '园' }".encode())))
    assert kgtool("query", "-f", "-")[1] == "false\n"


def test_a_query_that_is_not_utf8_is_refused(kgtool: Run, folder: Path) -> None:
    (folder / "x.rq").write_bytes("ASK { ?x ?y '园区' }".encode("gb18030"))
    assert kgtool("query", "-f", "x.rq")[::2] == (
        2,
        "kgtool: x.rq: not UTF-8: byte 0xc7 at offset 15; save it as UTF-8\n",
    )


def test_an_ask_that_is_false_is_exit_1_only_when_wanted(kgtool: Run) -> None:
    false = "ASK { ex:optics ip:hasLeadingIndustry ?x }"
    assert kgtool("query", "-q", false) == (0, "false\n", "")
    assert kgtool("query", "-q", false, "--exit-status") == (1, "false\n", "")
    assert kgtool("query", "-q", "ASK {}", "--exit-status") == (0, "true\n", "")


def test_an_ask_can_be_json_and_xml(kgtool: Run) -> None:
    assert json.loads(kgtool("query", "-q", "ASK {}", "--format", "json")[1])["boolean"] is True
    assert "<boolean>true</boolean>" in kgtool("query", "-q", "ASK {}", "--format", "xml")[1]


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"])
def test_triples_can_be_written_in_every_format_of_triples(kgtool: Run, name: str) -> None:
    code, out, _ = kgtool("query", "-q", "CONSTRUCT { ?p ip:is ?i } { ?p ip:hasLeadingIndustry ?i }", "--format", name)
    assert (code, "shipbuilding" in out) == (0, True)


def test_triples_are_turtle_by_default(kgtool: Run) -> None:
    out = kgtool(
        "query", "-q", "CONSTRUCT { ex:a ip:b ?i } { ex:harbour-park ip:hasLeadingIndustry ?i FILTER(?i = ex:optics) }"
    )[1]
    assert out.splitlines()[-1] == "ex:a ip:b ex:optics ."


def test_an_rdf_file_can_be_asked_instead_of_the_project(kgtool: Run, folder: Path) -> None:
    (folder / "x.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    out = kgtool("query", "-q", "SELECT ?s { ?s ?p ?o }", "--store", "x.ttl", "--format", "csv")[1]
    assert out == "s\r\nurn:a\r\n"


def test_a_file_gets_the_format_of_its_extension_and_nothing_is_printed(kgtool: Run, folder: Path) -> None:
    assert kgtool("query", LEADING, "-o", "x.csv") == (0, "", "")
    assert (folder / "x.csv").read_bytes().startswith(b"park,industry\r\n")
    assert kgtool("query", LEADING, "-o", "x.csv", "--format", "markdown") == (0, "", "")
    assert (folder / "x.csv").read_text(encoding="utf-8").startswith("| park | industry |\n")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(kgtool: Run, folder: Path) -> None:
    code, _, err = kgtool("query", LEADING, "-o", "no/such/x.csv")
    assert (code, "no/such/x.csv: cannot write: No such file or directory" in err) == (2, True)
    (folder / "folder.csv").mkdir()
    assert kgtool("query", LEADING, "-o", "folder.csv")[0] == 2
    assert not list(folder.glob(".*"))


def test_a_failing_query_leaves_the_file_as_it_was(kgtool: Run, folder: Path) -> None:
    (folder / "x.csv").write_text("kept", encoding="utf-8")
    assert kgtool("query", "-q", "SELECT", "-o", "x.csv")[0] == 2
    assert (folder / "x.csv").read_text(encoding="utf-8") == "kept"


def test_a_terminal_gets_rows_of_its_width_and_their_number() -> None:
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    arguments = [
        sys.executable,
        "-m",
        "kgtool",
        "query",
        "-q",
        f'SELECT ?a ?b {{ VALUES (?a ?b) {{ ("{"园" * 99}" 1) }} }}',
    ]
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))
    with Popen(arguments, stdout=slave, stderr=PIPE, env=environment) as process:
        _, errors = process.communicate()
    os.close(slave)
    shown = os.read(master, 100_000).decode().splitlines()
    os.close(master)
    assert process.returncode == 0
    assert shown[2].startswith("园")
    assert "…" in shown[2]
    assert len(shown) == 3
    assert errors.decode().endswith("kgtool: 1 row\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_exit_2_and_said_so(built_project: Project) -> None:
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))
    with open("/dev/full", "w") as full:
        arguments = [sys.executable, "-m", "kgtool", "query", LEADING]
        with Popen(arguments, stdout=full, stderr=PIPE, env=environment) as process:
            _, errors = process.communicate()
    message = b"kgtool: cannot write the answer to stdout: No space left on device\n"
    assert (process.returncode, errors.endswith(message)) == (2, True)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "markdown", "table"])
@pytest.mark.parametrize("text", ["ASK {}", "SELECT ?s { VALUES ?s { 1 } }"])
def test_every_answer_ends_with_a_line_break(kgtool: Run, text: str, form: str) -> None:
    code, out, _ = kgtool("query", "-q", text, "--format", form)
    assert (code, out[-1:], out[-2:] == "\n\n") == (0, "\n", False)


@pytest.mark.parametrize(
    "graph", ["file:///etc/passwd", "http://127.0.0.1:1/data.ttl", "https://example.org/tiny/graph/x"]
)
@pytest.mark.parametrize("named", ["", "NAMED "])
def test_a_graph_that_is_not_there_is_refused_and_neither_read_nor_fetched(kgtool: Run, graph: str, named: str) -> None:
    code, out, err = kgtool("query", "-q", f"SELECT ?s FROM {named}<{graph}> {{ ?s ?p ?o }}")
    assert (code, out) == (2, "")
    assert err.startswith(f"kgtool: -q: the store has no graph <{graph}>, and nothing is fetched; ")


def test_a_graph_of_the_store_can_be_named(kgtool: Run) -> None:
    query = "SELECT ?o FROM <https://example.org/tiny/graph/dataset> { ?s void:uriSpace ?o }"
    assert kgtool("query", "-q", query, "--format", "csv") == (0, "o\r\nhttps://example.org/tiny/\r\n", "")


def test_an_interrupted_engine_ends_within_seconds_and_leaves_nothing_behind(folder: Path) -> None:
    """The engine does not return to Python for years: what would notice Ctrl-C never runs there."""
    patterns = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(6))
    slow = f"SELECT ?s0 {{ {patterns} FILTER(CONCAT(STR(?s0), STR(?s5)) = 'none') }}"
    command = [sys.executable, "-m", "kgtool", "query", "-q", slow, "--format", "csv", "-o", "answer.csv"]
    with Popen(command, stderr=PIPE, env=dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))) as process:
        wait_until_open(process, lambda file: file.parent == folder)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    message = b"kgtool: interrupted; what was there before is unchanged, run it again\n"
    assert (process.returncode, errors) == (130, message)
    assert list(folder.iterdir()) == []
