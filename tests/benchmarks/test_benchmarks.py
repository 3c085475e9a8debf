"""Every benchmark at its smallest: ``pytest tests/benchmarks``, which prints its tables. Nothing here is timed."""

from __future__ import annotations

import pytest

from tests.benchmarks.report import BENCHMARKS, PAGE, replaced, run

#: Those that differ in their size only are run once.
_ONCE = {(one.script, *one.quick): name for name, one in reversed(BENCHMARKS.items())}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", list(_ONCE.values())[::-1])
def test_benchmark(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(name, quick=True)
    with capsys.disabled():
        print(f"\n## {name}\n\n{printed}")
    assert "|---" in printed, "it prints no table"
    replaced(PAGE.read_text(encoding="utf-8"), name, printed)
