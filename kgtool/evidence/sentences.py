"""From a triple to the sentences that say it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from kgtool.namespaces import DCTERMS, IP
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import BlankNode, Literal, Term

__all__ = ["BATCH", "Triple", "graphs_of", "integer", "read_texts", "sentences_of"]

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
        for number, graph in read_texts(store, f"SELECT ?i ?graph WHERE {{ {pattern} }} {order}"):
            if not graph.startswith("_:"):
                found[asked[int(number)]].append(graph)
    return found


def read_texts(store: Store, query: str) -> Iterator[list[str]]:
    """Ask for rows of texts: IRIs and literals without what they are. Making terms of them takes five times as long.

    https://www.w3.org/TR/sparql11-results-csv-tsv/
    """
    stream = io.BytesIO()
    store.query(query).write(stream, "csv")
    rows = csv.reader(io.StringIO(stream.getvalue().decode(), newline=""))
    next(rows, None)
    return rows


def integer(number: int) -> Literal:
    """Write a number as a term: what is looked up is told apart by number, which an engine has at hand."""
    return Literal(str(number), None, "http://www.w3.org/2001/XMLSchema#integer")
