"""Sentences as pages cite them: number, gist in the reader's language, the address where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kgtool.evidence.passages import Passage, read_passages
from kgtool.explorer.links import Links
from kgtool.explorer.naming import in_script
from kgtool.explorer.visit import Sources, Visit

__all__ = ["Citation", "citation_of", "cite"]


class Citation(NamedTuple):
    """A sentence that proves something.

    :param number: its number in the article, or the end of its IRI.
    :param quotes: the phrases that prove it, verbatim.
    """

    iri: str
    number: str
    gist: str
    href: str
    section: str
    quotes: tuple[str, ...] = ()


def cite(sources: Sources, visit: Visit, iris: Iterable[str]) -> dict[str, Citation]:
    """Look up sentences by their IRIs."""
    links = Links.of(sources.base, visit)
    passages = read_passages(sources.store, set(iris), visit.languages)
    return {iri: citation_of(passage, links, visit) for iri, passage in passages.items()}


def citation_of(passage: Passage, links: Links, visit: Visit, quotes: Iterable[str] = ()) -> Citation:
    """Make the citation of a passage."""
    return Citation(
        passage.sentence,
        str(passage.number) if passage.number is not None else passage.sentence.rpartition("/")[2],
        in_script(passage.gist, visit.language),
        links.thing(passage.sentence),
        in_script(passage.section, visit.language),
        tuple(quotes),
    )
