"""Facts against the words of their sentence: what it names, when, in which order, and by which words.

A triple that is true but stands in the block of a sentence that does not say it proves nothing, and the shapes and
checks of the graph cannot see it. With the text at hand it shows: the sentence does not name the thing or the date.
What a sentence leaves to an earlier one (``ip:reliesOn``) is looked for there as well, and a statement with an
``ip:assumption`` says itself what its sentence leaves open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kgtool.articles import Article, article_of_text
from kgtool.errors import DataError
from kgtool.report import Check, Finding
from kgtool.store import Store
from kgtool.validate.source import Text
from kgtool.validate.triples import Triples
from kgtool.validate.wording.blocks import Names, Reading, read_blocks
from kgtool.validate.wording.cues import find_missing_cues, find_plans_told_as_actions
from kgtool.validate.wording.dates import find_unwritten_dates
from kgtool.validate.wording.gists import find_other_gist_numbers
from kgtool.validate.wording.names import find_unnamed_things
from kgtool.validate.wording.order import find_other_addressees, find_other_order, find_other_subjects
from kgtool.validate.wording.quotes import find_other_names

__all__ = ["check_wording"]

#: What is looked for in the words of a text.
_TEXT_CHECKS = {
    "thing-not-in-sentence": find_unnamed_things,
    "date-not-in-sentence": find_unwritten_dates,
    "order-differs-from-sentence": find_other_order,
    "addressee-not-nearest": find_other_addressees,
    "subject-not-in-clause": find_other_subjects,
    "cue-not-in-sentence": find_missing_cues,
    "plan-told-as-action": find_plans_told_as_actions,
    "gist-number-not-in-sentence": find_other_gist_numbers,
}


def check_wording(
    articles: Sequence[Article], texts: Sequence[Text], store: Store, data: Triples
) -> tuple[list[Finding], list[Check]]:
    """Check what statements quote and, where an article's text is given, every fact against its sentence's words."""
    names, blocks = Names(data), read_blocks(store)
    findings = list(find_other_names(blocks, names))
    checks = [Check("quote-names-another", "source", sum(len(block.quotes) for block in blocks))]
    if texts:
        readings = [Reading(article, text, blocks, names) for article, text in _recognised(articles, texts)]
        findings += [finding for reading in readings for find in _TEXT_CHECKS.values() for finding in find(reading)]
        triples = sum(len(block.triples) for reading in readings for block in reading.blocks.values())
        sentences = sum(len(reading.words) for reading in readings)
        checks += [Check(name, "source", sentences if "gist" in name else triples) for name in _TEXT_CHECKS]
    return findings, checks


def _recognised(articles: Sequence[Article], texts: Sequence[Text]) -> Iterator[tuple[Article, str]]:
    """Return the texts that are an article's; of the others another check speaks."""
    for given in texts:
        try:
            yield article_of_text(list(articles), given.text, file=given.file), given.text
        except DataError:
            continue
