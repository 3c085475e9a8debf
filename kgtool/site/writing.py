"""Write a site: every page in every language, documents, downloads, the dataset; complete or not there at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import NotFoundError, StoreError
from kgtool.explorer.assets import read_assets
from kgtool.explorer.completions import completions
from kgtool.explorer.finding import everything
from kgtool.explorer.links import Links
from kgtool.explorer.pages import error_page, make_page
from kgtool.explorer.visit import Sources, Visit
from kgtool.labels import LANGUAGES
from kgtool.site.documents import (
    DOWNLOADS,
    SUFFIXES,
    answer_as,
    dataset_as_quads,
    description_of,
    document_as,
    names_of,
    one_file,
    pages_index,
    search_index,
    triples_of,
)
from kgtool.site.missing import RECORD, missing_page
from kgtool.site.places import ONE_FILE, PAGES, Asked, Place, Plan

__all__ = ["Advance", "WrittenSite", "write_site"]

#: Told how many pages are written, of how many that are known of.
Advance = Callable[[int, int], object]


class WrittenSite(NamedTuple):
    """What was written: files, their bytes, and pages among them in all languages."""

    files: int
    size: int
    pages: int


def write_site(
    folder: str | os.PathLike[str],
    sources: Sources,
    *,
    languages: Sequence[str] = LANGUAGES,
    advance: Advance | None = None,
) -> WrittenSite:
    """Write the explorer's pages as files; the same graph gives the same bytes.

    The site is written beside the folder and takes its place when it is whole.

    :param languages: of the pages; those of the first are at the root.
    :raises StoreError: if the folder holds something that is not of a site of ours; nothing is touched then.
    :raises ProjectError: if the scripts and styles of pages are not built.
    """
    target = Path(os.path.realpath(folder))
    _refuse_others(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.parent / f".{os.urandom(6).hex()}.tmp"
    try:
        (beside / "new").mkdir(parents=True)
        written = _Writer(beside / "new", sources, tuple(languages)).write(advance)
        _refuse_others(target)
        if target.exists():
            target.rename(beside / "old")
        try:
            (beside / "new").rename(target)
        except OSError:
            if (beside / "old").exists():
                (beside / "old").rename(target)
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return written


def _refuse_others(target: Path) -> None:
    """Refuse to replace a folder in which there is anything that was not written here."""
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise StoreError("a site is a folder, and this is none", file=target, hint="name another")
    found = {
        file.relative_to(target).as_posix() for file in target.rglob("*") if not file.is_dir() or file.is_symlink()
    }
    if not found:
        return
    try:
        ours = set(json.loads((target / RECORD).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        hint = "name a folder that is empty or not there"
        raise StoreError("the folder is not empty, and no site that kgtool wrote", file=target, hint=hint) from None
    others = sorted(found - ours - {RECORD})
    if others:
        hint = "move it away, or write the site to another folder and copy it"
        raise StoreError(f"'{others[0]}' in the folder is not of the site", file=target, hint=hint)


class _Writer:
    """Writes one site into an empty folder."""

    def __init__(self, root: Path, sources: Sources, languages: tuple[str, ...]) -> None:
        self._root = root
        self._sources = sources
        self._plan = Plan(languages)
        self._files: dict[str, int] = {}
        self._pages = 0

    def write(self, advance: Advance | None) -> WrittenSite:
        assets = read_assets()
        for name, asset in assets.files(with_engine=True).items():
            self._put(f"static/{name}", asset.body)
        page = one_file(self._sources, self._plan.languages[0])
        if page is not None:
            self._plan.has_one_file = True
            self._put(ONE_FILE, page)
        things: dict[str, str] = {}
        for asked in self._walk():
            if asked.page == "find":
                continue  # it lists what all the others lead to
            there = [self._page(asked, language) for language in self._plan.languages]
            if asked.page in ("document", "thing") and there[0]:
                things[self._iri(asked)] = asked.stem
                self._documents(asked)
            elif asked.page == "query":
                self._downloads(asked)
            if advance is not None:
                advance(self._pages, len(self._plan.asked) * len(self._plan.languages))
        self._plan.things = tuple(sorted(things))
        self._put("pages.json", pages_index(self._sources, things))
        self._put("completions.json", f"{completions(self._sources)}\n".encode("utf-8", "replace"))
        names = names_of(self._sources)
        for language in self._plan.languages:
            self._page(self._plan.ask("/search", {}), language)
            # Addresses in the index are seen from its own folder.
            visit = Visit(language, True, "/search", {}, "", Place.of(self._plan, language, "search"))
            index = search_index(everything(self._sources, visit, self._plan.things), names)
            self._put(f"{self._plan.folder(language)}search.json", index)
        self._put("data.nq", dataset_as_quads(self._sources))
        self._put("void.ttl", description_of(self._sources))
        self._put("404.html", missing_page(self._sources, self._plan).encode("utf-8", "replace"))
        self._record()
        return WrittenSite(len(self._files), sum(self._files.values()), self._pages)

    def _walk(self) -> Iterator[Asked]:
        """Go from page to page: a page that others link to is gone to as well."""
        self._begin()
        gone: set[str] = set()
        while waiting := [asked for stem, asked in self._plan.asked.items() if stem not in gone]:
            for asked in waiting:
                gone.add(asked.stem)
                yield asked

    def _begin(self) -> None:
        """Ask for the pages that are there whether anything leads to them or not."""
        for path in PAGES:
            self._plan.ask(path, {})
        for name in sorted(self._sources.queries):
            self._plan.ask(f"/queries/{name}", {})
        links = Links(self._sources.base, None, "", Place(self._plan, self._plan.languages[0], ""))
        rows = self._sources.store.query("SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) }").rows()
        for iri in sorted(s.value for (s,) in rows if s is not None):
            if links.document(iri):
                links.thing(iri)

    def _page(self, asked: Asked, language: str) -> bool:
        """Write a page; a link may lead to a thing of which nothing is said, and the page then says that."""
        site = Place.of(self._plan, language, asked.stem, runs=self._runs(asked))
        visit = Visit(language, True, asked.path, dict(asked.params), "", site)
        try:
            text, found = make_page(asked.page, self._sources, visit).text, True
        except NotFoundError as exc:
            problem = {"code": "not-found", "status": 404, "message": exc.message, "where": None, "hint": exc.hint}
            text, found = error_page(visit, self._sources.about, problem), False
        self._put(f"{self._plan.folder(language)}{asked.stem}.html", text.encode("utf-8", "replace"))
        self._pages += 1
        return found

    def _runs(self, asked: Asked) -> bool:
        """Say whether a page has a query to run: the editor's, or one that takes values."""
        query = self._sources.queries.get(asked.path.removeprefix("/queries/"))
        return asked.page == "sparql" or (asked.page == "query" and bool(query and query.parameters))

    def _iri(self, asked: Asked) -> str:
        local = asked.path.removeprefix("/").removesuffix(".html")
        return dict(asked.params).get("iri") or f"{self._sources.base}{local}"

    def _documents(self, asked: Asked) -> None:
        iri = self._iri(asked)
        # A document has no address of its own before the site has one: it is told of by the thing's.
        triples = triples_of(self._sources, iri, f"{iri}.ttl")
        for suffix, form in SUFFIXES.items():
            self._put(f"{asked.stem}{suffix}", document_as(triples, form, self._sources))

    def _downloads(self, asked: Asked) -> None:
        query = self._sources.queries[asked.path.removeprefix("/queries/")]
        self._put(f"{asked.stem}.rq", query.text.encode())
        for suffix in DOWNLOADS[query.form]:
            answer = answer_as(self._sources, query, suffix)
            if answer is not None:
                self._put(f"{asked.stem}.{suffix}", answer)

    def _record(self) -> None:
        about = self._sources.about
        record = {
            "kgtool": about.version,
            "graph": about.hash,
            "languages": self._plan.languages,
            "files": sorted(self._files),
        }
        self._put(RECORD, (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))

    def _put(self, name: str, content: bytes) -> None:
        file = self._root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self._files[name] = len(content)
