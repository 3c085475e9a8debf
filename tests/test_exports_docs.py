"""docs/exports.md: its commands run, every format has one, its pictures are there and are drawn from the files."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from kgtool.export import EXPORTERS

pytestmark = pytest.mark.slow

_DOCS = Path(__file__).parent.parent / "docs"
_PAGE = (_DOCS / "exports.md").read_text(encoding="utf-8")
_COMMANDS = [
    line for block in re.findall(r"^```sh\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]

Run = Callable[..., tuple[int, str, str]]


def _need_graphviz() -> None:
    if shutil.which("dot") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no Graphviz: apt-get install graphviz")


@pytest.fixture(scope="module")
def drawing() -> ModuleType:
    """The program that draws the pictures."""
    spec = importlib.util.spec_from_file_location("draw", _DOCS / "pictures" / "draw.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("command", _COMMANDS)
def test_command_runs(kgtool: Run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if command.startswith(("kgtool export svg", "kgtool export png")):
        _need_graphviz()
    monkeypatch.chdir(tmp_path)
    program, *args = shlex.split(command)
    code, out, err = kgtool(*args)
    assert (program, code) == ("kgtool", 0), err
    if "-o" in args:
        assert (tmp_path / args[args.index("-o") + 1]).exists()
    else:
        assert out


def test_every_format_has_a_command() -> None:
    shown = {command.split()[2] for command in _COMMANDS if command.startswith("kgtool export ")}
    assert set(EXPORTERS) - shown == set()


def test_every_picture_is_there_and_shown() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in _DOCS.glob("*.md"))
    shown = set(re.findall(r"\]\(pictures/([\w.-]+\.(?:svg|png))\)", pages))
    assert shown == {file.name for file in (_DOCS / "pictures").iterdir() if file.suffix in {".svg", ".png"}}
    assert {f"{name}.svg" for name in ("gephi", "cytoscape", "yed", "neo4j", "graphviz")} < shown


def test_pictures_can_be_drawn_anew(drawing: ModuleType, tmp_path: Path) -> None:
    _need_graphviz()
    drawing.draw(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {f"{name}.svg" for name in (*drawing.PICTURES, "graphviz")}
    for file in tmp_path.iterdir():
        words = {text.text for text in ET.parse(file).iter("{http://www.w3.org/2000/svg}text")}  # our own file
        assert any("高新" in (word or "") or "modality" in (word or "") for word in words), file.name


@pytest.mark.parametrize("name", ["gephi", "cytoscape", "yed", "neo4j", "mermaid"])
def test_picture_has_every_node_of_its_file(drawing: ModuleType, name: str) -> None:
    picture = ET.parse(_DOCS / "pictures" / f"{name}.svg")
    texts = [text.text or "" for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    labels = [node.label for node in drawing.read_part().nodes()]
    limit = 8 if name == "neo4j" else 22
    missing = [label for label in labels if drawing.cut(label, limit) not in texts]
    assert missing == [], f"run 'python docs/pictures/draw.py': docs/pictures/{name}.svg is older than the graph"
