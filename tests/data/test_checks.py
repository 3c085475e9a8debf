"""The checks as a whole: each is tested, and the Kunming graph has none of their faults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgtool.build import build
from kgtool.namespaces import read_prefixes
from kgtool.project import Project
from kgtool.queries.checks import CheckQuery
from kgtool.store import Store, open_store

_ROOT = Path(__file__).parent.parent.parent
_CHECKS = {file.stem: file for file in sorted((_ROOT / "queries" / "checks").rglob("*.rq"))}


@pytest.fixture(scope="module")
def kunming(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The graph of this repository, built."""
    return open_store(build(Project(_ROOT), into=tmp_path_factory.mktemp("builds")).folder / "store")


@pytest.mark.parametrize("name", _CHECKS)
def test_the_check_finds_nothing_worse_than_a_remark_in_the_graph(
    name: str, checks: dict[str, CheckQuery], kunming: Store
) -> None:
    rows = list(kunming.query(checks[name].text, file=_CHECKS[name]).rows())
    assert rows == [] or checks[name].severity == "info", f"{_CHECKS[name]}: mend graph/, or the check"


def test_what_the_article_truncated_and_compared_is_remarked(checks: dict[str, CheckQuery], kunming: Store) -> None:
    prefixes = read_prefixes(_ROOT / "ontology" / "prefixes.ttl")
    rows = kunming.query(checks["difference-truncated"].text, prefixes=prefixes).rows()
    found = sorted((focus.value.rpartition("/")[2], exact.value) for focus, _, _, exact in rows if focus and exact)
    assert found == [
        ("obs-phosphogypsum-rise-2020", "57.85"),
        ("obs-phosphogypsum-rise-2021", "53.81"),
        ("obs-phosphogypsum-rise-2022", "31.76"),
    ]


@pytest.mark.parametrize("name", _CHECKS)
def test_the_check_has_a_case(name: str) -> None:
    tests = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*_checks.py"))
    area = _CHECKS[name].parent.name
    assert f'"{name}"' in tests, f"write a case for it in tests/data/test_{area.removesuffix('s')}_checks.py"


@pytest.mark.parametrize("name", _CHECKS)
def test_the_check_says_what_to_do_and_declares_its_prefixes(name: str, checks: dict[str, CheckQuery]) -> None:
    check = checks[name]
    assert set(check.repair) == {"en", "zh-Hans"}, "write '#+ repair:' with en and zh-Hans"
    assert re.search(r"[一-鿿]", check.message["zh-Hans"] + check.repair["zh-Hans"])
    declared = re.findall(r"^PREFIX ([\w-]+):", check.text, re.MULTILINE)
    body = check.text[check.text.rindex("PREFIX") :].partition("\n")[2]
    assert [prefix for prefix in declared if f"{prefix}:" not in body] == []
