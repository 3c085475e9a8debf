"""Query files as grlc knows them: parameters in the names of variables, defaults, enumerations."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import QueryError
from kgtool.queries import Choice, bind_parameters, choices_of, read_query, run
from kgtool.queries.header import adhoc_query
from kgtool.queries.saved import Parameter
from kgtool.store import Store, open_store
from kgtool.terms import IRI, Literal, Term

EX = "https://example.org/id/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"ex": EX}

DATA = """
@prefix ex: <https://example.org/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:band-a a ex:Band ; ex:genre ex:rock ; ex:founded 1999 ; ex:name "A"@en ; ex:rating 4.5 .
ex:band-b a ex:Band ; ex:genre ex:jazz ; ex:founded 2010 ; ex:name "乙"@zh ; ex:since "2010-01-02"^^xsd:date .
ex:rock rdfs:label "Rock"@en .
ex:jazz rdfs:label "Jazz"@en .
"""

#: A file as grlc's users write it, with every decorator that it documents.
PLAIN = """\
#+ summary: The bands of a genre,
#+    with their albums
#+ description: Extended description of my query.
#+ endpoint: https://dbpedia.org/sparql
#+ endpoint_in_url: False
#+ method: GET
#+ pagination: 100
#+ tags:
#+   - firstTag
#+   - secondTag
#+ defaults:
#+   - genre: https://example.org/id/rock
#+ enumerate:
#+   - genre:
#+     - https://example.org/id/rock
#+     - https://example.org/id/jazz
#+ transform: {
#+     "key": "?p",
#+     "value": "?o",
#+     "$anchor": "key"
#+   }

PREFIX ex: <https://example.org/id/>

SELECT ?band WHERE { ?band a ex:Band ; ex:genre ?_genre_iri } ORDER BY ?band
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    file = tmp_path_factory.mktemp("grlc") / "data.ttl"
    file.write_text(DATA, encoding="utf-8")
    return open_store(file)


def write(folder: Path, text: str) -> Path:
    file = folder / "bands.rq"
    file.write_text(text, encoding="utf-8")
    return file


def ask(store: Store, folder: Path, text: str, **given: str) -> list[str]:
    """Return the first column of a query's answer."""
    rows = run(store, read_query(write(folder, text)), given, prefixes=PREFIXES).rows()
    return [row[0].value.removeprefix(EX) for row in rows if row[0]]


def bound(store: Store, folder: Path, variable: str, text: str) -> Term:
    """Return the term that a variable gets; its parameter is called x."""
    query = read_query(write(folder, f"PREFIX ex: <{EX}> ASK {{ ?s ?p ?{variable} }}"))
    return bind_parameters(store, query, {"x": text}, prefixes=PREFIXES)[variable]


def complaint(folder: Path, text: str) -> str:
    """Return what is wrong with a file, without the folder."""
    with pytest.raises(QueryError) as caught:
        read_query(write(folder, text))
    return str(caught.value).removeprefix(f"{folder}/")


def test_a_plain_grlc_file_is_a_saved_query(store: Store, tmp_path: Path) -> None:
    query = read_query(write(tmp_path, PLAIN))
    assert (query.summary, query.tags) == ("The bands of a genre, with their albums", ("firstTag", "secondTag"))
    assert query.description == "Extended description of my query."
    assert query.parameters == (
        Parameter("genre", "iri", default=EX + "rock", choices=(EX + "rock", EX + "jazz"), written_as="_genre_iri"),
    )
    assert ask(store, tmp_path, PLAIN) == ["band-a"]
    assert ask(store, tmp_path, PLAIN, genre=EX + "jazz") == ["band-b"]
    assert ask(store, tmp_path, PLAIN, genre="ex:jazz") == ["band-b"]


def test_a_value_that_is_not_enumerated_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"parameter 'genre': 'ex:folk' is not one of its choices; there are https"):
        ask(store, tmp_path, PLAIN, genre="ex:folk")


@pytest.mark.parametrize(
    ("variable", "parameter"),
    [
        ("_x", Parameter("x", required=True)),
        ("__x", Parameter("x")),
        ("_x_iri", Parameter("x", "iri", required=True)),
        ("__x_iri", Parameter("x", "iri")),
        ("_x_number", Parameter("x", "number", required=True)),
        ("_x_literal", Parameter("x", required=True)),
        ("_x_string", Parameter("x", required=True)),
        ("_x_xsd_string", Parameter("x", required=True, datatype=XSD + "string")),
        ("_x_en", Parameter("x", required=True, language="en")),
        ("_x_integer", Parameter("x", "integer", required=True, datatype=XSD + "integer")),
        ("_x_double", Parameter("x", "number", required=True, datatype=XSD + "double")),
        ("_x_xsd_date", Parameter("x", "date", required=True, datatype=XSD + "date")),
        ("_x_xsd_gYear", Parameter("x", required=True, datatype=XSD + "gYear")),
        ("_x_ID", Parameter("x", required=True, datatype=XSD + "ID")),
        ("_x_weird_type", Parameter("x", required=True, datatype="urn:weird#type")),
        ("_x_name", Parameter("x", required=True)),
        ("_x_", Parameter("x", required=True)),
        ("_园区_iri", Parameter("园区", "iri", required=True)),
    ],
)
def test_the_name_of_a_variable_says_what_its_parameter_is(tmp_path: Path, variable: str, parameter: Parameter) -> None:
    query = read_query(write(tmp_path, f"PREFIX weird: <urn:weird#> ASK {{ ?s ?p ?{variable} }}"))
    assert query.parameters == (parameter._replace(written_as=variable),)


@pytest.mark.parametrize("variable", ["x", "x_iri", "___x", "_", "__agg_1__"])
def test_other_variables_are_no_parameters(tmp_path: Path, variable: str) -> None:
    assert read_query(write(tmp_path, f"ASK {{ ?s ?p ?{variable} }}")).parameters == ()


def test_parameters_come_in_the_order_of_the_text(tmp_path: Path) -> None:
    text = "SELECT ?z { ?_z_iri ?p ?_b . ?_ab ?p ?_a }"
    assert [one.name for one in read_query(write(tmp_path, text)).parameters] == ["z", "b", "ab", "a"]


@pytest.mark.parametrize(
    ("variable", "text", "term"),
    [
        ("_x", 'a "quoted" one', Literal('a "quoted" one')),
        ("_x_en", "A", Literal("A", "en")),
        ("_x_iri", "ex:rock", IRI(EX + "rock")),
        ("_x_number", "4", Literal("4", None, XSD + "integer")),
        ("_x_number", "4.5", Literal("4.5", None, XSD + "decimal")),
        ("_x_number", "-4.5E3", Literal("-4.5E3", None, XSD + "double")),
        ("_x_nonNegativeInteger", "4", Literal("4", None, XSD + "nonNegativeInteger")),
        ("_x_float", "4", Literal("4", None, XSD + "float")),
        ("_x_date", "2010-01-02", Literal("2010-01-02", None, XSD + "date")),
        ("_x_dateTime", "2010-01-02T03:04:05Z", Literal("2010-01-02T03:04:05Z", None, XSD + "dateTime")),
        ("_x_xsd_gYear", "2010", Literal("2010", None, XSD + "gYear")),
        ("_x_string", "a", Literal("a")),
        ("_x_xsd_string", "a", Literal("a")),
        ("_x_typ_colour", "red", Literal("red", None, EX + "colour")),
    ],
)
def test_a_value_is_bound_as_the_term_its_variable_names(
    store: Store, tmp_path: Path, variable: str, text: str, term: Term
) -> None:
    query = read_query(write(tmp_path, f"PREFIX typ: <{EX}> ASK {{ ?s ?p ?{variable} }}"))
    assert bind_parameters(store, query, {"x": text}, prefixes=PREFIXES) == {variable: term}


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("_x_number", "4e"),
        ("_x_number", "4 } #"),
        ("_x_integer", "4.5"),
        ("_x_xsd_date", "2010"),
        ("_x_dateTime", "2010-01-02"),
        ("_x_dateTime", "2010-01-02T25:00:00"),
        ("_x_dateTime", "2010-01-02T0304:05"),
        ("_x_iri", "rock> } #"),
    ],
)
def test_a_value_of_another_type_is_refused(store: Store, tmp_path: Path, variable: str, text: str) -> None:
    with pytest.raises(QueryError, match="parameter 'x': "):
        bound(store, tmp_path, variable, text)


def test_a_required_parameter_must_be_given_and_an_optional_one_need_not(store: Store, tmp_path: Path) -> None:
    text = "PREFIX ex: <https://example.org/id/> SELECT ?band { ?band ex:founded MARK } ORDER BY ?band"
    with pytest.raises(QueryError, match=r"query 'bands' needs parameter 'year'; add year=…"):
        ask(store, tmp_path, text.replace("MARK", "?_year_integer"))
    assert ask(store, tmp_path, text.replace("MARK", "?__year_integer")) == ["band-a", "band-b"]
    assert ask(store, tmp_path, text.replace("MARK", "?__year_integer"), year="1999") == ["band-a"]


def test_a_language_is_part_of_the_value(store: Store, tmp_path: Path) -> None:
    text = "PREFIX ex: <https://example.org/id/> SELECT ?band { ?band ex:name ?_name_zh }"
    assert ask(store, tmp_path, text, name="乙") == ["band-b"]
    assert ask(store, tmp_path, text, name="A") == []


@pytest.mark.parametrize("defaults", ["[{genre: ex:jazz}]", "{genre: ex:jazz}", "[{_genre_iri: ex:jazz}]"])
def test_a_default_is_given_as_a_list_or_as_a_mapping(store: Store, tmp_path: Path, defaults: str) -> None:
    text = f"#+ defaults: {defaults}\nSELECT ?band {{ ?band <{EX}genre> ?_genre_iri }}"
    assert ask(store, tmp_path, text) == ["band-b"]


@pytest.mark.parametrize("enumerate_", ["[genre]", "genre", "[_genre_iri]"])
def test_a_mere_name_is_enumerated_from_the_graph(store: Store, tmp_path: Path, enumerate_: str) -> None:
    text = f"#+ enumerate: {enumerate_}\nSELECT ?band {{ ?band <{EX}genre> ?_genre_iri }} ORDER BY ?band LIMIT 1"
    query = read_query(write(tmp_path, text))
    assert choices_of(store, query, query.parameters[0], prefixes=PREFIXES) == [
        Choice("ex:jazz", "Jazz"),
        Choice("ex:rock", "Rock"),
    ]


def test_named_choices_are_shown_by_their_labels_in_their_own_order(store: Store, tmp_path: Path) -> None:
    query = read_query(write(tmp_path, PLAIN))
    assert choices_of(store, query, query.parameters[0], prefixes=PREFIXES) == [
        Choice(EX + "rock", "Rock"),
        Choice(EX + "jazz", "Jazz"),
    ]


def test_a_parameter_of_a_class_offers_its_instances(store: Store, tmp_path: Path) -> None:
    text = "#+ parameters: {band: {type: entity, class: ex:Band}}\nSELECT ?band { ?band ?p ?o }"
    query = read_query(write(tmp_path, text))
    assert choices_of(store, query, query.parameters[0], prefixes=PREFIXES) == [
        Choice("ex:band-a", "ex:band-a"),
        Choice("ex:band-b", "ex:band-b"),
    ]


def test_any_other_parameter_offers_nothing(store: Store, tmp_path: Path) -> None:
    query = read_query(write(tmp_path, "SELECT ?band { ?band ?p ?_name }"))
    assert choices_of(store, query, query.parameters[0], prefixes=PREFIXES) == []


def test_the_header_may_say_more_of_a_parameter_than_its_variable_does(tmp_path: Path) -> None:
    text = """\
#+ parameters:
#+   genre: {type: entity, class: ex:Genre, description: The genre, default: ex:rock}
#+   name: {choices: [A, B]}
SELECT ?genre { ?band ?p ?_genre_iri ; ?name ?_year_gYear }
"""
    assert read_query(write(tmp_path, text)).parameters == (
        Parameter("genre", "entity", "ex:Genre", False, "ex:rock", "The genre", written_as="_genre_iri"),
        Parameter("year", required=True, written_as="_year_gYear", datatype=XSD + "gYear"),
        Parameter("name", choices=("A", "B")),
    )


def test_a_text_without_a_header_has_optional_parameters() -> None:
    query = adhoc_query("SELECT ?x { ?x ?_p_iri ?_y }", source="-q")
    assert query.parameters == (Parameter("p", "iri", written_as="_p_iri"), Parameter("y", written_as="_y"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "#+ defaults: [{genra: x}]\nASK { ?s ?p ?_genre }",
            "bands.rq:1: 'genra' is not a parameter of the query; did you mean 'genre'?",
        ),
        (
            "#+ summary: x\n#+ enumerate:\n#+   - y\nASK { ?s ?p ?_genre }",
            "bands.rq:3: 'y' is not a parameter of the query; use ?_y in it",
        ),
        (
            "#+ defaults: [genre]\nASK { ?s ?p ?_genre }",
            "bands.rq:1: 'genre' has no default; write '#+   - genre: value'",
        ),
        (
            "#+ defaults: [{genre: a}, {genre: b}]\nASK { ?s ?p ?_genre }",
            "bands.rq:1: parameter 'genre' has two defaults; keep one of them",
        ),
        (
            "#+ enumerate: [{genre: a}]\nASK { ?s ?p ?_genre }",
            "bands.rq:1: 'genre' is not a list; write '#+ genre: [one, two]'",
        ),
        (
            "ASK {\n?s ?p ?_genre_iri\n; ?q ?__genre }",
            "bands.rq:3: ?_genre_iri and ?__genre are both parameter 'genre'; give one of them another name",
        ),
        (
            "ASK {\n?s ?p ?_genre_foo_bar }",
            (
                "bands.rq:2: ?_genre_foo_bar has datatype foo:bar, whose prefix the query does not declare; "
                "write 'PREFIX foo: <…>', or call the variable otherwise"
            ),
        ),
        ("#+ licence: x\nASK { }", "bands.rq:1: unknown header key 'licence'; there are summary, question, "),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert complaint(tmp_path, text).startswith(message)
