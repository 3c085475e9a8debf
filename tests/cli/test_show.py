"""``kgtool show``."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]

IP = "https://w3id.org/industrial-park/ns#"
EX = "https://example.org/tiny/id/"
S = "https://example.org/tiny/article/harbour/s"


@pytest.fixture(autouse=True)
def _inside_the_project(built_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(built_project.root)


@pytest.mark.parametrize("name", ["临港", "臨港", "harbour park", "ex:harbour-park", EX + "harbour-park"])
def test_a_thing_is_shown_by_any_name_each_fact_with_its_sentences(kgtool: Run, name: str) -> None:
    code, out, err = kgtool("show", name, "--lang", "en")
    assert (code, err) == (0, "")
    head, industries, observations = out.split("\n\n")
    assert head.splitlines()[:5] == [
        "zh-Hans: 临港园区",
        "zh-Hant: 臨港園區",
        "en: Harbour Park",
        "also: 临港",
        f"iri: {EX}harbour-park (ex:harbour-park)",
    ]
    assert head.splitlines()[5].endswith(" (ip:IndustrialPark)")
    assert industries.splitlines()[1:] == ["  Shipbuilding [s1 s2]", "  Optics [s2]"]
    assert observations.splitlines()[0].startswith("← ")
    assert observations.splitlines()[1].endswith(": 12.50亿元 [s2]")


def test_json_is_a_list_of_facts(kgtool: Run) -> None:
    code, out, _ = kgtool("show", "临港", "--format", "json", "--lang", "en")
    assert (code, json.loads(out)[0]) == (
        0,
        {
            "predicate": IP + "hasLeadingIndustry",
            "direction": "out",
            "value": EX + "shipbuilding",
            "label": "Shipbuilding",
            "sentences": [S + "1", S + "2"],
            "modality": "stated",
        },
    )


def test_an_unknown_name_is_exit_2_with_the_closest(kgtool: Run) -> None:
    assert kgtool("show", "Harbor Park") == (
        2,
        "",
        "kgtool: nothing is called 'Harbor Park'; did you mean Harbour Park?\n",
    )


def test_an_ambiguous_name_is_exit_2_with_all_it_could_mean(
    kgtool: Run, tiny_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tiny_project.root / "graph/entities/parks.ttl").open("a", encoding="utf-8") as file:
        file.write('ex:bay a ip:Place ; skos:prefLabel "临港"@zh-Hans .\n')
    monkeypatch.chdir(tiny_project.root)
    code, out, err = kgtool("--quiet", "show", "临港")
    assert (code, out) == (2, "")
    assert err == (
        "kgtool: '临港' names 2 things: ex:bay (ip:Place), ex:harbour-park (ip:IndustrialPark); "
        "give the CURIE of the one you mean\n"
    )
