"""What Virtuoso says otherwise than the standard, put right as it arrives.

Measured on 7.2.5: the answer to an ASK is a table, empty for false; in JSON ``true`` comes back as ``1``
and blank nodes are called ``nodeID://b1``, which is no label; a SELECT that reaches ``ResultSetMaxRows`` ends there,
and only a header says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import Message

from kgtool.errors import StoreError
from kgtool.namespaces import XSD

__all__ = ["SYSTEM_GRAPHS", "UNION_GRAPH", "MendedStream", "check_complete", "is_virtuoso", "mend_boolean"]

#: Where a copy of the default graph is kept, below the base IRI: Virtuoso's own is all graphs taken together.
UNION_GRAPH = "graph/union"

#: Graphs that every Virtuoso has, and nobody's data is in.
SYSTEM_GRAPHS = frozenset(
    (
        "http://www.openlinksw.com/schemas/virtrdf#",
        "http://www.w3.org/2002/07/owl#",
        "http://www.w3.org/ns/ldp#",
        "urn:activitystreams-owl:map",
        "http://localuriqaserver/sparql",
        "urn:core:services:sparql",
    )
)

_ASKED = b"__ASK_RETVAL"
#: Each stands within one JSON object, and nothing in a string can look like it: its quotes are escaped.
_TRUTH = re.compile(rb'("datatype": "' + re.escape(XSD + "boolean").encode() + rb'", "value": )"([01])"')
_BLANK = re.compile(rb'("type": "bnode", "value": ")nodeID://')


def is_virtuoso(headers: Message) -> bool:
    """Say whether an answer is Virtuoso's."""
    return headers.get("Server", "").startswith("Virtuoso")


def check_complete(headers: Message, url: str) -> None:
    """Refuse an answer that may be cut off.

    :raises StoreError: if a header says that a limit was reached.
    """
    rows = headers.get("X-SPARQL-MaxRows")
    if rows:
        raise StoreError(
            f"the answer stops at {rows} rows, the most that this server gives",
            file=url,
            hint="ask for fewer with LIMIT, or raise ResultSetMaxRows in its virtuoso.ini",
        )
    if headers.get("X-SPARQL-Anytime") or headers.get("X-SQL-State", "").startswith("S1TAT"):
        raise StoreError("the answer is a part of the whole: the server ran out of time", file=url, hint="ask for less")


def mend_boolean(body: bytes) -> bytes:
    """Turn the table that answers an ASK into what JSON has for it; anything else stays as it is."""
    if _ASKED not in body:
        return body
    truth = b"true" if b'"value": "1"' in body else b"false"
    return b'{"head": {}, "boolean": ' + truth + b"}"


class MendedStream:
    """Rows in JSON, put right.

    :param read: reads some of the body, nothing at its end.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._rest = b""
        self._ready = b""

    def read(self, size: int = -1) -> bytes:
        """Read some of the body; nothing is left where this is empty."""
        while size < 0 or not self._ready:
            data = self._read(1 << 16)
            # What is mended never reaches across the end of an object.
            whole, end, self._rest = (self._rest + data).rpartition(b"}") if data else (self._rest, b"", b"")
            self._ready += _BLANK.sub(rb"\1", _TRUTH.sub(_mend_truth, whole)) + end
            if not data:
                break
        size = len(self._ready) if size < 0 else size
        data, self._ready = self._ready[:size], self._ready[size:]
        return data


def _mend_truth(match: re.Match[bytes]) -> bytes:
    return match[1] + (b'"true"' if match[2] == b"1" else b'"false"')
