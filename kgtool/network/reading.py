"""Read a store as a network: which part of it, in which language."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from kgtool.errors import NotFoundError, QueryError
from kgtool.labels import LANGUAGES, languages_for, resolve
from kgtool.namespaces import DCTERMS, IP, RDF, RDFS, SCHEMA, SKOS, VOID, XSD, expand
from kgtool.network.copying import LATITUDES, LONGITUDES, POINTS, Copy, no_room
from kgtool.network.folding import EdgeRow, Folding, Wanted
from kgtool.network.model import Edge, Key, Network, Node, Quad, Value
from kgtool.network.rules import DESCRIPTIONS, FOLDED, HIDDEN, MODALITIES, NO_LITERALS, class_rank, modality_of
from kgtool.network.texts import read_texts
from kgtool.sparql import is_iri
from kgtool.store import Result, Store
from kgtool.store.depth import refuse_depth
from kgtool.terms import IRI, Literal

__all__ = ["read_network"]

_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "short"))
_POINT = re.compile(r"point\s*\(\s*([-+.\deE]+)\s+([-+.\deE]+)", re.IGNORECASE)


def read_network(
    store: Store,
    *,
    prefixes: Mapping[str, str],
    lang: str | None = None,
    include: Collection[str] = (),
    exclude: Collection[str] = (),
    around: str | None = None,
    hops: int = 1,
    query: str | None = None,
    query_file: object = None,
    modality: Collection[str] = (),
    literals: bool = False,
) -> Network:
    """Read a graph, or a part of it, as a network.

    :param prefixes: the project's, for ids and for names given here.
    :param lang: the language of labels; the others stand in for it.
    :param include: classes and predicates (CURIE, IRI or label), of which nothing but these is taken; a class that is
        left out by default comes in.
    :param exclude: classes and predicates that are left out.
    :param around: a thing (label, CURIE or IRI): only what is at most ``hops`` edges from it is taken.
    :param query: a CONSTRUCT query whose triples are the edges, or a SELECT query with the columns ``source`` and
        ``target`` (and ``predicate``, ``label``, ``value`` as it likes).
    :param modality: some of :data:`kgtool.network.MODALITIES`; edges that are meant otherwise are left out.
    :param literals: whether nodes carry all their literal properties.
    :raises NotFoundError: if there is no such class, predicate, thing or modality.
    :raises QueryError: if the query makes no edges.
    :raises StoreError: if the store cannot be read, or there is no room for a sorted copy of it.
    """
    unknown = sorted(set(modality) - set(MODALITIES))
    if unknown:
        raise NotFoundError(f"no modality '{unknown[0]}'", hint=f"there are {', '.join(MODALITIES)}")
    try:
        copy = Copy(store, prefixes, literals=literals)
    except OSError as exc:
        raise no_room(exc) from exc
    names = _Names(store, copy)
    include_classes, include_predicates = names.split(include)
    exclude_classes, exclude_predicates = names.split(exclude)
    languages = languages_for(lang)
    folding = Folding(copy, languages, Wanted(include_predicates, exclude_predicates, modality))
    view = _View(copy, folding, include_classes, exclude_classes)
    copy.rows("BEGIN")
    view.decide(hide=query is None)
    if query is None:
        copy.insert("edge", folding.edges(), columns=8)
    else:
        _ask(store, query, query_file, copy, folding)
    view.drop_hidden_ends()
    if query is None and not include:
        view.drop_unused_vocabulary()
    if around is not None:
        view.keep_around(copy.short(resolve(store, around, prefixes=prefixes)), hops)
    view.collect(isolated=not (query or around or include_predicates or modality))
    copy.rows("COMMIT")
    node_count, edge_count = copy.rows("SELECT (SELECT COUNT(*) FROM node), (SELECT COUNT(*) FROM edge)").fetchone()
    selected = bool(include or exclude or around or query or modality)
    return Network(
        _NodeWalk(copy, folding, literals=literals).walk,
        lambda: _edges(copy, folding),
        node_count=node_count,
        edge_count=edge_count,
        language=languages[0],
        title=_title(copy, folding),
        keys=_keys(copy) if literals else (),
        quads=lambda: _quads(store, copy, selected=selected),
        prefixes=prefixes,
        texts=lambda things: read_texts(store, things, prefixes=prefixes),
    )


class _Names:
    """Finds out whether a name that a person gave means a class or a predicate of this graph."""

    def __init__(self, store: Store, copy: Copy) -> None:
        self._store = store
        self._copy = copy

    def split(self, given: Iterable[str]) -> tuple[set[str], set[str]]:
        """Return the classes and the predicates among the names, as CURIEs."""
        classes: set[str] = set()
        predicates: set[str] = set()
        for name in given:
            short = self._copy.short(self._iri(name))
            folded = self._copy.long(short) in FOLDED
            if folded or self._is_there("SELECT 1 FROM iri WHERE p = ? LIMIT 1", short):
                predicates.add(short)
            elif self._is_there("SELECT 1 FROM type WHERE c = ? LIMIT 1", short) or self._is_above(short):
                classes.add(short)
            else:
                raise NotFoundError(
                    f"'{name}' is no class or predicate that this graph uses", hint="see 'kgtool stats' for its classes"
                )
        return classes, predicates

    def _is_above(self, class_: str) -> bool:
        return any(class_ in above for above in self._copy.parents.values())

    def _is_there(self, statement: str, name: str) -> bool:
        return self._copy.rows(statement, (name,)).fetchone() is not None

    def _iri(self, name: str) -> str:
        given = name[1:-1] if name.startswith("<") and name.endswith(">") else name
        iri = expand(given, self._copy.prefixes) or given
        return iri if is_iri(iri) else resolve(self._store, name, prefixes=self._copy.prefixes)


class _View:
    """Decides which things and edges of the copy are shown."""

    def __init__(self, copy: Copy, folding: Folding, include: set[str], exclude: set[str]) -> None:
        self._copy = copy
        self._folding = folding
        self._include = include
        self._exclude = exclude
        self._hidden = {copy.short(class_) for class_ in HIDDEN}
        self._own = {copy.short(class_) for class_ in HIDDEN if class_.startswith(IP)}
        self._folded = {copy.short(class_) for class_ in FOLDED}
        self._above = lru_cache(maxsize=10_000)(self._ancestors)

    def decide(self, *, hide: bool) -> None:
        """Fill the tables of what is hidden and what is shown, by class.

        :param hide: whether classes that are no things are left out.
        """
        hidden: list[tuple[str]] = []
        shown: list[tuple[str]] = []
        for thing, found in self._copy.rows("SELECT s, group_concat(c, ' ') FROM type GROUP BY s ORDER BY s"):
            (shown if self._is_shown(found.split(" "), hide=hide) else hidden).append((thing,))
            if len(hidden) + len(shown) >= 10_000:
                self._store_decided(hidden, shown)
        self._store_decided(hidden, shown)

    def _store_decided(self, hidden: list[tuple[str]], shown: list[tuple[str]]) -> None:
        self._copy.insert("hidden", hidden, columns=1)
        self._copy.insert("shown", shown, columns=1)
        hidden.clear()
        shown.clear()

    def _is_shown(self, classes: list[str], *, hide: bool) -> bool:
        every = {one for class_ in classes for one in self._above(class_)}
        if not self._exclude.isdisjoint(every):
            return False
        if self._include:
            return not self._include.isdisjoint(every)
        if not hide:
            return True
        if not self._folded.isdisjoint(classes):
            return False
        own = any(self._copy.long(class_).startswith(IP) and class_ not in self._own for class_ in classes)
        return own or self._hidden.isdisjoint(classes)

    def _ancestors(self, class_: str) -> frozenset[str]:
        """Return a class and all above it."""
        found, waiting = {class_}, [class_]
        while waiting:
            for above in self._copy.parents.get(waiting.pop(), ()):
                if above not in found:
                    found.add(above)
                    waiting.append(above)
        return frozenset(found)

    def drop_hidden_ends(self) -> None:
        """Delete the edges that end in what is not shown."""
        rows = self._copy.rows
        if rows("SELECT 1 FROM hidden LIMIT 1").fetchone():
            hidden = "(SELECT id FROM hidden)"
            rows(f"DELETE FROM edge WHERE source IN {hidden} OR target IN {hidden}")  # noqa: S608 (own words)
        if self._include:
            shown = "(SELECT id FROM shown)"
            rows(f"DELETE FROM edge WHERE source NOT IN {shown} OR target NOT IN {shown}")  # noqa: S608 (own words)

    def drop_unused_vocabulary(self) -> None:
        """Delete the edges between terms of the vocabulary that start from one which nothing else uses."""
        rows = self._copy.rows
        terms = "(SELECT s FROM vocabulary)"
        rows(
            "CREATE TEMP TABLE used AS"  # noqa: S608 (own words)
            f" SELECT source AS id FROM edge WHERE target NOT IN {terms}"
            f" UNION SELECT target FROM edge WHERE source NOT IN {terms}"
        )
        rows(
            f"DELETE FROM edge WHERE source IN {terms} AND target IN {terms}"  # noqa: S608 (own words)
            " AND source NOT IN (SELECT id FROM used)"
        )

    def keep_around(self, centre: str, hops: int) -> None:
        """Delete the edges that are not between things at most so many edges from one."""
        rows = self._copy.rows
        rows("CREATE TEMP TABLE near (id TEXT PRIMARY KEY) WITHOUT ROWID")
        rows("CREATE INDEX edge_source ON edge (source)")
        rows("CREATE INDEX edge_target ON edge (target)")
        rows("INSERT INTO near VALUES (?)", (centre,))
        for _ in range(hops):
            rows(
                "INSERT OR IGNORE INTO near"
                " SELECT target FROM edge WHERE source IN (SELECT id FROM near)"
                " UNION SELECT source FROM edge WHERE target IN (SELECT id FROM near)"
            )
        near = "(SELECT id FROM near)"
        rows(f"DELETE FROM edge WHERE source NOT IN {near} OR target NOT IN {near}")  # noqa: S608 (own words)
        rows("INSERT INTO node VALUES (?, 0)", (centre,))

    def collect(self, *, isolated: bool) -> None:
        """Fill the table of nodes.

        :param isolated: whether things without an edge are nodes too: unless they are vocabulary, a mere period, or
            named by nothing but what is hidden.
        """
        rows = self._copy.rows
        rows(
            "INSERT OR REPLACE INTO node SELECT id, COUNT(*) FROM"
            " (SELECT source AS id FROM edge UNION ALL SELECT target FROM edge) GROUP BY id ORDER BY id"
        )
        if not isolated:
            return
        rows("CREATE TEMP TABLE named AS SELECT DISTINCT o FROM iri WHERE s IN (SELECT id FROM hidden)")
        rows(
            "INSERT OR IGNORE INTO node SELECT id, 0 FROM shown"
            " WHERE id NOT IN (SELECT s FROM vocabulary) AND id NOT IN (SELECT o FROM named)"
            " AND id NOT IN (SELECT s FROM type WHERE c = ?)",
            (self._copy.short(IP + "Period"),),
        )


def _ask(store: Store, query: str, file: object, copy: Copy, folding: Folding) -> None:
    """Fill the table of edges with what a query asks for."""
    refuse_depth(query, file=file)
    result = store.query(query, prefixes=copy.prefixes, file=file)
    if result.form == "graph":
        copy.rows("CREATE TEMP TABLE chosen (s TEXT, p TEXT, o TEXT)")
        type_ = copy.short(RDF + "type")
        for s, p, o in result.triples():
            if not isinstance(s, IRI):
                continue
            subject, predicate = copy.short(s.value), copy.short(p.value)
            if isinstance(o, Literal):
                row = (subject, predicate, o.value, o.language or "", o.datatype or "")
                copy.rows("INSERT INTO literal VALUES (?, ?, ?, ?, ?)", row)
            elif isinstance(o, IRI) and predicate == type_:
                copy.rows("INSERT INTO type VALUES (?, ?)", (subject, copy.short(o.value)))
            elif isinstance(o, IRI):
                copy.rows("INSERT INTO chosen VALUES (?, ?, ?)", (subject, predicate, copy.short(o.value)))
        copy.insert("edge", folding.edges("chosen"), columns=8)
    elif result.form == "select" and {"source", "target"} <= set(result.variables):
        copy.insert("edge", _selected(result, copy, file), columns=8)
    else:
        raise QueryError(
            "the query makes no edges",
            file=file,
            hint="write CONSTRUCT, or SELECT with the columns ?source and ?target",
        )


def _selected(result: Result, copy: Copy, file: object) -> Iterator[EdgeRow]:
    for number, row in enumerate(result.rows(), start=1):
        cells = dict(zip(result.variables, row, strict=True))
        source, target, predicate = cells["source"], cells["target"], cells.get("predicate")
        if not (isinstance(source, IRI) and isinstance(target, IRI)):
            raise QueryError(f"row {number} has no IRI as ?source or ?target", file=file, hint="leave such rows out")
        ends = copy.short(source.value), copy.short(target.value)
        name = copy.short(predicate.value) if isinstance(predicate, IRI) else ""
        extra = {
            column: term.value
            for column, term in cells.items()
            if column in {"label", "value"} and isinstance(term, Literal)
        }
        written = json.dumps(extra, ensure_ascii=False) if extra else None
        yield f"{ends[0]}..{name}..{ends[1]}", *ends, name, "stated", "", "", written


class _NodeWalk:
    """Walks over the nodes of a copy."""

    def __init__(self, copy: Copy, folding: Folding, *, literals: bool) -> None:
        self._copy = copy
        self._folding = folding
        self._literals = literals
        short = copy.short
        self._label = (short(SKOS + "prefLabel"), short(RDFS + "label"))
        self._descriptions = [short(iri) for iri in DESCRIPTIONS]
        self._none = {short(iri) for iri in NO_LITERALS}
        self._dates = (short(SCHEMA + "startDate"), short(SCHEMA + "endDate"))
        self._places = [(short(x), short(y)) for x, y in zip(LONGITUDES, LATITUDES, strict=True)]
        self._points = [short(iri) for iri in POINTS]
        self._classes = lru_cache(maxsize=10_000)(self._ordered)

    def walk(self) -> Iterator[Node]:
        last = ""
        while True:
            # In steps, so that a walk may stop half-way and another one start.
            batch = self._copy.rows(
                "SELECT id, degree FROM node WHERE id > ? ORDER BY id LIMIT 2000", (last,)
            ).fetchall()
            if not batch:
                return
            last = batch[-1][0]
            for id_, degree in batch:
                yield self._node(id_, degree)

    def _node(self, id_: str, degree: int) -> Node:
        copy, folding = self._copy, self._folding
        types = copy.rows("SELECT DISTINCT c FROM type WHERE s = ? ORDER BY c", (id_,)).fetchall()
        classes = self._classes(tuple(class_ for (class_,) in types))
        found = copy.rows(
            "SELECT p, language, value, datatype FROM literal WHERE s = ? ORDER BY 1, 2, 3", (id_,)
        ).fetchall()
        links = copy.rows("SELECT DISTINCT o FROM link WHERE s = ? ORDER BY o", (id_,)).fetchall()
        quotes = folding.quotes(id_)
        numbers, sentences = folding.proof(id_) if quotes else ("", "")
        start, end = self._span(id_, found)
        longitude, latitude = self._place(found)
        label = folding.label(id_)
        if quotes and not any(p in self._label for p, *_ in found):
            label = quotes[0]
        return Node(
            id=id_,
            iri=copy.long(id_),
            class_=classes[0] if classes else "",
            classes=classes,
            class_label=folding.label(classes[0]) if classes else "",
            label=label,
            labels=self._labels(found),
            description=self._description(found),
            links=tuple(link for (link,) in links),
            degree=degree,
            modality=modality_of(map(copy.long, classes)) if quotes else "",
            evidence=tuple(map(int, numbers.split())),
            sentences=tuple(sentences.split()),
            quotes=quotes,
            start=start,
            end=end,
            longitude=longitude,
            latitude=latitude,
            attributes=self._attributes(found) if self._literals else {},
        )

    def _ordered(self, classes: tuple[str, ...]) -> tuple[str, ...]:
        """Put the most specific class first: one that is above none of the others."""
        parents = self._copy.parents

        def is_above(one: str, other: str) -> bool:
            waiting, seen = [other], {other}
            while waiting:
                for above in parents.get(waiting.pop(), ()):
                    if above == one:
                        return True
                    if above not in seen:
                        seen.add(above)
                        waiting.append(above)
            return False

        def place(one: str) -> tuple[bool, tuple[bool, str], str]:
            general = any(other != one and is_above(one, other) for other in classes)
            return general, class_rank(self._copy.long(one)), one

        return tuple(sorted(classes, key=place))

    def _labels(self, found: list[tuple[str, str, str, str]]) -> dict[str, str]:
        labels: dict[str, str] = {}
        for property_ in self._label:
            for p, language, value, _ in found:
                if p == property_:
                    labels.setdefault(language, value)
        order = [*LANGUAGES, *sorted(set(labels) - set(LANGUAGES))]
        return {language: labels[language] for language in order if language in labels}

    def _description(self, found: list[tuple[str, str, str, str]]) -> str:
        languages = self._folding.languages
        ranked = [
            (languages.get(language.lower(), len(languages)), self._descriptions.index(p), value)
            for p, language, value, _ in found
            if p in self._descriptions
        ]
        return min(ranked)[2] if ranked else ""

    def _span(self, id_: str, found: list[tuple[str, str, str, str]]) -> tuple[str, str]:
        """Return the first and last day of an event, a period, or a statement that has a period."""
        start, end = (next((value for p, _, value, _ in found if p == date), "") for date in self._dates)
        if start or end:
            return start, end
        periods = self._copy.rows("SELECT o FROM period WHERE s = ? ORDER BY o", (id_,)).fetchall()
        for (period,) in periods or [(id_,)]:
            _, start, end = self._folding.period(period)
            if start or end:
                return start, end
        return "", ""

    def _place(self, found: list[tuple[str, str, str, str]]) -> tuple[float | None, float | None]:
        values = {p: value for p, _, value, _ in found}
        for x, y in self._places:
            if x in values and y in values:
                return _float(values[x]), _float(values[y])
        for point in self._points:
            match = _POINT.search(values.get(point, ""))
            if match:
                return _float(match[1]), _float(match[2])
        return None, None

    def _attributes(self, found: list[tuple[str, str, str, str]]) -> dict[str, Value]:
        values: dict[str, list[str]] = {}
        for p, _, value, _ in found:
            if p not in self._none:
                values.setdefault(p, []).append(value)
        return {p: several[0] if len(several) == 1 else tuple(several) for p, several in values.items()}


def _edges(copy: Copy, folding: Folding) -> Iterator[Edge]:
    last = ""
    label = folding.label
    while True:
        statement = "SELECT * FROM edge WHERE id > ? ORDER BY id LIMIT 5000"
        batch: list[EdgeRow] = copy.rows(statement, (last,)).fetchall()
        if not batch:
            return
        last = batch[-1][0]
        for id_, source, target, predicate, modality, numbers, sentences, extra in batch:
            evidence = tuple(map(int, numbers.split())) if numbers else ()
            names = tuple(sentences.split()) if sentences else ()
            if extra is None:
                yield Edge(id_, source, target, predicate, label(predicate), modality, evidence, names)
            else:
                yield _with_extra(Edge(id_, source, target, predicate, "", modality, evidence, names), extra, label)


def _with_extra(edge: Edge, extra: str, label: object) -> Edge:
    fields: dict[str, object] = json.loads(extra)
    for name in ("value", "scale"):
        if name in fields:
            fields[name] = _decimal(str(fields[name]))
    for name in ("rank", "ranked_among"):
        if name in fields:
            number = str(fields[name])
            fields[name] = int(number) if number.isdecimal() else None
    if "quotes" in fields:
        fields["quotes"] = tuple(str(one) for one in _list(fields["quotes"]))
    if "label" not in fields:
        assert callable(label)
        fields["label"] = label(edge.predicate) if edge.predicate else ""
    return edge._replace(**fields)  # type: ignore[arg-type] # of the fields' own types: see folding.py


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _title(copy: Copy, folding: Folding) -> str:
    """Return the title of the dataset."""
    found = copy.rows("SELECT s FROM type WHERE c = ? ORDER BY s LIMIT 1", (copy.short(VOID + "Dataset"),)).fetchone()
    return folding.text(found[0], DCTERMS + "title") if found else ""


def _keys(copy: Copy) -> list[Key]:
    """Return the literal properties of nodes: a number where every node has one number at most."""
    none = {copy.short(iri) for iri in NO_LITERALS}
    statement = (
        "SELECT p, MAX(n), group_concat(DISTINCT datatypes) FROM (SELECT p, COUNT(DISTINCT value) AS n,"
        " group_concat(DISTINCT datatype) AS datatypes FROM literal WHERE s IN (SELECT id FROM node) GROUP BY p, s)"
        " GROUP BY p ORDER BY p"
    )
    return [
        Key(p, "double" if most == 1 and set(datatypes.split(",")) <= _NUMBERS else "string", p)
        for p, most, datatypes in copy.rows(statement)
        if p not in none
    ]


def _quads(store: Store, copy: Copy, *, selected: bool) -> Iterator[Quad]:
    from kgtool.network.quads import walk_quads

    yield from walk_quads(store, copy, selected=selected)
