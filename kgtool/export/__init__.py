"""A graph in the formats of other programs: one row of ``EXPORTERS`` for each.

A format is a function ``write(network, stream)``. Files are written under a temporary name beside the target and
renamed, so a write that fails leaves the old file as it was.
"""

from __future__ import annotations

from kgtool.export.registry import EXPORTERS, Exporter, exporter_named
from kgtool.export.writing import export, write_export

__all__ = ["EXPORTERS", "Exporter", "export", "exporter_named", "to_igraph", "to_networkx", "write_export"]

from kgtool.export.objects import to_igraph, to_networkx
