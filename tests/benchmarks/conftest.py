"""Benchmarks take minutes and want a quiet machine: they run where they are asked for by name."""

from __future__ import annotations

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_TESTS = _HERE / "test_benchmarks.py"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the benchmarks out unless an argument names them or their folder."""
    if collection_path != _TESTS:
        return None
    asked = [Path(str(config.invocation_params.dir), argument.split("::")[0]).resolve() for argument in config.args]
    return None if any(one.is_relative_to(_HERE) for one in asked) else True
