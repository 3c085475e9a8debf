"""What a question says of a saved query's parameters: things by their labels, numbers, years, dates, choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from kgtool.ask.mentions import Lexicon, Mention
from kgtool.ask.periods import find_period
from kgtool.ask.phrasebook import ANYTHING
from kgtool.ask.question import Question
from kgtool.ask.words import tokens
from kgtool.labels import LANGUAGES
from kgtool.namespaces import expand
from kgtool.queries.saved import Parameter, SavedQuery
from kgtool.text.scripts import fold

__all__ = ["Answers", "Filled", "Filler"]

#: An integer of this form is a year.
_A_YEAR = re.compile(r"(19|20)\d\d")
_QUOTED = re.compile('[“「『"](.+?)[”」』"]')

#: Say whether a query finds something when a parameter has a value.
Answers = Callable[[SavedQuery, Mapping[str, str]], bool]


class Filled(NamedTuple):
    """A parameter that a question says something of."""

    parameter: str
    #: What the query is given: an IRI, a number, a year, a date.
    value: str
    #: The words of the question that say so; empty where the question's language says it.
    words: str


class Filler:
    """Fills the parameters of queries from one question.

    :param main: the things that some parameter of some query could have as its value.
    :param answers: asked for a parameter without a class, which any thing could be the value of.
    """

    def __init__(
        self,
        question: Question,
        main: list[Mention],
        lexicon: Lexicon,
        *,
        prefixes: Mapping[str, str],
        answers: Answers,
    ) -> None:
        self._question = question
        self._main = main
        self._lexicon = lexicon
        self._prefixes = prefixes
        self._answers = answers

    def fill(self, query: SavedQuery) -> list[tuple[Filled, Mention | None]]:
        """Find what the question says of a query's parameters; a mention is used once."""
        filled = self._since_until(query)
        for parameter in query.parameters:
            if any(one.parameter == parameter.name for one, _ in filled):
                continue
            free = [
                mention
                for mention in (*self._question.things, *self._question.amounts)
                if not any(used and used.overlaps(mention) for _, used in filled)
            ]
            if parameter.type == "entity":
                mention, value = self._thing(parameter, query, free)
            elif parameter.type == "string" and parameter.default in LANGUAGES:
                language = "en" if self._question.language == "en" else "zh-Hans"
                filled.append((Filled(parameter.name, language, ""), None))
                continue
            elif parameter.choices:
                mention, value = _choice(parameter, self._question)
            else:
                mention, value = _amount(parameter, free, self._question.text)
            if mention:
                filled.append((Filled(parameter.name, value, mention.text), mention))
        return filled

    def _since_until(self, query: SavedQuery) -> list[tuple[Filled, Mention | None]]:
        """Read a period as the days from its first to its last."""
        dates = [parameter for parameter in query.parameters if parameter.type == "date"]
        if [parameter.name for parameter in dates] != ["since", "until"]:
            return []
        known = re.match(r"\d{4}", dates[0].default or "")
        period = find_period(self._question.text, year=int(known[0]) if known else None)
        if period is None:
            return []
        words = fold(self._question.text)[period.start : period.end]
        days = any(one.kind == "date" and period.start <= one.start < period.end for one in self._question.amounts)
        mention = Mention("date" if days else "year", words, period.start, period.end, (period.since, period.until))
        pairs = zip(dates, mention.values, strict=True)
        return [(Filled(parameter.name, day, words), mention) for parameter, day in pairs]

    def _thing(self, parameter: Parameter, query: SavedQuery, free: list[Mention]) -> tuple[Mention | None, str]:
        """Find the thing for a parameter: of its class; without one, a thing that the query finds something for."""
        class_ = expand(parameter.class_, self._prefixes) if parameter.class_ else None
        fitting: list[tuple[Mention, str]] = []
        for mention in free:
            # Longer names come first: a shorter one inside is not meant.
            if mention.kind != "thing" or any(other.covers(mention) for other, _ in fitting):
                continue
            if class_ is None:
                found = [iri for iri in mention.values if self._answers(query, {parameter.name: iri})]
            else:
                found = [iri for iri in mention.values if class_ in self._lexicon.classes[iri]]
            if len(found) == 1:
                fitting.append((mention, found[0]))
        if fitting:
            return min(fitting, key=lambda one: one[0].start if class_ else 0)
        if class_ is not None:
            return None, ""
        # It finds nothing for any of them: that is an answer too, and better than one about something else.
        return next(
            (
                (mention, mention.values[0])
                for mention in self._main
                if mention in free and not ANYTHING.isdisjoint(self._lexicon.classes[mention.values[0]])
            ),
            (None, ""),
        )


def _choice(parameter: Parameter, question: Question) -> tuple[Mention | None, str]:
    """Find one of a parameter's choices among the words of a question: the one named first, the longer word of two."""
    said = tokens(question.text)
    texts = [token.text for token in said]
    found = []
    for word, choice in (*((choice, choice) for choice in parameter.choices), *parameter.words):
        wanted = [token.text for token in tokens(word)]
        size = len(wanted)
        places = [at for at in range(len(texts) - size + 1) if size and texts[at : at + size] == wanted]
        found += [(said[at].start, -size, said[at + size - 1].end, choice) for at in places]
    if not found:
        return None, ""
    start, _, end, choice = min(found)
    return Mention("choice", fold(question.text)[start:end], start, end, (choice,)), choice


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
