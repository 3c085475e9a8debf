"""Links to other datasets: SSSOM files read, written and understood.

https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

from kgtool.linksets.model import NO_TERM, Extension, Link, Linkset, make_link
from kgtool.linksets.reading import parse_linkset, read_linkset
from kgtool.linksets.starting import start_linkset
from kgtool.linksets.writing import format_linkset, write_linkset

__all__ = [
    "NO_TERM",
    "Extension",
    "Link",
    "Linkset",
    "format_linkset",
    "make_link",
    "parse_linkset",
    "read_linkset",
    "start_linkset",
    "write_linkset",
]
