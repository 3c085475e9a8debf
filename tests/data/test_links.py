"""The linksets of the graph: canonical files of known targets, valid by SSSOM's own tool, that lose nothing in it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kgtool.linksets import Linkset, format_linkset, read_linkset
from kgtool.linksets.targets import TARGETS
from kgtool.namespaces import read_prefixes

_FOLDER = Path(__file__).parent.parent.parent / "graph" / "links"
_FILES = sorted(_FOLDER.glob("*.sssom.tsv"))


def named(file: Path) -> str:
    return file.name.removesuffix(".sssom.tsv")


@pytest.fixture(scope="module")
def linksets() -> dict[str, Linkset]:
    return {named(file): read_linkset(file) for file in _FILES}


def test_every_linkset_is_of_a_known_target(linksets: dict[str, Linkset]) -> None:
    assert len(linksets) > 20
    assert sorted(set(linksets) - set(TARGETS)) == []


def test_targets_have_the_prefixes_of_the_project() -> None:
    project = read_prefixes(_FOLDER.parent.parent / "ontology" / "prefixes.ttl")
    theirs = {target.prefix: target.namespace for target in TARGETS.values()}
    assert {
        name: iri for name, iri in project.items() if name in theirs or iri in theirs.values()
    }.items() <= theirs.items()


@pytest.mark.parametrize("file", _FILES, ids=named)
def test_linkset_is_in_the_canonical_form(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text == format_linkset(read_linkset(file)), f"run: kgtool link format {file}"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:sssom")
@pytest.mark.parametrize("file", _FILES, ids=named)
def test_sssom_py_finds_no_error_and_loses_no_row(
    file: Path, linksets: dict[str, Linkset], caplog: pytest.LogCaptureFixture
) -> None:
    from sssom.constants import DEFAULT_VALIDATION_TYPES
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate

    with caplog.at_level(logging.WARNING):
        frame = parse_sssom_table(file)
        reports = validate(frame, DEFAULT_VALIDATION_TYPES, fail_on_error=False)
    assert [result.message for report in reports.values() for result in report.results] == []
    # A row that it cannot take is left out with a warning, and the rest is called valid.
    assert [record.getMessage() for record in caplog.records] == []
    expected = [(link.subject, link.predicate, link.object) for link in linksets[named(file)].links]
    assert list(zip(frame.df.subject_id, frame.df.predicate_id, frame.df.object_id, strict=True)) == expected


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:sssom")
def test_what_sssom_py_writes_is_read_as_the_same_links(tmp_path: Path, linksets: dict[str, Linkset]) -> None:
    from sssom.parsers import parse_sssom_table
    from sssom.writers import write_table

    for file in _FILES:
        again = tmp_path / file.name
        with again.open("w", encoding="utf-8") as stream:
            write_table(parse_sssom_table(file), stream)
        read, given = read_linkset(again), linksets[named(file)]
        assert [dict(link.slots) for link in read.links] == [dict(link.slots) for link in given.links], file.name
        assert read.metadata["mapping_set_id"] == given.id
