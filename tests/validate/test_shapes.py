"""Shapes: what is not SHACL is refused with its line; names, paths and targets are read as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import DataError
from kgtool.terms import IRI
from kgtool.validate.shacl import run_shapes
from kgtool.validate.shapes import Shape, Shapes, read_shapes
from kgtool.validate.triples import Triples

HEADER = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex.example/> .\n"
EX = "http://ex.example/"


def shapes_of(folder: Path, text: str) -> Shapes:
    file = folder / "shapes.ttl"
    file.write_text(HEADER + text, encoding="utf-8")
    return read_shapes([file], names=["shapes.ttl"])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("ex:S a sh:NodeShape ;\n sh:targetClas ex:P .", 3, "'sh:targetClas' is not in SHACL"),
        ("ex:S a sh:NodShape ; sh:targetClass ex:P .", 2, "'sh:NodShape' is not in SHACL"),
        ("ex:S a sh:NodeShape ; sh:rule ex:R .", 2, "'sh:rule' is not in SHACL"),
        ("ex:S a sh:NodeShape ;\n sh:targetClass 'P' .", 3, "the value of sh:targetClass must be an IRI"),
        ("ex:S a sh:NodeShape ;\n sh:severity ex:Bad .", 3, "sh:severity is one of sh:Violation, sh:Warning, sh:Info"),
        ("ex:S a sh:NodeShape ;\n sh:nodeKind sh:IRIs .", 3, "'sh:IRIs'|sh:nodeKind is one of"),
        ("ex:S a sh:NodeShape ;\n sh:property [\n sh:minCount 1 ] .", 4, "a property shape needs exactly one sh:path"),
        ("ex:S a sh:NodeShape ;\n sh:property ex:Nowhere .", 2, "is used here and nowhere described"),
        ("ex:S a sh:NodeShape ;\n sh:or ( ex:Nowhere ) .", 2, "is used here and nowhere described"),
        ("ex:S sh:property [ sh:path () ;\n sh:minCount 1 ] .", 2, "a path needs at least one property"),
        ("ex:S a sh:NodeShape\n sh:targetClass ex:P .", 3, "expected '.'"),
    ],
)
def test_what_is_not_shacl_is_refused(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        shapes_of(tmp_path, text)
    assert (caught.value.file, caught.value.line) == ("shapes.ttl", line)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("sh:property [ sh:path ex:n ;\n sh:minCount 'x' ]", 4, "sh:minCount must be a literal"),
        ("sh:minCount 1", 3, "only be present on a PropertyShape"),
        ("sh:property [ sh:path ex:n ;\n sh:pattern '(' ]", 4, "unterminated subpattern"),
        ("sh:property [ sh:path ex:n ;\n sh:maxCount 1, 2 ]", 4, "at most one sh:maxCount"),
        ("sh:sparql [\n sh:select 'SELECT $this WHERE {' ]", 4, "Expected SelectQuery"),
        ("sh:sparql [\n sh:select 'SELECT $this { $this foo:x 1 }' ]", 4, "Unknown namespace prefix"),
    ],
)
def test_a_constraint_that_is_not_well_formed_is_refused_even_with_nothing_to_look_at(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    shapes = shapes_of(tmp_path, f"ex:S a sh:NodeShape ; sh:targetClass ex:P ;\n {text} .")
    with pytest.raises(DataError, match=message) as caught:
        run_shapes(shapes, Triples([]))
    assert (caught.value.file, caught.value.line) == ("shapes.ttl", line)


def test_a_misspelt_property_is_told_what_it_may_mean(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        shapes_of(tmp_path, "ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:property [ sh:path ex:n ; sh:minCont 1 ] .")
    assert str(caught.value) == (
        "shapes.ttl:2: 'sh:minCont' is not in SHACL Core or SHACL-SPARQL, so it would check nothing; "
        "did you mean 'sh:minCount'?"
    )


def test_shapes_are_named_by_their_iri_or_their_owner_and_path(tmp_path: Path) -> None:
    shapes = shapes_of(
        tmp_path,
        "ex:ParkShape sh:targetClass ex:P ; sh:property ex:ParkShape-label,"
        " [ sh:path [ sh:inversePath ex:in ] ; sh:maxCount 1 ], [ sh:path ( ex:a ex:b ) ; sh:minCount 1 ] ."
        " ex:ParkShape-label sh:path ex:label ; sh:minCount 1 .",
    )
    parts = shapes.property_shapes(IRI(f"{EX}ParkShape"))
    assert [shapes.name(part) for part in parts] == ["ParkShape-label", "ParkShape-in", "ParkShape-a-b"]


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("[ sh:inversePath ex:a ]", f"^<{EX}a>"),
        ("( ex:a [ sh:zeroOrMorePath ex:b ] )", f"<{EX}a>/<{EX}b>*"),
        ("[ sh:alternativePath ( ex:a [ sh:oneOrMorePath ex:b ] ) ]", f"(<{EX}a>|<{EX}b>+)"),
        ("[ sh:zeroOrOnePath ex:a ]", f"<{EX}a>?"),
    ],
)
def test_paths_are_written_as_sparql_does(tmp_path: Path, path: str, written: str) -> None:
    shapes = shapes_of(tmp_path, f"ex:S sh:targetClass ex:P ; sh:property ex:T . ex:T sh:path {path} .")
    assert shapes.path(IRI(f"{EX}T")) == written


def test_deactivated_shapes_have_no_target(tmp_path: Path) -> None:
    shapes = shapes_of(
        tmp_path,
        "ex:S sh:targetClass ex:P ; sh:deactivated true . ex:T sh:targetNode ex:n ; sh:targetSubjectsOf ex:p .",
    )
    targets = (("targetNode", IRI(f"{EX}n")), ("targetSubjectsOf", IRI(f"{EX}p")))
    assert shapes.targeted() == [Shape(IRI(f"{EX}T"), "T", targets)]


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    files = []
    for number in (1, 2):
        file = tmp_path / f"{number}.ttl"
        file.write_text(f"{HEADER}ex:S{number} sh:targetClass ex:P ; sh:property _:p . _:p sh:path ex:p{number} .")
        files.append(file)
    assert [iri.value for iri, _ in read_shapes(files).path_predicates()] == [f"{EX}p1", f"{EX}p2"]
