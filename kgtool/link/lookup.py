"""Links against what their targets said when they were looked up: see :mod:`kgtool.link.enrich`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kgtool.link.enrich.wikidata import CODES, DIRECT
from kgtool.link.kinds import IDENTITY
from kgtool.link.rules import found
from kgtool.linksets.model import Link, Linkset
from kgtool.linksets.targets import TARGETS, target_of_iri
from kgtool.namespaces import DCTERMS, OWL
from kgtool.report import Finding
from kgtool.sparql import values
from kgtool.store import Store
from kgtool.store.drafts import read_files
from kgtool.terms import IRI

__all__ = ["check_lookup"]


def check_lookup(linksets: Sequence[Linkset], files: Sequence[Path]) -> Iterator[Finding]:
    """Find links to what is gone or has moved, and codes that a target gives otherwise than a link here.

    :param files: what was fetched from targets.
    :raises DataError: if one of them is malformed.
    """
    if not files:
        return
    store = read_files([str(file) for file in files])
    gone = {s for s, _ in _pairs(store, OWL + "deprecated")}
    moved = dict(_pairs(store, DCTERMS + "isReplacedBy"))
    codes = _codes(store)
    same = _identities(linksets)
    for linkset in linksets:
        for link in linkset.links:
            object_ = linkset.expand(link.object)
            if object_ is None or link.negative:
                continue
            target = target_of_iri(object_)
            title = target.title if target else link.text("object_source")
            if object_ in gone:
                yield found("link-target-gone", linkset, link, object=link.object, target=title)
            elif object_ in moved:
                yield found("link-target-moved", linkset, link, object=link.object, target=title, now=moved[object_])
            elif linkset.expand(link.predicate) in IDENTITY:
                yield from _check_codes(linkset, link, title, codes.get(object_, {}), same)


def _check_codes(
    linkset: Linkset,
    link: Link,
    title: str,
    codes: Mapping[str, set[str]],
    same: Mapping[tuple[str, str], set[str]],
) -> Iterator[Finding]:
    subject = linkset.expand(link.subject) or ""
    for name, theirs in codes.items():
        ours = same.get((subject, name), set())
        if ours and ours.isdisjoint(theirs):
            yield found(
                "link-code-differs",
                linkset,
                link,
                object=link.object,
                target=title,
                scheme=TARGETS[name].title,
                theirs=", ".join(sorted(theirs)),
                ours=", ".join(sorted(ours)),
            )


def _identities(linksets: Sequence[Linkset]) -> dict[tuple[str, str], set[str]]:
    """Return the identifiers that things have here, by thing and target."""
    same: dict[tuple[str, str], set[str]] = {}
    for linkset in linksets:
        for link in linkset.links:
            subject, object_ = linkset.expand(link.subject), linkset.expand(link.object)
            if subject and object_ and not link.negative and linkset.expand(link.predicate) in IDENTITY:
                target = target_of_iri(object_)
                if target is not None:
                    same.setdefault((subject, target.name), set()).add(_bare(object_.removeprefix(target.namespace)))
    return same


def _codes(store: Store) -> dict[str, dict[str, set[str]]]:
    """Return the codes of other schemes that looked-up things have, by thing and target."""
    codes: dict[str, dict[str, set[str]]] = {}
    properties = values(["property"], [[IRI(DIRECT + one)] for one in CODES])
    for thing, property_, code in store.query(
        f"SELECT ?s ?property ?code {{ {properties} ?s ?property ?code }}"
    ).rows():
        if thing and property_ and code:
            name = CODES[property_.value.removeprefix(DIRECT)]
            codes.setdefault(thing.value, {}).setdefault(name, set()).add(_bare(code.value))
    return codes


def _pairs(store: Store, predicate: str) -> Iterator[tuple[str, str]]:
    for s, o in store.query(f"SELECT ?s ?o {{ ?s <{predicate}> ?o }}").rows():
        if s and o:
            yield s.value, o.value


def _bare(identifier: str) -> str:
    """Reduce an identifier to what every scheme writes of it.

    >>> _bare("1804649/"), _bare("relation/270056"), _bare("CN-YN")
    ('1804649', '270056', 'CN-YN')
    """
    return identifier.strip("/").removeprefix("relation/")
