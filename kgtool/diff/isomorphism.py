"""A canonical form of triples that share blank nodes: two graphs that differ in nothing but labels have the same.

Blank nodes are coloured by what is said of them and of their neighbours until nothing tells more of them apart; where
some are still alike, each is tried as the first. The engine has a canonicalisation too (RDFC-1.0), but its labels
change all over when one triple does, and a list of a thousand items takes it minutes (measured on pyoxigraph 0.5.13).

https://www.w3.org/TR/rdf11-concepts/#graph-isomorphism
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from kgtool.diff.records import blank_nodes
from kgtool.errors import DataError

__all__ = ["canonical", "labelled"]

#: How many times blank nodes are looked at before they count as too alike: some ten seconds.
_PATIENCE = 2_000_000


class _Quad(NamedTuple):
    """A record with marks for its blank nodes, and their numbers in the order of the marks."""

    template: bytes
    nodes: tuple[int, ...]


class _Leaf(NamedTuple):
    """One way to number all nodes.

    :param key: the colours in order and the records so numbered: two leaves of one key are a symmetry.
    :param order: the nodes in the order of their numbers.
    """

    key: tuple[tuple[bytes, ...], tuple[bytes, ...]]
    order: tuple[int, ...]


def canonical(records: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the records of one component with its blank nodes named ``_:0``, ``_:1`` … by nothing but what is said.

    >>> canonical([b" _:x <urn:p> _:y"]) == canonical([b" _:b <urn:p> _:a"])
    True

    :param records: all those in which blank nodes of the component occur; repeats count once.
    :raises DataError: if the blank nodes are so alike that it would take too long.
    """
    split = [blank_nodes(record) for record in set(records)]
    labels = dict.fromkeys(node for _, nodes in split for node in nodes)
    if len(labels) == 1:
        return tuple(sorted(labelled(template, ["_:0"] * len(nodes)) for template, nodes in split))
    numbers = {label: number for number, label in enumerate(labels)}
    quads = [_Quad(template, tuple(numbers[node] for node in nodes)) for template, nodes in split]
    return _Search(quads, len(numbers)).run()


def labelled(template: bytes, labels: Iterable[str]) -> bytes:
    """Put labels in the place of the marks of a record."""
    pieces = template.split(b"\0")
    return b"".join(
        piece + label for piece, label in zip(pieces, [*(label.encode() for label in labels), b""], strict=True)
    )


class _Search:
    """The search for the canonical numbering of a component."""

    def __init__(self, quads: Sequence[_Quad], size: int) -> None:
        self._quads = quads
        self._size = size
        self._all = set(quads)
        self._patience = _PATIENCE
        #: Ways to exchange nodes that leave the component as it is.
        self._symmetries: list[dict[int, int]] = []
        #: The quads that each node occurs in.
        self._at: list[list[_Quad]] = [[] for _ in range(size)]
        for quad in quads:
            for node in dict.fromkeys(quad.nodes):
                self._at[node].append(quad)

    def run(self) -> tuple[bytes, ...]:
        colours = [b""] * self._size
        self._refine(colours, range(self._size))
        _, records = self._best(colours).key
        return records

    def _best(self, colours: list[bytes]) -> _Leaf:
        """Return the smallest of the numberings that a colouring leaves open."""
        colours, cell = self._without_twins(colours)
        if cell is None:
            return self._leaf(colours)
        known = len(self._symmetries)
        best = self._best(self._singled_out(colours, cell[:1]))
        orbits = _Orbits(cell)
        for node in cell[1:]:
            orbits.join(self._symmetries[known:])
            known = len(self._symmetries)
            if orbits.has_smaller(node):
                continue  # something tried before can take its place
            child = self._singled_out(colours, [node])
            leaf = self._dive(child)
            if leaf.key != best.key:
                leaf = self._best(child)
            if leaf.key == best.key:
                self._symmetries.append(dict(zip(best.order, leaf.order, strict=True)))
            elif leaf.key < best.key:
                best = leaf
        return best

    def _dive(self, colours: list[bytes]) -> _Leaf:
        """Return any one numbering that a colouring leaves open."""
        while True:
            colours, cell = self._without_twins(colours)
            if cell is None:
                return self._leaf(colours)
            colours = self._singled_out(colours, cell[:1])

    def _without_twins(self, colours: list[bytes]) -> tuple[list[bytes], list[int] | None]:
        """Tell those apart that can change places without anything else noticing: any order is as good as another.

        :returns: the colouring, and the first cell that has others in it.
        """
        while (cell := self._cell(colours)) is not None:
            if not all(self._are_twins(cell[0], node) for node in cell[1:]):
                break
            colours = self._singled_out(colours, cell)
        return colours, cell

    def _singled_out(self, colours: list[bytes], nodes: Sequence[int]) -> list[bytes]:
        """Return the colouring after each of some nodes was given a colour of its own."""
        self._spend(1 + self._size // 4)
        changed = list(colours)
        for number, node in enumerate(nodes):
            changed[node] = _digest(b"one", b"%d" % number, colours[node])
        self._refine(changed, self._neighbours(nodes))
        return changed

    def _refine(self, colours: list[bytes], nodes: Iterable[int]) -> None:
        """Tell nodes apart by the colours around them until that tells nothing more.

        :param nodes: those around which something has changed.
        """
        members: dict[bytes, int] = {}
        for colour in colours:
            members[colour] = members.get(colour, 0) + 1
        affected = set(nodes)
        while affected:
            groups: dict[bytes, dict[bytes, list[int]]] = {}
            for node in affected:
                groups.setdefault(colours[node], {}).setdefault(self._signature(node, colours), []).append(node)
            changed = []
            # It grows with every round, so that a new colour is not one that was given before.
            stamp = b"%d" % len(members)
            for colour, found in groups.items():
                # Some keep their colour: those that nothing has changed around, else the most numerous group.
                untouched = members[colour] > sum(map(len, found.values()))
                sizes = {signature: (len(group), signature) for signature, group in found.items()}
                keeps = b"" if untouched else max(sizes, key=sizes.__getitem__)
                for signature, group in found.items():
                    if signature == keeps:
                        continue
                    new = _digest(colour, signature, stamp)
                    for node in group:
                        colours[node] = new
                    members[colour] -= len(group)
                    members[new] = members.get(new, 0) + len(group)
                    changed += group
            affected = self._neighbours(changed)

    def _signature(self, node: int, colours: list[bytes]) -> bytes:
        self._spend(1)
        seen = []
        for template, nodes in self._at[node]:
            seen.append(_digest(template, *(b"self" if other == node else colours[other] for other in nodes)))
        return _digest(*sorted(seen))

    def _spend(self, effort: int) -> None:
        self._patience -= effort
        if self._patience < 0:
            raise DataError(
                f"{self._size} blank nodes are too alike to be compared",
                hint="give them names, or say something of each that tells it from the others",
            )

    def _neighbours(self, nodes: Iterable[int]) -> set[int]:
        return {other for node in nodes for quad in self._at[node] for other in quad.nodes}

    def _cell(self, colours: list[bytes]) -> list[int] | None:
        """Return the nodes of the smallest colour that several have; ``None`` if each has one of its own."""
        cells: dict[bytes, list[int]] = {}
        for node, colour in enumerate(colours):
            cells.setdefault(colour, []).append(node)
        several = [(len(cell), colour) for colour, cell in cells.items() if len(cell) > 1]
        return cells[min(several)[1]] if several else None

    def _are_twins(self, one: int, other: int) -> bool:
        """Say whether two nodes can change places and every quad stays a quad of the component."""
        swap = {one: other, other: one}
        return len(self._at[one]) == len(self._at[other]) and all(
            _Quad(quad.template, tuple(swap.get(node, node) for node in quad.nodes)) in self._all
            for quad in self._at[one]
        )

    def _leaf(self, colours: list[bytes]) -> _Leaf:
        order = sorted(range(self._size), key=colours.__getitem__)
        labels = [""] * self._size
        for number, node in enumerate(order):
            labels[node] = f"_:{number}"
        records = (labelled(quad.template, (labels[node] for node in quad.nodes)) for quad in self._quads)
        return _Leaf((tuple(colours[node] for node in order), tuple(sorted(records))), tuple(order))


class _Orbits:
    """Which nodes of a cell can take the place of which: those that symmetries map to one another."""

    def __init__(self, cell: Sequence[int]) -> None:
        self._above = {node: node for node in cell}

    def join(self, symmetries: Iterable[Mapping[int, int]]) -> None:
        """Take note of symmetries that leave everything singled out so far in its place."""
        for symmetry in symmetries:
            for node in self._above:
                one, other = self._first(node), self._first(symmetry[node])
                self._above[max(one, other)] = min(one, other)

    def has_smaller(self, node: int) -> bool:
        """Say whether a node of a lower number can take this one's place."""
        return self._first(node) != node

    def _first(self, node: int) -> int:
        while self._above[node] != node:
            node = self._above[node]
        return node


def _digest(*parts: bytes) -> bytes:
    whole = blake2b(digest_size=16)
    for part in parts:
        whole.update(b"%d:" % len(part))
        whole.update(part)
    return whole.digest()
