"""A million edges as GEXF and GraphML, beside networkx: seconds and peak memory, each writer in its own process.

Run it by hand: ``python tests/benchmarks/bench_export.py [EDGES] [ROUNDS]``. Besides the writers it measures the whole
way, from a store on disk to the file. Seconds are the processor's, so that what else the machine does is left out.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from kgtool.network import Edge, Network, Node

#: Edges for each node.
_DEGREE = 10


def make_network(edges: int) -> Network:
    """Make a network of so many edges without keeping it: labels in three languages, evidence, a quotation."""
    count = max(2, edges // _DEGREE)

    def nodes() -> Iterator[Node]:
        for number in range(count):
            name = f"{number:07}"
            labels = {"zh-Hans": f"园区{name}", "zh-Hant": f"園區{name}", "en": f"Park {name}"}
            yield Node(
                id=f"ex:n{name}",
                iri=f"https://example.org/n{name}",
                class_="ip:IndustrialPark",
                classes=("ip:IndustrialPark",),
                class_label="产业园区",
                label=labels["zh-Hans"],
                labels=labels,
                degree=2 * _DEGREE,
            )

    def links() -> Iterator[Edge]:
        for number in range(edges):
            source, target = f"ex:n{number // _DEGREE:07}", f"ex:n{number * 7919 % count:07}"
            yield Edge(
                id=f"ex:e{number:07}",
                source=source,
                target=target,
                predicate="ip:hasLeadingIndustry",
                label="主导产业",
                evidence=(number % 67 + 1,),
                sentences=(f"s:{number % 67 + 1}",),
            )

    return Network(nodes, links, node_count=count, edge_count=edges)


def write_ours(form: str, edges: int, file: Path) -> float:
    """Write with kgtool, and return the seconds."""
    from kgtool.export import export

    network = make_network(edges)
    begun = time.process_time()
    export(network, form, file)
    return time.process_time() - begun


def write_theirs(form: str, edges: int, file: Path) -> float:
    """Write the same attributes with networkx, and return the seconds of writing alone."""
    import networkx as nx

    from kgtool.export import to_networkx

    graph = to_networkx(make_network(edges))
    begun = time.process_time()
    if form == "gexf":
        nx.write_gexf(graph, file)
    else:
        nx.write_graphml_xml(graph, file)
    return time.process_time() - begun


def write_from_store(form: str, edges: int, file: Path) -> float:
    """Write a store on disk, from opening it to the finished file, and return the seconds."""
    from kgtool.export import export
    from kgtool.network import read_network
    from kgtool.store import open_store

    begun = time.process_time()
    prefixes = {"ex": "https://example.org/", "ip": "https://w3id.org/industrial-park/ns#"}
    network = read_network(open_store(file.parent / "store"), prefixes=prefixes)
    assert network.edge_count == edges
    export(network, form, file)
    return time.process_time() - begun


def make_store(edges: int, folder: Path) -> None:
    """Make a store on disk of so many edges, each in the graph of one of 67 sentences, and in the default graph."""
    import pyoxigraph

    ip = "https://w3id.org/industrial-park/ns#"
    store = pyoxigraph.Store(str(folder))
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    data = io.BytesIO()
    for number in range(1, 68):
        data.write(f"<https://example.org/s{number}> {type_} <{ip}Sentence> .\n".encode())
        data.write(f'<https://example.org/s{number}> <{ip}number> "{number}" .\n'.encode())
    count = max(2, edges // _DEGREE)
    for number in range(count):
        node = f"<https://example.org/n{number:07}>"
        data.write(f"{node} {type_} <{ip}IndustrialPark> .\n".encode())
        for tag, text in (("zh-Hans", "园区"), ("zh-Hant", "園區"), ("en", "Park ")):
            data.write(f'{node} {label} "{text}{number:07}"@{tag} .\n'.encode())
    for number in range(edges):
        source, target = (f"<https://example.org/n{one:07}>" for one in (number // _DEGREE, number * 7919 % count))
        triple = f"{source} <{ip}p{number % _DEGREE}> {target}"
        data.write(f"{triple} .\n{triple} <https://example.org/s{number % 67 + 1}> .\n".encode())
    data.seek(0)
    store.bulk_load(data, pyoxigraph.RdfFormat.N_QUADS)
    store.optimize()


_WAYS = {"kgtool": write_ours, "networkx": write_theirs, "from a store": write_from_store}


def measure(way: str, form: str, edges: int, folder: Path) -> tuple[float, int, int]:
    """Run one writer in a process of its own: seconds, peak memory in MB, size of the file in MB."""
    command = [sys.executable, __file__, str(edges), way, form, str(folder)]
    seconds, peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(seconds), int(peak), (folder / f"out.{form}").stat().st_size // 1_000_000


def main(edges: int, rounds: int) -> None:
    """Print a table in Markdown: medians, and how many times as fast as networkx, with the least and the most."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        making = [sys.executable, __file__, str(edges), "make", "store", name]
        subprocess.run(making, check=True)
        print(f"{edges:,} edges, {edges // _DEGREE:,} nodes; {rounds} rounds in turns.\n")
        print("| format | writer | s of the processor | peak MB | file MB | times as fast as networkx |")
        print("|---|---|---:|---:|---:|---:|")
        for form in ("gexf", "graphml"):
            found = [{way: measure(way, form, edges, folder) for way in _WAYS} for _ in range(rounds)]
            for way in _WAYS:
                seconds = median(one[way][0] for one in found)
                peak = max(one[way][1] for one in found)
                ratios = sorted(one["networkx"][0] / one[way][0] for one in found)
                spread = f" ({ratios[0]:.1f}–{ratios[-1]:.1f})" if rounds > 1 else ""
                than = "1" if way == "networkx" else f"{median(ratios):.1f}{spread}"
                print(f"| {form} | {way} | {seconds:.1f} | {peak} | {found[0][way][2]} | {than} |", flush=True)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 3:
        way, form, place = sys.argv[2:5]
        if way == "make":
            make_store(number, Path(place) / "store")
        else:
            seconds = _WAYS[way](form, number, Path(place) / f"out.{form}")
            print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    else:
        main(number, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
