"""What the export tests share: the Kunming graph as a network, and JavaScript readers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgtool.build import open_built
from kgtool.namespaces import read_prefixes
from kgtool.network import Network, read_network
from kgtool.project import Project, shipped_root
from kgtool.store import Store

_HERE = Path(__file__).parent

#: Opens a file with a reader of read.mjs and returns what it saw.
ReadJs = Callable[[str, Path], Any]


@pytest.fixture(scope="session")
def kunming_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The built store of the Kunming graph."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return open_built(Project(shipped_root()))


@pytest.fixture(scope="session")
def kunming_prefixes() -> dict[str, str]:
    """The prefixes of the Kunming graph."""
    return read_prefixes(Project(shipped_root()).prefixes_file)


@pytest.fixture(scope="session")
def kunming(kunming_store: Store, kunming_prefixes: dict[str, str]) -> Network:
    """The Kunming graph as a network."""
    return read_network(kunming_store, prefixes=kunming_prefixes)


@pytest.fixture(scope="session")
def read_js() -> ReadJs:
    """Readers on Node.js: skipped where their packages are not installed, a failure in CI."""
    node = shutil.which("node")
    if node is None or not (_HERE / "node_modules" / "graphology").is_dir():
        reason = "the JavaScript readers are not installed: run 'npm ci --ignore-scripts' in tests/export"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)

    def read(reader: str, file: Path) -> Any:
        command = [node, str(_HERE / "read.mjs"), reader, str(file)]
        done = subprocess.run(command, capture_output=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return read
