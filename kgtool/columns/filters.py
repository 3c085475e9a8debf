"""What FILTER says, as conditions in SQL: terms by their numbers, values by what they are worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from kgtool.columns.bindings import Binding, Pattern, Terms, UnsupportedError
from kgtool.columns.kinds import NODES, NUMBERS, worth_of
from kgtool.namespaces import XSD
from kgtool.select.syntax import Exists, Expression, Variable
from kgtool.terms import Literal, n3

__all__ = ["add_filter", "having"]

_TURNED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def add_filter(expression: Expression, terms: Terms, found: Pattern) -> None:
    """Add what a FILTER says to a pattern whose triples are read: comparisons with constants, all of them true.

    :raises UnsupportedError: if it says something else, or the terms compared are of several kinds.
    """
    for part in _conjuncts(expression):
        _filter(part, terms, found)


def _conjuncts(expression: Expression) -> Iterator[Expression]:
    """Walk over the parts of an expression that must all be true."""
    part: list[str | Variable | Exists] = []
    depth = 0
    for token in (*expression, "&&"):
        if token == "&&" and depth == 0:
            yield tuple(part)
            part = []
            continue
        depth += (token == "(") - (token == ")")
        part.append(token)


def _filter(part: Expression, terms: Terms, found: Pattern) -> None:
    match part:
        case (Variable() as variable, str() as sign, *rest) if sign in _TURNED:
            _compare(found, variable, sign, _constant(rest), terms)
        case (*first, str() as sign, Variable() as variable) if sign in _TURNED:
            _compare(found, variable, _TURNED[sign], _constant(first), terms)
        case (Variable() as variable, "IN", "(", *rest, ")"):
            _one_of(found, variable, rest, terms, negated=False)
        case (Variable() as variable, "NOT", "IN", "(", *rest, ")"):
            _one_of(found, variable, rest, terms, negated=True)
        case _:
            raise UnsupportedError("a filter is no comparison with a constant")


def _constant(parts: Sequence[object]) -> str:
    """Return a constant of an expression, as N-Triples writes it."""
    match list(parts):
        case [str(text)] if text.startswith(("<", '"')) and len(text) > 1 and text != "<=":
            return text
        case [str(text)] if text.isascii() and text.replace(".", "", 1).isdigit():
            return _number(text)
        case ["-", str(text)] if text.isascii() and text.replace(".", "", 1).isdigit():
            return _number("-" + text)
    raise UnsupportedError("a filter compares with no constant")


def _number(text: str) -> str:
    kind = "decimal" if "." in text else "integer"
    return n3(Literal(text, None, XSD + kind))


def _binding(found: Pattern, variable: Variable) -> Binding:
    if variable.name not in found.variables:
        raise UnsupportedError("a filter is about a variable that has no value")
    return found.variables[variable.name]


def _compare(found: Pattern, variable: Variable, sign: str, constant: str, terms: Terms) -> None:
    binding = _binding(found, variable)
    if constant.startswith("<"):
        if not binding.kinds <= NODES or sign not in ("=", "!="):
            raise UnsupportedError("a filter compares an IRI with what may be a literal")
        _compare_terms(found, binding, sign, terms.find(constant))
        return
    scale = 0 if binding.column is None else binding.column.scale
    condition, value = _compared(binding.kinds, scale, sign, constant, terms)
    found.conditions.append(condition.format(binding.value) if value is not None else condition)
    found.values += [] if value is None else [value]


def _compared(kinds: frozenset[str], scale: int, sign: str, constant: str, terms: Terms) -> tuple[str, int | None]:
    """Compare what is worth something of these kinds with a constant: a condition with a hole, and its parameter."""
    worth = worth_of(terms.spelled(_literal(constant)))
    if worth is None:
        raise UnsupportedError("a filter compares with a literal that is no number and no date")
    if not kinds <= (NUMBERS if worth.kind in NUMBERS else {worth.kind}):
        raise UnsupportedError("a filter compares values of different kinds")
    bound = Fraction(worth.value) * Fraction(10) ** (scale - worth.scale)
    if sign in ("=", "!=") and bound.denominator != 1:
        return "false" if sign == "=" else "true", None
    rounded = math.floor(bound) if sign in (">", "<=") else math.ceil(bound)
    if abs(rounded) >= 1 << 63:
        raise UnsupportedError("a filter compares with a number too large")
    return f"{{}} {'<>' if sign == '!=' else sign} ?", rounded


def having(
    expression: Expression, terms: Terms, output_of: Callable[[Expression], tuple[int, frozenset[str], int]]
) -> Iterator[tuple[str, int | None]]:
    """Walk over the conditions of HAVING: aggregates compared with constants, all of them true.

    :param output_of: says in which column an aggregate is, of which kinds it is, and the scale of what it is worth.
    :raises UnsupportedError: if it says something else.
    """
    for part in _conjuncts(expression):
        at = next((at for at, token in enumerate(part) if isinstance(token, str) and token in _TURNED), len(part))
        if at == len(part) or not isinstance(sign := part[at], str):
            raise UnsupportedError("HAVING is no comparison")
        column, kinds, scale = output_of(part[:at])
        condition, value = _compared(kinds, scale, sign, _constant(part[at + 1 :]), terms)
        yield condition.format(f"c{column}"), value


def _literal(text: str) -> Literal:
    """Read a literal with a datatype from N-Triples; those with another end are no numbers."""
    words, _, datatype = text.rpartition('"^^<')
    if not words or not text.endswith(">") or "\\" in words:
        raise UnsupportedError("a filter compares with a text")
    return Literal(words[1:], None, datatype[:-1])


def _compare_terms(found: Pattern, binding: Binding, sign: str, number: tuple[int, int] | None) -> None:
    if number is None:
        found.conditions.append("false" if sign == "=" else "true")
        return
    found.conditions.append(f"{binding.term} {'<>' if sign == '!=' else '='} ?")
    found.values.append(number[0])


def _one_of(found: Pattern, variable: Variable, parts: Sequence[object], terms: Terms, *, negated: bool) -> None:
    binding = _binding(found, variable)
    iris = [part for part in parts if isinstance(part, str) and part.startswith("<") and len(part) > 2]
    if not binding.kinds <= NODES or len(parts) != 2 * len(iris) - 1 or parts[1::2] != [","] * (len(iris) - 1):
        raise UnsupportedError("a filter looks for literals in a list")
    numbers = [number[0] for number in map(terms.find, iris) if number is not None]
    if not numbers:
        found.conditions.append("true" if negated else "false")
        return
    marks = ", ".join("?" for _ in numbers)
    found.conditions.append(f"{binding.term} {'NOT ' if negated else ''}IN ({marks})")
    found.values += numbers
