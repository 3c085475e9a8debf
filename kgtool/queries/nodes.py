"""The YAML of a query's header: its nodes, each with its line in the file, so that every complaint has one."""

from __future__ import annotations

import os
from typing import Any, NoReturn

from kgtool.errors import QueryError

__all__ = ["HeaderNodes"]


class HeaderNodes:
    """The ``#+`` lines of a query, and ways to read their nodes that refuse what is not expected.

    :param root: the node of the whole header; ``None`` if the query has none.
    """

    def __init__(self, text: str, file: str | os.PathLike[str]) -> None:
        self._file = file
        self._lines: list[int] = []
        self.root = self._compose(text)

    def pairs(self, node: Any, allowed: tuple[str, ...] | None, kind: str) -> list[tuple[str, Any, int]]:
        """Return the keys of a mapping with their values and lines; only those allowed, each once."""
        if node is None or (getattr(node, "value", None) == "" and node.id == "scalar"):
            return []
        if node.id != "mapping":
            self.fail(self.line(node), f"expected 'key: value' lines, not a {node.id}", _list_of(allowed))
        pairs: list[tuple[str, Any, int]] = []
        for key_node, value in node.value:
            key, line = str(key_node.value), self.line(key_node)
            if allowed is not None and key not in allowed:
                from difflib import get_close_matches

                near = get_close_matches(key, allowed, n=1)
                self.fail(line, f"unknown {kind} '{key}'", f"did you mean '{near[0]}'?" if near else _list_of(allowed))
            if any(key == other for other, _, _ in pairs):
                self.fail(line, f"{kind} '{key}' is given twice", "keep one of them")
            pairs.append((key, value, line))
        return pairs

    def items(self, node: Any, key: str) -> list[Any]:
        """Return the items of a list."""
        if node.id != "sequence":
            self.fail(self.line(node), f"'{key}' is not a list", f"write '#+ {key}: [one, two]'")
        return list(node.value)

    def text(self, node: Any, key: str) -> str:
        """Return a text."""
        if node.id != "scalar":
            self.fail(self.line(node), f"{key} is not a text", "put it in quotation marks")
        return str(node.value).strip()

    def choice(self, node: Any, choices: tuple[str, ...], key: str) -> str:
        """Return a text that is one of the choices."""
        text = self.text(node, key)
        if text not in choices:
            from difflib import get_close_matches

            near = get_close_matches(text, choices, n=1)
            self.fail(
                self.line(node), f"unknown {key} '{text}'", f"did you mean '{near[0]}'?" if near else _list_of(choices)
            )
        return text

    def line(self, node: Any) -> int:
        """Return the line of the file that a node starts on."""
        row: int = node.start_mark.line
        return self._lines[min(row, len(self._lines) - 1)]

    def fail(self, line: int, message: str, hint: str) -> NoReturn:
        """Complain about a line."""
        raise QueryError(message, file=self._file, line=line, hint=hint)

    def _compose(self, text: str) -> Any:
        """Compose the YAML of the ``#+`` lines, remembering on which line of the file each stands."""
        import yaml

        rows: list[str] = []
        for number, line in enumerate(text.split("\n"), start=1):
            if line.startswith("#+"):
                self._lines.append(number)
                rows.append(line[2:].rstrip("\r").removeprefix(" "))
        try:
            # Every scalar stays the text it is: no "no" becomes false, no date a date. The C parser takes a quarter of
            # the time; not every build of PyYAML has it.
            return yaml.compose("\n".join(rows), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        except yaml.MarkedYAMLError as exc:
            mark = exc.problem_mark or exc.context_mark
            at = self._lines[min(mark.line, len(self._lines) - 1)] if mark else self._lines[0]
            raise QueryError(
                f"the header is not YAML: {exc.problem}",
                file=self._file,
                line=at,
                hint="write '#+ key: value', and values with ':' or '?' in quotation marks",
            ) from exc
        except yaml.YAMLError as exc:
            raise QueryError(f"the header is not YAML: {exc}", file=self._file, line=self._lines[0]) from exc


def _list_of(names: tuple[str, ...] | None) -> str:
    return f"there are {', '.join(names)}" if names else "write one per line"
