"""The example that every command's help ends with: on one line, and it works as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from kgtool.cli.main import COMMANDS, cli
from kgtool.project import PARTS, shipped_root

Run = Callable[..., tuple[int, str, str]]

#: Commands that never end, or whose example takes what is elsewhere: a server, a dump of another dataset.
_ELSEWHERE = {("mcp",), ("push",), ("serve",), ("link", "enrich")}

#: What has to be there before an example works.
_BEFORE = {
    ("columns",): "kgtool load graph/articles/*/facts.trig -o facts",
    ("link", "review"): "kgtool link suggest graph/links/eurovoc.sssom.tsv",
}


def _walk(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Walk over the words that name every command, the groups among them."""
    yield words
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _walk(command, (*words, name))
        else:
            yield (*words, name)


_COMMANDS = list(_walk(cli))


@pytest.fixture
def example(kgtool: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> str:
    """The example of a command."""
    monkeypatch.setenv("COLUMNS", "80")
    last = kgtool(*words, "--help")[1].rstrip().splitlines()[-1]
    assert last.startswith("  Example: "), f"the help of '{' '.join(words)}' ends with {last!r}"
    return last.removeprefix("  Example: ")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Kunming graph in it, as in a clone, and a 'kgtool' that runs this one."""
    folder = tmp_path_factory.mktemp("clone")
    for part in PARTS:
        shutil.copytree(shipped_root() / part, folder / part)
    program = folder / "bin" / "kgtool"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kgtool "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


def test_every_command_is_walked_over() -> None:
    assert {words[0] for words in _COMMANDS if words} == set(COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize("words", _COMMANDS, ids=" ".join)
def test_help_ends_with_an_example_that_works(clone: Path, words: tuple[str, ...], example: str) -> None:
    if words in _ELSEWHERE:
        assert example.startswith(f"kgtool {' '.join(words)} ")
        return
    for folder in ("city", "demo", "facts", "qingping"):
        shutil.rmtree(clone / folder, ignore_errors=True)
    path = f"{clone / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    command = f"{_BEFORE[words]} && {example}" if words in _BEFORE else example
    done = subprocess.run(
        ["sh", "-c", command], cwd=clone, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), f"{example}\n{done.stderr}"
    assert " ".join(words) in example
