"""Servers of the tests' own: served from a thread as long as a block lasts, and reached by nobody's log-in."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

import pytest

__all__ = ["serving", "without_login"]


@contextmanager
def serving(server: ThreadingHTTPServer, *, over: threading.Event | None = None) -> Iterator[None]:
    """Serve until the block ends.

    :param over: set then, for handlers that wait for it.
    """
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        if over is not None:
            over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def without_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the log-ins of the person who runs the tests."""
    for name in ("KGTOOL_USER", "KGTOOL_PASSWORD", "KGTOOL_TOKEN", "KGTOOL_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", os.devnull)
