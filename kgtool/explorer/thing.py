"""The page of a thing: its names, its facts in order of meaning, its figures, its links, its neighbours."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any, BinaryIO, NamedTuple, cast

from kgtool.description import Description, Fact, describe
from kgtool.errors import NotFoundError
from kgtool.explorer.article import article, is_article
from kgtool.explorer.figures import read_figures, statements_about
from kgtool.explorer.grouping import group_facts
from kgtool.explorer.mappings import MAPPINGS, read_mappings
from kgtool.explorer.naming import Naming, Ref, in_script
from kgtool.explorer.neighbourhood import read_neighbourhood
from kgtool.explorer.sentences import Citation, cite
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.formats import FORMATS
from kgtool.namespaces import IP, VOID, compress
from kgtool.sparql import is_iri
from kgtool.table import visible
from kgtool.terms import IRI, BlankNode, Literal

__all__ = ["thing_of_document", "thing_of_iri"]

#: The formats a thing's document can be had in, in the order they are offered.
_FORMATS = tuple(FORMATS[name] for name in ("turtle", "jsonld", "ntriples", "rdfxml"))

#: What is told in another place of the page, or is of no use to a reader.
_ELSEWHERE = frozenset((*MAPPINGS, VOID + "exampleResource"))

#: Classes of what is not achieved, and of what the project works out.
_MODALITIES = {
    "PlannedMeasure": "planned",
    "Target": "planned",
    "Directive": "demanded",
    "DerivedObservation": "derived",
}


class _Value(NamedTuple):
    """A fact as it is shown."""

    ref: Ref
    modality: str
    sentences: tuple[Citation, ...]


class _Property(NamedTuple):
    """Facts that share a property."""

    ref: Ref
    incoming: bool
    values: tuple[_Value, ...]


def thing_of_document(sources: Sources, visit: Visit) -> Page:
    """Make the page of a thing whose document is at this address."""
    if sources.base is None:
        raise NotFoundError("the graph does not say what its own names start with (void:uriSpace)")
    iri = f"{sources.base}{visit.path.removeprefix('/').removesuffix('.html')}"
    return article(sources, visit, iri) if is_iri(iri) and is_article(sources, iri) else _page(sources, visit, iri)


def thing_of_iri(sources: Sources, visit: Visit) -> Page:
    """Make the page of a thing that is named elsewhere: ``/thing?iri=``."""
    return _page(sources, visit, visit.params.get("iri", ""))


def _page(sources: Sources, visit: Visit, iri: str) -> Page:
    store = sources.store
    description = describe(store, iri, prefixes=sources.prefixes, languages=visit.languages) if is_iri(iri) else None
    if description is None or not (description.labels or description.facts or description.classes):
        raise NotFoundError(f"nothing is said of '{visible(iri[:200])}'")
    naming, site = Naming(sources, visit), visit.site
    statements = statements_about(sources, iri)
    facts = [
        fact
        for fact in description.facts
        if fact.predicate not in _ELSEWHERE
        # What has no name has no page, and engines call it something else each time; a site's documents have it.
        and not (site is not None and isinstance(fact.value, BlankNode))
        and not (fact.predicate == IP + "subject" and fact.direction == "in" and fact.value.value in statements)
    ]
    naming.learn([IRI(fact.predicate) for fact in facts])
    naming.learn(fact.value for fact in facts)
    naming.learn(description.classes)
    figures = read_figures(sources, naming, visit.language, statements)
    cited = {name for fact in facts for name in fact.sentences} | {name for one in figures for name in one.sentences}
    citations = cite(sources, visit, cited)
    path = naming.links.document(iri)
    document, formats = (path, _FORMATS) if site is None else (site.stem(iri, path), _FORMATS[:2])
    data: dict[str, Any] = {
        "title": _title(description, visit, sources),
        "description": description,
        "names": [(language, text) for language, text in description.labels.items() if language != visit.language],
        "definition": in_script(description.definition, visit.language),
        "iri": iri,
        "code": compress(iri, sources.prefixes),
        "classes": [naming.ref(one) for one in description.classes],
        "modality": _modality_of(description),
        "groups": [
            (group.title, [_property(some, naming, citations) for some in group.properties])
            for group in group_facts(facts)
        ],
        "figures": [
            (figure, [citations[name] for name in figure.sentences if name in citations]) for figure in figures
        ],
        "mappings": read_mappings(sources, naming, iri),
        "formats": [(form.name, f"{document}{form.extensions[0]}") for form in formats] if document else [],
        "jsonld": _json_ld(sources, iri),
        # A page that is a file has its neighbours in it; others ask for them when a reader gets there.
        "neighbourhood": None if site is None else read_neighbourhood(sources, visit, [iri]),
    }
    return Page("thing", data)


def _title(description: Description, visit: Visit, sources: Sources) -> tuple[str, str | None]:
    """Return what the thing is called here, and the language that is in."""
    for language in visit.languages:
        if language in description.labels:
            return description.labels[language], language
    for language, label in description.labels.items():
        return label, language or None
    return compress(description.iri, sources.prefixes), None


def _modality_of(description: Description) -> str:
    return next((_MODALITIES[name] for name in _MODALITIES if IP + name in description.classes), "")


def _property(facts: Iterable[Fact], naming: Naming, citations: dict[str, Citation]) -> _Property:
    some = list(facts)
    values = [
        _Value(
            naming.ref(fact.value)
            if isinstance(fact.value, Literal)
            else naming.ref(fact.value)._replace(text=fact.label),
            fact.modality,
            tuple(citations[name] for name in fact.sentences if name in citations),
        )
        for fact in some
    ]
    return _Property(naming.ref(some[0].predicate), some[0].direction == "in", tuple(values))


def _json_ld(sources: Sources, iri: str) -> object:
    """Write what is said of the thing itself as JSON-LD: https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html"""
    query = "CONSTRUCT { ?thing ?p ?o } WHERE { ?thing ?p ?o FILTER(!isBlank(?o)) }"
    stream = io.BytesIO()
    sources.store.query(query, bindings={"thing": IRI(iri)}, prefixes=sources.prefixes).write(
        cast("BinaryIO", stream), "jsonld"
    )
    return json.loads(stream.getvalue())
