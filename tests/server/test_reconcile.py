"""``/reconcile``: the API over HTTP, by the rules of its schemas, and our client against our server."""

from __future__ import annotations

import json
import re
import urllib.parse
from typing import Any

import httpx
import pytest

from kgtool.errors import StoreError
from kgtool.link.client import Candidate, ReconciliationService
from kgtool.reconcile import BATCH_SIZE
from tests.server.conftest import Serve, error_of

HARBOUR = "id/harbour-park"


def answer(response: httpx.Response) -> Any:
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json"), response.text
    assert response.headers["access-control-allow-origin"] == "*"
    return response.json()


def post(client: httpx.Client, **fields: Any) -> Any:
    return answer(client.post("/reconcile", data={name: json.dumps(value) for name, value in fields.items()}))


def place(service: dict[str, str]) -> str:
    return service["service_url"] + service["service_path"]


def filled(template: str, id_: str, mark: str = "{{id}}") -> str:
    """Put an identifier into a template as clients do."""
    assert mark in template
    return template.replace(mark, urllib.parse.quote(id_, safe=""))


@pytest.fixture(scope="module")
def manifest(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = answer(client.get("/reconcile"))
    return found


def test_the_manifest_says_what_the_service_can(client: httpx.Client, manifest: dict[str, Any]) -> None:
    root = f"{str(client.base_url).rstrip('/')}/reconcile"
    assert (manifest["versions"], manifest["name"], manifest["batchSize"]) == (["0.2"], "Tiny", BATCH_SIZE)
    assert manifest["identifierSpace"] == "https://example.org/tiny/"
    assert manifest["schemaSpace"] == "https://w3id.org/industrial-park/ns#"
    assert {one["id"] for one in manifest["defaultTypes"]} == {"ip:IndustrialPark", "ip:Industry"}
    assert set(manifest["suggest"]) == {"entity", "property", "type"}
    services = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    assert all(place(one).startswith(root) for one in services)
    assert all("${id}" in one["flyout_service_path"] for one in manifest["suggest"].values())
    assert all(type(manifest["preview"][one]) is int for one in ("width", "height"))
    for setting in manifest["extend"]["property_settings"]:
        assert {"name", "label", "type"} <= set(setting)
        assert setting["type"] == "number" or all({"value", "name"} == set(one) for one in setting["choices"])


def test_the_view_of_a_thing_leads_to_its_page(client: httpx.Client, manifest: dict[str, Any]) -> None:
    response = client.get(filled(manifest["view"]["url"], HARBOUR))
    assert (response.status_code, response.headers["location"]) == (303, f"{client.base_url}/id/harbour-park")
    assert client.get(response.headers["location"], follow_redirects=True).status_code == 200
    status, code, _ = error_of(client.get(filled(manifest["view"]["url"], "https://evil.example/")))
    assert (status, code) == (404, "not-found")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_batch_is_answered(client: httpx.Client, method: str) -> None:
    queries = {
        "q0": {"query": "臨港園區", "type": "", "type_strict": "should", "limit": 3},
        "q1": {"query": "Optic", "type": ["ip:Industry"]},
        "q2": {"query": "造船", "properties": [{"pid": "ip:hasLeadingIndustry", "v": {"id": "id/optics"}}]},
    }
    fields = {"queries": json.dumps(queries)}
    if method == "POST":
        found = answer(client.post("/reconcile", data=fields))
    else:
        found = answer(client.get("/reconcile", params=fields))
    assert set(found) == set(queries)
    assert [found[key]["result"][0]["id"] for key in queries] == [HARBOUR, "id/optics", "id/shipbuilding"]
    assert [found[key]["result"][0]["match"] for key in queries] == [True, False, True]
    for batch in found.values():
        assert set(batch) == {"result"}
        scores = [one["score"] for one in batch["result"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= one <= 100 for one in scores)
        for one in batch["result"]:
            assert set(one) == {"id", "name", "description", "type", "score", "match", "features"}
            assert all(set(each) == {"id", "name"} for each in one["type"])
            assert all(isinstance(each["value"], bool | int | float) for each in one["features"])


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"queries": '{"a": {"query": "x"}, "b": {"limit": 1}}'}, 400, "query 'b' has neither query nor properties"),
        ({"queries": "nothing"}, 400, "queries is not JSON"),
        ({"extend": '{"ids": "x"}'}, 400, "ids of extend is not a list"),
        ({"queries": "{}", "extend": "{}"}, 400, "queries and extend"),
        ({"other": "{}"}, 400, "neither queries nor extend"),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(BATCH_SIZE + 1)})}, 413, "in one batch"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    client: httpx.Client, fields: dict[str, str], status: int, words: str
) -> None:
    found, _, message = error_of(client.post("/reconcile", data=fields))
    assert found == status
    assert words in message


def test_only_forms_can_be_posted(client: httpx.Client) -> None:
    assert error_of(client.post("/reconcile", json={"queries": {}}))[:2] == (415, "unsupported-media-type")
    assert error_of(client.post("/reconcile/suggest/entity", data={"prefix": "x"}))[:2] == (405, "method-not-allowed")
    assert "POST" in client.options("/reconcile").headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("kind", "prefix", "first"),
    [
        ("entity", "临", HARBOUR),
        ("entity", HARBOUR, HARBOUR),
        ("entity", "harb", HARBOUR),
        ("type", "industrialp", "ip:IndustrialPark"),
        ("type", "ip:Industry", "ip:Industry"),
        ("property", "leading", "ip:hasLeadingIndustry"),
        ("property", "", "ip:hasLeadingIndustry"),
    ],
)
def test_a_prefix_gets_suggestions(
    client: httpx.Client, manifest: dict[str, Any], kind: str, prefix: str, first: str
) -> None:
    url = place(manifest["suggest"][kind])
    found = answer(client.get(url, params={"prefix": prefix}))["result"]
    assert found[0]["id"] == first
    assert all(one["name"] for one in found)
    assert answer(client.get(url, params={"prefix": prefix, "cursor": 1}))["result"][:9] == found[1:]
    flyout = filled(manifest["suggest"][kind]["flyout_service_path"], first, "${id}")
    about = answer(client.get(manifest["suggest"][kind]["flyout_service_url"] + flyout))
    assert set(about) == {"id", "html"}
    assert about["id"] == first
    assert found[0]["name"] in about["html"]


def test_a_preview_may_stand_in_a_frame_and_only_it(client: httpx.Client, manifest: dict[str, Any]) -> None:
    response = client.get(filled(manifest["preview"]["url"], HARBOUR))
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert response.headers.get_list("content-security-policy") == [
        "default-src 'none'; base-uri 'none'; frame-ancestors *"
    ]
    assert "x-frame-options" not in response.headers
    assert "臨港園區" in response.text
    other = client.get("/reconcile/preview", params={"id": "id/<script>"}, headers={"Accept": "text/html"})
    assert other.status_code == 404
    assert "<script>" not in other.text.replace('<script type="module"', "")
    assert "frame-ancestors 'none'" in other.headers["content-security-policy"]


def test_a_table_is_extended(client: httpx.Client) -> None:
    wanted = {"ids": [HARBOUR], "properties": [{"id": "ip:hasLeadingIndustry"}]}
    assert post(client, extend=wanted) == {
        "meta": [{"id": "ip:hasLeadingIndustry", "name": "has leading industry"}],
        "rows": {
            HARBOUR: {
                "ip:hasLeadingIndustry": [
                    {"id": "id/optics", "name": "光学"},
                    {"id": "id/shipbuilding", "name": "造船"},
                ]
            }
        },
    }


def test_the_properties_of_a_type_are_proposed(client: httpx.Client, manifest: dict[str, Any]) -> None:
    url = place(manifest["extend"]["propose_properties"])
    found = answer(client.get(url, params={"type": "ip:IndustrialPark", "limit": 1}))
    leading = {"id": "ip:hasLeadingIndustry", "name": "has leading industry"}
    assert found == {"type": "ip:IndustrialPark", "limit": 1, "properties": [leading]}
    assert answer(client.get(url, params={"type": "ip:Nothing"}))["properties"] == []


def test_an_answer_can_be_a_script(client: httpx.Client) -> None:
    response = client.get("/reconcile/suggest/entity", params={"prefix": "\u2028</script>", "callback": "jQuery1.x"})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/javascript")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert re.fullmatch(r'/\*\*/jQuery1\.x\({"result": \[\]}\);\n', response.text)


@pytest.mark.parametrize("callback", ["alert(1)", "a b", "", "1x", "a;b", "x" * 200, "é"])
def test_a_callback_is_a_name(client: httpx.Client, callback: str) -> None:
    status, code, message = error_of(client.get("/reconcile", params={"callback": callback}))
    assert (status, code, message) == (400, "bad-request", "callback is not the name of a function")


def test_answers_for_one_origin_are_for_no_other(serve: Serve) -> None:
    client = serve("--cors", "https://tables.example")
    assert client.get("/reconcile").headers["access-control-allow-origin"] == "https://tables.example"
    preview = client.get("/reconcile/preview", params={"id": HARBOUR})
    assert "frame-ancestors https://tables.example" in preview.headers["content-security-policy"]
    assert error_of(client.get("/reconcile", params={"callback": "f"}))[0] == 400


def test_the_service_is_in_the_openapi_document(client: httpx.Client) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/reconcile"]["post"]
    form = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert set(form["properties"]) == {"queries", "extend"}
    assert set(operation["responses"]) >= {"200", "400", "413", "415"}


def test_our_client_asks_our_server(client: httpx.Client) -> None:
    service = ReconciliationService(f"{client.base_url}/reconcile")
    names = ["临港园区", "Optics"] * BATCH_SIZE  # two batches
    found = service.reconcile(names, limit=1)
    park = Candidate(HARBOUR, "临港园区", 100.0, True, ("ip:IndustrialPark",), "臨港園區 · Harbour Park")
    assert [one[0].id for one in found] == [HARBOUR, "id/optics"] * BATCH_SIZE
    assert found[0] == [park]
    assert service.reconcile(["临港"], type="ip:Industry") == [[]]
    industries = {"ip:hasLeadingIndustry": [{"id": "id/optics"}, None]}
    agreed, unasked = service.reconcile(["Harbor Park", "Harbor Park"], properties=industries)
    assert agreed[0].score > unasked[0].score
    assert service.suggest("lead", kind="property")[0]["id"] == "ip:hasLeadingIndustry"
    assert len(service.extend([HARBOUR], ["ip:hasLeadingIndustry"])[HARBOUR]["ip:hasLeadingIndustry"]) == 2


def test_our_client_says_what_is_no_service(client: httpx.Client) -> None:
    with pytest.raises(StoreError, match="no reconciliation service"):
        ReconciliationService(f"{client.base_url}/search?q=x").reconcile(["x"])
    with pytest.raises(StoreError, match="nothing listens there"):
        ReconciliationService("http://127.0.0.1:9/reconcile").reconcile(["x"])
