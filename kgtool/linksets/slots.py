"""The slots of SSSOM 1.1: what may be said of a mapping and of a set of them, in the order of the standard.

https://mapping-commons.github.io/sssom/spec-model/
"""

from __future__ import annotations

from typing import NamedTuple

from kgtool.namespaces import DCTERMS, OWL, PAV, RDFS, SSSOM

__all__ = ["BUILT_IN", "LINK_SLOTS", "REQUIRED", "SET_SLOTS", "SHARED", "Slot", "slot_named"]


class Slot(NamedTuple):
    """One slot.

    :param kind: ``entity`` (a CURIE), ``uri``, ``text``, ``number``, ``date``, or ``choice`` of the standard's words.
    :param many: whether it may have several values.
    :param iri: the property that RDF says it with.
    :param since_1_1: whether version 1.0 does not have it.
    :param shared: whether a set may state it once for all its mappings.
    """

    name: str
    kind: str
    many: bool
    iri: str
    since_1_1: bool
    shared: bool = False


#: The properties of slots that have one of another vocabulary; the others have SSSOM's own.
_PROPERTIES = {
    "subject_id": OWL + "annotatedSource",
    "predicate_id": OWL + "annotatedProperty",
    "object_id": OWL + "annotatedTarget",
    "author_id": PAV + "authoredBy",
    "creator_id": DCTERMS + "creator",
    "license": DCTERMS + "license",
    "mapping_date": DCTERMS + "created",
    "publication_date": DCTERMS + "issued",
    "see_also": RDFS + "seeAlso",
    "comment": RDFS + "comment",
    "mapping_set_version": OWL + "versionInfo",
    "mapping_set_source": "http://www.w3.org/ns/prov#wasDerivedFrom",
    "mapping_set_title": DCTERMS + "title",
    "mapping_set_description": DCTERMS + "description",
}

#: Slots of a mapping, one per line: name, kind; ``*`` for many values, ``+`` for new in 1.1, ``=`` for shared.
_LINK = """\
record_id entity +
subject_id entity
subject_label text
subject_category text
predicate_id entity
predicate_label text
predicate_modifier choice
object_id entity
object_label text
object_category text
mapping_justification entity
author_id entity *
author_label text *
reviewer_id entity *
reviewer_label text *
creator_id entity *
creator_label text *
license uri
subject_type choice =
subject_source entity =
subject_source_version text =
object_type choice =
object_source entity =
object_source_version text =
predicate_type choice +=
mapping_provider uri =
mapping_source entity
mapping_cardinality choice
cardinality_scope text *+=
mapping_tool text =
mapping_tool_id entity +=
mapping_tool_version text =
mapping_date date =
publication_date date
review_date date +
confidence number
reviewer_agreement number +
curation_rule entity *=
curation_rule_text text *=
subject_match_field entity *=
object_match_field entity *=
match_string text *
subject_preprocessing entity *=
object_preprocessing entity *=
similarity_score number
similarity_measure text =
see_also uri *
issue_tracker_item entity
other text
comment text
"""

#: Slots of a set.
_SET = """\
sssom_version choice +
mapping_set_id uri
mapping_set_version text
mapping_set_source uri *
mapping_set_title text
mapping_set_description text
mapping_set_confidence number +
creator_id entity *
creator_label text *
license uri
subject_type choice
subject_source entity
subject_source_version text
object_type choice
object_source entity
object_source_version text
predicate_type choice +
mapping_provider uri
cardinality_scope text *+
mapping_tool text
mapping_tool_id entity +
mapping_tool_version text
mapping_date date
publication_date date
subject_match_field entity *
object_match_field entity *
subject_preprocessing entity *
object_preprocessing entity *
similarity_measure text +
curation_rule entity *+
curation_rule_text text *+
see_also uri *
issue_tracker uri
other text
comment text
"""


def _table(text: str) -> dict[str, Slot]:
    slots = {}
    for line in text.splitlines():
        name, kind, *rest = line.split()
        marks = "".join(rest)
        iri = _PROPERTIES.get(name, SSSOM + name)
        slots[name] = Slot(name, kind, "*" in marks, iri, "+" in marks, "=" in marks)
    return slots


#: What may be said of a mapping.
LINK_SLOTS = _table(_LINK)
#: What may be said of a set; ``curie_map`` and ``extension_definitions`` have attributes of their own.
SET_SLOTS = _table(_SET)

#: What a mapping cannot do without.
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")

#: Slots that a set may state once for all its mappings.
SHARED = tuple(slot.name for slot in LINK_SLOTS.values() if slot.shared)

#: Prefixes that every file knows.
BUILT_IN = {
    "linkml": "https://w3id.org/linkml/",
    "owl": OWL,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": RDFS,
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": SSSOM,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def slot_named(name: str) -> Slot:
    """Return a slot of mappings; one that the standard does not have is text, as extensions are.

    >>> slot_named("author_id").many, slot_named("ext_explanation").kind
    (True, 'text')
    """
    return LINK_SLOTS.get(name) or Slot(name, "text", False, f"http://sssom.invalid/{name}", False)
