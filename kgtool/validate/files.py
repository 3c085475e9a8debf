"""Any RDF files against any shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kgtool.errors import DataError
from kgtool.namespaces import read_prefixes
from kgtool.report import Finding, Report, Severity, make_report
from kgtool.shacl.source import ExactSource
from kgtool.store import Store, open_store
from kgtool.store.exact import ExactStore
from kgtool.terms import IRI, BlankNode, Term
from kgtool.validate.compiled import Engine, run_compiled
from kgtool.validate.emptiness import emptiness_checks, empty, no_shapes, unreadable
from kgtool.validate.imports import IMPORT_CHECK, find_unread_imports
from kgtool.validate.places import READABLE, Places, locate
from kgtool.validate.shapes import Shapes, read_shapes
from kgtool.validate.triples import Triple, Triples
from kgtool.validate.vacuity import find_vacuous

__all__ = ["validate_files"]

_EVERYWHERE = "SELECT ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def validate_files(
    data_files: Sequence[Path],
    shape_files: Sequence[Path],
    *,
    fail_on: Severity = "violation",
    engine: Engine = "compiled",
    on_fallback: Callable[[str, str], None] | None = None,
) -> Report:
    """Validate RDF files, all their graphs taken together, with the shapes of others.

    :param engine: what runs the shapes: the embedded engine, or pySHACL.
    :param on_fallback: told of every shape that the engine cannot run and pySHACL has to, and why.
    :raises DataError: if a shapes file is malformed or no well-formed SHACL.
    :raises StoreError: if there is no such file.
    """
    shapes = _read_shapes(shape_files)
    prefixes = _read_prefixes([*shape_files, *data_files])
    findings = [] if shapes.targeted() else [no_shapes(", ".join(map(str, shape_files)))]
    checks = emptiness_checks(queries=False)
    triples: list[Triple] = []
    elsewhere: dict[Term, str] = {}
    for number, file in enumerate(data_files):
        try:
            found = list(_triples(open_store(file), number))
        except DataError as exc:
            findings.append(unreadable(exc, str(file)))
            continue
        triples += found
        if file.suffix not in READABLE:
            elsewhere |= dict.fromkeys((subject for subject, _, _ in found), str(file))
        if not found:
            findings.append(empty(str(file)))
    if triples:
        data = Triples(triples)
        vacuous, run = find_vacuous(shapes, data, subjects=data.subjects(), prefixes=prefixes)
        found_by_shapes = _run_shapes(engine, on_fallback, shapes, data)
        places = Places(((file, str(file)) for file in data_files), elsewhere)
        addresses = [file.absolute().as_uri() for file in (*data_files, *shape_files)]
        unread = find_unread_imports(shapes, data, files=addresses)
        findings += [locate(finding, places, data) for finding in (*vacuous, *unread, *found_by_shapes)]
        checks += [*run, IMPORT_CHECK]
    names = [str(file) for file in (*data_files, *shape_files)]
    return make_report(findings, checks, sources=names, prefixes=prefixes, fail_on=fail_on)


def _run_shapes(
    engine: Engine, on_fallback: Callable[[str, str], None] | None, shapes: Shapes, data: Triples
) -> list[Finding]:
    if engine == "pyshacl":
        from kgtool.validate.shacl import run_shapes

        return run_shapes(shapes, data)
    store = ExactStore()
    store.extend(data)
    return run_compiled(shapes, ExactSource(store, lambda text: text.language or ""), on_fallback=on_fallback)


def _read_shapes(files: Sequence[Path]) -> Shapes:
    """Read shapes with their lines where the format has lines to tell, and without where it has not."""
    if all(file.suffix in READABLE for file in files):
        return read_shapes(files)
    return Shapes(
        (triple, str(file), None) for number, file in enumerate(files) for triple in _triples(open_store(file), number)
    )


def _triples(store: Store, number: int) -> Iterator[Triple]:
    """Read every triple of a file, its blank nodes kept apart from those of other files."""

    def apart(term: Term) -> Term:
        return BlankNode(f"f{number}_{term.value}") if isinstance(term, BlankNode) else term

    for subject, predicate, value in store.query(_EVERYWHERE).rows():
        assert subject is not None
        assert isinstance(predicate, IRI)
        assert value is not None
        yield apart(subject), predicate, apart(value)


def _read_prefixes(files: Sequence[Path]) -> dict[str, str]:
    """Collect the prefixes of Turtle files: those of the shapes win."""
    prefixes: dict[str, str] = {}
    for file in files:
        if file.suffix in (".ttl", ".trig"):
            try:
                prefixes = read_prefixes(file) | prefixes
            except DataError:
                continue  # one file may use a prefix for two namespaces; its names stay long then
    return prefixes
