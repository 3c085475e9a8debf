"""pySHACL's results as findings: both languages, severities, values, repairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.positions import read_positions
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI, Literal
from kgtool.validate.shacl import run_shapes
from kgtool.validate.shapes import read_shapes
from kgtool.validate.triples import Triples

HEADER = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex.example/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
EX = "http://ex.example/"


def run(folder: Path, shapes: str, data: str) -> list[Finding]:
    (folder / "shapes.ttl").write_text(HEADER + shapes, encoding="utf-8")
    (folder / "data.ttl").write_text(HEADER + data, encoding="utf-8")
    triples = Triples((p.subject, p.predicate, p.object) for p in read_positions(folder / "data.ttl"))
    return sorted(run_shapes(read_shapes([folder / "shapes.ttl"]), triples), key=lambda finding: finding.message)


def test_both_languages_come_from_the_shape(tmp_path: Path) -> None:
    (finding,) = run(
        tmp_path,
        'ex:S sh:targetClass ex:P ; ip:repair "add a name"@en, "添加名称"@zh-Hans ; sh:property ex:S-name .'
        " ex:S-name sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Info ;"
        ' sh:message "no name"@en, "没有名称"@zh-Hans .',
        "ex:a a ex:P .",
    )
    assert finding == Finding(
        severity="info",
        check="S-name",
        message=Bilingual("no name", "没有名称"),
        repair=Bilingual("add a name", "添加名称"),
        focus=IRI(f"{EX}a"),
        path=IRI(f"{EX}name"),
        shape=IRI(f"{EX}S-name"),
        component=IRI("http://www.w3.org/ns/shacl#MinCountConstraintComponent"),
    )


def test_a_sparql_constraint_keeps_its_languages_and_its_variables(tmp_path: Path) -> None:
    (finding,) = run(
        tmp_path,
        """ex:S sh:targetClass ex:P ; sh:severity sh:Warning ; sh:sparql [
            sh:message "{?n} is above {?most}, in {$this}"@en, "{$this} 的 {?n} 超过 {?most}"@zh-Hans ;
            sh:select "SELECT $this ?n ?most { BIND(3 AS ?most) $this <http://ex.example/n> ?n FILTER(?n > ?most) }"
        ] .""",
        "ex:a a ex:P ; ex:n 5 . ex:b a ex:P ; ex:n 2 .",
    )
    assert finding.message == Bilingual(f"5 is above 3, in {EX}a", f"{EX}a 的 5 超过 3")
    assert (finding.check, finding.severity, finding.focus) == ("S", "warning", IRI(f"{EX}a"))


@pytest.mark.parametrize(
    ("constraint", "english", "chinese"),
    [
        ("sh:minCount 2", "the values of n must be at least 2 in number", "n 的值必须至少有 2 个"),
        ("sh:datatype xsd:date", "the values of n must have the datatype date", "n 的值必须数据类型为 date"),
        ("sh:in ( ex:a ex:b )", "the values of n must be one of a, b", "n 的值必须是 a, b 之一"),
        ("sh:class ex:C", "the values of n must be an instance of C", "n 的值必须是 C 的实例"),
        ("sh:pattern '^x'", "the values of n must match ^x", "n 的值必须匹配 ^x"),
        ("sh:hasValue ex:a", "the values of n must include a", "n 的值必须包含 a"),
    ],
)
def test_a_shape_without_a_message_says_what_its_constraint_asks(
    tmp_path: Path, constraint: str, english: str, chinese: str
) -> None:
    shapes = f"ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:n ; {constraint} ] ."
    (finding,) = run(tmp_path, shapes, "ex:a a ex:P ; ex:n 1 .")
    assert finding.message == Bilingual(english, chinese)


def test_a_message_in_one_language_stands_in_for_the_other(tmp_path: Path) -> None:
    shapes = 'ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:n ; sh:minCount 1 ; sh:message "缺少名称"@zh-Hans ] .'
    (finding,) = run(tmp_path, shapes, "ex:a a ex:P .")
    assert finding.message == Bilingual("缺少名称", "缺少名称")


def test_instances_of_subclasses_are_looked_at(tmp_path: Path) -> None:
    shapes = "ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:n ; sh:minCount 1 ] ."
    (finding,) = run(tmp_path, shapes, "ex:Q rdfs:subClassOf ex:P . ex:a a ex:Q .")
    assert finding.focus == IRI(f"{EX}a")


def test_language_tags_compare_in_any_case(tmp_path: Path) -> None:
    shapes = (
        'ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:n ; sh:languageIn ( "zh-Hans" ) ; sh:uniqueLang true ] .'
    )
    assert run(tmp_path, shapes, 'ex:a a ex:P ; ex:n "云"@zh-hans .') == []


def test_an_ill_typed_literal_is_a_finding_and_nothing_on_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shapes = "ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:n ; sh:datatype xsd:date ] ."
    (finding,) = run(tmp_path, shapes, 'ex:a a ex:P ; ex:n "2023-13-01"^^xsd:date .')
    assert finding.value == Literal("2023-13-01", None, "http://www.w3.org/2001/XMLSchema#date")
    assert capfd.readouterr().err == ""


def test_an_inverse_path_is_written_out(tmp_path: Path) -> None:
    shapes = "ex:S sh:targetClass ex:P ; sh:property [ sh:path [ sh:inversePath ex:in ] ; sh:minCount 1 ] ."
    (finding,) = run(tmp_path, shapes, "ex:a a ex:P .")
    assert (finding.path, finding.message.en) == (f"^<{EX}in>", "the values of ^in must be at least 1 in number")
