"""What things are called in every language, and what sentences are about: for exports that let the reader choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgtool.labels import LANGUAGES
from kgtool.namespaces import IP, RDFS, SKOS, expand
from kgtool.sparql import is_iri, values
from kgtool.store import Store
from kgtool.terms import IRI, Literal

__all__ = ["Texts", "read_texts"]

#: The properties of the text by language, the best last, and those of further names.
_SHOWN = (IP + "gist", RDFS + "label", SKOS + "prefLabel")
_OTHERS = (SKOS + "altLabel", SKOS + "hiddenLabel")

#: How many things one query asks the texts of.
_BATCH = 1000


class Texts(NamedTuple):
    """What a thing is called.

    :param labels: its label by language tag; for a sentence what it is about, in our words.
    :param other_names: short forms and other spellings, sorted.
    """

    labels: Mapping[str, str] = {}
    other_names: tuple[str, ...] = ()


def read_texts(store: Store, names: Iterable[str], *, prefixes: Mapping[str, str]) -> dict[str, Texts]:
    """Read what things are called, and what sentences are about.

    :param names: CURIEs or IRIs; those that have no text are left out.
    """
    asked = {expand(name, prefixes) or name: name for name in names}
    iris = [iri for iri in asked if is_iri(iri)]
    properties = values(["property"], [[IRI(one)] for one in (*_SHOWN, *_OTHERS)])
    spelling = {language.lower(): language for language in LANGUAGES}
    found: dict[str, tuple[dict[str, tuple[int, str]], set[str]]] = {}
    for start in range(0, len(iris), _BATCH):
        things = values(["thing"], [[IRI(iri)] for iri in iris[start : start + _BATCH]])
        query = f"SELECT ?thing ?property ?text WHERE {{ {things} {properties} ?thing ?property ?text }}"
        for thing, property_, text in store.query(query).rows():
            if not (isinstance(thing, IRI) and isinstance(property_, IRI) and isinstance(text, Literal)):
                continue
            labels, others = found.setdefault(asked[thing.value], ({}, set()))
            if property_.value in _OTHERS:
                others.add(text.value)
                continue
            tag = spelling.get((text.language or "").lower(), text.language or "")
            labels[tag] = max(labels.get(tag, (-1, "")), (_SHOWN.index(property_.value), text.value))
    return {
        name: Texts({tag: labels[tag][1] for tag in sorted(labels)}, tuple(sorted(others)))
        for name, (labels, others) in sorted(found.items())
    }
