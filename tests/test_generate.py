"""The generated nation of the benchmarks: repeatable, of the size asked for, sound, and broken where it is told to."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.generate import ERRORS, article_quads, entity_quads, generate, plan, write_project, write_quads

Run = Callable[..., tuple[int, str, str]]


def _text(triples: int, *, seed: int = 1) -> str:
    stream = io.StringIO()
    write_quads(generate(plan(triples, seed=seed)), stream, union=False)
    return stream.getvalue()


def test_the_same_arguments_make_the_same_bytes() -> None:
    assert _text(5_000) == _text(5_000)
    assert _text(5_000) != _text(5_000, seed=2)


def test_articles_can_be_made_in_any_order() -> None:
    nation = plan(20_000)
    alone = list(article_quads(nation, nation.articles - 1))
    assert list(generate(nation))[-len(alone) :] == alone


@pytest.mark.parametrize("triples", [10_000, 100_000])
def test_there_are_about_as_many_triples_as_wanted(triples: int) -> None:
    nation = plan(triples)
    made = sum(1 for _ in generate(nation))
    assert abs(made - triples) < triples / 8
    assert sum(1 for _ in entity_quads(nation)) < made / 4


def test_a_few_parks_have_most_of_the_figures() -> None:
    subjects: dict[str, int] = {}
    for _, predicate, value, _ in generate(plan(50_000)):
        if predicate.endswith("#subject>"):
            subjects[value] = subjects.get(value, 0) + 1
    counts = sorted(subjects.values(), reverse=True)
    assert sum(counts[: len(counts) // 3]) > sum(counts) / 2


@pytest.mark.slow
def test_a_nation_conforms_but_where_it_is_broken(kgtool: Run, tmp_path: Path) -> None:
    note = io.StringIO()
    write_project(plan(10_500, errors=40), tmp_path / "nation", note=note)
    broken = [json.loads(line) for line in note.getvalue().splitlines()]
    assert len(broken) == 40
    assert {row["error"] for row in broken} == set(ERRORS)
    code, out, _ = kgtool("--project", str(tmp_path / "nation"), "validate", "--format", "json")
    findings = json.loads(out)["findings"]
    figures = {row["figure"] for row in broken}
    assert code == 1
    assert {(row["figure"], row["shape"]) for row in broken} <= {
        (one["focus"]["value"], one["check"]) for one in findings
    }
    # A wrong unit shows on the right ones of its indicator too.
    others = [one for one in findings if one["check"] != "indicator-in-two-units"]
    assert [one for one in others if not figures & {one["focus"]["value"], (one["value"] or {}).get("value")}] == []
