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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, NamedTuple

from kgtool.build.description import describe
from kgtool.build.lake import COLUMNS, lay_over, put_article
from kgtool.build.merging import Everything, judge, merge
from kgtool.build.scattering import find_scattered
from kgtool.build.shared import Shared, read_shared
from kgtool.build.sources import read_shared_sources
from kgtool.build.worker import Row, Task, make_rows, make_rows_of_lake, read_quads
from kgtool.compressed import plain_name
from kgtool.errors import DataError, StoreError
from kgtool.files import new_folder, replace_text
from kgtool.namespaces import RDF
from kgtool.project import Project
from kgtool.spark import explaining, open_session
from kgtool.terms import Term, n3
from kgtool.validate.parts import read_rules

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["ClusterBuild", "build_on_cluster"]

#: Articles of a partition, unless told otherwise: a few seconds of work, some megabytes of quads.
_PER_PARTITION = 200

#: Columns of what workers make: see :data:`kgtool.build.worker.Row`.
_SCHEMA = "article string, subject string, predicate string, object string, graph string, united boolean, note string"
_TERMS = ("subject", "predicate", "object")


#: Gives the folders of some articles, or of all.
Folders = Callable[[list[str] | None], list[Path]]


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
    articles: str | os.PathLike[str] | None = None,
    quads: Sequence[str | os.PathLike[str]] = (),
    told: Callable[[str], object] = lambda _: None,
) -> ClusterBuild:
    """Build a project on a Spark cluster, or on this machine if none is named.

    :param folder: a new folder on a file system that every machine sees, as they see the project.
    :param master: the cluster's address, ``spark://HOST:PORT``; by default what Spark's own configuration says, else
        the cores of this machine.
    :param partitions: parts that the articles are dealt out in; by default one for every 200.
    :param validate: whether to judge what is built, as ``kgtool validate`` does.
    :param texts: a folder with the texts of articles, ``SLUG.txt``, to measure what they cover.
    :param articles: the articles as rows of a table (see :mod:`kgtool.build.lake`), instead of the project's folders:
        a Parquet file or a folder of them, or a file of lines of JSON.
    :param quads: what other builds made, to be joined in as it is: files of N-Quads, or folders of them.
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
    others = _files_of(quads)
    told("reading what articles share")
    shared = read_shared(sources, told=lambda _: None)
    task = Task(project.folder, sources.shared_digest, validate, None if texts is None else os.path.abspath(texts))
    try:
        with new_folder(target) as fresh:
            with open_session("kgtool build", master) as spark, explaining("the cluster could not build it"):
                source = _Folders(spark, project) if articles is None else _Lake(spark, project, articles)
                slugs = source.slugs()
                parts = partitions or max(len(slugs) // _PER_PARTITION, 2 * spark.sparkContext.defaultParallelism)
                told(f"making {len(slugs)} articles in {parts} parts")
                made = _make_all(spark, source.rows(task, parts), others, Path(fresh))
                notes = _notes(made)
                _refuse(notes, f"{target}.report.json", articles=len(slugs))
                told("joining them")
                named, triples = _join(spark, made, shared, Path(fresh), others=bool(others))
                judged = None
                if validate:
                    told("judging them together")
                    with source.at_hand() as (at_hand, folders):
                        rules = read_rules(project)._replace(project=at_hand)
                        judged = judge(rules, shared, notes, _everything(made, folders))
                counts = {row[0]: row[1] for row in _quads(made).groupBy("article").count().collect()}
            for passing in ("made", "united"):
                rmtree(os.path.join(fresh, passing))
            seconds = time.perf_counter() - begun
            merged = merge(slugs, notes, counts, judged, folder="graph/articles/")
            report = {"articles": len(slugs), "quads": named, "triples": triples, "seconds": round(seconds, 3)}
            _write_report(os.path.join(fresh, "report.json"), {**report, "errors": [], **merged})
    except OSError as exc:
        raise StoreError(f"cannot write it: {exc.strerror or exc}", file=folder, hint="free some space there") from exc
    found = None if judged is None else {str(name): number for name, number in judged.report.counts().items()}
    unjudged = () if judged is None else tuple(sorted(judged.unjudged))
    return ClusterBuild(target, len(slugs), named, triples, seconds, found, unjudged)


class _Folders:
    """Articles that are folders of the project, which every machine sees."""

    def __init__(self, spark: SparkSession, project: Project) -> None:
        self._spark, self._project = spark, project

    def slugs(self) -> list[str]:
        return [one.name for one in self._project.article_folders()]

    def rows(self, task: Task, parts: int) -> RDD[Row]:
        dealt = self._spark.sparkContext.parallelize(["", *self.slugs()], parts)
        return dealt.mapPartitions(lambda some: make_rows(task, some))

    @contextmanager
    def at_hand(self) -> Iterator[tuple[Project, Folders]]:
        """Have the project and the folders of some of its articles, or of all, at hand on this machine."""
        found = self._project.article_folders()
        yield self._project, lambda slugs: [one for one in found if slugs is None or one.name in slugs]


class _Lake:
    """Articles that are rows of a table."""

    def __init__(self, spark: SparkSession, project: Project, table: str | os.PathLike[str]) -> None:
        self._spark, self._project = spark, project
        name = os.path.abspath(table)
        if not os.path.exists(name):
            raise StoreError("there is no such table", file=table, hint="make one with 'kgtool article pack FILE'")
        lines = name.endswith((".json", ".jsonl", ".jsonl.gz"))
        self._table = spark.read.json(name) if lines else spark.read.parquet(name)
        missing = [column for column in COLUMNS if column not in self._table.columns]
        if missing:
            hint = f"its columns are {', '.join(COLUMNS)}"
            raise DataError(f"the table has no {' and no '.join(missing)}", file=table, hint=hint)

    def slugs(self) -> list[str]:
        return sorted(row.article for row in self._table.select("article").distinct().collect())

    def rows(self, task: Task, parts: int) -> RDD[Row]:
        gathered = self._table.selectExpr("article", "struct(file, content) AS one").groupBy("article")
        articles = gathered.agg({"one": "collect_list"}).toDF("article", "files").repartition(parts, "article")
        shared = self._spark.sparkContext.parallelize([""], 1).mapPartitions(lambda some: make_rows(task, some))
        return shared.union(articles.rdd.mapPartitions(lambda some: make_rows_of_lake(task, map(_files, some))))

    @contextmanager
    def at_hand(self) -> Iterator[tuple[Project, Folders]]:
        """Have the project and the folders of some of its articles, or of all, at hand on this machine."""
        with lay_over(self._project.folder) as project:

            def folders(slugs: list[str] | None) -> list[Path]:
                wanted = self._table if slugs is None else self._table.where(self._table.article.isin(slugs))
                found: dict[str, dict[str, str | bytes]] = {}
                for row in wanted.collect():
                    found.setdefault(row.article, {})[row.file] = row.content
                there = {folder.name for folder in project.article_folders()}
                for slug in found.keys() - there:
                    put_article(project, slug, found[slug])
                return [one for one in project.article_folders() if slugs is None or one.name in slugs]

            yield project, folders


def _files(row: Any) -> tuple[str, dict[str, str | bytes]]:
    """Return an article's name and files; a file that is there twice is refused by its name."""
    files: dict[str, str | bytes] = {}
    for one in row.files:
        files[one.file if one.file not in files else f"{one.file} (a second one)"] = one.content
    return row.article, files


def _files_of(quads: Sequence[str | os.PathLike[str]]) -> list[tuple[str, str]]:
    """Return files of N-Quads, each with what its blank nodes are called apart from those of other builds."""
    files: list[tuple[str, str]] = []
    for number, name in enumerate(map(os.path.abspath, quads)):
        inner = sorted(str(file) for file in Path(name).rglob("*") if plain_name(file.name).endswith((".nq", ".nt")))
        found = inner if os.path.isdir(name) else [name]
        if not found or not os.path.exists(name):
            raise StoreError("there are no N-Quads", file=name, hint="give files or folders of *.nq, *.nq.gz, *.nq.zst")
        files += [(file, f"other{number}-") for file in found]
    return files


def _make_all(spark: SparkSession, rows: RDD[Row], others: list[tuple[str, str]], place: Path) -> DataFrame:
    """Have the workers make everything, and keep it, so that it is made once."""
    if others:
        dealt = spark.sparkContext.parallelize(others, len(others))
        rows = rows.union(dealt.mapPartitions(_rows_of_others))
    spark.createDataFrame(rows, _SCHEMA).write.parquet(str(place / "made"))
    return spark.read.schema(_SCHEMA).parquet(str(place / "made"))


def _rows_of_others(files: Iterable[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    for *terms, graph in read_quads(files):
        apart = graph.endswith(("/graph/shapes>", "/graph/mappings>")) or "/graph/enriched/" in graph
        yield None, *terms, graph, not apart, None


def _notes(made: DataFrame) -> list[tuple[str, dict[str, Any]]]:
    rows = made.where("note IS NOT NULL").select("article", "note").collect()
    return sorted(((row.article, json.loads(row.note)) for row in rows), key=lambda one: one[0] or "")


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


def _join(spark: SparkSession, made: DataFrame, shared: Shared, place: Path, *, others: bool) -> tuple[int, int]:
    """Write the quads, the union and the description; return how many quads and triples there are."""
    derived = f"<{shared.derived}>"
    rows = made.where("note IS NULL")
    named = rows.where("graph <> ''").select(*_TERMS, "graph")
    # Several articles may lead to the same; all else is in one article, and there once, unless other builds have it.
    once = named.where(named.graph != derived).unionAll(named.where(named.graph == derived).distinct())
    quads = named.distinct() if others else once
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


def _everything(made: DataFrame, folders: Folders) -> Everything:
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

    return Everything(find_scattered(made), lambda names: with_predicates(names).count(), lines, speaking, folders)


def _write_report(file: str, report: dict[str, Any]) -> None:
    replace_text(file, json.dumps(report, ensure_ascii=False, indent=2) + "\n")
