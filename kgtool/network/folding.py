"""From triples to edges: direct ones, and one for every statement that relates two things."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kgtool.labels import LANGUAGES
from kgtool.namespaces import IP, PROV, RDFS, SKOS
from kgtool.network.copying import Copy
from kgtool.network.rules import FOLDED, LABELS, LINKS, NO_EDGES, PLANNING, Fold, modality_of

__all__ = ["Folding", "Wanted"]

#: The separator inside the ids of direct edges: a name of XML may hold it, so GraphML's ids are valid.
_BETWEEN = ".."

_NOT_APPLICABLE = IP + "NotApplicable"

#: Attributes of an edge that are labels of what the statement points to, and those that are literals.
_POINTED = {
    "unit": IP + "unit",
    "qualifier": IP + "qualifier",
    "indicator": IP + "indicator",
    "statistic": IP + "statisticType",
    "status": IP + "status",
    "granting_body": IP + "grantingBody",
}
_WRITTEN = {
    "value": IP + "value",
    "scale": IP + "scale",
    "written": IP + "valueAsWritten",
    "formula": IP + "formula",
    "batch": IP + "batch",
    "rank": IP + "rank",
    "ranked_among": IP + "rankedAmong",
}

#: An edge as the database keeps it: id, source, target, predicate, modality, evidence, sentences, extra (JSON).
EdgeRow = tuple[str, str, str, str, str, str, str, str | None]


class Wanted(NamedTuple):
    """Which edges are wanted: predicates and classes of statements as CURIEs, and modalities; empty means all."""

    include: Collection[str] = ()
    exclude: Collection[str] = ()
    modality: Collection[str] = ()


class Folding:
    """The edges of a copied graph.

    :param languages: the order in which languages are preferred in labels.
    """

    def __init__(self, copy: Copy, languages: Sequence[str], wanted: Wanted) -> None:
        self._copy = copy
        self._wanted = wanted
        self.languages = {language.lower(): rank for rank, language in enumerate(languages)}
        short = copy.short
        self._folded = {short(class_): fold for class_, fold in FOLDED.items()}
        self._no_edges = ({short(iri) for iri in NO_EDGES | LINKS}) - set(wanted.include)
        self._planning = {short(iri) for iri in PLANNING}
        self._label_properties = (short(SKOS + "prefLabel"), short(RDFS + "label"))
        self._quote = short(IP + "quote")
        self.label = lru_cache(maxsize=50_000)(self._label)
        self.period = lru_cache(maxsize=10_000)(self._period)

    def edges(self, table: str = "iri", *, fold: bool = True) -> Iterator[EdgeRow]:
        """Walk over the edges of a table of triples, sorted by subject, predicate and object.

        :param table: the graph's own (``iri``), or triples that were asked for, of which every one is an edge.
        :param fold: whether statements become edges.
        """
        asked = table != "iri"
        known = _Follow(self._triples("iri") if asked else iter(()))
        evidence = _Follow(self._said())
        derived = _Follow(self._triples("derived"))
        triples = self._copy.rows(f"SELECT DISTINCT s, p, o FROM {table} ORDER BY s, p, o")  # noqa: S608 (own words)
        types = _Follow(self._types())
        for subject, group in groupby(triples, key=itemgetter(0)):
            classes = [class_ for (class_,) in types.at((subject,))]
            own = [(p, o) for _, p, o in group]
            folded = next((class_ for class_ in sorted(classes) if class_ in self._folded), None)
            if folded and fold:
                found = list(self._statement(subject, folded, classes, own))
                if found or not asked:
                    yield from found
                    continue
            default = modality_of((self._copy.long(class_) for class_ in classes), default="")
            for p, o in own:
                if (p in self._no_edges and not asked) or not self._is_wanted(p):
                    continue
                place = (subject, p, o)
                said = evidence.at(place)
                made = bool(derived.at(place)) or (asked and not known.at(place))
                modality = self._modality(p, default, stated=bool(said), derived=made)
                if self._wanted.modality and modality not in self._wanted.modality:
                    continue
                numbers, names = self.evidence(name for (name,) in said)
                yield f"{subject}{_BETWEEN}{p}{_BETWEEN}{o}", subject, o, p, modality, numbers, names, None

    def quotes(self, statement: str) -> tuple[str, ...]:
        """Return the phrases that prove a statement."""
        return tuple(self.literals(statement).get(self._quote, ()))

    def proof(self, statement: str) -> tuple[str, str]:
        """Return the sentences a statement is quoted from: their numbers, their CURIEs."""
        found = self._copy.rows("SELECT sentence FROM said WHERE s = ? AND p = ?", (statement, self._quote))
        return self.evidence(name for (name,) in found)

    def literals(self, thing: str) -> dict[str, list[str]]:
        """Return the literals of a thing by property, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for p, value in self._copy.rows("SELECT DISTINCT p, value FROM literal WHERE s = ? ORDER BY 1, 2", (thing,)):
            found[p].append(value)
        return found

    def _statement(
        self, subject: str, class_: str, classes: list[str], own: list[tuple[str, str]]
    ) -> Iterator[EdgeRow]:
        """Make the edges of a statement: one for each pair of things that it relates."""
        if not self._is_wanted(class_):
            return
        ends: dict[str, list[str]] = defaultdict(list)
        for p, o in own:
            ends[self._copy.long(p)].append(o)
        sources, targets = self._ends(self._folded[class_], ends)
        default = "stated" if self._copy.long(class_) in FOLDED else ""
        statuses = [self._copy.long(one) for one in ends.get(IP + "status", ())]
        modality = modality_of(map(self._copy.long, classes), statuses=statuses, default=default)
        if self._wanted.modality and modality not in self._wanted.modality:
            return
        numbers, names = self.proof(subject)
        if not names:
            numbers, names = self._indirect(subject, ends)
        extra = json.dumps(self._extra(subject, class_, ends), ensure_ascii=False)
        for source in sources:
            for target in targets:
                id_ = subject if len(sources) * len(targets) == 1 else _BETWEEN.join((subject, source, target))
                yield id_, source, target, class_, modality, numbers, names, extra

    def _ends(self, fold: Fold, ends: Mapping[str, list[str]]) -> tuple[list[str], list[str]]:
        nothing = self._copy.short(_NOT_APPLICABLE)
        for property_ in fold.targets:
            targets = [one for one in ends.get(property_, ()) if one != nothing]
            if targets:
                return ends.get(fold.source, []), targets
        return [], []

    def _extra(self, subject: str, class_: str, ends: Mapping[str, list[str]]) -> dict[str, object]:
        """Return the fields of an edge that only statements have."""
        literals = {self._copy.long(p): values for p, values in self.literals(subject).items()}
        extra: dict[str, object] = {"statement": self._copy.long(subject), "quotes": literals.get(IP + "quote", [])}
        for field, property_ in _POINTED.items():
            if property_ in ends:
                extra[field] = "; ".join(self.label(one) for one in ends[property_])
        for field, property_ in _WRITTEN.items():
            if property_ in literals:
                extra[field] = literals[property_][0]
        extra["aspect"] = self.text(subject, IP + "aspect")
        relation = ends.get(IP + "comparisonRelation")
        if relation:
            extra["qualifier"] = self.label(relation[0])
        periods = ends.get(IP + "period")
        if periods:
            extra["period"], extra["start"], extra["end"] = self.period(periods[0])
        names = (extra.get("statistic"), extra.get("indicator"))
        extra["label"] = ": ".join(str(name) for name in names if name) or self.label(class_)
        return extra

    def _indirect(self, subject: str, ends: Mapping[str, list[str]]) -> tuple[str, str]:
        """Return the sentences that prove what a statement was derived from, else those it stands in."""
        sentences: set[str] = set()
        for origin in ends.get(PROV + "wasDerivedFrom", ()):
            if origin in self._copy.numbers:
                sentences.add(origin)
            sentences.update(self.proof(origin)[1].split())
        if not sentences:
            found = self._copy.rows("SELECT DISTINCT sentence FROM said WHERE s = ?", (subject,))
            sentences.update(name for (name,) in found)
        return self.evidence(sentences)

    def evidence(self, names: Iterable[str]) -> tuple[str, str]:
        """Write sentences in reading order: their numbers, their CURIEs."""
        numbers = self._copy.numbers
        ordered = sorted(set(names), key=lambda name: (numbers.get(name, 0), name))
        if len(ordered) > 1:
            ordered.sort(key=lambda name: (name.rstrip("0123456789"), numbers.get(name, 0)))
        return " ".join(str(numbers[name]) for name in ordered if name in numbers), " ".join(ordered)

    def _modality(self, predicate: str, default: str, *, stated: bool, derived: bool) -> str:
        if default:
            return default
        if predicate in self._planning:
            return "planned"
        return "stated" if stated else "derived" if derived else "background"

    def _is_wanted(self, name: str) -> bool:
        wanted = self._wanted
        return name not in wanted.exclude and (not wanted.include or name in wanted.include)

    def _triples(self, table: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        for row in self._copy.rows(f"SELECT DISTINCT s, p, o FROM {table} ORDER BY s, p, o"):  # noqa: S608 (own words)
            yield row, ()

    def _said(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        for s, p, o, sentence in self._copy.rows("SELECT DISTINCT s, p, o, sentence FROM said ORDER BY s, p, o"):
            yield (s, p, o), (sentence,)

    def _types(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        for s, class_ in self._copy.rows("SELECT DISTINCT s, c FROM type ORDER BY s"):
            yield (s,), (class_,)

    def _label(self, thing: str) -> str:
        """Return a thing's label in the language that is liked best, else the last part of its name."""
        own = self._best(thing, self._label_properties)
        if own:
            return own
        known = LABELS.get(self._copy.long(thing))
        if known is None:
            return re.split(r"[:/#]", thing.rstrip("/#"))[-1]
        return min(zip(LANGUAGES, known, strict=True), key=lambda pair: self.languages[pair[0].lower()])[1]

    def text(self, thing: str, property_: str) -> str:
        """Return what a property says of a thing, in the language that is liked best."""
        return self._best(thing, (self._copy.short(property_),))

    def _best(self, thing: str, properties: Sequence[str]) -> str:
        marks = ", ".join("?" * len(properties))
        found = self._copy.rows(
            f"SELECT language, p, value FROM literal WHERE s = ? AND p IN ({marks})",  # noqa: S608 (marks only)
            (thing, *properties),
        )
        last = len(self.languages)
        ranked = [(self.languages.get(tag.lower(), last), properties.index(p), value, tag) for tag, p, value in found]
        return min(ranked)[2] if ranked else ""

    def _period(self, period: str) -> tuple[str, str, str]:
        """Return a period's label, first and last day."""
        literals = self.literals(period)
        start, end = (literals.get(self._copy.short(IP + name), [""])[0] for name in ("start", "end"))
        return self.label(period), start, end


class _Follow:
    """A sorted walk beside another: for every key in turn, the rows that have it."""

    def __init__(self, walk: Iterator[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        self._groups = groupby(walk, key=itemgetter(0))
        self._key: tuple[str, ...] | None = ()
        self._rows: list[tuple[str, ...]] = []

    def at(self, key: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return the rows of a key; keys have to be asked for in order."""
        while self._key is not None and self._key < key:
            group = next(self._groups, None)
            if group is None:
                self._key = None
            else:
                self._key, self._rows = group[0], [row for _, row in group[1]]
        return self._rows if self._key == key else []
