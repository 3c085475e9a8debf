"""GEXF 1.3, for Gephi and Gephi Lite.

https://gexf.net/schema.html

Its RELAX NG schema is right; the XSD published beside it rejects every ``viz:`` element. Intervals (``start``, ``end``)
make Gephi's timeline work; ``kind`` keeps parallel edges apart.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache, partial

from kgtool.export.style import rgb_of
from kgtool.export.values import edge_record, flat, in_text, node_record, repeated, span
from kgtool.export.xmltext import attribute
from kgtool.network import EDGE_KEYS, NODE_KEYS, Edge, Key, Network, Value

__all__ = ["write_gexf", "write_gexf_static"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
"""
_TYPES = {"string": "string", "integer": "integer", "double": "double", "boolean": "boolean", "date": "string"}

#: Attributes that a timeline is made of.
_INTERVALS = frozenset(("start", "end"))

#: The size of a node without edges, and how it grows.
_SMALLEST, _GROWTH = 8.0, 4.0


def _pieces(network: Network, *, timeline: bool = True) -> Iterator[str]:
    yield _HEAD
    yield f"<meta><creator>kgtool</creator><description>{attribute(network.title)}</description></meta>\n"
    mode = 'mode="dynamic" timeformat="date"' if timeline else 'mode="static"'
    yield f'<graph {mode} defaultedgetype="directed">\n'
    # Where start and end are intervals, they are not attributes as well.
    intervals = _INTERVALS if timeline else frozenset()
    interval = _interval if timeline else (lambda *_: "")
    yield from _declared("node", (*NODE_KEYS, *network.keys), intervals)
    yield from _declared("edge", EDGE_KEYS, intervals)
    yield f'<nodes count="{network.node_count}">\n'
    for node in network.nodes():
        red, green, blue = rgb_of(node.class_)
        yield f'<node id="{attribute(node.id)}" label="{attribute(node.label)}"{interval(node.start, node.end)}>'
        yield _values(node_record(node), intervals)
        yield f'<viz:color r="{red}" g="{green}" b="{blue}"/>'
        yield f'<viz:size value="{_SMALLEST + _GROWTH * math.sqrt(node.degree):.2f}"/></node>\n'
    yield f'</nodes>\n<edges count="{network.edge_count}">\n'
    name = lru_cache(maxsize=10_000)(attribute)

    def rest(edge: Edge) -> str:
        label = attribute(edge.label)
        values = _values(edge_record(edge), intervals)
        return f' label="{label}" kind="{label}"{interval(edge.start, edge.end)}>{values}</edge>\n'

    of_edge = repeated(rest)
    for edge in network.edges():
        ends = f'source="{name(edge.source)}" target="{name(edge.target)}"'
        yield f'<edge id="{attribute(edge.id)}" {ends}{of_edge(edge)}'
    yield "</edges>\n</graph>\n</gexf>\n"


def _declared(what: str, keys: Iterable[Key], without: Collection[str]) -> Iterator[str]:
    yield f'<attributes class="{what}">\n'
    for key in keys:
        if key.name not in without:
            yield f'<attribute id="{attribute(key.name)}" title="{attribute(key.name)}" type="{_TYPES[key.type]}"/>\n'
    yield "</attributes>\n"


def _interval(start: str, end: str) -> str:
    if not (start or end):
        return ""
    first, last = span(start, end)
    return (f' start="{first}"' if first else "") + (f' end="{last}"' if last else "")


def _values(record: Mapping[str, Value], without: Collection[str]) -> str:
    values = "".join(
        f'<attvalue for="{attribute(name)}" value="{attribute(flat(value))}"/>'
        for name, value in record.items()
        if name not in without
    )
    return f"<attvalues>{values}</attvalues>" if values else ""


#: Write a network as GEXF 1.3, with a timeline or with first and last day as attributes.
write_gexf = in_text(_pieces)
write_gexf_static = in_text(partial(_pieces, timeline=False))
