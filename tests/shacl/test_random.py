"""Random shapes and random data: the compiled shapes find what pySHACL finds, as often as it finds it.

What pySHACL does otherwise than the recommendation is kept out of the way here and shown in ``test_deviations``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgtool.shacl import validate_files
from tests.shacl import strategies
from tests.shacl.compare import messages_of, results_of

_SETTINGS = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@_SETTINGS
@given(strategies.shapes(), strategies.data())
def test_results_are_those_of_the_reference(shapes: str, data: str) -> None:
    _compare(shapes, data)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@_SETTINGS
@given(strategies.shapes(comparing=True), strategies.data(comparable=True))
def test_comparisons_are_those_of_the_reference(shapes: str, data: str) -> None:
    _compare(shapes, data)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@_SETTINGS
@given(st.data())
def test_queries_of_constraints_are_those_of_the_reference(drawn: st.DataObject) -> None:
    _compare(drawn.draw(strategies.sparql_shapes()), drawn.draw(strategies.data(comparable=True)))


def _compare(shapes: str, data: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shapes_file, data_file = Path(folder, "shapes.ttl"), Path(folder, "data.ttl")
        shapes_file.write_text(shapes, encoding="utf-8")
        data_file.write_text(data, encoding="utf-8")
        found: Any = pyshacl.validate(str(data_file), shacl_graph=str(shapes_file), inference="none")
        conforms, report = validate_files(data_file, shapes_file)
    wanted, reference, text = found
    assert isinstance(reference, rdflib.Graph), text
    assert results_of(report) == results_of(reference)
    assert conforms == wanted
    assert messages_of(report) == messages_of(reference)
