"""Which format a client wants."""

from __future__ import annotations

import pytest

from kgtool.server.errors import RefusedError
from kgtool.server.negotiation import choose, format_of_suffix, formats_of


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("*", "application/sparql-results+json"),
        ("text/csv, */*", "text/csv"),
        ("text/*", "text/csv"),
        ("TEXT/CSV; Charset=utf-8", "text/csv"),
        ("text/csv;q=0.2, text/tab-separated-values;q=0.3", "text/tab-separated-values"),
        ("text/csv;q=0, text/*", "text/tab-separated-values"),
        ("application/xml", "application/xml"),
        ("application/json;q=0.9, application/sparql-results+xml;q=0.9", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("image/png, text/csv;q=0.001", "text/csv"),
    ],
)
def test_choose_for_rows(accept: str, media_type: str) -> None:
    assert choose(accept, formats_of("select")).media_type == media_type


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "text/csv;q=2", "text/csv;q=x", "nonsense", ",;,"])
def test_choose_refuses_what_is_not_there(accept: str) -> None:
    with pytest.raises(RefusedError) as caught:
        choose(accept, formats_of("select"))
    assert caught.value.problem.status == 406


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle"),
        ("application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("application/*", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_choose_for_graphs(accept: str, media_type: str) -> None:
    assert choose(accept, formats_of("graph")).media_type == media_type


def test_text_says_that_it_is_utf8() -> None:
    assert choose("text/csv", formats_of("select")).content_type == "text/csv; charset=utf-8"
    assert choose("application/json", formats_of("select")).content_type == "application/json"


@pytest.mark.parametrize(
    ("name", "stem", "form"),
    [
        ("a.csv", "a", "csv"),
        ("a.json", "a", "json"),
        ("a.srx", "a", "xml"),
        ("a.ttl", "a", "turtle"),
        ("a.md", "a", "markdown"),
        ("a.html", "a.html", None),
        ("a", "a", None),
        (".csv", ".csv", None),
    ],
)
def test_format_of_suffix(name: str, stem: str, form: str | None) -> None:
    found, chosen = format_of_suffix(name)
    assert (found, None if chosen is None else chosen.name) == (stem, form)
