"""Write ``docs/cli.md`` and ``docs/api.md`` from what the program says of itself: its help and its docstrings.

``python docs/reference.py`` writes both; a test fails when they are stale.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from kgtool.cli.main import cli

HERE = Path(__file__).parent

#: What the Python interface is: the names that these modules export.
MODULES = (
    "kgtool.api",
    "kgtool.project",
    "kgtool.build",
    "kgtool.validate",
    "kgtool.coverage",
    "kgtool.store",
    "kgtool.evidence",
    "kgtool.search",
    "kgtool.network",
    "kgtool.export",
    "kgtool.diff",
    "kgtool.shacl",
    "kgtool.articles",
    "kgtool.linksets",
    "kgtool.link.client",
    "kgtool.link.suggest",
    "kgtool.link.review",
    "kgtool.reconcile",
    "kgtool.ask",
    "kgtool.site",
    "kgtool.errors",
)

#: Methods that are not written down: they are what every class of that kind has.
_INHERITED = (object, tuple, dict, Exception)

_ROLE = re.compile(r":(?:class|func|meth|mod|data|attr|exc):`~?([^`]+)`")
_FIELD = re.compile(r"^:(param|returns|raises)\s*([^:]*):\s*", re.MULTILINE)
_FORWARD = re.compile(r"ForwardRef\(([^()]*)\)")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def cli_page() -> str:
    """Write what ``--help`` says of every command."""
    lines = [
        "# Commands",
        "",
        "What `kgtool COMMAND --help` says, made by `python docs/reference.py`.",
        "`--project DIR` and `--quiet` may stand before a command. Exit codes: 0 fine, 1 findings, 2 could not run.",
        "",
    ]
    commands = list(_commands(cli, click.Context(cli, info_name="kgtool", **cli.context_settings)))
    lines += [
        f"* [`{path}`](#{path.replace(' ', '-')}): {command.get_short_help_str(100)}" for path, command, _ in commands
    ]
    for path, command, context in commands:
        lines += ["", f"## {path}", "", "```text", command.get_help(context).rstrip(), "```"]
    return "\n".join(lines) + "\n"


def _commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        assert command is not None
        within = click.Context(command, info_name=name, parent=context, terminal_width=100, max_content_width=100)
        if isinstance(command, click.Group):
            yield from _commands(command, within)
        else:
            yield within.command_path, command, within


def api_page() -> str:
    """Write the signature and the docstring of every public name."""
    lines = [
        "# Python interface",
        "",
        "The names that kgtool's packages export, made from their docstrings by `python docs/reference.py`.",
        "[python.md](python.md) shows them at work. What is not here is not promised to stay.",
        "",
        *(f"* [`{name}`](#{name.replace('.', '')}): {_first_line(importlib.import_module(name))}" for name in MODULES),
    ]
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        lines += ["", f"## {module_name}", "", _prose(inspect.getdoc(module) or "")]
        for name in module.__all__:
            lines += _entry(name, getattr(module, name))
    return "\n".join(lines) + "\n"


def _entry(name: str, thing: object) -> Iterator[str]:
    if inspect.isclass(thing):
        yield from ("", f"### class {name}", "", *_signature(thing.__name__, thing))
        yield _prose(inspect.getdoc(thing) or "")
        for method, function in vars(thing).items():
            if method.startswith("_") or not (inspect.isfunction(function) or isinstance(function, property)):
                continue
            yield from _method(method, function)
    elif inspect.isfunction(thing):
        yield from ("", f"### {name}", "", *_signature(name, thing), _prose(inspect.getdoc(thing) or ""))
    else:
        yield from ("", f"### {name}", "", "```python", f"{name} = {_value(thing)}", "```")


def _method(name: str, function: object) -> Iterator[str]:
    documented = _first_line(function)
    if not documented:
        return  # an implementation of what its protocol documents
    if isinstance(function, property):
        yield f"* `.{name}`: {documented}"
    else:
        assert callable(function)
        yield f"* `.{name}{_parameters(function)}`: {documented}"


def _signature(name: str, thing: object) -> list[str]:
    if inspect.isclass(thing) and issubclass(thing, Exception):
        return []
    assert callable(thing)
    text = f"{name}{_parameters(thing)}"
    return ["```python", text if len(text) <= 100 else _unfolded(text), "```", ""]


def _unfolded(signature: str) -> str:
    """Put every parameter on a line of its own.

    >>> print(_unfolded("f(a: dict[str, int], b: str) -> int"))
    f(
        a: dict[str, int],
        b: str,
    ) -> int
    """
    name, rest = signature.split("(", 1)
    lines, depth, start = [], 0, 0
    for position, letter in enumerate(rest):
        if depth == 0 and letter in ",)":
            lines.append(f"    {rest[start:position].strip()},\n")
            start = position + 1
            if letter == ")":
                break
        depth += (letter in "([{") - (letter in ")]}")
    return f"{name}(\n{''.join(lines)}){rest[start:]}"


def _parameters(thing: object) -> str:
    assert callable(thing)
    try:
        signature = inspect.signature(thing)
    except ValueError:
        return "()"
    kept = [one for one in signature.parameters.values() if one.name not in ("self", "cls")]
    text = str(signature.replace(parameters=kept))
    return _FORWARD.sub(r"\1", _ADDRESS.sub("", text.replace("'", ""))).replace(" -> None", "")


def _value(thing: object) -> str:
    """Write a constant: of a registry, its keys."""
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{key!r}: …" for key in thing) + "}"
    if isinstance(thing, (set, frozenset)):
        return "{" + ", ".join(repr(one) for one in sorted(thing)) + "}"
    if isinstance(thing, tuple) and thing and not isinstance(thing[0], str):
        return "(" + ", ".join(getattr(one, "name", None) or repr(one) for one in thing) + ")"
    return _ADDRESS.sub("", repr(thing)).replace("typing.", "").replace("collections.abc.", "")


def _first_line(thing: object) -> str:
    return _prose((inspect.getdoc(thing) or "").split("\n\n")[0]).replace("\n", " ")


def _prose(text: str) -> str:
    """Turn a docstring into Markdown: roles and literals become code, fields a list, doctests blocks."""
    text = _ROLE.sub(lambda found: f"`{found[1]}`", text).replace("``", "`")
    text = re.sub(r"(?m)^((?:>>> .*\n?)(?:.+\n?)*)", lambda found: f"```python\n{found[1].rstrip()}\n```\n", text)

    def field(found: re.Match[str]) -> str:
        kind, name = found[1], found[2].strip()
        return {"param": f"* `{name}`: ", "raises": f"* raises `{name}` "}.get(kind, "* returns ")

    return _FIELD.sub(field, text).strip()


#: The pages by file name.
PAGES = {"cli.md": cli_page, "api.md": api_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
