"""docs/cli.md and docs/api.md: what the program says of itself, as it says it now."""

import doctest
import importlib
import importlib.util
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.benchmarks.report import BENCHMARKS, PAGE, replaced

_DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", _DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli.md", "api.md"])
def test_the_page_is_what_the_program_says(reference: ModuleType, name: str) -> None:
    page = (_DOCS / name).read_text(encoding="utf-8")
    assert page == reference.PAGES[name](), f"docs/{name} is stale: run 'python docs/reference.py'"


def test_every_public_name_is_explained(reference: ModuleType) -> None:
    for name in reference.MODULES:
        module = importlib.import_module(name)
        things = {one: getattr(module, one) for one in module.__all__}
        explained = {one: thing for one, thing in things.items() if inspect.isclass(thing) or inspect.isfunction(thing)}
        bare = [one for one, thing in explained.items() if not inspect.getdoc(thing)]
        assert bare == [], name


def test_its_own_examples(reference: ModuleType) -> None:
    assert doctest.testmod(reference).failed == 0


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_has_its_place_in_the_page(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "printed\n" in replaced(page, name, "printed\n")
    found = re.search(rf"<!-- begin {name} -->\n(.*?)<!-- end {name} -->", page, re.DOTALL)
    assert found is not None
    assert re.search(rf"{BENCHMARKS[name].script}.* on \d{{4}}-\d\d-\d\d", found[1]), "it was never written there"
    assert "|---" in found[1]


def test_the_page_has_no_other_marks() -> None:
    marks = re.findall(r"<!-- begin (\S+) -->", PAGE.read_text(encoding="utf-8"))
    assert sorted(marks) == sorted(BENCHMARKS)
