"""What all articles of a project share: ontology, entities, links and rules, put together once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from kgtool import sparql
from kgtool.build.sources import Source, Sources, read_source
from kgtool.errors import DataError, ProjectError
from kgtool.namespaces import VOID, read_prefixes
from kgtool.project import Project
from kgtool.store.drafts import Draft
from kgtool.terms import IRI, Term, n3

__all__ = ["Rule", "Shared", "base_of", "read_shared", "refuse_strange_articles"]

#: What a rule calls itself in the statements it makes: bound to the IRI of its file.
_RULE = "rule"

#: The files of an article.
_OF_ARTICLE = ("article.ttl", "facts.trig")


class Rule(NamedTuple):
    """A ``CONSTRUCT`` query of ``queries/derive/``."""

    #: Its file, as messages name it.
    file: str
    text: str
    bindings: dict[str, Term]


class Shared(NamedTuple):
    """What every article of a project is read with."""

    project: Project
    prefixes: Mapping[str, str]
    #: What the project's own names start with.
    base: str
    rules: tuple[Rule, ...]
    #: The named graphs of all files but the articles', their union, and what the rules make of that.
    draft: Draft
    #: Graphs that are no part of what the project says: shapes, SSSOM's records, what other datasets say.
    apart: tuple[str, ...]

    @property
    def derived(self) -> str:
        """The graph of what rules make."""
        return f"{self.base}graph/derived"


def read_shared(sources: Sources, *, told: Callable[[str], None]) -> Shared:
    """Read all files of a project but those of its articles.

    :param told: hears what is read next.
    :raises DataError: if a file is malformed.
    :raises QueryError: if a rule is wrong.
    :raises ProjectError: if the project lacks a part, or has one that is none.
    """
    project = sources.project
    prefixes = read_prefixes(project.prefixes_file)
    described = next((source for source in sources.shared if source.path == project.dataset_file), None)
    data = None if described is None else read_source(project, described)
    dataset, base = _read_base(project, data, prefixes)
    graphs = _graphs(project, base)
    _refuse_strangers(sources, graphs)
    draft = Draft()
    linksets, rules = set(project.link_files()), set(project.derive_files())
    for source in sources.shared:
        name = project.relative(source.path)
        if source.path not in rules:
            told(f"reading {name}")
        if source.path in linksets:
            _load_links(draft, sources, source, base, dataset=dataset)
        elif source.path in graphs:
            data = read_source(project, source)
            draft.load(data, "turtle", file=name, graph=graphs[source.path], prefixes=prefixes)
    enriched = [graphs[file] for file in project.enriched_files()]
    apart = (f"{base}graph/shapes", f"{base}graph/mappings", *enriched)
    shared = Shared(project, prefixes, base, _read_rules(sources, base), draft, apart)
    told("joining the graphs")
    draft.unite(without=shared.apart)
    for rule in shared.rules:
        draft.construct(rule.text, graph=shared.derived, bindings=rule.bindings, prefixes=prefixes, file=rule.file)
    return shared


def base_of(project: Project) -> str:
    """Return what the IRIs of a project's own things start with.

    :raises ProjectError: if the project does not say.
    """
    data = project.dataset_file.read_bytes() if project.dataset_file.is_file() else None
    return _read_base(project, data, read_prefixes(project.prefixes_file))[1]


def _read_rules(sources: Sources, base: str) -> tuple[Rule, ...]:
    project, rules = sources.project, []
    files = set(project.derive_files())
    for source in sources.shared:
        if source.path not in files:
            continue
        name = project.relative(source.path)
        try:
            text = read_source(project, source).decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise DataError(f"cannot read it: {exc}", file=name, hint="it must be a UTF-8 file") from exc
        bound: dict[str, Term] = {}
        if _RULE in sparql.variables(text):
            bound[_RULE] = IRI(f"{base}rule/{source.path.stem}")
        rules.append(Rule(name, text, bound))
    return tuple(rules)


def _read_base(project: Project, data: bytes | None, prefixes: Mapping[str, str]) -> tuple[str, str]:
    """Return the IRI of the dataset, and what its names start with: ``void:uriSpace`` of ``graph/dataset.ttl``."""
    name = project.relative(project.dataset_file)
    if data is None:
        raise ProjectError("the project does not describe itself", file=name, hint="write it, with void:uriSpace")
    described = Draft()
    described.load(data, "turtle", file=name, prefixes=prefixes)
    query = f"SELECT DISTINCT ?dataset ?base {{ ?dataset <{VOID}uriSpace> ?base FILTER(isIRI(?dataset)) }}"
    rows = [(dataset, base) for dataset, base in described.query(query).rows() if dataset and base]
    bases = [base.value for _, base in rows]
    if len(bases) != 1:
        found = f"{len(bases)} values" if bases else "no value"
        hint = 'give the dataset one, such as void:uriSpace "https://example.org/city/"'
        raise ProjectError(f"void:uriSpace has {found}", file=name, hint=hint)
    if not bases[0].endswith("/"):
        raise ProjectError(f"void:uriSpace '{bases[0]}' does not end with '/'", file=name, hint="end it with '/'")
    return rows[0][0].value, bases[0]


def _load_links(draft: Draft, sources: Sources, source: Source, base: str, *, dataset: str) -> None:
    """Add a linkset: its links, what VoID says of the set, and SSSOM's record of every row."""
    from kgtool.linksets.rdf import describe_linkset, describe_target, link_triples, record_triples, targets_of
    from kgtool.linksets.reading import parse_linkset

    name = sources.project.relative(source.path)
    linkset = parse_linkset(read_source(sources.project, source), name)
    targets = [triple for target in targets_of(linkset) for triple in describe_target(target)]
    for graph, triples in (
        ("links", link_triples(linkset)),
        ("dataset", describe_linkset(linkset, dataset=dataset)),
        ("mappings", [*record_triples(linkset), *targets]),
    ):
        lines = "".join(f"{n3(s)} {n3(p)} {n3(o)} .\n" for s, p, o in triples)
        draft.load(lines.encode(), "ntriples", file=name, graph=f"{base}graph/{graph}")


def _graphs(project: Project, base: str) -> dict[Path, str]:
    """Say which graph each shared Turtle file goes into."""
    graphs = dict.fromkeys(project.ontology_files(), f"{base}graph/ontology")
    graphs |= dict.fromkeys(project.shape_files(), f"{base}graph/shapes")
    graphs |= dict.fromkeys(project.entity_files(), f"{base}graph/entities")
    graphs |= {file: f"{base}graph/enriched/{file.stem}" for file in project.enriched_files()}
    return {**graphs, project.dataset_file: f"{base}graph/dataset"}


def refuse_strange_articles(sources: Sources) -> None:
    """Refuse folders that cannot be an article's, and files in them that no graph would hold.

    :raises ProjectError: if there is one.
    """
    project = sources.project
    for slug, files in sources.articles.items():
        if not slug.isascii() or not slug.replace("-", "").isalnum():
            hint = "its name becomes a part of IRIs: use letters, digits and hyphens"
            where = project.relative(project.root / "graph" / "articles" / slug)
            raise ProjectError(f"an article's folder cannot be called '{slug}'", file=where, hint=hint)
        if all(source.name != "article.ttl" for source in files):
            hint = "make it with 'kgtool article add FILE'"
            where = project.relative(project.root / "graph" / "articles" / slug)
            raise ProjectError("the article has no article.ttl", file=where, hint=hint)
        for source in files:
            if source.name not in _OF_ARTICLE or os.path.basename(os.path.dirname(source.file)) != slug:
                raise _stranger(project, source)


def _refuse_strangers(sources: Sources, graphs: Mapping[Path, str]) -> None:
    """Refuse files that no graph would hold."""
    project = sources.project
    known = {*graphs, *project.link_files(), *project.derive_files()}
    for source in sources.shared:
        if source.path not in known:
            raise _stranger(project, source)
    refuse_strange_articles(sources)


def _stranger(project: Project, source: Source) -> ProjectError:
    hint = "an article holds article.ttl and facts.trig; entities belong into graph/entities/"
    return ProjectError("kgtool does not know what this file is for", file=project.relative(source.path), hint=hint)
