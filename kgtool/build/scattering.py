"""What articles say of things that others speak of too, found by Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtool.namespaces import RDF
from kgtool.validate.scope import Scattered

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["find_scattered"]

_TYPE = f"<{RDF}type>"


def find_scattered(made: DataFrame) -> Scattered:
    """Find out what articles say of the same things, and of those that they share.

    :param made: columns ``article`` (nothing for what articles share), ``subject``, ``predicate``, ``object`` and
        ``graph``: terms as N-Quads writes them; rows with a ``note`` are none.
    """
    quads = made.where("note IS NULL")
    said = quads.selectExpr(
        "*", f"CASE WHEN predicate = '{_TYPE}' THEN object END AS class", "left(object, 1) = '\"' AS literal"
    )
    mentions = quads.selectExpr("article", "explode(array(subject, predicate, object, graph)) AS thing")
    several = (
        mentions.where("left(thing, 1) = '<'").distinct().groupBy("thing").count().where("count > 1").select("thing")
    )
    of_articles = said.where("article <> ''")
    about = of_articles.join(several, of_articles.subject == several.thing, "left_semi")
    leading = of_articles.join(several, of_articles.object == several.thing, "left_semi")
    leading = leading.unionAll(of_articles.where("literal"))
    kinds = said.where("class IS NOT NULL").join(several, said.subject == several.thing, "left_semi")
    return Scattered(
        stated=frozenset(map(_said, of_articles.select("predicate", "class").distinct().collect())),
        about=frozenset(map(_said, about.select("predicate", "class").distinct().collect())),
        leading=frozenset(row.predicate[1:-1] for row in leading.select("predicate").distinct().collect()),
        kinds=frozenset(row["class"][1:-1] for row in kinds.select("class").distinct().collect()),
    )


def _said(row: tuple[str, str | None]) -> tuple[str, str | None]:
    predicate, class_ = row
    return predicate[1:-1], class_ and class_[1:-1]
