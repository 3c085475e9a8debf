"""From quads to a store on disk: all of them at once, or only those by which a build differs from the one before."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kgtool.build.contents import Contents
from kgtool.build.parts import part_file, read_part
from kgtool.build.shared import Shared
from kgtool.build.sources import Sources
from kgtool.pieces import Joined
from kgtool.store import drafts

__all__ = ["Changed", "change_store", "write_store"]

#: Where more than one article in so many changed, all is written anew: quads one by one take ten times as long.
_SHARE = 10


class Changed(NamedTuple):
    """A store that was written as a changed copy of another.

    :param contents: what it holds.
    :param more: how many triples more its default graph has.
    :param things: IRIs of what the triples that came or went are about.
    """

    contents: Contents
    more: int
    things: set[str]


def write_store(
    sources: Sources, shared: Shared, folder: Path, store: Path, *, told: Callable[[str], None]
) -> tuple[Contents, int]:
    """Write all quads of a project to a new store.

    :param folder: the folder of builds, which has the quads of every article.
    :param told: hears of every article that is written.
    :returns: what the store holds, and the number of triples of its default graph.
    :raises StoreError: if it cannot be written.
    """
    counts = Counter(shared.draft.counts())
    derived = f"<{shared.derived}>".encode()
    seen: set[int] = set()
    repeated: Counter[str] = Counter()

    def pieces() -> Iterator[bytes]:
        common = io.BytesIO()
        shared.draft.dump(common)
        yield common.getvalue()
        for slug, digest in sources.digests.items():
            told(f"writing {slug}")
            lines = read_part(part_file(folder, digest)).splitlines(keepends=True)
            for line in lines:
                graph = _graph(line)
                if graph == derived:
                    # A hash of 64 bits, not the line: a nation's articles lead to millions.
                    if hash(line) in seen:
                        repeated[line.decode()] += 1
                        continue
                    seen.add(hash(line))
                counts[graph[1:-1].decode()] += 1
            yield b"".join(lines)
            yield b"".join(map(_in_union, lines))

    drafts.save(io.BufferedReader(Joined(pieces())), store)
    contents = Contents(
        _sorted(counts), sources.shared_digest, sources.digests, {line: n + 1 for line, n in repeated.items()}
    )
    return contents, drafts.count(store)


def change_store(
    before: Contents, old: Path, sources: Sources, shared: Shared, folder: Path, store: Path
) -> Changed | None:
    """Write a changed copy of a store: with articles that are new, without those that are gone.

    :param before: what the old store holds.
    :param old: the old store; it stays as it is.
    :param folder: the folder of builds, which has the quads of every article, those of before too.
    :returns: nothing, and no copy, if a few articles are not all of the difference, or if it cannot be told from their
        quads.
    :raises StoreError: if it cannot be written.
    """
    changed = {slug for slug, _ in before.digests.items() ^ sources.digests.items()}
    if before.shared_digest != sources.shared_digest or len(changed) > 1 + len(sources.digests) // _SHARE:
        return None
    if any(slug in before.digests and not part_file(folder, before.digests[slug]).is_file() for slug in changed):
        return None
    derived = f"<{shared.derived}>".encode()
    change: Counter[bytes] = Counter()
    for slug in sorted(changed):
        change.subtract(_lines(before.digests, slug, folder))
        change.update(_lines(sources.digests, slug, folder))
    change = Counter({line: n for line, n in change.items() if n})
    if any(b"_:" in (line[:2], line.split(b" ", 2)[2][:2]) for line in change):
        return None  # a store names blank nodes anew
    repeated = Counter(before.repeated)
    several = [line for line in change if _graph(line) == derived]
    there = drafts.those_in(old, several)
    for line in several:
        was = repeated[line.decode()] or (line in there)
        now = was + change[line]
        repeated[line.decode()] = now
        change[line] = (now > 0) - (was > 0)
    removed = [line for line, n in change.items() if n < 0]
    added = [line for line, n in change.items() if n > 0]
    counts = Counter(before.counts)
    counts.subtract(_graph(line)[1:-1].decode() for line in removed)
    counts.update(_graph(line)[1:-1].decode() for line in added)
    more = drafts.change(old, store, removed=removed, added=added, apart=shared.apart)
    several_now = {line: n for line, n in repeated.items() if n > 1}
    things = {line[1:].partition(b">")[0].decode() for line in (*removed, *added) if line.startswith(b"<")}
    return Changed(Contents(_sorted(counts), sources.shared_digest, sources.digests, several_now), more, things)


def _lines(digests: Mapping[str, str], slug: str, folder: Path) -> list[bytes]:
    if slug not in digests:
        return []
    return read_part(part_file(folder, digests[slug])).splitlines(keepends=True)


def _graph(line: bytes) -> bytes:
    """Return the graph of a line of N-Quads that has one.

    >>> _graph(b'<urn:s> <urn:p> "o" <urn:g> .\\n')
    b'<urn:g>'
    """
    return line.rsplit(b" ", 2)[1]


def _in_union(line: bytes) -> bytes:
    """Return a line of N-Quads without its graph.

    >>> _in_union(b'<urn:s> <urn:p> "o" <urn:g> .\\n')
    b'<urn:s> <urn:p> "o" .\\n'
    """
    return line.rsplit(b" ", 2)[0] + b" .\n"


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {graph: counts[graph] for graph in sorted(counts) if counts[graph]}
