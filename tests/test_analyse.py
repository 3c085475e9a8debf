"""What a network's shape tells: centralities, communities, paths with their facts, roles of industries in parks."""

from __future__ import annotations

import os
import subprocess
import sys

import networkx as nx
import pytest

from kgtool.analyse import (
    MEASURES,
    find_communities,
    find_path,
    measure_centrality,
    tabulate_roles,
    with_measures,
)
from kgtool.errors import NotFoundError
from kgtool.network import Edge, Network, Node


def network_of(*pairs: str) -> Network:
    """Make a network of edges written as ``ab``."""
    edges = [Edge(f"{n}", pair[0], pair[1], "ex:p") for n, pair in enumerate(pairs)]
    return Network.of([Node(name, f"urn:{name}") for name in sorted({*"".join(pairs)})], edges)


#: Two triangles, and a bridge between them.
BRIDGED = ("ab", "bc", "ca", "cd", "de", "ef", "fd")


def test_centrality_of_a_star() -> None:
    measured = {one.node.id: one for one in measure_centrality(network_of("ba", "ca", "da", "da"))}
    assert {name: one.degree for name, one in measured.items()} == {"a": 4, "b": 1, "c": 1, "d": 2}
    assert {name: one.betweenness for name, one in measured.items()} == {"a": 1, "b": 0, "c": 0, "d": 0}


def test_pagerank_is_that_of_networkx() -> None:
    pairs = ("ab", "ac", "bc", "ca", "dc", "dc", "ee", "fa", "fg")
    expected = nx.pagerank(nx.MultiDiGraph([(pair[0], pair[1]) for pair in pairs]), tol=1e-12)
    measured = {one.node.id: one.pagerank for one in measure_centrality(network_of(*pairs))}
    assert measured == pytest.approx(expected, abs=1e-8)


def test_most_central_thing_comes_first() -> None:
    assert [one.node.id for one in measure_centrality(network_of("ba", "ca", "ad"))] == ["d", "a", "b", "c"]


def test_centrality_of_nothing_is_nothing() -> None:
    assert measure_centrality(Network.of([], [])) == []


def test_communities_are_the_two_triangles() -> None:
    found = find_communities(network_of(*BRIDGED))
    assert [(one.number, [node.id for node in one.members]) for one in found] == [
        (1, ["c", "a", "b"]),
        (2, ["d", "e", "f"]),
    ]


def test_parallel_edges_hold_communities_together() -> None:
    found = find_communities(network_of(*BRIDGED, *["cd"] * 20))
    assert any({"c", "d"} <= {node.id for node in one.members} for one in found)


def test_thing_without_edges_is_a_community_of_its_own() -> None:
    lonely = Network.of([Node("a", "urn:a"), Node("b", "urn:b")], [])
    assert [[node.id for node in one.members] for one in find_communities(lonely)] == [["a"], ["b"]]


def test_path_follows_edges_in_both_directions_and_has_every_fact() -> None:
    steps = find_path(network_of("ab", "cb", "bc", "cd", "da", "xd"), "a", "c")
    assert [(step.source.id, step.target.id, [edge.id for edge in step.facts]) for step in steps] in (
        [("a", "b", ["0"]), ("b", "c", ["1", "2"])],
        [("a", "d", ["4"]), ("d", "c", ["3"])],
    )


def test_path_goes_through_the_rare_thing_rather_than_the_one_with_many_edges() -> None:
    hub = ("ah", "bh", "hi", "hj", "hk", "hl")
    steps = find_path(network_of(*hub, "ar", "rb"), "a", "b")
    assert [step.target.id for step in steps] == ["r", "b"]


def test_path_through_a_hub_is_taken_where_every_other_is_longer() -> None:
    hub = ("ah", "bh", *(f"h{name}" for name in "ijklmnopq"))
    steps = find_path(network_of(*hub, "ar", "rs", "sb"), "a", "b")
    assert [step.target.id for step in steps] == ["h", "b"]


def test_facts_of_a_step_come_stated_first_then_in_reading_order() -> None:
    edges = [
        Edge("derived", "a", "b", "ex:p", modality="derived", evidence=(1,)),
        Edge("late", "a", "b", "ex:p", evidence=(12,)),
        Edge("early", "b", "a", "ex:p", evidence=(9,)),
    ]
    (step,) = find_path(Network.of([Node("a", "urn:a"), Node("b", "urn:b")], edges), "a", "b")
    assert [edge.id for edge in step.facts] == ["early", "late", "derived"]


def test_path_to_where_nothing_leads_is_refused() -> None:
    with pytest.raises(NotFoundError, match=r"^nothing leads from 'a' to 'd'; take more of the graph"):
        find_path(network_of("ab", "cd"), "a", "d")


def test_path_from_what_is_not_in_the_network_is_refused() -> None:
    with pytest.raises(NotFoundError, match=r"^'z' is not in this network"):
        find_path(network_of("ab"), "z", "a")


def test_path_from_a_thing_to_itself_has_no_steps() -> None:
    assert find_path(network_of("ab"), "a", "a") == []


def test_roles_are_the_edges_from_parks_to_industries() -> None:
    nodes = [
        Node("east", "urn:e", classes=("ip:IndustrialPark",)),
        Node("west", "urn:w", classes=("ip:IndustrialPark",)),
        Node("optics", "urn:o", classes=("ip:Industry",)),
        Node("ships", "urn:s", classes=("ip:Industry",)),
        Node("city", "urn:c"),
    ]
    ends = [("east", "optics"), ("east", "ships"), ("west", "ships"), ("east", "city"), ("city", "optics")]
    edges = [Edge(f"{one}-{other}", one, other, "ex:leads") for one, other in ends]
    found = tabulate_roles(Network.of(nodes, edges))
    assert [node.id for node in found.industries] == ["ships", "optics"]
    assert [node.id for node in found.parks] == ["east", "west"]
    assert [role.edge.id for role in found.roles] == ["east-optics", "east-ships", "west-ships"]


def test_measures_become_attributes_for_exports() -> None:
    network = with_measures(network_of(*BRIDGED))
    assert network.keys == MEASURES
    bridge = next(node for node in network.nodes() if node.id == "c")
    assert set(bridge.attributes) == {"betweenness", "pagerank", "community"}
    assert bridge.attributes["betweenness"] == pytest.approx(0.6)
    assert bridge.attributes["community"] == 1


def test_results_do_not_depend_on_how_python_hashes_text() -> None:
    program = (
        "from kgtool.analyse import *\nfrom kgtool.network import Edge, Network, Node\nfrom random import Random\n"
        "chance = Random(7)\nends = [(str(chance.randrange(60)), str(chance.randrange(60))) for _ in range(150)]\n"
        "edges = [Edge(str(n), *pair, 'p') for n, pair in enumerate(ends)]\n"
        "network = Network.of([Node(str(n), str(n)) for n in range(60)], edges)\n"
        "print(measure_centrality(network), find_communities(network), find_path(network, *ends[0]))\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
