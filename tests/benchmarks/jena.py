"""Jena as Debian has it (libapache-jena-java): what Java needs to run it."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

__all__ = ["class_path", "is_here"]

_JARS = Path("/usr/share/java")


def is_here() -> bool:
    """Say whether Java and Jena are installed."""
    return shutil.which("java") is not None and (_JARS / "jena-arq.jar").is_file()


def class_path(folder: Path) -> str:
    """Return the class path of Jena's programs.

    :param folder: an empty one, to put messages where Debian's build (4.5.0-2) looks for them: it moved the classes of
        Xerces, and not these.
    """
    moved = "org/apache/jena/ext/"
    with zipfile.ZipFile(_JARS / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(moved) and name.endswith(".properties"):
                file = folder / name.removeprefix(moved)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(jar.read(name))
    # Two bindings of the logging library in one class path stop Java.
    jars = [
        str(jar) for jar in _JARS.glob("*.jar") if not re.search("over-slf4j|slf4j-(log4j|simple|jdk|jcl)", jar.name)
    ]
    return ":".join([str(folder), *jars])
