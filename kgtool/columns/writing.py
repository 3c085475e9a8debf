"""From a store to a file of columns: its terms numbered, its predicates as columns of tables.

https://duckdb.org/docs/stable/

Predicates that have one value per subject and mostly the same subjects share a table, so that what is asked of a
figure (its indicator, its period, its value) is one scan without a join; any other predicate has a table of its own.
The engine writes the default graph as N-Triples beside the file; DuckDB reads that, and puts aside on disk what does
not fit its memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import duckdb

from kgtool.columns.catalogue import LAYOUT
from kgtool.columns.kinds import DATE, DECIMAL, INTEGER, NUMBERS, PATTERNS, TRIPLE, YEAR
from kgtool.errors import StoreError
from kgtool.files import scratch_folder
from kgtool.store.embedded import ENGINE, EmbeddedStore

__all__ = ["Written", "write_file"]

#: Memory that DuckDB may take while it writes.
_MEMORY = "2GB"
#: The most predicates that get a column; the rarest are left out, and asked of the engine.
_PREDICATES = 2000
#: The most predicates of a table.
_WIDTH = 64
#: A predicate joins a table if nearly all of its subjects are in it, and they are not too few of the table's.
_WITHIN, _SHARE = 0.9, 0.25
#: The most terms: they are numbered with 32 bits.
_TERMS = 2**32 - 1

#: Ten to the power of how often a value has to be multiplied by ten to have the scale that is wanted.
_FACTOR = f"list_extract([{', '.join(f'{10**n}::BIGINT' for n in range(19))}], {{wanted}} - {{scale}} + 1)"


class Written(NamedTuple):
    """What was written: triples, predicates with columns, tables."""

    triples: int
    predicates: int
    tables: int


class _Predicate(NamedTuple):
    number: int
    rows: int
    subjects: int
    objects: int
    kinds: frozenset[str]
    scale: int
    most: int
    blank: bool

    @property
    def single(self) -> bool:
        return self.rows == self.subjects

    @property
    def valued(self) -> bool:
        return (self.kinds <= NUMBERS or self.kinds in ({DATE}, {YEAR})) and self.most < 10**18

    @property
    def mixed(self) -> bool:
        return self.kinds == NUMBERS


def write_file(store: EmbeddedStore, file: str, *, fingerprint: str, told: Callable[[str], None]) -> Written:
    """Write the default graph of a store as a file of columns, which takes the place of an earlier one at once.

    :param fingerprint: what the store's files are known by.
    :param told: hears what is done next.
    :raises StoreError: if it cannot be written.
    """
    try:
        with scratch_folder(os.path.dirname(os.path.abspath(file))) as place:
            fresh, lines = os.path.join(place, "columns"), os.path.join(place, "lines.nt")
            told("reading the store")
            store.dump_default(lines)
            config = {"memory_limit": _MEMORY, "temp_directory": os.path.join(place, "aside")}
            with duckdb.connect(fresh, config=config) as connection:
                written = _write(connection, lines, fingerprint, told)
            if written.triples != store.count():
                raise StoreError(f"{written.triples} triples of {store.count()} were read", file=file, hint="report it")
            os.replace(fresh, file)
            return written
    except (OSError, duckdb.Error) as exc:
        raise StoreError(f"cannot write the columns: {exc}", file=file, hint="free some space there") from exc


def _write(connection: Any, lines: str, fingerprint: str, told: Callable[[str], None]) -> Written:
    told("numbering the terms")
    _number_terms(connection, lines)
    told("sorting the predicates")
    predicates = _predicates(connection)
    tables = _tables(connection, predicates)
    for number, members in enumerate(tables):
        told(f"writing table {number + 1} of {len(tables)}")
        connection.execute(f"CREATE TABLE t{number} AS {_table(members)}")
    _write_catalogue(connection, tables)
    ((triples,),) = connection.execute("SELECT count(*) FROM triples").fetchall()
    about = {"layout": LAYOUT, "engine": ENGINE, "store": fingerprint, "triples": str(triples)}
    connection.execute("CREATE TABLE about (key VARCHAR, value VARCHAR)")
    connection.executemany("INSERT INTO about VALUES (?, ?)", list(about.items()))
    return Written(triples, sum(map(len, tables)), len(tables))


def _number_terms(connection: Any, lines: str) -> None:
    """Read the triples; make of them ``terms``, ``lookup``, and temporary ``triples`` of numbers."""
    # The engine escapes control characters, so none can stand where a column would end.
    connection.execute(
        """
        CREATE TEMP TABLE lines AS
        SELECT line[:strpos(line, ' ') - 1] AS s, rest[:strpos(rest, ' ') - 1] AS p, rest[strpos(rest, ' ') + 1:-3] AS o
        FROM (SELECT line, line[strpos(line, ' ') + 1:] AS rest FROM read_csv(
            ?, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false,
            auto_detect = false, max_line_size = 64000000))""",
        [lines],
    )
    os.unlink(lines)
    # Terms that many triples share come first: they are what groups are made by, and then lie close together.
    connection.execute("""
        CREATE TABLE terms AS
        SELECT (row_number() OVER (ORDER BY (objects >= 16) DESC, text) - 1)::BIGINT AS id, text, uses FROM (
            SELECT text, sum(n) AS uses, sum(as_object) AS objects FROM (
                SELECT o AS text, count(*) AS n, count(*) AS as_object FROM lines GROUP BY o
                UNION ALL SELECT s, count(*), 0 FROM lines GROUP BY s
                UNION ALL SELECT DISTINCT p, 0, 0 FROM lines)
            GROUP BY text)
        ORDER BY id""")
    ((number,),) = connection.execute("SELECT count(*) FROM terms").fetchall()
    if number > _TERMS:
        raise StoreError(f"{number} terms are more than columns can number", hint="ask the store without columns")
    connection.execute("ALTER TABLE terms ALTER id TYPE UINTEGER")
    connection.execute("""
        CREATE TEMP TABLE triples AS SELECT s.id AS s, p.id AS p, o.id AS o
        FROM lines
        JOIN terms s ON s.text = lines.s JOIN terms p ON p.text = lines.p JOIN terms o ON o.text = lines.o""")
    connection.execute("DROP TABLE lines")
    connection.execute("""
        CREATE TABLE lookup AS SELECT md5_number_lower(text) AS hash, id, uses::UBIGINT AS uses FROM terms
        ORDER BY hash""")
    connection.execute("ALTER TABLE terms DROP uses")
    cases = " ".join(f"WHEN regexp_full_match(text, '{pattern}') THEN '{kind}'" for kind, pattern in PATTERNS.items())
    connection.execute(f"""
        CREATE TEMP TABLE worth AS
        SELECT id, CASE WHEN value IS NULL AND kind IN ('{INTEGER}', '{DECIMAL}', '{DATE}', '{YEAR}') THEN 'other'
            ELSE kind END AS kind, value, CASE kind WHEN '{DECIMAL}' THEN scale ELSE 0 END AS scale
        FROM (
            SELECT id, kind, CASE
                WHEN kind = '{DATE}' THEN date_diff('day', DATE '1970-01-01', TRY_CAST(words AS DATE))
                WHEN kind = '{DECIMAL}' AND length(ltrim(replace(words, '.', ''), '-')) > 18 THEN NULL
                ELSE TRY_CAST(replace(words, '.', '') AS BIGINT) END AS value,
                CASE WHEN contains(words, '.') THEN length(words) - strpos(words, '.') ELSE 0 END AS scale
            FROM (SELECT id, split_part(text, '"', 2) AS words, CASE {cases} ELSE 'other' END AS kind FROM terms))
        """)


def _predicates(connection: Any) -> list[_Predicate]:
    rows = connection.execute(f"""
        WITH about AS (
            SELECT p, count(*) AS n, count(DISTINCT s) AS subjects,
                count(DISTINCT o) AS objects, list(DISTINCT kind) AS kinds, max(scale) AS scale,
                bool_or(s IN (SELECT id FROM worth WHERE kind = 'blank')) AS blank
            FROM triples JOIN worth ON worth.id = o GROUP BY p
            HAVING NOT bool_or(kind = '{TRIPLE}') ORDER BY n DESC, p LIMIT {_PREDICATES})
        SELECT p, n, any_value(subjects), any_value(objects), any_value(kinds),
            any_value(about.scale), any_value(blank),
            max(abs(value::HUGEINT) * {_FACTOR.format(wanted="about.scale", scale="worth.scale")})
        FROM about JOIN triples USING (p) JOIN worth ON worth.id = o GROUP BY p, n ORDER BY n DESC, p""").fetchall()
    return [
        _Predicate(p, n, subjects, objects, frozenset(kinds), scale, int(most or 0), blank)
        for p, n, subjects, objects, kinds, scale, blank, most in rows
    ]


def _tables(connection: Any, predicates: Sequence[_Predicate]) -> list[list[_Predicate]]:
    """Say which predicates share a table."""
    single = {one.number: one for one in predicates if one.single}
    sets = connection.execute(
        """
        SELECT members, count(*) FROM (
            SELECT list(p) AS members FROM (SELECT s, p FROM triples WHERE list_contains(?::UINTEGER[], p) ORDER BY p)
            GROUP BY s)
        GROUP BY members""",
        [list(single)],
    ).fetchall()
    tables: list[list[_Predicate]] = []
    for one in single.values():
        for table in tables:
            first = table[0]
            shared = sum(n for members, n in sets if one.number in members and first.number in members)
            fits = shared >= _WITHIN * one.subjects and one.subjects >= _SHARE * first.subjects
            if fits and len(table) < _WIDTH:
                table.append(one)
                break
        else:
            tables.append([one])
    return tables + [[one] for one in predicates if not one.single]


def _table(members: Sequence[_Predicate]) -> str:
    """Return the query that makes a table of predicates."""
    alone = len(members) == 1
    columns = ["s"]
    for one in members:
        number = one.number
        value, decimal = f"value * {_FACTOR.format(wanted=one.scale, scale='scale')}", f"kind = '{DECIMAL}'"
        of = "{}" if alone else f"max(CASE WHEN p = {number} THEN {{}} END)"
        columns.append(f"{of.format('o')} AS o{number}")
        if one.valued:
            columns.append(f"{of.format(value)} AS v{number}")
        if one.valued and one.mixed:
            columns.append(f"{of.format(decimal)} AS d{number}")
    numbers = ", ".join(str(one.number) for one in members)
    groups = "" if alone else "GROUP BY s"
    return f"SELECT {', '.join(columns)} FROM triples JOIN worth ON id = o WHERE p IN ({numbers}) {groups} ORDER BY s"


def _write_catalogue(connection: Any, tables: Sequence[Sequence[_Predicate]]) -> None:
    connection.execute("""
        CREATE TABLE predicates (number BIGINT, tab INTEGER, n BIGINT, subjects BIGINT, objects BIGINT,
            single BOOLEAN, complete BOOLEAN,
            kinds VARCHAR[], valued BOOLEAN, scale INTEGER, most HUGEINT, blank BOOLEAN)""")
    for number, members in enumerate(tables):
        ((rows,),) = connection.execute(f"SELECT count(*) FROM t{number}").fetchall()
        for one in members:
            known = (one.rows, one.subjects, one.objects, one.single, one.rows == rows)
            values = (sorted(one.kinds), one.valued, one.scale, one.most, one.blank)
            marks = ", ".join("?" for _ in (number, number, *known, *values))
            connection.execute(f"INSERT INTO predicates VALUES ({marks})", [one.number, number, *known, *values])
