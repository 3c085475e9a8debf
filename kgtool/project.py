"""Where a project's files are, and nothing else.

A project is a folder with ``ontology/``, ``graph/`` and ``queries/``. Its ``ontology/``, ``queries/checks/`` and
``queries/derive/`` lie over the ones shipped with kgtool, file by file: a project adds a file, or replaces one by
the same name.

Inside, names are strings, and ``pathlib`` is imported when a ``Path`` is asked for: that import takes as long as
opening a store (12 ms), and a saved query is answered without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kgtool.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PARTS", "Project", "find_project", "shipped_root"]

#: The folders that make a folder a project.
PARTS = ("ontology", "graph", "queries")


def shipped_root() -> Path:
    """Return the folder of the Kunming graph: inside the installed package, or the checkout it runs from."""
    return _path(_shipped())


def find_project(folder: str | os.PathLike[str] | None = None) -> Project:
    """Find the project to work on.

    :param folder: the project's folder; by default the current folder or the nearest parent that is a project, and
        the shipped Kunming graph where there is none.
    :raises ProjectError: if ``folder`` is given and is not a project, or the nearest one lacks one of its three parts.
    """
    if folder is not None:
        missing = [part for part in PARTS if not os.path.isdir(os.path.join(folder, part))]
        if missing:
            raise ProjectError(
                f"not a project: it has no {', '.join(part + '/' for part in missing)}"
                if os.path.isdir(folder)
                else "no such folder",
                file=folder,
                hint="give a folder with ontology/, graph/ and queries/, or make one with 'kgtool new DIR'",
            )
        return Project(os.path.realpath(folder))
    here = os.getcwd()
    while True:
        missing = [part for part in PARTS if not os.path.isdir(os.path.join(here, part))]
        if not missing:
            return Project(here)
        if len(missing) == 1:
            # Most of a project: the shipped graph would answer in its place, and nobody would notice.
            raise ProjectError(
                f"a project without {missing[0]}/",
                file=here,
                hint=f"restore {missing[0]}/, or give the project to work on with --project DIR",
            )
        parent = os.path.dirname(here)
        if parent == here:
            return Project(_shipped())
        here = parent


class Project:
    """A project's folder; every method lists files, sorted, or names one.

    :param root: the folder that holds ``ontology/``, ``graph/`` and ``queries/``.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        #: The project's folder as a string.
        self.folder = os.fspath(root)

    def __repr__(self) -> str:
        return f"Project({self.folder!r})"

    @property
    def root(self) -> Path:
        """The project's folder."""
        return _path(self.folder)

    @property
    def is_shipped(self) -> bool:
        """Whether this is the Kunming graph that kgtool ships."""
        return self.folder == _shipped()

    def refuse_if_installed(self) -> None:
        """Do nothing, unless this is the graph inside the installed package.

        :raises ProjectError: if it is: what is installed is not for writing.
        """
        if self.is_shipped and self.folder.startswith(os.path.dirname(os.path.abspath(__file__)) + os.sep):
            raise ProjectError(
                "the graph inside the installed package is not for writing",
                hint="work in a clone, or in a project of your own: 'kgtool new DIR' makes one",
            )

    @property
    def dataset_file(self) -> Path:
        """``graph/dataset.ttl``: title, licence, base IRI, languages (DCAT and VoID)."""
        return self.root / "graph" / "dataset.ttl"

    @property
    def prefixes_file(self) -> Path:
        """``ontology/prefixes.ttl``: every prefix the project uses."""
        return _path(self.prefixes_name)

    @property
    def prefixes_name(self) -> str:
        """The name of :attr:`prefixes_file`."""
        own = os.path.join(self.folder, "ontology", "prefixes.ttl")
        return own if os.path.isfile(own) else os.path.join(_shipped(), "ontology", "prefixes.ttl")

    def ontology_files(self) -> list[Path]:
        """Return the Turtle files of the ontology: core, vocabularies and alignments."""
        return _paths(self._ontology())

    def shape_files(self) -> list[Path]:
        """Return the SHACL files: ``ontology/shapes/*.ttl``."""
        return _paths(self._overlay("ontology/shapes", ".ttl"))

    def entity_files(self) -> list[Path]:
        """Return ``graph/entities/*.ttl``: things and their labels, no facts."""
        return _paths(self._files("graph/entities", ".ttl"))

    def article_folders(self) -> list[Path]:
        """Return ``graph/articles/*/``: each holds ``article.ttl`` and ``facts.trig``."""
        return _paths(self._articles())

    def link_files(self) -> list[Path]:
        """Return ``graph/links/*.sssom.tsv``: the linksets."""
        return _paths(self._files("graph/links", ".sssom.tsv"))

    def enriched_files(self) -> list[Path]:
        """Return ``graph/enriched/*.ttl``: what other datasets say of the things linked to."""
        return _paths(self._files("graph/enriched", ".ttl", deep=False))

    def query_files(self) -> list[Path]:
        """Return ``queries/*.rq``: the saved queries."""
        return _paths(self._files("queries", ".rq", deep=False))

    def check_files(self) -> list[Path]:
        """Return ``queries/checks/**/*.rq``: rows are findings."""
        return _paths(self._overlay("queries/checks", ".rq"))

    def derive_files(self) -> list[Path]:
        """Return ``queries/derive/*.rq``: CONSTRUCT rules, run in the order of their names."""
        return _paths(self._overlay("queries/derive", ".rq"))

    def source_files(self) -> list[Path]:
        """Return every file that the built store depends on."""
        return _paths(self.source_names())

    def source_names(self) -> list[str]:
        """Return the names of :meth:`source_files`."""
        articles = (name for folder in self._articles() for name in _files(folder, (".ttl", ".trig")))
        return [*self.shared_names(), *articles]

    def shared_names(self) -> list[str]:
        """Return the names of those source files that are not an article's."""
        dataset = os.path.join(self.folder, "graph", "dataset.ttl")
        return [
            *self._ontology(),
            *self._overlay("ontology/shapes", ".ttl"),
            *([dataset] if os.path.isfile(dataset) else []),
            *self._files("graph/entities", ".ttl"),
            *self._files("graph/links", ".sssom.tsv"),
            *self._files("graph/enriched", ".ttl", deep=False),
            *self._overlay("queries/derive", ".rq"),
        ]

    def article_names(self, slug: str) -> list[str]:
        """Return the names of the source files of an article.

        :param slug: the name of its folder.
        """
        return _files(os.path.join(self.folder, "graph", "articles", slug), (".ttl", ".trig"))

    def relative(self, file: Path) -> str:
        """Name a file as a person would: relative to the current folder if below it, else to its project."""
        for base in (os.getcwd(), self.folder, _shipped()):
            if file.is_relative_to(base):
                return str(file.relative_to(base))
        return str(file)

    def _files(self, folder: str, suffix: str, *, deep: bool = True) -> list[str]:
        return _files(os.path.join(self.folder, folder), suffix, deep=deep)

    def _ontology(self) -> list[str]:
        return self._overlay("ontology", ".ttl", skip=("shapes", "examples"))

    def _articles(self) -> list[str]:
        folder = os.path.join(self.folder, "graph", "articles")
        if not os.path.isdir(folder):
            return []
        return sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())

    def _overlay(self, folder: str, suffix: str, *, skip: tuple[str, ...] = ()) -> list[str]:
        """List a folder's files over the shipped ones: the same relative name replaces.

        :param skip: folders right below the folder to leave out.
        """
        found: dict[tuple[str, ...], str] = {}
        for root in (_shipped(), self.folder):
            top = os.path.join(root, folder)
            for name in _files(top, suffix):
                found[tuple(name[len(top) + 1 :].split(os.sep))] = name
        return [found[parts] for parts in sorted(found) if parts[0] not in skip]


def _shipped() -> str:
    here = os.path.dirname(os.path.abspath(__file__))
    packaged = os.path.join(here, "data")
    return packaged if os.path.isdir(packaged) else os.path.dirname(here)


def _path(name: str) -> Path:
    from pathlib import Path

    return Path(name)


def _paths(names: Iterable[str]) -> list[Path]:
    return [_path(name) for name in names]


def _files(folder: str, suffix: str | tuple[str, ...], *, deep: bool = True) -> list[str]:
    """List the files below a folder with one of the suffixes, sorted; none if there is no such folder."""
    return sorted((name for name in _walk(folder, deep) if name.endswith(suffix)), key=lambda name: name.split(os.sep))


def _walk(folder: str, deep: bool) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if deep:
                yield from _walk(entry.path, deep)
        else:
            yield entry.path
