"""A store's triples in a temporary database outside memory, from where they can be walked over in order.

An engine's own ``ORDER BY`` holds every row in memory. SQLite sorts on disk, and is deleted with its connection.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from kgtool.errors import StoreError
from kgtool.labels import LANGUAGES
from kgtool.namespaces import DCTERMS, IP, RDF, RDFS, SCHEMA, SKOS, compress
from kgtool.network.rules import DESCRIPTIONS, LINKS
from kgtool.store import Store
from kgtool.terms import IRI, Literal, n3

__all__ = ["Copy", "no_room"]

_Row = TypeVar("_Row")

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32768;
PRAGMA temp_store = FILE;
CREATE TABLE iri (s TEXT, p TEXT, o TEXT);
CREATE TABLE type (s TEXT, c TEXT);
CREATE TABLE link (s TEXT, p TEXT, o TEXT);
CREATE TABLE period (s TEXT, o TEXT);
CREATE TABLE vocabulary (s TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE literal (s TEXT, p TEXT, value TEXT, language TEXT, datatype TEXT);
CREATE TABLE said (s TEXT, p TEXT, o TEXT, sentence TEXT);
CREATE TABLE derived (s TEXT, p TEXT, o TEXT);
CREATE TABLE edge (
    id TEXT PRIMARY KEY, source TEXT, target TEXT, predicate TEXT, modality TEXT,
    evidence TEXT, sentences TEXT, extra TEXT
) WITHOUT ROWID;
CREATE TABLE node (id TEXT PRIMARY KEY, degree INTEGER) WITHOUT ROWID;
CREATE TABLE hidden (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE shown (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX type_s ON type (s);
CREATE INDEX literal_s ON literal (s, p);
CREATE INDEX link_s ON link (s);
CREATE INDEX period_s ON period (s);
"""

#: Literals that the view itself reads.
_NEEDED = (
    SKOS + "prefLabel",
    RDFS + "label",
    DCTERMS + "title",
    *DESCRIPTIONS,
    *(SCHEMA + name for name in ("startDate", "endDate")),
    *(IP + name for name in ("quote", "value", "scale", "valueAsWritten", "formula", "batch", "rank", "rankedAmong")),
    *(IP + name for name in ("aspect", "start", "end", "number")),
)

#: Rows inserted by one call.
_BATCH = 10_000

_SENTENCE = f"?g a <{IP}Sentence>"
_STATED = f"SELECT ?s ?p ?o ?g {{ GRAPH ?g {{ ?s ?p ?o FILTER(isIRI(?s) && isIRI(?o)) }} {_SENTENCE} }}"
_QUOTED = f"SELECT DISTINCT ?s ?g {{ GRAPH ?g {{ ?s <{IP}quote> ?quote FILTER(isIRI(?s)) }} {_SENTENCE} }}"
_DERIVED = "SELECT ?s ?p ?o {{ GRAPH {graph} {{ ?s ?p ?o FILTER(isIRI(?s) && isIRI(?o)) }} }}"
#: How the names of graphs of derived facts end.
_DERIVED_GRAPH = "/graph/derived"


class Copy:
    """The triples of a store, with CURIEs for IRIs.

    :param prefixes: those to shorten IRIs with.
    :param literals: whether every literal is wanted, or those that the view needs.
    """

    def __init__(self, store: Store, prefixes: Mapping[str, str], *, literals: bool) -> None:
        self.database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self.database.executescript(_SCHEMA)
        self.prefixes = dict(prefixes)
        self.short: Callable[[str], str] = lru_cache(maxsize=100_000)(lambda iri: compress(iri, self.prefixes))
        #: The classes right above each class.
        self.parents: dict[str, set[str]] = {}
        #: The number of each sentence.
        self.numbers: dict[str, int] = {}
        self.database.execute("BEGIN")
        self._copy_iris(store)
        self._copy_literals(store, literals=literals)
        self._copy_evidence(store)
        self.database.execute("COMMIT")
        self.database.executescript(_INDEXES)

    def insert(self, table: str, rows: Iterable[Sequence[object]], *, columns: int) -> None:
        """Add rows to a table, in batches."""
        marks = ", ".join("?" * columns)
        for batch in _batched(rows, _BATCH):
            try:
                self.database.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", batch)  # noqa: S608
            except sqlite3.OperationalError as exc:
                raise no_room(exc) from exc

    def rows(self, statement: str, given: Sequence[object] = ()) -> sqlite3.Cursor:
        """Ask the database.

        :raises StoreError: if there is no room for what it has to sort.
        """
        try:
            return self.database.execute(statement, given)
        except sqlite3.OperationalError as exc:
            raise no_room(exc) from exc

    def long(self, name: str) -> str:
        """Return the IRI of a CURIE of this copy."""
        prefix, _, local = name.partition(":")
        namespace = self.prefixes.get(prefix)
        # An IRI in full has a scheme that is no prefix, or what follows would not be a local name.
        return name if namespace is None or local.startswith("//") else namespace + local

    def _copy_iris(self, store: Store) -> None:
        short = self.short
        type_, defined, below = (short(iri) for iri in (RDF + "type", RDFS + "isDefinedBy", RDFS + "subClassOf"))
        links, period = {short(iri) for iri in LINKS}, short(IP + "period")
        insert = self.database.executemany
        query = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(isIRI(?s) && isIRI(?o)) }"
        for batch in _batched(_iri_rows(store, query), _BATCH):
            kept = []
            for row in batch:
                s, p, o = (short(iri) for iri in row)
                if p == type_:
                    self.database.execute("INSERT INTO type VALUES (?, ?)", (s, o))
                    continue
                if p in links:
                    self.database.execute("INSERT INTO link VALUES (?, ?, ?)", (s, p, row[2]))
                elif p == period:
                    self.database.execute("INSERT INTO period VALUES (?, ?)", (s, o))
                elif p == defined:
                    self.database.execute("INSERT OR IGNORE INTO vocabulary VALUES (?)", (s,))
                elif p == below and s != o:
                    self.parents.setdefault(s, set()).add(o)
                kept.append((s, p, o))
            insert("INSERT INTO iri VALUES (?, ?, ?)", kept)

    def _copy_literals(self, store: Store, *, literals: bool) -> None:
        needed = "" if literals else f"VALUES ?p {{ {' '.join(f'<{iri}>' for iri in _NEEDED)} }}"
        query = f"SELECT ?s ?p ?o {{ {needed} ?s ?p ?o FILTER(isIRI(?s) && isLiteral(?o)) }}"
        spelling = {language.lower(): language for language in LANGUAGES}
        short, number = self.short, self.short(IP + "number")

        def rows() -> Iterator[tuple[str, str, str, str, str]]:
            for s, p, o in store.query(query).rows():
                if not (isinstance(s, IRI) and isinstance(p, IRI) and isinstance(o, Literal)):
                    continue
                tag = o.language or ""
                subject, predicate = short(s.value), short(p.value)
                if predicate == number and o.value.isdigit():
                    self.numbers[subject] = int(o.value)
                yield subject, predicate, o.value, spelling.get(tag.lower(), tag), o.datatype or ""

        self.insert("literal", rows(), columns=5)

    def _copy_evidence(self, store: Store) -> None:
        short = self.short
        self.insert("said", ([short(iri) for iri in row] for row in _iri_rows(store, _STATED)), columns=4)
        quote = short(IP + "quote")
        quoted = ((short(s), quote, "", short(g)) for s, g in _iri_rows(store, _QUOTED))
        self.insert("said", quoted, columns=4)
        for graph in store.graphs():
            if graph.value.endswith(_DERIVED_GRAPH):
                rows = _iri_rows(store, _DERIVED.format(graph=n3(graph)))
                self.insert("derived", ([short(iri) for iri in row] for row in rows), columns=3)


def no_room(error: Exception) -> StoreError:
    """Say that temporary files could not be written."""
    return StoreError(f"cannot keep a sorted copy of the graph: {error}", hint="make room where TMPDIR is, or set it")


def _iri_rows(store: Store, query: str) -> Iterator[list[str]]:
    """Walk over rows of nothing but IRIs.

    The engine writes them as TSV and they are cut up here: three times as quick as a Python object for every term.
    """
    with tempfile.TemporaryFile() as stream:
        store.query(query).write(stream, "tsv")
        stream.seek(0)
        stream.readline()
        for line in stream:
            yield line.decode().strip()[1:-1].split(">\t<")


def _batched(rows: Iterable[_Row], size: int) -> Iterator[list[_Row]]:
    walk = iter(rows)
    while batch := list(islice(walk, size)):
        yield batch
