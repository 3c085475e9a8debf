"""Linksets against everything that is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kgtool.build import base_of
from kgtool.errors import DataError
from kgtool.link.agreement import check_agreement
from kgtool.link.lookup import check_lookup
from kgtool.link.rows import check_metadata, check_rows
from kgtool.link.rules import RULES, found
from kgtool.link.things import open_things, read_things
from kgtool.linksets.model import Linkset
from kgtool.linksets.reading import read_linkset
from kgtool.namespaces import read_prefixes
from kgtool.project import Project
from kgtool.report import Check, Finding, Report, Severity, make_report
from kgtool.store import Store

__all__ = ["check_links", "check_linksets"]


def check_linksets(project: Project, files: Sequence[Path] = (), *, fail_on: Severity = "violation") -> Report:
    """Check files of links against the things that a project describes.

    :param files: the files, if not the project's own.
    :raises DataError: if a file of the project that describes things is malformed.
    :raises ProjectError: if the project does not say what its IRIs start with.
    """
    chosen = list(files) or project.link_files()
    findings, checks = check_links(project, chosen, open_things(project))
    sources = [project.relative(file) for file in chosen]
    return make_report(
        findings, checks, sources=sources, prefixes=read_prefixes(project.prefixes_file), fail_on=fail_on
    )


def check_links(project: Project, files: Sequence[Path], store: Store) -> tuple[list[Finding], list[Check]]:
    """Check files of links; a file that cannot be read is a finding, and the others are checked all the same.

    :param store: the graph that has the things.
    """
    if not files:
        return [], []
    prefixes = read_prefixes(project.prefixes_file)
    linksets, findings = _read(project, files)
    subjects = {linkset.expand(link.subject) for linkset in linksets for link in linkset.links}
    things = read_things(store, [iri for iri in subjects if iri])
    base = base_of(project)
    for linkset in linksets:
        findings += check_metadata(linkset, base=base, prefixes=prefixes)
        findings += check_rows(linkset, things, prefixes=prefixes)
    findings += check_agreement(linksets)
    findings += check_lookup(linksets, project.enriched_files())
    return findings, _checks(linksets)


def _read(project: Project, files: Sequence[Path]) -> tuple[list[Linkset], list[Finding]]:
    linksets: list[Linkset] = []
    findings: list[Finding] = []
    for file in files:
        name = project.relative(file.absolute())
        try:
            linksets.append(read_linkset(file, name=name))
        except DataError as exc:
            where = Linkset({}, {}, file=name)
            hint = exc.hint or "see docs/linking.md"
            findings.append(found("linkset-unreadable", where, line=exc.line, problem=exc.message, hint=hint))
    return linksets, findings


def _checks(linksets: Sequence[Linkset]) -> list[Check]:
    """Name what was looked for, and how much was looked at."""
    examined: Mapping[str, int] = {"linkset": len(linksets), "link": sum(len(linkset.links) for linkset in linksets)}
    return [Check(rule, "link", examined[rule.partition("-")[0]]) for rule in RULES]
