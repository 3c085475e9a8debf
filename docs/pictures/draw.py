"""Draw the pictures of docs/exports.md: export a part of the graph, read each file back, and draw what is in it.

Run ``python docs/pictures/draw.py`` after a format changed. ``--screens`` photographs the HTML explorer as well, which
takes Chromium and playwright. No program is imitated beyond what helps to find one's way in it.
"""

from __future__ import annotations

import csv
import json
import math
import re
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


def network_picture(
    nodes: Sequence[Node], edges: Sequence[Edge], *, left: float, top: float, width: float, height: float
) -> list[str]:
    """Draw nodes and edges into a part of the window."""
    margin = 90
    spots = {
        name: (left + margin + x, top + 40 + y)
        for name, (x, y) in place(nodes, edges, width - 2 * margin, height - 90).items()
    }
    parts = []
    for edge in dict.fromkeys(edges):
        (x, y), (to_x, to_y) = spots[edge.source], spots[edge.target]
        dash = f' stroke-dasharray="{edge.dash}"' if edge.dash else ""
        parts.append(
            f'<path d="M{x:.0f} {y:.0f}L{to_x:.0f} {to_y:.0f}" stroke="#8a929a"{dash} marker-end="url(#tip)"/>'
        )
        if edge.label:
            parts.append(
                text((x + to_x) / 2, (y + to_y) / 2 - 2, cut(edge.label, 22), size=9, colour="#5a626a", halo=True)
            )
    for node in nodes:
        x, y = spots[node.id]
        label = cut(node.label, 22)
        if node.shape == "box":
            wide = size_of(label) * 5.6 + 14
            parts.append(
                f'<rect x="{x - wide / 2:.0f}" y="{y - 13:.0f}" width="{wide:.0f}" height="26" rx="3" '
                f'fill="{node.colour}" stroke="#444"/>'
            )
            parts.append(text(x, y + 4, label, size=11))
            continue
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{node.size:.1f}" fill="{node.colour}" stroke="#555"/>')
        if node.shape == "inside":
            parts.append(text(x, y + 4, cut(node.label, 8), size=10))
        else:
            parts.append(text(x, y + node.size + 13, label, size=11, halo=True))
    return parts


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
        'lang="zh-Hans">\n<defs><marker id="tip" viewBox="0 0 8 8" refX="18" refY="4" markerWidth="7" markerHeight="7" '
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
    parts = network_picture(*read_mermaid(folder / "park.mmd"), left=0, top=36, width=WIDTH, height=HEIGHT - 36)
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
