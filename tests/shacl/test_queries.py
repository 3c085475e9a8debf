"""SPARQL-based constraints and components: asked of all nodes at a time, or said not to be."""

from __future__ import annotations

import pytest
import rdflib

from kgtool.errors import DataError
from kgtool.shacl import Validation
from tests.shacl.compare import SH
from tests.shacl.conftest import Judge

PREFIXES = 'ex:o sh:declare [ sh:prefix "ex" ; sh:namespace "http://ex.example/"^^xsd:anyURI ] .\n'
DATA = "ex:a a ex:C ; ex:p 1, 2 . ex:b a ex:C ; ex:p 3 . ex:c a ex:D ; ex:p 4 ."


def constraint(query: str, more: str = "") -> str:
    return (
        f"{PREFIXES} ex:S sh:targetClass ex:C ; {more} sh:sparql [ sh:prefixes ex:o ;"
        f' sh:message "{{$this}}: {{?n}}"@en ; sh:select """{query}""" ] .'
    )


def focus(found: Validation) -> list[str]:
    return sorted(str(node).removeprefix("http://ex.example/") for node in found.report.objects(None, SH.focusNode))


@pytest.mark.parametrize(
    ("query", "at_fault"),
    [
        ("SELECT $this ?n WHERE { $this ex:p ?n . FILTER(?n > 1) }", ["a", "b"]),
        ("SELECT $this (COUNT(?x) AS ?n) WHERE { $this ex:p ?x } GROUP BY $this HAVING (COUNT(?x) > 1)", ["a"]),
        ("SELECT $this WHERE { { { FILTER($this = ex:a) } } }", ["a"]),
        ("SELECT $this WHERE { { FILTER(false) } UNION { BIND($this AS ?x) FILTER(?x = ex:b) } }", ["b"]),
        ("SELECT $this WHERE { OPTIONAL { BIND($this AS ?x) } FILTER(?x = ex:b) }", ["b"]),
        ("SELECT $this WHERE { { SELECT $this WHERE { FILTER($this = ex:a) } } }", ["a"]),
        ("SELECT * WHERE { $this ex:p ?n . FILTER(?n = 3) }", ["b"]),
        ("SELECT $this WHERE { $this ex:p 3 . # a comment with } and $this\n }", ["b"]),
        ("SELECT $this WHERE { FILTER NOT EXISTS { $this ex:p ?x . FILTER(?x < 3 && $this != ex:b) } }", ["b"]),
    ],
)
def test_a_query_is_asked_of_every_focus_node(judge: Judge, query: str, at_fault: list[str]) -> None:
    found = judge(constraint(query), DATA)
    assert (focus(found), found.fallbacks) == (at_fault, {})


def test_a_message_has_the_values_of_its_solution_and_its_language(judge: Judge) -> None:
    found = judge(constraint("SELECT $this ?n WHERE { $this ex:p ?n . FILTER(?n = 3) }"), DATA)
    (message,) = found.report.objects(None, SH.resultMessage)
    assert message == rdflib.Literal("http://ex.example/b: 3", lang="en")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this WHERE { $this ex:p ?x } LIMIT 1", "LIMIT"),
        ("SELECT $this (COUNT(?x) AS ?n) WHERE { $this ex:p ?x } HAVING (COUNT(?x) > 1)", "without GROUP BY"),
        ("SELECT $this WHERE { { SELECT $this ?x WHERE { $this ex:p ?x } ORDER BY ?x LIMIT 1 } }", "LIMIT"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_is_about_the_answer_as_a_whole_is_left_to_pyshacl_and_said(judge: Judge, query: str, reason: str) -> None:
    (said,) = judge(constraint(query), DATA).fallbacks.values()
    assert reason in said


def test_only_the_shape_that_is_not_compiled_is_left_to_pyshacl(judge: Judge) -> None:
    shapes = constraint("SELECT $this WHERE { $this ex:p ?x } LIMIT 1")
    shapes += "ex:T a sh:NodeShape ; sh:targetClass ex:D ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
    found = judge(shapes, DATA)
    assert [node.value for node in found.fallbacks] == ["http://ex.example/S"]
    assert focus(found) == ["a", "b", "c"]


def test_a_recursive_shape_is_left_to_pyshacl(judge: Judge) -> None:
    shapes = (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:knows ; sh:minCount 1 ; sh:node ex:S ] ."
    )
    found = judge(shapes, "ex:a a ex:C ; ex:knows ex:b . ex:b ex:knows ex:a . ex:c a ex:C .")
    assert (focus(found), list(found.fallbacks.values())) == (["c"], ["it is recursive"])


def test_a_pattern_that_the_engine_does_not_read_is_matched_here(judge: Judge) -> None:
    shapes = 'ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:q ; sh:pattern "^(?!a)" ] .'
    found = judge(shapes, 'ex:a a ex:C ; ex:q "ab", "ba" .')
    assert (focus(found), found.fallbacks) == (["a"], {})


COMPONENT = (
    PREFIXES
    + """
ex:Between a sh:ConstraintComponent ;
    sh:parameter [ sh:path ex:least ], [ sh:path ex:most ; sh:optional true ] ;
    sh:labelTemplate "between {$least} and {?most}" ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes ex:o ; sh:message "{?value} is below {$least}"@en ;
        sh:ask "ASK { FILTER($value >= $least && (!bound($most) || $value <= $most)) }" ] .
"""
)


@pytest.mark.parametrize(
    ("given", "at_fault"), [("ex:least 2", ["1"]), ("ex:least 2 ; ex:most 2", ["1", "3"]), ("ex:most 1", [])]
)
def test_a_component_applies_where_its_parameters_are_given(judge: Judge, given: str, at_fault: list[str]) -> None:
    found = judge(f"{COMPONENT} ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; {given} ] .", DATA)
    assert sorted(str(value) for value in found.report.objects(None, SH.value)) == at_fault
    assert found.fallbacks == {}
    assert set(found.report.objects(None, SH.sourceConstraintComponent)) <= {rdflib.URIRef("http://ex.example/Between")}


def test_a_components_message_has_its_parameters(judge: Judge) -> None:
    found = judge(f"{COMPONENT} ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; ex:least 2 ] .", DATA)
    (message,) = found.report.objects(None, SH.resultMessage)
    assert message == rdflib.Literal("1 is below 2", lang="en")


def test_a_component_holds_inside_another_shape(judge: Judge) -> None:
    found = judge(
        f"{COMPONENT} ex:S sh:targetClass ex:C ; sh:not [ sh:property [ sh:path ex:p ; ex:least 3 ] ] .", DATA
    )
    assert (focus(found), found.fallbacks) == (["b"], {})


def test_the_current_shape_is_known_to_its_query(judge: Judge) -> None:
    query = "SELECT $this ?n WHERE { BIND($currentShape AS ?n) FILTER(?n = ex:S && $this = ex:a) }"
    found = judge(constraint(query), DATA)
    assert [str(message) for message in found.report.objects(None, SH.resultMessage)] == [
        "http://ex.example/a: http://ex.example/S"
    ]


@pytest.mark.filterwarnings("ignore")
def test_what_neither_can_run_is_an_error(judge: Judge) -> None:
    with pytest.raises(DataError, match="pySHACL cannot use a shape that is not compiled"):
        judge(constraint("SELECT $this WHERE { GRAPH ?g { $this ex:p ?x } }"), DATA)
