"""Networks as objects of networkx and igraph. The only module of exports that imports them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtool.errors import StoreError
from kgtool.export.values import edge_record, flat, node_record
from kgtool.network import Network, Value

if TYPE_CHECKING:
    import igraph
    import networkx as nx

__all__ = ["to_igraph", "to_networkx"]


def to_networkx(network: Network) -> nx.MultiDiGraph:
    """Return a network as a networkx graph: nodes by id, edges by their ids as keys, everything else as attributes.

    Values are text, numbers or booleans, so that networkx can write the graph in its own formats too.
    """
    import networkx as nx

    graph = nx.MultiDiGraph(title=network.title, language=network.language)
    for node in network.nodes():
        graph.add_node(node.id, label=node.label, **{name: _plain(value) for name, value in node_record(node).items()})
    for edge in network.edges():
        attributes = {name: _plain(value) for name, value in edge_record(edge).items()}
        graph.add_edge(edge.source, edge.target, key=edge.id, label=edge.label, **attributes)
    return graph


def to_igraph(network: Network) -> igraph.Graph:
    """Return a network as an igraph graph: ids are the vertices' ``name``.

    :raises StoreError: if igraph is not installed.
    """
    try:
        import igraph
    except ImportError as exc:
        raise StoreError("igraph is not installed", hint="pip install 'kgtool[igraph]'") from exc
    graph = igraph.Graph(directed=True)
    names: dict[str, int] = {}
    records = []
    for node in network.nodes():
        names[node.id] = len(names)
        records.append({"name": node.id, "label": node.label, **node_record(node)})
    graph.add_vertices(len(names))
    for name in dict.fromkeys(name for record in records for name in record):
        graph.vs[name] = [_plain(record.get(name)) for record in records]
    edges = list(network.edges())
    graph.add_edges([(names[edge.source], names[edge.target]) for edge in edges])
    more = [{"id": edge.id, "label": edge.label, **edge_record(edge)} for edge in edges]
    for name in dict.fromkeys(name for record in more for name in record):
        graph.es[name] = [_plain(record.get(name)) for record in more]
    return graph


def _plain(value: Value) -> str | int | float | bool | None:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return flat(value) if isinstance(value, list | tuple) else float(flat(value))
