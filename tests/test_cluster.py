"""A build on a Spark cluster: the same quads as at home, whatever machine fails.

What needs Spark runs with ``KGTOOL_SPARK=1`` and ``pip install 'kgtool[spark]'`` and a Java: see docs/contributing.md.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph
import pytest

from kgtool.build import build
from kgtool.build.cluster import build_on_cluster
from kgtool.build.lake import pack_articles
from kgtool.build.sources import read_shared_sources
from kgtool.build.worker import Task, make_rows
from kgtool.errors import DataError, StoreError
from kgtool.namespaces import IP, SKOS
from kgtool.project import Project
from kgtool.report import REPORT_FORMATS
from kgtool.store import open_store
from kgtool.validate import validate_project
from tests.benchmarks.generate import plan, write_project
from tests.nation import write_faulty_nation

Run = Callable[..., tuple[int, str, str]]

needs_spark = pytest.mark.skipif(os.environ.get("KGTOOL_SPARK") != "1", reason="set KGTOOL_SPARK=1: takes minutes")


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with two dozen small articles."""
    folder = tmp_path_factory.mktemp("nation") / "nation"
    write_project(plan(5_000, sentences=6), folder)
    return Project(folder)


def _canonical(lines: list[str]) -> tuple[int, str]:
    """Return how many quads there are, and the hash of them sorted; every process names blank nodes anew."""
    ordered = sorted(re.sub(r"_:\w+", "_:", line) for line in lines)
    return len(ordered), hashlib.sha256("\n".join(ordered).encode()).hexdigest()


def _embedded(project: Project, folder: Path) -> tuple[int, str]:
    return _canonical(_lines(project, folder))


def _lines(project: Project, folder: Path) -> list[str]:
    store = pyoxigraph.Store.read_only(str(build(project, into=folder).folder / "store"))
    dumped = store.dump(format=pyoxigraph.RdfFormat.N_QUADS)
    assert dumped is not None
    return dumped.decode().removesuffix("\n").split("\n")


def _parts(folder: Path) -> list[str]:
    read = [gzip.decompress(part.read_bytes()).decode() for part in sorted(folder.glob("*/part-*.n[qt].gz"))]
    return "".join(read).removesuffix("\n").split("\n")


# Without Spark -------------------------------------------------------------------------------------------------------


def test_a_worker_makes_the_rows_of_the_embedded_build(nation: Project, tmp_path: Path) -> None:
    slugs = ["", *(folder.name for folder in nation.article_folders())]
    rows = list(make_rows(Task(nation.folder, read_shared_sources(nation).shared_digest, validate=False), slugs))
    quads = [row for row in rows if row[6] is None]
    named = {" ".join((*row[1:5], ".")) for row in quads if row[4]}  # type: ignore[arg-type]
    union = {" ".join((*row[1:4], ".")) for row in quads if row[5]}  # type: ignore[arg-type]
    assert {json.loads(row[6])["note"] for row in rows if row[6]} == {"made"}
    assert _canonical([*named, *union]) == _embedded(nation, tmp_path / "builds")


def test_what_is_wrong_with_an_article_is_a_note(tiny_project: Project) -> None:
    facts = tiny_project.root / "graph" / "articles" / "harbour" / "facts.trig"
    facts.write_text(facts.read_text(encoding="utf-8") + "GRAPH <urn:g> {", encoding="utf-8")
    task = Task(tiny_project.folder, read_shared_sources(tiny_project).shared_digest)
    ((article, *terms, united, note),) = make_rows(task, ["harbour"])
    assert (article, terms, united) == ("harbour", [None] * 4, False)
    assert isinstance(note, str)
    said = json.loads(note)
    assert (said["note"], said["line"]) == ("error", len(facts.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--engine", "spark"), "--engine spark writes to a folder; name it with --output DIR"),
        (
            ("-o", "out"),
            "--quads, --texts and --links-to go with --engine spark",
        ),
        (("--engine", "spark", "-o", "out"), "Spark is not installed; pip install 'kgtool[spark]'"),
        (("--engine", "spark", "-o", "."), "there is something already"),
        (("--engine", "spark", "-o", "out", "--links-to", "a.csv"), "nothing says which dataset it is of"),
    ],
)
def test_what_the_command_refuses(
    kgtool: Run, tiny_project: Project, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "py4j", None)
    monkeypatch.chdir(tiny_project.root)
    code, out, err = kgtool("build", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert not (tiny_project.root / "out").exists()


# On a cluster --------------------------------------------------------------------------------------------------------


class Cluster:
    """A standalone cluster on this machine: a master and workers, each a process group of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.url = ""

    def start(self, workers: int) -> None:
        self._start("master", "master.Master", "--port", "0")
        self.url = self._wait("master", rb"Starting Spark master at (spark://\S+)")
        for number in range(workers):
            name = f"worker-{number}"
            self._start(name, "worker.Worker", "-c", "1", "-m", "1g", "-d", str(self._folder / name), self.url)
        for number in range(workers):
            self._wait(f"worker-{number}", rb"(Successfully registered with master)")

    def kill_worker(self) -> None:
        """Kill a worker with all that it runs."""
        os.killpg(self._processes[1].pid, signal.SIGKILL)

    def stop(self) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, name: str, main: str, *arguments: str) -> None:
        import pyspark

        program = Path(pyspark.__file__).parent / "bin" / "spark-class"
        command = [str(program), f"org.apache.spark.deploy.{main}", "--host", "127.0.0.1", "--webui-port", "0"]
        with (self._folder / f"{name}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen([*command, *arguments], stdout=log, stderr=log, start_new_session=True)
            )

    def _wait(self, name: str, pattern: bytes) -> str:
        for _ in range(600):
            found = re.search(pattern, (self._folder / f"{name}.log").read_bytes())
            if found:
                return found[1].decode()
            time.sleep(0.2)
        raise AssertionError((self._folder / f"{name}.log").read_text())


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    started = Cluster(tmp_path)
    try:
        started.start(2)
        yield started
    finally:
        started.stop()


@needs_spark
@pytest.mark.slow
@pytest.mark.parametrize("failing", [False, True], ids=["sound", "a worker is killed"])
def test_a_cluster_builds_the_same_quads(nation: Project, cluster: Cluster, tmp_path: Path, *, failing: bool) -> None:
    killed = threading.Event()

    def kill_half_way() -> None:
        while not killed.wait(0.02):
            done = list(tmp_path.glob(".*.tmp/made/_temporary/*/task_*"))
            if len(done) >= 5:
                cluster.kill_worker()
                killed.set()

    watcher = threading.Thread(target=kill_half_way, daemon=True)
    if failing:
        watcher.start()
    made = build_on_cluster(nation, tmp_path / "out", master=cluster.url, partitions=15)
    assert killed.is_set() == failing
    expected = _embedded(nation, tmp_path / "builds")
    assert _canonical(_parts(tmp_path / "out")) == expected
    assert made.quads + made.triples == expected[0]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "parquet", "quads", "report.json", "union", "void.ttl",
    ]  # fmt: skip
    import pyarrow.parquet

    assert pyarrow.parquet.read_table(tmp_path / "out" / "parquet").num_rows == made.quads
    void = pyoxigraph.Store()
    void.load(path=str(tmp_path / "out" / "void.ttl"))
    query = """PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?n (SUM(?of) AS ?sum) { ?d void:triples ?n ; void:propertyPartition [ void:triples ?of ] } GROUP BY ?n"""
    solutions = void.query(query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    (counted,) = [[int(str(value).split('"')[1]) for value in row] for row in solutions]
    assert counted == [made.triples, made.triples]


@needs_spark
@pytest.mark.slow
def test_the_report_is_that_of_validate(kgtool: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = write_faulty_nation(tmp_path / "nation")
    monkeypatch.chdir(project.root)
    code, out, _ = kgtool("build", "--engine", "spark", "--master", "local[2]", "-o", "../out", "--format", "json")
    assert code == 1
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    expected = json.loads(REPORT_FORMATS["json"](validate_project(project)))
    assert report["validation"]["findings"] == expected["findings"]
    assert report["validation"]["counts"] == expected["counts"] == json.loads(out)["findings"]
    assert not report["validation"]["conforms"]
    assert [one["article"] for one in report["per_article"]] == [one.name for one in project.article_folders()]
    assert (
        sum(one["violation"] for one in report["per_article"]) + report["validation"]["shared"]["violation"]
        == (expected["counts"]["violation"])
    )
    assert all(report["worker_seconds"][name] > 0 for name in ("making", "validating"))


@needs_spark
@pytest.mark.slow
def test_a_lake_makes_the_same_quads_and_others_join_them(kgtool: Run, nation: Project, tmp_path: Path) -> None:
    pack_articles(nation, tmp_path / "articles.parquet")
    (tmp_path / "others").mkdir()
    known = "<https://example.org/nation/id/park-0> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    known += " <https://w3id.org/industrial-park/ns#IndustrialPark> <https://example.org/nation/graph/entities> .\n"
    shape = "<urn:s> <urn:p> <urn:shape> <https://example.org/other/graph/shapes> .\n"
    for name, lines in (("one.nq.gz", known + shape), ("two.nq.gz", "<urn:s> <urn:p>  <urn:o> <urn:g> .\n")):
        (tmp_path / "others" / name).write_bytes(gzip.compress(lines.encode()))
    code, _, err = kgtool(
        *("--project", nation.folder, "build", "--engine", "spark", "--master", "local[2]", "-o", tmp_path / "out"),
        *("--articles", tmp_path / "articles.parquet", "--quads", tmp_path / "others"),
    )
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert code == (0 if report["validation"]["conforms"] else 1), err
    joined = ["<urn:s> <urn:p> <urn:o> <urn:g> .", "<urn:s> <urn:p> <urn:o> .", shape.removesuffix("\n")]
    expected = _lines(nation, tmp_path / "builds") + joined
    assert _canonical(_parts(tmp_path / "out")) == _canonical(expected)
    assert report["quads"] + report["triples"] == len(expected)
    found = json.loads(REPORT_FORMATS["json"](validate_project(nation)))["findings"]
    assert {(one["check"], str(one["focus"])) for one in report["validation"]["findings"]} == {
        (one["check"], str(one["focus"])) for one in found
    }


@needs_spark
@pytest.mark.slow
def test_every_malformed_article_is_reported(nation: Project, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(nation.root, tmp_path / "nation")
    project = Project(tmp_path / "nation")
    broken = [folder for folder in project.article_folders() if folder.name.endswith("2015")]
    for folder in broken:
        (folder / "facts.trig").write_text("GRAPH <urn:g> {", encoding="utf-8")
    with pytest.raises(DataError, match=rf"{broken[0].name}/facts.trig:1: .*{len(broken)} articles are malformed"):
        build_on_cluster(project, tmp_path / "out", master="local[2]", validate=False)
    report = json.loads((tmp_path / "out.report.json").read_text(encoding="utf-8"))
    assert [error["article"] for error in report["errors"]] == [folder.name for folder in broken]
    assert not (tmp_path / "out").exists()
    with pytest.raises(StoreError, match="there is something already"):
        build_on_cluster(project, tmp_path / "nation")


@needs_spark
@pytest.mark.slow
def test_links_are_proposed_on_the_same_cluster(kgtool: Run, nation: Project, tmp_path: Path) -> None:
    project = Project(tmp_path / "nation")
    shutil.copytree(nation.root, project.root)
    # A file of its own: without one it uses the one that kgtool ships.
    prefixes = project.prefixes_file.read_text(encoding="utf-8")
    prefixes += "@prefix nation: <https://example.org/nation/id/> .\n"
    (project.root / "ontology" / "prefixes.ttl").write_text(prefixes, encoding="utf-8")
    store = open_store([str(file) for file in project.entity_files()])
    query = f"SELECT ?name {{ ?park a <{IP}IndustrialPark> ; <{SKOS}prefLabel> ?name FILTER(LANG(?name) = 'zh-hans') }}"
    names = sorted(name.value for (name,) in store.query(query).rows() if name is not None)[:5]
    rows = [f"Q{number},{name}" for number, name in enumerate(names, 1)]
    target, at_home = tmp_path / "parks.csv", tmp_path / "duckdb.sssom.tsv"
    target.write_text("\n".join(["id,name", *rows, ""]), encoding="utf-8")
    assert kgtool("--project", project.folder, "link", "suggest", target, "--to", "wikidata", "-o", at_home)[0] == 0
    code, _, err = kgtool(
        *("--project", project.folder, "build", "--engine", "spark", "--master", "local[2]", "-o", tmp_path / "out"),
        *("--no-validate", "--links-to", f"wikidata={target}"),
    )
    assert code == 0, err
    found = (tmp_path / "out/proposals/wikidata.sssom.tsv").read_text(encoding="utf-8")
    assert found == at_home.read_text(encoding="utf-8")
    assert found.count("wd:Q") >= len(names), found
