"""DOT, and pictures drawn by Graphviz; Chinese needs a font that has it, so several are named.

https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from kgtool.errors import StoreError
from kgtool.export.style import FONTS, LINES, caption, colour_of, shape_of
from kgtool.export.values import Writer, edge_record, flat, in_text, node_record, visible
from kgtool.network import Network, Value

__all__ = ["drawing", "write_dot"]

#: More nodes than this are drawn by forces, not in layers: layers get wider than any screen.
_LAYERED = 60

#: The most characters between two quotes, each of four bytes at most; an escape stands in one piece.
_PIECE = 4000
_PIECES = re.compile(rf"(?:\\.|[^\\]){{1,{_PIECE}}}", re.DOTALL)

#: Names that Graphviz gives a meaning of its own, and what they are called here.
_RENAMED = {"rank": "ranking", "class": "kgClass", "label": "kgLabel", "group": "kgGroup", "root": "kgRoot"}


def _pieces(network: Network) -> Iterator[str]:
    layout = "dot" if network.node_count <= _LAYERED else "sfdp"
    font = _quoted(FONTS)
    yield "digraph {\n"
    yield f'graph [charset="UTF-8", fontname={font}, label={_label(network.title)}, labelloc=t, layout={layout},'
    yield f" splines={'true' if layout == 'dot' else 'line'}, overlap=prism, rankdir=LR, outputorder=edgesfirst];\n"
    yield f'node [fontname={font}, fontsize=10, style=filled, color="#555555", margin="0.08,0.04"];\n'
    yield f'edge [fontname={font}, fontsize=8, color="#888888", fontcolor="#555555", arrowsize=0.6];\n'
    for node in network.nodes():
        text = node.label or node.id
        yield (
            f"{_quoted(node.id)} [label={_label(_wrapped(text))}, tooltip={_label(node.description or text)},"
            f' fillcolor="{colour_of(node.class_)}", shape={shape_of(node.class_)}{_attributes(node_record(node))}];\n'
        )
    for edge in network.edges():
        style = LINES.get(edge.modality, "solid")
        yield (
            f"{_quoted(edge.source)} -> {_quoted(edge.target)} [id={_quoted(edge.id)}, label={_label(caption(edge))},"
            f" tooltip={_label(flat(edge.quotes) or caption(edge))}, style={style}{_attributes(edge_record(edge))}];\n"
        )
    yield "}\n"


def _attributes(record: Mapping[str, Value]) -> str:
    return "".join(f", {_quoted(_RENAMED.get(name, name))}={_quoted(flat(value))}" for name, value in record.items())


def _quoted(text: str) -> str:
    """Write a name or a plain value; backslashes are doubled, or one before a quote would escape it."""
    return _between_quotes(visible(text).replace("\\", "\\\\").replace('"', '\\"').replace("\r", ""))


def _label(text: str) -> str:
    """Write a text that is shown: here a backslash starts an escape, and a line break is one."""
    escaped = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return _between_quotes(escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n"))


def _between_quotes(escaped: str) -> str:
    """Write an escaped text between quotes; a long one in pieces, since Graphviz reads 16,384 bytes at a time."""
    if len(escaped) <= _PIECE:
        return f'"{escaped}"'
    return " + ".join(f'"{piece}"' for piece in _PIECES.findall(escaped))


def _wrapped(text: str, width: int = 16) -> str:
    """Break a long label into lines: Chinese anywhere, other scripts between words."""
    lines, line, used = [], "", 0.0
    for piece in _units(text):
        size = sum(1.0 if ord(ch) > 0x2E7F else 0.5 for ch in piece)
        if line and used + size > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line, used = line + piece, used + size
    return "\n".join((*lines, line))


def _units(text: str) -> Iterator[str]:
    """Walk over what a line may not be broken inside of: a Chinese character, another script's word with its space."""
    word = ""
    for ch in text:
        if ord(ch) > 0x2E7F:
            if word:
                yield word
            word = ""
            yield ch
        else:
            word += ch
            if ch == " ":
                yield word
                word = ""
    if word:
        yield word


#: Write a network as DOT.
write_dot = in_text(_pieces)


def drawing(form: str) -> Writer:
    """Make a writer of pictures: ``svg`` or ``png``."""

    def write(network: Network, stream: BinaryIO) -> None:
        program = shutil.which("dot")
        if program is None:
            raise StoreError(
                f"Graphviz draws '{form}', and its program 'dot' is not here",
                hint="install Graphviz (apt install graphviz, brew install graphviz), or export 'dot'",
            )
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as picture, tempfile.TemporaryFile() as said:
            write_dot(network, source)
            source.seek(0)
            command = [program, f"-T{form}"]
            done = subprocess.run(command, stdin=source, stdout=picture, stderr=said, check=False)  # noqa: S603 (words above)
            if done.returncode:
                said.seek(0)
                lines = said.read().decode(errors="replace").strip().splitlines()
                raise StoreError(
                    f"Graphviz could not draw it: {lines[0] if lines else f'it ended with {done.returncode}'}"
                )
            picture.seek(0)
            shutil.copyfileobj(picture, stream)

    return write
