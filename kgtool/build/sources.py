"""A project's files and their hashes: what a build is made from, and what of it articles share."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import DataError
from kgtool.project import Project, shipped_root
from kgtool.store.builds import LAYOUT, Build, Stamp, stamp
from kgtool.store.embedded import ENGINE

__all__ = ["Source", "Sources", "read_article_sources", "read_shared_sources", "read_source", "read_sources"]


class Source(NamedTuple):
    """A file as it was when it was looked at."""

    #: Its name, folder and all; a string, since a nation has tens of thousands of files.
    file: str
    stamp: Stamp
    #: The hash of its content, in hexadecimal.
    digest: str

    @property
    def path(self) -> Path:
        """Its name as a path."""
        return Path(self.file)

    @property
    def name(self) -> str:
        """Its name without the folder."""
        return os.path.basename(self.file)


class Sources(NamedTuple):
    """The files of a project."""

    project: Project
    #: Those that every article is read with: ontology, shapes, dataset, entities, links, rules.
    shared: tuple[Source, ...]
    #: Those of each article, by the name of its folder.
    articles: dict[str, tuple[Source, ...]]
    #: The hash of what articles share, and of what reads it.
    shared_digest: str
    #: The hash of all that goes into the quads of an article, by the name of its folder.
    digests: dict[str, str]
    #: The hash of everything: the name of the build.
    digest: str

    def all(self) -> list[Source]:
        """Return every file."""
        return [*self.shared, *(source for files in self.articles.values() for source in files)]


def read_sources(project: Project, *, before: Build | None = None) -> Sources:
    """Hash the files of a project.

    :param before: an earlier build; a file that looks as it did then is not read again.
    :raises DataError: if a file cannot be read.
    """
    known = before.settled() if before is not None else {}
    sources = read_shared_sources(project, known=known)
    slugs = [folder.name for folder in project.article_folders()]
    articles = {slug: _read(project, project.article_names(slug), known) for slug in slugs}
    digests = {slug: _digest(project, sources.shared_digest, files) for slug, files in articles.items()}
    parts = (sources.shared_digest, *(f"\n{slug} {one}" for slug, one in digests.items()))
    whole = sha256("".join(parts).encode()).hexdigest()[:32]
    return sources._replace(articles=articles, digests=digests, digest=whole)


def read_shared_sources(project: Project, *, known: Mapping[str, tuple[Stamp, str]] | None = None) -> Sources:
    """Hash those files of a project that its articles share, as if it had none.

    :param known: stamps and hashes of files; one that still looks so is not read again.
    :raises DataError: if a file cannot be read.
    """
    shared = _read(project, project.shared_names(), known or {})
    digest = _digest(project, f"{LAYOUT} {ENGINE}", shared)
    return Sources(project, shared, {}, digest, {}, digest)


def read_article_sources(sources: Sources, slug: str) -> Sources:
    """Hash the files of one article, and return them with what it shares with others.

    :param sources: the shared ones.
    :param slug: the name of its folder.
    :raises DataError: if a file cannot be read.
    """
    files = _read(sources.project, sources.project.article_names(slug), {})
    digest = _digest(sources.project, sources.shared_digest, files)
    return sources._replace(articles={slug: files}, digests={slug: digest})


def _read(project: Project, files: Iterable[str], known: Mapping[str, tuple[Stamp, str]]) -> tuple[Source, ...]:
    found = []
    for file in files:
        try:
            # The stamp first: a change between the two is then seen as one.
            seen = stamp(file)
        except OSError as exc:
            raise _unreadable(project, file, exc) from exc
        then = known.get(file)
        digest = then[1] if then and then[0] == seen else sha256(_read_bytes(project, file)).hexdigest()
        found.append(Source(file, seen, digest))
    return tuple(found)


def _digest(project: Project, begin: str, sources: Iterable[Source]) -> str:
    whole = sha256(f"{begin}\n".encode())
    for source in sources:
        whole.update(f"{_name(project, source.file)}\n{source.digest}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()[:32]


def _name(project: Project, file: str) -> str:
    """Name a file in its project, or among those that kgtool ships: the same wherever that is."""
    own = f"{project.folder.rstrip('/')}/"
    if file.startswith(own):
        return file[len(own) :]
    return file.removeprefix(f"{shipped_root()}/").removeprefix("/")


def read_source(project: Project, source: Source) -> bytes:
    """Read a file again.

    :raises DataError: if it is not what it was when it was hashed.
    """
    data = _read_bytes(project, source.file)
    if sha256(data).hexdigest() != source.digest:
        name = project.relative(source.path)
        raise DataError("it changed while the project was built", file=name, hint="build again")
    return data


def _read_bytes(project: Project, file: str) -> bytes:
    """Read a file of a project."""
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except OSError as exc:
        raise _unreadable(project, file, exc) from exc


def _unreadable(project: Project, file: str, exc: OSError) -> DataError:
    return DataError(f"cannot read it: {exc.strerror}", file=project.relative(Path(file)))
