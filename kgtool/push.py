"""A graph sent to a server, graph by graph: what is there already is not sent again, and everything is counted after.

What was sent is written down after every graph, so a push that was cut off goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kgtool.errors import StoreError
from kgtool.files import replace_text
from kgtool.store import Store
from kgtool.store.remote import RemoteStore
from kgtool.store.transfer import Target
from kgtool.terms import IRI

__all__ = ["Progress", "PushResult", "Step", "push", "record_file"]

#: Called before every graph: how many are done, of how many, and which comes next.
Progress = Callable[[int, int, str], None]

_GRAPHS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"

#: How the default graph is called in the record of what was sent.
_DEFAULT = ""


class Step(NamedTuple):
    """What becomes of one graph; without a name it is the default graph."""

    graph: str | None
    triples: int
    #: ``sent``, ``unchanged`` or ``deleted``.
    action: str


class PushResult(NamedTuple):
    """What a push did, or would do."""

    steps: tuple[Step, ...]
    #: Triples of all graphs that are there now.
    triples: int


class _Sent(NamedTuple):
    """What was sent as one graph."""

    triples: int
    digest: str


def push(
    source: Store,
    endpoint: RemoteStore,
    target: Target,
    *,
    record: Path,
    default_graph: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> PushResult:
    """Make a server hold every named graph of a store and its default graph.

    Graphs that an earlier push sent and that are no longer in the source are deleted; others of the server stay.

    :param endpoint: where the server is asked what it has.
    :param target: where it takes graphs.
    :param record: the file that says what was sent before: see :func:`record_file`.
    :param default_graph: the named graph to send the default graph as.
    :param dry_run: whether only to say what would be done.
    :raises StoreError: if the server cannot be reached or written, or does not have in the end what was sent.
    """
    sent = _read(record)
    names = {graph.value: graph.value for graph in source.graphs() if isinstance(graph, IRI)}
    # The default graph comes last: it is the one a server may not take.
    plan: dict[str, str | None] = {**names, default_graph or _DEFAULT: None}
    there = _counts(endpoint, default=default_graph is None)
    steps: list[Step] = []
    for done, (name, origin) in enumerate(plan.items()):
        if progress is not None:
            progress(done, len(plan), name or "the default graph")
        with tempfile.TemporaryFile() as file:
            now = _dump(source, origin, file)
            if sent.get(name) == now and there.get(name, 0) == now.triples:
                steps.append(Step(name or None, now.triples, "unchanged"))
                continue
            steps.append(Step(name or None, now.triples, "sent"))
            if dry_run:
                continue
            _forget(record, sent, name)
            target.put(name or None, file)
        sent[name] = now
        _write(record, sent)
    for name in [name for name in sent if name and name not in plan]:
        steps.append(Step(name, sent[name].triples, "deleted"))
        if not dry_run:
            target.delete(name)
            _forget(record, sent, name)
    if not dry_run:
        _verify(endpoint, {name: sent[name].triples for name in plan}, default=default_graph is None)
    return PushResult(tuple(steps), sum(step.triples for step in steps if step.action != "deleted"))


def record_file(folder: Path, target: Target) -> Path:
    """Return the file, in a project's folder of builds, that says what was sent to a server."""
    return folder / f"pushed-{zlib.crc32(target.url.encode()):08x}.json"


def _dump(source: Store, graph: str | None, file: BinaryIO) -> _Sent:
    """Write a graph as N-Triples; the digest does not depend on the order of the lines."""
    pattern = "?s ?p ?o" if graph is None else "GRAPH ?g { ?s ?p ?o }"
    bindings = {} if graph is None else {"g": IRI(graph)}
    source.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", bindings=bindings).write(file, "ntriples")
    file.seek(0)
    triples = total = 0
    for line in file:
        triples += 1
        total += int.from_bytes(hashlib.sha256(line).digest(), "big")
    file.seek(0)
    return _Sent(triples, f"{total % 2**256:064x}")


def _counts(endpoint: RemoteStore, *, default: bool) -> dict[str, int]:
    """Count the triples of a server's graphs."""
    rows = endpoint.query(_GRAPHS).rows()
    counts = {graph.value: int(number.value) for graph, number in rows if graph is not None and number is not None}
    return {**counts, _DEFAULT: endpoint.count()} if default else counts


def _verify(endpoint: RemoteStore, expected: dict[str, int], *, default: bool) -> None:
    there = _counts(endpoint, default=default)
    wrong = {name: number for name, number in expected.items() if there.get(name, 0) != number}
    if not wrong:
        return
    name, number = next(iter(wrong.items()))
    what = f"graph <{name}>" if name else "the default graph"
    more = f", and {len(wrong) - 1} more graphs differ" if len(wrong) > 1 else ""
    raise StoreError(
        f"{what} has {there.get(name, 0)} triples there and {number} here{more}",
        file=endpoint.url,
        hint="push again"
        if name
        else "if its default graph is all graphs taken together, push again with --default-graph IRI",
    )


def _read(record: Path) -> dict[str, _Sent]:
    try:
        return {name: _Sent(*values) for name, values in json.loads(record.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # none, or cut short: everything is sent again


def _forget(record: Path, sent: dict[str, _Sent], name: str) -> None:
    """Note that a graph is about to change: if that is cut off, it is sent again."""
    if sent.pop(name, None) is not None:
        _write(record, sent)


def _write(record: Path, sent: dict[str, _Sent]) -> None:
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        replace_text(record, json.dumps(sent, ensure_ascii=False))
    except OSError as exc:
        raise StoreError(f"cannot write what was sent: {exc.strerror}", file=record, hint="set KGTOOL_CACHE") from exc
