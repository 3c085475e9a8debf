"""The Kunming graph, broken in many ways: what is meant to find each fault does, and nothing else is found.

A validation takes seconds, so faults that do not touch one another share one: every finding is one fault's, by name and
thing, so that a check that stays silent and one that fires beside the point both show.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import pytest

from kgtool.namespaces import compress, read_prefixes
from kgtool.project import Project
from kgtool.validate import validate_project
from tests.data.mutations import MUTATIONS, Mutation, edited

_ROOT = Path(__file__).parent.parent.parent
_PREFIXES = read_prefixes(_ROOT / "ontology" / "prefixes.ttl")
_BATCHES = 3

_TOGETHER = [mutation for mutation in MUTATIONS if not mutation.alone and not mutation.needs_text]
_WITH_TEXT = [mutation for mutation in MUTATIONS if not mutation.alone and mutation.needs_text]
_ALONE = [mutation for mutation in MUTATIONS if mutation.alone and not mutation.needs_text]

#: What is remarked of the graph as it is.
_REMARKS = {
    f"{check} km:obs-phosphogypsum-rise-{year}"
    for check in ("difference-truncated", "rates-of-unequal-periods")
    for year in (2020, 2021, 2022)
}


def _findings(
    mutations: Iterable[Mutation],
    folder: Path,
    texts: Sequence[Path] = (),
    engine: Literal["compiled", "pyshacl"] = "compiled",
) -> set[str]:
    """Validate a copy of the project with faults; return what is found, each as ``check thing``."""
    for part in ("ontology", "graph", "queries"):
        shutil.copytree(_ROOT / part, folder / part)
    for mutation in mutations:
        for edit in mutation.edits:
            file = folder / edit.file
            file.write_text(edited(file.read_text(encoding="utf-8"), edit), encoding="utf-8")
    report = validate_project(Project(folder), texts=texts, engine=engine)
    found = set()
    for finding in report.findings:
        assert finding.focus is not None or finding.file is not None
        thing = compress(finding.focus.value, _PREFIXES) if finding.focus else Path(str(finding.file)).name
        found.add(f"{finding.check} {thing}")
    return found - _REMARKS


def _expect(mutations: Sequence[Mutation], found: set[str]) -> None:
    missed = {mutation.name: sorted(mutation.finds - found) for mutation in mutations if mutation.finds - found}
    assert missed == {}, "a fault is not found"
    assert found - set().union(*(mutation.finds for mutation in mutations)) == set(), "what no fault is meant to cause"


def test_there_are_enough_faults_and_each_has_a_name_and_findings_of_its_own() -> None:
    assert len(MUTATIONS) >= 120
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS)
    shared = [mutation for mutation in MUTATIONS if not mutation.alone]
    findings = [finding for mutation in shared for finding in mutation.finds]
    assert len(set(findings)) == len(findings)


def test_the_graph_without_a_fault_has_remarks_only(tmp_path: Path) -> None:
    assert _findings([], tmp_path / "project") == set()


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
@pytest.mark.parametrize("batch", range(_BATCHES))
def test_every_fault_is_found_and_nothing_else(
    batch: int, engine: Literal["compiled", "pyshacl"], tmp_path: Path
) -> None:
    mutations = _TOGETHER[batch::_BATCHES]
    _expect(mutations, _findings(mutations, tmp_path / "project", engine=engine))


@pytest.mark.parametrize("mutation", _ALONE, ids=lambda mutation: mutation.name)
def test_a_fault_that_stops_the_build_is_found(mutation: Mutation, tmp_path: Path) -> None:
    _expect([mutation], _findings([mutation], tmp_path / "project"))


def test_every_fault_that_the_text_shows_is_found_and_nothing_else(article_text_path: Path, tmp_path: Path) -> None:
    _expect(_WITH_TEXT, _findings(_WITH_TEXT, tmp_path / "project", [article_text_path]))


def test_the_hash_of_another_text_is_found(article_text_path: Path, tmp_path: Path) -> None:
    (mutation,) = (mutation for mutation in MUTATIONS if mutation.alone and mutation.needs_text)
    text = tmp_path / "article.txt"
    shutil.copy(article_text_path, text)
    assert _findings([mutation], tmp_path / "project", [text]) == mutation.finds
