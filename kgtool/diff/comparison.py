"""Two graphs compared quad by quad, in memory that does not grow with them.

The quads of each side are sorted outside memory and walked over together. Those with blank nodes are gathered into
components (what hangs together by blank nodes), each brought to a canonical form, which is then compared as a whole.
What is left of both sides is aligned, so that a changed triple is reported and not all that it hangs together with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

from kgtool.diff.alignment import align
from kgtool.diff.isomorphism import canonical
from kgtool.diff.records import Sorter, Spool, blank_nodes, merge, without_repeats
from kgtool.diff.sides import Side
from kgtool.errors import DataError, StoreError
from kgtool.namespaces import DCTERMS, IP, RDF, RDFS, SKOS

__all__ = ["Change", "Difference", "Progress", "compare"]

#: Called before every step: how many are done, of how many, and what comes next.
Progress = Callable[[int, int, str], None]

#: Records that say what things are called, and where sentences stand.
_NAMING = re.compile(
    "|".join(
        re.escape(text)
        for text in (
            *(f" <{iri}> " for iri in (SKOS + "prefLabel", RDFS + "label", IP + "gist", IP + "number")),
            f" <{DCTERMS}isPartOf> ",
            f" <{RDF}type> <{IP}Sentence>",
        )
    ).encode()
)


class Change(NamedTuple):
    """A quad that only one of the graphs has, each term as N-Triples writes it.

    :param added: whether the second has it.
    :param graph: nothing for the default graph.
    :param thing: the subject, or the named thing that a blank subject belongs to.
    """

    added: bool
    graph: str
    thing: str
    subject: str
    predicate: str
    object: str


class Difference:
    """What two graphs do not have in common.

    :param sides: what the two are called.
    :param changes: the changes as :func:`_packed`, sorted by graph, thing, subject and predicate.
    :param graphs: for each graph that differs, how many quads were added and how many removed.
    :param naming: the records of either side that say what things are called; the second side's first.
    """

    def __init__(
        self,
        sides: tuple[str, str],
        changes: Spool,
        graphs: dict[str, tuple[int, int]],
        naming: tuple[Spool, Spool],
    ) -> None:
        self.sides = sides
        self.graphs = graphs
        self.added = sum(added for added, _ in graphs.values())
        self.removed = sum(removed for _, removed in graphs.values())
        self._changes = changes
        self._naming = naming

    def __bool__(self) -> bool:
        """Say whether there is any difference."""
        return bool(self.graphs)

    def __iter__(self) -> Iterator[Change]:
        """Walk over the changes by graph, thing, subject and predicate; what was removed comes first."""
        for line in self._changes:
            yield _unpacked(line)

    def naming(self) -> Iterator[Iterator[bytes]]:
        """Walk over the records that say what things are called: those of the second graph, then of the first."""
        return map(iter, self._naming)


class _Prepared(NamedTuple):
    """A side made ready: its ground records and its components, both sorted, and what names things."""

    ground: Iterable[bytes]
    components: Iterable[bytes]
    naming: Spool


def compare(left: Side, right: Side, *, progress: Progress | None = None) -> Difference:
    """Compare two graphs.

    Two files are compared as written. Where a side is a store or an endpoint, literals of both are spelt as the engine
    keeps them (``4486.20`` is ``4486.2``); and since its default graph may be all its graphs taken together, a triple
    of the default graph that a named graph of the same side has as well is left out.

    :raises DataError: if a file is malformed, or blank nodes cannot be told apart in reasonable time.
    :raises StoreError: if a side cannot be read, or there is no room for temporary files.
    """
    said = progress or _silent
    as_kept = not (left.files and right.files)
    try:
        prepared = []
        for done, side in enumerate((left, right)):
            said(done, 3, f"reading {side.name}")
            prepared.append(_prepare(side, as_kept=as_kept))
        said(2, 3, "comparing")
        ours, theirs = prepared
        changes = Sorter(_differing(ours, theirs))
        graphs = _count(changes)
        return Difference((left.name, right.name), Spool(changes), graphs, (theirs.naming, ours.naming))
    except OSError as exc:
        raise StoreError(
            f"cannot sort the quads: {exc.strerror or exc}", hint="make room where TMPDIR is, or set it"
        ) from exc


def _silent(done: int, total: int, what: str) -> None:
    """Report nothing."""


def _prepare(side: Side, *, as_kept: bool) -> _Prepared:
    records = side.records(as_kept=as_kept)
    if as_kept:
        records = _without_union(records)
    ground, clusters = Sorter(), _Clusters()

    def split() -> Iterator[bytes]:
        """Sort ground records aside and hand on those with blank nodes."""
        for record in records:
            graph = record[: record.index(b" ")]
            if graph and side.is_hidden(graph):
                continue
            _, nodes = blank_nodes(record)
            if nodes:
                clusters.join(nodes)
                yield record
            else:
                ground.add(record)

    with_nodes = Spool(split())  # after this, ground has its records too
    return _Prepared(
        without_repeats(ground),
        _components(side, with_nodes, clusters, as_kept=as_kept),
        Spool(filter(_NAMING.search, ground)),
    )


def _without_union(records: Iterable[bytes]) -> Iterator[bytes]:
    """Walk over records, leaving out those of the default graph that are in a named one as well."""
    by_triple = Sorter(record[record.index(b" ") + 1 :] + b"\t" + record[: record.index(b" ")] for record in records)
    for triple, group in groupby(without_repeats(by_triple), key=lambda line: line[: line.rindex(b"\t")]):
        graphs = [line[len(triple) + 1 :] for line in group]
        for graph in graphs:
            if graph or len(graphs) == 1:
                yield graph + b" " + triple


class _Clusters:
    """Which blank nodes hang together."""

    def __init__(self) -> None:
        self._above: dict[bytes, bytes] = {}

    def join(self, nodes: tuple[bytes, ...]) -> None:
        """Note that nodes occur in one quad."""
        first = self.root(nodes[0])
        for node in nodes[1:]:
            self._above[self.root(node)] = first

    def root(self, node: bytes) -> bytes:
        """Return the node that stands for all that hang together with one."""
        above = self._above
        root = node
        while (upper := above.setdefault(root, root)) != root:
            root = upper
        while (upper := above[node]) != root:
            above[node], node = root, upper
        return root


def _components(side: Side, with_nodes: Spool, clusters: _Clusters, *, as_kept: bool) -> Iterable[bytes]:
    """Bring what hangs together by blank nodes to its canonical form: one line each, tabs between the records."""

    def rooted() -> Iterator[bytes]:
        for record in with_nodes:
            _, nodes = blank_nodes(record)
            yield clusters.root(nodes[0]) + b"\t" + record

    found = Sorter()
    # What the default graph has once more under other labels, where it is all graphs taken together.
    copied: set[bytes] = set()
    for _, group in groupby(Sorter(rooted()), key=lambda line: line[: line.index(b"\t")]):
        records = [line[line.index(b"\t") + 1 :] for line in group]
        try:
            found.add(b"\t".join(canonical(records)))
            if as_kept and not _in_default_graph(records):
                copied.add(_digest(canonical(record[record.index(b" ") :] for record in records)))
        except DataError as exc:
            raise DataError(exc.message, file=side.name, hint=exc.hint) from exc

    def own() -> Iterator[bytes]:
        for line in found:
            records = line.split(b"\t")
            if not (_in_default_graph(records) and _digest(records) in copied):
                yield line

    return own() if copied else found


def _in_default_graph(records: Iterable[bytes]) -> bool:
    return all(record.startswith(b" ") for record in records)


def _digest(records: Iterable[bytes]) -> bytes:
    return blake2b(b"\t".join(records), digest_size=16).digest()


def _differing(ours: _Prepared, theirs: _Prepared) -> Iterator[bytes]:
    """Walk over the changes, packed, in no order."""
    for added, record in merge(ours.ground, theirs.ground):
        yield _packed(added, record, record.split(b" ", 2)[1])
    left: list[tuple[bytes, ...]] = []
    right: list[tuple[bytes, ...]] = []
    for added, component in merge(ours.components, theirs.components):
        (right if added else left).append(tuple(component.split(b"\t")))
    for part in align(left, right):
        yield _packed(part.is_right, part.record, part.thing)


def _count(changes: Iterable[bytes]) -> dict[str, tuple[int, int]]:
    graphs: dict[str, tuple[int, int]] = {}
    for change in map(_unpacked, changes):
        added, removed = graphs.get(change.graph, (0, 0))
        graphs[change.graph] = (added + change.added, removed + (not change.added))
    return graphs


def _packed(added: bool, record: bytes, thing: bytes) -> bytes:
    graph, subject, predicate, object_ = record.split(b" ", 3)
    return b"\t".join((graph, thing, subject, predicate, b"+" if added else b"", object_))


def _unpacked(line: bytes) -> Change:
    graph, thing, subject, predicate, added, object_ = line.decode().split("\t")
    return Change(added == "+", graph, thing, subject, predicate, object_)
