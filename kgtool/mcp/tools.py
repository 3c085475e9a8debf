"""The tools and resources of the MCP server: their names, what they say of themselves, and errors a model can mend.

An exception that is no ``ToolError`` reaches the client as "Error executing tool" and no more, so every
:class:`~kgtool.errors.KgError` is made one: what is wrong, where, and what to do.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from kgtool.errors import KgError
from kgtool.mcp.answers import Asked, Entity, Proof, Questions, SchemaCard, SparqlAnswer, Table
from kgtool.mcp.card import as_markdown
from kgtool.mcp.graph import Graph
from kgtool.mcp.guarded import GuardedQueries

__all__ = ["INSTRUCTIONS", "make_server"]

#: What a client tells its model about the server as a whole.
INSTRUCTIONS = """\
A knowledge graph made from a newspaper article about Kunming's industrial parks. Every fact is tied to the numbered
sentence that states it; cite those numbers. Start with 'ask' (a question in Chinese or English) or 'list_questions' and
'run_question'; use 'resolve' and 'describe' for one thing; read 'schema' before writing SPARQL. Names are accepted in
English and in Simplified or Traditional Chinese. The graph holds what the article says and nothing else: a refusal
means that it does not know. Modality matters: stated, planned, filed and derived are different things."""

R = TypeVar("R")

_Language = Annotated[Literal["en", "zh-Hans", "zh-Hant"], Field(description="The language of labels")]
_Limit = Annotated[int, Field(description="The most rows to return", ge=1, le=1000)]
_Parameters = Annotated[
    dict[str, str] | None,
    Field(description="By name: a label in any language, a CURIE or an IRI; a number; a date such as 2023-12-31"),
]
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def make_server(graph: Graph, guarded: GuardedQueries, *, version: str) -> MCPServer:
    """Make the server of a graph."""
    server = MCPServer(
        "kgtool", title="Knowledge graph", instructions=INSTRUCTIONS, version=version, log_level="WARNING"
    )

    async def list_questions(language: _Language = "en", tag: str | None = None) -> Questions:
        """List the saved questions that the graph answers, with their parameters; all, or those with a tag."""
        return await _in_thread(graph.list_questions, language, tag)

    async def run_question(
        name: str, parameters: _Parameters = None, language: _Language = "en", limit: _Limit = 100
    ) -> Table:
        """Answer a saved question by its name. Each row has the numbers of the sentences that prove it."""
        run = functools.partial(graph.run_question, evidence=True)
        return await _in_thread(run, name, parameters or {}, language, limit)

    async def ask(question: str, language: _Language | None = None, limit: _Limit = 100) -> Asked:
        """Answer a question in plain Chinese or English: the nearest saved question is run, and why is said.

        Refused if none is near enough. Check 'matched' and 'unused' before you rely on the answer.
        """
        return await _in_thread(graph.ask, question, language, limit)

    async def resolve(name: str, instance_of: str | None = None) -> Entity:
        """Find the thing that a name, CURIE or IRI means; of one class only (ip:IndustrialPark) if you say so."""
        return await _in_thread(graph.resolve, name, instance_of)

    async def describe(entity: str, language: _Language = "en", limit: _Limit = 200) -> Entity:
        """Say what is known of a thing: names, classes, every fact with its modality and sentence numbers."""
        return await _in_thread(graph.describe, entity, language, limit)

    async def evidence(
        subject: str | None = None,
        predicate: str | None = None,
        object: str | None = None,  # noqa: A002 - what a triple's third part is called
        question: str | None = None,
        parameters: _Parameters = None,
        row: int = 1,
        language: _Language = "en",
    ) -> Proof:
        """Return the sentences that prove a fact, or a row of a saved question: number, place, gist, quotes.

        Give subject, predicate and object; or question (a name of list_questions), parameters and row (from 1).
        """
        if question is not None and subject is predicate is object is None:
            return await _in_thread(graph.evidence_of_row, question, parameters or {}, row, language)
        if question is None and subject is not None and predicate is not None and object is not None:
            return await _in_thread(graph.evidence_of_fact, subject, predicate, object, language)
        raise ToolError("give subject, predicate and object of a fact, or a question and the number of a row")

    async def sparql(query: str, language: _Language = "en", limit: _Limit = 100) -> SparqlAnswer:
        """Run a SPARQL 1.1 query, read-only; the project's prefixes need no declaration. See 'schema' first.

        SERVICE and updates are refused; a query that takes too long, or finds too much, is ended.
        """
        try:
            return await guarded.run(query, language, limit)
        except KgError as exc:
            raise ToolError(str(exc)) from exc

    async def schema(language: _Language = "en") -> SchemaCard:
        """Describe the graph: prefixes, classes and properties with labels and counts, notes, example queries."""
        return await _in_thread(graph.card, language)

    for work in (list_questions, run_question, ask, resolve, describe, evidence, sparql, schema):
        server.tool(annotations=_READS)(work)

    @server.resource("kgtool://schema", title="Schema card", mime_type="text/markdown")
    async def schema_card() -> str:
        """What the graph is made of, on one page."""
        return as_markdown(await _in_thread(graph.card, "en"))

    return server


async def _in_thread(work: Callable[..., R], *arguments: object) -> R:
    """Run work that waits for the store beside the loop that serves the client.

    A KgError is made a text before it leaves the thread: its traceback holds on to the engine's answers, which must
    not be let go of in another thread.
    """

    def run() -> tuple[R | None, str]:
        try:
            return work(*arguments), ""
        except KgError as exc:
            return None, str(exc)

    answer, problem = await asyncio.to_thread(run)
    if answer is None:
        raise ToolError(problem)
    return answer
