"""When, on what and with which versions something was measured: a line above every table."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["described"]


def described(packages: Iterable[str] = (), *, now: datetime | None = None) -> str:
    """Say when and on what it is measured: cores, memory, what else it does, Python and the packages that are here."""
    now = now or datetime.now(UTC)
    load = os.getloadavg()[0]
    company = "quiet" if load < 0.5 else f"load {load:.1f} before the run"
    versions = [f"Python {platform.python_version()}", *filter(None, map(_version, packages))]
    return f"{now:%Y-%m-%d}, {os.cpu_count()} cores ({_processor()}), {_memory()} GB, {company}; {', '.join(versions)}"


def _processor() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace"))
    return found[1].strip() if found else platform.machine()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _version(package: str) -> str | None:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return None
