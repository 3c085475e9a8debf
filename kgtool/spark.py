"""Spark's session, for whatever runs on a cluster: one start, one set of defaults, one way to say what goes wrong.

https://spark.apache.org/docs/latest/configuration.html

On this machine alone nothing listens to others. Where a cluster is named, the address that its workers answer to is
for Spark's own configuration to say (``spark.driver.host``, ``SPARK_LOCAL_IP``).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kgtool.errors import ProjectError, StoreError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["explaining", "first_line", "open_session", "settings"]

_LOOPBACK = "127.0.0.1"
#: Workers run the same Python as this process, unless Spark is told of another.
_PYTHON = "PYSPARK_PYTHON"


@contextmanager
def open_session(name: str, master: str | None = None, *, extra: str = "spark") -> Iterator[SparkSession]:
    """Start Spark, or take the session that is there already, which then goes on.

    :param name: what the cluster calls the application.
    :param master: the cluster's address, ``spark://HOST:PORT``; by default what Spark's own configuration says, else
        the cores of this machine.
    :param extra: the extras of kgtool to install where PySpark is missing.
    :raises ProjectError: if PySpark is not installed.
    :raises StoreError: if Spark does not start.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as exc:
        raise ProjectError("Spark is not installed", hint=f"pip install 'kgtool[{extra}]'") from exc
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    os.environ.setdefault(_PYTHON, sys.executable)
    builder = SparkSession.builder.appName(name)
    for setting, value in settings(master).items():
        builder = builder.config(setting, value)
    try:
        session = builder.getOrCreate()
    except Exception as exc:
        hint = "it needs Java 17 or newer, and a master that answers"
        raise StoreError(f"Spark does not start: {first_line(exc)}", hint=hint) from exc
    try:
        # What goes wrong comes as an exception; of machines that fail and code too long to compile there is no need
        # to hear.
        session.sparkContext.setLogLevel("FATAL")
        yield session
    finally:
        session.stop()


@contextmanager
def explaining(what: str) -> Iterator[None]:
    """Say of what goes wrong on a cluster what a person can mend.

    :param what: what could not be done: "the cluster could not build it".
    :raises StoreError: if Spark fails; an error of kgtool's own, on a worker, is told in its own words.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as exc:
        said = re.search(r"kgtool\.errors\.\w+: (.+)", str(exc))
        raise StoreError(f"{what}: {said[1] if said else first_line(exc)}", hint="see what the workers logged") from exc


def settings(master: str | None) -> dict[str, str]:
    """Return the settings that a session is started with, over those of Spark's own configuration.

    >>> settings("spark://host:7077")["spark.master"]
    'spark://host:7077'
    >>> settings("local[2]")["spark.driver.bindAddress"]
    '127.0.0.1'
    """
    chosen = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    if master is None:
        if _is_configured():
            return chosen
        master = "local[*]"
    chosen["spark.master"] = master
    if master.startswith("local"):
        chosen |= {"spark.driver.host": _LOOPBACK, "spark.driver.bindAddress": _LOOPBACK}
    return chosen


def _is_configured() -> bool:
    """Say whether Spark's own configuration names a master."""
    given = os.environ.get("PYSPARK_SUBMIT_ARGS", "")
    if "--master" in given or "spark.master" in given:
        return True
    folder = os.environ.get("SPARK_CONF_DIR") or os.path.join(os.environ.get("SPARK_HOME", ""), "conf")
    try:
        with open(os.path.join(folder, "spark-defaults.conf"), encoding="utf-8", errors="replace") as stream:
            return any(re.match(r"\s*spark\.master[\s=:]", line) for line in stream)
    except OSError:
        return False


def first_line(exc: BaseException) -> str:
    """Return what is wrong, as the engine itself says it, without what others put before that."""
    while exc.__cause__ is not None:
        exc = exc.__cause__
    return next((line.strip() for line in str(exc).splitlines() if line.strip()), type(exc).__name__)
