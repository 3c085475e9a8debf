"""Which rules parts can judge: what a query reads of things that several articles speak of decides."""

from __future__ import annotations

import pytest

from kgtool.namespaces import RDF
from kgtool.validate.scope import Scattered, is_local, predicates_of

_P = {"": "urn:x:", "rdf": RDF}

#: Articles say ``alone`` and ``lead`` of their own notes, which lead to things that all know, ``about`` of such things.
_SCATTERED = Scattered(
    stated=frozenset(
        {("urn:x:alone", None), ("urn:x:lead", None), ("urn:x:about", None), (RDF + "type", "urn:x:Note")}
    ),
    about=frozenset({("urn:x:about", None)}),
    leading=frozenset({"urn:x:lead", "urn:x:alone"}),
    kinds=frozenset({"urn:x:Thing"}),
)


@pytest.mark.parametrize(
    "pattern",
    [
        "?focus :alone ?x",
        "?focus a :Note FILTER NOT EXISTS { ?focus :alone ?x }",
        "?focus :lead ?thing . ?thing :shared ?x",
        "?focus :about ?x",
        "?focus :about ?x FILTER NOT EXISTS { ?x :alone ?y }",
        "?focus a :Note . ?focus ?any ?x",
        "?focus a :Note . GRAPH ?focus { ?thing ?any ?x }",
        "?focus :alone/:shared+ ?x",
        "{ ?focus :alone ?x } UNION { ?focus :about ?x }",
        "VALUES ?path { :alone :lead } ?other :alone ?focus . ?other ?path ?x",
        "?focus :alone ?x OPTIONAL { ?focus :lead ?y } FILTER(BOUND(?y))",
        "?a :shared ?b . ?c :shared ?d . ?focus :alone ?x",
    ],
)
def test_these_are_judged_apart(pattern: str) -> None:
    assert is_local(f"SELECT ?focus {{ {pattern} }}", _SCATTERED, prefixes=_P)


@pytest.mark.parametrize(
    "pattern",
    [
        # Another article may say it of the same thing.
        "?focus :about ?x . ?focus :about ?y",
        "?focus :shared ?x FILTER NOT EXISTS { ?focus :about ?y }",
        "?focus :shared ?x MINUS { ?focus :about ?y }",
        "?focus :shared ?x OPTIONAL { ?focus :about ?y }",
        "?focus a :Note ; :lead ?thing . ?thing :about ?y",
        "?focus ?any ?x . ?focus ?other ?y",
        "?focus :alone ?x . ?focus :about+ ?y",
        # Two notes that lead to one thing may be two articles'.
        "?focus :lead ?thing . ?other :lead ?thing",
        "?focus :alone ?words . ?other :alone ?words",
        "?focus :shared ?x FILTER NOT EXISTS { ?other :lead ?focus }",
        # Two triples that nothing joins.
        "?focus :alone ?x . ?a :alone ?b",
        "{ ?focus :alone ?x } UNION { ?focus :about ?x . ?focus :about ?y }",
        # What is not there in every row, or was computed, leads nowhere.
        "?focus :alone ?x OPTIONAL { ?focus :lead ?y } FILTER NOT EXISTS { ?y :alone ?z }",
        "?focus :alone ?x BIND(IRI(?x) AS ?y) FILTER NOT EXISTS { ?y :alone ?z }",
        "?focus :alone ?x FILTER NOT EXISTS { :this :alone ?z }",
        "VALUES ?path { :alone :about } ?other :shared ?focus FILTER NOT EXISTS { ?other ?path ?x }",
        # A graph of which nobody knows what it is.
        "GRAPH ?graph { ?focus :alone ?x . ?other :alone ?y }",
    ],
)
def test_these_are_judged_over_everything(pattern: str) -> None:
    assert not is_local(f"SELECT ?focus {{ {pattern} }}", _SCATTERED, prefixes=_P)


def test_a_group_must_be_in_sight_of_what_it_is_grouped_by() -> None:
    def counting(predicate: str, key: str) -> bool:
        text = f"SELECT {key} (COUNT(*) AS ?n) {{ ?focus :{predicate} ?x }} GROUP BY {key}"
        return is_local(text, _SCATTERED, prefixes=_P)

    assert counting("alone", "?focus")
    assert not counting("about", "?focus")
    assert not counting("lead", "?x")
    assert not is_local("SELECT (COUNT(*) AS ?n) { ?focus :alone ?x }", _SCATTERED, prefixes=_P)
    assert not is_local("SELECT ?focus { ?focus :alone ?x } LIMIT 1", _SCATTERED, prefixes=_P)


def test_what_a_query_reads() -> None:
    text = "SELECT ?focus { ?focus :a/^:b ?x FILTER NOT EXISTS { ?x (:c|:d)* ?y } }"
    assert predicates_of(text, prefixes=_P) == {"urn:x:a", "urn:x:b", "urn:x:c", "urn:x:d"}
    assert predicates_of("SELECT ?focus { ?focus !:a ?x }", prefixes=_P) is None
    assert predicates_of("SELECT ?focus { ?focus ?any ?x }", prefixes=_P) is None
