"""The tutorial: its commands are run in order, and print what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TUTORIAL = Path(__file__).parent.parent / "docs" / "tutorial.md"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Step(NamedTuple):
    """A command of the tutorial, the line it stands on, and what it is said to print."""

    line: int
    command: str
    output: str


def read_steps(text: str) -> Iterator[Step]:
    """Read the commands of a page: ``$`` begins one, ``>`` goes on with it, the rest is its output."""
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(1)) + 1
        step: Step | None = None
        for number, line in enumerate(block[1].splitlines(), start=first):
            if line.startswith("$ "):
                if step:
                    yield step
                step = Step(number, line[2:], "")
            elif step and not step.output and (line == ">" or line.startswith("> ")):
                step = step._replace(command=f"{step.command}\n{line[2:]}")
            else:
                assert step, f"docs/tutorial.md:{number}: a console block begins with a command"
                step = step._replace(output=f"{step.output}{line}\n")
        if step:
            yield step


def matches(said: str, printed: str) -> bool:
    """Compare an output with what is said of it; ``…`` stands for any text."""
    pattern = ".*".join(re.escape(part) for part in said.split("…"))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def test_every_command_of_the_tutorial_prints_what_it_says(tmp_path: Path) -> None:
    steps = list(read_steps(TUTORIAL.read_text(encoding="utf-8")))
    assert len(steps) > 15
    state = tmp_path / "state"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",  # stdout and stderr in the order in which a terminal shows them
        "STATE": str(state),
    }
    folder, code = str(tmp_path), "0"
    for step in steps:
        # Each command finds the folder and the exit code that the one before it left.
        script = f'(exit {code})\n{step.command}\nprintf "%s\\n" $? "$PWD" > "$STATE"'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert matches(step.output, done.stdout), (
            f"docs/tutorial.md:{step.line}: $ {step.command}\n--- said\n{step.output}--- printed\n{done.stdout}"
        )
        code, folder = state.read_text(encoding="utf-8").splitlines()


def test_an_output_matches_itself_and_what_the_ellipsis_leaves_open() -> None:
    assert matches("a\n…\nz\n", "a\nb\nc\nz\n")
    assert matches("built in …\n", "built in 1.2 s\n")
    assert not matches("a\n", "a\nb\n")
    assert not matches("3.5\n", "305\n")


def test_steps_are_read_with_their_continuation_and_output() -> None:
    page = "x\n```console\n$ cat <<'E'\n> a\n>\n> E\na\n\n$ true\n```\n"
    assert list(read_steps(page)) == [Step(3, "cat <<'E'\na\n\nE", "a\n\n"), Step(9, "true", "")]
