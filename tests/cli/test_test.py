"""``kgtool test``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]

LEADING = "leading-industries"
EX = "https://example.org/tiny/id/"
RIGHT = f"park,industry\n{EX}harbour-park,{EX}optics\n{EX}harbour-park,{EX}shipbuilding\n"


@pytest.fixture
def queries(built_project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the project's queries, with the one query and no golden answer."""
    for file in (built_project.root / "queries").iterdir():
        if file.stem.partition(".")[0] != LEADING or file.suffix == ".csv":
            file.unlink()
    monkeypatch.chdir(built_project.root)
    return built_project.root / "queries"


def test_right_answers_are_exit_0(kgtool: Run, queries: Path) -> None:
    (queries / f"{LEADING}.expected.csv").write_text(RIGHT, encoding="utf-8")
    assert kgtool("test") == (0, f"passed  {LEADING}\n1 of 1 passed\n", "")


def test_wrong_answers_are_exit_1_with_the_rows_that_differ(kgtool: Run, queries: Path) -> None:
    (queries / f"{LEADING}.expected.csv").write_text(RIGHT.replace("optics", "光学\x1b"), encoding="utf-8")
    code, out, err = kgtool("test")
    assert (code, err) == (1, "")
    assert out.splitlines()[1:] == [
        f"    - {EX}harbour-park,{EX}光学\\x1b",
        f"    + {EX}harbour-park,{EX}optics",
        "0 of 1 passed",
    ]


def test_a_missing_golden_answer_is_exit_1(kgtool: Run, queries: Path) -> None:
    code, out, _ = kgtool("test", LEADING)
    assert (code, out.startswith(f"missing {LEADING}: there is no {LEADING}.expected.csv; ")) == (1, True)


def test_update_writes_the_answers_and_says_which(kgtool: Run, queries: Path) -> None:
    wrote = f"kgtool: wrote queries/{LEADING}.expected.csv\n"
    assert kgtool("test", "--update") == (0, f"passed  {LEADING}\n1 of 1 passed\n", wrote)
    assert (queries / f"{LEADING}.expected.csv").read_text(encoding="utf-8") == RIGHT
    assert kgtool("test", "--update")[2] == ""


def test_an_unknown_name_is_exit_2(kgtool: Run, queries: Path) -> None:
    assert kgtool("test", "leading-industry")[::2] == (
        2,
        f"kgtool: queries: no saved query 'leading-industry'; did you mean {LEADING}?\n",
    )


def test_json_has_every_result(kgtool: Run, queries: Path) -> None:
    (queries / f"{LEADING}.expected.csv").write_text("park,industry\n", encoding="utf-8")
    (result,) = json.loads(kgtool("test", "--format", "json")[1])
    assert (result["name"], result["status"], len(result["diff"])) == (LEADING, "failed", 2)


def test_junit_counts_failures_and_errors_and_is_xml_whatever_the_rows_hold(kgtool: Run, queries: Path) -> None:
    (queries / f"{LEADING}.expected.csv").write_text(RIGHT + '"<]]>&\x1b\x00",x\n', encoding="utf-8")
    (queries / "ask.rq").write_text("ASK {", encoding="utf-8")
    code, out, _ = kgtool("test", "--format", "junit")
    suite = ET.fromstring(out)
    assert (code, suite.attrib) == (1, {"name": "queries", "tests": "2", "failures": "1", "errors": "1"})
    assert [case.get("name") for case in suite] == ["ask", LEADING]
    assert suite[1][0].text == "- <]]>&\ufffd\ufffd,x"
    assert "ask.rq:1: syntax error" in suite[0][0].attrib["message"]


def test_a_golden_answer_that_cannot_be_written_is_exit_2(kgtool: Run, queries: Path) -> None:
    (queries / f"{LEADING}.expected.csv").mkdir()
    code, _, err = kgtool("test", "--update")
    (queries / f"{LEADING}.expected.csv").rmdir()
    assert (code, "cannot write the golden answer" in err) == (2, True)
    assert not list(queries.glob("*.tmp"))
