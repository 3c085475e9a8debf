"""What has been found so far, kept in a file, so that a run that was cut off goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kgtool.errors import StoreError
from kgtool.link.enrich.records import Statement
from kgtool.terms import IRI, Literal

__all__ = ["Kept"]


class Kept:
    """Statements by the thing they are about, in a file that survives the process.

    :param file: the file; what another source told is forgotten.
    :param source: where the statements are from.
    """

    def __init__(self, file: Path, source: str) -> None:
        self._file = file
        #: What was found, by IRI; nothing is a finding as well.
        self.statements: dict[str, list[Statement]] = {}
        records = list(_records(file))
        if records and records[0] == {"source": source}:
            for record in records[1:]:
                self.statements[str(record["iri"])] = [_statement(*one) for one in record["said"]]
        else:
            self._write({"source": source}, mode="w")

    def add(self, iri: str, statements: Sequence[Statement]) -> None:
        """Keep what is said of a thing, even if that is nothing."""
        self.statements[iri] = list(statements)
        self._write({"iri": iri, "said": [list(_parts(one)) for one in statements]}, mode="a")

    def remove(self) -> None:
        """Forget the file: all is there."""
        self._file.unlink(missing_ok=True)

    def _write(self, record: dict[str, object], *, mode: str) -> None:
        try:
            with self._file.open(mode, encoding="utf-8") as stream:
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as exc:
            raise StoreError(f"cannot keep what was found: {exc.strerror}", file=self._file, hint="make room") from exc


def _records(file: Path) -> Iterator[dict[str, Any]]:
    """Walk over the records of a file; the last line of a run that was killed may be half of one."""
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []:
        try:
            record = json.loads(line)
        except ValueError:
            return
        if isinstance(record, dict):
            yield record


def _parts(statement: Statement) -> Iterator[str | None]:
    yield from (statement.subject, statement.predicate, statement.object.value)
    if isinstance(statement.object, Literal):
        yield from (statement.object.language, statement.object.datatype)


def _statement(subject: str, predicate: str, value: str, *more: str | None) -> Statement:
    return Statement(subject, predicate, Literal(value, *more) if more else IRI(value))
