"""Every rule of ``kgtool link check``: a sound set of links, broken on purpose in one way after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kgtool.build import base_of
from kgtool.link.check import check_linksets
from kgtool.link.rules import RULES
from kgtool.linksets import make_link, read_linkset, start_linkset, write_linkset
from kgtool.linksets.targets import TARGETS
from kgtool.namespaces import read_prefixes
from kgtool.project import Project
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI

_THINGS = """\
@prefix ex: <https://example.org/tiny/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:city a ip:AdministrativeArea ; skos:prefLabel "港市"@zh-Hans, "Port City"@en .
ex:county a ip:AdministrativeArea ; skos:prefLabel "港县"@zh-Hans .
ex:maker a ip:Company ; skos:prefLabel "造船公司"@zh-Hans .
ex:plan a ip:Strategy ; skos:prefLabel "强港战略"@zh-Hans .
ex:pier a ip:Facility ; skos:prefLabel "码头"@zh-Hans .
"""

_HEADER = """\
#curie_map:
#  ex: https://example.org/tiny/id/
#  foaf: http://xmlns.com/foaf/0.1/
#  target: https://w3id.org/industrial-park/target/
#  {prefix}: {namespace}
#mapping_set_id: https://example.org/tiny/links/{name}
#mapping_set_version: "2026-11-26"
#mapping_set_title: Tiny links
#license: https://creativecommons.org/licenses/by/4.0/
#object_source: target:{name}
#mapping_date: 2026-11-26
subject_id	subject_label	predicate_id	predicate_modifier	object_id	object_category	mapping_justification	author_id	confidence	comment
"""  # noqa: E501 (a row is a line)

#: Sound rows: subject, label, predicate, object, kind.
_ROWS = {
    "wikidata": (
        "city 港市 owl:sameAs wd:Q1 administrative area",
        "maker 造船公司 skos:exactMatch wd:Q2 organisation",
        "optics 光学 skos:closeMatch wd:Q3 concept",
        "optics 光学 skos:exactMatch sssom:NoTermFound",
        "plan 强港战略 skos:broadMatch wd:Q4 concept",
    ),
    "geonames": (
        "city 港市 owl:sameAs geonames:11/ administrative area",
        "county 港县 skos:closeMatch geonames:12/ populated place",
    ),
    "gbt2260": (
        "harbour-park 临港园区 skos:broadMatch gbt2260:530102 administrative area",
        "pier 码头 skos:broadMatch gbt2260:530102 administrative area",
    ),
    "isic-rev4": ("optics 光学 skos:closeMatch isic-rev4:2670 concept",),
    "wikipedia-en": ("city Port_City foaf:isPrimaryTopicOf wpen:Port_City page",),
    "eurovoc": ("city 港市 skos:exactMatch eurovoc:5969 administrative area",),
}
_SPACES = {
    "wikidata": ("wd", "http://www.wikidata.org/entity/"),
    "geonames": ("geonames", "https://sws.geonames.org/"),
    "gbt2260": ("gbt2260", "https://w3id.org/industrial-park/code/gbt2260/"),
    "isic-rev4": ("isic-rev4", "https://w3id.org/industrial-park/code/isic-rev4/"),
    "wikipedia-en": ("wpen", "https://en.wikipedia.org/wiki/"),
    "eurovoc": ("eurovoc", "http://eurovoc.europa.eu/"),
}


def row(short: str, *, modifier: str = "", confidence: str = "0.8", justification: str = "") -> str:
    """Write a row out: ``city 港市 owl:sameAs wd:Q1 administrative area``."""
    subject, label, predicate, object_, *kind = short.split(" ", 4)
    cells = [f"ex:{subject}", label.replace("_", " "), predicate, modifier, object_, "".join(kind)]
    return "\t".join([*cells, justification or "semapv:ManualMappingCuration", "ex:me", confidence, "an atlas"])


def header(name: str) -> str:
    """Return what stands before the rows of a file."""
    prefix, namespace = _SPACES[name]
    text = _HEADER.format(name=name, prefix=prefix, namespace=namespace)
    return text if name == "wikipedia-en" else text.replace("#  foaf: http://xmlns.com/foaf/0.1/\n", "")


def sound() -> dict[str, str]:
    """Return the sound files, by name."""
    return {name: header(name) + "".join(f"{row(short)}\n" for short in rows) for name, rows in _ROWS.items()}


Check = Callable[[Mapping[str, str]], list[Finding]]


@pytest.fixture
def check(tiny_project: Project) -> Check:
    """Check files of links, given by name, of a project that has the things."""
    (tiny_project.root / "graph" / "entities" / "linked.ttl").write_text(_THINGS, encoding="utf-8")
    folder = tiny_project.root / "graph" / "links"
    folder.mkdir()

    def check_files(files: Mapping[str, str]) -> list[Finding]:
        for name, text in files.items():
            (folder / f"{name}.sssom.tsv").write_text(text, encoding="utf-8")
        return list(check_linksets(tiny_project).findings)

    return check_files


def test_sound_links_have_no_finding(check: Check) -> None:
    assert check(sound()) == []


def edit(name: str, old: str, new: str) -> Callable[[dict[str, str]], None]:
    def change(files: dict[str, str]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def add(name: str, short: str, **more: str) -> Callable[[dict[str, str]], None]:
    """Add a row where it belongs."""

    def change(files: dict[str, str]) -> None:
        head, _, rows = files[name].partition("comment\n")
        lines = sorted([*rows.splitlines(), row(short, **more)], key=lambda line: line.split("\t"))
        files[name] = head + "comment\n" + "".join(f"{line}\n" for line in lines)

    return change


def swap(name: str) -> Callable[[dict[str, str]], None]:
    """Exchange the last two rows."""

    def change(files: dict[str, str]) -> None:
        *lines, one, other = files[name].splitlines(keepends=True)
        files[name] = "".join([*lines, other, one])

    return change


def write(name: str, text: str) -> Callable[[dict[str, str]], None]:
    def change(files: dict[str, str]) -> None:
        files[name] = text

    return change


_MAKER = row("maker 造船公司 skos:exactMatch wd:Q2 organisation")

#: What is broken, the rules that find it, the place, and a word of the message.
_FAULTS = [
    (write("wikidata", "#license: x\n"), "linkset-unreadable", "wikidata:2", "there is no table"),
    (write("atlas", header("isic-rev4").replace("links/isic-rev4", "links/atlas")), "linkset-target", "atlas", "atlas"),
    (
        edit("wikidata", "#license: https://creativecommons.org/licenses/by/4.0/\n", ""),
        "linkset-metadata",
        "wikidata:1",
        "license",
    ),
    (edit("wikidata", "#mapping_set_title: Tiny links\n", ""), "linkset-metadata", "wikidata:1", "mapping_set_title"),
    (edit("wikidata", "links/wikidata", "links/geonames"), "linkset-id", "wikidata:5", "the file is wikidata"),
    (edit("wikidata", "#mapping_date", "#odd: 1\n#mapping_date"), "linkset-unknown-slot", "wikidata:10", "odd"),
    (
        edit("wikidata", "http://www.wikidata.org/entity/", "https://www.wikidata.org/entity/"),
        "link-prefix link-identifier",
        "wikidata:4",
        "stands for https",
    ),
    (edit("wikidata", "ex:plan\t", "ez:plan\t"), "link-prefix", "wikidata:16", "prefix 'ez' is not declared"),
    (
        edit("wikidata", "\tex:me\t0.8\tan atlas", "\tme\t0.8\tan atlas"),
        "link-value",
        "wikidata:12",
        "author_id is 'me'",
    ),
    (
        edit("wikidata", "semapv:ManualMappingCuration\tex:me\t0.8\tan", "\tex:me\t0.8\tan"),
        "link-incomplete",
        "wikidata:12",
        "mapping_justification",
    ),
    (edit("wikidata", "\tex:me\t", "\t\t"), "link-incomplete", "wikidata:12", "author_id"),
    (edit("wikidata", "\t0.8\t", "\t\t"), "link-incomplete", "wikidata:12", "confidence"),
    (edit("wikidata", "\tan atlas", "\t"), "link-incomplete", "wikidata:12", "comment"),
    (edit("isic-rev4", "#mapping_date: 2026-11-26\n", ""), "link-incomplete", "isic-rev4:11", "mapping_date"),
    (edit("isic-rev4", "#object_source: target:isic-rev4\n", ""), "link-incomplete", "isic-rev4:11", "object_source"),
    (edit("wikidata", "\twd:Q2\t", "\t\t"), "link-incomplete", "wikidata:13", "object_id"),
    (edit("wikidata", "\torganisation\t", "\t\t"), "link-incomplete", "wikidata:13", "object_category"),
    (edit("wikidata", "\t0.8\t", "\t1.5\t"), "link-confidence", "wikidata:12", "1.5"),
    (edit("wikidata", "\t0.8\t", "\t-0.1\t"), "link-confidence", "wikidata:12", "-0.1"),
    (edit("wikidata", "\t0.8\t", "\tnan\t"), "link-confidence", "wikidata:12", "nan"),
    (edit("wikidata", "\t0.8\t", "\thigh\t"), "link-confidence", "wikidata:12", "high"),
    (edit("wikidata", "semapv:ManualMappingCuration", "semapv:Guess"), "link-value", "wikidata:12", "semapv:Guess"),
    (edit("wikidata", "\torganisation\t", "\tshipyard\t"), "link-value", "wikidata:13", "shipyard"),
    (
        edit("wikidata", "#mapping_date: 2026-11-26", "#mapping_date: 26.11.2026"),
        "link-value",
        "wikidata:12",
        "26.11.2026",
    ),
    (
        edit("isic-rev4", "target:isic-rev4", "target:nace"),
        "link-value",
        "isic-rev4:12",
        "object_source is 'target:nace'",
    ),
    (edit("wikipedia-en", "\tpage\t", "\tconcept\t"), "link-value", "wikipedia-en:13", "object_category is 'concept'"),
    (
        edit("wikidata", "skos:closeMatch", "skos:broader"),
        "link-predicate",
        "wikidata:14",
        "skos:broader links nothing",
    ),
    (edit("wikidata", "wd:Q3", "wd:P3"), "link-identifier", "wikidata:14", "wd:P3"),
    (edit("geonames", "geonames:12/", "geonames:12"), "link-identifier", "geonames:13", "geonames:12"),
    (edit("gbt2260", "gbt2260:530102", "gbt2260:53010"), "link-identifier", "gbt2260:12", "gbt2260:53010"),
    (edit("isic-rev4", "ex:optics", "ex:opticks"), "link-subject-unknown", "isic-rev4:12", "ex:opticks"),
    (edit("isic-rev4", "光学", "光電"), "link-label-stale", "isic-rev4:12", "called '光学' in the graph"),
    (
        edit("wikidata", "\torganisation\t", "\tconcept\t"),
        "link-type-clash",
        "wikidata:13",
        "an organisation is not linked by skos:exactMatch to what is a concept",
    ),
    (edit("gbt2260", "skos:broadMatch", "skos:exactMatch"), "link-type-clash", "gbt2260:12", "a park"),
    (edit("geonames", "skos:closeMatch", "skos:exactMatch"), "link-type-clash", "geonames:13", "populated place"),
    (
        edit("wikidata", "skos:broadMatch\t\twd:Q4", "skos:exactMatch\t\twd:Q4"),
        "link-type-clash",
        "wikidata:16",
        "a policy",
    ),
    (
        edit("wikidata", "maker\t造船公司\tskos:exactMatch", "maker\t造船公司\towl:sameAs"),
        "link-same-as",
        "wikidata:13",
        "this is none",
    ),
    (edit("eurovoc", "skos:exactMatch", "owl:sameAs"), "link-same-as", "eurovoc:12", "records or concepts"),
    (edit("geonames", "skos:closeMatch", "owl:sameAs"), "link-same-as", "geonames:13", "this is none"),
    (
        edit("isic-rev4", "skos:closeMatch", "skos:exactMatch"),
        "link-classification-exact",
        "isic-rev4:12",
        "an industry is never",
    ),
    (
        edit("wikidata", "skos:exactMatch\t\tsssom", "skos:relatedMatch\t\tsssom"),
        "link-nothing-found",
        "wikidata:15",
        "says nothing of use",
    ),
    (
        edit("wikidata", "skos:exactMatch\t\tsssom", "skos:exactMatch\tNot\tsssom"),
        "link-nothing-found",
        "wikidata:15",
        "cannot be denied",
    ),
    (
        edit("wikidata", "ex:city\t港市\t", "sssom:NoTermFound\t港市\t"),
        "link-nothing-found link-unsorted",
        "wikidata:12",
        "is no subject",
    ),
    (
        edit("wikidata", f"{_MAKER}\n", f"{_MAKER}\n{_MAKER}\n"),
        "link-duplicate",
        "wikidata:14",
        "graph/links/wikidata.sssom.tsv:13",
    ),
    (
        edit("wikidata", f"{_MAKER}\n", f"{_MAKER}\n{_MAKER}x\n"),
        "link-duplicate",
        "wikidata:14",
        "graph/links/wikidata.sssom.tsv:13",
    ),
    (
        edit("gbt2260", "ex:harbour-park\t临港园区", "ex:pier\t码头"),
        "link-duplicate",
        "gbt2260:13",
        "gbt2260.sssom.tsv:12",
    ),
    (swap("gbt2260"), "link-unsorted", "gbt2260:13", "comes before"),
    (
        add("wikidata", "city 港市 owl:sameAs wd:Q9 administrative area"),
        "link-two-exact",
        "wikidata:13",
        "Wikidata has two that are ex:city: wd:Q1",
    ),
    (
        add("wikidata", "county 港县 skos:exactMatch wd:Q1 administrative area"),
        "link-shared-object",
        "wikidata:13",
        "wd:Q1 is the same as ex:city already",
    ),
    (
        add("wikidata", "city 港市 skos:broadMatch wd:Q1 administrative area"),
        "link-contradiction",
        "wikidata:13",
        "exclude each other",
    ),
    (
        add("wikidata", "maker 造船公司 skos:relatedMatch wd:Q2 organisation"),
        "link-contradiction",
        "wikidata:14",
        "exclude each other",
    ),
    (
        add("wikidata", "plan 强港战略 skos:narrowMatch wd:Q4 concept"),
        "link-contradiction link-type-clash",
        "wikidata:17",
        "exclude each other",
    ),
    (
        add("wikidata", "city 港市 owl:sameAs wd:Q1 administrative area", modifier="Not"),
        "link-contradiction",
        "wikidata:13",
        "one denies",
    ),
    (
        add("wikidata", "optics 光学 skos:exactMatch wd:Q8 concept"),
        "link-contradiction",
        "wikidata:15",
        "wd:Q8 is the same",
    ),
]


@pytest.mark.parametrize(
    ("change", "rules", "place", "word"), _FAULTS, ids=[f"{one[1]}-{n}" for n, one in enumerate(_FAULTS)]
)
def test_a_fault_is_found_at_its_line(
    check: Check, change: Callable[[dict[str, str]], None], rules: str, place: str, word: str
) -> None:
    files = sound()
    change(files)
    findings = check(files)
    assert sorted({finding.check for finding in findings}) == sorted(rules.split())
    first = next(finding for finding in findings if finding.check == rules.partition(" ")[0])
    name, _, line = place.partition(":")
    assert (first.file, first.line) == (f"graph/links/{name}.sssom.tsv", int(line) if line else None)
    assert word in first.message.en
    for text in (*first.message, *(first.repair or ())):
        assert re.search(r"\{[a-z_]+\}", text) is None


def test_every_rule_has_a_fault_that_it_finds() -> None:
    looked_up = {"link-target-gone", "link-target-moved", "link-code-differs"}  # in test_enrich.py
    assert {rule for _, rules, *_ in _FAULTS for rule in rules.split()} == set(RULES) - looked_up


def test_what_is_the_same_by_way_of_others_is_a_contradiction(check: Check) -> None:
    files = sound()
    # The county is Q1 as the city is, and the county's GeoNames entry is the canton's: so the canton would be the city.
    add("wikidata", "county 港县 skos:exactMatch wd:Q1 administrative area")(files)
    edit(
        "geonames",
        "skos:closeMatch\t\tgeonames:12/\tpopulated place",
        "owl:sameAs\t\tgeonames:12/\tadministrative area",
    )(files)
    add("geonames", "canton 港镇 skos:exactMatch geonames:12/ administrative area")(files)
    findings = [(one.check, one.file, one.line) for one in check(files)]
    assert ("link-contradiction", "graph/links/geonames.sssom.tsv", 12) in findings
    # What follows is denied: the canton is not Q1.
    add("wikidata", "canton 港镇 skos:exactMatch wd:Q1 administrative area", modifier="Not")(files)
    denied = [one for one in check(files) if one.check == "link-contradiction" and "wikidata" in (one.file or "")]
    assert [one.message.en.partition(": ")[2] for one in denied] == ["by way of others ex:canton is the same as wd:Q1"]


def test_a_finding_has_the_ends_of_the_link_and_says_it_in_both_languages(check: Check) -> None:
    files = sound()
    edit("isic-rev4", "skos:closeMatch", "skos:exactMatch")(files)
    (finding,) = check(files)
    assert finding == Finding(
        severity="violation",
        check="link-classification-exact",
        message=Bilingual(
            "an industry is never the same as a code of International Standard Industrial Classification, Rev. 4",
            "产业不等同于 International Standard Industrial Classification, Rev. 4 的代码",
        ),
        repair=Bilingual("use skos:closeMatch, and say what the code leaves out", "改用 skos:closeMatch，并说明差别"),
        focus=IRI("https://example.org/tiny/id/optics"),
        path=IRI("http://www.w3.org/2004/02/skos/core#exactMatch"),
        value=IRI("https://w3id.org/industrial-park/code/isic-rev4/2670"),
        file="graph/links/isic-rev4.sssom.tsv",
        line=12,
    )


def test_a_file_that_cannot_be_read_does_not_hide_the_others(check: Check) -> None:
    files = sound()
    write("geonames", "")(files)
    edit("isic-rev4", "skos:closeMatch", "skos:exactMatch")(files)
    assert [(one.check, one.file) for one in check(files)] == [
        ("link-classification-exact", "graph/links/isic-rev4.sssom.tsv"),
        ("linkset-unreadable", "graph/links/geonames.sssom.tsv"),
    ]


def test_a_set_that_is_started_needs_only_rows(tiny_project: Project, tmp_path: Path) -> None:
    (tiny_project.root / "graph" / "entities" / "linked.ttl").write_text(_THINGS, encoding="utf-8")
    prefixes = read_prefixes(tiny_project.prefixes_file)
    started = start_linkset(TARGETS["isic-rev4"], base=base_of(tiny_project), version="1", prefixes=prefixes)
    made = make_link(
        "ex:optics",
        "skos:closeMatch",
        "isic-rev4:2670",
        "semapv:ManualMappingCuration",
        author_id="ex:me",
        confidence=0.8,
        comment="an atlas",
        mapping_date="2026-11-26",
        object_source="target:isic-rev4",
    )
    file = tmp_path / "isic-rev4.sssom.tsv"
    write_linkset(started.with_links([made]), file)
    assert check_linksets(tiny_project, [file]).findings == ()
    assert read_linkset(file).links == (made._replace(line=12),)


def test_files_outside_the_project_are_checked_against_its_things(tiny_project: Project, tmp_path: Path) -> None:
    (tiny_project.root / "graph" / "entities" / "linked.ttl").write_text(_THINGS, encoding="utf-8")
    file = tmp_path / "isic-rev4.sssom.tsv"
    file.write_text(sound()["isic-rev4"].replace("ex:optics", "ex:opticks"), encoding="utf-8")
    report = check_linksets(tiny_project, [file])
    assert [finding.check for finding in report.findings] == ["link-subject-unknown"]
    assert {check.name: check.examined for check in report.checks}["link-identifier"] == 1
