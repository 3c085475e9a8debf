"""Ranges, quotes and numbers, without the text and with it, in either script."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.project import Project, shipped_root
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI
from kgtool.text.scripts import to_simplified
from kgtool.validate import validate_project
from tests.validate.conftest import TEXT, Harbour

ARTICLE, FACTS, ENTITIES = (
    "graph/articles/review/article.ttl",
    "graph/articles/review/facts.trig",
    "graph/entities/things.ttl",
)
TEXT_CHECKS = {"another-text", "article-words", "quote-not-in-sentence", "segmentation-differs"}
S2 = IRI("https://example.org/harbour/article/review/s2")


def place(finding: Finding) -> tuple[str, str | None, int | None]:
    return finding.check, finding.file, finding.line


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_text_conforms_as_published_and_simplified(harbour: Harbour, mark: str, ends: str) -> None:
    for text in (TEXT, to_simplified(TEXT)):
        harbour.text.write_bytes((mark + text.replace("\n", ends)).encode())
        assert harbour.validate(texts=[harbour.text]).findings == ()


def test_another_text_is_one_finding_and_nothing_is_compared_with_it(harbour: Harbour) -> None:
    harbour.text.write_text(TEXT.replace("造船和", "造船與"), encoding="utf-8")
    finding = harbour.only_finding(texts=[harbour.text])
    assert place(finding) == ("another-text", str(harbour.text), None)
    assert "this is not the text of article 'review'" in finding.message.en


def test_a_quote_that_is_not_in_its_sentence_is_found_with_the_text(harbour: Harbour) -> None:
    harbour.replace(FACTS, '"工業產值12.50億元"@zh', '"工业产值12.50億元"@zh')
    assert harbour.validate().findings == ()
    finding = harbour.only_finding(texts=[harbour.text])
    assert place(finding) == ("quote-not-in-sentence", FACTS, harbour.line(FACTS, "ip:quote"))
    assert (finding.sentence, finding.message.en) == (S2, "sentence 2 does not have these words")


def test_a_quote_from_another_sentence_is_told_which(harbour: Harbour) -> None:
    harbour.replace(
        FACTS, 'ip:valueAsWritten "12.50億元" ;\n        ip:quote "工業產值12.50億元"', 'ip:quote "造船為主導"'
    )
    finding = harbour.only_finding(texts=[harbour.text])
    assert finding.message == Bilingual(
        "sentence 2 does not have these words; sentence 1 has it", "第 2 句中没有这些文字；它在第 1 句中"
    )


def test_a_number_that_is_not_in_the_quote_is_found(harbour: Harbour) -> None:
    harbour.replace(FACTS, 'ip:valueAsWritten "12.50億元"', 'ip:valueAsWritten "12.5億元"')
    finding = harbour.only_finding()
    assert place(finding) == ("number-not-in-quote", FACTS, harbour.line(FACTS, "ip:valueAsWritten"))
    assert finding.message.en == "no quote of it has 12.5億元"


def test_a_number_that_is_a_part_of_the_quotes_is_found(harbour: Harbour) -> None:
    harbour.replace(FACTS, 'ip:valueAsWritten "12.50億元"', 'ip:valueAsWritten "2.50億元"')
    assert harbour.only_finding().check == "number-not-in-quote"


def test_a_quote_that_cuts_a_number_in_two_is_found(harbour: Harbour) -> None:
    harbour.replace(
        FACTS, '"12.50億元" ;\n        ip:quote "工業產值12.50億元"', '"2.50億元" ;\n        ip:quote "2.50億元"'
    )
    assert harbour.only_finding(texts=[harbour.text]).check == "quote-not-in-sentence"


def test_a_quote_longer_than_its_sentence_is_found(harbour: Harbour) -> None:
    harbour.replace(FACTS, '"工業產值12.50億元"@zh', f'"工業產值12.50億元{"，" * 20}"@zh')
    finding = harbour.only_finding()
    assert place(finding) == ("quote-too-long", FACTS, harbour.line(FACTS, "ip:quote"))
    assert finding.message.en == "the quote has 31 characters; here it may have 20"


def test_a_quote_outside_the_sentences_is_found(harbour: Harbour) -> None:
    harbour.append(ENTITIES, 'ex:optics ip:quote "光學"@zh .\n')
    assert place(harbour.only_finding()) == ("quote-misplaced", ENTITIES, harbour.line(ENTITIES, "ip:quote"))


def test_a_block_that_describes_without_quoting_is_found(harbour: Harbour) -> None:
    harbour.replace(FACTS, "ex:shipbuilding .", "ex:shipbuilding .\n    ex:output a ip:Observation .")
    finding = harbour.only_finding()
    assert place(finding) == ("quote-misplaced", FACTS, harbour.line(FACTS, "ex:output a"))
    assert finding.message.en == "this block describes it without quoting its sentence"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("oa:start 13 ; oa:end 33", "oa:start 12 ; oa:end 33", "the range overlaps the one before, which ends at 13"),
        ("oa:start 34 ; oa:end 44", "oa:start 34 ; oa:end 34", "the range ends before it begins"),
        ("oa:start 34 ; oa:end 44", "oa:start 34 ; oa:end 50", "the range ends at 50, the text at 45"),
        ("ip:paragraph 2", "ip:paragraph 0", "its paragraph is before that of the sentence before"),
    ],
)
def test_ranges_that_cannot_be_are_found_without_the_text(harbour: Harbour, old: str, new: str, message: str) -> None:
    harbour.replace(ARTICLE, old, new)
    finding = harbour.only_finding()
    assert place(finding) == ("sentence-ranges", ARTICLE, harbour.line(ARTICLE, new))
    assert finding.message.en == message


def test_a_gap_in_the_numbers_is_found(harbour: Harbour) -> None:
    harbour.replace(ARTICLE, "ip:number 3", "ip:number 4")
    finding = harbour.only_finding()
    assert place(finding) == ("sentence-numbers", ARTICLE, harbour.line(ARTICLE, "ip:number 4"))
    assert finding.message.en == "sentence 4 comes where sentence 3 should"


def test_a_sentence_with_anothers_name_is_found(harbour: Harbour) -> None:
    harbour.replace(ARTICLE, "s:3 a", "s:4 a")
    assert harbour.only_finding().message.en == "sentence 3 is not called s3"


def test_a_number_given_twice_is_a_finding(harbour: Harbour) -> None:
    harbour.replace(ARTICLE, "ip:number 3", "ip:number 2")
    finding = harbour.only_finding()
    assert place(finding) == ("data-unreadable", ARTICLE, harbour.line(ARTICLE, "s:3 a"))


def test_a_range_that_is_not_the_texts_is_found(harbour: Harbour) -> None:
    harbour.replace(ARTICLE, "oa:start 34 ; oa:end 44", "oa:start 35 ; oa:end 44")
    assert harbour.validate().findings == ()
    finding = harbour.only_finding(texts=[harbour.text])
    assert place(finding) == ("segmentation-differs", ARTICLE, harbour.line(ARTICLE, "oa:start 35"))
    assert finding.message == Bilingual(
        "characters 35–44 of paragraph 2; the text has sentence 3 at 34–44 of paragraph 2",
        "记为第 2 段 35–44；原文第 3 句在第 2 段 34–44",
    )


def test_a_sentence_that_is_missing_is_found(harbour: Harbour) -> None:
    text = harbour.file(ARTICLE).read_text(encoding="utf-8")
    harbour.write(ARTICLE, text[: text.index("s:3 a")])
    assert harbour.validate().findings == ()
    finding = harbour.only_finding(texts=[harbour.text])
    assert finding.message.en == "the text has 3 sentences, the article 2"


def test_a_wrong_length_is_found(harbour: Harbour) -> None:
    harbour.replace(ARTICLE, f"ip:length {len(TEXT)}", "ip:length 99")
    finding = harbour.only_finding(texts=[harbour.text])
    assert place(finding) == ("segmentation-differs", ARTICLE, harbour.line(ARTICLE, "ip:length"))


@pytest.mark.parametrize("script", ["published", "simplified"])
def test_the_articles_words_in_a_gist_are_found(harbour: Harbour, script: str) -> None:
    text = TEXT if script == "published" else to_simplified(TEXT)
    harbour.append(ARTICLE, f's:2 ip:gist "概要：{text[:31]}"@zh .\n')
    assert harbour.validate(texts=[harbour.text]).findings == ()
    harbour.replace(ARTICLE, text[:31], text[:32])
    finding = harbour.only_finding(texts=[harbour.text])
    assert place(finding) == ("article-words", ARTICLE, harbour.line(ARTICLE, "ip:gist"))


def test_names_may_be_as_long_as_they_are(harbour: Harbour) -> None:
    harbour.append(ENTITIES, f'ex:optics skos:hiddenLabel "{TEXT[:32]}"@zh .\n')
    assert harbour.validate(texts=[harbour.text]).findings == ()


def test_the_kunming_article_conforms_to_its_text(article_text_path: Path) -> None:
    report = validate_project(Project(shipped_root()), texts=[article_text_path])
    compared = {check.name: check.examined for check in report.checks if check.name in TEXT_CHECKS}
    assert (compared["another-text"], compared["segmentation-differs"]) == (1, 67)
    assert (compared["quote-not-in-sentence"] or 0) > 200
    assert [finding for finding in report.findings if finding.check in TEXT_CHECKS] == []
