"""Records from tables: CSV, TSV and Parquet, by what their columns are called; SSSOM, whose objects they are.

A column is found by any of its usual names, in any case: what it holds is in the first line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from kgtool.errors import DataError, KgError
from kgtool.link.enrich.dumps import opened
from kgtool.link.suggest.records import Code, Name, Record
from kgtool.linksets.reading import read_linkset
from kgtool.linksets.targets import KINDS

__all__ = ["MappingSource", "TableSource"]

#: What a column may be called; a name's may have a language behind it, as ``name_en``, ``label@zh``.
_COLUMNS = {
    "id": re.compile(r"id|code|identifier|geonameid|uri|iri"),
    "name": re.compile(r"(name|label|preflabel|title)([_@:.-][a-z-]+)?"),
    "alias": re.compile(r"(alias|aliases|altlabel|altlabels|alternatenames|synonyms)([_@:.-][a-z-]+)?"),
    "parent": re.compile(r"parents?|containedinplace|areacode"),
    "country": re.compile(r"country|countrycode|country_code"),
    "kind": re.compile(r"kind|type|object_category"),
    "codes": re.compile(r"codes?_other|codes|xref"),
}
#: What separates several values in a cell.
_SEPARATOR = re.compile(r"\s*[|;]\s*")
#: Parents above one another, before it is taken for a circle.
_DEEPEST = 12


class TableSource:
    """A table in a file.

    :param file: ``.csv``, ``.tsv`` or ``.parquet``; the first two may be compressed.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.name = file.name
        self._columns: dict[str, list[str]] = {}

    def records(self) -> Iterator[Record]:
        """Walk over the rows; a parent that is another row's identifier stands for that row and what is above it."""
        above: dict[str, tuple[str, str]] = {}
        if self._find_columns().get("parent"):
            above = {id_: (self._text(row, "name"), self._text(row, "parent")) for id_, row in self._rows()}
        for id_, row in self._rows():
            names = [Name(cell) for column in self._columns["name"] if (cell := row[column].strip())]
            aliases = [Name(one, alias=True) for column in self._columns["alias"] for one in _split(row[column])]
            kind = self._text(row, "kind").lower()
            yield Record(
                id_,
                (*names, *aliases),
                _ancestors(self._text(row, "parent"), above),
                self._text(row, "country"),
                kind if kind in KINDS else "",
                tuple(_codes(self._text(row, "codes"))),
            )

    def _find_columns(self) -> dict[str, list[str]]:
        if not self._columns:
            there = self._header()
            found = {
                what: [column for column in there if pattern.fullmatch(column.strip().lower())]
                for what, pattern in _COLUMNS.items()
            }
            for what in ("id", "name"):
                if not found[what]:
                    usual = "id, code or uri" if what == "id" else "name, label or name_en"
                    raise DataError(
                        f"no column of {'identifiers' if what == 'id' else 'names'} among {', '.join(there) or 'none'}",
                        file=self._file,
                        line=1,
                        hint=f"call it {usual}",
                    )
            self._columns = found
        return self._columns

    def _rows(self) -> Iterator[tuple[str, dict[str, str]]]:
        self._find_columns()
        for row in self._cells():
            if id_ := self._text(row, "id"):
                yield id_, row

    def _text(self, row: Mapping[str, str], what: str) -> str:
        return next((cell for column in self._columns[what] if (cell := row[column].strip())), "")

    def _header(self) -> list[str]:
        if self._is_parquet:
            return list(_parquet(self._file).schema_arrow.names)
        with opened(self._file) as stream:
            reader = csv.reader(_text_of(stream, self._file), delimiter=self._delimiter, strict=True)
            return next(_table(reader, self._file), [])

    def _cells(self) -> Iterator[dict[str, str]]:
        if self._is_parquet:
            for batch in _parquet(self._file).iter_batches():
                for row in batch.to_pylist():
                    yield {column: _written(value) for column, value in row.items()}
            return
        with opened(self._file) as stream:
            reader = csv.reader(_text_of(stream, self._file), delimiter=self._delimiter, strict=True)
            rows = _table(reader, self._file)
            header = next(rows, [])
            for cells in rows:
                if cells and len(cells) != len(header):
                    what = f"{len(cells)} cells in a table of {len(header)} columns"
                    hint = "quote a cell that has the separator in it"
                    raise DataError(what, file=self._file, line=reader.line_num, hint=hint)
                if cells:
                    yield dict(zip(header, cells, strict=True))

    @property
    def _is_parquet(self) -> bool:
        return self._file.suffix == ".parquet"

    @property
    def _delimiter(self) -> str:
        return "\t" if ".tsv" in self._file.suffixes or ".tab" in self._file.suffixes else ","


class MappingSource:
    """The objects of somebody's SSSOM file, by what it calls them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.name = file.name

    def records(self) -> Iterator[Record]:
        """Walk over the objects, each once."""
        linkset = read_linkset(self._file)
        names: dict[str, list[str]] = {}
        kinds: dict[str, str] = {}
        for link in linkset.links:
            iri = linkset.expand(link.object)
            if iri is not None and not link.negative and link.text("object_label"):
                names.setdefault(iri, []).append(link.text("object_label"))
                kinds.setdefault(iri, link.text("object_category"))
        for iri, every in names.items():
            kind = kinds[iri]
            yield Record(iri, tuple(map(Name, dict.fromkeys(every))), kind=kind if kind in KINDS else "")


def _text_of(stream: IO[bytes], file: Path) -> Iterator[str]:
    """Walk over the lines of a table, as text."""
    for number, line in enumerate(stream, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as exc:
            raise DataError("it is not UTF-8", file=file, line=number, hint="save it as UTF-8") from exc


def _table(reader: Any, file: Path) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as exc:
        hint = "a cell with a quote in it is quoted, and the quote written twice"
        raise DataError(f"no table: {exc}", file=file, line=reader.line_num, hint=hint) from exc


def _parquet(file: Path) -> Any:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as exc:
        raise KgError("reading Parquet needs PyArrow", hint="pip install 'kgtool[link]'") from exc
    try:
        return ParquetFile(file)
    except (ArrowException, OSError) as exc:
        raise DataError("it is no Parquet file", file=file, hint="give a file that is one, or rename it") from exc


def _written(value: object) -> str:
    """Write a value of a typed column as a cell."""
    if isinstance(value, list):
        return "|".join(str(one) for one in value if one is not None)
    return "" if value is None else str(value)


def _split(cell: str) -> list[str]:
    return [one for one in _SEPARATOR.split(cell.strip()) if one]


def _codes(cell: str) -> Iterator[Code]:
    """Read codes.

    >>> list(_codes("gbt2260:530181|530181"))
    [Code(scheme='gbt2260', value='530181')]
    """
    for one in _split(cell):
        scheme, colon, value = one.partition(":")
        if colon:
            yield Code(scheme, value)


def _ancestors(cell: str, above: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """Return the names of parents: those in the cell, or by the identifier of a row that row and those above it.

    >>> _ancestors("5301", {"5301": ("昆明市", "53"), "53": ("云南省", "")}), _ancestors("昆明市|云南省", {})
    (('昆明市', '云南省'), ('昆明市', '云南省'))
    """
    names: list[str] = []
    for one in _split(cell):
        step = one
        while step in above and len(names) < _DEEPEST:
            name, step = above[step]
            names.append(name)
        if one not in above:
            names.append(one)
    return tuple(names)
