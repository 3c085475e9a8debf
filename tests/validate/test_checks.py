"""Checks: the header is read strictly; every row is a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import QueryError
from kgtool.queries.checks import read_check
from kgtool.report import Bilingual, Check
from kgtool.store import open_store
from kgtool.terms import IRI, Literal
from kgtool.validate.checks import run_checks
from kgtool.validate.triples import Triples

EX = "http://ex.example/"
PREFIXES = {"ex": EX}
DATA = """@prefix ex: <http://ex.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
GRAPH ex:s1 { ex:a ex:share 120 . ex:a rdfs:label "园区"@zh-Hans, "Park"@en . }
ex:a ex:share 120 . ex:b ex:share 20 .
"""
CHECK = """\
#+ summary: A share above 100
#+ message:
#+   en: "{focus}: {value} of {other}"
#+   zh-Hans: "{focus}的比重为{value}，{other}"
#+ severity: warning
SELECT ?focus ?path ?value ?sentence ?other WHERE {
    BIND(ex:share AS ?path)
    GRAPH ?sentence { ?focus ex:share ?value }
    FILTER(?value > 100)
    OPTIONAL { ?focus ex:of ?other }
}
"""


def write(folder: Path, text: str, name: str = "share-over-100.rq") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_row_becomes_a_finding(tmp_path: Path) -> None:
    store = open_store(write(tmp_path, DATA, "data.trig"))
    labels = [Literal("园区", "zh-Hans"), Literal("Park", "en")]
    data = Triples((IRI(f"{EX}a"), IRI("http://www.w3.org/2000/01/rdf-schema#label"), label) for label in labels)
    (finding,), checks = run_checks(store, [write(tmp_path, CHECK)], data, prefixes=PREFIXES)
    assert checks == [Check("share-over-100", "check")]
    assert (finding.severity, finding.check, finding.focus) == ("warning", "share-over-100", IRI(f"{EX}a"))
    assert (finding.path, finding.sentence) == (IRI(f"{EX}share"), IRI(f"{EX}s1"))
    assert finding.value == Literal("120", None, "http://www.w3.org/2001/XMLSchema#integer")
    assert finding.message == Bilingual("Park: 120 of —", "园区的比重为120，—")
    assert finding.repair is None


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("#+ severity: warning", "#+ severity: error", 5, "unknown severity 'error'"),
        ("#+ severity: warning", "#+ sevrity: warning", 5, "unknown header key 'sevrity'; did you mean 'severity'"),
        ('#+   zh-Hans: "{focus}的比重为{value}，{other}"\n', "", 2, "message has no text in zh-Hans"),
        ("{value} of", "{valeu} of", 3, "'{valeu}' is not a variable of the query; select \\?valeu"),
        ("#+ severity: warning", '#+ repair: "x', 5, "the header is not YAML"),
    ],
)
def test_a_wrong_header_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert CHECK.count(old) == 1
    file = write(tmp_path, CHECK.replace(old, new))
    with pytest.raises(QueryError, match=message) as caught:
        read_check(file)
    assert (caught.value.file, caught.value.line) == (str(file), line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?x { ?x ?p ?o }", "a check must be a SELECT query with \\?focus"),
        ("ASK { ?focus ?p ?o }", "a check must be a SELECT query with \\?focus"),
        ("SELECT ?focus { ?focus ?p ?o }", "a check needs a message"),
    ],
)
def test_what_is_no_check_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        read_check(write(tmp_path, text))


def test_a_check_that_does_not_select_focus_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, CHECK.replace("SELECT ?focus ?path", "SELECT ?path"))
    with pytest.raises(QueryError, match="a check must select \\?focus"):
        run_checks(open_store(write(tmp_path, DATA, "data.trig")), [file], Triples([]), prefixes=PREFIXES)


def test_a_check_with_a_syntax_error_is_refused_with_file_and_line(tmp_path: Path) -> None:
    file = write(tmp_path, CHECK.replace("BIND(ex:share AS ?path)", "BIND(ex:share AS path)"))
    with pytest.raises(QueryError) as caught:
        run_checks(open_store(write(tmp_path, DATA, "data.trig")), [file], Triples([]), prefixes=PREFIXES)
    assert (caught.value.file, caught.value.line) == (str(file), 7)


def test_two_checks_of_one_name_are_refused(tmp_path: Path) -> None:
    files = [write(tmp_path, CHECK, f"{area}/share-over-100.rq") for area in ("a", "b")]
    with pytest.raises(QueryError, match="a second check called 'share-over-100'"):
        run_checks(open_store(write(tmp_path, DATA, "data.trig")), files, Triples([]), prefixes=PREFIXES)
