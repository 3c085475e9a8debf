"""The values worth offering for a parameter of a saved query, taken from the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kgtool.labels import LANGUAGES, readable_rows
from kgtool.namespaces import RDFS, compress, expand
from kgtool.queries.parameters import term_of
from kgtool.queries.saved import Parameter, SavedQuery
from kgtool.sparql import main_pattern
from kgtool.store import Store
from kgtool.terms import IRI, Term

__all__ = ["Choice", "choices_of"]

#: How many values are offered at most: a form with more is no help.
_MOST = 1000


class Choice(NamedTuple):
    """A value as it is given, and as it is shown."""

    value: str
    label: str


def choices_of(
    store: Store,
    query: SavedQuery,
    parameter: Parameter,
    *,
    prefixes: Mapping[str, str],
    languages: Sequence[str] = LANGUAGES,
) -> list[Choice]:
    """Return what can be chosen for a parameter, sorted by label; nothing where any value will do.

    The header names the choices (``choices``), or has them taken from the graph: what the query's own pattern finds
    (``enumerate``), else the instances of the parameter's class.
    """
    if parameter.choices:
        terms = [(term_of(store, parameter, text, prefixes), text) for text in parameter.choices]
    else:
        terms = [(term, _written(term, prefixes)) for term in _found(store, query, parameter, prefixes)]
    labels = readable_rows(store, [[term] for term, _ in terms], prefixes=prefixes, languages=languages)
    choices = [Choice(text, label) for (_, text), (label,) in zip(terms, labels, strict=True)]
    return choices if parameter.choices else sorted(choices, key=lambda choice: (choice.label, choice.value))


def _found(store: Store, query: SavedQuery, parameter: Parameter, prefixes: Mapping[str, str]) -> list[Term]:
    """Return what the graph has for a parameter."""
    bindings: dict[str, Term] = {}
    if parameter.enumerated:
        pattern = main_pattern(query.text)
        if pattern is None:
            return []
        prologue, group = pattern
        text = f"{prologue}SELECT DISTINCT ?{parameter.variable} WHERE {group}"
    elif parameter.class_ and (class_ := expand(parameter.class_, prefixes)):
        text = f"SELECT DISTINCT ?thing WHERE {{ ?thing a/<{RDFS}subClassOf>* ?class }}"
        bindings = {"class": IRI(class_)}
    else:
        return []
    rows = store.query(f"{text} LIMIT {_MOST}", bindings=bindings, prefixes=prefixes, file=query.file).rows()
    return [term for (term,) in rows if term is not None]


def _written(term: Term, prefixes: Mapping[str, str]) -> str:
    return compress(term.value, prefixes) if isinstance(term, IRI) else term.value
