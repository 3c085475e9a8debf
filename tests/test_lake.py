"""Articles packed into a table, and quads of other builds: the same as from folders, whatever else is in the table."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.build.lake import pack_articles
from kgtool.build.sources import read_shared_sources
from kgtool.build.worker import Row, Task, make_rows, make_rows_of_lake, read_quads
from kgtool.errors import DataError, KgError, StoreError
from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]


def _task(project: Project) -> Task:
    return Task(project.folder, read_shared_sources(project).shared_digest)


def _read(file: Path) -> list[dict[str, str]]:
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    from pyarrow import parquet

    return parquet.read_table(file).to_pylist()  # type: ignore[no-any-return]


def _without_times(rows: list[Row]) -> list[object]:
    notes = [(row[0], {**json.loads(row[6]), "seconds": 0} if row[6] else row[1:]) for row in rows]
    return sorted(notes, key=str)


@pytest.mark.parametrize("name", ["articles.jsonl", "articles.parquet"])
def test_a_table_makes_the_rows_of_the_folders(kgtool: Run, tiny_project: Project, tmp_path: Path, name: str) -> None:
    pytest.importorskip("pyarrow")
    facts = tiny_project.root / "graph" / "articles" / "harbour" / "facts.trig"
    facts.write_text(
        facts.read_text(encoding="utf-8").replace("ip:value 12.50", "ip:unheardOf 12.50"), encoding="utf-8"
    )
    code, out, err = kgtool("--project", tiny_project.folder, "article", "pack", tmp_path / name)
    assert (code, out, err) == (0, "", f"kgtool: 1 articles packed into {tmp_path / name}\n")
    articles: dict[str, dict[str, str | bytes]] = defaultdict(dict)
    for row in _read(tmp_path / name):
        articles[row["article"]][row["file"]] = row["content"]
    expected = list(make_rows(_task(tiny_project), ["harbour"]))
    assert _without_times(list(make_rows_of_lake(_task(tiny_project), articles.items()))) == _without_times(expected)
    # There are findings among them, and they name the file as if it were in its folder.
    notes = [json.loads(row[6]) for row in expected if row[6]]
    files = {note["placed"]["file"] for note in notes if note["note"] == "finding"}
    assert "graph/articles/harbour/facts.trig" in files
    assert sorted(entry.name for entry in (tiny_project.root / "graph" / "articles").iterdir()) == ["harbour"]


@pytest.mark.parametrize(
    ("slug", "files", "said"),
    [
        ("../../outside", {"article.ttl": ""}, "an article cannot be called '../../outside'"),
        (None, {"article.ttl": ""}, "an article cannot be called 'None'"),
        ("harbour", {"../escape.ttl": ""}, "kgtool does not know what '../escape.ttl' is for"),
        ("harbour", {"article.ttl": None}, "'article.ttl' has no content"),
        ("harbour", {"facts.trig": b""}, "the article has no article.ttl"),
        ("harbour", {"article.ttl": b"<urn:a> <urn:b>"}, "article.ttl"),
    ],
)
def test_what_is_no_article_is_noted(
    tiny_project: Project, slug: str, files: dict[str, str | bytes], said: str
) -> None:
    (row,) = make_rows_of_lake(_task(tiny_project), [(slug, files)])
    assert row[6] is not None
    note = json.loads(row[6])
    assert note["note"] == "error"
    assert said in f"{note['file']}: {note['message']}"


def test_articles_are_packed_into_what_is_known(tiny_project: Project, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"not packed into '\.csv'; name a file that ends with \.parquet or \.jsonl"):
        pack_articles(tiny_project, tmp_path / "articles.csv")
    assert list(tmp_path.glob("articles*")) == []


def test_quads_of_other_builds_are_spelt_as_ours_and_their_blank_nodes_kept_apart(tmp_path: Path) -> None:
    line = b'_:a <urn:p>   "4486.20"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .\n_:a <urn:p> _:b .\n'
    (tmp_path / "one.nq.gz").write_bytes(gzip.compress(line))
    (tmp_path / "two.nq").write_bytes(b"_:a <urn:p> <urn:o> <urn:g> .\n")
    found = set(read_quads([(str(tmp_path / "one.nq.gz"), "first-"), (str(tmp_path / "two.nq"), "second-")]))
    assert found == {
        ("_:first-a", "<urn:p>", '"4486.2"^^<http://www.w3.org/2001/XMLSchema#decimal>', "<urn:g>"),
        ("_:first-a", "<urn:p>", "_:first-b", ""),
        ("_:second-a", "<urn:p>", "<urn:o>", "<urn:g>"),
    }
    (tmp_path / "two.nq").write_bytes(b"<urn:s> <urn:p> <urn:o> .\nno quad\n")
    with pytest.raises(DataError, match=r"two\.nq:2"):
        list(read_quads([(str(tmp_path / "two.nq"), "")]))
    with pytest.raises(StoreError, match="cannot read it"):
        list(read_quads([(str(tmp_path / "three.nq"), "")]))
