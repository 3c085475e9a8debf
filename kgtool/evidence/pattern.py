"""From a query to its evidence pattern: a query for every solution behind every row, and what to read off a solution.

A row is proved by the triples that its pattern matched. The evidence pattern matches what the query matches, and
keeps what the query throws away: the variables that it does not select, the nodes inside property paths, which
branches took part (a marker is bound in each OPTIONAL and UNION), the members of each group. One query then gives
the solutions of all rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgtool.errors import QueryError
from kgtool.select.syntax import (
    Alternative,
    Bind,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    Inverse,
    Minus,
    Negated,
    Node,
    Optional,
    Path,
    Repeat,
    Select,
    Sequence,
    TriplePattern,
    Union,
    Variable,
    certain,
    mentioned,
    rename,
    visible,
    write,
)
from kgtool.terms import IRI

__all__ = ["Closure", "Pattern", "Premise", "Witness", "evidence_pattern", "needs_no_step", "path_pattern"]

#: Stands for a value that is not there where two sides are joined: two missing values are the same group.
_UNBOUND = "<urn:x-kgtool:unbound>"

_NEGATION = "what is absent (NOT EXISTS, MINUS) is in no sentence: only what is present is proved"

_SKIPPED = "OFFSET: the rows that are skipped are not proved, and without them others would be skipped in their place"


class Premise(NamedTuple):
    """A triple pattern that a solution fills in, with a path as its predicate where the path is of any length."""

    #: The variable that is bound where the pattern took part; ``None``: it always did.
    marker: str | None
    subject: Node
    predicate: Variable | IRI | Repeat
    object: Node
    #: The graph it is matched in; ``None``: the default graph.
    graph: IRI | Variable | None


class Witness(NamedTuple):
    """An EXISTS: where it holds, the pattern must have found what holds."""

    #: Bound where the filter took part at all; ``None``: always.
    marker: str | None
    #: The variable that says whether it holds; ``None``: the solution would not be there otherwise.
    holds: str | None
    #: The variable that is bound where the pattern found it.
    found: str


class Pattern(NamedTuple):
    """An evidence pattern."""

    #: The pattern as SPARQL, without its braces.
    text: str
    #: The columns that tell which row a solution belongs to: the column of the query, and the variable here.
    keys: tuple[tuple[str, str], ...]
    premises: tuple[Premise, ...]
    witnesses: tuple[Witness, ...]
    notes: tuple[str, ...]
    #: The variables that the query itself gives values, by VALUES or BIND.
    given: frozenset[str] = frozenset()
    #: Whether there is one row in any case, though it may have no solution: COUNT over nothing.
    one_row: bool = False

    @property
    def variables(self) -> list[str]:
        """Everything that has to be selected."""
        wanted: dict[str, None] = {}
        for _, key in self.keys:
            wanted[key] = None
        for premise in self.premises:
            for variable in mentioned((premise.subject, premise.predicate, premise.object, premise.graph)):
                wanted[variable.name] = None
            if premise.marker:
                wanted[premise.marker] = None
        for witness in self.witnesses:
            wanted |= dict.fromkeys(name for name in witness if name)
        return list(wanted)

    @property
    def is_told_by_rows(self) -> bool:
        """Whether a row has every value of its solutions, so that they need not be asked for again."""
        return not self.one_row and {variable for _, variable in self.keys}.issuperset(self.variables)

    def query(self, before: str = "") -> str:
        """Write the query for all solutions.

        :param before: a pattern to start with, such as the values that are wanted.
        """
        columns = " ".join(f"?{name}" for name in self.variables)
        return f"SELECT {columns or '*'} WHERE {{ {before} {self.text} }}"


class Closure(NamedTuple):
    """A path of any length, ``path*``, ``path+`` or ``path?``, and whether it is walked inside a graph."""

    path: Repeat
    in_graph: bool


def evidence_pattern(select: Select, *, file: object = None) -> Pattern:
    """Make the evidence pattern of a query.

    :raises QueryError: if an EXISTS is not within what can be followed.
    """
    maker = _Maker(select, file)
    maker.note_skipped(select)
    keys: list[tuple[str, str]] = []
    one_row = False
    grouped_by = [_plain(expression, variable) for expression, variable in select.group_by]
    plain = {variable.name for variable, expression in select.columns if expression is None}
    if select.is_grouped and all(name is not None and name in plain for name in grouped_by):
        # Every row says which group it is: its members are all there is to find.
        members, names = maker.members(select, graph=None, marker=None)
        text = members
        keys = [(str(column), key) for column, key in zip(grouped_by, names, strict=True)]
        one_row = not select.group_by
    else:
        text = maker.solutions(select._replace(limit=None, offset=None, order_by=()), graph=None, marker=None)
        keys = [(variable.name, variable.name) for variable, _ in select.columns]
    return maker.pattern(text, keys, one_row=one_row)


def path_pattern(closure: Closure) -> Pattern:
    """Make the pattern of every step on every way from ``?start`` to ``?end`` along a path."""
    start, end = Variable("start"), Variable("end")
    maker = _Maker(Select((), Group((TriplePattern(start, closure.path, end),))), None)
    graph = Variable("graph") if closure.in_graph else None
    repeat = closure.path
    if repeat.mark == "?":
        text = maker.path(start, repeat.path, end, graph, None)
    else:
        here, there = maker.fresh("node"), maker.fresh("node")
        walk = Repeat(repeat.path, "*")
        before, after = TriplePattern(start, walk, here), TriplePattern(there, walk, end)
        text = f"{write(before)} {maker.path(here, repeat.path, there, graph, None)} {write(after)}"
    if graph:
        text = f"GRAPH ?graph {{ {text} }}"
    names = ["start", "end", *(["graph"] if graph else [])]
    pattern = maker.pattern(text, [(name, name) for name in names])
    # Nothing in here is open: it is asked with values for all of the names.
    return pattern._replace(given=frozenset(pattern.variables))


def needs_no_step(path: Path) -> bool:
    """Say whether a path leads from every node to itself."""
    match path:
        case Repeat(inner, mark):
            return mark in "*?" or needs_no_step(inner)
        case Inverse(inner):
            return needs_no_step(inner)
        case Sequence(parts):
            return all(map(needs_no_step, parts))
        case Alternative(parts):
            return any(map(needs_no_step, parts))
        case _:
            return False


class _Maker:
    """Writes an evidence pattern; keeps count of names, and of what is to be read off a solution."""

    def __init__(self, select: Select, file: object) -> None:
        self._file = file
        self._stem = "e"
        while any(variable.name.startswith(self._stem) for variable in mentioned(select)):
            self._stem += "_"
        self._count = 0
        self._premises: list[Premise] = []
        self._witnesses: list[Witness] = []
        self._notes: dict[str, None] = {}
        self._given: set[str] = set()

    def pattern(self, text: str, keys: Iterable[tuple[str, str]], *, one_row: bool = False) -> Pattern:
        premises, witnesses = tuple(dict.fromkeys(self._premises)), tuple(self._witnesses)
        return Pattern(text, tuple(keys), premises, witnesses, tuple(self._notes), frozenset(self._given), one_row)

    def fresh(self, what: str) -> Variable:
        self._count += 1
        return Variable(f"{self._stem}{self._count}_{what}")

    def note_skipped(self, select: Select) -> None:
        """Say what is to be known of a query that leaves out its first rows."""
        if select.offset:
            self._notes[_SKIPPED] = None

    # Queries ---------------------------------------------------------------------------------------------------------

    def solutions(self, select: Select, *, graph: IRI | Variable | None, marker: str | None) -> str:
        """Write the solutions behind the rows of a query: its columns keep their names, all else gets new ones."""
        if select.limit is not None or select.offset is not None:
            return self._of_rows(select, graph=graph, marker=marker)
        if select.is_grouped:
            return self._of_groups(select, graph=graph, marker=marker)
        names = {variable.name for variable, _ in select.columns}
        select = rename(select, self._apart(select, keep=names))
        parts = [self.group(select.where, graph, marker, inside=True)]
        if select.values:
            parts.append(write(select.values))
        for variable, expression in select.columns:
            if expression is not None:
                bound = certain(select.where)
                parts += self._witnessed(expression, visible(select.where), bound, set(), graph, marker)
                parts.append(write(Bind(expression, variable)))
        return " ".join(parts)

    def members(self, select: Select, *, graph: IRI | Variable | None, marker: str | None) -> tuple[str, list[str]]:
        """Write the members of the groups of a query, with a key for each condition that they are grouped by."""
        select = rename(select, self._apart(select, keep=set()))
        parts = [self.group(select.where, graph, marker, inside=True)]
        names = []
        for expression, _ in select.group_by:
            key = self.fresh("key")
            names.append(key.name)
            parts.append(write(Bind(_or_unbound(expression), key)))
        return " ".join(parts), names

    def _of_groups(self, select: Select, *, graph: IRI | Variable | None, marker: str | None) -> str:
        """Write a query's rows joined with the members of their groups."""
        members, names = self.members(select, graph=graph, marker=marker)
        keys = [Variable(name) for name in names]
        binds = [Bind(_or_unbound(e), key) for (e, _), key in zip(select.group_by, keys, strict=True)]
        group_by = (*select.group_by, *(((key,), None) for key in keys))
        rows = select._replace(
            columns=(*select.columns, *((key, None) for key in keys)),
            where=Group((Union((select.where,)), *binds)),
            group_by=group_by,
            distinct=False,
            order_by=(),
        )
        rows = rename(rows, self._apart(rows, keep={variable.name for variable, _ in rows.columns}))
        if not keys:
            # One group, even of nothing: COUNT is 0 then, and that is a row.
            return f"{write(rows)} OPTIONAL {{ {{ {members} }} }}"
        return f"{write(rows)} {{ {members} }}"

    def _of_rows(self, select: Select, *, graph: IRI | Variable | None, marker: str | None) -> str:
        """Write the rows that a query is cut to, joined with the solutions of each."""
        self.note_skipped(select)
        whole = select._replace(limit=None, offset=None, order_by=(), distinct=False)
        rows, solutions = [write(select)], []
        again = {variable.name: self.fresh("again").name for variable, _ in select.columns}
        inner = rename(whole, self._apart(whole, keep=set(again)))
        solutions.append(self.solutions(rename(inner, again), graph=graph, marker=marker))
        for name, other in again.items():
            key = self.fresh("key")
            rows.append(write(Bind(_or_unbound((Variable(name),)), key)))
            solutions.append(write(Bind(_or_unbound((Variable(other),)), key)))
        return f"{{ {' '.join(rows)} }} {{ {' '.join(solutions)} }}"

    def _apart(self, tree: Select | Group, *, keep: set[str]) -> dict[str, str]:
        """Give every variable of a part a new name, but for those that are kept."""
        names = dict.fromkeys(variable.name for variable in mentioned(tree))
        return {name: self.fresh(name.lstrip("_")).name for name in names if name not in keep}

    # Patterns --------------------------------------------------------------------------------------------------------

    def group(
        self,
        group: Group,
        graph: IRI | Variable | None,
        marker: str | None,
        *,
        inside: bool = False,
        left: Group | None = None,
    ) -> str:
        """Write a group, its marker bound where it is matched.

        :param inside: whether it is an inner group of another one's text, not to be marked.
        :param left: what stands before the OPTIONAL whose group this is: its filters see it.
        """
        parts: list[str] = []
        filters: list[str] = []
        for index, element in enumerate(group.elements):
            before = Group(group.elements[:index])
            if isinstance(element, Filter):
                filters += self._filter(element, group, left, graph, marker)
            elif isinstance(element, Bind):
                seen, bound = visible(before), certain(before)
                parts += self._witnessed(element.expression, seen, bound, set(), graph, marker)
                parts.append(write(element))
                self._given.add(element.variable.name)
            else:
                parts.append(self._element(element, before, graph, marker))
        if marker and not inside:
            filters.append(f"BIND (1 AS ?{marker})")
        text = " ".join([*parts, *filters])
        return f"{{ {text} }}" if inside else text

    def _element(self, element: Element, before: Group, graph: IRI | Variable | None, marker: str | None) -> str:
        match element:
            case TriplePattern(subject, predicate, object_):
                return self.path(subject, predicate, object_, graph, marker)
            case Optional(group):
                inner = self.fresh("optional").name
                return f"OPTIONAL {{ {self.group(group, graph, inner, left=before)} }}"
            case Union(branches) if len(branches) == 1:
                return self.group(branches[0], graph, marker, inside=True)
            case Union(branches):
                return " UNION ".join(
                    f"{{ {self.group(branch, graph, self.fresh('branch').name)} }}" for branch in branches
                )
            case Graph(name, group):
                return f"GRAPH {write(name)} {self.group(group, name, marker, inside=True)}"
            case Select():
                return f"{{ {self.solutions(element, graph=graph, marker=marker)} }}"
            case Minus():
                self._notes[_NEGATION] = None
                return write(element)
            case _:
                self._given |= set(visible(element))
                return write(element)

    def path(
        self, subject: Node, path: Path | Variable, object_: Node, graph: IRI | Variable | None, marker: str | None
    ) -> str:
        """Write a triple pattern with every step of its path as a pattern of its own."""
        match path:
            case Inverse(inner):
                return self.path(object_, inner, subject, graph, marker)
            case Sequence(parts):
                nodes = [subject, *(self.fresh("node") for _ in parts[1:]), object_]
                steps = zip(nodes, parts, nodes[1:], strict=False)
                return " ".join(self.path(*step, graph, marker) for step in steps)
            case Alternative(parts):
                branches = []
                for part in parts:
                    branch = self.fresh("branch").name
                    branches.append(f"{{ {self.path(subject, part, object_, graph, branch)} BIND (1 AS ?{branch}) }}")
                return " UNION ".join(branches)
            case Negated(forward, backward):
                branches = []
                for names, start, end in ((forward, subject, object_), (backward, object_, subject)):
                    if not names:
                        continue
                    branch, predicate = self.fresh("branch").name, self.fresh("predicate")
                    self._premises.append(Premise(branch, start, predicate, end, graph))
                    others = f"FILTER (?{predicate.name} NOT IN ({', '.join(map(write, names))}))"
                    triple = write(TriplePattern(start, predicate, end))
                    branches.append(f"{{ {triple} {others} BIND (1 AS ?{branch}) }}")
                return " UNION ".join(branches)
            case _:
                self._premises.append(Premise(marker, subject, path, object_, graph))
                return write(TriplePattern(subject, path, object_))

    # EXISTS ----------------------------------------------------------------------------------------------------------

    def _filter(
        self, element: Filter, group: Group, left: Group | None, graph: IRI | Variable | None, marker: str | None
    ) -> list[str]:
        seen, bound = visible(group), certain(group)
        unsure: set[str] = set()
        if left is not None:
            # Where it is only a part of the filter, what stands before the OPTIONAL is out of its sight.
            alone = len(element.expression) == 1
            unsure = set(visible(left)) - bound - (certain(left) if alone else set())
            seen, bound = visible(left) | seen, certain(left) | bound
        witnesses = self._witnessed(element.expression, seen, bound, unsure, graph, marker, alone=True)
        return [write(element), *witnesses]

    def _witnessed(
        self,
        expression: Expression,
        seen: Mapping[str, Variable],
        bound: set[str],
        unsure: set[str],
        graph: IRI | Variable | None,
        marker: str | None,
        *,
        alone: bool = False,
    ) -> list[str]:
        """Write, for each EXISTS of an expression, a pattern that finds what exists.

        :param seen: the variables whose values EXISTS is told.
        :param bound: those of them that have a value for certain.
        :param unsure: those that may have none, and are not at hand where the pattern is written.
        :param alone: whether an EXISTS that is the whole expression must hold.
        """
        written = []
        for part in expression:
            if not isinstance(part, Exists):
                continue
            if part.negated:
                self._notes[_NEGATION] = None
                if alone and len(expression) == 1:
                    continue
            names = {variable.name for variable in mentioned(part.group)}
            if names & unsure:
                name = re.sub(rf"^({self._stem}[0-9]+_)+", "", min(names & unsure))
                what = f"EXISTS inside OPTIONAL over ?{name}, which is outside"
                hint = "see docs/evidence.md for what can"
                raise QueryError(f"this query's rows cannot be traced: {what}", file=self._file, hint=hint)
            found = self.fresh("found").name
            holds = None if alone and len(expression) == 1 else self.fresh("holds").name
            if holds:
                written.append(write(Bind((part._replace(negated=False),), Variable(holds))))
            self._witnesses.append(Witness(marker, holds, found))
            # A variable that has a value keeps its name; one that may have none must not get one here.
            again = self._apart(part.group, keep=bound)
            same = [f"FILTER (!BOUND(?{n}) || sameTerm(?{n}, ?{again[n]}))" for n in again if n in seen]
            inner = self.group(rename(part.group, again), graph, found)
            written.append(f"OPTIONAL {{ {inner} {' '.join(same)} }}")
        return written


def _plain(expression: Expression, variable: Variable | None) -> str | None:
    """Return the name of the variable that a group is known by, if it is one."""
    if variable is not None:
        return variable.name
    (first, *others) = expression
    return first.name if isinstance(first, Variable) and not others else None


def _or_unbound(expression: Expression) -> Expression:
    return ("COALESCE", "(", *expression, ",", _UNBOUND, ")")
