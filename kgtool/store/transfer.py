"""Whole graphs written to a server: by the Graph Store Protocol, or by SPARQL Update where a server has only that.

https://www.w3.org/TR/sparql11-http-rdf-update/ · https://www.w3.org/TR/sparql11-update/
"""

from __future__ import annotations

import tempfile
from typing import BinaryIO, Protocol

from kgtool.store.transport import Address, RefusedError, Transport
from kgtool.terms import IRI, n3

__all__ = ["GraphStore", "Target", "UpdateEndpoint"]


class Target(Protocol):
    """Where graphs are written to; a graph of no name is the default graph."""

    @property
    def url(self) -> str:
        """Its address, as messages name it."""

    def put(self, graph: str | None, triples: BinaryIO) -> None:
        """Replace a graph.

        :param triples: N-Triples, in a file that can be read again from its start.
        :raises StoreError: if that fails.
        """

    def delete(self, graph: str) -> None:
        """Delete a named graph, if there is one.

        :raises StoreError: if that fails.
        """


class GraphStore:
    """A server's graph store: one request per graph."""

    def __init__(self, address: Address) -> None:
        self.url = address.url
        self._transport = Transport(address)
        self._prepared = False

    def put(self, graph: str | None, triples: BinaryIO) -> None:
        url = self._address(graph)
        if not self._prepared:
            self._transport.prepare(url)
            self._prepared = True
        self._transport.submit("PUT", url, triples, media_type="application/n-triples")

    def delete(self, graph: str) -> None:
        try:
            self._transport.submit("DELETE", self._address(graph))
        except RefusedError as exc:
            if exc.code != 404:
                raise

    def _address(self, graph: str | None) -> str:
        address = self._transport.address
        return address.with_parameters("default") if graph is None else address.with_parameters(graph=graph)


class UpdateEndpoint:
    """A server's update endpoint: one request per graph, so that blank nodes stay what they are."""

    def __init__(self, address: Address) -> None:
        self.url = address.url
        self._transport = Transport(address)

    def put(self, graph: str | None, triples: BinaryIO) -> None:
        name = None if graph is None else n3(IRI(graph))
        with tempfile.TemporaryFile() as text:
            drop = "DROP SILENT DEFAULT" if name is None else f"DROP SILENT GRAPH {name}"
            text.write(f"{drop} ;\nINSERT DATA {{ {'' if name is None else f'GRAPH {name} {{'}\n".encode())
            for line in triples:
                text.write(line)
            text.write(b"}" if name is None else b"} }")
            self._update(text)

    def delete(self, graph: str) -> None:
        with tempfile.TemporaryFile() as text:
            text.write(f"DROP SILENT GRAPH {n3(IRI(graph))}".encode())
            self._update(text)

    def _update(self, text: BinaryIO) -> None:
        url = self._transport.address.with_parameters()
        self._transport.prepare(url)
        self._transport.submit("POST", url, text, media_type="application/sparql-update")
