"""Which saved query a question is nearest to, and what the question says of its parameters.

A query is near by two measures, both between 0 and 1: how much of the question it accounts for (its words, each as
telling as it is rare among the queries, and the things, numbers and years it can be told), and how alike the question
and the most alike of the query's own phrasings are. A thing or number that a query cannot be told counts against it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from kgtool.ask.elsewhere import places_elsewhere
from kgtool.ask.mentions import Lexicon, Mention, find_amounts
from kgtool.ask.phrasebook import Entry, Phrasebook
from kgtool.ask.words import Token, features, language_of, tokens, unsaid
from kgtool.labels import LANGUAGES
from kgtool.namespaces import expand
from kgtool.queries.saved import Parameter, SavedQuery
from kgtool.text.scripts import fold

__all__ = ["Candidate", "Filled", "Question", "rank", "read_question"]

#: How much the two measures count.
_ACCOUNTED, _ALIKE = 0.6, 0.4
#: How telling a thing or a number is, and a year, beside words (whose weight is between 0.7 and 4.5).
_THING, _YEAR = 3.0, 1.5
#: What is left of the score where a question is about a place, or has a name, that the graph does not know.
_ELSEWHERE, _UNKNOWN_NAME = 0.3, 0.5
#: A pair of characters that no query has is often half a word, a pair across two words, so it counts less.
_UNKNOWN_PAIR = 0.5
#: An integer of this form is a year.
_A_YEAR = re.compile(r"(19|20)\d\d")
_CAPITALISED = re.compile(r"(?<![.?!:\"“] )(?<!^)\b[A-Z][\w'-]+")
_QUOTED = re.compile('[“「『"](.+?)[”」』"]')


class Filled(NamedTuple):
    """A parameter that a question says something of."""

    parameter: str
    #: What the query is given: an IRI, a number, a year, a date.
    value: str
    #: The words of the question that say so; empty where the question's language says it.
    words: str


class Question(NamedTuple):
    """A question, read."""

    text: str
    language: str
    #: Its words, each with the range of the folded text it came from.
    features: tuple[tuple[str, int, int], ...]
    things: tuple[Mention, ...]
    amounts: tuple[Mention, ...]
    #: Places and names that the graph has no label for.
    unknown: tuple[str, ...]
    #: What is left of every score for their sake.
    share: float


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


#: Say whether a query finds something when a parameter has a value.
Answers = Callable[[SavedQuery, Mapping[str, str]], bool]


def read_question(text: str, lexicon: Lexicon, phrasebook: Phrasebook) -> Question:
    """Read a question: its language, its words, what it names."""
    said = tokens(text)
    words = features(said)
    things = lexicon.things(text, said)
    unknown = _elsewhere(text, said, things)
    share = _ELSEWHERE if unknown else 1.0
    known = {feature for entry in phrasebook.entries for feature in entry.weights} | lexicon.vocabulary
    for match in _CAPITALISED.finditer(text):
        name = tokens(match.group())
        if not any(token.text in known or unsaid(token.text) or token.text.isdigit() for token in name):
            unknown.append(match.group())
            share *= _UNKNOWN_NAME
    return Question(
        text, language_of(text), tuple(words), tuple(things), tuple(find_amounts(text)), tuple(unknown), share
    )


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
    found = [
        _judge(question, entry, _fill(question, entry.query, main, lexicon, prefixes, answers), main, phrasebook)
        for entry in phrasebook.entries
    ]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.query.name))


def _fill(
    question: Question,
    query: SavedQuery,
    main: list[Mention],
    lexicon: Lexicon,
    prefixes: Mapping[str, str],
    answers: Answers,
) -> list[tuple[Filled, Mention | None]]:
    """Find what a question says of a query's parameters; a mention is used once."""
    filled: list[tuple[Filled, Mention | None]] = []
    for parameter in query.parameters:
        free = [
            mention
            for mention in (*question.things, *question.amounts)
            if not any(used and used.overlaps(mention) for _, used in filled)
        ]
        if parameter.type == "entity":
            mention, value = _thing(parameter, query, free, main, lexicon, prefixes, answers)
        elif parameter.type == "string" and parameter.default in LANGUAGES:
            filled.append((Filled(parameter.name, "en" if question.language == "en" else "zh-Hans", ""), None))
            continue
        else:
            mention, value = _amount(parameter, free, question.text)
        if mention:
            filled.append((Filled(parameter.name, value, mention.text), mention))
    return filled


def _thing(
    parameter: Parameter,
    query: SavedQuery,
    free: list[Mention],
    main: list[Mention],
    lexicon: Lexicon,
    prefixes: Mapping[str, str],
    answers: Answers,
) -> tuple[Mention | None, str]:
    """Find the thing for a parameter: of its class; without one, a thing that the query finds something for."""
    class_ = expand(parameter.class_, prefixes) if parameter.class_ else None
    for mention in free:
        if mention.kind != "thing" or (class_ is None and mention.short):
            continue
        if class_ is None:
            fitting = [iri for iri in mention.values if answers(query, {parameter.name: iri})]
        else:
            fitting = [iri for iri in mention.values if class_ in lexicon.classes[iri]]
        if len(fitting) == 1:
            return mention, fitting[0]
    if class_ is None:
        # It finds nothing for any of them: that is an answer too, and better than one about something else.
        return next(((mention, mention.values[0]) for mention in main if mention in free), (None, ""))
    return None, ""


def _amount(parameter: Parameter, free: list[Mention], text: str) -> tuple[Mention | None, str]:
    """Find the number, year, date or quoted words for a parameter."""
    default = parameter.default or ""
    if parameter.type == "date":
        kinds = ["date"]
    elif parameter.type == "integer" and (parameter.name == "year" or _A_YEAR.fullmatch(default)):
        kinds = ["year"]
    elif parameter.type in {"integer", "decimal"} or (parameter.type == "string" and re.search(r"\d", default)):
        kinds = ["number"]
    elif parameter.type == "string":
        quoted = _QUOTED.search(text)
        return (Mention("number", quoted[1], 0, 0, (quoted[1],)), quoted[1]) if quoted else (None, "")
    else:
        kinds = []
    for mention in free:
        if mention.kind in kinds and not (parameter.type == "integer" and "." in mention.values[0]):
            return mention, mention.values[0]
    return None, ""


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
    # A thing alone asks nothing; a number does, of a query that can be told one.
    if accounted or any(mention.kind == "number" for mention in used):
        score = _ACCOUNTED * (accounted + told) / (whole + told + missed) + _ALIKE * _alikeness(
            weights, entry, phrasebook
        )
    return Candidate(
        entry.query,
        round(score * question.share, 3),
        tuple(one for one, _ in filled),
        _as_said(fold(question.text), [place for f, place in words.items() if f in entry.weights]),
        tuple(mention.text for mention in unused),
    )


def _alikeness(weights: Mapping[str, float], entry: Entry, phrasebook: Phrasebook) -> float:
    """Return the cosine between the question and the most alike phrasing."""
    own = math.sqrt(sum(weight**2 for weight in weights.values()))
    best = 0.0
    for phrasing in entry.phrasings:
        shared = sum(weight**2 for feature, weight in weights.items() if feature in phrasing)
        if shared:
            best = max(best, shared / own / math.sqrt(sum(phrasebook.weight(feature) ** 2 for feature in phrasing)))
    return best


def _is_said(mention: Mention, question: Question, entry: Entry) -> bool:
    """Say whether a query is itself about what a question names."""
    own = [feature for feature, start, end in question.features if mention.start <= start and end <= mention.end]
    return bool(own) and all(entry.weights.get(feature, 0) > 0.5 for feature in own)


def _worth(mention: Mention) -> float:
    return _YEAR if mention.kind == "year" else _THING


def _inside(start: int, end: int, mentions: list[Mention]) -> bool:
    """Say whether a word belongs to a mention: a pair of characters does with one of the two."""
    return any(mention.start < end and start < mention.end for mention in mentions)


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


def _elsewhere(text: str, said: list[Token], things: list[Mention]) -> list[str]:
    """Find the places in a question that the graph has no label for."""
    folded = fold(text)
    found = []
    for first, last in places_elsewhere(said):
        start, end = said[first].start, said[last - 1].end
        if not any(thing.start <= start and end <= thing.end for thing in things):
            found.append(folded[start:end])
    return found
