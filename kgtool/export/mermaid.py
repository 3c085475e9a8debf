"""Mermaid, for Markdown on GitHub, GitLab and in notebooks.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

from collections.abc import Iterator

from kgtool.export.style import LINES, caption, colour_of
from kgtool.export.values import in_text, one_line
from kgtool.network import Network

__all__ = ["EDGE_LIMIT", "TEXT_LIMIT", "write_mermaid"]

#: Mermaid refuses to draw more edges than this where its settings were not changed.
EDGE_LIMIT = 500
#: And no longer a text than this, in UTF-16 units.
TEXT_LIMIT = 50_000

#: Characters that Mermaid or Markdown give a meaning; each is written by its number.
_SPECIAL = frozenset("\"#&<>`*_~[](){}|\\;%@$'")


def _pieces(network: Network) -> Iterator[str]:
    yield "flowchart LR\n"
    # Ids are numbers: CURIEs hold characters, and words such as 'end', that Mermaid reads as its own.
    numbers: dict[str, int] = {}
    classes: dict[str, int] = {}
    for node in network.nodes():
        numbers[node.id] = len(numbers)
        class_ = classes.setdefault(node.class_, len(classes))
        yield f'    n{numbers[node.id]}["{_text(node.label or node.id)}"]:::c{class_}\n'
    for edge in network.edges():
        arrow = "-.->" if edge.modality in LINES else "-->"
        yield f'    n{numbers[edge.source]} {arrow}|"{_text(caption(edge))}"| n{numbers[edge.target]}\n'
    for class_name, number in classes.items():
        yield f"    classDef c{number} fill:{colour_of(class_name)},stroke:#555,color:#000\n"


def _text(text: str) -> str:
    line = one_line(text) or " "
    return "".join(f"#{ord(ch)};" if ch in _SPECIAL else ch for ch in line)


#: Write a network as a Mermaid flowchart.
write_mermaid = in_text(_pieces)
