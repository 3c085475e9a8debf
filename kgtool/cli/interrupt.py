"""Ctrl-C while the engine works: it hands control back to Python only when it is done, which may be never."""

# No "from __future__ import annotations" here: this is on the path of a quick query.

import _thread
import os
import signal
import time

from kgtool.files import discard_unfinished

__all__ = ["INTERRUPTED", "watch"]

#: What is said of an interrupted run.
INTERRUPTED = "kgtool: interrupted; what was there before is unchanged, run it again"

#: Seconds in which Python may end the run in its own way.
_PATIENCE = 1.0


def watch() -> None:
    """End the process when it is interrupted and goes on regardless."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    # Python's handler of signals writes to this at once, whatever the main thread is doing.
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    _thread.start_new_thread(_end_when_interrupted, (read,))


def _end_when_interrupted(read: int) -> None:
    while os.read(read, 1)[0] != signal.SIGINT:
        pass
    time.sleep(_PATIENCE)
    discard_unfinished()
    os.write(2, f"{INTERRUPTED}\n".encode())
    os._exit(130)
