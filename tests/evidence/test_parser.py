"""A query read into a tree and written again is the same query: to rdflib's parser, and to the engine."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rdflib import BNode, Literal, Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kgtool.errors import QueryError
from kgtool.namespaces import RDF, XSD, read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries.catalogue import read_catalogue
from kgtool.select.parser import parse_select
from kgtool.select.syntax import write

_PROJECT = Project(shipped_root())
_PREFIXES = read_prefixes(_PROJECT.prefixes_file)
_SAVED = {
    name: query.text
    for name, query in read_catalogue(_PROJECT).items()
    if query.form == "select" and not query.services
}

_EX = "PREFIX ex: <urn:ex#>\nPREFIX : <urn:empty#>\n"

#: One query for each thing that the grammar allows.
_TEXTS = {
    "star": "SELECT * { ?a ex:p ?b }",
    "keywords in any case": "select Distinct ?a { ?a a ex:C filter (?a != 1) optional { ?a ex:p ?b } } order by ?a",
    "lists of properties and objects": 'SELECT ?a { ?a ex:p ?b, ex:c ; ex:q \'x\' ;; ex:r """y"z""" ; . ?b :q ?a . }',
    "numbers": "SELECT ?a { ?a ex:p 1, -2, +3, 4.50, .5, true, FALSE }",
    "strings": r"SELECT ?a { ?a ex:p 'it\'s', \"\"\"a\nb\"\"\", '高新区'@zh-Hans, '5'^^ex:t, 'tab\tu\u00e9' }".replace(
        r"\"", '"'
    ),
    "blank nodes": "SELECT ?a { ?a ex:p [ ex:q ?b ; ex:r [] ] . _:x ex:p _:x . [ ex:p ?c ] . [] ex:q ?d }",
    "collections": "SELECT ?a { ?a ex:p (1 ?b (2)) . ?a ex:q () }",
    "paths": "SELECT ?a { ?a ex:p/ex:q|^ex:r ?b ; (ex:p|ex:q)+ ?c ; ^(ex:p/ex:q)* ?d ; ex:p? ?e ; a/ex:sub* ?f }",
    "negated paths": "SELECT ?a { ?a !(ex:p|ex:q) ?c ; !ex:r ?d }",
    "groups": "SELECT ?a { { ?a ex:p ?b } UNION { ?a ex:q ?b } UNION {} { ?a ex:r ?c } MINUS { ?a ex:s ?d } }",
    "graphs": "SELECT ?g { GRAPH ?g { ?a ex:p ?b OPTIONAL { ?b ex:q ?c FILTER(?c > ?a) } } GRAPH ex:g { ?a ?p ?b } }",
    "values": "SELECT ?a { VALUES ?a { ex:a 'b' 3 UNDEF } VALUES (?b ?c) { (1 UNDEF) (2.5 ex:x) } } VALUES ?a { ex:a }",
    "no values": "SELECT ?a { VALUES (?a ?b) { } VALUES () { () } }",
    "binds": "SELECT ?a (?b + 1 AS ?c) { BIND(IF(BOUND(?a), ex:f(?a, 2), -?b * 3 - 4) AS ?d) ?a ex:p ?b }",
    "filters": "SELECT ?a { ?a ex:p ?b FILTER REGEX(STR(?b), 'x\\\\.y') FILTER(?a IN (ex:a, 2) && !(?b NOT IN (1))) }",
    "filter by a function": "SELECT ?a { ?a ex:p ?b FILTER ex:f(?b) }",
    "exists": "SELECT ?a { ?a ex:p ?b FILTER EXISTS { ?b ex:q ?c } FILTER(NOT EXISTS { ?b ex:r ?a } || ?b = 1) }",
    "subqueries": "SELECT ?a { { SELECT * { ?a ex:p ?b } ORDER BY ?a LIMIT 3 OFFSET 1 } { SELECT ?c { ?a ex:q ?c } } }",
    "groups of solutions": """SELECT ?a (COUNT(DISTINCT ?b) AS ?n) (GROUP_CONCAT(?c; SEPARATOR=", ") AS ?m)
        (COUNT(*) AS ?o)
        { ?a ex:p ?b . ?b ex:q ?c } GROUP BY ?a (STR(?b) AS ?s) HAVING (SUM(?c) > 1) (MIN(?c) < MAX(?c))
        ORDER BY DESC(?n) ?a LIMIT 5""",
    "local names": r"SELECT ?a { ?a ex:a.b ex:c-d . ?a ex:1 ex:é高·x . ?a ex:p: ex:q }",
    "comments": "SELECT ?a # } SELECT\n{ ?a ex:p '#' . # ?b ex:q\n ?a <urn:x#y> ?c }",
    "base": "BASE <http://ex.org/a/> SELECT ?a { ?a <b> <#c> ; </d> <../e> }",
    "dollars": "SELECT $a { ?a ex:p $b }",
}


#: What rdflib's parser refuses or gets wrong, and how it is read here.
_ODDITIES = {
    "SELECT?a{?a<urn:p>?b}": "SELECT ?a WHERE { ?a <urn:p> ?b . }",
    r"SELECT ?a { ?a ex:c\-d ?b }": "SELECT ?a WHERE { ?a <urn:ex#c-d> ?b . }",
    "SELECT ?a { ?a !^a ?b }": f"SELECT ?a WHERE {{ ?a !(^<{RDF}type>) ?b . }}",
    "SELECT ?a { VALUES ?a { -2.5 } }": f'SELECT ?a WHERE {{ VALUES (?a) {{ ("-2.5"^^<{XSD}decimal>) }} }}',
    "SELECT ?a { ?a <urn:p> 1e3 }": f'SELECT ?a WHERE {{ ?a <urn:p> "1e3"^^<{XSD}double> . }}',
    "SELECT ?a { ?a <urn:p> 4.50 }": f'SELECT ?a WHERE {{ ?a <urn:p> "4.50"^^<{XSD}decimal> . }}',
    "SELECT ?b { ?b <urn:p> [] }": "SELECT ?b WHERE { ?b <urn:p> ?b_1 . }",
    "SELECT ?a { ?a <urn:p> ?b } GROUP BY ?a STR(?b)": ("SELECT ?a WHERE { ?a <urn:p> ?b . } GROUP BY ?a (STR(?b))"),
    "SELECT ?a { ?a <urn:p> ?b FILTER(COALESCE ( ?b , 1 ) < -1) }": (
        "SELECT ?a WHERE { ?a <urn:p> ?b . FILTER (COALESCE(?b, 1) < - 1) }"
    ),
}

#: What has no rows, or rows that cannot be traced; and what the message says of it.
_REFUSED = {
    "ASK { ?a ?b ?c }": "it is ASK",
    "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }": "it is CONSTRUCT",
    "SELECT ?a FROM <urn:g> { ?a ?b ?c }": "FROM chooses other graphs; write GRAPH <…> { … } instead",
    "SELECT ?a {\n SERVICE <urn:x> { ?a ?b ?c } }": "q.rq:2: this query's rows cannot be traced: SERVICE asks",
    "SELECT ?a { ?a ?b ?c FILTER(RAND() > 0.5) }": "RAND() gives another value each time",
    "SELECT (UUID() AS ?u) { ?a ?b ?c }": "UUID() gives another value each time",
    "SELECT ?a { ?a foaf:name ?c }": "unknown prefix 'foaf'; declare it",
    "SELECT ?a { ?a ?b ?c } GROUP BY ?a HAVING (EXISTS { ?a ?b ?c })": "EXISTS in GROUP BY or HAVING; BIND it",
    "SELECT ?a { << ?a ?b ?c >> ?d ?e }": "cannot read '<' here",
    "SELECT ?a { ?a ?b ?c } nonsense": "cannot read 'nonsense' here",
    "SELECT ?a { ?a ?b ~ }": "cannot read '~ }'",
}


def _algebra(text: str) -> Any:
    """Return rdflib's algebra of a query, its blank nodes and made-up variables all called blank, its sets sorted."""
    return _plain(translateQuery(parseQuery(text)).algebra)


def _plain(node: Any) -> Any:
    if isinstance(node, BNode) or (isinstance(node, Variable) and node.startswith("b_")):
        return "blank"
    if isinstance(node, Literal):
        return (repr(node.value if node.value is not None else str(node)), node.language, str(node.datatype))
    if isinstance(node, CompValue) and node.name == "TriplesBlock":  # in EXISTS, which rdflib leaves as it is parsed
        flat = [_plain(term) for triples in node.triples for term in triples]
        return tuple(sorted(zip(flat[::3], flat[1::3], flat[2::3], strict=True)))
    if isinstance(node, CompValue):
        parts = {key: _plain(value) for key, value in node.items() if key not in {"_vars", "PV"}}
        if node.name == "OrderCondition":
            parts["order"] = node.order or "ASC"
        if node.name == "Join" and parts["p1"] == ("BGP", (("triples", ()),)):
            return parts["p2"]
        return (node.name, tuple(sorted(parts.items(), key=lambda part: part[0])))
    if isinstance(node, set | frozenset):
        return tuple(sorted(map(str, node)))
    if isinstance(node, list | tuple):
        found = tuple(_plain(part) for part in node)
        return tuple(sorted(found, key=repr)) if found and all(isinstance(part, tuple) for part in found) else found
    if isinstance(node, dict):
        return tuple(sorted((str(key), str(value)) for key, value in node.items()))
    return f"{type(node).__name__} {node.n3()}" if hasattr(node, "n3") else repr(node)


def _written(text: str) -> str:
    written = write(parse_select(text, prefixes=_PREFIXES))
    return re.fullmatch(r"\{ (.*) \}", written, re.DOTALL).group(1)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", _TEXTS)
def test_a_query_is_read_as_rdflib_reads_it(name: str) -> None:
    text = _EX + _TEXTS[name]
    assert _algebra(_written(text)) == _algebra(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", _SAVED)
def test_a_saved_query_is_read_as_rdflib_reads_it(name: str) -> None:
    assert _algebra(_written(_SAVED[name])) == _algebra(_SAVED[name])


@pytest.mark.parametrize("text", _ODDITIES)
def test_what_rdflib_does_not_read_is_read(text: str) -> None:
    assert write(parse_select(text, prefixes={"ex": "urn:ex#"})) == f"{{ {_ODDITIES[text]} }}"


@pytest.mark.parametrize("text", _REFUSED)
def test_what_cannot_be_traced_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(QueryError, match=re.escape(_REFUSED[text])):
        parse_select(text, file="q.rq")


def test_a_query_nested_too_deeply_is_refused() -> None:
    depth = 20_000
    with pytest.raises(QueryError, match="nested too deeply"):
        parse_select("SELECT * " + "{" * depth + "}" * depth)
