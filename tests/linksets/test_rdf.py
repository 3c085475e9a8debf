"""Links as triples, and what a build makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.build import build, open_built
from kgtool.errors import DataError
from kgtool.linksets import parse_linkset
from kgtool.linksets.rdf import describe_linkset, link_triples, record_triples
from kgtool.network import read_network
from kgtool.project import Project
from kgtool.terms import IRI, Literal, n3

_BASE = "https://example.org/tiny/"
_OWL, _SKOS, _VOID = (
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://rdfs.org/ns/void#",
)
_LINKSET = """\
#curie_map:
#  ex: https://example.org/tiny/id/
#  target: https://w3id.org/industrial-park/target/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: https://example.org/tiny/links/wikidata
#mapping_set_title: "Tiny: links"
#license: https://creativecommons.org/licenses/by/4.0/
#object_source: target:wikidata
#mapping_date: 2026-11-26
subject_id	predicate_id	predicate_modifier	object_id	mapping_justification	author_id	confidence	comment
ex:harbour-park	skos:broadMatch		wd:Q7	semapv:ManualMappingCuration	ex:me|ex:you	0.8	an atlas
ex:harbour-park	skos:closeMatch	Not	wd:Q9	semapv:ManualMappingCuration		0.9
ex:optics	skos:exactMatch		sssom:NoTermFound	semapv:ManualMappingCuration		1	looked
ex:optics	skos:closeMatch		wd:Q8	semapv:ManualMappingCuration
ex:optics	skos:closeMatch		wd:Q8	semapv:LexicalMatching
"""


def _padded(text: str) -> str:
    """Fill rows up with empty cells."""
    lines = text.splitlines()
    width = next(line for line in lines if not line.startswith("#")).count("\t")
    return "".join(f"{line}{'' if line[0] == '#' else chr(9) * (width - line.count(chr(9)))}\n" for line in lines)


LINKSET = _padded(_LINKSET)


def _add(project: Project, text: str = LINKSET, name: str = "wikidata") -> Path:
    file = project.root / "graph" / "links" / f"{name}.sssom.tsv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _lines(triples: object) -> list[str]:
    assert hasattr(triples, "__iter__")
    return sorted(" ".join(n3(term) for term in triple).replace(_BASE, "/") for triple in triples)


def test_links_are_triples_but_what_is_denied_or_was_not_found() -> None:
    linkset = parse_linkset(LINKSET.encode(), "wikidata.sssom.tsv")
    assert _lines(dict.fromkeys(link_triples(linkset))) == [
        f"</id/harbour-park> <{_SKOS}broadMatch> <http://www.wikidata.org/entity/Q7>",
        f"</id/optics> <{_SKOS}closeMatch> <http://www.wikidata.org/entity/Q8>",
    ]


def test_a_row_is_recorded_with_all_it_says() -> None:
    linkset = parse_linkset(LINKSET.encode(), "wikidata.sssom.tsv")
    records = list(record_triples(linkset))
    first = IRI(f"{_BASE}links/wikidata#ex:harbour-park/skos:broadMatch/wd:Q7")
    said = {(p.value.rpartition("#")[2].rpartition("/")[2], o) for s, p, o in records if s == first}
    assert said == {
        ("type", IRI(_OWL + "Axiom")),
        ("annotatedSource", IRI(f"{_BASE}id/harbour-park")),
        ("annotatedProperty", IRI(_SKOS + "broadMatch")),
        ("annotatedTarget", IRI("http://www.wikidata.org/entity/Q7")),
        ("mapping_justification", IRI("https://w3id.org/semapv/vocab/ManualMappingCuration")),
        ("authoredBy", IRI(f"{_BASE}id/me")),
        ("authoredBy", IRI(f"{_BASE}id/you")),
        ("confidence", Literal("0.8", None, "http://www.w3.org/2001/XMLSchema#double")),
        ("comment", Literal("an atlas")),
        ("object_source", IRI("https://w3id.org/industrial-park/target/wikidata")),
        ("created", Literal("2026-11-26", None, "http://www.w3.org/2001/XMLSchema#date")),
    }
    rows = {s.value.removeprefix(f"{_BASE}links/wikidata") for s, p, o in records if o == IRI(_OWL + "Axiom")}
    assert rows == {
        "#ex:harbour-park/skos:broadMatch/wd:Q7",
        "#ex:harbour-park/skos:closeMatch/wd:Q9",
        "#ex:optics/skos:exactMatch/sssom:NoTermFound",
        "#ex:optics/skos:closeMatch/wd:Q8",
        "#ex:optics/skos:closeMatch/wd:Q8/2",
    }
    negated = IRI("https://w3id.org/sssom/NegatedPredicate")
    assert [s.value.rpartition("#")[2] for s, _, o in records if o == negated] == [
        "ex:harbour-park/skos:closeMatch/wd:Q9"
    ]


def test_a_set_is_described_with_the_number_of_its_links_and_a_subset_for_each_predicate() -> None:
    linkset = parse_linkset(LINKSET.encode(), "wikidata.sssom.tsv")
    described = [(s, p, o) for s, p, o in describe_linkset(linkset, dataset=_BASE) if p.value.startswith(_VOID)]
    assert _lines((s, IRI(p.value.removeprefix(_VOID)), o) for s, p, o in described) == [
        "</> <subset> </links/wikidata>",
        "</links/wikidata#broadMatch> <linkPredicate> <http://www.w3.org/2004/02/skos/core#broadMatch>",
        "</links/wikidata#broadMatch> <objectsTarget> <https://w3id.org/industrial-park/target/wikidata>",
        "</links/wikidata#broadMatch> <subjectsTarget> </>",
        '</links/wikidata#broadMatch> <triples> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "</links/wikidata#closeMatch> <linkPredicate> <http://www.w3.org/2004/02/skos/core#closeMatch>",
        "</links/wikidata#closeMatch> <objectsTarget> <https://w3id.org/industrial-park/target/wikidata>",
        "</links/wikidata#closeMatch> <subjectsTarget> </>",
        '</links/wikidata#closeMatch> <triples> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "</links/wikidata> <linkPredicate> <http://www.w3.org/2004/02/skos/core#broadMatch>",
        "</links/wikidata> <linkPredicate> <http://www.w3.org/2004/02/skos/core#closeMatch>",
        "</links/wikidata> <objectsTarget> <https://w3id.org/industrial-park/target/wikidata>",
        "</links/wikidata> <subjectsTarget> </>",
        "</links/wikidata> <subset> </links/wikidata#broadMatch>",
        "</links/wikidata> <subset> </links/wikidata#closeMatch>",
        '</links/wikidata> <triples> "2"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]


def test_a_build_has_links_in_the_union_and_their_records_apart(tiny_project: Project) -> None:
    _add(tiny_project)
    result = build(tiny_project)
    assert result.counts[f"{_BASE}graph/links"] == 2
    store = open_built(tiny_project)
    assert store.query(f"ASK {{ ?thing <{_SKOS}broadMatch> <http://www.wikidata.org/entity/Q7> }}").boolean
    assert store.query(f"ASK {{ <{_BASE}links/wikidata> <{_VOID}triples> 2 }}").boolean
    assert not store.query("ASK { ?record <https://w3id.org/sssom/confidence> ?confidence }").boolean
    record = "?record <https://w3id.org/sssom/confidence> ?confidence ; ?p <http://www.wikidata.org/entity/Q7>"
    assert store.query(f"ASK {{ GRAPH <{_BASE}graph/mappings> {{ {record} }} }}").boolean
    assert not store.query("ASK { ?s ?p <https://w3id.org/sssom/NoTermFound> }").boolean
    in_union = store.count()
    distinct = (
        "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(?g NOT IN (%s)) } } }"
    )
    apart = ", ".join(f"<{_BASE}graph/{name}>" for name in ("shapes", "mappings"))
    ((number,),) = store.query(distinct % apart).rows()
    assert number == Literal(str(in_union), None, "http://www.w3.org/2001/XMLSchema#integer")


def test_a_network_says_how_a_thing_is_related_to_what_is_elsewhere(tiny_project: Project) -> None:
    _add(tiny_project)
    network = read_network(open_built(tiny_project), prefixes={"ex": f"{_BASE}id/", "skos": _SKOS})
    linked = {node.id: (node.links, node.relations) for node in network.nodes() if node.links}
    assert linked == {
        "ex:harbour-park": (("http://www.wikidata.org/entity/Q7",), ("skos:broadMatch",)),
        "ex:optics": (("http://www.wikidata.org/entity/Q8",), ("skos:closeMatch",)),
    }
    assert not any("links/" in node.id or "target/" in node.id for node in network.nodes())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wd:Q7", "geo:7", "wikidata.sssom.tsv:11: object_id geo:7: prefix 'geo' is not declared; add it to curie_map"),
        ("wd:Q7", "", "wikidata.sssom.tsv:11: the row has no object_id"),
        ("wd:Q7", "wd:Q 7", "wikidata.sssom.tsv:11: object_id wd:Q 7: no IRI"),
        ("https://example.org/tiny/links/wikidata", "links", "wikidata.sssom.tsv:5: the set has no IRI"),
        (
            "https://creative",
            "creative",
            "wikidata.sssom.tsv:7: license 'creativecommons.org/licenses/by/4.0/': no IRI",
        ),
        ("ex:me|", "me:me|", "wikidata.sssom.tsv:11: author_id me:me: prefix 'me' is not declared"),
    ],
)
def test_a_build_refuses_a_row_that_cannot_be_a_link(tiny_project: Project, old: str, new: str, said: str) -> None:
    _add(tiny_project, LINKSET.replace(old, new, 1))
    with pytest.raises(DataError) as caught:
        build(tiny_project)
    assert str(caught.value).startswith(f"graph/links/{said}")
