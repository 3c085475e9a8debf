"""A validation cannot pass by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.project import Project
from kgtool.report import Bilingual
from kgtool.terms import IRI
from tests.validate.conftest import PREFIXES, Harbour

SHAPES, FACTS, ENTITIES = "ontology/shapes/all.ttl", "graph/articles/review/facts.trig", "graph/entities/things.ttl"
SH = "http://www.w3.org/ns/shacl#"


def test_a_target_class_that_nothing_has_is_a_violation_and_its_data_is_unseen(harbour: Harbour) -> None:
    harbour.replace(SHAPES, "sh:targetClass ip:IndustrialPark", "sh:targetClass ip:IndustralPark")
    unseen, idle = harbour.validate().findings
    assert (idle.severity, idle.check, idle.path, idle.file, idle.line) == (
        "violation",
        "shape-target-matches-nothing",
        IRI(f"{SH}targetClass"),
        SHAPES,
        harbour.line(SHAPES, "ip:IndustralPark"),
    )
    assert idle.message == Bilingual(
        "nothing is an instance of ip:IndustralPark, so the shape checks nothing; did you mean ip:IndustrialPark?",
        "没有 ip:IndustralPark 的实例，因此该形状什么也没有检查；是否应为 ip:IndustrialPark？",
    )
    assert (unseen.check, unseen.message.en) == (
        "data-no-shape-looks-at",
        "no shape looks at a thing of ip:IndustrialPark",
    )
    assert (unseen.file, unseen.line) == (ENTITIES, harbour.line(ENTITIES, "ip:IndustrialPark"))


def test_one_idle_target_among_others_is_a_violation(harbour: Harbour) -> None:
    harbour.replace(SHAPES, "sh:targetClass ip:Industry", "sh:targetClass ip:Industry, ip:Factory")
    finding = harbour.only_finding()
    assert (finding.check, finding.message.en) == (
        "shape-target-matches-nothing",
        "nothing is an instance of ip:Factory, so the shape checks nothing",
    )


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "sh:targetNode ex:harbor-park",
            "the data says nothing of ex:harbor-park, so the shape checks nothing; did you mean ex:harbour-park?",
        ),
        (
            "sh:targetSubjectsOf ip:hasLeadingIndustri",
            "no triple has the property ip:hasLeadingIndustri, so the shape checks nothing; {}?".format(
                "did you mean ip:hasLeadingIndustry"
            ),
        ),
        ("sh:targetObjectsOf ip:likes", "no triple has the property ip:likes, so the shape checks nothing"),
    ],
)
def test_other_targets_that_match_nothing_are_violations(harbour: Harbour, target: str, message: str) -> None:
    harbour.append(SHAPES, f"ex:Other a sh:NodeShape ; {target} .\n")
    finding = harbour.only_finding()
    assert (finding.severity, finding.check, finding.message.en) == (
        "violation",
        "shape-target-matches-nothing",
        message,
    )


def test_a_shape_without_target_that_nothing_uses_is_a_violation(harbour: Harbour) -> None:
    harbour.append(SHAPES, "ex:Forgotten a sh:NodeShape ; sh:nodeKind sh:IRI .\n")
    finding = harbour.only_finding()
    assert (finding.check, finding.line) == ("shape-never-used", harbour.line(SHAPES, "ex:Forgotten"))


def test_a_path_that_looks_misspelt_is_a_violation(harbour: Harbour) -> None:
    harbour.replace(SHAPES, "sh:path ip:value ;", "sh:path ip:valeu ;")
    finding = harbour.only_finding()
    assert (finding.severity, finding.check, finding.message.en) == (
        "violation",
        "path-used-nowhere",
        "no triple has the property ip:valeu, and no ontology describes it; did you mean ip:value?",
    )


def test_a_path_that_nothing_uses_is_a_warning(harbour: Harbour) -> None:
    harbour.replace(SHAPES, "sh:path ip:value ;", "sh:path ip:founded ;")
    finding = harbour.only_finding()
    assert (finding.severity, finding.check) == ("warning", "path-used-nowhere")


def test_a_path_that_the_ontology_describes_may_be_unused(harbour: Harbour) -> None:
    harbour.append("ontology/core.ttl", 'ip:founded rdfs:label "founded"@en .\n')
    harbour.replace(SHAPES, "sh:path ip:value ;", "sh:path ip:founded ;")
    assert harbour.validate().findings == ()


def test_a_thing_without_a_class_is_a_violation(harbour: Harbour) -> None:
    harbour.replace(
        FACTS, "    ex:harbour-park ip:hasLeadingIndustry ex:optics", "    ex:x ip:hasLeadingIndustry ex:optics"
    )
    finding = harbour.only_finding()
    assert (finding.check, finding.focus, finding.message.en, finding.line) == (
        "data-no-shape-looks-at",
        IRI("https://example.org/harbour/id/x"),
        "it has no class, so no shape looks at it",
        harbour.line(FACTS, "ex:x"),
    )


def test_things_of_one_class_are_one_finding(harbour: Harbour) -> None:
    harbour.append(ENTITIES, "ex:a a ip:Ship . ex:b a ip:Ship .\n")
    assert harbour.only_finding().message == Bilingual(
        "no shape looks at a thing of ip:Ship (2 things)", "没有形状检查 ip:Ship 类的对象（共 2 个）"
    )


def test_a_shipped_shape_that_a_small_project_does_not_need_is_no_finding(
    harbour: Harbour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped"
    shapes = shipped / "ontology/shapes/ships.ttl"
    shapes.parent.mkdir(parents=True)
    shapes.write_text(f"{PREFIXES}ex:ShipShape a sh:NodeShape ; sh:targetClass ip:Ship .\n", encoding="utf-8")
    monkeypatch.setattr("kgtool.project._shipped", lambda: str(shipped))
    assert harbour.validate().findings == ()


def test_the_shipped_shapes_are_a_projects_own_in_its_own_project(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbour.append(SHAPES, "ex:ShipShape a sh:NodeShape ; sh:targetClass ip:Ship .\n")
    monkeypatch.setattr("kgtool.project._shipped", lambda: str(harbour.project.root))
    assert isinstance(harbour.project, Project)
    assert harbour.only_finding().severity == "violation"
