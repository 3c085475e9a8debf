"""From a triple to the sentences that say it."""

from __future__ import annotations

from collections.abc import Iterable

from kgtool.namespaces import DCTERMS, IP
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["BATCH", "Triple", "graphs_of", "integer", "sentences_of"]

#: Subject, predicate, object.
Triple = tuple[Term, Term, Term]

#: How many triples one query looks up. pyoxigraph 0.5 takes 5 ms for 500 and 27 s for 2,000: it then joins otherwise.
BATCH = 500


def sentences_of(store: Store, triples: Iterable[Triple]) -> dict[Triple, list[str]]:
    """Return the sentences that say each of the triples, in reading order.

    A sentence's graph has the sentence's IRI; a triple that no sentence says (a label, a derived value, a link) has
    an empty list, and so has one with a blank node, which no query can name.
    """
    sentence = (
        f"?graph a <{IP}Sentence> ."
        f" OPTIONAL {{ ?graph <{DCTERMS}isPartOf> ?article }}"
        f" OPTIONAL {{ ?graph <{IP}number> ?number }}"
    )
    return _look_up(store, triples, sentence, "ORDER BY ?article ?number")


def graphs_of(store: Store, triples: Iterable[Triple]) -> dict[Triple, list[str]]:
    """Return the named graphs that hold each of the triples."""
    return _look_up(store, triples, "", "")


def _look_up(store: Store, triples: Iterable[Triple], condition: str, order: str) -> dict[Triple, list[str]]:
    found: dict[Triple, list[str]] = {triple: [] for triple in triples}
    asked = [triple for triple in found if not any(isinstance(term, BlankNode) for term in triple)]
    for start in range(0, len(asked), BATCH):
        # By number: an engine may give a literal back spelt otherwise (4486.20 as 4486.2).
        rows = [(integer(i), *triple) for i, triple in enumerate(asked[start : start + BATCH], start)]
        pattern = f"{values(['i', 's', 'p', 'o'], rows)} GRAPH ?graph {{ ?s ?p ?o }} {condition}"
        for number, graph in store.query(f"SELECT ?i ?graph WHERE {{ {pattern} }} {order}").rows():
            if isinstance(number, Literal) and isinstance(graph, IRI):
                found[asked[int(number.value)]].append(graph.value)
    return found


def integer(number: int) -> Literal:
    """Write a number as a term: what is looked up is told apart by number, which an engine has at hand."""
    return Literal(str(number), None, "http://www.w3.org/2001/XMLSchema#integer")
