"""From the rows of a query to the sentences that prove them.

What a row rests on are the triples that the query matched for it: those of every solution that gives the row, or of
every member of its group. A triple is proved by the sentences whose graphs hold it; a derived one by the sentences
that say what it is derived from; one that is in neither (ontology, names, the record of an article) is context.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kgtool import sparql
from kgtool.errors import QueryError
from kgtool.evidence.derivation import DERIVED_GRAPH, Citation, Derivation, trace
from kgtool.evidence.passages import Passage, Source, marks_of, read_passages, read_quotes, source_of
from kgtool.evidence.pattern import Closure, Pattern, Premise, evidence_pattern, needs_no_step, path_pattern
from kgtool.evidence.sentences import BATCH, Triple, graphs_of
from kgtool.labels import LANGUAGES
from kgtool.select.parser import parse_select
from kgtool.select.syntax import Repeat, Select, Variable, write
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Term, n3

__all__ = ["Evidence", "Proven", "ProvenRow", "prove"]

#: What a missing value is called where rows are told apart: see :mod:`kgtool.evidence.pattern`.
_UNBOUND = IRI("urn:x-kgtool:unbound")

#: Terms that a solution is compared with, one by one.
_MOST_LISTED = 2000

_UNNAMED = "triples with a blank node, which no query can name, are not looked up: {} of them; give the nodes IRIs"


class Evidence(NamedTuple):
    """A sentence that proves a row, or a part of it."""

    passage: Passage
    #: The phrases that prove its statements, as they stand in the sentence.
    quotes: tuple[str, ...]
    #: What it says that the row rests on.
    triples: tuple[Triple, ...]
    #: The derived values that follow from what it says, where the row rests on those.
    derived: tuple[Derivation, ...] = ()
    #: The sentence itself, if the article's text was given, and where the quotes are in it.
    text: str | None = None
    marks: tuple[tuple[int, int], ...] = ()


class ProvenRow(NamedTuple):
    """A row and what proves it, in reading order."""

    row: tuple[Term | None, ...]
    evidence: tuple[Evidence, ...]
    #: What it rests on as well and no sentence says.
    context: tuple[Triple, ...]


class Proven(NamedTuple):
    """The answer to a query, proved."""

    variables: tuple[str, ...]
    rows: tuple[ProvenRow, ...]
    #: What is to be known of the evidence as a whole.
    notes: tuple[str, ...]


class _Fact(NamedTuple):
    """A triple that a solution matched, in a graph or in the default graph."""

    triple: Triple
    graph: Term | None


class _Walk(NamedTuple):
    """A way along a path of any length, from one node to another."""

    closure: Closure
    start: Term
    end: Term
    graph: Term | None


#: What a row rests on, each once.
_Basis = dict[_Fact | _Walk, None]
_Key = tuple[Term, ...]


def prove(
    store: Store,
    text: str,
    *,
    bindings: Mapping[str, Term] | None = None,
    prefixes: Mapping[str, str] | None = None,
    languages: Sequence[str] = LANGUAGES,
    source: str | None = None,
    file: object = None,
) -> Proven:
    """Answer a SELECT query, and say for each row which sentences prove it.

    :param bindings: values for variables of the query.
    :param prefixes: those the text may use without declaring them.
    :param languages: the order of preference for gists and titles.
    :param source: the text of the article, to show the sentences themselves.
    :param file: where the query came from, for messages.
    :raises QueryError: if the query cannot be answered, or its rows cannot be traced; the message has the part that
        is in the way.
    :raises DataError: if ``source`` is not the text of an article of this graph.
    """
    result = store.query(text, bindings=bindings, prefixes=prefixes, file=file)
    if result.form != "select":
        raise QueryError("only the rows of a SELECT have evidence", file=file, hint="ask with SELECT")
    select = parse_select(sparql.bind(text, bindings or {}), prefixes=prefixes, file=file)
    pattern = evidence_pattern(select, file=file)
    known = source_of(store, source) if source is not None else None
    rows = list(result.rows())
    bases, unnamed = _bases(store, select, pattern, result.variables, rows)
    notes = [*pattern.notes, *([_UNNAMED.format(unnamed)] if unnamed else [])]
    cited = _Citations(store, list(bases.values()), languages, known)
    key_of = _keys(pattern, result.variables)
    proven = {key: cited.of(basis) for key, basis in bases.items()}
    return Proven(result.variables, tuple(ProvenRow(row, *proven[key_of(row)]) for row in rows), tuple(notes))


# What rows rest on ---------------------------------------------------------------------------------------------------


def _bases(
    store: Store, select: Select, pattern: Pattern, variables: Sequence[str], rows: Sequence[tuple[Term | None, ...]]
) -> tuple[dict[_Key, dict[_Fact, None]], int]:
    """Find what the rows rest on, by the key that tells rows apart; and how much of it cannot be looked up."""
    key_of = _keys(pattern, variables)
    bases: dict[_Key, _Basis] = {key_of(row): {} for row in rows}
    if pattern.is_told_by_rows:
        at = {variable: variables.index(column) for column, variable in pattern.keys}
        bases.update(_read_off(pattern, at, dict(zip(map(key_of, rows), rows, strict=True)).values()))
    elif rows:
        _ask_again(store, select, pattern, variables, rows, bases)
    walks: dict[_Walk, _Basis] = {}
    pending = [step for basis in bases.values() for step in basis if isinstance(step, _Walk)]
    while pending:
        found = _walk(store, dict.fromkeys(pending))
        walks |= found
        pending = [step for basis in found.values() for step in basis if isinstance(step, _Walk) and step not in walks]
    flat = {key: _flat(basis, walks) for key, basis in bases.items()}
    unnamed = {fact for facts in flat.values() for fact in facts if _has_blank(fact.triple)}
    ends = {walk for walk in walks if isinstance(walk.start, BlankNode) or isinstance(walk.end, BlankNode)}
    return flat, len(unnamed) + len(ends)


def _ask_again(
    store: Store,
    select: Select,
    pattern: Pattern,
    variables: Sequence[str],
    rows: Sequence[tuple[Term | None, ...]],
    bases: dict[_Key, _Basis],
) -> None:
    """Add what every solution behind the rows matched."""
    seen = set()
    is_cut = select.limit is not None or select.offset is not None
    # For its order, or its groups, the store goes through everything anyway.
    whole = bool(select.order_by) or select.is_grouped
    for before in _only(pattern, variables, rows, whole=whole) if is_cut else [""]:
        for key, basis in _solutions(store, pattern, before):
            if key in bases:
                seen.add(key)
                bases[key] |= basis
    if not (pattern.one_row or seen.issuperset(bases)):
        hint = "run it again; if that does not help, give its blank nodes IRIs or its order a total ORDER BY"
        raise QueryError("the store did not find a row of its answer a second time", hint=hint)


def _keys(pattern: Pattern, variables: Sequence[str]) -> Callable[[Sequence[Term | None]], _Key]:
    """Say how to tell which of the solutions are a row's."""
    at = [variables.index(column) for column, _ in pattern.keys]
    return lambda row: tuple(row[i] or _UNBOUND for i in at)


def _only(
    pattern: Pattern, variables: Sequence[str], rows: Sequence[tuple[Term | None, ...]], *, whole: bool
) -> list[str]:
    """Write what is known of the rows, in pieces, so that a query cut by LIMIT is not proved as a whole.

    :param whole: whether to have all solutions found, then compared with what is known: one piece. VALUES would be
        where the engine starts from, whatever else narrows the query more: that takes forty times as long, or more.
    """
    columns = []
    for column, variable in pattern.keys:
        at = variables.index(column)
        if all(isinstance(row[at], IRI) for row in rows):
            columns.append((at, variable))
    if not columns:
        return [""]
    if whole:
        listed = [(variable, {n3(one): None for row in rows if (one := row[at])}) for at, variable in columns]
        few = [
            f"FILTER(?{variable} IN ({', '.join(terms)}))" for variable, terms in listed if len(terms) <= _MOST_LISTED
        ]
        return [" ".join(few)]
    names = [variable for _, variable in columns]
    known = list(dict.fromkeys(tuple(row[at] or _UNBOUND for at, _ in columns) for row in rows))
    return [sparql.values(names, known[start : start + BATCH]) for start in range(0, len(known), BATCH)]


def _solutions(store: Store, pattern: Pattern, before: str = "") -> Iterator[tuple[_Key, _Basis]]:
    """Walk over the solutions of a pattern: whose they are, and what each rests on."""
    try:
        result = store.query(pattern.query(before))
    except QueryError as exc:
        raise _untraceable(
            f"the store refuses the query for its evidence ({exc.message})", "ask it more simply"
        ) from exc
    yield from _read_off(pattern, {name: index for index, name in enumerate(result.variables)}, result.rows())


def _read_off(
    pattern: Pattern, at: Mapping[str, int], rows: Iterable[tuple[Term | None, ...]]
) -> Iterator[tuple[_Key, _Basis]]:
    """Read off solutions whose they are, and what each rests on.

    :param at: where the value of each variable of the pattern stands.
    """
    keys = [at[variable] for _, variable in pattern.keys]
    readers = [(_reader(premise, at), _is_open(premise, pattern.given)) for premise in pattern.premises]
    for row in rows:
        for witness in pattern.witnesses:
            present = witness.marker is None or row[at[witness.marker]] is not None
            holds = witness.holds is None or _is_true(row[at[witness.holds]])
            if present and holds and row[at[witness.found]] is None:
                hint = "write its pattern into the query itself"
                raise _untraceable("an EXISTS depends on what is outside it", hint)
        basis: _Basis = {}
        unsaid: list[_Walk] = []
        for read, is_open in readers:
            step = read(row)
            if isinstance(step, _Walk) and step.start == step.end and needs_no_step(step.closure.path):
                # A node leads to itself as soon as there is such a node: something must say so.
                unsaid += [step] if is_open else []
            elif step is not None:
                basis[step] = None
        for walk in unsaid:
            if not any(_is_said(walk, step) for step in basis):
                hint = "write + for *, or a pattern that says what one of its ends is"
                raise _untraceable(f"every node leads to itself by {write(walk.closure.path)}", hint)
        yield tuple(row[i] or _UNBOUND for i in keys), basis


def _untraceable(what: str, hint: str) -> QueryError:
    return QueryError(f"this query's rows cannot be traced: {what}", hint=hint)


def _is_open(premise: Premise, given: Collection[str]) -> bool:
    """Say whether a query leaves open what the ends of a triple pattern are."""
    ends = (premise.subject, premise.object)
    return all(isinstance(end, Variable) and end.name not in given for end in ends)


def _is_said(walk: _Walk, step: _Fact | _Walk) -> bool:
    """Say whether something else says, in the same graph, that there is the node that a way begins and ends at."""
    ends = step.triple[::2] if isinstance(step, _Fact) else (step.start, step.end)
    return walk.start in ends and walk.graph == step.graph


def _reader(premise: Premise, at: Mapping[str, int]) -> Callable[[Sequence[Term | None]], _Fact | _Walk | None]:
    """Say how to read off a solution what a triple pattern matched in it."""

    def value(node: Term | Variable | None) -> Callable[[Sequence[Term | None]], Term | None]:
        if isinstance(node, Variable):
            index = at[node.name]
            return lambda row: row[index]
        return lambda _: node

    subject, object_, graph = value(premise.subject), value(premise.object), value(premise.graph)
    marker = None if premise.marker is None else at[premise.marker]
    repeat = premise.predicate if isinstance(premise.predicate, Repeat) else None
    predicate = value(None if isinstance(premise.predicate, Repeat) else premise.predicate)
    closure = Closure(repeat, premise.graph is not None) if repeat else None

    def read(row: Sequence[Term | None]) -> _Fact | _Walk | None:
        if marker is not None and row[marker] is None:
            return None
        s, p, o = subject(row), predicate(row), object_(row)
        if s is None or o is None:
            return None
        if closure is not None:
            return _Walk(closure, s, o, graph(row))
        return None if p is None else _Fact((s, p, o), graph(row))

    return read


def _walk(store: Store, walks: Iterable[_Walk]) -> dict[_Walk, _Basis]:
    """Find the steps of every way along paths of any length."""
    found: dict[_Walk, _Basis] = {walk: {} for walk in walks}
    by_closure: dict[Closure, list[_Walk]] = {}
    for walk in found:
        if not any(isinstance(end, BlankNode) for end in (walk.start, walk.end, walk.graph)):
            by_closure.setdefault(walk.closure, []).append(walk)
    for closure, asked in by_closure.items():
        pattern = path_pattern(closure)
        names = [name for name, _ in pattern.keys]
        for start in range(0, len(asked), BATCH):
            rows = [[term for term in walk[1:] if term is not None] for walk in asked[start : start + BATCH]]
            for (first, last, *graph), basis in _solutions(store, pattern, sparql.values(names, rows)):
                found[_Walk(closure, first, last, graph[0] if graph else None)] |= basis
    return found


def _flat(basis: _Basis, walks: Mapping[_Walk, _Basis]) -> dict[_Fact, None]:
    """Replace every way by its steps."""
    facts: dict[_Fact, None] = {}
    pending, seen = list(basis), set()
    for step in pending:  # grows as ways are met
        if isinstance(step, _Fact):
            facts[step] = None
        elif step not in seen:
            seen.add(step)
            pending += walks[step]
    return facts


def _is_true(term: Term | None) -> bool:
    return term is not None and term.value in {"true", "1"}


def _has_blank(triple: Triple) -> bool:
    return any(isinstance(term, BlankNode) for term in triple)


# What proves it ------------------------------------------------------------------------------------------------------


class _Citations:
    """What is cited for a fact, looked up for all facts at once."""

    def __init__(
        self, store: Store, bases: Sequence[Mapping[_Fact, None]], languages: Sequence[str], source: Source | None
    ) -> None:
        facts = dict.fromkeys(fact for basis in bases for fact in basis)
        graphs = graphs_of(store, dict.fromkeys(fact.triple for fact in facts if fact.graph is None))
        held = {fact: graphs[fact.triple] if fact.graph is None else [fact.graph.value] for fact in facts}
        names = {graph for found in held.values() for graph in found}
        derived_graphs = {name for name in names if name.endswith(DERIVED_GRAPH)}
        passages = read_passages(store, names - derived_graphs, languages)
        self._cited: dict[_Fact, list[Citation]] = {}
        derived: dict[_Fact, str] = {}
        for fact, found in held.items():
            self._cited[fact] = [Citation(graph, fact.triple) for graph in found if graph in passages]
            subject = fact.triple[0]
            if not self._cited[fact] and isinstance(subject, IRI) and not derived_graphs.isdisjoint(found):
                derived[fact] = subject.value
        for fact, citations in trace(store, derived, derived_graphs).items():
            self._cited[fact] = citations
        missing = {c.sentence for found in self._cited.values() for c in found} - set(passages)
        self._passages = passages | read_passages(store, missing, languages)
        said = {(c.sentence, c.triple) for found in self._cited.values() for c in found if c.triple}
        self._quotes = read_quotes(store, {(sentence, triple[0]) for sentence, triple in said})
        triples = {fact.triple for fact in facts} | {triple for _, triple in said}
        order = sorted(triples, key=lambda triple: tuple(map(n3, triple)))
        self._rank = {triple: rank for rank, triple in enumerate(order)}
        self._source = source
        self._items: dict[tuple[str, frozenset[Triple], frozenset[Derivation]], Evidence] = {}

    def of(self, basis: Mapping[_Fact, None]) -> tuple[tuple[Evidence, ...], tuple[Triple, ...]]:
        """Return what proves a basis, in reading order, and what of it is context."""
        triples: dict[str, set[Triple]] = {}
        derived: dict[str, set[Derivation]] = {}
        context: set[Triple] = set()
        for fact in basis:
            for citation in self._cited[fact]:
                said = triples.setdefault(citation.sentence, set())
                if citation.triple is not None:
                    said.add(citation.triple)
                if citation.derived:
                    derived.setdefault(citation.sentence, set()).update(citation.derived)
            if not self._cited[fact]:
                context.add(fact.triple)
        items = [self._item(name, frozenset(said), frozenset(derived.get(name, ()))) for name, said in triples.items()]
        return tuple(sorted(items, key=lambda item: item.passage.place)), self._in_order(context)

    def _in_order(self, triples: Iterable[Triple]) -> tuple[Triple, ...]:
        return tuple(sorted(triples, key=self._rank.__getitem__))

    def _item(self, sentence: str, said: frozenset[Triple], derived: frozenset[Derivation]) -> Evidence:
        # Rows often share what proves them.
        made = self._items.get((sentence, said, derived))
        if made is None:
            made = self._items[sentence, said, derived] = self._made(sentence, said, derived)
        return made

    def _made(self, sentence: str, said: frozenset[Triple], derived: frozenset[Derivation]) -> Evidence:
        passage = self._passages[sentence]
        triples = self._in_order(said)
        subjects = dict.fromkeys(subject for subject, _, _ in triples)
        quotes = tuple(dict.fromkeys(q for subject in subjects for q in self._quotes.get((sentence, subject), ())))
        item = Evidence(passage, quotes, triples, tuple(sorted(derived)))
        if self._source is None or self._source.article != passage.article:
            return item
        text = self._source.text[passage.start : passage.end]
        return item._replace(text=text, marks=marks_of(text, quotes, simplified=self._source.simplified))
