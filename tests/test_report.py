"""Reports: six formats, each well-formed whatever the texts hold, always in one order."""

from __future__ import annotations

import json
import random
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
import rdflib

from kgtool.report import REPORT_FORMATS, Bilingual, Check, Finding, Report, make_report, render_human
from kgtool.table import display_width
from kgtool.terms import IRI, BlankNode, Literal

EX = "http://ex.example/"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
XSD = "http://www.w3.org/2001/XMLSchema#"

LABEL = Finding(
    severity="violation",
    check="ParkShape-label",
    message=Bilingual("a park has three labels", "园区应有三个标签"),
    repair=Bilingual("add the missing one", "补上缺少的标签"),
    focus=IRI(f"{EX}高新区"),
    label=Bilingual("Hi-tech Zone", "高新区"),
    path=IRI(f"{EX}label"),
    value=Literal('"<&>\n', "zh"),
    sentence=IRI(f"{EX}s12"),
    file="graph/a b.trig",
    line=12,
    shape=IRI(f"{EX}ParkShape-label"),
    component=IRI(f"{SH}MinCountConstraintComponent"),
)
OTHER = LABEL._replace(focus=IRI(f"{EX}b"), label=None, value=None, sentence=None, file="graph/b.ttl", line=3)
SHARE = Finding(
    severity="warning",
    check="share-over-100",
    message=Bilingual("120 <b>is</b> \x1b[31mtoo\x00 much & more", "120 过大"),
    focus=BlankNode("f0_-1"),
    path=f"^<{EX}of>",
    value=Literal("120", None, f"{XSD}decimal"),
)
CHECKS = [Check("ParkShape-label", "shape", 4), Check("fine", "check"), Check("share-over-100", "check")]


@pytest.fixture
def report() -> Report:
    return make_report([SHARE, OTHER, LABEL], CHECKS, sources=["graph/a b.trig"], prefixes={"ex": EX, "xsd": XSD})


def test_findings_stand_in_one_order_and_once() -> None:
    expected = make_report([LABEL, OTHER, SHARE], CHECKS)
    for seed in range(5):
        shuffled = [LABEL, OTHER, SHARE, LABEL]
        random.Random(seed).shuffle(shuffled)
        assert make_report(shuffled, reversed(CHECKS)) == expected
    assert expected.findings == (LABEL, OTHER, SHARE)


@pytest.mark.parametrize(
    ("findings", "fail_on", "conforms"),
    [
        ([], "violation", True),
        ([SHARE], "violation", True),
        ([SHARE], "warning", False),
        ([SHARE._replace(severity="info")], "warning", True),
        ([LABEL], "violation", False),
    ],
)
def test_a_report_conforms_when_nothing_is_as_severe_as_asked(
    findings: list[Finding], fail_on: str, conforms: bool
) -> None:
    report = make_report(findings, fail_on="warning" if fail_on == "warning" else "violation")
    assert report.conforms is conforms


def test_a_check_that_found_something_is_listed_even_if_nobody_named_it() -> None:
    assert make_report([SHARE]).checks == (Check("share-over-100", "other"),)


# Human ---------------------------------------------------------------------------------------------------------------


def test_the_human_report(report: Report) -> None:
    assert render_human(report) == (
        "violation 违规  ParkShape-label  (2)\n"
        "  a park has three labels\n"
        "  园区应有三个标签\n"
        '    graph/a b.trig:12  ex:高新区 高新区 / Hi-tech Zone  ex:label "\\"<&>\\n"@zh  [ex:s12]\n'
        "    graph/b.ttl:3      ex:b                             ex:label\n"
        "  → add the missing one\n"
        "  → 补上缺少的标签\n"
        "\n"
        "warning 警告  share-over-100\n"
        "  120 <b>is</b> \\x1b[31mtoo\\x00 much & more\n"
        "  120 过大\n"
        '    _:f0_-1  ^<http://ex.example/of> "120"^^xsd:decimal\n'
        "\n"
        "does not conform 不合格: 2 violations, 1 warning, 0 infos in 3 checks · "
        "3 项检查，2 处违规、1 处警告、0 处提示\n"
    )


def test_the_human_reports_columns_line_up(report: Report) -> None:
    lines = [line for line in render_human(report).splitlines() if "ex:label" in line]
    assert len({display_width(line[: line.index("ex:label")]) for line in lines}) == 1


def test_different_messages_of_one_check_stand_below_their_findings() -> None:
    findings = [LABEL._replace(message=Bilingual(f"{n} labels", f"{n} 个标签"), line=n) for n in (1, 2)]
    lines = render_human(make_report(findings)).splitlines()
    assert [line.strip() for line in lines[2:4] + lines[5:7]] == ["1 labels", "1 个标签", "2 labels", "2 个标签"]


def test_colour_is_only_there_when_asked_for(report: Report) -> None:
    assert "\x1b" not in render_human(report)
    coloured = render_human(report, colour=True)
    assert "\x1b[1;31mviolation 违规  ParkShape-label\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render_human(report)


def test_a_report_without_findings_is_its_count_line() -> None:
    assert render_human(make_report([], CHECKS)) == (
        "conforms 合格: 0 violations, 0 warnings, 0 infos in 3 checks · 3 项检查，0 处违规、0 处警告、0 处提示\n"
    )


# JSON ----------------------------------------------------------------------------------------------------------------


def test_the_json_report(report: Report) -> None:
    tree = json.loads(REPORT_FORMATS["json"](report))
    first, _, last = tree.pop("findings")
    assert tree == {
        "conforms": False,
        "fail_on": "violation",
        "counts": {"violation": 2, "warning": 1, "info": 0},
        "sources": ["graph/a b.trig"],
        "checks": [
            {"name": "fine", "kind": "check", "examined": None, "findings": 0},
            {"name": "share-over-100", "kind": "check", "examined": None, "findings": 1},
            {"name": "ParkShape-label", "kind": "shape", "examined": 4, "findings": 2},
        ],
    }
    assert first == {
        "severity": "violation",
        "check": "ParkShape-label",
        "message": {"en": "a park has three labels", "zh": "园区应有三个标签"},
        "repair": {"en": "add the missing one", "zh": "补上缺少的标签"},
        "focus": {"type": "uri", "value": f"{EX}高新区"},
        "label": {"en": "Hi-tech Zone", "zh": "高新区"},
        "path": f"{EX}label",
        "value": {"type": "literal", "value": '"<&>\n', "xml:lang": "zh"},
        "sentence": f"{EX}s12",
        "file": "graph/a b.trig",
        "line": 12,
    }
    assert last["focus"] == {"type": "bnode", "value": "f0_-1"}
    assert last["value"] == {"type": "literal", "value": "120", "datatype": f"{XSD}decimal"}


# Turtle --------------------------------------------------------------------------------------------------------------


def test_the_turtle_report_is_a_validation_report(report: Report) -> None:
    graph = rdflib.Graph().parse(data=REPORT_FORMATS["turtle"](report), format="turtle")
    (node,) = graph.subjects(rdflib.RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == rdflib.Literal(False)
    results = list(graph.objects(node, SH.result))
    assert len(results) == 3
    for result in results:
        for required in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert len(list(graph.objects(result, required))) == 1
    (first,) = graph.subjects(SH.focusNode, rdflib.URIRef(f"{EX}高新区"))
    assert set(graph.objects(first, SH.resultMessage)) == {
        rdflib.Literal("a park has three labels", lang="en"),
        rdflib.Literal("园区应有三个标签", lang="zh-Hans"),
    }
    assert graph.value(first, SH.resultSeverity) == SH.Violation
    assert graph.value(first, SH.value) == rdflib.Literal('"<&>\n', lang="zh")
    assert graph.value(first, SH.resultPath) == rdflib.URIRef(f"{EX}label")
    assert graph.value(first, SH.sourceShape) == rdflib.URIRef(f"{EX}ParkShape-label")
    assert graph.value(first, rdflib.RDFS.comment) == rdflib.Literal("graph/a b.trig:12")


@pytest.mark.parametrize(("findings", "conforms"), [([], True), ([SHARE], False)])
def test_the_turtle_report_conforms_only_without_results(findings: list[Finding], conforms: bool) -> None:
    graph = rdflib.Graph().parse(data=REPORT_FORMATS["turtle"](make_report(findings)), format="turtle")
    assert list(graph.objects(None, SH.conforms)) == [rdflib.Literal(conforms)]


# JUnit ---------------------------------------------------------------------------------------------------------------


def test_the_junit_report_has_a_case_for_every_check(report: Report) -> None:
    root = ET.fromstring(REPORT_FORMATS["junit"](report))
    assert root.attrib == {"name": "kgtool validate", "tests": "3", "failures": "1"}
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root] == [
        ("check", "2", "0"),
        ("shape", "1", "1"),
    ]
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert list(cases) == ["fine", "share-over-100", "ParkShape-label"]
    assert list(cases["fine"]) == []
    (failure,) = cases["ParkShape-label"]
    assert failure.attrib == {"type": "violation", "message": "2 findings: a park has three labels"}
    assert (failure.text or "").splitlines()[:2] == [
        "graph/a b.trig:12 ex:高新区 violation",
        "  a park has three labels",
    ]
    (output,) = cases["share-over-100"]
    assert output.tag == "system-out"
    assert "120 <b>is</b> \ufffd[31mtoo\ufffd much & more" in (output.text or "")


# SARIF ---------------------------------------------------------------------------------------------------------------


def test_the_sarif_report(report: Report) -> None:
    log = json.loads(REPORT_FORMATS["sarif"](report))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["fine", "share-over-100", "ParkShape-label"]
    assert run["tool"]["driver"]["name"] == "kgtool"
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
    assert run["results"][0]["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "graph/a%20b.trig"}, "region": {"startLine": 12}}}
    ]
    assert "locations" not in run["results"][2]


def test_a_sarif_location_outside_the_folder_is_a_file_uri() -> None:
    log = json.loads(REPORT_FORMATS["sarif"](make_report([LABEL._replace(file="/tmp/园.ttl", line=None)])))
    (place,) = log["runs"][0]["results"][0]["locations"]
    assert place == {"physicalLocation": {"artifactLocation": {"uri": "file:///tmp/%E5%9B%AD.ttl"}}}


# HTML ----------------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Collect what a page shows, and whether its elements nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_html_report_is_whole_needs_nothing_and_escapes_everything(report: Report) -> None:
    text = REPORT_FORMATS["html"](report)
    page = _Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert page.links == []
    assert "<b>" not in text
    assert "\x1b" not in text
    words = "".join(page.words)
    assert "120 <b>is</b> \\x1b[31mtoo\\x00 much & more" in words
    for expected in ("园区应有三个标签", "a park has three labels", "graph/a b.trig:12", "ex:s12", '"\\"<&>\\n"@zh'):
        assert expected in words
    assert "prefers-color-scheme: dark" in text


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_every_format_can_write_no_findings(name: str) -> None:
    assert REPORT_FORMATS[name](make_report([]))
