"""What a build holds, written beside it: for whoever wants its counts, and for the build that changes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from kgtool.files import replace_text

__all__ = ["Contents", "read_contents", "write_contents"]


class Contents(NamedTuple):
    """What a build holds.

    :param counts: triples per named graph.
    :param shared_digest: the hash of what its articles share.
    :param digests: the hash of the quads of each article, by the name of its folder.
    :param repeated: quads of the derived graph that several articles, or an article and what they share, lead to, as
        lines of N-Quads, and how many do.
    """

    counts: dict[str, int]
    shared_digest: str
    digests: dict[str, str]
    repeated: dict[str, int]


def read_contents(folder: Path) -> Contents:
    """Read what a build holds.

    :param folder: the build's folder.
    """
    return Contents(**json.loads((folder / "contents.json").read_text(encoding="utf-8")))


def write_contents(contents: Contents, folder: Path) -> None:
    """Write what a build holds into its folder."""
    replace_text(folder / "contents.json", json.dumps(contents._asdict(), ensure_ascii=False))
