"""Linksets looked at together: what is said twice, and what cannot be true at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kgtool.link.kinds import IDENTITY, NARROWING
from kgtool.link.rules import found
from kgtool.linksets.model import NO_TERM, Link, Linkset
from kgtool.linksets.targets import target_of_iri
from kgtool.namespaces import SKOS
from kgtool.report import Finding

__all__ = ["check_agreement"]

_BROAD, _NARROW = SKOS + "broadMatch", SKOS + "narrowMatch"


class _Said(NamedTuple):
    """A link with its ends as IRIs."""

    linkset: Linkset
    link: Link
    subject: str
    predicate: str
    object: str

    @property
    def denied(self) -> bool:
        return self.link.text("predicate_modifier") == "Not"

    @property
    def place(self) -> str:
        return f"{self.linkset.file}:{self.link.line}"

    @property
    def target(self) -> str:
        """What it links to, for people."""
        target = target_of_iri(self.object)
        return target.title if target else self.link.text("object_source")


def check_agreement(linksets: Sequence[Linkset]) -> Iterator[Finding]:
    """Find links that repeat or contradict one another, in one file or in several."""
    every = [said for linkset in linksets for said in _read(linkset)]
    positive = [said for said in every if not said.denied and said.link.object != NO_TERM]
    same = [said for said in positive if said.predicate in IDENTITY]
    yield from _check_duplicates(every)
    yield from _check_two_exact(same)
    yield from _check_shared_objects(same)
    yield from _check_disjoint(positive)
    yield from _check_denied(every, positive, same)
    yield from _check_found_after_all(every, same)


def _read(linkset: Linkset) -> Iterator[_Said]:
    for link in linkset.links:
        ends = [linkset.expand(one) for one in (link.subject, link.predicate, link.object)]
        if all(ends):
            subject, predicate, object_ = (end or "" for end in ends)
            yield _Said(linkset, link, subject, predicate, object_)


def _check_duplicates(every: Sequence[_Said]) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], _Said] = {}
    for said in every:
        # Nothing is found in one target, and nothing in another.
        source = said.link.text("object_source") if said.link.object == NO_TERM else ""
        key = (said.subject, said.predicate, said.object, source, said.link.text("predicate_modifier"))
        first = seen.setdefault(key, said)
        if first is not said:
            yield found("link-duplicate", said.linkset, said.link, first=first.place)


def _check_two_exact(same: Sequence[_Said]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], _Said] = {}
    for said in same:
        first = seen.setdefault((said.subject, said.target), said)
        if first.object != said.object:
            yield found(
                "link-two-exact",
                said.linkset,
                said.link,
                target=said.target,
                given=said.link.subject,
                first=first.link.object,
                place=first.place,
            )


def _check_shared_objects(same: Sequence[_Said]) -> Iterator[Finding]:
    """Find two things that are the same as a third, directly or by way of others."""
    seen: dict[str, _Said] = {}
    shared: set[frozenset[str]] = set()
    for said in same:
        first = seen.setdefault(said.object, said)
        if first.subject != said.subject:
            shared.add(frozenset((first.subject, said.subject)))
            yield found(
                "link-shared-object",
                said.linkset,
                said.link,
                object=said.link.object,
                first=first.link.subject,
                place=first.place,
            )
    cliques = _Cliques(same)
    subjects: dict[str, list[_Said]] = {}
    for said in same:
        subjects.setdefault(cliques.of(said.subject), []).append(said)
    for members in subjects.values():
        firsts: dict[str, _Said] = {}
        for said in members:
            firsts.setdefault(said.subject, said)
        first, *others = firsts.values()
        for said in others:
            if frozenset((first.subject, said.subject)) not in shared:
                yield _contradiction(
                    said,
                    first,
                    f"by way of others {said.link.subject} would be the same as {first.link.subject}",
                    f"经由其他链接，{said.link.subject} 将与 {first.link.subject} 等同",
                )


def _check_disjoint(positive: Sequence[_Said]) -> Iterator[Finding]:
    """Find two things that are the same and not, or each wider than the other."""
    seen: dict[tuple[str, str], list[_Said]] = {}
    for said in positive:
        for other in seen.setdefault((said.subject, said.object), []):
            both = {said.predicate, other.predicate}
            if (both & IDENTITY and both & NARROWING) or both == {_BROAD, _NARROW}:
                words = f"{other.link.predicate} and {said.link.predicate} exclude each other"
                yield _contradiction(said, other, words, f"{other.link.predicate} 与 {said.link.predicate} 互斥")
        seen[said.subject, said.object].append(said)


def _check_denied(every: Sequence[_Said], positive: Sequence[_Said], same: Sequence[_Said]) -> Iterator[Finding]:
    """Find what is denied and said, or follows from what is said."""
    stated = {(said.subject, said.predicate, said.object): said for said in positive}
    cliques = _Cliques(same)
    for said in every:
        if not said.denied:
            continue
        other = stated.get((said.subject, said.predicate, said.object))
        if other is not None:
            yield _contradiction(said, other, "one denies what the other says", "一方否定了另一方")
        elif said.predicate in IDENTITY and cliques.of(said.subject) == cliques.of(said.object):
            other = next(one for one in same if cliques.of(one.subject) == cliques.of(said.subject))
            words = f"by way of others {said.link.subject} is the same as {said.link.object}"
            yield _contradiction(said, other, words, f"经由其他链接，{said.link.subject} 与 {said.link.object} 等同")


def _check_found_after_all(every: Sequence[_Said], same: Sequence[_Said]) -> Iterator[Finding]:
    """Find things that were looked for in vain and have a link nonetheless."""
    linked = {(said.subject, said.linkset.expand(said.link.text("object_source"))): said for said in same}
    for said in every:
        if said.link.object == NO_TERM:
            other = linked.get((said.subject, said.linkset.expand(said.link.text("object_source"))))
            if other is not None:
                words = f"nothing was found, and {other.link.object} is the same"
                yield _contradiction(said, other, words, f"既称未找到，又与 {other.link.object} 等同")


def _contradiction(said: _Said, other: _Said, problem: str, problem_zh: str) -> Finding:
    return found(
        "link-contradiction", said.linkset, said.link, place=other.place, problem=problem, problem_zh=problem_zh
    )


class _Cliques:
    """What is the same by way of links that say so, however many."""

    def __init__(self, same: Sequence[_Said]) -> None:
        self._above: dict[str, str] = {}
        for said in same:
            one, other = self.of(said.subject), self.of(said.object)
            self._above[max(one, other)] = min(one, other)

    def of(self, iri: str) -> str:
        """Return the one that stands for all that an IRI is the same as."""
        path = []
        while self._above.get(iri, iri) != iri:
            path.append(iri)
            iri = self._above[iri]
        for passed in path:
            self._above[passed] = iri
        return iri
