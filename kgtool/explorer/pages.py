"""Every page by name, and how one becomes HTML."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from kgtool.explorer.article import articles
from kgtool.explorer.asking import ask, question, questions
from kgtool.explorer.completions import completions
from kgtool.explorer.finding import find
from kgtool.explorer.home import home
from kgtool.explorer.neighbourhood import graph
from kgtool.explorer.quality import quality
from kgtool.explorer.rendering import render
from kgtool.explorer.sparqlpage import sparql
from kgtool.explorer.thing import thing_of_document, thing_of_iri
from kgtool.explorer.visit import About, MakePage, Page, Sources, Visit
from kgtool.explorer.vocabulary import vocabulary
from kgtool.explorer.words import message
from kgtool.terms import IRI, BlankNode

__all__ = ["PAGES", "error_page", "make_page"]

HTML = "text/html; charset=utf-8"


class Made(NamedTuple):
    """A page as it is sent."""

    status: int
    content_type: str
    text: str


#: Pages by name.
PAGES: dict[str, MakePage] = {
    "home": home,
    "articles": articles,
    "find": find,
    "queries": questions,
    "query": question,
    "ask": ask,
    "sparql": sparql,
    "vocabulary": vocabulary,
    "quality": quality,
    "document": thing_of_document,
    "thing": thing_of_iri,
    "graph": graph,
}


def make_page(name: str, sources: Sources, visit: Visit) -> Made:
    """Make a page: its status, content type and text.

    :raises KgError: what :func:`error_page` makes a page of.
    """
    if name == "completions":
        return Made(200, "application/json", completions(sources))
    page = PAGES[name](sources, visit)
    return Made(page.status, HTML, render(page, sources, visit))


def error_page(visit: Visit, about: About, problem: Mapping[str, Any]) -> str:
    """Make the page of a problem, without asking any store.

    :param problem: its ``code``, ``status``, ``message``, ``where`` and ``hint``.
    """
    site = {"title": about.name or "kgtool", "description": "", "modified": "", "licence": "", "licence_href": None}
    sources = Sources(_NoStore(), {}, {}, None, about, {f"site {visit.language}": site})
    heading = _HEADINGS.get(problem["code"], message("This did not work"))
    return render(Page("error", {**problem, "heading": heading}, problem["status"]), sources, visit)


class _NoStore:
    """A store that holds nothing and is not asked."""

    services: Mapping[str, str] = MappingProxyType({})

    def query(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError("a page of a problem asks no store")

    def count(self, graph: object = None) -> int:
        return 0

    def graphs(self) -> list[IRI | BlankNode]:
        return []


#: Messages of the catalogue, by the code of a problem.
_HEADINGS = {
    "not-found": message("There is nothing here"),
    "unknown-name": message("Nothing is called that"),
    "ambiguous-name": message("Several things are called that"),
    "bad-query": message("The query cannot be answered"),
    "timeout": message("The query took too long"),
    "too-many-requests": message("Too much at once"),
}
