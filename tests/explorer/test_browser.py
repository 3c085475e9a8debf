"""The explorer in a real browser: both languages, both widths, both schemes, by keyboard, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import pytest

from kgtool.project import Project, shipped_root
from tests.explorer.browsing import Visit, violations
from tests.server.conftest import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

#: Every kind of page, with its empty and its error states.
_PAGES = {
    "home": "/",
    "thing": "/id/hi-tech-zone.html",
    "figure": "/id/obs-page-views.html",
    "elsewhere": "/thing?iri=https://w3id.org/industrial-park/industry/biomedicine",
    "article": "/articles",
    "questions": "/queries",
    "no question": "/queries?q=gibberish",
    "question": "/queries/growth-gaps",
    "question, graph": "/queries/park-network",
    "question, wrong": "/queries/leading-industries?park=gibberish",
    "ask": "/ask?q=高新区有哪些主导产业",
    "ask, refused": "/ask?q=gibberish",
    "sparql": "/sparql?query=SELECT ?park { ?park a ip:IndustrialPark }&evidence=1",
    "sparql, wrong": "/sparql?query=SELECT",
    "graph": "/graph?of=km:hi-tech-zone",
    "vocabulary": "/vocabulary",
    "quality": "/quality",
    "search": "/search?q=gaoxin",
    "search, nothing": "/search?q=東京",
    "nothing": "/id/nothing.html",
}
#: By language, the widths and schemes that axe-core looks at; between them they are all there.
_LOOKS: dict[str, tuple[tuple[int, Literal["light", "dark"]], ...]] = {
    "en": ((1280, "light"), (390, "dark")),
    "zh-Hans": ((1280, "dark"),),
}
#: What a page may weigh at its first load, compressed, in bytes.
_WEIGHT, _WEIGHT_WITH_EDITOR = 150_000, 350_000


Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server of the shipped graph is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        with serving(Project(shipped_root())) as client:
            yield str(client.base_url).rstrip("/")


@pytest.fixture
def visit(browser: Browser, root: str) -> Iterator[Open]:
    """Open pages, and check them at the end."""
    visits: list[Visit] = []

    def open_page(path: str = "", *, locale: str = "en", at: str = root, **options: Any) -> Visit:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=locale, **options)
        visited = Visit(context.new_page(), at)
        visits.append(visited)
        if path:
            visited.goto(path)
        return visited

    yield open_page
    for visited in visits:
        visited.check()
        visited.page.context.close()


# Every page ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("name", _PAGES)
def test_page_is_for_everyone(visit: Open, name: str, language: str) -> None:
    visited = visit(_PAGES[name], locale=language)
    page = visited.page
    assert page.get_attribute("html", "lang") == language
    editor = page.locator("kg-editor").count()
    assert visited.weight <= (_WEIGHT_WITH_EDITOR if editor else _WEIGHT)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for width, scheme in _LOOKS[language]:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []


# Keyboard ------------------------------------------------------------------------------------------------------------


def test_keyboard_skips_to_the_content(visit: Open) -> None:
    page = visit("/queries").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_keyboard_chooses_a_suggestion(visit: Open) -> None:
    page = visit("/").page
    page.focus("#find")
    page.keyboard.type("gaoxin")
    page.wait_for_selector('#found [role="option"]')
    assert page.get_attribute("#find", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#find", "aria-activedescendant") == "found1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/hi-tech-zone.html")


def test_keyboard_closes_suggestions(visit: Open) -> None:
    page = visit("/").page
    page.focus("#find")
    page.keyboard.type("gaoxin")
    page.wait_for_selector('#found [role="option"]')
    page.keyboard.press("Escape")
    assert page.locator("#found > *").count() == 0


def test_keyboard_opens_and_closes_the_proof_of_a_fact(visit: Open) -> None:
    page = visit("/id/hi-tech-zone.html").page
    first = page.locator(".proof summary").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".proof[open] .slip").first.is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".proof[open]").count() == 0
    assert first.evaluate("element => element === document.activeElement")


def test_keyboard_reaches_everything_that_can_be_used(visit: Open) -> None:
    page = visit("/queries/leading-industries").page
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]"
        ".filter(one => one.checkVisibility() && one.tabIndex >= 0).length"
    )
    seen = set()
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(seen) >= wanted


# The editor ----------------------------------------------------------------------------------------------------------


#: Where text is replaced, Chromium's own editing tries to keep its look by a style; that the policy forbids it is fine.
_EDITING = "Applying inline style violates"


def test_editor_asks_without_leaving_the_page(visit: Open) -> None:
    visited = visit("/sparql")
    visited.tolerated += (_EDITING,)
    page = visited.page
    page.wait_for_selector("kg-editor .cm-content")
    page.focus("kg-editor .cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT ?park { ?park a ip:IndustrialPark }")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#answers tbody tr")
    assert page.locator("#answers tbody tr").count() == 11
    assert "query=SELECT" in page.url
    assert page.locator(".editor-tools option").count() == 2


def test_editor_offers_names_and_declares_their_prefix(visit: Open) -> None:
    visited = visit("/sparql")
    visited.tolerated += (_EDITING,)
    page = visited.page
    page.wait_for_selector("kg-editor .cm-content")
    page.focus("kg-editor .cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?p { ?p a 产业园区")
    page.wait_for_selector("kg-editor .cm-tooltip-autocomplete li")
    assert "ip:IndustrialPark" in page.locator("kg-editor .cm-tooltip-autocomplete li").all_inner_texts()[0]
    page.wait_for_timeout(100)  # an offer cannot be taken in its first 75 ms
    page.keyboard.press("Enter")
    text = page.input_value("#query")
    assert text.startswith("PREFIX ip: <https://w3id.org/industrial-park/ns#>\nSELECT ?p { ?p a ip:IndustrialPark")


def test_editor_marks_the_place_of_an_error(visit: Open) -> None:
    page = visit("/sparql?query=SELECT ?s%0A{ ?s ?p").page
    page.wait_for_selector("kg-editor .cm-lintRange-error")
    assert page.locator("kg-editor .cm-line").nth(1).locator(".cm-lintRange-error").count() == 1


def test_editor_lets_the_keyboard_leave(visit: Open) -> None:
    page = visit("/sparql").page
    page.wait_for_selector("kg-editor .cm-content")
    page.focus("kg-editor .cm-content")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "KG-EDITOR"


def test_editor_keeps_queries_in_tabs(visit: Open) -> None:
    page = visit("/sparql").page
    page.wait_for_selector(".editor-tabs button")
    page.click('.editor-tabs button[aria-label="New query"]')
    page.keyboard.insert_text("ASK {}")
    page.reload()
    page.wait_for_selector(".editor-tabs button")
    assert page.locator(".editor-tabs button[aria-pressed]").count() == 2
    assert page.input_value("#query") == "ASK {}"


# Drawings ------------------------------------------------------------------------------------------------------------


def _positions(page: Page) -> Any:
    page.click("button.draw")
    page.wait_for_selector("kg-graph canvas")
    return page.evaluate(
        "document.querySelector('kg-graph').cy.nodes().map(one => [one.id(), Math.round(one.position('x')),"
        " Math.round(one.position('y'))]).sort()"
    )


def test_graph_is_always_drawn_alike(visit: Open) -> None:
    first, second = (_positions(visit("/graph?of=km:hi-tech-zone").page) for _ in range(2))
    assert len(first) > 10
    assert first == second


def test_graph_grows_with_its_table(visit: Open) -> None:
    page = visit("/graph?of=km:hi-tech-zone").page
    _positions(page)
    rows = page.locator("table.edges tbody tr").count()
    page.evaluate(
        "(() => { const g = document.querySelector('kg-graph'); g.choose(g.cy.getElementById('km:kunming')); })()"
    )
    page.click("kg-graph .chosen button")
    page.locator(f"table.edges tbody tr >> nth={rows}").wait_for(state="attached")
    assert page.evaluate("document.querySelector('kg-graph').cy.edges().length") >= rows
    assert "Kunming" in page.inner_text("kg-graph .chosen")


def test_chart_is_drawn_from_its_table(visit: Open) -> None:
    page = visit("/queries/growth-gaps").page
    page.click("button.draw")
    page.wait_for_selector("kg-chart canvas")
    series = page.evaluate("document.querySelector('kg-chart').chart.getOption().series.map(one => one.data.length)")
    assert series == [page.locator("#answers tbody tr").count()] * 3


def test_neighbours_are_fetched_when_they_come_into_view(visit: Open) -> None:
    page = visit("/id/hi-tech-zone.html").page
    assert page.locator("kg-graph").count() == 0
    page.locator("#around").scroll_into_view_if_needed()
    page.wait_for_selector("table.edges", state="attached")


# Without JavaScript --------------------------------------------------------------------------------------------------


def test_pages_work_without_javascript(visit: Open) -> None:
    page = visit("/", java_script_enabled=False).page
    page.fill("#find", "高新")
    page.click(".find button")
    page.click("text=Kunming Hi-tech Industrial Development Zone")
    assert page.url.endswith("/id/hi-tech-zone.html")
    page.goto(f"{page.url.partition('/id/')[0]}/queries/leading-industries")
    page.select_option("select", label="Yunnan Digital Economy Development Zone")
    page.click("main form button")
    assert page.locator("#answers tbody tr").count() == 1
    page.goto(f"{page.url.partition('/queries')[0]}/sparql")
    page.fill("textarea", "SELECT ?park { ?park a ip:IndustrialPark }")
    page.click("text=Run")
    assert page.locator("#answers tbody tr").count() == 11
    page.goto(f"{page.url.partition('/sparql')[0]}/quality")
    page.click("text=Check now")
    assert "The graph conforms." in page.inner_text("main")


def test_language_is_switched_and_stays(visit: Open) -> None:
    page = visit("/id/hi-tech-zone.html").page
    page.click('.languages a[hreflang="zh-Hans"]')
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.click(".pages a >> nth=1")
    assert page.get_attribute("html", "lang") == "zh-Hans"


# Hostile text --------------------------------------------------------------------------------------------------------


def test_hostile_graph_never_acts_in_a_browser(visit: Open, hostile_project: Project) -> None:
    with serving(hostile_project) as client:
        visited = visit(at=str(client.base_url).rstrip("/"))
        for path in (
            "/",
            "/queries/hostile",
            "/vocabulary",
            "/articles",
            "/graph",
            "/id/thing-0.html",
            "/id/thing-2.html",
        ):
            visited.goto(path)
        page = visited.page
        visited.goto("/graph?of=ex:thing-0&hops=2")
        page.click("button.draw")
        page.wait_for_selector("kg-graph canvas")
        page.evaluate("(() => { const g = document.querySelector('kg-graph'); g.choose(g.cy.nodes()[0]); })()")
        page.focus("#find")
        page.keyboard.type("alert")
        page.wait_for_selector('#found [role="option"]')
        visited.goto("/sparql?query=SELECT * { ?s ?p ?o }")
        page.wait_for_selector("kg-editor .cm-content")
        page.evaluate("localStorage.clear()")
        visited.check()
