"""The graph in Python: open it, ask it, and read the answers as rdflib terms, data frames or a table in a notebook."""

from __future__ import annotations

from kgtool.api.graph import Graph, open_graph
from kgtool.api.rows import Row, Rows

__all__ = ["Graph", "Row", "Rows", "open_graph"]
