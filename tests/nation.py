"""A small nation with faults of many kinds: in one article, across several, in what they share."""

from __future__ import annotations

from pathlib import Path

from kgtool.namespaces import IP, SKOS
from kgtool.project import Project
from tests.benchmarks.generate import BASE, plan, write_project

__all__ = ["write_faulty_nation"]

#: What is put into the first sentence of an article, by the number of the article.
_FAULTS = {
    # What several articles say of one thing, and only together is wrong.
    8: f"<{BASE}id/park-3> <https://schema.org/containedInPlace> <{BASE}id/park-4> .",
    9: f"<{BASE}id/park-4> <https://schema.org/containedInPlace> <{BASE}id/park-3> .",
    # What several articles say alike: one finding, where the first of them says it.
    3: f"<{BASE}id/park-1> <{IP}hasLeadingIndustry> <{BASE}id/industry-unknown> .",
    4: f"<{BASE}id/park-1> <{IP}hasLeadingIndustry> <{BASE}id/industry-unknown> .",
    # What one article says: a place that is described nowhere, a spelling, a term, a figure that nothing is said of.
    2: f"<{BASE}id/park-1> <https://schema.org/containedInPlace> <{BASE}id/city-unknown> .",
    5: f'<{BASE}id/park-1> <{SKOS}altLabel> "园區"@zh-Hans .',
    6: f'<{BASE}id/park-2> <{IP}unheardOf> "?" .',
    7: f'<{BASE}id/something> <{IP}quote> "999"@zh ; <{IP}valueAsWritten> "998" .',
}


def write_faulty_nation(folder: Path) -> Project:
    """Write a project of eleven articles with six sentences each."""
    write_project(plan(2_400, sentences=6, errors=8), folder)
    articles = sorted((folder / "graph" / "articles").iterdir())
    assert len(articles) == 11
    for number, said in _FAULTS.items():
        _change(articles[number] / "facts.trig", "{", f"{{ {said}")
    _change(articles[1] / "article.ttl", "年第2句所说", "年第2句所說")
    _change(
        articles[10] / "article.ttl",
        '/s3> <http://www.w3.org/ns/oa#end> "120"',
        '/s3> <http://www.w3.org/ns/oa#end> "20"',
    )
    _change(folder / "graph" / "entities" / "all.ttl", '安安市"@zh-Hant', '宁安市"@zh-Hant')
    return Project(folder)


def _change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text, (file, before)
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
