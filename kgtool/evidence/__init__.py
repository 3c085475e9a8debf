"""From facts and answers to the sentences that prove them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgtool.evidence.proof import Evidence, Proven, ProvenRow, prove
    from kgtool.evidence.render import to_json
    from kgtool.evidence.sentences import Triple, sentences_of

__all__ = ["Evidence", "Proven", "ProvenRow", "Triple", "prove", "sentences_of", "to_json"]

_HOMES = {
    "Evidence": "proof",
    "Proven": "proof",
    "ProvenRow": "proof",
    "Triple": "sentences",
    "prove": "proof",
    "sentences_of": "sentences",
    "to_json": "render",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: who looks up a triple needs no reader of queries."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
