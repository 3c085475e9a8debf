"""The explorer as files: the same bytes each time, links that lead to files, nothing from elsewhere, nothing lost."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import rdflib

from kgtool.errors import StoreError
from kgtool.explorer.pages import Made
from kgtool.explorer.visit import Sources
from kgtool.site import write_site
from kgtool.site.places import Plan
from tests.explorer.browsing import Visit, serving_files
from tests.explorer.conftest import HOSTILE, Taken
from tests.explorer.test_hostile import _TAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_LANGUAGES = ("en", "zh-Hant")

#: What of an element leads somewhere that is fetched.
_ADDRESSES = ("href", "src", "action", "data-href", "data-index", "data-more", "data-completions", "hx-get")


@pytest.fixture(scope="module")
def site(hostile_site: Path) -> Path:
    return hostile_site


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Taken]:
    """Its pages by their paths."""
    return {
        file.relative_to(site).as_posix(): Taken(Made(200, "", file.read_text(encoding="utf-8")))
        for file in sorted(site.rglob("*.html"))
        if file.name not in ("404.html", "offline.html")
    }


def _files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def _addresses(page: Taken) -> Iterator[tuple[str, str]]:
    for tag, attributes in page.elements:
        yield from ((tag, attributes[name]) for name in _ADDRESSES if attributes.get(name))


def test_two_runs_give_the_same_bytes(site: Path, hostile: Sources, tmp_path: Path) -> None:
    write_site(tmp_path / "again", hostile._replace(kept={}), languages=_LANGUAGES)
    first, again = _files(site), _files(tmp_path / "again")
    assert sorted(first) == sorted(again)
    assert [name for name in first if first[name] != again[name]] == []


def test_every_link_leads_to_a_file_below_the_site(site: Path, pages: dict[str, Taken]) -> None:
    # As under a path of a host: an address that starts from the host's root would leave the site.
    root = "http://host.example/some/path/"
    broken, followed = [], 0
    for name, page in pages.items():
        for tag, address in _addresses(page):
            whole = urljoin(root + name, address)
            if whole.startswith(root):
                followed += 1
                file = unquote(urlsplit(whole).path.removeprefix("/some/path/"))
                if not (site / file).is_file():
                    broken.append((name, address))
            elif tag != "a" or not address.startswith(("http://", "https://")):
                assert address.startswith("data:image/svg+xml,"), (name, tag, address)
    assert broken == []
    assert followed > 1000


def test_links_into_a_page_lead_to_a_place_on_it(pages: dict[str, Taken]) -> None:
    ids = {name: {one.get("id") for _, one in page.elements} for name, page in pages.items()}
    found = [
        (name, link)
        for name, page in pages.items()
        for link in page.links()
        if "article/harbour.html#s" in link
        and link.partition("#")[2] not in ids[unquote(urlsplit(urljoin(f"http://h/{name}", link)).path[1:])]
    ]
    assert found == []
    assert "article/harbour.html#s1" in pages["index.html"].html or "../article/harbour.html#s1" in "".join(
        "".join(page.links()) for page in pages.values()
    )


def test_things_have_documents_and_questions_have_downloads(site: Path) -> None:
    files = set(_files(site))
    assert {f"id/harbour-park.{suffix}" for suffix in ("html", "ttl", "jsonld")} <= files
    assert {f"queries/leading-industries.{suffix}" for suffix in ("html", "csv", "json", "rq")} <= files
    assert {"index.html", "articles.html", "vocabulary.html", "quality.html", "graph.html", "data.nq"} <= files
    assert {f"zh-Hant/{name}.html" for name in ("index", "id/harbour-park", "queries/leading-industries")} <= files
    assert "Shipbuilding" in (site / "id/harbour-park.html").read_text(encoding="utf-8")
    assert "造船" in (site / "zh-Hant/id/harbour-park.html").read_text(encoding="utf-8")
    assert (site / "queries/leading-industries.csv").read_text(encoding="utf-8").count("\n") > 1


def test_hostile_text_is_text_in_every_page(pages: dict[str, Taken]) -> None:
    for name, page in pages.items():
        assert {tag for tag, _ in page.elements} <= set(_TAGS.split()), name
        for tag, attributes in page.elements:
            assert not [one for one in attributes if one.startswith("on") or one == "style"], (name, attributes)
            assert (
                tag != "script" or attributes.get("type") == "application/ld+json" or "static/main" in attributes["src"]
            )
        assert all("<" not in block for block in page.data)
    shown = sum("alert(1)" in page.text for page in pages.values())
    assert shown >= len(HOSTILE)


def test_every_page_has_the_policy_and_no_part_that_asks_a_server(pages: dict[str, Taken]) -> None:
    running = {name for name, page in pages.items() if page.all("kg-query")}
    assert {"sparql.html", "queries/hostile.html", "zh-Hant/queries/hostile.html"} <= running
    assert not {"index.html", "queries/leading-industries.html"} & running
    for name, page in pages.items():
        policies = [one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
        assert len(policies) == 1, name
        assert "default-src 'none'" in policies[0]
        # A page that runs queries compiles the engine, and may do no more than the others beside that.
        assert ("'wasm-unsafe-eval'" in policies[0]) == (name in running)
        assert "unsafe" not in policies[0].replace(" 'wasm-unsafe-eval'", "")
        assert not [one for _, one in page.elements if any(key.startswith("hx-") for key in one)], name
        assert not page.all("kg-editor") or name.endswith("sparql.html")


def test_index_has_names_in_both_scripts_and_as_they_sound(site: Path) -> None:
    rows = json.loads((site / "zh-Hant/search.json").read_text(encoding="utf-8"))
    row = next(one for one in rows if one[1].endswith("/id/harbour-park.html"))
    assert {"临港园区", "臨港園區", "lingangyuanqu", "lgyq"} <= set(row[3])
    assert all((site / "zh-Hant" / unquote(urlsplit(one[1]).path)).is_file() for one in rows)


def test_site_is_replaced_and_anything_else_is_not(site: Path, hostile: Sources, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    shutil.copytree(site, folder)
    (folder / "CNAME").write_text("parks.example\n", encoding="utf-8")
    with pytest.raises(StoreError, match="'CNAME' in the folder is not of the site"):
        write_site(folder, hostile, languages=("en",))
    assert (folder / "CNAME").is_file()
    (folder / "CNAME").unlink()
    write_site(folder, hostile, languages=("en",))
    assert not (folder / "zh-Hant").exists()
    foreign = tmp_path / "home"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(StoreError, match="no site that kgtool wrote"):
        write_site(foreign, hostile)
    with pytest.raises(StoreError, match="this is none"):
        write_site(foreign / "letter.txt", hostile)
    assert os.listdir(foreign) == ["letter.txt"]
    assert sorted(os.listdir(tmp_path)) == ["home", "public"]


def test_site_that_fails_leaves_the_old_one(site: Path, hostile: Sources, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    shutil.copytree(site, folder)

    def stop(done: int, known: int) -> None:
        if done > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_site(folder, hostile, advance=stop)
    assert _files(folder) == _files(site)
    assert os.listdir(tmp_path) == ["public"]


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("/id/a", True),
        ("/id/园区 b", True),
        ("/id/a.html/b", False),
        ("/id/.htaccess", False),
        ("/id//evil.org", False),
        ("/id/a%2Fb", False),
        ("/id/a:b", False),
        ("/id/" + "长" * 100, False),
        ("/id/a\x00b", False),
        ("https://elsewhere.example/x#y", False),
    ],
)
def test_names_no_file_can_have_are_hashed(path: str, is_kept: bool) -> None:
    stem = Plan(("en",)).stem(path)
    assert (stem == path.removeprefix("/")) == is_kept
    assert is_kept or (stem.startswith("thing/") and stem.isascii() and ".." not in stem and len(stem) < 80)


def test_names_that_differ_in_case_have_files_of_their_own() -> None:
    plan = Plan(("en",))
    assert plan.stem("/id/Park") == "id/Park"
    assert plan.stem("/id/park").startswith("thing/park-")


@pytest.mark.slow
def test_site_works_in_a_browser_under_a_path(site: Path, browser: Browser) -> None:
    """With a server of files and nothing else: suggestions, search, languages, the drawing."""
    with serving_files(site.parent) as root:
        visited = Visit(browser.new_page(), f"{root}/public")
        page = visited.page
        visited.goto("/index.html")
        page.fill("#find", "lingang")
        page.wait_for_selector("#found [role=option]")
        page.press("#find", "ArrowDown")
        page.press("#find", "Enter")
        page.wait_for_url(f"{visited.root}/id/harbour-park.html")
        page.click("summary:has-text('The same as a table')")
        page.click("button.draw")
        page.wait_for_selector("kg-graph canvas")
        page.click("nav.languages a[lang=zh-Hant]")
        page.wait_for_url(f"{visited.root}/zh-Hant/id/harbour-park.html")
        page.fill("#find", "alert(1)")
        page.press("#find", "Enter")
        page.wait_for_selector("#everything:has(li):not(:has(li:nth-child(40)))")
        assert "alert(1)" in page.inner_text("#everything")
        visited.goto("/search.html?q=gibberish")
        page.wait_for_selector("#nothing:not([hidden])")
        visited.check()
        page.close()


def test_site_describes_its_dataset_wherever_it_is(site: Path, hostile: Sources) -> None:
    text = (site / "void.ttl").read_text(encoding="utf-8")
    assert "site.invalid" not in text
    graph = rdflib.Graph().parse(data=text, format="turtle", publicID="https://host.example/some/path/void.ttl")
    here = rdflib.Namespace("https://host.example/some/path/")
    dataset = rdflib.URIRef("https://example.org/tiny/")
    assert (here["void.ttl"], rdflib.FOAF.primaryTopic, dataset) in graph
    assert set(graph.objects(dataset, rdflib.VOID.dataDump)) == {here["data.nq"]}
    assert graph.value(dataset, rdflib.VOID.triples) == rdflib.Literal(hostile.store.count())
    assert set(graph.objects(here["void.ttl#catalogue"], rdflib.FOAF.homepage)) == {here["index.html"]}
    assert not set(graph.subjects(rdflib.RDF.type, rdflib.DCAT.DataService))
    assert not set(graph.objects(None, rdflib.VOID.sparqlEndpoint))


@pytest.mark.slow
def test_graph_is_one_file_to_double_click(
    site: Path, pages: dict[str, Taken], browser: Browser, tmp_path: Path
) -> None:
    assert "../offline.html" in pages["zh-Hant/index.html"].links()
    shutil.copy(site / "offline.html", tmp_path / "kept.html")
    visited = Visit(browser.new_page(), tmp_path.as_uri())
    visited.goto("/kept.html")
    visited.page.fill("#search", "harbour")
    visited.page.wait_for_selector("#results button:has-text('Harbour Park')")
    visited.check()
    visited.page.close()


def test_page_of_what_is_not_there_runs_its_own_script_and_no_other(site: Path) -> None:
    page = Taken(Made(404, "", (site / "404.html").read_text(encoding="utf-8")))
    assert [tag for tag, _ in page.elements if tag in ("script", "base", "img", "style", "form")] == ["script"]
    digest = base64.b64encode(hashlib.sha256("".join(page.data).encode()).digest()).decode()
    (policy,) = (one["content"] for one in page.all("meta") if one.get("http-equiv"))
    assert f"script-src 'sha256-{digest}';" in policy
    assert not [link for link in page.all("a") if "href" in link]
    assert {(site / link["data-page"]).is_file() for link in (*page.all("a"), *page.all("link"))} == {True}


@pytest.mark.slow
def test_page_of_what_is_not_there_finds_the_site(site: Path, browser: Browser) -> None:
    with serving_files(site.parent, missing="public/404.html") as root:
        visited = Visit(browser.new_page(), root)
        visited.tolerated += ("404",)
        page = visited.page
        visited.goto("/public/zh-Hant/id/deep/nothing.html")
        page.wait_for_selector("a[href]")
        assert page.inner_text("[lang=zh-Hant] h1") == "這裡沒有內容"
        assert page.locator("[lang=en] a").first.get_attribute("href") == f"{root}/public/index.html"
        page.click("[lang=zh-Hant] a >> nth=0")
        page.wait_for_url(f"{root}/public/zh-Hant/index.html")
        # Outside the site it finds nothing, asks no other host, and links to nothing.
        visited.goto("//evil.example/x/y.html")
        assert page.locator("a[href]").count() == 0
        assert "There is nothing here" in page.inner_text("main")
        visited.check()
        page.close()
