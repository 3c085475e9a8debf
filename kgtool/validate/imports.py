"""Documents that shapes or data import and that were not given: nothing is fetched, so what they say is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kgtool.namespaces import OWL, RDF
from kgtool.report import Bilingual, Check, Finding, Severity
from kgtool.terms import IRI, Term
from kgtool.validate.shapes import Shapes
from kgtool.validate.triples import Triples

__all__ = ["IMPORT_CHECK", "find_unread_imports"]

#: The name of what is looked for here.
IMPORT_CHECK = Check("import-not-read", "vacuity")

_IMPORTS, _TYPE, _ONTOLOGY = IRI(OWL + "imports"), IRI(RDF + "type"), IRI(OWL + "Ontology")
_VERSION = IRI(OWL + "versionIRI")


def find_unread_imports(shapes: Shapes, data: Triples, *, files: Collection[str] = ()) -> Iterator[Finding]:
    """Find imports of documents that are not among those read.

    :param files: the addresses (``file:///…``) of the files that were read.
    """
    known: set[Term] = {IRI(file) for file in files}
    for triples in (shapes.triples, data):
        known |= {subject for subject, value in triples.pairs(_TYPE) if value == _ONTOLOGY}
        known |= {value for _, value in triples.pairs(_VERSION)}
    for subject, value in shapes.triples.pairs(_IMPORTS):
        if value not in known:
            file, line = shapes.place(subject, about=_IMPORTS, value=value)
            # What is imported may be the shape that would have found something.
            yield _finding("violation", subject, value)._replace(file=file or None, line=line)
    for subject, value in data.pairs(_IMPORTS):
        if value not in known and (subject, value) not in shapes.triples.pairs(_IMPORTS):
            yield _finding("warning", subject, value)


def _finding(severity: Severity, subject: Term, value: Term) -> Finding:
    name = value.value
    return Finding(
        severity=severity,
        check=IMPORT_CHECK.name,
        message=Bilingual(
            f"it imports {name}, which is not among the files; nothing is fetched",
            f"它导入了 {name}，而所给文件中没有它；不会从网上获取",
        ),
        repair=Bilingual("give the file too, or delete the import", "把该文件一并给出，或删除该导入"),
        focus=subject,
        path=_IMPORTS,
        value=value,
    )
