"""What the server says of itself and its queries, as triples; of its data see :mod:`kgtool.catalogue`.

https://www.w3.org/TR/sparql11-service-description/ · https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kgtool import sparql
from kgtool.catalogue import Triple
from kgtool.namespaces import OWL, RDF, RDFS, SCHEMA, SD, SH, VOID, XSD, prefix_header
from kgtool.queries.parameters import bind_parameters
from kgtool.queries.saved import SavedQuery
from kgtool.server.negotiation import formats_of
from kgtool.store import Store
from kgtool.terms import IRI, Literal

__all__ = ["example_triples", "service_triples"]

_TYPE = IRI(RDF + "type")
_FORMATS = "http://www.w3.org/ns/formats/"
_SPEX = "https://purl.expasy.org/sparql-examples/ontology#"

#: W3C's names of formats: https://www.w3.org/ns/formats/
_FORMAT_IRIS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "trig": "TriG",
    "nquads": "N-Quads",
}

#: The class of an example and the property with its text, by form.
_EXECUTABLE = {
    "select": (SH + "SPARQLSelectExecutable", SH + "select"),
    "ask": (SH + "SPARQLAskExecutable", SH + "ask"),
    "construct": (SH + "SPARQLConstructExecutable", SH + "construct"),
    "describe": (_SPEX + "SPARQLDescribeExecutable", _SPEX + "describe"),
}


def service_triples(store: Store, *, root: str, base: str | None) -> Iterator[Triple]:
    """Describe the endpoint: what it speaks, the formats it writes, the graphs it has.

    :param root: where the server is, without a slash at the end.
    :param base: what the dataset calls itself, if it does.
    """
    service, data = IRI(f"{root}/sparql"), IRI(base or f"{root}/.well-known/void#dataset")
    default = IRI(f"{root}/sparql#default-graph")
    yield service, _TYPE, IRI(SD + "Service")
    yield service, IRI(SD + "endpoint"), service
    yield service, IRI(SD + "supportedLanguage"), IRI(SD + "SPARQL11Query")
    for kind in ("select", "graph"):
        for form in formats_of(kind):
            if form.name in _FORMAT_IRIS:
                yield service, IRI(SD + "resultFormat"), IRI(_FORMATS + _FORMAT_IRIS[form.name])
    yield service, IRI(SD + "defaultDataset"), data
    yield service, IRI(SD + "availableGraphs"), data
    for kind in ("Dataset", "GraphCollection"):
        yield data, _TYPE, IRI(SD + kind)
    yield data, IRI(SD + "defaultGraph"), default
    yield default, _TYPE, IRI(SD + "Graph")
    yield default, IRI(VOID + "triples"), _number(store.count())
    counts = store.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g").rows()
    for place, (name, triples) in enumerate(counts, start=1):
        if not isinstance(name, IRI) or triples is None:
            continue
        named, graph = IRI(f"{root}/sparql#named-graph-{place}"), IRI(f"{root}/sparql#graph-{place}")
        yield data, IRI(SD + "namedGraph"), named
        yield named, _TYPE, IRI(SD + "NamedGraph")
        yield named, IRI(SD + "name"), name
        yield named, IRI(SD + "graph"), graph
        yield graph, _TYPE, IRI(SD + "Graph")
        yield graph, IRI(VOID + "triples"), triples


def example_triples(
    store: Store, queries: Iterable[SavedQuery], *, root: str, prefixes: Mapping[str, str]
) -> Iterator[Triple]:
    """Describe the saved queries in SIB's vocabulary, each with the defaults of its parameters and its prefixes."""
    declarations = IRI(f"{root}/.well-known/sparql-examples#prefixes")
    for query in queries:
        example = IRI(f"{root}/queries/{query.name}")
        executable, text = _EXECUTABLE[query.form]
        yield example, _TYPE, IRI(SH + "SPARQLExecutable")
        yield example, _TYPE, IRI(executable)
        yield example, IRI(SH + "prefixes"), declarations
        if not any(parameter.required for parameter in query.parameters):
            bound = sparql.bind(query.text, bind_parameters(store, query, {}, prefixes=prefixes))
            yield example, IRI(text), Literal(_with_prefixes(bound, prefixes))
        else:
            yield example, IRI(text), Literal(_with_prefixes(query.text, prefixes))
        for language, question in query.question.items():
            yield example, IRI(RDFS + "comment"), Literal(question, language)
        if not query.question and query.summary:
            yield example, IRI(RDFS + "comment"), Literal(query.summary, "en")
        for tag in query.tags:
            yield example, IRI(SCHEMA + "keywords"), Literal(tag)
        yield example, IRI(SCHEMA + "target"), IRI(f"{root}/sparql")
    yield declarations, _TYPE, IRI(OWL + "Ontology")
    for prefix, namespace in prefixes.items():
        declaration = IRI(f"{declarations.value}-{prefix}")
        yield declarations, IRI(SH + "declare"), declaration
        yield declaration, IRI(SH + "prefix"), Literal(prefix)
        yield declaration, IRI(SH + "namespace"), Literal(namespace, None, XSD + "anyURI")


def _with_prefixes(text: str, prefixes: Mapping[str, str]) -> str:
    """Declare the prefixes that a query uses without saying what they are; its header is said otherwise."""
    lines = text.split("\n")
    while lines and (lines[0].startswith("#+") or not lines[0].strip()):
        del lines[0]
    text = "\n".join(lines)
    declared = sparql.declared_prefixes(text)
    used = {name for _, name in sparql.prefixed_names(text)} - set(declared)
    return prefix_header({name: prefixes[name] for name in sorted(used) if name in prefixes}) + text


def _number(value: int) -> Literal:
    return Literal(str(value), None, XSD + "integer")
