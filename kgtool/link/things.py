"""What a graph says of the things that are linked: their classes and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgtool.namespaces import RDFS, SKOS
from kgtool.project import Project
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.store.drafts import read_files
from kgtool.terms import IRI, Literal

__all__ = ["Thing", "open_things", "read_things"]

#: How many things one query asks for.
_BATCH = 1000


class Thing(NamedTuple):
    """A thing of the graph.

    :param classes: its classes and all above them.
    :param labels: its preferred labels, by language tag in lower case.
    """

    classes: frozenset[str]
    labels: Mapping[str, str]


def open_things(project: Project) -> Store:
    """Read what a project describes: ontology, entities and articles' records, and no links.

    Links are looked at before they are built: a fault in one must not keep the others from being seen.

    :raises DataError: if one of those files is malformed.
    """
    records = [folder / "article.ttl" for folder in project.article_folders()]
    facts = [folder / "facts.trig" for folder in project.article_folders()]
    files = [*project.ontology_files(), *project.entity_files(), *records, *facts]
    draft = read_files([str(file) for file in files if file.is_file()])
    draft.unite(without=[])
    return draft


def read_things(store: Store, iris: Iterable[str]) -> dict[str, Thing]:
    """Look things up by their IRIs; those that have no class are not there."""
    wanted = sorted(set(iris))
    classes: dict[str, set[str]] = {}
    labels: dict[str, dict[str, str]] = {}
    for start in range(0, len(wanted), _BATCH):
        these = values(["thing"], [[IRI(iri)] for iri in wanted[start : start + _BATCH]])
        query = f"SELECT DISTINCT ?thing ?class {{ {these} ?thing a/<{RDFS}subClassOf>* ?class }}"
        for thing, class_ in store.query(query).rows():
            if isinstance(thing, IRI) and isinstance(class_, IRI):
                classes.setdefault(thing.value, set()).add(class_.value)
        query = f"SELECT ?thing ?label {{ {these} ?thing <{SKOS}prefLabel> ?label }} ORDER BY ?thing ?label"
        for thing, label in store.query(query).rows():
            if isinstance(thing, IRI) and isinstance(label, Literal):
                labels.setdefault(thing.value, {})[(label.language or "").lower()] = label.value
    return {iri: Thing(frozenset(found), labels.get(iri, {})) for iri, found in classes.items()}
