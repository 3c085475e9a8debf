"""The MCP server, met as clients meet it: by the SDK's own client, over stdin and stdout and over HTTP."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from kgtool.build import build
from kgtool.project import Project, shipped_root

_TOOLS = ["list_questions", "run_question", "ask", "resolve", "describe", "evidence", "sparql", "schema"]

#: Every call that a test looks at, made in one session.
_CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "list": ("list_questions", {"language": "zh-Hans", "tag": "industry"}),
    "no such tag": ("list_questions", {"tag": "nonsense"}),
    "run": ("run_question", {"name": "leading-industries", "parameters": {"park": "高新區"}, "language": "en"}),
    "run one row": ("run_question", {"name": "leading-industries", "limit": 1}),
    "run yes or no": ("run_question", {"name": "works-on-industry"}),
    "run a graph": ("run_question", {"name": "park-network", "limit": 2}),
    "run unknown": ("run_question", {"name": "leading-industry"}),
    "run wrong park": ("run_question", {"name": "leading-industries", "parameters": {"park": "高薪区"}}),
    "ask": ("ask", {"question": "高新区有哪些主导产业？"}),
    "ask elsewhere": ("ask", {"question": "What is the weather in Paris?"}),
    "ask at length": ("ask", {"question": "园" * 501}),
    "resolve": ("resolve", {"name": "经开区", "instance_of": "ip:IndustrialPark"}),
    "resolve nothing": ("resolve", {"name": "Atlantis"}),
    "describe": ("describe", {"entity": "石林产业园区", "language": "zh-Hant", "limit": 5}),
    "evidence of a fact": (
        "evidence",
        {"subject": "高新区", "predicate": "ip:hasLeadingIndustry", "object": "biomedicine"},
    ),
    "evidence of a row": ("evidence", {"question": "who-says-so", "parameters": {"value": "918"}, "row": 2}),
    "evidence of nothing": (
        "evidence",
        {"subject": "高新区", "predicate": "ip:hasLeadingIndustry", "object": "titanium industry"},
    ),
    "evidence of half a fact": ("evidence", {"subject": "高新区"}),
    "select": ("sparql", {"query": "SELECT ?p { ?p a ip:IndustrialPark } ORDER BY ?p", "limit": 1}),
    "yes": ("sparql", {"query": "ASK { km:hi-tech-zone a ip:IndustrialPark }"}),
    "construct": ("sparql", {"query": "CONSTRUCT WHERE { km:hi-tech-zone a ?class }"}),
    "service": ("sparql", {"query": "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}),
    "update": ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}),
    "nonsense": ("sparql", {"query": "SELECT ?x {"}),
    "too many": ("sparql", {"query": "SELECT (1 AS ?n) { ?a ?b ?c . ?d ?e ?f }"}),
    "too long": ("sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"}),
    "too nested": ("sparql", {"query": "ASK {" + "{" * 20_000 + "}" * 20_000 + "}"}),
    "too large": ("sparql", {"query": "ASK { } #" + "x" * 70_000}),
    "after all that": ("sparql", {"query": "ASK { }"}),
    "no limit": ("sparql", {"query": "ASK { }", "limit": 0}),
    "schema": ("schema", {"language": "zh-Hans"}),
}


class _Session(NamedTuple):
    """What a client saw."""

    tools: list[str]
    instructions: str | None
    #: By the name of the call: the structured content, or the text of the error.
    answers: dict[str, Any]
    seconds: dict[str, float]
    card: str


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    cache = str(tmp_path_factory.getbasetemp() / "cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGTOOL_CACHE", cache)
        build(Project(shipped_root()))
    return {"KGTOOL_CACHE": cache}


@pytest.fixture(scope="module", params=["stdio", "http"])
def session(request: pytest.FixtureRequest, environment: dict[str, str]) -> _Session:
    arguments = ["-m", "kgtool", "--project", str(shipped_root()), "mcp", "--timeout", "2"]
    if request.param == "stdio":
        server = StdioServerParameters(command=sys.executable, args=arguments, env=environment)
        return asyncio.run(_meet(Client(stdio_client(server), read_timeout_seconds=60)))
    with _listening(arguments, environment) as url:
        return asyncio.run(_meet(Client(url, read_timeout_seconds=60)))


@contextmanager
def _listening(arguments: list[str], environment: dict[str, str]) -> Iterator[str]:
    command = [sys.executable, *arguments, "--http", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}) as process:
        assert process.stderr is not None
        try:
            line = process.stderr.readline()
            match = re.search(r"http://\S+/mcp", line)
            assert match, line
            yield match.group()
        finally:
            process.terminate()
            assert process.wait(20) == 0, process.stderr.read()


async def _meet(client: Client) -> _Session:
    answers, seconds = {}, {}
    async with client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        for name, (tool, arguments) in _CALLS.items():
            begun = time.monotonic()
            result = await client.call_tool(tool, arguments)
            seconds[name] = time.monotonic() - begun
            first: Any = result.content[0]
            answers[name] = first.text if result.is_error else result.structured_content
        contents: Any = (await client.read_resource("kgtool://schema")).contents[0]
        return _Session(tools, client.instructions, answers, seconds, contents.text)


def test_tools_are_listed_and_the_server_says_how_to_use_them(session: _Session) -> None:
    assert session.tools == _TOOLS
    assert session.instructions is not None
    assert "cite those numbers" in session.instructions


# Saved questions -----------------------------------------------------------------------------------------------------


def test_questions_are_listed_in_a_language_with_their_parameters(session: _Session) -> None:
    questions = {one["name"]: one for one in session.answers["list"]["questions"]}
    assert questions["leading-industries"]["question"] == "某园区的主导产业有哪些？"
    assert questions["leading-industries"]["parameters"] == [
        {
            "name": "park",
            "type": "entity",
            "class": "ip:IndustrialPark",
            "required": False,
            "default": "km:hi-tech-zone",
            "description": "The park; the Hi-tech Zone if none is given.",
            "choices": [],
        }
    ]
    assert "rankings" not in questions


def test_rows_have_labels_and_the_numbers_of_their_sentences(session: _Session) -> None:
    assert session.answers["run"]["rows"] == [
        {"cells": {"industry": {"value": f"industry:{name}", "label": label}}, "sentences": [30]}
        for name, label in [
            ("biomedicine", "biomedicine"),
            ("digital-economy", "digital economy"),
            ("precious-metal-new-materials", "precious-metal new materials"),
        ]
    ]
    assert session.answers["run"]["truncated"] is False


def test_a_limit_cuts_the_rows_and_says_so(session: _Session) -> None:
    assert len(session.answers["run one row"]["rows"]) == 1
    assert session.answers["run one row"]["truncated"] is True


def test_yes_or_no_is_one_row(session: _Session) -> None:
    (row,) = session.answers["run yes or no"]["rows"]
    assert row["cells"] == {"answer": {"value": "true", "label": None}}


def test_a_graph_is_rows_of_triples(session: _Session) -> None:
    answer = session.answers["run a graph"]
    assert answer["columns"] == ["subject", "predicate", "object"]
    assert len(answer["rows"]) == 2


def test_a_question_in_words_is_answered_and_explained(session: _Session) -> None:
    asked = session.answers["ask"]
    assert asked["answer"]["query"] == "leading-industries"
    assert asked["answer"]["parameters"] == {"park": "km:hi-tech-zone"}
    assert asked["answer"]["rows"][0]["cells"]["industry"]["label"] == "生物医药产业"
    assert asked["answer"]["rows"][0]["sentences"] == [30]
    assert asked["matched"] == ["主导产业"]
    assert len(asked["others"]) == 2


# Things and evidence -------------------------------------------------------------------------------------------------


def test_a_name_is_resolved(session: _Session) -> None:
    assert session.answers["resolve"]["curie"] == "km:etdz"
    assert session.answers["resolve"]["labels"]["zh-Hant"] == "昆明經濟技術開發區"


def test_a_thing_is_described_with_modality_and_sentences(session: _Session) -> None:
    thing = session.answers["describe"]
    assert thing["curie"] == "km:shilin-park"
    assert len(thing["facts"]) == 5
    assert thing["truncated"] is True
    (focus, *_) = [fact for fact in thing["facts"] if fact["predicate"] == "ip:hasFocusIndustry"]
    assert (focus["direction"], focus["modality"], focus["sentences"]) == ("out", "stated", [36])


def test_a_fact_is_proved_by_its_sentence(session: _Session) -> None:
    (sentence,) = session.answers["evidence of a fact"]["sentences"]
    assert (sentence["curie"], sentence["number"], sentence["paragraph"]) == ("s:30", 30, 20)
    assert sentence["triples"] == [["km:hi-tech-zone", "ip:hasLeadingIndustry", "industry:biomedicine"]]


def test_a_row_is_proved_by_its_sentences(session: _Session) -> None:
    sentences = session.answers["evidence of a row"]["sentences"]
    assert 28 in [one["number"] for one in sentences]
    assert any("規上工業企業918戶" in one["quotes"] for one in sentences)


# SPARQL --------------------------------------------------------------------------------------------------------------


def test_sparql_answers_in_every_form(session: _Session) -> None:
    assert session.answers["select"]["rows"] == [
        {
            "cells": {"p": {"value": "km:anning-park", "label": "Anning Industrial Park"}},
            "sentences": [],
        }
    ]
    assert session.answers["select"]["truncated"] is True
    assert session.answers["yes"]["boolean"] is True
    assert session.answers["construct"]["ntriples"].endswith("<https://w3id.org/industrial-park/ns#IndustrialPark> .\n")


def test_a_query_that_takes_too_long_is_ended(session: _Session) -> None:
    assert session.answers["too long"].startswith("Error executing tool sparql: the query took too long and was ended")
    assert session.seconds["too long"] < 20


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("service", "SERVICE is off"),
        ("update", "not a query"),
        ("nonsense", "query:1:"),
        ("too many", "the answer has more than 10000 rows; ask for less: LIMIT, or a count"),
        ("too nested", "too complex for the engine"),
        ("too large", "the query has 70009 bytes; use 65536 or fewer"),
        ("no limit", "greater than or equal to 1"),
        ("no such tag", "no saved query has the tag 'nonsense'; there are "),
        ("run unknown", "no saved query 'leading-industry'; did you mean leading-industries"),
        ("run wrong park", "nothing is called '高薪区' and is a ip:IndustrialPark; did you mean"),
        ("ask elsewhere", "the graph has nothing called paris"),
        ("ask at length", "the question has 501 characters; ask in 500 or fewer"),
        ("resolve nothing", "nothing is called 'Atlantis'"),
        ("evidence of nothing", "the graph does not say km:hi-tech-zone ip:hasLeadingIndustry 'titanium industry'"),
        ("evidence of half a fact", "give subject, predicate and object of a fact, or a question and the number"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(session: _Session, call: str, message: str) -> None:
    assert isinstance(session.answers[call], str), session.answers[call]
    assert message in session.answers[call]


def test_the_server_goes_on_after_a_worker_was_ended(session: _Session) -> None:
    assert session.answers["after all that"]["boolean"] is True


# The schema card -----------------------------------------------------------------------------------------------------


def test_schema_card_names_what_there_is(session: _Session) -> None:
    card = session.answers["schema"]
    assert card["prefixes"]["ip"] == "https://w3id.org/industrial-park/ns#"
    assert {"curie": "ip:IndustrialPark", "label": "产业园区", "instances": 11} in card["classes"]
    assert any(one["curie"] == "ip:hasLeadingIndustry" and one["uses"] for one in card["properties"])
    assert len(card["examples"]) == 3


def test_schema_card_is_a_resource_too(session: _Session) -> None:
    assert session.card.startswith("# ")
    assert "`ip:hasLeadingIndustry`" in session.card


# HTTP ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [("Host", "evil.example"), ("Origin", "http://evil.example")])
def test_a_page_of_another_site_is_refused(environment: dict[str, str], header: tuple[str, str]) -> None:
    with _listening(["-m", "kgtool", "--project", str(shipped_root()), "mcp"], environment) as url:
        request = urllib.request.Request(url, b"{}", {"Content-Type": "application/json", header[0]: header[1]})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=20)
        with caught.value as error:
            assert error.code in {403, 421}
