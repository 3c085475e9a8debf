"""Where the variables of a query have their values: in which column of which table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from kgtool.columns.catalogue import Column
from kgtool.columns.kinds import NODES, NUMBERS
from kgtool.terms import Literal

__all__ = ["Binding", "Pattern", "Terms", "UnsupportedError"]


class UnsupportedError(Exception):
    """A query, or a part of one, that the columns do not answer as the engine does."""


class Terms(Protocol):
    """Where the columns are."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """The predicates, as N-Triples writes them."""

    def find(self, text: str) -> tuple[int, int] | None:
        """Return the number of a term and how many triples it is in."""

    def spelled(self, term: Literal) -> str:
        """Return a literal as the engine spells it, in N-Triples."""


class Binding(NamedTuple):
    """Where a variable has its values.

    :param term: the expression that is the term's number.
    :param column: the predicate whose value it is; ``None`` if it is only ever a subject.
    :param alias: the table's.
    :param blank: whether it may be a blank node.
    """

    term: str
    column: Column | None
    alias: str
    blank: bool

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of term that it may be."""
        if self.column is not None:
            return self.column.kinds
        return NODES if self.blank else frozenset({"iri"})

    @property
    def value(self) -> str:
        """The expression that is what it is worth."""
        if self.column is None or not self.column.valued:
            raise UnsupportedError("it is not worth one kind of value")
        return f"{self.alias}.v{self.column.number}"

    @property
    def decimal(self) -> str | None:
        """The expression that says whether it is a decimal, where that differs."""
        mixed = self.column is not None and self.column.valued and self.column.kinds == NUMBERS
        return f"{self.alias}.d{self.column.number}" if mixed and self.column else None


class Pattern:
    """The tables and conditions of a pattern, and where its variables have their values."""

    def __init__(self) -> None:
        self.tables: dict[str, int] = {}
        self.conditions: list[str] = []
        self.values: list[object] = []
        self.variables: dict[str, Binding] = {}
        #: About how many triples the engine would have to look at.
        self.size = 0.0
        #: At most how many solutions there are.
        self.most = 1

    @property
    def sql(self) -> str:
        """The part of a query from FROM on."""
        tables = ", ".join(f"file.t{table} AS {alias}" for alias, table in self.tables.items())
        return f"FROM {tables}" + (f" WHERE {' AND '.join(self.conditions)}" if self.conditions else "")
