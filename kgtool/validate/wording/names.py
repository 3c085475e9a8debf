"""Things that a block speaks of and its sentence does not name."""

from __future__ import annotations

from collections.abc import Iterator

from kgtool.namespaces import IP, QB, RDF
from kgtool.report import Bilingual, Finding
from kgtool.terms import IRI, Term
from kgtool.validate.triples import Triple
from kgtool.validate.wording.blocks import Block, Reading

__all__ = ["NOT_NAMED", "find_unnamed_things"]

#: Properties whose values are the ontology's words or the program's, not the text's.
NOT_NAMED = frozenset(
    IRI(iri)
    for iri in (
        RDF + "type",
        QB + "dataSet",
        *(IP + name for name in ("unit", "qualifier", "statisticType", "status", "comparisonRelation", "memberKind")),
        *(IP + name for name in ("indicator", "parkType", "reliesOn", "appliesTo")),
    )
)
_PERIOD = IRI(IP + "Period")


def find_unnamed_things(reading: Reading) -> Iterator[Finding]:
    """Find triples with a thing that no sentence that says them names.

    A thing whose names are all our own, such as an event that the text does not call anything, has to be described by
    the block, or by that of a sentence on which it relies. An ip:assumption of the statement may name it too.
    """
    # Whether the text has a name of it anywhere, worked out once for each thing.
    known: dict[Term, bool] = {}
    for block in reading.blocks.values():
        for triple in block.triples:
            subject, predicate, value = triple
            if predicate in NOT_NAMED:
                continue
            for thing in (subject, value):
                if _is_left_out(reading, thing) or _says(reading, block, triple, thing, known):
                    continue
                yield _finding(block, triple, thing)


def _is_left_out(reading: Reading, thing: Term) -> bool:
    """Tell whether a thing is not looked for: the article, a period (dates are), a code, what has no name."""
    if thing == reading.article or thing.value.startswith(IP) or not reading.names.of(thing):
        return True
    return _PERIOD in reading.names.data.types(thing)


def _says(reading: Reading, block: Block, triple: Triple, thing: Term, known: dict[Term, bool]) -> bool:
    sources = reading.sources(triple, block.sentence)
    texts = [*(reading.words[source] for source in sources), reading.assumptions(triple[0], block.sentence)]
    if any(reading.names.places(thing, words) for words in texts):
        return True
    if thing not in known:
        known[thing] = any(reading.names.places(thing, words) for words in reading.words.values())
    describing = {block.sentence, *reading.relied_on(block.sentence)} & reading.blocks.keys()
    described = (subject for sentence in describing for subject, *_ in reading.blocks[sentence].triples)
    return not known[thing] and thing in described


def _finding(block: Block, triple: Triple, thing: Term) -> Finding:
    subject, predicate, value = triple
    what = thing.value.rpartition("/")[2]
    return Finding(
        severity="violation",
        check="thing-not-in-sentence",
        message=Bilingual(f"the sentence does not name {what}", f"该句没有提到 {what}"),
        repair=Bilingual(
            "move the triple to the sentence that names it, add the wording as a label of it, or say in an "
            "ip:assumption how the sentence is read",
            "将三元组移到提到它的句子的图中，或把句中写法加为其标签，或用 ip:assumption 说明如何理解",
        ),
        focus=subject,
        path=predicate,
        value=value,
        sentence=block.sentence,
    )
