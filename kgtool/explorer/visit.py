"""What a page is made from, what is asked of it, and what comes out, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from kgtool.labels import languages_for
from kgtool.queries.saved import SavedQuery
from kgtool.store import Store

__all__ = ["About", "MakePage", "Page", "Site", "Sources", "Visit"]


class About(NamedTuple):
    """What is known of a graph beside its triples.

    :param name: where it is from, for people.
    :param hash: changes when the graph does; ``None`` if that cannot be known.
    :param version: of kgtool.
    :param folder: the project's folder, if it is the project's graph.
    :param texts: the articles' texts that are at hand, by the IRI of the article, each with its coverage.
    """

    name: str = ""
    hash: str | None = None
    version: str = ""
    folder: str | None = None
    texts: Mapping[str, Mapping[str, Any]] = {}


class Sources(NamedTuple):
    """A graph and its saved queries.

    :param base: the IRI that the graph's own names start with.
    :param kept: what pages keep for one another while the graph does not change.
    """

    store: Store
    prefixes: Mapping[str, str]
    queries: Mapping[str, SavedQuery]
    base: str | None
    about: About
    kept: dict[str, Any]

    def keep(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what is kept under a key; make it first if it is not there."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]


class Site(Protocol):
    """Where pages are that are files of a web host, seen from one of them: :mod:`kgtool.site` writes them."""

    @property
    def policy(self) -> str:
        """The pages' Content-Security-Policy."""

    @property
    def root(self) -> str:
        """The address of the folder of the pages in this page's language."""

    @property
    def names(self) -> str:
        """The address of the names that the search box looks through."""

    @property
    def one_file(self) -> str | None:
        """The address of the graph as one page to keep, if there is one."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are pages in."""

    @property
    def things(self) -> tuple[str, ...]:
        """The IRIs of the things that have pages."""

    def page(self, path: str, params: Mapping[str, str], at: str, language: str | None) -> str:
        """Return the address of a page, which is then made too."""

    def file(self, path: str) -> str:
        """Return the address of a file that is in no language."""

    def stem(self, iri: str, path: str | None) -> str:
        """Return the path of a thing's documents without extension; ``path`` is what a server would have."""


class Visit(NamedTuple):
    """What a reader asks for.

    :param language: of the page: ``zh-Hans``, ``zh-Hant`` or ``en``.
    :param chosen: whether the address names the language, so that links have to name it too.
    :param path: where the page is, below the server's root.
    :param params: the parameters of the address, without the language.
    :param prefix: where the server's root is below the host: ``""``, or a path without a slash at its end.
    :param site: set where pages become files, which no server answers.
    """

    language: str
    chosen: bool = False
    path: str = "/"
    params: Mapping[str, str] = {}
    prefix: str = ""
    site: Site | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which labels are wanted, the most welcome first."""
        return languages_for(self.language)


class Page(NamedTuple):
    """A page before it is HTML.

    :param template: the name of the template without its extension.
    :param data: what the template shows.
    """

    template: str
    data: Mapping[str, Any]
    status: int = 200


#: A page's function. It raises NotFoundError for what is not there and QueryError for what cannot be asked.
MakePage = Callable[[Sources, Visit], Page]
