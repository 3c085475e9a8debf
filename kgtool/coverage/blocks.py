"""What a sentence's block of ``facts.trig`` states, as far as coverage asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from kgtool.coverage.names import DATES, LABELS, Names, fold_in_place
from kgtool.errors import DataError
from kgtool.namespaces import DCTERMS, IP, SCHEMA, XSD
from kgtool.positions import read_blocks, read_positions
from kgtool.terms import IRI, Literal, Term
from kgtool.text.numerals import parse_amount

__all__ = ["Block", "Number", "Triple", "block_lines", "facts_of", "read_facts"]

#: Subject, property, object.
Triple = tuple[Term, str, Term]

#: Properties whose literals are words of the text, when they stand in a block.
_WORDINGS = LABELS | {f"{IP}aspect", f"{SCHEMA}headline", f"{SCHEMA}name", f"{DCTERMS}title"}
_NUMBERS = frozenset(XSD + name for name in ("decimal", "integer", "double", "float", "int", "nonNegativeInteger"))


class Number(NamedTuple):
    """A number that a block states: what it can be written as, and the quotes of the node that states it."""

    values: frozenset[Decimal]
    quotes: tuple[str, ...]


class Block:
    """The things, words, dates and numbers of a block; words are folded."""

    def __init__(self, triples: Iterable[Triple], names: Names) -> None:
        self.triples = list(triples)
        self.things = {term.value for s, _, o in self.triples for term in (s, o) if isinstance(term, IRI)}
        self.wordings = {name for thing in self.things for name in names.of.get(thing, ())}
        self.dates = [date for thing in self.things for date in names.dates.get(thing, ())]
        quotes: dict[str, list[str]] = defaultdict(list)
        for subject, predicate, value in self.triples:
            if predicate == f"{IP}quote":
                quotes[subject.value].append(fold_in_place(value.value))
            elif predicate in _WORDINGS:
                self.wordings.add(fold_in_place(value.value))
            elif isinstance(value, Literal) and value.datatype in DATES:
                self.dates.append(value.value)
        self.quotes = [quote for some in quotes.values() for quote in some]
        self.numbers = [Number(values, tuple(quotes.get(node, ()))) for node, values in _numbers(self.triples)]


def _numbers(triples: Iterable[Triple]) -> Iterator[tuple[str, frozenset[Decimal]]]:
    """Return every number that some triples state, with its subject; a node's value, scale and words are one."""
    measured: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for subject, predicate, value in triples:
        if predicate == f"{IP}valueAsWritten":
            try:
                measured[subject.value]["written"] = abs(parse_amount(value.value))
            except DataError:
                continue  # validation says so
        elif isinstance(value, Literal) and value.datatype in _NUMBERS:
            try:
                number = abs(Decimal(value.value))
            except InvalidOperation:
                continue  # validation says so
            if predicate in (f"{IP}value", f"{IP}scale"):
                measured[subject.value][predicate.removeprefix(IP)] = number
            else:
                yield subject.value, frozenset({number})
    for node, parts in measured.items():
        values = {number for part, number in parts.items() if part != "scale"}
        if "value" in parts and "scale" in parts:
            values.add(parts["value"] * parts["scale"])
        if values:
            yield node, frozenset(values)


def facts_of(triples: Iterable[Triple], blocks: Mapping[str, Sequence[Triple]]) -> set[object]:
    """Return the facts among some triples: a node that has a quote anywhere is one, any other triple is one."""
    quoted = {s for some in blocks.values() for s, predicate, _ in some if predicate == f"{IP}quote"}
    return {s if s in quoted else (s, p, o) for s, p, o in triples}


def read_facts(file: Path) -> dict[str, list[Triple]]:
    """Read what each sentence states, without ``ip:reliesOn``; an article without ``facts.trig`` states nothing."""
    facts: dict[str, list[Triple]] = defaultdict(list)
    if file.is_file():
        for position in read_positions(file):
            if isinstance(position.graph, IRI) and position.predicate.value != f"{IP}reliesOn":
                facts[position.graph.value].append((position.subject, position.predicate.value, position.object))
    return facts


def block_lines(file: Path) -> dict[str, int]:
    """Return the line on which each sentence's block begins, empty blocks included."""
    return {block.graph.value: block.line for block in read_blocks(file)} if file.is_file() else {}
