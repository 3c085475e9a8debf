"""Edge and node lists as CSV and as Parquet. The only module that imports pyarrow.

https://www.rfc-editor.org/rfc/rfc4180 · https://parquet.apache.org
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import BinaryIO

from kgtool.errors import StoreError
from kgtool.export.values import edge_record, flat, in_text, node_record, visible
from kgtool.network import EDGE_KEYS, LIST_KEYS, NODE_KEYS, Key, Network, Value

__all__ = [
    "edge_rows",
    "node_rows",
    "separated",
    "write_csv_edges",
    "write_csv_excel",
    "write_csv_excel_nodes",
    "write_csv_nodes",
    "write_parquet_edges",
    "write_parquet_nodes",
]

#: The columns of a table, and its rows.
_Table = tuple[Sequence[Key], Iterator[dict[str, Value]]]

_EDGE_ENDS = tuple(Key(name, "string", name) for name in ("id", "source", "target", "label"))
_NODE_NAMES = tuple(Key(name, "string", name) for name in ("id", "label"))

#: A cell that starts so is a formula to a spreadsheet; the wide forms where its language is Chinese or Japanese.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.ASCII)

#: What a cell may not hold without quotes around it, and what no cell may hold.
_SPECIAL = re.compile('[",\n\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')

#: Rows of one group of a Parquet file.
_GROUP = 50_000


def edge_rows(network: Network) -> _Table:
    """Return the columns of an edge list, and its rows."""
    rows = (
        {"id": edge.id, "source": edge.source, "target": edge.target, "label": edge.label, **edge_record(edge)}
        for edge in network.edges()
    )
    return (*_EDGE_ENDS, *EDGE_KEYS), rows


def node_rows(network: Network) -> _Table:
    """Return the columns of a node list, and its rows."""
    rows = ({"id": node.id, "label": node.label, **node_record(node)} for node in network.nodes())
    return (*_NODE_NAMES, *NODE_KEYS, *network.keys), rows


def separated(columns: Sequence[Key], rows: Iterable[Mapping[str, Value]], *, disarm: bool = False) -> Iterator[str]:
    """Write rows as lines of values between commas, the names of the columns first.

    The standard library's writer does not quote a carriage return, which then ends the row for most readers.

    :param disarm: whether a cell that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    yield ",".join(_quoted(key.name) for key in columns) + "\n"
    names = [key.name for key in columns]
    for row in rows:
        cells = [flat(row.get(name)) for name in names]
        if disarm:
            cells = [
                f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell for cell in cells
            ]
        yield ",".join(map(_quoted, cells)) + "\n"


def _quoted(text: str) -> str:
    return text if _SPECIAL.search(text) is None else '"' + visible(text).replace('"', '""') + '"'


def _excel(network: Network, rows: Callable[[Network], _Table]) -> Iterator[str]:
    yield "\ufeff"  # without it Excel takes the bytes for another encoding
    yield from separated(*rows(network), disarm=True)


#: Write a network's edges or nodes as CSV; the same so that Excel shows Chinese and computes nothing.
write_csv_edges = in_text(lambda network: separated(*edge_rows(network)))
write_csv_nodes = in_text(lambda network: separated(*node_rows(network)))
write_csv_excel = in_text(partial(_excel, rows=edge_rows))
write_csv_excel_nodes = in_text(partial(_excel, rows=node_rows))


def write_parquet_edges(network: Network, stream: BinaryIO) -> None:
    """Write a network's edges as Parquet."""
    _write_parquet(*edge_rows(network), stream)


def write_parquet_nodes(network: Network, stream: BinaryIO) -> None:
    """Write a network's nodes as Parquet."""
    _write_parquet(*node_rows(network), stream)


def _write_parquet(columns: Sequence[Key], rows: Iterator[dict[str, Value]], stream: BinaryIO) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as exc:
        raise StoreError(
            "Parquet is written by pyarrow, which is not here", hint="pip install 'kgtool[parquet]'"
        ) from exc
    types = {"integer": pa.int64(), "double": pa.float64(), "boolean": pa.bool_()}
    # Dates are text, as everywhere else: a year before 1 or after 9999 is one too.
    schema = pa.schema(
        [
            (key.name, pa.list_(pa.string()) if key.name in LIST_KEYS else types.get(key.type, pa.string()))
            for key in columns
        ]
    )
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while group := list(islice(rows, _GROUP)):
            arrays = [[_cell(row.get(key.name), key) for row in group] for key in columns]
            writer.write_table(pa.table(arrays, schema=schema))


def _cell(value: Value, key: Key) -> object:
    if key.name in LIST_KEYS:
        return [visible(flat(one)) for one in value] if isinstance(value, list | tuple) else None
    if value is None or (key.type in {"integer", "boolean"}):
        return value
    if key.type == "double":
        try:
            return float(flat(value))
        except ValueError:
            return None
    return visible(flat(value))
