"""Queries of a site in a real browser: the answers that a server gives, by forms and by the editor, and no others."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from kgtool.explorer.asking import question
from kgtool.explorer.assets import read_assets
from kgtool.explorer.completions import completions
from kgtool.explorer.pages import make_page
from kgtool.explorer.visit import Sources
from kgtool.explorer.visit import Visit as Asked
from kgtool.queries.golden import expected_file
from kgtool.queries.saved import SavedQuery
from kgtool.site.documents import dataset_as_quads, pages_index
from kgtool.site.places import Place, Plan
from tests.explorer.browsing import Visit, serving_files, violations
from tests.explorer.conftest import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

_LANGUAGES = ("en", "zh-Hans")

_DIGITAL = "https://w3id.org/industrial-park/industry/digital-economy"

#: What a page shows when a query has been answered, or refused.
_DONE = "#answer .downloads button, #answer [role=alert]"

#: Asks the engine, which a worker has, some queries one after another.
_ASK = """async ([script, addresses, requests]) => {
    const worker = (window.worker ||= new Worker(script)), whole = (one) => new URL(one, location.href).href;
    for (const name of Object.keys(addresses)) addresses[name] = whole(addresses[name]);
    const answers = [];
    for (const request of requests) answers.push(await new Promise((resolve) => {
        worker.onmessage = ({ data }) => { if (data.is !== "opened") resolve(data); };
        worker.postMessage({ id: answers.length, addresses, most: 1000, languages: ["en"], ...request });
    }));
    return answers;
}"""


@pytest.fixture(scope="module")
def root(kunming_sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the pages of the shipped graph are that some tests open, with all that queries need."""
    folder, sources, plan = tmp_path_factory.mktemp("kunming"), kunming_sources, Plan(_LANGUAGES)
    for path in ("/sparql", "/queries/leading-industries", "/queries/events-between", "/queries/park-network"):
        asked = plan.ask(path, {})
        for language in _LANGUAGES:
            place = Place.of(plan, language, asked.stem, runs=True)
            made = make_page(asked.page, sources, Asked(language, True, path, {}, "", place))
            file = folder / f"{plan.folder(language)}{asked.stem}.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made.text, encoding="utf-8")
    things = {_DIGITAL: "thing/digital economy"}
    (folder / "data.nq").write_bytes(dataset_as_quads(sources))
    (folder / "pages.json").write_bytes(pages_index(sources, things))
    (folder / "completions.json").write_text(completions(sources), encoding="utf-8")
    (folder / "search.json").write_text("[]", encoding="utf-8")
    (folder / "static").mkdir()
    for name, asset in read_assets().files(with_engine=True).items():
        (folder / "static" / name).write_bytes(asset.body)
    with serving_files(folder) as address:
        yield address


@pytest.fixture
def visited(browser: Browser, root: str) -> Iterator[Visit]:
    """A new page; what it asked for and complained of is looked at in the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visit = Visit(context.new_page(), root)
    yield visit
    visit.check()
    context.close()


@pytest.fixture(scope="module")
def engine(browser: Browser, root: str) -> Iterator[Visit]:
    """A page with a worker of its own, which tests of the engine ask one after another."""
    visit = Visit(browser.new_page(), root)
    visit.goto("/sparql.html")
    yield visit
    visit.check()
    visit.page.close()


def _rows(page: Page) -> list[list[str]]:
    rows: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('#answers tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return rows


# The answers ---------------------------------------------------------------------------------------------------------


def _setup(sources: Sources, query: SavedQuery) -> dict[str, Any]:
    """What the query's page sets the browser up with: its pieces, and the choices of its form."""
    place = Place.of(Plan(("en",)), "en", f"queries/{query.name}")
    running = question(sources, Asked("en", True, f"/queries/{query.name}", {}, "", place)).data["running"]
    return running["query"] if running else {"pieces": [query.text], "fields": {}}


def _difference(query: SavedQuery, text: str) -> list[str]:
    """Compare an answer with the golden one."""
    expected = expected_file(query).read_text(encoding="utf-8-sig")
    if query.form == "ask":
        return [] if json.loads(text)["boolean"] == json.loads(expected)["boolean"] else [text]
    if query.form != "select":
        return sorted(set(text.split("\n")) ^ set(expected.split("\n")))
    got, wanted = (list(map(tuple, csv.reader(io.StringIO(one, newline="")))) for one in (text, expected))
    if got[0] != wanted[0] or (query.ordered and got != wanted):
        return [f"{got[:3]} instead of {wanted[:3]}"]
    return [str(row) for row in ((Counter(got) - Counter(wanted)) | (Counter(wanted) - Counter(got))).elements()]


def test_every_saved_query_has_its_golden_answer(engine: Visit, kunming_sources: Sources) -> None:
    formats = {"select": "csv", "ask": "json", "construct": "nt", "describe": "nt"}
    queries = list(kunming_sources.queries.values())
    requests = [{"query": _setup(kunming_sources, one), "given": {}, "format": formats[one.form]} for one in queries]
    answers = _ask(engine, *requests)
    wrong = {
        query.name: _difference(query, answer["text"])[:3] if "text" in answer else answer
        for query, answer in zip(queries, answers, strict=True)
    }
    assert len(wrong) > 50
    assert {name: found for name, found in wrong.items() if found} == {}


def _ask(engine: Visit, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    names = read_assets().names
    addresses = {"wasm": f"static/{names['engine.wasm']}", "data": "data.nq", "pages": "pages.json"}
    answers: list[dict[str, Any]] = engine.page.evaluate(
        _ASK, [f"static/{names['engine.js']}", addresses, list(requests)]
    )
    return answers


def _text(text: str, **more: Any) -> dict[str, Any]:
    return {"query": {"pieces": [text], "fields": {}}, "given": {}, **more}


def test_arithmetic_is_read_as_a_server_reads_it(engine: Visit, kunming_sources: Sources) -> None:
    sums = (
        "10 - 3 - 2", "100 * 4 / 9 * 10", "8 / 4 / 2", "1 - 2 * 3 - 4", "10 - 1 + 2 - 3 + 4", "-1 - -2 - +3",
        "STRLEN('1 - 2 - 3') - (4 - 2 - 1) - 1", "IF(2 - 1 - 1 = 0, 5 -\n3 # - 1\n - 1, 0)",
    )  # fmt: skip
    listed = " ".join(f"({one} AS ?v{place})" for place, one in enumerate(sums))
    grouped = (
        "{ SELECT ?a (COUNT(?o) AS ?n) { ?a (ip:hasIndustry|ip:hasLeadingIndustry)/skos:broader* ?o } GROUP BY ?a }"
    )
    pattern = f"{{ ?a a/rdfs:subClassOf* ip:IndustrialPark . {grouped} }}"
    texts = [
        f"SELECT {listed} {{ VALUES (?a ?b) {{ (1 -2) }} VALUES ?c {{ -1 +2 }} }}",
        f"SELECT ?a (SUM(?n) - 1 - 1 AS ?m) {pattern} GROUP BY ?a ORDER BY (9-?m-1) ?a",
    ]
    found = _ask(engine, *(_text(text, format="csv") for text in texts))
    for text, answer in zip(texts, found, strict=True):
        stream = io.BytesIO()
        kunming_sources.store.query(text, prefixes=kunming_sources.prefixes).write(stream, "csv")
        assert answer["text"] == stream.getvalue().decode()
        assert len(answer["text"].split()) > 2


def test_stars_and_graphs_are_what_a_server_makes_of_them(engine: Visit, kunming_sources: Sources) -> None:
    star, counted, graphs = _ask(
        engine,
        _text("SELECT * { ?thing a ip:IndustrialPark ; skos:prefLabel ?name } ORDER BY ?name LIMIT 3"),
        _text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="csv"),
        _text("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }", format="csv"),
    )
    assert star["columns"] == ["thing", "name"]
    assert len(star["rows"]) == 3
    assert counted["text"].split() == ["n", str(kunming_sources.store.count())]
    assert graphs["text"].split() == ["n", str(len(kunming_sources.store.graphs()))]


#: Queries that cannot be answered, with what is said of each.
_REFUSED = {
    "SELECT ?s\n{ ?s ?p": ("syntax", {"value": "{ ?s ?p", "line": 2, "column": 8}),
    "SELECT (1 - 2 - 3 AS ?x)\n{ ?s ip:a ?p } }": ("syntax", {"value": "{ ?s ip:a ?p } }", "line": 2, "column": 17}),
    "SELECT ?s { ?s\n foo:bar ?o }": ("prefix", {"name": "foo", "line": 2, "column": 2}),
    "SELECT ?s { SERVICE <https://elsewhere.example/> { ?s ?p ?o } }": ("service", {}),
    "PREFIX x: <urn:x:> ASK { SERVICEx:a { ?s ?p ?o } }": ("service", {}),
    "DELETE WHERE { ?s ?p ?o }": ("form", {}),
}


def test_query_that_cannot_be_answered_is_refused_where_it_is_wrong(engine: Visit) -> None:
    found = _ask(engine, *map(_text, _REFUSED))
    assert dict(zip(_REFUSED, [(one["word"], one["filled"]) for one in found], strict=True)) == _REFUSED


# The forms -----------------------------------------------------------------------------------------------------------


def test_form_asks_with_another_value_and_links_the_answer(visited: Visit) -> None:
    page = visited.page
    visited.goto("/zh-Hans/queries/leading-industries.html")
    assert page.is_hidden(".without")
    proofs = page.locator("#answers .proof").count()
    assert proofs >= 3
    # The engine and the data are the larger part: a reader who asks nothing does not wait for them.
    assert not [url for url in visited.requests if "engine" in url or url.endswith("data.nq")]
    assert visited.weight < 150_000
    page.select_option("#p-park", "km:digital-economy-zone")
    page.click("kg-query button[type=submit]")
    page.wait_for_selector(_DONE)
    assert _rows(page) == [["数字经济产业"]]
    assert page.url.endswith("?park=km%3Adigital-economy-zone")
    assert page.inner_text("#answers thead").split() == ["产业"]
    link = page.locator("#answers tbody a").get_attribute("href")
    assert link == f"{visited.root}/zh-Hans/thing/digital%20economy.html"
    assert violations(page) == []
    # The answer of the page itself, which has its sentences, comes back with its values.
    page.select_option("#p-park", "km:hi-tech-zone")
    page.click("kg-query button[type=submit]")
    assert page.locator("#answers .proof").count() == proofs


def test_link_to_an_answer_fills_the_form_in(visited: Visit) -> None:
    page = visited.page
    visited.goto("/zh-Hans/queries/leading-industries.html?park=km%3Adigital-economy-zone")
    assert page.input_value("#p-park") == "km:digital-economy-zone"
    assert page.inner_text("#answer .empty") == "请按上面的按钮，以这些取值提问。"
    assert not [url for url in visited.requests if "engine" in url or url.endswith("data.nq")]
    with page.expect_download() as download:
        page.click("kg-query button[type=submit]")
        page.click("#answer .downloads button:has-text('CSV')")
    assert download.value.suggested_filename == "leading-industries.csv"
    assert Path(download.value.path()).read_text(encoding="utf-8").splitlines() == ["industry", _DIGITAL]


def test_form_asks_with_dates_and_shows_graphs(visited: Visit) -> None:
    page = visited.page
    visited.goto("/queries/events-between.html")
    before = len(_rows(page))
    page.fill("#p-until", "2023-02-28")
    page.click("kg-query button[type=submit]")
    page.wait_for_selector(_DONE, timeout=10_000)
    assert 0 < len(_rows(page)) < before
    visited.goto("/queries/park-network.html")
    page.select_option("#p-park", "km:anning-park")
    page.click("kg-query button[type=submit]")
    page.wait_for_selector(_DONE, timeout=10_000)
    assert page.inner_text("#answers thead").split() == ["subject", "predicate", "object"]
    assert len(_rows(page)) > 3
    assert page.locator("#answer .downloads button").all_inner_texts() == ["TTL", "NT"]


#: What is no date, and would be more than one where it was pasted.
_NO_DATES = ("2023-02-30", "2023-1-1", '2023-01-01") } #', "2023-01-01T00:00:00", "2023-01-01\u202e", "٢٠٢٣-٠١-٠١")
#: What would leave a literal where it was pasted, or be found in a closed list that is none.
_HOSTILE = (*HOSTILE, 'x" ) } UNION { ?s ?p ?o } #', "\\u0022 ) }", "x\\", "constructor", "__proto__")


def test_value_never_changes_the_query(engine: Visit, kunming_sources: Sources) -> None:
    dates, text, closed = (
        _setup(kunming_sources, kunming_sources.queries[name])
        for name in ("events-between", "who-says-so", "leading-industries")
    )
    for answer in _ask(engine, *({"query": dates, "given": {"since": one}} for one in _NO_DATES)):
        assert (answer["is"], answer["word"]) == ("problem", "date")
    for answer in _ask(engine, *({"query": closed, "given": {"park": one}} for one in _HOSTILE)):
        assert (answer["is"], answer["word"]) == ("problem", "choice")
    plain, *others = _ask(engine, *({"query": text, "given": {"value": one}} for one in ("plain", *_HOSTILE)))
    before, after = plain["asked"].split('"plain"', 1)
    for answer in others:
        # Nothing but the literal differs from the query for another value.
        assert (answer["is"], answer["rows"]) == ("answer", [])
        assert answer["asked"].startswith(f'{before}"')
        assert answer["asked"].endswith(f'"{after}')
        inside = answer["asked"].removeprefix(f'{before}"').removesuffix(f'"{after}')
        assert not set('"\n') & set(inside)
        assert "\\" not in inside.replace("\\u", "")


# The editor ----------------------------------------------------------------------------------------------------------


def test_editor_asks_and_marks_mistakes(visited: Visit) -> None:
    page = visited.page
    # Chromium's own editing tries to keep the look of text that is replaced, and the policy forbids it.
    visited.tolerated += ("Applying inline style violates",)
    text = "SELECT ?park { ?park a ip:IndustrialPark }"
    visited.goto(f"/sparql.html?query={quote(text)}")
    page.wait_for_selector("kg-editor .cm-content")
    assert visited.weight < 350_000
    assert page.input_value("#query") == text
    page.focus("kg-editor .cm-content")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(_DONE, timeout=10_000)
    assert len(_rows(page)) == 11
    assert ["Kunming Hi-tech Industrial Development Zone"] in _rows(page)
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
    page.focus("kg-editor .cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT ?s\n{ ?s ?p")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("kg-editor .cm-lintRange-error")
    assert page.inner_text("#answer [role=alert]") == (
        "This cannot be answered: syntax error near '{ ?s ?p' (line 2, column 8)"
    )


def test_query_can_be_stopped_and_another_asked(visited: Visit) -> None:
    page = visited.page
    visited.goto(f"/sparql.html?query={quote('SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }')}")
    page.wait_for_selector("kg-editor .cm-content")
    page.click("#asking button[type=submit]")
    page.wait_for_selector("#answer >> text=being answered")
    page.click("#answer button:has-text('Stop')")
    page.wait_for_selector("#answer >> text=The query was stopped.")
    page.evaluate("document.querySelector('kg-editor').open('ASK { ?s ?p ?o }')")
    page.click("#asking button[type=submit]")
    page.wait_for_selector("#answer .yesno")
    assert page.inner_text("#answer .yesno") == "✓ Yes"


def test_engine_is_started_anew_after_what_broke_it(visited: Visit) -> None:
    page = visited.page
    visited.tolerated += ("Failed to load resource",)
    visited.goto("/queries/leading-industries.html?park=km%3Adigital-economy-zone")
    page.route("**/data.nq", lambda route: route.abort())
    page.click("kg-query button[type=submit]")
    page.wait_for_selector("#answer [role=alert] >> text='data.nq' cannot be fetched")
    page.unroute("**/data.nq")
    page.click("kg-query button[type=submit]")
    page.wait_for_selector("#answers")
    visited.goto("/sparql.html")
    page.wait_for_selector("kg-editor .cm-content")
    for text, shown in (
        (f"ASK {{ FILTER({'(' * 50_000}1{')' * 50_000}) }}", "more memory"),
        ("ASK { ?s ?p ?o }", "Yes"),
    ):
        page.evaluate("text => document.querySelector('kg-editor').open(text)", text)
        page.click("#asking button[type=submit]")
        page.wait_for_selector(f"#answer >> text={shown}")


# Hostile text --------------------------------------------------------------------------------------------------------


def test_hostile_answers_are_shown_and_never_act(browser: Browser, hostile_site: Path) -> None:
    text = (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> SELECT ?s ?p ?o { VALUES ?p { owl:sameAs skos:definition } "
        "?s ?p ?o FILTER(CONTAINS(STR(?s), 'thing-')) }"
    )
    with serving_files(hostile_site.parent) as root:
        visited = Visit(browser.new_page(), f"{root}/public")
        page = visited.page
        visited.goto(f"/sparql.html?query={quote(text)}")
        page.wait_for_selector("kg-editor .cm-content")
        page.click("#asking button[type=submit]")
        page.wait_for_selector(_DONE, timeout=10_000)
        shown = page.inner_text("#answers")
        assert "<script>alert(1)</script>" in shown
        assert "\\u202eevil" in shown
        tags = page.evaluate(
            "[...new Set([...document.querySelectorAll('#answers *')].map(one => one.tagName))].sort()"
        )
        assert tags == ["A", "BDI", "TBODY", "TD", "TH", "THEAD", "TR"]
        links = page.evaluate("[...document.querySelectorAll('#answers a')].map(one => one.href)")
        assert {link.split(":")[0] for link in links} == {"http", "https"}
        assert "javascript:alert(0)" in shown
        visited.goto(f"/queries/hostile.html?text={quote(HOSTILE[2])}&x=%3Cscript%3E")
        page.click("kg-query button[type=submit]")
        page.wait_for_selector(_DONE, timeout=10_000)
        assert HOSTILE[2] in page.inner_text("#answers")
        visited.goto(f"/queries/hostile.html?text={quote('<img src=x onerror=alert(2)>')}")
        assert "'<img src=x onerror=alert(2)>' is not one of its choices" in page.inner_text("#answer")
        visited.check()
        page.close()
