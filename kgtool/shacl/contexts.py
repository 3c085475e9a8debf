"""The focus nodes of a shape, as a pattern that finds them."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Context"]


class Context(NamedTuple):
    """A pattern that finds focus nodes, and for a nested shape the chains of nodes that lead to them.

    A nested property shape is looked at once for every value node of the shape it is nested in, so what is found is
    a chain: a focus node, its value, the value's value.
    """

    text: str
    #: The variables of a chain: the last is the focus node.
    chain: tuple[str, ...]
    #: Whether the pattern finds every chain once.
    unique: bool
    #: The properties that it asks for.
    predicates: frozenset[str]
    #: Whether a focus node may be a literal that the engine has otherwise than it is written.
    odd: bool = False

    @property
    def focus(self) -> str:
        """The variable of the focus node."""
        return self.chain[-1]

    @property
    def selected(self) -> str:
        """The variables as a SELECT clause has them."""
        return " ".join(f"?{name}" for name in self.chain)

    def named(self, name: str) -> Context:
        """Return the same with another name for the focus node."""
        text = re.sub(rf"\?{self.focus}\b", f"?{name}", self.text)
        return self._replace(text=text, chain=(*self.chain[:-1], name))
