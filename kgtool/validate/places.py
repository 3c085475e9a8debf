"""Where a finding's triple stands: file, line and graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import DataError
from kgtool.namespaces import RDF, XSD
from kgtool.positions import read_positions
from kgtool.report import Finding
from kgtool.terms import IRI, XSD_STRING, BlankNode, Literal, Term
from kgtool.validate.triples import Triples

__all__ = ["READABLE", "Places", "locate", "locate_all", "named_in_file"]

#: The files whose lines are known: those that are Turtle, or almost.
READABLE = frozenset({".ttl", ".trig", ".nt"})

_NUMBERS = frozenset(XSD + name for name in ("decimal", "integer", "double", "float"))
_TYPE = IRI(RDF + "type")


class _Place(NamedTuple):
    file: str
    line: int | None
    graph: Term | None


class Places:
    """The place of every triple in some files.

    :param files: each with the name that messages use; earlier ones are preferred.
    :param elsewhere: the files of subjects in formats without lines.
    """

    def __init__(self, files: Iterable[tuple[Path, str]], elsewhere: Mapping[Term, str] | None = None) -> None:
        self._elsewhere = elsewhere or {}
        self._triples: dict[tuple[Term, IRI, Term], list[_Place]] = {}
        self._properties: dict[tuple[Term, IRI], list[_Place]] = {}
        self._subjects: dict[Term, list[_Place]] = {}
        for file, name in files:
            if file.suffix not in READABLE:
                continue
            try:
                for position in read_positions(file, base=file.absolute().as_uri()):
                    place = _Place(name, position.line, position.graph)
                    subject, predicate = position.subject, position.predicate
                    self._triples.setdefault((subject, predicate, _same(position.object)), []).append(place)
                    self._properties.setdefault((subject, predicate), []).append(place)
                    self._subjects.setdefault(subject, []).append(place)
            except DataError:
                continue  # what the engine could read and this reader could not has no line

    def find(
        self, subject: Term, path: IRI | str | None, value: Term | None, sentence: IRI | None = None
    ) -> _Place | None:
        """Return the place of a triple, else of the property, else of the subject."""
        candidates: list[list[_Place]] = []
        if isinstance(path, IRI):
            if value is not None:
                candidates.append(self._triples.get((subject, path, _same(value)), []))
            candidates.append(self._properties.get((subject, path), []))
        # Where a thing is given its class is where it is described; other blocks may only mention it.
        candidates += [self._properties.get((subject, _TYPE), []), self._subjects.get(subject, [])]
        if sentence is not None:
            inside = [place for places in candidates for place in places if place.graph == sentence]
            if inside:
                return inside[0]
        found = next((places[0] for places in candidates if places), None)
        if found is None and subject in self._elsewhere:
            return _Place(self._elsewhere[subject], None, None)
        return found


def locate(finding: Finding, places: Places, data: Triples) -> Finding:
    """Add to a finding where its triple stands, and what its thing is called."""
    if finding.focus is None:
        return finding
    label = finding.label or data.label(finding.focus)
    if finding.file is not None:
        return finding._replace(label=label)
    place = places.find(*named_in_file(finding, data), finding.sentence)
    if place is None:
        return finding._replace(label=label)
    graph = place.graph if isinstance(place.graph, IRI) else None
    return finding._replace(label=label, file=place.file, line=place.line, sentence=finding.sentence or graph)


def locate_all(
    findings: Iterable[Finding], groups: Iterable[Iterable[tuple[Path, str]]], data: Triples
) -> list[Finding]:
    """Say of every finding where its triple stands: in the first group of files, if it is there, else in the next."""
    findings = list(findings)
    for files in groups:
        if any(finding.focus is not None and finding.file is None for finding in findings):
            places = Places(files)
            findings = [locate(finding, places, data) for finding in findings]
    return findings


def named_in_file(finding: Finding, data: Triples) -> tuple[Term, IRI | str | None, Term | None]:
    """Return what to look for: a blank node has another name in its file, so the triple that leads to it is it."""
    subject, path, value = finding.focus, finding.path, finding.value
    assert subject is not None
    seen = set()
    while isinstance(subject, BlankNode) and subject not in seen:
        seen.add(subject)
        parent = data.parent(subject)
        if parent is None:
            break
        (subject, path), value = parent, None
    return subject, path, value


def _same(term: Term) -> Term:
    """Reduce a literal to what an engine keeps of it: the number rather than its digits, the tag in lower case."""
    if not isinstance(term, Literal):
        return term
    if term.language:
        return Literal(term.value, term.language.lower())
    if term.datatype in _NUMBERS:
        try:
            return Literal(str(Decimal(term.value).normalize()), None, term.datatype)
        except InvalidOperation:
            return term
    return Literal(term.value) if term.datatype == XSD_STRING else term
