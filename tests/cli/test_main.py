"""The group: what every command shares."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.cli.main import COMMANDS, cli
from kgtool.project import PARTS, Project
from tests.conftest import wait_until_open

Run = Callable[..., tuple[int, str, str]]


def test_every_command_is_what_its_row_says() -> None:
    import click

    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_of_every_command_ends_with_an_example(kgtool: Run, name: str) -> None:
    code, out, _ = kgtool(name, "--help")
    assert code == 0
    assert f"kgtool {name}" in out.rstrip().splitlines()[-1] or "Commands:" in out


def test_help_lists_every_command(kgtool: Run) -> None:
    code, out, err = kgtool("--help")
    assert (code, err) == (0, "")
    assert [name for name in COMMANDS if f"\n  {name} " not in out] == []
    assert out.rstrip().endswith("Example: kgtool query leading-industries park=高新区")


def test_version(kgtool: Run) -> None:
    assert kgtool("--version") == (0, "kgtool 0.1.0\n", "")


def test_bare_command_is_help(kgtool: Run) -> None:
    code, _, err = kgtool()
    assert (code, err.startswith("Usage: kgtool")) == (2, True)


def test_unknown_command_offers_the_near_one(kgtool: Run) -> None:
    assert kgtool("biuld") == (2, "", "kgtool: no command 'biuld'; did you mean build?; see 'kgtool --help'\n")


def test_unknown_command_without_a_near_one(kgtool: Run) -> None:
    assert kgtool("昆明") == (2, "", "kgtool: no command '昆明'; see 'kgtool --help'\n")


def test_reader_that_goes_away_is_no_traceback(tiny_project: Project) -> None:
    command = [sys.executable, "-m", "kgtool", "--project", str(tiny_project.root), "build", "--format", "json"]
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(write)
    assert done.returncode == 141
    assert done.stderr.decode().count("\n") == 1  # that it was built


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("--help",), ("queries",), ("stats",), ("build",)])
def test_full_disk_behind_stdout_is_exit_2_and_one_sentence(built_project: Project, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "kgtool", "--quiet", "--project", str(built_project.root), *arguments]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    message = b"kgtool: cannot write the answer to stdout: No space left on device; is the disk full?\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.parametrize("arguments", ["query leading-industries", "query leading-industries --format json", "stats"])
def test_closed_stdout_is_no_traceback(built_project: Project, arguments: str) -> None:
    program = f'cd "{built_project.root}" && "{sys.executable}" -m kgtool {arguments} >&-'
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))
    done = subprocess.run(["sh", "-c", program], env=environment, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


def test_closed_stderr_leaves_stdout_to_the_answer(built_project: Project) -> None:
    program = f'"{sys.executable}" -m kgtool --project "{built_project.root}" build --format json 2>&-'
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))
    done = subprocess.run(["sh", "-c", program], env=environment, stdout=subprocess.PIPE, check=False)
    assert json.loads(done.stdout)["reused"] is True


@pytest.mark.parametrize("part", PARTS)
def test_project_that_lacks_a_part_is_refused_rather_than_the_shipped_graph_asked(
    kgtool: Run, tiny_project: Project, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    (tiny_project.root / part).rename(tiny_project.root / "elsewhere")
    (tiny_project.root / "work").mkdir()
    monkeypatch.chdir(tiny_project.root / "work")
    message = (
        f"kgtool: {tiny_project.root}: a project without {part}/; restore {part}/, or give the project to work on with"
        " --project DIR\n"
    )
    assert kgtool("stats") == (2, "", message)


def test_interrupt_is_exit_130_and_no_traceback(tiny_project: Project) -> None:
    import fcntl

    from kgtool.store.builds import builds_folder

    folder = builds_folder(tiny_project)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "kgtool", "--project", str(tiny_project.root), "build"]
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the build waits here until it is interrupted
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until_open(process, lambda file: file == folder / "lock")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err == b"kgtool: interrupted; what was there before is unchanged, run it again\n"


def test_output_is_utf8_whatever_the_locale_says(tiny_project: Project) -> None:
    command = [sys.executable, "-m", "kgtool", "--project", str(tiny_project.root), "build"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert "article/harbour/s… (2 sentences)" in done.stdout.decode("utf-8")


def test_project_is_found_from_a_folder_within_it(
    kgtool: Run, tiny_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_project.root / "graph" / "articles")
    assert "graph/article/harbour" in kgtool("build")[1]


@pytest.mark.parametrize("args", [["--help"], ["build", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(args: list[str], tmp_path: Path) -> None:
    program = (
        "import sys\nfrom kgtool.__main__ import main\nmain(sys.argv[1:])\n"
        "print([m for m in ('rdflib', 'pyshacl', 'networkx', 'rich', 'opencc') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, check=True, cwd=tmp_path)
    assert done.stderr.decode() == "[]\n"


def test_plain_query_of_a_built_store_imports_little(kgtool: Run, tiny_project: Project) -> None:
    kgtool("--project", tiny_project.root, "build")
    kgtool("query", "leading-industries", "--project", tiny_project.root)  # its header is read once and kept
    time.sleep(2.5)  # until then the files are too young for their times to be trusted
    kgtool("query", "leading-industries", "--project", tiny_project.root)
    program = (
        "import sys\nfrom kgtool.__main__ import main\nmain(['query', 'leading-industries'])\n"
        "heavy = ('rdflib', 'pyshacl', 'networkx', 'rich', 'opencc', 'yaml', 'click', 'inspect', 'kgtool.positions')\n"
        "print([m for m in heavy if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=tiny_project.root)
    assert "光学" in done.stdout.decode()
    assert done.stderr.decode().splitlines()[-1] == "[]"
