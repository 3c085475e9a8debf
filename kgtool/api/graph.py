"""A graph that can be asked from Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from kgtool.api.conversion import from_rdflib, to_graph, written
from kgtool.api.rows import Question, Rows
from kgtool.build import open_built
from kgtool.errors import QueryError
from kgtool.labels import languages_for, resolve
from kgtool.namespaces import expand, read_prefixes
from kgtool.project import Project, find_project
from kgtool.queries import SavedQuery, bind_parameters, find_query, read_catalogue
from kgtool.store import Result, Store, open_store
from kgtool.store.depth import refuse_depth
from kgtool.store.services import allow

if TYPE_CHECKING:
    import rdflib

__all__ = ["Graph", "open_graph"]


def open_graph(
    location: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
    *,
    project: Project | str | os.PathLike[str] | None = None,
    language: str | None = None,
    services: Mapping[str, str] | None = None,
) -> Graph:
    """Open a graph to ask it.

    :param location: RDF files, a folder that holds a store, or the address of a SPARQL endpoint; by default the graph
        of the project, built first if it is not up to date.
    :param project: the project, or its folder: where prefixes and saved queries are. By default the one that the
        current folder is in, else the Kunming graph that kgtool ships.
    :param language: the language of labels: zh-Hans, zh-Hant or en.
    :param services: the endpoints that a query may ask by ``SERVICE``, which otherwise is refused: where each is (its
        address, or RDF files), by the IRI that the query names.

    >>> from kgtool.project import shipped_root
    >>> graph = open_graph(shipped_root() / "graph" / "entities" / "parks.ttl", language="en")
    >>> graph.ask("ASK { km:hi-tech-zone a ip:IndustrialPark }")
    True

    :raises ProjectError: if there is no project in the folder.
    :raises StoreError: if the graph cannot be opened.
    :raises DataError: if an RDF file is malformed.
    """
    found = project if isinstance(project, Project) else find_project(project)
    store = open_built(found) if location is None else open_store(location)
    return Graph(allow(store, services or {}), found, language=language)


class Graph:
    """A graph that can be asked: see :func:`open_graph`.

    A query is a text, which may use the project's prefixes without declaring them, or the name of a saved one. Values
    are given by name. Those of a text are bound to its variables: rdflib terms, strings, numbers and dates. Those of a
    saved query are what a person would write (a label in any language or script, a CURIE, a number), or such a value;
    one that is ``None`` is not given.
    """

    def __init__(self, store: Store, project: Project, *, language: str | None = None) -> None:
        self._store = store
        self._project = project
        self._languages = languages_for(language)
        self._prefixes = read_prefixes(project.prefixes_name)

    def __repr__(self) -> str:
        return f"<Graph of {self._project.folder}, {self._store.count()} triples>"

    @property
    def queries(self) -> dict[str, SavedQuery]:
        """The saved queries by name."""
        return read_catalogue(self._project)

    def run(self, name: str, /, **given: object) -> Rows:
        """Ask a saved query, and return its rows.

        :raises NotFoundError: if there is no such query, or a name among the values means nothing.
        :raises AmbiguousNameError: if a name among the values means several things.
        :raises QueryError: if a value is wrong, or the query has no rows: ``ask`` and ``construct`` take names as well.
        """
        return self._rows(self._saved(name, given))

    def select(self, query: str, /, **values: object) -> Rows:
        """Ask for rows.

        :raises QueryError: if it is not a SELECT query that can be answered.
        """
        return self._rows(self._question(query, values))

    def ask(self, query: str, /, **values: object) -> bool:
        """Ask whether something holds.

        :raises QueryError: if it is not an ASK query that can be answered.
        """
        return self._answer(self._question(query, values), "ask").boolean

    def construct(self, query: str, /, **values: object) -> rdflib.Graph:
        """Ask for triples, with CONSTRUCT or DESCRIBE.

        :raises QueryError: if it is neither, or cannot be answered.
        """
        return to_graph(self._answer(self._question(query, values), "graph"), self._prefixes)

    def describe(self, thing: str) -> rdflib.Graph:
        """Return the triples that start from a thing, given by a label in any language or script, a CURIE or an IRI.

        :raises NotFoundError: if nothing is called so; the message has the closest names.
        :raises AmbiguousNameError: if several things are; the message lists them.
        """
        return self.construct(f"DESCRIBE <{self.resolve(thing)}>")

    def resolve(self, name: str, *, instance_of: str | None = None) -> rdflib.URIRef:
        """Find the one thing that a name means.

        :param instance_of: the IRI or CURIE of a class; only its instances are looked at.

        >>> from kgtool.project import shipped_root
        >>> open_graph(shipped_root() / "graph" / "entities" / "parks.ttl").resolve("高新區")
        rdflib.term.URIRef('https://w3id.org/industrial-park/kunming/id/hi-tech-zone')

        :raises NotFoundError: if nothing is called so; the message has the closest names.
        :raises AmbiguousNameError: if several things are; the message lists them.
        """
        import rdflib

        class_ = instance_of and (expand(instance_of, self._prefixes) or instance_of)
        return rdflib.URIRef(resolve(self._store, name, prefixes=self._prefixes, instance_of=class_))

    def _question(self, query: str, values: Mapping[str, object]) -> Question:
        # What is written like a name is one: even "ASK{}" has its braces.
        if query.replace("-", "").replace("_", "").isalnum():
            return self._saved(query, values)
        bindings = {name: from_rdflib(name, value) for name, value in values.items() if value is not None}
        return Question(query, bindings)

    def _saved(self, name: str, given: Mapping[str, object]) -> Question:
        query = find_query(self._project, name)
        texts = {key: written(key, value) for key, value in given.items() if value is not None}
        return Question(query.text, bind_parameters(self._store, query, texts, prefixes=self._prefixes), query.file)

    def _rows(self, question: Question) -> Rows:
        result = self._answer(question, "select")
        return Rows(self._store, question, result, prefixes=self._prefixes, languages=self._languages)

    def _answer(self, question: Question, form: Literal["select", "ask", "graph"]) -> Result:
        text, bindings, file = question
        refuse_depth(text, file=file)
        result = self._store.query(text, bindings=bindings, prefixes=self._prefixes, file=file)
        if result.form != form:
            raise QueryError(
                f"the answer is {_ANSWERS[result.form]}, not {_ANSWERS[form]}",
                file=file,
                hint=f"call {_METHODS[result.form]}()",
            )
        return result


_ANSWERS = {"select": "rows", "ask": "yes or no", "graph": "triples"}
_METHODS = {"select": "select", "ask": "ask", "graph": "construct"}
