"""The quads of articles, kept: one compressed file for each, named by the hash of all that went into it.

A build makes those that are not there yet, in several processes if there are many, and goes on where one that was
stopped left off. The build after it reads what the article said before.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from kgtool.build.article import make_article
from kgtool.build.shared import Shared, read_shared
from kgtool.build.sources import Sources
from kgtool.files import replace_file

__all__ = ["make_parts", "part_file", "read_part", "remove_parts"]

#: Articles below which starting processes takes longer than it saves.
_FEW = 24
#: Articles that a process is given at once.
_TOGETHER = 8


def part_file(folder: Path, digest: str) -> Path:
    """Return where the quads of an article are kept in a folder of builds."""
    return folder / "parts" / f"{digest}.nq.gz"


def read_part(file: Path) -> bytes:
    """Return the quads of an article: N-Quads, sorted."""
    with gzip.open(file) as stream:
        return stream.read()


def make_parts(sources: Sources, shared: Shared, folder: Path, *, told: Callable[[str], None]) -> None:
    """Make the quads of every article that a folder of builds does not have yet.

    :param told: hears of every article, those that are there already too.
    :raises KgError: whatever is wrong with an article, the first one in the order of their names.
    """
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    where = sources.project.relative(sources.project.root / "graph" / "articles")
    missing = []

    def tell(slug: str) -> None:
        told(f"reading {where}/{slug}/{sources.articles[slug][0].name}")

    for slug in sources.articles:
        if part_file(folder, sources.digests[slug]).is_file():
            tell(slug)
        else:
            missing.append(slug)
    for slug in _make_all(sources, shared, folder, missing):
        tell(slug)


def remove_parts(folder: Path, *, but: set[str]) -> None:
    """Remove the quads of articles that no build needs any more.

    :param but: the hashes of those that one does.
    """
    for file in (folder / "parts").glob("*"):
        if file.name.partition(".")[0] not in but:
            file.unlink(missing_ok=True)


def _make_all(sources: Sources, shared: Shared, folder: Path, slugs: list[str]) -> Iterator[str]:
    processes = min(_most_processes(), len(slugs) // _FEW)
    if processes < 2:
        for slug in slugs:
            _make(sources, shared, folder, slug)
            yield slug
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Processes that start afresh: the engine's threads do not survive a fork.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (sources, folder)) as pool:
        try:
            yield from pool.map(_make_here, slugs, chunksize=_TOGETHER)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _most_processes() -> int:
    return os.cpu_count() or 1


def _make(sources: Sources, shared: Shared, folder: Path, slug: str) -> None:
    quads = make_article(sources, shared, slug)
    # Level 1 takes a tenth of the time and leaves a tenth of the size; no time inside, so that the bytes repeat.
    packed = gzip.compress(quads, compresslevel=1, mtime=0)
    replace_file(part_file(folder, sources.digests[slug]), lambda stream: stream.write(packed))


#: In a process of a pool: what all its articles share.
_here: list[tuple[Sources, Shared, Path]] = []


def _begin(sources: Sources, folder: Path) -> None:
    _here.append((sources, read_shared(sources, told=lambda _: None), folder))


def _make_here(slug: str) -> str:
    _make(*_here[0], slug)
    return slug
