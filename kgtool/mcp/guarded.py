"""Free SPARQL for a model: read-only, in a process that can be ended, with limits on time, memory, rows and bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from kgtool.errors import QueryError
from kgtool.labels import languages_for
from kgtool.mcp.answers import SparqlAnswer
from kgtool.mcp.graph import Graph
from kgtool.server.errors import RefusedError
from kgtool.server.frames import Request, Setup
from kgtool.server.limits import Limits
from kgtool.server.metrics import Metrics
from kgtool.server.workers import Pool
from kgtool.sparql import query_form
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["DEFAULT_LIMITS", "GuardedQueries"]

#: A model reads little and can ask again: less than a server gives.
DEFAULT_LIMITS = Limits(
    timeout=10.0, max_rows=10_000, max_bytes=4 * 2**20, max_query_bytes=64 * 2**10, workers=1, max_concurrent=2, queue=8
)


class GuardedQueries:
    """Runs queries in worker processes, the first of which is started with the first query.

    :param location: what :func:`kgtool.store.open_store` opens.
    """

    def __init__(
        self, graph: Graph, location: str, prefixes: Mapping[str, str], limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._graph = graph
        self._limits = limits
        setup = Setup(location, dict(prefixes), [], limits.max_rows, limits.max_bytes, limits.max_memory)
        self._pool = Pool(setup, limits, Metrics())
        self._starting: asyncio.Lock | None = None
        self._started = False

    async def close(self) -> None:
        """End the workers."""
        await self._pool.close()

    async def run(self, text: str, language: str, limit: int) -> SparqlAnswer:
        """Run a query and return the beginning of its answer.

        :raises QueryError: if it is not a query, is refused, or goes beyond a limit.
        """
        size = len(text.encode("utf-8", "replace"))
        if size > self._limits.max_query_bytes:
            raise QueryError(f"the query has {size} bytes", hint=f"use {self._limits.max_query_bytes} or fewer")
        if limit < 1:
            raise QueryError(f"a limit of {limit} leaves nothing", hint="give 1 or more")
        is_graph = query_form(text) in {"construct", "describe"}
        body = await self._body(Request("sparql", text, format="ntriples" if is_graph else "json"))
        if is_graph:
            lines = body.decode().splitlines(keepends=True)
            return SparqlAnswer(form="graph", ntriples="".join(lines[:limit]), truncated=len(lines) > limit)
        answer = json.loads(body)
        if "boolean" in answer:
            return SparqlAnswer(form="ask", boolean=answer["boolean"])
        columns = answer["head"]["vars"]
        found = answer["results"]["bindings"]
        rows = [[_term(row[name]) if name in row else None for name in columns] for row in found[:limit]]
        written = await asyncio.to_thread(self._graph.rows, columns, rows, languages_for(language))
        return SparqlAnswer(form="select", columns=columns, rows=written, truncated=len(found) > limit)

    async def _body(self, request: Request) -> bytes:
        try:
            await self._start()
            async with self._pool.ask(request) as answer:
                if answer.body is not None:
                    return answer.body
                return b"".join([piece async for piece in answer.pieces()])
        except RefusedError as exc:
            raise QueryError(exc.problem.message, file=exc.problem.where, hint=exc.problem.hint) from exc

    async def _start(self) -> None:
        if self._starting is None:
            self._starting = asyncio.Lock()
        async with self._starting:
            if not self._started:
                await self._pool.start()
                self._started = True


def _term(value: Mapping[str, Any]) -> Term:
    """Read a term of SPARQL's JSON: https://www.w3.org/TR/sparql11-results-json/#select-encode-terms."""
    if value["type"] == "uri":
        return IRI(value["value"])
    if value["type"] == "bnode":
        return BlankNode(value["value"])
    return Literal(value["value"], value.get("xml:lang"), value.get("datatype"))
