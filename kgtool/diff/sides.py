"""The two sides of a comparison: a project, RDF files, a built store or an endpoint, each as a walk over its quads."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from kgtool.build import BuildResult, open_built
from kgtool.diff.records import record_of
from kgtool.errors import StoreError
from kgtool.formats import FORMATS
from kgtool.project import PARTS, find_project
from kgtool.store import Store, open_store
from kgtool.store.drafts import keep_quads, read_quads
from kgtool.store.embedded import EmbeddedStore
from kgtool.store.remote import RemoteStore
from kgtool.store.virtuoso import SYSTEM_GRAPHS
from kgtool.terms import n3

__all__ = ["Side", "open_side"]

#: The extensions of files with RDF in them.
_EXTENSIONS = tuple(extension for form in FORMATS.values() if "graph" in form.carries for extension in form.extensions)

#: One query for everything, so that a blank node has one name throughout the answer.
_ALL = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


class Side(NamedTuple):
    """One of the two graphs.

    :param name: what the person calls it.
    :param files: the RDF files it consists of, if it does.
    :param store: the store it is in otherwise.
    """

    name: str
    files: tuple[str, ...] = ()
    store: Store | None = None

    def records(self, *, as_kept: bool) -> Iterator[bytes]:
        """Walk over the quads: see :mod:`kgtool.diff.records`. Some may come more than once.

        :param as_kept: whether literals of files are to be spelt as an engine that keeps them spells them.
        """
        lines = self._lines()
        if as_kept and not isinstance(self.store, EmbeddedStore):
            lines = keep_quads(lines)
        return map(record_of, lines)

    def is_hidden(self, graph: bytes) -> bool:
        """Say whether a graph is the server's own business."""
        return isinstance(self.store, RemoteStore) and graph[1:-1].decode() in SYSTEM_GRAPHS

    def _lines(self) -> Iterator[bytes]:
        if isinstance(self.store, EmbeddedStore):
            with tempfile.TemporaryFile() as stream:
                self.store.dump(stream)
                stream.seek(0)
                yield from stream
        elif self.store is not None:
            for graph, subject, predicate, object_ in self.store.query(_ALL).rows():
                assert subject is not None
                assert predicate is not None
                assert object_ is not None
                name = "" if graph is None else f"{n3(graph)} "
                yield f"{n3(subject)} {n3(predicate)} {n3(object_)} {name}.\n".encode()
        for file in self.files:
            with tempfile.TemporaryFile() as stream:
                # Files of one name in two folders, or two files, are compared as if they stood in one place.
                within = "" if file == self.name else os.path.relpath(file, self.name)
                read_quads(file, stream, base=f"file:///{quote(within)}")
                stream.seek(0)
                yield from stream


def open_side(location: str, *, on_build: Callable[[BuildResult], None] | None = None) -> Side:
    """Find out what a location is.

    :param location: a project's folder, which is built if it has changed; a folder that holds a store; any other
        folder, for the RDF files in it; an RDF file; the address of a SPARQL endpoint.
    :param on_build: told of a build that was made.
    :raises StoreError: if it is none of them.
    """
    if location.startswith(("http://", "https://")):
        return Side(location, store=open_store(location))
    if not os.path.isdir(location):
        return Side(location, files=(location,))
    if all(os.path.isdir(os.path.join(location, part)) for part in PARTS):
        return Side(location, store=open_built(find_project(location), on_build=on_build))
    if any(os.path.isfile(os.path.join(location, *names)) for names in (("CURRENT",), ("store", "CURRENT"))):
        return Side(location, store=open_store(location))
    files = sorted(
        os.path.join(folder, name)
        for folder, _, names in os.walk(location)
        for name in names
        if name.lower().endswith(_EXTENSIONS) and not name.startswith(".")
    )
    if not files:
        raise StoreError(
            "neither a project, nor a store, nor a folder with RDF files",
            file=location,
            hint="give a folder with ontology/, graph/ and queries/, one that 'kgtool build' names, or a file",
        )
    return Side(location, files=tuple(files))
