"""What one graph says that another does not: quad by quad, blank nodes compared by what is said of them."""

from __future__ import annotations

from kgtool.diff.comparison import Change, Difference, compare
from kgtool.diff.render import DIFF_FORMATS, read_names, write_table
from kgtool.diff.sides import Side, open_side

__all__ = ["DIFF_FORMATS", "Change", "Difference", "Side", "compare", "open_side", "read_names", "write_table"]
