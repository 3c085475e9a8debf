"""GraphML, for yEd, Cytoscape, igraph, networkx and many more; a variant with what yEd draws.

http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from kgtool.export.style import LINES, caption, colour_of, shape_of
from kgtool.export.values import edge_record, flat, in_text, node_record, repeated
from kgtool.export.xmltext import attribute, content
from kgtool.network import EDGE_KEYS, NODE_KEYS, Edge, Key, Network, Node, Value

__all__ = ["write_graphml", "write_graphml_yed"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{more} \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns {schema}">
"""
_SCHEMA = "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"
_YED = ' xmlns:y="http://www.yworks.com/xml/graphml"'
_YED_SCHEMA = "http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd"

_TYPES = {"string": "string", "integer": "int", "double": "double", "boolean": "boolean", "date": "string"}
_LABEL = Key("label", "string", "label")

#: yEd's names of shapes, and of lines.
_YED_SHAPES = {"box": "rectangle", "note": "roundrectangle"} | {one: one for one in ("ellipse", "hexagon", "diamond")}
_YED_LINES = {"dashed": "dashed", "dotted": "dotted"}
#: The size of a box, and the grid that boxes stand on until a layout is chosen.
_HEIGHT, _ROW, _COLUMN = 30, 70, 260
#: A label wider than this is broken by yEd.
_WIDEST = 220


def _pieces(network: Network) -> Iterator[str]:
    yield _HEAD.format(more="", schema=_SCHEMA)
    yield from _keys(network)
    yield '<graph id="G" edgedefault="directed">\n'
    for node in network.nodes():
        data = _data("n", node.label, node_record(node))
        yield f'<node id="{attribute(node.id)}">{data}</node>\n'
    name = lru_cache(maxsize=10_000)(attribute)
    of_edge = repeated(lambda edge: _data("e", edge.label, edge_record(edge)))
    for edge in network.edges():
        ends = f'source="{name(edge.source)}" target="{name(edge.target)}"'
        yield f'<edge id="{attribute(edge.id)}" {ends}>{of_edge(edge)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _yed_pieces(network: Network) -> Iterator[str]:
    yield _HEAD.format(more=_YED, schema=_YED_SCHEMA)
    yield from _keys(network)
    yield '<key id="node_graphics" for="node" yfiles.type="nodegraphics"/>\n'
    yield '<key id="edge_graphics" for="edge" yfiles.type="edgegraphics"/>\n'
    yield '<graph id="G" edgedefault="directed">\n'
    columns = max(1, math.isqrt(network.node_count))
    for number, node in enumerate(network.nodes()):
        x, y = (number % columns) * _COLUMN, (number // columns) * _ROW
        data = _data("n", node.label, node_record(node))
        yield f'<node id="{attribute(node.id)}">{data}{_yed_node(node, x, y)}</node>\n'
    for edge in network.edges():
        data = _data("e", edge.label, edge_record(edge))
        yield (
            f'<edge id="{attribute(edge.id)}" source="{attribute(edge.source)}" target="{attribute(edge.target)}">'
            f"{data}{_yed_edge(edge)}</edge>\n"
        )
    yield "</graph>\n</graphml>\n"


def _keys(network: Network) -> Iterator[str]:
    yield from _declared("node", (_LABEL, *NODE_KEYS, *network.keys))
    yield from _declared("edge", (_LABEL, *EDGE_KEYS))


def _declared(what: str, keys: Iterable[Key]) -> Iterator[str]:
    for key in keys:
        id_ = attribute(f"{what[0]}_{key.name}")
        yield f'<key id="{id_}" for="{what}" attr.name="{attribute(key.name)}" attr.type="{_TYPES[key.type]}"/>\n'


def _data(prefix: str, label: str, record: Mapping[str, Value]) -> str:
    data = "".join(
        f'<data key="{prefix}_{attribute(name)}">{content(flat(value))}</data>' for name, value in record.items()
    )
    return f'<data key="{prefix}_label">{content(label)}</data>{data}'


def _yed_node(node: Node, x: int, y: int) -> str:
    text = node.label or node.id
    width = min(_WIDEST, 24 + sum(12 if ord(ch) > 0x2E7F else 7 for ch in text[:_WIDEST]))
    return (
        '<data key="node_graphics"><y:ShapeNode>'
        f'<y:Geometry x="{x}" y="{y}" width="{width}" height="{_HEIGHT}"/>'
        f'<y:Fill color="{colour_of(node.class_)}" transparent="false"/>'
        f'<y:NodeLabel modelName="internal" modelPosition="c">{content(text)}</y:NodeLabel>'
        f'<y:Shape type="{_YED_SHAPES[shape_of(node.class_)]}"/></y:ShapeNode></data>'
    )


def _yed_edge(edge: Edge) -> str:
    line = _YED_LINES.get(LINES.get(edge.modality, ""), "line")
    return (
        f'<data key="edge_graphics"><y:PolyLineEdge><y:LineStyle color="#707070" type="{line}" width="1.0"/>'
        '<y:Arrows source="none" target="standard"/>'
        f"<y:EdgeLabel>{content(caption(edge))}</y:EdgeLabel></y:PolyLineEdge></data>"
    )


#: Write a network as GraphML.
write_graphml = in_text(_pieces)

#: Write a network as GraphML with the shapes, colours and labels that yEd draws.
write_graphml_yed = in_text(_yed_pieces)
