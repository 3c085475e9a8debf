"""Pajek's .net: vertices by number, arcs with a weight and a label.

http://mrvar.fdv.uni-lj.si/pajek/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kgtool.export.style import caption
from kgtool.export.values import in_text, one_line
from kgtool.network import Network

__all__ = ["write_pajek"]


def _pieces(network: Network) -> Iterator[str]:
    # Pajek recognises UTF-8 by its mark; the mark stands before a comment, so that other readers skip it with the line.
    yield f"\ufeff% {one_line(network.title)}\n*Vertices {network.node_count}\n"
    labels = Counter(_text(node.label or node.id) for node in network.nodes())
    numbers: dict[str, int] = {}
    for number, node in enumerate(network.nodes(), start=1):
        numbers[node.id] = number
        text = _text(node.label or node.id)
        # Readers tell vertices apart by their labels.
        label = text if labels[text] == 1 else f"{text} ({_text(node.id)})"
        yield f'{number} "{label}"\n'
    yield "*Arcs\n"
    for edge in network.edges():
        yield f'{numbers[edge.source]} {numbers[edge.target]} 1 l "{_text(caption(edge))}"\n'


def _text(text: str) -> str:
    """Write a text between quotes; Pajek has no escapes, so a quote and a backslash become their likes."""
    return one_line(text).replace('"', "”").replace("\\", "⧵") or "-"


#: Write a network for Pajek.
write_pajek = in_text(_pieces)
