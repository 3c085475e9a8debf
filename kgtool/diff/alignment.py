"""Blank nodes of two graphs that differ: which of one may be which of the other, so that little is left to report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kgtool.diff.isomorphism import labelled
from kgtool.diff.records import blank_nodes

__all__ = ["Part", "align"]

#: Beyond so many quads with blank nodes they are not paired, and all of them are reported.
_MOST = 100_000

#: A clue that so many pairs share tells none of them apart.
_COMMON = 10_000

_ROUNDS = 50


class Part(NamedTuple):
    """A quad that only one side has: its record, the named thing that its blank node belongs to (or the node)."""

    is_right: bool
    record: bytes
    thing: bytes


class _Quad(NamedTuple):
    template: bytes
    nodes: tuple[int, ...]


#: A clue to what a node is: a quad it is in, at which mark, and the pairs among the others.
_Clue = tuple[bytes, int, tuple[int, ...]]


def align(left: Sequence[tuple[bytes, ...]], right: Sequence[tuple[bytes, ...]]) -> Iterator[Part]:
    """Walk over the quads that differ between components of blank nodes that differ.

    Nodes that share what is said of them are taken for one another, the likeliest first, and get one label.

    :param left: components of one side, each as its records, in canonical form.
    :param right: those of the other.
    """
    sides = [_quads(components) for components in (left, right)]
    pairs = _pair(*sides) if sum(map(len, sides)) <= _MOST else {}
    labels: list[dict[int, str]] = [{}, {}]
    number = 0
    for node in dict.fromkeys(node for quad in sides[0] for node in quad.nodes):
        number += 1
        labels[0][node] = f"_:b{number}"
        if node in pairs:
            labels[1][pairs[node]] = f"_:b{number}"
    for node in dict.fromkeys(node for quad in sides[1] for node in quad.nodes):
        if node not in labels[1]:
            number += 1
            labels[1][node] = f"_:b{number}"
    records = [{_named(quad, names): quad for quad in quads} for quads, names in zip(sides, labels, strict=True)]
    for is_right in (False, True):
        owners = _owners(sides[is_right])
        for record, quad in records[is_right].items():
            if record not in records[not is_right]:
                yield Part(is_right, record, _thing(quad, owners, labels[is_right]))


def _quads(components: Sequence[tuple[bytes, ...]]) -> list[_Quad]:
    """Number the nodes of all components."""
    quads = []
    numbers: dict[tuple[int, bytes], int] = {}
    for place, component in enumerate(components):
        for record in component:
            template, nodes = blank_nodes(record)
            known = (numbers.setdefault((place, node), len(numbers)) for node in nodes)
            quads.append(_Quad(template, tuple(known)))
    return quads


def _named(quad: _Quad, labels: Mapping[int, str]) -> bytes:
    return labelled(quad.template, [labels[node] for node in quad.nodes])


def _pair(left: Sequence[_Quad], right: Sequence[_Quad]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    for _ in range(_ROUNDS):
        scores = _scores(left, right, pairs)
        if not scores:
            break
        best = max(scores.values())
        taken: set[int] = set()
        for (one, other), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
            if score < best / 2:
                break  # the better pairs tell more about these
            if one not in pairs and other not in taken:
                pairs[one] = other
                taken.add(other)
    return pairs


def _scores(left: Sequence[_Quad], right: Sequence[_Quad], pairs: Mapping[int, int]) -> dict[tuple[int, int], float]:
    """Say how much nodes that are not paired yet have in common: a rare clue counts more."""
    ours = _clues(left, {one: number for number, one in enumerate(pairs)})
    theirs = _clues(right, {other: number for number, other in enumerate(pairs.values())})
    scores: dict[tuple[int, int], float] = {}
    for clue, ones in ours.items():
        others = theirs.get(clue, ())
        if 0 < len(ones) * len(others) <= _COMMON:
            for one in ones:
                for other in others:
                    scores[one, other] = scores.get((one, other), 0) + 1 / max(len(ones), len(others))
    return scores


def _clues(quads: Sequence[_Quad], paired: Mapping[int, int]) -> dict[_Clue, list[int]]:
    clues: dict[_Clue, list[int]] = {}
    for quad in quads:
        for mark, node in enumerate(quad.nodes):
            if node not in paired:
                others = tuple(paired.get(other, -1) for other in quad.nodes)
                clues.setdefault((quad.template, mark, others), []).append(node)
    return clues


def _owners(quads: Sequence[_Quad]) -> dict[int, bytes]:
    """Say to which named thing each node belongs: the one it can be reached from in the fewest steps."""
    owners: dict[int, bytes] = {}
    below: dict[int, list[int]] = {}
    for quad in quads:
        subject, objects = _ends(quad)
        if isinstance(subject, int):
            below.setdefault(subject, []).extend(objects)
        else:
            for node in objects:
                owners[node] = min(owners.get(node, subject), subject)
    reached = list(owners)
    for node in reached:  # it grows
        for other in below.get(node, ()):
            if other not in owners:
                owners[other] = owners[node]
                reached.append(other)
    return owners


def _ends(quad: _Quad) -> tuple[bytes | int, tuple[int, ...]]:
    """Return the subject of a quad, and the nodes that its object is or has in it."""
    graph, subject, _ = quad.template.split(b" ", 2)
    nodes = quad.nodes[graph == b"\0" :]
    return (nodes[0], nodes[1:]) if subject == b"\0" else (subject, nodes)


def _thing(quad: _Quad, owners: Mapping[int, bytes], labels: Mapping[int, str]) -> bytes:
    subject, _ = _ends(quad)
    if isinstance(subject, int):
        return owners.get(subject, labels[subject].encode())
    return subject
