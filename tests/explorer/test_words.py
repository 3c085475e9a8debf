"""The catalogue: every word of the pages, and of the saved questions, has its Chinese."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import kgtool.explorer
from kgtool.explorer.links import Links
from kgtool.explorer.rendering import said
from kgtool.explorer.words import words_in
from kgtool.project import Project, shipped_root
from kgtool.queries.catalogue import read_catalogue

_FOLDER = Path(kgtool.explorer.__file__).parent
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "extensions": "jinja2.ext.i18n"}}
_KEYWORDS = {"message": None, "_": None, "gettext": None, "ngettext": (1, 2)}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (_FOLDER / "locale" / "zh_Hans.po").open("rb") as stream:
        return read_po(stream, locale="zh_Hans", abort_invalid=True)


@pytest.fixture(scope="module")
def used() -> set[str]:
    found = extract_from_dir(_FOLDER, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_every_word_of_the_pages_is_in_the_catalogue(used: set[str], catalogue: Catalog) -> None:
    assert len(used) > 200
    missing = sorted(message for message in used if message not in catalogue or not catalogue[message].string)
    assert missing == [], "translate them in kgtool/explorer/locale/zh_Hans.po"


def test_catalogue_has_no_word_that_no_page_uses(used: set[str], catalogue: Catalog) -> None:
    ids = [one.id if isinstance(one.id, str) else one.id[0] for one in catalogue if one.id and not one.context]
    assert sorted(set(ids) - used) == []


def test_catalogue_keeps_what_is_put_into_messages(catalogue: Catalog) -> None:
    problems = [(one.id, [str(error) for error in errors]) for one, errors in catalogue.check()]
    assert problems == []


def test_what_saved_questions_name_is_in_the_catalogue(catalogue: Catalog) -> None:
    project = Project(shipped_root())
    named: set[str] = set()
    for query in read_catalogue(project).values():
        named |= {*query.tags, *(parameter.name for parameter in query.parameters)}
        named |= {parameter.description for parameter in query.parameters} - {""}
    for file in project.root.glob("queries/*.expected.csv"):
        named |= set(next(csv.reader(file.read_text(encoding="utf-8-sig").splitlines())))
    missing = sorted(name for name in named if catalogue.get(name, "query") is None)
    assert missing == [], 'translate them, with msgctxt "query", in kgtool/explorer/locale/zh_Hans.po'


def test_compiled_words_are_those_of_the_catalogue(catalogue: Catalog) -> None:
    assert words_in("zh-Hans").gettext("Questions") == catalogue["Questions"].string
    assert words_in("zh-Hant").gettext("Questions") == "問題"
    assert words_in("en").gettext("Questions") == "Questions"
    assert words_in("zh-Hant").ngettext("%(num)s row", "%(num)s rows", 2) == "%(num)s 行"


@pytest.mark.parametrize(
    ("text", "lang", "page", "html"),
    [
        ("高新区", "zh-hans", "en", '<bdi lang="zh-Hans">高新区</bdi>'),
        ("高新区", "zh-Hans", "zh-Hans", "<bdi>高新区</bdi>"),
        ("said “聚焦” so", None, "en", '<bdi>said “<span lang="zh">聚焦</span>” so</bdi>'),
        ("the Hi-tech Zone 高新区", None, "zh-Hans", '<bdi><span lang="en">the Hi-tech Zone</span> 高新区</bdi>'),
        ("<b>\x07\u202e", None, "en", "<bdi>&lt;b&gt;\\x07\\u202e</bdi>"),
        ("x", '"><script>', "en", '<bdi lang="&#34;&gt;&lt;script&gt;">x</bdi>'),
    ],
)
def test_text_of_another_language_says_so(text: str, lang: str | None, page: str, html: str) -> None:
    assert said(text, lang, page=page) == html


@pytest.mark.parametrize(
    ("iri", "href"),
    [
        ("https://e.org/id/a", "/id/a.html"),
        ("https://e.org/id/a/../../x", "/thing?iri=https%3A%2F%2Fe.org%2Fid%2Fa%2F..%2F..%2Fx"),
        ("https://e.org/id//evil.org", "/id//evil.org.html"),
        ("https://w3id.org/industrial-park/ns#Industry", "/vocabulary#Industry"),
        ("javascript:alert(1)", "/thing?iri=javascript%3Aalert%281%29"),
        ("//evil.org", "/thing?iri=%2F%2Fevil.org"),
    ],
)
def test_links_stay_on_this_server(iri: str, href: str) -> None:
    assert Links("https://e.org/").thing(iri) == href


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "//evil.org", "vbscript:x", "urn:x"])
def test_only_addresses_of_the_web_are_links_elsewhere(iri: str) -> None:
    assert Links.elsewhere(iri) is None
