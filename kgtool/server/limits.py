"""What one query, and all of them together, may take; every limit is an option of ``kgtool serve``."""

from __future__ import annotations

import os
from typing import NamedTuple

__all__ = ["Limits"]


class Limits(NamedTuple):
    """Limits and their defaults; ``0`` means no limit where that makes sense."""

    #: Seconds from the start of a query to the last byte of its answer.
    timeout: float = 30.0
    #: Rows of a SELECT.
    max_rows: int = 1_000_000
    #: Bytes of an answer, before compression.
    max_bytes: int = 256 * 2**20
    #: Bytes of a query's text.
    max_query_bytes: int = 2**20
    #: Bytes of memory a worker may allocate.
    max_memory: int = 2**30
    #: Worker processes that are always there.
    workers: int = os.cpu_count() or 1
    #: Queries that run at once: workers are added while all are busy with slow queries.
    max_concurrent: int = 4 * (os.cpu_count() or 1)
    #: Queries that wait for a worker; more are turned away with 429.
    queue: int = 200
    #: Bytes of small answers that are kept to be given again.
    cache: int = 64 * 2**20
