"""The files that ``web/bundle.py`` builds: scripts and styles under hashed names, message catalogues, licences."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import ProjectError

__all__ = ["NOT_BUILT", "Asset", "Assets", "is_built", "read_assets"]

_FOLDER = Path(__file__).parent / "static"

#: How to get what is missing.
_HINT = "run 'python web/bundle.py' in a checkout, or install kgtool again without KGTOOL_NO_WEB"
NOT_BUILT = f"The explorer's pages are not built: {_HINT}."

#: What is served of the folder: the rest is for the program.
_SERVED = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
}

#: The sources of what runs queries in the browser: a site has it, a server answers queries itself.
_ENGINE = ("engine.js", "engine.wasm")


class Asset(NamedTuple):
    """A file that browsers fetch."""

    content_type: str
    body: bytes


class Assets(NamedTuple):
    """What is built.

    :param names: from the name of a source to the name of the file that is built of it.
    :param hash: changes when a file does.
    """

    names: dict[str, str]
    hash: str
    folder: Path

    def files(self, *, with_engine: bool = False) -> dict[str, Asset]:
        """Read every file that browsers fetch, by name.

        :param with_engine: whether what runs queries in the browser is among them.
        """
        left_out = set() if with_engine else {self.names[source] for source in _ENGINE}
        return {
            file.name: Asset(_SERVED[file.suffix], file.read_bytes())
            for file in sorted(self.folder.iterdir())
            if file.suffix in _SERVED and file.name not in left_out
        }

    def catalogue(self, language: str) -> bytes | None:
        """Read the compiled message catalogue of a language, if it has one."""
        file = self.folder / f"{language.replace('-', '_')}.mo"
        return file.read_bytes() if file.is_file() else None


def is_built() -> bool:
    """Say whether there is anything."""
    return (_FOLDER / "manifest.json").is_file()


@cache
def read_assets() -> Assets:
    """Read what is built.

    :raises ProjectError: if nothing is.
    """
    try:
        names = json.loads((_FOLDER / "manifest.json").read_text(encoding="utf-8"))
        record = json.loads((_FOLDER / "built.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ProjectError("the explorer's pages are not built", hint=_HINT) from exc
    return Assets(names, record["sources"], _FOLDER)
