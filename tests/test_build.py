"""From a project's files to a store: what goes where, what is refused, and what survives when something breaks."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.build import BuildResult, build, open_built
from kgtool.errors import DataError, KgError, ProjectError, QueryError, StoreError
from kgtool.project import Project
from kgtool.store import Store, open_store
from kgtool.store.builds import builds_folder
from kgtool.terms import IRI, Literal

_BASE = "https://example.org/tiny/"
_EX = f"{_BASE}id/"
_ARTICLE = f"{_BASE}article/harbour"
_PREFIXES = {"ex": _EX, "ip": "https://w3id.org/industrial-park/ns#", "s": f"{_ARTICLE}/s"}


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def _facts(project: Project) -> Path:
    return project.root / "graph" / "articles" / "harbour" / "facts.trig"


def _rule(project: Project, name: str, text: str) -> Path:
    file = project.root / "queries" / "derive" / f"{name}.rq"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _refused(kind: type[KgError], project: Project) -> str:
    with pytest.raises(kind) as error:
        build(project)
    return str(error.value)


def _works(store: Store) -> bool:
    return store.query("ASK { ex:harbour-park ip:hasLeadingIndustry ex:optics }", prefixes=_PREFIXES).boolean


# What goes where -----------------------------------------------------------------------------------------------------


def test_every_source_has_its_named_graph(tiny_project: Project) -> None:
    counts = build(tiny_project).counts
    own = {graph: n for graph, n in counts.items() if not graph.endswith(("/ontology", "/shapes", "/derived"))}
    assert own == {
        f"{_ARTICLE}/s1": 1,
        f"{_ARTICLE}/s2": 8,
        f"{_BASE}graph/article/harbour": 24,
        f"{_BASE}graph/dataset": 3,
        f"{_BASE}graph/entities": 13,
    }
    assert counts[f"{_BASE}graph/ontology"] > 0


def test_default_graph_holds_every_triple_once(tiny_project: Project) -> None:
    build(tiny_project)
    store = open_built(tiny_project)
    said = "SELECT ?industry { ex:harbour-park ip:hasLeadingIndustry ?industry } ORDER BY ?industry"
    assert list(store.query(said, prefixes=_PREFIXES).rows()) == [(IRI(f"{_EX}optics"),), (IRI(f"{_EX}shipbuilding"),)]
    by_whom = "SELECT ?g { GRAPH ?g { ex:harbour-park ip:hasLeadingIndustry ex:shipbuilding } } ORDER BY ?g"
    assert list(store.query(by_whom, prefixes=_PREFIXES).rows()) == [(IRI(f"{_ARTICLE}/s1"),), (IRI(f"{_ARTICLE}/s2"),)]


def test_total_counts_the_default_graph(tiny_project: Project) -> None:
    result = build(tiny_project)
    assert open_built(tiny_project).count() == result.total
    shapes = result.counts.get(f"{_BASE}graph/shapes", 0)
    assert result.total < sum(result.counts.values()) - shapes


def test_shapes_are_named_only(tiny_project: Project) -> None:
    file = tiny_project.root / "ontology" / "shapes" / "own.ttl"
    file.parent.mkdir()
    file.write_text("<urn:shape> <urn:says> 1 .", encoding="utf-8")
    build(tiny_project)
    store = open_built(tiny_project)
    assert not store.query("ASK { <urn:shape> ?p ?o }").boolean
    assert store.query(f"ASK {{ GRAPH <{_BASE}graph/shapes> {{ <urn:shape> ?p ?o }} }}").boolean


def test_examples_of_the_ontology_are_not_in_the_graph(tiny_project: Project) -> None:
    file = tiny_project.root / "ontology" / "examples" / "Park" / "valid-1.ttl"
    file.parent.mkdir(parents=True)
    file.write_text("<urn:example> <urn:says> 1 .", encoding="utf-8")
    build(tiny_project)
    assert (
        not open_built(tiny_project)
        .query("ASK { { <urn:example> ?p ?o } UNION { GRAPH ?g { <urn:example> ?p ?o } } }")
        .boolean
    )


def test_article_without_facts_is_fine(tiny_project: Project) -> None:
    _facts(tiny_project).unlink()
    assert f"{_ARTICLE}/s1" not in build(tiny_project).counts


def test_byte_order_marks_are_fine(tiny_project: Project) -> None:
    expected = build(tiny_project).counts
    for file in (_facts(tiny_project), tiny_project.dataset_file):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert build(tiny_project).counts == expected


def test_progress_is_told_of_every_step(tiny_project: Project) -> None:
    told: list[tuple[int, int, str]] = []
    build(tiny_project, progress=lambda *step: told.append(step))
    assert [done for done, _, _ in told] == list(range(len(told)))
    assert {total for _, total, _ in told} == {len(told)}
    assert told[-1][2] == "putting it in place"


# Rules ---------------------------------------------------------------------------------------------------------------


def test_rule_adds_to_the_derived_graph_and_the_union_under_its_own_name(tiny_project: Project) -> None:
    _rule(tiny_project, "led", "CONSTRUCT { ?i ex:leads ?p ; ex:by ?rule } WHERE { ?p ip:hasLeadingIndustry ?i }")
    build(tiny_project)
    store = open_built(tiny_project)
    query = "SELECT ?i ?rule { ?i ex:leads ex:harbour-park ; ex:by ?rule } ORDER BY ?i"
    expected = [(IRI(f"{_EX}{i}"), IRI(f"{_BASE}rule/led")) for i in ("optics", "shipbuilding")]
    assert list(store.query(query, prefixes=_PREFIXES).rows()) == expected
    derived = store.query(f"SELECT ?i ?rule FROM <{_BASE}graph/derived> {query[16:]}", prefixes=_PREFIXES)
    assert list(derived.rows()) == expected


def test_rules_run_in_the_order_of_their_names_on_what_earlier_ones_made(tiny_project: Project) -> None:
    _rule(tiny_project, "b-second", "CONSTRUCT { ?i ex:second true } WHERE { ?i ex:first true }")
    _rule(tiny_project, "a-first", "CONSTRUCT { ?i ex:first true } WHERE { ?p ip:hasLeadingIndustry ?i }")
    build(tiny_project)
    rows = open_built(tiny_project).query("SELECT ?i { ?i ex:second true } ORDER BY ?i", prefixes=_PREFIXES).rows()
    assert list(rows) == [(IRI(f"{_EX}optics"),), (IRI(f"{_EX}shipbuilding"),)]


def test_what_a_rule_repeats_stays_once_in_the_union(tiny_project: Project) -> None:
    before = build(tiny_project).total
    _rule(tiny_project, "again", "CONSTRUCT { ?p ip:hasLeadingIndustry ?i } WHERE { ?p ip:hasLeadingIndustry ?i }")
    assert build(tiny_project).total == before


def test_syntax_error_in_a_rule_has_file_and_line(tiny_project: Project) -> None:
    _rule(tiny_project, "broken", "# why\nCONSTRUCT { ?s ?p ?o }\nWHERE { ?s ?p }")
    message = _refused(QueryError, tiny_project)
    assert message.startswith("queries/derive/broken.rq:3: syntax error near 'WHERE { ?s ?p }'")


def test_rule_that_is_no_construct_is_refused(tiny_project: Project) -> None:
    _rule(tiny_project, "rows", "SELECT ?s WHERE { ?s ?p ?o }")
    assert _refused(QueryError, tiny_project) == "queries/derive/rows.rq: a rule must be a CONSTRUCT query"


# What is refused -----------------------------------------------------------------------------------------------------


def test_syntax_error_has_file_and_line(tiny_project: Project) -> None:
    file = tiny_project.root / "graph" / "entities" / "broken.ttl"
    file.write_text("<urn:a> <urn:p> 1 .\n<urn:a> <urn:p> ;", encoding="utf-8")
    assert _refused(DataError, tiny_project).startswith("graph/entities/broken.ttl:2: syntax error at column 17: ")


def test_unknown_prefix_offers_the_line_that_is_missing(tiny_project: Project) -> None:
    file = tiny_project.root / "graph" / "entities" / "new.ttl"
    file.write_text("\nex:new a <urn:Park> .", encoding="utf-8")
    assert _refused(DataError, tiny_project) == (
        f"graph/entities/new.ttl:2: unknown prefix 'ex'; add '@prefix ex: <{_EX}> .' at the top"
    )


def test_prefix_that_the_project_does_not_know_goes_into_its_list_as_well(tiny_project: Project) -> None:
    _append(_facts(tiny_project), "GRAPH s:3 { ex:harbour-park a foaf:Park }")
    assert _refused(DataError, tiny_project) == (
        "graph/articles/harbour/facts.trig:19: unknown prefix 'foaf'; "
        "add '@prefix foaf: <…> .' at the top and to ontology/prefixes.ttl"
    )


def test_second_block_of_a_sentence_is_refused_with_both_lines(tiny_project: Project) -> None:
    _append(_facts(tiny_project), f"# again\nGRAPH <{_ARTICLE}/s1> {{ ex:optics a ip:Industry }}\n")
    assert _refused(DataError, tiny_project) == (
        "graph/articles/harbour/facts.trig:20: GRAPH s:1: the sentence has a block already, on line 6; "
        "put the statements of both into one"
    )


def test_sentence_that_does_not_exist_is_refused_with_its_line(tiny_project: Project) -> None:
    _append(_facts(tiny_project), "GRAPH s:4 { ex:optics a ip:Industry }\n")
    assert _refused(DataError, tiny_project) == (
        "graph/articles/harbour/facts.trig:19: GRAPH s:4: the article has no such sentence; "
        "article.ttl declares 3: correct the number, or declare this one as well"
    )


def test_empty_block_of_an_unknown_sentence_is_refused_too(tiny_project: Project) -> None:
    _append(_facts(tiny_project), "GRAPH s:4 { }\n")
    assert "GRAPH s:4: the article has no such sentence" in _refused(DataError, tiny_project)


def test_statement_outside_every_sentence_is_refused_with_its_line(tiny_project: Project) -> None:
    _append(_facts(tiny_project), "ex:optics a ip:Industry .\n")
    assert _refused(DataError, tiny_project) == (
        "graph/articles/harbour/facts.trig:19: a statement stands outside every sentence; "
        "put it into the block of the sentence that says it, GRAPH s:1 { … }"
    )


def test_sentence_of_another_article_is_refused(tiny_project: Project) -> None:
    other = tiny_project.root / "graph" / "articles" / "hills"
    other.mkdir()
    (other / "article.ttl").write_text("<urn:hills> a <urn:Article> .", encoding="utf-8")
    (other / "facts.trig").write_text(f"GRAPH <{_ARTICLE}/s1> {{ <urn:a> <urn:b> 1 }}", encoding="utf-8")
    assert _refused(DataError, tiny_project).startswith(
        "graph/articles/hills/facts.trig:1: GRAPH s:1: the article has no such sentence"
    )


def test_article_folder_without_article_is_refused(tiny_project: Project) -> None:
    (_facts(tiny_project).parent / "article.ttl").unlink()
    assert _refused(ProjectError, tiny_project) == (
        "graph/articles/harbour: the article has no article.ttl; make it with 'kgtool article add FILE'"
    )


def test_file_that_no_graph_would_hold_is_refused(tiny_project: Project) -> None:
    (_facts(tiny_project).parent / "fact.trig").write_text("", encoding="utf-8")
    assert _refused(ProjectError, tiny_project) == (
        "graph/articles/harbour/fact.trig: kgtool does not know what this file is for; "
        "an article holds article.ttl and facts.trig; entities belong into graph/entities/"
    )


def test_folder_name_that_cannot_stand_in_an_iri_is_refused(tiny_project: Project) -> None:
    folder = _facts(tiny_project).parent
    folder.rename(folder.with_name("my harbour"))
    assert _refused(ProjectError, tiny_project) == (
        "graph/articles/my harbour: an article's folder cannot be called 'my harbour'; "
        "its name becomes a part of IRIs: use letters, digits and hyphens"
    )


def test_dataset_without_a_base_is_refused(tiny_project: Project) -> None:
    tiny_project.dataset_file.write_text("<urn:d> a <urn:Dataset> .", encoding="utf-8")
    assert _refused(ProjectError, tiny_project) == (
        "graph/dataset.ttl: void:uriSpace has no value; "
        'give the dataset one, such as void:uriSpace "https://example.org/city/"'
    )


def test_missing_dataset_is_refused(tiny_project: Project) -> None:
    tiny_project.dataset_file.unlink()
    assert _refused(ProjectError, tiny_project) == (
        "graph/dataset.ttl: the project does not describe itself; write it, with void:uriSpace"
    )


# Built once ----------------------------------------------------------------------------------------------------------


def test_unchanged_project_is_not_built_again(tiny_project: Project) -> None:
    first, second = build(tiny_project), build(tiny_project)
    assert (first.reused, second.reused) == (False, True)
    assert (first.folder, first.counts, first.total) == (second.folder, second.counts, second.total)


def test_touched_file_is_read_and_not_built_again(tiny_project: Project) -> None:
    build(tiny_project)
    _facts(tiny_project).touch()
    built: list[BuildResult] = []
    open_built(tiny_project, on_build=built.append)
    assert built == []


def test_change_of_same_size_and_time_is_noticed(tiny_project: Project) -> None:
    built: list[BuildResult] = []
    open_built(tiny_project, on_build=built.append)
    file = tiny_project.root / "graph" / "entities" / "parks.ttl"
    times = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace('"Harbour Park"', '"Harbor Park."'), encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert file.stat().st_size == times.st_size
    store = open_built(tiny_project, on_build=built.append)
    assert len(built) == 2
    assert store.query("ASK { ?s ?p 'Harbor Park.'@en }").boolean


def test_new_and_deleted_files_are_noticed(tiny_project: Project) -> None:
    open_built(tiny_project)
    file = tiny_project.root / "graph" / "entities" / "more.ttl"
    file.write_text("<urn:more> <urn:p> 1 .", encoding="utf-8")
    ask = "ASK { <urn:more> ?p ?o }"
    assert open_built(tiny_project).query(ask).boolean
    file.unlink()
    assert not open_built(tiny_project).query(ask).boolean


def test_going_back_to_the_files_before_takes_the_build_before(tiny_project: Project) -> None:
    first = build(tiny_project)
    text = _facts(tiny_project).read_text(encoding="utf-8")
    _append(_facts(tiny_project), "# a comment\n")
    second = build(tiny_project)
    _facts(tiny_project).write_text(text, encoding="utf-8")
    third = build(tiny_project)
    assert (second.hash != first.hash, third.hash == first.hash, third.reused) == (True, True, True)


def test_two_newest_builds_are_kept(tiny_project: Project) -> None:
    folders = []
    for number in range(4):
        _append(_facts(tiny_project), f"# {number}\n")
        folders.append(build(tiny_project).folder)
    assert [folder.exists() for folder in folders] == [False, False, True, True]


def test_reader_keeps_its_answers_while_newer_builds_remove_its_store(tiny_project: Project) -> None:
    reader = open_built(tiny_project)
    for number in range(3):
        _append(_facts(tiny_project), f"# {number}\n")
        build(tiny_project)
    assert _works(reader)


def test_build_can_go_into_a_folder_of_ones_own(tiny_project: Project, tmp_path: Path) -> None:
    result = build(tiny_project, into=tmp_path / "builds")
    assert result.folder.parent == tmp_path / "builds"
    assert _works(open_store(result.folder / "store"))
    assert not builds_folder(tiny_project).exists()


def test_damaged_store_is_built_again(tiny_project: Project) -> None:
    first = build(tiny_project)
    for file in (first.folder / "store").glob("MANIFEST-*"):
        file.write_bytes(b"junk")
    with pytest.raises(StoreError, match="the store is damaged"):
        open_store(first.folder / "store")
    assert _works(open_built(tiny_project))
    assert not build(tiny_project).folder.with_name("unfinished").exists()


def test_damaged_manifest_is_built_again(tiny_project: Project) -> None:
    (build(tiny_project).folder / "manifest.json").write_text("{", encoding="utf-8")
    assert _works(open_built(tiny_project))


def test_store_is_asked_for_before_it_is_built(tiny_project: Project) -> None:
    with pytest.raises(StoreError) as error:
        open_store(project=tiny_project)
    assert str(error.value) == f"{tiny_project.root}: the project has no store yet; run 'kgtool build'"
    build(tiny_project)
    assert _works(open_store(project=tiny_project))


# What breaks ---------------------------------------------------------------------------------------------------------

_KILLED = """
import os, signal, sys
from pathlib import Path
from kgtool.build import build
from kgtool.project import Project

def progress(done, total, what):
    if what.startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

build(Project(Path(sys.argv[1])), progress=progress)
"""


@pytest.mark.parametrize("step", ["reading graph/articles", "writing", "putting"])
def test_killed_build_leaves_the_old_store_in_use_and_the_next_cleans_up(tiny_project: Project, step: str) -> None:
    old = build(tiny_project)
    _append(_facts(tiny_project), "# changed\n")
    command = [sys.executable, "-c", _KILLED, str(tiny_project.root), step]
    killed = subprocess.run(command, cwd=tiny_project.root, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert _works(open_store(project=tiny_project))
    assert (builds_folder(tiny_project) / "current").read_text(encoding="ascii").strip() == old.hash
    unfinished = list(builds_folder(tiny_project).glob("unfinished-*"))
    assert len(unfinished) == (step != "reading graph/articles")
    new = build(tiny_project)
    assert sorted(folder.name for folder in builds_folder(tiny_project).iterdir()) == sorted(
        ["current", "lock", "parts", old.hash, new.hash]
    )


def test_failing_build_leaves_the_old_store_in_use(tiny_project: Project) -> None:
    build(tiny_project)
    _append(_facts(tiny_project), "GRAPH s:3 {")
    with pytest.raises(DataError):
        build(tiny_project)
    assert _works(open_store(project=tiny_project))


def test_two_builds_at_once_are_one(tiny_project: Project) -> None:
    folder = builds_folder(tiny_project)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "kgtool", "--project", str(tiny_project.root), "build", "--format", "json"]
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        # Both wait for the lock; neither may end before it is free.
        time.sleep(1)
        assert [process.poll() for process in both] == [None, None]
    results = []
    for process in both:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err.decode()
        results.append(json.loads(out))
    assert sorted(result["reused"] for result in results) == [False, True]
    assert results[0]["hash"] == results[1]["hash"]


def test_file_in_place_of_the_cache_is_explained(tiny_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGTOOL_CACHE", str(tiny_project.dataset_file))
    assert _refused(StoreError, tiny_project) == (
        f"{builds_folder(tiny_project)}: cannot write the store: Not a directory; "
        "free some space there, or set KGTOOL_CACHE to a folder that can be written"
    )


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small disk that holds the cache; what is mounted read-only later is the same one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if not made or made.returncode:
        pytest.skip("only root can mount the small disk that this fills")
    monkeypatch.setenv("KGTOOL_CACHE", str(disk))
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_full_disk_is_explained_and_leaves_the_old_store_in_use(tiny_project: Project, small_disk: Path) -> None:
    build(tiny_project)
    (small_disk / "ballast").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 40_000))
    _append(_facts(tiny_project), "# changed\n")
    message = _refused(StoreError, tiny_project)
    assert "No space left on device" in message
    assert message.endswith("free some space there, or set KGTOOL_CACHE to a folder that can be written")
    assert list(builds_folder(tiny_project).glob("unfinished-*")) == []
    assert _works(open_store(project=tiny_project))
    (small_disk / "ballast").unlink()
    assert not build(tiny_project).reused


def test_read_only_cache_serves_what_is_built_and_explains_what_cannot_be(
    tiny_project: Project, small_disk: Path
) -> None:
    build(tiny_project)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert _works(open_built(tiny_project))
    _append(_facts(tiny_project), "# changed\n")
    assert _refused(StoreError, tiny_project) == (
        f"{builds_folder(tiny_project)}: cannot write the store: Read-only file system; "
        "free some space there, or set KGTOOL_CACHE to a folder that can be written"
    )


def test_number_is_kept_as_written_beside_its_value(tiny_project: Project) -> None:
    build(tiny_project)
    query = "SELECT ?value ?written { ex:output-2030 ip:value ?value ; ip:valueAsWritten ?written }"
    ((value, written),) = open_built(tiny_project).query(query, prefixes=_PREFIXES).rows()
    assert (value, written) == (Literal("12.5", None, "http://www.w3.org/2001/XMLSchema#decimal"), Literal("12.50亿元"))


def test_facts_that_are_not_utf8_are_refused_with_their_line(tiny_project: Project) -> None:
    file = _facts(tiny_project)
    before = file.read_bytes()
    # In a comment the engine passes it over.
    file.write_bytes(before + b"# caf\xe9\n")
    line = before.count(b"\n") + 1
    assert _refused(DataError, tiny_project) == (
        f"graph/articles/harbour/facts.trig:{line}: not UTF-8: byte 0xe9 cannot be decoded; save the file as UTF-8"
    )
