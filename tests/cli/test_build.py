"""``kgtool build`` and ``kgtool stats``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.cli.build import graph_rows
from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]


def _rows(table: str) -> dict[str, str]:
    return dict(line.rsplit(maxsplit=1) for line in table.splitlines() if line and not line.startswith("---"))


def test_build_prints_counts_to_stdout_and_the_rest_to_stderr(kgtool: Run, tiny_project: Project) -> None:
    code, out, err = kgtool("--project", tiny_project.root, "build")
    assert code == 0
    rows = _rows(out)
    assert rows["article/harbour/s… (2 sentences)"] == "9"
    assert rows["graph/entities"] == "13"
    assert err.startswith("kgtool: built in ")


def test_build_again_says_that_nothing_has_changed(kgtool: Run, tiny_project: Project) -> None:
    kgtool("--project", tiny_project.root, "build")
    code, _, err = kgtool("--project", tiny_project.root, "build")
    assert (code, err.startswith("kgtool: nothing has changed since: ")) == (0, True)


def test_quiet_build_writes_nothing_to_stderr(kgtool: Run, tiny_project: Project) -> None:
    assert kgtool("--project", tiny_project.root, "-q", "build")[2] == ""


def test_build_as_json_counts_every_graph(kgtool: Run, tiny_project: Project) -> None:
    _, out, _ = kgtool("--project", tiny_project.root, "build", "--format", "json")
    record = json.loads(out)
    assert record["graphs"]["https://example.org/tiny/article/harbour/s2"] == 8
    assert Path(record["folder"]).name == record["hash"]
    assert record["reused"] is False


def test_error_is_one_sentence_on_stderr_and_exit_2(kgtool: Run, tiny_project: Project) -> None:
    (tiny_project.root / "graph" / "entities" / "broken.ttl").write_text("\n<urn:a> <urn:b> x:y .", encoding="utf-8")
    assert kgtool("--project", tiny_project.root, "build") == (
        2,
        "",
        (
            "kgtool: graph/entities/broken.ttl:2: unknown prefix 'x'; "
            "add '@prefix x: <…> .' at the top and to ontology/prefixes.ttl\n"
        ),
    )


def test_folder_that_is_no_project_is_refused(kgtool: Run, tmp_path: Path) -> None:
    assert kgtool("--project", tmp_path, "build") == (
        2,
        "",
        (
            f"kgtool: {tmp_path}: not a project: it has no ontology/, graph/, queries/; "
            "give a folder with ontology/, graph/ and queries/, or make one with 'kgtool new DIR'\n"
        ),
    )


def test_missing_folder_is_refused(kgtool: Run, tmp_path: Path) -> None:
    code, out, err = kgtool("--project", tmp_path / "无", "build")
    assert (code, out) == (2, "")
    assert err.startswith(f"kgtool: {tmp_path}/无: no such folder; ")


def test_graphs_that_have_no_base_in_common_keep_their_names() -> None:
    assert graph_rows({"urn:a": 1, "https://x/article/y/s12": 2}) == [
        ("https://x/article/y/s… (1 sentences)", "2"),
        ("urn:a", "1"),
    ]


def test_stats_count_facts_as_the_help_defines_them(kgtool: Run, tiny_project: Project) -> None:
    code, out, err = kgtool("--project", tiny_project.root, "stats", "--format", "json")
    assert code == 0
    assert err.startswith("kgtool: built the store: ")
    record = json.loads(out)
    # Two industries, one of them said twice, and an observation with all that belongs to it.
    assert {
        name: record[name] for name in ("entities", "facts", "statements", "observations", "sentences", "links")
    } == {
        "entities": 3,
        "facts": 5,
        "statements": 3,
        "observations": 1,
        "sentences": 3,
        "links": 0,
    }
    assert record["sentences_with_facts"] == 2
    assert record["classes"]["https://w3id.org/industrial-park/ns#Industry"] == 2
    assert record["languages"] == {"en": 3, "zh-hans": 3, "zh-hant": 3}


def test_sentence_that_only_relies_on_another_has_no_fact(kgtool: Run, tiny_project: Project) -> None:
    facts = tiny_project.root / "graph" / "articles" / "harbour" / "facts.trig"
    facts.write_text(facts.read_text(encoding="utf-8") + "GRAPH s:3 { s:3 ip:reliesOn s:1 }\n", encoding="utf-8")
    record = json.loads(kgtool("--project", tiny_project.root, "stats", "--format", "json")[1])
    assert (record["sentences_with_facts"], record["statements"]) == (2, 3)


def test_stats_table_names_classes_by_prefix(kgtool: Run, tiny_project: Project) -> None:
    rows = _rows(kgtool("--project", tiny_project.root, "stats")[1])
    assert (rows["statements"], rows["ip:IndustrialPark"], rows["zh-hant"]) == ("3", "1", "3")


@pytest.mark.parametrize("command", ["build", "stats"])
def test_unknown_option_offers_the_near_one(kgtool: Run, command: str) -> None:
    code, out, err = kgtool(command, "--fromat", "json")
    assert (code, out) == (2, "")
    assert "--format" in err
    assert err.count("\n") == 1
