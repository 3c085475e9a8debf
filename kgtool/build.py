"""From a project's files to a store on disk: by content hash, atomically, one build at a time.

Which file becomes which named graph is in ``docs/architecture.md``. The graph is put together in memory and written in
one go to a folder beside the others, which is then renamed; ``current`` is replaced last. Whatever stops a build, the
store built before stays in use.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import DataError, ProjectError, StoreError
from kgtool.files import replace_text
from kgtool.namespaces import IP, VOID, compress, read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.store import Store, open_fresh
from kgtool.store.builds import (
    LAYOUT,
    NAMES,
    Build,
    Stamp,
    builds_folder,
    current_build,
    read_build,
    stamp,
    write_manifest,
)
from kgtool.store.embedded import ENGINE, Draft, open_folder
from kgtool.terms import IRI, n3

__all__ = ["APART", "BuildResult", "Progress", "base_of", "build", "open_built"]

#: Called before every step: how many are done, of how many, and what comes next.
Progress = Callable[[int, int, str], None]

#: What a rule calls itself in the statements it makes: bound to the IRI of its file.
_RULE = "rule"


#: Graphs that are named and no part of the union, below the base; so are those of what other datasets say.
APART = ("graph/shapes", "graph/mappings")


class BuildResult(NamedTuple):
    """A build that is in use.

    :param folder: its folder; the store is in ``store/``.
    :param hash: the hash of everything it was built from.
    :param counts: triples per named graph.
    :param total: triples of the default graph.
    :param reused: whether it was there already.
    :param seconds: how long it took.
    """

    folder: Path
    hash: str
    counts: dict[str, int]
    total: int
    reused: bool
    seconds: float


class _Source(NamedTuple):
    path: Path
    data: bytes
    stamp: Stamp


def open_built(project: Project, *, on_build: Callable[[BuildResult], None] | None = None) -> Store:
    """Open a project's store, built anew if its files have changed.

    :param on_build: told of a build that was made.
    """
    store = open_fresh(project)
    if store is not None:
        return store
    result = build(project)
    if on_build is not None and not result.reused:
        on_build(result)
    return open_folder(result.folder / "store")


def build(project: Project, *, into: Path | None = None, progress: Progress | None = None) -> BuildResult:
    """Build a project's store, or find that it is built.

    :param into: the folder of the project's builds, if it is not the usual one.
    :raises DataError: if a file is malformed or contradicts another.
    :raises QueryError: if a rule is wrong.
    :raises ProjectError: if the project lacks a part.
    :raises StoreError: if the store cannot be written; the one built before stays in use.
    """
    begun = time.perf_counter()
    read_at = time.time_ns()
    folder = into or builds_folder(project)
    sources = _read_sources(project)
    digest = _digest(project, sources)
    made = _reuse(folder, digest, sources, read_at, only_current=True)
    if made is not None:
        return _result(made, begun, reused=True)
    with _locked(folder):
        # Another process may have built the same while this one waited.
        made = _reuse(folder, digest, sources, read_at)
        reused = made is not None
        if made is None:
            _remove_leftovers(folder)
            draft = _assemble(project, sources, progress or _silent)
            prefixes = read_prefixes(project.prefixes_file)
            made = _save(draft, folder / digest, sources, read_at, progress or _silent, prefixes=prefixes)
        _use(folder, digest)
    return _result(made, begun, reused=reused)


def base_of(project: Project) -> str:
    """Return what the IRIs of a project's own things start with.

    :raises ProjectError: if the project does not say.
    """
    data = project.dataset_file.read_bytes() if project.dataset_file.is_file() else None
    return _read_base(project, data, read_prefixes(project.prefixes_file))[1]


def _result(made: Build, begun: float, *, reused: bool) -> BuildResult:
    return BuildResult(Path(made.folder), made.hash, made.counts, made.total, reused, time.perf_counter() - begun)


def _silent(done: int, total: int, what: str) -> None:
    """Report nothing."""


# Sources -------------------------------------------------------------------------------------------------------------


def _read_sources(project: Project) -> list[_Source]:
    sources = []
    for path in project.source_files():
        try:
            # The stamp first: a change between the two is then seen as one.
            seen = stamp(path)
            sources.append(_Source(path, path.read_bytes(), seen))
        except OSError as exc:
            raise DataError(f"cannot read it: {exc.strerror}", file=project.relative(path)) from exc
    return sources


def _digest(project: Project, sources: list[_Source]) -> str:
    from hashlib import sha256

    whole = sha256(f"{LAYOUT} {ENGINE}\n".encode())
    for source in sources:
        name = next(
            source.path.relative_to(root)
            for root in (project.root, shipped_root(), source.path.anchor)
            if source.path.is_relative_to(root)
        )
        whole.update(f"{name.as_posix()}\n{sha256(source.data).hexdigest()}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()[:32]


# The graph -----------------------------------------------------------------------------------------------------------


def _assemble(project: Project, sources: list[_Source], progress: Progress) -> Draft:
    """Put the graph of a project together: every file in its named graph, the union, and what the rules derive."""
    prefixes = read_prefixes(project.prefixes_file)
    described = next((source.data for source in sources if source.path == project.dataset_file), None)
    dataset, base = _read_base(project, described, prefixes)
    graphs = _graphs(project, base)
    linksets = set(project.link_files())
    rules = set(project.derive_files())
    steps = _steps(sources)
    draft = Draft()
    done = 0
    for source in sources:
        if source.path in rules:
            continue
        progress(done, steps, f"reading {project.relative(source.path)}")
        done += 1
        if source.path in linksets:
            _load_links(draft, source, project, base, dataset=dataset)
        elif source.path.suffix == ".trig":
            _load_facts(draft, source, project, prefixes, declared=_sentences(draft, graphs[source.path]))
        elif source.path in graphs:
            name = project.relative(source.path)
            draft.load(source.data, "turtle", file=name, graph=graphs[source.path], prefixes=prefixes)
    progress(done, steps, "joining the graphs")
    done += 1
    enriched = {graphs[file] for file in project.enriched_files()}
    draft.unite(without=[*(base + name for name in APART), *enriched])
    for source in sources:
        if source.path in rules:
            progress(done, steps, f"deriving by {project.relative(source.path)}")
            done += 1
            _derive(draft, source, project, base, prefixes)
    return draft


def _steps(sources: list[_Source]) -> int:
    """Count the steps of a build: every file, joining, writing, indexing, putting in place."""
    return len(sources) + 4


def _read_base(project: Project, data: bytes | None, prefixes: Mapping[str, str]) -> tuple[str, str]:
    """Return the IRI of the dataset, and what its names start with: ``void:uriSpace`` of ``graph/dataset.ttl``."""
    name = project.relative(project.dataset_file)
    if data is None:
        raise ProjectError("the project does not describe itself", file=name, hint="write it, with void:uriSpace")
    described = Draft()
    described.load(data, "turtle", file=name, prefixes=prefixes)
    query = f"SELECT DISTINCT ?dataset ?base {{ ?dataset <{VOID}uriSpace> ?base FILTER(isIRI(?dataset)) }}"
    rows = [(dataset, base) for dataset, base in described.query(query).rows() if dataset and base]
    bases = [base.value for _, base in rows]
    if len(bases) != 1:
        found = f"{len(bases)} values" if bases else "no value"
        hint = 'give the dataset one, such as void:uriSpace "https://example.org/city/"'
        raise ProjectError(f"void:uriSpace has {found}", file=name, hint=hint)
    if not bases[0].endswith("/"):
        raise ProjectError(f"void:uriSpace '{bases[0]}' does not end with '/'", file=name, hint="end it with '/'")
    return rows[0][0].value, bases[0]


def _graphs(project: Project, base: str) -> dict[Path, str]:
    """Say which graph each Turtle file goes into; for ``facts.trig``, the graph that declares its sentences."""
    graphs = dict.fromkeys(project.ontology_files(), f"{base}graph/ontology")
    graphs |= dict.fromkeys(project.shape_files(), f"{base}graph/shapes")
    graphs |= dict.fromkeys(project.entity_files(), f"{base}graph/entities")
    graphs |= {file: f"{base}graph/enriched/{file.stem}" for file in project.enriched_files()}
    graphs[project.dataset_file] = f"{base}graph/dataset"
    for folder in project.article_folders():
        slug = folder.name
        if not slug.isascii() or not slug.replace("-", "").isalnum():
            hint = "its name becomes a part of IRIs: use letters, digits and hyphens"
            where = project.relative(folder)
            raise ProjectError(f"an article's folder cannot be called '{slug}'", file=where, hint=hint)
        if not (folder / "article.ttl").is_file():
            hint = "make it with 'kgtool article add FILE'"
            raise ProjectError("the article has no article.ttl", file=project.relative(folder), hint=hint)
        for name in ("article.ttl", "facts.trig"):
            graphs[folder / name] = f"{base}graph/article/{slug}"
    known = {*graphs, *project.link_files(), *project.derive_files()}
    for file in project.source_files():
        if file not in known:
            hint = "an article holds article.ttl and facts.trig; entities belong into graph/entities/"
            raise ProjectError("kgtool does not know what this file is for", file=project.relative(file), hint=hint)
    return graphs


def _sentences(draft: Draft, graph: str) -> set[str]:
    query = f"SELECT ?s {{ GRAPH ?article {{ ?s a <{IP}Sentence> }} }}"
    return {term.value for (term, *_) in draft.query(query, bindings={"article": IRI(graph)}).rows() if term}


def _load_facts(
    draft: Draft, source: _Source, project: Project, prefixes: Mapping[str, str], *, declared: set[str]
) -> None:
    """Add the facts of an article: one block per sentence, and nothing outside the blocks."""
    from kgtool.positions import read_blocks, read_positions

    name = project.relative(source.path)
    draft.load(source.data, "trig", file=name, prefixes=prefixes)
    if draft.count():
        line = next((at.line for at in read_positions(source.path) if at.graph is None), None)
        hint = "put it into the block of the sentence that says it, GRAPH s:1 { … }"
        raise DataError("a statement stands outside every sentence", file=name, line=line, hint=hint)
    first: dict[str, int] = {}
    for block in read_blocks(source.path):
        graph, line = block.graph.value, block.line
        called = compress(graph, prefixes)
        if graph not in declared:
            hint = f"article.ttl declares {len(declared)}: correct the number, or declare this one as well"
            raise DataError(f"GRAPH {called}: the article has no such sentence", file=name, line=line, hint=hint)
        if graph in first:
            what = f"GRAPH {called}: the sentence has a block already, on line {first[graph]}"
            raise DataError(what, file=name, line=line, hint="put the statements of both into one")
        first[graph] = line


def _load_links(draft: Draft, source: _Source, project: Project, base: str, *, dataset: str) -> None:
    """Add a linkset: its links, what VoID says of the set, and SSSOM's record of every row."""
    from kgtool.linksets.rdf import describe_linkset, describe_target, link_triples, record_triples, targets_of
    from kgtool.linksets.reading import parse_linkset

    name = project.relative(source.path)
    linkset = parse_linkset(source.data, name)
    targets = [triple for target in targets_of(linkset) for triple in describe_target(target)]
    for graph, triples in (
        ("links", link_triples(linkset)),
        ("dataset", describe_linkset(linkset, dataset=dataset)),
        ("mappings", [*record_triples(linkset), *targets]),
    ):
        lines = "".join(f"{n3(s)} {n3(p)} {n3(o)} .\n" for s, p, o in triples)
        draft.load(lines.encode(), "ntriples", file=name, graph=f"{base}graph/{graph}")


def _derive(draft: Draft, source: _Source, project: Project, base: str, prefixes: Mapping[str, str]) -> None:
    """Add what a rule makes of everything that is known by now."""
    from kgtool import sparql

    name = project.relative(source.path)
    try:
        text = source.data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise DataError(f"cannot read it: {exc}", file=name, hint="it must be a UTF-8 file") from exc
    rule = {_RULE: IRI(f"{base}rule/{source.path.stem}")} if _RULE in sparql.variables(text) else {}
    draft.construct(text, graph=f"{base}graph/derived", bindings=rule, prefixes=prefixes, file=name)


# The folder ----------------------------------------------------------------------------------------------------------


def _reuse(
    folder: Path, digest: str, sources: list[_Source], read_at: int, *, only_current: bool = False
) -> Build | None:
    """Return the build of these sources if there is a sound one, its manifest brought up to date."""
    made = current_build(folder) if only_current else read_build(folder / digest)
    if made is None or made.hash != digest:
        return None
    if not os.path.isfile(f"{made.store}{NAMES}"):
        return None
    try:
        open_folder(made.store)
    except StoreError:
        return None
    made = made._replace(sources={str(source.path): source.stamp for source in sources}, read_at=read_at)
    with suppress(OSError):  # without it, only the next look at the files takes longer
        write_manifest(made)
    return made


def _save(
    draft: Draft,
    folder: Path,
    sources: list[_Source],
    read_at: int,
    progress: Progress,
    *,
    prefixes: Mapping[str, str],
) -> Build:
    """Write a build to its folder: all of it, or nothing."""
    from shutil import rmtree

    from kgtool.search import save_index

    counted = draft.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g").rows()
    counts = {graph.value: int(number.value) for graph, number in counted if graph and number}
    stamps = {str(source.path): source.stamp for source in sources}
    unfinished = folder.with_name(f"unfinished-{os.getpid()}")
    try:
        with _writing(folder.parent):
            progress(_steps(sources) - 3, _steps(sources), "writing the store")
            unfinished.mkdir(parents=True)
            draft.save(unfinished / "store")
            progress(_steps(sources) - 2, _steps(sources), "indexing the names")
            save_index(draft, unfinished / "store", prefixes=prefixes)
            progress(_steps(sources) - 1, _steps(sources), "putting it in place")
            made = Build(str(unfinished), counts, draft.count(), stamps, read_at)
            write_manifest(made)
            rmtree(folder, ignore_errors=True)  # there is one only if it is damaged
            unfinished.rename(folder)
    except BaseException:
        rmtree(unfinished, ignore_errors=True)
        raise
    return made._replace(folder=str(folder))


def _use(folder: Path, digest: str) -> None:
    """Make a build the one in use; keep the one before, which a reader may have open, and remove the others."""
    from shutil import rmtree

    before = current_build(folder)
    if before is not None and before.hash == digest:
        return
    with _writing(folder):
        replace_text(folder / "current", f"{digest}\n")
    if before is not None:
        for other in folder.iterdir():
            if other.name not in (digest, before.hash) and (other / "manifest.json").is_file():
                rmtree(other, ignore_errors=True)


def _remove_leftovers(folder: Path) -> None:
    """Remove what builds that were killed left behind; no other runs while the lock is held."""
    from shutil import rmtree

    for leftover in folder.glob("unfinished-*"):
        rmtree(leftover, ignore_errors=True)
    for leftover in folder.glob("*.tmp"):
        leftover.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder of builds; it ends with the process, however that ends."""
    import fcntl

    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say of anything that goes wrong while writing below a folder what to do about it."""
    hint = "free some space there, or set KGTOOL_CACHE to a folder that can be written"
    try:
        yield
    except OSError as exc:
        raise StoreError(f"cannot write the store: {exc.strerror or exc}", file=folder, hint=hint) from exc
    except StoreError as exc:
        raise StoreError(exc.message, file=folder, hint=hint) from exc
