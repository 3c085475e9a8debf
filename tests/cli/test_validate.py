"""``kgtool validate``: exit codes, where the report goes, what is said on stderr."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgtool.report import REPORT_FORMATS

Run = Callable[..., Any]
PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <http://ex.example/> .\n"


@pytest.fixture(autouse=True)
def _in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> str:
    Path(name).write_text(PREFIXES + text, encoding="utf-8")
    return name


@pytest.fixture
def shapes() -> str:
    return write(
        "shapes.ttl",
        "ex:ParkShape a sh:NodeShape ; sh:targetClass ex:Park ;"
        ' sh:property [ sh:path ex:area ; sh:maxCount 1 ; sh:severity sh:Warning ; sh:message "two"@en, "两"@zh ] .',
    )


@pytest.fixture
def warned() -> str:
    return write("data.ttl", "ex:a a ex:Park ;\n    ex:area 1, 2 .")


def test_data_that_conforms_exits_0(kgtool: Run, shapes: str) -> None:
    done = kgtool("validate", "--data", write("data.ttl", "ex:a a ex:Park ; ex:area 1 ."), "--shapes", shapes)
    assert done == (
        0,
        "conforms 合格: 0 violations, 0 warnings, 0 infos in 10 checks · 10 项检查，0 处违规、0 处警告、0 处提示\n",
        "",
    )


def test_a_warning_fails_only_when_asked(kgtool: Run, shapes: str, warned: str) -> None:
    assert kgtool("validate", "--data", warned, "--shapes", shapes).code == 0
    done = kgtool("validate", "--data", warned, "--shapes", shapes, "--fail-on", "warning")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("warning 警告  ParkShape-area\n  two\n  两\n    data.ttl:4  ex:a  ex:area\n")


def test_shapes_that_match_nothing_exit_1(kgtool: Run, shapes: str) -> None:
    done = kgtool("validate", "--data", write("data.ttl", "ex:a a ex:Prak ."), "--shapes", shapes)
    assert done.code == 1
    assert "nothing is an instance of ex:Park" in done.out


def test_unparsable_data_exits_1_with_its_line(kgtool: Run, shapes: str) -> None:
    done = kgtool("validate", "--data", write("data.ttl", "foaf:a a ex:Park ."), "--shapes", shapes)
    assert done.code == 1
    assert "data.ttl:3" in done.out
    assert "unknown prefix 'foaf'" in done.out


def test_broken_shapes_exit_2_with_their_line(kgtool: Run, warned: str) -> None:
    shapes = write(
        "bad.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Park ;\n sh:property [ sh:path ex:area ; sh:minCount 'x' ] .",
    )
    done = kgtool("validate", "--data", warned, "--shapes", shapes)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kgtool: bad.ttl:4: not well-formed SHACL: ")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--data", "data.ttl"], "--data and --shapes go together"),
        (["--shapes", "shapes.ttl"], "--data and --shapes go together"),
        (["--data", "d.ttl", "--shapes", "s.ttl", "--text", "t.txt"], "--text is for a project's articles"),
        (["--data", "nowhere.ttl", "--shapes", "shapes.ttl"], "nowhere.ttl"),
        (["--data", "data.ttl", "--shapes", "nowhere.ttl"], "nowhere.ttl"),
        (["--format", "yaml"], "'yaml' is not one of"),
    ],
)
def test_what_cannot_run_exits_2(kgtool: Run, shapes: str, warned: str, args: list[str], message: str) -> None:
    done = kgtool("validate", *args)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


@pytest.mark.parametrize("form", REPORT_FORMATS)
def test_every_format_goes_to_stdout_or_a_file(kgtool: Run, shapes: str, warned: str, form: str) -> None:
    args = ("validate", "--data", warned, "--shapes", shapes, "--format", form)
    printed = kgtool(*args)
    written = kgtool(*args, "-o", "report")
    assert printed.err == ""
    assert (written.out, Path("report").read_text(encoding="utf-8")) == ("", printed.out)
    assert written.err.endswith("; written to report\n")
    assert sorted(file.name for file in Path().iterdir()) == ["data.ttl", "report", "shapes.ttl"]


def test_a_report_that_cannot_be_written_exits_2(kgtool: Run, shapes: str, warned: str) -> None:
    done = kgtool("validate", "--data", warned, "--shapes", shapes, "-o", "no/such/folder")
    assert (done.code, done.out) == (2, "")
    assert "no/such/folder" in done.err


def test_a_text_of_something_else_is_a_finding_of_the_project(kgtool: Run, tiny_project: Any) -> None:
    text = Path("text.txt")
    text.write_text("别的文章。\n", encoding="utf-8")
    done = kgtool("--project", tiny_project.root, "validate", "--text", text, "--format", "json")
    assert done.code == 1
    found = [finding for finding in json.loads(done.out)["findings"] if finding["check"] == "another-text"]
    assert [(finding["file"], finding["severity"]) for finding in found] == [("text.txt", "violation")]


def test_a_text_that_cannot_be_decoded_exits_2(kgtool: Run, tiny_project: Any) -> None:
    Path("text.txt").write_bytes("臨港園區".encode("big5"))
    done = kgtool("--project", tiny_project.root, "validate", "--text", "text.txt")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kgtool: text.txt:1: not UTF-8")


def test_help_ends_with_an_example(kgtool: Run) -> None:
    done = kgtool("validate", "--help")
    assert (done.code, done.out.splitlines()[-1].strip()) == (
        0,
        "Example: kgtool validate --format sarif -o findings.sarif",
    )


def test_help_imports_neither_pyshacl_nor_rdflib() -> None:
    code = (
        "import sys; from kgtool.__main__ import main; main(['validate', '--help']);"
        "print(sorted({'pyshacl', 'rdflib', 'yaml', 'opencc'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
