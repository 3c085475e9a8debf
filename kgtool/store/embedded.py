"""The embedded engine: pyoxigraph, in memory and on disk. The only module that imports it.

https://pyoxigraph.readthedocs.io

Measured on 0.5.13: reading N-Triples and the like gives every blank node a new name, language tags come back in lower
case, ``4486.20`` comes back as ``4486.2``, opening a store read-only takes 15 ms and no lock, and ``FROM`` names graphs
of the store and fetches nothing. ``SERVICE`` does fetch and cannot be turned off, so the engine is never given one.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NoReturn, cast

import pyoxigraph

from kgtool import sparql, terms
from kgtool.errors import KgError, QueryError, StoreError
from kgtool.formats import format_named
from kgtool.store import Dataset, Store

if TYPE_CHECKING:
    from kgtool.columns import Columns

__all__ = [
    "ENGINE",
    "RDF_FORMATS",
    "EmbeddedResult",
    "EmbeddedStore",
    "ParsedGraph",
    "columns_file",
    "open_folder",
    "parse_answer",
    "parse_graph",
    "spell_literal",
    "to_engine",
    "to_term",
    "write_quads",
    "write_store",
]

#: The engine and its version: a store on disk may not be readable with another.
ENGINE = f"pyoxigraph {pyoxigraph.__version__}"

#: The engine's formats of RDF by the names of ours.
RDF_FORMATS = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}
_RESULT_FORMATS = {
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
}
#: Words, the first or all of the second, that a query has whose answer columns may know.
_COUNTED, _RANKED = ("GROUP", "COUNT", "SUM", "AVG", "MIN", "MAX"), ("ORDER", "LIMIT")
#: The most terms of an answer that are kept while its rows are read.
_KEPT = 1 << 15
#: Formats that are XML.
_XML = ("xml", "rdfxml")


class EmbeddedResult:
    """An answer of the embedded engine: see :class:`kgtool.store.Result`.

    :param answer: what the engine returned.
    :param prefixes: those to shorten names with where the answer is written as Turtle or the like.
    """

    def __init__(
        self,
        answer: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples,
        prefixes: Mapping[str, str],
    ) -> None:
        self.answer = answer
        self._prefixes = prefixes
        self.form: Literal["select", "ask", "graph"] = "select"
        if isinstance(answer, pyoxigraph.QueryBoolean):
            self.form = "ask"
        elif isinstance(answer, pyoxigraph.QueryTriples):
            self.form = "graph"

    @property
    def variables(self) -> tuple[str, ...]:
        assert isinstance(self.answer, pyoxigraph.QuerySolutions)
        return tuple(variable.value for variable in self.answer.variables)

    @property
    def boolean(self) -> bool:
        assert isinstance(self.answer, pyoxigraph.QueryBoolean)
        return bool(self.answer)

    def rows(self) -> Iterator[tuple[terms.Term | None, ...]]:
        assert isinstance(self.answer, pyoxigraph.QuerySolutions)
        try:
            known: dict[object, terms.Term] = {}  # most terms come again, and a look costs a fifth of making one
            for row in self.answer:
                yield tuple([None if value is None else known.get(value) or _keep(known, value) for value in row])
        except (OSError, RuntimeError) as exc:
            _raise_unreadable(exc)

    def triples(self) -> Iterator[tuple[terms.Term, terms.IRI, terms.Term]]:
        assert isinstance(self.answer, pyoxigraph.QueryTriples)
        try:
            for triple in self.answer:
                yield to_term(triple.subject), terms.IRI(triple.predicate.value), to_term(triple.object)
        except (OSError, RuntimeError) as exc:
            _raise_unreadable(exc)

    def write(self, stream: BinaryIO, format_name: str) -> None:
        name = format_named(format_name, kind=self.form).name
        if name not in _XML:
            self._write(stream, name)
            return
        with _readable(stream, name) as stream:
            self._write(stream, name)

    def _write(self, stream: BinaryIO, name: str) -> None:
        try:
            if isinstance(self.answer, pyoxigraph.QueryTriples):
                # The answer's own serialiser is faster and knows no prefixes.
                if self._prefixes and name in ("turtle", "trig", "rdfxml"):
                    pyoxigraph.serialize(self.answer, stream, RDF_FORMATS[name], prefixes=dict(self._prefixes))
                else:
                    self.answer.serialize(stream, RDF_FORMATS[name])
            elif name in _RESULT_FORMATS:
                self.answer.serialize(stream, _RESULT_FORMATS[name])
            else:
                raise QueryError(f"the engine does not write '{name}'", hint=f"use {', '.join(_RESULT_FORMATS)}")
        except (OSError, RuntimeError) as exc:
            if isinstance(exc, OSError) and exc.errno is not None:
                raise  # the stream's, not the store's
            _raise_unreadable(exc)


class ParsedGraph:
    """Triples that another engine sent, as they arrive: see :class:`kgtool.store.Result`.

    :param prefixes: those to shorten names with where the answer is written as Turtle or the like.
    """

    form: Literal["graph"] = "graph"

    def __init__(self, quads: Iterator[pyoxigraph.Quad], prefixes: Mapping[str, str]) -> None:
        self._quads = quads
        self._prefixes = prefixes

    def triples(self) -> Iterator[tuple[terms.Term, terms.IRI, terms.Term]]:
        for quad in self._quads:
            yield to_term(quad.subject), terms.IRI(quad.predicate.value), to_term(quad.object)

    def write(self, stream: BinaryIO, format_name: str) -> None:
        name = format_named(format_name, kind="graph").name
        prefixes = dict(self._prefixes) if name in ("turtle", "trig", "rdfxml") else None
        with _readable(stream, name) as stream:
            pyoxigraph.serialize((quad.triple for quad in self._quads), stream, RDF_FORMATS[name], prefixes=prefixes)


class EmbeddedStore:
    """A graph in the embedded engine: see :class:`kgtool.store.Store`.

    :param folder: the folder on disk that the graph is from, if it is: beside it lies what is known of its names.
    """

    services: Mapping[str, str] = MappingProxyType({})

    def __init__(self, store: pyoxigraph.Store, folder: str | None = None) -> None:
        self._store = store
        self.folder = folder
        self._columns: Columns | None = None
        self._has_columns: bool | None = None if folder else False

    def query(
        self,
        text: str,
        *,
        bindings: Mapping[str, terms.Term] | None = None,
        prefixes: Mapping[str, str] | None = None,
        file: object = None,
        dataset: Dataset | None = None,
    ) -> EmbeddedResult:
        given = dict(prefixes or {})
        if sparql.calls_service(text):
            from kgtool.store.services import settle

            bound = sparql.bind(text, bindings or {})
            text, bindings = settle(self, bound, prefixes=given, file=file, dataset=dataset), {}
        try:
            bound = sparql.bind(text, bindings or {})
            if self._has_columns is not False and dataset is None:
                counted = self._from_columns(bound, given)
                if counted is not None:
                    return counted
            answer = self._answer(bound, given, dataset)
            if isinstance(answer, pyoxigraph.QuerySolutions) and "*" in bound:
                listed = sparql.spell_out(bound, [variable.value for variable in answer.variables])
                if listed != bound:
                    answer = self._answer(listed, given, dataset)
        except SyntaxError as exc:
            raise self._explained(text, exc, given, file) from exc
        except (OSError, RuntimeError) as exc:
            _raise_unreadable(exc)
        used: Mapping[str, str] = {}
        if isinstance(answer, pyoxigraph.QueryTriples):
            known = given | sparql.declared_prefixes(text)
            names = {name for _, name in sparql.prefixed_names(text)} & set(known)
            used = {name: known[name] for name in known if name in names} or given
        return EmbeddedResult(answer, used)

    def _answer(self, text: str, prefixes: dict[str, str], dataset: Dataset | None) -> Any:
        default, named = _graphs(dataset)
        try:
            # Handing over forty prefixes takes as long as answering a small query, and most texts declare their own.
            return self._store.query(text, default_graph=default, named_graphs=named)
        except SyntaxError:
            return self._store.query(text, prefixes=prefixes, default_graph=default, named_graphs=named)

    def _from_columns(self, text: str, prefixes: dict[str, str]) -> EmbeddedResult | None:
        """Let the columns beside the store answer a query, if there are some and they know the answer."""
        words = text.upper()
        if not any(word in words for word in _COUNTED) and not all(word in words for word in _RANKED):
            return None
        if self._has_columns is None:
            assert self.folder is not None
            self._has_columns = os.path.isfile(columns_file(self.folder))
            if self._has_columns:
                from kgtool.columns import open_columns

                self._columns = open_columns(self.folder)
                self._has_columns = self._columns is not None
        if self._columns is None:
            return None
        answer = self._columns.answer(text, prefixes, is_query=lambda: _is_select(text, prefixes))
        return None if answer is None else parse_answer(io.BytesIO(answer), "tsv")

    def _explained(self, text: str, error: SyntaxError, prefixes: dict[str, str], file: object) -> QueryError:
        from kgtool.store.explain import query_error

        try:
            # The text without its bindings, for the column as its author sees it.
            self._store.query(text, prefixes=prefixes)
        except SyntaxError as exc:
            error = exc
        return query_error(text, error.msg, prefixes, file)

    def in_memory(self) -> EmbeddedStore:
        """Copy the store into memory: a hundred queries in a row then take a quarter of the time."""
        copy = pyoxigraph.Store()
        copy.bulk_extend(self._store.quads_for_pattern(None, None, None, None))
        kept = EmbeddedStore(copy, self.folder)
        kept.services = self.services
        return kept

    def dump(self, stream: BinaryIO) -> None:
        """Write every quad, the default graph's among them, as N-Quads."""
        try:
            self._store.dump(stream, pyoxigraph.RdfFormat.N_QUADS)
        except RuntimeError as exc:
            _raise_unreadable(exc)

    def dump_default(self, file: str) -> None:
        """Write the triples of the default graph to a file as N-Triples."""
        try:
            self._store.dump(file, pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph())
        except RuntimeError as exc:
            _raise_unreadable(exc)

    def quads(self, graph: Any) -> Iterator[pyoxigraph.Quad]:
        """Walk over the quads of one graph, as the engine has them."""
        return self._store.quads_for_pattern(None, None, None, graph)

    def count(self, graph: terms.IRI | None = None) -> int:
        pattern = "?s ?p ?o" if graph is None else "GRAPH ?graph { ?s ?p ?o }"
        bindings = {} if graph is None else {"graph": graph}
        ((number,),) = self.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", bindings=bindings).rows()
        assert number is not None
        return int(number.value)

    def graphs(self) -> list[terms.IRI | terms.BlankNode]:
        return sorted(
            terms.IRI(name.value) if isinstance(name, pyoxigraph.NamedNode) else terms.BlankNode(name.value)
            for name in self._store.named_graphs()
        )


def columns_file(folder: str | os.PathLike[str]) -> str:
    """Return where the columns of a store in a folder are (:mod:`kgtool.columns`): beside it, under its name."""
    return os.fspath(folder).rstrip("/") + ".columns"


def open_folder(folder: str | os.PathLike[str]) -> EmbeddedStore:
    """Open the store that a folder holds, read-only.

    :raises StoreError: if it holds none, or a damaged one.
    """
    within = os.path.join(folder, "store")
    if not os.path.isfile(os.path.join(folder, "CURRENT")) and os.path.isdir(within):
        folder = within  # a build, as 'kgtool build' names it
    if not os.path.isfile(os.path.join(folder, "CURRENT")):
        raise StoreError("holds no store", file=folder, hint="give a folder that 'kgtool build' names, or RDF files")
    try:
        return EmbeddedStore(pyoxigraph.Store.read_only(os.fspath(folder)), os.fspath(folder))
    except (OSError, RuntimeError) as exc:
        raise StoreError(
            f"the store is damaged: {exc}", file=folder, hint="delete the folder and run 'kgtool build'"
        ) from exc


def parse_answer(stream: BinaryIO, format_name: str) -> EmbeddedResult:
    """Read rows, or true or false, that another engine sent as JSON or XML; rows are read when they are wanted.

    :raises SyntaxError: here, or where rows are read, if it is malformed.
    """
    return EmbeddedResult(pyoxigraph.parse_query_results(stream, _RESULT_FORMATS[format_name]), {})


def parse_graph(stream: BinaryIO, format_name: str, *, base: str, prefixes: Mapping[str, str]) -> ParsedGraph:
    """Read triples that another engine sent, when they are wanted.

    :param base: what relative IRIs are relative to.
    :raises SyntaxError: where triples are read, if it is malformed.
    """
    return ParsedGraph(pyoxigraph.parse(stream, RDF_FORMATS[format_name], base_iri=base), prefixes)


def write_quads(
    quads: Iterable[tuple[terms.IRI | terms.BlankNode, terms.IRI, terms.Term, terms.IRI | terms.BlankNode | None]],
    stream: BinaryIO,
    format_name: str,
    *,
    prefixes: Mapping[str, str],
    reified: Iterable[tuple[terms.IRI | terms.BlankNode, terms.IRI | terms.BlankNode, terms.IRI, terms.Term]] = (),
) -> None:
    """Write triples, each in the graph that is its last member, as they come.

    :param reified: triples that a thing, named first, states: written as RDF 1.2 does, by ``rdf:reifies``.
    """
    form = RDF_FORMATS[format_name]
    known = dict(prefixes) if format_name in {"turtle", "trig", "rdfxml"} else None
    if form.supports_datasets:
        made = (
            pyoxigraph.Quad(to_engine(s), to_engine(p), to_engine(o), None if g is None else to_engine(g))
            for s, p, o, g in quads
        )
        pyoxigraph.serialize(made, stream, form, prefixes=known)
        return
    reifies = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")
    plain = (pyoxigraph.Triple(to_engine(s), to_engine(p), to_engine(o)) for s, p, o, _ in quads)
    stated = (
        pyoxigraph.Triple(to_engine(by), reifies, pyoxigraph.Triple(to_engine(s), to_engine(p), to_engine(o)))
        for by, s, p, o in reified
    )
    pyoxigraph.serialize(chain(plain, stated), stream, form, prefixes=known)


@contextmanager
def _readable(stream: BinaryIO, format_name: str) -> Iterator[BinaryIO]:
    """Return the stream to let the engine write a format to: where it is XML, one that minds what XML can hold."""
    if format_name not in _XML:
        yield stream
        return
    from kgtool.store.xml import XMLStream

    mended = XMLStream(stream)
    yield cast("BinaryIO", mended)
    mended.finish()


def write_store(
    store: Store, stream: BinaryIO, format_name: str, *, prefixes: Mapping[str, str], without: str = ""
) -> None:
    """Write a whole store, its default graph and its named graphs, in a format that knows graphs.

    :param without: a part of the names of graphs that are left out.
    """

    def quads() -> Iterator[pyoxigraph.Quad]:
        for graph in (None, *store.graphs()):
            if graph is not None and without and without in graph.value:
                continue
            name = pyoxigraph.DefaultGraph() if graph is None else to_engine(graph)
            if isinstance(store, EmbeddedStore):
                yield from store.quads(name)
                continue
            pattern = "?s ?p ?o" if graph is None else f"GRAPH {terms.n3(graph)} {{ ?s ?p ?o }}"
            for row in store.query(f"SELECT ?s ?p ?o {{ {pattern} }}").rows():
                s, p, o = (to_engine(term) for term in row if term is not None)
                yield pyoxigraph.Quad(s, p, o, name)

    known = dict(prefixes) if format_name == "trig" else None
    pyoxigraph.serialize(quads(), stream, RDF_FORMATS[format_name], prefixes=known)


def to_engine(term: terms.Term) -> Any:
    """Convert a term to the engine's own."""
    if isinstance(term, terms.IRI):
        return pyoxigraph.NamedNode(term.value)
    if isinstance(term, terms.BlankNode):
        return pyoxigraph.BlankNode(term.value)
    if term.language:
        return pyoxigraph.Literal(term.value, language=term.language)
    return pyoxigraph.Literal(term.value, datatype=pyoxigraph.NamedNode(term.datatype) if term.datatype else None)


def spell_literal(literal: terms.Literal) -> str:
    """Write a literal as the engine keeps it, as N-Triples does.

    :raises ValueError: if its language or datatype is none.

    >>> spell_literal(terms.Literal("4486.20", None, "http://www.w3.org/2001/XMLSchema#decimal"))
    '"4486.2"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    name = pyoxigraph.NamedNode("urn:kgtool:literal")
    store = pyoxigraph.Store()
    store.add(pyoxigraph.Quad(name, name, to_engine(literal)))
    (kept,) = store
    return str(kept.object)


def _is_select(text: str, prefixes: dict[str, str]) -> bool:
    """Say whether a text is a well-formed SELECT query: an empty store says so at once."""
    store = pyoxigraph.Store()
    for known in (None, prefixes):
        try:
            return isinstance(store.query(text, prefixes=known), pyoxigraph.QuerySolutions)
        except SyntaxError:
            continue
    return False


#: What the engine calls a list of graphs.
_Names = list[pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.DefaultGraph]


def _graphs(dataset: Dataset | None) -> tuple[_Names | None, list[pyoxigraph.NamedNode | pyoxigraph.BlankNode] | None]:
    """Return the default and the named graphs of a dataset, which take the place of ``FROM``."""
    if dataset is None:
        return None, None
    try:
        return [pyoxigraph.NamedNode(name) for name in dataset.default], [
            pyoxigraph.NamedNode(name) for name in dataset.named
        ]
    except ValueError as exc:
        raise QueryError(f"not the IRI of a graph: {exc}", hint="give absolute IRIs") from exc


def _keep(known: dict[object, terms.Term], value: object) -> terms.Term:
    """Convert a term of the engine's that was not met before, or too long ago."""
    if len(known) >= _KEPT:
        known.clear()
    made = known[value] = to_term(value)
    return made


def to_term(value: object) -> terms.Term:
    """Convert a term of the engine's."""
    if isinstance(value, pyoxigraph.NamedNode):
        return terms.IRI(value.value)
    if isinstance(value, pyoxigraph.Literal):
        if value.language is not None:
            return terms.Literal(value.value, value.language)
        datatype = value.datatype.value
        return terms.Literal(value.value, None, None if datatype == terms.XSD_STRING else datatype)
    if isinstance(value, pyoxigraph.BlankNode):
        return terms.BlankNode(value.value)
    raise QueryError(f"the answer holds a triple term, {value}", hint="kgtool reads RDF 1.1")


def _raise_unreadable(exc: Exception) -> NoReturn:
    """Convert what the engine raises while it reads a store."""
    if isinstance(exc, KgError):
        raise exc
    raise StoreError(
        f"the store cannot be read: {exc}", hint="delete its folder (KGTOOL_CACHE) and run 'kgtool build'"
    ) from exc
