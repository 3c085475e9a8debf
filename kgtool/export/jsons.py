"""Networks as JSON: for Cytoscape.js and Cytoscape, as CX2 for Cytoscape and NDEx, as node-link data, as JSON Graph.

https://js.cytoscape.org/#notation/elements-json
https://cytoscape.org/cx/cx2/specification/cytoscape-exchange-format-specification-(version-2)/
https://networkx.org/documentation/stable/reference/readwrite/json_graph.html
https://jsongraphformat.info
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite

from kgtool.export.style import LINES, caption, colour_of
from kgtool.export.values import edge_record, flat, in_text, json_record, node_record
from kgtool.network import EDGE_KEYS, LIST_KEYS, NODE_KEYS, Edge, Key, Network, Node, Value

__all__ = ["write_cx2", "write_cyjs", "write_jgf", "write_nodelink"]

#: CX2's names of types.
_CX2_TYPES = {"string": "string", "integer": "integer", "double": "double", "boolean": "boolean", "date": "string"}
_CYTOSCAPE_STYLE = """[
{"selector": "node", "style": {"label": "data(label)", "background-color": "data(color)", "font-size": 10,
  "text-wrap": "wrap", "text-max-width": 120}},
{"selector": "edge", "style": {"label": "data(caption)", "font-size": 7, "curve-style": "bezier",
  "target-arrow-shape": "triangle", "line-color": "#999", "target-arrow-color": "#999"}}
]"""


def _cyjs(network: Network) -> Iterator[str]:
    title = _json({"name": network.title, "shared_name": network.title})
    yield '{"format_version": "1.0", "generated_by": "kgtool", "target_cytoscapejs_version": "~3.0",\n'
    yield f'"data": {title},\n'
    yield f'"style": {_CYTOSCAPE_STYLE},\n"elements": {{"nodes": [\n'
    yield from _listed({"data": _cyjs_node(node)} for node in network.nodes())
    yield '],\n"edges": [\n'
    yield from _listed({"data": _cyjs_edge(edge)} for edge in network.edges())
    yield "]}}\n"


def _cyjs_node(node: Node) -> dict[str, object]:
    shown = {"id": node.id, "name": node.label, "label": node.label, "color": colour_of(node.class_)}
    return {**shown, **json_record(node_record(node))}


def _cyjs_edge(edge: Edge) -> dict[str, object]:
    # Cytoscape shows 'interaction' between the names of the ends.
    ends = {"id": edge.id, "source": edge.source, "target": edge.target, "interaction": edge.predicate}
    return {**ends, "label": edge.label, "caption": caption(edge), **json_record(edge_record(edge))}


def _nodelink(network: Network) -> Iterator[str]:
    graph = _json({"title": network.title, "language": network.language})
    yield f'{{"directed": true, "multigraph": true, "graph": {graph},\n"nodes": [\n'
    yield from _listed(
        {"id": node.id, "label": node.label, **json_record(node_record(node))} for node in network.nodes()
    )
    yield '],\n"edges": [\n'
    yield from _listed(
        {
            "source": edge.source,
            "target": edge.target,
            "key": edge.id,
            "label": edge.label,
            **json_record(edge_record(edge)),
        }
        for edge in network.edges()
    )
    yield "]}\n"


def _jgf(network: Network) -> Iterator[str]:
    """Write JSON Graph, version 2: nodes by their ids, whatever else there is as metadata."""
    metadata = _json({"language": network.language})
    yield f'{{"graph": {{"directed": true, "label": {_json(network.title)}, "metadata": {metadata},\n"nodes": {{\n'
    before = ""
    for node in network.nodes():
        value = {"label": node.label, "metadata": json_record(node_record(node))}
        yield f"{before}{_json(node.id)}: {_json(value)}"
        before = ",\n"
    yield '\n},\n"edges": [\n'
    yield from _listed(map(_jgf_edge, network.edges()))
    yield "]}}\n"


def _jgf_edge(edge: Edge) -> dict[str, object]:
    record = json_record(edge_record(edge))
    ends = {"id": edge.id, "source": edge.source, "target": edge.target, "relation": edge.predicate}
    return {**ends, "label": edge.label, "metadata": record}


def _cx2(network: Network) -> Iterator[str]:
    # CX2 numbers its nodes: the only format beside Pajek whose writer remembers every node.
    numbers: dict[str, int] = {}
    counts = {"attributeDeclarations": 1, "networkAttributes": 1, "visualProperties": 1}
    counts |= {"nodes": network.node_count, "edges": network.edge_count}
    yield '[{"CXVersion": "2.0", "hasFragments": false},\n'
    yield _json({"metaData": [{"name": name, "elementCount": count} for name, count in counts.items()]}) + ",\n"
    name = Key("name", "string", "label")
    declared = {
        "networkAttributes": {one: {"d": "string"} for one in ("name", "language")},
        "nodes": _cx2_declared((name, *NODE_KEYS, *network.keys)),
        "edges": _cx2_declared((name, Key("interaction", "string", "predicate"), *EDGE_KEYS)),
    }
    yield _json({"attributeDeclarations": [declared]}) + ",\n"
    yield _json({"networkAttributes": [{"name": network.title, "language": network.language}]}) + ",\n"
    classes: set[str] = set()

    def nodes() -> Iterator[dict[str, object]]:
        for node in network.nodes():
            numbers[node.id] = len(numbers)
            classes.add(node.class_)
            record = _typed(node_record(node), network.keys)
            yield {"id": numbers[node.id], "v": {"name": node.label, "represents": node.id, **record}}

    def edges() -> Iterator[dict[str, object]]:
        for number, edge in enumerate(network.edges()):
            ends = {"id": number, "s": numbers[edge.source], "t": numbers[edge.target]}
            record = _typed(edge_record(edge), ())
            yield {**ends, "v": {"name": edge.label, "represents": edge.id, "interaction": edge.predicate, **record}}

    yield '{"nodes": [\n'
    yield from _listed(nodes())
    yield ']},\n{"edges": [\n'
    yield from _listed(edges())
    yield "]},\n"
    yield _json({"visualProperties": [_cx2_style(sorted(classes))]}) + ",\n"
    yield '{"status": [{"success": true, "error": ""}]}]\n'


def _cx2_declared(keys: Iterable[Key]) -> dict[str, dict[str, str]]:
    declared = {
        key.name: {"d": f"list_of_{key.type}" if key.name in LIST_KEYS else _CX2_TYPES[key.type]} for key in keys
    }
    return {**declared, "represents": {"d": "string"}}


def _cx2_style(classes: list[str]) -> dict[str, object]:
    colours = [{"v": class_, "vpValue": colour_of(class_)} for class_ in classes]
    dashes = [{"v": modality, "vpValue": "EQUAL_DASH"} for modality in sorted(LINES)]
    return {
        "default": {
            "network": {"NETWORK_BACKGROUND_COLOR": "#FFFFFF"},
            "node": {"NODE_SHAPE": "ellipse", "NODE_BACKGROUND_COLOR": "#CCCCCC", "NODE_WIDTH": 40, "NODE_HEIGHT": 40},
            "edge": {"EDGE_TARGET_ARROW_SHAPE": "triangle", "EDGE_WIDTH": 1},
        },
        "nodeMapping": {
            "NODE_LABEL": {"type": "PASSTHROUGH", "definition": {"attribute": "name", "type": "string"}},
            "NODE_BACKGROUND_COLOR": {
                "type": "DISCRETE",
                "definition": {"attribute": "class", "type": "string", "map": colours},
            },
        },
        "edgeMapping": {
            "EDGE_LINE_STYLE": {
                "type": "DISCRETE",
                "definition": {"attribute": "modality", "type": "string", "map": dashes},
            }
        },
    }


def _typed(record: Mapping[str, Value], keys: Iterable[Key]) -> dict[str, object]:
    """Return a record whose values are of the types declared: CX2's readers believe the declarations."""
    plain = json_record(record)
    for key in keys:
        value = plain.get(key.name)
        if key.type == "double" and isinstance(value, str):
            plain[key.name] = _number(value)
        elif key.type == "string" and isinstance(value, list):
            plain[key.name] = flat(value)
    return {name: value for name, value in plain.items() if value is not None}


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _listed(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    before = ""
    for row in rows:
        yield before + _json(row)
        before = ",\n"
    yield "\n" if before else ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


#: Write a network as JSON for Cytoscape.js and Cytoscape.
write_cyjs = in_text(_cyjs)

#: Write a network as CX2.
write_cx2 = in_text(_cx2)

#: Write a network as node-link data, as networkx and D3 read it.
write_nodelink = in_text(_nodelink)

#: Write a network as JSON Graph.
write_jgf = in_text(_jgf)
