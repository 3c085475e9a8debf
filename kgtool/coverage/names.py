"""The names of a project's things, and where they stand in a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kgtool.namespaces import IP, RDF, SKOS, XSD
from kgtool.positions import read_positions
from kgtool.project import Project
from kgtool.terms import IRI, Literal
from kgtool.text.scripts import simplify_keeping_length

__all__ = ["DATES", "LABELS", "Names", "fold_in_place", "ranges"]

#: Properties whose literals name a thing.
LABELS = frozenset({f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}hiddenLabel", f"{IP}wording"})
#: Data types of dates.
DATES = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth"))
#: Classes of the ontology's concepts whose names are looked for; the other code lists are the program's own words.
_NAMED_CONCEPTS = frozenset({f"{IP}Industry", f"{IP}Indicator"})
#: Spellings of punctuation that do not tell one name from another; each stands for one character.
_PUNCTUATION = str.maketrans("（），；：！？「」『』“”‘’＂＇—–―－‐‑～〜", "(),;:!?\"\"''\"\"''\"'--------")


class Names:
    """The names of a project's things, and the dates tied to them."""

    def __init__(self, project: Project) -> None:
        #: The things of each name that is looked for.
        self.things: dict[str, set[str]] = defaultdict(set)
        #: Every name of each thing.
        self.of: dict[str, set[str]] = defaultdict(set)
        #: The dates that the entities' files give each thing: the start and end of a period.
        self.dates: dict[str, list[str]] = defaultdict(list)
        entities = set(project.entity_files())
        for file in [*project.entity_files(), *project.ontology_files()]:
            classes: dict[str, set[str]] = defaultdict(set)
            for position in read_positions(file):
                subject, predicate, value = position.subject.value, position.predicate.value, position.object
                if not isinstance(position.subject, IRI):
                    continue
                if predicate == f"{RDF}type":
                    classes[subject].add(value.value)
                elif predicate in LABELS:
                    self.of[subject].add(fold_in_place(value.value))
                elif isinstance(value, Literal) and value.datatype in DATES:
                    self.dates[subject].append(value.value)
            for thing, kinds in classes.items():
                # A period's name is a date, and dates are decided as numerals.
                if f"{IP}Period" not in kinds if file in entities else kinds & _NAMED_CONCEPTS:
                    for name in self.of.get(thing, ()):
                        if len(name) >= 2:
                            self.things[name].add(thing)

    def find(self, folded: str) -> list[tuple[int, int, str]]:
        """Find the known names in a folded text: start, end and name; the longest win, and none overlaps another."""
        found = ((start, end, name) for name in self.things for start, end in ranges([name], folded))
        taken = [False] * len(folded)
        kept = []
        for start, end, name in sorted(found, key=lambda hit: (hit[0] - hit[1], hit)):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                kept.append((start, end, name))
        return sorted(kept)


def fold_in_place(text: str) -> str:
    """Fold script, case and punctuation, every character at its offset.

    >>> fold_in_place("《雲南「一主兩輔」方案（ABC）》")
    '《云南"一主两辅"方案(abc)》'
    """
    plain = simplify_keeping_length(text).translate(_PUNCTUATION)
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def ranges(words: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Return where some words stand in a text, both folded; Latin ones only as words of their own.

    >>> ranges(["片区", "lab"], "片区的lab和label")
    [(0, 2), (3, 6)]
    """
    return [(start, start + len(word)) for word in words for start in _occurrences(word, text)]


def _occurrences(word: str, text: str) -> Iterator[int]:
    start = text.find(word) if word else -1
    while start >= 0:
        end = start + len(word)
        inside_word = _is_latin(text[start - 1 : start] + word[0]) or _is_latin(word[-1] + text[end : end + 1])
        if not inside_word:
            yield start
        start = text.find(word, start + 1)


def _is_latin(pair: str) -> bool:
    """Tell whether two neighbours are of one Latin word or number."""
    return len(pair) == 2 and pair.isascii() and pair.isalnum()
