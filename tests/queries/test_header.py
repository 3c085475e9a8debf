"""The header of a saved query."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import QueryError
from kgtool.queries.header import IGNORED_KEYS, read_query
from kgtool.queries.saved import Parameter, SavedQuery

BODY = "SELECT ?park ?year WHERE { ?park ?has ?year }\n"


def write(folder: Path, header: str, body: str = BODY) -> Path:
    file = folder / "parks.rq"
    file.write_text("".join(f"#+ {line}\n" for line in header.splitlines()) + body, encoding="utf-8")
    return file


def complaint(folder: Path, header: str, body: str = BODY) -> str:
    """Return what is wrong with a header, without the folder."""
    with pytest.raises(QueryError) as caught:
        read_query(write(folder, header, body))
    return str(caught.value).removeprefix(f"{folder}/")


def test_a_header_is_read_as_a_whole(tmp_path: Path) -> None:
    header = """\
summary: Parks by year
question:
  en: Which parks are there?
  zh-Hans: 有哪些园区？
examples:
  en: [List the parks]
  zh-Hans: [园区名单, 列出园区]
description: "All of them: really."
tags: [parks, time]
parameters:
  park:
    type: entity
    class: ip:IndustrialPark
    description: The park
  year:
    type: integer
    default: 2023
order: ordered"""
    file = write(tmp_path, header)
    assert read_query(file) == SavedQuery(
        name="parks",
        file=str(file),
        text=file.read_text(encoding="utf-8"),
        form="select",
        ordered=True,
        question={"en": "Which parks are there?", "zh-Hans": "有哪些园区？"},
        summary="Parks by year",
        description="All of them: really.",
        tags=("parks", "time"),
        parameters=(
            Parameter("park", "entity", "ip:IndustrialPark", description="The park"),
            Parameter("year", "integer", default="2023"),
        ),
        examples=(("en", "List the parks"), ("zh-Hans", "园区名单"), ("zh-Hans", "列出园区")),
    )


def test_a_query_needs_no_header(tmp_path: Path) -> None:
    query = read_query(write(tmp_path, ""))
    assert (query.name, query.summary, query.parameters, query.ordered) == ("parks", "", (), False)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "parks.rq"
    file.write_bytes("\ufeff#+ summary: 园区\r\n#+ tags: [a]\r\nASK { }\r\n".encode())
    assert read_query(file)[5:9] == ({}, "园区", "", ("a",))


def test_the_order_of_the_rows_is_that_of_order_by_unless_the_header_says_otherwise(tmp_path: Path) -> None:
    body = "SELECT ?a { ?a ?b ?c } ORDER BY ?a"
    headers = ("summary: x", "order: set", "order: ordered")
    assert [read_query(write(tmp_path, header, body)).ordered for header in headers] == [True, False, True]


@pytest.mark.parametrize("key", IGNORED_KEYS)
def test_keys_that_only_grlc_uses_are_accepted(tmp_path: Path, key: str) -> None:
    assert read_query(write(tmp_path, f"summary: x\n{key}: {{a: [1, 2]}}")).summary == "x"


def test_no_value_becomes_a_number_a_date_or_a_boolean(tmp_path: Path) -> None:
    header = "parameters:\n  park: {default: 2023-12-31}\n  year: {default: no}"
    assert [p.default for p in read_query(write(tmp_path, header)).parameters] == ["2023-12-31", "no"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("summary: x\nsumary: y", "parks.rq:2: unknown header key 'sumary'; did you mean 'summary'?"),
        (
            "zzz: y",
            (
                "parks.rq:1: unknown header key 'zzz'; there are summary, question, examples, description, tags, "
                "parameters, defaults, enumerate, order, services, endpoint, endpoint_in_url, method, mime, "
                "pagination, transform"
            ),
        ),
        ("summary: x\nsummary: y", "parks.rq:2: header key 'summary' is given twice; keep one of them"),
        ("question:\n  zh-hans: x", "parks.rq:2: unknown language 'zh-hans'; did you mean 'zh-Hans'?"),
        ("question: x", "parks.rq:1: expected 'key: value' lines, not a scalar; there are en, zh-Hans, zh-Hant"),
        ("tags: parks", "parks.rq:1: 'tags' is not a list; write '#+ tags: [one, two]'"),
        ("summary: [x]", "parks.rq:1: summary is not a text; put it in quotation marks"),
        ("order: sorted", "parks.rq:1: unknown order 'sorted'; did you mean 'ordered'?"),
        (
            "summary: x\nparameters:\n  parc:\n    type: entity",
            "parks.rq:3: parameter 'parc' is not a variable of the query; did you mean 'park'?",
        ),
        ("parameters:\n  park:\n    tipe: x", "parks.rq:3: unknown parameter key 'tipe'; did you mean 'type'?"),
        ("parameters:\n  park:\n    type: entiti", "parks.rq:3: unknown type 'entiti'; did you mean 'entity'?"),
        (
            "parameters:\n  park:\n    required: true\n    default: x",
            "parks.rq:2: parameter 'park' is required and has a default; drop one of the two",
        ),
        (
            "parameters:\n  park:\n    type: entity\n    class: Park",
            "parks.rq:2: class 'Park' is not a CURIE; write it as ip:IndustrialPark",
        ),
        (
            "parameters:\n  park:\n    class: ip:Park",
            "parks.rq:2: parameter 'park' has a class and is not an entity; write type: entity",
        ),
        (
            "parameters:\n  park:\n    choices: [a]\n    words: {b: [x]}",
            "parks.rq:2: 'b' has other words and is no choice of 'park'; name its choices: choices: […]",
        ),
        (
            "parameters:\n  park:\n    words: [x]",
            "parks.rq:3: expected 'key: value' lines, not a sequence; write one per line",
        ),
        (
            "summary: x\ndescription: a: b",
            (
                "parks.rq:2: the header is not YAML: mapping values are not allowed in this context; "
                "write '#+ key: value', and values with ':' or '?' in quotation marks"
            ),
        ),
    ],
)
def test_a_wrong_header_is_refused_with_its_line_and_the_nearest_key(tmp_path: Path, header: str, message: str) -> None:
    assert complaint(tmp_path, header) == message


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "parks.rq"
    file.write_text("# licence\n\n#+ summary: x\n# between\n#+ sumary: y\n" + BODY, encoding="utf-8")
    with pytest.raises(QueryError, match=r"parks\.rq:5: unknown header key"):
        read_query(file)


def test_an_update_is_no_saved_query(tmp_path: Path) -> None:
    assert complaint(tmp_path, "summary: x", "DELETE WHERE { ?s ?p ?o }").startswith("parks.rq: no SELECT, ASK")


def test_a_file_that_is_missing_or_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"none\.rq: cannot read the query: No such file"):
        read_query(tmp_path / "none.rq")
    (tmp_path / "bad.rq").write_bytes(b"#+ summary: \xb8\xdf\n")
    with pytest.raises(QueryError, match=r"bad\.rq: not UTF-8: byte 0xb8 at offset 12; save it as UTF-8"):
        read_query(tmp_path / "bad.rq")
