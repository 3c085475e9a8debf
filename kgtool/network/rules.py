"""What is a node, what is an edge, and how each is meant: the rules of the property-graph view.

docs/data-model.md, "As a network", says the same for people.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kgtool.namespaces import DCAT, DCTERMS, FOAF, IP, OWL, PROV, QB, RDF, RDFS, SCHEMA, SH, SKOS, VOID

__all__ = [
    "COMPANIONS",
    "DESCRIPTIONS",
    "FOLDED",
    "HIDDEN",
    "LABELS",
    "LINKS",
    "MODALITIES",
    "NO_EDGES",
    "NO_LITERALS",
    "PLANNING",
    "SAME",
    "Fold",
    "class_rank",
    "modality_of",
]

_ORG = "http://www.w3.org/ns/org#"
_QUDT = "http://qudt.org/schema/qudt/"

#: How an edge or a statement is meant.
MODALITIES = {
    "stated": "a sentence says it as it is",
    "planned": "someone intends it",
    "target": "a state to be reached",
    "demanded": "a leader demanded it",
    "filed": "filed or applied for, not granted",
    "judged": "the article's judgement or definition",
    "derived": "follows from stated figures; stated nowhere",
    "background": "the project's own: names, places, vocabulary",
}

#: The modality of statements of a class.
_MEANT = {
    IP + "PlannedMeasure": "planned",
    IP + "Target": "target",
    IP + "Directive": "demanded",
    IP + "Characterization": "judged",
    IP + "DerivedObservation": "derived",
}
#: The modality of a recognition, by its status.
_NOT_GRANTED = frozenset((IP + "Filed", IP + "Applied"))

#: Properties that say what is planned.
PLANNING = frozenset((IP + "plansMechanism",))


class Fold(NamedTuple):
    """A statement that becomes an edge: the properties that name its ends; the first target there is counts."""

    source: str
    targets: tuple[str, ...]


#: Statements that relate two things, and so are edges.
FOLDED = {
    IP + "Observation": Fold(IP + "subject", (IP + "counterpart", IP + "indicator")),
    IP + "DerivedObservation": Fold(IP + "subject", (IP + "counterpart", IP + "indicator")),
    IP + "QualitativeComparison": Fold(IP + "subject", (IP + "counterpart", IP + "indicator")),
    IP + "Recognition": Fold(IP + "recognizedEntity", (IP + "title",)),
    IP + "Ranking": Fold(IP + "rankedEntity", (IP + "rankingList",)),
}

#: Classes a folded statement carries beside its own.
COMPANIONS = frozenset((QB + "Observation",))

#: Classes whose instances are no things: sentences, the ontology, the vocabulary's housekeeping, the catalogue record.
HIDDEN = frozenset(
    (
        *(IP + name for name in ("Sentence", "Section")),
        *(OWL + name for name in ("Class", "Ontology", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")),
        *(RDFS + name for name in ("Class", "Datatype")),
        RDF + "Property",
        *(SKOS + name for name in ("ConceptScheme", "Collection", "OrderedCollection")),
        *(QB + name for name in ("DataSet", "DataStructureDefinition", "ComponentSpecification", "Observation")),
        *(SH + name for name in ("NodeShape", "PropertyShape", "SPARQLConstraint")),
        *(VOID + name for name in ("Dataset", "Linkset")),
        DCAT + "Dataset",
        _QUDT + "Unit",
        PROV + "Plan",
    )
)

#: Properties that are attributes or housekeeping, not edges.
NO_EDGES = frozenset(
    (
        RDF + "type",
        RDFS + "isDefinedBy",
        RDFS + "subClassOf",
        RDFS + "subPropertyOf",
        RDFS + "domain",
        RDFS + "range",
        *(SKOS + name for name in ("inScheme", "topConceptOf", "hasTopConcept", "narrower", "member")),
        *(QB + name for name in ("dataSet", "structure", "component", "codeList")),
        *(IP + name for name in ("period", "reliesOn", "repeats", "section", "sentenceRole", "appliesTo")),
        *(IP + name for name in ("statisticType", "qualifier", "unit", "status", "minuend", "subtrahend")),
        IP + "memberKind",
        PROV + "hadPlan",
        DCTERMS + "license",
    )
)

#: Properties that say that it is the very thing elsewhere.
SAME = frozenset((OWL + "sameAs", SKOS + "exactMatch"))

#: Properties that point to the thing elsewhere, or to what is near it there.
LINKS = frozenset(
    (
        *(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")),
        OWL + "sameAs",
        SCHEMA + "sameAs",
        RDFS + "seeAlso",
        *(FOAF + name for name in ("page", "homepage", "isPrimaryTopicOf")),
    )
)

#: Where a thing's description is, the best first.
DESCRIPTIONS = (SKOS + "definition", DCTERMS + "description", SCHEMA + "description", RDFS + "comment")

#: Literals that have a place of their own on nodes, or are no one's business there.
NO_LITERALS = frozenset(
    (SKOS + "prefLabel", RDFS + "label", *DESCRIPTIONS, IP + "quote", SCHEMA + "startDate", SCHEMA + "endDate")
)

#: Labels of other vocabularies' terms, which the graph uses and does not name: Simplified, Traditional, English.
LABELS = {
    SCHEMA + "containedInPlace": ("位于", "位於", "located in"),
    SCHEMA + "location": ("地点", "地點", "location"),
    SCHEMA + "contentLocation": ("涉及地区", "涉及地區", "covers place"),
    SCHEMA + "organizer": ("主办方", "主辦方", "organised by"),
    SCHEMA + "participant": ("参与者", "參與者", "participant"),
    SCHEMA + "isPartOf": ("属于", "屬於", "part of"),
    SCHEMA + "hasPart": ("包含", "包含", "has part"),
    SCHEMA + "about": ("主题", "主題", "about"),
    SCHEMA + "author": ("作者", "作者", "author"),
    SCHEMA + "provider": ("来源", "來源", "provided by"),
    SCHEMA + "publisher": ("出版者", "出版者", "published by"),
    SCHEMA + "worksFor": ("任职于", "任職於", "works for"),
    SCHEMA + "Person": ("人物", "人物", "person"),
    SCHEMA + "NewsMediaOrganization": ("新闻媒体", "新聞媒體", "news organisation"),
    SCHEMA + "PublicationIssue": ("期刊期次", "期刊期次", "issue of a publication"),
    DCTERMS + "spatial": ("适用地区", "適用地區", "covers area"),
    DCTERMS + "temporal": ("涉及时期", "涉及時期", "covers period"),
    PROV + "hadMember": ("成员", "成員", "has member"),
    PROV + "wasDerivedFrom": ("推导自", "推導自", "derived from"),
    PROV + "Collection": ("集合", "集合", "collection"),
    PROV + "Entity": ("事物", "事物", "entity"),
    _ORG + "postIn": ("任职机构", "任職機構", "post in"),
    _ORG + "subOrganizationOf": ("上级机构", "上級機構", "division of"),
    _ORG + "Post": ("职位", "職位", "post"),
    OWL + "sameAs": ("同一事物", "同一事物", "the same as"),
    SKOS + "exactMatch": ("等同于", "等同於", "matches exactly"),
    SKOS + "closeMatch": ("近似于", "近似於", "matches closely"),
    SKOS + "broadMatch": ("属于", "屬於", "is within"),
    SKOS + "narrowMatch": ("涵盖", "涵蓋", "includes"),
    SKOS + "relatedMatch": ("相关", "相關", "is related to"),
    FOAF + "page": ("网页", "網頁", "page about it"),
    FOAF + "homepage": ("官方网站", "官方網站", "its website"),
    FOAF + "isPrimaryTopicOf": ("介绍页面", "介紹頁面", "page about it"),
    SKOS + "broader": ("上位概念", "上位概念", "broader"),
    SKOS + "related": ("相关", "相關", "related"),
    SKOS + "Concept": ("概念", "概念", "concept"),
}


def modality_of(classes: Iterable[str], *, statuses: Iterable[str] = (), default: str = "stated") -> str:
    """Say how a statement is meant, by its classes and its status."""
    if not _NOT_GRANTED.isdisjoint(statuses):
        return "filed"
    return next((_MEANT[class_] for class_ in sorted(classes) if class_ in _MEANT), default)


def class_rank(class_: str) -> tuple[bool, str]:
    """Sort classes of which none is below another: those of the ontology first."""
    return (not class_.startswith(IP), class_)
