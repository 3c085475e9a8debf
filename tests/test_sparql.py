"""What a query says of itself, and values bound to its variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import QueryError
from kgtool.sparql import bind, is_iri, is_ordered, main_pattern, query_form, values, variables
from kgtool.store import Store, open_store
from kgtool.terms import IRI, BlankNode, Literal

A, C, D = (IRI(f"http://x/{name}") for name in "acd")
FOUR = Literal("4", None, "http://www.w3.org/2001/XMLSchema#integer")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    file = tmp_path / "data.ttl"
    file.write_text("@prefix : <http://x/> . :a :p :b ; :q 3 . :c :p :d ; :q 4 .", encoding="utf-8")
    return open_store(file)


def ask(store: Store, text: str, **bindings: IRI | Literal) -> list[str]:
    """Return the first column of a query's answer, sorted."""
    rows = store.query(text, bindings=bindings, prefixes={"": "http://x/"}).rows()
    return sorted("" if row[0] is None else row[0].value for row in rows)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select ?x { ?x ?y ?z }", "select"),
        ("# SELECT\nBASE <urn:ASK> PREFIX select: <urn:x> ASK { }", "ask"),
        ("CONSTRUCT WHERE { ?x ?y 'SELECT' }", "construct"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", None),
        ("", None),
    ],
)
def test_query_form_is_the_first_keyword_that_is_not_in_a_name_string_or_comment(text: str, form: str | None) -> None:
    assert query_form(text) == form


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        ("SELECT ?x { ?x ?y ?z } ORDER BY ?x", True),
        ("SELECT ?x { ?x ?y ?z } order  by ?x", True),
        ("SELECT ?x { { SELECT ?x { ?x ?y ?z } ORDER BY ?x } }", False),
        ("SELECT ?x { ?x ?y 'ORDER BY' } # ORDER BY ?x", False),
        ("SELECT ?order { ?order ?y ?z }", False),
    ],
)
def test_only_an_order_outside_every_pattern_orders_the_rows(text: str, ordered: bool) -> None:
    assert is_ordered(text) is ordered


def test_variables_leave_out_strings_comments_and_iris() -> None:
    assert variables('SELECT ?园区 $b { ?园区 <urn:?c> \'?d\', """?e\n"?f"""" } # ?g') == {"园区", "b"}


def test_a_bound_variable_can_be_selected(store: Store) -> None:
    assert ask(store, "SELECT ?s { ?s :p ?o }", s=A) == [A.value]


def test_a_bound_variable_need_not_be_selected(store: Store) -> None:
    assert ask(store, "SELECT ?o { ?s :p ?o }", s=A) == ["http://x/b"]


def test_a_filter_sees_a_bound_variable_that_no_pattern_has(store: Store) -> None:
    text = "SELECT ?s { ?s :q ?v FILTER(!BOUND(?min) || ?v >= ?min) }"
    assert (ask(store, text, min=FOUR), ask(store, text)) == ([C.value], [A.value, C.value])


def test_a_branch_of_a_union_sees_a_bound_variable(store: Store) -> None:
    assert ask(store, "SELECT ?s { { ?s :q ?v FILTER(?v = ?min) } UNION { ?s :none ?v } }", min=FOUR) == [C.value]


def test_a_subquery_that_does_not_select_a_bound_variable_sees_it(store: Store) -> None:
    assert ask(store, "SELECT ?o { { SELECT ?o WHERE { ?s :p ?o } } }", s=A) == ["http://x/b"]


def test_not_exists_and_minus_see_a_bound_variable(store: Store) -> None:
    assert ask(store, "SELECT ?s { ?s :q ?v FILTER NOT EXISTS { ?s :p ?o } }", o=D) == [A.value]
    assert ask(store, "SELECT ?s { ?s :q ?v MINUS { ?s :p ?o } }", o=D) == [A.value]


def test_a_bound_variable_restricts_an_aggregate(store: Store) -> None:
    assert ask(store, "SELECT (COUNT(*) AS ?n) { ?s :p ?o }", s=A) == ["1"]


def test_the_template_of_a_construct_is_left_alone(store: Store) -> None:
    result = store.query("CONSTRUCT { ?s a ?o } WHERE { ?s <http://x/p> ?o }", bindings={"s": A})
    assert [(s, o) for s, _, o in result.triples()] == [(A, IRI("http://x/b"))]


@pytest.mark.parametrize("text", ["DESCRIBE ?s", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_bind_refuses_a_query_without_a_pattern_to_bind_in(text: str) -> None:
    with pytest.raises(QueryError, match="no pattern in which parameters could be bound"):
        bind(text, {"s": A})


def test_braces_in_strings_comments_and_data_blocks_are_no_groups() -> None:
    text = "ASK # {\n{ ?s ?p '{' VALUES ?o { <urn:{> 1 } }"
    assert bind(text, {"o": A}) == text.replace("\n{", "\n{ VALUES (?o) { (<http://x/a>) }")


def test_values_refuses_terms_that_cannot_be_written() -> None:
    for term in (IRI("http://x/a> } #"), IRI("no scheme"), BlankNode("b")):
        with pytest.raises(QueryError):
            values(["x"], [[term]])


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "\\",
        '\\" } #',
        "a\nb",
        "'''",
        '"""',
        "\r\n",
        "} UNION { ?s ?p ?o",
        "\u202e",
        "\0",
        "\\u0022 } #",
        "<urn:x>",
    ],
)
def test_a_literal_stays_the_text_it_is(store: Store, text: str) -> None:
    assert ask(store, "SELECT ?value { }", value=Literal(text)) == [text]


def test_an_iri_has_a_scheme_and_no_forbidden_character() -> None:
    assert [is_iri(text) for text in ("urn:a", "https://例子.cn/高", "a b:c", "urn:", "x", "urn:a>b", "1:\u0000")] == [
        True,
        True,
        False,
        False,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("text", ["urn:\ud800", "https://example.org/\udfff"])
def test_a_lone_surrogate_is_no_part_of_an_iri(text: str) -> None:
    assert not is_iri(text)


@pytest.mark.parametrize(
    ("text", "block"),
    [
        (r"\u0022 } #", r'VALUES (?x) { ("\\\U000000750022 } #") }'),
        (r"\U00000022", r'VALUES (?x) { ("\\\U0000005500000022") }'),
        (r"\\u", r'VALUES (?x) { ("\\\\\U00000075") }'),
        (r"\n", r'VALUES (?x) { ("\\n") }'),
    ],
)
def test_a_backslash_before_a_u_is_written_so_that_no_engine_takes_it_for_a_number(text: str, block: str) -> None:
    assert values(["x"], [[Literal(text)]]) == block


def test_the_main_pattern_is_the_outermost_group() -> None:
    text = "PREFIX a: <urn:x#> # {\nSELECT (EXISTS { ?x a:y ?z } AS ?w) { ?x ?y ?z { ?a ?b '}' } } VALUES ?x { a:x }"
    assert main_pattern(text) == ("PREFIX a: <urn:x#> # {\n", "{ ?x ?y ?z { ?a ?b '}' } }")
    assert main_pattern("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") == ("", "{ ?s ?p ?o }")
    assert main_pattern("DESCRIBE <urn:x>") is None
