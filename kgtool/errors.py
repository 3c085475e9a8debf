"""The errors kgtool raises on purpose: each says what is wrong, where, and what to do."""

from __future__ import annotations

__all__ = [
    "AmbiguousNameError",
    "DataError",
    "KgError",
    "NotFoundError",
    "ProjectError",
    "QueryError",
    "ServiceError",
    "StoreError",
]


class KgError(Exception):
    """Base of every error that a user can cause and mend.

    :param message: what is wrong, in one sentence without a full stop.
    :param file: the file it was found in, if any.
    :param line: the 1-based line in that file, if known.
    :param hint: what to do about it.

    >>> print(DataError("unknown prefix 'foaf'", file="facts.trig", line=12, hint="declare it"))
    facts.trig:12: unknown prefix 'foaf'; declare it
    """

    def __init__(
        self,
        message: str,
        *,
        file: object = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        self.message = message
        self.file = None if file is None else str(file)
        self.line = line
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        where = "" if self.file is None else self.file
        if where and self.line is not None:
            where = f"{where}:{self.line}"
        text = f"{where}: {self.message}" if where else self.message
        return f"{text}; {self.hint}" if self.hint else text


class ProjectError(KgError):
    """A folder that should hold a project does not, or misses a part."""


class DataError(KgError):
    """A file that kgtool reads (RDF, article text, table) is malformed or contradicts itself."""


class QueryError(KgError):
    """A query, its header or one of its parameters is wrong."""


class NotFoundError(KgError):
    """A name (of a query, a thing, a file) matches nothing."""


class AmbiguousNameError(KgError):
    """A label matches more than one thing."""


class StoreError(KgError):
    """The store cannot be opened, read or written."""


class ServiceError(StoreError):
    """An endpoint that a query asks beside its store, by ``SERVICE``, does not answer."""
