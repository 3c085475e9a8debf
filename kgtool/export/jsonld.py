"""JSON-LD: a network's RDF with short names; and framed, as a tree of things with what is said of each inside it.

https://www.w3.org/TR/json-ld11/ · https://www.w3.org/TR/json-ld11-framing/
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import groupby
from operator import itemgetter

from kgtool.export.values import in_text
from kgtool.namespaces import IP, RDF, SKOS, compress
from kgtool.network import Network, Quad
from kgtool.network.copying import no_room
from kgtool.network.rules import FOLDED
from kgtool.terms import IRI, BlankNode, Literal

__all__ = ["write_jsonld", "write_jsonld_framed"]

_TYPE = RDF + "type"


#: What a thing has of the statements that are about it, by the property that leads from them to it.
_REVERSED = {IP + "subject": "figures", IP + "recognizedEntity": "recognitions", IP + "rankedEntity": "rankings"}
_SOURCES = {class_: fold.source for class_, fold in FOLDED.items()}
#: How deep nodes without a name stand in one another; what is deeper stands by itself.
_DEPTH = 10
_TABLES = """
PRAGMA journal_mode = OFF;
CREATE TABLE node (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
CREATE TABLE label (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
CREATE TABLE inside (id TEXT PRIMARY KEY, parent TEXT, term TEXT) WITHOUT ROWID;
CREATE TABLE reference (id TEXT, parent TEXT);
CREATE TABLE written (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


def _jsonld(network: Network) -> Iterator[str]:
    terms = _Terms(network.quads(), network.prefixes)
    yield _head(terms.context())
    before = ""
    for graph, quads in groupby(network.quads(), key=itemgetter(3)):
        if graph is None:
            for node in terms.nodes(quads):
                yield before + _json(node)
                before = ",\n"
            continue
        yield f'{before}{{"@id": {_json(terms.name(graph))}, "@graph": [\n'
        before = ""
        for node in terms.nodes(quads):
            yield before + _json(node)
            before = ",\n"
        yield "]}"
    yield "\n]}\n"


def _framed(network: Network) -> Iterator[str]:
    terms = _Terms((quad for quad in network.quads() if quad[3] is None), network.prefixes)
    context = terms.context()
    reversed_ = {iri: name for iri, name in _REVERSED.items() if terms.uses(iri) and name not in context}
    context |= {
        name: {"@reverse": terms.name(IRI(iri)), "@type": "@id", "@container": "@set"}
        for iri, name in reversed_.items()
    }
    yield _head(context)
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as database:
        try:
            yield from _Tree(database, terms, reversed_).walk(network)
        except sqlite3.OperationalError as exc:
            raise no_room(exc) from exc
    yield "\n]}\n"


class _Tree:
    """The default graph as a tree: a thing, inside it the statements about it, inside these what has no name."""

    def __init__(self, database: sqlite3.Connection, terms: _Terms, reversed_: Mapping[str, str]) -> None:
        self._rows = database.execute
        self._terms = terms
        self._reversed = {terms.term(iri): name for iri, name in reversed_.items()}
        self._sources = {
            terms.name(IRI(class_)): terms.term(source) for class_, source in _SOURCES.items() if source in reversed_
        }
        self._label = terms.term(SKOS + "prefLabel") if terms.uses(SKOS + "prefLabel") else ""
        database.executescript(_TABLES)

    def walk(self, network: Network) -> Iterator[str]:
        """Write what stands at the top, one node after the other."""
        self._rows("BEGIN")
        for node in self._terms.nodes(quad for quad in network.quads() if quad[3] is None):
            self._keep(node)
        # A node without a name stands inside the only one that mentions it.
        self._rows("INSERT INTO inside SELECT id, MIN(parent), '' FROM reference GROUP BY id HAVING COUNT(*) = 1")
        # A statement stands inside its thing, if that is here and stands at the top itself.
        self._rows("CREATE TABLE held AS SELECT id FROM inside")
        self._rows(
            "DELETE FROM inside WHERE term != '' AND (parent NOT IN (SELECT id FROM node)"
            " OR parent IN (SELECT id FROM held) OR substr(parent, 1, 2) = '_:')"
        )
        self._rows("CREATE INDEX inside_parent ON inside (parent)")
        before = ""
        for inside in ("NOT IN", "IN"):
            # Nodes without names that only mention one another in a circle stand in nothing: they come at the end.
            last = ""
            more = f"SELECT id FROM node WHERE id > ? AND id {inside} (SELECT id FROM inside) ORDER BY id LIMIT 1"  # noqa: S608
            while row := self._rows(more, (last,)).fetchone():
                last = row[0]
                if not self._is_written(last):
                    yield before + _json(self._node(last, 0))
                    before = ",\n"

    def _keep(self, node: dict[str, object]) -> None:
        id_ = str(node["@id"])
        self._rows("INSERT INTO node VALUES (?, ?)", (id_, _json(node)))
        if self._label in node:
            self._rows("INSERT INTO label VALUES (?, ?)", (id_, _json(node[self._label])))
        for class_ in _listed(node.get("@type", [])):
            source = self._sources.get(str(class_), "")
            ends = _listed(node.get(source, []))
            if len(ends) == 1 and not id_.startswith("_:"):
                self._rows("INSERT INTO inside VALUES (?, ?, ?)", (id_, _id_of(ends[0]), source))
                break
        for term, value in node.items():
            for one in _listed(value) if term in self._terms.references else ():
                if _id_of(one).startswith("_:"):
                    self._rows("INSERT INTO reference VALUES (?, ?)", (_id_of(one), id_))

    def _node(self, id_: str, depth: int) -> dict[str, object]:
        """Return a node with everything that stands inside it."""
        self._rows("INSERT INTO written VALUES (?)", (id_,))
        node: dict[str, object] = json.loads(self._body(id_) or "{}")
        parent = self._rows("SELECT term FROM inside WHERE id = ?", (id_,)).fetchone() if depth else None
        if parent and parent[0]:
            del node[parent[0]]
        for term in self._terms.references & node.keys():
            values = [self._shown(value, id_, depth) for value in _listed(node[term])]
            node[term] = values if isinstance(node[term], list) else values[0]
        inside = self._rows(
            "SELECT term, id FROM inside WHERE parent = ? AND term != '' ORDER BY id", (id_,)
        ).fetchall()
        for term, name in sorted(self._reversed.items()):
            if own := [child for by, child in inside if by == term]:
                node[name] = [self._node(child, depth + 1) for child in own]
        return node

    def _shown(self, value: object, parent: str, depth: int) -> object:
        """Return a reference as it is shown: with its label, or as the node itself, if that has no name."""
        id_ = _id_of(value)
        if id_.startswith("_:"):
            inside = self._rows("SELECT 1 FROM inside WHERE id = ? AND parent = ?", (id_, parent)).fetchone()
            if inside and depth < _DEPTH and not self._is_written(id_) and self._body(id_):
                return self._node(id_, depth + 1)
            return value
        label = self._rows("SELECT body FROM label WHERE id = ?", (id_,)).fetchone() if id_ else None
        return {"@id": id_, self._label: json.loads(label[0])} if label else value

    def _body(self, id_: str) -> str | None:
        found = self._rows("SELECT body FROM node WHERE id = ?", (id_,)).fetchone()
        return found[0] if found else None

    def _is_written(self, id_: str) -> bool:
        return self._rows("SELECT 1 FROM written WHERE id = ?", (id_,)).fetchone() is not None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _id_of(value: object) -> str:
    """Return what a value refers to: nothing, if it is a literal."""
    return str(value.get("@id", "")) if isinstance(value, dict) else str(value)


def _head(context: Mapping[str, object]) -> str:
    return f'{{"@context": {json.dumps(context, ensure_ascii=False, indent=1)},\n"@graph": [\n'


class _Terms:
    """The context of a JSON-LD document: short names for the properties it uses, typed as they are used."""

    def __init__(self, quads: Iterable[Quad], prefixes: Mapping[str, str]) -> None:
        self._prefixes = {name: iri for name, iri in prefixes.items() if iri[-1:] in {"/", "#", "?", ":", "="}}
        self._used: set[str] = set()
        self._kinds: dict[str, set[str]] = {}
        for s, p, o, g in quads:
            for term in (s, o, g):
                if isinstance(term, IRI):
                    self._note(term.value)
            self._note(p.value)
            if isinstance(o, Literal) and o.datatype:
                self._note(o.datatype)
            if p.value != _TYPE:
                self._kinds.setdefault(p.value, set()).add(self._kind(o))
        self._terms = self._named()
        #: The terms whose values may be references to nodes.
        self.references = {self._terms[predicate] for predicate, kinds in self._kinds.items() if "@id" in kinds}

    def uses(self, predicate: str) -> bool:
        """Say whether a property occurs."""
        return predicate in self._terms

    def term(self, predicate: str) -> str:
        """Return the short name of a property that occurs."""
        return self._terms[predicate]

    def context(self) -> dict[str, object]:
        """Return the context: prefixes that occur, then a term for every property."""
        context: dict[str, object] = {name: iri for name, iri in self._prefixes.items() if name in self._used}
        for predicate, term in sorted(self._terms.items(), key=itemgetter(1)):
            definition: dict[str, str] = {"@id": self.name(IRI(predicate))}
            kind = self._only_kind(predicate)
            if kind == "@id":
                definition["@type"] = "@id"
            elif kind == "@language":
                definition["@container"] = "@language"
            elif kind not in {"", "@value"}:
                definition["@type"] = self.name(IRI(kind))
            context[term] = definition
        return context

    def name(self, term: IRI | BlankNode) -> str:
        if isinstance(term, BlankNode):
            return f"_:{term.value}"
        return compress(term.value, self._prefixes)

    def nodes(self, quads: Iterable[Quad]) -> Iterator[dict[str, object]]:
        """Walk over the nodes of a graph, each with all that is said of it there."""
        for subject, said in groupby(quads, key=itemgetter(0)):
            node: dict[str, object] = {"@id": self.name(subject)}
            for predicate, triples in groupby(said, key=itemgetter(1)):
                objects = [o for _, _, o, _ in triples]
                if predicate.value == _TYPE:
                    node["@type"] = [self.name(o) for o in objects if not isinstance(o, Literal)]
                elif self._only_kind(predicate.value) == "@language":
                    node[self._terms[predicate.value]] = self._by_language(objects)
                else:
                    values = [self._value(predicate.value, o) for o in objects]
                    node[self._terms[predicate.value]] = values[0] if len(values) == 1 else values
            yield node

    def _note(self, iri: str) -> None:
        short = compress(iri, self._prefixes)
        prefix, _, local = short.partition(":")
        if prefix not in self._prefixes:
            return
        if short == iri and not local.startswith("//"):
            # An IRI whose scheme is called as a prefix is would be taken for a short name.
            del self._prefixes[prefix]
            self._used.discard(prefix)
        else:
            self._used.add(prefix)

    def _kind(self, term: object) -> str:
        if not isinstance(term, Literal):
            return "@id"
        return "@language" if term.language else term.datatype or "@value"

    def _only_kind(self, predicate: str) -> str:
        kinds = self._kinds[predicate]
        return next(iter(kinds)) if len(kinds) == 1 else ""

    def _named(self) -> dict[str, str]:
        """Give every property its local name; two of one name keep their prefixes."""
        names: dict[str, list[str]] = {}
        for predicate in self._kinds:
            short = compress(predicate, self._prefixes)
            local = short.partition(":")[2]
            plain = short != predicate and local and local not in self._prefixes
            names.setdefault(local if plain else short, []).append(predicate)
        return {
            predicate: name if len(several) == 1 else compress(predicate, self._prefixes)
            for name, several in names.items()
            for predicate in several
        }

    def _by_language(self, objects: Iterable[object]) -> dict[str, object]:
        values: dict[str, list[str]] = {}
        for literal in objects:
            assert isinstance(literal, Literal)
            values.setdefault(literal.language or "", []).append(literal.value)
        return {tag: texts[0] if len(texts) == 1 else texts for tag, texts in sorted(values.items())}

    def _value(self, predicate: str, term: object) -> object:
        kind = self._only_kind(predicate)
        if isinstance(term, Literal):
            if kind:
                return term.value
            if term.language:
                return {"@value": term.value, "@language": term.language}
            typed = {"@type": self.name(IRI(term.datatype))} if term.datatype else {}
            return {"@value": term.value, **typed}
        assert isinstance(term, IRI | BlankNode)
        return self.name(term) if kind else {"@id": self.name(term)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


#: Write a network's RDF as JSON-LD with a context of its own: every graph, or the default graph as a tree.
write_jsonld = in_text(_jsonld)
write_jsonld_framed = in_text(_framed)
