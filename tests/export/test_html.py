"""The explorer, in a real browser with the network off: search, filters, facts, languages, keys, hostile labels."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kgtool.build import open_built
from kgtool.errors import KgError
from kgtool.export.html import LARGEST, write_html
from kgtool.namespaces import read_prefixes
from kgtool.network.model import Edge, Key, Network, Node
from kgtool.network.reading import read_network
from kgtool.project import Project, shipped_root
from tests.chromium import launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


class Visit:
    """A page that was opened, and what it did that it should not have done."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()

    def results(self) -> list[str]:
        """The names in the list, without their classes."""
        return self.texts("#results button > bdi")

    def look_for(self, words: str) -> None:
        self.page.fill("#search", words)

    def choose(self, words: str) -> None:
        self.look_for(words)
        self.page.press("#search", "Enter")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open a network's page: offline, and at the end without a request, a complaint or an error."""
    visits = []

    def open_page(network: Network | Path, *, width: int = 1400, height: int = 900, scheme: str = "light") -> Visit:
        file = network if isinstance(network, Path) else tmp_path / "explorer.html"
        if isinstance(network, Network):
            file.write_bytes(page_of(network))
        dark = scheme == "dark"
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", offline=True
        )
        visited = Visit(context.new_page())
        visits.append(visited)
        visited.page.goto(file.as_uri())
        visited.page.wait_for_selector("#results button")
        assert visited.requests == [file.as_uri()]
        return visited

    yield open_page
    for visited in visits:
        assert len(visited.requests) == 1
        assert visited.complaints == []


@pytest.fixture(scope="module")
def kunming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the shipped graph."""
    file = tmp_path_factory.mktemp("page") / "昆明 explorer.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        file.write_bytes(page_of(read_shipped()))
    return file


def read_shipped() -> Network:
    project = Project(shipped_root())
    return read_network(open_built(project), prefixes=read_prefixes(project.prefixes_name), lang="zh-Hans")


def page_of(network: Network) -> bytes:
    stream = io.BytesIO()
    write_html(network, stream)
    return stream.getvalue()


# Without a browser ---------------------------------------------------------------------------------------------------


def test_the_same_graph_is_the_same_page(kunming: Path) -> None:
    assert page_of(read_shipped()) == kunming.read_bytes()


def test_policy_names_the_hashes_of_the_only_script_and_style(kunming: Path) -> None:
    page = kunming.read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    for tag in ("script", "style"):
        (source,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy


def test_page_names_no_other_host_but_those_of_the_data(kunming: Path) -> None:
    page = kunming.read_text(encoding="utf-8")
    rest = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    assert re.findall(r"https?://[\w.-]+", rest) == []


def test_network_too_large_for_a_page_is_refused() -> None:
    network = Network(lambda: (), lambda: (), node_count=LARGEST, edge_count=1)
    with pytest.raises(KgError, match=r"^100001 nodes and edges are too many for one page, which holds 100000; take a"):
        page_of(network)


# Searching and filtering ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["高新区", "高新區", "昆明高新技術產業開發區", "hi-tech zone", "ＨＩ－ＴＥＣＨ ZONE", "km:hi-tech-zone"]
)
def test_search_finds_a_park_in_any_script(visit: Callable[..., Visit], kunming: Path, words: str) -> None:
    visited = visit(kunming)
    visited.look_for(words)
    assert visited.results()[0] == "昆明高新技术产业开发区"


def test_search_that_finds_nothing_says_so(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    visited.look_for("東京")
    assert visited.results() == []
    assert visited.texts("#count") == ["没有找到。请换一个词，或放宽筛选。"]


def test_filter_by_class_leaves_only_its_things(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    visited.page.click("#bulk button >> nth=1")
    assert visited.results() == []
    visited.page.check("#classes label:has-text('产业园区') input")
    assert len(visited.results()) == 11
    assert set(visited.texts("#results small")) == {"产业园区"}


def test_filter_by_modality_leaves_only_such_facts(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    for box in visited.page.locator("#modalities input").all():
        if box.get_attribute("data-value") != "filed":
            box.uncheck()
    visited.page.click("#views button >> nth=1")
    assert set(visited.texts("#table .badge")) == {"已备案，未获评"}
    assert visited.texts("#count") == ["3 个事物，2 条事实"]


# What is said of a thing ---------------------------------------------------------------------------------------------


def test_chosen_thing_shows_names_and_facts_with_sentence_gist_and_quotation(
    visit: Callable[..., Visit], kunming: Path
) -> None:
    visited = visit(kunming)
    visited.choose("高新区")
    assert visited.texts("#heading") == ["昆明高新技术产业开发区"]
    assert {"昆明高新技術產業開發區", "Kunming Hi-tech Industrial Development Zone"} <= set(visited.texts("dl dd"))
    fact = visited.page.locator("[data-edge='km:hi-tech-zone..ip:hasLeadingIndustry..industry:biomedicine']")
    assert fact.locator("b").all_inner_texts() == ["第 30 句"]
    assert fact.locator(".gist").inner_text() == "高新区的三项定位和三个主导产业"
    plan = visited.page.locator("[data-edge='km:plan-alliance..ip:actor..km:hi-tech-zone']")
    assert plan.locator("q").all_inner_texts() == ["引導骨干企業組建主導產業走出去聯盟"]
    assert plan.locator("b").all_inner_texts() == ["第 33 句"]


def test_figure_shows_its_value_as_written(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    visited.choose("五华产业园区")
    assert "64家" in visited.texts("[data-edge='km:obs-wuhua-innovative-smes'] b")


def test_derived_figure_has_its_unit_in_the_language_of_the_page(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    visited.choose("高新区")
    derived = "#details .fact.derived .more b"
    assert "25.9 百分比" in visited.texts(derived)
    visited.page.click("#languages button >> nth=2")
    assert "25.9 per cent" in visited.texts(derived)


def test_place_says_whose_coordinates_it_has(visit: Callable[..., Visit]) -> None:
    own = Node("ex:a", "urn:a", label="甲", longitude=102.71, latitude=25.04)
    near = Node("ex:b", "urn:b", label="乙", longitude=1, latitude=2, place_of="gn:1", place_by="skos:closeMatch")
    visited = visit(Network.of([own, near], []))
    visited.choose("甲")
    assert visited.texts("dl.names dd")[-1] == "25.04, 102.71"
    visited.choose("乙")
    assert visited.texts("dl.names dd")[-1] == "2, 1 (skos:closeMatch gn:1)"


def test_page_of_nothing_says_so(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(page_of(Network.of([], [])))
    page = browser.new_context(offline=True).new_page()
    page.goto((tmp_path / "empty.html").as_uri())
    assert page.inner_text("#count") == "没有找到。请换一个词，或放宽筛选。"
    assert page.inner_text("#title") == "kgtool"


def test_modalities_look_different() -> None:
    css = (Path(shipped_root()) / "kgtool/export/explorer/explorer.css").read_text(encoding="utf-8")
    rules = re.findall(r"^\.fact(?:\.([a-z]+)[^{]*)\{[^}]*(border-left[^;]*);", css, re.MULTILINE)
    looks = dict(rules)
    assert {"planned", "target", "filed", "derived", "demanded", "judged", "background"} <= set(looks)
    assert len(set(looks.values())) == len(looks)


def test_every_fact_carries_its_modality_in_words(visit: Callable[..., Visit]) -> None:
    modalities = ["stated", "planned", "target", "demanded", "filed", "judged", "derived", "background"]
    edges = [Edge(f"e{n}", "ex:a", f"ex:{one}", f"ex:p{n}", one, one) for n, one in enumerate(modalities)]
    nodes = [Node("ex:a", "urn:a", label="centre"), *(Node(f"ex:{one}", f"urn:{one}") for one in modalities)]
    visited = visit(Network.of(nodes, edges))
    visited.choose("centre")
    assert visited.texts("#details .badge") == [
        "已陈述", "计划中", "目标", "要求", "已备案，未获评", "评价", "推算", "背景",
    ]  # fmt: skip


def test_click_on_a_node_of_the_picture_chooses_it(visit: Callable[..., Visit]) -> None:
    visited = visit(Network.of([Node("ex:a", "urn:a", label="唯一")], []))
    visited.page.click("#picture")
    assert visited.texts("#heading") == ["唯一"]


def test_address_names_the_chosen_thing_and_back_goes_back(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    visited.choose("高新区")
    visited.page.click("[data-edge='km:hi-tech-zone..ip:hasLeadingIndustry..industry:biomedicine'] .go")
    assert visited.page.url.endswith("#industry%3Abiomedicine")
    visited.page.go_back()
    assert visited.texts("#heading") == ["昆明高新技术产业开发区"]


# For everyone --------------------------------------------------------------------------------------------------------


def test_language_is_switched_everywhere(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    visited.choose("高新区")
    visited.page.click("#languages button >> nth=2")
    page = visited.page
    assert page.evaluate("document.documentElement.lang") == "en"
    assert visited.texts("#heading") == ["Kunming Hi-tech Industrial Development Zone"]
    assert visited.texts("#title") == [page.title()] == ["Kunming Parks Knowledge Graph"]
    fact = page.locator("[data-edge='km:hi-tech-zone..ip:hasLeadingIndustry..industry:biomedicine']")
    assert fact.locator("b").inner_text() == "sentence 30"
    assert "has leading industry" in visited.texts("#details h4")
    page.click("#languages button >> nth=1")
    assert visited.texts("#heading") == ["昆明高新技術產業開發區"]
    assert fact.locator(".gist").inner_text() == "高新區的三項定位和三個主導產業"


def test_everything_is_reached_by_keys(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    keys = visited.page.keyboard

    def focused() -> str:
        found: str = visited.page.evaluate("document.activeElement.id || document.activeElement.innerText")
        return found

    keys.press("Tab")
    assert focused() == "跳到搜索"
    keys.press("Enter")
    keys.type("高新區")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Enter")
    assert focused() == "heading"
    assert visited.texts("#heading") == ["昆明高新技术产业开发区"]
    assert "昆明高新技术产业开发区" in visited.texts("#spoken")[0]
    keys.press("Tab")
    assert focused() == "km:hi-tech-zone"
    elsewhere = []
    keys.press("Tab")
    while re.fullmatch(r"[a-z0-9-]+:\S+", focused()):
        elsewhere.append(focused())
        keys.press("Tab")
    assert elsewhere == ["web:www.kmhnz.gov.cn", "fiscal-division:530143", "gbt2260:530102", "nbs:530102401"]
    next_thing = focused()
    keys.press("Enter")
    assert visited.texts("#heading") == [next_thing]
    keys.press("Escape")
    assert visited.texts("#details") == ["请在图、列表或表格中选择一项。"]


def test_tables_hold_the_same_nodes_and_edges_as_the_picture(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    picture = visited.page.get_attribute("#picture", "aria-label") or ""
    nodes, edges = re.findall(r"\d+", picture)
    visited.page.click("#views button >> nth=1")
    assert visited.texts("caption") == [f"事物 ({nodes})", f"事实 ({edges})"]
    for number, table in ((nodes, 0), (edges, 1)):
        box = visited.page.locator("#table .scroll").nth(table)
        while box.locator("> button:visible").count():
            box.locator("> button").click()
        assert box.locator("tbody tr").count() == int(number)
        assert box.locator("tbody th[scope=row]").count() == int(number)


def test_controls_have_names(visit: Callable[..., Visit], kunming: Path) -> None:
    visited = visit(kunming)
    nameless = visited.page.evaluate(
        """() => [...document.querySelectorAll("button, input, a, canvas, [role=group], section")].filter((one) =>
            !(one.getAttribute("aria-label") || one.innerText || (one.labels && one.labels.length)))
            .map((one) => one.outerHTML)"""
    )
    assert nameless == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(visit: Callable[..., Visit], kunming: Path, scheme: str) -> None:
    visited = visit(kunming, scheme=scheme)
    names = ["page", "card", "mark", "ink", "soft", "strong", "on-strong"]
    names += ["stated", "planned", "target", "demanded", "filed", "judged", "derived", "background"]
    colours = {
        name: visited.page.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim()")
        for name in names
    }
    pairs = [(name, "card") for name in names[3:] if name != "on-strong"]
    pairs += [("ink", "page"), ("soft", "page"), ("ink", "mark"), ("soft", "mark"), ("on-strong", "strong")]
    assert [pair for pair in pairs if _contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    assert (_light(colours["page"]) < 0.5) == (scheme == "dark")


@pytest.mark.parametrize("view", [0, 1])
def test_nothing_is_cut_off_on_a_phone(visit: Callable[..., Visit], kunming: Path, view: int) -> None:
    visited = visit(kunming, width=390, height=844)
    visited.choose("高新区")
    visited.page.click(f"#views button >> nth={view}")
    wide = visited.page.evaluate(
        """() => [...document.body.querySelectorAll("header, main, section, h1, h2, .fact, .switch, #search, .tools")]
            .filter((one) => one.getBoundingClientRect().right > 390.5).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert wide == []
    assert visited.page.evaluate("document.documentElement.scrollWidth") == 390


def test_neighbours_only_draws_the_chosen_thing_and_what_is_next_to_it(
    visit: Callable[..., Visit], kunming: Path
) -> None:
    visited = visit(kunming)
    visited.choose("生物医药产业")
    visited.page.click("#only")
    picture = visited.page.get_attribute("#picture", "aria-label") or ""
    assert int(re.findall(r"\d+", picture)[0]) < 20


# Hostile labels ------------------------------------------------------------------------------------------------------

_HOSTILE = [
    "</script><script>window.hacked = 1</script>",
    "<!--<script>window.hacked = 1",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg/onload=window.hacked=1>",
    "]]><b onmouseover=alert(1)>",
    '" onfocus="window.hacked=1" autofocus="',
    "{{script}} ${window.hacked = 1} {{7*7}}",
    "javascript:window.hacked=1",
    "line\u2028and\u2029paragraph",
    "right\u202eto left",
    "bell\x07 nul\x00 tab\t escape\x1b[31m",
    "lone \ud800 surrogate",
    "emoji 🏭👩🏽‍🏭",
    "شركة أوبتيكس",
    "长" * 10_000,
]


@pytest.fixture(scope="module")
def hostile_network() -> Network:
    nodes = [
        Node(
            f"ex:{number:02}{text}",
            text if number % 2 else "javascript:window.hacked=1",
            class_=f"ex:class{number}",
            class_label=text,
            label=text,
            labels={"zh-Hans": text, "en": text, text: text},
            description=text,
            links=(text, "https://example.org/"),
            modality="stated",
            sentences=(f"s:{text}",),
            quotes=(text,),
            attributes={"list": [text, text], "none": None, "text": text},
        )
        for number, text in enumerate(_HOSTILE)
    ]
    edges = [
        Edge(
            f"edge {number}",
            node.id,
            nodes[number - 1].id,
            f"ex:predicate{number}",
            node.label,
            modality="planned",
            sentences=(f"s:{node.label}",),
            quotes=(node.label,),
            statement=node.iri,
            written=node.label,
            formula=node.label,
            start=node.label,
        )
        for number, node in enumerate(nodes)
    ]
    keys = [Key("list", "string", _HOSTILE[0]), Key("none", "string", "none"), Key("text", "string", "text")]
    return Network.of(nodes, edges, keys=keys)


@pytest.mark.parametrize("place", range(len(_HOSTILE)))
def test_hostile_label_is_shown_and_never_acts(
    visit: Callable[..., Visit], hostile_network: Network, place: int
) -> None:
    visited = visit(hostile_network)
    visited.look_for(f"ex:{place:02}")
    visited.page.press("#search", "Enter")
    assert visited.texts("#heading")[0].split()[0] == _shown(_HOSTILE[place]).split()[0]
    visited.page.click("#views button >> nth=1")
    visited.page.click("#languages button >> nth=2")
    assert visited.page.evaluate("window.hacked") is None
    assert visited.page.evaluate("document.querySelectorAll('img, svg, iframe, b b, script:not([type])').length") == 1
    hrefs = visited.page.evaluate("[...document.links].map((link) => link.getAttribute('href'))")
    assert [href for href in hrefs if not href.startswith(("https://", "#"))] == []


def test_policy_stops_a_script_that_got_in(visit: Callable[..., Visit], tmp_path: Path) -> None:
    page = page_of(Network.of([Node("ex:a", "urn:a", label="a")], [])).decode()
    broken = page.replace(
        "<header>", "<script>window.hacked = 1</script><p onclick='window.hacked = 1' id=p>p</p><header>"
    )
    file = tmp_path / "broken.html"
    file.write_text(broken, encoding="utf-8")
    visited = visit(file)
    visited.page.click("#p")
    assert visited.page.evaluate("window.hacked") is None
    assert len(visited.complaints) == 2
    visited.complaints.clear()


def _shown(text: str) -> str:
    """Return a label as the page shows it: what would act on the text around it is made visible."""
    return re.sub("[\x00-\x1f\u2028\u2029\u202e\ud800]", lambda mark: f"\\u{{{ord(mark[0]):x}}}", text)


def _light(colour: str) -> float:
    """Return the relative luminance of a colour: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
