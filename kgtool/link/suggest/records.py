"""What is compared: a thing here or elsewhere, as both sides and every format give it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

__all__ = ["Code", "Name", "Record", "Source"]


class Name(NamedTuple):
    """A name as it is written.

    :param alias: whether it is one besides the preferred ones.
    """

    text: str
    alias: bool = False


class Code(NamedTuple):
    """An identifier in a scheme: ``gbt2260``, ``530181``."""

    scheme: str
    value: str


class Record(NamedTuple):
    """A thing to be compared.

    :param id: its IRI, or its identifier in the target.
    :param names: in every language; the first is what it is shown by.
    :param parents: the names of the areas it lies in, the nearest first, its country left out.
    :param country: its country's code or name.
    :param kind: one of :data:`kgtool.linksets.targets.KINDS`; empty if that is not known.
    """

    id: str
    names: tuple[Name, ...]
    parents: tuple[str, ...] = ()
    country: str = ""
    kind: str = ""
    codes: tuple[Code, ...] = ()

    @property
    def label(self) -> str:
        """The name it is shown by."""
        return self.names[0].text if self.names else self.id


class Source(Protocol):
    """Somewhere that records come from."""

    #: What it is called, for people.
    name: str

    def records(self) -> Iterator[Record]:
        """Walk over the records, in the order of the source; it can be walked over again.

        :raises DataError: if it is malformed.
        :raises StoreError: if it cannot be asked.
        """
        ...
