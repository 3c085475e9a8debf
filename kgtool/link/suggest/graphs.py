"""Records from graphs: RDF files, SPARQL endpoints, and the candidates of a reconciliation service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kgtool.link.client import ReconciliationService
from kgtool.link.suggest.records import Name, Record
from kgtool.linksets.targets import AREA, CONCEPT, FACILITY, ORGANISATION, SETTLEMENT
from kgtool.namespaces import RDF, RDFS, SCHEMA, SKOS
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.terms import IRI, Literal

__all__ = ["GraphSource", "ServiceSource"]

_LABELS = (SKOS + "prefLabel", RDFS + "label", SCHEMA + "name", "https://www.geonames.org/ontology#name")
_ALIASES = (SKOS + "altLabel", SCHEMA + "alternateName", "https://www.geonames.org/ontology#alternateName")
_WITHIN = (
    SCHEMA + "containedInPlace",
    "http://www.wikidata.org/prop/direct/P131",
    "https://www.geonames.org/ontology#parentFeature",
)
_ORG = "http://www.w3.org/ns/org#"
#: Classes that say what kind of thing it is.
_KINDS = {
    SCHEMA + "AdministrativeArea": AREA,
    SCHEMA + "Country": AREA,
    SCHEMA + "State": AREA,
    SCHEMA + "City": SETTLEMENT,
    SKOS + "Concept": CONCEPT,
    SCHEMA + "Organization": ORGANISATION,
    SCHEMA + "CollegeOrUniversity": ORGANISATION,
    SCHEMA + "Corporation": ORGANISATION,
    _ORG + "Organization": ORGANISATION,
    _ORG + "FormalOrganization": ORGANISATION,
    SCHEMA + "CivicStructure": FACILITY,
}
#: Languages of names that are looked at; those without a tag are.
_TAGS = ("zh", "en", "mul")
_DEEPEST = 8
#: Candidates that a service is asked for, for each name.
_CANDIDATES = 5


class GraphSource:
    """Things of a graph that have names.

    :param type: the IRI of a class, if only its things are wanted.
    """

    def __init__(self, store: Store, name: str, *, type: str = "") -> None:  # noqa: A002 - RDF's word
        self._store = store
        self.name = name
        self._type = type

    def records(self) -> Iterator[Record]:
        """Walk over the things, sorted."""
        names: dict[str, dict[bool, set[str]]] = {}
        kinds: dict[str, str] = {}
        above: dict[str, str] = {}
        properties = values(["property"], [[IRI(one)] for one in (*_LABELS, *_ALIASES, *_WITHIN, RDF + "type")])
        wanted = f"?thing a <{self._type}> ." if self._type else ""
        for thing, property_, value in self._store.query(
            f"SELECT ?thing ?property ?value {{ {properties} {wanted} ?thing ?property ?value }}"
        ).rows():
            if not isinstance(thing, IRI) or property_ is None:
                continue
            if isinstance(value, Literal):
                language = (value.language or "mul").partition("-")[0].lower()
                if language in _TAGS and property_.value not in _WITHIN:
                    which = names.setdefault(thing.value, {False: set(), True: set()})
                    which[property_.value in _ALIASES].add(value.value)
            elif isinstance(value, IRI):
                if value.value in _KINDS:
                    kinds[thing.value] = _KINDS[value.value]
                elif property_.value in _WITHIN:
                    above[thing.value] = min(value.value, above.get(thing.value, value.value))
        labels = {thing: _shown(found) for thing, found in names.items()}
        for iri in sorted(names):
            found = names[iri]
            every = [
                *(Name(one) for one in sorted(found[False])),
                *(Name(one, alias=True) for one in sorted(found[True])),
            ]
            yield Record(iri, tuple(every), tuple(_ancestors(iri, above, labels)), "", kinds.get(iri, ""))


def _shown(names: dict[bool, set[str]]) -> str:
    """Return the name a place is known by: a Chinese one if there is one."""
    every = sorted(names[False]) or sorted(names[True])
    return next((one for one in every if any("\u3400" <= character <= "\u9fff" for character in one)), every[0])


def _ancestors(thing: str, above: dict[str, str], labels: dict[str, str]) -> Iterator[str]:
    step = above.get(thing, "")
    for _ in range(_DEEPEST):
        if not step:
            return
        if step in labels:
            yield labels[step]
        step = above.get(step, "")


class ServiceSource:
    """The candidates that a reconciliation service has for our names.

    :param ours: what it is asked about.
    """

    def __init__(self, service: ReconciliationService, name: str, ours: Sequence[Record]) -> None:
        self._service = service
        self.name = name
        self._ours = ours

    def records(self) -> Iterator[Record]:
        """Walk over the candidates, each once, under every name it was given by."""
        asked = sorted({name.text for record in self._ours for name in record.names if not name.alias})
        space = str(self._service.manifest.get("identifierSpace") or "")
        names: dict[str, set[str]] = {}
        for candidates in self._service.reconcile(asked, limit=_CANDIDATES):
            for one in candidates:
                iri = one.id if "://" in one.id else space + one.id
                names.setdefault(iri, set()).add(one.name)
        for iri in sorted(names):
            yield Record(iri, tuple(map(Name, sorted(names[iri]))))
