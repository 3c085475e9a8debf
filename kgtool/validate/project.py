"""A project's graph against everything that is asked of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from kgtool.articles import read_articles
from kgtool.build import BuildResult, build, open_built
from kgtool.errors import DataError, StoreError
from kgtool.link.check import check_links
from kgtool.linksets.reading import read_linkset
from kgtool.namespaces import read_prefixes
from kgtool.positions import read_positions
from kgtool.project import Project
from kgtool.report import Check, Finding, Report, Severity, make_report
from kgtool.shacl.source import StoreSource
from kgtool.store import Store, open_store
from kgtool.store.drafts import Draft
from kgtool.store.embedded import EmbeddedStore
from kgtool.terms import IRI, n3
from kgtool.text.segments import read_text
from kgtool.validate.checks import run_checks
from kgtool.validate.compiled import Engine, run_compiled
from kgtool.validate.emptiness import emptiness_checks, empty, no_checks, no_shapes, unreadable
from kgtool.validate.imports import IMPORT_CHECK, find_unread_imports
from kgtool.validate.labels import check_spelling
from kgtool.validate.places import locate_all
from kgtool.validate.shapes import Shapes, read_shapes
from kgtool.validate.source import Text, check_records, check_texts
from kgtool.validate.triples import Triples, read_subjects, read_triples
from kgtool.validate.vacuity import find_vacuous
from kgtool.validate.wording import check_wording

__all__ = ["validate_project"]


def validate_project(
    project: Project,
    *,
    texts: Sequence[Path] = (),
    fail_on: Severity = "violation",
    on_build: Callable[[BuildResult], None] | None = None,
    store: Store | None = None,
    engine: Engine = "compiled",
    on_fallback: Callable[[str, str], None] | None = None,
) -> Report:
    """Validate a project's graph, built anew if its files have changed.

    A file of data that cannot be read is a finding; shapes, checks and rules that cannot be used are errors.

    :param texts: the texts of articles, to compare ranges and quotes with.
    :param on_build: told of a build that was made.
    :param store: the graph to validate, if it is kept elsewhere; shapes, checks and places are the project's.
    :param engine: what runs the shapes: the store, or pySHACL.
    :param on_fallback: told of every shape that the store cannot run and pySHACL has to, and why.
    :raises DataError: if a shapes file is malformed or no well-formed SHACL, or a text is no text.
    :raises QueryError: if a check or a rule is wrong.
    :raises ProjectError: if the project lacks a part.
    """
    sources = [project.relative(file) for file in (*project.source_files(), *project.check_files())]
    prefixes = read_prefixes(project.prefixes_file)
    checks = emptiness_checks(queries=True)
    given = [Text(file, read_text(file)) for file in texts]
    try:
        findings, run = _validate(
            project,
            given,
            prefixes,
            lambda: _in_memory(store) if store else _opened(project, on_build),
            partial(_run_shapes, engine, on_fallback),
        )
    except DataError as exc:
        if not _is_about(project, exc, [*_data_files(project), *project.link_files()]):
            raise
        findings, run = _unreadable(project, exc), []
    return make_report(findings, [*checks, *run], sources=sources, prefixes=prefixes, fail_on=fail_on)


def _validate(
    project: Project,
    texts: Sequence[Text],
    prefixes: dict[str, str],
    open_graph: Callable[[], Store],
    run_shapes: Callable[[Shapes, Triples, Store], list[Finding]],
) -> tuple[list[Finding], list[Check]]:
    shape_files, check_files = project.shape_files(), project.check_files()
    shapes = read_shapes(shape_files, names=[project.relative(file) for file in shape_files])
    store = open_graph()
    with ThreadPoolExecutor(max_workers=1) as beside:
        data = Triples(read_triples(store))
        # The engine works without Python's lock: checks run beside all that is Python.
        checked = beside.submit(run_checks, store, check_files, data, prefixes=prefixes)
        articles = read_articles(project)
        parts = [
            (run_shapes(shapes, data, store), []),
            find_vacuous(
                shapes,
                data,
                subjects=read_subjects(store),
                shipped=[project.relative(f) for f in shape_files if not f.is_relative_to(project.root)],
                prefixes=prefixes,
            ),
            (list(find_unread_imports(shapes, data)), [IMPORT_CHECK]),
            check_spelling(data),
            check_records(articles, store, name=project.relative),
            check_links(project, project.link_files(), store),
            check_wording(articles, texts, store, data),
        ]
        if texts:
            parts.append(check_texts(articles, texts, store, data, name=project.relative))
        parts.append(checked.result())
    findings = [finding for found, _ in parts for finding in found]
    findings += _empty(project)
    findings += [] if shapes.targeted() else [no_shapes("ontology/shapes")]
    findings += [] if check_files else [no_checks("queries/checks")]
    return _located(findings, project, data), [check for _, run in parts for check in run]


def _run_shapes(
    engine: Engine, on_fallback: Callable[[str, str], None] | None, shapes: Shapes, data: Triples, store: Store
) -> list[Finding]:
    if engine == "pyshacl":
        from kgtool.validate.shacl import run_shapes

        return run_shapes(shapes, data)
    return run_compiled(shapes, StoreSource(store), on_fallback=on_fallback)


def _located(findings: list[Finding], project: Project, data: Triples) -> list[Finding]:
    """Say of every finding where its triple stands; most often that is no file of the ontology."""
    described = set(project.ontology_files())
    files = [(file, project.relative(file)) for file in _data_files(project)]
    groups = ([f for f in files if f[0] not in described], [f for f in files if f[0] in described])
    return locate_all(findings, groups, data)


def _opened(project: Project, on_build: Callable[[BuildResult], None] | None) -> Store:
    """Read the project's store into memory; where builds cannot be kept, from one that is gone afterwards."""
    try:
        store = open_built(project, on_build=on_build)
    except StoreError:
        with tempfile.TemporaryDirectory(prefix="kgtool-") as folder:
            return _in_memory(open_store(build(project, into=Path(folder)).folder / "store"))
    return _in_memory(store)


def _in_memory(store: Store) -> Store:
    """Copy a store into memory: shapes need all of it, and checks run there alike wherever it is kept."""
    if isinstance(store, EmbeddedStore):
        return store.in_memory()
    draft = Draft()
    for graph in (None, *(graph.value for graph in store.graphs())):
        pattern = "?s ?p ?o" if graph is None else f"GRAPH {n3(IRI(graph))} {{ ?s ?p ?o }}"
        rows = store.query(f"SELECT ?s ?p ?o {{ {pattern} }}").rows()
        lines = "".join(f"{' '.join(n3(term) for term in row if term is not None)} .\n" for row in rows)
        draft.load(lines.encode(), "ntriples", file=graph or "the default graph", graph=graph)
    return draft


def _data_files(project: Project) -> list[Path]:
    """Return the files of Turtle and TriG that hold data, those first that describe things."""
    articles = [folder / name for folder in project.article_folders() for name in ("article.ttl", "facts.trig")]
    files = [*project.entity_files(), *articles, project.dataset_file, *project.ontology_files()]
    return [file for file in files if file.is_file()]


def _empty(project: Project) -> Iterator[Finding]:
    """Find files of data without a triple."""
    for file in (*_data_files(project), *project.shape_files()):
        if file != project.prefixes_file and next(read_positions(file), None) is None:
            yield empty(project.relative(file))


def _unreadable(project: Project, error: DataError) -> list[Finding]:
    """Make findings of the file that stopped the build, and of every other that would."""
    files, linksets = _data_files(project), project.link_files()
    first = next(file for file in (*files, *linksets) if _is_about(project, error, [file]))
    findings = [unreadable(error, project.relative(first))]
    for file in (*files, *linksets):
        try:
            if file in linksets:
                read_linkset(file)
            else:
                open_store(file)
        except DataError as exc:
            if file != first:
                findings.append(unreadable(exc, project.relative(file)))
    return findings


def _is_about(project: Project, error: DataError, files: Sequence[Path]) -> bool:
    """Say whether an error's file is one of these, by its path or by the name messages use."""
    return any(error.file in (str(file), project.relative(file)) for file in files)
