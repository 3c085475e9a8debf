"""What the tests of compiled shapes share: a few lines of shapes and of data, validated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.shacl import Validation, validate
from kgtool.shacl.read import read_data, read_shapes_graph
from tests.shacl.strategies import HEADER

#: Validate data with shapes, both in Turtle without prefixes.
Judge = Callable[[str, str], Validation]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    def run(shapes: str, data: str) -> Validation:
        (tmp_path / "shapes.ttl").write_text(HEADER + shapes, encoding="utf-8")
        (tmp_path / "data.ttl").write_text(HEADER + data, encoding="utf-8")
        return validate(read_data(tmp_path / "data.ttl"), read_shapes_graph(tmp_path / "shapes.ttl"))

    return run
