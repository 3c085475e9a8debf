"""The page of quality: what a careful reader wants to see before trusting the graph."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from kgtool.census import take_census
from kgtool.errors import KgError
from kgtool.explorer.mappings import MAPPINGS, place_of
from kgtool.explorer.naming import Naming
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.explorer.words import message
from kgtool.project import Project
from kgtool.report import Report
from kgtool.report.findings import SEVERITIES
from kgtool.store.builds import builds_name, read_build
from kgtool.terms import IRI

__all__ = ["quality"]

#: How bad a finding is.
_SEVERITIES = (message("violation"), message("warning"), message("info"))

#: Findings that are shown; the command line has all.
_MOST = 200


def quality(sources: Sources, visit: Visit) -> Page:
    """Make the page; with ``part=validation`` the report alone, with ``validate=1`` the page with the report in it."""
    if "part" in visit.params:
        return Page("validation", {"report": _report(sources, visit)})
    census = sources.keep("census", lambda: take_census(sources.store))
    naming = Naming(sources, visit)
    naming.learn(census.classes)
    naming.learn(sources.about.texts)
    data = {
        "census": census,
        "classes": [(naming.ref(IRI(iri)), number) for iri, number in census.classes.items()],
        "graphs": _graphs(sources, census.graphs),
        "linksets": _linksets(sources, naming),
        "coverage": [(naming.ref(IRI(iri)), at_hand["coverage"]) for iri, at_hand in sources.about.texts.items()],
        "built": "" if visit.site else _built(sources),  # a site says nothing of when it was made
        "can_validate": sources.about.folder is not None,
        "report": _report(sources, visit) if visit.params.get("validate") == "1" else None,
        "languages": census.languages,
    }
    return Page("quality", data)


def _graphs(sources: Sources, graphs: dict[str, int]) -> list[tuple[str, int, int]]:
    """Return triples per kind of graph: a sentence's graphs are one kind."""
    base = sources.base or ""
    kinds: dict[str, list[int]] = {}
    for iri, number in graphs.items():
        name = iri.removeprefix(base)
        parent, slash, last = name.rpartition("/")
        kind = f"{parent}/s…" if slash and last[:1] == "s" and last[1:].isdecimal() else name
        kinds.setdefault(kind, []).append(number)
    return sorted((kind, len(numbers), sum(numbers)) for kind, numbers in kinds.items())


def _linksets(sources: Sources, naming: Naming) -> list[tuple[str, Any, int]]:
    """Count links to other datasets, by where they lead and how."""
    listed = " ".join(f"<{one}>" for one in MAPPINGS)
    query = f"SELECT ?p ?o WHERE {{ VALUES ?p {{ {listed} }} ?s ?p ?o FILTER(isIRI(?o)) }}"
    found = Counter(
        (place_of(o.value), p.value)
        for p, o in sources.store.query(query).rows()
        if p is not None and o is not None and not (sources.base and o.value.startswith(sources.base))
    )
    naming.learn(relation for _, relation in found)
    return [(host, naming.ref(relation), number) for (host, relation), number in sorted(found.items())]


def _built(sources: Sources) -> str:
    """Say when the served graph was built, if it is a build of the project."""
    if sources.about.folder is None or sources.about.hash is None:
        return ""
    made = read_build(f"{builds_name(Project(sources.about.folder))}/{sources.about.hash}")
    return "" if made is None else time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(made.read_at / 1e9))


def _report(sources: Sources, visit: Visit) -> dict[str, Any]:
    """Validate the graph, once, and return what the page shows of it."""
    if sources.about.folder is None:
        return {"problem": None, "report": None}
    try:
        report: Report = sources.keep("report", lambda: _validate(sources))
    except KgError as exc:
        return {"problem": exc, "report": None}
    language = "en" if visit.language == "en" else "zh"
    findings = [
        {
            "severity": finding.severity,
            "check": finding.check,
            "message": getattr(finding.message, language),
            "repair": getattr(finding.repair, language) if finding.repair else "",
            "focus": "" if finding.focus is None else report.short(finding.focus),
            "label": getattr(finding.label, language) if finding.label else "",
            "href": _href(sources, visit, finding.focus),
            "place": f"{finding.file}:{finding.line}" if finding.file and finding.line else finding.file or "",
        }
        for finding in report.findings[:_MOST]
    ]
    return {
        "problem": None,
        "report": report,
        "findings": findings,
        "counts": [(severity, report.counts()[severity]) for severity in SEVERITIES],
        "more": max(0, len(report.findings) - _MOST),
        "kinds": sorted(Counter(check.kind for check in report.checks).items()),
    }


def _href(sources: Sources, visit: Visit, focus: Any) -> str | None:
    return Naming(sources, visit).links.thing(focus.value) if isinstance(focus, IRI) else None


def _validate(sources: Sources) -> Report:
    from kgtool.validate import validate_project

    assert sources.about.folder is not None
    return validate_project(Project(sources.about.folder), store=sources.store)
