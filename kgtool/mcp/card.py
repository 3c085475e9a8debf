"""The schema card: what someone must know of the graph to ask it in SPARQL, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kgtool.labels import labels_of
from kgtool.mcp.answers import Class, Property, SchemaCard
from kgtool.namespaces import DCTERMS, IP, RDF, SKOS, VOID, compress
from kgtool.queries.saved import SavedQuery
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, Literal

__all__ = ["as_markdown", "make_card"]

#: How many classes and properties a card has at most, the most used ones.
_MOST = 120
#: How many saved queries serve as examples.
_EXAMPLES = 3

_NOTES = (
    (
        "The default graph is everything, each triple once. Every sentence of an article is a named graph with "
        "the sentence's IRI: GRAPH ?sentence { ?s ?p ?o } says who says so. Values that follow from others are in the "
        "graph that ends in /graph/derived."
    ),
    (
        "What is stated with figures is an ip:Observation: ip:subject, ip:indicator, ip:statisticType, ip:period, "
        "ip:value, ip:scale, ip:unit, ip:valueAsWritten. A derived figure is an ip:DerivedObservation and no "
        "ip:Observation; what is only planned is an ip:PlannedMeasure or ip:Target; a title is held only if its "
        "ip:Recognition is granted, not when it is filed."
    ),
    (
        "Every thing has one skos:prefLabel in zh-Hans, zh-Hant and en each. The store may write language tags in "
        "lower case: compare them with langMatches."
    ),
)


def make_card(
    store: Store, queries: Sequence[SavedQuery], prefixes: Mapping[str, str], languages: Sequence[str]
) -> SchemaCard:
    """Make the card of a graph: classes with instances, properties in use, prefixes, examples."""
    classes = _counts(store, "SELECT ?one (COUNT(DISTINCT ?thing) AS ?n) WHERE { ?thing a ?one } GROUP BY ?one")
    properties = _counts(store, "SELECT ?one (COUNT(*) AS ?n) WHERE { ?s ?one ?o } GROUP BY ?one")
    labels = labels_of(store, [iri for iri, _ in (*classes, *properties)], languages)
    definitions = _definitions(store, [iri for iri, _ in properties], languages)
    return SchemaCard(
        about=_about(store, languages),
        prefixes=dict(prefixes),
        classes=[Class(curie=compress(c, prefixes), label=labels.get(c, ""), instances=n) for c, n in classes],
        properties=[
            Property(curie=compress(p, prefixes), label=labels.get(p, ""), definition=definitions.get(p, ""), uses=n)
            for p, n in properties
            if p != RDF + "type"
        ],
        notes=list(_NOTES),
        examples=[_text(query) for query in queries if query.form == "select" and not query.parameters][:_EXAMPLES],
    )


def as_markdown(card: SchemaCard) -> str:
    """Write a card as a page."""
    lines = [f"# {card.about or 'Schema'}", "", *(f"- {note}" for note in card.notes), "", "## Prefixes", ""]
    lines += [f"- `{prefix}:` <{iri}>" for prefix, iri in card.prefixes.items()]
    lines += ["", "## Classes", ""] + [f"- `{one.curie}` {one.label}: {one.instances}" for one in card.classes]
    lines += ["", "## Properties", ""]
    lines += [f"- `{one.curie}` {one.label}: {one.uses}. {one.definition}".rstrip() for one in card.properties]
    lines += ["", "## Examples"] + [f"\n```sparql\n{example}\n```" for example in card.examples]
    return "\n".join(lines) + "\n"


def _counts(store: Store, query: str) -> list[tuple[str, int]]:
    rows = store.query(f"{query} ORDER BY DESC(?n) ?one LIMIT {_MOST}").rows()
    return [(one.value, int(n.value)) for one, n in rows if isinstance(one, IRI) and n is not None]


def _definitions(store: Store, iris: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    terms = values(["term"], [[IRI(iri)] for iri in iris if iri.startswith(IP)])
    query = f"SELECT ?term ?text WHERE {{ {terms} ?term <{SKOS}definition> ?text }}"
    ranks = {language.lower(): rank for rank, language in enumerate(languages)}
    best: dict[str, tuple[int, str]] = {}
    for term, text in store.query(query).rows():
        if term is not None and isinstance(text, Literal):
            candidate = (ranks.get((text.language or "").lower(), len(ranks)), text.value)
            best[term.value] = min(best.get(term.value, candidate), candidate)
    return {iri: text for iri, (_, text) in best.items()}


def _about(store: Store, languages: Sequence[str]) -> str:
    query = f"SELECT ?title WHERE {{ ?dataset <{VOID}uriSpace> ?space ; <{DCTERMS}title> ?title }}"
    titles = {
        (title.language or "").lower(): title.value
        for (title,) in store.query(query).rows()
        if isinstance(title, Literal)
    }
    return next((titles[one.lower()] for one in languages if one.lower() in titles), next(iter(titles.values()), ""))


def _text(query: SavedQuery) -> str:
    """Return a query without its header."""
    return "\n".join(line for line in query.text.splitlines() if not line.startswith("#+")).strip()
