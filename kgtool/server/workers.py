"""The pool of worker processes: one question each at a time, ended when it takes too long, and replaced."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from kgtool.errors import StoreError
from kgtool.server.errors import RefusedError, refuse
from kgtool.server.frames import SET_UP, Request, Setup, encode, frame
from kgtool.server.limits import Limits
from kgtool.server.metrics import Metrics
from kgtool.server.process import TIMEOUT, Answer, Worker

__all__ = ["Answer", "Pool"]

log = logging.getLogger("kgtool.server")

#: An ASGI server's ``receive``.
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

#: Seconds after which it is worth knowing whether the client is still there, and whether all workers are slow.
_SLOW = 0.25
#: Seconds of the processor after which a query steps behind the others: what is quick stays quick.
_HEAVY = 0.5
#: Seconds between two looks at the workers that are busy.
_TICK = 0.1
#: Seconds before a worker that could not start is tried again.
_RETRY = 1.0


class Pool:
    """Workers, the questions they are at, and those that wait.

    :param setup: what every worker is told.
    """

    def __init__(self, setup: Setup, limits: Limits, metrics: Metrics) -> None:
        self._setup = frame(SET_UP, encode(setup))
        self._limits = limits
        self._metrics = metrics
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._looking: asyncio.TimerHandle | None = None
        #: The workers that are at a question, each with what tells whether its client is there, and those that watch.
        self._clients: dict[Worker, Receive | None] = {}
        self._watches: dict[Worker, asyncio.Task[None]] = {}
        self._ticking: asyncio.TimerHandle | None = None
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
        for task in (*self._tasks, *self._watches.values()):
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
    async def ask(self, request: Request | bytes, receive: Receive | None = None) -> AsyncIterator[Answer]:
        """Ask a worker; when the block ends before the answer does, the worker is ended too.

        :param request: it may be encoded already.
        :param receive: tells when the client has gone.
        :raises RefusedError: if there is no answer: what the query or the limits are to blame for.
        """
        question = request if isinstance(request, bytes) else encode(request)
        worker = await self._lease()
        loop = asyncio.get_running_loop()
        worker.since = loop.time()
        self._clients[worker] = receive
        if self._ticking is None:
            self._ticking = loop.call_later(_TICK, self._tick)
        try:
            answer = await worker.ask(question)
            if answer.body is not None:
                # It is complete: the worker need not wait for the client.
                self._let_go(worker)
                yield answer
                return
            # The limit holds of the answer's last byte: a client that reads slowly does not keep a worker either.
            until = worker.since + self._limits.timeout if self._limits.timeout else None
            async with asyncio.timeout_at(until):
                yield answer
        except TimeoutError as exc:
            worker.kill("timeout")
            raise RefusedError(TIMEOUT) from exc
        finally:
            if worker in self._clients:
                self._let_go(worker)

    def _let_go(self, worker: Worker) -> None:
        """Take a worker back from a question."""
        del self._clients[worker]
        watch = self._watches.pop(worker, None)
        if watch is not None:
            watch.cancel()
        self._return(worker)

    def _tick(self) -> None:
        """Look at the workers that are busy: end what takes too long, and let what is heavy step behind the others."""
        self._ticking = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for worker, receive in self._clients.items():
            taken = now - worker.since
            if self._limits.timeout and taken >= self._limits.timeout:
                worker.kill("timeout")
            elif taken >= _SLOW:
                if not worker.is_behind and worker.worked() >= _HEAVY:
                    worker.step_back()
                if receive is not None and worker not in self._watches:
                    self._watches[worker] = loop.create_task(_end_when_gone(worker, receive))
        if self._clients:
            self._ticking = loop.call_later(_TICK, self._tick)

    async def _lease(self) -> Worker:
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
        waiter: asyncio.Future[Worker] = loop.create_future()
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

    def _return(self, worker: Worker) -> None:
        if worker.busy or worker.is_behind or not worker.is_alive():
            self._replace(worker)
        else:
            self._hand_on(worker)

    def _hand_on(self, worker: Worker) -> None:
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

    def _replace(self, worker: Worker) -> None:
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
            worker = await Worker.start(self._setup)
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


def _give_up(waiter: asyncio.Future[Worker]) -> None:
    if not waiter.done():
        hint, headers = "try again later", {"Retry-After": "5"}
        waiter.set_exception(refuse("no-worker", "no worker was free in time", hint=hint, headers=headers))


async def _end_when_gone(worker: Worker, receive: Receive) -> None:
    """End a worker whose client has gone."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            worker.kill("client gone")
            return
