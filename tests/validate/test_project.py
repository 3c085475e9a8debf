"""A project's validation: conforms as it is, and says what is wrong, where, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import DataError, QueryError
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI, Literal
from tests.validate.conftest import Harbour

EX = "https://example.org/harbour/id/"
IP = "https://w3id.org/industrial-park/ns#"
ENTITIES, FACTS = "graph/entities/things.ttl", "graph/articles/review/facts.trig"
SHAPES, CHECK = "ontology/shapes/all.ttl", "queries/checks/industries/industry-without-park.rq"


def test_the_sound_project_conforms_with_and_without_its_text(harbour: Harbour) -> None:
    assert harbour.validate().findings == ()
    assert harbour.validate(texts=[harbour.text]).findings == ()


def test_the_report_says_what_was_looked_at(harbour: Harbour) -> None:
    report = harbour.validate(texts=[harbour.text])
    examined = {check.name: check.examined for check in report.checks}
    assert {name: number for name, number in examined.items() if number is not None} == {
        "IndustryShape": 2,
        "IndustryShape-prefLabel": 2,
        "ObservationShape": 1,
        "ObservationShape-value": 1,
        "ParkShape": 1,
        "ParkShape-label": 1,
        "SentenceShape": 4,
        "addressee-not-nearest": 10,
        "another-text": 1,
        "article-words": 48,
        "cue-not-in-sentence": 10,
        "date-not-in-sentence": 10,
        "gist-number-not-in-sentence": 3,
        "number-not-in-quote": 1,
        "order-differs-from-sentence": 10,
        "plan-told-as-action": 10,
        "quote-misplaced": 1,
        "quote-names-another": 1,
        "quote-not-in-sentence": 1,
        "quote-too-long": 1,
        "segmentation-differs": 3,
        "sentence-numbers": 3,
        "sentence-ranges": 3,
        "simplified-in-traditional": 3,
        "subject-not-in-clause": 10,
        "thing-not-in-sentence": 10,
        "traditional-in-simplified": 3,
    }
    assert {name for name, number in examined.items() if number is None} == {
        "data-empty",
        "data-no-shape-looks-at",
        "data-unreadable",
        "import-not-read",
        "industry-without-park",
        "no-checks",
        "no-shapes",
        "path-used-nowhere",
        "shape-never-used",
        "shape-target-matches-nothing",
    }


def test_a_shapes_finding_has_everything_a_curator_needs(harbour: Harbour) -> None:
    harbour.replace(ENTITIES, ', "Harbour Park"@en', "")
    assert harbour.only_finding() == Finding(
        severity="violation",
        check="ParkShape-label",
        message=Bilingual("a park has three labels", "园区应有三个标签"),
        repair=Bilingual("mend the park", "修正园区"),
        focus=IRI(f"{EX}harbour-park"),
        label=Bilingual("临港园区", "临港园区"),
        path=IRI("http://www.w3.org/2004/02/skos/core#prefLabel"),
        file=ENTITIES,
        line=harbour.line(ENTITIES, "临港园区"),
        shape=IRI(f"{EX}ParkShape-label"),
        component=IRI("http://www.w3.org/ns/shacl#MinCountConstraintComponent"),
    )


def test_a_finding_about_a_statement_names_its_sentence_and_line(harbour: Harbour) -> None:
    harbour.replace(FACTS, "ip:value 12.50", "ip:value 1250.0")
    finding = harbour.only_finding()
    assert (finding.severity, finding.check, finding.file, finding.line, finding.sentence, finding.value) == (
        "warning",
        "ObservationShape-value",
        FACTS,
        harbour.line(FACTS, "ip:value 1250"),
        IRI("https://example.org/harbour/article/review/s2"),
        Literal("1250", None, "http://www.w3.org/2001/XMLSchema#decimal"),
    )


def test_a_checks_row_is_a_finding_with_labels_in_its_message(harbour: Harbour) -> None:
    harbour.replace(FACTS, "    ex:harbour-park ip:hasLeadingIndustry ex:optics .\n", "")
    harbour.replace(FACTS, "ex:optics, ", "")
    assert harbour.only_finding() == Finding(
        severity="violation",
        check="industry-without-park",
        message=Bilingual("Optics leads no park", "光学不是任何园区的主导产业"),
        repair=Bilingual("state its park, or delete it", "补充其园区，或将其删除"),
        focus=IRI(f"{EX}optics"),
        label=Bilingual("Optics", "光学"),
        file=ENTITIES,
        line=harbour.line(ENTITIES, "ex:optics a"),
    )


def test_an_unparsable_file_is_a_finding_with_its_line_and_every_other_is_found_too(harbour: Harbour) -> None:
    harbour.append(ENTITIES, "ex:oops a\n")
    harbour.replace(FACTS, "ip:subject ex:", "ip:subject nowhere:")
    first, second = harbour.validate().findings
    assert (first.check, first.file, first.line) == (
        "data-unreadable",
        FACTS,
        harbour.line(FACTS, "nowhere:"),
    )
    assert "unknown prefix 'nowhere'" in first.message.en
    assert (second.check, second.file) == ("data-unreadable", ENTITIES)


def test_a_sentence_that_the_article_does_not_have_is_a_finding(harbour: Harbour) -> None:
    harbour.replace(FACTS, "GRAPH s:2", "GRAPH s:7")
    finding = harbour.only_finding()
    assert (finding.check, finding.file, finding.line) == ("data-unreadable", FACTS, harbour.line(FACTS, "s:7"))


def test_an_empty_file_is_a_finding(harbour: Harbour) -> None:
    harbour.write("graph/entities/empty.ttl", "# to be written\n")
    finding = harbour.only_finding()
    assert (finding.check, finding.file) == ("data-empty", "graph/entities/empty.ttl")


def test_no_shapes_and_no_checks_are_findings(harbour: Harbour) -> None:
    harbour.file(SHAPES).unlink()
    harbour.file(CHECK).unlink()
    assert [finding.check for finding in harbour.validate().findings] == ["no-checks", "no-shapes"]


def test_a_broken_shapes_file_is_an_error_with_its_line(harbour: Harbour) -> None:
    harbour.append(SHAPES, "ex:Broken a sh:NodeShape ;; sh:targetClass .\n")
    with pytest.raises(DataError) as caught:
        harbour.validate()
    assert (caught.value.file, caught.value.line) == (SHAPES, harbour.line(SHAPES, "ex:Broken"))


def test_a_check_with_a_syntax_error_is_an_error_with_its_line(harbour: Harbour) -> None:
    harbour.replace(CHECK, "?focus a ip:Industry", "?focus a ip:Industry FILTER(")
    with pytest.raises(QueryError) as caught:
        harbour.validate()
    assert (caught.value.file, caught.value.line) == (str(harbour.file(CHECK)), harbour.line(CHECK, "SELECT"))


def test_a_text_that_cannot_be_decoded_is_an_error(harbour: Harbour) -> None:
    harbour.text.write_bytes("臨港園區".encode("big5"))
    with pytest.raises(DataError, match="not UTF-8"):
        harbour.validate(texts=[harbour.text])


def test_it_works_where_builds_cannot_be_kept(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    monkeypatch.setenv("KGTOOL_CACHE", str(blocked))
    assert harbour.validate().findings == ()


def test_the_report_is_the_same_every_time(harbour: Harbour) -> None:
    harbour.append(ENTITIES, "ex:a a ip:Industry . ex:b a ip:Industry . ex:c a ip:IndustrialPark .\n")
    first, second = harbour.validate(), harbour.validate()
    assert first == second
    assert len(first.findings) == 5


LINKS = """\
#curie_map:
#  ex: https://example.org/harbour/id/
#  isic-rev4: https://w3id.org/industrial-park/code/isic-rev4/
#  target: https://w3id.org/industrial-park/target/
#mapping_set_id: https://example.org/harbour/links/isic-rev4
#mapping_set_version: "1"
#mapping_set_title: Harbour
#license: https://creativecommons.org/licenses/by/4.0/
#object_source: target:isic-rev4
#mapping_date: 2026-11-26
subject_id	predicate_id	object_id	mapping_justification	author_id	confidence	comment
ex:optics	skos:closeMatch	isic-rev4:2670	semapv:ManualMappingCuration	ex:me	0.8	the book
"""


def test_linksets_are_checked_as_well(harbour: Harbour) -> None:
    file = harbour.project.root / "graph" / "links" / "isic-rev4.sssom.tsv"
    file.parent.mkdir()
    file.write_text(LINKS, encoding="utf-8")
    report = harbour.validate()
    assert report.findings == ()
    assert {check.name: check.examined for check in report.checks}["link-type-clash"] == 1
    file.write_text(LINKS.replace("ex:optics", "ex:opticks"), encoding="utf-8")
    finding = harbour.only_finding()
    assert (finding.check, finding.file, finding.line) == (
        "link-subject-unknown",
        "graph/links/isic-rev4.sssom.tsv",
        12,
    )


def test_a_linkset_that_cannot_be_built_is_a_finding_with_its_line(harbour: Harbour) -> None:
    file = harbour.project.root / "graph" / "links" / "isic-rev4.sssom.tsv"
    file.parent.mkdir()
    file.write_text(LINKS.replace("\tisic-rev4:2670", "\tisic:2670"), encoding="utf-8")
    (file.parent / "wikidata.sssom.tsv").write_text("#x\n", encoding="utf-8")
    report = harbour.validate()
    assert [(one.check, one.file, one.line) for one in report.findings] == [
        ("data-unreadable", "graph/links/isic-rev4.sssom.tsv", 12),
        ("data-unreadable", "graph/links/wikidata.sssom.tsv", 1),
    ]
