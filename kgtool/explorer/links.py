"""Where pages are: the addresses that pages link to one another by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

from kgtool.explorer.visit import Site, Visit
from kgtool.namespaces import IP

__all__ = ["Links"]

#: Things below the graph's base that have a page of their own, and parts of articles, which are places on a page.
_OWN = re.compile(r"(?:id|article|period)/.+", re.DOTALL)
_PART = re.compile(r"(article/[^/]+)/([\w-]+)")

#: Only these may be links: a 'javascript:' IRI in the data is text.
_WEB = ("http://", "https://")


class Links(NamedTuple):
    """Addresses below a server, in the language that the reader has chosen.

    :param base: the IRI that the graph's own names start with.
    :param language: named in every address; ``None`` leaves it to the browser.
    :param prefix: stands before every path.
    :param site: where pages are files, it says where each is.
    """

    base: str | None
    language: str | None = None
    prefix: str = ""
    site: Site | None = None

    @classmethod
    def of(cls, base: str | None, visit: Visit) -> Links:
        """Make the links of a visit."""
        return cls(base, visit.language if visit.chosen else None, visit.prefix, visit.site)

    def page(self, path: str, params: Mapping[str, str] | None = None, *, at: str = "", lang: str | None = None) -> str:
        """Return the address of a page.

        :param at: a place on it.
        :param lang: another language.

        >>> Links(None, "en").page("/queries", {"q": "园区"})
        '/queries?q=%E5%9B%AD%E5%8C%BA&lang=en'
        >>> Links(None).page("//evil.org")
        '/evil.org'
        """
        language = lang or self.language
        if self.site is not None:
            return self.site.page(path, params or {}, at, language)
        given = [*(params or {}).items(), *([("lang", language)] if language else [])]
        query = f"?{urlencode(given, errors='replace')}" if given else ""
        return f"{self.prefix}{_quoted(path)}{query}" + (f"#{_quoted(at)}" if at else "")

    def file(self, path: str, params: Mapping[str, str] | None = None) -> str:
        """Return the address of something that is in no language: an answer, a document."""
        if self.site is not None:
            return self.site.file(path)
        query = f"?{urlencode(params, errors='replace')}" if params else ""
        return f"{self.prefix}{_quoted(path)}{query}"

    def static(self, name: str) -> str:
        """Return the address of a built file."""
        if self.site is not None:
            return self.site.file(f"/static/{name}")
        return f"{self.prefix}/static/{name}"

    def document(self, iri: str) -> str | None:
        """Return the path of a thing's document without extension; ``None`` if it has none at an address of its own.

        >>> Links("https://e.org/").document("https://e.org/id/a b")
        '/id/a b'
        """
        if self.base is None or not iri.startswith(self.base):
            return None
        local = iri.removeprefix(self.base)
        return f"/{local}" if _OWN.fullmatch(local) and ".." not in local.split("/") else None

    def thing(self, iri: str) -> str:
        """Return the address of the page that tells of a thing.

        >>> links = Links("https://e.org/")
        >>> links.thing("https://e.org/article/news/s5"), links.thing("https://x.org/y")
        ('/article/news.html#s5', '/thing?iri=https%3A%2F%2Fx.org%2Fy')
        """
        path = self.document(iri)
        if path is not None:
            part = _PART.fullmatch(path.removeprefix("/"))
            return self.page(f"/{part[1]}.html", at=part[2]) if part else self.page(f"{path}.html")
        if iri.startswith(IP) and len(iri) > len(IP):
            return self.page("/vocabulary", at=iri.removeprefix(IP))
        return self.page("/thing", {"iri": iri})

    @staticmethod
    def elsewhere(iri: str) -> str | None:
        """Return an IRI as a link to the web, if it can be one."""
        return iri if iri.lower().startswith(_WEB) else None


def _quoted(path: str) -> str:
    """Write a path for an address; two slashes at its start would name another server."""
    return quote(f"/{path.lstrip('/')}" if path.startswith("//") else path, errors="replace")
