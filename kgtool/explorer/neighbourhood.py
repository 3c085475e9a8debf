"""A part of the graph as nodes and edges: what stands around a thing, or the whole where it is small."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kgtool.errors import NotFoundError
from kgtool.explorer.links import Links
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.export.style import caption, colour_of, shape_of
from kgtool.labels import resolve
from kgtool.namespaces import compress
from kgtool.network import Edge, Network, Node, read_network

__all__ = ["LARGEST", "Drawn", "Neighbourhood", "graph", "read_neighbourhood"]

#: The most nodes and edges that are drawn at once.
LARGEST = 1500

#: Nodes and edges up to which the whole network is kept in memory.
_KEPT = 50_000


class Drawn(NamedTuple):
    """An edge as it is drawn and listed."""

    source: Node
    target: Node
    edge: Edge
    caption: str
    href: str


class Neighbourhood(NamedTuple):
    """Nodes and edges.

    :param focus: the ids of the things in the middle.
    :param left_out: how many edges there was no room for.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Drawn, ...]
    focus: tuple[str, ...]
    left_out: int

    def colour(self, node: Node) -> str:
        return colour_of(node.class_)

    def shape(self, node: Node) -> str:
        return shape_of(node.class_)


class _Whole:
    """A network in memory, with the edges of every node."""

    def __init__(self, network: Network) -> None:
        self.nodes = {node.id: node for node in network.nodes()}
        self.by_iri = {node.iri: node.id for node in self.nodes.values()}
        self.edges = list(network.edges())
        self.of: dict[str, list[Edge]] = {}
        for edge in self.edges:
            self.of.setdefault(edge.source, []).append(edge)
            if edge.target != edge.source:
                self.of.setdefault(edge.target, []).append(edge)


def graph(sources: Sources, visit: Visit) -> Page:
    """Make the page of a part of the graph: ``?of=`` names a thing; without it, the whole as far as there is room."""
    given = visit.params.get("of", "").strip()
    hops = visit.params.get("hops", "1")
    if hops not in ("1", "2", "3"):
        raise NotFoundError("'hops' is 1, 2 or 3")
    iri = resolve(sources.store, given, prefixes=sources.prefixes) if given else None
    found = read_neighbourhood(sources, visit, [iri] if iri else [], hops=int(hops))
    name = next((one.label or one.id for one in found.nodes if one.iri == iri), given)
    data = {"neighbourhood": found, "of": given, "name": name, "hops": int(hops), "open": False}
    return Page("drawing" if "part" in visit.params else "graph", data)


def read_neighbourhood(
    sources: Sources, visit: Visit, iris: Sequence[str], *, hops: int = 1, most: int = LARGEST
) -> Neighbourhood:
    """Read what is at most some edges away from some things; without things, the best connected part of the whole.

    :param most: nodes and edges together; the nearest stay.
    """
    links = Links.of(sources.base, visit)
    whole = _whole(sources, visit, iris, hops)
    focus = [whole.by_iri[iri] for iri in iris if iri in whole.by_iri]
    order = (
        _nearest(whole, focus, hops) if iris else sorted(whole.nodes, key=lambda one: (-whole.nodes[one].degree, one))
    )
    taken: dict[str, None] = {}
    edges: dict[str, Edge] = {}
    left_out = 0
    for name in order:
        new = [edge for edge in whole.of.get(name, []) if _other(edge, name) in taken or edge.source == edge.target]
        new = [edge for edge in new if edge.id not in edges]
        if len(taken) + len(edges) + 1 + len(new) > most:
            left_out += len(new)
            continue
        taken[name] = None
        edges.update((edge.id, edge) for edge in new)
    drawn = [
        Drawn(
            whole.nodes[edge.source],
            whole.nodes[edge.target],
            edge,
            caption(edge),
            links.thing(edge.statement) if edge.statement else "",
        )
        for edge in sorted(edges.values(), key=lambda edge: edge.id)
    ]
    return Neighbourhood(tuple(whole.nodes[name] for name in taken), tuple(drawn), tuple(focus), left_out)


def _whole(sources: Sources, visit: Visit, iris: Iterable[str], hops: int) -> _Whole:
    """Return the network that is kept, where it is small enough; else the part around the things that are asked for."""
    key = f"network {visit.language}"
    kept = sources.kept.get(key)
    if isinstance(kept, _Whole):
        return kept
    if sources.store.count() <= _KEPT:
        whole: Any = _Whole(read_network(sources.store, prefixes=sources.prefixes, lang=visit.language))
        sources.kept[key] = whole
        return whole  # type: ignore[no-any-return]
    for iri in iris:
        around = compress(iri, sources.prefixes)
        return _Whole(
            read_network(sources.store, prefixes=sources.prefixes, lang=visit.language, around=around, hops=hops)
        )
    return _Whole(Network.of([], []))


def _nearest(whole: _Whole, focus: Sequence[str], hops: int) -> list[str]:
    """Walk over the nodes around some, the nearest first."""
    far = dict.fromkeys(focus, 0)
    waiting = deque(focus)
    while waiting:
        name = waiting.popleft()
        if far[name] == hops:
            continue
        for other in sorted({_other(edge, name) for edge in whole.of.get(name, [])}):
            if other not in far:
                far[other] = far[name] + 1
                waiting.append(other)
    return list(far)


def _other(edge: Edge, name: str) -> str:
    return edge.target if edge.source == name else edge.source
