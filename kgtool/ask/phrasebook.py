"""What the saved queries are asked with: the words of their questions, examples, summaries, tags and terms, weighed."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgtool.ask.mentions import Lexicon, find_amounts
from kgtool.ask.words import features, tokens
from kgtool.namespaces import IP, RDFS, SCHEMA, SKOS, expand
from kgtool.queries.saved import SavedQuery
from kgtool.sparql import declared_prefixes, prefixed_names, values
from kgtool.store import Store
from kgtool.terms import IRI, Literal

__all__ = ["ANYTHING", "Entry", "Phrasebook", "make_phrasebook"]

#: How much a word counts by where it stands.
_SAID, _SUMMARY, _NAME, _TERM, _TAG, _NOTE = 1.0, 0.8, 0.8, 0.6, 0.5, 0.4

#: How much a Chinese character that stands alone counts beside a word: 做, 搞, 用 fit most questions.
_CHARACTER = 0.5

#: What is meant for a parameter without a class, in a phrasing or a question: a park, a body, not an indicator.
ANYTHING = frozenset((SCHEMA + "Place", SCHEMA + "Organization", IP + "IndustrialPark"))


class Entry(NamedTuple):
    """A saved query, and the words it is asked with."""

    query: SavedQuery
    #: Every way it is asked, as the set of its features.
    phrasings: tuple[frozenset[str], ...]
    #: How much each word speaks for it: 1 if a question has it, less if only a description has.
    weights: dict[str, float]


class Phrasebook(NamedTuple):
    """The saved queries of a project, comparable with a question."""

    entries: tuple[Entry, ...]
    #: How telling a word is: the fewer queries are asked with it, the more.
    telling: dict[str, float]

    def weight(self, feature: str) -> float:
        """Return how telling a feature is; one that no query is asked with is as telling as the rarest."""
        weight = self.telling.get(feature, math.log(1 + 2 * len(self.entries)))
        return weight * _CHARACTER if len(feature) == 1 else weight


def make_phrasebook(
    store: Store, queries: Iterable[SavedQuery], prefixes: Mapping[str, str], lexicon: Lexicon
) -> Phrasebook:
    """Read what the saved queries are asked with; the names of the terms they use are looked up in the graph."""
    asked = list(queries)
    terms = {query.name: _terms(query, prefixes) for query in asked}
    names = _names(store, sorted({iri for iris in terms.values() for iri in iris}))
    entries = tuple(
        _entry(query, [name for iri in terms[query.name] for name in names[iri]], _Mask(query, lexicon, prefixes))
        for query in asked
    )
    # Only where a word is part of a question or summary does it make other queries' uses of it less telling.
    seen = Counter(feature for entry in entries for feature, weight in entry.weights.items() if weight >= _SUMMARY)
    telling = {
        feature: math.log(1 + 2 * len(entries) / (1 + seen[feature])) for entry in entries for feature in entry.weights
    }
    return Phrasebook(entries, telling)


def _entry(query: SavedQuery, terms: list[str], mask: _Mask) -> Entry:
    said = [*query.question.values(), *(phrase for _, phrase in query.examples)]
    notes = [query.description, *(parameter.description for parameter in query.parameters)]
    weights: dict[str, float] = {}
    for weight, texts in (
        (_SAID, said),
        (_SUMMARY, [query.summary]),
        (_NAME, [query.name.replace("-", " ")]),
        (_TERM, terms),
        (_TAG, query.tags),
        (_NOTE, notes),
    ):
        for text in texts:
            for feature in mask.features(text):
                weights.setdefault(feature, weight)
    return Entry(query, tuple(mask.features(text) for text in [*said, query.summary] if text), weights)


class _Mask:
    """Reads the words of a phrasing without the values it gives for the query's parameters: those are examples."""

    def __init__(self, query: SavedQuery, lexicon: Lexicon, prefixes: Mapping[str, str]) -> None:
        self._lexicon = lexicon
        entities = [parameter for parameter in query.parameters if parameter.type == "entity"]
        self._classes = {expand(parameter.class_, prefixes) for parameter in entities if parameter.class_}
        self._anything = any(parameter.class_ is None for parameter in entities)
        self._amounts = len(entities) < len(query.parameters)

    def features(self, text: str) -> frozenset[str]:
        """Return the features of a phrasing."""
        said = tokens(text)
        masked = [(one.start, one.end) for one in find_amounts(text)] if self._amounts else []
        if self._anything or self._classes:
            masked += [(one.start, one.end) for one in self._lexicon.things(text, said) if self._takes(one.values)]
        return frozenset(
            feature
            for feature, start, end in features(said)
            if not any(start < last and first < end for first, last in masked)
        )

    def _takes(self, iris: Iterable[str]) -> bool:
        """Say whether one of the things may be the value of a parameter."""
        classes = {class_ for iri in iris for class_ in self._lexicon.classes[iri]}
        return not classes.isdisjoint(self._classes) or (self._anything and not classes.isdisjoint(ANYTHING))


def _terms(query: SavedQuery, prefixes: Mapping[str, str]) -> list[str]:
    """Return the IRIs of the prefixed names of a query."""
    known = {**prefixes, **declared_prefixes(query.text)}
    names = [re.compile(r"[\w.-]*:[\w.-]*").match(query.text, at) for at, _ in prefixed_names(query.text)]
    found = (expand(name.group(), known) for name in names if name)
    return list(dict.fromkeys(iri for iri in found if iri))


def _names(store: Store, iris: list[str]) -> dict[str, list[str]]:
    """Return the labels of terms in every language."""
    found: dict[str, list[str]] = defaultdict(list)
    if iris:
        things = values(["term"], [[IRI(iri)] for iri in iris])
        query = f"SELECT ?term ?label WHERE {{ {things} ?term <{RDFS}label>|<{SKOS}prefLabel> ?label }}"
        for term, label in store.query(query).rows():
            if isinstance(term, IRI) and isinstance(label, Literal):
                found[term.value].append(label.value)
    return found
