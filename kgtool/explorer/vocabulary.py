"""The page of the vocabulary: every term in both languages, what is demanded of it, how terms hang together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from kgtool.explorer.naming import Naming, Ref, in_script
from kgtool.explorer.neighbourhood import Drawn, Neighbourhood
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.explorer.words import message
from kgtool.labels import languages_for
from kgtool.namespaces import DCTERMS, IP, OWL, RDF, RDFS, SH, SKOS, compress
from kgtool.network import Edge, Node
from kgtool.project import Project
from kgtool.terms import IRI, Literal, Term

__all__ = ["vocabulary"]

#: Parts of the vocabulary, a message of the catalogue each, with the classes that belong to it.
_MODULES: tuple[tuple[str, str], ...] = (
    (
        message("Parks and places"),
        "IndustrialPark ParkAggregate FreeTradeZoneArea AdministrativeArea Facility EnumeratedGroup",
    ),
    (message("Industries"), "Industry IndustryChain IndustrialCluster IndustryStructure Material"),
    (message("Organisations"), "PublicBody JointPartyCommittee Company University"),
    (message("Recognitions and rankings"), "DemonstrationBase Title Recognition RankingList Ranking"),
    (
        message("Plans, policies and mechanisms"),
        "PolicyInstrument ActionPlan Strategy DevelopmentVision Slogan Mechanism Project PlannedMeasure Target",
    ),
    (
        message("Events and statements"),
        "Event Meeting InspectionTour SigningCeremony Directive ReportedAction Characterization",
    ),
    (message("Statistics"), "Observation DerivedObservation Indicator Period QualitativeComparison"),
    (message("Source"), "NewsArticle Section Sentence Attribution"),
)
_OTHER = message("Other terms")

#: How settled a term is.
_STATUSES = (message("stable"), message("testing"), message("unstable"), message("archaic"))

_LABELS = (RDFS + "label", SKOS + "prefLabel")
_DEFINITIONS = (SKOS + "definition", RDFS + "comment", DCTERMS + "description")
_ABOVE = (
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    OWL + "equivalentClass",
    OWL + "equivalentProperty",
    SKOS + "broader",
)
_STATUS = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"


class _Term(NamedTuple):
    """A term of the vocabulary.

    :param rules: what is demanded of it, in plain words.
    :param example: a complete one, in Turtle.
    """

    id: str
    code: str
    label: str
    names: tuple[tuple[str, str], ...]
    definition: str
    kind: str
    above: tuple[Ref, ...]
    status: str
    deprecated: bool
    used: int
    rules: tuple[str, ...]
    example: str


class _Module(NamedTuple):
    """A part of the vocabulary: its classes, the properties they have, how they hang together."""

    title: str
    classes: tuple[_Term, ...]
    properties: tuple[_Term, ...]
    diagram: Neighbourhood


def vocabulary(sources: Sources, visit: Visit) -> Page:
    """Make the page."""
    said = _said(sources)
    rules, uses = _rules(sources, visit), _uses(sources)
    naming = Naming(sources, visit)
    naming.learn(o for found in said.values() for p in _ABOVE for o in found.get(p, []))
    naming.learn(said)
    joined = _joined(sources)
    naming.learn(term for edge in joined for term in edge)
    terms = {iri: _term(iri, found, rules, uses, naming, visit, sources) for iri, found in said.items()}
    of_kind = {kind: [iri for iri in terms if _is(said[iri], kind)] for kind in ("Class", "Property")}
    modules = _modules(terms, of_kind, joined, naming, sources)
    schemes = [
        (terms[iri], [terms[one] for one in terms if IRI(iri) in said[one].get(SKOS + "inScheme", [])])
        for iri in terms
        if IRI(SKOS + "ConceptScheme") in said[iri].get(RDF + "type", [])
    ]
    ontology = _ontology(sources, visit)
    return Page(
        "vocabulary", {"modules": modules, "schemes": schemes, "ontology": ontology, "prefixes": sources.prefixes}
    )


def _said(sources: Sources) -> dict[str, dict[str, list[Term]]]:
    query = f"SELECT ?t ?p ?o WHERE {{ ?t ?p ?o FILTER(isIRI(?t) && STRSTARTS(STR(?t), '{IP}')) }} ORDER BY ?t ?p ?o"
    found: dict[str, dict[str, list[Term]]] = {}
    for t, p, o in sources.store.query(query).rows():
        if t is not None and p is not None and o is not None and re.fullmatch(r"[\w.-]+", t.value.removeprefix(IP)):
            found.setdefault(t.value, {}).setdefault(p.value, []).append(o)
    return found


def _is(found: dict[str, list[Term]], kind: str) -> bool:
    return any(o.value.startswith(OWL) and o.value.endswith(kind) for o in found.get(RDF + "type", []))


def _term(
    iri: str,
    found: dict[str, list[Term]],
    rules: dict[str, list[str]],
    uses: dict[str, int],
    naming: Naming,
    visit: Visit,
    sources: Sources,
) -> _Term:
    labels = {o.language or "": o.value for p in _LABELS for o in found.get(p, []) if isinstance(o, Literal)}
    spelt = {tag.lower(): tag for tag in languages_for(visit.language)}
    names = [(spelt.get(tag.lower(), tag), text) for tag, text in labels.items()]
    local = iri.removeprefix(IP)
    return _Term(
        local,
        compress(iri, sources.prefixes),
        naming.text(iri),
        tuple(sorted(name for name in names if name[0] != visit.language)),
        in_script(_text(found, _DEFINITIONS, visit), visit.language),
        next((o.value.rpartition("#")[2] for o in found.get(RDF + "type", []) if o.value.startswith(OWL)), ""),
        tuple(naming.ref(o) for p in _ABOVE for o in found.get(p, []) if isinstance(o, IRI)),
        next((o.value for o in found.get(_STATUS, [])), ""),
        any(o.value == "true" for o in found.get(OWL + "deprecated", [])),
        uses.get(iri, 0),
        tuple(rules.get(iri, [])),
        _example(sources, local),
    )


def _text(found: dict[str, list[Term]], properties: Iterable[str], visit: Visit) -> str:
    texts = {
        (o.language or "").lower(): o.value for p in properties for o in found.get(p, []) if isinstance(o, Literal)
    }
    return next((texts[one.lower()] for one in visit.languages if one.lower() in texts), next(iter(texts.values()), ""))


def _rules(sources: Sources, visit: Visit) -> dict[str, list[str]]:
    """Read what shapes demand of classes and properties, in the reader's words."""
    query = f"""
        SELECT DISTINCT ?shape ?class ?path ?message WHERE {{
            GRAPH ?g {{
                ?shape <{SH}message> ?message
                OPTIONAL {{ ?shape <{SH}targetClass> ?class }}
                OPTIONAL {{ ?shape <{SH}path> ?path FILTER(isIRI(?path)) }}
            }}
            FILTER(STRENDS(STR(?g), '/graph/shapes') && isIRI(?shape))
        }} ORDER BY ?class ?path ?message
    """
    order = [language.lower() for language in visit.languages]
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for shape, class_, path, text in sources.store.query(query).rows():
        if isinstance(text, Literal):
            tag = (text.language or "").lower()
            ranked = (order.index(tag) if tag in order else len(order), text.value)
            for thing in (path, class_):
                if thing is not None:
                    key = (thing.value, shape.value if shape is not None else "")
                    best[key] = min(best.get(key, ranked), ranked)
                    break
    found: dict[str, list[str]] = {}
    for (name, _), (_, rule) in sorted(best.items()):
        shown = in_script(rule, visit.language)
        if shown not in found.setdefault(name, []):
            found[name].append(shown)
    return found


def _uses(sources: Sources) -> dict[str, int]:
    """Count how often each term is used: things of a class, triples of a property."""
    found: dict[str, int] = {}
    for query in (
        "SELECT ?one (COUNT(*) AS ?n) WHERE { ?s a ?one } GROUP BY ?one",
        "SELECT ?one (COUNT(*) AS ?n) WHERE { ?s ?one ?o } GROUP BY ?one",
    ):
        rows = sources.store.query(query).rows()
        found.update((one.value, int(n.value)) for one, n in rows if one is not None and n is not None)
    return found


def _joined(sources: Sources) -> list[tuple[str, str, str]]:
    """Read which classes a property joins: as shapes demand it, and what is below what."""
    query = f"""
        SELECT DISTINCT ?class ?path ?other WHERE {{
            GRAPH ?g {{
                ?shape <{SH}targetClass> ?class ; <{SH}path> ?path ; <{SH}class> ?other FILTER(isIRI(?path))
            }}
            FILTER(STRENDS(STR(?g), '/graph/shapes'))
        }} ORDER BY ?class ?path ?other
    """
    below = (
        f"SELECT ?class ?path ?other WHERE {{ VALUES ?path {{ <{RDFS}subClassOf> }} ?class ?path ?other "
        "FILTER(isIRI(?other)) }"
    )
    rows = [*sources.store.query(query).rows(), *sources.store.query(below).rows()]
    found = [(a.value, b.value, c.value) for a, b, c in rows if a is not None and b is not None and c is not None]
    return sorted({edge for edge in found if edge[0].startswith(IP)})


def _modules(
    terms: dict[str, _Term],
    of_kind: dict[str, list[str]],
    joined: list[tuple[str, str, str]],
    naming: Naming,
    sources: Sources,
) -> list[_Module]:
    home = {IP + name: title for title, names in _MODULES for name in names.split()}
    of_class: dict[str, list[str]] = {}
    for iri in of_kind["Class"]:
        of_class.setdefault(home.get(iri, _OTHER), []).append(iri)
    of_property: dict[str, list[str]] = {}
    users = {path: class_ for class_, path, _ in reversed(joined)}
    users |= {path: class_ for path, class_ in _domains(sources).items() if path not in users}
    for iri in of_kind["Property"]:
        of_property.setdefault(home.get(users.get(iri, ""), _OTHER), []).append(iri)
    modules = []
    for title in (*(title for title, _ in _MODULES), _OTHER):
        classes, properties = of_class.get(title, []), of_property.get(title, [])
        if classes or properties:
            order = {iri: place for place, iri in enumerate(home)}
            classes.sort(key=lambda iri: order.get(iri, len(order)))
            shown = [edge for edge in joined if edge[0] in classes]
            modules.append(
                _Module(
                    title,
                    tuple(terms[iri] for iri in classes),
                    tuple(terms[iri] for iri in properties),
                    _diagram(shown, naming, sources),
                )
            )
    return modules


def _domains(sources: Sources) -> dict[str, str]:
    """Read for which class shapes speak of a property, whatever it leads to."""
    query = (
        f"SELECT ?path (MIN(?class) AS ?first) WHERE {{ GRAPH ?g {{ ?shape <{SH}targetClass> ?class ; <{SH}path> ?path "
        "FILTER(isIRI(?path)) } FILTER(STRENDS(STR(?g), '/graph/shapes')) } GROUP BY ?path"
    )
    rows = sources.store.query(query).rows()
    return {path.value: first.value for path, first in rows if path is not None and first is not None}


def _diagram(joined: list[tuple[str, str, str]], naming: Naming, sources: Sources) -> Neighbourhood:
    nodes = {
        iri: Node(compress(iri, sources.prefixes), iri, compress(iri, sources.prefixes), label=naming.text(iri))
        for edge in joined
        for iri in (edge[0], edge[2])
    }
    edges = [
        Drawn(
            nodes[a],
            nodes[c],
            Edge(f"e{place}", a, c, b),
            naming.text(b),
            naming.links.thing(b) if b.startswith(IP) else "",
        )
        for place, (a, b, c) in enumerate(joined)
    ]
    return Neighbourhood(tuple(nodes.values()), tuple(edges), (), 0)


def _example(sources: Sources, local: str) -> str:
    """Read the complete example of a class, if there is one: ``ontology/examples/<class>/valid-complete.ttl``."""
    if sources.about.folder is None or not local[:1].isupper():
        return ""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", local).lower()
    file = os.path.join(Project(sources.about.folder).folder, "ontology", "examples", name, "valid-complete.ttl")
    try:
        with open(file, encoding="utf-8") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError):
        return ""


def _ontology(sources: Sources, visit: Visit) -> dict[str, str]:
    """Read what the ontology says of itself."""
    iri = IP.removesuffix("#")
    found: dict[str, list[Term]] = {}
    for p, o in sources.store.query("SELECT ?p ?o WHERE { ?it ?p ?o }", bindings={"it": IRI(iri)}).rows():
        if p is not None and o is not None:
            found.setdefault(p.value, []).append(o)
    return {
        "iri": iri,
        "title": in_script(_text(found, (DCTERMS + "title",), visit), visit.language),
        "description": in_script(_text(found, (DCTERMS + "description",), visit), visit.language),
        "version": next((o.value for o in found.get(OWL + "versionInfo", [])), ""),
        "created": next((o.value for o in found.get(DCTERMS + "created", [])), ""),
        "modified": next((o.value for o in found.get(DCTERMS + "modified", [])), ""),
    }
