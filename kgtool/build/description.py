"""What a table of quads holds, counted by Spark and said in VoID: triples, subjects, classes, properties.

https://www.w3.org/TR/void/#statistics
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kgtool.namespaces import RDF, VOID

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["Description", "describe"]


class Description(NamedTuple):
    """Counts, and the same as Turtle."""

    quads: int
    graphs: int
    triples: int
    text: str


def describe(quads: DataFrame, triples: DataFrame, *, base: str) -> Description:
    """Count what there is.

    :param quads: columns ``subject``, ``predicate``, ``object``, ``graph``: terms as N-Quads writes them.
    :param triples: the same without ``graph``: their union.
    :param base: the IRI of the dataset.
    """
    (row,) = quads.selectExpr("count(*) AS quads", "count(DISTINCT graph) AS graphs").collect()
    (of,) = triples.selectExpr(
        "count(*) AS triples", "count(DISTINCT subject) AS subjects", "count(DISTINCT object) AS objects"
    ).collect()
    properties = triples.groupBy("predicate").count().orderBy("predicate").collect()
    instances = triples.where(triples.predicate == f"<{RDF}type>").groupBy("object").count().orderBy("object").collect()
    lines = [
        f"@prefix void: <{VOID}> .",
        f"<{base}> a void:Dataset ;",
        f"    void:triples {of.triples} ;",
        f"    void:distinctSubjects {of.subjects} ;",
        f"    void:distinctObjects {of.objects} ;",
        f"    void:properties {len(properties)} ;",
        f"    void:classes {len(instances)} ;",
        *(f"    void:propertyPartition [ void:property {one[0]} ; void:triples {one[1]} ] ;" for one in properties),
        *(f"    void:classPartition [ void:class {one[0]} ; void:entities {one[1]} ] ;" for one in instances),
        ".",
    ]
    return Description(row.quads, row.graphs, of.triples, "\n".join(lines) + "\n")
