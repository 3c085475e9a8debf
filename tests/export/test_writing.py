"""Exports on disk: complete or as before, whatever happens."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgtool.errors import NotFoundError, StoreError
from kgtool.export import EXPORTERS, export
from kgtool.network import Edge, Network, Node, Quad
from kgtool.project import Project
from kgtool.terms import IRI
from tests.conftest import Completed

SINGLE = [name for name, exporter in EXPORTERS.items() if not exporter.parts and name not in {"svg", "png"}]


def _small() -> Network:
    return Network.of([Node("ex:a", "urn:a"), Node("ex:b", "urn:b")], [Edge("ex:e", "ex:a", "ex:b", "ex:p")])


def _breaking() -> Network:
    """A network whose walk breaks after some nodes, as one of a full spool would."""

    def nodes() -> Iterator[Node]:
        yield Node("ex:a", "urn:a")
        raise OSError(28, "No space left on device")

    def edges() -> Iterator[Edge]:
        yield Edge("ex:e", "ex:a", "ex:a", "ex:p")
        raise OSError(28, "No space left on device")

    def quads() -> Iterator[Quad]:
        yield IRI("urn:a"), IRI("urn:p"), IRI("urn:b"), None
        raise OSError(28, "No space left on device")

    return Network(nodes, edges, node_count=2, edge_count=2, quads=quads)


@pytest.mark.parametrize("name", SINGLE)
def test_a_write_that_breaks_leaves_the_old_file(name: str, tmp_path: Path) -> None:
    file = tmp_path / "old"
    file.write_bytes(b"the old file")
    with pytest.raises(StoreError, match="No space left on device"):
        export(_breaking(), name, file)
    assert [one.name for one in tmp_path.iterdir()] == ["old"]
    assert file.read_bytes() == b"the old file"


@pytest.mark.parametrize("name", ["neo4j", "kgx"])
def test_a_write_that_breaks_leaves_the_old_folder(name: str, tmp_path: Path) -> None:
    export(_small(), name, tmp_path / "old")
    before = {file.name: file.read_bytes() for file in (tmp_path / "old").iterdir()}
    with pytest.raises(StoreError, match="No space left on device"):
        export(_breaking(), name, tmp_path / "old")
    assert [one.name for one in tmp_path.iterdir()] == ["old"]
    assert {file.name: file.read_bytes() for file in (tmp_path / "old").iterdir()} == before


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    export(_small(), "kgx", tmp_path / "out")
    export(Network.of([Node("ex:c", "urn:c")], []), "kgx", tmp_path / "out")
    assert "ex:c" in (tmp_path / "out" / "nodes.tsv").read_text(encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_other_things_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(StoreError, match="holds other things"):
        export(_small(), "kgx", tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_several_files_go_into_a_zip(tmp_path: Path) -> None:
    export(_small(), "neo4j", tmp_path / "a.zip")
    assert zipfile.ZipFile(tmp_path / "a.zip").testzip() is None


@pytest.mark.parametrize(
    ("room", "message"),
    [
        (
            2000,
            "cannot keep a sorted copy of the graph: [Errno 27] File too large; make room where TMPDIR is, or set it",
        ),
        (2_000_000, "FILE: cannot write: File too large; choose another file with -o"),
    ],
)
def test_a_full_disk_leaves_the_old_file(room: int, message: str, tmp_path: Path) -> None:
    file = tmp_path / "a.gexf"
    file.write_bytes(b"the old file")

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    # A file may not grow beyond so many bytes: the kernel then fails the write as it does on a full disk.
    subprocess.run([sys.executable, "-m", "kgtool", "build"], check=True, capture_output=True)
    command = [sys.executable, "-m", "kgtool", "export", "nquads", "-o", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=little_room)
    assert done.returncode == 2
    assert done.stderr.startswith(f"kgtool: {message.replace('FILE', str(file))}")
    assert file.read_bytes() == b"the old file"
    assert [one.name for one in tmp_path.iterdir()] == ["a.gexf"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has files without a name")
@pytest.mark.parametrize("name", ["gexf", "kgx"])
def test_a_killed_export_leaves_the_old_file_and_nothing_else(name: str, tmp_path: Path) -> None:
    output = tmp_path / "old"
    export(_small(), name, output)
    before = _contents(output)
    program = (
        "import sys; from kgtool.export import export; from kgtool.network import Network, Node\n"
        "def nodes():\n"
        "    for i in range(10**9):\n"
        "        if i == 10_000: print('half-way', flush=True)\n"
        "        yield Node(f'ex:{i}', f'urn:{i}')\n"
        f"export(Network(nodes, list, node_count=10**9, edge_count=0), {name!r}, {str(output)!r})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"half-way\n"
    process.kill()
    process.wait()
    assert _contents(output) == before
    assert [one.name for one in tmp_path.iterdir()] == ["old"]


def _contents(output: Path) -> dict[str, bytes]:
    files = output.iterdir() if output.is_dir() else [output]
    return {file.name: file.read_bytes() for file in files}


def test_no_such_format_or_variant(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no export format 'gefx'"):
        export(_small(), "gefx", tmp_path / "a")
    with pytest.raises(NotFoundError, match="its variants: graphml, yed"):
        export(_small(), "graphml", tmp_path / "a", variant="zed")


def test_graphviz_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="its program 'dot' is not here; install Graphviz"):
        export(_small(), "svg", tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []


def _run(project: Project, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kgtool", "--project", str(project.root), "export", *args]
    return subprocess.run(command, capture_output=True, check=False, env=os.environ)


def test_the_command_streams_to_stdout(built_project: Project, tmp_path: Path) -> None:
    done = _run(built_project, "graphml", "-o", "-")
    assert done.returncode == 0
    assert _run(built_project, "graphml", "-o", str(tmp_path / "a.graphml")).returncode == 0
    assert done.stdout == (tmp_path / "a.graphml").read_bytes()
    assert done.stderr == b"kgtool: 3 nodes, 2 edges\n"


def test_the_command_says_what_was_written(
    built_project: Project, kgtool: Callable[..., Completed], tmp_path: Path
) -> None:
    done = kgtool("--project", built_project.root, "export", "csv", "-o", tmp_path / "a.csv")
    assert (done.code, done.out, done.err) == (0, "", f"kgtool: 3 nodes, 2 edges: {tmp_path}/a.csv\n")


def test_the_command_refuses_hops_without_a_centre(built_project: Project, kgtool: Callable[..., Completed]) -> None:
    done = kgtool("--project", built_project.root, "export", "csv", "-o", "-", "--hops", "2")
    assert (done.code, done.out) == (2, "")
    assert "--hops says how far from --around" in done.err


def test_the_command_warns_that_mermaid_draws_no_more(kunming: Network, kgtool: Callable[..., Completed]) -> None:
    done = kgtool("export", "mermaid", "-o", "-")
    assert kunming.edge_count > 500
    assert done.err.endswith("mermaid is drawn up to 500 edges; take a part with --around, --include or --exclude\n")


def test_the_command_warns_that_a_text_is_too_long_for_mermaid(
    kunming: Network, kgtool: Callable[..., Completed], tmp_path: Path
) -> None:
    (tmp_path / "a.rq").write_text(
        "CONSTRUCT { ?park ?n ?industry } WHERE { ?park ip:hasLeadingIndustry ?industry"
        " VALUES ?i { 1 2 3 4 5 6 7 8 9 10 } BIND(IRI(CONCAT('urn:', STR(?i), '%s')) AS ?n) }" % ("x" * 1500),
        encoding="utf-8",
    )
    done = kgtool("export", "mermaid", "--query", tmp_path / "a.rq", "-o", "-")
    assert re.search(r"mermaid is drawn up to a length of 50000, and this is \d+ long; take a part", done.err)
    assert len(done.out) > 50_000
