"""What a question says of a saved query's parameters: things by their labels, numbers, years, dates, choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from kgtool.ask.mentions import Lexicon, Mention
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
_HALF = re.compile("(?P<first>上半年|first half)|(?P<second>下半年|second half)", re.IGNORECASE)
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
        """Read a year, or a half of one, as the days from its first to its last."""
        dates = [parameter.name for parameter in query.parameters if parameter.type == "date"]
        year = next((mention for mention in self._question.amounts if mention.kind == "year"), None)
        if year is None or dates != ["since", "until"]:
            return []
        half = _HALF.search(self._question.text)
        first = "07-01" if half and half.lastgroup == "second" else "01-01"
        last = "06-30" if half and half.lastgroup == "first" else "12-31"
        days = (f"{year.values[0]}-{first}", f"{year.values[0]}-{last}")
        return [(Filled(name, day, year.text), year) for name, day in zip(dates, days, strict=True)]

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
    """Find one of a parameter's choices among the words of a question."""
    for choice in parameter.choices:
        wanted = {token.text for token in tokens(choice)}
        for feature, start, end in question.features:
            if {feature} == wanted:
                return Mention("number", fold(question.text)[start:end], start, end, (choice,)), choice
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
