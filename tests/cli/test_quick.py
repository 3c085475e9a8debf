"""A query without click: the same answers as with it, and nothing heavy imported."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.cli import main as main_module
from kgtool.cli import quick
from kgtool.errors import KgError
from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]

LEADING = "leading-industries"
PARKS = """\
#+ summary: Parks
#+ parameters:
#+   park: {type: entity, class: ip:IndustrialPark}
#+   year: {type: integer}
SELECT ?park ?industry ?year WHERE { ?park ip:hasLeadingIndustry ?industry } ORDER BY ?industry
"""

#: What is too heavy for a query, and the part of kgtool that only builds.
HEAVY = [
    "click",
    "dataclasses",
    "difflib",
    "inspect",
    "yaml",
    "rich",
    "rdflib",
    "pyshacl",
    "networkx",
    "pathlib",
    "urllib",
    "opencc",
    "hashlib",
    "logging",
    "datetime",
    "subprocess",
    "threading",
    "shutil",
    "tempfile",
    "kgtool.build",
    "kgtool.cli.main",
    "kgtool.queries.header",
    "kgtool.text",
    "kgtool.search",
    "sqlite3",
]


@pytest.fixture(autouse=True)
def _inside_the_project(built_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (built_project.root / "queries" / "parks.rq").write_text(PARKS, encoding="utf-8")
    monkeypatch.chdir(built_project.root)


@pytest.mark.parametrize(
    "arguments",
    [
        [LEADING],
        [LEADING, "--format", "csv"],
        [LEADING, "--format=json", "--lang=en"],
        ["--lang", "zh-Hant", LEADING, "--format", "markdown"],
        ["parks", "park=臨港", "year=2023"],
        ["parks", "year=2023", "--format", "tsv", "park=ex:harbour-park"],
        ["parks", "park=nowhere"],
        ["parks", "parc=x"],
        ["parks", "year=x"],
        ["parks", "year=1", "year=2"],
        ["parks", "=1"],
        ["nonsense"],
        [LEADING, "--format", "turtle"],
        [LEADING, "--project", "."],
        [LEADING, "--project", "nowhere"],
    ],
)
def test_the_plain_form_prints_the_same_bytes_as_click(
    kgtool: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    quickly = kgtool("query", *arguments)
    assert not _refused(arguments)
    monkeypatch.setattr(quick, "answer", lambda argv: None)
    assert kgtool("query", *arguments) == quickly


@pytest.mark.parametrize("folder", [".", "nowhere"])
def test_the_project_may_be_named_first(kgtool: Run, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(main_module, "run", None)  # which imports click
        quickly = kgtool("--project", folder, "query", LEADING, "--lang", "en")
    monkeypatch.setattr(quick, "answer", lambda argv: None)
    assert kgtool("--project", folder, "query", LEADING, "--lang", "en") == quickly


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        [LEADING, "--help"],
        [LEADING, "--format"],
        [LEADING, "--format", "nonsense"],
        [LEADING, "--lang", "fr"],
        [LEADING, "--lang", ""],
        [LEADING, "--lang", "en", "--lang", "en"],
        [LEADING, "--project", "--format"],
        [LEADING, "-o", "x.csv"],
        [LEADING, "--exit-status"],
        [LEADING, "more"],
        ["park=x"],
        ["-q", "ASK {}"],
        ["--", LEADING],
    ],
)
def test_everything_else_is_left_to_click(arguments: list[str]) -> None:
    assert _refused(arguments)


def _refused(arguments: list[str]) -> bool:
    try:
        return quick.answer(arguments) is None
    except KgError:
        return False


def test_nothing_heavy_is_imported(built_project: Project, kgtool: Run) -> None:
    # Files changed within the last two seconds may change again unseen: until then they are read, not trusted.
    time.sleep(2.1)
    kgtool("query", "parks")
    program = (
        "import sys; from kgtool.__main__ import main; "
        "code = main(['query', 'parks', 'park=临港', 'year=2023']); "
        "print(code, *(name for name in sys.argv[1:] if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *HEAVY],
        capture_output=True,
        encoding="utf-8",
        cwd=built_project.root,
        env=_environment(),
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "0"
    assert "光学" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from kgtool.__main__ import main; code = main(['--help']); "
        "print(code, *(name for name in sys.argv[1:] if name in sys.modules), file=sys.stderr)"
    )
    heavy = ["yaml", "rdflib", "pyshacl", "networkx", "opencc", "rich"]
    done = subprocess.run(
        [sys.executable, "-c", program, *heavy], capture_output=True, encoding="utf-8", env=_environment(), check=True
    )
    assert done.stderr == "0\n"


def _environment() -> dict[str, str]:
    return dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]), PYTHONUTF8="1")
