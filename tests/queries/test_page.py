"""The page of saved queries, and that of the docs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.project import Project, shipped_root
from kgtool.queries import Parameter, SavedQuery, read_catalogue
from kgtool.queries.page import BEGIN, insert_page, render_page

PARKS = SavedQuery(
    "parks",
    "parks.rq",
    "",
    "select",
    True,
    {"en": "Which parks?", "zh-Hans": "哪些园区？"},
    "Parks.",
    "All of them.",
    ("park", "count"),
    (
        Parameter("by", choices=("a", "b"), default="a", description="What is counted."),
        Parameter("park", "entity", "ip:IndustrialPark", required=True, description="The park."),
    ),
)


def test_a_query_is_a_section_and_a_place_under_each_of_its_tags() -> None:
    assert (
        render_page([PARKS])
        == f"""\
{BEGIN}

## The saved queries

There are 1.

| tag | queries |
|---|---|
| count | [parks](#parks) |
| park | [parks](#parks) |

### parks

*Which parks?*\\
*哪些园区？*

Parks.

All of them.

| parameter | type | default | |
|---|---|---|---|
| `by` | `string` | `a` | What is counted. One of `a`, `b`. |
| `park` | `entity` `ip:IndustrialPark` | required | The park. |

Answers with rows: [parks.rq](../queries/parks.rq).
"""
    )


def test_what_is_written_by_hand_stays() -> None:
    assert insert_page(f"# Mine\n\n{BEGIN}\nold\n", [PARKS]) == insert_page("# Mine\n", [PARKS])
    assert insert_page("# Mine\n", [PARKS]) == f"# Mine\n\n{render_page([PARKS])}"


def test_the_page_of_the_docs_is_up_to_date() -> None:
    page = Path(__file__).parent.parent.parent / "docs" / "queries.md"
    text = page.read_text(encoding="utf-8")
    assert text == insert_page(text, read_catalogue(Project(shipped_root())).values()), (
        "docs/queries.md is stale: replace what follows its marker with 'kgtool queries --format markdown'"
    )


def test_the_command_writes_the_page(
    kgtool: Callable[..., tuple[int, str, str]], built_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built_project.root)
    assert kgtool("queries", "--format", "markdown") == (0, render_page(read_catalogue(built_project).values()), "")
