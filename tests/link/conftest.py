"""What the tests of enriching share: a project with links, and a server of our own that speaks as Wikidata's does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kgtool.project import Project
from kgtool.store.drafts import Draft

_LINKS = """\
#curie_map:
#  ex: https://example.org/tiny/id/
#  target: https://w3id.org/industrial-park/target/
#  {prefix}: {namespace}
#mapping_set_id: https://example.org/tiny/links/{name}
#mapping_set_version: "1"
#mapping_set_title: Tiny
#license: https://creativecommons.org/licenses/by/4.0/
#object_source: target:{name}
#mapping_date: 2026-11-26
subject_id	subject_label	predicate_id	object_id	object_category	mapping_justification	author_id	confidence	comment
"""  # noqa: E501 (a row is a line)
_THINGS = """\
@prefix ex: <https://example.org/tiny/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:city a ip:AdministrativeArea ; skos:prefLabel "港市"@zh-Hans .
ex:county a ip:AdministrativeArea ; skos:prefLabel "港县"@zh-Hans .
ex:canton a ip:AdministrativeArea ; skos:prefLabel "港镇"@zh-Hans .
"""
_SPACES = {
    "wikidata": ("wd", "http://www.wikidata.org/entity/"),
    "geonames": ("geonames", "https://sws.geonames.org/"),
    "gbt2260": ("gbt2260", "https://w3id.org/industrial-park/code/gbt2260/"),
    "eurovoc": ("eurovoc", "http://eurovoc.europa.eu/"),
}


def add_links(project: Project, name: str, *rows: str) -> None:
    """Write a linkset of rows such as ``city 港市 owl:sameAs wd:Q1 administrative area``."""
    prefix, namespace = _SPACES[name]
    text = _LINKS.format(name=name, prefix=prefix, namespace=namespace)
    for row in rows:
        subject, label, predicate, object_, *kind = row.split(" ", 4)
        cells = [f"ex:{subject}", label, predicate, object_, "".join(kind), "semapv:ManualMappingCuration"]
        text += "\t".join([*cells, "ex:me", "0.8", "an atlas"]) + "\n"
    file = project.root / "graph" / "links" / f"{name}.sssom.tsv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def linked_project(tiny_project: Project) -> Project:
    """A project whose city, county and canton are linked to our own rows in Wikidata's shape."""
    (tiny_project.root / "graph" / "entities" / "linked.ttl").write_text(_THINGS, encoding="utf-8")
    add_links(
        tiny_project,
        "wikidata",
        "canton 港镇 owl:sameAs wd:Q30 administrative area",
        "city 港市 owl:sameAs wd:Q10 administrative area",
        "county 港县 owl:sameAs wd:Q20 administrative area",
    )
    return tiny_project


def claim(value: object, *, rank: str = "normal", kind: str = "value") -> dict[str, Any]:
    """Write a claim as Wikidata's JSON has it."""
    snak: dict[str, Any] = {"snaktype": kind}
    if kind == "value":
        snak["datavalue"] = {"value": value}
    return {"mainsnak": snak, "rank": rank}


def entity(id_: str, labels: dict[str, str], **claims: list[dict[str, Any]]) -> dict[str, Any]:
    """Write an entity as Wikidata's JSON has it."""
    return {
        "type": "item",
        "id": id_,
        "labels": {tag: {"language": tag, "value": text} for tag, text in labels.items()},
        "descriptions": {"en": {"language": "en", "value": f"what {id_} is"}, "fr": {"language": "fr", "value": "x"}},
        "claims": claims,
    }


#: Our own rows: an area with all, one with a name that is the same in all languages, one that became another.
ENTITIES = {
    "Q10": entity(
        "Q10",
        {"zh": "港市", "zh-hans": "港市", "zh-hant": "港市", "en": "Port City", "fr": "Ville-Port"},
        P625=[
            claim({"latitude": 25.038888888889, "longitude": 102.71833, "globe": "http://www.wikidata.org/entity/Q2"})
        ],
        P442=[claim("530199"), claim("530100", rank="preferred"), claim("530000", rank="deprecated")],
        P31=[claim({"id": "Q748149"})],
        P300=[claim(None, kind="novalue")],
    ),
    "Q20": entity("Q20", {"mul": "Gangxian"}, P1566=[claim("1234")]),
    "Q31": entity(
        "Q31",
        {"en": "Canton"},
        P625=[claim({"latitude": 1, "longitude": 2, "globe": "http://www.wikidata.org/entity/Q405"})],
    ),
}


class Wikibase:
    """A server that answers as Wikidata's API and its SPARQL endpoint do, from our own rows, and can misbehave."""

    def __init__(self) -> None:
        self.entities = {**ENTITIES, "Q30": {**ENTITIES["Q31"], "redirects": {"from": "Q30", "to": "Q31"}}}
        #: What was asked: path, parameters, headers.
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        #: What to do with the next requests instead of answering them.
        self.moods: list[str] = []
        self.graph = Draft()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.api = f"{self.root}/w/api.php"
        self.sparql = f"{self.root}/sparql"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, parameters: dict[str, str]) -> dict[str, Any]:
        ids = parameters["ids"].split("|")
        found = {}
        for id_ in ids:
            one = self.entities.get(id_)
            found[one["id"] if one else id_] = one or {"id": id_, "missing": ""}
        return {"entities": found, "success": 1}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(urlsplit(self.path).query)

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _answer(self, given: str) -> None:
                parts = urlsplit(self.path)
                parameters = {name: found[0] for name, found in parse_qs(given).items()}
                outer.asked.append((parts.path, parameters, {name.lower(): v for name, v in self.headers.items()}))
                mood = outer.moods.pop(0) if outer.moods else ""
                if mood == "busy":
                    self._give(503, b"busy", "text/plain", retry="0")
                elif mood == "broken":
                    self._give(500, b"oh", "text/plain")
                elif mood == "silent":
                    time.sleep(3)
                elif mood == "lags":
                    lag = {"error": {"code": "maxlag", "info": "Waiting for a server: 6 seconds lagged", "lag": 6}}
                    self._give(200, json.dumps(lag).encode(), "application/json", retry="0")
                elif mood == "page":
                    self._give(200, b"<html>", "text/html")
                elif parts.path == "/w/api.php":
                    self._give(200, json.dumps(outer.answer(parameters)).encode(), "application/json")
                else:
                    stream = BytesIO()
                    outer.graph.query(parameters["query"]).write(stream, "json")
                    self._give(200, stream.getvalue(), "application/sparql-results+json")

            def _give(self, status: int, body: bytes, media_type: str, *, retry: str = "") -> None:
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                if retry:
                    self.send_header("Retry-After", retry)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Stay quiet."""

        return Handler


@pytest.fixture
def wikibase() -> Iterator[Wikibase]:
    server = Wikibase()
    yield server
    server.close()
