"""A network's RDF: the whole graph, or what is said of the part that was chosen; also as RDF 1.2 with reifiers.

https://www.w3.org/TR/json-ld11/ · https://www.w3.org/TR/rdf12-concepts/

HDT is not among the formats: the libraries that are kept (rdflib-hdt) read it and do not write it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO

from kgtool.export.values import Writer, in_text, visible
from kgtool.namespaces import IP, RDF, compress
from kgtool.network import Network, Quad
from kgtool.store.embedded import write_quads
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["rdf", "write_jsonld", "write_rdf12"]

_TYPE = RDF + "type"


def rdf(format_name: str) -> Writer:
    """Make a writer of RDF: triples of the default graph, or quads where the format knows graphs."""

    def write(network: Network, stream: BinaryIO) -> None:
        graphs = format_name in {"trig", "nquads"}
        quads = (quad for quad in network.quads() if graphs or quad[3] is None)
        if format_name == "rdfxml":
            quads = ((s, p, _in_xml(o), g) for s, p, o, g in quads)
        write_quads(quads, stream, format_name, prefixes=network.prefixes)

    return write


def _in_xml(term: Term) -> Term:
    """Return a term whose text XML can hold; the engine does not escape a carriage return, so it is a line feed."""
    if not isinstance(term, Literal):
        return term
    return term._replace(value=visible(term.value).replace("\r\n", "\n").replace("\r", "\n"))


def write_rdf12(network: Network, stream: BinaryIO) -> None:
    """Write Turtle 1.2: every triple once, and for each sentence ``rdf:reifies`` to the triples that it states."""
    sentences: set[str] = set()

    def plain() -> Iterator[Quad]:
        for quad in network.quads():
            if quad[3] is not None:
                return
            if quad[1].value == _TYPE and quad[2] == IRI(IP + "Sentence"):
                sentences.add(quad[0].value)
            yield quad

    # A quad's graph is its sentence; the names are known once the default graph was walked over.
    stated = ((g, s, p, o) for s, p, o, g in network.quads() if g is not None and g.value in sentences)
    write_quads(plain(), stream, "turtle", prefixes=network.prefixes, reified=stated)


def _jsonld(network: Network) -> Iterator[str]:
    terms = _Terms(network)
    yield f'{{"@context": {json.dumps(terms.context(), ensure_ascii=False, indent=1)},\n"@graph": [\n'
    before = ""
    for graph, quads in groupby(network.quads(), key=itemgetter(3)):
        if graph is None:
            for node in terms.nodes(quads):
                yield before + _json(node)
                before = ",\n"
        else:
            nodes = ",\n".join(_json(node) for node in terms.nodes(quads))
            yield f'{before}{{"@id": {_json(terms.name(graph))}, "@graph": [\n{nodes}]}}'
            before = ",\n"
    yield "\n]}\n"


class _Terms:
    """The context of a JSON-LD document: short names for the properties it uses, typed as they are used."""

    def __init__(self, network: Network) -> None:
        self._prefixes = {name: iri for name, iri in network.prefixes.items() if iri[-1:] in {"/", "#", "?", ":", "="}}
        self._used: set[str] = set()
        self._kinds: dict[str, set[str]] = {}
        for s, p, o, g in network.quads():
            for term in (s, o, g):
                if isinstance(term, IRI):
                    self._note(term.value)
            self._note(p.value)
            if isinstance(o, Literal) and o.datatype:
                self._note(o.datatype)
            if p.value != _TYPE:
                self._kinds.setdefault(p.value, set()).add(self._kind(o))
        self._terms = self._named()

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
        prefix, colon, _ = compress(iri, self._prefixes).partition(":")
        if colon and prefix in self._prefixes:
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
        return {tag: texts[0] if len(texts) == 1 else texts for tag, texts in values.items()}

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


#: Write a network's RDF as JSON-LD, with a context of its own.
write_jsonld = in_text(_jsonld)
