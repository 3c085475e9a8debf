"""Links from a thing to the same or a similar one in another dataset, with how sure they are."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from kgtool.explorer.naming import Naming, Ref
from kgtool.explorer.visit import Sources
from kgtool.namespaces import OWL, SKOS
from kgtool.sparql import values
from kgtool.terms import IRI

__all__ = ["MAPPINGS", "Mapping", "place_of", "read_mappings"]

#: The properties that link to other datasets, the closest first.
MAPPINGS = tuple(
    (OWL if name == "sameAs" else SKOS) + name
    for name in ("sameAs", "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)


class Mapping(NamedTuple):
    """A link.

    :param confidence: from 0 to 1, as it is written; empty if nobody says.
    :param comment: what the link rests on.
    :param place: the host of the dataset.
    """

    relation: Ref
    target: Ref
    confidence: str
    comment: str
    place: str


def read_mappings(sources: Sources, naming: Naming, iri: str) -> list[Mapping]:
    """Read the links of a thing, with what is noted of each."""
    relations = values(["relation"], [[IRI(one)] for one in MAPPINGS])
    query = f"SELECT ?relation ?target WHERE {{ {relations} ?thing ?relation ?target FILTER(isIRI(?target)) }}"
    found = [
        (relation.value, target)
        for relation, target in sources.store.query(query, bindings={"thing": IRI(iri)}).rows()
        if relation is not None and isinstance(target, IRI)
    ]
    if not found:
        return []
    naming.learn(target for _, target in found)
    naming.learn(relation for relation, _ in found)
    noted = _notes(sources, iri)
    found.sort(key=lambda one: (MAPPINGS.index(one[0]), one[1].value))
    return [_mapping(naming, relation, target, noted.get((relation, target.value), {})) for relation, target in found]


def _mapping(naming: Naming, relation: str, target: IRI, notes: dict[str, str]) -> Mapping:
    """Make a link; a target is called what it is called there."""
    ref = naming.ref(target)
    if notes.get("object_label"):
        ref = ref._replace(text=notes["object_label"])
    return Mapping(
        naming.ref(relation), ref, notes.get("confidence", ""), notes.get("comment", ""), place_of(target.value)
    )


def place_of(iri: str) -> str:
    """Return the host that an IRI is of, or the IRI where it is of none.

    >>> place_of("http://www.wikidata.org/entity/Q182852")
    'www.wikidata.org'
    """
    try:
        return urlsplit(iri).netloc or iri
    except ValueError:
        return iri


def _notes(sources: Sources, iri: str) -> dict[tuple[str, str], dict[str, str]]:
    """Read what is noted of links: an axiom each, which may stand in a graph of its own.

    https://www.w3.org/TR/owl2-mapping-to-rdf/#Translation_of_Annotations · https://mapping-commons.github.io/sssom/
    """
    axiom = (
        f"?axiom <{OWL}annotatedSource> ?thing ; <{OWL}annotatedProperty> ?relation ; <{OWL}annotatedTarget> ?target ; "
        "?property ?note FILTER(isLiteral(?note))"
    )
    query = f"SELECT ?relation ?target ?property ?note WHERE {{ {{ {axiom} }} UNION {{ GRAPH ?graph {{ {axiom} }} }} }}"
    noted: dict[tuple[str, str], dict[str, str]] = {}
    for relation, target, property_, note in sources.store.query(query, bindings={"thing": IRI(iri)}).rows():
        if relation is not None and target is not None and property_ is not None and note is not None:
            name = re.split("[/#]", property_.value)[-1]
            noted.setdefault((relation.value, target.value), {})[name] = note.value
    return noted
