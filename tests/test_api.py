"""The graph in Python."""

from __future__ import annotations

import copy
import doctest
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import rdflib

import kgtool
from kgtool.api import Graph, Row, open_graph
from kgtool.api.conversion import to_rdflib
from kgtool.errors import KgError, NotFoundError, ProjectError, QueryError, StoreError
from kgtool.project import Project
from kgtool.terms import Literal

IP = "https://w3id.org/industrial-park/ns#"
EX = "https://example.org/tiny/id/"
PARK, OPTICS = rdflib.URIRef(EX + "harbour-park"), rdflib.URIRef(EX + "optics")

QUERIES = {
    "parks-of": """\
#+ parameters:
#+   industry: {type: entity, default: ex:optics}
#+   since: {type: date}
SELECT ?park ?industry ?since { ?park ip:hasLeadingIndustry ?industry } ORDER BY ?park
""",
    "is-leading": "ASK { ?_park_iri ip:hasLeadingIndustry ?__industry_iri }",
    "network": "CONSTRUCT { ?park ip:hasIndustry ?industry } WHERE { ?park ip:hasLeadingIndustry ?industry }",
}


@pytest.fixture(scope="module")
def graph(built_project: Project) -> Iterator[Graph]:
    files = [built_project.root / "queries" / f"{name}.rq" for name in QUERIES]
    for file, text in zip(files, QUERIES.values(), strict=True):
        file.write_text(text, encoding="utf-8")
    yield open_graph(project=built_project, language="en")
    for file in files:
        file.unlink()


def file_of(folder: Path, turtle: str) -> Path:
    file = folder / "data.ttl"
    file.write_text(f"@prefix : <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . {turtle}", "utf-8")
    return file


def test_importing_the_package_imports_nothing_else() -> None:
    script = "import sys; before = set(sys.modules); import kgtool; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "['kgtool']\n"


def test_the_package_opens_graphs_and_has_no_other_name() -> None:
    assert kgtool.open_graph is open_graph
    with pytest.raises(AttributeError, match="no attribute 'open_grahp'"):
        kgtool.open_grahp  # noqa: B018


# Opening -------------------------------------------------------------------------------------------------------------


def test_a_project_is_built_on_the_way(tiny_project: Project) -> None:
    text = "ASK { ex:harbour-park ip:hasLeadingIndustry ex:optics }"
    assert open_graph(project=tiny_project).ask(text)
    assert open_graph(project=tiny_project.root).ask(text)


def test_a_file_is_read_with_the_prefixes_and_queries_of_the_project(tmp_path: Path, tiny_project: Project) -> None:
    file = file_of(tmp_path, f"<{PARK}> <{IP}hasLeadingIndustry> <{OPTICS}> .")
    assert open_graph(file, project=tiny_project).run("leading-industries")[0].industry == OPTICS


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.ttl: cannot read it"):
        open_graph(tmp_path / "none.ttl")
    with pytest.raises(ProjectError, match="not a project"):
        open_graph(project=tmp_path)


def test_a_graph_says_what_it_is(graph: Graph) -> None:
    assert repr(graph).startswith("<Graph of ")
    assert repr(graph).endswith(" triples>")


# Asking --------------------------------------------------------------------------------------------------------------


def test_a_saved_query_is_asked_as_a_person_would(graph: Graph) -> None:
    rows = graph.run("parks-of", industry="光学", since="2023-01-01")
    assert [tuple(row) for row in rows] == [
        (PARK, OPTICS, rdflib.Literal("2023-01-01", datatype=rdflib.XSD.date)),
    ]


@pytest.mark.parametrize("since", [date(2023, 1, 1), rdflib.Literal(date(2023, 1, 1)), "2023-01-01"])
def test_a_value_may_be_pythons_or_rdflibs(graph: Graph, since: object) -> None:
    (row,) = graph.run("parks-of", industry=OPTICS, since=since)
    assert row.since == rdflib.Literal("2023-01-01", datatype=rdflib.XSD.date)


def test_a_value_of_none_is_not_given(graph: Graph) -> None:
    (row,) = graph.run("parks-of", since=None)
    assert row.since is None


def test_all_saved_queries_are_at_hand(graph: Graph) -> None:
    assert set(graph.queries) >= set(QUERIES)


def test_a_text_knows_the_prefixes_and_gets_its_values_as_terms(graph: Graph) -> None:
    text = "SELECT ?park ?n ?s ?x { ?park ip:hasLeadingIndustry ?industry }"
    (row,) = graph.select(text, industry=OPTICS, n=4, s='a "b"', x=rdflib.Literal("园", lang="zh"))
    assert tuple(row) == (PARK, rdflib.Literal(4), rdflib.Literal('a "b"'), rdflib.Literal("园", lang="zh"))


def test_yes_or_no_is_asked_by_text_or_by_name(graph: Graph) -> None:
    assert graph.ask("ASK { ?park ip:hasLeadingIndustry ?industry }", industry=OPTICS) is True
    assert graph.ask("is-leading", park=PARK) is True
    assert graph.ask("is-leading", park=OPTICS) is False


def test_triples_come_as_a_graph_of_rdflib_with_the_prefixes(graph: Graph) -> None:
    triples = graph.construct("network")
    assert (PARK, rdflib.URIRef(IP + "hasIndustry"), OPTICS) in triples
    assert len(triples) == len(graph.run("leading-industries"))
    assert "ex:harbour-park ip:hasIndustry" in triples.serialize(format="turtle")


def test_a_thing_is_described_by_any_of_its_names(graph: Graph) -> None:
    triples = graph.describe("臨港園區")
    assert set(triples.subjects()) == {PARK}
    assert (PARK, rdflib.URIRef(IP + "hasLeadingIndustry"), OPTICS) in triples


def test_a_name_is_resolved_among_a_class(graph: Graph) -> None:
    assert graph.resolve("光学") == OPTICS
    assert graph.resolve("ex:harbour-park", instance_of="ip:IndustrialPark") == PARK
    with pytest.raises(NotFoundError, match="is a ip:IndustrialPark"):
        graph.resolve("光学", instance_of="ip:IndustrialPark")


@pytest.mark.parametrize(
    ("method", "query", "message"),
    [
        ("run", "is-leading", r"is-leading\.rq: the answer is yes or no, not rows; call ask\(\)"),
        ("run", "network", r"network\.rq: the answer is triples, not rows; call construct\(\)"),
        ("select", "ASK {}", r"the answer is yes or no, not rows; call ask\(\)"),
        ("ask", "SELECT * {}", r"the answer is rows, not yes or no; call select\(\)"),
        ("construct", "SELECT * {}", r"the answer is rows, not triples; call select\(\)"),
    ],
)
def test_another_kind_of_query_is_refused_with_the_method_to_call(
    graph: Graph, method: str, query: str, message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        getattr(graph, method)(query, **({"park": PARK} if query == "is-leading" else {}))


def test_what_cannot_be_a_value_is_refused(graph: Graph) -> None:
    with pytest.raises(QueryError, match=r"\?x cannot be a list; give an rdflib term, a string, a number"):
        graph.select("SELECT ?x {}", x=[1])
    with pytest.raises(QueryError, match=r"\?since cannot be a list"):
        graph.run("parks-of", since=[])
    with pytest.raises(QueryError, match="a blank node"):
        graph.select("SELECT ?x {}", x=rdflib.BNode())


def test_an_unknown_query_or_name_is_refused_with_the_nearest(graph: Graph) -> None:
    with pytest.raises(NotFoundError, match="did you mean leading-industries"):
        graph.run("leading-industry")
    with pytest.raises(NotFoundError, match="nothing is called '光雪'"):
        graph.run("parks-of", industry="光雪")


# Rows ----------------------------------------------------------------------------------------------------------------


def test_rows_are_a_sequence(graph: Graph) -> None:
    rows = graph.run("leading-industries")
    assert len(rows) == len(list(rows)) == 2
    assert rows[-1] == rows[1] == tuple(rows[1])
    assert rows[:1] == [rows[0]]
    assert rows[0] in rows
    assert rows.variables == ("park", "industry")
    assert repr(rows) == (
        "park          industry\n------------  ------------\nHarbour Park  Optics\nHarbour Park  Shipbuilding\n"
    )


def test_a_row_is_read_by_place_name_or_attribute(graph: Graph) -> None:
    row = graph.run("leading-industries")[0]
    park, industry = row
    assert (park, industry) == (row[0], row["industry"]) == (row.park, row.industry) == (PARK, OPTICS)
    assert row.asdict() == {"park": PARK, "industry": OPTICS}
    assert {row} == {copy.copy(row)}
    assert repr(row) == f"Row(park={PARK!r}, industry={OPTICS!r})"
    with pytest.raises(KeyError, match="parc"):
        row["parc"]
    with pytest.raises(AttributeError, match="no variable 'parc'; there are park, industry"):
        row.parc  # noqa: B018


def test_a_row_is_no_other_thing() -> None:
    assert Row(("x",), (None,)) != [None]


def test_rows_have_labels_in_the_language_of_the_graph_or_another(graph: Graph) -> None:
    rows = graph.run("leading-industries")
    assert rows.labels()[0] == {"park": "Harbour Park", "industry": "Optics"}
    assert rows.labels("zh-Hans")[0] == {"park": "临港园区", "industry": "光学"}


def test_a_literal_keeps_its_spelling() -> None:
    spelling = '"0012"^^<http://www.w3.org/2001/XMLSchema#int>'
    assert to_rdflib(Literal("0012", None, str(rdflib.XSD.int))).n3() == spelling


def test_rows_have_the_sentences_that_prove_them(graph: Graph) -> None:
    proven = graph.run("leading-industries").evidence()
    assert [[one.passage.number for one in row.evidence] for row in proven.rows] == [[2], [1, 2]]


def test_a_notebook_shows_a_table_with_nothing_to_run_in_it(tmp_path: Path) -> None:
    data = ':a :p "<script>alert(1)</script>" ; :q "a\\u202eb" . <http://x/\'onclick=\\u0027> :p 1 .'
    rows = open_graph(file_of(tmp_path, data)).select("SELECT ?s ?o ?none { ?s ?p ?o } ORDER BY ?s ?o")
    assert rows._repr_html_() == (
        "<table><thead><tr><th>s</th><th>o</th><th>none</th></tr></thead><tbody>"
        '<tr><td title="http://x/&#x27;onclick=&#x27;">http://x/&#x27;onclick=&#x27;</td><td>1</td><td></td></tr>'
        '<tr><td title="http://x/a">http://x/a</td><td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td></td></tr>'
        '<tr><td title="http://x/a">http://x/a</td><td>a\\u202eb</td><td></td></tr>'
        "</tbody></table>"
    )


def test_a_notebook_shows_the_first_rows_of_many(tmp_path: Path) -> None:
    data = " ".join(f":a :p {number} ." for number in range(203))
    rows = open_graph(file_of(tmp_path, data)).select("SELECT ?o { ?s ?p ?o } ORDER BY ?o")
    assert rows._repr_html_().endswith("<td>199</td></tr></tbody></table><p>… 3 more</p>")
    assert rows._repr_html_().count("<tr>") == 201
    assert repr(rows).endswith("199\n… 3 more\n")


# Frames --------------------------------------------------------------------------------------------------------------

VALUES = """
SELECT ?iri ?whole ?decimal ?day ?truth ?text ?mixed ?none {
    VALUES (?iri ?whole ?decimal ?day ?truth ?text ?mixed) {
        (<http://x/a> 1 4486.20 "2023-12-31"^^xsd:date true "园区"@zh 1)
        (<http://x/b> 2 UNDEF UNDEF false "x" "two")
    }
}
"""


def test_a_pandas_frame_has_numbers_dates_and_texts(tmp_path: Path) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = open_graph(file_of(tmp_path, "")).select(VALUES).to_pandas()
    assert list(frame.columns) == ["iri", "whole", "decimal", "day", "truth", "text", "mixed", "none"]
    assert [frame[name].dtype.kind for name in ("whole", "decimal", "truth")] == ["i", "f", "b"]
    assert frame.iloc[0].to_list()[:-1] == ["http://x/a", 1, 4486.2, date(2023, 12, 31), True, "园区", 1]
    assert frame["decimal"].sum() == 4486.2


def test_a_polars_frame_has_a_type_for_every_column(tmp_path: Path) -> None:
    pytest.importorskip("polars", reason="polars is not installed")
    frame = open_graph(file_of(tmp_path, "")).select(VALUES).to_polars()
    types = {name: str(kind) for name, kind in frame.schema.items()}
    assert types == {
        "iri": "String",
        "whole": "Int64",
        "decimal": "Float64",
        "day": "Date",
        "truth": "Boolean",
        "text": "String",
        "mixed": "String",
        "none": "Null",
    }
    assert frame.row(1) == ("http://x/b", 2, None, None, False, "x", "two", None)


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_an_empty_answer_is_a_frame_with_columns(tmp_path: Path, name: str) -> None:
    pytest.importorskip(name, reason=f"{name} is not installed")
    frame = getattr(open_graph(file_of(tmp_path, "")).select("SELECT ?a ?b { ?a ?b 1 }"), f"to_{name}")()
    assert (frame.shape, list(frame.columns)) == ((0, 2), ["a", "b"])


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_a_frame_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    rows = open_graph(file_of(tmp_path, "")).select("SELECT ?s { ?s ?p ?o }")
    with pytest.raises(KgError, match=rf"{name} is not installed; run: pip install 'kgtool\[{name}\]'"):
        getattr(rows, f"to_{name}")()


# A session -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_session_in_the_docs_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parent.parent
    monkeypatch.chdir(root)
    page = root / "docs" / "python.md"
    result = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8")
    assert result.attempted > 15
    assert result.failed == 0, "see the output above; mend docs/python.md"
