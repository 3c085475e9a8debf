"""The explorer over HTTP: who gets a page, what else answers say, and what other sites cannot do with it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from kgtool.explorer.assets import is_built, read_assets
from tests.server.conftest import Serve, error_of

pytestmark = pytest.mark.skipif(not is_built(), reason="the pages are not built: run 'python web/bundle.py'")

_BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
_PAGES = (
    *("/", "/articles", "/queries", "/queries/of-park", "/sparql", "/graph", "/vocabulary", "/quality"),
    *("/search?q=x", "/ask?q=x"),
)


def _get(client: httpx.Client, path: str, **headers: str) -> httpx.Response:
    return client.get(path, headers=_BROWSER | headers)


@pytest.mark.parametrize("path", _PAGES)
def test_browser_gets_a_page_with_the_policy(client: httpx.Client, path: str) -> None:
    response = _get(client, path)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.status_code in (200, 404)
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src", "form-action")} == {"'self'"}
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("path", ["/", "/queries", "/queries/of-park", "/sparql?query=ASK{}", "/search?q=harbour"])
def test_program_gets_what_it_got_before(client: httpx.Client, path: str) -> None:
    response = client.get(path, headers={"accept": "*/*"})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, "*")
    assert "json" in response.headers["content-type"]


def test_thing_redirects_browsers_to_its_page(client: httpx.Client) -> None:
    response = _get(client, "/id/harbour-park?lang=zh-Hans")
    assert (response.status_code, response.headers["location"]) == (303, "/id/harbour-park.html?lang=zh-Hans")
    assert response.headers["vary"] == "Accept"
    page = _get(client, response.headers["location"])
    assert (page.status_code, "临港园区" in page.text) == (200, True)
    assert client.get("/id/harbour-park").headers["location"] == "/id/harbour-park.ttl"


def test_sentence_redirects_browsers_to_its_place_in_the_article(client: httpx.Client) -> None:
    response = _get(client, "/article/harbour/s2")
    assert (response.status_code, response.headers["location"]) == (303, "/article/harbour.html#s2")
    assert 'id="s2"' in _get(client, "/article/harbour.html").text


@pytest.mark.parametrize(
    ("accept", "lang"), [("zh-TW,en;q=0.5", "zh-Hant"), ("zh", "zh-Hans"), ("de,en;q=0.9", "en"), ("", "en")]
)
def test_language_is_the_browsers(client: httpx.Client, accept: str, lang: str) -> None:
    for _ in range(2):  # the second answer is a kept one
        response = _get(client, "/id/harbour-park.html", **{"accept-language": accept})
        assert f'<html lang="{lang}">' in response.text
        assert "Accept-Language" in response.headers.get_list("vary", split_commas=True)


def test_language_of_the_address_wins(client: httpx.Client) -> None:
    response = _get(client, "/queries?lang=en", **{"accept-language": "zh"})
    assert '<html lang="en">' in response.text
    refused = _get(client, "/graph?lang=fr")
    assert (refused.status_code, "lang is zh-Hans, zh-Hant, en" in refused.text) == (400, True)


def test_page_that_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    first = _get(client, "/articles")
    again = _get(client, "/articles", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = _get(client, "/articles?lang=zh-Hans", **{"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_problem_is_a_page_for_browsers_and_json_for_programs(client: httpx.Client) -> None:
    for path in ("/id/nothing.html", "/nothing", "/queries/nothing", "/thing?iri=nothing"):
        page = _get(client, path)
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert page.headers["cache-control"] == "no-store"
        assert "There is nothing here" in page.text
    assert error_of(client.get("/id/nothing.ttl"))[:2] == (404, "not-found")
    assert error_of(client.get("/queries/nothing"))[:2] == (404, "not-found")


def test_query_that_is_wrong_is_a_page_with_its_status(client: httpx.Client) -> None:
    response = _get(client, "/sparql?query=SELECT")
    assert (response.status_code, response.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "etag" not in response.headers
    assert "<textarea" in response.text


@pytest.mark.parametrize(("name", "content_type"), [("csv", "text/csv"), ("xml", "application/sparql-results+xml")])
def test_format_of_the_address_goes_before_the_header(client: httpx.Client, name: str, content_type: str) -> None:
    response = _get(client, f"/sparql?query=SELECT ?s {{}}&format={name}")
    assert response.headers["content-type"].partition(";")[0] == content_type
    assert _get(client, "/queries/of-park.csv").headers["content-type"].startswith("text/csv")


def test_format_that_is_none_is_refused(client: httpx.Client) -> None:
    assert error_of(client.get("/sparql?query=ASK{}&format=exe"))[:2] == (400, "bad-request")
    assert error_of(client.get("/sparql?query=ASK{}&format=turtle"))[:2] == (406, "not-acceptable")


# Built files ---------------------------------------------------------------------------------------------------------


def test_built_files_are_kept_by_browsers(client: httpx.Client) -> None:
    for name in read_assets().files():
        response = client.get(f"/static/{name}")
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["content-type"].startswith("text/")
    assert client.head("/static/THIRD-PARTY.txt").content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/static/../words.py",
        "/static/..%2fwords.py",
        "/static/%2e%2e/%2e%2e/assets.py",
        "/static//etc/passwd",
        "/static/..%5cwords.py",
        "/static/built.json",
        "/static/zh_Hans.mo",
        "/static/main.js%00.txt",
    ],
)
def test_nothing_but_built_files_is_served(client: httpx.Client, path: str) -> None:
    # httpx would tidy the path up: the server has to be asked as it stands.
    request = httpx.Request("GET", client.base_url)
    request.url = client.base_url.copy_with(raw_path=path.encode())
    response = client.send(request)
    assert response.status_code == 404
    assert "import" not in response.text


# Other sites ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["//evil.org", "/id//evil.org", "/id/%2f%2fevil.org", "/id/%5cevil.org", "/id/a%0d%0aX: y"]
)
def test_no_address_leads_to_another_server(client: httpx.Client, path: str) -> None:
    request = httpx.Request("GET", client.base_url, headers=_BROWSER)
    request.url = client.base_url.copy_with(raw_path=path.encode())
    response = client.send(request)
    location = response.headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "x" not in response.headers
    assert 'href="//' not in response.text


def test_page_of_another_name_is_refused(client: httpx.Client) -> None:
    response = _get(client, "/", host="evil.org")
    assert response.status_code == 400
    assert "evil.org" not in response.headers.get("location", "")


def test_page_does_not_repeat_its_host(client: httpx.Client) -> None:
    response = _get(client, "/id/harbour-park.html", host="localhost:1")
    assert "localhost:1" not in response.text


# The text, and no pages ----------------------------------------------------------------------------------------------


def test_text_that_is_of_no_article_is_refused(served_project: object, tmp_path: Path, kgtool: object) -> None:
    file = tmp_path / "text.txt"
    file.write_text("another text", encoding="utf-8")
    completed = kgtool("--project", served_project.root, "serve", "--port", "0", "--text", file)  # type: ignore[attr-defined, operator]
    assert completed.code == 2
    assert "ip:sha256" in completed.err


def test_without_built_files_the_server_says_how_to_build(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import pathlib, kgtool.explorer.assets as assets\nassets._FOLDER = pathlib.Path('/nonexistent')\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    client = serve()
    page = _get(client, "/")
    assert (page.status_code, "python web/bundle.py" in page.text) == (200, True)
    assert error_of(_get(client, "/graph"))[:2] == (404, "not-found")
    assert _get(client, "/id/harbour-park").headers["location"].endswith((".rdf", ".ttl", ".jsonld", ".nt"))
