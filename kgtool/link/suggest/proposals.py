"""Candidates as SSSOM: a set of mappings that a tool has found, with the reasons for each, and nobody has looked at.

https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kgtool.link.kinds import IDENTITY, Group
from kgtool.link.suggest.choosing import Candidate
from kgtool.linksets.model import Link, Linkset, make_link
from kgtool.linksets.starting import start_linkset
from kgtool.linksets.targets import AREA, CONCEPT, SETTLEMENT, TARGET_PREFIX, Target
from kgtool.namespaces import OWL, SKOS, compress

__all__ = ["MEASURE", "explain", "make_proposals", "object_iri", "predicate_for"]

#: What ``similarity_score`` is.
MEASURE = "probability of a match by Fellegi and Sunter's model"
_TOOL = "kgtool link suggest"
_SAME, _EXACT, _CLOSE, _BROAD, _NARROW, _RELATED = (
    OWL + "sameAs",
    *(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")),
)
#: How two topics may have one name and different extents: titanium, and the industry of it.
_SHORT = frozenset(("the same words", "the same Chinese name but for its kind"))
#: How a name may be like another without being the same: then the things are not the same either.
_PARTIAL = frozenset(("all words of one name are in the other", "more than half of the words"))


def object_iri(target: Target, identifier: str) -> str:
    """Return the IRI of what a target calls by an identifier, which may be the IRI itself.

    >>> from kgtool.linksets.targets import TARGETS
    >>> object_iri(TARGETS["geonames"], "1804651"), object_iri(TARGETS["gbt2260"], "530181").rpartition("/")[2]
    ('https://sws.geonames.org/1804651/', '530181')
    """
    if "://" in identifier:
        return identifier
    local = identifier.removeprefix(f"{target.prefix}:")
    slash = "/" if target.pattern.endswith("/") and not local.endswith("/") else ""
    return f"{target.namespace}{local}{slash}"


def predicate_for(candidate: Candidate, target: Target, group: Group | None) -> str | None:
    """Return how two records that may be one would be linked: the strongest predicate that is permitted.

    ``None`` where no link is permitted between things of their kinds.

    :param group: how ours may be linked.
    """
    kind = _kind(candidate, target)
    permitted = group.permitted.get(kind, ()) if group else ()
    wished: tuple[str, ...]
    outcomes = {step.outcome.partition(" (")[0] for step in candidate.steps}
    if outcomes & _PARTIAL:
        wished = (_BROAD if _is_narrower(candidate) else _NARROW, _CLOSE, _RELATED)
    elif (
        target.classification
        or (kind == CONCEPT and outcomes & _SHORT)
        or {candidate.ours.kind, kind} == {AREA, SETTLEMENT}
    ):
        wished = (_CLOSE, _BROAD, _RELATED)
    elif kind == AREA and target.denotes:
        wished = (_SAME, _EXACT, _CLOSE, _BROAD, _RELATED)
    else:
        wished = (_EXACT, _CLOSE, _BROAD, _RELATED)
    return next((one for one in wished if one in permitted), None)


def explain(candidate: Candidate) -> str:
    """Return the waterfall as a text: what each feature adds, in bits, and what that comes to.

    ``before -16.0; name: the same Chinese name (安宁) +18.1; … = 11.2 bits, probability 0.9996``
    """
    first, *others = candidate.steps
    parts = [f"{first.outcome} {first.bits:+.1f}"]
    parts += [f"{step.feature}: {step.outcome} {step.bits:+.1f}" for step in others]
    text = f"{'; '.join(parts)} = {candidate.weight:.1f} bits, probability {candidate.probability:.4f}"
    return text if candidate.rival is None else f"{text}; the next best has {candidate.rival:.1f} bits"


def make_proposals(
    candidates: Iterable[Candidate],
    target: Target,
    *,
    base: str,
    version: str,
    prefixes: Mapping[str, str],
    source: str,
    groups: Mapping[str, Group],
    skip: Mapping[tuple[str, str], str],
    not_there: frozenset[str] = frozenset(),
) -> tuple[Linkset, int]:
    """Make a set of proposals; what has been decided is left out.

    :param source: what the target's records are from.
    :param groups: how each of our things may be linked.
    :param skip: pairs that are linked or were rejected, by IRIs, with the predicate.
    :param not_there: things that were looked for in the target in vain: nothing there is the same.
    :returns: the set, and how many candidates were left out.
    """
    start = start_linkset(target, base=base, version=version, prefixes=prefixes)
    start = start._replace(
        metadata={
            **start.metadata,
            "mapping_set_id": f"{base}proposals/{target.name}",
            "mapping_set_title": f"Proposals, reviewed by nobody: {start.metadata['mapping_set_title']}",
            "mapping_set_description": f"Found by '{_TOOL}' in {source}. 'kgtool link review' makes links of them.",
        }
    )
    known = {**start.prefixes, "owl": OWL, "skos": SKOS}
    links: list[Link] = []
    left_out = 0
    for candidate in candidates:
        subject, object_ = candidate.ours.id, object_iri(target, candidate.theirs.id)
        predicate = predicate_for(candidate, target, groups.get(subject))
        in_vain = subject in not_there and predicate in IDENTITY
        if predicate is None or in_vain or (subject, object_) in skip or not target.accepts(object_):
            left_out += 1
            continue
        links.append(
            make_link(
                compress(subject, known),
                compress(predicate, known),
                f"{target.prefix}:{object_.removeprefix(target.namespace)}",
                "semapv:CompositeMatching",
                subject_label=candidate.ours.label,
                object_label=candidate.theirs.label,
                object_category=_kind(candidate, target),
                object_source=f"{TARGET_PREFIX}:{target.name}",
                mapping_tool=_TOOL,
                confidence=candidate.probability,
                similarity_score=candidate.probability,
                similarity_measure=MEASURE,
                comment=explain(candidate),
            )
        )
    return start.with_links(links), left_out


def _kind(candidate: Candidate, target: Target) -> str:
    """Return what kind of thing the target's record is; where nothing says it, the same as ours, for people to see."""
    kind = candidate.theirs.kind or candidate.ours.kind
    return kind if kind in target.kinds else ""


def _is_narrower(candidate: Candidate) -> bool:
    """Say whether our name has words that theirs has not: new building materials are building materials."""
    return max(len(name.text.split()) for name in candidate.ours.names) > min(
        len(name.text.split()) for name in candidate.theirs.names
    )
