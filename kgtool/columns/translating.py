"""From a SELECT query's tree to a plan in SQL, where the columns give the engine's own answer.

What is not translated is left to the engine: doubles, whose sum depends on the order; the smallest of values of several
kinds; sums that may be larger than the engine's numbers; the first rows of an order that does not say which are first.
"""

from __future__ import annotations

from typing import NamedTuple

from kgtool.columns.bindings import Binding, Pattern, Terms, UnsupportedError
from kgtool.columns.filters import having
from kgtool.columns.kinds import DECIMAL, INTEGER, NUMBERS
from kgtool.columns.patterns import read_pattern
from kgtool.columns.plan import Average, Count, Output, Plan, Sum, TermOf, Value
from kgtool.select.syntax import Expression, Select, Variable

__all__ = ["UnsupportedError", "translate"]

#: The most rows of an ordered answer: they are held in memory.
_LIMIT = 100_000
#: The engine's integers have 64 bits, its decimals 128 and eighteen digits after the point.
_INTEGERS, _DECIMALS, _DIGITS = (1 << 63) - 1, (1 << 127) - 1, 18
#: With more digits after the point, the engine has no average of some small values.
_AVERAGED = 9


def translate(select: Select, terms: Terms, *, least: int = 0) -> Plan:
    """Translate a query.

    :param least: how many triples the engine has to look at before the columns are worth asking.
    :raises UnsupportedError: if the columns do not answer it, or the engine does as fast.
    """
    if select.values:
        raise UnsupportedError("VALUES is in it")
    if not select.is_grouped and (not select.order_by or select.limit is None):
        raise UnsupportedError("it asks for all rows")
    if not select.order_by and (select.limit is not None or select.offset is not None):
        raise UnsupportedError("any rows would do")
    if (select.limit or 0) + (select.offset or 0) > _LIMIT:
        raise UnsupportedError("it asks for too many rows")
    pattern = read_pattern(select.where, terms)
    if pattern.size < least:
        raise UnsupportedError("the engine looks at few triples")
    return _Translation(select, pattern, terms).plan()


class _Key(NamedTuple):
    """What rows are ordered by.

    :param by: in SQL.
    :param at: the column that is the same where rows are equal in it.
    :param whole: the output that is the same where rows are equal in it.
    """

    by: str
    at: int
    whole: Output | None


class _Translation:
    """One query on its way to SQL: the columns of the inner query, each once."""

    def __init__(self, select: Select, pattern: Pattern, terms: Terms) -> None:
        self._select = select
        self._pattern = pattern
        self._terms = terms
        self._columns: list[str] = []
        #: The variables of GROUP BY.
        self._groups: dict[str, Binding] = {}
        #: How many values may be added without a sum that the engine's numbers cannot hold.
        self._safe: int | None = None

    def plan(self) -> Plan:
        select = self._select
        for expression, alias in select.group_by:
            if alias is not None or len(expression) != 1 or not isinstance(expression[0], Variable):
                raise UnsupportedError("it groups by an expression")
            self._groups[expression[0].name] = self._binding(expression[0])
        outputs: dict[str, Output] = {}
        for variable, made in select.columns:
            outputs[variable.name] = self._plain(variable) if made is None else self._aggregate(made)
        keys = [self._key(order, expression, outputs) for order, expression in select.order_by]
        conditions = [one for part in select.having for one in having(part, self._terms, self._compared)]
        shown = set(outputs.values())
        if select.distinct:
            fixed = self._groups.keys() <= outputs.keys() if select.is_grouped else {k.whole for k in keys} <= shown
            if not fixed:
                raise UnsupportedError("rows may be alike")
        groups = [self._whole(binding)[0] for binding in self._groups.values()]
        largest = None
        if self._safe is not None and self._pattern.most > self._safe:
            largest = self._column("max(count(*)) OVER ()")
        distinct = "DISTINCT " if select.distinct and not select.is_grouped else ""
        columns = ", ".join(f"{sql} AS c{at}" for at, sql in enumerate(self._columns))
        sql = f"SELECT {distinct}{columns} {self._pattern.sql}{' GROUP BY ' if groups else ''}{', '.join(groups)}"
        # Where the keys say all of a row, it does not matter which of equal rows it is.
        unsure = bool(keys) and not shown <= {key.whole for key in keys}
        skipped, limit = select.offset or 0, select.limit
        before = min(skipped, 1) if unsure else 0
        if conditions or keys:
            sql = f"SELECT * FROM ({sql}) AS q"
        if conditions:
            sql += f" WHERE {' AND '.join(condition for condition, _ in conditions)}"
        if keys:
            sql += f" ORDER BY {', '.join(key.by for key in keys)}"
        if limit is not None:
            sql += f" LIMIT {limit + before + unsure}"
        if skipped - before:
            sql += f" OFFSET {skipped - before}"
        bounded = unsure and (limit is not None or skipped > 0)
        ties = tuple(key.at for key in keys) if bounded else ()
        values = (*self._pattern.values, *(value for _, value in conditions if value is not None))
        made_of = tuple(outputs.values())
        return Plan(sql, values, tuple(outputs), made_of, largest, self._safe or 0, ties, before, limit)

    # Columns ---------------------------------------------------------------------------------------------------------

    def _column(self, sql: str) -> int:
        """Return where a column of the inner query is."""
        if sql not in self._columns:
            self._columns.append(sql)
        return self._columns.index(sql)

    def _binding(self, variable: Variable) -> Binding:
        if variable.name not in self._pattern.variables:
            raise UnsupportedError("a variable has no value")
        return self._pattern.variables[variable.name]

    def _whole(self, binding: Binding) -> tuple[str, str | None]:
        """Return the expression that says what a variable is, and its kind if that is what it is worth."""
        column = binding.column
        if column is not None and column.valued and len(column.kinds) == 1:
            return binding.value, next(iter(column.kinds))
        return binding.term, None

    def _plain(self, variable: Variable) -> Output:
        """Return the output of a variable of the pattern."""
        if self._select.is_grouped and variable.name not in self._groups:
            raise UnsupportedError("a variable is not what it groups by")
        binding = self._binding(variable)
        sql, kind = self._whole(binding)
        at = self._column(sql)
        return TermOf(at) if kind is None or binding.column is None else Value(at, kind, binding.column.scale)

    def _aggregate(self, expression: Expression) -> Output:
        """Return the output of an aggregate."""
        match expression:
            case ("COUNT", "(", "*", ")"):
                return Count(self._column("count(*)"))
            case (str() as name, "(", Variable() as variable, ")"):
                return self._of(name, self._binding(variable), distinct=False)
            case (str() as name, "(", "DISTINCT", Variable() as variable, ")"):
                return self._of(name, self._binding(variable), distinct=True)
        raise UnsupportedError("a column is an expression")

    def _of(self, name: str, binding: Binding, *, distinct: bool) -> Output:
        each = "DISTINCT " if distinct else ""
        if name == "COUNT":
            # Every variable has a value in every solution.
            return Count(self._column(f"count(DISTINCT {self._whole(binding)[0]})" if distinct else "count(*)"))
        column, value = binding.column, binding.value
        assert column is not None
        kinds = column.kinds
        if name in ("MIN", "MAX") and len(kinds) == 1:
            return Value(self._column(f"{name.lower()}({value})"), next(iter(kinds)), column.scale)
        if name not in ("SUM", "AVG") or not kinds <= NUMBERS or (distinct and len(kinds) > 1):
            raise UnsupportedError(f"{name} of such values")
        safe = _DECIMALS // (max(column.most, 1) * 10 ** (_DIGITS - column.scale))
        if INTEGER in kinds:
            safe = min(safe, _INTEGERS // max(column.most, 1))
        self._safe = safe if self._safe is None else min(safe, self._safe)
        at = self._column(f"sum({each}{value})")
        if name == "AVG":
            if column.scale > _AVERAGED:
                raise UnsupportedError("AVG of values with many digits")
            return Average(at, self._column(f"count({each}{value})"), column.scale)
        decimal = None if binding.decimal is None else self._column(f"bool_or({binding.decimal})")
        return Sum(at, DECIMAL if DECIMAL in kinds else INTEGER, column.scale, decimal)

    def _compared(self, expression: Expression) -> tuple[int, frozenset[str], int]:
        """Return what HAVING compares: the column of an aggregate, its kinds, and its scale."""
        match self._aggregate(expression):
            case Count(at=at):
                return at, frozenset({INTEGER}), 0
            case Sum(at=at, scale=scale):
                return at, NUMBERS, scale
            case Value(at=at, kind=kind, scale=scale):
                return at, frozenset({kind}), scale
        raise UnsupportedError("HAVING compares an average")

    # Order -----------------------------------------------------------------------------------------------------------

    def _key(self, order: str, expression: Expression, outputs: dict[str, Output]) -> _Key:
        made = {variable.name: e for variable, e in self._select.columns if e is not None}
        output: Output
        match expression:
            case (Variable() as variable,) if variable.name in made:
                output = outputs[variable.name]
            case (Variable() as variable,):
                return self._key_of(variable, order)
            case _:
                output = self._aggregate(expression)
        at, whole = output.at, not isinstance(output, Sum) or output.decimal is None
        if isinstance(output, Average):
            total, number = self._columns[output.at], self._columns[output.number]
            at = self._column(f"({total} * {10 ** (_DIGITS - output.scale)}::HUGEINT) // {number}")
        return _Key(f"c{at} {order or 'ASC'}", at, output if whole else None)

    def _key_of(self, variable: Variable, order: str) -> _Key:
        """Return what it is to be ordered by a variable of the pattern."""
        output = self._plain(variable)
        binding = self._binding(variable)
        at, by = output.at, f"c{output.at}"
        if isinstance(output, TermOf) and binding.kinds == NUMBERS:
            at = self._column(f"any_value({binding.value})" if self._select.is_grouped else binding.value)
            return _Key(f"c{at} {order or 'ASC'}", at, None)
        if isinstance(output, TermOf):
            if binding.kinds != {"iri"}:
                raise UnsupportedError("it is ordered by terms of several kinds")
            by = f"(SELECT text[2:-2] FROM file.terms WHERE id = c{at})"
        return _Key(f"{by} {order or 'ASC'}", at, output)
