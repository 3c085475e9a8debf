"""Articles: what article.ttl must hold, and which text is an article's."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.articles import article_of_text, check_text, read_article, read_articles
from kgtool.errors import DataError, NotFoundError
from kgtool.project import Project
from kgtool.terms import Literal
from kgtool.text.segments import digest, simplified_digest

TEXT = "雲南。云南。\n"
HEADER = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix s: <https://example.org/a/s> .
"""
ARTICLE = f"""\
<https://example.org/a> a ip:NewsArticle ;
    ip:sha256 "{digest(TEXT)}" ;
    ip:simplifiedSha256 "{simplified_digest(TEXT)}" ;
    ip:length 7 ;
    dcterms:issued "2030-01-02"^^xsd:date .
"""
SENTENCES = """\
s:2 a ip:Sentence ; ip:number 2 ; ip:paragraph 1 ; oa:start 3 ; oa:end 6 ;
    ip:sentenceRole ip:Rhetoric ; ip:roleReason "praise"@en ; ip:repeats s:1 .
s:1 a ip:Sentence ;
    ip:number 1 ; ip:paragraph 1 ; ip:section <https://example.org/a/section-1> ; oa:start 0 ; oa:end 3 ;
    ip:gist "云"@zh-Hans, "cloud"@en ; ip:sentenceRole ip:Factual .
"""


def write(folder: Path, turtle: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "article.ttl").write_text(HEADER + turtle, encoding="utf-8")
    return folder


def test_an_article_is_read_with_its_sentences_in_reading_order(tmp_path: Path) -> None:
    article = read_article(write(tmp_path / "a", ARTICLE + SENTENCES))
    assert (article.iri, article.slug, article.length) == ("https://example.org/a", "a", 7)
    assert article.facts_file == tmp_path / "a" / "facts.trig"
    assert (
        "http://purl.org/dc/terms/issued",
        Literal("2030-01-02", None, "http://www.w3.org/2001/XMLSchema#date"),
    ) in (article.statements)
    one, two = article.sentences
    assert one._asdict() == {
        "iri": "https://example.org/a/s1",
        "number": 1,
        "paragraph": 1,
        "section": "https://example.org/a/section-1",
        "start": 0,
        "end": 3,
        "gists": {"zh-Hans": "云", "en": "cloud"},
        "role": "https://w3id.org/industrial-park/ns#Factual",
        "reason": {},
        "repeats": (),
        "line": 13,
    }
    assert (two.reason, two.repeats) == ({"en": "praise"}, ("https://example.org/a/s1",))


def test_a_folder_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no article\.ttl in this folder; make one with 'kgtool article add'"):
        read_article(tmp_path)


@pytest.mark.parametrize(("turtle", "count"), [("", 0), (ARTICLE + "<urn:b> a ip:NewsArticle .\n", 2)])
def test_a_record_of_no_or_two_articles_is_refused(tmp_path: Path, turtle: str, count: int) -> None:
    with pytest.raises(DataError, match=f"it describes {count} articles"):
        read_article(write(tmp_path / "a", turtle))


def test_a_sentence_without_its_range_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ARTICLE + "s:1 a ip:Sentence ; ip:number 1 ; ip:paragraph 1 ; oa:start 0 .\n")
    with pytest.raises(DataError, match=r"article\.ttl:11: a sentence has no oa:end"):
        read_article(folder)


def test_two_sentences_of_one_number_are_refused(tmp_path: Path) -> None:
    again = "s:9 a ip:Sentence ; ip:number 1 ; ip:paragraph 1 ; oa:start 3 ; oa:end 6 .\n"
    with pytest.raises(DataError, match=r":16: sentence number 1 is given twice, first on line 13"):
        read_article(write(tmp_path / "a", ARTICLE + SENTENCES + again))


def test_a_number_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ARTICLE + 's:1 a ip:Sentence ;\n    ip:number "one" .\n')
    with pytest.raises(DataError, match=r":12: number is 'one'; write a whole number"):
        read_article(folder)


@pytest.mark.parametrize("text", [TEXT, "云南。云南。\n"], ids=["as published", "simplified"])
def test_the_text_is_recognised_in_both_scripts(tmp_path: Path, text: str) -> None:
    article = read_article(write(tmp_path / "a", ARTICLE))
    check_text(article, text)
    assert article_of_text([article], text) == article


def test_another_text_is_refused_with_what_differs(tmp_path: Path) -> None:
    article = read_article(write(tmp_path / "a", ARTICLE))
    with pytest.raises(DataError) as caught:
        check_text(article, TEXT + "!", file="b.txt")
    assert str(caught.value) == (
        f"b.txt: this is not the text of article 'a': it has 8 characters and SHA-256 {digest(TEXT + '!')[:12]}…, "
        f"the article 7 and {digest(TEXT)[:12]}…; "
        "give the text as published, or folded to Simplified, with nothing added, cut or corrected"
    )


def test_a_text_half_converted_is_told_apart(tmp_path: Path) -> None:
    article = read_article(write(tmp_path / "a", ARTICLE))
    with pytest.raises(DataError, match="its characters are of mixed scripts"):
        check_text(article, "云南。雲南。\n")


def test_an_article_without_hashes_recognises_no_text(tmp_path: Path) -> None:
    article = read_article(write(tmp_path / "a", "<urn:a> a ip:NewsArticle .\n"))
    with pytest.raises(DataError, match=r'add ip:sha256 "[0-9a-f]{64}" if a\.txt is the article'):
        check_text(article, TEXT, file="a.txt")


def test_the_article_of_a_text_is_found_among_several(tmp_path: Path) -> None:
    one = read_article(write(tmp_path / "a", ARTICLE))
    other = read_article(
        write(tmp_path / "b", ARTICLE.replace(digest(TEXT), digest("x")).replace(simplified_digest(TEXT), ""))
    )
    assert article_of_text([other, one], TEXT) == one
    with pytest.raises(DataError, match="the text of none of the articles b, a"):
        article_of_text([other, one], "y")


def test_a_project_without_articles_has_none_of_a_text() -> None:
    with pytest.raises(NotFoundError, match="the project has no article; add one with 'kgtool article add FILE'"):
        article_of_text([], TEXT)


def test_the_articles_of_a_project_are_read(tiny_project: Project) -> None:
    assert [(a.slug, len(a.sentences)) for a in read_articles(tiny_project)] == [("harbour", 3)]
    assert read_articles(tiny_project)[0].sentences[2].role == "https://w3id.org/industrial-park/ns#Rhetoric"
