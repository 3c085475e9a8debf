"""The page of the SPARQL endpoint: an editor, and the answer to the query in the address."""

from __future__ import annotations

import re
from typing import Any

from kgtool.errors import KgError, QueryError
from kgtool.explorer.answers import read_answer
from kgtool.explorer.running import running
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.namespaces import IP
from kgtool.sparql import query_form

__all__ = ["sparql"]

#: What stands in the editor at first.
_EXAMPLE = """\
SELECT ?park ?industry
WHERE {{ ?park {leading} ?industry }}
ORDER BY ?park ?industry
LIMIT 50
"""

_COLUMN = re.compile(r"\bcolumn (\d+)")
_FILES = {
    "select": ("csv", "json", "xml", "tsv"),
    "ask": ("json", "xml", "csv"),
    "graph": ("turtle", "jsonld", "ntriples"),
}


def sparql(sources: Sources, visit: Visit) -> Page:
    """Make the page: ``?query=`` is asked, with ``evidence=1`` its rows come with their sentences."""
    other = sorted(visit.params.keys() - {"query", "evidence"})
    if other:
        raise QueryError(f"the page has no parameter '{other[0][:60]}'", hint="send it without 'Accept: text/html'")
    text = visit.params.get("query", "")
    evidence = visit.params.get("evidence") == "1"
    data: dict[str, Any] = {
        "text": text or _example(sources),
        "evidence": evidence,
        "answer": None,
        "problem": None,
        "prefixes": sources.prefixes,
        "column": None,
        "files": (),
        "running": running(sources, visit),
    }
    if not text.strip():
        return Page("sparql", data)
    form = query_form(text)
    data["files"] = _FILES["graph" if form in ("construct", "describe") else form or "select"]
    try:
        data["answer"] = read_answer(sources, visit, text, evidence=evidence and form == "select", file="query")
    except QueryError as exc:
        place = _COLUMN.search(exc.message)
        problem: KgError = exc
        data |= {"problem": problem, "column": place[1] if place else None}
        return Page("sparql", data, status=400)
    return Page("sparql", data)


def _example(sources: Sources) -> str:
    prefix = next((name for name, namespace in sources.prefixes.items() if namespace == IP), None)
    return _EXAMPLE.format(leading=f"{prefix}:hasLeadingIndustry" if prefix else f"<{IP}hasLeadingIndustry>")
