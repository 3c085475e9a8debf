"""Which saved query a question is nearest to, and what the question says of its parameters.

A query is near by two measures, both between 0 and 1: how much of the question it accounts for (its words, each as
telling as it is rare among the queries, and the things, numbers and years it can be told), and how alike the question
and the most alike of the query's own phrasings are. A thing or number that a query cannot be told counts against it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from kgtool.ask.filling import Answers, Filled, Filler
from kgtool.ask.mentions import Lexicon, Mention
from kgtool.ask.phrasebook import Entry, Phrasebook
from kgtool.ask.question import Question
from kgtool.namespaces import expand
from kgtool.queries.saved import SavedQuery
from kgtool.text.scripts import fold

__all__ = ["Candidate", "rank"]

#: How much the two measures count.
_ACCOUNTED, _ALIKE = 0.6, 0.4
#: How telling a thing or a number is, and a year, beside words (whose weight is between 0.7 and 4.5).
_THING, _YEAR, _CHOICE = 3.0, 1.5, 2.0
#: A pair of characters that no query has is often half a word, a pair across two words, so it counts less.
_UNKNOWN_PAIR = 0.5
#: What is left of the score of a query that answers yes or no where that was not asked, and the other way round.
_NOT_YES_NO, _YES_NO = 0.6, 0.95
#: What is left for every parameter that keeps its default because the question says nothing of it.
_ASSUMED = 0.96
#: What is left for a thing that is the value of a parameter that takes any: a query for things of its class is nearer.
_ANY = 0.93
#: What is left for every word that no query is asked with.
_STRANGE, _STRANGE_PAIR = 0.8, 0.9


class Candidate(NamedTuple):
    """A saved query, as an answer to a question."""

    query: SavedQuery
    score: float
    filled: tuple[Filled, ...]
    #: The words that the question and the query share.
    matched: tuple[str, ...]
    #: Things, numbers and years of the question that the query cannot be told.
    unused: tuple[str, ...]

    @property
    def parameters(self) -> dict[str, str]:
        """What the query is given."""
        return {one.parameter: one.value for one in self.filled}


def rank(
    question: Question, phrasebook: Phrasebook, lexicon: Lexicon, *, prefixes: Mapping[str, str], answers: Answers
) -> list[Candidate]:
    """Compare a question with every saved query, nearest first.

    :param answers: asked for a parameter without a class, which any thing could be the value of.
    """
    askable = {
        expand(parameter.class_, prefixes)
        for entry in phrasebook.entries
        for parameter in entry.query.parameters
        if parameter.class_
    }
    main = [
        mention
        for mention in question.things
        if not mention.short
        and any(not askable.isdisjoint(lexicon.classes[iri]) for iri in mention.values)
        and not any(other is not mention and other.covers(mention) for other in question.things if not other.short)
    ]
    filler = Filler(question, main, lexicon, prefixes=prefixes, answers=answers)
    found = [_judge(question, entry, filler.fill(entry.query), main, phrasebook) for entry in phrasebook.entries]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.query.name))


def _judge(
    question: Question,
    entry: Entry,
    filled: list[tuple[Filled, Mention | None]],
    main: list[Mention],
    phrasebook: Phrasebook,
) -> Candidate:
    used = [mention for _, mention in filled if mention]
    words = {f: (start, end) for f, start, end in question.features if not _inside(start, end, used)}
    unused = [
        mention
        for mention in (*main, *question.amounts)
        if not any(one.overlaps(mention) for one in used) and not _is_said(mention, question, entry)
    ]
    weights = {feature: phrasebook.weight(feature) for feature in words}
    accounted = sum(weight * entry.weights.get(feature, 0) for feature, weight in weights.items())
    whole = sum(
        weight if feature in phrasebook.telling or not _is_pair(feature) else weight * _UNKNOWN_PAIR
        for feature, weight in weights.items()
    )
    told = sum(_worth(mention) for mention in used)
    missed = sum(_worth(mention) for mention in unused)
    score = 0.0
    # A thing alone asks nothing; two do, of a query that can be told both, and so does a number.
    if accounted or len(used) > 1 or any(mention.kind == "number" for mention in used):
        share = (accounted + told) / (whole + told + missed)
        # Where names are all that is said, there are no words to be alike.
        score = _ACCOUNTED * share + _ALIKE * (_alikeness(weights, told, entry, phrasebook) if words else share)
    strange = [word for word in words if word not in phrasebook.telling and _is_word(word, words)]
    strangeness = math.prod(_STRANGE_PAIR if _is_pair(word) else _STRANGE for word in strange)
    return Candidate(
        entry.query,
        round(score * question.share * _share(question, entry.query, filled) * strangeness, 3),
        tuple(one for one, _ in filled),
        _as_said(fold(question.text), [place for f, place in words.items() if f in entry.weights]),
        tuple(mention.text for mention in unused),
    )


def _share(question: Question, query: SavedQuery, filled: list[tuple[Filled, Mention | None]]) -> float:
    """Say what is left of a score where a query answers otherwise, assumes what was not said, or takes anything."""
    form = 1.0
    if (query.form == "ask") != question.yes_no:
        form = _NOT_YES_NO if query.form == "ask" else _YES_NO
    defaults = sum(parameter.default is not None for parameter in query.parameters)
    anything = {one.name for one in query.parameters if one.type == "entity" and one.class_ is None}
    taken = sum(one.parameter in anything for one, _ in filled)
    return form * float(_ASSUMED ** max(0, defaults - len(filled)) * _ANY**taken)


def _alikeness(weights: Mapping[str, float], told: float, entry: Entry, phrasebook: Phrasebook) -> float:
    """Return the cosine between the question and the most alike phrasing.

    :param told: the worth of what the query is told: every phrasing of a query has a place for that.
    """
    named = told**2
    own = math.sqrt(named + sum(weight**2 for weight in weights.values()))
    best = 0.0
    for phrasing in entry.phrasings:
        shared = sum(weight**2 for feature, weight in weights.items() if feature in phrasing)
        if shared:
            other = math.sqrt(named + sum(phrasebook.weight(feature) ** 2 for feature in phrasing))
            best = max(best, (named + shared) / own / other)
    return best


def _is_said(mention: Mention, question: Question, entry: Entry) -> bool:
    """Say whether a query is itself about what a question names."""
    own = [feature for feature, start, end in question.features if mention.start <= start and end <= mention.end]
    return bool(own) and all(entry.weights.get(feature, 0) > 0.5 for feature in own)


def _worth(mention: Mention) -> float:
    return {"year": _YEAR, "choice": _CHOICE}.get(mention.kind, _THING)


def _inside(start: int, end: int, mentions: list[Mention]) -> bool:
    """Say whether a word belongs to a mention: a pair of characters does with one of the two."""
    return any(mention.start < end and start < mention.end for mention in mentions)


def _is_word(feature: str, words: Mapping[str, tuple[int, int]]) -> bool:
    """Say whether a feature is a whole word: an English one, or two Chinese characters by themselves."""
    start, end = words[feature]
    if not _is_pair(feature):
        return not feature.isdigit()
    return end - start == 2 and not any(
        first < end and start < last for first, last in words.values() if (first, last) != (start, end)
    )


def _is_pair(feature: str) -> bool:
    return not feature.isascii()


def _as_said(folded: str, places: list[tuple[int, int]]) -> tuple[str, ...]:
    """Join the places of matched words where they touch, and return the words of the question there."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(dict.fromkeys(folded[start:end] for start, end in joined))
