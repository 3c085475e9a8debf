"""A project validated in parts: the findings of the whole, wherever they were found."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kgtool.articles import read_article
from kgtool.build.merging import Everything, Judged, judge, merge
from kgtool.build.shared import read_shared
from kgtool.build.sources import read_shared_sources
from kgtool.build.worker import Row, Task, make_rows
from kgtool.coverage import measure_coverage
from kgtool.namespaces import RDF
from kgtool.project import Project
from kgtool.report import Finding
from kgtool.terms import BlankNode, n3
from kgtool.text.segments import digest
from kgtool.validate import validate_project
from kgtool.validate.parts import read_rules
from kgtool.validate.scope import Scattered, find_scattered
from tests.nation import write_faulty_nation

_TYPE = f"<{RDF}type>"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return write_faulty_nation(tmp_path_factory.mktemp("faulty") / "nation")


@pytest.fixture(scope="module")
def rows(faulty: Project) -> list[Row]:
    """What two workers make of a third and two thirds of it."""
    slugs = ["", *(folder.name for folder in faulty.article_folders())]
    task = Task(faulty.folder, read_shared_sources(faulty).shared_digest)
    return [*make_rows(task, slugs[:4]), *make_rows(task, slugs[4:])]


def _scattered(rows: list[Row]) -> Scattered:
    return find_scattered(row[:5] for row in rows if row[6] is None)  # type: ignore[misc]


def _everything(rows: list[Row], project: Project) -> Everything:
    quads = [row[:5] for row in rows if row[6] is None and row[0]]

    def lines(names: frozenset[str] | None) -> Iterable[str]:
        typed = {s for _, s, p, _, _ in quads if p == _TYPE}
        seen = set[object]()
        for _, s, p, o, g in quads:
            fresh = {p, *({s} - typed)} - seen
            if names is None or str(p)[1:-1] in names or fresh or "_:" in (str(s)[:2], str(o)[:2]):
                seen |= fresh
                yield f"{s} {p} {o} {g} ."

    return Everything(
        scattered=_scattered(rows),
        count=lambda names: sum(names is None or str(quad[2])[1:-1] in names for quad in quads),
        quads=lines,
        speaking=lambda things: sorted(
            {quad[0] for quad in quads} & {quad[0] for quad in quads if quad[1] in {n3(thing) for thing in things}}
        ),
        folders=lambda slugs: [one for one in project.article_folders() if slugs is None or one.name in slugs],
    )


def _judge(rows: list[Row], project: Project, **options: int) -> Judged:
    shared = read_shared(read_shared_sources(project), told=lambda _: None)
    return judge(read_rules(project), shared, _notes(rows), _everything(rows, project), **options)


def _notes(rows: list[Row]) -> list[tuple[str, dict[str, Any]]]:
    return [(row[0], json.loads(row[6])) for row in rows if row[6] is not None]


def _comparable(finding: Finding) -> Finding:
    """Leave out what no two runs have alike, and what JSON does not say."""
    focus, value = (None if isinstance(term, BlankNode) else term for term in (finding.focus, finding.value))
    return finding._replace(focus=focus, value=value, shape=None, component=None)


def _whole(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    monkeypatch.chdir(project.root)
    return [_comparable(finding) for finding in validate_project(project).findings]


def test_parts_find_what_the_whole_has(faulty: Project, rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    judged = _judge(rows, faulty)
    expected = _whole(faulty, monkeypatch)
    assert Counter(map(_comparable, judged.report.findings)) == Counter(expected)
    assert judged.unjudged == frozenset()
    # There is something to find on both sides, and in more than one way.
    found = {finding.check for finding in expected}
    assert len(found & judged.split.apart) >= 8
    assert {"cycle-of-parts", "undefined-term"} <= found & judged.split.across.keys()


def test_what_cannot_be_put_together_is_named(
    faulty: Project, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = _everything(rows, faulty)
    some = _judge(rows, faulty, most=everything.count(None) - 1)
    assert "undefined-term" in some.unjudged
    assert "cycle-of-parts" not in some.unjudged
    expected = [finding for finding in _whole(faulty, monkeypatch) if finding.check not in some.unjudged]
    assert Counter(map(_comparable, some.report.findings)) == Counter(expected)
    none = _judge(rows, faulty, most=10)
    assert none.unjudged == none.split.across.keys()
    assert {finding.check for finding in none.report.findings} <= none.split.apart


def test_notes_are_merged_by_article(tiny_project: Project, tmp_path: Path) -> None:
    text = "临港园区的主导产业就是造船。。。临港主导造船和光学，产值12.50亿元\n" + "临" * 14
    record = tiny_project.root / "graph" / "articles" / "harbour" / "article.ttl"
    said = record.read_text(encoding="utf-8")
    known = f'ip:length {len(text)} ; ip:sha256 "{digest(text)}"'
    record.write_text(said.replace("ip:length 45", known).replace("oa:end 45", f"oa:end {len(text)}"), encoding="utf-8")
    (tmp_path / "harbour.txt").write_text(text, encoding="utf-8")
    task = Task(tiny_project.folder, read_shared_sources(tiny_project).shared_digest, texts=str(tmp_path))
    rows = list(make_rows(task, ["", "harbour"]))
    measured = measure_coverage(tiny_project, read_article(record.parent), text).counts()
    merged = merge(["harbour", "hill"], _notes(rows), {"harbour": 7}, None, folder="graph/articles/")
    coverage = {"facts": 3, **{name: list(counts) for name, counts in measured.items()}}
    assert merged["per_article"] == [
        {"article": "harbour", "quads": 7, "coverage": coverage},
        {"article": "hill", "quads": 0},
    ]
    assert merged["coverage"]["articles"] == 1
    assert merged["coverage"]["overall"]["decided"] == measured["overall"][0]
    assert merged["validation"] is None

    (tmp_path / "harbour.txt").write_text("another text", encoding="utf-8")
    (note,) = [note for _, note in _notes(list(make_rows(task, ["harbour"]))) if note["note"] == "coverage"]
    assert "this is not the text of article 'harbour'" in note["error"]
