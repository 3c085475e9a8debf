"""Things as pages show them: called by their labels, each with the address of its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgtool.explorer.links import Links
from kgtool.explorer.visit import Sources, Visit
from kgtool.labels import labels_of
from kgtool.namespaces import DCTERMS, OWL, PROV, QB, RDF, SCHEMA, SKOS, VOID, compress
from kgtool.queries.listing import question_in
from kgtool.queries.saved import SavedQuery
from kgtool.sparql import is_iri, values
from kgtool.terms import IRI, BlankNode, Literal, Term
from kgtool.text.scripts import to_traditional

__all__ = ["Naming", "Ref", "asked_in", "in_script"]

#: What everyone calls a property that no vocabulary here labels.
_WELL_KNOWN = {
    RDF + "type": ("type", "类型"),
    SCHEMA + "containedInPlace": ("lies in", "位于"),
    SCHEMA + "location": ("takes place in", "地点"),
    SCHEMA + "organizer": ("organised by", "主办方"),
    SCHEMA + "attendee": ("attended by", "参加者"),
    SCHEMA + "participant": ("participant", "参与者"),
    SCHEMA + "about": ("is about", "主题"),
    SCHEMA + "headline": ("headline", "标题"),
    SCHEMA + "datePublished": ("published on", "发表日期"),
    SCHEMA + "provider": ("provided by", "提供者"),
    SCHEMA + "startDate": ("begins on", "开始日期"),
    SCHEMA + "endDate": ("ends on", "结束日期"),
    SCHEMA + "isPartOf": ("is part of", "属于"),
    DCTERMS + "isPartOf": ("is part of", "属于"),
    DCTERMS + "temporal": ("time", "时间"),
    DCTERMS + "spatial": ("place", "地点"),
    DCTERMS + "source": ("source", "来源"),
    DCTERMS + "title": ("title", "标题"),
    DCTERMS + "description": ("description", "描述"),
    PROV + "hadMember": ("has member", "包含成员"),
    PROV + "wasDerivedFrom": ("derived from", "推导自"),
    PROV + "hadPlan": ("by the rule", "依据规则"),
    SKOS + "broader": ("is a kind of", "上位概念"),
    SKOS + "narrower": ("has the kind", "下位概念"),
    SKOS + "inScheme": ("in the scheme", "所属体系"),
    SKOS + "topConceptOf": ("at the top of", "顶层概念于"),
    SKOS + "hasTopConcept": ("begins with", "顶层概念"),
    SKOS + "exactMatch": ("the same as", "等同于"),
    SKOS + "closeMatch": ("close to", "近似于"),
    SKOS + "broadMatch": ("narrower than", "上位对应"),
    SKOS + "narrowMatch": ("broader than", "下位对应"),
    SKOS + "relatedMatch": ("related to", "相关于"),
    OWL + "sameAs": ("identical with", "同一于"),
    QB + "dataSet": ("in the data set", "所属数据集"),
    VOID + "exampleResource": ("example of the dataset", "示例资源"),
}

#: How many names a worker keeps per language.
_MOST_KNOWN = 100_000


class Ref(NamedTuple):
    """A term as it is shown.

    :param text: what it is called, or a literal's text.
    :param href: the address of its page; ``None`` for what has none.
    :param outside: whether that page is on another server.
    :param language: of the text, where it is known.
    :param code: its CURIE or IRI; empty for a literal.
    :param number: whether it is a number.
    """

    text: str
    href: str | None = None
    outside: bool = False
    language: str | None = None
    code: str = ""
    iri: str = ""
    number: bool = False


class _Known(NamedTuple):
    """Labels by IRI, and which things are described here."""

    labels: dict[str, str]
    here: dict[str, bool]


class Naming:
    """Looks names up for one visit: first :meth:`learn` what is to be shown, then :meth:`ref` each."""

    def __init__(self, sources: Sources, visit: Visit) -> None:
        self._store = sources.store
        self._prefixes: Mapping[str, str] = sources.prefixes
        self._language = visit.language
        self._languages = visit.languages
        self.links = Links.of(sources.base, visit)
        # What was learnt for one page is known for the next, as long as it is not too much.
        known: _Known = sources.keep(f"names {visit.language}", lambda: _Known({}, {}))
        if len(known.here) > _MOST_KNOWN:
            known.labels.clear()
            known.here.clear()
        self._labels, self._here = known

    def learn(self, terms: Iterable[Term | str | None]) -> None:
        """Look up what some things are called, and which are described here."""
        iris = {term if isinstance(term, str) else term.value for term in terms if isinstance(term, IRI | str)}
        new = sorted(iri for iri in iris - self._here.keys() if is_iri(iri))
        if not new:
            return
        labels = labels_of(self._store, new, self._languages)
        self._labels.update(labels)
        self._here.update(dict.fromkeys(new, False))
        self._here.update(dict.fromkeys(labels, True))
        # What has no label may be described all the same.
        unlabelled = [iri for iri in new if iri not in labels]
        for start in range(0, len(unlabelled), 1000):
            rows = values(["thing"], [[IRI(iri)] for iri in unlabelled[start : start + 1000]])
            query = f"SELECT DISTINCT ?thing WHERE {{ {rows} FILTER EXISTS {{ ?thing ?p ?o }} }}"
            self._here.update((thing.value, True) for (thing,) in self._store.query(query).rows() if thing is not None)

    def ref(self, term: Term | str | None) -> Ref:
        """Return a term as it is shown."""
        if term is None:
            return Ref("")
        if isinstance(term, Literal):
            return Ref(term.value, language=term.language, number=_is_number(term))
        if isinstance(term, BlankNode):
            return Ref(f"_:{term.value}")
        iri = term if isinstance(term, str) else term.value
        code = compress(iri, self._prefixes)
        known = _WELL_KNOWN.get(iri)
        text = self._labels.get(iri) or (known and _in(known, self._language)) or code
        if self._here.get(iri) or self.links.document(iri):
            return Ref(text, self.links.thing(iri), code=code, iri=iri)
        href = self.links.elsewhere(iri)
        return Ref(text, href, outside=href is not None, code=code, iri=iri)

    def text(self, iri: str) -> str:
        """Return what a thing is called."""
        return self.ref(iri).text


def _in(words: tuple[str, str], language: str) -> str:
    return words[0] if language == "en" else in_script(words[1], language)


def in_script(text: str | None, language: str) -> str:
    """Return a text that is written in one script only in the reader's: gists have no Traditional spelling."""
    return to_traditional(text or "") if language == "zh-Hant" else text or ""


def asked_in(query: SavedQuery, visit: Visit) -> str:
    """Return a saved query's question in the reader's language and script."""
    return in_script(question_in(query, visit.language), visit.language)


def _is_number(term: Literal) -> bool:
    kind = (term.datatype or "").rpartition("#")[2]
    return kind in {"integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger"}
