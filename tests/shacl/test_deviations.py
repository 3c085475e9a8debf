"""Where pySHACL does otherwise than the recommendation: what it finds, and what is found here (docs/shacl.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyshacl
import pytest

from kgtool.shacl import validate_files
from tests.shacl.compare import results_of
from tests.shacl.strategies import HEADER


def shape(constraint: str) -> str:
    return f"ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {constraint} ] ."


#: What is deviated from, shapes, data, the number of results that pySHACL has, and that the recommendation wants.
CASES = {
    "a truth value is not a number": (shape("sh:maxExclusive 1.5"), "ex:a ex:p false .", 0, 1),
    "a number is not a date": (shape('sh:minExclusive "2024-01-01"^^xsd:date'), "ex:a ex:p 1 .", 0, 1),
    "an IRI is less than nothing": (shape("sh:lessThan ex:q"), 'ex:a ex:p ex:b ; ex:q "z" .', 0, 1),
    "an ill-typed literal is less than nothing": (
        shape('sh:maxInclusive "2024-05-01T10:00:00"^^xsd:dateTime'), 'ex:a ex:p "2023-13-01"^^xsd:date .', 0, 1,
    ),
    "a language range has more than one part": (
        shape('sh:languageIn ( "zh-Hans" )'), 'ex:a ex:p "x"@zh-Hans-CN .', 1, 0,
    ),
    "a blank node has no length": (shape("sh:minLength 0"), "ex:a ex:p [] .", 0, 1),
    "an ill-typed truth value has its own words": (shape("sh:minLength 2"), 'ex:a ex:p "x"^^xsd:boolean .', 0, 1),
    "a literal is a literal as it is written": (shape("sh:in ( 1 )"), 'ex:a ex:p "01"^^xsd:integer .', 0, 1),
    "flags are those of SPARQL": (shape('sh:pattern "^a.b$" ; sh:flags "s"'), 'ex:a ex:p "a\\nb" .', 1, 0),
    "no literal has the datatype rdfs:Literal": (shape("sh:datatype rdfs:Literal"), 'ex:a ex:p "x" .', 0, 1),
    "rdf:type rdfs:Resource is a triple": (
        "ex:S sh:targetNode ex:a ; sh:closed true .", "ex:a a rdfs:Resource .", 0, 1,
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CASES)
def test_the_recommendation_is_followed(name: str, tmp_path: Path) -> None:
    shapes, data, reference, wanted = CASES[name]
    (tmp_path / "s.ttl").write_text(HEADER + shapes, encoding="utf-8")
    (tmp_path / "d.ttl").write_text(HEADER + data, encoding="utf-8")
    found: Any = pyshacl.validate(str(tmp_path / "d.ttl"), shacl_graph=str(tmp_path / "s.ttl"), inference="none")
    conforms, report = validate_files(tmp_path / "d.ttl", tmp_path / "s.ttl")
    assert results_of(found[1]).total() == reference, "pySHACL has changed its mind: docs/shacl.md says otherwise"
    assert (results_of(report).total(), conforms) == (wanted, wanted == 0)
