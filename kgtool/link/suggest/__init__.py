"""Candidates for links, from a target's records: in files, at SPARQL endpoints or reconciliation services.

Record linkage after Fellegi and Sunter by Splink; what comes out are proposals, which ``kgtool link review`` shows to a
person. Nothing is published unreviewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kgtool.build import base_of
from kgtool.errors import DataError, NotFoundError
from kgtool.link.suggest.choosing import choose, weight_of
from kgtool.link.suggest.dumps import GeonamesSource, WikidataSource
from kgtool.link.suggest.engines import compare
from kgtool.link.suggest.graphs import GraphSource, ServiceSource
from kgtool.link.suggest.model import labels_of, read_model
from kgtool.link.suggest.ours import read_ours
from kgtool.link.suggest.preparing import prepare
from kgtool.link.suggest.proposals import make_proposals, object_iri
from kgtool.link.suggest.records import Record, Source
from kgtool.link.suggest.tables import MappingSource, TableSource
from kgtool.link.things import open_things
from kgtool.linksets.model import NO_TERM, Linkset
from kgtool.linksets.reading import read_linkset
from kgtool.linksets.targets import TARGETS, Target
from kgtool.namespaces import read_prefixes
from kgtool.project import Project

__all__ = ["FORMATS", "Suggested", "open_target", "records_of", "suggest", "target_for"]

#: What a file may be, by its ending, which may have ``.gz`` or ``.bz2`` behind it, and the target that it is of alone.
FORMATS = {
    "csv": "",
    "tsv": "",
    "parquet": "",
    "nt": "",
    "ttl": "",
    "sssom.tsv": "",
    "txt": "geonames",
    "zip": "geonames",
    "json": "wikidata",
    "jsonl": "wikidata",
    "ndjson": "wikidata",
}


class Suggested(NamedTuple):
    """What was found.

    :param proposals: the candidates, as a set of mappings.
    :param records: how many records the target has.
    :param left_out: candidates that are linked or rejected already, or cannot be linked.
    """

    proposals: Linkset
    ours: int
    records: int
    left_out: int


def target_for(location: str, name: str | None) -> Target:
    """Find the target that a file or address is of.

    :param name: what the user calls it; needed where the format does not say.
    :raises NotFoundError: if there is none of that name.
    :raises DataError: if the format does not say, and there is no name.
    """
    name = name or FORMATS.get(_format_of(location), "")
    if not name and location.endswith(".sssom.tsv"):
        name = Path(location).name.removesuffix(".sssom.tsv")
    if not name:
        raise DataError(
            "nothing says which dataset it is of", file=location, hint="name its linkset with --to, as eurovoc"
        )
    if name not in TARGETS:
        raise NotFoundError(f"no target '{name}'", hint=f"there are {', '.join(TARGETS)}")
    return TARGETS[name]


def open_target(
    location: str,
    ours: Sequence[Record],
    *,
    service: bool = False,
    type: str = "",  # noqa: A002 - RDF's word
    timeout: float | None = None,
) -> Source:
    """Open what has a target's records.

    :param location: a file, or the address of a SPARQL endpoint or, with ``service``, a reconciliation service.
    :param ours: what a service is asked about.
    :param type: the IRI of a class, if of a graph only its things are wanted.
    :raises NotFoundError: if there is no such file.
    :raises DataError: if it is of no known format.
    :raises StoreError: if it is no address, or an RDF file that is malformed.
    """
    if location.startswith(("http://", "https://")):
        if service:
            from kgtool.link.client import ReconciliationService

            return ServiceSource(ReconciliationService(location, timeout=timeout), location, ours)
        from kgtool.store.remote import RemoteStore

        return GraphSource(RemoteStore(location, timeout=timeout), location, type=type)
    file = Path(location)
    if not file.is_file():
        hint = "give a file, or an address that starts with http:// or https://"
        raise NotFoundError("no such file", file=location, hint=hint)
    format_ = _format_of(location)
    if format_ == "sssom.tsv":
        return MappingSource(file)
    if format_ in {"csv", "tsv", "parquet"}:
        return TableSource(file)
    if format_ in {"nt", "ttl"}:
        from kgtool.store import open_store

        return GraphSource(open_store(location), file.name, type=type)
    if format_ in FORMATS:
        return GeonamesSource(file) if FORMATS[format_] == "geonames" else WikidataSource(file)
    raise DataError("it is of no known format", file=location, hint=f"its name must end in {', '.join(FORMATS)}")


def suggest(
    project: Project,
    location: str,
    *,
    to: str | None = None,
    service: bool = False,
    type: str = "",  # noqa: A002 - RDF's word
    model: Path | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    threshold: float = 0.8,
    limit: int = 3,
    timeout: float | None = None,
) -> Suggested:
    """Look for what a target has of a project's things.

    The same project, target and model give the same proposals, byte for byte.

    :param location: a file or an address: see :func:`open_target`.
    :param to: the target's name, where the format does not say.
    :param model: a file of settings for Splink instead of kgtool's own.
    :param engine: ``duckdb`` or ``spark``.
    :param master: the address of the Spark cluster.
    :param threshold: the least probability of a candidate.
    :param limit: the most candidates of each thing.
    :raises DataError: if a file is malformed.
    :raises StoreError: if something cannot be asked, or the engine fails.
    """
    target = target_for(location, to)
    settings = read_model(model)
    linksets = [read_linkset(file, name=project.relative(file)) for file in project.link_files()]
    ours = read_ours(open_things(project), linksets, target)
    source = open_target(location, ours.records, service=service, type=type, timeout=timeout)
    prepared = prepare(ours.records, records_of(source, target))
    pairs = compare(prepared, settings, engine=engine, master=master, least=weight_of(threshold))
    candidates = choose(prepared, pairs, labels_of(settings), limit=limit)
    skip, not_there = _decided(linksets, target)
    proposals, left_out = make_proposals(
        candidates,
        target,
        base=base_of(project),
        version=_version(),
        prefixes=read_prefixes(project.prefixes_file),
        source=source.name,
        groups=ours.groups,
        skip=skip,
        not_there=not_there,
    )
    return Suggested(proposals, len(ours.records), prepared.total, left_out)


def records_of(source: Source, target: Target) -> Iterator[Record]:
    """Walk over a target's records, by their IRIs; where it has things of one kind only, they are of that."""
    only = target.kinds[0] if len(target.kinds) == 1 else ""
    for record in source.records():
        yield record._replace(id=object_iri(target, record.id), kind=record.kind or only)


def _decided(linksets: Sequence[Linkset], target: Target) -> tuple[dict[tuple[str, str], str], frozenset[str]]:
    """Return the pairs that somebody has decided about, and what was looked for in the target in vain."""
    skip: dict[tuple[str, str], str] = {}
    not_there: set[str] = set()
    for linkset in linksets:
        for link in linkset.links:
            subject, object_ = linkset.expand(link.subject), linkset.expand(link.object)
            if subject and object_ and link.object != NO_TERM:
                skip[subject, object_] = link.predicate
            elif subject and linkset.expand(link.text("object_source")) == target.iri:
                not_there.add(subject)
    return skip, frozenset(not_there)


def _version() -> str:
    from importlib.metadata import version

    return f"kgtool {version('kgtool')}"


def _format_of(location: str) -> str:
    """Return a file's format by its name.

    >>> _format_of("a/streets.csv"), _format_of("isic.sssom.tsv"), _format_of("latest-all.json.bz2")
    ('csv', 'sssom.tsv', 'json')
    """
    name = Path(location).name.lower().removesuffix(".gz").removesuffix(".bz2")
    return "sssom.tsv" if name.endswith(".sssom.tsv") else name.rpartition(".")[2]
