"""``/reconcile/v1``: the draft of version 1.0 over HTTP, by the rules of its schemas."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from kgtool.reconcile import BATCH_SIZE
from tests.server.conftest import error_of

HARBOUR = "id/harbour-park"
LEADING = "ip:hasLeadingIndustry"


def answer(response: httpx.Response) -> Any:
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json"), response.text
    assert response.headers["access-control-allow-origin"] == "*"
    return response.json()


def name(*names: Any) -> dict[str, Any]:
    return {"matchType": "name", "v": names[0] if len(names) == 1 else list(names)}


def leads(*values: Any, **more: Any) -> dict[str, Any]:
    return {"matchType": "property", "pid": LEADING, "v": list(values), **more}


def match(client: httpx.Client, *queries: dict[str, Any], route: str = "match") -> list[list[dict[str, Any]]]:
    found = answer(client.post(f"/reconcile/v1/{route}", json={"queries": queries}))
    assert set(found) == {"results"}
    assert all(set(one) == {"candidates"} for one in found["results"])
    return [one["candidates"] for one in found["results"]]


def test_the_manifest_is_one_of_version_1(client: httpx.Client) -> None:
    manifest = answer(client.get("/reconcile/v1"))
    root = str(client.base_url).rstrip("/")
    assert (manifest["versions"], manifest["name"], manifest["batchSize"]) == (["1.0-draft"], "Tiny", BATCH_SIZE)
    assert manifest["view"] == {"url": f"{root}/reconcile/view?id={{id}}"}
    assert manifest["suggest"] == {"entity": True, "property": True, "type": True}
    assert set(manifest["preview"]) == {"width", "height"}
    assert manifest["standardizedScore"] is True
    assert {one["id"] for one in manifest["defaultTypes"]} == {"ip:IndustrialPark", "ip:Industry"}
    assert manifest["extend"]["proposeProperties"] is True
    for setting in manifest["extend"]["propertySettings"]:
        assert {"type", "id", "name"} <= set(setting) <= {"type", "id", "name", "default", "helpText", "choices"}
        assert setting["type"] == "number" or all({"value", "name"} == set(one) for one in setting["choices"])
    # What 0.2 has otherwise is not there; its own root says 0.2.
    assert {"identifierSpace", "schemaSpace"}.isdisjoint(manifest)
    assert answer(client.get("/reconcile"))["versions"] == ["0.2"]


@pytest.mark.parametrize("route", ["match", "reconcile"])
def test_a_batch_is_answered_in_its_order(client: httpx.Client, route: str) -> None:
    found = match(
        client,
        {"conditions": [name("臨港園區")], "limit": 3},
        {"conditions": [name("Optic")], "type": "ip:Industry", "lang": "en"},
        {"conditions": [name({"id": HARBOUR})]},
        {"conditions": [name("Nowhere at all"), leads("光学")]},
        route=route,
    )
    assert [one[0]["id"] if one else None for one in found] == [HARBOUR, "id/optics", HARBOUR, None]
    assert [one[0]["match"] for one in found if one] == [True, False, True]
    for candidates in found:
        scores = [one["score"] for one in candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= one <= 100 for one in scores)
        for one in candidates:
            assert set(one) == {"id", "name", "description", "type", "score", "match", "features"}
            assert all(set(each) == {"id", "name"} for each in one["type"])
            assert all(set(each) == {"id", "name", "value"} and each["name"] for each in one["features"])


def test_one_of_several_names_will_do(client: httpx.Client) -> None:
    (found,) = match(client, {"conditions": [name("Nowhere at all", "Optics", "光學")], "limit": 1})
    assert [(one["id"], one["match"]) for one in found] == [("id/optics", True)]


@pytest.mark.parametrize(
    ("condition", "is_there"),
    [
        (leads("光学", "冶金"), True),
        (leads("光学", "造船", matchQuantifier="all"), True),
        (leads({"id": "id/optics"}, "冶金", matchQuantifier="all"), False),
        (leads("冶金", matchQuantifier="none"), True),
        (leads("光学", matchQuantifier="none"), False),
        (leads("冶金"), False),
        ({"matchType": "property", "pid": "ip:nothing", "v": "光学"}, False),
    ],
)
def test_a_required_property_leaves_others_out(client: httpx.Client, condition: dict[str, Any], is_there: bool) -> None:
    (required,) = match(client, {"conditions": [name("临港园区"), {**condition, "required": True}]})
    assert [one["id"] for one in required] == [HARBOUR] * is_there
    (wished,) = match(client, {"conditions": [name("临港园区"), {**condition, "required": False}]})
    assert wished[0]["id"] == HARBOUR
    assert wished[0]["match"] == (is_there or condition["pid"] == "ip:nothing")


def test_a_property_alone_finds_what_has_it(client: httpx.Client) -> None:
    (found,) = match(client, {"conditions": [leads("光学", "造船", matchQuantifier="all", required=True)]})
    assert [(one["id"], one["match"]) for one in found] == [(HARBOUR, False)]
    (found,) = match(client, {"conditions": [leads("光学", matchQuantifier="none")]})
    assert found == []


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ([], 400, "the batch is not an object"),
        ({}, 400, "queries is not a list"),
        ({"queries": [{"conditions": [name("x")]}, {}]}, 400, "conditions of query 1 is not a list"),
        ({"queries": [{"conditions": []}]}, 400, "query 0 has no conditions"),
        ({"queries": [{"query": "x"}]}, 400, "query 0 has 'query'"),
        ({"queries": [{"conditions": [{"v": "x"}]}]}, 400, "matchType of query 0 is not one"),
        ({"queries": [{"conditions": [name("x"), name("y")]}]}, 400, "has two conditions about the name"),
        ({"queries": [{"conditions": [{**name("x"), "matchQuantifier": "none"}]}]}, 400, "cannot be matched by 'none'"),
        ({"queries": [{"conditions": [leads("x", matchQuantifier="some")]}]}, 400, "matchQuantifier of query 0"),
        ({"queries": [{"conditions": [leads("x", matchQualifier="near")]}]}, 400, "query 0 has a matchQualifier"),
        ({"queries": [{"conditions": [leads("x", required="yes")]}]}, 400, "required of query 0"),
        ({"queries": [{"conditions": [name("x")], "type": ["a", "b"]}]}, 400, "type of query 0 is not a text"),
        ({"queries": [{"conditions": [name("x")], "limit": 0.5}]}, 400, "limit of query 0"),
        ({"queries": [{"conditions": [name("x")]}] * (BATCH_SIZE + 1)}, 413, "in one batch"),
    ],
)
def test_what_cannot_be_answered_is_refused(client: httpx.Client, body: Any, status: int, words: str) -> None:
    found, _, message = error_of(client.post("/reconcile/v1/match", json=body))
    assert found == status
    assert words in message


def test_only_json_can_be_posted(client: httpx.Client) -> None:
    form = client.post("/reconcile/v1/match", data={"queries": "[]"})
    assert error_of(form)[:2] == (415, "unsupported-media-type")
    headers = {"Content-Type": "application/json"}
    assert error_of(client.post("/reconcile/v1/match", content=b"\xff", headers=headers))[:2] == (400, "bad-request")
    assert error_of(client.post("/reconcile/v1/match", content=b"{", headers=headers))[:2] == (400, "bad-request")
    allowed = client.options("/reconcile/v1/match").headers
    assert "POST" in allowed["access-control-allow-methods"]
    assert "Content-Type" in allowed["access-control-allow-headers"]
    assert answer(client.get("/reconcile/v1/suggest/type", params={"prefix": "ip:", "callback": "f"}))["result"]


def test_a_table_is_extended_in_rows(client: httpx.Client) -> None:
    wanted = {"ids": [HARBOUR, "id/optics"], "properties": [{"id": LEADING}]}
    assert answer(client.post("/reconcile/v1/extend", json=wanted)) == {
        "meta": [{"id": LEADING, "name": "has leading industry"}],
        "rows": [
            {
                "id": HARBOUR,
                "properties": [
                    {
                        "id": LEADING,
                        "values": [{"id": "id/optics", "name": "光学"}, {"id": "id/shipbuilding", "name": "造船"}],
                    }
                ],
            },
            {"id": "id/optics", "properties": [{"id": LEADING, "values": []}]},
        ],
    }
    proposed = answer(client.get("/reconcile/v1/extend/propose", params={"type": "ip:IndustrialPark", "limit": 1}))
    assert proposed["properties"] == [{"id": LEADING, "name": "has leading industry"}]


@pytest.mark.parametrize(
    ("kind", "prefix", "first"), [("entity", "临", HARBOUR), ("type", "industrialp", "ip:IndustrialPark")]
)
def test_a_prefix_gets_suggestions(client: httpx.Client, kind: str, prefix: str, first: str) -> None:
    found = answer(client.get(f"/reconcile/v1/suggest/{kind}", params={"prefix": prefix}))
    assert set(found) == {"result"}
    assert found["result"][0]["id"] == first
    assert all(set(one) <= {"id", "name", "description", "notable"} for one in found["result"])


def test_a_thing_is_previewed_and_viewed_by_its_identifier(client: httpx.Client) -> None:
    preview = client.get("/reconcile/v1/preview", params={"id": HARBOUR})
    assert (preview.status_code, preview.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "臨港園區" in preview.text
    view = answer(client.get("/reconcile/v1"))["view"]["url"]
    assert re.search(r"\{id\}$", view)
    assert client.get(view.replace("{id}", "id%2Fharbour-park")).status_code == 303


def test_true_and_false_are_texts_in_version_1() -> None:
    from kgtool.reconcile import Source, draft, read_extension
    from kgtool.store.drafts import Draft

    store = Draft()
    turtle = '<urn:a> <urn:is> true ; <urn:n> 3 ; <http://www.w3.org/2000/01/rdf-schema#label> "A"@en .'
    store.load(turtle.encode(), "turtle", file="a.ttl")
    wanted = read_extension(json.dumps({"ids": ["urn:a"], "properties": [{"id": "urn:is"}, {"id": "urn:n"}]}))
    (row,) = draft.extend(Source(store, prefixes={}, base=None), wanted)["rows"]
    assert [one["values"] for one in row["properties"]] == [[{"str": "true"}], [{"int": 3}]]
