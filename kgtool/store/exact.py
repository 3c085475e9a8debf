"""RDF files in the embedded engine without the loss of a term.

The engine keeps numbers and dates by their values: ``4486.20`` becomes ``4486.2``, and ``"1"^^xsd:int`` an
``xsd:integer``. Where terms have to be told apart, as a validator must, that is too little. So a literal that would
change is kept twice: a stand-in, its words under a datatype of our own that the engine leaves alone, in one graph; and
the literal as the engine has it in another. A question about terms is asked of the stand-ins, a question about values
of the plain literals; all other triples are in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from kgtool.datatypes import is_well_formed
from kgtool.errors import QueryError
from kgtool.namespaces import RDF, XSD
from kgtool.store.embedded import RDF_FORMATS, to_engine, to_term
from kgtool.terms import IRI, XSD_STRING, BlankNode, Literal, Term

__all__ = ["STAND_IN", "ExactStore", "parse_triples"]

#: What the datatype of a stand-in begins with; the rest is the datatype it stands in for.
STAND_IN = "urn:kgtool:as:"
#: What the datatype of a literal begins with that is not well formed, so that it is worth nothing.
ILL_TYPED = "urn:kgtool:ill-typed:"

_OWN = (STAND_IN, ILL_TYPED)
_STAND_INS, _PLAIN = ox.NamedNode("urn:kgtool:stand-ins"), ox.NamedNode("urn:kgtool:plain")
_ASIDE = frozenset({XSD_STRING, RDF + "langString", RDF + "dirLangString"})

#: Literals that the engine gives back as they are, by datatype: looked at first, since most are of these.
_KEPT = {
    XSD + "integer": re.compile(r"-?[1-9][0-9]{0,17}|0").fullmatch,
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]{0,9})\.[0-9]{0,7}[1-9]").fullmatch,
    XSD + "boolean": re.compile("true|false").fullmatch,
    XSD + "date": re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]").fullmatch,
}
Triple = tuple[Term, IRI, Term]


class ExactStore:
    """Triples in memory, in the engine, each term as it was read."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self._scratch = ox.Store()
        self._known: dict[tuple[str, str], tuple[ox.Literal, ox.Literal | None]] = {}
        #: Predicates that have stand-ins among their values.
        self.predicates: set[str] = set()
        #: The datatypes that have stand-ins.
        self.datatypes: set[str] = set()

    def __len__(self) -> int:
        return sum(1 for _ in self._store.quads_for_pattern(None, None, None, ox.DefaultGraph())) + sum(
            1 for _ in self._store.quads_for_pattern(None, None, None, _STAND_INS)
        )

    def load(self, path: str, format_name: str, *, base: str) -> None:
        """Add a file, its graphs taken together; its blank nodes keep their labels.

        :raises SyntaxError: if it is malformed; a part of it has been added then.
        """
        form = RDF_FORMATS[format_name]
        self._extend(ox.parse(path=path, format=form, base_iri=base), split=form.supports_datasets)

    def extend(self, triples: Iterable[Triple]) -> None:
        """Add triples."""
        self._extend(
            (ox.Quad(to_engine(s), to_engine(p), to_engine(o)) for s, p, o in triples),
            split=False,
        )

    def add_graph(self, name: str, triples: Iterable[Triple]) -> None:
        """Add a named graph for queries that name it; it is no part of the rest."""
        graph = ox.NamedNode(name)
        self._store.extend([ox.Quad(to_engine(s), to_engine(p), to_engine(o), graph) for s, p, o in triples])

    def _extend(self, quads: Iterable[ox.Quad], *, split: bool) -> None:
        self._store.bulk_extend(self._exact(quads, split))
        # What is in the data both as the engine has it and otherwise is one literal among plain ones.
        twice = [
            quad
            for quad in self._store.quads_for_pattern(None, None, None, _PLAIN)
            if ox.Quad(quad.subject, quad.predicate, quad.object) in self._store
        ]
        for quad in twice:
            self._store.remove(quad)

    def _exact(self, quads: Iterable[ox.Quad], split: bool) -> Iterator[ox.Quad]:
        kept, aside, literal = _KEPT, _ASIDE, ox.Literal
        nothing: Callable[[str], object] = lambda _: None  # noqa: E731
        for quad in quads:
            value, changed = quad.object, False
            if type(value) is literal:
                datatype = value.datatype.value
                if datatype not in aside and not kept.get(datatype, nothing)(value.value):
                    plain, other = self._forms(value.value, datatype)
                    if other is not None:
                        self.predicates.add(quad.predicate.value)
                        yield ox.Quad(quad.subject, quad.predicate, plain, _PLAIN)
                        yield ox.Quad(quad.subject, quad.predicate, other, _STAND_INS)
                        continue
                    value, changed = plain, True
            if split or changed:
                yield ox.Quad(quad.subject, quad.predicate, value)
            else:
                yield quad

    def _forms(self, words: str, datatype: str) -> tuple[ox.Literal, ox.Literal | None]:
        """Return a literal as the engine is given it, and its stand-in if it would not come back."""
        key = words, datatype
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 1 << 18:
                self._known.clear()
            if not is_well_formed(words, datatype):
                # The engine would take 300 for a number, be it an xsd:byte.
                datatype = ILL_TYPED + datatype
            plain = ox.Literal(words, datatype=ox.NamedNode(datatype))
            other = None if self._comes_back(plain) else ox.Literal(words, datatype=ox.NamedNode(STAND_IN + datatype))
            if other is not None:
                self.datatypes.add(datatype)
            found = self._known[key] = plain, other
        return found

    def _comes_back(self, literal: ox.Literal) -> bool:
        return bool(self._kept(literal) == literal)

    def _kept(self, literal: ox.Literal) -> ox.Literal:
        """Return a literal as the engine has it."""
        self._scratch.add(ox.Quad(_PLAIN, _PLAIN, literal))
        (back,) = self._scratch
        self._scratch.clear()
        assert isinstance(back.object, ox.Literal)
        return back.object

    def constant(self, term: Term) -> Term:
        """Return a term as questions about terms must write it."""
        if isinstance(term, Literal) and term.datatype and term.datatype not in _ASIDE:
            plain, other = self._forms(term.value, term.datatype)
            return to_term(other or plain)
        return term

    def original(self, term: Term) -> Term:
        """Return the term that an answer's term stands for."""
        if isinstance(term, Literal) and term.datatype and term.datatype.startswith(_OWN):
            return Literal(term.value, None, term.datatype.removeprefix(STAND_IN).removeprefix(ILL_TYPED))
        return term

    def written(self, subject: Term, predicate: str | None, value: Literal) -> Literal:
        """Return how a value that the engine gave is written at a subject; as it is, where that is not known.

        :param predicate: the property whose value it is, if that is known.
        """
        if not value.datatype or value.datatype in _ASIDE or isinstance(subject, Literal):
            return value
        node, name = to_engine(subject), None if predicate is None else ox.NamedNode(predicate)
        literal = to_engine(value)
        if any(self._store.quads_for_pattern(node, name, literal, ox.DefaultGraph())):
            return value
        for quad in self._store.quads_for_pattern(node, name, None, _STAND_INS):
            stand_in = quad.object
            assert isinstance(stand_in, ox.Literal)
            datatype = stand_in.datatype.value.removeprefix(STAND_IN)
            if self._kept(ox.Literal(stand_in.value, datatype=ox.NamedNode(datatype))) == literal:
                return Literal(stand_in.value, None, datatype)
        return value

    def select(
        self, text: str, *, plain: bool = False, named: Iterable[str] = ()
    ) -> tuple[tuple[str, ...], Iterator[tuple[Term | None, ...]]]:
        """Answer a SELECT query: the names of its columns, and its rows.

        :param plain: ask for values, as the engine has them, and not for terms.
        :param named: the graphs that ``GRAPH`` can name.
        :raises QueryError: if the engine does not take the query.
        """
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.DefaultGraph()]
        if self.predicates:
            default.append(_PLAIN if plain else _STAND_INS)
        try:
            answer = self._store.query(text, default_graph=default, named_graphs=[ox.NamedNode(name) for name in named])
        except SyntaxError as exc:
            raise QueryError(f"the engine does not take it: {exc.msg}", hint="mend the query") from exc
        assert isinstance(answer, ox.QuerySolutions)
        names = tuple(variable.value for variable in answer.variables)
        return names, (tuple(None if value is None else to_term(value) for value in row) for row in answer)

    def describe(self, node: BlankNode) -> Iterator[Triple]:
        """Walk over the triples that have a blank node as their subject."""
        for graph in (ox.DefaultGraph(), _STAND_INS):
            for quad in self._store.quads_for_pattern(ox.BlankNode(node.value), None, None, graph):
                yield node, IRI(quad.predicate.value), self.original(to_term(quad.object))

    def triples(self) -> Iterator[Triple]:
        """Walk over every triple, with its terms as they were read."""
        for graph in (ox.DefaultGraph(), _STAND_INS):
            for quad in self._store.quads_for_pattern(None, None, None, graph):
                yield to_term(quad.subject), IRI(quad.predicate.value), self.original(to_term(quad.object))


def parse_triples(path: str, format_name: str, *, base: str) -> Iterator[Triple]:
    """Walk over the triples of a file, its graphs taken together, each term as it is written.

    :raises SyntaxError: if it is malformed.
    """
    for quad in ox.parse(path=path, format=RDF_FORMATS[format_name], base_iri=base):
        yield to_term(quad.subject), IRI(quad.predicate.value), to_term(quad.object)
