"""New projects and new articles: what is written, and what is left alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.articles import read_article
from kgtool.errors import DataError, ProjectError
from kgtool.namespaces import IP
from kgtool.positions import read_blocks, read_positions
from kgtool.project import Project
from kgtool.scaffold import add_article, new_project
from kgtool.terms import IRI
from kgtool.text.segments import digest

Kgtool = Callable[..., tuple[int, str, str]]

TEXT = "海湾新区\n臨港園區的三大產業之一是造船。2030年產值12.50億元。\n"


def write(folder: Path, text: str = TEXT, name: str = "bay.txt") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


# A new project.


def test_a_new_project_is_green(tmp_path: Path, kgtool: Kgtool) -> None:
    root = tmp_path / "made" / "here"
    code, out, err = kgtool("new", root)
    assert (code, out.splitlines()[0]) == (0, str(root / "README.md"))
    assert (
        err == f"kgtool: made a project; next: cd {root} && kgtool build && kgtool validate --text qingping-2029.txt\n"
    )
    text = root / "qingping-2029.txt"
    for command in (
        ["build"],
        ["validate", "--text", text],
        ["test"],
        ["coverage", "--text", text, "--fail-under", "100"],
    ):
        code, out, err = kgtool("--project", root, *command)
        assert code == 0, f"{command}\n{out}{err}"


def test_a_new_project_is_usable_where_an_empty_folder_waits(tmp_path: Path) -> None:
    files = new_project(tmp_path)
    assert tmp_path / "graph" / "dataset.ttl" in files
    assert all(file.is_file() for file in files)


def test_a_new_project_takes_the_shipped_ontology_without_its_examples(tmp_path: Path) -> None:
    new_project(tmp_path)
    taken = [file for file in Project(tmp_path).ontology_files() if file.name != "prefixes.ttl"]
    assert "core.ttl" in [file.name for file in taken]
    assert [file for file in taken if {"examples", "shapes"} & set(file.parts)] == []


def test_a_new_project_leaves_a_folder_with_files_alone(tmp_path: Path, kgtool: Kgtool) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert kgtool("new", tmp_path) == (
        2,
        "",
        f"kgtool: {tmp_path}: it is not empty; give a folder that does not exist yet; nothing was written\n",
    )
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_new_project_is_not_written_over_a_file(tmp_path: Path) -> None:
    file = write(tmp_path)
    with pytest.raises(ProjectError, match="it is a file"):
        new_project(file)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_new_project_on_a_read_only_disk_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ProjectError, match="cannot write there: Permission denied"):
        new_project(tmp_path / "p")


def test_a_new_project_below_a_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"cannot write there: .*; choose a folder you may write to"):
        new_project(write(tmp_path) / "p" / "q")


# A new article.


def test_an_added_article_is_read_back_with_its_sentences(tiny_project: Project, tmp_path: Path) -> None:
    added = add_article(tiny_project, write(tmp_path))
    article = read_article(added.folder)
    assert (added.iri, added.folder.name) == ("https://example.org/tiny/article/bay", "bay")
    assert (added.paragraphs, added.sentences, added.numerals, added.names) == (2, 3, 3, 2)
    assert (article.iri, article.sha256, article.length) == (added.iri, digest(TEXT), len(TEXT))
    assert [(s.number, s.paragraph, s.start, s.end) for s in article.sentences] == [
        (1, 1, 0, 4),
        (2, 2, 5, 20),
        (3, 2, 20, 35),
    ]
    assert [TEXT[s.start : s.end] for s in article.sentences][2] == "2030年產值12.50億元。"


def test_an_added_article_leaves_gists_and_reasons_to_the_curator(tiny_project: Project, tmp_path: Path) -> None:
    article = read_article(add_article(tiny_project, write(tmp_path)).folder)
    assert [(s.gists, s.reason) for s in article.sentences] == [({}, {})] * 3
    assert [s.role for s in article.sentences] == [f"{IP}Heading", f"{IP}Factual", f"{IP}Factual"]


def test_an_added_article_has_an_empty_block_per_sentence_that_names_what_waits(
    tiny_project: Project, tmp_path: Path
) -> None:
    facts = add_article(tiny_project, write(tmp_path)).folder / "facts.trig"
    assert [block.graph.value for block in read_blocks(facts)] == [
        f"https://example.org/tiny/article/bay/s{n}" for n in (1, 2, 3)
    ]
    assert list(read_positions(facts)) == []
    assert facts.read_text(encoding="utf-8").partition("\nGRAPH")[2] == (
        """ s:1 {
}

GRAPH s:2 {
    # numerals: 三大產業之
    # ex:harbour-park 臨港園區
    # ex:shipbuilding 造船
}

GRAPH s:3 {
    # numerals: 2030年 · 12.50億元
}
"""
    )


def test_the_text_is_not_in_what_is_written(tiny_project: Project, tmp_path: Path) -> None:
    added = add_article(tiny_project, write(tmp_path))
    written = "".join(file.read_text(encoding="utf-8") for file in added.folder.iterdir())
    assert "海湾新区" not in written
    assert "產業之一是" not in written


def test_an_added_article_says_what_is_known_of_it(tiny_project: Project, tmp_path: Path) -> None:
    added = add_article(
        tiny_project, write(tmp_path), title="云南制造", date="2030-01-31", source="https://example.org/news?a=1"
    )
    record = (added.folder / "article.ttl").read_text(encoding="utf-8")
    assert (
        """\
    skos:prefLabel "云南制造"@zh-Hans ;
    skos:prefLabel "雲南製造"@zh-Hant ;
    schema:datePublished "2030-01-31"^^xsd:date ;
    dcterms:source <https://example.org/news?a=1> ;
"""
        in record
    )


def test_a_source_that_the_project_knows_is_the_publisher(tiny_project: Project, tmp_path: Path) -> None:
    added = add_article(tiny_project, write(tmp_path), source="《臨港園區》")
    assert dict(read_article(added.folder).statements)["https://schema.org/publisher"] == IRI(
        "https://example.org/tiny/id/harbour-park"
    )


def test_words_in_options_cannot_end_their_string(tiny_project: Project, tmp_path: Path) -> None:
    added = add_article(tiny_project, write(tmp_path), title='A " . <x:a> <x:b> "\n', source='晚报" .')
    statements = dict(read_article(added.folder).statements)
    assert statements["http://www.w3.org/2004/02/skos/core#prefLabel"].value == 'A " . <x:a> <x:b> "\n'
    assert statements["http://purl.org/dc/terms/source"].value == '晚报" .'


def test_an_added_article_builds(tiny_project: Project, tmp_path: Path, kgtool: Kgtool) -> None:
    add_article(tiny_project, write(tmp_path))
    code, _, err = kgtool("--project", tiny_project.root, "build")
    assert code == 0, err


def test_an_article_that_is_there_is_left_alone(tiny_project: Project, tmp_path: Path) -> None:
    facts = tiny_project.root / "graph" / "articles" / "harbour" / "facts.trig"
    before = facts.read_bytes()
    with pytest.raises(DataError, match="there is an article 'harbour' already; give another --slug, or --force"):
        add_article(tiny_project, write(tmp_path), slug="harbour")
    assert facts.read_bytes() == before


def test_an_article_that_is_there_is_replaced_when_forced(tiny_project: Project, tmp_path: Path) -> None:
    added = add_article(tiny_project, write(tmp_path), slug="harbour", force=True)
    assert read_article(added.folder).length == len(TEXT)
    assert sorted(file.name for file in added.folder.iterdir()) == ["article.ttl", "facts.trig"]


def test_a_text_that_is_there_under_another_name_is_refused(tiny_project: Project, tmp_path: Path) -> None:
    add_article(tiny_project, write(tmp_path))
    with pytest.raises(DataError, match="this text is article 'bay' already; fill in its facts"):
        add_article(tiny_project, write(tmp_path), slug="other")


@pytest.mark.parametrize("slug", ["../bay", "Bay", "bay_2", "-bay", "bay/x", "海湾", ""])
def test_a_slug_that_is_no_part_of_an_iri_is_refused(tiny_project: Project, tmp_path: Path, slug: str) -> None:
    with pytest.raises(DataError, match="cannot be a slug; use small letters, digits and single hyphens"):
        add_article(tiny_project, write(tmp_path), slug=slug)


def test_a_slug_is_made_of_the_files_name(tiny_project: Project, tmp_path: Path) -> None:
    assert add_article(tiny_project, write(tmp_path, name="The Bay_2030.txt")).folder.name == "the-bay-2030"
    with pytest.raises(DataError, match="no slug can be made of this file's name; give one with --slug"):
        add_article(tiny_project, write(tmp_path, name="海湾2030.txt"))


def test_a_text_without_a_sentence_is_refused(tiny_project: Project, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no sentence in it; give the article's text"):
        add_article(tiny_project, write(tmp_path, "\n \n"))


def test_a_day_that_is_none_is_refused(tiny_project: Project, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'2030-02-30' is not a day; write it as 2030-01-31"):
        add_article(tiny_project, write(tmp_path), date="2030-02-30")


def test_a_project_without_a_base_is_refused(tiny_project: Project, tmp_path: Path) -> None:
    tiny_project.dataset_file.write_text("", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"dataset\.ttl: it states no void:uriSpace"):
        add_article(tiny_project, write(tmp_path))


def test_the_command_names_the_files_and_the_next_step(tiny_project: Project, tmp_path: Path, kgtool: Kgtool) -> None:
    text = write(tmp_path)
    assert kgtool("--project", tiny_project.root, "article", "add", text) == (
        0,
        "graph/articles/bay/article.ttl\ngraph/articles/bay/facts.trig\n",
        (
            "kgtool: 2 paragraphs, 3 sentences; 3 numerals and 2 known names wait for facts; next: state them, then "
            f"'kgtool coverage --text {text}'\n"
        ),
    )


def test_the_newspapers_article_is_segmented_without_being_copied(
    article_text_path: Path, tiny_project: Project
) -> None:
    added = add_article(tiny_project, article_text_path, slug="kunming")
    assert (added.paragraphs, added.sentences) == (36, 67)
    text = article_text_path.read_text(encoding="utf-8")
    written = "".join(file.read_text(encoding="utf-8") for file in added.folder.iterdir())
    assert [text[at : at + 12] for at in range(len(text) - 11) if text[at : at + 12] in written] == []
