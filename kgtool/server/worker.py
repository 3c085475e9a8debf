"""The process that parses and runs queries: it can be ended at any time without harm to the server.

It reads frames from a socket and writes frames to it (see :mod:`kgtool.server.frames`). Memory it may not have ends it,
and so does a query nested too deeply for the engine's parser: the server starts another.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import Any, BinaryIO, cast

from kgtool.errors import KgError
from kgtool.formats import FORMATS
from kgtool.queries.saved import Parameter, SavedQuery
from kgtool.search import built_index
from kgtool.server.errors import Problem, RefusedError, problem_of, refuse
from kgtool.server.frames import (
    ASK,
    PREAMBLE,
    READY,
    SET_UP,
    Head,
    Request,
    Setup,
    decode,
    encode,
    error_frame,
    frame,
)
from kgtool.server.negotiation import Choice, choose, formats_of
from kgtool.server.output import Output
from kgtool.server.tasks import TASKS, Answer, Context, Written, base_of
from kgtool.store import Store, open_store
from kgtool.store.embedded import EmbeddedStore
from kgtool.store.services import allow

__all__ = ["main"]

#: Triples up to which a store is copied into the memory of every worker: half a second and 100 MB.
_SMALL = 100_000


def main(descriptor: int) -> None:
    """Serve questions until the server goes away.

    :param descriptor: of the socket to the server.
    """
    # Ctrl-C reaches the whole group of processes; the server ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    # A trace of every call would hide the line that says why a query ended this process, and takes seconds to write.
    os.environ["RUST_BACKTRACE"] = "0"
    with socket.socket(fileno=descriptor) as connection, connection.makefile("rb") as stream:
        kind, payload = _read(stream)
        assert kind == SET_UP
        setup = Setup(*decode(payload))
        try:
            context = _set_up(setup)
            connection.sendall(frame(READY, encode((context.store.count(), context.base))))
        except KgError as exc:
            _say(exc)
            return
        _limit_memory(setup.max_memory)
        while True:
            kind, payload = _read(stream)
            if kind != ASK:
                return
            try:
                _answer(context, setup, Request(*decode(payload)), connection)
            except BrokenPipeError:
                return


def _set_up(setup: Setup) -> Context:
    store = allow(_in_memory(open_store(setup.location)), setup.services)
    built_index(store)  # now, so that the first search is as quick as the next
    queries = [_saved_query(fields) for fields in setup.queries]
    by_name = {query.name: query for query in queries}
    return Context(store, setup.prefixes, by_name, base_of(store), {}, setup.about, {}, setup.max_rows)


def _in_memory(store: Store) -> Store:
    """Copy a store on disk into memory where it is small: a query then takes a half to a sixth of the time."""
    if isinstance(store, EmbeddedStore) and store.count() <= _SMALL:
        return store.in_memory()
    return store


def _saved_query(fields: list[Any]) -> SavedQuery:
    query = SavedQuery(*fields)
    return query._replace(parameters=tuple(Parameter(*values) for values in query.parameters))


def _answer(context: Context, setup: Setup, request: Request, connection: socket.socket) -> None:
    try:
        answer = TASKS[request.task](context, request)
        if isinstance(answer, Written):
            _send_written(answer, request, setup, connection)
            return
        choice = _choice(answer, request)
        output = Output(
            connection.sendall,
            Head(choice.content_type, answer.form),
            max_rows=setup.max_rows,
            max_bytes=setup.max_bytes,
            rows=choice.format.name,
            gzip_from=request.gzip,
        )
        answer.write(cast("BinaryIO", output), choice.format.name)
        output.finish()
    except RefusedError as exc:
        connection.sendall(error_frame(exc.problem))
    except BrokenPipeError:
        raise
    except KgError as exc:
        _say(exc)
        connection.sendall(error_frame(problem_of(exc)))
    except MemoryError:
        connection.sendall(error_frame(Problem("out-of-memory", "the query needs more memory than it may have")))


def _send_written(answer: Written, request: Request, setup: Setup, connection: socket.socket) -> None:
    head = Head(answer.content_type, "page", status=answer.status)
    output = Output(connection.sendall, head, max_rows=0, max_bytes=setup.max_bytes, rows="", gzip_from=request.gzip)
    output.write(answer.body)
    output.finish()


def _choice(answer: Answer, request: Request) -> Choice:
    """Choose the format: the one that was named, else the one the client likes best."""
    offered = formats_of(answer.form)
    if request.format is None:
        return choose(request.accept, offered)
    form = FORMATS[request.format]
    if form not in offered:
        names = ", ".join(other.extensions[-1] for other in offered)
        raise refuse("not-acceptable", f"this answer cannot be '{request.format}'", hint=f"it can be {names}")
    return Choice(form, form.media_types[0])


def _say(exc: KgError) -> None:
    """Leave a word for the server's log."""
    sys.stderr.write(f"{exc}\n")
    sys.stderr.flush()


def _read(stream: BinaryIO) -> tuple[bytes, bytes]:
    """Read a frame; an empty kind means that the server is gone."""
    preamble = stream.read(PREAMBLE.size)
    if len(preamble) < PREAMBLE.size:
        return b"", b""
    kind, length = PREAMBLE.unpack(preamble)
    return kind, stream.read(length)


def _limit_memory(most: int) -> None:
    """Let the kernel refuse memory beyond a limit; not every system can."""
    if not most:
        return
    import resource

    # Data, not address space: engines reserve far more addresses than they use.
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _die_with_parent() -> None:
    """Have the kernel end this process when the server ends, however that ends, even in the middle of a query."""
    if sys.platform != "linux":
        return
    import ctypes

    parent = os.getppid()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)
