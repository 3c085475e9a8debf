"""Fetch what a target says of the things that are linked to it, into a graph of its own.

What another dataset says is never mixed with what articles say: it stands in ``graph/enriched/<target>.ttl``, which a
build puts into a named graph that is no part of the union, with its licence, its source and the time of retrieval.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from kgtool.build import base_of
from kgtool.errors import DataError, NotFoundError
from kgtool.files import replace_text
from kgtool.link.enrich.dumps import GeonamesDump, WikidataDump
from kgtool.link.enrich.keeping import Kept
from kgtool.link.enrich.records import Source
from kgtool.link.enrich.sparql import SparqlSource
from kgtool.link.enrich.wikibase import WikibaseSource
from kgtool.link.enrich.writing import Account, format_enriched
from kgtool.linksets.reading import read_linkset
from kgtool.linksets.targets import TARGETS, Target
from kgtool.namespaces import OWL, read_prefixes
from kgtool.project import Project
from kgtool.store import open_store

__all__ = ["Enriched", "Progress", "enrich", "open_source", "target_named"]

#: Called while things are looked up: how many are done, of how many.
Progress = Callable[[int, int], None]


class Enriched(NamedTuple):
    """What was fetched.

    :param file: where it stands.
    :param asked: the things that were looked up.
    :param missing: those that the source does not have, or says are gone.
    :param statements: how many statements there are about the others.
    """

    file: Path
    asked: int
    missing: tuple[str, ...]
    statements: int


def open_source(target: Target, location: str, *, timeout: float | None = None) -> Source:
    """Open what a target's data is to be had from: the API of a Wikibase, a SPARQL endpoint, a dump, or RDF files.

    :raises NotFoundError: if there is no such file.
    :raises StoreError: if it cannot be opened.
    :raises DataError: if it is an RDF file that is malformed.
    """
    if location.startswith(("http://", "https://")):
        if location.partition("?")[0].endswith("/api.php"):
            return WikibaseSource(location, timeout=timeout)
        store = open_store(location)
        return SparqlSource(store, getattr(store, "url", location))
    file = Path(location)
    if not file.is_file():
        hint = "give a file, or an address that starts with http:// or https://"
        raise NotFoundError("no such file", file=location, hint=hint)
    kind = file.name.removesuffix(".gz").removesuffix(".bz2").rpartition(".")[2].lower()
    if kind in {"json", "jsonl", "ndjson"} and target.name == "wikidata":
        return WikidataDump(file)
    if kind in {"txt", "zip"} and target.name == "geonames":
        return GeonamesDump(file)
    return SparqlSource(open_store(location), file.name)


def enrich(
    project: Project,
    target: Target,
    source: Source,
    *,
    licence: str = "",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Enriched:
    """Look up everything that a project's linkset links to, and write ``graph/enriched/<target>.ttl``.

    What was found is kept beside the file until all is there: a run that was cut off goes on where it stopped.

    :param licence: the IRI of the licence of the target's data, if it is not known.
    :raises NotFoundError: if the project has no links to the target.
    :raises DataError: if nothing says under which licence the data is.
    :raises StoreError: if the source cannot be asked; what it has told so far is kept.
    """
    iris = _linked(project, target)
    licence = licence or target.licence
    if not licence:
        hint = "give it with --licence: what is fetched is passed on under it"
        raise DataError(f"kgtool does not know the licence of {target.title}", hint=hint)
    folder = project.root / "graph" / "enriched"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{target.name}.ttl"
    kept = Kept(folder / f"{target.name}.partial", source.name)
    wanted = [iri for iri in iris if iri not in kept.statements]
    size = source.batch or max(len(wanted), 1)
    for start in range(0, len(wanted), size):
        if progress is not None:
            progress(len(iris) - len(wanted) + start, len(iris))
        batch = wanted[start : start + size]
        found = dict(source.fetch(batch))
        for iri in batch:
            kept.add(iri, found.get(iri, []))
    if progress is not None:
        progress(len(iris), len(iris))
    statements = [statement for iri in iris for statement in kept.statements[iri]]
    base = base_of(project)
    account = Account(
        graph=f"{base}graph/enriched/{target.name}",
        target=target,
        source=source.name,
        licence=licence,
        at=(now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0),
    )
    replace_text(file, format_enriched(account, statements, read_prefixes(project.prefixes_file)))
    kept.remove()
    gone = {one.subject for one in statements if one.predicate == OWL + "deprecated"}
    missing = tuple(iri for iri in iris if iri in gone or not kept.statements[iri])
    return Enriched(file, len(iris), missing, len(statements))


def _linked(project: Project, target: Target) -> list[str]:
    """Return the things that a project's linkset links to: those that it says it has found."""
    file = project.root / "graph" / "links" / f"{target.name}.sssom.tsv"
    if not file.is_file():
        known = [one.name.removesuffix(".sssom.tsv") for one in project.link_files()]
        hint = f"there are links to {', '.join(known)}" if known else "there are no links at all"
        raise NotFoundError(f"the project has no links to {target.title}", file=project.relative(file), hint=hint)
    linkset = read_linkset(file, name=project.relative(file))
    iris = {linkset.expand(link.object) for link in linkset.links if not link.negative}
    return sorted(iri for iri in iris if iri is not None and target.accepts(iri))


def target_named(name: str) -> Target:
    """Find a target by its name.

    :raises NotFoundError: if there is none, or its codes have nothing to be looked up.
    """
    target = TARGETS.get(name)
    if target is None:
        raise NotFoundError(f"no target '{name}'", hint=f"there are {', '.join(TARGETS)}")
    if target.made_here:
        raise NotFoundError(
            f"{target.title} has nothing to look up", hint="the IRIs of its codes are this project's own"
        )
    return target
