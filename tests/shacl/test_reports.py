"""Reports: the data's own terms, messages, paths, blank nodes; and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import rdflib

from kgtool.errors import DataError, StoreError
from kgtool.shacl import validate_files
from kgtool.shacl.graph import ShapesGraph
from kgtool.terms import IRI, BlankNode
from tests.shacl.compare import SH
from tests.shacl.conftest import Judge
from tests.shacl.strategies import HEADER

XSD = "http://www.w3.org/2001/XMLSchema#"
SHAPE = "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; {} ] ."


def values(report: rdflib.Graph) -> list[str]:
    return sorted(str(value.n3()).replace(XSD, "xsd:") for value in report.objects(None, SH.value))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("4486.20", '"4486.20"^^<xsd:decimal>'),
        ("0012", '"12"^^<xsd:integer>'),
        ("1e0", '"1.0"^^<xsd:double>'),
        ('"7"^^xsd:nonNegativeInteger', '"7"^^<xsd:nonNegativeInteger>'),
        ('"300"^^xsd:byte', '"300"^^<xsd:byte>'),
        ('"abc"^^xsd:integer', '"abc"^^<xsd:integer>'),
        ('"2023-01-01T00:00:00.000Z"^^xsd:dateTime', '"2023-01-01T00:00:00+00:00"^^<xsd:dateTime>'),
        ('"2023-01"^^xsd:gYearMonth', '"2023-01"^^<xsd:gYearMonth>'),
        ('"云南"@zh-Hans', '"云南"@zh-Hans'),
        ('"a\\"\\\\b"', '"a\\"\\\\b"'),
    ],
)
def test_a_value_is_given_back_as_rdflib_reads_it(judge: Judge, written: str, read: str) -> None:
    found = judge(SHAPE.format("sh:nodeKind sh:IRI"), f"ex:a a ex:C ; ex:p {written} .")
    assert values(found.report) == [read]
    assert not found.conforms


def test_a_tag_spelled_in_two_ways_is_given_back_as_each_text_has_it(judge: Judge) -> None:
    found = judge(SHAPE.format("sh:nodeKind sh:IRI"), 'ex:a a ex:C ; ex:p "x"@EN, "y"@en .')
    assert values(found.report) == ['"x"@EN', '"y"@en']


def test_values_that_are_equal_and_written_otherwise_are_two(judge: Judge) -> None:
    found = judge(SHAPE.format("sh:maxCount 1 ; sh:in ( 1.5 )"), "ex:a a ex:C ; ex:p 1.5, 1.50 .")
    components = sorted(
        str(one).removeprefix(str(SH)) for one in found.report.objects(None, SH.sourceConstraintComponent)
    )
    assert components == ["InConstraintComponent", "MaxCountConstraintComponent"]
    assert values(found.report) == ['"1.50"^^<xsd:decimal>']


def test_a_value_written_otherwise_is_compared_by_its_worth(judge: Judge) -> None:
    data = 'ex:a a ex:C ; ex:p 1.50, "9"^^xsd:int, "300"^^xsd:byte .'
    found = judge(SHAPE.format("sh:maxExclusive 5"), data)
    assert values(found.report) == ['"300"^^<xsd:byte>', '"9"^^<xsd:int>']


@pytest.mark.parametrize(
    ("datatype", "sound", "ill"),
    [
        ("integer", ["1", "-0", "+12"], ["1.0", "", "x"]),
        ("decimal", ["1", ".5", "-5."], ["1e5", "INF"]),
        ("double", ["1e5", "INF", "NaN", "-0"], ["inf", "1,5"]),
        ("boolean", ["true", "1"], ["TRUE", "yes"]),
        ("byte", ["127", "-128"], ["128", "x"]),
        ("unsignedLong", ["18446744073709551615"], ["18446744073709551616", "-1"]),
        ("date", ["2024-02-29", "2023-12-31Z"], ["2023-02-29", "2023-13-01", "23-01-01"]),
        ("dateTime", ["2023-01-01T24:00:00", "2023-01-01T00:00:00.5+08:00"], ["2023-01-01", "2023-01-01T25:00:00"]),
        ("time", ["23:59:59"], ["24:01:00"]),
    ],
)
def test_an_ill_typed_literal_has_no_datatype(judge: Judge, datatype: str, sound: list[str], ill: list[str]) -> None:
    data = " ".join(f'ex:n{i} a ex:C ; ex:p "{text}"^^xsd:{datatype} .' for i, text in enumerate([*sound, *ill]))
    found = judge(SHAPE.format(f"sh:datatype xsd:{datatype}"), data)
    at_fault = sorted(str(node) for node in found.report.objects(None, SH.focusNode))
    assert at_fault == [f"http://ex.example/n{i}" for i in range(len(sound), len(sound) + len(ill))]


def test_what_is_said_of_blank_nodes_is_in_the_report(judge: Judge) -> None:
    found = judge(SHAPE.format("sh:nodeKind sh:IRI"), "ex:a a ex:C ; ex:p [ ex:q 1.50 ] .")
    (value,) = found.report.objects(None, SH.value)
    (shape,) = found.report.objects(None, SH.sourceShape)
    assert str(found.report.value(value, rdflib.URIRef("http://ex.example/q"))) == "1.50"
    assert found.report.value(shape, SH.path) == rdflib.URIRef("http://ex.example/p")


def test_blank_nodes_of_shapes_and_data_with_one_label_are_two(judge: Judge) -> None:
    shapes = "ex:S sh:targetClass ex:C ; sh:property _:b . _:b sh:path ex:p ; sh:nodeKind sh:IRI ."
    found = judge(shapes, "ex:a a ex:C ; ex:p _:b .")
    (value,), (shape,) = found.report.objects(None, SH.value), found.report.objects(None, SH.sourceShape)
    assert value != shape
    assert list(found.report.predicates(value)) == []


def test_a_message_keeps_its_language_and_a_severity_is_the_shapes(judge: Judge) -> None:
    found = judge(
        SHAPE.format('sh:minCount 1 ; sh:severity sh:Info ; sh:message "缺"@zh-Hans, "none"@en'), "ex:a a ex:C ."
    )
    (result,) = found.report.objects(None, SH.result)
    assert {m.n3() for m in found.report.objects(result, SH.resultMessage)} == {'"缺"@zh-Hans', '"none"@en'}
    assert found.report.value(result, SH.resultSeverity) == SH.Info
    assert not found.conforms


def test_a_shape_without_words_says_what_is_not_met(judge: Judge) -> None:
    found = judge(SHAPE.format("sh:minCount 1"), "ex:a a ex:C .")
    (message,) = found.report.objects(None, SH.resultMessage)
    assert str(message) == "sh:minCount 1 is not met"


def test_nothing_to_look_at_conforms(judge: Judge) -> None:
    found = judge(SHAPE.format("sh:minCount 1"), "ex:a a ex:D .")
    assert found.conforms
    assert (None, SH.conforms, rdflib.Literal(True)) in found.report


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("d.nt", "nt"),
        ("d.rdf", "xml"),
        ("d.jsonld", "json-ld"),
        ("d.trig", "trig"),
        ("d.n3", "n3"),
        ("d.nq", "nquads"),
    ],
)
def test_formats_are_told_by_the_extension(tmp_path: Path, name: str, form: str) -> None:
    graph = rdflib.Dataset() if form in ("trig", "nquads") else rdflib.Graph()
    graph.parse(data=HEADER + 'ex:a a ex:C ; ex:p "云"@zh-Hans .', format="turtle")
    graph.serialize(tmp_path / name, format=form)
    (tmp_path / "s.ttl").write_text(HEADER + SHAPE.format("sh:nodeKind sh:IRI"), encoding="utf-8")
    conforms, report = validate_files(str(tmp_path / name), tmp_path / "s.ttl")
    assert (conforms, values(report)) == (False, ['"云"@zh-Hans'])


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ("sh:property [ sh:path ex:p ; sh:minCount 1, 2 ]", "has 2 values of sh:minCount"),
        ("sh:minCount 1", "is a node shape, and sh:minCount is for property shapes"),
        ("sh:property [ sh:minCount 1 ]", "has no sh:path"),
        ("sh:property [ sh:path ( ex:p ) ; sh:minCount 1 ]", "a sequence path has at least two members"),
        ("sh:nodeKind ex:Any", "sh:nodeKind of"),
        ("sh:in ex:a", "is not a well-formed list"),
        ("sh:sparql [ sh:message 'x' ]", "has no sh:select"),
        ("sh:sparql [ sh:select 'SELECT $this WHERE { $this ?p ?o MINUS { $this a ?o } }' ]", "MINUS"),
        ("sh:sparql [ sh:select 'SELECT $this WHERE { $this ex:p }' ]", "its query is not well formed"),
    ],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused(judge: Judge, shape: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        judge(f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; {shape} .", "ex:a a ex:C .")


def test_files_that_are_not_there_or_not_rdf_are_errors(tmp_path: Path) -> None:
    file: Any = tmp_path / "d.ttl"
    with pytest.raises(StoreError, match="cannot read it"):
        validate_files(file, file)
    file.write_text("ex:a ex:b .", encoding="utf-8")
    with pytest.raises(DataError, match="not well-formed RDF"):
        validate_files(file, file)


def test_an_iri_that_would_end_a_query_is_refused() -> None:
    shape, path = BlankNode("b"), IRI("http://www.w3.org/ns/shacl#path")
    with pytest.raises(DataError, match="is no IRI"):
        ShapesGraph([(shape, path, IRI("urn:p> ?x } #"))])
