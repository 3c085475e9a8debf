"""The formats that a network can be written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kgtool.errors import NotFoundError
from kgtool.export import dot, geojson, gexf, graphml, html, jsonld, jsons, kgx, mermaid, neo4j, pajek, rdf, tables
from kgtool.export.values import Writer

__all__ = ["EXPORTERS", "Exporter", "exporter_named"]


class Exporter(NamedTuple):
    """A format.

    :param name: its name on the command line.
    :param extension: the usual extension of its files.
    :param title: which programs open it.
    :param variants: its writers by the name of the variant, the usual one first.
    :param parts: for a format of several files: their writers by name; such an export is a folder or a ``.zip``.
    :param limit: how many edges programs that read it take, unless told otherwise.
    :param length: how long a text they take, in UTF-16 units, unless told otherwise.
    """

    name: str
    extension: str
    title: str
    variants: Mapping[str, Writer] = {}
    parts: Mapping[str, Writer] = {}
    limit: int | None = None
    length: int | None = None

    def writer(self, variant: str | None = None) -> Writer:
        """Return the writer of a variant, by default the usual one.

        :raises NotFoundError: if there is no such variant.
        """
        if variant is None:
            return next(iter(self.variants.values()))
        if variant not in self.variants:
            known = ", ".join(self.variants) if len(self.variants) > 1 else "none to choose from"
            raise NotFoundError(f"format '{self.name}' has no variant '{variant}'", hint=f"its variants: {known}")
        return self.variants[variant]


#: Every format by name.
EXPORTERS: dict[str, Exporter] = {
    exporter.name: exporter
    for exporter in (
        Exporter(
            "gexf",
            ".gexf",
            "Gephi: GEXF 1.3 with colours, sizes and a timeline (variant static: without)",
            {"gexf": gexf.write_gexf, "static": gexf.write_gexf_static},
        ),
        Exporter(
            "graphml",
            ".graphml",
            "yEd (variant yed), Cytoscape, igraph, networkx: GraphML with typed attributes",
            {"graphml": graphml.write_graphml, "yed": graphml.write_graphml_yed},
        ),
        Exporter("cyjs", ".cyjs", "Cytoscape.js and Cytoscape: JSON with a style", {"cyjs": jsons.write_cyjs}),
        Exporter("cx2", ".cx2", "Cytoscape and NDEx: CX2", {"cx2": jsons.write_cx2}),
        Exporter("dot", ".dot", "Graphviz: DOT with fonts that have Chinese", {"dot": dot.write_dot}),
        Exporter("svg", ".svg", "browsers, Inkscape: a picture drawn by Graphviz", {"svg": dot.drawing("svg")}),
        Exporter("png", ".png", "anything: a picture drawn by Graphviz", {"png": dot.drawing("png")}),
        Exporter(
            "mermaid",
            ".mmd",
            "Markdown on GitHub and GitLab: a Mermaid flowchart",
            {"mermaid": mermaid.write_mermaid},
            limit=mermaid.EDGE_LIMIT,
            length=mermaid.TEXT_LIMIT,
        ),
        Exporter("pajek", ".net", "Pajek, VOSviewer, Gephi: vertices and arcs", {"pajek": pajek.write_pajek}),
        Exporter("neo4j", ".zip", "Neo4j: tables for neo4j-admin and a Cypher script", parts=neo4j.PARTS),
        Exporter("kgx", ".zip", "KGX: node and edge tables of the Biolink community", parts=kgx.PARTS),
        Exporter(
            "nodelink",
            ".json",
            "networkx, D3: node-link JSON (variant jgf: JSON Graph, version 2)",
            {"nodelink": jsons.write_nodelink, "jgf": jsons.write_jgf},
        ),
        Exporter(
            "csv",
            ".csv",
            "spreadsheets, pandas, DuckDB: the edges (variants: nodes; for Excel: excel, excel-nodes)",
            {
                "edges": tables.write_csv_edges,
                "nodes": tables.write_csv_nodes,
                "excel": tables.write_csv_excel,
                "excel-nodes": tables.write_csv_excel_nodes,
            },
        ),
        Exporter(
            "parquet",
            ".parquet",
            "pandas, DuckDB, Spark: the edges (variant: nodes)",
            {"edges": tables.write_parquet_edges, "nodes": tables.write_parquet_nodes},
        ),
        Exporter("geojson", ".geojson", "QGIS, geojson.io: what has coordinates", {"geojson": geojson.write_geojson}),
        Exporter(
            "html", ".html", "browsers: one file to search, filter and look through, offline", {"html": html.write_html}
        ),
        Exporter("turtle", ".ttl", "RDF: the default graph as Turtle", {"turtle": rdf.rdf("turtle")}),
        Exporter("trig", ".trig", "RDF: all graphs as TriG", {"trig": rdf.rdf("trig")}),
        Exporter("ntriples", ".nt", "RDF: the default graph as N-Triples", {"ntriples": rdf.rdf("ntriples")}),
        Exporter("nquads", ".nq", "RDF: all graphs as N-Quads", {"nquads": rdf.rdf("nquads")}),
        Exporter(
            "jsonld",
            ".jsonld",
            "RDF: all graphs as JSON-LD with short names (variant framed: the default graph as a tree of things)",
            {"jsonld": jsonld.write_jsonld, "framed": jsonld.write_jsonld_framed},
        ),
        Exporter("rdfxml", ".rdf", "RDF: the default graph as RDF/XML", {"rdfxml": rdf.rdf("rdfxml")}),
        Exporter("rdf12", ".ttl", "RDF 1.2: Turtle whose sentences reify what they state", {"rdf12": rdf.write_rdf12}),
    )
}


def exporter_named(name: str) -> Exporter:
    """Find a format by name.

    :raises NotFoundError: if there is none of that name.
    """
    if name not in EXPORTERS:
        raise NotFoundError(f"no export format '{name}'", hint=f"use {', '.join(EXPORTERS)}")
    return EXPORTERS[name]
