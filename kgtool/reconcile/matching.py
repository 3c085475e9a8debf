"""Candidates for names and properties, rated: what a batch of queries is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kgtool.reconcile.asked import Condition, Query, Reference, Value
from kgtool.reconcile.source import Source
from kgtool.search import Match
from kgtool.sparql import values
from kgtool.terms import IRI, Literal, Term

__all__ = ["reconcile"]

#: How many matches a search is asked for at least: rivals and terms of vocabularies are among them.
_LEAST = 20
#: What is left of the score of a candidate that has none of the types it should have.
_OF_OTHER_TYPE = 0.6
#: How much properties can raise or lower a score.
_WEIGHT = 0.3
#: What a candidate that only its properties found is worth at most.
_UNNAMED = 0.8
#: Things that one property's value may find.
_MOST_FOUND = 200
#: By how much two numbers may differ and be the same, written differently.
_SAME = 1e-9


class _Candidate(NamedTuple):
    iri: str
    name: str
    classes: tuple[str, ...]
    #: 1 for the very name; see :mod:`kgtool.search.rating`. 0 if no name was asked for.
    by_name: float
    #: Whether it has the types wanted.
    is_of_type: bool
    #: The share of the properties it has that are as they should be; ``None`` if it has none of them.
    agreement: float | None

    @property
    def score(self) -> float:
        base = self.by_name
        if self.agreement is not None:
            base = base * (1 - _WEIGHT * (1 - self.agreement)) + (1 - base) * _WEIGHT * self.agreement
        return 100 * base * (1 if self.is_of_type else _OF_OTHER_TYPE)

    @property
    def is_meant(self) -> bool:
        """Whether nothing speaks against it: its very name, the right type, no property that differs."""
        return self.by_name == 1 and self.is_of_type and self.agreement in (None, 1)


def reconcile(source: Source, batch: Mapping[str, Query]) -> dict[str, Any]:
    """Answer a batch of queries: ``{key: {"result": [{"id", "name", "type", "score", "match", …}]}}``.

    A candidate matches if it has the very name, in any script, case or width, and the right type, no property that
    was given differs, and the same cannot be said of another.
    """
    found = {key: _candidates(source, query) for key, query in batch.items()}
    descriptions = source.descriptions({one.iri for candidates in found.values() for one in candidates})
    return {key: {"result": _written(source, batch[key], found[key], descriptions)} for key in batch}


def _candidates(source: Source, query: Query) -> list[_Candidate]:
    wanted = [source.term_iri(one) or one for one in query.types]
    conditions = [_Wanted(source, one) for one in query.conditions]
    matches = _named(source, query, wanted) if query.text else _having(source, conditions)
    there = _values_of(source, conditions, [match.iri for match in matches])
    candidates = []
    for match in matches:
        within = source.within(match.classes)
        is_of_type = not wanted or (all if query.strict == "all" else any)(one in within for one in wanted)
        if (not is_of_type and query.strict != "should") or not source.is_entity(match.classes):
            continue
        fits = [one.fits(there.get(match.iri, {}).get(one.property or "", ())) for one in conditions]
        if any(one.is_required and not fit for one, fit in zip(conditions, fits, strict=True)):
            continue
        # Those about properties that the candidate has.
        judged = [fit for one, fit in zip(conditions, fits, strict=True) if one.values and fit is not None]
        agreement = sum(judged) / len(judged) if judged else None
        by_name = match.score if query.text else _UNNAMED * (agreement or 0)
        given = agreement if query.text else None
        candidates.append(_Candidate(match.iri, match.label, match.classes, by_name, is_of_type, given))
    # The search's own order stands between equals.
    candidates.sort(key=lambda one: -one.score)
    return candidates


def _named(source: Source, query: Query, wanted: Sequence[str]) -> list[Match]:
    """Find things by the name, or another that will do; where types are only wished for, of other types too."""
    most = max(2 * query.limit, _LEAST)
    matches = []
    for text in (query.text, *query.others):
        iri = source.iri_of(text)
        if iri is not None:
            matches += [one for one in source.index.search(iri, limit=1, fuzzy=False) if one.iri == iri]
        if wanted:
            matches += source.index.search(text, limit=most, classes=wanted)
        if not wanted or query.strict == "should":
            matches += source.index.search(text, limit=most)
    best: dict[str, Match] = {}
    for match in matches:
        if match.iri not in best or match.score > best[match.iri].score:
            best[match.iri] = match
    return sorted(best.values(), key=lambda one: -one.score)


def _having(source: Source, conditions: Iterable[_Wanted]) -> list[Match]:
    """Find things by their properties alone."""
    things: dict[str, None] = {}
    for condition in conditions:
        if condition.property in source.properties and condition.is_wanted:
            rows = source.store.query(
                "SELECT ?thing ?value { ?thing ?p ?value }", bindings={"p": IRI(condition.property)}
            )
            found = {
                one.value for one, value in rows.rows() if isinstance(one, IRI) and value and condition.holds(value)
            }
            things.update(dict.fromkeys(sorted(found)[:_MOST_FOUND]))
    return [_match(source, iri) for iri in things]


def _match(source: Source, iri: str) -> Match:
    label = next(iter(source.index.labels(iri).values()), source.id_of(iri))
    return Match(iri, label, label, None, "prefLabel", tuple(source.classes_of(iri)), 0.0)


def _values_of(
    source: Source, conditions: Iterable[_Wanted], things: Sequence[str]
) -> dict[str, dict[str, list[Term]]]:
    """Look up what candidates have as values of the properties that are asked for."""
    properties = [one.property for one in conditions if one.property]
    if not properties or not things:
        return {}
    query = (
        f"SELECT DISTINCT ?thing ?p ?value {{ {values(['thing'], [[IRI(one)] for one in things])} "
        f"{values(['p'], [[IRI(one)] for one in properties])} ?thing ?p ?value }}"
    )
    found: dict[str, dict[str, list[Term]]] = {}
    for thing, p, value in source.store.query(query).rows():
        if isinstance(thing, IRI) and isinstance(p, IRI) and value is not None:
            found.setdefault(thing.value, {}).setdefault(p.value, []).append(value)
    return found


class _Wanted:
    """A condition, ready to be compared with the values that things have."""

    def __init__(self, source: Source, condition: Condition) -> None:
        self.property = source.term_iri(condition.property)
        self.values = condition.values
        self.is_required = condition.required
        self.is_wanted = condition.quantifier != "none"
        #: Where all have to be there, each on its own.
        self._each = (
            [_Wanted(source, Condition(condition.property, (value,))) for value in condition.values]
            if condition.quantifier == "all"
            else []
        )
        self._things: set[str] = set()
        for value in condition.values:
            if isinstance(value, Reference | str):
                iri = source.iri_of(value.id if isinstance(value, Reference) else value)
                self._things |= {iri} if iri else set()
                self._things.update(source.index.named(value) if isinstance(value, str) else ())

    def fits(self, found: Sequence[Term]) -> bool | None:
        """Say whether the values that a thing has are as they should be; ``None`` if it has none to be judged by."""
        if not self.is_wanted:
            return not any(map(self.holds, found))
        if not found:
            return None
        if self._each:
            return all(any(map(one.holds, found)) for one in self._each)
        return any(map(self.holds, found))

    def holds(self, value: Term) -> bool:
        """Say whether a value is one of those that are named."""
        if isinstance(value, IRI):
            return value.value in self._things
        return isinstance(value, Literal) and any(_is_same(value, one) for one in self.values)


def _is_same(literal: Literal, wanted: Value) -> bool:
    """Compare a literal with what a client gave: as numbers where both are, else as texts."""
    if isinstance(wanted, Reference):
        return False
    if isinstance(wanted, bool):
        return literal.value == str(wanted).lower()
    if isinstance(wanted, str) and literal.value.casefold() == wanted.casefold():
        return True
    try:
        one, other = float(literal.value), float(wanted)
    except (ValueError, OverflowError):
        return False
    return abs(one - other) <= _SAME * max(abs(one), abs(other))


def _written(
    source: Source, query: Query, candidates: Sequence[_Candidate], descriptions: Mapping[str, str]
) -> list[dict[str, Any]]:
    meant = [one for one in candidates if one.is_meant]
    written = []
    for one in candidates[: query.limit]:
        features: list[dict[str, Any]] = [{"id": "name", "value": round(100 * one.by_name, 2)}]
        if query.types:
            features.append({"id": "type", "value": one.is_of_type})
        if one.agreement is not None:
            features.append({"id": "properties", "value": round(100 * one.agreement, 2)})
        written.append(
            {
                "id": source.id_of(one.iri),
                "name": one.name,
                "description": descriptions.get(one.iri) or _other_names(source, one),
                "type": source.types_of(one.classes),
                "score": round(one.score, 2),
                "match": one.is_meant and len(meant) == 1,
                "features": features,
            }
        )
    return written


def _other_names(source: Source, candidate: _Candidate) -> str:
    """Say of a thing that nothing describes what else it is called."""
    names = dict.fromkeys(source.index.labels(candidate.iri).values())
    return " · ".join(one for one in names if one != candidate.name)
