"""The data as a catalogue describes it: DCAT 3 as DCAT-AP wants it, VoID's counts, what it links to, where to have it.

https://www.w3.org/TR/vocab-dcat-3/ · https://semiceu.github.io/DCAT-AP/releases/3.0.0/ · https://www.w3.org/TR/void/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kgtool.namespaces import DCAT, DCTERMS, FOAF, IP, OWL, PROV, RDF, RDFS, SKOS, VOID
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["DUMPS", "Triple", "dataset_triples"]

#: Subject, predicate, object. Subjects are IRIs: a description has no blank nodes.
Triple = tuple[IRI, IRI, Term]

_TYPE = IRI(RDF + "type")
_TITLE, _LABEL = IRI(DCTERMS + "title"), IRI(SKOS + "prefLabel")

#: A server's files with the whole graph: the name of the format, its media type's, the EU's, and what people call it.
DUMPS = {
    "/dump.nq": ("nquads", "application/n-quads", "RDF_N_QUADS", "N-Quads"),
    "/dump.trig": ("trig", "application/trig", "RDF_TRIG", "TriG"),
}
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_LANGUAGE = "http://id.loc.gov/vocabulary/iso639-1/"
_FEATURE = "http://www.w3.org/ns/formats/"
_PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"

#: What the values of properties are, as DCAT-AP wants it said; the other classes they have are their own.
_CLASSES = {
    DCTERMS + "publisher": FOAF + "Agent",
    DCTERMS + "creator": FOAF + "Agent",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "temporal": DCTERMS + "PeriodOfTime",
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCAT + "theme": SKOS + "Concept",
    DCAT + "landingPage": FOAF + "Document",
}
#: What is said of such values besides.
_ABOUT = (
    SKOS + "prefLabel",
    SKOS + "inScheme",
    FOAF + "name",
    DCTERMS + "title",
    OWL + "sameAs",
    IP + "start",
    IP + "end",
)
#: The graph's own words for the ends of a period, and DCAT's.
_DATES = {IP + "start": DCAT + "startDate", IP + "end": DCAT + "endDate"}

#: What the whole graph is counted by.
_COUNTS = {
    "triples": "*",
    "distinctSubjects": "DISTINCT ?s",
    "properties": "DISTINCT ?p",
    "distinctObjects": "DISTINCT ?o",
}

_DESCRIPTION = {
    "en": "SPARQL 1.1 queries of the graph, read-only.",
    "zh-Hans": "对该图的 SPARQL 1.1 查询，只读。",
    "zh-Hant": "對該圖的 SPARQL 1.1 查詢，唯讀。",
}


def dataset_triples(
    store: Store,
    *,
    root: str,
    base: str | None,
    prefixes: Mapping[str, str],
    path: str = "/.well-known/void",
    dumps: Mapping[str, tuple[str, str, str, str]] = DUMPS,
    endpoint: str | None = "/sparql",
) -> Iterator[Triple]:
    """Describe the data: what the dataset says of itself, where it is to be had, what is in it, what it links to.

    :param root: where the server is, without a slash at the end.
    :param base: what the dataset calls itself, if it does.
    :param path: where below the root this description is, and ``endpoint`` where queries are answered, if they are.
    :param dumps: files with the whole graph, as :data:`DUMPS`.
    """
    here, service = f"{root}{path}", None if endpoint is None else IRI(f"{root}{endpoint}")
    data, document, catalogue = IRI(base or f"{here}#dataset"), IRI(here), IRI(f"{here}#catalogue")
    own = list(_own(store, data, root))
    shared = [(p, o) for p, o in own if p.value in {DCTERMS + "publisher", DCTERMS + "license"}]
    titles = [o for p, o in own if p == _TITLE]
    yield document, _TYPE, IRI(VOID + "DatasetDescription")
    yield document, IRI(FOAF + "primaryTopic"), data
    for kind in (VOID, DCAT):
        yield data, _TYPE, IRI(kind + "Dataset")
    yield from ((data, p, o) for p, o in own)
    yield from _catalogue(catalogue, data, root, titles, shared)
    if service is not None:
        yield catalogue, IRI(DCAT + "service"), service
        yield from _service(service, data, titles, shared)
    yield from _distributions(data, root, here, dumps, service, titles, shared)
    yield from _values_of(store, own)
    yield from _counted(store, data, here, prefixes)
    yield from _linksets(store)
    yield from _elsewhere(store)


def _own(store: Store, data: IRI, root: str) -> Iterator[tuple[IRI, IRI | Literal]]:
    """Return what the dataset says of itself, in DCAT's words.

    A language is a thing there, a source is a dataset (an article is none), and a page is not the dataset itself.
    """
    for predicate, value in store.query("SELECT ?p ?o { ?dataset ?p ?o }", bindings={"dataset": data}).rows():
        if not isinstance(predicate, IRI) or not isinstance(value, IRI | Literal) or predicate == _TYPE:
            continue
        if predicate.value == DCTERMS + "language" and isinstance(value, Literal):
            yield predicate, IRI(_LANGUAGE + value.value.partition("-")[0].lower())
        elif predicate.value == DCTERMS + "source":
            yield IRI(PROV + "wasDerivedFrom"), value
        elif predicate.value == DCAT + "landingPage" and value == data:
            yield predicate, IRI(f"{root}/")
        else:
            yield predicate, value


def _catalogue(
    catalogue: IRI, data: IRI, root: str, titles: Iterable[Term], shared: Iterable[tuple[IRI, Term]]
) -> Iterator[Triple]:
    yield catalogue, _TYPE, IRI(DCAT + "Catalog")
    yield catalogue, IRI(DCAT + "dataset"), data
    yield catalogue, IRI(FOAF + "homepage"), IRI(f"{root}/")
    yield IRI(f"{root}/"), _TYPE, IRI(FOAF + "Document")
    yield catalogue, IRI(DCTERMS + "description"), Literal("What there is here: one graph, and where to have it.", "en")
    for title in titles:
        yield catalogue, _TITLE, title
    for predicate, value in shared:
        yield catalogue, predicate, value


def _service(service: IRI, data: IRI, titles: Iterable[Term], shared: Iterable[tuple[IRI, Term]]) -> Iterator[Triple]:
    yield service, _TYPE, IRI(DCAT + "DataService")
    # DCAT-AP wants to be told that an address is something.
    yield service, _TYPE, IRI(RDFS + "Resource")
    yield service, IRI(DCAT + "endpointURL"), service
    yield service, IRI(DCAT + "endpointDescription"), service
    yield service, IRI(DCAT + "servesDataset"), data
    yield service, IRI(DCTERMS + "conformsTo"), IRI(_PROTOCOL)
    yield IRI(_PROTOCOL), _TYPE, IRI(_CLASSES[DCTERMS + "conformsTo"])
    yield IRI(_PROTOCOL), _TITLE, Literal("SPARQL 1.1 Protocol", "en")
    for title in titles:
        language = title.language if isinstance(title, Literal) else None
        yield service, _TITLE, Literal(f"{title.value}: SPARQL", language)
    for language, description in _DESCRIPTION.items():
        yield service, IRI(DCTERMS + "description"), Literal(description, language)
    for predicate, value in shared:
        yield service, predicate, value
    yield data, IRI(VOID + "sparqlEndpoint"), service


def _distributions(
    data: IRI,
    root: str,
    here: str,
    dumps: Mapping[str, tuple[str, str, str, str]],
    service: IRI | None,
    titles: Iterable[Term],
    shared: Iterable[tuple[IRI, Term]],
) -> Iterator[Triple]:
    for path, (_, media_type, file_type, name) in dumps.items():
        file, distribution = IRI(root + path), IRI(f"{here}#{path[1:]}")
        yield data, IRI(DCAT + "distribution"), distribution
        yield data, IRI(VOID + "dataDump"), file
        yield data, IRI(VOID + "feature"), IRI(_FEATURE + name)
        yield distribution, _TYPE, IRI(DCAT + "Distribution")
        yield distribution, IRI(DCAT + "accessURL"), file
        yield distribution, IRI(DCAT + "downloadURL"), file
        yield file, _TYPE, IRI(RDFS + "Resource")
        yield distribution, IRI(DCAT + "mediaType"), IRI(_MEDIA_TYPE + media_type)
        yield IRI(_MEDIA_TYPE + media_type), _TYPE, IRI(DCTERMS + "MediaType")
        yield distribution, IRI(DCTERMS + "format"), IRI(_FILE_TYPE + file_type)
        yield IRI(_FILE_TYPE + file_type), _TYPE, IRI(DCTERMS + "MediaTypeOrExtent")
        if service is not None:
            yield distribution, IRI(DCAT + "accessService"), service
        for title in titles:
            language = title.language if isinstance(title, Literal) else None
            yield distribution, _TITLE, Literal(f"{title.value}: {name}", language)
        for predicate, value in shared:
            if predicate.value == DCTERMS + "license":
                yield distribution, predicate, value


def _values_of(store: Store, said: Iterable[tuple[IRI, Term]]) -> Iterator[Triple]:
    """Say of values what they are, and what they are called."""
    things = {(p.value, o) for p, o in said if p.value in _CLASSES and isinstance(o, IRI)}
    for predicate, thing in sorted(things):
        yield thing, _TYPE, IRI(_CLASSES[predicate])
    rows = [[thing] for _, thing in sorted(things)]
    if not rows:
        return
    asked = f"{values(['thing'], rows)} {values(['p'], [[IRI(one)] for one in _ABOUT])}"
    found = [
        (thing, p, o)
        for thing, p, o in store.query(f"SELECT ?thing ?p ?o {{ {asked} ?thing ?p ?o }}").rows()
        if isinstance(thing, IRI) and isinstance(p, IRI) and isinstance(o, IRI | Literal)
    ]
    for thing, p, o in found:
        yield thing, IRI(_DATES.get(p.value, p.value)), o
    agents = {thing for predicate, thing in things if _CLASSES[predicate] == FOAF + "Agent"}
    named = {thing for thing, p, _ in found if p.value == FOAF + "name"}
    for thing, p, o in found:
        if thing in agents - named and p == _LABEL:
            yield thing, IRI(FOAF + "name"), o


# VoID ----------------------------------------------------------------------------------------------------------------


def _counted(store: Store, data: IRI, here: str, prefixes: Mapping[str, str]) -> Iterator[Triple]:
    for name, what in _COUNTS.items():
        ((number,),) = store.query(f"SELECT (COUNT({what}) AS ?n) {{ ?s ?p ?o }}").rows()
        assert number is not None
        yield data, IRI(VOID + name), number
    for name, called in (("entities", "?s a ?class"), ("classes", "?s a ?class")):
        what = "?s" if name == "entities" else "?class"
        ((number,),) = store.query(f"SELECT (COUNT(DISTINCT {what}) AS ?n) {{ {called} }}").rows()
        assert number is not None
        yield data, IRI(VOID + name), number
    used: set[str] = set()
    for called, pattern, counted in (
        ("class", "?s a ?one", {"entities": "DISTINCT ?s"}),
        (
            "property",
            "?s ?one ?o",
            {"triples": "*", "distinctSubjects": "DISTINCT ?s", "distinctObjects": "DISTINCT ?o"},
        ),
    ):
        columns = " ".join(f"(COUNT({what}) AS ?{name})" for name, what in counted.items())
        query = f"SELECT ?one {columns} {{ {pattern} }} GROUP BY ?one ORDER BY DESC(?{next(iter(counted))}) ?one"
        for place, (one, *numbers) in enumerate(store.query(query).rows(), start=1):
            if isinstance(one, BlankNode) or one is None:
                continue
            used.add(one.value)
            part = IRI(f"{here}#{called}-{place}")
            yield data, IRI(f"{VOID}{called}Partition"), part
            yield part, _TYPE, IRI(VOID + "Dataset")
            yield part, IRI(VOID + called), one
            for name, number in zip(counted, numbers, strict=True):
                if number is not None:
                    yield part, IRI(VOID + name), number
    yield from ((data, IRI(VOID + "vocabulary"), IRI(namespace)) for namespace in _namespaces(used, prefixes))


def _namespaces(terms: Iterable[str], prefixes: Mapping[str, str]) -> list[str]:
    """Return the namespaces of terms: of those that fit, the longest that has a prefix."""
    by_length = sorted(set(prefixes.values()), key=len, reverse=True)
    found = {next((one for one in by_length if term.startswith(one)), None) for term in terms}
    return sorted(one for one in found if one is not None)


def _linksets(store: Store) -> Iterator[Triple]:
    """Return what the graph says of its linksets, and what they link to."""
    query = f"SELECT ?set ?p ?o {{ ?set a <{VOID}Linkset> ; ?p ?o FILTER(isIRI(?set)) }} ORDER BY ?set ?p ?o"
    targets = set()
    for this, p, o in store.query(query).rows():
        if isinstance(this, IRI) and isinstance(p, IRI) and isinstance(o, IRI | Literal):
            yield this, p, o
            if p.value == VOID + "objectsTarget":
                targets.add(o)
    rows = [[target] for target in sorted(targets) if isinstance(target, IRI)]
    if not rows:
        return
    kept = values(["p"], [[IRI(one)] for one in (DCTERMS + "title", DCTERMS + "license", FOAF + "homepage")])
    query = f"SELECT DISTINCT ?target ?p ?o {{ {values(['target'], rows)} {kept} GRAPH ?g {{ ?target ?p ?o }} }}"
    for (target,) in rows:
        yield target, _TYPE, IRI(VOID + "Dataset")
    for this, p, o in store.query(query).rows():
        if isinstance(this, IRI) and isinstance(p, IRI) and isinstance(o, IRI | Literal):
            yield this, p, o


def _elsewhere(store: Store) -> Iterator[Triple]:
    """Return what graphs of other datasets' words say of themselves: those that name and date their source."""
    pattern = f"GRAPH ?graph {{ ?graph <{PROV}generatedAtTime> ?at ; ?p ?o }}"
    for graph, p, o in store.query(f"SELECT ?graph ?p ?o {{ {pattern} }} ORDER BY ?graph ?p ?o").rows():
        if isinstance(graph, IRI) and isinstance(p, IRI) and isinstance(o, IRI | Literal):
            yield graph, p, o
