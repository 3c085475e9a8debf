"""Draw the pictures of docs/exports.md: export a part of the graph, read each file back, and draw what is in it.

Run ``python docs/pictures/draw.py`` after a format changed. ``--screens`` photographs the HTML explorer as well, which
takes Chromium and playwright. No program is imitated beyond what helps to find one's way in it.
"""

from __future__ import annotations

import csv
import json
import math
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from kgtool.build import open_built
from kgtool.export import export
from kgtool.namespaces import read_prefixes
from kgtool.network import Network, read_network
from kgtool.project import Project, shipped_root

HERE = Path(__file__).parent
#: The part of the graph that is drawn: see docs/exports.md.
AROUND, EXCLUDED = "km:hi-tech-zone", ("ip:Indicator", "ip:Directive")

WIDTH, HEIGHT = 960, 600
#: How wide a label may be; a Chinese character counts two.
LABEL = 22
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Zen Hei, sans-serif"


class Node(NamedTuple):
    """A node as a file has it."""

    id: str
    label: str
    colour: str = "#a8c8e8"
    size: float = 14
    shape: str = "circle"


class Edge(NamedTuple):
    """An edge as a file has it."""

    source: str
    target: str
    label: str = ""
    dash: str = ""


Table = tuple[Sequence[str], Sequence[Sequence[str]]]
#: A point of a picture, and a part of it: left, top, right, bottom.
Spot = tuple[float, float]
Area = tuple[float, float, float, float]


# Reading what was written ------------------------------------------------------------------------------------------


def read_gexf(file: Path) -> tuple[list[Node], list[Edge], list[str]]:
    """Return nodes and edges of a GEXF file, and the days between which things are true."""
    names = {"g": "http://gexf.net/1.3", "v": "http://gexf.net/1.3/viz"}
    root = ET.parse(file).getroot()  # noqa: S314 (our own file)
    nodes = []
    for node in root.iterfind(".//g:node", names):
        colour, size = node.find("v:color", names), node.find("v:size", names)
        assert colour is not None
        assert size is not None
        rgb = "#" + "".join(f"{int(colour.attrib[part]):02x}" for part in "rgb")
        nodes.append(Node(node.attrib["id"], node.attrib["label"], rgb, float(size.attrib["value"]) / 1.6))
    edges = [
        Edge(one.attrib["source"], one.attrib["target"], one.get("label", "")) for one in _all(root, "g:edge", names)
    ]
    days = sorted({day for one in root.iter() for key in ("start", "end") if (day := one.get(key))})
    return nodes, edges, days


def read_yed(file: Path) -> tuple[list[Node], list[Edge]]:
    """Return nodes and edges of a GraphML file for yEd, as yEd draws them."""
    names = {"g": "http://graphml.graphdrawing.org/xmlns", "y": "http://www.yworks.com/xml/graphml"}
    root = ET.parse(file).getroot()  # noqa: S314 (our own file)
    nodes = []
    for node in _all(root, "g:node", names):
        label, fill = node.find(".//y:NodeLabel", names), node.find(".//y:Fill", names)
        assert label is not None
        assert fill is not None
        nodes.append(Node(node.attrib["id"], label.text or "", fill.attrib["color"], shape="box"))
    edges = []
    for edge in _all(root, "g:edge", names):
        label, line = edge.find(".//y:EdgeLabel", names), edge.find(".//y:LineStyle", names)
        dash = {"dashed": "6 4", "dotted": "2 3"}.get(line.attrib["type"] if line is not None else "", "")
        edges.append(
            Edge(edge.attrib["source"], edge.attrib["target"], (label.text if label is not None else "") or "", dash)
        )
    return nodes, edges


def read_cyjs(file: Path) -> tuple[list[Node], list[Edge], Table]:
    """Return nodes, edges and the node table of a Cytoscape.js file."""
    elements = json.loads(file.read_text(encoding="utf-8"))["elements"]
    nodes = [Node(one["data"]["id"], one["data"]["label"], one["data"]["color"]) for one in elements["nodes"]]
    edges = [Edge(one["data"]["source"], one["data"]["target"]) for one in elements["edges"]]
    columns = ("name", "classLabel", "label_en", "degree")
    rows = [[str(one["data"].get(column, "")) for column in columns] for one in elements["nodes"]]
    return nodes, edges, (columns, rows)


def read_neo4j(folder: Path) -> tuple[list[Node], list[Edge]]:
    """Return nodes and relationships of the tables for neo4j-admin."""
    palette = (
        "#f79767",
        "#57c7e3",
        "#f16667",
        "#d9c8ae",
        "#8dcc93",
        "#ecb5c9",
        "#4c8eda",
        "#ffc454",
        "#da7194",
        "#569480",
    )
    with (folder / "nodes.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    labels = sorted({row[":LABEL"] for row in rows})
    nodes = [
        Node(row["id:ID"], row["label:string"], palette[labels.index(row[":LABEL"]) % len(palette)], 26, "inside")
        for row in rows
    ]
    with (folder / "relationships.csv").open(encoding="utf-8", newline="") as stream:
        edges = [Edge(row[":START_ID"], row[":END_ID"], row[":TYPE"]) for row in csv.DictReader(stream)]
    return nodes, edges


def read_mermaid(file: Path) -> tuple[list[Node], list[Edge]]:
    """Return nodes and edges of a flowchart."""
    text = file.read_text(encoding="utf-8")
    fills = dict(re.findall(r"classDef (\w+) fill:(#\w+)", text))
    nodes = [
        Node(name, label.replace("<br>", ""), fills.get(class_, "#ececff"), shape="box")
        for name, label, class_ in re.findall(r'^\s*(\w+)[\[({]+"(.*?)"[\])}]+:::(\w+)', text, re.MULTILINE)
    ]
    edges = [
        Edge(one, other, label.strip('"'), "5 4" if "." in line else "")
        for one, line, label, other in re.findall(r"^\s*(\w+) ([-.=]+>)(?:\|(.*?)\|)? ?(\w+)\s*$", text, re.MULTILINE)
    ]
    return nodes, edges


def read_table(file: Path, columns: Sequence[str], *, delimiter: str, rows: int) -> Table:
    """Return some columns of the first rows of a table."""
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, delimiter=delimiter)
        return columns, [[row[column] for column in columns] for row, _ in zip(reader, range(rows), strict=False)]


def _all(root: ET.Element, path: str, names: dict[str, str]) -> list[ET.Element]:
    return root.findall(f".//{path}", names)


# Drawing -----------------------------------------------------------------------------------------------------------


def place(nodes: Sequence[Node], edges: Sequence[Edge], width: float, height: float) -> dict[str, tuple[float, float]]:
    """Place nodes by forces (Fruchterman and Reingold); without chance, so the same file looks the same."""
    order = {node.id: n for n, node in enumerate(nodes)}
    spots = [
        [math.cos(2.4 * n) * math.sqrt(n + 0.5), math.sin(2.4 * n) * math.sqrt(n + 0.5)] for n in range(len(nodes))
    ]
    ideal = 1.6
    for turn in range(400):
        forces = [[-x * 0.02, -y * 0.05] for x, y in spots]
        for one in range(len(spots)):
            for other in range(one):
                x, y = spots[one][0] - spots[other][0], spots[one][1] - spots[other][1]
                push = ideal**2 / max(x * x + y * y, 0.05)
                for axis, part in enumerate((x, y)):
                    forces[one][axis] += part * push
                    forces[other][axis] -= part * push
        for edge in edges:
            one, other = order[edge.source], order[edge.target]
            x, y = spots[other][0] - spots[one][0], spots[other][1] - spots[one][1]
            pull = math.hypot(x, y) / ideal / 4
            for axis, part in enumerate((x, y)):
                forces[one][axis] += part * pull
                forces[other][axis] -= part * pull
        heat = 0.6 * (1 - turn / 400)
        for spot, (x, y) in zip(spots, forces, strict=True):
            step = min(heat, math.hypot(x, y)) / (math.hypot(x, y) or 1)
            spot[0] += x * step
            spot[1] += y * step
    lows = [min(spot[axis] for spot in spots) for axis in (0, 1)]
    spans = [(max(spot[axis] for spot in spots) - lows[axis]) or 1 for axis in (0, 1)]
    return {
        node.id: ((spot[0] - lows[0]) / spans[0] * width, (spot[1] - lows[1]) / spans[1] * height)
        for node, spot in zip(nodes, spots, strict=True)
    }


def box_of(node: Node) -> tuple[float, float, float, float]:
    """Return how far a node with its label reaches to the left, up, to the right and down."""
    wide = size_of(cut(node.label, LABEL)) * 5.6 / 2 + 7
    if node.shape == "box":
        return wide, 13, wide, 13
    if node.shape == "inside":
        return node.size, node.size, node.size, node.size
    return max(wide, node.size), node.size, max(wide, node.size), node.size + 18


def spread(nodes: Sequence[Node], spots: dict[str, Spot], within: Area) -> dict[str, Spot]:
    """Push nodes apart until no label lies on another, each pair along the shorter way, and none leaves the window."""
    places = {name: list(spot) for name, spot in spots.items()}
    boxes = {node.id: box_of(node) for node in nodes}
    for _ in range(300):
        moved = False
        for n, one in enumerate(nodes):
            for other in nodes[:n]:
                here, there, mine, its = places[one.id], places[other.id], boxes[one.id], boxes[other.id]
                gaps = []
                for axis in (0, 1):
                    if here[axis] < there[axis]:
                        gaps.append(there[axis] - its[axis] - here[axis] - mine[axis + 2])
                    else:
                        gaps.append(here[axis] - mine[axis] - there[axis] - its[axis + 2])
                axis = 0 if gaps[0] > gaps[1] else 1
                if gaps[axis] < 8:
                    push = (8.5 - gaps[axis]) / 2 * (-1 if here[axis] < there[axis] else 1)
                    here[axis] += push
                    there[axis] -= push
                    moved = True
        for name, spot in places.items():
            left, up, right, down = boxes[name]
            spot[0] = min(max(spot[0], within[0] + left), within[2] - right)
            spot[1] = min(max(spot[1], within[1] + up), within[3] - down)
        if not moved:
            break
    return {name: (x, y) for name, (x, y) in places.items()}


def network_picture(
    nodes: Sequence[Node], edges: Sequence[Edge], *, left: float, top: float, width: float, height: float
) -> list[str]:
    """Draw nodes and edges into a part of the window: lines, then nodes, then what is written on lines."""
    reach = [max(box_of(node)[side] for node in nodes) + 8 for side in range(4)]
    spots = {
        name: (left + reach[0] + x, top + reach[1] + y)
        for name, (x, y) in place(nodes, edges, width - reach[0] - reach[2], height - reach[1] - reach[3]).items()
    }
    spots = spread(nodes, spots, (left + 4, top + 6, left + width - 4, top + height - 4))
    by_id = {node.id: node for node in nodes}
    lines, words, taken = [], [], [area(node, spots[node.id]) for node in nodes]
    pairs: dict[tuple[str, str], int] = {}
    for edge in dict.fromkeys(edges):
        if edge.source == edge.target:
            continue
        first, last = sorted((edge.source, edge.target))
        pairs[first, last] = turn = pairs.get((first, last), 0) + 1
        start, end = border(by_id[edge.source], spots, edge.target), border(by_id[edge.target], spots, edge.source)
        # Of several lines between two nodes every other one is bent, so that they stay apart.
        bend = 0.0 if turn == 1 else 14.0 * (turn // 2) * (1 if turn % 2 else -1) * (1 if edge.source == first else -1)
        lines.append(line(start, end, bend, edge.dash))
        if edge.label:
            label = cut(edge.label, LABEL)
            x, y, spot = free_spot(start, end, bend, size_of(label) * 4.6 / 2 + 2, taken)
            taken.append(spot)
            words.append(text(x, y + 3, label, size=9, colour="#5a626a", halo=True))
    return [*lines, *(node_picture(node, spots[node.id]) for node in nodes), *words]


def area(node: Node, spot: Spot) -> Area:
    """Return the part of the picture that a node takes."""
    left, up, right, down = box_of(node)
    return spot[0] - left, spot[1] - up, spot[0] + right, spot[1] + down


def border(node: Node, spots: dict[str, Spot], towards: str) -> Spot:
    """Return where a line from a node to another leaves it."""
    (x, y), (to_x, to_y) = spots[node.id], spots[towards]
    across, down = to_x - x, to_y - y
    far = math.hypot(across, down) or 1
    if node.shape == "box":
        wide, high = box_of(node)[:2]
        share = min(wide / abs(across) if across else math.inf, high / abs(down) if down else math.inf)
    else:
        share = node.size / far
    share = min(share + 2 / far, 0.5)
    return x + across * share, y + down * share


def middle(start: Spot, end: Spot, bend: float) -> Spot:
    """Return the point that bends a line between two others."""
    across, down = end[0] - start[0], end[1] - start[1]
    far = math.hypot(across, down) or 1
    return (start[0] + end[0]) / 2 - down / far * 2 * bend, (start[1] + end[1]) / 2 + across / far * 2 * bend


def line(start: Spot, end: Spot, bend: float, dash: str) -> str:
    """Draw a line with an arrow at its end."""
    x, y = middle(start, end, bend)
    curve = f"Q{x:.0f} {y:.0f} " if bend else "L"
    drawn = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{start[0]:.0f} {start[1]:.0f}{curve}{end[0]:.0f} {end[1]:.0f}" fill="none" '
        f'stroke="#8a929a"{drawn} marker-end="url(#tip)"/>'
    )


def free_spot(start: Spot, end: Spot, bend: float, half: float, taken: Sequence[Area]) -> tuple[float, float, Area]:
    """Find a place for words along a line: near its middle, on nothing else if that can be."""
    x, y = middle(start, end, bend)
    best: tuple[float, float, float, float] | None = None
    for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82):
        at_x, at_y = (
            (1 - share) ** 2 * a + 2 * share * (1 - share) * m + share**2 * b
            for a, m, b in zip(start, (x, y), end, strict=True)
        )
        covered = sum(
            max(0.0, min(at_x + half, right) - max(at_x - half, left))
            * max(0.0, min(at_y + 6, low) - max(at_y - 6, high))
            for left, high, right, low in taken
        )
        found = (covered, abs(share - 0.5), at_x, at_y)
        best = found if best is None or found < best else best
    assert best is not None
    _, _, at_x, at_y = best
    return at_x, at_y, (at_x - half, at_y - 6, at_x + half, at_y + 6)


def node_picture(node: Node, spot: Spot, scale: float = 1) -> str:
    """Draw a node with its label."""
    x, y = spot
    label = cut(node.label, LABEL)
    if node.shape == "box":
        wide, high = box_of(node)[0] * 2 * scale, 26 * scale
        return (
            f'<rect x="{x - wide / 2:.0f}" y="{y - high / 2:.0f}" width="{wide:.0f}" height="{high:.0f}" rx="3" '
            f'fill="{node.colour}" stroke="#444"/>' + text(x, y + 4, label, size=min(12, int(11 * scale)))
        )
    circle = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{node.size:.1f}" fill="{node.colour}" stroke="#555"/>'
    if node.shape == "inside":
        return circle + text(x, y + 4, cut(node.label, 8), size=10)
    return circle + text(x, y + node.size + 13, label, size=11, halo=True)


def layered_picture(
    nodes: Sequence[Node], edges: Sequence[Edge], *, top: float, width: float, height: float
) -> list[str]:
    """Draw nodes in layers from left to right, as flowcharts are: boxes, lines and words where Graphviz puts them."""
    names = {node.id: f"n{number}" for number, node in enumerate(nodes)}
    source = ['digraph { rankdir=LR; nodesep=0.12; ranksep=0.35; node [shape=box, fixedsize=true, label=""];']
    source += [f"edge [fontsize=9, fontname={quoted(FONT)}];"]
    source += [f"{names[node.id]} [width={box_of(node)[0] * 2 / 72:.2f}, height=0.36];" for node in nodes]
    drawn = list(dict.fromkeys(edges))
    source += [f"{names[one.source]} -> {names[one.target]} [label={quoted(cut(one.label, LABEL))}];" for one in drawn]
    program = shutil.which("dot")
    assert program is not None, "Graphviz is not here"
    command = [program, "-Tplain"]
    laid = subprocess.run(command, input="\n".join(source) + "}", capture_output=True, text=True, check=True)  # noqa: S603
    rows = [shlex.split(row) for row in laid.stdout.splitlines()]
    wide, high = (float(one) for one in rows[0][2:4])
    scale = min((width - 24) / wide, (height - 24) / high)
    left, up = (width - wide * scale) / 2, top + (height - high * scale) / 2

    def at(x: str, y: str) -> Spot:
        return left + float(x) * scale, up + (high - float(y)) * scale

    shrink = scale / 72
    dashes = {(names[one.source], names[one.target], cut(one.label, LABEL)): one.dash for one in drawn}
    lines, words = [], []
    for row in rows:
        if row[0] != "edge":
            continue
        count = int(row[3])
        points = [at(row[4 + 2 * n], row[5 + 2 * n]) for n in range(count)]
        label = row[4 + 2 * count]
        dash = dashes[row[1], row[2], label]
        curve = " ".join(f"{x:.0f} {y:.0f}" for x, y in points[1:])
        lines.append(
            f'<path d="M{points[0][0]:.0f} {points[0][1]:.0f}C{curve}" fill="none" stroke="#8a929a"'
            + (f' stroke-dasharray="{dash}"' if dash else "")
            + ' marker-end="url(#tip)"/>'
        )
        x, y = at(row[5 + 2 * count], row[6 + 2 * count])
        words.append(text(x, y + 3, label, size=9, colour="#5a626a", halo=True))
    by_name = {names[node.id]: node for node in nodes}
    boxes = [node_picture(by_name[row[1]], at(row[2], row[3]), shrink) for row in rows if row[0] == "node"]
    return [*lines, *boxes, *words]


def quoted(words: str) -> str:
    """Write a text as DOT does."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table_picture(table: Table, *, left: float, top: float, width: float, rows: int) -> list[str]:
    """Draw a table into a part of the window."""
    columns, cells = table
    wide = width / len(columns)
    parts = [f'<rect x="{left}" y="{top}" width="{width}" height="26" fill="#e8ebee"/>']
    for number, row in enumerate([columns, *cells[:rows]]):
        y = top + 18 + number * 26
        for column, cell in enumerate(row):
            shown = cut(cell, int(wide / 6.6))
            parts.append(text(left + column * wide + 8, y, shown, size=12, anchor="start", bold=not number))
        parts.append(f'<path d="M{left} {y + 8}h{width}" stroke="#d5dadf"/>')
    return parts


def window(title: str, panels: Sequence[str], parts: Sequence[str], *, height: int = HEIGHT) -> str:
    """Put a picture into a window with a title and, at its left, the names of the panels that matter."""
    strip = "".join(
        f'<rect x="0" y="{44 + n * 46}" width="150" height="40" fill="#eef0f2"/>'
        + text(12, 69 + n * 46, panel, size=13, anchor="start")
        for n, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="{FONT}" '
        'lang="zh-Hans">\n<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="#8a929a"/></marker></defs>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f'<rect width="{WIDTH}" height="36" fill="#39424b"/>\n'
        + text(14, 24, title, size=15, anchor="start", colour="#ffffff", bold=True)
        + "\n"
        + strip
        + "\n".join(["", *parts, ""])
        + f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" fill="none" stroke="#39424b"/>\n</svg>\n'
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    anchor: str = "middle",
    colour: str = "#1a1d21",
    bold: bool = False,
    halo: bool = False,
) -> str:
    """Write a line."""
    more = ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if halo else ""
    more += ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"{more}>'
        f"{escape(words)}</text>"
    )


def size_of(words: str) -> int:
    """Return how wide a text is; a Chinese character counts two."""
    return sum(2 if ord(mark) > 0x2E7F else 1 for mark in words)


def cut(words: str, limit: int) -> str:
    """Cut what is too wide."""
    kept = ""
    for mark in words:
        if size_of(kept + mark) > limit:
            return kept + "…"
        kept += mark
    return kept


# The pictures ------------------------------------------------------------------------------------------------------


def gephi(folder: Path) -> str:
    """Gephi's overview with its timeline."""
    nodes, edges, days = read_gexf(folder / "park.gexf")
    parts = network_picture(nodes, edges, left=150, top=36, width=WIDTH - 150, height=HEIGHT - 76)
    parts.append(f'<rect x="160" y="{HEIGHT - 52}" width="{WIDTH - 180}" height="34" fill="#eef0f2"/>')
    parts.append(f'<rect x="160" y="{HEIGHT - 52}" width="{(WIDTH - 180) * 0.6:.0f}" height="34" fill="#b8d4f0"/>')
    parts.append(text(172, HEIGHT - 30, days[0], size=12, anchor="start"))
    parts.append(text(WIDTH - 32, HEIGHT - 30, days[-1], size=12, anchor="end"))
    return window("Gephi — park.gexf", ["Appearance", "Layout", "Filters", "Timeline"], parts)


def cytoscape(folder: Path) -> str:
    """Cytoscape's network with the node table below it."""
    nodes, edges, table = read_cyjs(folder / "park.cyjs")
    parts = network_picture(nodes, edges, left=150, top=36, width=WIDTH - 150, height=HEIGHT - 214)
    parts += table_picture(table, left=150, top=HEIGHT - 180, width=WIDTH - 160, rows=5)
    return window("Cytoscape — park.cyjs", ["Network", "Style", "Filter"], parts)


def yed(folder: Path) -> str:
    """Shapes and labels in yEd."""
    parts = network_picture(*read_yed(folder / "park-yed.graphml"), left=0, top=36, width=WIDTH, height=HEIGHT - 36)
    return window("yEd — park-yed.graphml, after Layout › Organic", [], parts)


def neo4j(folder: Path) -> str:
    """What Neo4j's browser answers."""
    parts = [f'<rect x="160" y="44" width="{WIDTH - 170}" height="32" fill="#f4f6f8" stroke="#c8ced4"/>']
    parts.append(text(172, 65, "MATCH (a)-[r]->(b) RETURN a, r, b", size=14, anchor="start"))
    nodes, edges = read_neo4j(folder / "park-neo4j")
    parts += network_picture(nodes, edges, left=150, top=80, width=WIDTH - 150, height=HEIGHT - 80)
    return window("Neo4j Browser", ["Graph", "Table", "Text"], parts)


def mermaid(folder: Path) -> str:
    """A flowchart in a Markdown note."""
    parts = layered_picture(*read_mermaid(folder / "park.mmd"), top=36, width=WIDTH, height=HEIGHT - 36)
    return window("Obsidian — a note with a mermaid block", [], parts)


def openrefine(folder: Path) -> str:
    """KGX's node table in OpenRefine."""
    columns = ("id", "category", "name", "label_en", "evidence")
    table = read_table(folder / "park-kgx" / "nodes.tsv", columns, delimiter="\t", rows=12)
    return window(
        "OpenRefine — nodes.tsv", [], table_picture(table, left=10, top=46, width=WIDTH - 20, rows=12), height=400
    )


def pandas(folder: Path) -> str:
    """A table of edges as a notebook shows it."""
    columns = ("source", "label", "target", "modality", "evidence", "written")
    table = read_table(folder / "park.csv", columns, delimiter=",", rows=10)
    parts = [f'<rect x="10" y="44" width="{WIDTH - 20}" height="34" fill="#f4f6f8"/>']
    parts.append(text(22, 66, 'pandas.read_csv("park.csv")[["source", "label", "target", …]]', size=14, anchor="start"))
    parts += table_picture(table, left=10, top=88, width=WIDTH - 20, rows=10)
    return window("Jupyter — edges", [], parts, height=390)


#: Every picture that is drawn, by name.
PICTURES: dict[str, Callable[[Path], str]] = {
    "gephi": gephi,
    "cytoscape": cytoscape,
    "yed": yed,
    "neo4j": neo4j,
    "mermaid": mermaid,
    "openrefine": openrefine,
    "pandas": pandas,
}

_FILES = (
    ("gexf", None, "park.gexf"),
    ("cyjs", None, "park.cyjs"),
    ("graphml", "yed", "park-yed.graphml"),
    ("neo4j", None, "park-neo4j"),
    ("mermaid", None, "park.mmd"),
    ("kgx", None, "park-kgx"),
    ("csv", None, "park.csv"),
)


def read_part() -> Network:
    """Read the part of the graph that is drawn."""
    project = Project(shipped_root())
    prefixes = read_prefixes(project.prefixes_name)
    return read_network(open_built(project), prefixes=prefixes, lang="zh-Hans", around=AROUND, exclude=EXCLUDED)


def draw(into: Path) -> None:
    """Draw every picture."""
    network = read_part()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form, variant, file in _FILES:
            export(network, form, folder / file, variant=variant)
        for picture, make in PICTURES.items():
            (into / f"{picture}.svg").write_text(make(folder), encoding="utf-8")
    export(network, "svg", into / "graphviz.svg")


def photograph(into: Path) -> None:
    """Take pictures of the HTML explorer: with a thing chosen, and on a phone in the dark."""
    from playwright.sync_api import sync_playwright

    project = Project(shipped_root())
    network = read_network(open_built(project), prefixes=read_prefixes(project.prefixes_name), lang="zh-Hans")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        file = Path(name) / "kunming.html"
        export(network, "html", file)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        screens = (("explorer", 1280, 800, "light"), ("explorer-phone", 390, 844, "dark"))
        for picture, width, height, scheme in screens:
            dark = scheme == "dark"
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", offline=True
            )
            page = context.new_page()
            page.goto(file.as_uri())
            page.fill("#search", "高新區")
            page.press("#search", "Enter")
            page.wait_for_timeout(500)
            page.screenshot(path=into / f"{picture}.png")
        browser.close()


if __name__ == "__main__":
    draw(HERE)
    if "--screens" in sys.argv:
        photograph(HERE)
