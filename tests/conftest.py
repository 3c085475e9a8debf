"""What the tests share: a tiny project of our own, the article's text where it is at hand, and a way to run kgtool."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

import pytest

from kgtool.__main__ import main
from kgtool.build import build
from kgtool.project import Project

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As in the background of a shell: what the tests start would not be interrupted either.
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: The tiny project: three sentences about an invented city.
_TINY = {
    "ontology/prefixes.ttl": """\
@prefix ex: <https://example.org/tiny/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix period: <https://example.org/tiny/period/> .
@prefix s: <https://example.org/tiny/article/harbour/s> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix unit: <http://qudt.org/vocab/unit/> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
""",
    "graph/dataset.ttl": """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix void: <http://rdfs.org/ns/void#> .
<https://example.org/tiny/> a void:Dataset ;
    dcterms:title "Tiny"@en ;
    void:uriSpace "https://example.org/tiny/" .
""",
    "graph/entities/parks.ttl": """\
@prefix ex: <https://example.org/tiny/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:harbour-park a ip:IndustrialPark ;
    skos:prefLabel "临港园区"@zh-Hans, "臨港園區"@zh-Hant, "Harbour Park"@en ;
    skos:altLabel "临港"@zh-Hans .
ex:shipbuilding a ip:Industry ;
    skos:prefLabel "造船"@zh-Hans, "造船"@zh-Hant, "Shipbuilding"@en .
ex:optics a ip:Industry ;
    skos:prefLabel "光学"@zh-Hans, "光學"@zh-Hant, "Optics"@en .
""",
    "graph/articles/harbour/article.ttl": """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix s: <https://example.org/tiny/article/harbour/s> .
<https://example.org/tiny/article/harbour> a ip:NewsArticle ;
    ip:length 45 .
s:1 a ip:Sentence ;
    dcterms:isPartOf <https://example.org/tiny/article/harbour> ;
    ip:number 1 ;
    ip:paragraph 1 ;
    oa:start 0 ;
    oa:end 15 ;
    ip:sentenceRole ip:Factual .
s:2 a ip:Sentence ;
    dcterms:isPartOf <https://example.org/tiny/article/harbour> ;
    ip:number 2 ;
    ip:paragraph 1 ;
    oa:start 15 ;
    oa:end 30 ;
    ip:sentenceRole ip:Factual .
s:3 a ip:Sentence ;
    dcterms:isPartOf <https://example.org/tiny/article/harbour> ;
    ip:number 3 ;
    ip:paragraph 2 ;
    oa:start 31 ;
    oa:end 45 ;
    ip:sentenceRole ip:Rhetoric ;
    ip:roleReason "praise"@en .
""",
    "graph/articles/harbour/facts.trig": """\
@prefix ex: <https://example.org/tiny/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix s: <https://example.org/tiny/article/harbour/s> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

GRAPH s:1 {
    ex:harbour-park ip:hasLeadingIndustry ex:shipbuilding .
}

GRAPH s:2 {
    ex:harbour-park ip:hasLeadingIndustry ex:shipbuilding, ex:optics .
    ex:output-2030 a ip:Observation ;
        ip:subject ex:harbour-park ;
        ip:value 12.50 ;
        ip:valueAsWritten "12.50亿元" ;
        ip:quote "产值12.50亿元" .
    s:2 ip:reliesOn s:1 .
}
""",
    "queries/leading-industries.rq": """\
#+ summary: Which industries lead?
PREFIX ip: <https://w3id.org/industrial-park/ns#>
SELECT ?park ?industry WHERE { ?park ip:hasLeadingIndustry ?industry } ORDER BY ?park ?industry
""",
}


class Completed(NamedTuple):
    """What a run of kgtool left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests' builds apart from the person's own."""
    monkeypatch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def tiny_project(tmp_path: Path) -> Project:
    """A project of three sentences about an invented city, free to change."""
    return _write_tiny(tmp_path / "tiny")


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same project, built: for tests that read. Its graph must not be changed, its queries may."""
    project = _write_tiny(tmp_path_factory.mktemp("built") / "tiny")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        build(project)
    return project


@pytest.fixture
def kgtool(capsys: pytest.CaptureFixture[str]) -> Callable[..., Completed]:
    """Run kgtool in this process: ``kgtool("build", "--format", "json") -> Completed(code, out, err)``."""

    def run(*args: str | Path) -> Completed:
        capsys.readouterr()
        code = main([str(arg) for arg in args])
        return Completed(code, *capsys.readouterr())

    return run


def wait_until_open(process: Popen[bytes], wanted: Callable[[Path], bool]) -> None:
    """Wait until a process has a file open that is wanted, half a minute at most: unfinished ones have no name."""
    opened = Path(f"/proc/{process.pid}/fd")
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError):  # it may close one meanwhile
            if any(wanted(file.readlink()) for file in opened.iterdir()):
                return
        time.sleep(0.05)


@pytest.fixture(scope="session")
def article_text_path() -> Path:
    """The text of the Kunming article, which is the newspaper's and not in this repository."""
    beside = Path(__file__).parent.parent.parent / "shared" / "article.txt"
    path = Path(os.environ.get("KGTOOL_ARTICLE_TEXT") or beside)
    if path.is_file():
        return path
    reason = f"the article's text is not at {path} (it is the newspaper's): set KGTOOL_ARTICLE_TEXT to a copy"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _write_tiny(root: Path) -> Project:
    for name, text in _TINY.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Project(root)
