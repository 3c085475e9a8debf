"""A worker process and the socket to it: questions go out, frames come in, and it can be ended at any time."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from kgtool.errors import StoreError
from kgtool.server.errors import Problem, RefusedError
from kgtool.server.frames import (
    ASK,
    DATA,
    END,
    ERROR,
    HEAD,
    PREAMBLE,
    READY,
    WHOLE,
    Head,
    decode,
    frame,
    split_whole,
)

__all__ = ["TIMEOUT", "Answer", "Worker"]

log = logging.getLogger("kgtool.server")

#: Seconds a worker may take to open the store.
_START = 300.0
#: How far behind others a query steps that takes long: of a core that both want, it gets a thirtieth.
_NICENESS = 15
#: Bytes that may have come from a worker and not been read, before it has to wait for the client.
_BUFFER = 2**18

#: What a client is told of a query that was ended for its time.
TIMEOUT = Problem(
    "timeout",
    "the query took too long and was ended",
    None,
    "ask for less, or start the server with a longer --timeout",
)


class Answer:
    """An answer as it arrives: complete in ``body``, or piece by piece from ``pieces``."""

    def __init__(self, worker: Worker, head: Head, body: bytes | None) -> None:
        self.head = head
        self.body = body
        self._worker = worker

    async def pieces(self) -> AsyncIterator[bytes]:
        """Walk over the pieces of an answer that is not complete yet.

        :raises RefusedError: if it ends before its end.
        """
        while True:
            kind, payload = await self._worker.read()
            if kind == DATA:
                yield payload
            else:
                return


class _Pipe(asyncio.Protocol):
    """The frames that come from a worker, in their order; one reader at a time."""

    def __init__(self) -> None:
        self.transport = cast("asyncio.Transport", None)
        self.at_end = False
        self._buffer = b""
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._size = 0
        self._paused = False
        self._reader: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        at, whole = 0, len(data)
        while at + PREAMBLE.size <= whole:
            kind, length = PREAMBLE.unpack_from(data, at)
            end = at + PREAMBLE.size + length
            if end > whole:
                break
            self._frames.append((kind, data[at + PREAMBLE.size : end]))
            self._size += length
            at = end
        self._buffer = data[at:]
        if self._size + len(self._buffer) > _BUFFER and self._frames:
            self._paused = True
            self.transport.pause_reading()
        if self._frames:
            self._wake()

    def eof_received(self) -> None:
        self.connection_lost(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self.at_end = True
        self._wake()

    async def read(self) -> tuple[bytes, bytes]:
        """Return the next frame.

        :raises ConnectionError: if there will be none.
        """
        while not self._frames:
            if self.at_end:
                raise ConnectionError("the worker has gone")
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        kind, payload = self._frames.popleft()
        self._size -= len(payload)
        if self._paused and self._size < _BUFFER // 2:
            self._paused = False
            self.transport.resume_reading()
        return kind, payload

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


class Worker:
    """A worker process: one question at a time."""

    def __init__(self, process: subprocess.Popen[bytes], pipe: _Pipe, words: BinaryIO) -> None:
        self._process = process
        self._pipe = pipe
        self._words = words
        #: Whether it is at a question, and since when by the event loop's clock.
        self.busy = False
        self.since = 0.0
        self.is_behind = False
        self.ended_for: str | None = None
        self.triples = 0
        self.base: str | None = None
        self._begun: float | None = None

    @classmethod
    async def start(cls, setup: bytes) -> Worker:
        """Start a process and wait until it has opened the store.

        :param setup: the frame that tells it what to serve.
        :raises StoreError: if it cannot.
        """
        ours, theirs = socket.socketpair()
        words = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the process has ended
        program = (
            f"import sys; sys.path[:] = {sys.path!r}; from kgtool.server.worker import main; main({theirs.fileno()})"
        )
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - this Python, running our own module
                [sys.executable, "-c", program],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
            )
        _, pipe = await asyncio.get_running_loop().create_connection(_Pipe, sock=ours)
        worker = cls(process, pipe, words)
        try:
            pipe.transport.write(setup)
            async with asyncio.timeout(_START):
                kind, payload = await pipe.read()
            assert kind == READY
            worker.triples, worker.base = decode(payload)
        except (ConnectionError, TimeoutError) as exc:
            worker.kill("start")
            said = worker._said()
            await worker.wait()
            raise StoreError(said or "the worker did not start") from exc
        except BaseException:
            worker.kill("start")
            raise
        return worker

    async def ask(self, question: bytes) -> Answer:
        """Send a question and return what comes first.

        :param question: an encoded :class:`kgtool.server.frames.Request`.
        :raises RefusedError: if that is a problem, or the worker is no more.
        """
        self.busy = True
        self._begun = None
        if self._pipe.at_end:
            raise await self._lost()
        self._pipe.transport.write(frame(ASK, question))
        kind, payload = await self.read()
        if kind == WHOLE:
            return Answer(self, *split_whole(payload))
        assert kind == HEAD
        return Answer(self, Head(*decode(payload)), None)

    async def read(self) -> tuple[bytes, bytes]:
        """Read the next frame of an answer.

        :raises RefusedError: if the worker reports a problem, or is no more.
        """
        try:
            kind, payload = await self._pipe.read()
        except ConnectionError as exc:
            raise await self._lost() from exc
        if kind == ERROR:
            self.busy = False
            raise RefusedError(Problem(*decode(payload)))
        if kind in (WHOLE, END):
            self.busy = False
        return kind, payload

    def is_alive(self) -> bool:
        return self.ended_for is None and not self._pipe.at_end and self._process.poll() is None

    def kill(self, reason: str) -> None:
        """End the process now, whatever it is doing."""
        if self.ended_for is None:
            self.ended_for = reason
        if self._process.poll() is None:
            self._process.kill()

    def worked(self) -> float:
        """Return the processor's seconds that it has spent since this was first asked of this question.

        Where the system does not tell, it is the time since then.
        """
        now = _processor_seconds(self._process.pid)
        if now is None:
            now = asyncio.get_running_loop().time()
        if self._begun is None:
            self._begun = now
        return now - self._begun

    def step_back(self) -> None:
        """Let other processes go first from now on; a process cannot come forward again."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICENESS)
            self.is_behind = True

    async def wait(self) -> None:
        """Wait until the process has ended, and let go of what belongs to it."""
        self._pipe.transport.close()
        await asyncio.to_thread(self._process.wait)
        self._words.close()

    async def _lost(self) -> RefusedError:
        """Say why there is no answer."""
        await asyncio.to_thread(self._process.wait)
        if self.ended_for == "timeout":
            return RefusedError(TIMEOUT)
        if self.ended_for == "client gone":
            return RefusedError(Problem("client-gone", "the client has gone"))
        if self.ended_for is not None:
            return RefusedError(Problem("no-worker", "the server ended the query"))
        said = self._said()
        self.ended_for = "out of memory" if "memory allocation" in said else "crashed"
        if self._process.returncode == -signal.SIGKILL:
            self.ended_for = "killed"
        log.warning("a worker ended: %s", said[-300:] or self.ended_for)
        if self.ended_for == "out of memory":
            hint = "ask for less, or start the server with a larger --max-memory"
            return RefusedError(Problem("out-of-memory", "the query needs more memory than it may have", None, hint))
        if self.ended_for == "killed":
            return RefusedError(Problem("no-worker", "something else ended the process that ran the query"))
        if self._process.returncode == 1 and "PanicException" not in said:
            # Python ended by an exception that is nobody's query to blame for.
            return RefusedError(Problem("internal", "something went wrong in the server", None, "its log says what"))
        hint = "nest it less deeply, and write long lists of alternatives as VALUES or IN"
        return RefusedError(Problem("query-crashed", "the query is too complex for the engine", None, hint))

    def _said(self) -> str:
        """Return the end of what the process wrote to its standard streams."""
        try:
            self._words.seek(0, 2)
            self._words.seek(max(0, self._words.tell() - 2000))
            return self._words.read().decode("utf-8", "replace").strip()
        except ValueError:
            return ""


def _processor_seconds(process: int) -> float | None:
    """Return how long the processor has worked for a process: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html"""
    try:
        fields = Path(f"/proc/{process}/stat").read_bytes().rpartition(b") ")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
