"""The embedded engine behind the store's interface."""

from __future__ import annotations

import io
import json
import socket
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kgtool.errors import DataError, QueryError, StoreError
from kgtool.store import Store, open_store
from kgtool.store.xml import XMLStream
from kgtool.terms import IRI, Literal, n3

_DATA = """\
@prefix ex: <urn:ex:> .
ex:a ex:label "高新区"@zh-Hans ; ex:value 12.50 ; ex:name "plain" .
GRAPH ex:s1 { ex:a ex:knows ex:b }
GRAPH ex:s2 { ex:a ex:knows ex:b, ex:c }
"""
_PREFIXES = {"ex": "urn:ex:"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    file = tmp_path / "data.trig"
    file.write_text(_DATA, encoding="utf-8")
    return open_store(file)


def _written(store: Store, query: str, format_name: str) -> str:
    stream = io.BytesIO()
    store.query(query, prefixes=_PREFIXES).write(stream, format_name)
    return stream.getvalue().decode("utf-8")


# Reading -------------------------------------------------------------------------------------------------------------


def test_file_keeps_its_default_and_named_graphs(store: Store) -> None:
    assert store.graphs() == [IRI("urn:ex:s1"), IRI("urn:ex:s2")]
    assert [store.count(), store.count(IRI("urn:ex:s1")), store.count(IRI("urn:ex:s2"))] == [3, 1, 2]


def test_several_files_are_one_store_and_their_blank_nodes_stay_apart(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text("_:x <urn:p> 1 .", encoding="utf-8")
    assert open_store([tmp_path / "a.ttl", tmp_path / "b.ttl"]).count() == 2


def test_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_bytes(b"\xef\xbb\xbf<urn:a> <urn:p> 1 .")
    assert open_store(tmp_path / "a.ttl").count() == 1


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_store(tmp_path / "无.ttl")
    assert (
        str(error.value) == f"{tmp_path}/无.ttl: cannot read it: No such file or directory; give RDF files that exist"
    )


def test_syntax_error_has_file_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text('<urn:a> <urn:p> "高新区" .\n<urn:a> <urn:p> .\n', encoding="utf-8")
    with pytest.raises(DataError) as error:
        open_store(file)
    assert (error.value.file, error.value.line) == (str(file), 2)
    assert str(error.value).startswith(f"{file}:2: syntax error at column 17: ")


def test_unknown_prefix_in_data_says_where_to_declare_it(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("<urn:a> <urn:p>\n  foaf:Person .\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        open_store(file)
    assert str(error.value) == (
        f"{file}:2: unknown prefix 'foaf'; add '@prefix foaf: <…> .' at the top and to ontology/prefixes.ttl"
    )


def test_bytes_that_are_not_utf8_are_an_error_with_a_line(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_bytes("<urn:a> <urn:p> 1 .\n<urn:a> <urn:p> '昆明' .".encode("gb18030"))
    with pytest.raises(DataError) as error:
        open_store(file)
    assert error.value.line == 2
    assert "UTF-8" in str(error.value)


def test_folder_without_a_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_store(tmp_path)
    assert str(error.value) == f"{tmp_path}: holds no store; give a folder that 'kgtool build' names, or RDF files"


# Answers -------------------------------------------------------------------------------------------------------------


def test_select_gives_rows_of_plain_terms(store: Store) -> None:
    result = store.query("SELECT ?p ?o ?none { ex:a ?p ?o } ORDER BY ?p", prefixes=_PREFIXES)
    assert (result.form, result.variables) == ("select", ("p", "o", "none"))
    assert list(result.rows()) == [
        (IRI("urn:ex:label"), Literal("高新区", "zh-hans"), None),
        (IRI("urn:ex:name"), Literal("plain"), None),
        (IRI("urn:ex:value"), Literal("12.5", None, "http://www.w3.org/2001/XMLSchema#decimal"), None),
    ]


def test_ask_gives_a_boolean(store: Store) -> None:
    result = store.query("ASK { ex:a ex:name 'plain' }", prefixes=_PREFIXES)
    assert (result.form, result.boolean) == ("ask", True)


def test_construct_gives_triples(store: Store) -> None:
    result = store.query("CONSTRUCT { ?s ex:is ?o } { ?s ex:name ?o }", prefixes=_PREFIXES)
    assert result.form == "graph"
    assert list(result.triples()) == [(IRI("urn:ex:a"), IRI("urn:ex:is"), Literal("plain"))]


def test_default_graph_is_not_the_union(store: Store) -> None:
    assert not store.query("ASK { ex:a ex:knows ex:b }", prefixes=_PREFIXES).boolean


def test_own_prefix_of_a_query_wins_over_a_given_one(store: Store) -> None:
    query = "PREFIX ex: <urn:other:> SELECT ?o { ex:a ex:name ?o }"
    assert list(store.query(query, prefixes=_PREFIXES).rows()) == []


def test_binding_reaches_filters_and_can_be_selected(store: Store) -> None:
    query = "SELECT ?who ?g { GRAPH ?g { ?s ex:knows ?o FILTER(?o = ?who) } } ORDER BY ?g"
    rows = store.query(query, bindings={"who": IRI("urn:ex:c")}, prefixes=_PREFIXES).rows()
    assert list(rows) == [(IRI("urn:ex:c"), IRI("urn:ex:s2"))]


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_engine_writes_rows_as_utf8(store: Store, form: str) -> None:
    written = _written(store, "SELECT ?o { ex:a ex:label ?o }", form)
    assert "高新区" in written


def test_csv_is_what_the_standard_says(store: Store) -> None:
    assert _written(store, "SELECT ?s ?o { ?s ex:label ?o }", "csv") == "s,o\r\nurn:ex:a,高新区\r\n"


def test_json_of_an_ask(store: Store) -> None:
    assert json.loads(_written(store, "ASK {}", "json")) == {"head": {}, "boolean": True}


@pytest.mark.parametrize("form", ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"])
def test_engine_writes_triples_that_read_back(store: Store, tmp_path: Path, form: str) -> None:
    from kgtool.formats import FORMATS

    file = tmp_path / f"out{FORMATS[form].extensions[0]}"
    file.write_text(_written(store, "CONSTRUCT WHERE { ?s ex:label ?o }", form), encoding="utf-8")
    again = open_store(file).query("SELECT ?s ?p ?o { ?s ?p ?o }")
    assert list(again.rows()) == [(IRI("urn:ex:a"), IRI("urn:ex:label"), Literal("高新区", "zh-hans"))]


def test_turtle_uses_the_prefixes_of_the_query(store: Store) -> None:
    written = _written(store, "PREFIX my: <urn:ex:> CONSTRUCT WHERE { my:a my:name ?o }", "turtle")
    assert written == '@prefix my: <urn:ex:> .\nmy:a my:name "plain" .\n'


def test_rows_do_not_fit_into_turtle(store: Store) -> None:
    with pytest.raises(QueryError, match="format 'turtle' holds triples, not rows"):
        _written(store, "SELECT ?s { ?s ?p ?o }", "turtle")


def test_error_of_the_stream_is_not_called_one_of_the_store(store: Store) -> None:
    class Closed(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        store.query("SELECT ?s { ?s ?p ?o }").write(Closed(), "csv")  # type: ignore[arg-type]


# Queries that are wrong ----------------------------------------------------------------------------------------------


def _refused(store: Store, query: str, *, file: object = None) -> str:
    with pytest.raises(QueryError) as error:
        store.query(query, prefixes=_PREFIXES, file=file, bindings={"s": IRI("urn:ex:a")})
    return str(error.value)


def test_syntax_error_names_line_and_column_of_the_text_as_written(store: Store) -> None:
    assert _refused(store, 'SELECT ?s {\n  ?s ex:label "昆明" .\n  ?s ?p }') == (
        "syntax error near '?s ?p }', line 3, column 10"
    )


def test_syntax_error_of_a_file_is_on_its_line(store: Store) -> None:
    assert _refused(store, "SELECT ?s\n{ ?s ?p ?o", file="queries/x.rq") == (
        "queries/x.rq:2: syntax error near '{ ?s ?p ?o', column 11"
    )


def test_unknown_prefix_offers_the_near_one(store: Store) -> None:
    assert _refused(store, "SELECT ?s {\n ?s exx:label ?o }", file="queries/x.rq") == (
        "queries/x.rq:2: unknown prefix 'exx', column 5; did you mean ex? Else declare it: PREFIX exx: <…>"
    )


def test_unknown_prefix_is_found_although_another_is_declared_behind_a_hash(store: Store) -> None:
    assert _refused(store, "PREFIX a: <urn:a#> SELECT ?s { ?s a:b foo:c }").startswith(
        "unknown prefix 'foo', line 1, column 39"
    )


def test_syntax_error_after_the_last_line_is_on_the_last_line(store: Store) -> None:
    assert _refused(store, "SELECT ?s {\n ?s ?p ?o\n\n\n") == "syntax error near '?s ?p ?o', line 2, column 9"


def test_update_is_not_a_query(store: Store) -> None:
    assert _refused(store, "INSERT DATA { ex:a ex:b ex:c }") == (
        "not a query; a query has SELECT, ASK, CONSTRUCT or DESCRIBE; stores are read-only"
    )


def test_variable_outside_its_group_is_explained(store: Store) -> None:
    assert _refused(store, "SELECT ?s ?o { ?s ?p ?o } GROUP BY ?s") == (
        "a selected variable is not in GROUP BY; put it into GROUP BY or into an aggregate"
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:%d/> { ?s ?p ?o } }",
        "PREFIX x: <http://127.0.0.1:%d/> SELECT * { SERVICEx:a { ?s ?p ?o } }",
        "PREFIX x: <http://127.0.0.1:%d/> SELECT * { ?s ?p 1.SERVICE x:a { ?s ?p ?o } }",
    ],
)
def test_service_is_refused_and_nothing_is_sent(store: Store, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        message = _refused(store, query % server.getsockname()[1])
        with pytest.raises(TimeoutError):
            server.accept()
    assert message == (
        "SERVICE is off: a query reads this store and nothing else; "
        "load the other graph's file and query both, or allow it: --allow-service of query and serve"
    )


def test_word_service_elsewhere_is_fine(store: Store) -> None:
    query = "SELECT ?service { ?service ex:service 'SERVICE' } # SERVICE <urn:x>"
    assert list(store.query(query, prefixes=_PREFIXES).rows()) == []


def test_from_reads_a_graph_of_the_store_and_fetches_nothing(store: Store) -> None:
    assert store.query("SELECT ?o FROM ex:s2 { ?s ?p ?o }", prefixes=_PREFIXES).variables == ("o",)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/data.ttl"
        assert list(store.query(f"SELECT ?s FROM <{address}> {{ ?s ?p ?o }}").rows()) == []
        with pytest.raises(TimeoutError):
            server.accept()


def test_relative_names_in_a_file_start_from_its_address(tmp_path: Path) -> None:
    file = tmp_path / "with space.ttl"
    file.write_text("<> <urn:p> <#part> .", encoding="utf-8")
    address = file.as_uri()
    rows = list(open_store(file).query("SELECT ?s ?o { ?s ?p ?o }").rows())
    assert rows == [(IRI(address), IRI(f"{address}#part"))]


_HOSTILE = "bell \x07, escape \x1b[31m, return \r\n, < & ]]> \ufffe \U0001f600"


@pytest.mark.parametrize(
    ("query", "form"),
    [("SELECT ?o { ?s <urn:p> ?o }", "xml"), ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "rdfxml")],
)
def test_xml_is_well_formed_whatever_a_label_holds(tmp_path: Path, query: str, form: str) -> None:
    file = tmp_path / "hostile.nt"
    file.write_text(f"<urn:s> <urn:p> {n3(Literal(_HOSTILE))} .", encoding="utf-8")
    stream = io.BytesIO()
    open_store(file).query(query).write(stream, form)
    texts = "".join(ET.fromstring(stream.getvalue()).itertext()).strip()
    assert texts == "bell ␇, escape ␛[31m, return \r\n, < & ]]> \ufffd \U0001f600"


def test_a_character_cut_in_two_is_written_whole() -> None:
    stream = io.BytesIO()
    whole = XMLStream(stream)
    for byte in "a\uffff\ufffdb\uff08！".encode():
        whole.write(bytes([byte]))
    whole.finish()
    assert stream.getvalue().decode() == "a\ufffd\ufffdb\uff08！"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT * { ?s ?p ?o }", ("s", "p", "o")),
        ("PREFIX select: <urn:x>\nselect distinct *\nWHERE { ?z ?b ?c BIND(1 AS ?a) }", ("z", "b", "c", "a")),
        ("SELECT\n*{ GRAPH ?g { ?s $p ?a } FILTER NOT EXISTS { ?x ?y ?z } }", ("g", "s", "p", "a")),
        ("SELECT REDUCED * { { SELECT (COUNT(*) AS ?n) { ?b ?a ?c } } VALUES ?m { 1 } }", ("n", "m")),
        ("SELECT ?o (2 * 3 AS ?n) { ?s ?p ?o }", ("o", "n")),
        ("SELECT * { <urn:ex:a> <urn:ex:knows> <urn:ex:b> }", ()),
    ],
)
def test_star_selects_variables_in_the_order_of_the_text(store: Store, query: str, names: tuple[str, ...]) -> None:
    assert store.query(query).variables == names
