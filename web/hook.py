"""The wheel's build hook: the explorer's pages are built when their sources have changed, and not else.

https://hatch.pypa.io/latest/plugins/build-hook/custom/
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bundle as pages


class PagesHook(BuildHookInterface[Any]):
    """Builds the pages before a wheel, an editable installation or a source distribution is made."""

    def dependencies(self) -> list[str]:
        return list(pages.REQUIREMENTS) if pages.is_wanted() and pages.is_stale() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not pages.is_wanted():
            return
        # Git ignores what is built; the wheel holds it.
        build_data["artifacts"].append("kgtool/explorer/static/")
        if pages.is_stale():
            try:
                pages.build()
            except pages.BuildError as exc:
                sys.exit(f"kgtool: {exc}")
