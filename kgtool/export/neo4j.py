"""Neo4j: tables for ``neo4j-admin database import``, and a Cypher script that can be run again and again.

https://neo4j.com/docs/operations-manual/current/import/ · https://neo4j.com/docs/cypher-manual/current/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kgtool.export.tables import separated
from kgtool.export.values import edge_record, flat, in_text, node_record, visible
from kgtool.network import EDGE_KEYS, LIST_KEYS, NODE_KEYS, Key, Network, Value

__all__ = ["PARTS"]

#: What stands between the members of a list; inside one it becomes its wide form, as there is no escape.
_BETWEEN = ";"

_TYPES = {"string": "string", "integer": "int", "double": "double", "boolean": "boolean", "date": "string"}

_README = """\
{title}

A new database, fast:
    neo4j-admin database import full neo4j --nodes=nodes.csv --relationships=relationships.csv \\
        --array-delimiter=";" --multiline-fields=true
A running one, as often as you like:
    cypher-shell -f import.cypher
Then, in the Neo4j Browser:
    MATCH (p:IndustrialPark)-[r]->(x) RETURN p, r, x LIMIT 100
"""


def _nodes(network: Network) -> Iterator[str]:
    keys = (*NODE_KEYS, *network.keys)
    columns = [_column("id:ID"), _column(":LABEL"), _column("label:string"), *(_typed(key) for key in keys)]

    def rows() -> Iterator[dict[str, Value]]:
        for node in network.nodes():
            labels = _BETWEEN.join(_labels(node.classes))
            row: dict[str, Value] = {"id:ID": node.id, ":LABEL": labels, "label:string": node.label}
            yield row | _renamed(node_record(node), keys)

    return separated(columns, rows())


def _relationships(network: Network) -> Iterator[str]:
    ends = (":START_ID", ":END_ID", ":TYPE", "id:string", "label:string")
    columns = [*(_column(name) for name in ends), *(_typed(key) for key in EDGE_KEYS)]

    def rows() -> Iterator[dict[str, Value]]:
        for edge in network.edges():
            values = (edge.source, edge.target, _type(edge.predicate), edge.id, edge.label)
            yield dict(zip(ends, values, strict=True)) | _renamed(edge_record(edge), EDGE_KEYS)

    return separated(columns, rows())


def _cypher(network: Network) -> Iterator[str]:
    yield "// Run it as often as you like: nodes and relationships are found by their ids.\n"
    yield "CREATE CONSTRAINT thing_id IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE;\n"
    yield "CREATE INDEX thing_label IF NOT EXISTS FOR (n:Thing) ON (n.label);\n"
    for node in network.nodes():
        labels = "".join(f":{_name(label)}" for label in _labels(node.classes)[1:])
        more = f"SET n{labels} " if labels else ""
        properties = _map({"label": node.label, **node_record(node)})
        yield f"MERGE (n:Thing {{id: {_string(node.id)}}}) {more}SET n += {properties};\n"
    for edge in network.edges():
        ends = f"MATCH (a:Thing {{id: {_string(edge.source)}}}) MATCH (b:Thing {{id: {_string(edge.target)}}})"
        properties = _map({"label": edge.label, **edge_record(edge)})
        yield (
            f"{ends} MERGE (a)-[r:{_name(_type(edge.predicate))} {{id: {_string(edge.id)}}}]->(b)"
            f" SET r += {properties};\n"
        )


def _readme(network: Network) -> Iterator[str]:
    yield _README.format(title=visible(network.title))


def _column(name: str) -> Key:
    return Key(name, "string", name)


def _typed(key: Key) -> Key:
    """Return the column of an attribute: a list is one here and in the script alike."""
    several = "[]" if key.name in LIST_KEYS else ""
    return _column(f"{key.name.replace(':', '_')}:{_TYPES[key.type]}{several}")


def _renamed(record: Mapping[str, Value], keys: tuple[Key, ...]) -> dict[str, Value]:
    return {_typed(key).name: _cell(key.name, record[key.name]) for key in keys if key.name in record}


def _cell(name: str, value: Value) -> Value:
    if name not in LIST_KEYS or not isinstance(value, list | tuple):
        return value
    return _BETWEEN.join(flat(one).replace(_BETWEEN, "；") for one in value)


def _labels(classes: tuple[str, ...]) -> list[str]:
    """Return the labels of a node: ``Thing``, then the local names of its classes."""
    names = (re.sub(r"\W", "_", re.split(r"[:/#]", class_)[-1]) for class_ in classes)
    return list(dict.fromkeys(["Thing", *filter(None, names)]))


def _type(predicate: str) -> str:
    """Return the type of a relationship: ``ip:hasLeadingIndustry`` is ``HAS_LEADING_INDUSTRY``."""
    local = re.split(r"[:/#]", predicate)[-1]
    return re.sub(r"\W", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", local)).upper() or "RELATED_TO"


def _name(text: str) -> str:
    return "`" + text.replace("`", "``") + "`"


def _map(record: Mapping[str, Value]) -> str:
    return "{" + ", ".join(f"{_name(name)}: {_value(value)}" for name, value in record.items()) + "}"


def _value(value: Value) -> str:
    if isinstance(value, bool) or not isinstance(value, str | list | tuple):
        return flat(value) or "null"
    return _string(value) if isinstance(value, str) else "[" + ", ".join(_string(flat(one)) for one in value) + "]"


#: Escapes of Cypher's strings; any other character stands as it is.
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _string(text: str) -> str:
    # cypher-shell ends a statement at a line that ends in a semicolon, so no string may hold a line break.
    return "'" + visible(text).translate(_ESCAPES) + "'"


#: The files of an export, with what writes each.
PARTS = {
    "nodes.csv": in_text(_nodes),
    "relationships.csv": in_text(_relationships),
    "import.cypher": in_text(_cypher),
    "README.txt": in_text(_readme),
}
