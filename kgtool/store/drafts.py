"""Graphs that are put together: in memory, layer over layer, and from there into a new store on disk.

With :mod:`kgtool.store.embedded`, the only module that imports pyoxigraph.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count as count_from
from itertools import islice
from typing import Any, BinaryIO

import pyoxigraph

from kgtool import terms
from kgtool.errors import DataError, QueryError, StoreError
from kgtool.formats import format_for_path
from kgtool.store.embedded import RDF_FORMATS, EmbeddedStore, open_folder

__all__ = [
    "MARK",
    "Draft",
    "Layer",
    "address_of",
    "change",
    "count",
    "keep_quads",
    "read_files",
    "read_quads",
    "save",
    "those_in",
]

#: A byte order mark.
MARK = b"\xef\xbb\xbf"

#: Quads removed from a draft after which it is moved to a new store.
_WORN = 100_000

#: Lines that are kept and written again at once.
_KEPT = 50_000


class Draft(EmbeddedStore):
    """A graph in memory that is still being put together."""

    def __init__(self) -> None:
        super().__init__(pyoxigraph.Store())
        self._removed = 0

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
                data.removeprefix(MARK),
                RDF_FORMATS[format_name],
                base_iri=base,
                to_graph=None if graph is None else pyoxigraph.NamedNode(graph),
            )
        except SyntaxError as exc:
            from kgtool.store.explain import data_error

            raise data_error(exc, file, prefixes or {}) from exc

    def construct(
        self, text: str, *, graph: str, bindings: Mapping[str, terms.Term], prefixes: Mapping[str, str], file: object
    ) -> None:
        """Add what a CONSTRUCT query makes of the default graph: to the default graph, and to a named one.

        :raises QueryError: if it is not a CONSTRUCT query that can be answered.
        """
        names = (pyoxigraph.NamedNode(graph), pyoxigraph.DefaultGraph())
        made = _constructed(self, text, bindings, prefixes, file)
        self._store.extend([pyoxigraph.Quad(t.subject, t.predicate, t.object, name) for t in made for name in names])

    def unite(self, *, without: Iterable[str]) -> None:
        """Put the triples of every named graph but some into the default graph, each once."""
        apart = ", ".join(terms.n3(terms.IRI(graph)) for graph in without)
        self._store.update(f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g NOT IN ({apart})) }}")

    @contextmanager
    def layer(self) -> Iterator[Layer]:
        """Let quads be added for a while: what is asked meanwhile sees them, after it they are gone again."""
        layer = Layer(self._store)
        try:
            yield layer
        finally:
            self._removed += layer.remove()
            if self._removed > _WORN:
                self._renew()

    def _renew(self) -> None:
        """Move to a new store: one in memory keeps what was removed, walks over it and grows with every layer."""
        fresh = pyoxigraph.Store()
        fresh.bulk_extend(self._store)
        self._store, self._removed = fresh, 0

    def counts(self) -> dict[str, int]:
        """Return the triples per named graph."""
        rows = self.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").rows()
        return {graph.value: int(number.value) for graph, number in rows if graph and number}

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the graph to a new folder: see :func:`save`."""
        quads = io.BytesIO()
        self.dump(quads)
        quads.seek(0)
        save(quads, folder)


class Layer:
    """Quads that lie over a draft for a while, each in its named graph and in the default graph."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store = store
        self._named: list[pyoxigraph.Quad] = []
        self._united: list[pyoxigraph.Quad] = []

    def load(
        self, data: bytes, format_name: str, *, file: object, graph: str | None = None, prefixes: Mapping[str, str]
    ) -> set[str | None]:
        """Add the quads of a file.

        :param graph: the graph that the file's default graph becomes; without one, what stands there is left out.
        :returns: the graphs the file speaks of; ``None`` is the default graph.
        :raises DataError: if the file is malformed; nothing is added then.
        """
        form = RDF_FORMATS[format_name]
        try:
            parsed = list(pyoxigraph.parse(data.removeprefix(MARK), form, rename_blank_nodes=True))
        except SyntaxError as exc:
            from kgtool.store.explain import data_error

            raise data_error(exc, file, prefixes) from exc
        found = set[str | None]()
        for quad in parsed:
            name = graph if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else quad.graph_name.value
            found.add(name)
            if name is not None:
                self._add(quad, pyoxigraph.NamedNode(name))
        return found

    def construct(
        self, text: str, *, graph: str, bindings: Mapping[str, terms.Term], prefixes: Mapping[str, str], file: object
    ) -> None:
        """Add what a CONSTRUCT query makes of the default graph: see :meth:`Draft.construct`."""
        made = list(_constructed(EmbeddedStore(self._store), text, bindings, prefixes, file))
        for triple in made:
            self._add(triple, pyoxigraph.NamedNode(graph))

    def quads(self, *, blank: str) -> bytes:
        """Return what was added to named graphs as N-Quads, sorted, as the engine keeps it.

        :param blank: what the names of blank nodes begin with: the same quads then have the same bytes everywhere.
        """
        # The engine writes 4486.20 as 4486.2 and tags in lower case.
        kept = pyoxigraph.Store()
        kept.extend(self._named)
        quads: Iterable[pyoxigraph.Quad] = list(kept)
        if any(isinstance(term, pyoxigraph.BlankNode) for quad in quads for term in (quad.subject, quad.object)):
            dataset = pyoxigraph.Dataset(quads)
            dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
            quads = [
                pyoxigraph.Quad(_named(q.subject, blank), q.predicate, _named(q.object, blank), q.graph_name)
                for q in dataset
            ]
        written = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)
        assert written is not None
        return b"".join(sorted(written.splitlines(keepends=True)))

    def remove(self) -> int:
        """Take away what was added; return how many quads that were."""
        for quad in (*self._named, *self._united):
            self._store.remove(quad)
        return len(self._named) + len(self._united)

    def _add(self, said: pyoxigraph.Quad | pyoxigraph.Triple, graph: pyoxigraph.NamedNode) -> None:
        named = pyoxigraph.Quad(said.subject, said.predicate, said.object, graph)
        united = pyoxigraph.Quad(said.subject, said.predicate, said.object)
        for quad, added in ((named, self._named), (united, self._united)):
            if quad not in self._store:
                self._store.add(quad)
                added.append(quad)


def _named(term: Any, blank: str) -> Any:
    return pyoxigraph.BlankNode(f"{blank}-{term.value}") if isinstance(term, pyoxigraph.BlankNode) else term


def _constructed(
    store: EmbeddedStore,
    text: str,
    bindings: Mapping[str, terms.Term],
    prefixes: Mapping[str, str],
    file: object,
) -> pyoxigraph.QueryTriples:
    answer = store.query(text, bindings=bindings, prefixes=prefixes, file=file).answer
    if not isinstance(answer, pyoxigraph.QueryTriples):
        raise QueryError("a rule must be a CONSTRUCT query", file=file)
    return answer


def save(quads: BinaryIO, folder: str | os.PathLike[str]) -> None:
    """Write a store that :func:`open_folder` opens to a new folder.

    :param quads: N-Quads; read as they are needed, however many there are.
    :raises StoreError: if that fails: the disk is full or read-only, say.
    """
    try:
        stored = pyoxigraph.Store(os.fspath(folder))
        stored.bulk_load(quads, pyoxigraph.RdfFormat.N_QUADS)
        stored.flush()
    except (OSError, RuntimeError) as exc:
        raise StoreError(f"cannot write the store: {exc}", file=folder) from exc


def count(folder: str | os.PathLike[str]) -> int:
    """Count the triples of the default graph of a store."""
    return open_folder(folder).count()


def those_in(folder: str | os.PathLike[str], lines: Iterable[bytes]) -> set[bytes]:
    """Return those lines of N-Quads that a store holds.

    :raises StoreError: if it cannot be read.
    """
    form = pyoxigraph.RdfFormat.N_QUADS
    try:
        store = pyoxigraph.Store.read_only(os.fspath(folder))
        return {line for line in lines for quad in pyoxigraph.parse(line, form) if quad in store}
    except (OSError, RuntimeError) as exc:
        raise StoreError(f"the store is damaged: {exc}", file=folder) from exc


def change(
    source: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    removed: Iterable[bytes],
    added: Iterable[bytes],
    apart: Iterable[str],
) -> int:
    """Write a changed copy of a store to a new folder; files that stay as they are become links, not copies.

    :param removed: lines of N-Quads in named graphs; a triple that then is in no named graph leaves the union too.
    :param added: lines of N-Quads in named graphs, whose triples join the union.
    :param apart: graphs that are not part of the union.
    :returns: how many triples more the default graph has.
    :raises StoreError: if that fails: the disk is full or read-only, say.
    """
    form = pyoxigraph.RdfFormat.N_QUADS
    try:
        pyoxigraph.Store.read_only(os.fspath(source)).backup(os.fspath(folder))
        store = pyoxigraph.Store(os.fspath(folder))
        gone = list(pyoxigraph.parse(b"".join(removed), form))
        for quad in gone:
            store.remove(quad)
        new = list(pyoxigraph.parse(b"".join(added), form))
        store.extend(new)
        more = 0
        others = {pyoxigraph.NamedNode(name) for name in apart} | {pyoxigraph.DefaultGraph()}
        for triple in {quad.triple for quad in gone}:
            united = pyoxigraph.Quad(triple.subject, triple.predicate, triple.object)
            said = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
            if united in store and all(quad.graph_name in others for quad in said):
                store.remove(united)
                more -= 1
        for triple in {quad.triple for quad in new}:
            united = pyoxigraph.Quad(triple.subject, triple.predicate, triple.object)
            if united not in store:
                store.add(united)
                more += 1
        store.flush()
    except (OSError, RuntimeError) as exc:
        raise StoreError(f"cannot write the store: {exc}", file=folder) from exc
    return more


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
        draft.load(data, form, file=file, base=address_of(file))
    return draft


def read_quads(file: str, stream: BinaryIO, *, base: str) -> None:
    """Write the quads of an RDF file as N-Quads as they are read: literals as spelt, blank nodes under new names.

    :param base: what relative IRIs are relative to.
    :raises StoreError: if the file cannot be read.
    :raises DataError: if it is malformed.
    """
    form = RDF_FORMATS[_form_of(file)]
    try:
        source = open(file, "rb")  # noqa: SIM115 (closed below)
    except OSError as exc:
        raise _missing(file, exc.strerror) from exc
    with source:
        try:
            if source.read(3) != MARK:
                source.seek(0)
            quads = pyoxigraph.parse(source, form, base_iri=base, rename_blank_nodes=True)
        except OSError as exc:
            raise _missing(file, exc.strerror) from exc
        try:
            pyoxigraph.serialize(quads, stream, pyoxigraph.RdfFormat.N_QUADS)
        except SyntaxError as exc:
            from kgtool.store.explain import data_error

            raise data_error(exc, file, {}) from exc


def keep_quads(lines: Iterable[bytes], *, file: object = None) -> Iterator[bytes]:
    """Walk over lines of N-Quads spelt as the engine keeps them (``4486.20`` as ``4486.2``), in no order.

    :param file: where they come from, for messages.
    :raises DataError: if one is malformed.
    """
    walk = iter(lines)
    for number in count_from(0, _KEPT):
        chunk = b"".join(islice(walk, _KEPT))
        if not chunk:
            return
        store = pyoxigraph.Store()
        try:
            store.extend(pyoxigraph.parse(chunk, pyoxigraph.RdfFormat.N_QUADS))
        except SyntaxError as exc:
            from kgtool.store.explain import data_error

            error = data_error(exc, file, {})
            line = None if error.line is None else number + error.line
            raise DataError(error.message, file=error.file, line=line, hint=error.hint) from exc
        kept = store.dump(format=pyoxigraph.RdfFormat.N_QUADS)
        assert kept is not None
        yield from kept.splitlines(keepends=True)


def address_of(file: str) -> str:
    """Return the address of a file, which its relative IRIs start from."""
    from urllib.parse import quote

    return "file://" + quote(os.path.abspath(file))


def _form_of(file: str) -> str:
    """Return the format of a file by its name; one that is not there is not blamed for its name."""
    if not os.path.exists(file):
        raise _missing(file, "No such file or directory")
    return format_for_path(file, kind="graph").name


def _missing(file: str, why: str | None) -> StoreError:
    return StoreError(f"cannot read it: {why}", file=file, hint="give RDF files that exist")
