"""``kgtool link suggest`` and ``link review`` from end to end: a table in, proposals out, links decided about."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from kgtool.link.check import check_linksets
from kgtool.link.review import Review
from kgtool.link.suggest import suggest
from kgtool.linksets import format_linkset, read_linkset
from kgtool.project import Project
from kgtool.report import Finding
from tests.conftest import Completed
from tests.link.conftest import add_links

pytest.importorskip("splink", reason="Splink is not installed")

Run = Callable[..., Completed]

_THEIRS = """\
code,name,parent,kind
530100,港市,,administrative area
530101,港县,港市,administrative area
530102,港镇,港市,administrative area
530199,别县,港市,administrative area
"""


@pytest.fixture
def theirs(linked_project: Project) -> Path:
    file = linked_project.root / "divisions.csv"
    file.write_text(_THEIRS, encoding="utf-8")
    return file


@pytest.fixture
def proposals(linked_project: Project, theirs: Path) -> Path:
    """Proposals for the city, the county and the canton."""
    found = suggest(linked_project, str(theirs), to="gbt2260")
    file = linked_project.root / "proposals" / "gbt2260.sssom.tsv"
    file.parent.mkdir()
    file.write_text(format_linkset(found.proposals), encoding="utf-8")
    return file


def findings_of(project: Project) -> list[Finding]:
    return list(check_linksets(project).findings)


# Suggesting ----------------------------------------------------------------------------------------------------------


def test_proposals_have_a_score_and_the_reasons(linked_project: Project, theirs: Path, kgtool: Run) -> None:
    done = kgtool("--project", linked_project.folder, "link", "suggest", theirs, "--to", "gbt2260")
    assert done.code == 0, done.err
    assert done.out == "proposals/gbt2260.sssom.tsv: 3 proposals for 4 things among 4 records\n"
    assert "nothing is linked yet: kgtool link review proposals/gbt2260.sssom.tsv --by AUTHOR" in done.err
    linkset = read_linkset(linked_project.root / "proposals" / "gbt2260.sssom.tsv")
    assert [(link.subject, link.predicate, link.object) for link in linkset.links] == [
        ("ex:canton", "owl:sameAs", "gbt2260:530102"),
        ("ex:city", "owl:sameAs", "gbt2260:530100"),
        ("ex:county", "owl:sameAs", "gbt2260:530101"),
    ]
    city = linkset.links[1]
    assert (city.text("mapping_justification"), city.text("object_category")) == (
        "semapv:CompositeMatching",
        "administrative area",
    )
    assert city.text("comment").startswith("one of 1000 -10.0; name: the same Chinese name (港市) +13.1;")
    assert city.text("comment").endswith("= 5.1 bits, probability 0.9718")
    assert city.text("similarity_score") == city.text("confidence") == "0.972"
    assert not (linked_project.root / "graph" / "links" / "gbt2260.sssom.tsv").exists()


def test_the_same_input_gives_the_same_bytes(linked_project: Project, theirs: Path) -> None:
    texts = {format_linkset(suggest(linked_project, str(theirs), to="gbt2260").proposals) for _ in range(2)}
    assert len(texts) == 1


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:sssom")
def test_sssom_py_finds_no_error_in_proposals(proposals: Path, caplog: pytest.LogCaptureFixture) -> None:
    from sssom.constants import DEFAULT_VALIDATION_TYPES
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate

    with caplog.at_level(logging.WARNING):
        frame = parse_sssom_table(proposals)
        reports = validate(frame, DEFAULT_VALIDATION_TYPES, fail_on_error=False)
    assert [result.message for report in reports.values() for result in report.results] == []
    assert [record.getMessage() for record in caplog.records] == []
    assert len(frame.df) == 3


def test_what_is_linked_or_looked_for_in_vain_is_not_proposed(linked_project: Project, theirs: Path) -> None:
    add_links(
        linked_project,
        "gbt2260",
        "canton 港镇 skos:exactMatch sssom:NoTermFound",
        "city 港市 owl:sameAs gbt2260:530100 administrative area",
    )
    found = suggest(linked_project, str(theirs), to="gbt2260")
    assert [link.subject for link in found.proposals.links] == ["ex:county"]
    assert found.left_out == 2


def test_an_own_model_is_used_and_a_wrong_one_refused(
    linked_project: Project, theirs: Path, tmp_path: Path, kgtool: Run
) -> None:
    command = ("--project", linked_project.folder, "link", "suggest", theirs, "--to", "gbt2260", "--model")
    model = json.loads((files("kgtool.link.suggest") / "model.json").read_text(encoding="utf-8"))
    mine = tmp_path / "mine.json"
    model["comparisons"] = [one for one in model["comparisons"] if one["output_column_name"] == "name"]
    mine.write_text(json.dumps(model), encoding="utf-8")
    assert kgtool(*command, mine).out.startswith("proposals/gbt2260.sssom.tsv: 3 proposals")
    linkset = read_linkset(linked_project.root / "proposals" / "gbt2260.sssom.tsv")
    assert "standing" not in linkset.links[0].text("comment")
    model["comparisons"][0]["comparison_levels"][1]["sql_condition"] = "nonsense_l = nonsense_r"
    mine.write_text(json.dumps(model), encoding="utf-8")
    done = kgtool(*command, mine)
    assert (done.code, "duckdb could not compare" in done.err) == (2, True)
    model["comparisons"][0]["comparison_levels"][1]["m_probability"] = 1.5
    mine.write_text(json.dumps(model), encoding="utf-8")
    assert "m_probability is 1.5, no probability" in kgtool(*command, mine).err
    mine.write_text("{}", encoding="utf-8")
    done = kgtool(*command, mine)
    assert (done.code, f"{mine}: no model" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("engine", "missing", "hint"),
    [("duckdb", "splink", "pip install 'kgtool[link]'"), ("spark", "pyspark.sql", "pip install 'kgtool[link,spark]'")],
)
def test_a_missing_extra_is_named(
    linked_project: Project,
    theirs: Path,
    kgtool: Run,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    missing: str,
    hint: str,
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    command = ("link", "suggest", theirs, "--to", "gbt2260", "--engine", engine)
    done = kgtool("--project", linked_project.folder, *command)
    assert (done.code, hint in done.err) == (2, True)


# Reviewing -----------------------------------------------------------------------------------------------------------


def test_what_is_accepted_is_a_sound_link_with_who_and_when(
    linked_project: Project, proposals: Path, kgtool: Run
) -> None:
    command = ("--project", linked_project.folder, "link", "review", proposals, "--by", "orcid:0000-0002-1825-0097")
    done = kgtool(*command, "--accept", "ex:city=gbt2260:530100", "--confidence", "0.95", "--note", "the official list")
    assert (done.code, done.err) == (0, "")
    assert done.out == "graph/links/gbt2260.sssom.tsv: 1 accepted, 0 rejected, 2 waiting\n"
    file = linked_project.root / "graph" / "links" / "gbt2260.sssom.tsv"
    linkset = read_linkset(file)
    (link,) = linkset.links
    assert (link.subject, link.predicate, link.object) == ("ex:city", "owl:sameAs", "gbt2260:530100")
    assert (link.confidence, link.text("mapping_justification")) == (0.95, "semapv:MappingReview")
    assert link.values("author_id") == link.values("reviewer_id") == ("orcid:0000-0002-1825-0097",)
    assert link.text("mapping_date") == linkset.metadata["mapping_set_version"]
    assert link.text("comment").startswith("the official list; one of 1000")
    assert file.read_text(encoding="utf-8") == format_linkset(linkset)
    assert findings_of(linked_project) == []
    assert [one.subject for one in read_linkset(proposals).links] == ["ex:canton", "ex:county"]


def test_what_is_rejected_is_recorded_and_not_proposed_again(
    linked_project: Project, proposals: Path, theirs: Path
) -> None:
    review = Review(linked_project, proposals, by="ex:me")
    review.reject(review.find("ex:city")[0])
    (link,) = read_linkset(review.linkset).links
    assert (link.text("predicate_modifier"), link.negative) == ("Not", True)
    assert findings_of(linked_project) == []
    again = suggest(linked_project, str(theirs), to="gbt2260")
    assert [one.subject for one in again.proposals.links] == ["ex:canton", "ex:county"]


def test_a_person_decides_row_by_row_and_may_stop(
    linked_project: Project, proposals: Path, kgtool: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["?", "p", "skos:closeMatch", "a", "s", "r"])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(answers))
    done = kgtool("--project", linked_project.folder, "link", "review", proposals, "--by", "ex:me")
    assert (done.code, done.out.splitlines()[-1]) == (
        0,
        "graph/links/gbt2260.sssom.tsv: 1 accepted, 1 rejected, 1 waiting",
    )
    assert "  港镇  ex:canton\n  owl:sameAs\n  港镇  gbt2260:530102 (administrative area)\n" in done.out
    assert "     -10.0  one of 1000\n     +13.1  name: the same Chinese name (港镇)\n" in done.out
    rows = read_linkset(linked_project.root / "graph" / "links" / "gbt2260.sssom.tsv").links
    assert [(row.subject, row.predicate, row.text("predicate_modifier")) for row in rows] == [
        ("ex:canton", "skos:closeMatch", ""),
        ("ex:county", "owl:sameAs", "Not"),
    ]


def test_a_decision_that_check_would_object_to_is_refused_and_nothing_written(
    linked_project: Project, proposals: Path, kgtool: Run
) -> None:
    add_links(linked_project, "gbt2260", "city 港市 owl:sameAs gbt2260:530199 administrative area")
    before = [file.read_bytes() for file in (*linked_project.link_files(), proposals)]
    command = ("--project", linked_project.folder, "link", "review", proposals, "--by", "ex:me")
    done = kgtool(*command, "--accept", "ex:city")
    assert done.code == 2
    assert "ex:city owl:sameAs gbt2260:530100: GB/T 2260" in done.err
    done = kgtool(*command, "--accept", "ex:city", "--predicate", "foaf:page")
    assert (done.code, "an administrative area is not linked by foaf:page" in done.err) == (2, True)
    assert [file.read_bytes() for file in (*linked_project.link_files(), proposals)] == before


def test_a_reviewer_and_a_proposal_have_to_be_known(linked_project: Project, proposals: Path, kgtool: Run) -> None:
    command = ("--project", linked_project.folder, "link", "review", proposals, "--by")
    assert "'somebody' is nobody who can review" in kgtool(*command, "somebody").err
    done = kgtool(*command, "ex:me", "--accept", "ex:nothing")
    assert (done.code, "no proposal 'ex:nothing'; give it as SUBJECT=OBJECT: ex:canton=gbt2260:530102" in done.err) == (
        2,
        True,
    )
    done = kgtool(
        "--project", linked_project.folder, "link", "review", proposals.parent / "no.sssom.tsv", "--by", "ex:me"
    )
    assert (done.code, "cannot read it" in done.err) == (2, True)
