"""From a triple to the sentences that say it."""

from __future__ import annotations

from kgtool.build import open_built
from kgtool.evidence import Triple, sentences_of
from kgtool.project import Project
from kgtool.terms import IRI, BlankNode, Literal

EX = "https://example.org/tiny/id/"
IP = "https://w3id.org/industrial-park/ns#"
S = "https://example.org/tiny/article/harbour/s"
XSD = "http://www.w3.org/2001/XMLSchema#"


def test_a_triple_has_the_sentences_that_say_it_in_reading_order(tiny_project: Project) -> None:
    park, leads = IRI(EX + "harbour-park"), IRI(IP + "hasLeadingIndustry")
    said_twice = (park, leads, IRI(EX + "shipbuilding"))
    said_once = (park, leads, IRI(EX + "optics"))
    value = (IRI(EX + "output-2030"), IRI(IP + "value"), Literal("12.5", None, XSD + "decimal"))
    label = (park, IRI("http://www.w3.org/2004/02/skos/core#prefLabel"), Literal("Harbour Park", "en"))
    never = (park, leads, park)
    blank = (BlankNode("b"), leads, park)
    triples: list[Triple] = [said_twice, said_once, value, label, never, blank]
    assert sentences_of(open_built(tiny_project), triples) == {
        said_twice: [S + "1", S + "2"],
        said_once: [S + "2"],
        value: [S + "2"],
        label: [],
        never: [],
        blank: [],
    }


def test_no_triples_have_no_sentences(tiny_project: Project) -> None:
    assert sentences_of(open_built(tiny_project), []) == {}
