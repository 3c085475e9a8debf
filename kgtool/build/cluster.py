"""A project built on a Spark cluster: the same functions as at home, article by article, on as many machines as it has.

https://spark.apache.org/docs/latest/spark-standalone.html

Every worker reads what articles share once, then article after article from the folders of the project, which all
machines see under the same name, as they see the folder that is written. Spark joins what they make: what several
articles lead to once, the union of all, counts, what is wrong with them. Whatever machine fails, its articles are made
again elsewhere, and the folder is put in place when all of it is there.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, NamedTuple

from kgtool.build.description import describe
from kgtool.build.merging import Everything, judge, merge
from kgtool.build.scattering import find_scattered
from kgtool.build.shared import Shared, read_shared
from kgtool.build.sources import read_shared_sources
from kgtool.build.worker import Task, make_rows
from kgtool.errors import DataError, StoreError
from kgtool.files import new_folder, replace_text
from kgtool.namespaces import RDF
from kgtool.project import Project
from kgtool.spark import explaining, open_session
from kgtool.terms import Term, n3
from kgtool.validate.parts import read_rules

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["ClusterBuild", "build_on_cluster"]

#: Articles of a partition, unless told otherwise: a few seconds of work, some megabytes of quads.
_PER_PARTITION = 200

#: Columns of what workers make: see :data:`kgtool.build.worker.Row`.
_SCHEMA = "article string, subject string, predicate string, object string, graph string, united boolean, note string"
_TERMS = ("subject", "predicate", "object")


class ClusterBuild(NamedTuple):
    """What a cluster built.

    :param folder: holds ``quads/`` (N-Quads of all named graphs), ``union/`` (N-Triples of the default graph), both in
        compressed parts, ``parquet/`` (the quads as a table), ``void.ttl`` and ``report.json``.
    :param articles: how many articles there are.
    :param quads: quads of named graphs.
    :param triples: triples of the default graph.
    :param seconds: how long it took.
    :param findings: how many violations, warnings and infos were found; nothing if none were looked for.
    :param unjudged: names of rules that were not judged.
    """

    folder: str
    articles: int
    quads: int
    triples: int
    seconds: float
    findings: dict[str, int] | None
    unjudged: tuple[str, ...]


def build_on_cluster(
    project: Project,
    folder: str | os.PathLike[str],
    *,
    master: str | None = None,
    partitions: int | None = None,
    validate: bool = True,
    texts: str | os.PathLike[str] | None = None,
    told: Callable[[str], object] = lambda _: None,
) -> ClusterBuild:
    """Build a project on a Spark cluster, or on this machine if none is named.

    :param folder: a new folder on a file system that every machine sees, as they see the project.
    :param master: the cluster's address, ``spark://HOST:PORT``; by default what Spark's own configuration says, else
        the cores of this machine.
    :param partitions: parts that the articles are dealt out in; by default one for every 200.
    :param validate: whether to judge what is built, as ``kgtool validate`` does.
    :param texts: a folder with the texts of articles, ``SLUG.txt``, to measure what they cover.
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
    task = Task(project.folder, sources.shared_digest, validate, None if texts is None else os.path.abspath(texts))
    try:
        with new_folder(target) as fresh:
            with open_session("kgtool build", master) as spark, explaining("the cluster could not build it"):
                parts = partitions or max(len(slugs) // _PER_PARTITION, 2 * spark.sparkContext.defaultParallelism)
                told(f"making {len(slugs)} articles in {parts} parts")
                made = _make_all(spark, task, slugs, parts, Path(fresh))
                notes = _notes(made)
                _refuse(notes, f"{target}.report.json", articles=len(slugs))
                told("joining them")
                quads, triples = _join(spark, made, shared, Path(fresh))
                judged = None
                if validate:
                    told("judging them together")
                    judged = judge(read_rules(project), shared, notes, _everything(made, project))
                counts = {row[0]: row[1] for row in _quads(made).groupBy("article").count().collect()}
            for passing in ("made", "united"):
                rmtree(os.path.join(fresh, passing))
            seconds = time.perf_counter() - begun
            merged = merge(slugs, notes, counts, judged, folder="graph/articles/")
            report = {"articles": len(slugs), "quads": quads, "triples": triples, "seconds": round(seconds, 3)}
            _write_report(os.path.join(fresh, "report.json"), {**report, "errors": [], **merged})
    except OSError as exc:
        raise StoreError(f"cannot write it: {exc.strerror or exc}", file=folder, hint="free some space there") from exc
    found = None if judged is None else {str(name): number for name, number in judged.report.counts().items()}
    unjudged = () if judged is None else tuple(sorted(judged.unjudged))
    return ClusterBuild(target, len(slugs), quads, triples, seconds, found, unjudged)


def _make_all(spark: SparkSession, task: Task, slugs: list[str], parts: int, place: Path) -> DataFrame:
    """Have the workers make everything, and keep it, so that it is made once."""
    dealt = spark.sparkContext.parallelize(["", *slugs], parts)
    rows = dealt.mapPartitions(lambda some: make_rows(task, some))
    spark.createDataFrame(rows, _SCHEMA).write.parquet(str(place / "made"))
    return spark.read.schema(_SCHEMA).parquet(str(place / "made"))


def _notes(made: DataFrame) -> list[tuple[str, dict[str, Any]]]:
    rows = made.where("note IS NOT NULL").select("article", "note").collect()
    return sorted(((row.article, json.loads(row.note)) for row in rows), key=lambda one: one[0])


def _quads(made: DataFrame) -> DataFrame:
    """Return the quads of articles."""
    return made.where("note IS NULL AND article <> ''")


def _refuse(notes: list[tuple[str, dict[str, Any]]], file: str, *, articles: int) -> None:
    """Refuse malformed articles, all of them named in a report."""
    errors = [{**note, "article": slug} for slug, note in notes if note["note"] == "error"]
    if not errors:
        return
    _write_report(file, {"articles": articles, "quads": None, "triples": None, "errors": errors})
    first = errors[0]
    more = "" if len(errors) == 1 else f" ({len(errors)} articles are malformed: see {file})"
    raise DataError(first["message"] + more, file=first["file"], line=first["line"], hint=first["hint"])


def _join(spark: SparkSession, made: DataFrame, shared: Shared, place: Path) -> tuple[int, int]:
    """Write the quads, the union and the description; return how many quads and triples there are."""
    derived = f"<{shared.derived}>"
    rows = made.where("note IS NULL")
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


def _everything(made: DataFrame, project: Project) -> Everything:
    """Say how what all articles say is asked for."""
    quads = _quads(made).select("article", *_TERMS, "graph")

    def with_predicates(names: frozenset[str] | None) -> DataFrame:
        return quads if names is None else quads.where(quads.predicate.isin([f"<{name}>" for name in sorted(names)]))

    def lines(names: frozenset[str] | None) -> Iterable[str]:
        frames = [with_predicates(names)]
        if names is not None:
            typed = quads.where(quads.predicate == f"<{RDF}type>").select("subject").distinct()
            frames += [
                quads.where("subject LIKE '\\_:%' OR object LIKE '\\_:%'"),
                quads.join(typed, "subject", "left_anti").dropDuplicates(["subject"]).select(*quads.columns),
                quads.dropDuplicates(["predicate"]),
            ]
        for frame in frames:
            for row in frame.toLocalIterator():
                yield f"{row.subject} {row.predicate} {row.object} {row.graph} ."

    def speaking(things: Iterable[Term]) -> list[str]:
        about = quads.where(quads.subject.isin([n3(thing) for thing in things]))
        return sorted(row.article for row in about.select("article").distinct().collect())

    def folders(slugs: list[str] | None) -> list[Path]:
        return [one for one in project.article_folders() if slugs is None or one.name in slugs]

    return Everything(find_scattered(made), lambda names: with_predicates(names).count(), lines, speaking, folders)


def _write_report(file: str, report: dict[str, Any]) -> None:
    replace_text(file, json.dumps(report, ensure_ascii=False, indent=2) + "\n")
