"""``kgtool analyse``: what it prints, as table, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]

#: Options that leave the industries out that kgtool ships: in the tiny project nothing leads to them.
ALONE = ("--include", "ip:hasLeadingIndustry", "--include", "ip:IndustrialPark", "--include", "ip:Industry")

_PARK = """
ex:quay-park a ip:IndustrialPark ; skos:prefLabel "码头园区"@zh-Hans, "碼頭園區"@zh-Hant, "Quay Park"@en .
"""


def test_centrality_ranks_things(kgtool: Run, built_project: Project) -> None:
    code, out, _ = kgtool("--project", built_project.root, "analyse", "centrality", "--lang", "en", *ALONE)
    assert code == 0
    assert out.splitlines()[0].split() == ["thing", "class", "degree", "betweenness", "pagerank", "id"]
    assert [line.split()[0] for line in out.splitlines()[2:]] == ["Optics", "Shipbuilding", "Harbour"]


def test_communities_have_a_row_for_every_member(kgtool: Run, built_project: Project) -> None:
    _, out, _ = kgtool("--project", built_project.root, "analyse", "communities", "--format", "json", *ALONE)
    rows = [(row["community"], row["size"], row["thing"]) for row in json.loads(out)]
    assert rows == [(1, 3, "临港园区"), (1, 3, "光学"), (1, 3, "造船")]


def test_path_prints_the_facts_along_it_with_their_sentences(kgtool: Run, built_project: Project) -> None:
    command = ("--project", built_project.root, "analyse", "path", "造船", "光學", "--format", "csv")
    code, out, _ = kgtool(*command)
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["step"], row["from"], row["to"], row["sentences"]) for row in rows] == [
        ("1", "造船", "临港园区", "s:1; s:2"),
        ("2", "临港园区", "光学", "s:2"),
    ]
    assert rows[0]["fact"].startswith("← ")
    assert rows[1]["fact"].endswith(" →")


def test_path_between_unknown_things_offers_near_names(kgtool: Run, built_project: Project) -> None:
    code, out, err = kgtool("--project", built_project.root, "analyse", "path", "造船", "光学学")
    assert (code, out) == (2, "")
    assert "did you mean 光学" in err


def test_matrix_crosses_industries_with_parks(kgtool: Run, built_project: Project) -> None:
    _, out, _ = kgtool("--project", built_project.root, "analyse", "matrix", "--lang", "en", "--format", "csv")
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0] == ["industry", "Harbour Park"]
    assert [(row[0], row[1].rpartition(" [")[2]) for row in rows[1:]] == [
        ("Optics", "s:2]"),
        ("Shipbuilding", "s:1 s:2]"),
    ]


def test_matrix_as_json_has_an_object_per_role(kgtool: Run, built_project: Project) -> None:
    _, out, _ = kgtool("--project", built_project.root, "analyse", "matrix", "--format", "json")
    assert [(row["park"], row["industry"], row["role"], row["sentences"]) for row in json.loads(out)] == [
        ("ex:harbour-park", "ex:optics", "ip:hasLeadingIndustry", ["s:2"]),
        ("ex:harbour-park", "ex:shipbuilding", "ip:hasLeadingIndustry", ["s:1", "s:2"]),
    ]


def test_two_parks_of_one_name_keep_their_columns(kgtool: Run, tiny_project: Project) -> None:
    parks = tiny_project.root / "graph" / "entities" / "parks.ttl"
    twin = _PARK.replace("Quay Park", "Harbour Park")
    parks.write_text(parks.read_text(encoding="utf-8") + twin, encoding="utf-8")
    facts = tiny_project.root / "graph" / "articles" / "harbour" / "facts.trig"
    more = "\nGRAPH s:3 { ex:quay-park ip:hasLeadingIndustry ex:optics . }\n"
    facts.write_text(facts.read_text(encoding="utf-8") + more, encoding="utf-8")
    _, out, _ = kgtool("--project", tiny_project.root, "analyse", "matrix", "--lang", "en", "--format", "csv")
    assert out.splitlines()[0] == "industry,Harbour Park,Harbour Park"


@pytest.mark.parametrize("command", ["centrality", "communities", "path", "matrix"])
def test_help_ends_with_an_example(kgtool: Run, command: str) -> None:
    code, out, _ = kgtool("analyse", command, "--help")
    assert (code, out.rstrip().splitlines()[-1].startswith(f"  Example: kgtool analyse {command}")) == (0, True)


def test_modality_leaves_out_what_is_meant_otherwise(kgtool: Run, built_project: Project) -> None:
    command = ("--project", built_project.root, "analyse", "path", "造船", "光学", "--modality", "planned")
    code, _, err = kgtool(*command)
    assert (code, "is not in this network" in err or "nothing leads from" in err) == (2, True)
