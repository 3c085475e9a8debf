"""What was fetched, as a Turtle file that can be read and compared: one thing per block, sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from kgtool.link.enrich.records import GEO, Statement
from kgtool.link.enrich.wikidata import DIRECT
from kgtool.linksets.targets import Target
from kgtool.namespaces import DCTERMS, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, VOID, XSD, compress
from kgtool.terms import IRI, Literal, n3

__all__ = ["Account", "format_enriched"]

#: Prefixes that such a file may use besides the project's.
_PREFIXES = {
    "dcterms": DCTERMS,
    "geo": GEO,
    "gn": "https://www.geonames.org/ontology#",
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": SKOS,
    "void": VOID,
    "wdt": DIRECT,
    "xsd": XSD,
}
#: What may follow a prefix without escapes.
_LOCAL = re.compile(r":[A-Za-z0-9_][\w-]*$")
_NUMBER = re.compile(r"-?\d+\.\d+")


class Account(NamedTuple):
    """Where the statements are from."""

    #: The IRI of the graph they will stand in.
    graph: str
    target: Target
    source: str
    licence: str
    at: datetime


def format_enriched(account: Account, statements: Iterable[Statement], prefixes: Mapping[str, str]) -> str:
    """Return the text of a file of what a target says."""
    said: dict[str, set[tuple[str, IRI | Literal]]] = {}
    count = 0
    for one in statements:
        block = said.setdefault(one.subject, set())
        count += (one.predicate, one.object) not in block
        block.add((one.predicate, one.object))
    known = {**prefixes, **_PREFIXES, account.target.prefix: account.target.namespace}
    about: set[tuple[str, IRI | Literal]] = {
        (RDF + "type", IRI(VOID + "Dataset")),
        (RDF + "type", IRI(PROV + "Entity")),
        (DCTERMS + "title", Literal(f"What {account.target.title} says of the things linked to it", "en")),
        (DCTERMS + "license", IRI(account.licence)),
        (DCTERMS + "source", IRI(account.source) if account.source.startswith("http") else Literal(account.source)),
        (PROV + "wasDerivedFrom", IRI(account.target.iri)),
        (PROV + "generatedAtTime", Literal(account.at.strftime("%Y-%m-%dT%H:%M:%SZ"), None, XSD + "dateTime")),
        (VOID + "triples", Literal(str(count), None, XSD + "integer")),
        (VOID + "entities", Literal(str(len(said)), None, XSD + "integer")),
    }
    blocks = [_block(account.graph, about, known), *(_block(iri, said[iri], known) for iri in sorted(said))]
    body = "\n".join(blocks)
    used = sorted(prefix for prefix in known if re.search(rf"(?<![\w:/#.-]){re.escape(prefix)}:[\w.-]", body))
    header = (
        f"# What {account.target.title} says of the things that graph/links/{account.target.name}.sssom.tsv links to.\n"
        f"# Written by 'kgtool link enrich {account.target.name}': do not edit; no article says any of it.\n\n"
    )
    return header + "".join(f"@prefix {prefix}: <{known[prefix]}> .\n" for prefix in used) + "\n" + body


def _block(subject: str, said: Iterable[tuple[str, IRI | Literal]], prefixes: Mapping[str, str]) -> str:
    lines = sorted((_place(predicate), _term(IRI(predicate), prefixes), _term(o, prefixes)) for predicate, o in said)
    rows = "".join(f"    {'a' if p == 'rdf:type' else p} {o} ;\n" for _, p, o in lines)
    return f"{_term(IRI(subject), prefixes)}\n{rows}.\n"


def _place(predicate: str) -> tuple[bool, str]:
    return (predicate != RDF + "type", predicate)


def _term(term: IRI | Literal, prefixes: Mapping[str, str]) -> str:
    if isinstance(term, IRI):
        short = compress(term.value, prefixes)
        return short if _LOCAL.search(short) and short != term.value else n3(term)
    if term.datatype == XSD + "decimal" and _NUMBER.fullmatch(term.value):
        return term.value
    if term.datatype and not term.language:
        return f"{n3(Literal(term.value))}^^{_term(IRI(term.datatype), prefixes)}"
    return n3(term)
