"""Any SPARQL endpoint, or RDF files: labels, places and codes as the usual vocabularies say them.

https://query.wikidata.org/ is one; EuroVoc, UNBIS, DBpedia and GeoNames' own RDF are of the same kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kgtool.link.enrich.records import GEO, LANGUAGES, Statement, names, place, place_of_point
from kgtool.link.enrich.wikidata import CODES, DIRECT, PROPERTIES
from kgtool.namespaces import DCTERMS, OWL, RDF, RDFS, SCHEMA, SKOS
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, Literal, Term

__all__ = ["SparqlSource"]

#: What names a thing, the best first.
_LABELS = (SKOS + "prefLabel", RDFS + "label", SCHEMA + "name", "https://www.geonames.org/ontology#name")
_LATITUDES = (GEO + "lat", SCHEMA + "latitude")
_LONGITUDES = (GEO + "long", SCHEMA + "longitude")
_POINTS = (DIRECT + "P625", "http://www.opengis.net/ont/geosparql#asWKT")
#: What is taken over as it is.
_KEPT = (
    RDF + "type",
    SKOS + "notation",
    SKOS + "broader",
    DCTERMS + "identifier",
    DCTERMS + "isReplacedBy",
    OWL + "deprecated",
    "https://www.geonames.org/ontology#featureCode",
    *(DIRECT + one for one in (*CODES, "P31")),
)
_DESCRIPTIONS = (SCHEMA + "description",)
_ASKED = (*_LABELS, *_LATITUDES, *_LONGITUDES, *_POINTS, *_KEPT, *_DESCRIPTIONS)

assert set(PROPERTIES) <= {one.removeprefix(DIRECT) for one in _ASKED}


class SparqlSource:
    """Things of a graph that answers SPARQL.

    :param store: the graph.
    :param name: what it is called.
    """

    batch: int | None = 50

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self.name = name

    def fetch(self, iris: Sequence[str]) -> Iterator[tuple[str, list[Statement]]]:
        """Look things up: see :class:`kgtool.link.enrich.records.Source`."""
        things = values(["thing"], [[IRI(iri)] for iri in iris])
        properties = values(["property"], [[IRI(one)] for one in _ASKED])
        tags = ", ".join(f'"{tag}"' for tag in (*LANGUAGES, "zh-sg", ""))
        query = (
            f"SELECT ?thing ?property ?value {{ {things} {properties} ?thing ?property ?value "
            f"FILTER(!isBlank(?value) && (isIRI(?value) || LCASE(LANG(?value)) IN ({tags}))) }}"
        )
        found: dict[str, dict[str, list[Term]]] = {}
        for thing, property_, value in self._store.query(query).rows():
            if isinstance(thing, IRI) and isinstance(property_, IRI) and value is not None:
                found.setdefault(thing.value, {}).setdefault(property_.value, []).append(value)
        for iri in iris:
            if iri in found:
                yield iri, list(_statements(iri, found[iri]))


def _statements(thing: str, said: dict[str, list[Term]]) -> Iterator[Statement]:
    labels: dict[str, str] = {}
    for property_ in _LABELS:
        for value in sorted(said.get(property_, ())):
            if isinstance(value, Literal):
                labels.setdefault((value.language or "").lower() or "mul", value.value)
    yield from names(thing, labels)
    for value in sorted(said.get(SCHEMA + "description", ())):
        if isinstance(value, Literal):
            yield Statement(thing, SCHEMA + "description", value)
    yield from _place(thing, said)
    for property_ in _KEPT:
        for value in sorted(said.get(property_, ()), key=repr):
            if isinstance(value, IRI | Literal):
                yield Statement(thing, property_, value)


def _place(thing: str, said: dict[str, list[Term]]) -> list[Statement]:
    for north, east in zip(_LATITUDES, _LONGITUDES, strict=True):
        if said.get(north) and said.get(east):
            return place(thing, said[north][0].value, said[east][0].value)
    points = [value.value for property_ in _POINTS for value in said.get(property_, ())]
    return place_of_point(thing, min(points)) if points else []
