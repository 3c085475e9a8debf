"""The files of a site that are for programs: what is said of a thing, an answer, the names for the search box."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kgtool import sparql
from kgtool.catalogue import DUMPS, dataset_triples
from kgtool.description import DOCUMENT_QUERY
from kgtool.errors import KgError
from kgtool.explorer.finding import Found
from kgtool.explorer.visit import Sources
from kgtool.export import exporter_named, write_export
from kgtool.namespaces import IP, RDFS, SKOS
from kgtool.network import read_network
from kgtool.network.blanks import name_blanks
from kgtool.queries.parameters import bind_parameters
from kgtool.queries.saved import SavedQuery
from kgtool.search.pinyin import initials, syllables_of
from kgtool.store.embedded import write_quads
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = [
    "DOWNLOADS",
    "SUFFIXES",
    "answer_as",
    "dataset_as_quads",
    "description_of",
    "document_as",
    "names_of",
    "one_file",
    "pages_index",
    "search_index",
    "triples_of",
]

#: Formats by the suffix of a thing's document.
SUFFIXES = {".ttl": "turtle", ".jsonld": "jsonld"}

#: Suffixes of what an answer can be had as, by the form of its query.
DOWNLOADS = {
    "select": ("csv", "json", "xml", "tsv"),
    "ask": ("json", "xml", "csv"),
    "construct": ("ttl", "jsonld", "nt"),
    "describe": ("ttl", "jsonld", "nt"),
}

_Triple = tuple[IRI | BlankNode, IRI, Term]

_HAN = re.compile(r"[\u2e80-\u9fff]")
_NAMES = (SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel", SKOS + "notation", RDFS + "label")


def triples_of(sources: Sources, iri: str, document: str) -> list[_Triple]:
    """Read what a thing's document says, in an order and with names of blank nodes that are always the same."""
    bindings = {"thing": IRI(iri), "document": IRI(document)}
    found = sources.store.query(DOCUMENT_QUERY, bindings=bindings, prefixes=sources.prefixes).triples()
    return _settled(found)


def _settled(triples: Iterable[tuple[Term, IRI, Term]]) -> list[_Triple]:
    texts = {(n3(s), n3(p), n3(o)): (s, p, o) for s, p, o in triples}
    names = name_blanks(text for text in texts if text[0].startswith("_:") or text[2].startswith("_:"))

    def renamed(term: Any, text: str) -> Any:
        return BlankNode(names[text].removeprefix("_:")) if isinstance(term, BlankNode) else term

    made = [(renamed(s, text[0]), p, renamed(o, text[2])) for text, (s, p, o) in texts.items()]
    return sorted(made, key=lambda one: tuple(n3(term) for term in one))


def document_as(triples: Sequence[_Triple], format_name: str, sources: Sources) -> bytes:
    """Write a document in a format."""
    stream = io.BytesIO()
    quads = ((s, p, o, None) for s, p, o in triples)
    write_quads(quads, stream, format_name, prefixes=sources.prefixes)
    return stream.getvalue().rstrip(b"\n") + b"\n"


def answer_as(sources: Sources, query: SavedQuery, suffix: str) -> bytes | None:
    """Write the answer to a saved query, with what it takes where nothing is given; ``None`` if there is none."""
    try:
        bindings = bind_parameters(sources.store, query, {}, prefixes=sources.prefixes)
        text = sparql.bind(query.text, bindings)
        result = sources.store.query(text, prefixes=sources.prefixes, file=query.file)
        if result.form == "graph":
            return document_as(_settled(result.triples()), SUFFIXES.get(f".{suffix}", "ntriples"), sources)
        stream = io.BytesIO()
        result.write(stream, suffix)
    except KgError:
        return None
    return stream.getvalue().rstrip(b"\n") + b"\n"


def dataset_as_quads(sources: Sources) -> bytes:
    """Write the dataset as N-Quads: every named graph, and the default graph that is all of them, each triple once."""
    network = read_network(sources.store, prefixes=sources.prefixes)
    stream = io.BytesIO()
    write_export(network, exporter_named("nquads"), stream)
    return stream.getvalue()


def one_file(sources: Sources, language: str) -> bytes | None:
    """Write the graph as one page that holds all it shows; ``None`` if it is too large for that.

    :param language: that the page opens in; a reader may choose another.
    """
    network = read_network(sources.store, prefixes=sources.prefixes, lang=language)
    stream = io.BytesIO()
    try:
        write_export(network, exporter_named("html"), stream)
    except KgError:
        return None
    return stream.getvalue()


def description_of(sources: Sources) -> bytes:
    """Describe the dataset in Turtle, by VoID and DCAT, with names relative to the file: a site is anywhere.

    https://www.w3.org/TR/turtle/#sec-iri-references
    """
    root = "https://site.invalid"
    dumps = {"/data.nq": DUMPS["/dump.nq"]}
    said = dataset_triples(
        sources.store,
        root=root,
        base=sources.base,
        prefixes=sources.prefixes,
        path="/void.ttl",
        dumps=dumps,
        endpoint=None,
    )
    triples = sorted(set(said), key=lambda one: tuple(n3(term) for term in one))
    written = document_as(triples, "turtle", sources)
    # '<>' is the file itself; in a literal no '<' stands before what looks like the root.
    for absolute, relative in (("/void.ttl", ""), ("/>", "index.html>"), ("/", "")):
        written = written.replace(f"<{root}{absolute}".encode(), f"<{relative}".encode())
    return written


def names_of(sources: Sources) -> dict[str, set[str]]:
    """Read every name of every thing, folded as searches are; Chinese names also as they sound."""
    listed = " ".join(f"<{one}>" for one in _NAMES)
    query = f"SELECT ?thing ?name {{ VALUES ?p {{ {listed} }} ?thing ?p ?name FILTER(isLiteral(?name)) }}"
    found: dict[str, set[str]] = {}
    for thing, name in sources.store.query(query).rows():
        if thing is not None and isinstance(name, Literal):
            names = found.setdefault(thing.value, set())
            folded = _fold(name.value)
            names.add(folded)
            if _HAN.search(folded) and (name.language or "").lower() != "zh-hant":
                for syllables in syllables_of(folded):
                    names |= {"".join(syllables), initials(syllables)}
    return found


def _fold(name: str) -> str:
    """Reduce a name to letters and digits of one width and case, as ``web/src/lookup.js`` does.

    >>> _fold("Ｈｉ－tech  ZONE（高新区）")
    'hitechzone高新区'
    """
    return "".join(ch for ch in unicodedata.normalize("NFKC", name).lower() if unicodedata.category(ch)[0] in "LNM")


def search_index(found: Iterable[Found], names: dict[str, set[str]]) -> bytes:
    """Write what the search box looks through: label, address from the index's folder, kind and names of each thing."""
    rows = [
        [one.ref.text, one.ref.href, one.kind, sorted({*names.get(one.ref.iri, ()), _fold(one.ref.text)} - {""})]
        for one in found
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode("utf-8", "replace")


def pages_index(sources: Sources, things: Mapping[str, str]) -> bytes:
    """Write what answers are shown with that are found in the browser: prefixes, and where each thing's page is.

    :param things: from the IRI of a thing to its page's path below a language's folder, without extension.
    """
    index = {"prefixes": dict(sources.prefixes), "terms": IP, "things": dict(sorted(things.items()))}
    return f"{json.dumps(index, ensure_ascii=False, indent=0)}\n".encode("utf-8", "replace")
