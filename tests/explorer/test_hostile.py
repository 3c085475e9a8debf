"""Text from anyone, in every place that a graph or a project has for text: pages show it, and it never acts."""

from __future__ import annotations

import pytest

from kgtool.explorer.pages import PAGES
from kgtool.explorer.visit import Sources
from kgtool.labels import LANGUAGES
from kgtool.table import visible
from kgtool.terms import Literal, n3
from tests.explorer.conftest import HOSTILE, Taken, shows

#: What pages are made of; everything else is a sign of text that became markup.
_TAGS = """
    html head meta title link script body a header form label input button div nav main section article aside footer
    h1 h2 h3 p ul ol li dl dt dd span bdi details summary blockquote table caption thead tbody tr th td code pre
    select option textarea q b small mark meter br kg-graph kg-chart kg-editor kg-query
"""


def _check(page: Taken) -> None:
    """Make sure that no text of the data became markup that acts."""
    assert {tag for tag, _ in page.elements} <= set(_TAGS.split())
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        for name in ("href", "src", "action", "hx-get", "data-more", "data-href", "formaction"):
            address = attributes.get(name, "")
            ours = address.startswith(("/", "#")) and not address.startswith(("//", "/\\"))
            icon = tag == "link" and attributes.get("rel") == "icon"
            assert not address or ours or icon or address.startswith(("https://", "http://")), address
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert all(one.get("src", "").startswith("/static/") or one.get("type") == "application/ld+json" for one in scripts)
    assert all("<" not in block for block in page.data)
    assert "60481729" not in page.text  # a template inside the data was not run


_PAGES = sorted(PAGES.keys() - {"document", "thing", "query"})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", _PAGES)
def test_hostile_graph_makes_harmless_pages(hostile: Sources, name: str, language: str) -> None:
    _check(shows(hostile)(name, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_hostile_thing_is_shown_and_never_acts(hostile: Sources, place: int, language: str) -> None:
    page = shows(hostile)("document", f"/id/thing-{place}.html", language=language)
    _check(page)
    assert " ".join(visible(HOSTILE[place]).split()) in page.text
    assert not [link for link in page.links() if link.lower().startswith("javascript:")]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_parameters_are_shown_and_never_act(hostile: Sources, text: str) -> None:
    show = shows(hostile)
    for name, path, params in (
        ("find", "/search", {"q": text}),
        ("find", "/search", {"q": text, "part": "list"}),
        ("queries", "/queries", {"q": text, "tag": text}),
        ("query", "/queries/hostile", {"text": text}),
        ("query", "/queries/hostile", {"unknown": text}),
        ("query", "/queries/leading-industries", {text: text}),
        ("ask", "/ask", {"q": text}),
        ("sparql", "/sparql", {"query": text}),
        ("sparql", "/sparql", {"query": f"SELECT ({n3(Literal(text))} AS ?x) {{}}", "evidence": "1"}),
        ("document", "/article/harbour.html", {"script": text}),
    ):
        _check(show(name, path, **params))


def test_hostile_article_and_questions(hostile: Sources) -> None:
    show = shows(hostile)
    for page in (
        show("document", "/article/harbour.html"),
        show("query", "/queries/hostile"),
        show("graph", "/graph", of="ex:thing-0", hops="3"),
        show("graph", "/graph", of="ex:thing-0", part="drawing"),
        show("quality", "/quality", part="validation"),
        show("sparql", "/sparql", query="CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 900"),
    ):
        _check(page)


def test_check_itself_sees_markup_that_acts(hostile: Sources) -> None:
    class Acting(Taken):
        def __init__(self, html: str) -> None:
            from kgtool.explorer.pages import Made

            super().__init__(Made(200, "", html))

    for html in (
        "<img src=x>",
        "<p onclick=x>",
        "<a href='javascript:x'>",
        "<a href='//evil.org'>",
        "<p style='x'>",
        "<script>x</script>",
        "<script src='https://evil.org/x.js'></script>",
    ):
        with pytest.raises(AssertionError):
            _check(Acting(html))
