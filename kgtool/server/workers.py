"""The pool of worker processes: one question each at a time, ended when it takes too long, and replaced."""

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
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Any, BinaryIO

from kgtool.errors import StoreError
from kgtool.server.errors import Problem, RefusedError, refuse
from kgtool.server.frames import (
    ASK,
    DATA,
    END,
    ERROR,
    HEAD,
    PREAMBLE,
    READY,
    SET_UP,
    WHOLE,
    Head,
    Request,
    Setup,
    decode,
    encode,
    frame,
    split_whole,
)
from kgtool.server.limits import Limits
from kgtool.server.metrics import Metrics

__all__ = ["Answer", "Pool"]

log = logging.getLogger("kgtool.server")

#: An ASGI server's ``receive``.
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

#: Seconds a worker may take to open the store.
_START = 300.0
#: Seconds after which it is worth knowing whether the client is still there, and whether all workers are slow.
_SLOW = 0.25
#: Seconds after which a query steps behind the others: what is quick stays quick.
_LONG = 1.0
#: How far behind: of a core that both want, it gets a thirtieth.
_NICENESS = 15
#: Seconds before a worker that could not start is tried again.
_RETRY = 1.0

#: Bytes that a worker's pipe may hold before the worker has to wait for the client.
_BUFFER = 2**18


class Answer:
    """An answer as it arrives: complete in ``body``, or piece by piece from ``pieces``."""

    def __init__(self, worker: _Worker, head: Head, body: bytes | None) -> None:
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


class Pool:
    """Workers, the questions they are at, and those that wait.

    :param setup: what every worker is told.
    """

    def __init__(self, setup: Setup, limits: Limits, metrics: Metrics) -> None:
        self._setup = frame(SET_UP, encode(setup))
        self._limits = limits
        self._metrics = metrics
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._waiting: deque[asyncio.Future[_Worker]] = deque()
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._looking: asyncio.TimerHandle | None = None
        #: The triples of the default graph, and the IRI that the graph's own names start with.
        self.triples = 0
        self.base: str | None = None

    async def start(self) -> None:
        """Start the workers and wait until they are ready.

        :raises StoreError: if they cannot open the store.
        """
        started = await asyncio.gather(
            *(self._start_one() for _ in range(max(1, self._limits.workers))), return_exceptions=True
        )
        failed = next((one for one in started if isinstance(one, BaseException)), None)
        if failed is not None:
            await self.close()
            raise failed

    async def close(self) -> None:
        """End every worker."""
        self._closed = True
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_exception(refuse("no-worker", "the server is shutting down"))
        for task in list(self._tasks):
            task.cancel()
        workers = list(self._workers)
        self._workers.clear()
        for worker in workers:
            worker.kill("shutdown")
        await asyncio.gather(*(worker.wait() for worker in workers))

    def counts(self) -> dict[str, int]:
        """Say how many workers there are, how many are busy, and how many questions wait."""
        return {
            "workers": len(self._workers),
            "busy": len(self._workers) - len(self._idle),
            "waiting": len(self._waiting),
        }

    @asynccontextmanager
    async def ask(self, request: Request, receive: Receive | None = None) -> AsyncIterator[Answer]:
        """Ask a worker; when the block ends before the answer does, the worker is ended too.

        :param receive: tells when the client has gone.
        :raises RefusedError: if there is no answer: what the query or the limits are to blame for.
        """
        worker = await self._lease()
        loop = asyncio.get_running_loop()
        worker.since = loop.time()
        watch: asyncio.Task[None] | None = None

        def begin_watching() -> None:
            nonlocal watch
            if receive is not None:
                watch = loop.create_task(_end_when_gone(worker, receive))

        watching = loop.call_later(_SLOW, begin_watching)
        stepping_back = loop.call_later(_LONG, worker.step_back)
        try:
            # The limit holds of the answer's last byte: a client that reads slowly does not keep a worker either.
            async with asyncio.timeout(self._limits.timeout or None):
                yield await worker.ask(request)
        except TimeoutError as exc:
            worker.kill("timeout")
            hint = "ask for less, or start the server with a longer --timeout"
            raise refuse("timeout", "the query took too long and was ended", hint=hint) from exc
        finally:
            watching.cancel()
            stepping_back.cancel()
            if watch is not None:
                watch.cancel()
            self._return(worker)

    async def _lease(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive():
                return worker
            self._replace(worker)
        if len(self._waiting) >= self._limits.queue:
            self._metrics.count("kgtool_queries_turned_away_total")
            raise refuse(
                "too-many-requests",
                f"{len(self._workers)} queries are running and {len(self._waiting)} wait",
                hint="try again in a second",
                headers={"Retry-After": "1"},
            )
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[_Worker] = loop.create_future()
        self._waiting.append(waiter)
        if self._looking is None:
            self._looking = loop.call_later(_SLOW, self._grow)
        # Twice the limit: behind a query that takes all its time, there is still a turn to come.
        patience = loop.call_later(2 * self._limits.timeout, _give_up, waiter) if self._limits.timeout else None
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._hand_on(waiter.result())
            raise
        finally:
            if patience is not None:
                patience.cancel()
            with suppress(ValueError):
                self._waiting.remove(waiter)

    def _return(self, worker: _Worker) -> None:
        if worker.busy or worker.is_behind or not worker.is_alive():
            self._replace(worker)
        else:
            self._hand_on(worker)

    def _hand_on(self, worker: _Worker) -> None:
        """Give a free worker to whoever waits longest; end it if it was only there for a busy time."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(worker)
                return
        if len(self._workers) > max(1, self._limits.workers):
            self._workers.discard(worker)
            worker.kill("surplus")
            self._run(worker.wait())
        else:
            self._idle.append(worker)

    def _replace(self, worker: _Worker) -> None:
        if worker not in self._workers:
            return
        self._workers.discard(worker)
        worker.kill("unfinished" if worker.busy else "behind")
        self._metrics.count("kgtool_workers_ended_total", reason=worker.ended_for or "crashed")
        self._run(worker.wait())
        if not self._closed and len(self._workers) + self._starting < max(1, self._limits.workers):
            self._run(self._keep_starting())

    def _grow(self) -> None:
        """Add a worker if every one is at a slow query, and look again as long as somebody waits."""
        self._looking = None
        if self._closed or not self._waiting:
            return
        loop = asyncio.get_running_loop()
        self._looking = loop.call_later(_SLOW, self._grow)
        room = len(self._workers) + self._starting < self._limits.max_concurrent
        now = loop.time()
        slow = all(worker.busy and now - worker.since >= _SLOW / 2 for worker in self._workers)
        if slow and room and not self._starting:
            self._run(self._keep_starting(once=True))

    async def _keep_starting(self, *, once: bool = False) -> None:
        while not self._closed:
            try:
                await self._start_one()
            except (StoreError, OSError) as exc:
                log.error("a worker could not start: %s", exc)  # noqa: TRY400 - its own words are in the message
                if once:
                    return
                await asyncio.sleep(_RETRY)
            else:
                return

    async def _start_one(self) -> None:
        self._starting += 1
        worker = None
        try:
            worker = await _Worker.start(self._setup)
            self.triples, self.base = worker.triples, worker.base
        finally:
            self._starting -= 1
        if self._closed:
            worker.kill("shutdown")
            await worker.wait()
            return
        self._workers.add(worker)
        self._hand_on(worker)

    def _run(self, coroutine: Any) -> None:
        if self._closed:
            coroutine.close()
            return
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _give_up(waiter: asyncio.Future[_Worker]) -> None:
    if not waiter.done():
        hint, headers = "try again later", {"Retry-After": "5"}
        waiter.set_exception(refuse("no-worker", "no worker was free in time", hint=hint, headers=headers))


async def _end_when_gone(worker: _Worker, receive: Receive) -> None:
    """End a worker whose client has gone."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            worker.kill("client gone")
            return


class _Worker:
    """A worker process and the socket to it."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        words: BinaryIO,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._words = words
        self.busy = False
        self.is_behind = False
        self.since = 0.0
        self.ended_for: str | None = None
        self.triples = 0
        self.base: str | None = None

    @classmethod
    async def start(cls, setup: bytes) -> _Worker:
        """Start a process and wait until it has opened the store."""
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
        reader, writer = await asyncio.open_connection(sock=ours, limit=_BUFFER)
        worker = cls(process, reader, writer, words)
        try:
            worker._writer.write(setup)
            async with asyncio.timeout(_START):
                kind, payload = await worker._frame()
            assert kind == READY
            worker.triples, worker.base = decode(payload)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as exc:
            worker.kill("start")
            said = worker._said()
            await worker.wait()
            raise StoreError(said or "the worker did not start") from exc
        except BaseException:
            worker.kill("start")
            raise
        return worker

    async def ask(self, request: Request) -> Answer:
        """Send a question and return what comes first."""
        self.busy = True
        try:
            self._writer.write(frame(ASK, encode(request)))
            await self._writer.drain()
        except ConnectionError as exc:
            raise await self._lost() from exc
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
            kind, payload = await self._frame()
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            raise await self._lost() from exc
        if kind == ERROR:
            self.busy = False
            raise RefusedError(Problem(*decode(payload)))
        if kind in (WHOLE, END):
            self.busy = False
        return kind, payload

    def is_alive(self) -> bool:
        return self.ended_for is None and not self._reader.at_eof() and self._process.poll() is None

    def kill(self, reason: str) -> None:
        """End the process now, whatever it is doing."""
        if self.ended_for is None:
            self.ended_for = reason
        if self._process.poll() is None:
            self._process.kill()

    def step_back(self) -> None:
        """Let other processes go first from now on; a process cannot come forward again."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICENESS)
            self.is_behind = True

    async def wait(self) -> None:
        """Wait until the process has ended, and let go of what belongs to it."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._process.wait)
        self._words.close()

    async def _frame(self) -> tuple[bytes, bytes]:
        kind, length = PREAMBLE.unpack(await self._reader.readexactly(PREAMBLE.size))
        return kind, await self._reader.readexactly(length) if length else b""

    async def _lost(self) -> RefusedError:
        """Say why there is no answer."""
        await asyncio.to_thread(self._process.wait)
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
