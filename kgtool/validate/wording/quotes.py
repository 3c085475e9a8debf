"""Statements whose quote names another thing than they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kgtool.namespaces import IP
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI, Term
from kgtool.validate.wording.blocks import Block, Names
from kgtool.validate.wording.names import NOT_NAMED

__all__ = ["find_other_names"]

_NOT_QUOTED = NOT_NAMED - {IRI(IP + "indicator")}


def find_other_names(blocks: Sequence[Block], names: Names) -> Iterator[Finding]:
    """Find an end of a statement that its quote does not name, where the quote names another of the same kind instead.

    That other is an end of no statement that has the quote: 占全省園區和全市的33%、81% proves two.
    """
    for block in blocks:
        about = {statement: {end for _, end in block.ends(statement)} for statement in block.quotes}
        for statement, quotes in sorted(block.quotes.items(), key=str):
            words = "。".join(quotes)
            proven = set().union(*(about[other] for other, some in block.quotes.items() if {*some} & {*quotes}))
            others = [
                thing for *_, things in names.find(words) if not things & proven for thing in sorted(things, key=str)
            ]
            for role, end in block.ends(statement):
                if role in _NOT_QUOTED or not names.of(end) or names.places(end, words):
                    continue
                other = next((thing for thing in others if names.kinds(end) & names.kinds(thing)), None)
                if other is not None:
                    yield _finding(block, statement, role, end, other)


def _finding(block: Block, statement: Term, role: IRI, end: IRI, other: Term) -> Finding:
    quoted, about = other.value.rpartition("/")[2], end.value.rpartition("/")[2]
    return Finding(
        severity="violation",
        check="quote-names-another",
        message=Bilingual(f"the quote names {quoted}, not {about}", f"引文提到的是 {quoted}，不是 {about}"),
        repair=Bilingual(
            "correct the statement, or quote the phrase that names what it is about",
            "改正陈述，或引用提到其所指对象的片段",
        ),
        focus=statement,
        path=role,
        value=end,
        sentence=block.sentence,
    )
