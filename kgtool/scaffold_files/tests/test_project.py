"""The project holds together: it builds, conforms, answers as expected, and leaves nothing of the article out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "command",
    [
        ["build"],
        ["validate", "--text", "qingping-2029.txt"],
        ["test"],
        ["coverage", "--text", "qingping-2029.txt", "--fail-under", "100"],
    ],
    ids=lambda command: command[0],
)
def test_kgtool_finds_no_fault(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kgtool", *command], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
