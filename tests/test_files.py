"""Files that are complete or not there at all, and what looks like a file and is none."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from kgtool import files
from kgtool.files import discard_unfinished, replace_file, replace_folder, replace_text, scratch_folder


def _full(stream: BinaryIO) -> None:
    stream.write(b"half of it")
    stream.flush()
    raise OSError(28, "No space left on device")


@pytest.fixture(params=["unnamed", "named"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of writing: with a file that has no name until it is whole, and where there are no such files."""
    if request.param == "named":
        monkeypatch.setattr(files, "_OPEN", "/nowhere")
    return str(request.param)


def test_a_file_is_replaced_and_keeps_its_permissions(way: str, tmp_path: Path) -> None:
    replace_text(tmp_path / "a", "old")
    (tmp_path / "a").chmod(0o640)
    replace_text(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["a"]


def test_a_new_file_has_the_permissions_of_the_umask(way: str, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace_text(tmp_path / "a", "new")
        replace_folder(tmp_path / "b", {"c": lambda stream: stream.write(b"new")})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "b" / "c").stat().st_mode) == 0o640


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(way: str, tmp_path: Path) -> None:
    replace_text(tmp_path / "a", "old")
    with pytest.raises(OSError, match="No space left"):
        replace_file(tmp_path / "a", _full)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_link_stays_a_link(way: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "a").symlink_to("elsewhere/b")
    replace_text(tmp_path / "a", "new")
    assert (tmp_path / "a").is_symlink()
    assert (tmp_path / "elsewhere" / "b").read_text(encoding="utf-8") == "new"
    assert sorted(os.listdir(tmp_path)) == ["a", "elsewhere"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    seen: list[bytes] = []
    reader = threading.Thread(target=lambda: seen.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    replace_text(tmp_path / "pipe", "through")
    reader.join(timeout=10)
    assert seen == [b"through"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can replace a device, and make one")
def test_a_device_is_written_to_and_stays_a_device(tmp_path: Path) -> None:
    try:
        os.mknod(tmp_path / "null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except OSError as exc:
        pytest.skip(f"no devices here: {exc}")
    replace_text(tmp_path / "null", "into the void")
    assert stat.S_ISCHR((tmp_path / "null").stat().st_mode)


def test_what_stands_for_stdout_is_written_to(tmp_path: Path) -> None:
    # Where stdout is a file, /proc/self/fd/1 looks like one, and its name may be another file's by now.
    program = "from kgtool.files import replace_text; print('before', flush=True)\n"
    program += "replace_text('/proc/self/fd/1', 'between\\n'); print('after')"
    with (tmp_path / "out").open("ab") as out:
        subprocess.run([sys.executable, "-c", program], stdout=out, check=True)
    assert "between" in (tmp_path / "out").read_text(encoding="utf-8")
    assert os.listdir(tmp_path) == ["out"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    called: list[object] = []
    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path, called.append)
    assert called == []


def test_a_name_may_be_as_long_as_the_file_system_allows(way: str, tmp_path: Path) -> None:
    replace_text(tmp_path / ("a" * 255), "new")
    assert os.listdir(tmp_path) == ["a" * 255]


def test_threads_do_not_meet_in_one_temporary_file(way: str, tmp_path: Path) -> None:
    texts = [letter * 100_000 for letter in "abcdefgh"]
    threads = [threading.Thread(target=replace_text, args=(tmp_path / "a", text)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "a").read_text(encoding="utf-8") in texts
    assert os.listdir(tmp_path) == ["a"]


def test_a_folder_is_replaced_as_a_whole(way: str, tmp_path: Path) -> None:
    replace_folder(tmp_path / "a", {"old": lambda stream: stream.write(b"1")})
    replace_folder(tmp_path / "a", {"x": lambda stream: stream.write(b"2"), "y": lambda stream: stream.write(b"3")})
    assert {file.name: file.read_bytes() for file in (tmp_path / "a").iterdir()} == {"x": b"2", "y": b"3"}
    assert os.listdir(tmp_path) == ["a"]


def test_a_folder_that_fails_half_way_is_as_before(way: str, tmp_path: Path) -> None:
    replace_folder(tmp_path / "a", {"old": lambda stream: stream.write(b"1")})
    with pytest.raises(OSError, match="No space left"):
        replace_folder(tmp_path / "a", {"x": lambda stream: stream.write(b"2"), "y": _full})
    assert {file.name: file.read_bytes() for file in (tmp_path / "a").iterdir()} == {"old": b"1"}
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has files without a name")
@pytest.mark.parametrize("call", ["replace_file('a', write)", "replace_folder('a', {'x': write, 'y': write})"])
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_program_leaves_the_old_and_nothing_else(call: str, blow: signal.Signals, tmp_path: Path) -> None:
    if "folder" in call:
        replace_folder(tmp_path / "a", {"x": lambda stream: stream.write(b"old")})
    else:
        replace_text(tmp_path / "a", "old")
    program = "import time\nfrom kgtool.files import *\n"
    program += "def write(stream):\n    stream.write(b'new')\n    stream.flush()\n"
    program += f"    print('half-way', flush=True)\n    time.sleep(60)\n{call}\n"
    process = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"half-way\n"
    process.send_signal(blow)
    assert process.wait(timeout=30) == -blow
    assert os.listdir(tmp_path) == ["a"]
    whole = tmp_path / "a" / "x" if "folder" in call else tmp_path / "a"
    assert whole.read_bytes() == b"old"


def test_a_scratch_folder_is_gone_when_it_is_done_with(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        Path(folder, "half").write_bytes(b"half of it")
        assert list(tmp_path.iterdir()) == [Path(folder)]
    assert list(tmp_path.iterdir()) == []


def test_a_scratch_folder_is_gone_when_the_process_ends_without_tidying_up(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        Path(folder, "half").write_bytes(b"half of it")
        discard_unfinished()
        assert list(tmp_path.iterdir()) == []
