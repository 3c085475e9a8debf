"""Eleven shapes over synthetic park statistics: compiled, pySHACL, Jena and rudof, each in a process of its own.

Run it by hand: ``python tests/benchmarks/bench_shacl.py [TRIPLES] [--rounds N] [--only ENGINE …]``. pySHACL is asked
up to 20,000 triples, since it takes minutes for more. Jena is Debian's libapache-jena-java, rudof PyPI's pyrudof; what
is not there is left out. Seconds are the processor's, so that what else the machine does is left out; the numbers of
faults that all find are compared.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.benchmarks import jena

EX = "http://bench.example/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ENGINES = ("compiled", "pyshacl", "jena", "rudof")
#: pySHACL needs a quarter of an hour for 100,000.
_PYSHACL_UP_TO = 20_000

SHAPES = f"""\
@prefix ex: <{EX}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <{XSD}> .
@prefix rdf: <{RDF}> .
ex:ParkShape a sh:NodeShape ; sh:targetClass ex:Park ;
    sh:property [ sh:path ex:label ; sh:minCount 3 ; sh:uniqueLang true ; sh:languageIn ( "en" "zh" ) ] ;
    sh:property [ sh:path ex:industry ; sh:minCount 1 ; sh:class ex:Industry ] .
ex:ObservationShape a sh:NodeShape ; sh:targetClass ex:Observation ;
    sh:property [ sh:path ex:park ; sh:minCount 1 ; sh:maxCount 1 ; sh:class ex:Park ; sh:nodeKind sh:IRI ] ;
    sh:property [ sh:path ex:value ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:decimal ; sh:minInclusive 0 ] ;
    sh:property [ sh:path ex:start ; sh:datatype xsd:date ; sh:lessThan ex:end ] ;
    sh:property [ sh:path ex:quote ; sh:minLength 3 ; sh:pattern "^figure [0-9]+$" ] ;
    sh:property [ sh:path ex:unit ; sh:in ( ex:yuan ex:percent ex:persons ) ] ;
    sh:closed true ; sh:ignoredProperties ( rdf:type ex:end ) .
ex:SourceShape a sh:NodeShape ; sh:targetSubjectsOf ex:quote ;
    sh:or ( [ sh:property [ sh:path ex:value ; sh:minCount 1 ] ] [ sh:property [ sh:path ex:text ; sh:minCount 1 ] ] ) .
ex:PercentShape a sh:NodeShape ; sh:targetClass ex:Observation ;
    sh:sparql [ sh:message "{{?value}} percent" ; sh:select \"\"\"
        SELECT $this ?value WHERE {{
            $this <{EX}unit> <{EX}percent> . $this <{EX}value> ?value . FILTER(?value > 100)
        }}\"\"\" ] .
"""

#: Without targets: what Jena takes to read the data.
_IDLE = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:idle> a sh:NodeShape .\n"


def write_data(file: Path, triples: int) -> None:
    """Write so many triples or a few more: parks of unequal size, and one fault in a thousand."""
    draw = random.Random(20261126)
    industries = [f"<{EX}industry{n}>" for n in range(40)]
    with file.open("w", encoding="utf-8") as out:
        written = 0

        def say(subject: str, name: str, value: str) -> None:
            nonlocal written
            out.write(f"{subject} <{name}> {value} .\n")
            written += 1

        for industry in industries:
            say(industry, RDF + "type", f"<{EX}Industry>")
        park = observation = 0
        while written < triples:
            name = f"<{EX}park{park}>"
            park += 1
            say(name, RDF + "type", f"<{EX}Park>")
            for tag in ("en", "zh-Hans", "zh-Hant"):
                if draw.random() > 0.001:
                    say(name, EX + "label", f'"Park {park} 园区"@{tag}')
            for industry in draw.sample(industries, 3):
                say(name, EX + "industry", industry)
            for _ in range(min(2000, int(draw.paretovariate(0.9) * 8))):
                node = f"<{EX}obs{observation}>"
                observation += 1
                say(node, RDF + "type", f"<{EX}Observation>")
                say(node, EX + "park", name)
                say(node, EX + "value", f'"{draw.random() * 99 - (draw.random() < 0.001) * 200:.2f}"^^<{XSD}decimal>')
                say(node, EX + "unit", f"<{EX}{draw.choice(['yuan', 'percent', 'persons'])}>")
                year = draw.randint(2015, 2023)
                say(node, EX + "start", f'"{year}-01-01"^^<{XSD}date>')
                say(node, EX + "end", f'"{year - (draw.random() < 0.001)}-12-31"^^<{XSD}date>')
                say(node, EX + "quote", f'"figure {observation}"')
                if draw.random() < 0.001:
                    say(node, EX + "remark", '"not foreseen"')


def run_compiled(data: str, shapes: str) -> dict[str, float]:
    """Validate with the embedded engine."""
    from kgtool.shacl.read import read_data, read_shapes_graph
    from kgtool.shacl.run import make_plan, run_plan
    from kgtool.shacl.shapes import Shapes

    start = time.process_time()
    source = read_data(data)
    loaded = time.process_time()
    wall = time.perf_counter()
    plan = make_plan(Shapes(read_shapes_graph(shapes)), source)
    assert not plan.left
    results = run_plan(plan, source)
    return {
        "load": loaded - start,
        "validate": time.process_time() - loaded,
        "wall": time.perf_counter() - wall,
        "results": len(results),
    }


def run_pyshacl(data: str, shapes: str) -> dict[str, float]:
    """Validate with pySHACL."""
    import pyshacl
    import rdflib

    start = time.process_time()
    graph = rdflib.Graph().parse(data, format="nt")
    loaded = time.process_time()
    wall = time.perf_counter()
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True)
    done = time.process_time()
    results = sum(1 for _ in report.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#result")))
    return {"load": loaded - start, "validate": done - loaded, "wall": time.perf_counter() - wall, "results": results}


def run_rudof(data: str, shapes: str) -> dict[str, float]:
    """Validate with rudof."""
    import pyrudof

    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    start = time.process_time()
    rudof.read_data(data, pyrudof.RDFFormat.NTriples)
    loaded = time.process_time()
    wall = time.perf_counter()
    rudof.read_shacl(shapes)
    report = rudof.validate_shacl()
    done = time.process_time()
    return {
        "load": loaded - start,
        "validate": done - loaded,
        "wall": time.perf_counter() - wall,
        "results": len(report),
    }


def run_jena(data: str, shapes: str) -> dict[str, float]:
    """Validate with Jena's command line; reading is what it takes with shapes that look at nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = jena.class_path(Path(folder))
        idle = Path(folder, "idle.ttl")
        idle.write_text(_IDLE, encoding="utf-8")
        load, _, _ = _jena(path, data, str(idle))
        whole, wall, output = _jena(path, data, shapes)
    return {"load": load, "validate": whole - load, "wall": wall, "results": output.count("sh:focusNode")}


def _jena(path: str, data: str, shapes: str) -> tuple[float, float, str]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = time.perf_counter()
    done = subprocess.run(
        ["java", "-Xmx8g", "-cp", path, "shacl.shacl_validate", "--data", data, "--shapes", shapes],
        capture_output=True,
        text=True,
        check=False,  # it ends with 1 where data does not conform
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if "ValidationReport" not in done.stdout:
        raise SystemExit(done.stderr.strip() or "Jena says nothing")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - wall, done.stdout


RUNS: dict[str, Callable[[str, str], dict[str, float]]] = {
    "compiled": run_compiled,
    "pyshacl": run_pyshacl,
    "jena": run_jena,
    "rudof": run_rudof,
}


def main(triples: int, rounds: int, engines: list[str]) -> None:
    """Measure the engines in turns, and print a table in Markdown: medians, ratios with the least and the most."""
    with tempfile.TemporaryDirectory() as folder:
        data, shapes = Path(folder, "data.nt"), Path(folder, "shapes.ttl")
        write_data(data, triples)
        shapes.write_text(SHAPES, encoding="utf-8")
        found: dict[str, list[dict[str, float]]] = {}
        for _ in range(rounds):
            for engine in engines:
                if engine != "pyshacl" or triples <= _PYSHACL_UP_TO:
                    found.setdefault(engine, []).append(_measured(engine, data, shapes))
    first = next(iter(found.values()))
    if len({one["results"] for runs in found.values() for one in runs}) != 1:
        raise SystemExit(f"they find other faults: { {engine: runs[0]['results'] for engine, runs in found.items()} }")
    print(f"{triples:,} triples, {first[0]['results']:.0f} faults found by all; {rounds} rounds.\n")
    print("| engine | read s | validate s | elapsed s | peak MB | validates, times as long as the first |")
    print("|---|---:|---:|---:|---:|---:|")
    for engine, runs in found.items():
        read, validate, wall = (median(one[key] for one in runs) for key in ("load", "validate", "wall"))
        ratios = sorted(one["validate"] / other["validate"] for one, other in zip(runs, first, strict=True))
        spread = f" ({ratios[0]:.1f}–{ratios[-1]:.1f})" if rounds > 1 else ""
        peak = max(one["peak"] for one in runs)
        print(
            f"| {engine} | {read:.1f} | {validate:.2f} | {wall:.1f} | {peak:.0f} | {median(ratios):.1f}{spread} |",
            flush=True,
        )


def _measured(engine: str, data: Path, shapes: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", engine, str(data), str(shapes)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{engine}: {(done.stderr.strip().splitlines() or ['?'])[-1][:200]}")
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _is_here(engine: str) -> bool:
    """Say whether an engine is installed."""
    needed = {"compiled": "pyoxigraph", "pyshacl": "pyshacl", "rudof": "pyrudof"}
    return jena.is_here() if engine == "jena" else importlib.util.find_spec(needed[engine]) is not None


def one(engine: str, data: str, shapes: str) -> None:
    """Measure one engine in this process."""
    found = RUNS[engine](data, shapes)
    who = resource.RUSAGE_CHILDREN if engine == "jena" else resource.RUSAGE_SELF
    print(json.dumps(found | {"peak": resource.getrusage(who).ru_maxrss / 1024}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("triples", nargs="?", type=int, default=100_000)
        parser.add_argument("--rounds", type=int, default=1)
        parser.add_argument("--only", nargs="+", choices=ENGINES, default=[name for name in ENGINES if _is_here(name)])
        given = parser.parse_args()
        main(given.triples, given.rounds, given.only)
