"""What a sentence says in an order: numbers as what they are of, demands and figures after those they are about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from kgtool.coverage.names import fold_in_place
from kgtool.namespaces import IP
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI, Term
from kgtool.validate.wording.blocks import CLAUSE_END, TYPE, Block, Reading

__all__ = ["find_other_addressees", "find_other_order", "find_other_subjects"]

#: By what two figures of one phrase can differ.
_DIMENSIONS = tuple(IRI(IP + name) for name in ("subject", "indicator", "counterpart"))
_WRITTEN, _ADDRESSED, _DIRECTIVE = IRI(IP + "valueAsWritten"), IRI(IP + "addressedTo"), IRI(IP + "Directive")
_SUBJECT, _TYPE_OF = IRI(IP + "subject"), IRI(IP + "statisticType")
#: Kinds of number whose subject the clause names, if it names any; a share or gap is in a clause with its counterpart.
_OF_ONE = frozenset(IRI(IP + name) for name in ("Level", "Growth", "Ratio"))
_IN_LIST = re.compile("[、和与及]")


def find_other_order(reading: Reading) -> Iterator[Finding]:
    """Find figures of one phrase (占全省園區和全市的33%、81%) that stand in another order than what they are of."""
    for block in reading.blocks.values():
        words = reading.words[block.sentence]
        for quote, figures in _shared_quotes(block).items():
            at = words.find(quote)
            for dimension in _DIMENSIONS:
                placed = []
                for figure in figures:
                    number = _number_at(block, figure, quote)
                    end = next((value for role, value in block.ends(figure) if role == dimension), None)
                    anchor = None if end is None else _anchor(reading, block, dimension, end, (at, at + len(quote)))
                    if number is None or anchor is None:
                        break
                    placed.append((number, anchor, figure))
                else:
                    if len({anchor for _, anchor, _ in placed}) == len(placed):
                        yield from _disordered(block, dimension, placed)


def _shared_quotes(block: Block) -> dict[str, list[Term]]:
    """Return the quotes that several figures have, with those figures."""
    figures = {subject for subject, predicate, _ in block.triples if predicate == _WRITTEN}
    by_quote: dict[str, list[Term]] = defaultdict(list)
    for figure in sorted(figures, key=str):
        for quote in block.quotes.get(figure, []):
            by_quote[quote].append(figure)
    return {quote: some for quote, some in by_quote.items() if len(some) > 1}


def _number_at(block: Block, figure: Term, quote: str) -> int | None:
    """Return where a quote has the number of a figure."""
    for subject, predicate, value in block.triples:
        if subject == figure and predicate == _WRITTEN:
            written = fold_in_place(value.value)
            match = re.search(rf"(?<![0-9.]){re.escape(written)}", quote)
            return match.start() if match else None
    return None


def _anchor(reading: Reading, block: Block, role: IRI, end: Term, quoted: tuple[int, int]) -> int | None:
    """Return where a sentence speaks of a thing: by name, best in the quote, or in a phrase of another figure."""
    words = reading.words[block.sentence]
    named = [start for start, _, things in reading.names.find(words) if end in things]
    named = named or reading.names.places(end, words)
    inside = [place for place in named if quoted[0] <= place < quoted[1]]
    if inside or named:
        return (inside or named)[0]
    for figure, quotes in block.quotes.items():
        if any(one == (role, end) for one in block.ends(figure)):
            own = [words.find(quote) for quote in quotes if not quoted[0] <= words.find(quote) < quoted[1]]
            if own:
                return own[0]
    return None


def _disordered(block: Block, role: IRI, placed: list[tuple[int, int, Term]]) -> Iterator[Finding]:
    by_number = [figure for _, _, figure in sorted(placed, key=lambda one: one[:2])]
    by_anchor = [figure for _, _, figure in sorted(placed, key=lambda one: (one[1], one[0]))]
    for said, figure in zip(by_anchor, by_number, strict=True):
        if said != figure:
            value = next(value for predicate, value in block.ends(figure) if predicate == role)
            yield Finding(
                severity="violation",
                check="order-differs-from-sentence",
                message=Bilingual(
                    "the numbers of this phrase stand in another order than what they are of",
                    "这一片段中数字的次序与其所指对象的次序不同",
                ),
                repair=Bilingual(
                    "give each number what the sentence gives it: the first to the first, the second to the second",
                    "按句中次序对应（“分别”：第一个对第一个，第二个对第二个）",
                ),
                focus=figure,
                path=role,
                value=value,
                sentence=block.sentence,
            )


def find_other_addressees(reading: Reading) -> Iterator[Finding]:
    """Find demands that stand after the name of another than the one they are addressed to."""
    for block in reading.blocks.values():
        words = reading.words[block.sentence]
        directives = {s for s, p, value in block.triples if p == TYPE and value == _DIRECTIVE}
        for subject, predicate, value in block.triples:
            if predicate != _ADDRESSED or subject not in directives:
                continue
            nearest = _nearest(reading, block, subject, value, words)
            if nearest and value not in nearest:
                yield Finding(
                    severity="warning",
                    check="addressee-not-nearest",
                    message=Bilingual(
                        "the sentence names another last before this demand", "句中该要求之前最近提到的是另一对象"
                    ),
                    repair=Bilingual(
                        "correct ip:addressedTo, unless the sentence goes back to one named before",
                        "改正 ip:addressedTo；若句子回指前面的对象则不必",
                    ),
                    focus=subject,
                    path=predicate,
                    value=value,
                    sentence=block.sentence,
                )


def find_other_subjects(reading: Reading) -> Iterator[Finding]:
    """Find figures whose clause names another of the kind of their subject, and not the subject."""
    for block in reading.blocks.values():
        words = reading.words[block.sentence]
        plain = {s for s, p, value in block.triples if p == _TYPE_OF and value in _OF_ONE}
        for figure, predicate, value in block.triples:
            if predicate != _SUBJECT or figure not in plain:
                continue
            for quote in block.quotes.get(figure, []):
                named = _named_in_clause(reading, words, quote, like=value)
                if named and value not in named:
                    yield Finding(
                        severity="warning",
                        check="subject-not-in-clause",
                        message=Bilingual(
                            "the clause of this figure names another, not its subject",
                            "该数字所在的分句提到的是另一对象，不是其统计对象",
                        ),
                        repair=Bilingual(
                            "correct ip:subject, unless the clause names the other only in passing",
                            "改正 ip:subject；若分句只是顺带提到另一对象则不必",
                        ),
                        focus=figure,
                        path=predicate,
                        value=value,
                        sentence=block.sentence,
                    )


def _named_in_clause(reading: Reading, words: str, quote: str, *, like: Term) -> set[Term]:
    """Return the things of one kind that the clause of a quote names up to the quote's end."""
    at = words.find(quote)
    if at < 0:
        return set()
    begins = [match.end() for match in CLAUSE_END.finditer(words, 0, at)]
    clause = words[(begins or [0])[-1] : at + len(quote)]
    kinds = reading.names.kinds(like)
    named = {thing for *_, things in reading.names.find(clause) for thing in things}
    return {thing for thing in named if kinds & reading.names.kinds(thing)}


def _nearest(reading: Reading, block: Block, statement: Term, like: Term, words: str) -> set[Term]:
    """Return the things of one kind that are named last up to a statement's quote, with those in a list with them."""
    ends = [words.find(quote) + len(quote) for quote in block.quotes.get(statement, []) if quote in words]
    if not ends:
        return set()
    kinds = reading.names.kinds(like)
    named = [
        (start, end, {thing for thing in things if kinds & reading.names.kinds(thing)})
        for start, end, things in reading.names.find(words[: max(ends)])
    ]
    nearest: set[Term] = set()
    after = None
    for start, end, things in reversed([hit for hit in named if hit[2]]):
        if after is not None and not _IN_LIST.fullmatch(words[end:after]):
            break
        nearest |= things
        after = start
    return nearest
