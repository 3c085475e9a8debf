"""The embedded engine: pyoxigraph, in memory and on disk. The only module that imports it.

https://pyoxigraph.readthedocs.io

Measured on 0.5.13: reading N-Triples and the like gives every blank node a new name, language tags come back in lower
case, ``4486.20`` comes back as ``4486.2``, opening a store read-only takes 15 ms and no lock, and ``FROM`` names graphs
of the store and fetches nothing. ``SERVICE`` does fetch and cannot be turned off, so such queries are refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO, Literal, NoReturn, cast

import pyoxigraph

from kgtool import sparql, terms
from kgtool.errors import KgError, QueryError, StoreError
from kgtool.formats import format_for_path, format_named
from kgtool.store import Dataset
from kgtool.store.wellformed import WellFormed

__all__ = [
    "ENGINE",
    "Draft",
    "EmbeddedResult",
    "EmbeddedStore",
    "ParsedGraph",
    "keep_quads",
    "open_folder",
    "parse_answer",
    "parse_graph",
    "read_files",
    "read_quads",
    "write_quads",
]

#: The engine and its version: a store on disk may not be readable with another.
ENGINE = f"pyoxigraph {pyoxigraph.__version__}"

_RDF_FORMATS = {
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

#: Lines that are kept and written again at once.
_KEPT = 50_000


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
            for row in self.answer:
                yield tuple(None if value is None else _term(value) for value in row)
        except (OSError, RuntimeError) as exc:
            _raise_unreadable(exc)

    def triples(self) -> Iterator[tuple[terms.Term, terms.IRI, terms.Term]]:
        assert isinstance(self.answer, pyoxigraph.QueryTriples)
        try:
            for triple in self.answer:
                yield _term(triple.subject), terms.IRI(triple.predicate.value), _term(triple.object)
        except (OSError, RuntimeError) as exc:
            _raise_unreadable(exc)

    def write(self, stream: BinaryIO, format_name: str) -> None:
        name = format_named(format_name, kind=self.form).name
        stream = _well_formed(stream, name)
        try:
            if isinstance(self.answer, pyoxigraph.QueryTriples):
                # The answer's own serialiser is faster and knows no prefixes.
                if self._prefixes and name in ("turtle", "trig", "rdfxml"):
                    pyoxigraph.serialize(self.answer, stream, _RDF_FORMATS[name], prefixes=dict(self._prefixes))
                else:
                    self.answer.serialize(stream, _RDF_FORMATS[name])
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
            yield _term(quad.subject), terms.IRI(quad.predicate.value), _term(quad.object)

    def write(self, stream: BinaryIO, format_name: str) -> None:
        name = format_named(format_name, kind="graph").name
        prefixes = dict(self._prefixes) if name in ("turtle", "trig", "rdfxml") else None
        stream = _well_formed(stream, name)
        pyoxigraph.serialize((quad.triple for quad in self._quads), stream, _RDF_FORMATS[name], prefixes=prefixes)


class EmbeddedStore:
    """A graph in the embedded engine: see :class:`kgtool.store.Store`.

    :param folder: the folder on disk that the graph is from, if it is: beside it lies what is known of its names.
    """

    def __init__(self, store: pyoxigraph.Store, folder: str | None = None) -> None:
        self._store = store
        self.folder = folder

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
        sparql.refuse_service(text, file=file)
        try:
            default, named = _graphs(dataset)
            bound = sparql.bind(text, bindings or {})
            answer = self._store.query(bound, prefixes=given, default_graph=default, named_graphs=named)
            if isinstance(answer, pyoxigraph.QuerySolutions) and "*" in bound:
                listed = sparql.spell_out(bound, [variable.value for variable in answer.variables])
                if listed != bound:
                    answer = self._store.query(listed, prefixes=given, default_graph=default, named_graphs=named)
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
        return EmbeddedStore(copy, self.folder)

    def dump(self, stream: BinaryIO) -> None:
        """Write every quad, the default graph's among them, as N-Quads."""
        try:
            self._store.dump(stream, pyoxigraph.RdfFormat.N_QUADS)
        except RuntimeError as exc:
            _raise_unreadable(exc)

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


class Draft(EmbeddedStore):
    """A graph in memory that is still being put together."""

    def __init__(self) -> None:
        super().__init__(pyoxigraph.Store())

    def load(
        self,
        data: bytes,
        format_name: str,
        *,
        file: object,
        graph: str | None = None,
        prefixes: Mapping[str, str] | None = None,
        base: str | None = None,
    ) -> None:
        """Add the triples of a file.

        :param base: what relative IRIs are relative to; without it they are refused.
        :param graph: the graph that the file's default graph becomes.
        :param prefixes: the project's, so that a message can offer the line that is missing.
        :raises DataError: if the file is malformed; nothing is added then.
        """
        try:
            self._store.load(
                data.removeprefix(b"\xef\xbb\xbf"),
                _RDF_FORMATS[format_name],
                base_iri=base,
                to_graph=None if graph is None else pyoxigraph.NamedNode(graph),
            )
        except SyntaxError as exc:
            from kgtool.store.explain import data_error

            raise data_error(exc, file, prefixes or {}) from exc

    def construct(
        self,
        text: str,
        *,
        graph: str,
        bindings: Mapping[str, terms.Term],
        prefixes: Mapping[str, str],
        file: object,
    ) -> None:
        """Add what a CONSTRUCT query makes of the default graph: to the default graph, and to a named one.

        :raises QueryError: if it is not a CONSTRUCT query that can be answered.
        """
        answer = self.query(text, bindings=bindings, prefixes=prefixes, file=file).answer
        if not isinstance(answer, pyoxigraph.QueryTriples):
            raise QueryError("a rule must be a CONSTRUCT query", file=file)
        names = (pyoxigraph.NamedNode(graph), pyoxigraph.DefaultGraph())
        self._store.extend([pyoxigraph.Quad(t.subject, t.predicate, t.object, name) for t in answer for name in names])

    def unite(self, *, without: str) -> None:
        """Put the triples of every named graph but one into the default graph, each once."""
        self._store.update(
            f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != {terms.n3(terms.IRI(without))}) }}"
        )

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the graph to a new folder, as a store that :func:`open_folder` opens.

        :raises StoreError: if that fails: the disk is full or read-only, say.
        """
        try:
            stored = pyoxigraph.Store(os.fspath(folder))
            stored.bulk_load(self._store.dump(format=pyoxigraph.RdfFormat.N_QUADS), pyoxigraph.RdfFormat.N_QUADS)
            stored.flush()
        except (OSError, RuntimeError) as exc:
            raise StoreError(f"cannot write the store: {exc}", file=folder) from exc


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


def read_files(files: Iterable[str]) -> Draft:
    """Read RDF files into memory, with their default and named graphs as they stand.

    :raises StoreError: if a file cannot be read.
    :raises DataError: if a file is malformed.
    """
    draft = Draft()
    for file in files:
        form = _form_of(file)
        try:
            with open(file, "rb") as stream:
                data = stream.read()
        except OSError as exc:
            raise _missing(file, exc.strerror) from exc
        draft.load(data, form, file=file, base=_address(file))
    return draft


def read_quads(file: str, stream: BinaryIO, *, base: str) -> None:
    """Write the quads of an RDF file as N-Quads as they are read: literals as spelt, blank nodes under new names.

    :param base: what relative IRIs are relative to.
    :raises StoreError: if the file cannot be read.
    :raises DataError: if it is malformed.
    """
    form = _RDF_FORMATS[_form_of(file)]
    try:
        source = open(file, "rb")  # noqa: SIM115 (closed below)
    except OSError as exc:
        raise _missing(file, exc.strerror) from exc
    with source:
        try:
            if source.read(3) != b"\xef\xbb\xbf":
                source.seek(0)
            quads = pyoxigraph.parse(source, form, base_iri=base, rename_blank_nodes=True)
        except OSError as exc:
            raise _missing(file, exc.strerror) from exc
        try:
            pyoxigraph.serialize(quads, stream, pyoxigraph.RdfFormat.N_QUADS)
        except SyntaxError as exc:
            from kgtool.store.explain import data_error

            raise data_error(exc, file, {}) from exc


def keep_quads(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Walk over lines of N-Quads spelt as the engine keeps them (``4486.20`` as ``4486.2``), in no order."""
    walk = iter(lines)
    while chunk := b"".join(islice(walk, _KEPT)):
        store = pyoxigraph.Store()
        store.extend(pyoxigraph.parse(chunk, pyoxigraph.RdfFormat.N_QUADS))
        kept = store.dump(format=pyoxigraph.RdfFormat.N_QUADS)
        assert kept is not None
        yield from kept.splitlines(keepends=True)


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
    return ParsedGraph(pyoxigraph.parse(stream, _RDF_FORMATS[format_name], base_iri=base), prefixes)


def write_quads(
    quads: Iterable[tuple[terms.IRI | terms.BlankNode, terms.IRI, terms.Term, terms.IRI | None]],
    stream: BinaryIO,
    format_name: str,
    *,
    prefixes: Mapping[str, str],
    reified: Iterable[tuple[terms.IRI, terms.IRI | terms.BlankNode, terms.IRI, terms.Term]] = (),
) -> None:
    """Write triples, each in the graph that is its last member, as they come.

    :param reified: triples that a thing, named first, states: written as RDF 1.2 does, by ``rdf:reifies``.
    """
    form = _RDF_FORMATS[format_name]
    known = dict(prefixes) if format_name in {"turtle", "trig", "rdfxml"} else None
    if form.supports_datasets:
        made = (pyoxigraph.Quad(_node(s), _node(p), _node(o), None if g is None else _node(g)) for s, p, o, g in quads)
        pyoxigraph.serialize(made, stream, form, prefixes=known)
        return
    reifies = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")
    plain = (pyoxigraph.Triple(_node(s), _node(p), _node(o)) for s, p, o, _ in quads)
    stated = (
        pyoxigraph.Triple(_node(by), reifies, pyoxigraph.Triple(_node(s), _node(p), _node(o)))
        for by, s, p, o in reified
    )
    pyoxigraph.serialize(chain(plain, stated), stream, form, prefixes=known)


def _node(term: terms.Term) -> Any:
    if isinstance(term, terms.IRI):
        return pyoxigraph.NamedNode(term.value)
    if isinstance(term, terms.BlankNode):
        return pyoxigraph.BlankNode(term.value)
    if term.language:
        return pyoxigraph.Literal(term.value, language=term.language)
    return pyoxigraph.Literal(term.value, datatype=pyoxigraph.NamedNode(term.datatype) if term.datatype else None)


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


def _term(value: object) -> terms.Term:
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


def _address(file: str) -> str:
    """Return the address of a file, which its relative IRIs start from."""
    from urllib.parse import quote

    return "file://" + quote(os.path.abspath(file))


def _well_formed(stream: BinaryIO, format_name: str) -> BinaryIO:
    return cast(BinaryIO, WellFormed(stream)) if format_name in ("xml", "rdfxml") else stream


def _form_of(file: str) -> str:
    """Return the format of a file by its name; one that is not there is not blamed for its name."""
    if not os.path.exists(file):
        raise _missing(file, "No such file or directory")
    return format_for_path(file, kind="graph").name


def _missing(file: str, why: str | None) -> StoreError:
    return StoreError(f"cannot read it: {why}", file=file, hint="give RDF files that exist")


def _raise_unreadable(exc: Exception) -> NoReturn:
    """Convert what the engine raises while it reads a store."""
    if isinstance(exc, KgError):
        raise exc
    raise StoreError(
        f"the store cannot be read: {exc}", hint="delete its folder (KGTOOL_CACHE) and run 'kgtool build'"
    ) from exc
