"""``kgtool search``: what it prints, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _inside_the_project(built_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(built_project.root)


def test_a_table_lines_up_with_the_best_match_first(kgtool: Run) -> None:
    code, out, err = kgtool("search", "临港", "--limit", "1")
    assert (code, err) == (0, "")
    assert out == (
        "label     class              name  kind      language  score  thing\n"
        "--------  -----------------  ----  --------  --------  -----  ---------------\n"
        "临港园区  ip:IndustrialPark  临港  altLabel  zh-Hans    1.00  ex:harbour-park\n"
    )


def test_json_has_what_the_server_answers(kgtool: Run) -> None:
    _, out, _ = kgtool("search", "harbour", "park", "--format", "json", "--class", "ip:IndustrialPark")
    iri = "https://example.org/tiny/id/harbour-park"
    assert json.loads(out) == {
        "query": "harbour park",
        "results": [
            {
                "id": iri,
                "curie": "ex:harbour-park",
                "label": "Harbour Park",
                "labels": {"zh-Hans": "临港园区", "zh-Hant": "臨港園區", "en": "Harbour Park"},
                "name": "Harbour Park",
                "language": "en",
                "kind": "prefLabel",
                "class": "ip:IndustrialPark",
                "classes": ["ip:IndustrialPark"],
                "score": 1.0,
                "url": iri,
            }
        ],
    }


def test_csv_is_the_table(kgtool: Run) -> None:
    _, out, _ = kgtool("search", "zaochuan", "--format", "csv", "--lang", "zh-Hans")
    header, row = csv.reader(io.StringIO(out))
    assert header == ["label", "class", "name", "kind", "language", "score", "thing"]
    assert row == ["造船", "ip:Industry", "造船", "prefLabel", "zh-Hans", "0.95", "ex:shipbuilding"]


def test_a_class_can_be_given_by_its_label(kgtool: Run) -> None:
    _, out, _ = kgtool("search", "造船", "--class", "产业", "--format", "json")
    assert [result["curie"] for result in json.loads(out)["results"]] == ["ex:shipbuilding"]


def test_quotes_are_searched_on_request(kgtool: Run) -> None:
    _, out, _ = kgtool("search", "12.50", "--kind", "quote", "--format", "json")
    assert [result["name"] for result in json.loads(out)["results"]] == ["产值12.50亿元"]


def test_nothing_found_is_said_and_no_error(kgtool: Run) -> None:
    code, out, err = kgtool("search", "xyzzy")
    assert code == 0
    assert out.count("\n") == 2
    assert err == "kgtool: nothing is called 'xyzzy', or nearly so\n"


def test_what_is_only_near_is_left_out_with_strict(kgtool: Run) -> None:
    assert "Harbour Park" in kgtool("search", "Harbor Park")[1]
    assert "Harbour Park" not in kgtool("search", "Harbor Park", "--strict")[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--class", "ip:Prak"], "nothing with a name is a 'ip:Prak'; there are "),
        (["--kind", "lable"], "no kind of name is called 'lable'; there are label, gist, quote"),
    ],
)
def test_an_unknown_class_or_kind_is_refused(kgtool: Run, options: list[str], message: str) -> None:
    code, out, err = kgtool("search", "x", *options)
    assert (code, out) == (2, "")
    assert message in err
