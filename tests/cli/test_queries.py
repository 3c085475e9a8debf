"""``kgtool queries``."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]

PARKS = """\
#+ summary: Parks
#+ question:
#+   en: Which parks?
#+   zh-Hans: 哪些园区？
#+ description: All parks.
#+ tags: [parks]
#+ parameters:
#+   park: {type: entity, class: ip:IndustrialPark, description: The park}
#+   since: {type: integer, default: 2000}
#+   name: {required: true, choices: [a, b]}
SELECT ?park ?since ?name WHERE { ?park a ip:IndustrialPark }
"""


@pytest.fixture(autouse=True)
def _inside_the_project(tiny_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (tiny_project.root / "queries" / "parks.rq").write_text(PARKS, encoding="utf-8")
    monkeypatch.chdir(tiny_project.root)


def test_the_queries_are_listed_with_their_questions_and_parameters(kgtool: Run) -> None:
    assert kgtool("queries", "--lang", "zh-Hans") == (
        0,
        (
            "name                question                parameters\n"
            "------------------  ----------------------  ----------------------------\n"
            "leading-industries  Which industries lead?\n"
            "parks               哪些园区？              [park=…] [since=2000] name=…\n"
        ),
        "",
    )


def test_json_says_all_that_a_program_needs(kgtool: Run) -> None:
    code, out, _ = kgtool("queries", "--format", "json")
    assert (code, json.loads(out)[1]) == (
        0,
        {
            "name": "parks",
            "question": "Which parks?",
            "questions": {"en": "Which parks?", "zh-Hans": "哪些园区？"},
            "summary": "Parks",
            "description": "All parks.",
            "tags": ["parks"],
            "parameters": [
                {
                    "name": "park",
                    "type": "entity",
                    "required": False,
                    "default": None,
                    "description": "The park",
                    "class": "ip:IndustrialPark",
                    "choices": [],
                },
                {
                    "name": "since",
                    "type": "integer",
                    "required": False,
                    "default": "2000",
                    "description": "",
                    "class": None,
                    "choices": [],
                },
                {
                    "name": "name",
                    "type": "string",
                    "required": True,
                    "default": None,
                    "description": "",
                    "class": None,
                    "choices": ["a", "b"],
                },
            ],
        },
    )


def test_a_question_is_asked_in_another_language_where_the_one_wanted_is_missing(kgtool: Run) -> None:
    assert json.loads(kgtool("queries", "--format", "json", "--lang", "zh-Hant")[1])[1]["question"] == "哪些园区？"


def test_a_wrong_header_is_exit_2_with_its_line(kgtool: Run, tiny_project: Project) -> None:
    (tiny_project.root / "queries" / "bad.rq").write_text("#+ sumary: x\nASK {}", encoding="utf-8")
    assert kgtool("queries")[0] == 2
    assert "bad.rq:1: unknown header key 'sumary'; did you mean 'summary'?" in kgtool("queries")[2]


def test_a_project_without_queries_has_an_empty_list(kgtool: Run, tiny_project: Project) -> None:
    for file in tiny_project.query_files():
        file.unlink()
    assert kgtool("queries", "--format", "json") == (0, "[]\n", "")
