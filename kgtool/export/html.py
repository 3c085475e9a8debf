"""The explorer: a network as one HTML file to search, filter and look through, offline and without a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import BinaryIO

from kgtool.errors import KgError
from kgtool.export.page import foldings_for, render_page
from kgtool.export.style import colour_of
from kgtool.export.values import digits
from kgtool.labels import LANGUAGES
from kgtool.linksets.targets import short_name
from kgtool.namespaces import IP, expand
from kgtool.network.model import Edge, Network, Node, Value
from kgtool.network.rules import LABELS
from kgtool.network.texts import Texts
from kgtool.text.scripts import fold, to_traditional

__all__ = ["LARGEST", "write_html"]

#: The most nodes and edges together that a browser still draws in a few seconds.
LARGEST = 100_000

_NOTHING = Texts()


def write_html(network: Network, stream: BinaryIO) -> None:
    """Write a network as a page that holds everything it shows.

    :raises KgError: if it is too large for a page.
    """
    size = network.node_count + network.edge_count
    if size > LARGEST:
        raise KgError(
            f"{size} nodes and edges are too many for one page, which holds {LARGEST}",
            hint="take a part (--around, --include, --query), or a format for Gephi or Cytoscape: gexf, graphml",
        )
    title = network.title or "kgtool"
    page = render_page(_data(network, title), title=title, language=network.language)
    stream.write(page.encode("utf-8"))


def _data(network: Network, title: str) -> dict[str, object]:
    """Gather what the page's program reads: see ``explorer/model.js``."""
    nodes, edges = list(network.nodes()), list(network.edges())
    units = _units(network, edges)
    texts = _texts(network, nodes, edges, units.values())
    classes = [name for name, _ in sorted(Counter(node.class_ for node in nodes).items(), key=lambda c: (-c[1], c[0]))]
    predicates = sorted({edge.predicate for edge in edges})
    numbers = _numbers(nodes) | _numbers(edges)
    said = sorted(numbers, key=lambda name: (numbers[name] or 0, name))
    places = _Places(nodes, classes, predicates, said)
    class_labels = {node.class_: node.class_label for node in nodes}
    # A figure's label says more than what its predicate is called: it has a place of its own.
    predicate_labels = {edge.predicate: "" if edge.statement else edge.label for edge in edges}
    names = [_names(node, texts.get(node.id, _NOTHING)) for node in nodes]
    return {
        "title": network.titles or {network.language: title},
        "language": network.language,
        "foldings": foldings_for([name for found in names for name in found]),
        "classes": [
            {**_named(name, class_labels[name], network.language, texts), "colour": colour_of(name)} for name in classes
        ],
        "predicates": [_named(name, predicate_labels[name], network.language, texts) for name in predicates],
        "sentences": [{"id": name, "number": numbers[name], "gist": _gist(texts.get(name, _NOTHING))} for name in said],
        "nodes": [
            _node(node, found, texts.get(node.id, _NOTHING), network, places)
            for node, found in zip(nodes, names, strict=True)
        ],
        "edges": [_edge(edge, network, places, texts, units.get(edge.statement, "")) for edge in edges],
    }


def _numbers(cited: Iterable[Node] | Iterable[Edge]) -> dict[str, int | None]:
    """Return the sentences that are cited, with their numbers."""
    return {
        name: number for one in cited for name, number in zip_longest(one.sentences, one.evidence[: len(one.sentences)])
    }


def _units(network: Network, edges: Sequence[Edge]) -> dict[str, str]:
    """Look up the units of figures that the text does not write: their labels are wanted in every language."""
    wanted = {edge.statement for edge in edges if edge.unit and not edge.written}
    if not wanted:
        return {}
    unit = IP + "unit"
    return {s.value: o.value for s, p, o, _ in network.quads() if p.value == unit and s.value in wanted}


def _texts(network: Network, nodes: Sequence[Node], edges: Sequence[Edge], more: Iterable[str]) -> Mapping[str, Texts]:
    """Look up, at once, what everything on the page is called."""
    asked: dict[str, None] = {}
    for node in nodes:
        asked.update(dict.fromkeys((node.id, node.class_, *node.sentences)))
    for edge in edges:
        asked.update(dict.fromkeys((edge.predicate, edge.statement, *edge.sentences)))
    asked.update(dict.fromkeys(more))
    asked.pop("", None)
    return network.texts(asked)


class _Places:
    """Where in its list everything stands that another refers to."""

    def __init__(
        self, nodes: Iterable[Node], classes: Sequence[str], predicates: Sequence[str], sentences: Sequence[str]
    ) -> None:
        self.nodes = {node.id: place for place, node in enumerate(nodes)}
        self.classes = {name: place for place, name in enumerate(classes)}
        self.predicates = {name: place for place, name in enumerate(predicates)}
        self.sentences = {name: place for place, name in enumerate(sentences)}


def _gist(texts: Texts) -> dict[str, str]:
    """Return what a sentence is about; gists are not written in Traditional, so that is made of the Simplified one."""
    gist = dict(texts.labels)
    if "zh-Hans" in gist:
        gist.setdefault("zh-Hant", to_traditional(gist["zh-Hans"]))
    return gist


def _names(node: Node, texts: Texts) -> list[str]:
    """List the names by which a node is found, folded."""
    every = (node.id, node.label, *node.labels.values(), *texts.labels.values(), *texts.other_names)
    return sorted({fold(name.encode("utf-8", "replace").decode("utf-8")) for name in every} - {""})


def _named(name: str, label: str, language: str, texts: Mapping[str, Texts]) -> dict[str, object]:
    labels = texts.get(name, _NOTHING).labels
    return {"id": name, "label": dict(labels) or {language: label or name}}


def _node(node: Node, names: list[str], texts: Texts, network: Network, places: _Places) -> dict[str, object]:
    return {
        "id": node.id,
        "iri": node.iri,
        "label": dict(node.labels) or {network.language: node.label or node.id},
        "names": names,
        "also": list(texts.other_names),
        "class": places.classes[node.class_],
        "about": node.description,
        "links": [
            {"iri": link, "name": short_name(link), "label": _relation(relation, network)}
            for link, relation in zip_longest(node.links, node.relations, fillvalue="")
        ],
        "modality": node.modality,
        "proof": [places.sentences[name] for name in node.sentences],
        "quotes": list(node.quotes),
        "period": _period(node.start, node.end),
        "place": _place(node),
        "values": [
            [key.title, text] for key in network.keys if (text := _written(node.attributes.get(key.name))) is not None
        ],
    }


def _relation(name: str, network: Network) -> dict[str, str]:
    """Return what a property that leads elsewhere is called, in every language."""
    return dict(zip(LANGUAGES, LABELS.get(expand(name, network.prefixes) or "", (name,) * 3), strict=True))


def _edge(edge: Edge, network: Network, places: _Places, texts: Mapping[str, Texts], unit: str) -> dict[str, object]:
    label = texts.get(edge.statement, _NOTHING).labels if edge.statement else {}
    return {
        "id": edge.id,
        "source": places.nodes[edge.source],
        "target": places.nodes[edge.target],
        "predicate": places.predicates[edge.predicate],
        "modality": edge.modality,
        "label": dict(label) or ({network.language: edge.label} if edge.statement or not edge.predicate else {}),
        "amount": _amount(edge, texts.get(unit, _NOTHING).labels or {network.language: edge.unit}),
        "formula": edge.formula,
        "period": _period(edge.start, edge.end),
        "proof": [places.sentences[name] for name in edge.sentences],
        "quotes": list(edge.quotes),
    }


def _amount(edge: Edge, units: Mapping[str, str]) -> dict[str, str]:
    """Write a figure as the text does, else by its number and its unit; a rank as one. By language."""
    if edge.written:
        return {"zh": edge.written}
    if edge.value is not None:
        scale = "" if edge.scale is None or edge.scale == 1 else f" × {digits(edge.scale)}"
        return {tag: f"{digits(edge.value)}{scale} {unit}".rstrip() for tag, unit in units.items()}
    if edge.rank is not None:
        among = f" / {edge.ranked_among}" if edge.ranked_among is not None else ""
        return {"": f"{edge.rank}{among}"}
    return {}


def _period(start: str, end: str) -> str:
    if start == end:
        return start
    return f"{start} – {end}" if start and end else f"{start} –" if start else f"– {end}"


def _place(node: Node) -> list[str]:
    """Write where a node is: latitude and longitude; then whose coordinates they are, and by which link."""
    if node.longitude is None or node.latitude is None:
        return []
    where = ", ".join(f"{number:.6f}".rstrip("0").rstrip(".") for number in (node.latitude, node.longitude))
    return [where, *filter(None, (node.place_of, node.place_by))]


def _written(value: Value) -> str | None:
    """Write an attribute for people."""
    if value is None:
        return None
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str | bool | int | Decimal):
        return str(value)
    return " · ".join(str(one) for one in value)
