"""What is said of a thing: its names, and every fact about it with the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal as OneOf
from typing import NamedTuple

from kgtool.evidence import Triple, sentences_of
from kgtool.labels import LANGUAGES, labels_of, readable_rows
from kgtool.namespaces import DCTERMS, FOAF, IP, PROV, RDF, RDFS, SCHEMA, SKOS, compress
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, Literal, Term

__all__ = ["DOCUMENT_QUERY", "Description", "Fact", "Modality", "describe"]

#: Stated by a sentence as it is; planned, so not achieved; derived from other facts; or what the project adds itself.
Modality = OneOf["stated", "planned", "derived", "background"]

_TYPE = RDF + "type"
_PREFERRED = SKOS + "prefLabel"
_OTHER_NAMES = (SKOS + "altLabel", SKOS + "hiddenLabel")
_DEFINITIONS = (SKOS + "definition", DCTERMS + "description", RDFS + "comment", SCHEMA + "description")
#: Predicates that say what a thing is called and where its definition is: no facts about it.
_NO_FACTS = frozenset((_TYPE, _PREFERRED, RDFS + "label", RDFS + "isDefinedBy", *_OTHER_NAMES, *_DEFINITIONS))

#: Classes of what is not achieved yet.
_PLANNED = frozenset((IP + "PlannedMeasure", IP + "Target"))

#: What a statement with more than two ends is summarised by.
_DETAILS = tuple(IP + name for name in ("quote", "indicator", "valueAsWritten", "value", "scale", "unit", "period"))

#: How the graph of derived facts ends: see docs/architecture.md.
_DERIVED_GRAPH = "/graph/derived"

#: What is said of a thing, of the statements it is a part of, and the sentences that say so: ``?thing``, ``?document``.
DOCUMENT_QUERY = f"""
CONSTRUCT {{
    ?s ?p ?o .
    ?document a <{FOAF}Document> ; <{FOAF}primaryTopic> ?thing ; <{PROV}wasDerivedFrom> ?sentence .
}} WHERE {{
    {{ BIND(?thing AS ?s) ?s ?p ?o }}
    UNION {{ ?s ?p ?o FILTER(?o = ?thing && isIRI(?o)) }}
    UNION {{ ?s ?to ?thing ; <{IP}quote> ?quote ; ?p ?o }}
    UNION {{ ?thing ?to ?s . ?s <{IP}quote> ?quote ; ?p ?o }}
    UNION {{ GRAPH ?sentence {{ {{ ?thing ?a ?b }} UNION {{ ?c ?d ?thing }} }} ?sentence a <{IP}Sentence> }}
}}
"""


class Fact(NamedTuple):
    """A triple with the thing at one end."""

    predicate: str
    predicate_label: str
    #: ``out`` if the thing is the subject, ``in`` if it is the object.
    direction: str
    #: What stands at the other end.
    value: Term
    label: str
    #: The IRIs of the sentences that say it, in reading order.
    sentences: tuple[str, ...]
    modality: Modality


class Description(NamedTuple):
    """A thing and what is said of it."""

    iri: str
    #: The preferred label by language.
    labels: dict[str, str]
    other_names: tuple[str, ...]
    #: The IRIs of its classes, with their labels.
    classes: dict[str, str]
    definition: str
    facts: tuple[Fact, ...]


def describe(
    store: Store, iri: str, *, prefixes: Mapping[str, str], languages: Sequence[str] = LANGUAGES
) -> Description:
    """Describe a thing: facts are grouped by predicate, those that start from it first, in reading order."""
    subject = IRI(iri)
    triples = [(s, p, o) for s, p, o in _triples(store, subject) if isinstance(p, IRI)]
    own = [(p.value, o) for s, p, o in triples if s == subject]
    facts = [(s, p, o) for s, p, o in triples if p.value not in _NO_FACTS]
    sentences = sentences_of(store, facts)
    derived = _derived(store, [triple for triple, found in sentences.items() if not found])
    nodes = _details(store, [end.value for s, p, o in facts for end in (s, o) if isinstance(end, IRI)])
    labels = labels_of(store, [p.value for _, p, _ in facts], languages)
    written = _Written(store, [o if s == subject else s for s, _, o in facts], nodes, prefixes, languages)
    described = [
        Fact(
            predicate=p.value,
            predicate_label=labels.get(p.value) or compress(p.value, prefixes),
            direction="out" if s == subject else "in",
            value=(value := o if s == subject else s),
            label=written.of(value),
            sentences=tuple(sentences[s, p, o]),
            modality=_modality(nodes, (s, p, o), stated=bool(sentences[s, p, o]), derived=(s, p, o) in derived),
        )
        for s, p, o in facts
    ]
    classes = [o.value for p, o in own if p == _TYPE and isinstance(o, IRI)]
    class_labels = labels_of(store, classes, languages)
    return Description(
        iri=iri,
        labels=_by_language(own),
        other_names=tuple(sorted({o.value for p, o in own if p in _OTHER_NAMES})),
        classes={one: class_labels.get(one) or compress(one, prefixes) for one in sorted(classes)},
        definition=_definition(own, languages),
        facts=tuple(sorted(described, key=_place)),
    )


def _triples(store: Store, subject: IRI) -> list[Triple]:
    """Return the triples of the default graph that the thing stands in: those that start from it, then the others."""
    out = store.query("SELECT ?p ?o WHERE { ?thing ?p ?o }", bindings={"thing": subject}).rows()
    into = store.query("SELECT ?s ?p WHERE { ?s ?p ?thing }", bindings={"thing": subject}).rows()
    triples: list[Triple] = [(subject, p, o) for p, o in out if p is not None and o is not None]
    return triples + [(s, p, subject) for s, p in into if p is not None and s is not None and s != subject]


def _derived(store: Store, triples: Iterable[Triple]) -> set[Triple]:
    """Return those of the triples that a rule derived."""
    rows = [triple for triple in triples if all(isinstance(term, IRI | Literal) for term in triple)]
    if not rows:
        return set()
    query = f"SELECT ?s ?p ?o ?g WHERE {{ {values(['s', 'p', 'o'], rows)} GRAPH ?g {{ ?s ?p ?o }} }}"
    return {
        (s, p, o)
        for s, p, o, g in store.query(query).rows()
        if s and p and o and isinstance(g, IRI) and g.value.endswith(_DERIVED_GRAPH)
    }


#: The properties that summarise a statement, and its classes.
_Details = dict[str, list[Term]]


def _details(store: Store, iris: Iterable[str]) -> dict[str, _Details]:
    """Look up what statements with more than two ends are summarised by."""
    wanted = [[IRI(iri)] for iri in dict.fromkeys(iris)]
    found: dict[str, _Details] = {}
    if not wanted:
        return found
    predicates = ", ".join(f"<{predicate}>" for predicate in (_TYPE, *_DETAILS))
    pattern = f"{values(['node'], wanted)} ?node ?p ?o FILTER(?p IN ({predicates}))"
    query = f"SELECT ?node ?p ?o WHERE {{ {pattern} }} ORDER BY ?node ?p ?o"
    for node, p, o in store.query(query).rows():
        if isinstance(node, IRI) and isinstance(p, IRI) and o is not None:
            found.setdefault(node.value, {}).setdefault(p.value, []).append(o)
    return found


class _Written:
    """How the things at the other end of facts are written: by their label, or as the statement they are."""

    def __init__(
        self,
        store: Store,
        ends: Sequence[Term],
        nodes: Mapping[str, _Details],
        prefixes: Mapping[str, str],
        languages: Sequence[str],
    ) -> None:
        self._nodes = nodes
        self._named = labels_of(store, [end.value for end in ends if isinstance(end, IRI)], languages)
        inner = [term for details in nodes.values() for found in details.values() for term in found]
        terms = list(dict.fromkeys([*ends, *inner]))
        cells = readable_rows(store, [terms], prefixes=prefixes, languages=languages)[0]
        self._text = dict(zip(terms, cells, strict=True))

    def of(self, end: Term) -> str:
        details = self._nodes.get(end.value, {}) if isinstance(end, IRI) else {}
        if not (IP + "quote" in details or IP + "value" in details):
            return self._text[end]
        name = self._named.get(end.value) or self._first(details, IP + "indicator") or self._class(details)
        period = self._first(details, IP + "period")
        return f"{name}: {self._amount(details)}" + (f" ({period})" if period not in name else "")

    def _amount(self, details: _Details) -> str:
        """Return the value as it is written, else the value computed, else the words that prove the statement."""
        as_written = self._first(details, IP + "valueAsWritten")
        if as_written:
            return as_written
        value = self._first(details, IP + "value")
        if value:
            return " ".join(filter(None, (value, self._scale(details), self._first(details, IP + "unit"))))
        return f"“{self._first(details, IP + 'quote')}”"

    def _scale(self, details: _Details) -> str:
        """Return the power of ten that a value is counted in, as a factor; nothing for 1."""
        scale = self._first(details, IP + "scale")
        zeros = len(scale) - 1
        return "" if scale in {"", "1"} else f"× 10^{zeros}" if scale == f"1{'0' * zeros}" else f"× {scale}"

    def _first(self, details: _Details, predicate: str) -> str:
        return self._text[details[predicate][0]] if predicate in details else ""

    def _class(self, details: _Details) -> str:
        classes = sorted(details.get(_TYPE, []), key=lambda one: (not one.value.startswith(IP), one.value))
        return self._text[classes[0]] if classes else "?"


def _modality(nodes: Mapping[str, _Details], triple: Triple, *, stated: bool, derived: bool) -> Modality:
    ends = [end.value for end in (triple[0], triple[2]) if isinstance(end, IRI)]
    classes = {class_.value for end in ends for class_ in nodes.get(end, {}).get(_TYPE, [])}
    if not _PLANNED.isdisjoint(classes):
        return "planned"
    if derived or IP + "DerivedObservation" in classes:
        return "derived"
    return "stated" if stated else "background"


def _by_language(own: Iterable[tuple[str, Term]]) -> dict[str, str]:
    """Return preferred labels by language, in the usual order and spelling of the tags."""
    spelling = {language.lower(): language for language in LANGUAGES}
    labels = {
        spelling.get((o.language or "").lower(), o.language or ""): o.value
        for p, o in own
        if p in (_PREFERRED, RDFS + "label") and isinstance(o, Literal)
    }
    return {language: labels[language] for language in [*LANGUAGES, *sorted(labels)] if language in labels}


def _definition(own: Sequence[tuple[str, Term]], languages: Sequence[str]) -> str:
    texts = {(o.language or "").lower(): o.value for p, o in own if p in _DEFINITIONS and isinstance(o, Literal)}
    return next((texts[one.lower()] for one in languages if one.lower() in texts), next(iter(texts.values()), ""))


def _place(fact: Fact) -> tuple[object, ...]:
    """Sort facts: from the thing first, by predicate, by the first sentence (s9 before s12), by label."""
    first = fact.sentences[0] if fact.sentences else ""
    return (fact.direction == "in", fact.predicate_label, fact.predicate, not first, len(first), first, fact.label)
