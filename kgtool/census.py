"""What a graph holds, counted."""

from __future__ import annotations

from typing import NamedTuple

from kgtool.namespaces import IP, PROV, QB, RDF, SKOS
from kgtool.store import Store

__all__ = ["Census", "take_census"]

_HEADER = "".join(
    f"PREFIX {name}: <{namespace}>\n"
    for name, namespace in (("ip", IP), ("prov", PROV), ("qb", QB), ("rdf", RDF), ("skos", SKOS))
)
#: A statement of a sentence: in the graph of that name.
_STATED = "GRAPH ?sentence { ?s ?p ?o } ?sentence a ip:Sentence . FILTER(?p != ip:reliesOn)"
_ENTITY = 'GRAPH ?entities { ?s ?p ?o } FILTER(STRENDS(STR(?entities), "/graph/entities"))'


class Census(NamedTuple):
    """The counts of a graph.

    :param entities: things that have a label or a description of their own, in ``graph/entities/``.
    :param facts: distinct triples that sentences state, however many of them do; a thing's class, names, quotes and
        readers' notes (assumptions, what a sentence relies on) are no facts.
    :param statements: the same by statement: a node that carries a quote counts once with all that is said of it, and
        every other triple once.
    :param observations: statistical observations that sentences state.
    :param derived: derived observations.
    :param sentences: sentences of all articles.
    :param sentences_with_facts: those that say something.
    :param links: links to other datasets.
    :param classes: things per class, of entities and of what sentences describe; the largest first.
    :param languages: labels per language.
    :param graphs: triples per named graph.
    :param total: distinct triples of the default graph.
    """

    entities: int
    facts: int
    statements: int
    observations: int
    derived: int
    sentences: int
    sentences_with_facts: int
    links: int
    classes: dict[str, int]
    languages: dict[str, int]
    graphs: dict[str, int]
    total: int


def take_census(store: Store) -> Census:
    """Count what a built store holds."""
    return Census(
        entities=_number(store, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {_ENTITY} FILTER(isIRI(?s)) }}"),
        facts=_number(
            store,
            "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { "
            f"{_STATED} FILTER(?p NOT IN (rdf:type, skos:prefLabel, qb:dataSet, ip:quote, ip:assumption)) }} }} }}",
        ),
        statements=_number(store, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {_STATED} ?s ip:quote ?quote }}")
        + _number(
            store,
            "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { "
            f"{_STATED} FILTER NOT EXISTS {{ ?s ip:quote ?quote }} }} }} }}",
        ),
        observations=_number(
            store,
            "SELECT (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?sentence { ?s a ip:Observation } ?sentence a ip:Sentence }",
        ),
        derived=_number(store, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ip:DerivedObservation }"),
        sentences=_number(store, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ip:Sentence }"),
        sentences_with_facts=_number(store, f"SELECT (COUNT(DISTINCT ?sentence) AS ?n) {{ {_STATED} }}"),
        links=_number(
            store,
            'SELECT (COUNT(*) AS ?n) { GRAPH ?links { ?s ?p ?o } FILTER(STRENDS(STR(?links), "/graph/links")) }',
        ),
        classes=_numbers(
            store,
            "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { "
            f"{{ {_ENTITY} FILTER(isIRI(?s)) }} UNION {{ {_STATED} }} ?s a ?class }} "
            "GROUP BY ?class ORDER BY DESC(?n) ?class",
        ),
        languages=_numbers(
            store,
            "SELECT ?language (COUNT(*) AS ?n) { ?s skos:prefLabel ?label . "
            f"FILTER EXISTS {{ {_ENTITY} }} BIND(LANG(?label) AS ?language) }} GROUP BY ?language ORDER BY ?language",
        ),
        graphs=_numbers(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"),
        total=store.count(),
    )


def _number(store: Store, query: str) -> int:
    ((number,),) = store.query(_HEADER + query).rows()
    assert number is not None
    return int(number.value)


def _numbers(store: Store, query: str) -> dict[str, int]:
    rows = store.query(_HEADER + query).rows()
    return {name.value: int(number.value) for name, number in rows if name is not None and number is not None}
