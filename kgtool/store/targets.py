"""Where a server takes graphs, from what it calls itself."""

from __future__ import annotations

from kgtool.errors import StoreError
from kgtool.store.remote import RemoteStore
from kgtool.store.transfer import GraphStore, Target, UpdateEndpoint
from kgtool.store.transport import read_address

__all__ = ["find_target"]

#: Servers by what their ``Server`` header begins with: their graph store, relative to their endpoint.
_GRAPH_STORES = {"Oxigraph": "store", "Virtuoso": "/sparql-graph-crud-auth"}


def find_target(endpoint: RemoteStore, *, graph_store: str | None = None, update: str | None = None) -> Target:
    """Find where a server takes graphs.

    :param graph_store: the address of its graph store, if it is known.
    :param update: the address of its update endpoint, if that is to be used.
    :raises StoreError: if the server cannot be reached, or is not known and nothing is given.
    """
    endpoint.greet()
    if update is not None:
        return UpdateEndpoint(read_address(update))
    if graph_store is not None:
        return GraphStore(read_address(graph_store))
    for name, path in _GRAPH_STORES.items():
        if endpoint.server.startswith(name):
            return GraphStore(endpoint.address.sibling(path))
    raise StoreError(
        "does not say where it takes graphs",
        file=endpoint.url,
        hint="give --graph-store URL (the Graph Store Protocol; Fuseki: …/data) or --update URL (SPARQL Update)",
    )
