"""Links as triples: the links themselves, SSSOM's record of each with its evidence, and VoID's counts of the set.

https://mapping-commons.github.io/sssom/spec-formats-rdf/ · https://www.w3.org/TR/void/#linkset
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from kgtool.errors import DataError
from kgtool.linksets.model import Link, Linkset
from kgtool.linksets.slots import LINK_SLOTS, REQUIRED, SET_SLOTS, Slot
from kgtool.linksets.targets import TARGET_SPACE, TARGETS, Target
from kgtool.namespaces import DCAT, DCTERMS, FOAF, OWL, RDF, SSSOM, VOID, XSD
from kgtool.sparql import is_iri
from kgtool.terms import IRI, Literal, Term

__all__ = ["Triple", "describe_linkset", "describe_target", "link_triples", "record_triples", "targets_of"]

#: Subject, predicate, object.
Triple = tuple[IRI, IRI, Term]

_TYPE = IRI(RDF + "type")

#: What the standard's words mean, where they mean a resource.
_WORDS = {
    "Not": SSSOM + "NegatedPredicate",
    "owl class": OWL + "Class",
    "owl object property": OWL + "ObjectProperty",
    "owl data property": OWL + "DataProperty",
    "owl annotation property": OWL + "AnnotationProperty",
    "owl named individual": OWL + "NamedIndividual",
    "skos concept": "http://www.w3.org/2004/02/skos/core#Concept",
    "rdfs resource": "http://www.w3.org/2000/01/rdf-schema#Resource",
    "rdfs class": "http://www.w3.org/2000/01/rdf-schema#Class",
    "rdfs literal": "http://www.w3.org/2000/01/rdf-schema#Literal",
    "rdfs datatype": "http://www.w3.org/2000/01/rdf-schema#Datatype",
    "rdf property": RDF + "Property",
    "composed entity expression": SSSOM + "ComposedEntityExpression",
    "1.0": SSSOM + "version1.0",
    "1.1": SSSOM + "version1.1",
}


def link_triples(linkset: Linkset) -> Iterator[Triple]:
    """Walk over the links that are meant as links: not what was looked for in vain, nor what is denied.

    :raises DataError: if a row lacks what a link needs, or names what is not declared.
    """
    for link in linkset.links:
        subject, predicate, object_ = (_entity(linkset, link, name, link.text(name)) for name in REQUIRED[:3])
        if not link.negative:
            yield subject, predicate, object_


def record_triples(linkset: Linkset) -> Iterator[Triple]:
    """Walk over SSSOM's own account: the set, and every row with what it says.

    A row that has no ``record_id`` is named by what it links, below the IRI of the set.

    :raises DataError: as :func:`link_triples`, or if the set has no ``mapping_set_id``.
    """
    this = _set(linkset)
    yield this, _TYPE, IRI(SSSOM + "MappingSet")
    for name, value in linkset.metadata.items():
        if name in SET_SLOTS and name != "mapping_set_id":
            for one in (value,) if isinstance(value, str) else value:
                line = linkset.lines.get(name)
                yield this, IRI(SET_SLOTS[name].iri), _term(linkset, SET_SLOTS[name], one, line)
    named: Counter[str] = Counter()
    for link in linkset.links:
        record = _record(linkset, link, this, named)
        yield this, IRI(SSSOM + "mappings"), record
        yield record, _TYPE, IRI(OWL + "Axiom")
        for name in link.slots:
            slot = LINK_SLOTS.get(name) or _extension(linkset, name)
            if name == "record_id":
                continue
            for one in link.values(name):
                yield record, IRI(slot.iri), _term(linkset, slot, one, link.line)


def describe_linkset(linkset: Linkset, *, dataset: str) -> Iterator[Triple]:
    """Describe a set of links in VoID: between which datasets, by which predicates, how many.

    VoID has one predicate per linkset, so a set with several has a subset for each.

    :param dataset: the IRI of the dataset whose things are linked.
    """
    this = _set(linkset)
    counted = Counter(predicate.value for _, predicate, _ in dict.fromkeys(link_triples(linkset)))
    yield IRI(dataset), IRI(VOID + "subset"), this
    for name in ("mapping_set_title", "mapping_set_description", "license", "creator_id"):
        value = linkset.metadata.get(name, ())
        for one in (value,) if isinstance(value, str) else value:
            yield this, IRI(SET_SLOTS[name].iri), _term(linkset, SET_SLOTS[name], one, linkset.lines.get(name))
    yield from _counts(linkset, this, dataset, counted)
    if len(counted) > 1:
        for predicate in sorted(counted):
            part = IRI(f"{this.value}#{predicate.rpartition('#')[2].rpartition('/')[2]}")
            yield this, IRI(VOID + "subset"), part
            yield from _counts(linkset, part, dataset, {predicate: counted[predicate]})


def describe_target(target: Target) -> Iterator[Triple]:
    """Describe a dataset that is linked to, as a catalogue does."""
    this = IRI(target.iri)
    yield this, _TYPE, IRI(DCAT + "Dataset")
    yield this, IRI(DCTERMS + "title"), Literal(target.title)
    yield this, IRI(VOID + "uriSpace"), Literal(target.namespace)
    if target.homepage:
        yield this, IRI(FOAF + "homepage"), IRI(target.homepage)
    if target.licence:
        yield this, IRI(DCTERMS + "license"), IRI(target.licence)


def _counts(linkset: Linkset, this: IRI, dataset: str, counted: dict[str, int] | Counter[str]) -> Iterator[Triple]:
    yield this, _TYPE, IRI(VOID + "Linkset")
    yield this, IRI(VOID + "subjectsTarget"), IRI(dataset)
    for source in _sources(linkset):
        yield this, IRI(VOID + "objectsTarget"), source
    for predicate in counted:
        yield this, IRI(VOID + "linkPredicate"), IRI(predicate)
    yield this, IRI(VOID + "triples"), Literal(str(sum(counted.values())), None, XSD + "integer")


def _sources(linkset: Linkset) -> Iterable[IRI]:
    """Return the datasets that the rows say they link to."""
    named = {name: link.line for link in linkset.links for name in link.values("object_source")}
    for name in sorted(named):
        iri = linkset.expand(name)
        if iri and is_iri(iri):
            yield IRI(iri)


def targets_of(linkset: Linkset) -> Iterator[Target]:
    """Return the known targets that a set links to."""
    for source in _sources(linkset):
        target = TARGETS.get(source.value.removeprefix(TARGET_SPACE))
        if target is not None and source.value == target.iri:
            yield target


def _set(linkset: Linkset) -> IRI:
    if not is_iri(linkset.id):
        hint = "name the set with the IRI of the dataset, then links/ and the target: '#mapping_set_id: https://…'"
        raise DataError("the set has no IRI", file=linkset.file, line=linkset.lines.get("mapping_set_id"), hint=hint)
    return IRI(linkset.id)


def _record(linkset: Linkset, link: Link, this: IRI, named: Counter[str]) -> IRI:
    if link.text("record_id"):
        return _entity(linkset, link, "record_id", link.text("record_id"))
    name = "/".join(quote(part, safe=":/%") for part in (link.subject, link.predicate, link.object))
    named[name] += 1
    return IRI(f"{this.value}#{name}" + (f"/{named[name]}" if named[name] > 1 else ""))


def _extension(linkset: Linkset, name: str) -> Slot:
    one = next((extension for extension in linkset.extensions if extension.name == name), None)
    iri = linkset.expand(one.property) if one else None
    return Slot(name, "text", False, iri or f"http://sssom.invalid/{name}", False)


def _entity(linkset: Linkset, link: Link, name: str, curie: str) -> IRI:
    if not curie:
        raise DataError(f"the row has no {name}", file=linkset.file, line=link.line, hint="every link needs one")
    return _iri(linkset, name, curie, link.line)


def _iri(linkset: Linkset, name: str, curie: str, line: int | None) -> IRI:
    iri = linkset.expand(curie)
    if iri is None:
        prefix = curie.partition(":")[0]
        hint = f"add it to curie_map: '#  {prefix}: https://…'"
        raise DataError(f"{name} {curie}: prefix '{prefix}' is not declared", file=linkset.file, line=line, hint=hint)
    if not is_iri(iri):
        hint = "write what an IRI cannot hold as %20 and the like"
        raise DataError(f"{name} {curie}: no IRI", file=linkset.file, line=line, hint=hint)
    return IRI(iri)


def _term(linkset: Linkset, slot: Slot, value: str, line: int | None) -> Term:
    if slot.kind == "entity":
        return _iri(linkset, slot.name, value, line)
    if slot.kind == "uri":
        if not is_iri(value):
            raise DataError(f"{slot.name} '{value}': no IRI", file=linkset.file, line=line, hint="write https://…")
        return IRI(value)
    if slot.kind == "number":
        return Literal(value, None, XSD + "double")
    if slot.kind == "date":
        return Literal(value, None, XSD + "date")
    if slot.kind == "choice" and value in _WORDS:
        return IRI(_WORDS[value])
    return Literal(value)
