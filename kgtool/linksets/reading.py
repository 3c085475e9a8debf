"""SSSOM/TSV read: a block of YAML behind ``#``, then a table; the line of everything is kept.

https://mapping-commons.github.io/sssom/spec-formats-tsv/

A file that is no SSSOM/TSV is an error. What a well-formed file says wrong (an undeclared prefix, a confidence of 2) is
for ``kgtool link check`` to find.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

from kgtool.errors import DataError
from kgtool.linksets.model import Extension, Link, Linkset
from kgtool.linksets.slots import LINK_SLOTS, SET_SLOTS, SHARED, slot_named

__all__ = ["parse_linkset", "read_linkset"]

#: A ``|`` that separates values, and what a backslash stands before.
_SEPARATOR = re.compile(r"\\([\\|])|(\|)")


def read_linkset(file: Path, *, name: str | None = None) -> Linkset:
    """Read a file of links.

    :param name: what messages call it.
    :raises DataError: if it cannot be read or is no SSSOM/TSV.
    """
    name = name or str(file)
    try:
        return parse_linkset(file.read_bytes(), name)
    except OSError as exc:
        raise DataError(f"cannot read it: {exc.strerror}", file=name) from exc


def parse_linkset(data: bytes, name: str) -> Linkset:
    """Read the contents of a file of links; see :func:`read_linkset`."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise DataError("it starts with a byte order mark", file=name, line=1, hint="save it as UTF-8 without one")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise DataError(f"it is not UTF-8: {exc.reason}", file=name, line=line, hint="save it as UTF-8") from exc
    lines = list(StringIO(text, newline="\n"))
    header = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    block = _Metadata("".join(line[1:] for line in lines[:header]), name)
    declared = {extension.name for extension in block.extensions}
    columns, rows = _table(lines[header:], header, name, {*LINK_SLOTS, *declared})
    unknown = {column: header + 1 for column in columns if column not in LINK_SLOTS and column not in declared}
    shared = {key: block.metadata[key] for key in SHARED if key in block.metadata}
    # A slot that any row has is the rows' own.
    shared = {key: value for key, value in shared.items() if not any(key in slots for slots, _ in rows)}
    metadata = {key: value for key, value in block.metadata.items() if key not in shared}
    return Linkset(
        metadata=metadata,
        prefixes=block.prefixes,
        links=tuple(Link({**shared, **slots}, line) for slots, line in rows),
        extensions=block.extensions,
        file=name,
        lines=block.lines,
        unknown={**block.unknown(declared), **unknown},
    )


# The table -----------------------------------------------------------------------------------------------------------

_Row = tuple[dict[str, str | tuple[str, ...]], int]


def _table(lines: list[str], before: int, name: str, known: set[str]) -> tuple[list[str], list[_Row]]:
    """Read the table: its columns, and its rows without the columns that are not known."""
    reader = csv.reader(lines, delimiter="\t", strict=True)
    try:
        columns = next(reader, [])
        if not any(columns):
            hint = "after the lines with '#' comes the row of column names"
            raise DataError("there is no table", file=name, line=before + 1, hint=hint)
        if len(set(columns)) < len(columns):
            twice = next(column for column in columns if columns.count(column) > 1)
            raise DataError(f"column '{twice}' is there twice", file=name, line=before + 1, hint="keep one of them")
        rows = []
        start = reader.line_num
        for cells in reader:
            line, start = before + start + 1, reader.line_num
            if len(cells) != len(columns):
                what = f"{len(cells)} cells in a table of {len(columns)} columns"
                raise DataError(what, file=name, line=line, hint="separate cells by one tab; an empty one is nothing")
            rows.append((_slots(pair for pair in zip(columns, cells, strict=True) if pair[0] in known), line))
    except csv.Error as exc:
        hint = "put a cell with a tab, a line break or a quote in quotes, and write a quote in it twice"
        raise DataError(f"no table: {exc}", file=name, line=before + reader.line_num, hint=hint) from exc
    return columns, rows


def _slots(cells: Iterable[tuple[str, str]]) -> dict[str, str | tuple[str, ...]]:
    return {name: _split(cell) if slot_named(name).many else cell for name, cell in cells if cell}


def _split(cell: str) -> tuple[str, ...]:
    r"""Split a cell of several values.

    >>> _split(r"one|two\|and a half|three\\")
    ('one', 'two|and a half', 'three\\')
    """
    values, last = [""], 0
    for match in _SEPARATOR.finditer(cell):
        values[-1] += cell[last : match.start()]
        if match[1]:
            values[-1] += match[1]
        else:
            values.append("")
        last = match.end()
    values[-1] += cell[last:]
    return tuple(value for value in values if value)


# The block of YAML ---------------------------------------------------------------------------------------------------


class _Metadata:
    """What a file says of itself."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self.metadata: dict[str, str | tuple[str, ...]] = {}
        self.prefixes: dict[str, str] = {}
        self.extensions: tuple[Extension, ...] = ()
        self.lines: dict[str, int] = {}
        self._others: dict[str, int] = {}
        for key, node in self._pairs(self._root(text)):
            self.lines[key] = node.start_mark.line + 1
            if key == "curie_map":
                for prefix, value in self._pairs(node):
                    self.prefixes[prefix] = self._text(value)
                    self.lines[f"curie_map {prefix}"] = value.start_mark.line + 1
            elif key == "extension_definitions":
                self.extensions = tuple(self._extension(item) for item in self._items(node))
            elif key in SET_SLOTS:
                value = tuple(map(self._text, self._items(node))) if SET_SLOTS[key].many else self._text(node)
                self.metadata.update({key: value} if value else {})
            else:
                self._others[key] = self.lines[key]
                self.metadata[key] = self._text(node)

    def unknown(self, declared: set[str]) -> dict[str, int]:
        """Return the keys that nobody declares, with their lines."""
        return {key: line for key, line in self._others.items() if key not in declared}

    def _root(self, text: str) -> Any:
        """Read YAML as far as its nodes: texts stay as they are written, and there is nothing that can blow up."""
        import yaml

        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
                    line = event.start_mark.line + 1 if event.start_mark else 1
                    self._fail(line, "anchors, aliases and tags are not for SSSOM", "write it out")
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as exc:
            mark = getattr(exc, "problem_mark", None)
            what = getattr(exc, "problem", None) or str(exc)
            self._fail(mark.line + 1 if mark else 1, f"no YAML: {what}", "write '#key: value'", exc)

    def _pairs(self, node: Any) -> list[tuple[str, Any]]:
        if node is None or (node.id == "scalar" and not node.value):
            return []
        if node.id != "mapping":
            self._fail(node.start_mark.line + 1, "there should be 'key: value'", "write '#key: value'")
        pairs: dict[str, Any] = {}
        for key, value in node.value:
            name = self._text(key)
            if name in pairs:
                self._fail(key.start_mark.line + 1, f"'{name}' is there twice", "keep one of them")
            pairs[name] = value
        return list(pairs.items())

    def _items(self, node: Any) -> list[Any]:
        """Return the items of a list; one value may stand for a list of itself."""
        if node.id == "scalar":
            return [node] if node.value else []
        if node.id != "sequence":
            self._fail(node.start_mark.line + 1, "there should be a list", "write '#  - value' on a line of its own")
        return list(node.value)

    def _text(self, node: Any) -> str:
        if node.id != "scalar":
            self._fail(node.start_mark.line + 1, "there should be one value", "write it behind the colon")
        return "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)

    def _extension(self, node: Any) -> Extension:
        said: Mapping[str, str] = {key: self._text(value) for key, value in self._pairs(node)}
        if not said.get("slot_name"):
            self._fail(node.start_mark.line + 1, "an extension without a slot_name", "name its column")
        return Extension(said["slot_name"], said.get("property", ""), said.get("type_hint", ""))

    def _fail(self, line: int, what: str, hint: str, cause: Exception | None = None) -> NoReturn:
        raise DataError(what, file=self._file, line=line, hint=hint) from cause
