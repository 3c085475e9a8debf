"""Sentences as pages cite them: number, gist in the reader's language, the address where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kgtool.evidence.passages import Passage, read_passages
from kgtool.explorer.links import Links
from kgtool.explorer.naming import in_script
from kgtool.explorer.visit import Sources, Visit
from kgtool.text.scripts import simplify_keeping_length

__all__ = ["Citation", "citation_of", "cite"]


class Citation(NamedTuple):
    """A sentence that proves something.

    :param number: its number in the article, or the end of its IRI.
    :param quotes: the phrases that prove it, verbatim.
    :param words: the sentence itself, if the article's text is at hand.
    """

    iri: str
    number: str
    gist: str
    href: str
    section: str
    quotes: tuple[str, ...] = ()
    words: str = ""


def cite(sources: Sources, visit: Visit, iris: Iterable[str]) -> dict[str, Citation]:
    """Look up sentences by their IRIs."""
    passages = read_passages(sources.store, set(iris), visit.languages)
    return {iri: citation_of(sources, visit, passage) for iri, passage in passages.items()}


def citation_of(sources: Sources, visit: Visit, passage: Passage, quotes: Iterable[str] = ()) -> Citation:
    """Make the citation of a passage."""
    links = Links.of(sources.base, visit)
    text = str(sources.about.texts.get(passage.article or "", {}).get("text", ""))
    words = text[passage.start : passage.end] if passage.start is not None and passage.end is not None else ""
    return Citation(
        passage.sentence,
        str(passage.number) if passage.number is not None else passage.sentence.rpartition("/")[2],
        in_script(passage.gist, visit.language),
        links.thing(passage.sentence),
        in_script(passage.section, visit.language),
        tuple(quotes),
        simplify_keeping_length(words) if visit.language == "zh-Hans" else words,
    )
