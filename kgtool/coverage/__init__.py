"""What of an article's text is in no fact: sentence by sentence, its numerals and the names the project knows.

Three things are counted, and each is *decided* or *missing*.

A **sentence** is decided if its block in ``facts.trig`` states something, or it repeats another sentence whose block
does, or its role is not ``ip:Factual`` and ``ip:roleReason`` says why. Rhetoric that states facts is a contradiction,
and missing.

A **numeral** is decided if

* it lies inside a name or wording of something that stands in the block (《…三年行动方案(2023—2025年)》, 六个春城); or
* it is Arabic, its worth is that of a number stated in the block, and it lies inside the quote of the node that states
  it (of anything in the block, where that node has no quote). A number in the graph decides one numeral only, so two
  equal figures need two facts; or
* it is part of a date, and a date stated in the block, or by something that stands in it (a period's start or end),
  agrees in year, month and day as far as the words say them; or
* it is Chinese, and lies inside a quote of the block.

A **name** (any label or wording of an entity, an industry or an indicator, two characters or more, in any script; the
longest first, none overlapping) is decided if a thing of that name stands in the block as subject or object.

A sentence whose block is empty is judged by the block of the sentence it repeats. A heading or rhetoric with an empty
block and a reason states nothing, so nothing in it is missing. A line of metadata is judged by its block and by what
``article.ttl`` says of the article; a word that its reason repeats is decided too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kgtool.articles import Article, Sentence, check_text
from kgtool.coverage.blocks import Block, block_lines, facts_of, read_facts
from kgtool.coverage.names import Names, fold_in_place
from kgtool.coverage.numerals import undecided_numerals
from kgtool.namespaces import IP, compress, read_prefixes
from kgtool.project import Project
from kgtool.terms import IRI
from kgtool.text.numerals import Numeral, find_numerals, in_context, is_arabic

__all__ = ["Coverage", "Missing", "Names", "SentenceCoverage", "count_decided", "measure_coverage", "percent"]


class Missing(NamedTuple):
    """A sentence, numeral or name that is in no fact."""

    #: ``sentence``, ``numeral`` or ``name``.
    kind: str
    #: The numeral or name with its neighbours, and its range in the text; for a sentence nothing but its range.
    text: str
    start: int
    end: int
    #: What to do about it.
    repair: str


class SentenceCoverage(NamedTuple):
    """What of one sentence is decided."""

    sentence: Sentence
    facts: int
    decided: bool
    numerals: int
    numerals_decided: int
    names: int
    names_decided: int
    missing: tuple[Missing, ...]
    #: Where its facts are, or should be.
    file: Path
    line: int | None


class Coverage(NamedTuple):
    """What of an article is decided."""

    article: Article
    sentences: tuple[SentenceCoverage, ...]
    #: Different facts; one that two sentences state counts once.
    facts: int

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return what is decided and of how many, as :func:`count_decided` does."""
        return count_decided(self.sentences)

    @property
    def percent(self) -> Decimal:
        """How much is decided of all sentences, numerals and names together; 100 only when nothing is missing."""
        return percent(*self.counts()["overall"])

    @property
    def missing(self) -> Iterator[tuple[SentenceCoverage, Missing]]:
        """Everything that is missing, in reading order."""
        return ((sentence, missing) for sentence in self.sentences for missing in sentence.missing)


def count_decided(sentences: Iterable[SentenceCoverage]) -> dict[str, tuple[int, int]]:
    """Return, for ``sentences``, ``numerals``, ``names`` and ``overall``, how many are decided, and of how many.

    >>> count_decided([])["overall"]
    (0, 0)
    """
    some = list(sentences)
    counts = {
        "sentences": (sum(s.decided for s in some), len(some)),
        "numerals": (sum(s.numerals_decided for s in some), sum(s.numerals for s in some)),
        "names": (sum(s.names_decided for s in some), sum(s.names for s in some)),
    }
    decided, whole = (sum(numbers) for numbers in zip(*counts.values(), strict=True))
    return {**counts, "overall": (decided, whole)}


def percent(part: int, whole: int) -> Decimal:
    """Return a share in per cent, cut (not rounded) to one decimal, so that 100 means all.

    >>> percent(1999, 2000), percent(0, 0)
    (Decimal('99.9'), Decimal('100.0'))
    """
    return (Decimal(part * 1000 // whole) / 10).quantize(Decimal("0.1")) if part < whole else Decimal("100.0")


def measure_coverage(
    project: Project, article: Article, text: str, *, file: object = None, names: Names | None = None
) -> Coverage:
    """Measure what of an article's text its facts hold.

    :param text: the article's text, as published or folded to Simplified.
    :param file: where the text comes from, for messages.
    :param names: the names of the project's things, if they are at hand.
    :raises DataError: if it is not the article's text, or a file of the project cannot be read.
    """
    check_text(article, text, file=file)
    measure = _Measure(project, article, text, names or Names(project))
    sentences = tuple(measure.sentence(sentence) for sentence in article.sentences)
    facts = {fact for triples in measure.blocks.values() for fact in facts_of(triples, measure.blocks)}
    return Coverage(article, sentences, len(facts))


class _Measure:
    """What the sentences of one article are measured with."""

    def __init__(self, project: Project, article: Article, text: str, names: Names) -> None:
        self.article = article
        self.text = text
        self.folded = fold_in_place(text)
        self.names = names
        file = article.facts_file
        self.prefixes = read_prefixes(file if file.is_file() else project.prefixes_file)
        self.blocks = read_facts(article.facts_file)
        self.lines = block_lines(article.facts_file)

    def sentence(self, sentence: Sentence) -> SentenceCoverage:
        words = self.folded[sentence.start : sentence.end]
        numerals = find_numerals(self.text[sentence.start : sentence.end])
        names = self.names.find(words)
        own = self.blocks.get(sentence.iri, [])
        block = self._judging_block(sentence)
        undecided = undecided_numerals(numerals, words, block)
        unknown = [(start, end, name) for start, end, name in names if not self.names.things[name] & block.things]
        if sentence.reason and not own and sentence.role in (f"{IP}Heading", f"{IP}Rhetoric"):
            undecided, unknown = [], []
        elif sentence.reason and sentence.role == f"{IP}Metadata":
            reason = fold_in_place(" ".join(sentence.reason.values()))
            undecided = [numeral for numeral in undecided if fold_in_place(numeral.text) not in reason]
            unknown = [hit for hit in unknown if hit[2] not in reason]
        fault = self._fault(sentence, states_facts=bool(own), is_judged=bool(block.triples))
        missing = [
            *([Missing("sentence", "", sentence.start, sentence.end, fault)] if fault else []),
            *(self._missing_numeral(sentence, numeral) for numeral in undecided),
            *(self._missing_name(sentence, *hit) for hit in unknown),
        ]
        return SentenceCoverage(
            sentence=sentence,
            facts=len(facts_of(own, self.blocks)),
            decided=fault is None,
            numerals=len(numerals),
            numerals_decided=len(numerals) - len(undecided),
            names=len(names),
            names_decided=len(names) - len(unknown),
            missing=tuple(sorted(missing, key=lambda m: (m.kind != "sentence", m.start, m.kind))),
            file=self.article.facts_file,
            line=self.lines.get(sentence.iri),
        )

    def _judging_block(self, sentence: Sentence) -> Block:
        """Return what a sentence is judged by: its block, or that of what it repeats; metadata also by the record."""
        triples = list(self.blocks.get(sentence.iri, []))
        if not triples:
            triples = [triple for iri in sentence.repeats for triple in self.blocks.get(iri, [])]
        if sentence.role == f"{IP}Metadata":
            article = IRI(self.article.iri)
            triples += [(article, predicate, value) for predicate, value in self.article.statements]
        return Block(triples, self.names)

    def _fault(self, sentence: Sentence, *, states_facts: bool, is_judged: bool) -> str | None:
        """Say why a sentence is not decided, or nothing."""
        if sentence.role in (None, f"{IP}Factual"):
            if is_judged:
                return None
            return (
                f"state its facts in {self._graph(sentence)}, or give it another ip:sentenceRole and an ip:roleReason"
            )
        if not sentence.reason:
            return "say in an ip:roleReason why it holds no fact"
        if states_facts and sentence.role == f"{IP}Rhetoric":
            return "it is called rhetoric and states facts: make its ip:sentenceRole ip:Factual"
        return None

    def _missing_numeral(self, sentence: Sentence, numeral: Numeral) -> Missing:
        graph = self._graph(sentence)
        if numeral.date is not None:
            repair = f"state this date, or a period with it, in {graph}"
        elif is_arabic(numeral):
            repair = f"state this number in {graph}, at a node whose ip:quote holds it"
        else:
            repair = f"let an ip:quote, or the name or wording of something, hold it in {graph}"
        start, end = sentence.start + numeral.start, sentence.start + numeral.end
        said = in_context(numeral, self.text[sentence.start : sentence.end])
        return Missing("numeral", said, start, end, repair)

    def _missing_name(self, sentence: Sentence, start: int, end: int, name: str) -> Missing:
        things = sorted(compress(iri, self.prefixes) for iri in self.names.things[name])
        repair = f"let {' or '.join(things)} stand in {self._graph(sentence)}"
        start, end = sentence.start + start, sentence.start + end
        return Missing("name", self.text[start:end], start, end, repair)

    def _graph(self, sentence: Sentence) -> str:
        return f"GRAPH {compress(sentence.iri, self.prefixes)}"
