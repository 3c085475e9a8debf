"""Saved queries: a SPARQL file with a header that says what it answers and what it can be asked.

The header follows grlc: https://github.com/CLARIAH/grlc#decorator-syntax
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgtool.queries.catalogue import find_query, read_catalogue
    from kgtool.queries.choices import Choice, choices_of
    from kgtool.queries.golden import run_golden_tests
    from kgtool.queries.header import read_query
    from kgtool.queries.parameters import bind_parameters, run
    from kgtool.queries.saved import Parameter, SavedQuery, is_answerable

__all__ = [
    "Choice",
    "Parameter",
    "SavedQuery",
    "bind_parameters",
    "choices_of",
    "find_query",
    "is_answerable",
    "read_catalogue",
    "read_query",
    "run",
    "run_golden_tests",
]

_HOMES = {
    "Choice": "choices",
    "Parameter": "saved",
    "SavedQuery": "saved",
    "bind_parameters": "parameters",
    "choices_of": "choices",
    "find_query": "catalogue",
    "is_answerable": "saved",
    "read_catalogue": "catalogue",
    "read_query": "header",
    "run": "parameters",
    "run_golden_tests": "golden",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: answering one query needs neither YAML nor golden answers."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
