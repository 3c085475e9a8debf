"""Which rules can be judged with a part of the articles at hand: those that read nothing that others may add to.

Articles are validated apart, each with what all share. That gives what a validation of everything would give, if a rule
starts at one triple and goes on from things whose triples are all in sight. Whatever it asks of things that several
articles speak of, or that are shared, has to be said where they are shared, and not by an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from kgtool.errors import QueryError
from kgtool.namespaces import RDF
from kgtool.select.parser import parse_select
from kgtool.select.syntax import (
    Alternative,
    Bind,
    Element,
    Exists,
    Filter,
    Graph,
    Group,
    Inverse,
    Minus,
    Negated,
    Optional,
    Path,
    Repeat,
    Select,
    Sequence,
    TriplePattern,
    Union,
    Values,
    Variable,
    mentioned,
    parts_of,
)
from kgtool.terms import IRI

__all__ = ["Quad", "Scattered", "find_scattered", "is_local", "predicates_of"]

_TYPE = RDF + "type"

#: An article, or nothing for what articles share; then subject, predicate, object and graph as N-Quads writes them.
Quad = tuple[str, str, str, str, str]

#: A predicate, or ``rdf:type`` with a class.
Said = tuple[str, str | None]


class Scattered(NamedTuple):
    """What articles say of things that others speak of too; a class stands with ``rdf:type``, else there is none.

    :param stated: everything that articles say at all.
    :param about: what they say of such things.
    :param leading: predicates with which they lead to such things, or to literals.
    :param kinds: the classes of such things; a thing of another class is one article's alone.
    """

    stated: frozenset[Said]
    about: frozenset[Said]
    leading: frozenset[str]
    kinds: frozenset[str]

    def said(self, predicate: str, class_: str | None) -> bool:
        """Say whether an article says that of anything."""
        return _among(self.stated, predicate, class_)

    def is_out_of_sight(self, predicate: str, class_: str | None) -> bool:
        """Say whether some of it may be said elsewhere, where a thing is at hand and its values are asked for."""
        return _among(self.about, predicate, class_)


def _among(said: frozenset[Said], predicate: str, class_: str | None) -> bool:
    if class_ is not None:
        return (predicate, class_) in said
    return any(known == predicate for known, _ in said)


def find_scattered(quads: Iterable[Quad]) -> Scattered:
    """Find out what articles say of the same things, and of those that they share.

    Of some articles it is a part of what it is of all: a rule that cannot be judged apart then cannot be at all.
    """
    first: dict[str, str] = {}
    several: set[str] = set()
    said = list(quads)
    for article, *terms in said:
        for term in terms:
            if term[:1] == "<" and first.setdefault(term, article) != article:
                several.add(term)
    of_articles = [quad for quad in said if quad[0]]
    return Scattered(
        stated=frozenset(_said(predicate, object_) for _, _, predicate, object_, _ in of_articles),
        about=frozenset(_said(predicate, object_) for _, s, predicate, object_, _ in of_articles if s in several),
        leading=frozenset(p[1:-1] for _, _, p, object_, _ in of_articles if object_ in several or object_[0] == '"'),
        kinds=frozenset(object_[1:-1] for _, s, p, object_, _ in said if p == f"<{_TYPE}>" and s in several),
    )


def _said(predicate: str, object_: str) -> Said:
    return predicate[1:-1], object_[1:-1] if predicate == f"<{_TYPE}>" else None


def is_local(text: str, scattered: Scattered, *, prefixes: Mapping[str, str] | None = None) -> bool:
    """Say whether the rows of a query over everything are those over its parts, taken together.

    A query that cannot be taken apart is not.
    """
    select = _parsed(text, tuple((prefixes or {}).items()))
    if select is None:
        return False
    return _Walk(scattered).select(select, _State()) is not None


def predicates_of(text: str, *, prefixes: Mapping[str, str] | None = None) -> set[str] | None:
    """Return the predicates that a query reads; nothing if it may read any."""
    select = _parsed(text, tuple((prefixes or {}).items()))
    if select is None:
        return None
    found: set[str] = set()
    for pattern in parts_of(select, TriplePattern):
        predicates = _all_of(pattern.predicate)
        if predicates is None:
            return None
        found |= predicates
    return found


@lru_cache(maxsize=2048)
def _parsed(text: str, prefixes: tuple[tuple[str, str], ...]) -> Select | None:
    try:
        return parse_select(text, prefixes=dict(prefixes))
    except QueryError:
        return None


def _all_of(path: Variable | Path) -> set[str] | None:
    match path:
        case IRI():
            return {path.value}
        case Inverse() | Repeat():
            return _all_of(path.path)
        case Sequence() | Alternative():
            parts = [_all_of(part) for part in path.parts]
            return None if None in parts else {name for part in parts if part for name in part}
        case _:
            return None


class _State(NamedTuple):
    """How far a walk through a query has come.

    :param seeded: whether one triple is at hand that all else is found from.
    :param known: variables whose things are in sight.
    :param own: those of them whose things are one article's alone, or that no article speaks of.
    """

    seeded: bool = False
    known: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    #: Predicates that a variable may stand for.
    given: tuple[tuple[str, frozenset[str]], ...] = ()


class _Walk:
    """A walk through one query; every method returns the state after it, or nothing if it leads out of sight."""

    def __init__(self, scattered: Scattered) -> None:
        self._scattered = scattered
        self._fresh = 0

    def select(self, select: Select, state: _State) -> _State | None:
        if select.limit is not None or select.offset is not None:
            return None
        names = {variable.name for variable, _ in select.columns}
        starts = [state]
        if select.is_grouped:
            # All members of a group must be in sight of what it is grouped by.
            keys = [e[0].name for e, _ in select.group_by if len(e) == 1 and isinstance(e[0], Variable)]
            starts = [
                state._replace(seeded=True, known=state.known | {key}) for key in keys if key in _subjects(select.where)
            ]
        for start in starts:
            after = self.group(select.where, start)
            expressions = [e for _, e in select.columns if e] + list(select.having)
            if after is not None and all(self.expression(e, after) for e in expressions):
                kept = after.known & names if names else after.known
                return after._replace(known=kept | state.known, own=(after.own & kept) | state.own)
        return None

    def group(self, group: Group, state: _State, graph: Variable | IRI | None = None) -> _State | None:
        # A path of several steps is so many patterns; what follows a thing in sight comes into sight with it.
        waiting = [part for element in group.elements for part in self._parts(element)]
        last = [part for part in waiting if isinstance(part, Filter | Optional | Minus)]
        waiting = [part for part in waiting if not isinstance(part, Filter | Optional | Minus)]
        while waiting:
            for seeding in (False, True):
                found = next(
                    (
                        (at, after)
                        for at, part in enumerate(waiting)
                        if (after := self._element(part, state, graph, seeding=seeding)) is not None
                    ),
                    None,
                )
                if found is not None or state.seeded:
                    break
            if found is None:
                return None
            del waiting[found[0]]
            state = found[1]
        for part in last:
            if isinstance(part, Filter):
                if not self.expression(part.expression, state, graph):
                    return None
                continue
            # What it would bring into sight may not be there: nothing may be found from that.
            if self.group(part.group, state._replace(seeded=True), graph) is None:
                return None
        return state

    def expression(self, expression: Any, state: _State, graph: Variable | IRI | None = None) -> bool:
        """Follow what a condition asks whether it exists."""
        inner = [part for part in expression if isinstance(part, Exists)]
        return all(self.group(part.group, state._replace(seeded=True), graph) is not None for part in inner)

    def _element(
        self, element: Element, state: _State, graph: Variable | IRI | None, *, seeding: bool
    ) -> _State | None:
        match element:
            case TriplePattern():
                return self._pattern(element, state, graph, seeding=seeding)
            case Union():
                # Every branch starts at a triple of its own, if none is at hand yet.
                if not state.seeded and not seeding:
                    return None
                after = [self.group(branch, state, graph) for branch in element.branches]
                states = [one for one in after if one is not None]
                if len(states) < len(after):
                    return None
                return state._replace(
                    seeded=True,
                    known=frozenset.intersection(*(one.known for one in states)),
                    own=frozenset.intersection(*(one.own for one in states)),
                )
            case Graph():
                if not state.seeded and not seeding:
                    return None
                after_ = self.group(element.group, state, element.name)
                if after_ is None or not isinstance(element.name, Variable):
                    return after_
                return after_._replace(known=after_.known | {element.name.name})
            case Select():
                if not state.seeded and not seeding:
                    return None
                return self.select(element, state)
            case Bind():
                if not self.expression(element.expression, state, graph):
                    return None
                (first, *more) = element.expression
                alias = not more and isinstance(first, Variable) and first.name in state.known
                return state._replace(known=state.known | {element.variable.name}) if alias else state
            case Values():
                rows = zip(*element.rows, strict=True) if element.rows else [()] * len(element.variables)
                given = [
                    (variable.name, frozenset(term.value for term in column if isinstance(term, IRI)))
                    for variable, column in zip(element.variables, rows, strict=True)
                    if all(isinstance(term, IRI) for term in column)
                ]
                return state._replace(given=(*state.given, *given))
            case _:
                return None

    def _pattern(
        self, pattern: TriplePattern, state: _State, graph: Variable | IRI | None, *, seeding: bool
    ) -> _State | None:
        subject, path, object_ = pattern
        given = dict(state.given)
        predicates = self._predicates(path, given)
        class_ = object_.value if isinstance(object_, IRI) else None
        shared = predicates is not None and not any(self._said(one, class_) for one in predicates)
        if not shared and not _is(graph, state.own):
            forth = _is(subject, state.own) or (_is(subject, state.known) and self._complete(predicates, class_))
            back = _is(object_, state.own) or (_is(object_, state.known) and self._complete_back(predicates))
            if not forth and not back:
                if state.seeded or not seeding or isinstance(path, Repeat):
                    return None
                state = state._replace(seeded=True)
        names = {part.name for part in (*pattern, graph) if isinstance(part, Variable)}
        own = set()
        if path == IRI(_TYPE) and isinstance(subject, Variable):
            classes = {class_} if class_ else given.get(object_.name, ()) if isinstance(object_, Variable) else ()
            if classes and not self._scattered.kinds.intersection(classes):
                own = {subject.name}
        return state._replace(known=state.known | names, own=state.own | own)

    def _said(self, predicate: str, class_: str | None) -> bool:
        return self._scattered.said(predicate, class_ if predicate == _TYPE else None)

    def _complete(self, predicates: set[str] | None, class_: str | None) -> bool:
        """Say whether all that a thing in sight has by some predicates is in sight."""
        if predicates is None:
            return not self._scattered.about
        return not any(self._scattered.is_out_of_sight(p, class_ if p == _TYPE else None) for p in predicates)

    def _complete_back(self, predicates: set[str] | None) -> bool:
        """Say whether all that leads to a thing in sight by some predicates is in sight."""
        if predicates is None:
            return not self._scattered.leading
        return not predicates & self._scattered.leading

    def _predicates(self, path: Variable | Path, given: Mapping[str, frozenset[str]]) -> set[str] | None:
        """Return the predicates of one step; nothing if it may be any."""
        if isinstance(path, Variable):
            return set(given[path.name]) if path.name in given else None
        return _all_of(path)

    def _parts(self, element: Element) -> list[Element]:
        """Take a pattern apart that has a path of several steps."""
        if not isinstance(element, TriplePattern):
            return [element]
        subject, path, object_ = element
        if isinstance(path, Inverse):
            return self._parts(TriplePattern(object_, path.path, subject))
        if isinstance(path, Sequence):
            self._fresh += 1
            between = [Variable(f" {self._fresh}-{at}") for at in range(len(path.parts) - 1)]
            ends = [subject, *between, object_]
            steps = zip(ends, path.parts, ends[1:], strict=False)
            return [part for step in steps for part in self._parts(TriplePattern(*step))]
        if isinstance(path, Alternative) and not all(isinstance(part, IRI) for part in path.parts):
            branches = (Group((TriplePattern(subject, part, object_),)) for part in path.parts)
            return [Union(tuple(branches))]
        if isinstance(path, Repeat) and not _is_plain(path.path):
            # A walk of steps in both directions: nothing is known of where it leads.
            return [TriplePattern(subject, Negated((), ()), object_)]
        return [element]


def _is_plain(path: Path) -> bool:
    return isinstance(path, IRI) or (isinstance(path, Alternative) and all(isinstance(p, IRI) for p in path.parts))


def _is(node: object, known: Iterable[str]) -> bool:
    return isinstance(node, Variable) and node.name in known


def _subjects(group: Group) -> set[str]:
    """Return the variables of a pattern that it must find something of."""
    return {variable.name for element in group.elements for variable in mentioned(element)}
