"""``/search``: things by their names over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.conftest import Serve, error_of

HARBOUR = "https://example.org/tiny/id/harbour-park"


def ask(client: httpx.Client, **parameters: Any) -> list[dict[str, Any]]:
    response = client.get("/search", params=parameters)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.json()["query"] == parameters["q"]
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def test_a_match_says_what_it_is_and_where(client: httpx.Client) -> None:
    assert ask(client, q="臨港", limit=1) == [
        {
            "id": HARBOUR,
            "curie": "ex:harbour-park",
            "label": "临港园区",
            "labels": {"zh-Hans": "临港园区", "zh-Hant": "臨港園區", "en": "Harbour Park"},
            "name": "临港",
            "language": "zh-Hans",
            "kind": "altLabel",
            "class": "ip:IndustrialPark",
            "classes": ["ip:IndustrialPark"],
            "score": 1.0,
            "url": f"{client.base_url}/id/harbour-park",
        }
    ]


def test_the_url_of_a_match_is_its_page_here(client: httpx.Client) -> None:
    page = client.get(ask(client, q="harbour park")[0]["url"], follow_redirects=True)
    assert page.status_code == 200
    assert "ex:harbour-park" in page.text
    assert page.headers["content-type"].startswith("text/turtle")


@pytest.mark.parametrize("text", ["lingangyuanqu", "lgyq", "Harbor Park", "港园", "harb", "ex:harbour-park", HARBOUR])
def test_a_park_is_found_in_many_ways(client: httpx.Client, text: str) -> None:
    assert ask(client, q=text)[0]["id"] == HARBOUR


def test_what_is_looked_for_can_be_narrowed(client: httpx.Client) -> None:
    shipyards = {"q": "造船", "class": "ip:Industry"}
    assert [one["curie"] for one in ask(client, **shipyards)] == ["ex:shipbuilding"]
    assert ask(client, **(shipyards | {"class": "ip:IndustrialPark"})) == []
    assert len(ask(client, **(shipyards | {"class": ["ip:IndustrialPark", "产业"]}))) == 1
    assert ask(client, q="造船", lang="en") == []
    assert [one["name"] for one in ask(client, q="12.50", kind="quote")] == ["产值12.50亿元"]
    assert ask(client, q="Harbor Park", fuzzy="0") == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "nothing to search for"),
        ("q=%20", "nothing to search for"),
        ("q=" + "x" * 201, "q has more than 200 characters"),
        ("q=x&q=y", "parameter 'q' is given twice"),
        ("q=x&limit=0", "limit '0' is not one"),
        ("q=x&limit=101", "limit '101' is not one"),
        ("q=x&limit=1" + "0" * 5000, "limit '10000000000000000000' is not one"),
        ("q=x&limit=%D9%A1", "limit '١' is not one"),
        ("q=x&fuzzy=yes", "fuzzy 'yes' is neither"),
        ("q=x&clas=y", "no parameter 'clas'"),
        ("q=%ff", "the parameters cannot be read"),
        ("q=x" + "&lang=zh" * 50, "the parameters cannot be read"),
    ],
)
def test_a_bad_question_is_refused(client: httpx.Client, query: str, message: str) -> None:
    assert error_of(client.get(f"/search?{query}")) == (400, "bad-request", message)


def test_an_unknown_class_or_kind_is_refused_with_what_there_is(client: httpx.Client) -> None:
    status, code, message = error_of(client.get("/search?q=x&class=ip:Prak"))
    assert (status, code, message) == (400, "unknown-name", "nothing with a name is a 'ip:Prak'")
    status, code, message = error_of(client.get("/search?q=x&kind=lable"))
    assert (status, code, message) == (400, "bad-query", "no kind of name is called 'lable'")


def test_only_json_is_to_be_had(client: httpx.Client) -> None:
    assert error_of(client.get("/search?q=x", headers={"Accept": "text/csv"}))[:2] == (406, "not-acceptable")
    assert client.get("/search?q=x", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


def test_only_reading_is_possible(client: httpx.Client) -> None:
    assert error_of(client.post("/search?q=x"))[:2] == (405, "method-not-allowed")
    assert client.head("/search?q=x").status_code == 200


def test_an_answer_that_is_known_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/search?q=临港")
    again = client.get("/search?q=临港", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/search?q=临港园").headers["etag"] != first.headers["etag"]


def test_nothing_found_is_an_empty_list(client: httpx.Client) -> None:
    assert ask(client, q="xyzzy") == []
    assert ask(client, q="<script>") == []


def test_the_search_is_in_the_openapi_document(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    operation = document["paths"]["/search"]["get"]
    assert [parameter["name"] for parameter in operation["parameters"]] == [
        "q",
        "limit",
        "class",
        "lang",
        "kind",
        "fuzzy",
    ]
    item = document["components"]["schemas"]["Matches"]["properties"]["results"]["items"]
    match = ask(client, q="临港")[0]
    assert sorted(match) == sorted(item["required"]) == sorted(item["properties"])
    assert match["kind"] in item["properties"]["kind"]["enum"]


def test_another_graph_is_searched_as_well(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text(
        '<https://example.org/x> <http://www.w3.org/2000/01/rdf-schema#label> "造船厂"@zh-Hans .', encoding="utf-8"
    )
    client = serve("--store", file)
    assert [(one["id"], one["url"]) for one in ask(client, q="造船廠")] == [("https://example.org/x",) * 2]
