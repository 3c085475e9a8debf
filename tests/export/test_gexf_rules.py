"""The rules of GEXF 1.3, as its RELAX NG schema and primer have them, asserted on a real export.

https://gexf.net/schema.html: the XSD published there rejects every viz: element, and networkx writes 1.2draft.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import pytest

from kgtool.export import exporter_named
from kgtool.network import Network, Node

_G = "{http://gexf.net/1.3}"
_VIZ = "{http://gexf.net/1.3/viz}"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TYPES = {"integer", "long", "double", "float", "boolean", "string", "anyURI", "liststring"}

#: Elements, with the attributes each may have and must have, and the elements it may hold.
_RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    f"{_G}gexf": ({"version", "variant"}, {"version"}, {f"{_G}meta", f"{_G}graph"}),
    f"{_G}meta": ({"lastmodifieddate"}, set(), {f"{_G}creator", f"{_G}description", f"{_G}keywords"}),
    f"{_G}creator": (set(), set(), set()),
    f"{_G}description": (set(), set(), set()),
    f"{_G}graph": (
        {"defaultedgetype", "idtype", "mode", "timeformat", "timerepresentation", "timezone", "start", "end"},
        set(),
        {f"{_G}attributes", f"{_G}nodes", f"{_G}edges"},
    ),
    # The XSD allows "mode" here, the RELAX NG schema does not; without it attributes are static, as these are.
    f"{_G}attributes": ({"class"}, {"class"}, {f"{_G}attribute"}),
    f"{_G}attribute": ({"id", "title", "type"}, {"id", "title", "type"}, {f"{_G}default", f"{_G}options"}),
    f"{_G}nodes": ({"count"}, set(), {f"{_G}node"}),
    f"{_G}edges": ({"count"}, set(), {f"{_G}edge"}),
    f"{_G}node": ({"id", "label", "start", "end", "pid"}, {"id"}, {f"{_G}attvalues", f"{_VIZ}color", f"{_VIZ}size"}),
    f"{_G}edge": (
        {"id", "type", "label", "source", "target", "weight", "kind", "start", "end"},
        {"source", "target"},
        {f"{_G}attvalues", f"{_VIZ}color", f"{_VIZ}thickness", f"{_VIZ}shape"},
    ),
    f"{_G}attvalues": (set(), set(), {f"{_G}attvalue"}),
    f"{_G}attvalue": ({"for", "value", "start", "end"}, {"for", "value"}, set()),
    f"{_VIZ}color": ({"r", "g", "b", "a", "hex", "start", "end"}, set(), set()),
    f"{_VIZ}size": ({"value", "start", "end"}, {"value"}, set()),
}


@pytest.fixture(scope="module", params=["gexf", "static"])
def root(request: pytest.FixtureRequest, kunming: Network) -> ET.Element:
    stream = io.BytesIO()
    exporter_named("gexf").writer(request.param)(kunming, stream)
    return ET.fromstring(stream.getvalue())


def test_every_element_is_where_it_may_be_with_the_attributes_it_may_have(root: ET.Element) -> None:
    for element in root.iter():
        allowed, required, children = _RULES[element.tag]
        assert set(element.attrib) <= allowed, element.tag
        assert required <= set(element.attrib), element.tag
        assert {child.tag for child in element} <= children, element.tag
    assert root.get("version") == "1.3"


def test_every_value_is_declared_and_of_its_type(root: ET.Element) -> None:
    for what in ("node", "edge"):
        (declared,) = (one for one in root.iter(f"{_G}attributes") if one.get("class") == what)
        types = {one.get("id"): one.get("type") for one in declared}
        assert len(types) == len(declared), "an attribute is declared twice"
        assert set(types.values()) <= _TYPES
        for element in root.iter(f"{_G}{what}"):
            values = [(value.get("for"), value.get("value", "")) for value in element.iter(f"{_G}attvalue")]
            assert len({name for name, _ in values}) == len(values)
            for name, value in values:
                {"integer": int, "double": float}.get(types[name] or "", str)(value)


def test_counts_ids_and_ends_agree(root: ET.Element, kunming: Network) -> None:
    nodes, edges = root.find(f".//{_G}nodes"), root.find(f".//{_G}edges")
    assert nodes is not None
    assert edges is not None
    ids = {node.get("id") for node in nodes}
    assert nodes.get("count") == str(len(nodes)) == str(len(ids)) == str(kunming.node_count)
    assert edges.get("count") == str(len(edges)) == str(kunming.edge_count)
    assert len({edge.get("id") for edge in edges}) == len(edges)
    assert {end for edge in edges for end in (edge.get("source"), edge.get("target"))} <= ids


def test_intervals_are_dates_in_order_and_stand_in_dynamic_graphs_only(root: ET.Element) -> None:
    graph = root.find(f"{_G}graph")
    assert graph is not None
    spans = [
        (element.get("start"), element.get("end"))
        for element in (*root.iter(f"{_G}node"), *root.iter(f"{_G}edge"))
        if element.get("start") or element.get("end")
    ]
    if graph.get("mode") == "static":
        assert not spans
        return
    assert graph.get("timeformat") == "date"
    assert len(spans) > 100
    for start, end in spans:
        assert start is None or _DATE.fullmatch(start)
        assert end is None or _DATE.fullmatch(end)
        assert start is None or end is None or start <= end


def test_colours_and_sizes_are_in_range(root: ET.Element) -> None:
    for colour in root.iter(f"{_VIZ}color"):
        assert all(0 <= int(colour.get(part, "")) <= 255 for part in "rgb")
    assert all(float(size.get("value", "")) > 0 for size in root.iter(f"{_VIZ}size"))


def test_an_interval_that_gephi_would_refuse_is_left_out() -> None:
    spans = [
        ("2023-01-01", "2022-01-01"),
        ("soon", "2022-01-01"),
        ("2023-02-30", ""),
        ("2023-10-01T08:00:00+08:00", "2024"),
        ("", "2023-02"),
        ("10000-01-01", "9999-01-01"),
    ]
    nodes = [Node(f"ex:{number}", f"urn:{number}", start=start, end=end) for number, (start, end) in enumerate(spans)]
    stream = io.BytesIO()
    exporter_named("gexf").writer(None)(Network.of(nodes, []), stream)
    found = [(node.get("start"), node.get("end")) for node in ET.fromstring(stream.getvalue()).iter(f"{_G}node")]
    assert found == [
        (None, None),
        (None, "2022-01-01"),
        (None, None),
        ("2023-10-01", "2024-12-31"),
        ("2023-02-01", "2023-02-28"),
        (None, None),
    ]
