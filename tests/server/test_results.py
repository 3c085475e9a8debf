"""What answers say: hostile terms in every format, read by parsers that are not the engine's, against what was stored.

https://www.w3.org/TR/sparql11-results-json/ · https://www.w3.org/TR/sparql11-results-csv-tsv/ ·
https://www.w3.org/TR/rdf-sparql-XMLres/
"""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic

from kgtool.project import Project
from tests.server.conftest import serving

_XSD = "http://www.w3.org/2001/XMLSchema#"
_SRX = "{http://www.w3.org/2005/sparql-results#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: A term: its kind, its value, its language or datatype. Nothing is unbound.
_Term = tuple[str, str, str] | None

_ODD = ("comma, semicolon; 'quote' \"quotes\"", "line\nfeed", "carriage\rreturn", "both\r\nof them", "tab\tstop")
_TEXTS = (*_ODD, "", " ", "back\\slash \\n", "<tag> & &amp; ]]> \u2028", "=1+1", "?x", "_:b", "园区", "\U0001f600", "1")
_LITERALS: list[_Term] = [
    *(("literal", text, _XSD + "string") for text in _TEXTS),
    ("literal", "园区", "@zh-hans"),
    ("literal", "x", "@en-gb"),
    ("literal", "", "@en"),
    ("literal", "12", _XSD + "integer"),
    ("literal", "4486.2", _XSD + "decimal"),
    ("literal", "true", _XSD + "boolean"),
    ("literal", "2023-10-31", _XSD + "date"),
    ("literal", "not a number", _XSD + "integer"),
    ("literal", 'a "type"', "urn:type"),
    ("uri", "http://例え.jp/园区?q=a&b=c#f", ""),
    None,
]


def _written(term: _Term) -> str:
    if term is None:
        return "UNDEF"
    kind, value, more = term
    if kind == "uri":
        return f"<{value}>"
    text = "".join(f"\\U{ord(ch):08X}" for ch in value)
    return f'"{text}"{more}' if more.startswith("@") else f'"{text}"^^<{more}>'


@pytest.fixture(scope="module")
def client(served_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    file = tmp_path_factory.mktemp("results") / "data.ttl"
    lines = [f"<urn:s{n}> <urn:p> {_written(term)} ." for n, term in enumerate(_LITERALS) if term is not None]
    nested = "<urn:s0> <urn:q> [ <urn:q> [ <urn:p.q-r> 'x' ], <urn:s0> ] ; <http://example.org/1x> ( 1 2 ) ."
    file.write_text("\n".join([*lines, nested]), encoding="utf-8")
    with serving(served_project, "--store", str(file)) as client:
        yield client


def _from_json(text: str) -> list[list[_Term]]:
    answer = json.loads(text)

    def term(found: dict[str, str] | None) -> _Term:
        if found is None:
            return None
        more = f"@{found['xml:lang']}" if "xml:lang" in found else found.get("datatype", _XSD + "string")
        return found["type"], found["value"], "" if found["type"] == "uri" else more

    names = answer["head"]["vars"]
    return [[term(row.get(name)) for name in names] for row in answer["results"]["bindings"]]


def _from_xml(text: str) -> list[list[_Term]]:
    root = ET.fromstring(text)

    def term(found: ET.Element | None) -> _Term:
        if found is None:
            return None
        child = found[0]
        kind = child.tag.removeprefix(_SRX)
        more = f"@{child.get(_LANG)}" if child.get(_LANG) else child.get("datatype", _XSD + "string")
        return kind, child.text or "", "" if kind == "uri" else more

    names = [variable.get("name") for variable in root.iter(f"{_SRX}variable")]
    return [[term(row.find(f"{_SRX}binding[@name='{name}']")) for name in names] for row in root.iter(f"{_SRX}result")]


def _from_tsv(text: str) -> list[list[_Term]]:
    def term(cell: str) -> _Term:
        if not cell:
            return None
        (found,) = rdflib.Graph().parse(data=f"<urn:s> <urn:p> {cell} .", format="turtle").objects()
        if isinstance(found, rdflib.Literal):
            return (
                "literal",
                str(found),
                f"@{found.language}" if found.language else str(found.datatype or _XSD + "string"),
            )
        return "uri", str(found), ""

    return [[term(cell) for cell in line.split("\t")] for line in text.split("\n")[1:-1]]


@pytest.mark.parametrize(
    ("accept", "read"),
    [
        ("application/sparql-results+json", _from_json),
        ("application/sparql-results+xml", _from_xml),
        ("text/tab-separated-values", _from_tsv),
    ],
)
def test_every_term_is_itself_in_every_format(
    client: httpx.Client, accept: str, read: Callable[[str], list[list[_Term]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    rows = " ".join(f"({number} {_written(term)})" for number, term in enumerate(_LITERALS))
    query = f"SELECT ?n ?x {{ VALUES (?n ?x) {{ {rows} }} }} ORDER BY ?n"
    response = client.post("/sparql", data={"query": query}, headers={"accept": accept})
    assert [row[1] for row in read(response.content.decode())] == _LITERALS


def test_csv_holds_every_value(client: httpx.Client) -> None:
    rows = " ".join(f"({number} {_written(term)})" for number, term in enumerate(_LITERALS))
    query = f"SELECT ?n ?x {{ VALUES (?n ?x) {{ {rows} }} }} ORDER BY ?n"
    text = client.post("/sparql", data={"query": query}, headers={"accept": "text/csv"}).content.decode()
    header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["n", "x"]
    assert lines == [[str(n), term[1] if term else ""] for n, term in enumerate(_LITERALS)]


def test_what_xml_cannot_hold_shows(client: httpx.Client) -> None:
    query = r"""SELECT ?x { VALUES ?x { "bell \u0007" "nothing \u0000" "no \uFFFE \uFFFF" "園\r區" } }"""
    response = client.get("/sparql", params={"query": query}, headers={"accept": "application/sparql-results+xml"})
    texts = [row[0][1] for row in _from_xml(response.content.decode()) if row[0]]
    assert texts == ["bell ␇", "nothing ␀", "no \ufffd \ufffd", "園\r區"]
    query = query.replace("SELECT ?x", "CONSTRUCT { <urn:s> <urn:p> ?x }")
    response = client.get("/sparql", params={"query": query}, headers={"accept": "application/rdf+xml"})
    assert sorted(map(str, rdflib.Graph().parse(data=response.content, format="xml").objects())) == sorted(texts)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { ?x <urn:none> ?y }",
        "SELECT * { }",
        "SELECT ?a ?b { { BIND(1 AS ?a) } UNION { BIND(2 AS ?b) } }",
        "SELECT (1/0 AS ?x) { }",
        "SELECT ?x { VALUES ?x { 1 1 1 } }",
    ],
)
def test_rows_are_as_many_in_every_format(client: httpx.Client, query: str) -> None:
    def text(accept: str) -> str:
        return client.get("/sparql", params={"query": query}, headers={"accept": accept}).content.decode()

    rows = len(_from_json(text("application/sparql-results+json")))
    assert len(list(ET.fromstring(text("application/sparql-results+xml")).iter(f"{_SRX}result"))) == rows
    assert text("text/csv").count("\r\n") == text("text/tab-separated-values").count("\n") == rows + 1


_RDF = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/trig": "turtle",  # an answer has no named graphs
    "application/n-quads": "nt",
}


@pytest.mark.parametrize("media_type", _RDF)
@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { [] <urn:q> ?o ; <urn:r> [ <urn:t> ?s ] } WHERE { ?s <urn:p> ?o }",
        "DESCRIBE <urn:s0>",
        "CONSTRUCT WHERE { <urn:none> ?p ?o }",
    ],
)
def test_graph_is_itself_in_every_format(
    client: httpx.Client, media_type: str, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)

    def answer(accept: str) -> httpx.Response:
        response = client.get("/sparql", params={"query": query}, headers={"accept": accept})
        assert response.headers["content-type"].partition(";")[0] == accept
        return response

    triples = answer("application/n-triples")
    expected = rdflib.Graph().parse(data=triples.content, format="nt")
    found = rdflib.Graph().parse(data=answer(media_type).content, format=_RDF[media_type])
    assert len(found) == triples.text.count(" .\n")
    assert isomorphic(found, expected)
