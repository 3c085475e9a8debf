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


def with_links(project: Project, text: str = _LINKSET) -> Path:
    file = project.root / "graph" / "links" / "wikidata.sssom.tsv"
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


def test_a_misspelt_sub_command_is_refused_with_the_nearest(kgtool: Callable[..., Completed]) -> None:
    done = kgtool("link", "lits")
    assert (done.code, done.out) == (2, "")
    assert "no command 'lits'; did you mean list?" in done.err
