"""A linkset looked at by itself: what it says of itself, and row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from kgtool.link.kinds import PREDICATES, group_of
from kgtool.link.rules import found
from kgtool.link.things import Thing
from kgtool.linksets.model import NO_TERM, Link, Linkset, order
from kgtool.linksets.slots import BUILT_IN, REQUIRED, slot_named
from kgtool.linksets.targets import AREA, KINDS, TARGET_PREFIX, TARGET_SPACE, TARGETS, Target
from kgtool.namespaces import OWL, SKOS, compress
from kgtool.report import Finding

__all__ = ["check_metadata", "check_rows", "name_of"]

#: What SSSOM accepts as a justification: https://mapping-commons.github.io/semantic-mapping-vocabulary/
_JUSTIFICATIONS = frozenset(
    f"semapv:{name}"
    for name in (
        *("MappingReview", "ManualMappingCuration", "LogicalReasoning", "LexicalMatching", "CompositeMatching"),
        *("UnspecifiedMatching", "SemanticSimilarityThresholdMatching", "LexicalSimilarityThresholdMatching"),
        *("MappingChaining", "MappingInversion", "StructuralMatching", "InstanceBasedMatching"),
        "BackgroundKnowledgeBasedMatching",
    )
)
_METADATA = ("mapping_set_id", "mapping_set_version", "mapping_set_title", "license")
_DATES = ("mapping_date", "publication_date", "review_date")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_SAME, _EXACT = OWL + "sameAs", SKOS + "exactMatch"

#: What every row has besides what SSSOM itself demands: the slots of which one will do, and why, in both languages.
_WANTED = (
    (("author_id", "author_label"), "who says so", "由谁断定"),
    (("confidence",), "how sure its author is", "作者有多大把握"),
    (("comment", "see_also"), "the evidence: where it was looked up", "依据：查证于何处"),
    (("mapping_date",), "when it was said", "断定的日期"),
    (("object_source",), "what it links to", "链接到哪个数据集"),
)


def name_of(linkset: Linkset) -> str:
    """Return the name of a set's target: that of its file."""
    return (linkset.file or "").replace("\\", "/").rpartition("/")[2].removesuffix(".sssom.tsv")


def check_metadata(linkset: Linkset, *, base: str, prefixes: Mapping[str, str]) -> Iterator[Finding]:
    """Find what is wrong with what a set says of itself.

    :param base: what the project's IRIs start with.
    :param prefixes: the project's.
    """
    name = name_of(linkset)
    if name not in TARGETS:
        yield found("linkset-target", linkset, name=name)
    for slot in _METADATA:
        if not linkset.metadata.get(slot):
            yield found("linkset-metadata", linkset, line=1, slot=slot)
    expected = f"{base}links/{name}"
    if linkset.id and linkset.id != expected:
        line = linkset.lines.get("mapping_set_id")
        other, other_zh = f"the file is {name}", f"文件名为 {name}"
        yield found(
            "linkset-id", linkset, line=line, given=linkset.id, other=other, other_zh=other_zh, expected=expected
        )
    for slot, line in linkset.unknown.items():
        yield found("linkset-unknown-slot", linkset, line=line, slot=slot)
    known = {**prefixes, **{target.prefix: target.namespace for target in TARGETS.values()}, **BUILT_IN}
    known[TARGET_PREFIX] = TARGET_SPACE
    for prefix, iri in linkset.prefixes.items():
        if known.get(prefix, iri) != iri:
            yield found(
                "link-prefix",
                linkset,
                line=linkset.lines.get(f"curie_map {prefix}"),
                prefix=prefix,
                problem=f"stands for {iri} here and for {known[prefix]} elsewhere",
                problem_zh=f"在此处指 {iri}，别处指 {known[prefix]}",
                expected=known[prefix],
            )


def check_rows(linkset: Linkset, things: Mapping[str, Thing], *, prefixes: Mapping[str, str]) -> Iterator[Finding]:
    """Find what is wrong with rows as such.

    :param things: what the graph has, by IRI.
    """
    target = TARGETS.get(name_of(linkset))
    for link in linkset.links:
        yield from _check_shape(linkset, link)
        yield from _check_nothing_found(linkset, link)
        yield from _check_ends(linkset, link, target, things)
        if target is not None and not link.negative:
            yield from _check_meaning(linkset, link, target, things, prefixes)
    for (before, _), (after, link) in pairwise((order(link), link) for link in linkset.links):
        if after < before:
            yield found("link-unsorted", linkset, link, file=linkset.file)


def _check_shape(linkset: Linkset, link: Link) -> Iterator[Finding]:
    """Find what is missing, undeclared, or has a value that it cannot have."""
    for slot in REQUIRED:
        if not link.text(slot):
            yield found("link-incomplete", linkset, link, slot=slot, why="SSSOM demands it", why_zh="SSSOM 必填")
    for slots, why, why_zh in _WANTED:
        if not any(link.text(slot) for slot in slots):
            yield found("link-incomplete", linkset, link, slot=slots[0], why=why, why_zh=why_zh)
    for slot in link.slots:
        for value in link.values(slot):
            prefix, colon, _ = value.partition(":")
            if slot_named(slot).kind != "entity":
                continue
            if not colon:
                yield found("link-value", linkset, link, slot=slot, given=value, expected="prefix:name")
            elif linkset.expand(value) is None:
                problem, problem_zh = "is not declared", "未声明"
                named = next((target.namespace for target in TARGETS.values() if target.prefix == prefix), "https://…")
                yield found(
                    "link-prefix",
                    linkset,
                    link,
                    prefix=prefix,
                    problem=problem,
                    problem_zh=problem_zh,
                    expected=named,
                )
    if link.text("confidence") and not (link.confidence is not None and 0 <= link.confidence <= 1):
        yield found("link-confidence", linkset, link, given=link.text("confidence"))
    for slot in _DATES:
        if link.text(slot) and not _DATE.fullmatch(link.text(slot)):
            yield found("link-value", linkset, link, slot=slot, given=link.text(slot), expected="2026-11-26")
    for slot, allowed in (
        ("mapping_justification", _JUSTIFICATIONS),
        ("predicate_modifier", {"Not"}),
        ("object_category", KINDS),
    ):
        if link.text(slot) and link.text(slot) not in allowed:
            expected = ", ".join(sorted(allowed))
            yield found("link-value", linkset, link, slot=slot, given=link.text(slot), expected=expected)
    predicate = linkset.expand(link.predicate)
    if predicate is not None and predicate not in PREDICATES:
        yield found("link-predicate", linkset, link, given=link.predicate, expected=_predicates(PREDICATES, linkset))


def _check_nothing_found(linkset: Linkset, link: Link) -> Iterator[Finding]:
    if NO_TERM not in (link.subject, link.object):
        return
    if link.subject == NO_TERM:
        problem, problem_zh = "is no subject: rows are about things of this graph", "不能作主体"
    elif linkset.expand(link.predicate) != _EXACT:
        problem, problem_zh = f"with {link.predicate} says nothing of use", f"与 {link.predicate} 连用没有意义"
    elif link.text("predicate_modifier"):
        problem, problem_zh = "cannot be denied", "不能否定"
    else:
        return
    yield found("link-nothing-found", linkset, link, problem=problem, problem_zh=problem_zh)


def _check_ends(linkset: Linkset, link: Link, target: Target | None, things: Mapping[str, Thing]) -> Iterator[Finding]:
    """Find subjects that the graph does not have, or calls otherwise, and objects that are not the target's."""
    subject, object_ = linkset.expand(link.subject), linkset.expand(link.object)
    if subject is not None and link.subject != NO_TERM:
        thing = things.get(subject)
        label = link.text("subject_label")
        if thing is None:
            yield found("link-subject-unknown", linkset, link, given=link.subject)
        elif label and label not in thing.labels.values():
            now = thing.labels.get("zh-hans") or next(iter(thing.labels.values()), "")
            yield found("link-label-stale", linkset, link, given=link.subject, now=now)
    if target is None or object_ is None or link.object == NO_TERM:
        return
    if not target.accepts(object_):
        expected = f"{target.prefix}: {target.pattern}"
        yield found("link-identifier", linkset, link, given=link.object, target=target.title, expected=expected)
    source = link.text("object_source")
    if source and linkset.expand(source) not in (None, target.iri):
        expected = f"{TARGET_PREFIX}:{target.name}"
        yield found("link-value", linkset, link, slot="object_source", given=source, expected=expected)


def _check_meaning(
    linkset: Linkset, link: Link, target: Target, things: Mapping[str, Thing], prefixes: Mapping[str, str]
) -> Iterator[Finding]:
    """Find links between things of kinds that cannot be linked so."""
    subject, predicate = linkset.expand(link.subject) or "", linkset.expand(link.predicate)
    kind = link.text("object_category") or (target.kinds[0] if len(target.kinds) == 1 else "")
    if not kind:
        why = f"{target.title} has several kinds of things: {', '.join(target.kinds)}"
        why_zh = f"{target.title} 有多种事物：{'、'.join(target.kinds)}"
        yield found("link-incomplete", linkset, link, slot="object_category", why=why, why_zh=why_zh)
        return
    if kind in KINDS and kind not in target.kinds:
        expected = ", ".join(target.kinds)
        yield found("link-value", linkset, link, slot="object_category", given=kind, expected=expected)
        return
    if predicate == _EXACT and target.classification:
        yield found("link-classification-exact", linkset, link, target=target.title)
    thing = things.get(subject)
    group = group_of(thing.classes) if thing else None
    if predicate == _SAME:
        if kind != AREA or (thing is not None and (group is None or AREA not in group.permitted)):
            problem, problem_zh = "this is none", "此处不是"
        elif not target.denotes:
            problem, problem_zh = (
                f"{target.title} has records or concepts of areas",
                f"{target.title} 是区域的记录或概念",
            )
        else:
            return
        yield found("link-same-as", linkset, link, problem=problem, problem_zh=problem_zh)
    elif group is not None and kind in KINDS and predicate in PREDICATES:
        # A concept of a thesaurus may be about an area: that an area is one of its own kind is looked at above.
        permitted = group.permitted.get(kind, ())
        if predicate not in permitted:
            yield found(
                "link-type-clash",
                linkset,
                link,
                group=group.name.en,
                group_zh=group.name.zh,
                predicate=link.predicate,
                kind=f"{'an' if kind[0] in 'aeo' else 'a'} {kind}",
                expected=", ".join(sorted(compress(one, prefixes) for one in permitted)) or "nothing",
            )


def _predicates(iris: frozenset[str], linkset: Linkset) -> str:
    known = {**BUILT_IN, "foaf": "http://xmlns.com/foaf/0.1/", **linkset.prefixes}
    return ", ".join(sorted(compress(iri, known) for iri in iris))
