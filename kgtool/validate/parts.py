"""A graph validated in parts: articles apart, each with what all share, and the rest over what is put together again.

Which rules parts can judge is found out from what articles say of the same things: see :mod:`kgtool.validate.scope`.
A part judges those that its own articles let be judged so. Once all parts are there, what they found by the others is
dropped, and those are judged over everything, or as much of that as they read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kgtool.articles import Article
from kgtool.link.check import check_links
from kgtool.link.rules import RULES
from kgtool.namespaces import IP, RDF, RDFS, SKOS, read_prefixes
from kgtool.positions import read_positions
from kgtool.project import Project, shipped_root
from kgtool.queries.checks import read_check
from kgtool.report import Finding
from kgtool.shacl.graph import ShapesGraph
from kgtool.shacl.run import Plan, make_plan, run_plan
from kgtool.shacl.shapes import Shapes as CompiledShapes
from kgtool.shacl.source import StoreSource
from kgtool.store import Store
from kgtool.validate.checks import run_checks
from kgtool.validate.emptiness import empty, no_checks, no_shapes
from kgtool.validate.findings import finding_of
from kgtool.validate.imports import IMPORT_CHECK, find_unread_imports
from kgtool.validate.labels import check_spelling
from kgtool.validate.places import locate_all
from kgtool.validate.scope import Scattered, is_local, predicates_of
from kgtool.validate.shapes import Shapes, read_shapes
from kgtool.validate.source import RECORD_CHECKS, check_records
from kgtool.validate.triples import Triples, read_subjects, read_triples
from kgtool.validate.vacuity import VACUITY_CHECKS, find_vacuous
from kgtool.validate.wording import check_wording

__all__ = [
    "Rules",
    "Split",
    "find_across",
    "find_empty",
    "find_empty_articles",
    "find_in_part",
    "place",
    "read_rules",
    "split",
]

#: What check_records compares in all graphs that speak of a node.
_OF_RECORDS = (IP + "quote", IP + "valueAsWritten")
#: What things are called: read whatever else is, since messages say it.
_NAMES = frozenset({SKOS + "prefLabel", RDFS + "label"})
_TYPE = frozenset({RDF + "type"})


class Rules(NamedTuple):
    """What a project's graph is validated with."""

    project: Project
    prefixes: dict[str, str]
    shapes: Shapes
    #: The text of each check, by its name, and its file.
    checks: Mapping[str, tuple[str, Path]]

    def name(self, file: Path) -> str:
        """Name a file in its project, or among those that kgtool ships, whatever the current folder is."""
        for folder in (self.project.root, shipped_root()):
            if file.is_relative_to(folder):
                return str(file.relative_to(folder))
        return str(file)


class Split(NamedTuple):
    """Which rules are judged where.

    :param apart: names of those that parts judge.
    :param across: those that are judged over everything, each with the predicates it reads; nothing stands for all.
    """

    apart: frozenset[str]
    across: Mapping[str, frozenset[str] | None]


def read_rules(project: Project) -> Rules:
    """Read shapes and checks.

    :raises DataError: if a shapes file is malformed or no well-formed SHACL.
    :raises QueryError: if a check is none.
    """
    checks = {check.name: (check.text, Path(check.file)) for check in map(read_check, project.check_files())}
    rules = Rules(project, read_prefixes(project.prefixes_file), Shapes(()), checks)
    files = project.shape_files()
    return rules._replace(shapes=read_shapes(files, names=[rules.name(file) for file in files]))


def split(rules: Rules, scattered: Scattered, store: Store) -> Split:
    """Find out which rules parts can judge.

    :param store: what articles share.
    """
    apart = {*(check.name for check in check_spelling(Triples(()))[1])}
    across: dict[str, frozenset[str] | None] = {}
    for name, (text, _) in rules.checks.items():
        if is_local(text, scattered, prefixes=rules.prefixes):
            apart.add(name)
        else:
            across[name] = _reads(predicates_of(text, prefixes=rules.prefixes))
    # Which classes are below one another is written into the queries of shapes: it must not depend on the part.
    classed = scattered.said(RDFS + "subClassOf", None)
    plan = _plan(rules, store)
    named = [({rules.shapes.name(check.shape.node) for check in q.checks}, q.text) for q in plan.queries]
    apart.update(name for names, _ in named for name in names)
    # A name may be that of several queries: all of them are then judged over everything.
    wide = {name for names, text in named if classed or not is_local(text, scattered) for name in names}
    for names, text in named:
        reads = None if classed else _reads(predicates_of(text))
        for name in names & wide:
            before = across.get(name, frozenset())
            across[name] = None if reads is None or before is None else before | reads
    across |= dict.fromkeys(map(rules.shapes.name, plan.left))
    apart.update(RECORD_CHECKS)
    if scattered.about & {(predicate, None) for predicate in _OF_RECORDS}:
        across |= dict.fromkeys(RECORD_CHECKS, _TYPE | {*_OF_RECORDS})
    # Whether there is anything that a shape looks at, no part can tell; nor what all things are called.
    targets = {v.value for shape in rules.shapes.targeted() for kind, v in shape.targets if kind.endswith("Of")}
    across |= dict.fromkeys([*VACUITY_CHECKS, IMPORT_CHECK.name], _TYPE | targets)
    across |= dict.fromkeys(RULES, _TYPE | _NAMES) if rules.project.link_files() else {}
    across["quote-names-another"] = None
    return Split(frozenset(apart - across.keys()), across)


def _reads(predicates: set[str] | None) -> frozenset[str] | None:
    return None if predicates is None else _NAMES | predicates


def _plan(rules: Rules, store: Store) -> Plan:
    graph = ShapesGraph(rules.shapes.triples, place=rules.shapes.place)
    return make_plan(CompiledShapes(graph), StoreSource(store))


def find_in_part(rules: Rules, store: Store, articles: Sequence[Article], names: Collection[str]) -> list[Finding]:
    """Judge a part by some rules that may be judged apart; findings have no place yet.

    :param store: what articles share, and these articles.
    :param names: the rules.
    """
    data = Triples(read_triples(store))
    files = [file for name, (_, file) in rules.checks.items() if name in names]
    findings = [
        *_run_shapes(rules, store, names),
        *run_checks(store, files, data, prefixes=rules.prefixes)[0],
        *check_spelling(data)[0],
        *check_records(articles, store, name=rules.name)[0],
    ]
    return [finding for finding in findings if finding.check in names]


def find_across(rules: Rules, store: Store, articles: Sequence[Article], names: Collection[str]) -> list[Finding]:
    """Judge everything by some rules; findings have no place yet.

    :param store: what articles share, and of all articles as much as these rules read.
    :param articles: all of them, if ``names`` has rules of their records.
    :param names: the rules.
    """
    data = Triples(read_triples(store))
    files = [file for name, (_, file) in rules.checks.items() if name in names]
    project, linked = rules.project, rules.project.link_files()
    shipped = [rules.name(file) for file in project.shape_files() if not file.is_relative_to(project.root)]
    subjects = read_subjects(store)
    findings = [
        *_run_shapes(rules, store, names),
        *run_checks(store, files, data, prefixes=rules.prefixes)[0],
        *find_vacuous(rules.shapes, data, subjects=subjects, shipped=shipped, prefixes=rules.prefixes)[0],
        *find_unread_imports(rules.shapes, data),
        *check_records(articles, store, name=rules.name)[0],
        *(_in_project(rules, finding) for finding in check_links(project, linked, store)[0]),
        *(check_wording(articles, (), store, data)[0] if "quote-names-another" in names else ()),
    ]
    return [finding for finding in findings if finding.check in names]


def _in_project(rules: Rules, finding: Finding) -> Finding:
    file = finding.file
    return finding if file is None else finding._replace(file=rules.name(Path(file).absolute()))


def _run_shapes(rules: Rules, store: Store, names: Collection[str]) -> Iterator[Finding]:
    plan, source = _plan(rules, store), StoreSource(store)
    wanted = [q for q in plan.queries if any(rules.shapes.name(check.shape.node) in names for check in q.checks)]
    results = run_plan(plan._replace(queries=tuple(wanted)), source)
    left = [node for node in plan.left if rules.shapes.name(node) in names]
    if left:
        from kgtool.shacl.fallback import validate_some
        from kgtool.shacl.report import read_results

        results += read_results(validate_some(left, plan.shapes.graph, source.triples()))
    for result in results:
        yield finding_of(rules.shapes, result)


def find_empty(rules: Rules) -> Iterator[Finding]:
    """Find what has nothing in it of all that articles share: files without a triple, no shapes, no checks."""
    project = rules.project
    files = [*project.entity_files(), project.dataset_file, *project.ontology_files(), *project.shape_files()]
    for file in files:
        if file != project.prefixes_file and file.is_file() and next(read_positions(file), None) is None:
            yield empty(rules.name(file))
    if not rules.shapes.targeted():
        yield no_shapes("ontology/shapes")
    if not rules.checks:
        yield no_checks("queries/checks")


def find_empty_articles(rules: Rules, folders: Iterable[Path]) -> Iterator[Finding]:
    """Find files of articles without a triple."""
    for file in _article_files(folders):
        if next(read_positions(file), None) is None:
            yield empty(rules.name(file))


def place(rules: Rules, findings: Iterable[Finding], data: Triples, folders: Iterable[Path]) -> list[Finding]:
    """Say of every finding where its triple stands, and what its thing is called.

    :param folders: those of the articles that may be meant, in the order of their names.
    """
    project = rules.project
    described = project.ontology_files()
    files = [*project.entity_files(), *_article_files(folders), project.dataset_file]
    groups = ([file for file in files if file.is_file() and file not in described], described)
    return locate_all(findings, [[(file, rules.name(file)) for file in group] for group in groups], data)


def _article_files(folders: Iterable[Path]) -> list[Path]:
    named = (folder / name for folder in folders for name in ("article.ttl", "facts.trig"))
    return [file for file in named if file.is_file()]
