"""The report of a build in parts: what workers noted, merged into one, ordered by article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from kgtool.articles import read_article
from kgtool.build.shared import Shared
from kgtool.coverage import percent
from kgtool.report import Finding, Report, describe_finding, make_report, read_finding
from kgtool.store.drafts import Draft
from kgtool.terms import Term
from kgtool.validate.parts import Rules, Split, find_across, find_empty, find_in_part, place, split
from kgtool.validate.places import named_in_file
from kgtool.validate.scope import Scattered
from kgtool.validate.source import RECORD_CHECKS
from kgtool.validate.triples import Triples, read_triples

__all__ = ["MOST_TOGETHER", "Everything", "Judged", "judge", "merge"]

#: Quads of articles that are put together for the rules that parts cannot judge: about 2 GB in memory.
MOST_TOGETHER = 4_000_000

#: What a worker noted, and about which article.
Note = tuple[str, Mapping[str, Any]]


class Everything(NamedTuple):
    """How what all articles say is asked for.

    :param scattered: what articles say of things that others speak of too.
    :param count: how many quads with some predicates (``None``: with any) there are.
    :param quads: those quads as lines of N-Quads; and besides them what tells of every thing that it is there, and of
        every predicate that it is used.
    :param speaking: the names of the articles that speak of some things, in their order.
    :param folders: the folders of some articles; without names, of all.
    """

    scattered: Scattered
    count: Callable[[frozenset[str] | None], int]
    quads: Callable[[frozenset[str] | None], Iterable[str]]
    speaking: Callable[[Iterable[Term]], list[str]]
    folders: Callable[[list[str] | None], list[Path]]


class Judged(NamedTuple):
    """A validation in parts.

    :param report: its findings.
    :param split: which rule was judged where.
    :param unjudged: rules that were not judged, since what they read is too much to be put together.
    """

    report: Report
    split: Split
    unjudged: frozenset[str]


def judge(
    rules: Rules, shared: Shared, notes: Iterable[Note], everything: Everything, *, most: int = MOST_TOGETHER
) -> Judged:
    """Merge what parts found, and judge what they could not.

    :param shared: what articles share.
    :param most: quads that may be put together.
    """
    where = split(rules, everything.scattered, shared.draft)
    # Two parts may find the same, of what several articles say: it stands where the first of them says it.
    found: dict[Finding, Finding] = {}
    for _, note in notes:
        if note["note"] == "finding" and note["found"]["check"] in {*where.apart, "data-empty"}:
            one, placed = read_finding(note["found"]), read_finding(note["placed"])
            found[one] = min(found.get(one, placed), placed, key=lambda f: (f.file is None, f.file or "", f.line or 0))
    common = find_in_part(rules, shared.draft, [], where.apart)
    common = place(rules, common, Triples(read_triples(shared.draft)), [])
    reads, unjudged = _affordable(where, everything, most)
    names = where.across.keys() - unjudged
    loose = _judge_across(rules, shared, everything, reads, names) if names else []
    report = make_report([*found.values(), *common, *loose, *find_empty(rules)], prefixes=rules.prefixes)
    return Judged(report, where, frozenset(unjudged))


def _affordable(where: Split, everything: Everything, most: int) -> tuple[frozenset[str] | None, set[str]]:
    """Choose what is put together: everything, or what most rules read, or nothing; and which rules cannot have it."""
    if everything.count(None) <= most:
        return None, set()
    reads = frozenset(name for some in where.across.values() if some is not None for name in some)
    if everything.count(reads) <= most:
        return reads, {name for name, some in where.across.items() if some is None}
    return frozenset(), set(where.across)


def _judge_across(
    rules: Rules, shared: Shared, everything: Everything, reads: frozenset[str] | None, names: set[str]
) -> list[Finding]:
    dumped = BytesIO()
    shared.draft.dump(dumped)
    for line in everything.quads(reads):
        dumped.write(f"{line}\n{line.rsplit(' ', 2)[0]} .\n".encode())
    together = Draft()
    together.load(dumped.getvalue(), "nquads", file="all articles")
    data = Triples(read_triples(together))
    articles = [read_article(folder) for folder in everything.folders(None)] if names & {*RECORD_CHECKS} else []
    found = find_across(rules, together, articles, names)
    about = {named_in_file(one, data)[0] for one in found if one.focus is not None and one.file is None}
    return place(rules, found, data, everything.folders(everything.speaking(about)) if about else [])


def merge(
    slugs: list[str], notes: Iterable[Note], quads: Mapping[str, int], judged: Judged | None, *, folder: str
) -> dict[str, Any]:
    """Merge the notes of all articles into a report that JSON can hold.

    :param quads: how many quads each article has.
    :param folder: how the names of articles' files begin, up to the name of the article.
    """
    seconds: Counter[str] = Counter()
    covered: dict[str, Any] = {}
    for slug, note in notes:
        seconds[_DOING.get(note["note"], "")] += note.get("seconds", 0)
        if note["note"] == "coverage":
            covered[slug] = {name: said for name, said in note.items() if name not in ("note", "seconds")}
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    for finding in judged.report.findings if judged else ():
        within = (finding.file or "").startswith(folder)
        counts[(finding.file or "").removeprefix(folder).partition("/")[0] if within else None][finding.severity] += 1
    return {
        "worker_seconds": {name: round(seconds[name], 3) for name in _DOING.values()},
        "validation": None if judged is None else {**_described(judged), "shared": dict(counts[None])},
        "coverage": _covered(covered.values()) if covered else None,
        "per_article": [
            {
                "article": slug,
                "quads": quads.get(slug, 0),
                **({} if judged is None else {one: counts[slug][one] for one in ("violation", "warning", "info")}),
                **({"coverage": covered[slug]} if slug in covered else {}),
            }
            for slug in slugs
        ],
    }


#: What workers did, by the notes that say how long it took.
_DOING = {"made": "making", "judged": "validating", "coverage": "covering"}


def _described(judged: Judged) -> dict[str, Any]:
    report, across = judged.report, judged.split.across
    found = Counter(finding.check for finding in report.findings)
    names = sorted({*judged.split.apart, *across, *found})
    return {
        "conforms": report.conforms,
        "fail_on": report.fail_on,
        "counts": report.counts(),
        "checks": [
            {
                "name": name,
                "judged": None if name in judged.unjudged else "together" if name in across else "apart",
                "findings": found[name],
            }
            for name in names
        ],
        "findings": [describe_finding(finding) for finding in report.findings],
    }


def _covered(all_: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    some = [one for one in all_ if "error" not in one]
    whole: dict[str, Any] = {"articles": len(some), "facts": sum(one["facts"] for one in some)}
    for name in ("sentences", "numerals", "names", "overall"):
        part, of = (sum(one[name][at] for one in some) for at in (0, 1))
        whole[name] = {"decided": part, "of": of, "percent": float(percent(part, of))}
    return whole
