"""A build after a change of a few articles: only their difference is written, and it equals a build of everything."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph
import pytest

import kgtool.build
import kgtool.search
from kgtool.build import BuildResult, build, parts
from kgtool.build.contents import read_contents
from kgtool.build.shared import Shared
from kgtool.build.sources import Sources
from kgtool.build.writing import change_store, write_store
from kgtool.project import Project
from kgtool.search import index_file
from kgtool.store import Store
from tests.benchmarks.generate import plan, write_project
from tests.search.test_changing import contents_of

_SAVE_INDEX = kgtool.search.save_index

#: How often a changed copy was written, and how often everything.
Written = Counter[str]


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a dozen articles."""
    folder = tmp_path_factory.mktemp("nation") / "nation"
    write_project(plan(10_500), folder)
    return folder


@pytest.fixture
def project(nation: Path, tmp_path: Path) -> Project:
    shutil.copytree(nation, tmp_path / "nation")
    return Project(tmp_path / "nation")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    counted = Written()
    change, everything = change_store, write_store

    def changed(*args: object, **named: object) -> object:
        result = change(*args, **named)  # type: ignore[arg-type]
        counted.update(["changed"] * (result is not None))
        return result

    def whole(*args: object, **named: object) -> object:
        counted["whole"] += 1
        return everything(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(kgtool.build, "change_store", changed)
    monkeypatch.setattr(kgtool.build, "write_store", whole)
    return counted


@pytest.fixture(autouse=True)
def _without_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the index of names empty: it takes longer than all the rest here."""
    monkeypatch.setattr(kgtool.search, "save_index", lambda store, folder, prefixes: Path(f"{folder}.names").touch())


def _quads(result: BuildResult) -> list[str]:
    """Return every quad; a store names blank nodes anew."""
    quads = map(str, pyoxigraph.Store.read_only(str(result.folder / "store")))
    return sorted(re.sub(r"_:[0-9a-f]+", "_:", quad) for quad in quads)


def _equal(project: Project, folder: Path, anew: Path) -> None:
    """Compare a build with one of the same files in an empty folder: quads, counts and what later builds go by."""
    changed, whole = build(project, into=folder), build(project, into=anew)
    assert _quads(changed) == _quads(whole)
    assert (changed.hash, changed.total, changed.counts) == (whole.hash, whole.total, whole.counts)
    assert read_contents(changed.folder) == read_contents(whole.folder)
    shutil.rmtree(anew)


def _article(project: Project, slug: str) -> Path:
    return project.root / "graph" / "articles" / slug


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_article_that_changed_is_all_that_is_written(project: Project, written: Written, tmp_path: Path) -> None:
    build(project, into=tmp_path / "builds")
    kept = {file.name for file in (tmp_path / "builds" / "parts").iterdir()}
    _replace(_article(project, "city-0-2015") / "facts.trig", "#Granted>", "#Filed>")
    build(project, into=tmp_path / "builds")
    assert written == {"whole": 1, "changed": 1}
    made = {file.name for file in (tmp_path / "builds" / "parts").iterdir()} - kept
    assert len(made) == 1
    _equal(project, tmp_path / "builds", tmp_path / "anew")


def test_the_index_of_names_is_changed_with_the_store(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def counted(store: Store, folder: Path, *, prefixes: Mapping[str, str]) -> None:
        written.append(folder)
        _SAVE_INDEX(store, folder, prefixes=prefixes)

    monkeypatch.setattr(kgtool.search, "save_index", counted)
    build(project, into=tmp_path / "builds")
    for article in ("city-0-2015", "city-0-2016"):
        _replace(_article(project, article) / "facts.trig", "獲評", "列入")
        _replace(_article(project, article) / "article.ttl", "what sentence 3 says", "what is said")
    changed = build(project, into=tmp_path / "builds")
    assert len(written) == 1
    whole = build(project, into=tmp_path / "anew")
    assert contents_of(Path(index_file(changed.folder / "store"))) == contents_of(
        Path(index_file(whole.folder / "store"))
    )


def test_what_another_article_says_too_stays_in_the_union(project: Project, written: Written, tmp_path: Path) -> None:
    said: dict[str, list[Path]] = {}
    for folder in project.article_folders():
        for line in set((folder / "facts.trig").read_text(encoding="utf-8").splitlines()):
            if "#hasLeadingIndustry>" in line:
                said.setdefault(line, []).append(folder / "facts.trig")
    line, files = next((line, files) for line, files in said.items() if len(files) > 1)
    build(project, into=tmp_path / "builds")
    _replace(files[0], line, "")
    store = pyoxigraph.Store.read_only(str(build(project, into=tmp_path / "builds").folder / "store"))
    assert written["changed"] == 1
    assert store.query(f"ASK {{ {line} }}")
    _equal(project, tmp_path / "builds", tmp_path / "anew")


def test_an_article_can_come_and_go(project: Project, written: Written, tmp_path: Path) -> None:
    first = build(project, into=tmp_path / "builds")
    shutil.move(_article(project, "city-0-2020"), tmp_path / "aside")
    without = build(project, into=tmp_path / "builds")
    assert without.total < first.total
    _equal(project, tmp_path / "builds", tmp_path / "anew")
    shutil.move(tmp_path / "aside", _article(project, "city-0-2020"))
    shutil.rmtree(first.folder)
    assert build(project, into=tmp_path / "builds").total == first.total
    assert written["changed"] == 2
    _equal(project, tmp_path / "builds", tmp_path / "anew")


def test_whatever_articles_share_changes_everything(project: Project, written: Written, tmp_path: Path) -> None:
    build(project, into=tmp_path / "builds")
    _replace(project.root / "graph" / "entities" / "all.ttl", "Park Daily", "Park Times")
    _equal(project, tmp_path / "builds", tmp_path / "anew")
    assert written["changed"] == 0


def test_blank_nodes_are_written_anew(project: Project, written: Written, tmp_path: Path) -> None:
    file = _article(project, "city-0-2015") / "article.ttl"
    with file.open("a", encoding="utf-8") as stream:
        stream.write('<urn:a> <urn:b> [ <urn:c> "x" ], [ <urn:c> "y" ] .\n')
    build(project, into=tmp_path / "builds")
    _replace(file, '"y"', '"z"')
    result = build(project, into=tmp_path / "builds")
    assert written == {"whole": 2}
    store = pyoxigraph.Store.read_only(str(result.folder / "store"))
    solutions = store.query("SELECT ?o { <urn:a> <urn:b> [ <urn:c> ?o ] } ORDER BY ?o")
    assert [str(solution["o"]) for solution in solutions] == ['"x"', '"z"']  # type: ignore[union-attr]


def test_blank_nodes_of_an_article_have_the_same_names_in_every_build(project: Project, tmp_path: Path) -> None:
    file = _article(project, "city-0-2015") / "article.ttl"
    with file.open("a", encoding="utf-8") as stream:
        stream.write('<urn:a> <urn:b> [ <urn:c> "x" ], [ <urn:c> "y" ] .\n')
    one, other = (build(project, into=tmp_path / name) for name in ("one", "other"))
    assert [file.read_bytes() for file in sorted((one.folder.parent / "parts").iterdir())] == [
        file.read_bytes() for file in sorted((other.folder.parent / "parts").iterdir())
    ]


def test_a_damaged_store_before_is_no_obstacle(project: Project, written: Written, tmp_path: Path) -> None:
    first = build(project, into=tmp_path / "builds")
    for file in (first.folder / "store").glob("*.sst"):
        file.write_bytes(b"junk")
    _replace(_article(project, "city-0-2015") / "facts.trig", "#Granted>", "#Filed>")
    _equal(project, tmp_path / "builds", tmp_path / "anew")


def test_an_interrupted_build_goes_on_where_it_stopped(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    stop_at = [5, 1000]
    make = parts._make

    def counted(sources: Sources, shared: Shared, folder: Path, slug: str) -> None:
        if len(made) == stop_at[0]:
            raise KeyboardInterrupt
        make(sources, shared, folder, slug)
        made.append(slug)

    monkeypatch.setattr(parts, "_make", counted)
    with pytest.raises(KeyboardInterrupt):
        build(project, into=tmp_path / "builds")
    stop_at.pop(0)
    build(project, into=tmp_path / "builds")
    assert sorted(made) == [folder.name for folder in project.article_folders()]
    _equal(project, tmp_path / "builds", tmp_path / "anew")


def test_several_processes_make_the_same_quads(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = build(project, into=tmp_path / "one")
    monkeypatch.setattr(parts, "_FEW", 2)
    monkeypatch.setattr(parts, "_most_processes", lambda: 2)
    several = build(project, into=tmp_path / "several")
    assert _quads(several) == _quads(one)


def test_an_error_in_a_process_is_told_as_it_is(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_FEW", 2)
    monkeypatch.setattr(parts, "_most_processes", lambda: 2)
    file = _article(project, "city-0-2015") / "facts.trig"
    file.write_text(file.read_text(encoding="utf-8") + "GRAPH <urn:g> {", encoding="utf-8")
    with pytest.raises(kgtool.errors.DataError) as error:
        build(project, into=tmp_path / "builds")
    assert error.value.file == "graph/articles/city-0-2015/facts.trig"
    assert error.value.line == len(file.read_text(encoding="utf-8").splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_any_sequence_of_changes_equals_building_everything(
    project: Project, written: Written, tmp_path: Path, seed: int
) -> None:
    """Facts deleted, copied to other sentences and articles, articles removed and put back: a build after each."""
    choose = random.Random(seed)
    aside: list[Path] = []
    build(project, into=tmp_path / "builds")
    for _ in range(4):
        kind = choose.choice(["delete", "copy", "remove", "return"])
        files = [folder / "facts.trig" for folder in project.article_folders()]
        file = choose.choice(files)
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        facts = [at for at, line in enumerate(lines) if line.startswith("<")]
        if kind == "delete":
            for at in sorted(choose.sample(facts, 20), reverse=True):
                del lines[at]
            file.write_text("".join(lines), encoding="utf-8")
        elif kind == "copy":
            other = choose.choice(files).read_text(encoding="utf-8").splitlines(keepends=True)
            copied = choose.sample([line for line in other if line.startswith("<")], 20)
            at = choose.choice(facts)
            file.write_text("".join([*lines[:at], *copied, *lines[at:]]), encoding="utf-8")
        elif kind == "remove" and len(files) > 2:
            aside.append(Path(shutil.move(file.parent, tmp_path / file.parent.name)))
        elif kind == "return" and aside:
            gone = aside.pop()
            shutil.move(gone, _article(project, gone.name))
        _equal(project, tmp_path / "builds", tmp_path / "anew")
    assert written["changed"] > 0
