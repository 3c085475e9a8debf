"""How drawings look: a colour and a shape for every class, a line for every modality, a caption for every edge."""

from __future__ import annotations

import zlib
from decimal import Decimal

from kgtool.export.values import digits
from kgtool.network import Edge

__all__ = ["FONTS", "LINES", "caption", "colour_of", "rgb_of", "shape_of"]

#: Fonts with Chinese glyphs, by platform; the first that is installed is used.
FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Zen Hei, sans-serif"
#: Colours that tell apart on white and for colour-blind eyes, and carry black text.
_COLOURS = {
    "ip:IndustrialPark": "#e69f00",
    "ip:ParkAggregate": "#f3c766",
    "ip:FreeTradeZoneArea": "#f3c766",
    "ip:AdministrativeArea": "#b5b5b5",
    "ip:Facility": "#d0d0d0",
    "ip:Industry": "#56b4e9",
    "ip:IndustryChain": "#8ecdf2",
    "ip:IndustrialCluster": "#8ecdf2",
    "ip:IndustryStructure": "#bfe3f7",
    "ip:Indicator": "#c8c8f0",
    "ip:PublicBody": "#cc79a7",
    "ip:JointPartyCommittee": "#e0a9c8",
    "ip:Company": "#e0a9c8",
    "ip:University": "#e0a9c8",
    "ip:Title": "#f0e442",
    "ip:RankingList": "#f0e442",
    "ip:DemonstrationBase": "#f7f09a",
    "ip:Mechanism": "#33b894",
    "ip:PolicyInstrument": "#7fd1b9",
    "ip:ActionPlan": "#7fd1b9",
    "ip:Strategy": "#7fd1b9",
    "ip:DevelopmentVision": "#a9e0cf",
    "ip:Slogan": "#c9ecdf",
    "ip:Project": "#a6cee3",
    "ip:ReportedAction": "#e08a5b",
    "ip:Directive": "#e5a583",
    "ip:PlannedMeasure": "#edc0a8",
    "ip:Target": "#f3d6c6",
    "ip:Characterization": "#ead9c0",
    "ip:EnumeratedGroup": "#d9c8e8",
}
#: Colours for classes that the table does not know, chosen by name.
_OTHERS = ("#9ecae1", "#fdae6b", "#a1d99b", "#bcbddc", "#fdd0a2", "#c7e9c0", "#dadaeb", "#d9d9d9", "#e7cb94", "#ceb5d6")

_SHAPES = {
    "ip:IndustrialPark": "box",
    "ip:ParkAggregate": "box",
    "ip:Indicator": "hexagon",
    "ip:Title": "diamond",
    "ip:RankingList": "diamond",
    "ip:ReportedAction": "note",
    "ip:Directive": "note",
    "ip:PlannedMeasure": "note",
    "ip:Target": "note",
    "ip:Characterization": "note",
    "ip:Attribution": "note",
}

#: How the line of an edge is drawn, by modality: solid where nothing else is said.
LINES = {"planned": "dashed", "target": "dashed", "demanded": "dashed", "filed": "dashed", "derived": "dotted"}


def colour_of(class_: str) -> str:
    """Return the colour of a class, given as a CURIE: the same in every export, and whatever else is in the graph.

    >>> colour_of("ip:IndustrialPark")
    '#e69f00'
    """
    return _COLOURS.get(class_) or _OTHERS[zlib.crc32(class_.encode("utf-8", "replace")) % len(_OTHERS)]


def rgb_of(class_: str) -> tuple[int, int, int]:
    """Return the colour of a class as red, green and blue.

    >>> rgb_of("ip:IndustrialPark")
    (230, 159, 0)
    """
    colour = colour_of(class_)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def shape_of(class_: str) -> str:
    """Return the shape of a class as Graphviz names it: box, ellipse, hexagon, diamond or note."""
    return _SHAPES.get(class_, "ellipse")


def caption(edge: Edge) -> str:
    """Return what is written on an edge: its label, and the value, status or rank of a statement.

    >>> caption(Edge("e", "a", "b", "ip:Observation", "share: output", written="33.6%"))
    'share: output 33.6%'
    >>> caption(Edge("e", "a", "b", "ip:Observation", "output", value=Decimal("140.90"), scale=Decimal(100000000)))
    'output 14090000000'
    """
    rank = "" if edge.rank is None else str(edge.rank) + (f"/{edge.ranked_among}" if edge.ranked_among else "")
    return " ".join(filter(None, (edge.label or edge.predicate, edge.written or _figure(edge), edge.status, rank)))


def _figure(edge: Edge) -> str:
    if edge.value is None:
        return ""
    scale = edge.scale or Decimal(1)
    # Python multiplies no further than so many digits.
    near = abs(edge.value.adjusted()) + abs(scale.adjusted()) < 1000
    number = digits((edge.value * scale).normalize()) if near else f"{digits(edge.value)} × {digits(scale)}"
    return f"{number} {edge.unit}".rstrip()
