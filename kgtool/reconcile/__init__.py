"""Reconciliation: which thing of a graph is meant by a cell of somebody's table, and what the graph knows of it.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/

Functions from a :class:`Source` and what a client sent, as JSON, to what it is answered, as JSON; ``kgtool.server``
sends it. :mod:`kgtool.link.client` asks such a service.
"""

from __future__ import annotations

from kgtool.reconcile.asked import BATCH_SIZE, BatchTooLargeError, read_batch, read_extension
from kgtool.reconcile.extending import extend, propose_properties
from kgtool.reconcile.manifest import manifest
from kgtool.reconcile.matching import reconcile
from kgtool.reconcile.preview import flyout, preview
from kgtool.reconcile.source import Source
from kgtool.reconcile.suggesting import KINDS, suggest

__all__ = [
    "BATCH_SIZE",
    "KINDS",
    "BatchTooLargeError",
    "Source",
    "extend",
    "flyout",
    "manifest",
    "preview",
    "propose_properties",
    "read_batch",
    "read_extension",
    "reconcile",
    "suggest",
]
