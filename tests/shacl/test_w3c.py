"""The W3C's SHACL test suite, Core and SPARQL: every test passes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import rdflib

from kgtool.errors import DataError
from kgtool.shacl import validate_files
from tests.shacl.compare import SH, results_of

_SUITE = Path(__file__).parent / "w3c"
_MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
_FILES = sorted(str(file.relative_to(_SUITE)) for file in _SUITE.rglob("*.ttl"))


def test_the_suite_is_there() -> None:
    if not _FILES and not os.environ.get("CI"):
        pytest.skip("the W3C's suite is not here: python3 tests/shacl/fetch.py")
    assert len([name for name in _FILES if name.startswith("core/")]) >= 100
    assert len([name for name in _FILES if name.startswith("sparql/")]) >= 20


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@pytest.mark.parametrize("name", _FILES)
def test_passes(name: str) -> None:
    graph = rdflib.Graph().parse(_SUITE / name)
    for test in graph.subjects(rdflib.RDF.type, _SHT.Validate):
        action, wanted = graph.value(test, _MF.action), graph.value(test, _MF.result)
        data, shapes = (_path(graph.value(action, _SHT[part])) for part in ("dataGraph", "shapesGraph"))
        if wanted == _SHT.Failure:
            with pytest.raises(DataError):
                validate_files(data, shapes)
            continue
        conforms, report = validate_files(data, shapes)
        assert rdflib.Literal(conforms) == graph.value(wanted, SH.conforms)
        # The suite leaves out the source constraint where there is none to speak of.
        told = any(graph.value(result, SH.sourceConstraint) for result in graph.objects(wanted, SH.result))
        but = () if told else ("sourceConstraint",)
        assert results_of(report, but=but) == results_of(graph, root=wanted, but=but)


def _path(graph: Any) -> str:
    return str(graph).removeprefix("file://")
