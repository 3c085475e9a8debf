"""One interface to query a graph, wherever it is.

A store answers queries and never changes. Terms are those of :mod:`kgtool.terms`; a result that is only written
somewhere never becomes Python objects: the engine serialises it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Literal, NamedTuple, Protocol

from kgtool.errors import StoreError
from kgtool.project import Project, find_project
from kgtool.terms import IRI, BlankNode, Term

__all__ = ["Dataset", "Result", "Store", "open_fresh", "open_store"]


class Dataset(NamedTuple):
    """The graphs a query is asked of: their union is its default graph, and those ``GRAPH`` can name."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Result(Protocol):
    """The answer to a query. It can be read once: by ``rows``, by ``triples`` or by ``write``."""

    @property
    def form(self) -> Literal["select", "ask", "graph"]:
        """What the query asked for: rows, yes or no, triples."""

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the columns of a ``select``."""

    @property
    def boolean(self) -> bool:
        """The answer to an ``ask``."""

    def rows(self) -> Iterator[tuple[Term | None, ...]]:
        """Walk over the rows of a ``select``, in the order of ``variables``; ``None`` is unbound."""

    def triples(self) -> Iterator[tuple[Term, IRI, Term]]:
        """Walk over the triples of a ``graph``."""

    def write(self, stream: BinaryIO, format_name: str) -> None:
        """Let the engine write the answer in a format: csv, tsv, json, xml, or one for RDF.

        :raises QueryError: if the format is not one of those, or cannot carry this answer.
        """


class Store(Protocol):
    """A graph that can be asked."""

    #: Where the endpoints are that ``SERVICE`` may name, by IRI: see :func:`kgtool.store.services.allow`.
    services: Mapping[str, str]

    def query(
        self,
        text: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        prefixes: Mapping[str, str] | None = None,
        file: object = None,
        dataset: Dataset | None = None,
    ) -> Result:
        """Answer a SPARQL query.

        :param bindings: values for variables of the query: see :func:`kgtool.sparql.bind`.
        :param prefixes: prefixes the text may use without declaring them; its own ``PREFIX`` lines win.
        :param file: where the text came from, for messages.
        :param dataset: the graphs to ask instead of those the text names with ``FROM``; a name of none is an empty one.
        :raises QueryError: if it is not a query this store can answer; ``SERVICE`` is refused where it is not allowed.
        :raises StoreError: if the store cannot be read.
        """

    def count(self, graph: IRI | None = None) -> int:
        """Count the triples of a named graph, or of the default graph."""

    def graphs(self) -> list[IRI | BlankNode]:
        """Return the names of the named graphs, sorted."""


def open_store(
    location: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
    *,
    project: Project | None = None,
) -> Store:
    """Open a graph to query it.

    :param location: RDF files, read into memory with their default and named graphs as they stand; a folder that
        holds a store, opened read-only; or the address of a SPARQL endpoint. By default the store last built of the
        project, as it stands: see :func:`kgtool.build.open_built` for one that is up to date.
    :raises StoreError: if there is no store there, or it cannot be read.
    :raises DataError: if an RDF file is malformed.
    """
    from kgtool.store import embedded

    if location is None:
        from kgtool.store.builds import builds_name, current_build

        project = project or find_project()
        build = current_build(builds_name(project))
        if build is None:
            raise StoreError("the project has no store yet", file=project.folder, hint="run 'kgtool build'")
        return embedded.open_folder(build.store)
    if isinstance(location, str | os.PathLike):
        name = os.fspath(location)
        if name.startswith(("http://", "https://")):
            from kgtool.store.remote import RemoteStore

            return RemoteStore(name)
        if os.path.isdir(name):
            return embedded.open_folder(name)
        location = [name]
    from kgtool.store.drafts import read_files

    return read_files([os.fspath(file) for file in location])


def open_fresh(project: Project) -> Store | None:
    """Open a project's store if it is built, sound and up to date; ``None`` if it has to be built.

    It is apart from :func:`kgtool.build.open_built` so that a query finds a built store without importing what builds.
    """
    from kgtool.store import embedded
    from kgtool.store.builds import builds_name, current_build

    made = current_build(builds_name(project))
    if made is None or not made.is_fresh(project):
        return None
    try:
        return embedded.open_folder(made.store)
    except StoreError:
        return None
