"""A Spark cluster of our own: a master and two workers on this machine, for tests and benchmarks."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOPBACK = "127.0.0.1"
_PATIENCE = 60.0


@contextmanager
def two_workers(folder: Path, *, memory: str = "1g") -> Iterator[str]:
    """Start a standalone cluster with two workers of one core each, and yield the address of its master.

    :param folder: where its logs and work are.
    """
    import pyspark

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    environment = {**os.environ, "SPARK_LOCAL_IP": _LOOPBACK, "SPARK_WORKER_DIR": str(folder / "work")}
    environment["SPARK_LOG_DIR"] = str(folder)
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        command = [str(program), f"org.apache.spark.deploy.{arguments[0]}", "--host", _LOOPBACK, *arguments[1:]]
        with log.open("wb") as stream:
            started.append(subprocess.Popen(command, stdout=stream, stderr=stream, env=environment))
        return log

    try:
        log = start("master", "master.Master", "--port", "0", "--webui-port", "0")
        master = _wait_for(log, r"Starting Spark master at (spark://\S+)")
        for name in ("one", "two"):
            arguments = ("--cores", "1", "--memory", memory, "--webui-port", "0", master)
            _wait_for(start(name, "worker.Worker", *arguments), r"Successfully registered with master (\S+)")
        yield master
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _wait_for(log: Path, pattern: str) -> str:
    """Wait until a process says something, and return it."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        found = re.search(pattern, log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[1]
        time.sleep(0.2)
    raise TimeoutError(f"{log}: nothing like {pattern}: {log.read_text(encoding='utf-8')[-2000:]}")
