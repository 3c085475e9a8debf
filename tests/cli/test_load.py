"""``kgtool load``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgtool.store.bulk import BulkStore

Run = Callable[..., tuple[int, str, str]]

DATA = """@prefix ex: <https://example.org/tiny/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
GRAPH ex:g { ex:quay skos:prefLabel "Quay"@en . }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "quay.trig").write_text(DATA, encoding="utf-8")
    return tmp_path / "quay.trig"


def test_what_was_loaded_is_asked_and_searched_with_store(kgtool: Run, file: Path) -> None:
    folder = str(file.parent / "store of parks")
    code, out, err = kgtool("load", str(file), "-o", folder)
    assert code == 0
    assert out.splitlines()[2:] == ["triples of the default graph       1", "named graphs                       1"]
    assert err.startswith("kgtool: loaded in ")
    assert err.endswith(f"; ask it with --store '{folder}'\n")
    assert kgtool("query", "-q", "SELECT ?o { ?s ?p ?o }", "--store", folder, "--format", "csv")[1] == "o\r\nQuay\r\n"
    assert "Quay" in kgtool("search", "qua", "--store", folder)[1]


def test_as_json_and_quiet_it_says_what_the_store_has(kgtool: Run, file: Path) -> None:
    folder = str(file.parent / "out")
    code, out, err = kgtool("-q", "load", str(file), "-o", folder, "--no-union", "--no-index", "--format", "json")
    said = json.loads(out)
    assert (code, err) == (0, "")
    assert said.pop("seconds") >= 0
    assert said == {"folder": folder, "triples": 0, "graphs": 1, "index_seconds": None, "skipped": 0}


def test_a_load_that_was_interrupted_is_said_to_go_on(
    kgtool: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "later.nt").write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    command = ("load", str(file), str(tmp_path / "later.nt"), "-o", str(tmp_path / "out"))
    with monkeypatch.context() as patch:
        add = BulkStore.add

        def interrupted(store: BulkStore, name: str, **options: Any) -> None:
            if name.endswith("later.nt"):
                raise KeyboardInterrupt
            add(store, name, **options)

        patch.setattr(BulkStore, "add", interrupted)
        assert kgtool(*command)[0] == 130
    code, out, err = kgtool(*command)
    assert code == 0
    assert err.startswith("kgtool: went on with an interrupted load: 0.0 MB were loaded before\nkgtool: loaded in ")
    assert "triples of the default graph       2" in out


def test_a_file_that_is_not_there_is_named(kgtool: Run, tmp_path: Path) -> None:
    code, out, err = kgtool("load", str(tmp_path / "none.nq"), "-o", str(tmp_path / "out"))
    assert (code, out) == (2, "")
    assert err == f"kgtool: {tmp_path}/none.nq: cannot read it: No such file or directory; give RDF files that exist\n"
    assert list(tmp_path.iterdir()) == []
