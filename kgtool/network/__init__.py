"""The property-graph view: a graph's things as nodes, and what relates them as edges, each with its evidence.

Exports, drawings and analyses see the graph through this and nothing else: see docs/data-model.md, "As a network".
"""

from __future__ import annotations

from kgtool.network.model import EDGE_KEYS, LIST_KEYS, NODE_KEYS, Edge, Key, Network, Node, Quad, Value, with_attributes
from kgtool.network.reading import read_network
from kgtool.network.rules import MODALITIES

__all__ = [
    "EDGE_KEYS",
    "LIST_KEYS",
    "MODALITIES",
    "NODE_KEYS",
    "Edge",
    "Key",
    "Network",
    "Node",
    "Quad",
    "Value",
    "read_network",
    "with_attributes",
]
