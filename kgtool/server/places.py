"""Where the graph's own things are on this server: below its root as they are below the graph's base."""

from __future__ import annotations

from urllib.parse import quote

__all__ = ["PLACES", "url_of"]

#: The first part of the paths of things; a linkset is one.
PLACES = ("id", "article", "period", "links")


def url_of(iri: str, *, base: str | None, root: str) -> str:
    """Return where a thing's page is: on this server if it is one of the graph's own, else what it calls itself.

    :param base: what the names of the graph's own things start with.
    :param root: where the server is.

    >>> url_of("https://example.org/id/高新", base="https://example.org/", root="http://localhost:7878")
    'http://localhost:7878/id/%E9%AB%98%E6%96%B0'
    """
    if base and iri.startswith(base):
        path = iri[len(base) :]
        if path.partition("/")[0] in PLACES:
            return f"{root}/{quote(path)}"
    return iri
