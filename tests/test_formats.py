"""Formats by name and by file extension."""

from __future__ import annotations

import pytest

from kgtool.errors import QueryError
from kgtool.formats import FORMATS, format_for_path, format_named, formats_for


def test_names_are_the_contract() -> None:
    assert list(FORMATS) == [
        *("table", "csv", "tsv", "json", "xml", "markdown"),
        *("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"),
    ]


def test_no_two_formats_of_one_kind_share_an_extension_or_a_media_type() -> None:
    for kind in ("select", "graph"):
        forms = [FORMATS[name] for name in formats_for(kind)]
        for values in ([e for f in forms for e in f.extensions], [m for f in forms for m in f.media_types]):
            assert len(values) == len(set(values)), kind


def test_unknown_name_lists_what_fits() -> None:
    with pytest.raises(QueryError) as error:
        format_named("excel", kind="select")
    assert str(error.value) == "no format 'excel'; use table, csv, tsv, json, xml or markdown"


def test_format_that_cannot_carry_rows_lists_those_that_can() -> None:
    with pytest.raises(QueryError) as error:
        format_named("turtle", kind="select")
    assert str(error.value) == "format 'turtle' holds triples, not rows; use table, csv, tsv, json, xml or markdown"


def test_named_graphs_do_not_fit_into_turtle() -> None:
    with pytest.raises(QueryError) as error:
        format_named("turtle", kind="dataset")
    assert str(error.value) == "format 'turtle' holds triples, not triples in named graphs; use trig, nquads or jsonld"


@pytest.mark.parametrize(("path", "name"), [("a.ttl", "turtle"), ("昆明.NQ", "nquads"), ("x.y.rdf", "rdfxml")])
def test_extension_names_the_format(path: str, name: str) -> None:
    assert format_for_path(path, kind="graph").name == name


def test_unknown_extension_names_the_file_and_the_known_ones() -> None:
    with pytest.raises(QueryError) as error:
        format_for_path("out/parks.docx", kind="graph")
    assert str(error.value) == (
        "out/parks.docx: no format for triples has the extension '.docx'; use .ttl, .trig, .nt, .nq, .jsonld or .rdf"
    )
