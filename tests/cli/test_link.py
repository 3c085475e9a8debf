"""``kgtool link``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from kgtool.project import Project
from tests.conftest import Completed

_LINKSET = """\
#curie_map:
#  ex: https://example.org/tiny/id/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: https://example.org/tiny/links/wikidata
#license: https://creativecommons.org/licenses/by/4.0/
subject_id	predicate_id	object_id	mapping_justification
ex:harbour-park	skos:closeMatch	wd:Q7	semapv:ManualMappingCuration
ex:optics	skos:exactMatch	sssom:NoTermFound	semapv:ManualMappingCuration
ex:shipbuilding	skos:closeMatch	wd:Q8	semapv:ManualMappingCuration
"""


def with_links(project: Project, text: str = _LINKSET, name: str = "wikidata") -> Path:
    file = project.root / "graph" / "links" / f"{name}.sssom.tsv"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    return file


def test_list_counts_links_by_predicate(tiny_project: Project, kgtool: Callable[..., Completed]) -> None:
    with_links(tiny_project)
    done = kgtool("--project", tiny_project.folder, "link", "list")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "linkset                         predicate        links\n"
        "------------------------------  ---------------  -----\n"
        "graph/links/wikidata.sssom.tsv  nothing found        1\n"
        "graph/links/wikidata.sssom.tsv  skos:closeMatch      2\n"
    )
    rows = json.loads(kgtool("--project", tiny_project.folder, "link", "list", "--format", "json").out)
    assert rows[1] == {"linkset": "graph/links/wikidata.sssom.tsv", "predicate": "skos:closeMatch", "links": 2}


_SOUND = """\
#curie_map:
#  ex: https://example.org/tiny/id/
#  isic-rev4: https://w3id.org/industrial-park/code/isic-rev4/
#  target: https://w3id.org/industrial-park/target/
#mapping_set_id: https://example.org/tiny/links/isic-rev4
#mapping_set_version: "1"
#mapping_set_title: Tiny
#license: https://creativecommons.org/licenses/by/4.0/
#object_source: target:isic-rev4
#mapping_date: 2026-11-26
subject_id	subject_label	predicate_id	object_id	mapping_justification	author_id	confidence	comment
ex:optics	光学	skos:closeMatch	isic-rev4:2670	semapv:ManualMappingCuration	ex:me	0.8	the book
ex:shipbuilding	造船	skos:closeMatch	isic-rev4:301	semapv:ManualMappingCuration	ex:me	0.8	the book
"""


def test_check_exits_0_where_links_are_sound_and_1_with_findings_at_their_lines(
    tiny_project: Project, kgtool: Callable[..., Completed]
) -> None:
    file = with_links(tiny_project, _SOUND, "isic-rev4")
    command = ("--project", tiny_project.folder, "link", "check")
    done = kgtool(*command)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("conforms 合格: 0 violations, 0 warnings, 0 infos in 25 checks")
    file.write_text(_SOUND.replace("isic-rev4:301", "isic-rev4:3O1"), encoding="utf-8")
    done = kgtool(*command)
    assert done.code == 1
    assert "graph/links/isic-rev4.sssom.tsv:13" in done.out
    assert "isic-rev4:3O1 is no identifier of International Standard Industrial Classification, Rev. 4" in done.out
    (finding,) = json.loads(kgtool(*command, "--format", "json").out)["findings"]
    assert (finding["check"], finding["line"]) == ("link-identifier", 13)
    (result,) = json.loads(kgtool(*command, "--format", "sarif").out)["runs"][0]["results"]
    where = result["locations"][0]["physicalLocation"]
    assert (where["artifactLocation"]["uri"], where["region"]["startLine"]) == ("graph/links/isic-rev4.sssom.tsv", 13)


def test_check_looks_at_the_files_that_are_given(
    tiny_project: Project, tmp_path: Path, kgtool: Callable[..., Completed]
) -> None:
    file = tmp_path / "isic-rev4.sssom.tsv"
    file.write_text(_SOUND.replace("光学", "光電"), encoding="utf-8")
    done = kgtool("--project", tiny_project.folder, "link", "check", file)
    assert done.code == 1
    assert "ex:optics is called '光学' in the graph" in done.out
    done = kgtool("--project", tiny_project.folder, "link", "check", tmp_path / "none.sssom.tsv")
    assert (done.code, "none.sssom.tsv" in done.out) == (1, True)


def test_check_exits_2_where_the_things_cannot_be_read(tiny_project: Project, kgtool: Callable[..., Completed]) -> None:
    with_links(tiny_project, _SOUND, "isic-rev4")
    (tiny_project.root / "graph" / "entities" / "parks.ttl").write_text("ex:", encoding="utf-8")
    done = kgtool("--project", tiny_project.folder, "link", "check")
    assert (done.code, done.out) == (2, "")
    assert "parks.ttl" in done.err


def test_format_puts_rows_in_order_and_says_which_files_it_wrote(
    tiny_project: Project, kgtool: Callable[..., Completed]
) -> None:
    *head, one, other = _SOUND.splitlines(keepends=True)
    file = with_links(tiny_project, "".join([*head, other, one]), "isic-rev4")
    command = ("--project", tiny_project.folder, "link", "format")
    assert kgtool(*command) == Completed(0, "graph/links/isic-rev4.sssom.tsv\n", "")
    assert file.read_text(encoding="utf-8") == _SOUND
    assert kgtool(*command) == Completed(0, "", "")


def test_a_misspelt_sub_command_is_refused_with_the_nearest(kgtool: Callable[..., Completed]) -> None:
    done = kgtool("link", "lits")
    assert (done.code, done.out) == (2, "")
    assert "no command 'lits'; did you mean list?" in done.err
