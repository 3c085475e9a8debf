"""A report as RDF: a ``sh:ValidationReport`` in Turtle.

https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from collections.abc import Callable

from kgtool.namespaces import DCTERMS, RDFS, SH
from kgtool.report.findings import Bilingual, Finding, Report
from kgtool.report.human import location
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = ["render_turtle"]

#: The component of a finding that no SHACL constraint made: a query did.
_QUERY = IRI(SH + "SPARQLConstraintComponent")


def render_turtle(report: Report) -> str:
    """Write a report as SHACL has it: it conforms when there is no result at all, whatever the severity."""
    blanks: dict[BlankNode, str] = {}

    def write(term: Term) -> str:
        # The labels of blank nodes come from an engine, and change from run to run.
        return blanks.setdefault(term, f"_:b{len(blanks) + 1}") if isinstance(term, BlankNode) else n3(term)

    conforms = "false" if report.findings else "true"
    results = "".join(f";\n    sh:result {_result(finding, write)}" for finding in report.findings)
    return (
        f"@prefix dcterms: <{DCTERMS}> .\n@prefix rdfs: <{RDFS}> .\n@prefix sh: <{SH}> .\n\n"
        f"[] a sh:ValidationReport ;\n    sh:conforms {conforms} {results}.\n"
    )


def _result(finding: Finding, write: Callable[[Term], str]) -> str:
    properties = [
        ("a", "sh:ValidationResult"),
        ("sh:focusNode", write(finding.focus) if finding.focus is not None else "[]"),
        ("sh:resultSeverity", f"sh:{finding.severity.capitalize()}"),
        ("sh:resultMessage", _texts(finding.message)),
        ("sh:sourceConstraintComponent", write(finding.component or _QUERY)),
    ]
    if isinstance(finding.path, IRI):
        properties.append(("sh:resultPath", write(finding.path)))
    if finding.value is not None:
        properties.append(("sh:value", write(finding.value)))
    if finding.shape is not None:
        properties.append(("sh:sourceShape", write(finding.shape)))
    properties.append(("dcterms:identifier", n3(Literal(finding.check))))
    if finding.sentence is not None:
        properties.append(("dcterms:source", write(finding.sentence)))
    if finding.file is not None:
        properties.append(("rdfs:comment", n3(Literal(location(finding)))))
    if finding.repair is not None:
        properties.append(("dcterms:description", _texts(finding.repair)))
    return "[\n" + "".join(f"        {name} {value} ;\n" for name, value in properties) + "    ] "


def _texts(text: Bilingual) -> str:
    return f"{n3(Literal(text.en, 'en'))}, {n3(Literal(text.zh, 'zh-Hans'))}"
