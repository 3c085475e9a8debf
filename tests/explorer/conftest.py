"""What the explorer's tests share: graphs as pages see them, and pages taken apart."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kgtool.build import build, open_built
from kgtool.explorer.assets import is_built
from kgtool.explorer.pages import Made, make_page
from kgtool.explorer.visit import About, Sources, Visit
from kgtool.labels import LANGUAGES
from kgtool.namespaces import read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries.catalogue import read_catalogue
from kgtool.queries.saved import is_answerable
from kgtool.server.tasks import base_of
from kgtool.site import write_site
from kgtool.store.embedded import EmbeddedStore
from kgtool.terms import Literal, n3
from tests.explorer.browsing import browser

__all__ = ["browser"]

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script><!--",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></textarea></style><svg onload=alert(1)>",
    "{{ 7777 * 7777 }}{% include '/etc/passwd' %}${7777*7777}#{7777*7777}",
    "javascript:alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "]]><b>x</b>",
    "\u202eevil\u202c \u2066x\u2069 \x07\x1b[31m \ufeff",
    "line\nbreak\ttab\u2028separator",
    "%(num)s %s {0} {x}",
    "emoji 👩‍👩‍👧‍👦 𠮷 عربي עברית",
]

_PREFIXES = """\
@prefix ex: <https://example.org/tiny/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix s: <https://example.org/tiny/article/harbour/s> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""

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
    queries = {name: query for name, query in read_catalogue(project).items() if is_answerable(query)}
    return Sources(store, read_prefixes(project.prefixes_file), queries, base_of(store), about, {})


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


@pytest.fixture(scope="session")
def hostile_project(built_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny project with hostile text wherever there is a place for text."""
    root = tmp_path_factory.mktemp("hostile") / "tiny"
    shutil.copytree(built_project.root, root)
    entities, facts = [_PREFIXES], [_PREFIXES, "GRAPH s:3 {\n"]
    for place, text in enumerate(HOSTILE):
        labels = ", ".join(n3(Literal(f"{place} {text}", language)) for language in LANGUAGES)
        entities.append(
            f"ex:thing-{place} a ip:IndustrialPark, ex:class-{place} ; skos:prefLabel {labels} ; "
            f"skos:altLabel {n3(Literal(text, 'en'))} ; skos:definition {n3(Literal(text, 'en'))} ; "
            f"owl:sameAs <javascript:alert({place})>, <https://evil.example/%22%3E{place}> .\n"
            f"ex:class-{place} a rdfs:Class ; rdfs:label {n3(Literal(text, 'en'))} .\n"
            f"ex:property-{place} rdfs:label {n3(Literal(text, 'en'))} .\n"
            f"ip:Term{place} a owl:Class ; rdfs:label {n3(Literal(text, 'en'))} ; "
            f"skos:definition {n3(Literal(text, 'en'))} .\n"
        )
        facts.append(
            f"ex:thing-{place} ip:hasLeadingIndustry ex:optics ; ex:property-{place} {n3(Literal(text))}, "
            f"ex:thing-{(place + 1) % len(HOSTILE)} . "
            f"ex:figure-{place} a ip:Observation ; ip:subject ex:thing-{place} ; "
            f"ip:value {place}.5 ; ip:valueAsWritten {n3(Literal(text))} ; ip:quote {n3(Literal(text))} .\n"
        )
    (root / "graph/entities/hostile.ttl").write_text("".join(entities), encoding="utf-8")
    file = root / "graph/articles/harbour/facts.trig"
    file.write_text(file.read_text(encoding="utf-8") + "".join(facts) + "}\n", encoding="utf-8")
    header = "".join(f"#+   - {_yaml(text)}\n" for text in HOSTILE)
    questions = "".join(f"#+   {language}: {_yaml(HOSTILE[0])}\n" for language in ("en", "zh-Hans"))
    choices = ", ".join(_yaml(text) for text in HOSTILE)
    (root / "queries/hostile.rq").write_text(
        f"#+ summary: {_yaml(HOSTILE[2])}\n#+ description: {_yaml(HOSTILE[4])}\n"
        f"#+ question:\n{questions}#+ tags:\n{header}"
        f"#+ parameters:\n#+   text:\n#+     choices: [{choices}]\n#+     description: {_yaml(HOSTILE[3])}\n"
        f"#+     default: {_yaml(HOSTILE[0])}\n"
        "PREFIX ip: <https://w3id.org/industrial-park/ns#>\n"
        "SELECT ?thing ?text { ?figure ip:valueAsWritten ?text ; ip:subject ?thing }\n",
        encoding="utf-8",
    )
    project = Project(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        build(project)
    return project


def _yaml(text: str) -> str:
    """Write a text as YAML holds every character."""
    plain = "".join(ch if ch.isascii() and ch.isprintable() and ch not in '"\\' else f"\\U{ord(ch):08x}" for ch in text)
    return f'"{plain}"'


@pytest.fixture(scope="session")
def hostile(hostile_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The graph of that project."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return sources_of(hostile_project)


@pytest.fixture(scope="session")
def hostile_site(hostile: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile graph as a site in two languages."""
    folder = tmp_path_factory.mktemp("site") / "public"
    write_site(folder, hostile, languages=("en", "zh-Hant"))
    return folder
