"""The saved queries of a project, and the headers that are kept."""

from __future__ import annotations

import os
import sys

import pytest

from kgtool.errors import NotFoundError
from kgtool.project import Project
from kgtool.queries import find_query, read_catalogue
from kgtool.store.builds import builds_folder

HEADER = """\
#+ summary: Old
#+ question: {en: "Which?", zh-Hans: "哪些？"}
#+ examples: {en: ["List the parks"]}
#+ tags: [a, b]
#+ parameters:
#+   park: {type: entity, class: ip:IndustrialPark, choices: [a, b], description: d}
"""
BODY = "SELECT ?park { ?park ?p ?o } ORDER BY ?park\n"


@pytest.fixture
def project(tiny_project: Project) -> Project:
    (tiny_project.root / "queries" / "parks.rq").write_text(HEADER + BODY, encoding="utf-8")
    return tiny_project


def test_a_catalogue_is_sorted_by_name_and_holds_no_checks_or_rules(project: Project) -> None:
    (project.root / "queries" / "checks").mkdir()
    (project.root / "queries" / "checks" / "fault.rq").write_text(BODY, encoding="utf-8")
    assert list(read_catalogue(project)) == ["leading-industries", "parks"]


def test_a_kept_header_gives_the_same_query_without_yaml(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = find_query(project, "parks")
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert find_query(project, "parks") == first


def test_a_changed_file_is_read_again(project: Project) -> None:
    find_query(project, "parks")
    (project.root / "queries" / "parks.rq").write_text(HEADER.replace("Old", "New") + BODY, encoding="utf-8")
    assert find_query(project, "parks").summary == "New"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"version": 0, "queries": {}}', '{"version": 1, "queries": {"x": 1}}']
)
def test_a_damaged_cache_is_ignored(project: Project, content: str) -> None:
    builds_folder(project).mkdir(parents=True)
    (builds_folder(project) / "queries.json").write_text(content, encoding="utf-8")
    assert find_query(project, "parks").summary == "Old"


def test_a_cache_entry_of_another_shape_is_ignored(project: Project) -> None:
    find_query(project, "parks")
    cache = builds_folder(project) / "queries.json"
    cache.write_text(cache.read_text(encoding="utf-8").replace('"tags"', '"tag"'), encoding="utf-8")
    assert find_query(project, "parks").tags == ("a", "b")


def test_a_cache_that_cannot_be_written_is_no_error(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = project.root / "a-file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("KGTOOL_CACHE", str(blocked))
    assert find_query(project, "parks").summary == "Old"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_is_no_error(project: Project) -> None:
    builds_folder(project).mkdir(parents=True, mode=0o500)
    assert find_query(project, "parks").summary == "Old"


def test_an_unknown_query_is_refused_with_the_closest_names(project: Project) -> None:
    with pytest.raises(NotFoundError, match=r"no saved query 'park'; did you mean parks\?"):
        find_query(project, "park")
    with pytest.raises(NotFoundError, match=r"no saved query 'zzz'; 'kgtool queries' lists them"):
        find_query(project, "zzz")


@pytest.mark.parametrize("name", ["../queries/parks", "checks/fault", "..", ".", "", "/etc/passwd", "parks\0", "a\nb"])
def test_a_name_is_never_a_path(project: Project, name: str) -> None:
    with pytest.raises(NotFoundError):
        find_query(project, name)


def test_public_names_are_those_of_the_package() -> None:
    import kgtool.queries

    assert all(callable(getattr(kgtool.queries, name)) for name in kgtool.queries.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        kgtool.queries.nonsense  # noqa: B018
