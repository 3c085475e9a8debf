"""From what a person wrote to the terms that are bound."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import AmbiguousNameError, KgError, NotFoundError, QueryError
from kgtool.queries import bind_parameters, read_query, run
from kgtool.store import Store, open_store
from kgtool.terms import IRI, Literal, Term

PREFIXES = {"ex": "https://example.org/id/", "ip": "https://w3id.org/industrial-park/ns#"}
XSD = "http://www.w3.org/2001/XMLSchema#"

DATA = """
@prefix ex: <https://example.org/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:east a ip:IndustrialPark ; skos:prefLabel "东园"@zh-Hans, "East Park"@en ; ip:founded 2001 .
ex:west a ip:IndustrialPark ; skos:prefLabel "西园"@zh-Hans, "West Park"@en ; ip:founded 2010 .
ex:optics a ip:Industry ; skos:prefLabel "光学"@zh-Hans, "Optics"@en .
ex:old-east a ip:IndustrialPark ; skos:prefLabel "旧东园"@zh-Hans ; skos:altLabel "西园"@zh-Hans .
"""

QUERY = """\
#+ parameters:
#+   park: {type: entity, class: ip:IndustrialPark}
#+   since: {type: integer, default: 2000}
SELECT ?park ?year WHERE { ?park ip:founded ?year FILTER(?year >= ?since) } ORDER BY ?year
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    file = tmp_path_factory.mktemp("parameters") / "data.ttl"
    file.write_text(DATA, encoding="utf-8")
    return open_store(file)


def ask(store: Store, folder: Path, text: str = QUERY, **given: str) -> list[str]:
    """Return the first column of a saved query's answer."""
    file = folder / "parks.rq"
    file.write_text(text, encoding="utf-8")
    rows = run(store, read_query(file), given, prefixes=PREFIXES).rows()
    return [row[0].value.removeprefix(PREFIXES["ex"]) for row in rows if row[0]]


def bound(store: Store, folder: Path, kind: str, text: str) -> Term:
    """Return the term that a parameter of a type gets."""
    file = folder / "x.rq"
    file.write_text(f"#+ parameters: {{x: {{type: {kind}}}}}\nASK {{ ?x ?y ?z }}", encoding="utf-8")
    return bind_parameters(store, read_query(file), {"x": text}, prefixes=PREFIXES)["x"]


def test_a_parameter_neither_given_nor_with_a_default_leaves_its_variable_free(store: Store, tmp_path: Path) -> None:
    assert ask(store, tmp_path) == ["east", "west"]


@pytest.mark.parametrize("name", ["东园", "東園", "east park", "ex:east", "https://example.org/id/east"])
def test_an_entity_is_given_by_any_name(store: Store, tmp_path: Path, name: str) -> None:
    assert ask(store, tmp_path, park=name) == ["east"]


def test_a_given_value_replaces_the_default(store: Store, tmp_path: Path) -> None:
    assert ask(store, tmp_path, since="2005") == ["west"]


def test_an_entity_of_another_class_is_no_choice(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing is called '光学' and is a ip:IndustrialPark"):
        ask(store, tmp_path, park="光学")


def test_an_ambiguous_entity_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(AmbiguousNameError, match=r"ex:old-east \(ip:IndustrialPark\), ex:west"):
        ask(store, tmp_path, park="西园")


@pytest.mark.parametrize("word", ["new", "新", "最新的", "NEWEST"])
def test_a_choice_may_be_given_by_another_word(store: Store, tmp_path: Path, word: str) -> None:
    text = """\
#+ parameters:
#+   which:
#+     choices: [new, old]
#+     words: {new: [新, 最新的, newest], old: [舊]}
SELECT ?park { ?park ip:founded ?year FILTER(IF(?which = "new", ?year > 2005, ?year <= 2005)) }
"""
    assert ask(store, tmp_path, text, which=word) == ["west"]
    assert ask(store, tmp_path, text, which="旧") == ["east"]
    with pytest.raises(QueryError, match="'newish' is not one of its choices; did you mean 'new'"):
        ask(store, tmp_path, text, which="newish")


def test_a_required_parameter_must_be_given(store: Store, tmp_path: Path) -> None:
    text = QUERY.replace("IndustrialPark}", "IndustrialPark, required: true}")
    with pytest.raises(QueryError, match=r"query 'parks' needs parameter 'park'; add park=…"):
        ask(store, tmp_path, text)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("parc", "did you mean 'park'\\?"), ("zzz", "it has park, since"), ("since}", "did you mean 'since'\\?")],
)
def test_an_unknown_parameter_is_refused_with_the_nearest(store: Store, tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(QueryError, match=f"query 'parks' has no parameter '{name}'; {hint}"):
        ask(store, tmp_path, **{name: "x"})


def test_a_class_with_an_unknown_prefix_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="parameter 'park': unknown prefix in class 'foaf:Park'"):
        ask(store, tmp_path, QUERY.replace("ip:IndustrialPark", "foaf:Park"), park="东园")


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        ("string", " a\nb ", Literal(" a\nb ")),
        ("integer", "+12", Literal("+12", None, XSD + "integer")),
        ("decimal", "-12.50", Literal("-12.50", None, XSD + "decimal")),
        ("decimal", "12", Literal("12", None, XSD + "decimal")),
        ("date", "2024-02-29", Literal("2024-02-29", None, XSD + "date")),
        ("boolean", "True", Literal("true", None, XSD + "boolean")),
        ("boolean", "0", Literal("false", None, XSD + "boolean")),
        ("iri", "ex:a", IRI("https://example.org/id/a")),
        ("iri", "<https://example.org/园>", IRI("https://example.org/园")),
        ("iri", "urn:uuid:1", IRI("urn:uuid:1")),
    ],
)
def test_a_value_becomes_a_term_of_its_type(store: Store, tmp_path: Path, kind: str, text: str, term: Term) -> None:
    assert bound(store, tmp_path, kind, text) == term


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("integer", text) for text in ("", "1.5", "一", "１２", "1_000", "0x1", "--1", "+", "1 2")),
        *(("decimal", text) for text in ("", ".", "1e3", "1,5", "½", "NaN", "1.2.3", "-")),
        *(("date", text) for text in ("", "2023", "2023-13-01", "2023-02-29", "20230101", "2023-W01-1", "2023-1-01x")),
        *(("boolean", text) for text in ("", "yes", "是", "2")),
        *(("iri", text) for text in ("", "foo:a", "a b", "ex:a> } #", "<x", "https://x/{y}", "park", "ex:a\nb")),
        ("string", "\udcff"),
    ],
)
def test_a_value_of_another_type_is_refused(store: Store, tmp_path: Path, kind: str, text: str) -> None:
    with pytest.raises(QueryError, match="parameter 'x': "):
        bound(store, tmp_path, kind, text)


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '" } #',
        "} UNION { ?park ?p ?o } #",
        "ex:east> . ?s ?p ?o } #",
        "<https://example.org/id/east> ) } #",
        "东园\n} #",
        "东园\r",
        "东园\0",
        "\u202e东园",
        "东园\u2066",
        "\\u0022 } #",
        "'''",
        "?park",
        "$since",
        "# x",
        "{{{{",
        "; DROP ALL",
    ],
)
def test_a_value_is_never_a_part_of_the_query(store: Store, tmp_path: Path, text: str) -> None:
    for name in ("park", "since"):
        if text.strip() == "东园":
            continue
        with pytest.raises(KgError) as caught:
            ask(store, tmp_path, **{name: text})
        assert str(caught.value).isprintable()
    string = "#+ parameters: {x: {type: string}}\nSELECT ?x { ?x ?y ?z }"
    assert ask(store, tmp_path, string, x=text) == []
    string = "#+ parameters: {x: {type: string}}\nSELECT ?x { }"
    assert ask(store, tmp_path, string, x=text) == [text]


def test_a_syntax_error_names_the_file_line_and_column(store: Store, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"parks\.rq:2: syntax error .*, column \d+"):
        ask(store, tmp_path, "SELECT ?x {\n ?x ?y } }")
