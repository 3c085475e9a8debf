"""Where a project's files are, and nothing else.

A project is a folder with ``ontology/``, ``graph/`` and ``queries/``. Its ``ontology/``, ``queries/checks/`` and
``queries/derive/`` lie over the ones shipped with kgtool, file by file: a project adds a file, or replaces one by
the same name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from kgtool.errors import ProjectError

__all__ = ["PARTS", "Project", "find_project", "shipped_root"]

#: The folders that make a folder a project.
PARTS = ("ontology", "graph", "queries")


def shipped_root() -> Path:
    """Return the folder of the Kunming graph: inside the installed package, or the checkout it runs from."""
    packaged = Path(__file__).parent / "data"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent


def find_project(folder: str | os.PathLike[str] | None = None) -> Project:
    """Find the project to work on.

    :param folder: the project's folder; by default the current folder or the nearest parent that is a project, and
        the shipped Kunming graph where there is none.
    :raises ProjectError: if ``folder`` is given and is not a project.
    """
    if folder is not None:
        root = Path(folder)
        missing = [part for part in PARTS if not (root / part).is_dir()]
        if missing:
            raise ProjectError(
                f"not a project: it has no {', '.join(part + '/' for part in missing)}"
                if root.is_dir()
                else "no such folder",
                file=root,
                hint="give a folder with ontology/, graph/ and queries/, or make one with 'kgtool new DIR'",
            )
        return Project(root.resolve())
    here = Path.cwd()
    for root in (here, *here.parents):
        if all((root / part).is_dir() for part in PARTS):
            return Project(root)
    return Project(shipped_root())


class Project:
    """A project's folder; every method lists files, sorted, or names one.

    :param root: the folder that holds ``ontology/``, ``graph/`` and ``queries/``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def __repr__(self) -> str:
        return f"Project({str(self.root)!r})"

    @property
    def is_shipped(self) -> bool:
        """Whether this is the Kunming graph that kgtool ships."""
        return self.root == shipped_root()

    @property
    def dataset_file(self) -> Path:
        """``graph/dataset.ttl``: title, licence, base IRI, languages (DCAT and VoID)."""
        return self.root / "graph" / "dataset.ttl"

    @property
    def prefixes_file(self) -> Path:
        """``ontology/prefixes.ttl``: every prefix the project uses."""
        own = self.root / "ontology" / "prefixes.ttl"
        return own if own.is_file() else shipped_root() / "ontology" / "prefixes.ttl"

    def ontology_files(self) -> list[Path]:
        """Return the Turtle files of the ontology: core, vocabularies and alignments."""
        return self._overlay("ontology", ".ttl", skip=("shapes", "examples"))

    def shape_files(self) -> list[Path]:
        """Return the SHACL files: ``ontology/shapes/*.ttl``."""
        return self._overlay("ontology/shapes", ".ttl")

    def entity_files(self) -> list[Path]:
        """Return ``graph/entities/*.ttl``: things and their labels, no facts."""
        return _files(self.root / "graph" / "entities", ".ttl")

    def article_folders(self) -> list[Path]:
        """Return ``graph/articles/*/``: each holds ``article.ttl`` and ``facts.trig``."""
        folder = self.root / "graph" / "articles"
        return sorted(f for f in folder.iterdir() if f.is_dir()) if folder.is_dir() else []

    def link_files(self) -> list[Path]:
        """Return ``graph/links/*.sssom.tsv``: the linksets."""
        return _files(self.root / "graph" / "links", ".sssom.tsv")

    def query_files(self) -> list[Path]:
        """Return ``queries/*.rq``: the saved queries."""
        return _files(self.root / "queries", ".rq", deep=False)

    def check_files(self) -> list[Path]:
        """Return ``queries/checks/**/*.rq``: rows are findings."""
        return self._overlay("queries/checks", ".rq")

    def derive_files(self) -> list[Path]:
        """Return ``queries/derive/*.rq``: CONSTRUCT rules, run in the order of their names."""
        return self._overlay("queries/derive", ".rq")

    def source_files(self) -> list[Path]:
        """Return every file that the built store depends on."""
        articles = [file for folder in self.article_folders() for file in _files(folder, (".ttl", ".trig"))]
        dataset = [self.dataset_file] if self.dataset_file.is_file() else []
        return [
            *self.ontology_files(),
            *self.shape_files(),
            *dataset,
            *self.entity_files(),
            *articles,
            *self.link_files(),
            *self.derive_files(),
        ]

    def relative(self, file: Path) -> str:
        """Name a file as a person would: relative to the current folder if below it, else to its project."""
        for base in (Path.cwd(), self.root, shipped_root()):
            if file.is_relative_to(base):
                return str(file.relative_to(base))
        return str(file)

    def _overlay(self, folder: str, suffix: str, *, skip: tuple[str, ...] = ()) -> list[Path]:
        """List a folder's files over the shipped ones: the same relative name replaces.

        :param skip: folders right below the folder to leave out.
        """
        found = {f.relative_to(base): f for base in (shipped_root(), self.root) for f in _files(base / folder, suffix)}
        depth = len(Path(folder).parts)
        return [found[name] for name in sorted(found) if name.parts[depth] not in skip]


def _files(folder: Path, suffix: str | tuple[str, ...], *, deep: bool = True) -> list[Path]:
    """List the files below a folder with one of the suffixes, sorted; none if there is no such folder."""
    return sorted(Path(path) for path in _walk(str(folder), deep) if path.endswith(suffix))


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
