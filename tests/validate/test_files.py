"""Any RDF files against any shapes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import DataError, StoreError
from kgtool.report import Bilingual
from kgtool.terms import IRI, Literal
from kgtool.validate import validate_files

EX = "http://ex.example/"
PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <http://ex.example/> .\n"
SHAPES = """
ex:ParkShape a sh:NodeShape ;
    sh:targetClass ex:Park ;
    sh:property [ sh:path ex:area ; sh:minInclusive 0 ; sh:message "an area below 0"@en, "面积小于 0"@zh-Hans ] .
"""


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text if name.endswith((".jsonld", ".rdf", ".nt")) else PREFIXES + text, encoding="utf-8")
    return file


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    return write(tmp_path, "shapes.ttl", SHAPES)


def test_sound_data_conforms(tmp_path: Path, shapes: Path) -> None:
    report = validate_files([write(tmp_path, "data.ttl", "ex:a a ex:Park ; ex:area 3 .")], [shapes])
    assert report.conforms
    assert report.findings == ()
    assert {check.name: check.examined for check in report.checks if check.kind == "shape"} == {
        "ParkShape": 1,
        "ParkShape-area": 1,
    }


def test_a_finding_has_file_line_graph_label_and_short_names(tmp_path: Path, shapes: Path) -> None:
    text = 'ex:g {\n ex:a a ex:Park ;\n ex:area -3.50 ;\n <http://www.w3.org/2000/01/rdf-schema#label> "园区"@zh .\n}\n'
    data = write(tmp_path, "data.trig", text)
    report = validate_files([data], [shapes])
    (finding,) = report.findings
    assert (finding.check, finding.file, finding.line, finding.sentence) == (
        "ParkShape-area",
        str(data),
        5,
        IRI(f"{EX}g"),
    )
    assert (finding.message, finding.label) == (Bilingual("an area below 0", "面积小于 0"), Bilingual("园区", "园区"))
    assert finding.value == Literal("-3.5", None, "http://www.w3.org/2001/XMLSchema#decimal")
    assert report.short(IRI(f"{EX}a")) == "ex:a"


def test_shapes_that_match_nothing_do_not_pass(tmp_path: Path, shapes: Path) -> None:
    report = validate_files([write(tmp_path, "data.ttl", "ex:a a ex:Prak ; ex:area -3 .")], [shapes])
    assert not report.conforms
    assert [finding.check for finding in report.findings] == ["data-no-shape-looks-at", "shape-target-matches-nothing"]


def test_data_that_no_shape_looks_at_does_not_pass(tmp_path: Path, shapes: Path) -> None:
    report = validate_files([write(tmp_path, "data.ttl", "ex:a a ex:Park ; ex:area 3 . ex:b a ex:Prak .")], [shapes])
    (finding,) = report.findings
    assert (finding.check, finding.focus) == ("data-no-shape-looks-at", IRI(f"{EX}b"))


def test_an_ontology_beside_the_data_needs_no_shape(tmp_path: Path, shapes: Path) -> None:
    ontology = write(tmp_path, "ontology.ttl", "ex:Park a <http://www.w3.org/2002/07/owl#Class> .")
    data = write(tmp_path, "data.ttl", "ex:a a ex:Park ; ex:area 3 .")
    assert validate_files([data, ontology], [shapes]).findings == ()


def test_blank_nodes_inside_a_description_need_no_shape_of_their_own(tmp_path: Path, shapes: Path) -> None:
    data = write(tmp_path, "data.ttl", "ex:a a ex:Park ; ex:area 3 ; ex:at [ ex:street 'x' ] .")
    assert validate_files([data], [shapes]).findings == ()


def test_a_finding_on_a_blank_node_is_located_where_it_is_mentioned(tmp_path: Path) -> None:
    shapes = write(
        tmp_path,
        "shapes.ttl",
        "ex:S sh:targetClass ex:P ; sh:property ex:T ."
        "ex:T sh:path ex:at ; sh:property [ sh:path ex:street ; sh:minCount 1 ] .",
    )
    data = write(tmp_path, "data.ttl", "ex:a a ex:P ;\n ex:at [] .")
    (finding,) = [f for f in validate_files([data], [shapes]).findings if f.severity == "violation"]
    assert (finding.check, finding.line) == ("T-street", 4)


def test_an_unparsable_file_is_a_finding_beside_those_of_the_others(tmp_path: Path, shapes: Path) -> None:
    bad = write(tmp_path, "bad.ttl", "ex:a a ex:Park .\nfoaf:b a ex:Park .")
    good = write(tmp_path, "good.ttl", "ex:a a ex:Park ; ex:area -1 .")
    report = validate_files([bad, good], [shapes])
    assert [(f.check, f.file, f.line) for f in report.findings] == [
        ("ParkShape-area", str(good), 3),
        ("data-unreadable", str(bad), 4),
    ]


def test_an_empty_file_is_a_finding(tmp_path: Path, shapes: Path) -> None:
    empty = write(tmp_path, "empty.ttl", "")
    assert [(f.check, f.file) for f in validate_files([empty], [shapes]).findings] == [("data-empty", str(empty))]


def test_shapes_without_a_target_are_a_finding(tmp_path: Path) -> None:
    shapes = write(tmp_path, "shapes.ttl", "")
    data = write(tmp_path, "data.ttl", "ex:a a ex:Park .")
    assert [(f.check, f.file) for f in validate_files([data], [shapes]).findings] == [("no-shapes", str(shapes))]


def test_broken_shapes_are_an_error(tmp_path: Path) -> None:
    shapes = write(tmp_path, "shapes.ttl", "ex:S a sh:NodeShape ;\n sh:targetClass ex: : .")
    data = write(tmp_path, "data.ttl", "ex:a a ex:Park .")
    with pytest.raises(DataError) as caught:
        validate_files([data], [shapes])
    assert (caught.value.file, caught.value.line) == (str(shapes), 4)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path, shapes: Path) -> None:
    with pytest.raises(StoreError):
        validate_files([tmp_path / "nowhere.ttl"], [shapes])


def test_data_and_shapes_in_other_formats(tmp_path: Path) -> None:
    shapes = write(
        tmp_path,
        "shapes.jsonld",
        """{"@id": "http://ex.example/S", "http://www.w3.org/ns/shacl#targetClass": {"@id": "http://ex.example/Park"},
        "http://www.w3.org/ns/shacl#property": {"http://www.w3.org/ns/shacl#path": {"@id": "http://ex.example/area"},
        "http://www.w3.org/ns/shacl#maxCount": 1}}""",
    )
    data = write(
        tmp_path,
        "data.rdf",
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://ex.example/">
        <ex:Park rdf:about="http://ex.example/a"><ex:area>1</ex:area><ex:area>2</ex:area></ex:Park></rdf:RDF>""",
    )
    (finding,) = validate_files([data], [shapes]).findings
    assert (finding.check, finding.focus, finding.file) == ("S-area", IRI(f"{EX}a"), str(data))


@pytest.mark.parametrize("severity", ["violation", "warning"])
def test_what_is_imported_and_not_given_is_a_finding_and_never_fetched(tmp_path: Path, severity: str) -> None:
    header = "<> a <http://www.w3.org/2002/07/owl#Ontology> ;\n <http://www.w3.org/2002/07/owl#imports> <{}> .\n"
    data, more = "ex:a a ex:Park ; ex:area 3 .\n", header.format("more.ttl")
    importing = SHAPES + more if severity == "violation" else SHAPES
    shapes = write(tmp_path, "shapes.ttl", importing)
    parks = write(tmp_path, "data.ttl", data if severity == "violation" else data + more)
    (finding,) = validate_files([parks], [shapes]).findings
    file = shapes if severity == "violation" else parks
    assert (finding.check, finding.severity, finding.file) == ("import-not-read", severity, str(file))
    assert (
        finding.message.en
        == f"it imports {tmp_path.as_uri()}/more.ttl, which is not among the files; nothing is fetched"
    )
    assert finding.line is not None
    assert file.read_text(encoding="utf-8").splitlines()[finding.line - 1].endswith("<more.ttl> .")
    given = write(tmp_path, "more.ttl", "<> a <http://www.w3.org/2002/07/owl#Ontology> .")
    assert validate_files([parks, given], [shapes]).findings == ()
    assert validate_files([parks], [shapes, given]).findings == ()


def test_a_blank_node_with_a_class_needs_a_shape_that_looks_at_it(tmp_path: Path, shapes: Path) -> None:
    data = write(tmp_path, "data.ttl", "ex:a a ex:Park ; ex:area 3 ;\n ex:at [ a ex:Adress ] .")
    (finding,) = validate_files([data], [shapes]).findings
    assert (finding.check, finding.line) == ("data-no-shape-looks-at", 4)
    looking = write(tmp_path, "more.ttl", "ex:ParkShape sh:property [ sh:path ex:at ; sh:nodeKind sh:BlankNode ] .")
    assert validate_files([data], [shapes, looking]).findings == ()


def test_shapes_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    data = write(tmp_path, "data.ttl", "ex:a a ex:Park .")
    with pytest.raises(DataError, match=r"none\.ttl: cannot read it: No such file or directory; give a file"):
        validate_files([data], [tmp_path / "none.ttl"])
