"""Links from a thing to the same or a similar one in another dataset, with how sure they are."""

from __future__ import annotations

from typing import NamedTuple

from kgtool.explorer.naming import Naming, Ref
from kgtool.explorer.visit import Sources
from kgtool.namespaces import OWL, SKOS
from kgtool.sparql import values
from kgtool.terms import IRI

__all__ = ["MAPPINGS", "Mapping", "read_mappings"]

#: The properties that link to other datasets, the closest first.
MAPPINGS = tuple(
    (OWL if name == "sameAs" else SKOS) + name
    for name in ("sameAs", "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)


class Mapping(NamedTuple):
    """A link.

    :param confidence: from 0 to 1, as it is written; empty if nobody says.
    """

    relation: Ref
    target: Ref
    confidence: str


def read_mappings(sources: Sources, naming: Naming, iri: str) -> list[Mapping]:
    """Read the links of a thing, and the confidence that any node beside them gives."""
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
    sure = _confidences(sources, iri)
    found.sort(key=lambda one: (MAPPINGS.index(one[0]), one[1].value))
    return [
        Mapping(naming.ref(relation), naming.ref(target), sure.get((relation, target.value), ""))
        for relation, target in found
    ]


def _confidences(sources: Sources, iri: str) -> dict[tuple[str, str], str]:
    """Look for nodes that name thing, relation and target and say how sure that is: https://mapping-commons.github.io/sssom/"""
    query = (
        "SELECT ?relation ?target ?confidence WHERE { ?node ?a ?thing ; ?b ?relation ; ?c ?target ; ?d ?confidence . "
        f"{values(['relation'], [[IRI(one)] for one in MAPPINGS])} ?thing ?relation ?target "
        "FILTER(isLiteral(?confidence) && STRENDS(LCASE(STR(?d)), 'confidence')) }"
    )
    rows = sources.store.query(query, bindings={"thing": IRI(iri)}).rows()
    return {(r.value, t.value): c.value for r, t, c in rows if r is not None and t is not None and c is not None}
