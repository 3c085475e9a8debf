"""The RDF behind a network, sorted: the whole store, or what is said of the things and statements of a part of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from kgtool.network.copying import Copy
from kgtool.network.model import Quad
from kgtool.network.rules import LINKS, NO_EDGES
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["walk_quads"]

_TABLE = "CREATE TABLE quad (g TEXT, s TEXT, p TEXT, kind TEXT, o TEXT, language TEXT, datatype TEXT)"
_DEFAULT = "SELECT ?s ?p ?o { ?s ?p ?o }"
_NAMED = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
_EDGE = "SELECT 1 FROM edge WHERE id = ?"
_NODE = "SELECT 1 FROM node WHERE id = ?"


def walk_quads(store: Store, copy: Copy, *, selected: bool) -> Iterator[Quad]:
    """Walk over a store's quads: the default graph first, then graph by graph, each sorted.

    :param selected: whether only what is said of the nodes and edges in ``copy`` is wanted.
    """
    if copy.rows("SELECT 1 FROM sqlite_master WHERE name = 'quad'").fetchone() is None:
        _fill(store, copy)
    keep = _Kept(copy) if selected else None
    columns = "g, s, p, kind, o, language, datatype"
    rows = copy.rows(f"SELECT DISTINCT {columns} FROM quad ORDER BY {columns}")  # noqa: S608 (own words)
    for g, s, p, kind, o, language, datatype in rows:
        object_: Term = _resource(o) if kind == "" else Literal(o, language or None, datatype or None)
        if keep is None or keep.has(s, p, o if kind == "" else None):
            yield _resource(s), IRI(p), object_, IRI(g) if g else None


class _Kept:
    """Which triples belong to a part: those of its things and statements, without edges that are not in it."""

    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self._always = NO_EDGES | LINKS
        statements = "SELECT DISTINCT json_extract(extra, '$.statement') AS iri FROM edge"
        copy.rows(f"CREATE TABLE IF NOT EXISTS statement AS {statements}")
        copy.rows("CREATE INDEX IF NOT EXISTS statement_iri ON statement (iri)")

    def has(self, subject: str, predicate: str, target: str | None) -> bool:
        if self._is_there("SELECT 1 FROM statement WHERE iri = ?", subject):
            return True
        short = self._copy.short
        if not self._is_there(_NODE, short(subject)):
            return False
        if target is None or predicate in self._always:
            return True
        return self._is_there(_EDGE, f"{short(subject)}..{short(predicate)}..{short(target)}")

    def _is_there(self, statement: str, name: str) -> bool:
        return self._copy.rows(statement, (name,)).fetchone() is not None


def _fill(store: Store, copy: Copy) -> None:
    names = _blank_names(store)
    copy.rows("BEGIN")
    copy.rows(_TABLE)
    for query in (_DEFAULT, _NAMED):

        def rows(query: str = query) -> Iterator[tuple[str, ...]]:
            for s, p, o, *g in store.query(query).rows():
                assert s is not None
                assert p is not None
                graph = g[0].value if g and g[0] is not None else ""
                if isinstance(o, Literal):
                    yield graph, _name(s, names), p.value, "literal", o.value, o.language or "", o.datatype or ""
                elif o is not None:
                    yield graph, _name(s, names), p.value, "", _name(o, names), "", ""

        copy.insert("quad", rows(), columns=7)
    copy.rows("COMMIT")


def _name(term: Term, names: dict[str, str]) -> str:
    return f"_:{names.get(term.value, term.value)}" if isinstance(term, BlankNode) else term.value


def _resource(name: str) -> IRI | BlankNode:
    return BlankNode(name[2:]) if name.startswith("_:") else IRI(name)


def _blank_names(store: Store) -> dict[str, str]:
    """Return names for blank nodes that are the same whenever the same graph is read: hashes of what is said of them.

    Engines name blank nodes anew at every reading. Where two cannot be told apart this way they are numbered.
    """
    said: dict[str, set[str]] = {}
    for s, p, o in store.query("SELECT ?s ?p ?o { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }").rows():
        if s is None or p is None or o is None:
            continue
        if isinstance(s, BlankNode):
            said.setdefault(s.value, set()).add(f"{p.value} {'' if isinstance(o, BlankNode) else o}")
        if isinstance(o, BlankNode):
            said.setdefault(o.value, set()).add(f"{'' if isinstance(s, BlankNode) else s} {p.value}")
    names: dict[str, str] = {}
    used: dict[str, int] = {}
    for label in sorted(said):
        name = "b" + hashlib.blake2b("\n".join(sorted(said[label])).encode(), digest_size=8).hexdigest()
        used[name] = used.get(name, 0) + 1
        names[label] = name if used[name] == 1 else f"{name}n{used[name]}"
    return names
