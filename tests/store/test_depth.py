"""Queries that nest too deeply are refused, and no others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool import open_graph
from kgtool.errors import QueryError
from kgtool.project import Project
from kgtool.store.depth import refuse_depth
from kgtool.store.drafts import Draft


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ASK {" + "{" * 3000 + "?s ?p ?o" + "}" * 3000 + "}", "nested more than 100 deep, line 1; write it flatter"),
        ("ASK {\n?s ?p ?o FILTER(" + "STR(" * 1000 + "1" + ")" * 1001 + "}", "nested more than 100 deep, line 2;"),
        ("ASK { ?s ?p ?o FILTER(1" + " || ?s = 1" * 10_000 + ") }", "more than 1500 operators and patterns in a row;"),
        ("ASK { ?s ?p ?o " + "BIND(1 AS ?x) " * 3000 + "}", "more than 1500 operators and patterns in a row;"),
        ("ASK { ?s ?p ?o FILTER(" + "!" * 20_000 + "1) }", "more than 1500 operators and patterns in a row;"),
        ("ASK { ?s ?p ?o FILTER(1" + " -1" * 10_000 + ") }", "more than 1500 operators and patterns in a row;"),
        ("ASK { FILTER(1" + " -1 -(1) +.5" * 3_000 + ") }", "more than 1500 operators and patterns in a row;"),
    ],
    ids=["groups", "calls", "or", "bind", "not", "minus", "brackets between"],
)
def test_query_that_would_end_the_process_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryError) as error:
        refuse_depth(text)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { VALUES ?x {" + " <urn:a/b!c*d>" * 5000 + " } ?x ?p ?o }",
        "ASK { VALUES ?x {" + " -5" * 5000 + " } ?s ?p ?x }",
        "ASK { VALUES (?x ?y) {" + " (-1 -2)" * 5000 + " } ?s ?p ?x FILTER(?x IN (" + "-1, " * 5000 + "-1)) }",
        'ASK { ?s ?p "' + "(((({{{{ || && UNION " * 500 + '" }',
        "ASK { ?s ?p ?o } #" + "((((" * 500,
        "ASK { VALUES (?x ?y) {" + " (1 2)" * 5000 + " } }",
        "ASK { ?s ?p ?o " + "{" * 90 + "?s ?p ?o" + "}" * 90 + "}",
    ],
    ids=["iris", "numbers", "signed rows", "string", "comment", "rows", "deep"],
)
def test_query_that_is_only_long_is_answered(text: str) -> None:
    refuse_depth(text)
    assert Draft().query(text).form == "ask"


def test_everyone_who_asks_in_this_process_refuses_it(
    kgtool: Callable[..., tuple[int, str, str]], built_project: Project, tmp_path: Path
) -> None:
    deep = "CONSTRUCT WHERE {" + "{" * 3000 + "}" * 3000 + "}"
    file = tmp_path / "deep.rq"
    file.write_text(deep, encoding="utf-8")
    message = f"{file}: nested more than 100 deep, line 1; write it flatter"
    where = ("--project", built_project.root)
    assert kgtool(*where, "query", "-f", file) == (2, "", f"kgtool: {message}\n")
    assert kgtool(*where, "export", "gexf", "--query", file, "-o", "-") == (2, "", f"kgtool: {message}\n")
    with pytest.raises(QueryError, match="nested more than 100 deep"):
        open_graph(project=built_project.root).construct(deep)
