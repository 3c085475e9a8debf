"""What the facts of an article are compared with: the names of things, and each sentence's words beside its block."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kgtool.articles import Article
from kgtool.coverage.names import LABELS, fold_in_place, ranges
from kgtool.namespaces import IP, QB, RDF, SKOS
from kgtool.store import Store
from kgtool.terms import IRI, Literal, Term
from kgtool.validate.triples import Triple, Triples

__all__ = ["CLAUSE_END", "Block", "Names", "Reading", "read_blocks"]

QUOTE, RELIES_ON, TYPE = IRI(IP + "quote"), IRI(IP + "reliesOn"), IRI(RDF + "type")
ASSUMPTION = IRI(IP + "assumption")

#: What ends a clause, in a folded text; 、 does not.
CLAUSE_END = re.compile("[,;:。!?]")
_LIST = re.compile("[、和与及]")
_COUNT = re.compile("(?:[0-9]+|[一二两三四五六七八九十]+)[个家户条座处项]?大?")


class Block(NamedTuple):
    """A sentence's graph: its triples, and the quotes of each statement in it, folded."""

    sentence: IRI
    triples: list[Triple]
    quotes: dict[Term, list[str]]

    def ends(self, statement: Term) -> Iterator[tuple[IRI, IRI]]:
        """Return property and thing of every triple of a statement that leads to a thing."""
        for subject, predicate, value in self.triples:
            if subject == statement and isinstance(value, IRI) and predicate != TYPE:
                yield predicate, value


class Names:
    """The names of things, folded; of statements none, since their labels are our own words."""

    def __init__(self, data: Triples) -> None:
        self.data = data
        self._of: dict[Term, list[str]] = {}
        self._things: dict[str, set[Term]] = defaultdict(set)
        self._places: dict[tuple[Term, str], list[int]] = {}
        self._found: dict[str, list[tuple[int, int, frozenset[Term]]]] = {}
        observations = {IRI(QB + "Observation")}
        for thing in data.subjects():
            said = data.said_of(thing)
            if QUOTE in said or observations & {*data.types(thing)}:
                continue
            labels = (label for predicate in LABELS for label in said.get(IRI(predicate), []))
            names = {fold_in_place(label.value) for label in labels if isinstance(label, Literal)}
            self._of[thing] = sorted((name for name in names if len(name) >= 2), key=lambda name: (-len(name), name))
            for name in self._of[thing]:
                self._things[name].add(thing)

    def of(self, thing: Term) -> list[str]:
        """Return the names of a thing, the longest first."""
        return self._of.get(thing, [])

    def places(self, thing: Term, words: str) -> list[int]:
        """Return where some words name a thing, also where a list leaves a part of its name to another member."""
        key = (thing, words)
        if key not in self._places:
            found = sorted({start for start, _ in ranges(self.of(thing), words)})
            elided = (place for name in self.of(thing) for place in _elided(name, words))
            self._places[key] = found or sorted(elided)
        return self._places[key]

    def find(self, words: str) -> list[tuple[int, int, frozenset[Term]]]:
        """Find what some words name: start, end, and the things of that name; the longest win, none overlaps."""
        if words in self._found:
            return self._found[words]
        hits = [(start, end, name) for name in self._things if name in words for start, end in ranges([name], words)]
        taken = [False] * len(words)
        kept = []
        for start, end, name in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit)):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                kept.append((start, end, frozenset(self._things[name])))
        self._found[words] = sorted(kept, key=lambda hit: hit[:2])
        return self._found[words]

    def kinds(self, thing: Term) -> set[Term]:
        """Return what a thing is an instance of, but for being a concept."""
        return {*self.data.types(thing)} - {IRI(SKOS + "Concept")}


class Reading:
    """An article's sentences, their words folded, beside their blocks."""

    def __init__(self, article: Article, text: str, blocks: Iterable[Block], names: Names) -> None:
        self.article = IRI(article.iri)
        self.names = names
        folded = fold_in_place(text)
        self.words = {IRI(s.iri): folded[s.start : s.end] for s in article.sentences}
        self.blocks = {block.sentence: block for block in blocks if block.sentence in self.words}
        self._graphs: dict[Triple, set[IRI]] = defaultdict(set)
        self._relies: dict[IRI, set[IRI]] = defaultdict(set)
        for block in self.blocks.values():
            for triple in block.triples:
                self._graphs[triple].add(block.sentence)
                if triple[1] == RELIES_ON and isinstance(triple[2], IRI):
                    self._relies[block.sentence].add(triple[2])

    def relied_on(self, sentence: IRI) -> set[IRI]:
        """Return the sentences that name what this one leaves out."""
        return self._relies[sentence]

    def sources(self, triple: Triple, sentence: IRI) -> set[IRI]:
        """Return a sentence, and those that say a triple together with it: one leaves out what another names."""
        others = (other for other in self._graphs[triple] if other != sentence)
        return {sentence, *(o for o in others if o in self._relies[sentence] or sentence in self._relies[o])}

    def quotes(self, statement: Term, sentence: IRI) -> bool:
        """Tell whether a block quotes its sentence for a statement."""
        return sentence in self.blocks and statement in self.blocks[sentence].quotes

    def assumptions(self, statement: Term, sentence: IRI) -> str:
        """Return what a block says has to be assumed to read a statement so, folded."""
        some = (value for s, p, value in self.blocks[sentence].triples if s == statement and p == ASSUMPTION)
        return "。".join(fold_in_place(value.value) for value in some)


def read_blocks(store: Store) -> list[Block]:
    """Read the graph of every sentence that a store has."""
    triples: dict[IRI, list[Triple]] = defaultdict(list)
    query = f"SELECT ?g ?s ?p ?o {{ ?g a <{IP}Sentence> . GRAPH ?g {{ ?s ?p ?o }} }}"
    for graph, subject, predicate, value in store.query(query).rows():
        if isinstance(graph, IRI) and subject and isinstance(predicate, IRI) and value:
            triples[graph].append((subject, predicate, value))
    return [Block(graph, some, _quotes(some)) for graph, some in triples.items()]


def _quotes(triples: Iterable[Triple]) -> dict[Term, list[str]]:
    quotes: dict[Term, list[str]] = defaultdict(list)
    for subject, predicate, value in triples:
        if predicate == QUOTE and isinstance(value, Literal):
            quotes[subject].append(fold_in_place(value.value))
    return dict(quotes)


def _elided(name: str, words: str) -> Iterator[int]:
    """Find a name whose end stands once for all members of a list, or that a count divides.

    >>> list(_elided("光学产业集群", "造船、光学和铸造产业集群")), list(_elided("临港产业园区", "临港2家产业园区"))
    ([3], [0])
    >>> list(_elided("光学产业集群", "光学领先,铸造产业集群"))
    []
    """
    if name[:2] not in words or name[-2:] not in words:
        return
    start = 0
    for clause in CLAUSE_END.split(words):
        in_list = bool(_LIST.search(clause))
        for cut in range(len(name) - 2, 1, -1):
            head = clause.find(name[:cut])
            tail = clause.find(name[cut:], head + cut) if head >= 0 else -1
            if tail >= 0 and (in_list or _COUNT.fullmatch(clause, head + cut, tail)):
                yield start + head
                break
        start += len(clause) + 1
