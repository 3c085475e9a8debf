"""``kgtool query --evidence`` and ``--text``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kgtool.build import build
from kgtool.project import Project
from kgtool.text.segments import digest

Run = Callable[..., tuple[int, str, str]]

_S = "https://example.org/tiny/article/harbour/s"
_EX = "https://example.org/tiny/id/"
_LEADS = f"SELECT ?industry {{ <{_EX}harbour-park> ip:hasLeadingIndustry ?industry }} ORDER BY ?industry"
_VALUE = "SELECT ?figure ?written { ?figure ip:valueAsWritten ?written }"

#: 45 characters, in the ranges of the project's three sentences.
_TEXT = "临港园区的主导产业是造船业。。产值12.50亿元，光学造船。\n风光很好，人人都爱这个好地方。"


@pytest.fixture(autouse=True)
def project(tiny_project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    record = tiny_project.root / "graph/articles/harbour/article.ttl"
    text = record.read_text(encoding="utf-8")
    text = text.replace("ip:length 45", f'ip:length 45 ; ip:sha256 "{digest(_TEXT)}"')
    text = text.replace("ip:number 2 ;", 'ip:number 2 ; ip:gist "产值"@zh-Hans, "output"@en ;')
    record.write_text(text, encoding="utf-8")
    (tiny_project.root / "text.txt").write_text(_TEXT, encoding="utf-8")
    build(tiny_project)
    monkeypatch.chdir(tiny_project.root)
    return tiny_project


def test_a_table_has_a_column_of_sentences_and_says_below_what_they_say(kgtool: Run) -> None:
    assert kgtool("query", "-q", _LEADS, "--evidence", "--lang", "en")[1] == (
        "industry      evidence\n"
        "------------  --------\n"
        "Optics        s2\n"
        "Shipbuilding  s1 s2\n"
        "\n"
        "s1  ¶1 · characters 0–15\n"
        "\n"
        "s2  ¶1 · characters 15–30\n"
        "    output\n"
    )


def test_quotes_stand_below_the_table(kgtool: Run) -> None:
    out = kgtool("query", "-q", _VALUE, "--evidence")[1]
    assert out.endswith("\ns2  ¶1 · characters 15–30\n    产值\n    「产值12.50亿元」\n")


def test_with_the_text_the_sentence_is_shown_and_its_quote_marked(kgtool: Run) -> None:
    out = kgtool("query", "-q", _VALUE, "--text", "text.txt")[1]
    assert out.endswith("\ns2  ¶1 · characters 15–30\n    产值\n    『产值12.50亿元』，光学造船。\n")


def test_another_text_is_refused(kgtool: Run, project: Project) -> None:
    (project.root / "other.txt").write_text("别的。", encoding="utf-8")
    code, out, err = kgtool("query", "-q", _VALUE, "--text", "other.txt")
    assert (code, out) == (2, "")
    assert "this is the text of none of the articles" in err


def test_csv_has_a_column_of_sentences(kgtool: Run) -> None:
    out = kgtool("query", "-q", _LEADS, "--evidence", "--format", "csv")[1]
    assert list(csv.reader(io.StringIO(out))) == [
        ["industry", "evidence"],
        [f"{_EX}optics", f"{_S}2"],
        [f"{_EX}shipbuilding", f"{_S}1 {_S}2"],
    ]


def test_tsv_has_a_column_of_sentences(kgtool: Run) -> None:
    assert kgtool("query", "-q", _LEADS, "--evidence", "--format", "tsv")[1].splitlines() == [
        "?industry\t?evidence",
        f'<{_EX}optics>\t"{_S}2"',
        f'<{_EX}shipbuilding>\t"{_S}1 {_S}2"',
    ]


def test_xml_has_a_variable_of_sentences(kgtool: Run) -> None:
    tree = ET.fromstring(kgtool("query", "-q", _LEADS, "--evidence", "--format", "xml")[1])
    name = "{http://www.w3.org/2005/sparql-results#}"
    assert [one.get("name") for one in tree.iter(f"{name}variable")] == ["industry", "evidence"]
    assert [one.text for one in tree.iter(f"{name}literal")] == [f"{_S}2", f"{_S}1 {_S}2"]


def test_json_has_the_standard_result_and_a_list_of_evidence_for_each_row(kgtool: Run) -> None:
    found = json.loads(kgtool("query", "-q", _VALUE, "--evidence", "--format", "json")[1])
    assert found["head"] == {"vars": ["figure", "written"]}
    assert len(found["results"]["bindings"]) == len(found["evidence"]) == 1
    assert [(item["sentence"], item["quotes"]) for item in found["evidence"][0]] == [(f"{_S}2", ["产值12.50亿元"])]


def test_markdown_has_a_table_and_a_list(kgtool: Run) -> None:
    out = kgtool("query", "-q", _VALUE, "--text", "text.txt", "--format", "markdown")[1]
    assert out.splitlines()[0] == "| figure | written | evidence |"
    assert out.endswith("\n**s2** ¶1 · characters 15–30\n\n- 产值\n- **产值12.50亿元**，光学造船。\n")


def test_a_row_that_no_sentence_proves_has_a_dash(kgtool: Run) -> None:
    out = kgtool(
        "query", "-q", "SELECT ?park { ?park a ip:IndustrialPark FILTER NOT EXISTS { ?park ip:none ?x } }", "--evidence"
    )[1]
    assert out.splitlines()[2:] == [
        "临港园区  –",
        "",
        "note: what is absent (NOT EXISTS, MINUS) is in no sentence: only what is present is proved",
    ]


def test_a_column_of_the_same_name_stays(kgtool: Run) -> None:
    query = "SELECT ?evidence { ?x ip:valueAsWritten ?evidence }"
    assert kgtool("query", "-q", query, "--evidence", "--format", "csv")[1].splitlines()[0] == "evidence,evidence_"


def test_a_saved_query_is_proved_with_its_parameters(kgtool: Run, project: Project) -> None:
    text = "#+ parameters:\n#+   park: {type: entity}\nSELECT ?industry { ?park ip:hasLeadingIndustry ?industry }\n"
    (project.root / "queries" / "of.rq").write_text(text, encoding="utf-8")
    code, out, _ = kgtool("query", "of", "park=临港", "--evidence", "--format", "csv")
    assert (code, len(out.splitlines())) == (0, 3)


def test_what_has_no_rows_is_refused(kgtool: Run) -> None:
    assert kgtool("query", "-q", "ASK { ?s ?p ?o }", "--evidence") == (
        2,
        "",
        "kgtool: -q: only the rows of a SELECT have evidence; ask with SELECT\n",
    )


def test_what_cannot_be_traced_is_refused_with_its_line(kgtool: Run) -> None:
    code, out, err = kgtool("query", "-q", "SELECT ?x {\n  ?x ?p ?o FILTER(RAND() < 2) }", "--evidence")
    assert (code, out) == (2, "")
    assert err == (
        "kgtool: -q:2: this query's rows cannot be traced: RAND() gives another value each time; "
        "write the value you mean\n"
    )


def test_a_file_is_written_whole(kgtool: Run, project: Project) -> None:
    assert kgtool("query", "-q", _LEADS, "--evidence", "-o", "out.csv")[:2] == (0, "")
    assert Path("out.csv").read_text(encoding="utf-8").startswith("industry,evidence")
