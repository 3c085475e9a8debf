"""What a question names: things of the graph by any of their labels, numbers, years and dates."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import Literal as OneOf
from typing import NamedTuple

from kgtool.ask.periods import MONTHS
from kgtool.ask.words import Token, features, tokens
from kgtool.labels import labels_of
from kgtool.namespaces import OWL, RDF, RDFS, SKOS
from kgtool.store import Store
from kgtool.terms import IRI, Literal
from kgtool.text.numerals import find_numerals
from kgtool.text.scripts import fold

__all__ = ["Lexicon", "Mention", "find_amounts", "read_lexicon"]


class Mention(NamedTuple):
    """A part of a question that can be the value of a parameter, with its range in the folded question."""

    kind: OneOf["thing", "number", "year", "date", "choice"]
    text: str
    start: int
    end: int
    #: The IRIs of the things of that name; the number, year or date as a parameter wants it.
    values: tuple[str, ...]
    #: Whether it is a thing's name without the word for its class: 安宁 for 安宁产业园区.
    short: bool = False

    def covers(self, other: Mention) -> bool:
        """Say whether another mention stands inside this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Mention) -> bool:
        """Say whether the two share words."""
        return self.start < other.end and other.start < self.end


class Lexicon(NamedTuple):
    """The names of a graph."""

    #: By the tokens of a name: the things that have it, and those that have it without the word for their class.
    names: dict[tuple[str, ...], tuple[set[str], set[str]]]
    #: The classes of every named thing, those above them included.
    classes: dict[str, frozenset[str]]
    #: Every feature of every name.
    vocabulary: frozenset[str]
    longest: int

    def things(self, question: str, text: list[Token]) -> list[Mention]:
        """Find the things that a question names: every name at every place, longer ones first."""
        folded = fold(question)
        found = []
        for at in range(len(text)):
            for size in range(min(self.longest, len(text) - at), 0, -1):
                named = self.names.get(tuple(token.text for token in text[at : at + size]))
                if named is None:
                    continue
                start, end = text[at].start, text[at + size - 1].end
                for short, iris in enumerate(named):
                    if iris:
                        mention = Mention("thing", folded[start:end], start, end, tuple(sorted(iris)), bool(short))
                        found.append(mention)
        return sorted(found, key=lambda mention: (mention.start - mention.end, mention.start, mention.short))


def read_lexicon(store: Store) -> Lexicon:
    """Read every label of a graph: two queries, whatever is asked afterwards."""
    classes: dict[str, set[str]] = defaultdict(set)
    query = f"SELECT DISTINCT ?thing ?class WHERE {{ ?thing <{SKOS}prefLabel> ?label ; a/<{RDFS}subClassOf>* ?class }}"
    for thing, class_ in store.query(query).rows():
        if isinstance(thing, IRI) and isinstance(class_, IRI):
            classes[thing.value].add(class_.value)
    # The words of the vocabulary itself name no thing that could be asked about.
    things = {
        iri: frozenset(found)
        for iri, found in classes.items()
        if not any(one.startswith((OWL, RDFS)) or one == RDF + "Property" for one in found)
    }
    kinds = _class_names(store, {one for found in things.values() for one in found})
    names: dict[tuple[str, ...], tuple[set[str], set[str]]] = {}
    vocabulary: set[str] = set()
    properties = "|".join(f"<{SKOS}{name}>" for name in ("prefLabel", "altLabel", "hiddenLabel"))
    query = f"SELECT DISTINCT ?thing ?label WHERE {{ ?thing {properties} ?label }}"
    for thing, label in store.query(query).rows():
        if not (isinstance(thing, IRI) and isinstance(label, Literal) and thing.value in things):
            continue
        text = tokens(label.value)
        vocabulary.update(feature for feature, _, _ in features(text))
        key = tuple(token.text for token in text)
        if len(key) > 1 or (key and len(key[0]) > 2 and not key[0][0].isdigit()):
            names.setdefault(key, (set(), set()))[0].add(thing.value)
        for loose in _loose_forms(key):
            names.setdefault(loose, (set(), set()))[1].add(thing.value)
        kinds_of_thing = [kind for one in things[thing.value] for kind in kinds.get(one, ())]
        for short in {short for kind in kinds_of_thing for short in _short_forms(key, kind)}:
            names.setdefault(short, (set(), set()))[1].add(thing.value)
    return Lexicon(names, things, frozenset(vocabulary), max((len(key) for key in names), default=0))


def _class_names(store: Store, iris: set[str]) -> dict[str, list[tuple[str, ...]]]:
    """Return the tokens of the labels of classes, in Chinese and English."""
    kinds: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for language in ("zh-Hans", "en"):
        for iri, label in labels_of(store, sorted(iris), (language,)).items():
            key = tuple(token.text for token in tokens(label))
            if key not in kinds[iri]:
                kinds[iri].append(key)
    return kinds


def _short_forms(key: tuple[str, ...], kind: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Shorten a name by the word for its class: 安宁产业园区 to 安宁 and 安宁园区, Anning Industrial Park to Anning."""
    head = key[: -len(kind)]
    if not head or key[-len(kind) :] != kind or (len(head) == 1 and len(head[0]) < 2):
        return []
    words = 2 if len(kind[-1]) == 1 else 1
    return [head, *([head + kind[-words:]] if len(kind) > words else [])]


#: From how many words, or Chinese characters, on a name may be said without one of those inside.
_MOST_WORDS, _MOST_CHARACTERS = 4, 6


def _loose_forms(key: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return a long name without one of its inner words, or without two inner characters.

    >>> [" ".join(form) for form in _loose_forms(("laos", "cooper", "logistic", "park"))]
    ['laos logistic park', 'laos cooper park']
    """
    if all(word.isascii() for word in key):
        words = [at for at in range(1, len(key) - 1) if key[at][0].isalnum()]
        return [key[:at] + key[at + 1 :] for at in words] if len(words) + 2 >= _MOST_WORDS else []
    if any(len(word) > 1 for word in key) or len(key) < _MOST_CHARACTERS:
        return []
    return [key[:at] + key[at + 2 :] for at in range(2, len(key) - 3)]


def find_amounts(question: str) -> list[Mention]:
    """Find the numbers, years and dates of a question.

    >>> [(m.kind, m.values) for m in find_amounts("2024年有哪些计划，4486.20亿元是谁说的")]
    [('year', ('2024',)), ('number', ('4486.20',))]
    >>> [(m.kind, m.values) for m in find_amounts("on 9 October 2023, in 2024 and 33.6%")]
    [('date', ('2023-10-09',)), ('year', ('2024',)), ('number', ('33.6',))]
    """
    text = fold(question)
    found = _dates(text)
    numerals = find_numerals(text)
    #: Where a number ends together with its unit.
    ends = {numeral.start: numeral.end for numeral in numerals if numeral.kind == "arabic"}
    for match in re.finditer(r"(?<![\d.a-z-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d-])", text):
        start, end = match.span()
        number = match.group().replace(",", "")
        is_year = re.fullmatch(r"(?:19|20)\d\d", number) and not re.match(r"\s*(?:%|[^年\s\W0-9a-z_的])", text[end:])
        kind: OneOf["year", "number"] = "year" if is_year else "number"
        mention = Mention(
            kind, match.group(), start, max(ends.get(start, end), end + text.startswith("年", end)), (number,)
        )
        if not any(mention.overlaps(other) for other in found):
            found.append(mention)
    for numeral in numerals:
        if numeral.kind == "date" and numeral.date and numeral.date.year and not numeral.text[0].isdigit():
            mention = Mention("year", numeral.text, numeral.start, numeral.end, (str(numeral.date.year),))
            if not any(mention.overlaps(other) for other in found):
                found.append(mention)
    return sorted(found, key=lambda mention: mention.start)


_MONTH = "|".join(MONTHS)
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"),
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH}),? (?P<year>\d{{4}})"),
    re.compile(rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})"),
)


def _dates(text: str) -> list[Mention]:
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["month"]
            number = MONTHS.index(month) + 1 if month in MONTHS else int(month)
            try:
                value = date(int(match["year"]), number, int(match["day"])).isoformat()
            except ValueError:
                continue  # 2023-02-30 is no date: its numbers stay numbers
            found.append(Mention("date", match.group(), *match.span(), (value,)))
    return found
