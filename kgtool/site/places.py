"""Where the pages of a site are: a file for every address that a server would answer, and links relative to each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

__all__ = ["ONE_FILE", "PAGES", "POLICY", "Asked", "Place", "Plan"]

#: What a page may load, as the server's header says; ``frame-ancestors`` has no effect in a page itself.
#: https://www.w3.org/TR/CSP3/#meta-element
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)

#: What a page may do beside that if it runs queries: compile the engine, which is WebAssembly, and nothing else. The
#: engine is in a worker; Chromium holds one to its own script's policy, and a browser may hold it to the page's.
#: https://www.w3.org/TR/CSP3/#wasm-eval-csp
_RUNNING = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")

#: The graph as one page, to keep and to open without a host.
ONE_FILE = "offline.html"

#: Pages by their path; those that are not here are of a question or a thing.
PAGES = {
    "/": ("home", "index"),
    "/articles": ("articles", "articles"),
    "/queries": ("queries", "queries"),
    "/sparql": ("sparql", "sparql"),
    "/graph": ("graph", "graph"),
    "/vocabulary": ("vocabulary", "vocabulary"),
    "/quality": ("quality", "quality"),
    "/search": ("find", "search"),
}

#: A part of a path that every file system can hold, and that no file of another thing is called.
_PLAIN = re.compile(r"(?![.~ ])[^\x00-\x1f\x7f\\:*?\"<>|%/]+(?<![. ])")
_OURS = (".html", ".ttl", ".jsonld")
_LONGEST = 150


class Asked(NamedTuple):
    """A page that is to be made.

    :param page: its name in :data:`kgtool.explorer.pages.PAGES`.
    :param path: and ``params``: what a server would be asked for.
    :param stem: the path of its file below a language's folder, without extension.
    """

    page: str
    path: str
    params: tuple[tuple[str, str], ...]
    stem: str


class Plan:
    """The pages of a site: whatever a page links to is made.

    :param languages: those of the pages; the first is at the root, the others are in folders.
    """

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.asked: dict[str, Asked] = {}
        self.things: tuple[str, ...] = ()
        self.has_one_file = False
        self._stems: dict[str, str] = {}
        self._taken: set[str] = set()

    def folder(self, language: str) -> str:
        """Return where the pages of a language are: empty, or with a slash at the end."""
        return "" if language == self.languages[0] else f"{language}/"

    def stem(self, name: str) -> str:
        """Return where a thing's files are, without extension: as on a server where a file can be called so."""
        if name not in self._stems:
            stem = name.removeprefix("/")
            plain = name.startswith("/") and all(_is_plain(part) for part in stem.split("/"))
            if not plain or stem.casefold() in self._taken:
                digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
                slug = re.sub(r"[^A-Za-z0-9]+", "-", re.split(r"[/#]", name.rstrip("/#"))[-1]).strip("-")[:40]
                stem = f"thing/{slug}-{digest}" if slug else f"thing/{digest}"
            self._taken.add(stem.casefold())
            self._stems[name] = stem
        return self._stems[name]

    def ask(self, path: str, params: Mapping[str, str]) -> Asked:
        """Want a page; the same page is made once."""
        if path in PAGES:
            page, stem = PAGES[path]
            made = Asked(page, path, (("validate", "1"),) if page == "quality" else (), stem)
        elif path.startswith("/queries/"):
            made = Asked("query", path, (), self.stem(path))
        elif path == "/thing":
            made = Asked("thing", path, (("iri", params["iri"]),), self.stem(params["iri"]))
        else:
            made = Asked("document", path, (), self.stem(path.removesuffix(".html")))
        return self.asked.setdefault(made.stem, made)


class Place(NamedTuple):
    """A page of a site, from which others are linked to: :class:`kgtool.explorer.visit.Site`.

    :param up: from the page's folder to the root.
    :param runs: whether the page runs queries.
    """

    plan: Plan
    language: str
    up: str
    runs: bool = False

    @classmethod
    def of(cls, plan: Plan, language: str, stem: str, *, runs: bool = False) -> Place:
        """Make the place of a page."""
        return cls(plan, language, "../" * f"{plan.folder(language)}{stem}".count("/"), runs)

    @property
    def policy(self) -> str:
        return _RUNNING if self.runs else POLICY

    @property
    def root(self) -> str:
        return f"{self.up}{self.plan.folder(self.language)}" or "./"

    @property
    def names(self) -> str:
        return f"{self.up}{self.plan.folder(self.language)}search.json"

    @property
    def languages(self) -> tuple[str, ...]:
        return self.plan.languages

    @property
    def things(self) -> tuple[str, ...]:
        return self.plan.things

    @property
    def one_file(self) -> str | None:
        return f"{self.up}{ONE_FILE}" if self.plan.has_one_file else None

    def page(self, path: str, params: Mapping[str, str], at: str, language: str | None) -> str:
        made = self.plan.ask(path, params)
        file = f"{self.plan.folder(language or self.language)}{made.stem}.html"
        return f"{self.up}{quote(file, errors='replace')}" + (f"#{quote(at, errors='replace')}" if at else "")

    def file(self, path: str) -> str:
        return f"{self.up}{quote(path.removeprefix('/'), errors='replace')}"

    def stem(self, iri: str, path: str | None) -> str:
        return f"/{self.plan.stem(path or iri)}"


def _is_plain(part: str) -> bool:
    return (
        _PLAIN.fullmatch(part) is not None
        and not part.endswith(_OURS)
        and len(part.encode("utf-8", "replace")) <= _LONGEST
    )
