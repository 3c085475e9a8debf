"""Rows compared by Splink: Fellegi and Sunter's model on DuckDB in this process, or on Spark on many machines.

https://moj-analytical-services.github.io/splink/ The same model serves both: its conditions are in the SQL that Spark
speaks, and what DuckDB calls otherwise is defined for it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from kgtool.errors import KgError, StoreError
from kgtool.link.suggest.features import Row
from kgtool.link.suggest.preparing import Prepared
from kgtool.spark import first_line, open_session

__all__ = ["Pair", "compare"]

#: In how many parts Spark works at least.
_FEWEST_PARTS = 4
#: Functions of Spark's SQL that DuckDB has under other names.
_MACROS = (
    "CREATE MACRO arrays_overlap(a, b) AS list_has_any(a, b)",
    "CREATE MACRO array_intersect(a, b) AS list_intersect(a, b)",
    "CREATE MACRO size(a) AS len(a)",
)
#: A model is SQL, and may be somebody else's: it sees the rows and nothing else of this machine.
_CONFINED = ("SET enable_external_access = false", "SET lock_configuration = true")


class Pair(NamedTuple):
    """Two rows that may be names of one thing.

    :param weight: the logarithm, to base 2, of the odds that they are.
    :param bits: what each comparison gave, and which of its levels it was.
    """

    ours: int
    theirs: int
    weight: float
    names: tuple[str, str]
    bits: Mapping[str, tuple[float, int]]


def compare(
    prepared: Prepared, model: dict[str, Any], *, engine: str = "duckdb", master: str | None = None, least: float = 0.0
) -> list[Pair]:
    """Compare the rows of two sides, and return the pairs whose weight is no less than ``least``.

    :param model: settings of Splink; how probable it is that two records at random are one comes from their number.
    :param engine: ``duckdb`` or ``spark``.
    :param master: the address of the Spark cluster; by default, all cores of this machine.
    :raises KgError: if the engine is not installed.
    :raises DataError: if Splink cannot make sense of the model.
    :raises StoreError: if the engine fails.
    """
    if not prepared.our_rows or not prepared.their_rows:
        return []
    splink = _splink()
    settings = {**model, "probability_two_random_records_match": 1 / prepared.size}
    settings["linker_uid"] = "kgtool"
    opened = _duckdb(splink) if engine == "duckdb" else _spark(splink, master)
    with opened as (api, register):
        try:
            sides = [
                api.register(register(_table(rows, side)), dataset_display_name=side)
                for side, rows in (("ours", prepared.our_rows), ("theirs", prepared.their_rows))
            ]
            linker = splink.Linker(sides, settings, log_level=None, validate_settings=False)
            for column in _counted(settings):
                frequencies = _frequencies(column, prepared.frequencies.get(column, {}))
                linker.table_management.register_term_frequency_lookup(api.register(register(frequencies)), column)
            found = linker.inference.predict(threshold_match_weight=least, warning_mode="never").as_record_list()
        except KgError:
            raise
        except Exception as exc:
            # Whatever an engine of SQL refuses: it names the part of the model, or of its own set-up.
            hint = "look at the model, or leave out --model"
            raise StoreError(f"{engine} could not compare: {first_line(exc)}", hint=hint) from exc
    names = [comparison["output_column_name"] for comparison in settings["comparisons"]]
    return sorted(
        (_pair(one, names) for one in found), key=lambda pair: (pair.ours, pair.theirs, -pair.weight, pair.names)
    )


def _pair(found: Mapping[str, Any], comparisons: list[str]) -> Pair:
    bits = {
        name: (
            round(float(found[f"mw_{name}"]) + float(found.get(f"mw_tf_adj_{name}") or 0), 6),
            int(found[f"gamma_{name}"]),
        )
        for name in comparisons
    }
    names = (str(found["text_l"]), str(found["text_r"]))
    return Pair(int(found["record_l"]), int(found["record_r"]), round(float(found["match_weight"]), 6), names, bits)


def _counted(settings: Mapping[str, Any]) -> list[str]:
    """Return the columns whose values count for more the rarer they are."""
    levels = [level for comparison in settings["comparisons"] for level in comparison["comparison_levels"]]
    return list(dict.fromkeys(level["tf_adjustment_column"] for level in levels if level.get("tf_adjustment_column")))


# The engines ---------------------------------------------------------------------------------------------------------


def _splink() -> Any:
    try:
        import splink
    except ImportError as exc:
        raise KgError("suggesting links needs Splink and DuckDB", hint="pip install 'kgtool[link]'") from exc
    return splink


@contextmanager
def _duckdb(splink: Any) -> Iterator[tuple[Any, Any]]:
    try:
        import duckdb
    except ImportError as exc:
        raise KgError("suggesting links needs Splink and DuckDB", hint="pip install 'kgtool[link]'") from exc
    with duckdb.connect() as connection:
        for statement in (*_MACROS, *_CONFINED):
            connection.execute(statement)
        yield splink.DuckDBAPI(connection), lambda table: table


@contextmanager
def _spark(splink: Any, master: str | None) -> Iterator[tuple[Any, Any]]:
    with open_session("kgtool link suggest", master, extra="link,spark") as session:
        parts = str(max(_FEWEST_PARTS, 2 * session.sparkContext.defaultParallelism))
        session.conf.set("spark.sql.shuffle.partitions", parts)
        api = splink.SparkAPI(spark_session=session, register_udfs_automatically=False, break_lineage_method="persist")
        yield api, session.createDataFrame


def _table(rows: list[tuple[int, Row]], side: str) -> Any:
    import pyarrow as pa

    texts, flags, lists = pa.string(), pa.bool_(), pa.list_(pa.string())
    kinds = {"chinese": flags, **dict.fromkeys(("words", "parents", "codes", "schemes", "keys"), lists)}
    columns = {name: pa.array([getattr(row, name) for _, row in rows], kinds.get(name, texts)) for name in Row._fields}
    return pa.table(
        {
            "row": pa.array(range(len(rows)), pa.int64()),
            "record": pa.array([place for place, _ in rows], pa.int64()),
            "side": pa.array([side] * len(rows), texts),
            **columns,
        }
    )


def _frequencies(column: str, values: Mapping[str, float]) -> Any:
    import pyarrow as pa

    return pa.table({column: pa.array(values, pa.string()), f"tf_{column}": pa.array(values.values(), pa.float64())})
