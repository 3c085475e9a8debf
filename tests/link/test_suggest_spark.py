"""The same model on Spark: a cluster with two workers proposes what DuckDB proposes, bit by bit.

Only with ``KGTOOL_SPARK=1``: PySpark is 456 MB, needs Java, and starting takes half a minute.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kgtool.link.suggest.engines import Pair, compare
from kgtool.link.suggest.model import read_model
from kgtool.link.suggest.preparing import Prepared, prepare
from tests.link.spark_cluster import two_workers
from tests.link.test_suggest_friends import FRIENDS, MEANT, OURS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("KGTOOL_SPARK"), reason="Spark: set KGTOOL_SPARK=1"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture
def prepared() -> Prepared:
    return prepare(OURS, (*FRIENDS, *MEANT))


def test_two_workers_compare_as_duckdb_does(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    model = read_model()
    expected = compare(prepared, model, least=-30)
    assert len(expected) > 10
    with two_workers(tmp_path) as master:
        found = compare(prepared, model, engine="spark", master=master, least=-30)
        ran = {part.parent.name for part in (tmp_path / "work").glob("app-*/*/stderr")}
    assert len(ran) == 2, "an executor on each worker"
    assert [_rounded(one) for one in found] == [_rounded(one) for one in expected]


def _rounded(pair: Pair) -> tuple[object, ...]:
    bits = {name: (round(bits, 4), level) for name, (bits, level) in pair.bits.items()}
    return pair.ours, pair.theirs, pair.names, round(pair.weight, 4), bits
