"""A project of our own that conforms: two sentences of fact and one of praise, about an invented city; and its text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from kgtool.project import Project
from kgtool.report import Finding, Report
from kgtool.text.segments import digest, segment, simplified_digest
from kgtool.validate import validate_project

TEXT = "臨港園區以造船為主導產業。工業產值12.50億元,造船和光學領先。\n未來可期,再創輝煌。\n"

PREFIXES = """\
@prefix ex: <https://example.org/harbour/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix s: <https://example.org/harbour/article/review/s> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

ENTITIES = """
ex:harbour-park a ip:IndustrialPark ;
    skos:prefLabel "临港园区"@zh-Hans, "臨港園區"@zh-Hant, "Harbour Park"@en .
ex:shipbuilding a ip:Industry ;
    skos:prefLabel "造船"@zh-Hans, "造船"@zh-Hant, "Shipbuilding"@en .
ex:optics a ip:Industry ;
    skos:prefLabel "光学"@zh-Hans, "光學"@zh-Hant, "Optics"@en .
"""

FACTS = """
GRAPH s:1 {
    ex:harbour-park
        ip:hasLeadingIndustry ex:optics, ex:shipbuilding .
    ex:output ip:subject
        ex:harbour-park .
}

GRAPH s:2 {
    s:2 ip:reliesOn s:1 .
    ex:harbour-park ip:hasLeadingIndustry ex:optics .
    ex:output a ip:Observation ;
        ip:subject ex:harbour-park ;
        ip:value 12.50 ;
        ip:valueAsWritten "12.50億元" ;
        ip:quote "工業產值12.50億元"@zh .
}
"""

SHAPES = """
ex:ParkShape a sh:NodeShape ;
    sh:targetClass ip:IndustrialPark ;
    ip:repair "mend the park"@en, "修正园区"@zh-Hans ;
    sh:property ex:ParkShape-label .
ex:ParkShape-label a sh:PropertyShape ;
    sh:path skos:prefLabel ;
    sh:minCount 3 ;
    sh:message "a park has three labels"@en, "园区应有三个标签"@zh-Hans .
ex:IndustryShape a sh:NodeShape ;
    sh:targetClass ip:Industry ;
    sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] .
ex:ObservationShape a sh:NodeShape ;
    sh:targetClass ip:Observation ;
    sh:property [
        sh:path ip:value ;
        sh:maxInclusive 100 ;
        sh:severity sh:Warning ;
        sh:message "a large value"@en, "数值偏大"@zh-Hans
    ] .
ex:SentenceShape a sh:NodeShape ;
    sh:targetClass ip:Sentence, ip:NewsArticle .
"""

CHECK = """\
#+ message:
#+   en: "{focus} leads no park"
#+   zh-Hans: "{focus}不是任何园区的主导产业"
#+ repair:
#+   en: "state its park, or delete it"
#+   zh-Hans: "补充其园区，或将其删除"
SELECT ?focus WHERE { ?focus a ip:Industry FILTER NOT EXISTS { ?park ip:hasLeadingIndustry ?focus } }
"""


def article(text: str) -> str:
    """Write the record of a text."""
    iri = "<https://example.org/harbour/article/review>"
    lines = [
        f'{iri} a ip:NewsArticle ; ip:length {len(text)} ; ip:sha256 "{digest(text)}" ;',
        f'    ip:simplifiedSha256 "{simplified_digest(text)}" .',
    ]
    lines += [
        f"s:{one.number} a ip:Sentence ; dcterms:isPartOf {iri} ; ip:number {one.number} ; "
        f"ip:paragraph {one.paragraph} ; oa:start {one.start} ; oa:end {one.end} ."
        for one in segment(text)
    ]
    return "\n".join(["", *lines, ""])


class Harbour(NamedTuple):
    """The project, to be broken in one place and validated."""

    project: Project
    text: Path

    def file(self, name: str) -> Path:
        return self.project.root / name

    def write(self, name: str, text: str) -> Path:
        file = self.file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.file(name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.write(name, text.replace(old, new))

    def append(self, name: str, text: str) -> None:
        self.write(name, self.file(name).read_text(encoding="utf-8") + text)

    def line(self, name: str, words: str) -> int:
        """Return the line of a file on which some words first stand."""
        lines = self.file(name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if words in line)

    def validate(self, *, texts: Sequence[Path] = ()) -> Report:
        return validate_project(self.project, texts=texts)

    def only_finding(self, *, texts: Sequence[Path] = ()) -> Finding:
        (finding,) = self.validate(texts=texts).findings
        return finding


@pytest.fixture
def harbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harbour:
    """A project that conforms, on its own: nothing shipped lies under it."""
    monkeypatch.setattr("kgtool.project._shipped", lambda: str(tmp_path / "nothing-shipped"))
    root = tmp_path / "harbour"
    made = Harbour(Project(root), tmp_path / "text.txt")
    made.text.write_text(TEXT, encoding="utf-8")
    dataset = '<https://example.org/harbour/> a void:Dataset ; void:uriSpace "https://example.org/harbour/" .\n'
    ontology = "".join(
        f'ip:{name} rdfs:label "{name}"@en .\n' for name in ("hasLeadingIndustry", "subject", "value", "quote")
    )
    for name, text in {
        "ontology/prefixes.ttl": PREFIXES,
        "ontology/core.ttl": f"{PREFIXES}\n{ontology}",
        "ontology/shapes/all.ttl": PREFIXES + SHAPES,
        "graph/dataset.ttl": PREFIXES + dataset,
        "graph/entities/things.ttl": PREFIXES + ENTITIES,
        "graph/articles/review/article.ttl": PREFIXES + article(TEXT),
        "graph/articles/review/facts.trig": PREFIXES + FACTS,
        "queries/checks/industries/industry-without-park.rq": CHECK,
    }.items():
        made.write(name, text)
    monkeypatch.chdir(root)
    return made
