"""Prefixes: the project's own from ``ontology/prefixes.ttl``, and the terms that the program itself relies on."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from kgtool.errors import DataError

__all__ = ["compress", "expand", "prefix_header", "read_prefixes"]

#: The namespace of the ontology.
IP = "https://w3id.org/industrial-park/ns#"
#: RDF, RDFS, OWL and XML Schema.
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
#: Labels and concept schemes.
SKOS = "http://www.w3.org/2004/02/skos/core#"
#: RDF Data Cube.
QB = "http://purl.org/linked-data/cube#"
#: Provenance.
PROV = "http://www.w3.org/ns/prov#"
#: Web Annotation: character ranges.
OA = "http://www.w3.org/ns/oa#"
#: Metadata terms, dataset descriptions, shapes.
DCTERMS = "http://purl.org/dc/terms/"
VOID = "http://rdfs.org/ns/void#"
SH = "http://www.w3.org/ns/shacl#"
SCHEMA = "https://schema.org/"
#: Catalogues, documents, SPARQL services.
DCAT = "http://www.w3.org/ns/dcat#"
FOAF = "http://xmlns.com/foaf/0.1/"
SD = "http://www.w3.org/ns/sparql-service-description#"
#: Mappings, and who made them.
SSSOM = "https://w3id.org/sssom/"
PAV = "http://purl.org/pav/"

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^<>\s]+)>\s*\.?\s*(?:#.*)?$", re.IGNORECASE)


def read_prefixes(file: str | os.PathLike[str]) -> dict[str, str]:
    """Read the ``@prefix`` lines of a Turtle file, in their order.

    :raises DataError: if the file cannot be read, or declares one prefix twice with different namespaces.
    """
    try:
        with open(file, encoding="utf-8-sig") as stream:
            lines = stream.read().splitlines()
    except OSError as exc:
        raise DataError(f"cannot read prefixes: {exc.strerror}", file=file, hint="give a file that exists") from exc
    except UnicodeDecodeError as exc:
        raise DataError(f"cannot read prefixes: {exc}", file=file, hint="it must be a UTF-8 Turtle file") from exc
    prefixes: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        match = _PREFIX.match(line)
        if not match:
            continue
        prefix, namespace = match.groups()
        if prefixes.setdefault(prefix, namespace) != namespace:
            raise DataError(
                f"prefix '{prefix}' is declared twice, with different namespaces",
                file=file,
                line=number,
                hint="keep one of them",
            )
    return prefixes


def compress(iri: str, prefixes: Mapping[str, str]) -> str:
    """Shorten an IRI to a CURIE by the longest namespace that fits, or return it unchanged.

    >>> compress("https://schema.org/name", {"schema": "https://schema.org/"})
    'schema:name'
    """
    best = max((p for p, n in prefixes.items() if iri.startswith(n)), key=lambda p: len(prefixes[p]), default=None)
    if best is None:
        return iri
    local = iri[len(prefixes[best]) :]
    return f"{best}:{local}" if re.fullmatch(r"[\w.-]*", local) and not local.endswith(".") else iri


def expand(curie: str, prefixes: Mapping[str, str]) -> str | None:
    """Turn a CURIE into an IRI; ``None`` if its prefix is not declared.

    >>> expand("schema:name", {"schema": "https://schema.org/"})
    'https://schema.org/name'
    """
    prefix, colon, local = curie.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else None


def prefix_header(prefixes: Mapping[str, str]) -> str:
    """Write prefixes as the ``PREFIX`` lines of a SPARQL query."""
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items())
