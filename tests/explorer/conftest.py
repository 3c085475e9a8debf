"""What the explorer's tests share: graphs as pages see them, and pages taken apart."""

from __future__ import annotations

import os
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from kgtool.build import open_built
from kgtool.explorer.assets import is_built
from kgtool.explorer.pages import Made, make_page
from kgtool.explorer.visit import About, Sources, Visit
from kgtool.namespaces import read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries.catalogue import read_catalogue
from kgtool.server.tasks import base_of
from kgtool.store.embedded import EmbeddedStore

#: Makes a page: ``show("thing", "/thing", iri="…")``.
Show = Callable[..., "Taken"]


class Taken(HTMLParser):
    """A page, taken apart: its elements with their attributes, and its text."""

    def __init__(self, made: Made) -> None:
        super().__init__()
        self.status = made.status
        self.html = made.text
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[str] = []
        self._raw = ""
        self.data: list[str] = []
        self.feed(made.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._raw = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        (self.data if self._raw else self.pieces).append(data)

    @property
    def text(self) -> str:
        """The text that a reader sees, with single spaces."""
        return " ".join("".join(self.pieces).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def links(self) -> list[str]:
        """Where the page's links lead."""
        return [link["href"] for link in self.all("a")]


@pytest.fixture(scope="session", autouse=True)
def _pages_are_built() -> None:
    """Without built files there are no pages: skipped here, a failure in CI."""
    if not is_built():
        reason = "the explorer's pages are not built: run 'python web/bundle.py'"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def sources_of(project: Project) -> Sources:
    """Open a project as a worker does."""
    opened = open_built(project)
    store = opened.in_memory() if isinstance(opened, EmbeddedStore) else opened
    about = About(project.root.name, "0123456789abcdef", "0.0", project.folder, {})
    return Sources(store, read_prefixes(project.prefixes_file), read_catalogue(project), base_of(store), about, {})


def shows(sources: Sources) -> Show:
    """Return what makes pages of a graph."""

    def show(name: str, path: str = "/", *, language: str = "en", chosen: bool = False, **params: str) -> Taken:
        return Taken(make_page(name, sources, Visit(language, chosen, path, params)))

    return show


@pytest.fixture(scope="session")
def sources(built_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The tiny graph."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return sources_of(built_project)


@pytest.fixture(scope="session")
def show(sources: Sources) -> Show:
    """Make pages of the tiny graph."""
    return shows(sources)


@pytest.fixture(scope="session")
def kunming_sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The shipped graph."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return sources_of(Project(shipped_root()))


@pytest.fixture(scope="session")
def kunming_show(kunming_sources: Sources) -> Show:
    """Make pages of the shipped graph."""
    return shows(kunming_sources)
