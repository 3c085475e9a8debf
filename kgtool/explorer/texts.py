"""The texts of articles, where they are at hand: what pages show of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kgtool.articles import article_of_text, read_articles
from kgtool.coverage import measure_coverage
from kgtool.explorer.words import message
from kgtool.project import Project
from kgtool.text.segments import read_text

__all__ = ["text_at_hand"]


#: What coverage counts.
_COUNTED = (message("sentences"), message("numerals"), message("names"))


def text_at_hand(project: Project, file: Path) -> tuple[str, dict[str, Any]]:
    """Read a text: the IRI of the article that it is of, and the text with what of it is in facts.

    :raises DataError: if it is the text of none of the project's articles.
    """
    text = read_text(file)
    found = article_of_text(read_articles(project), text, file=file)
    measured = measure_coverage(project, found, text, file=file)
    counts = measured.counts()
    coverage = {
        "percent": str(measured.percent),
        "shares": {name: counts[name] for name in _COUNTED},
        "sentences": {
            one.sentence.iri: {
                "numerals": one.numerals,
                "numerals_decided": one.numerals_decided,
                "names": one.names,
                "names_decided": one.names_decided,
            }
            for one in measured.sentences
        },
    }
    return found.iri, {"text": text, "coverage": coverage}
