"""From a triple to the sentences that say it."""

from __future__ import annotations

from collections.abc import Iterable

from kgtool.namespaces import DCTERMS, IP
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Term

__all__ = ["Triple", "sentences_of"]

#: Subject, predicate, object.
Triple = tuple[Term, Term, Term]

#: How many triples one query looks up.
_BATCH = 500


def sentences_of(store: Store, triples: Iterable[Triple]) -> dict[Triple, list[str]]:
    """Return the sentences that say each of the triples, in reading order.

    A sentence's graph has the sentence's IRI; a triple that no sentence says (a label, a derived value, a link) has
    an empty list, and so has one with a blank node, which no query can name.
    """
    found: dict[Triple, list[str]] = {triple: [] for triple in triples}
    asked = [triple for triple in found if not any(isinstance(term, BlankNode) for term in triple)]
    for start in range(0, len(asked), _BATCH):
        query = (
            "SELECT ?s ?p ?o ?sentence WHERE { "
            + values(["s", "p", "o"], asked[start : start + _BATCH])
            + f" GRAPH ?sentence {{ ?s ?p ?o }} ?sentence a <{IP}Sentence> ."
            + f" OPTIONAL {{ ?sentence <{DCTERMS}isPartOf> ?article }}"
            + f" OPTIONAL {{ ?sentence <{IP}number> ?number }} }} ORDER BY ?article ?number"
        )
        for s, p, o, sentence in store.query(query).rows():
            if s is not None and p is not None and o is not None and isinstance(sentence, IRI):
                found[s, p, o].append(sentence.value)
    return found
