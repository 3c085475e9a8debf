"""KGX: the Biolink community's node and edge tables.

https://github.com/biolink/kgx/blob/master/specification/kgx-format.md

Categories and predicates are Biolink's most general ones; what the graph itself says is beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from kgtool.export.tables import edge_rows, node_rows
from kgtool.export.values import flat, in_text, one_line
from kgtool.network import Key, Network, Value

__all__ = ["PARTS"]

_NODE_NAMES = ("id", "category", "name", "description", "iri", "xref", "provided_by")
_NODE_COLUMNS = tuple(Key(name, "string", name) for name in _NODE_NAMES)
_EDGE_NAMES = ("id", "subject", "predicate", "object", "relation", "knowledge_level", "agent_type")
_EDGE_COLUMNS = tuple(Key(name, "string", name) for name in (*_EDGE_NAMES, "primary_knowledge_source"))
#: Biolink's words for how an assertion is meant.
_LEVELS = {"derived": "logical_entailment", "planned": "prediction", "target": "prediction", "demanded": "prediction"}
_SOURCE = "infores:kgtool"


def _nodes(network: Network) -> Iterator[str]:
    columns, rows = node_rows(network)
    more = [key for key in columns if key.name not in {"id", "label", "iri", "links", "description"}]
    return _lines((*_NODE_COLUMNS, *more), map(_node, rows))


def _node(row: dict[str, Value]) -> dict[str, Value]:
    return {
        **row,
        "category": "biolink:NamedThing",
        "name": row.get("label"),
        "xref": row.get("links"),
        "provided_by": _SOURCE,
    }


def _edges(network: Network) -> Iterator[str]:
    columns, rows = edge_rows(network)
    more = [key for key in columns if key.name not in {"id", "source", "target", "predicate"}]
    return _lines((*_EDGE_COLUMNS, *more), map(_edge, rows))


def _edge(row: dict[str, Value]) -> dict[str, Value]:
    return {
        **row,
        "subject": row["source"],
        "object": row["target"],
        "predicate": "biolink:related_to",
        "relation": row.get("predicate"),
        "knowledge_level": _LEVELS.get(str(row.get("modality")), "knowledge_assertion"),
        "agent_type": "manual_agent",
        "primary_knowledge_source": _SOURCE,
    }


def _lines(columns: Sequence[Key], rows: Iterable[Mapping[str, Value]]) -> Iterator[str]:
    """Write rows as KGX reads them: between tabs, a quote being a quote, so a value stands on one line."""
    yield "\t".join(one_line(key.name) for key in columns) + "\n"
    for row in rows:
        yield "\t".join(one_line(_cell(row.get(key.name))) for key in columns) + "\n"


def _cell(value: Value) -> str:
    """Write a value; KGX cuts a list at every bar, without room around it, so a bar inside becomes a wide one."""
    if value is None or isinstance(value, str | int | float | Decimal):
        return flat(value)
    return "|".join(flat(one).replace("|", "｜") for one in value)


#: The files of an export, with what writes each.
PARTS = {"nodes.tsv": in_text(_nodes), "edges.tsv": in_text(_edges)}
