"""KGX: the Biolink community's node and edge tables.

https://github.com/biolink/kgx/blob/master/specification/kgx-format.md

Categories and predicates are Biolink's most general ones; what the graph itself says is beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from kgtool.export.tables import edge_rows, node_rows
from kgtool.export.values import flat, in_text, one_line
from kgtool.namespaces import compress
from kgtool.network import Key, Network, Value
from kgtool.network.rules import SAME

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
    more = [key for key in columns if key.name not in {"id", "label", "iri", "description"}]
    same = {compress(iri, network.prefixes) for iri in SAME}
    return _lines((*_NODE_COLUMNS, *more), (_node(row, same) for row in rows))


def _node(row: dict[str, Value], same: Collection[str]) -> dict[str, Value]:
    return {
        **row,
        "category": "biolink:NamedThing",
        "name": row.get("label"),
        "xref": _same(row, same),
        "provided_by": _SOURCE,
    }


def _same(row: Mapping[str, Value], same: Collection[str]) -> Value:
    """Return what the node is the same as elsewhere: a cross-reference of KGX is no mere neighbour."""
    links, relations = row.get("links"), row.get("relations")
    assert isinstance(links, tuple | None)
    assert isinstance(relations, tuple | None)
    return tuple(link for link, relation in zip(links or (), relations or (), strict=False) if relation in same)


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
