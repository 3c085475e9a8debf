"""Words that a sentence has to use for a property or class to be stated: what announces a leading industry, or a plan.

They are data: ``skos:example``s of the term in the ontology, in the language of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kgtool.coverage.names import fold_in_place
from kgtool.namespaces import IP, SKOS
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI, Literal, Term
from kgtool.validate.triples import Triple
from kgtool.validate.wording.blocks import CLAUSE_END, TYPE, Block, Reading

__all__ = ["find_missing_cues", "find_plans_told_as_actions"]

_EXAMPLE = IRI(SKOS + "example")
#: A verb of intention, not the noun: 計劃建立, 還將引導; not 三年行動計劃, 將領.
_INTENTION = re.compile("将(?![军领士帅校要])|(?:计划|打算)(?=[建实设组开推引打培加做启])|拟(?=[建设投引])")


def find_missing_cues(reading: Reading) -> Iterator[Finding]:
    """Find triples of a property, and statements of a class, whose sentence uses none of the words that announce it.

    The word for a property has to stand in the clause that names its value, or in the next: of a park that attracts
    projects in an industry on the basis of its leading ones, the industry is not said to lead.
    """
    for block in reading.blocks.values():
        words = reading.words[block.sentence]
        for triple in block.triples:
            _, predicate, value = triple
            if predicate == TYPE:
                cues, where = _cues(reading, value), words
            else:
                cues, where = _cues(reading, predicate), _around(reading, value, words)
            if cues and not any(cue in where for cue in cues):
                yield _finding(block, triple, cues)


def _cues(reading: Reading, term: Term) -> list[str]:
    examples = reading.names.data.values(term, _EXAMPLE)
    return sorted(fold_in_place(text.value) for text in examples if isinstance(text, Literal))


def _around(reading: Reading, thing: Term, words: str) -> str:
    """Return the clauses that name a thing, each with the next; all words, where none does."""
    places = reading.names.places(thing, words)
    kept = []
    for place in places:
        ends = [match.start() for match in CLAUSE_END.finditer(words, place)]
        begins = [match.end() for match in CLAUSE_END.finditer(words, 0, place)]
        kept.append(words[(begins or [0])[-1] : (ends[1:] or [len(words)])[0]])
    return "。".join(kept) if kept else words


def find_plans_told_as_actions(reading: Reading) -> Iterator[Finding]:
    """Find reported actions after a word of intention: what somebody will do is not what they did."""
    for block in reading.blocks.values():
        words = reading.words[block.sentence]
        for statement, predicate, value in block.triples:
            if predicate != TYPE or value != IRI(IP + "ReportedAction"):
                continue
            ends = [words.find(quote) + len(quote) for quote in block.quotes.get(statement, []) if quote in words]
            if ends and _INTENTION.search(words[: max(ends)]):
                yield Finding(
                    severity="warning",
                    check="plan-told-as-action",
                    message=Bilingual("the sentence speaks of an intention", "该句说的是打算"),
                    repair=Bilingual(
                        "make it an ip:PlannedMeasure, unless it was done", "改为 ip:PlannedMeasure，除非已经做了"
                    ),
                    focus=statement,
                    path=predicate,
                    value=value,
                    sentence=block.sentence,
                )


def _finding(block: Block, triple: Triple, cues: list[str]) -> Finding:
    subject, predicate, value = triple
    announced = " | ".join(cues)
    return Finding(
        severity="violation",
        check="cue-not-in-sentence",
        message=Bilingual(
            f"the sentence uses no word that announces it: {announced}", f"该句没有用到表明此意的词：{announced}"
        ),
        repair=Bilingual(
            "choose the property or class that the sentence words, or add its word as skos:example of the term",
            "按句中措辞选用属性或类，或把该词加为术语的 skos:example",
        ),
        focus=subject,
        path=predicate,
        value=value,
        sentence=block.sentence,
    )
