"""A question, read: its language, its words, what it names, and what of that the graph does not know."""

from __future__ import annotations

import re
from typing import NamedTuple

from kgtool.ask.elsewhere import places_elsewhere
from kgtool.ask.mentions import Lexicon, Mention, find_amounts
from kgtool.ask.periods import MONTHS
from kgtool.ask.phrasebook import Phrasebook
from kgtool.ask.words import WHETHER, Token, features, language_of, tokens, unsaid
from kgtool.text.scripts import fold

__all__ = ["Question", "read_question"]

#: What is left of the score where a question is about a place, or has a name, that the graph does not know.
_ELSEWHERE, _UNKNOWN_NAME = 0.3, 0.5
#: A question that yes or no answers.
_ASKS_YES_NO = re.compile(
    r"[吗嗎][？?。\s]*$|是否|是不是|^\s*(?:is|are|was|were|do|does|did|has|have|can)\b", re.IGNORECASE
)
_CAPITALISED = re.compile(r"(?<![.?!:\"“] )(?<!^)\b[A-Z][\w'-]+")


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
    #: Whether it can be answered by yes or no.
    yes_no: bool


def read_question(text: str, lexicon: Lexicon, phrasebook: Phrasebook) -> Question:
    """Read a question: its language, its words, what it names."""
    said = tokens(text)
    words = features(said)
    things = lexicon.things(text, said)
    unknown = _elsewhere(text, said, things)
    share = _ELSEWHERE if unknown else 1.0
    known = {feature for entry in phrasebook.entries for feature in entry.weights} | lexicon.vocabulary
    for match in _CAPITALISED.finditer(text):
        if match.group().lower() in MONTHS:
            continue
        name = tokens(match.group())
        if not any(token.text in known or unsaid(token.text) or token.text.isdigit() for token in name):
            unknown.append(match.group())
            share *= _UNKNOWN_NAME
    return Question(
        text,
        language_of(text),
        tuple(words),
        tuple(things),
        tuple(find_amounts(text)),
        tuple(unknown),
        share,
        bool(_ASKS_YES_NO.search(text) or _asks_whether(text)),
    )


def _asks_whether(text: str) -> bool:
    """Say whether it asks 做不做, which yes or no answers; 有没有 asks as often what there is."""
    return any(match[1] not in {None, "有"} for match in WHETHER.finditer(fold(text)))


def _elsewhere(text: str, said: list[Token], things: list[Mention]) -> list[str]:
    """Find the places in a question that the graph has no label for."""
    folded = fold(text)
    found = []
    for first, last in places_elsewhere(said):
        start, end = said[first].start, said[last - 1].end
        if not any(thing.start <= start and end <= thing.end for thing in things):
            found.append(folded[start:end])
    return found
