"""``evidence=1``: whether a request asks for the sentences that prove each row."""

from __future__ import annotations

from collections.abc import Sequence

from kgtool.server.errors import refuse
from kgtool.table import visible

__all__ = ["EVIDENCE", "wants_evidence"]

#: The name of the field.
EVIDENCE = "evidence"

_ANSWERS = {"1": True, "true": True, "0": False, "false": False}


def wants_evidence(values: Sequence[str]) -> bool:
    """Read the field's values: none is no.

    :raises RefusedError: if there are several, or one that is neither yes nor no.

    >>> wants_evidence(["1"]), wants_evidence([])
    (True, False)
    """
    if not values:
        return False
    if len(values) > 1 or values[0].lower() not in _ANSWERS:
        said = " and ".join(f"'{visible(value[:40])}'" for value in values[:2])
        raise refuse("bad-request", f"evidence is {said}", hint="give evidence=1, or leave it out")
    return _ANSWERS[values[0].lower()]
