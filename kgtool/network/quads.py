"""The RDF behind a network, sorted: the whole store, or what is said of the things and statements of a part of it."""

from __future__ import annotations

from collections.abc import Iterator

from kgtool.network.blanks import name_blanks
from kgtool.network.copying import Copy
from kgtool.network.model import Quad
from kgtool.network.rules import LINKS, NO_EDGES
from kgtool.store import Store
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["walk_quads"]

_TABLE = "CREATE TABLE quad (g TEXT, s TEXT, p TEXT, kind TEXT, o TEXT, language TEXT, datatype TEXT)"
#: One question, since a server may name blank nodes anew in every answer.
_ALL = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_BLANK = "SELECT DISTINCT s, p, o, g, kind, language, datatype FROM quad"
_IS_BLANK = "({0} >= '_:' AND {0} < '_;')"
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
            yield _resource(s), IRI(p), object_, _resource(g) if g else None


class _Kept:
    """Which triples belong to a part: those of its things, statements and sentences, without edges out of it."""

    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self._always = NO_EDGES | LINKS
        statements = "SELECT DISTINCT json_extract(extra, '$.statement') AS iri FROM edge"
        copy.rows(f"CREATE TABLE IF NOT EXISTS statement AS {statements}")
        copy.rows("CREATE INDEX IF NOT EXISTS statement_iri ON statement (iri)")
        self._cited: set[str] = set()
        for s, p, o, sentence in copy.rows("SELECT s, p, o, sentence FROM said"):
            if sentence not in self._cited and self.has(copy.long(s), copy.long(p), copy.long(o) if o else None):
                self._cited.add(sentence)

    def has(self, subject: str, predicate: str, target: str | None) -> bool:
        if self._is_there("SELECT 1 FROM statement WHERE iri = ?", subject):
            return True
        short = self._copy.short
        if short(subject) in self._cited:
            return True
        if not self._is_there(_NODE, short(subject)):
            return False
        if target is None or predicate in self._always:
            return True
        return self._is_there(_EDGE, f"{short(subject)}..{short(predicate)}..{short(target)}")

    def _is_there(self, statement: str, name: str) -> bool:
        return self._copy.rows(statement, (name,)).fetchone() is not None


def _fill(store: Store, copy: Copy) -> None:
    copy.rows("BEGIN")
    copy.rows(_TABLE)

    def rows() -> Iterator[tuple[str, ...]]:
        for s, p, o, g in store.query(_ALL).rows():
            assert s is not None
            assert p is not None
            assert o is not None
            graph = "" if g is None else _name(g)
            if isinstance(o, Literal):
                yield graph, _name(s), p.value, "literal", o.value, o.language or "", o.datatype or ""
            else:
                yield graph, _name(s), p.value, "", _name(o), "", ""

    copy.insert("quad", rows(), columns=7)
    if copy.rows("SELECT 1 FROM sqlite_temp_master WHERE name = 'made'").fetchone() is not None:
        copy.rows("INSERT INTO quad SELECT '', s, p, kind, o, language, datatype FROM made")
    _rename_blanks(copy)
    copy.rows("COMMIT")


def _rename_blanks(copy: Copy) -> None:
    """Give blank nodes names that do not depend on the engine."""
    resource = f"(kind = '' AND {_IS_BLANK.format('o')})"
    of_blanks = f"{_BLANK} WHERE {_IS_BLANK.format('s')} OR {_IS_BLANK.format('g')} OR {resource}"
    # A literal may look like a blank node.
    quads = [(s, p, o if kind == "" else f'"{o}', g, *more) for s, p, o, g, kind, *more in copy.rows(of_blanks)]
    if not quads:
        return
    # In the default graph their names do not depend on others: formats without graphs are then the same from a server
    # to which graphs were sent one by one, where no two graphs share a blank node.
    names = name_blanks(quads)
    names |= name_blanks((quad for quad in quads if not quad[3]), names)
    copy.rows("CREATE TEMP TABLE naming (old TEXT PRIMARY KEY, new TEXT) WITHOUT ROWID")
    copy.insert("naming", names.items(), columns=2)
    for column, where in (("s", _IS_BLANK.format("s")), ("g", _IS_BLANK.format("g")), ("o", resource)):
        new = f"(SELECT new FROM naming WHERE old = {column})"  # noqa: S608 (own words)
        copy.rows(f"UPDATE quad SET {column} = {new} WHERE {where}")  # noqa: S608 (own words)
    copy.rows("DROP TABLE naming")


def _name(term: Term) -> str:
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def _resource(name: str) -> IRI | BlankNode:
    return BlankNode(name[2:]) if name.startswith("_:") else IRI(name)
