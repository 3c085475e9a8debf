"""The graph that is reconciled with: its identifiers, its types and properties, and what is an entity in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from kgtool.labels import labels_of, languages_for
from kgtool.namespaces import DCTERMS, IP, OWL, RDF, RDFS, SH, SKOS, VOID, compress, expand
from kgtool.search import open_index
from kgtool.sparql import is_iri, values
from kgtool.store import Store
from kgtool.terms import IRI, Literal, Term

__all__ = ["Source"]

#: What says that a thing is a term of a vocabulary, and no entity.
_OF_VOCABULARIES = (RDFS, SH, OWL)
_OF_ENTITIES = (OWL + "NamedIndividual", OWL + "Thing", RDFS + "Resource")
_PROPERTY = RDF + "Property"
#: Holds of what has a name and is no term that a vocabulary defines: what is counted.
_NAMED = (
    f"FILTER EXISTS {{ ?thing <{SKOS}prefLabel> ?name }} FILTER NOT EXISTS {{ ?thing <{RDFS}isDefinedBy> ?vocabulary }}"
)
_LANGUAGES = languages_for("en")
#: Descriptions, and combinations of classes, that are remembered.
_KEPT = 10_000
_DESCRIPTIONS = (SKOS + "definition", DCTERMS + "description", RDFS + "comment", SKOS + "scopeNote")


class Source:
    """A graph to reconcile with. It does not change: what is counted once stays so.

    The identifier of an entity is its IRI without what all names of the graph's own things begin with, or its whole
    IRI if it does not begin so: either is a reference to be resolved against the identifier space. The identifiers of
    types and properties are CURIEs, or whole IRIs where there is no prefix.

    :param base: what the graph's own names start with, if it says so.
    """

    def __init__(self, store: Store, *, prefixes: Mapping[str, str], base: str | None) -> None:
        self.store = store
        self.prefixes = prefixes
        self.base = base
        self.index = open_index(store, prefixes=prefixes)
        self._kept: dict[str, str] = {}
        # Classes come in the same few combinations, which things of a graph share.
        self._within = lru_cache(_KEPT)(self._find_within)
        self._types_of = lru_cache(_KEPT)(self._find_types_of)

    def id_of(self, iri: str) -> str:
        """Return the identifier of an entity."""
        if self.base and iri.startswith(self.base):
            local = iri[len(self.base) :]
            if local and not local.startswith(("/", "?", "#")) and ":" not in local.partition("/")[0]:
                return local
        return iri

    def iri_of(self, id_: str) -> str | None:
        """Return the IRI that an identifier, or a CURIE, stands for; ``None`` if it cannot be one."""
        bare = id_.strip().removeprefix("<").removesuffix(">")
        iri = expand(bare, self.prefixes) or bare
        if is_iri(iri):
            return iri
        iri = f"{self.base or ''}{bare}"
        return iri if self.base and "/" in bare and is_iri(iri) else None

    def term_iri(self, id_: str) -> str | None:
        """Return the IRI of a type or property given as a CURIE or IRI; ``None`` if it is neither."""
        iri = expand(id_, self.prefixes) or id_
        return iri if is_iri(iri) else None

    def named(self, iri: str, labels: Mapping[str, str]) -> dict[str, str]:
        """Return a type or property as clients know it: ``{"id", "name"}``."""
        id_ = compress(iri, self.prefixes)
        return {"id": id_, "name": labels.get(iri) or id_}

    @cached_property
    def title(self) -> str:
        """What the graph is called, in English if it can be; empty if it does not say."""
        found = self.store.query(f"SELECT ?title {{ ?data <{VOID}uriSpace> ?base ; <{DCTERMS}title> ?title }}").rows()
        titles = [title for (title,) in found if isinstance(title, Literal)]
        return min(titles, key=lambda one: (_rank(one.language), one.value)).value if titles else ""

    @cached_property
    def types(self) -> dict[str, int]:
        """How many things have each type, the commonest first; the ontology's own types before others."""
        query = f"SELECT ?type (COUNT(DISTINCT ?thing) AS ?n) {{ ?thing a ?type {_NAMED} }} GROUP BY ?type"
        counts = self.counted(query)
        return {iri: n for iri, n in counts.items() if not _is_of_vocabulary(iri)}

    @cached_property
    def properties(self) -> dict[str, int]:
        """How many values each property of entities has, the commonest first."""
        return self.counted(f"SELECT ?p (COUNT(*) AS ?n) {{ ?thing ?p ?value {_NAMED} }} GROUP BY ?p")

    @cached_property
    def names(self) -> dict[str, str]:
        """What types and properties are called."""
        return labels_of(self.store, [*self.types, *self.properties, *self._above], _LANGUAGES)

    @cached_property
    def _above(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for below, above in self.store.query(f"SELECT ?a ?b {{ ?a <{RDFS}subClassOf> ?b }}").rows():
            if isinstance(below, IRI) and isinstance(above, IRI):
                found[below.value].add(above.value)
        return dict(found)

    def within(self, classes: Iterable[str]) -> frozenset[str]:
        """Return classes and all above them."""
        return self._within(tuple(classes))

    def _find_within(self, classes: tuple[str, ...]) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(classes)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._above.get(one, ())
        return frozenset(found)

    def is_entity(self, classes: Iterable[str]) -> bool:
        """Say whether what has some classes is an entity, and no term of a vocabulary."""
        return not any(map(_is_of_vocabulary, classes))

    def types_of(self, classes: Iterable[str]) -> list[dict[str, str]]:
        """Return the types that an entity is shown with: the ontology's own first."""
        return [{**one} for one in self._types_of(tuple(classes))]

    def _find_types_of(self, classes: tuple[str, ...]) -> list[dict[str, str]]:
        shown = [one for one in classes if one not in _OF_ENTITIES]
        return [self.named(one, self.names) for one in sorted(shown, key=lambda one: (not one.startswith(IP), one))]

    def classes_of(self, iri: str) -> list[str]:
        """Return the classes of a thing, as they are stated."""
        rows = self.store.query("SELECT DISTINCT ?c { ?thing a ?c }", bindings={"thing": IRI(iri)}).rows()
        return sorted(c.value for (c,) in rows if isinstance(c, IRI))

    def descriptions(self, iris: Iterable[str]) -> dict[str, str]:
        """Return what is said of things in a sentence, of those of which something is: in English if it can be."""
        asked = dict.fromkeys(iris)
        new = [iri for iri in asked if iri not in self._kept]
        if len(self._kept) + len(new) > _KEPT:
            self._kept.clear()
            new = list(asked)
        if new:
            found = self._find_descriptions(new)
            self._kept |= {iri: found.get(iri, "") for iri in new}
        return {iri: text for iri in asked if (text := self._kept[iri])}

    def _find_descriptions(self, iris: Iterable[str]) -> dict[str, str]:
        things = values(["thing"], [[IRI(iri)] for iri in iris])
        properties = values(["p"], [[IRI(one)] for one in _DESCRIPTIONS])
        best: dict[str, tuple[int, int, str]] = {}
        query = f"SELECT ?thing ?p ?text {{ {things} {properties} ?thing ?p ?text }}"
        for thing, p, text in self.store.query(query).rows():
            if isinstance(thing, IRI) and isinstance(p, IRI) and isinstance(text, Literal):
                candidate = (_DESCRIPTIONS.index(p.value), _rank(text.language), text.value)
                best[thing.value] = min(best.get(thing.value, candidate), candidate)
        return {iri: text for iri, (_, _, text) in best.items()}

    def counted(self, query: str, bindings: Mapping[str, Term] | None = None) -> dict[str, int]:
        """Return how often a query counts each of some terms: the ontology's own first, the commonest before others."""
        found: dict[str, int] = {}
        for one, n in self.store.query(query, bindings=bindings).rows():
            if isinstance(one, IRI) and isinstance(n, Literal):
                found[one.value] = int(n.value)
        return dict(sorted(found.items(), key=lambda item: (not item[0].startswith(IP), -item[1], item[0])))

    def texts(self, iri: str) -> dict[str, Any]:
        """Return what a preview shows of an entity: ``{"id", "names", "types", "description"}``."""
        return {
            "id": self.id_of(iri),
            "names": self.index.labels(iri),
            "types": self.types_of(self.classes_of(iri)),
            "description": self.descriptions([iri]).get(iri, ""),
        }


def _rank(language: str | None) -> int:
    """Say how welcome a language is."""
    tags = [one.lower() for one in _LANGUAGES]
    return tags.index(language.lower()) if language and language.lower() in tags else len(tags)


@lru_cache(1000)
def _is_of_vocabulary(iri: str) -> bool:
    return iri not in _OF_ENTITIES and (iri == _PROPERTY or iri.startswith(_OF_VOCABULARIES))
