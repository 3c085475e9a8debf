"""A project built on a Spark cluster: the same functions as at home, article by article, on as many machines as it has.

https://spark.apache.org/docs/latest/spark-standalone.html

Every worker reads what articles share once, then article after article from the folders of the project, which all
machines see under the same name, as they see the folder that is written. Spark joins what they make: what several
articles lead to once, the union of all, counts. Whatever machine fails, its articles are made again elsewhere, and the
folder is put in place when all of it is there.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, NamedTuple

from kgtool.build.article import make_article
from kgtool.build.description import describe
from kgtool.build.shared import Shared, read_shared, refuse_strange_articles
from kgtool.build.sources import Sources, read_article_sources, read_shared_sources
from kgtool.errors import DataError, KgError, ProjectError, StoreError
from kgtool.files import new_folder, replace_text
from kgtool.project import Project

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["ClusterBuild", "build_on_cluster"]

#: Articles of a partition, unless told otherwise: a few seconds of work, some megabytes of quads.
_PER_PARTITION = 200

#: Columns of a quad as N-Quads writes its terms, whether its triple joins the union, and, instead, an error as JSON.
_SCHEMA = "subject string, predicate string, object string, graph string, united boolean, error string"
_TERMS = ("subject", "predicate", "object")

#: What follows a predicate: an object, and a graph if there is one.
_REST = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?|[^" ]+)(?: ([^" ]+))?')

#: One row of that schema.
_Row = tuple[str | None, str | None, str | None, str | None, bool, str | None]


class ClusterBuild(NamedTuple):
    """What a cluster built.

    :param folder: holds ``quads/`` (N-Quads of all named graphs), ``union/`` (N-Triples of the default graph), both in
        compressed parts, ``parquet/`` (the quads as a table), ``void.ttl`` and ``report.json``.
    :param articles: how many articles there are.
    :param quads: quads of named graphs.
    :param triples: triples of the default graph.
    :param seconds: how long it took.
    """

    folder: str
    articles: int
    quads: int
    triples: int
    seconds: float


def build_on_cluster(
    project: Project,
    folder: str | os.PathLike[str],
    *,
    master: str | None = None,
    partitions: int | None = None,
    told: Callable[[str], object] = lambda _: None,
) -> ClusterBuild:
    """Build a project on a Spark cluster, or on this machine if none is named.

    :param folder: a new folder on a file system that every machine sees, as they see the project.
    :param master: the cluster's address, ``spark://HOST:PORT``; by default what Spark's own configuration says, else
        the cores of this machine.
    :param partitions: parts that the articles are dealt out in; by default one for every 200.
    :param told: hears what is done next.
    :raises ProjectError: if the project lacks a part, or Spark is not installed.
    :raises DataError: if an article is malformed: the first in the order of their names. ``FOLDER.report.json`` then
        lists what is wrong with every one.
    :raises StoreError: if the folder exists, or cannot be written.
    """
    begun = time.perf_counter()
    target = os.path.abspath(folder)
    if os.path.lexists(target):
        raise StoreError("there is something already", file=folder, hint="name a folder that does not exist yet")
    project = Project(os.path.abspath(project.folder))
    sources = read_shared_sources(project)
    slugs = [one.name for one in project.article_folders()]
    told("reading what articles share")
    shared = read_shared(sources, told=lambda _: None)
    try:
        with new_folder(target) as fresh:
            with _session(master) as spark:
                parts = partitions or max(len(slugs) // _PER_PARTITION, 2 * spark.sparkContext.defaultParallelism)
                told(f"making {len(slugs)} articles in {parts} parts")
                made = _make_all(spark, sources, slugs, parts, Path(fresh))
                _refuse(made, f"{target}.report.json", articles=len(slugs))
                told("joining them")
                quads, triples = _join(spark, made, shared, Path(fresh))
            for passing in ("made", "united"):
                rmtree(os.path.join(fresh, passing))
            seconds = time.perf_counter() - begun
            _write_report(os.path.join(fresh, "report.json"), [], articles=len(slugs), quads=quads, triples=triples)
    except OSError as exc:
        raise StoreError(f"cannot write it: {exc.strerror or exc}", file=folder, hint="free some space there") from exc
    return ClusterBuild(target, len(slugs), quads, triples, seconds)


@contextmanager
def _session(master: str | None) -> Iterator[SparkSession]:
    """Start Spark, and say of what goes wrong there what a person can mend."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as exc:
        raise ProjectError("Spark is not installed", hint="pip install 'kgtool[spark]'") from exc
    # Workers run the same Python, unless Spark is told of another.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("kgtool build")
    if master is not None:
        builder = builder.master(master)
    try:
        spark = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
        try:
            spark.sparkContext.setLogLevel("ERROR")
            yield spark
        finally:
            spark.stop()
    except (Py4JError, PySparkException) as exc:
        said = re.search(r"kgtool\.errors\.\w+: (.+)", str(exc)) or re.search(r"(.+)", str(exc))
        what = said[1] if said else type(exc).__name__
        raise StoreError(f"the cluster could not build it: {what}", hint="see what Spark logged") from exc


# On the workers ------------------------------------------------------------------------------------------------------

#: What articles share, in a worker's process, by the project's folder and the hash of all that goes into it.
_here: dict[tuple[str, str], tuple[Sources, Shared]] = {}


def _shared_here(folder: str, digest: str) -> tuple[Sources, Shared]:
    """Read what articles share, once in every process.

    :raises ProjectError: if this machine sees other files, or has another version of the engine.
    """
    if (folder, digest) not in _here:
        sources = read_shared_sources(Project(folder))
        if sources.shared_digest != digest:
            hint = "every machine must see the same files under the same name, and have the same versions installed"
            raise ProjectError("a worker sees another project than the one to build", file=folder, hint=hint)
        _here.clear()
        _here[folder, digest] = sources, read_shared(sources, told=lambda _: None)
    return _here[folder, digest]


def _make_some(folder: str, digest: str, slugs: Iterable[str]) -> Iterator[_Row]:
    """Make the quads of some articles; for the empty name, those of what they share."""
    for slug in slugs:
        sources, shared = _shared_here(folder, digest)
        if not slug:
            dumped = BytesIO()
            shared.draft.dump(dumped)
            for line in _lines(dumped.getvalue()):
                row = _split(line)
                yield *row, row[3] == "", None
            continue
        try:
            quads = _make_one(sources, shared, slug)
        except KgError as exc:
            error = {"article": slug, "file": exc.file, "line": exc.line, "message": exc.message, "hint": exc.hint}
            yield None, None, None, None, False, json.dumps(error, ensure_ascii=False)
            continue
        for line in _lines(quads):
            yield *_split(line), True, None


def _make_one(sources: Sources, shared: Shared, slug: str) -> bytes:
    of_article = read_article_sources(sources, slug)
    refuse_strange_articles(of_article)
    return make_article(of_article, shared, slug)


def _lines(quads: bytes) -> list[str]:
    return quads.decode().removesuffix("\n").split("\n")  # str.splitlines would break lines inside literals


def _split(line: str) -> tuple[str, str, str, str]:
    """Take a line of N-Quads, as the engine writes it, apart; the default graph has no name.

    >>> _split('<urn:s> <urn:p> "a <b>" .')
    ('<urn:s>', '<urn:p>', '"a <b>"', '')
    >>> _split('<urn:s> <urn:p> <urn:o> <urn:g> .')
    ('<urn:s>', '<urn:p>', '<urn:o>', '<urn:g>')
    """
    subject, predicate, rest = line.removesuffix(" .").split(" ", 2)
    found = _REST.fullmatch(rest)
    assert found is not None, line
    return subject, predicate, found[1], found[2] or ""


# On the cluster ------------------------------------------------------------------------------------------------------


def _make_all(spark: SparkSession, sources: Sources, slugs: list[str], parts: int, place: Path) -> DataFrame:
    """Have the workers make everything, and keep it, so that it is made once."""
    folder, digest = sources.project.folder, sources.shared_digest
    dealt = spark.sparkContext.parallelize(["", *slugs], parts)
    rows = dealt.mapPartitions(lambda some: _make_some(folder, digest, some))
    spark.createDataFrame(rows, _SCHEMA).write.parquet(str(place / "made"))
    return spark.read.schema(_SCHEMA).parquet(str(place / "made"))


def _refuse(made: DataFrame, file: str, *, articles: int) -> None:
    """Refuse malformed articles, all of them named in a report."""
    found = [json.loads(row.error) for row in made.where("error IS NOT NULL").select("error").collect()]
    if not found:
        return
    found.sort(key=lambda one: one["article"])
    _write_report(file, found, articles=articles, quads=None, triples=None)
    first = found[0]
    more = "" if len(found) == 1 else f" ({len(found)} articles are malformed: see {file})"
    raise DataError(first["message"] + more, file=first["file"], line=first["line"], hint=first["hint"])


def _join(spark: SparkSession, made: DataFrame, shared: Shared, place: Path) -> tuple[int, int]:
    """Write the quads, the union and the description; return how many quads and triples there are."""
    derived = f"<{shared.derived}>"
    rows = made.where("error IS NULL")
    named = rows.where("graph <> ''").select(*_TERMS, "graph")
    # Several articles may lead to the same; all else is in one article, and there once.
    quads = named.where(named.graph != derived).unionAll(named.where(named.graph == derived).distinct())
    quads.write.parquet(str(place / "parquet"))
    quads = spark.read.parquet(str(place / "parquet"))
    rows.where("united").select(*_TERMS).distinct().write.parquet(str(place / "united"))
    union = spark.read.parquet(str(place / "united"))
    for name, frame, terms, ending in (("quads", quads, (*_TERMS, "graph"), "nq"), ("union", union, _TERMS, "nt")):
        lines = frame.selectExpr(f"concat_ws(' ', {', '.join(terms)}, '.') AS line")
        lines.write.option("compression", "gzip").text(str(place / name))
        for part in (place / name).glob("part-*.txt.gz"):
            part.rename(part.with_name(part.name.replace(".txt.gz", f".{ending}.gz")))
    counted = describe(quads, union, base=shared.base)
    replace_text(place / "void.ttl", counted.text)
    return counted.quads, counted.triples


def _write_report(file: str, errors: list[dict[str, Any]], **counts: int | None) -> None:
    replace_text(file, json.dumps({**counts, "errors": errors}, ensure_ascii=False, indent=2) + "\n")
