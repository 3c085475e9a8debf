"""RDF files read for a validation. With ``report`` and ``fallback`` the door to rdflib.

https://rdflib.readthedocs.io
"""

from __future__ import annotations

import logging
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import rdflib

from kgtool.errors import DataError, KgError, StoreError
from kgtool.formats import format_for_path
from kgtool.shacl.graph import ShapesGraph, Triple
from kgtool.shacl.source import ExactSource
from kgtool.store.exact import ExactStore, parse_triples
from kgtool.terms import IRI, XSD_STRING, BlankNode, Literal, Term

__all__ = ["parse", "read_data", "read_shapes_graph", "to_rdflib", "to_term"]

#: What says that the engine, which is stricter than rdflib and knows fewer formats, does not read a file.
_STRICTER = (SyntaxError, KgError, ValueError)

#: Formats of rdflib's by extension, where the engine has none.
_OTHERS = {".n3": "n3", ".trix": "trix", ".hext": "hext", ".xml": "xml", ".owl": "xml"}


def read_data(path: str | os.PathLike[str]) -> ExactSource:
    """Read the data of a file, its graphs taken together, every term as it stands.

    :raises StoreError: if it cannot be read.
    :raises DataError: if it is malformed.
    """
    file = Path(path)
    store, spelling = ExactStore(), Spelling(file)
    try:
        store.load(str(file), _format_name(file), base=file.absolute().as_uri())
    except _STRICTER:
        store = ExactStore()
        try:
            store.extend(spelling.learned(_triples(parse(file))))
        except ValueError as exc:
            raise DataError(f"not well-formed RDF: {exc}", file=file, hint="mend the file") from exc
    except OSError as exc:
        raise _unreadable(file, exc) from exc
    return ExactSource(store, spelling)


def read_shapes_graph(path: str | os.PathLike[str]) -> ShapesGraph:
    """Read a shapes graph.

    :raises StoreError: if the file cannot be read.
    :raises DataError: if it is malformed.
    """
    file = Path(path)
    spelling = Spelling(file)
    try:
        triples = list(parse_triples(str(file), _format_name(file), base=file.absolute().as_uri()))
    except _STRICTER:
        triples = list(_triples(parse(file)))
    except OSError as exc:
        raise _unreadable(file, exc) from exc
    return ShapesGraph(((_apart(s), p, _apart(spelling.original(o))) for s, p, o in triples), file=path)


def _apart(term: Term) -> Term:
    """Keep the blank nodes of shapes apart from those of data: a report has both."""
    return BlankNode(f"shapes-{term.value}") if isinstance(term, BlankNode) else term


def _format_name(file: Path) -> str:
    return format_for_path(str(file), kind="graph").name


def _unreadable(file: Path, exc: OSError) -> StoreError:
    return StoreError(f"cannot read it: {exc.strerror or exc}", file=file, hint="give an RDF file that exists")


def parse(file: Path) -> rdflib.Graph:
    """Parse a file by rdflib, its graphs taken together.

    :raises StoreError: if it cannot be read.
    :raises DataError: if it is malformed.
    """
    # rdflib says on stderr what a datatype constraint then says in the report.
    logging.getLogger("rdflib").setLevel(logging.ERROR)
    known = rdflib.util.guess_format(str(file)) or _OTHERS.get(file.suffix.lower()) or "turtle"
    dataset = rdflib.Dataset(default_union=True)
    into = dataset if known in ("trig", "nquads", "json-ld", "trix", "hext") else dataset.default_graph
    try:
        into.parse(data=file.read_bytes(), format=known, publicID=file.absolute().as_uri())
    except OSError as exc:
        raise _unreadable(file, exc) from exc
    except Exception as exc:
        raise DataError(f"not well-formed RDF: {str(exc).splitlines()[0]}", file=file, hint="mend the file") from exc
    if into is not dataset:
        graph: rdflib.Graph = dataset.default_graph
        return graph
    united = rdflib.Graph()
    for s, p, o, _ in dataset.quads():
        united.add((s, p, o))
    return united


class Spelling:
    """How language tags are spelled in a file; the engine has them in small letters.

    The file is searched when the first tag is asked for, and read by rdflib if one tag is spelled in several ways.
    """

    _TAG = re.compile(rb"""(?:@|xml:lang\s*=\s*["']|"@language"\s*:\s*")([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)""")

    #: Bytes read at a time, and those that a tag may be cut by.
    _AT_A_TIME, _OVERLAP = 1 << 24, 80
    #: rdflib needs minutes for files above: there the spelling that occurs most often is taken.
    _LARGE = 1 << 26

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ways: dict[str, Counter[str]] | None = None
        self._exact: dict[tuple[str, str], str] | None = None

    def _search(self) -> dict[str, Counter[str]]:
        ways: dict[str, Counter[str]] = defaultdict(Counter)
        with self._file.open("rb") as stream:
            rest = b""
            while chunk := stream.read(self._AT_A_TIME):
                for tag, number in Counter(self._TAG.findall(rest + chunk)).items():
                    ways[tag.lower().decode()][tag.decode()] += number
                rest = chunk[-self._OVERLAP :]
        return ways

    def learned(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Walk over triples, and take the spellings from them."""
        self._ways, self._exact = defaultdict(Counter), {}
        for triple in triples:
            value = triple[2]
            if isinstance(value, Literal) and value.language:
                self._ways[value.language.lower()][value.language] += 1
                self._exact[value.value, value.language.lower()] = value.language
            yield triple

    def original(self, term: Term) -> Term:
        """Return a term with its tag as the file spells it."""
        return term._replace(language=self(term)) if isinstance(term, Literal) and term.language else term

    def __call__(self, literal: Literal) -> str:
        """Return the tag of a literal as the file spells it."""
        tag = (literal.language or "").lower()
        if self._ways is None:
            self._ways = self._search()
        ways = self._ways.get(tag) or Counter({tag: 1})
        if len(ways) == 1 or (self._exact is None and self._file.stat().st_size > self._LARGE):
            return ways.most_common(1)[0][0]
        if self._exact is None:
            for _ in self.learned(_triples(parse(self._file))):
                pass
        assert self._exact is not None
        return self._exact.get((literal.value, tag), tag)


def _triples(graph: rdflib.Graph) -> Iterator[Triple]:
    for s, p, o in graph:
        yield to_term(s), IRI(str(p)), to_term(o)


def to_term(term: Any) -> Term:
    """Convert a term of rdflib's."""
    if isinstance(term, rdflib.Literal):
        datatype = None if term.datatype is None or term.language else str(term.datatype)
        return Literal(str(term), term.language, None if datatype == XSD_STRING else datatype)
    return BlankNode(str(term)) if isinstance(term, rdflib.BNode) else IRI(str(term))


def to_rdflib(term: Term, *, exact: bool = False) -> Any:
    """Convert a term to rdflib's.

    :param exact: keep a literal's words; else it is spelled as rdflib reads it from a file, ``"01"`` as ``"1"``.
    """
    if isinstance(term, IRI):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype is None:
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype), normalize=not exact)
