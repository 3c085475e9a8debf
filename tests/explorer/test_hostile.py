"""Text from anyone, in every place that a graph or a project has for text: pages show it, and it never acts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kgtool.build import build
from kgtool.explorer.pages import PAGES
from kgtool.explorer.visit import Sources
from kgtool.labels import LANGUAGES
from kgtool.project import Project
from kgtool.table import visible
from kgtool.terms import Literal, n3
from tests.explorer.conftest import Taken, shows, sources_of

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

#: What pages are made of; everything else is a sign of text that became markup.
_TAGS = frozenset(
    "html head meta title link script body a header form label input button div nav main section article h1 h2 h3 p ul ol li dl"
    " dt dd span bdi details summary blockquote table caption thead tbody tr th td code pre footer select option textarea q b"
    " small mark meter aside br kg-graph kg-chart kg-editor".split()
)


@pytest.fixture(scope="module")
def hostile(built_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Sources:
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
            f"ip:Term{place} a owl:Class ; rdfs:label {n3(Literal(text, 'en'))} ; skos:definition {n3(Literal(text, 'en'))} .\n"
        )
        facts.append(
            f"ex:thing-{place} ip:hasLeadingIndustry ex:optics ; ex:property-{place} {n3(Literal(text))}, "
            f"ex:thing-{(place + 1) % len(HOSTILE)} . ex:figure-{place} a ip:Observation ; ip:subject ex:thing-{place} ; "
            f"ip:value {place}.5 ; ip:valueAsWritten {n3(Literal(text))} ; ip:quote {n3(Literal(text))} .\n"
        )
    (root / "graph/entities/hostile.ttl").write_text("".join(entities), encoding="utf-8")
    file = root / "graph/articles/harbour/facts.trig"
    file.write_text(file.read_text(encoding="utf-8") + "".join(facts) + "}\n", encoding="utf-8")
    header = "".join(f"#+   - {_yaml(text)}\n" for text in HOSTILE)
    questions = "".join(f"#+   {language}: {_yaml(HOSTILE[0])}\n" for language in ("en", "zh-Hans"))
    choices = ", ".join(_yaml(text) for text in HOSTILE)
    (root / "queries/hostile.rq").write_text(
        f"#+ summary: {_yaml(HOSTILE[2])}\n#+ description: {_yaml(HOSTILE[4])}\n#+ question:\n{questions}#+ tags:\n{header}"
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
        return sources_of(project)


def _yaml(text: str) -> str:
    """Write a text as YAML holds every character."""
    plain = "".join(ch if ch.isascii() and ch.isprintable() and ch not in '"\\' else f"\\U{ord(ch):08x}" for ch in text)
    return f'"{plain}"'


def _check(page: Taken) -> None:
    """Make sure that no text of the data became markup that acts."""
    assert {tag for tag, _ in page.elements} <= _TAGS
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


def test_hostile_article_and_questions(hostile: Sources, tmp_path: Path) -> None:
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
