"""A load that is interrupted goes on where it was, and its store is the one that it would have been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from kgtool.errors import DataError, StoreError
from kgtool.load import load
from kgtool.store import bulk
from kgtool.store.bulk import BulkStore, UnwritableError

#: Loads files given as arguments in small pieces, and is killed when so many bytes are read.
_KILLED = """
import os, signal, sys
from kgtool.load import load
from kgtool.store import bulk
bulk._PIECE, bulk._LINES, bulk._AHEAD = 2000, 20_000, 1
out, at, *files = sys.argv[1:]
load(files, out, prefixes={}, progress=lambda done, *_: done >= int(at) and os.kill(os.getpid(), signal.SIGKILL))
"""


def _lines(first: int, last: int) -> str:
    return "".join(f'<urn:s{n}> <urn:p> "{n}" <urn:g{n % 7}> .\n' for n in range(first, last))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Quads without blank nodes, quads with some towards the end, and Turtle."""
    names = [tmp_path / name for name in ("plain.nq", "nodes.nq", "some.ttl")]
    names[0].write_text(_lines(0, 4000), encoding="utf-8")
    nodes = "_:x <urn:p> <urn:one> .\n" + _lines(6000, 8000) + "_:x <urn:p> <urn:two> <urn:g1> .\n"
    names[1].write_text(_lines(4000, 6000) + nodes, encoding="utf-8")
    names[2].write_text("<urn:a> <urn:p> [ <urn:q> 1 ] .", encoding="utf-8")
    return names


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_PIECE", 2000)
    monkeypatch.setattr(bulk, "_LINES", 20_000)


def _stored(folder: Path) -> list[str]:
    """Return all quads, sorted; blank nodes by what they are not the only ones of: the store has two."""
    store = pyoxigraph.Store.read_only(str(folder / "store"))
    dataset = pyoxigraph.Dataset(store)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


@pytest.mark.parametrize("share", [0.45, 0.9])
def test_a_load_that_was_killed_goes_on_to_the_same_store(files: list[Path], tmp_path: Path, share: float) -> None:
    whole = load(files, tmp_path / "whole", prefixes={}, index=False)
    size = sum(file.stat().st_size for file in files)
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "out"), str(int(share * size)), *map(str, files)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    loaded = load(files, tmp_path / "out", prefixes={}, index=False)
    assert _stored(tmp_path / "out") == _stored(tmp_path / "whole")
    assert whole.skipped == 0
    assert 0 < loaded.skipped <= share * size + 100_000
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["store"]
    assert not (tmp_path / "out.partial").exists()


def test_a_blank_node_is_one_in_all_pieces_of_its_file(
    files: list[Path], tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces: list[str] = []
    add = BulkStore._add_piece

    def counted(store: BulkStore, file: str, *others: Any) -> None:
        pieces.append(file)
        add(store, file, *others)

    monkeypatch.setattr(BulkStore, "_add_piece", counted)
    load(files[1:2], tmp_path / "out", prefixes={}, index=False)
    assert len(pieces) == 4  # three of 20,000 bytes, then all the rest
    store = pyoxigraph.Store.read_only(str(tmp_path / "out" / "store"))
    ends = [pyoxigraph.NamedNode("urn:one"), pyoxigraph.NamedNode("urn:two")]
    one, two = ({quad.subject for quad in store.quads_for_pattern(None, None, end)} for end in ends)
    assert one == two
    assert len(one) == 1


def _stopped(files: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch, *, after: int = 3) -> None:
    """Load until the disk is full."""
    add, left = BulkStore._add_piece, [after]

    def full(store: BulkStore, *piece: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise UnwritableError("cannot write the store: No space left on device", hint="free some space there")
        add(store, *piece)

    with monkeypatch.context() as patch:
        patch.setattr(BulkStore, "_add_piece", full)
        with pytest.raises(StoreError, match="No space left"):
            load(files, out, prefixes={}, index=False)


def test_what_a_full_disk_stopped_goes_on(
    files: list[Path], tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stopped(files, tmp_path / "out", monkeypatch)
    assert 3 * 20_000 <= load(files, tmp_path / "out", prefixes={}, index=False).skipped < 3 * 30_000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("content", "plain.nq: the file has changed since its load was interrupted"),
        ("files", "out.partial: it is of a load of other files"),
        ("union", "out.partial: it is of a load with other options"),
        ("journal", "out.partial: there is no journal of a load in it"),
    ],
)
def test_another_load_is_refused(
    files: list[Path], tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch, change: str, said: str
) -> None:
    _stopped(files, tmp_path / "out", monkeypatch)
    if change == "content":
        files[0].write_text(_lines(1, 4001), encoding="utf-8")
        os.utime(files[0], (1, 1))
    elif change == "journal":
        (tmp_path / "out.partial" / "journal.json").write_text("[]", encoding="utf-8")
    with pytest.raises(StoreError) as raised:
        load(
            files[: 2 if change == "files" else 3], tmp_path / "out", prefixes={}, index=False, union=change != "union"
        )
    assert said in str(raised.value)
    assert f"or remove '{tmp_path}/out.partial'" in str(raised.value)
    assert (tmp_path / "out.partial" / "store").is_dir()


def test_a_malformed_line_of_any_piece_is_named(tmp_path: Path, small: None) -> None:
    (tmp_path / "a.nq").write_text(_lines(0, 3000) + "<urn:a> <urn:b> .\n" + _lines(0, 9), encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.nq:3001: syntax error"):
        load([tmp_path / "a.nq"], tmp_path / "out", prefixes={}, index=False)
    assert [file.name for file in tmp_path.iterdir()] == ["a.nq"]
