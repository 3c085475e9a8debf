"""From a derived value to the sentences that say what it is derived from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from kgtool.evidence.sentences import BATCH, Triple
from kgtool.namespaces import IP, PROV
from kgtool.sparql import is_iri, values
from kgtool.store import Store
from kgtool.terms import IRI, Term

__all__ = ["DERIVED_GRAPH", "Citation", "Derivation", "trace"]

#: How the name of the graph of derived values ends: see docs/architecture.md.
DERIVED_GRAPH = "/graph/derived"


class Derivation(NamedTuple):
    """A derived value: how it was worked out, and by which rule."""

    thing: str
    formula: str | None
    rule: str | None


class Citation(NamedTuple):
    """A sentence, and what it says that is of use here."""

    sentence: str
    triple: Triple | None
    #: The derived values that follow from it, if it is cited for one.
    derived: tuple[Derivation, ...] = ()


class _Known(NamedTuple):
    """What is known of a thing that a derived value rests on."""

    said: dict[tuple[str, Triple | None], None]
    inputs: dict[str, None]
    formulas: dict[str, None]
    rules: dict[str, None]


T = TypeVar("T")


def trace(store: Store, facts: Mapping[T, str], graphs: Iterable[str]) -> dict[T, list[Citation]]:
    """Return what proves each derived triple.

    :param facts: the subject of each.
    :param graphs: the graphs of derived values.
    """
    known: dict[str, _Known] = {}
    for graph in sorted(graphs):
        known |= _explore(store, set(facts.values()), graph)
    cited = {thing: _citations(thing, known) for thing in set(facts.values())}
    return {fact: cited[thing] for fact, thing in facts.items()}


def _explore(store: Store, things: set[str], graph: str) -> dict[str, _Known]:
    """Ask for what things are derived from, and for what that is derived from, until sentences say all of it."""
    known: dict[str, _Known] = {}
    pending = {thing for thing in things if is_iri(thing)}
    while pending:
        known |= {thing: _Known({}, {}, {}, {}) for thing in pending}
        _read_inputs(store, known, pending, graph)
        _read_statements(store, known, pending)
        bare = {thing for thing in pending if not known[thing].inputs and not known[thing].said}
        _read_users(store, known, bare, graph)
        pending = {one for thing in pending for one in known[thing].inputs if one not in known}
    return known


def _read_inputs(store: Store, known: Mapping[str, _Known], things: Iterable[str], graph: str) -> None:
    """Read what things are derived from, and how; and, where that is a sentence, what it says for the thing."""
    inputs: dict[str, dict[str, None]] = {}
    source = f"GRAPH <{graph}> {{ ?thing <{PROV}wasDerivedFrom> ?input }}"
    for thing, (value,) in _ask(store, ("input",), source, things):
        if isinstance(value, IRI):
            inputs.setdefault(value.value, {})[thing] = None
    sentences = {name for name, _ in _ask(store, (), f"?thing a <{IP}Sentence>", inputs)}
    for name, derived in inputs.items():
        for thing in derived:
            if name in sentences:
                known[thing].said[name, None] = None
            else:
                known[thing].inputs[name] = None
    for thing, (formula,) in _ask(store, ("formula",), f"?thing <{IP}formula> ?formula", things):
        if formula is not None:
            known[thing].formulas[formula.value] = None
    for thing, (rule,) in _ask(store, ("rule",), f"?thing <{PROV}hadPlan> ?rule", things):
        if rule is not None:
            known[thing].rules[rule.value] = None
    # A sentence says more than what is used: of what the derived value speaks of.
    of_sentences = {thing for name in sentences for thing in inputs[name]}
    statement = f"{source} GRAPH <{graph}> {{ ?thing ?role ?of }} GRAPH ?input {{ ?of ?p ?o }}"
    for thing, (sentence, s, p, o) in _ask(store, ("input", "of", "p", "o"), statement, of_sentences):
        if s is not None and p is not None and o is not None and sentence is not None and sentence.value in sentences:
            known[thing].said[sentence.value, (s, p, o)] = None


def _read_statements(store: Store, known: Mapping[str, _Known], things: Iterable[str]) -> None:
    """Read what sentences say of things themselves."""
    pattern = f"GRAPH ?sentence {{ ?thing ?p ?o }} ?sentence a <{IP}Sentence> ."
    for thing, (sentence, p, o) in _ask(store, ("sentence", "p", "o"), pattern, things):
        if sentence is not None and p is not None and o is not None:
            known[thing].said[sentence.value, (IRI(thing), p, o)] = None


def _read_users(store: Store, known: Mapping[str, _Known], things: Iterable[str], graph: str) -> None:
    """Take, for things of which nothing is said, what is derived with them: they are there for its sake."""
    pattern = f"GRAPH <{graph}> {{ ?user ?role ?thing ; <{PROV}wasDerivedFrom> ?input }}"
    for thing, (user,) in _ask(store, ("user",), pattern, things):
        if isinstance(user, IRI):
            known[thing].inputs[user.value] = None


def _ask(
    store: Store, columns: tuple[str, ...], pattern: str, things: Iterable[str]
) -> Iterator[tuple[str, list[Term | None]]]:
    asked = sorted(things)
    for start in range(0, len(asked), BATCH):
        wanted = values(["thing"], [[IRI(thing)] for thing in asked[start : start + BATCH]])
        selected = " ".join(f"?{column}" for column in columns)
        for thing, *row in store.query(f"SELECT ?thing {selected} WHERE {{ {wanted} {pattern} }}").rows():
            if thing is not None:
                yield thing.value, row


def _citations(thing: str, known: Mapping[str, _Known]) -> list[Citation]:
    """Collect what is said of a thing and of all that it is derived from."""
    cited: dict[Citation, None] = {}
    seen = set()
    pending: list[tuple[str, tuple[Derivation, ...]]] = [(thing, ())]
    for one, after in pending:  # grows as inputs are met
        if one in seen or one not in known:
            continue
        seen.add(one)
        at = known[one]
        formula, rule = next(iter(at.formulas), None), next(iter(at.rules), None)
        derived = (*after, Derivation(one, formula, rule)) if formula or rule else after
        cited |= dict.fromkeys(Citation(sentence, triple, derived) for sentence, triple in at.said)
        pending += [(source, derived) for source in at.inputs]
    return list(cited)
