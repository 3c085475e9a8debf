"""Things as pages show them: called by their labels, each with the address of its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgtool.explorer.links import Links
from kgtool.explorer.visit import Sources, Visit
from kgtool.labels import labels_of
from kgtool.namespaces import RDF, compress
from kgtool.sparql import is_iri, values
from kgtool.terms import IRI, BlankNode, Literal, Term
from kgtool.text.scripts import to_traditional

__all__ = ["Naming", "Ref", "in_script"]

#: What everyone calls a property that no vocabulary here labels.
_WELL_KNOWN = {RDF + "type": {"en": "type", "zh-Hans": "类型", "zh-Hant": "類型"}}


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


class Naming:
    """Looks names up for one visit: first :meth:`learn` what is to be shown, then :meth:`ref` each."""

    def __init__(self, sources: Sources, visit: Visit) -> None:
        self._store = sources.store
        self._prefixes: Mapping[str, str] = sources.prefixes
        self._language = visit.language
        self._languages = visit.languages
        self.links = Links.of(sources.base, visit)
        self._labels: dict[str, str] = {}
        self._here: dict[str, bool] = {}

    def learn(self, terms: Iterable[Term | str | None]) -> None:
        """Look up what some things are called, and which are described here."""
        iris = {term if isinstance(term, str) else term.value for term in terms if isinstance(term, IRI | str)}
        new = sorted(iri for iri in iris - self._here.keys() if is_iri(iri))
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
        text = self._labels.get(iri) or (known and known[self._language]) or code
        if self._here.get(iri) or self.links.document(iri):
            return Ref(text, self.links.thing(iri), code=code, iri=iri)
        href = self.links.elsewhere(iri)
        return Ref(text, href, outside=href is not None, code=code, iri=iri)

    def text(self, iri: str) -> str:
        """Return what a thing is called."""
        return self.ref(iri).text


def in_script(text: str | None, language: str) -> str:
    """Return a text that is written in one script only in the reader's: gists have no Traditional spelling."""
    return to_traditional(text or "") if language == "zh-Hant" else text or ""


def _is_number(term: Literal) -> bool:
    kind = (term.datatype or "").rpartition("#")[2]
    return kind in {"integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger"}
