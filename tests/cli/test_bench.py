"""``kgtool bench``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.bench import mean_ratio
from kgtool.build import open_built
from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]

LEADING = "leading-industries"


@pytest.fixture
def dump(built_project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The project's store as a file, the current folder being the project."""
    monkeypatch.chdir(built_project.root)
    file = tmp_path / "tiny.nq"
    with file.open("wb") as stream:
        open_built(built_project).dump(stream)  # type: ignore[attr-defined]
    return file


def test_stores_that_answer_alike_are_timed_side_by_side(kgtool: Run, dump: Path) -> None:
    code, out, err = kgtool("bench", LEADING, "--store", dump, "--rounds", "3", "--format", "json")
    own, other = json.loads(out)
    assert (code, err) == (0, "")
    assert [(one["store"], one["query"], one["rows"]) for one in (own, other)] == [
        ("tiny", LEADING, 2),
        (str(dump), LEADING, 2),
    ]
    assert own["ratio"] == 1
    for one in (own, other):
        assert 0 < one["lower"] <= one["median"] <= one["upper"]
        assert (one["differs"], one["problem"]) == (False, None)
    assert other["ratio"] > 0


def test_table_ends_with_the_ratio_of_all_queries_together(kgtool: Run, dump: Path) -> None:
    code, out, _ = kgtool("bench", "--rounds", "1")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == ["query", "store", "rows", "ms", "quartiles", "ratio"]
    assert len([line for line in lines if " in memory " in line]) == len([line for line in lines if " tiny " in line])
    assert lines[-1].startswith("in memory: ")
    assert lines[-1].endswith(" times as long, all queries together")


def test_another_answer_is_exit_1_and_said(kgtool: Run, dump: Path) -> None:
    kept = [line for line in dump.read_text(encoding="utf-8").splitlines(keepends=True) if "id/optics>" not in line]
    dump.write_text("".join(kept), encoding="utf-8")
    code, out, _ = kgtool("bench", LEADING, "--store", dump, "--rounds", "1", "--format", "csv")
    own, other = csv.DictReader(io.StringIO(out, newline=""))
    assert (code, own["differs"], other["differs"], other["rows"]) == (1, "False", "True", "1")


def test_store_that_cannot_answer_is_exit_1_and_the_others_are_timed(kgtool: Run, dump: Path) -> None:
    code, out, _ = kgtool("bench", LEADING, "--store", "http://127.0.0.1:1/sparql", "--rounds", "1", "--format", "json")
    own, other = json.loads(out)
    assert (code, own["problem"], other["median"]) == (1, None, 0)
    assert "127.0.0.1:1" in other["problem"]
    assert own["median"] > 0


def test_unknown_query_is_exit_2(kgtool: Run, dump: Path) -> None:
    code, out, err = kgtool("bench", "leading-industry")
    assert (code, out) == (2, "")
    assert f"did you mean {LEADING}?" in err


def test_no_times_have_no_mean() -> None:
    assert mean_ratio([]) is None
