"""What a network's shape tells: what is central, what belongs together, how two things hang together, who does what.

Everything here is repeatable: networkx is given numbers for nodes, whose sets have the same order in every run, and
seeds. PageRank is written out below, since networkx's needs scipy.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kgtool.errors import NotFoundError
from kgtool.network import MODALITIES, Edge, Key, Network, Node, with_attributes

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "MEASURES",
    "Centrality",
    "Community",
    "Matrix",
    "Role",
    "Step",
    "find_communities",
    "find_path",
    "measure_centrality",
    "tabulate_roles",
    "with_measures",
]

#: The attributes that :func:`with_measures` adds.
MEASURES = (
    Key("betweenness", "double", "betweenness centrality"),
    Key("pagerank", "double", "PageRank"),
    Key("community", "integer", "community"),
)

_SEED = 2024
#: From how many nodes on betweenness is estimated from this many of them: the exact one takes the square of the size.
_SAMPLE = 2000
#: How much of PageRank follows edges; the rest jumps anywhere.
_DAMPING = 0.85
_TOLERANCE = 1e-10

_PARK, _INDUSTRY = "ip:IndustrialPark", "ip:Industry"


class Centrality(NamedTuple):
    """How central a thing is."""

    node: Node
    #: Its edges; the share of shortest paths that pass it; how often a walk along edges comes by.
    degree: int
    betweenness: float
    pagerank: float


class Community(NamedTuple):
    """Things that have more to do with each other than with the rest; the most connected first."""

    number: int
    members: tuple[Node, ...]


class Step(NamedTuple):
    """From one thing to the next, with every fact between them."""

    source: Node
    target: Node
    facts: tuple[Edge, ...]


class Role(NamedTuple):
    """That an industry has a role in a park, and the sentences that say so."""

    industry: Node
    park: Node
    edge: Edge


class Matrix(NamedTuple):
    """Which industry has which role in which park."""

    industries: tuple[Node, ...]
    parks: tuple[Node, ...]
    roles: tuple[Role, ...]


def measure_centrality(network: Network) -> list[Centrality]:
    """Measure how central every thing is, the most central by PageRank first.

    Degree counts every edge. Betweenness takes edges without their direction, and is estimated from a sample in large
    networks. PageRank follows their direction; parallel edges count each.
    """
    nodes, edges = list(network.nodes()), _ends(network)
    between = _betweenness(len(nodes), edges)
    ranks = _pagerank(len(nodes), edges)
    degrees = [0] * len(nodes)
    for source, target in edges:
        degrees[source] += 1
        degrees[target] += 1
    measured = [Centrality(*one) for one in zip(nodes, degrees, between, ranks, strict=True)]
    return sorted(measured, key=lambda one: (-one.pagerank, one.node.id))


def find_communities(network: Network) -> list[Community]:
    """Divide the things into communities, the largest first (Louvain, edges weighed by how many are parallel)."""
    from networkx.algorithms.community import louvain_communities

    nodes, edges = list(network.nodes()), _ends(network)
    degrees: dict[int, int] = defaultdict(int)
    for edge in edges:
        for end in edge:
            degrees[end] += 1
    found = louvain_communities(_simple(len(nodes), edges), weight="weight", seed=_SEED)
    ordered = sorted((sorted(one, key=lambda n: (-degrees[n], n)) for one in found), key=lambda one: (-len(one), one))
    return [Community(number, tuple(nodes[n] for n in one)) for number, one in enumerate(ordered, start=1)]


def find_path(network: Network, source: str, target: str) -> list[Step]:
    """Find the shortest way between two things, whatever the direction of edges, with every fact along it.

    Of equally short ones it takes the one through things with few edges: that two parks lie in one city says little.

    :param source: the id of a node, and so is ``target``.
    :raises NotFoundError: if one of them is not in the network, or nothing leads from one to the other.
    """
    import networkx as nx

    nodes = {node.id: node for node in network.nodes()}
    for end in (source, target):
        if end not in nodes:
            raise NotFoundError(f"'{end}' is not in this network", hint="take more of the graph into it")
    order = {name: place for place, name in enumerate(nodes)}
    facts: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for edge in network.edges():
        if edge.source != edge.target:
            facts[_pair(order[edge.source], order[edge.target])].append(edge)
    graph = nx.Graph(sorted(facts))
    graph.add_nodes_from((order[source], order[target]))
    # Less than one step in all, however long the way: so that the number of steps decides first.
    busy = 1 / (2 + math.log2(2 + len(facts))) / (1 + len(nodes))

    def length(one: int, other: int, _: object) -> float:
        return 1 + busy * (math.log2(1 + len(graph[one])) + math.log2(1 + len(graph[other]))) / 2

    try:
        way = nx.dijkstra_path(graph, order[source], order[target], weight=length)
    except nx.NetworkXNoPath as exc:
        ends = f"'{nodes[source].label or source}' to '{nodes[target].label or target}'"
        raise NotFoundError(f"nothing leads from {ends}", hint="take more of the graph into the network") from exc
    names = list(nodes)
    return [
        Step(nodes[names[one]], nodes[names[other]], tuple(sorted(facts[_pair(one, other)], key=_reading_order)))
        for one, other in pairwise(way)
    ]


def tabulate_roles(network: Network) -> Matrix:
    """Tell which industry has which role in which park: every direct edge from a park to an industry is one."""
    nodes = {node.id: node for node in network.nodes()}
    roles = [
        Role(nodes[edge.target], nodes[edge.source], edge)
        for edge in network.edges()
        if _PARK in nodes[edge.source].classes and _INDUSTRY in nodes[edge.target].classes
    ]
    roles.sort(key=lambda role: (role.industry.id, role.park.id, role.edge.predicate))
    return Matrix(_by_use(role.industry for role in roles), _by_use(role.park for role in roles), tuple(roles))


def with_measures(network: Network) -> Network:
    """Return the network with its centralities and communities as attributes of nodes, for exports."""
    values: dict[str, dict[str, float | int]] = {
        one.node.id: {"betweenness": one.betweenness, "pagerank": one.pagerank} for one in measure_centrality(network)
    }
    for community in find_communities(network):
        for node in community.members:
            values[node.id]["community"] = community.number
    return with_attributes(network, MEASURES, values)


def _ends(network: Network) -> list[tuple[int, int]]:
    """List the edges by the places of their ends among the nodes."""
    places = {node.id: place for place, node in enumerate(network.nodes())}
    return [(places[edge.source], places[edge.target]) for edge in network.edges()]


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _simple(size: int, edges: Iterable[tuple[int, int]]) -> nx.Graph:
    """Make a graph without directions and parallels; the weight of an edge is how many it stands for."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    weights: dict[tuple[int, int], int] = defaultdict(int)
    for source, target in edges:
        if source != target:
            weights[_pair(source, target)] += 1
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in sorted(weights.items()))
    return graph


def _betweenness(size: int, edges: Sequence[tuple[int, int]]) -> list[float]:
    import networkx as nx

    sample = _SAMPLE if size > _SAMPLE else None
    found = nx.betweenness_centrality(_simple(size, edges), k=sample, seed=_SEED)
    return [found[node] for node in range(size)]


def _pagerank(size: int, edges: Sequence[tuple[int, int]]) -> list[float]:
    """Walk along the edges until nothing changes; who has none to follow goes anywhere."""
    if not size:
        return []
    out = [0] * size
    for source, _ in edges:
        out[source] += 1
    ranks = [1 / size] * size
    while True:
        lost = sum(rank for rank, number in zip(ranks, out, strict=True) if not number)
        fresh = [(1 - _DAMPING + _DAMPING * lost) / size] * size
        for source, target in edges:
            fresh[target] += _DAMPING * ranks[source] / out[source]
        change = sum(abs(new - old) for new, old in zip(fresh, ranks, strict=True))
        ranks = fresh
        if change < _TOLERANCE:
            return ranks


def _reading_order(edge: Edge) -> tuple[object, ...]:
    """Sort what is stated first, then by the first sentence."""
    return (list(MODALITIES).index(edge.modality), edge.evidence[:1] or (10**9,), edge.id)


def _by_use(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return nodes once each, those that occur most often first."""
    counts: dict[str, int] = defaultdict(int)
    known: dict[str, Node] = {}
    for node in nodes:
        counts[node.id] += 1
        known[node.id] = node
    return tuple(known[name] for name in sorted(known, key=lambda name: (-counts[name], name)))
