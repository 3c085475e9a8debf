"""What clients send, read and checked: batches of queries, and what to extend a table by.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#reconciliation-queries
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Literal, NamedTuple, cast

from kgtool.errors import QueryError
from kgtool.table import visible

__all__ = [
    "BATCH_SIZE",
    "MOST_PROPERTIES",
    "BatchTooLargeError",
    "Condition",
    "Extension",
    "Query",
    "Reference",
    "Wanted",
    "checked_list",
    "checked_object",
    "read_batch",
    "read_condition",
    "read_extension",
    "read_limit",
    "read_object",
    "read_types",
]

#: Queries of a batch; the manifest says so.
BATCH_SIZE = 50
#: Characters of a text, candidates of an answer, and candidates unless asked for otherwise.
_LONGEST, _MOST, _DEFAULT = 1000, 100, 10
#: Types and properties of a query, and values of a property.
_MOST_TYPES, MOST_PROPERTIES, _MOST_VALUES = 20, 20, 50
#: Things and properties of an extension.
_MOST_IDS, _MOST_EXTENDED = 1000, 50

_KEYS = ("limit", "properties", "query", "type", "type_strict")
_STRICT = ("any", "all", "should")


class BatchTooLargeError(QueryError):
    """More was asked at once than is answered at once."""


class Reference(NamedTuple):
    """A value that is a thing, by its identifier."""

    id: str


Value = str | bool | int | float | Reference


class Condition(NamedTuple):
    """What a property should be.

    :param required: whether nothing else is a candidate.
    :param quantifier: whether it should be ``any`` of the values, or ``all``, or ``none``.
    """

    property: str
    values: tuple[Value, ...]
    required: bool = False
    quantifier: Literal["any", "all", "none"] = "any"


class Query(NamedTuple):
    """One query of a batch.

    :param text: the name; empty if only properties are asked for.
    :param types: identifiers of types, none of them empty.
    :param strict: what types do: candidates have ``any`` of them, or ``all``, or ``should`` have one.
    :param others: other names that will do.
    """

    text: str
    types: tuple[str, ...] = ()
    strict: Literal["any", "all", "should"] = "any"
    limit: int = _DEFAULT
    conditions: tuple[Condition, ...] = ()
    others: tuple[str, ...] = ()


class Wanted(NamedTuple):
    """A property whose values are wanted.

    :param limit: the most values of each thing; 0 is all.
    :param language: the tag that texts must have to be given, or nothing.
    """

    property: str
    limit: int = 0
    language: str = ""


class Extension(NamedTuple):
    """Things, and which of their properties are wanted."""

    ids: tuple[str, ...]
    properties: tuple[Wanted, ...]


def read_batch(text: str) -> dict[str, Query]:
    """Read a batch of queries.

    :raises BatchTooLargeError: if there are more than :data:`BATCH_SIZE`.
    :raises QueryError: if one of them is malformed; the message names it.

    >>> read_batch('{"q0": {"query": "高新区", "type": "", "limit": 3}}')
    {'q0': Query(text='高新区', types=(), strict='any', limit=3, conditions=(), others=())}
    """
    given = read_object(text, "queries")
    if len(given) > BATCH_SIZE:
        what = f"{len(given)} queries in one batch"
        raise BatchTooLargeError(what, hint=f"send at most {BATCH_SIZE}, as the manifest says")
    return {key: _query(checked_object(query, _named(key), keys=_KEYS), _named(key)) for key, query in given.items()}


def read_extension(text: str) -> Extension:
    """Read what a table is to be extended by.

    :raises BatchTooLargeError: if that is too much at once.
    :raises QueryError: if it is malformed.
    """
    given = read_object(text, "extend")
    ids = checked_list(given.get("ids"), "ids of extend")
    properties = checked_list(given.get("properties"), "properties of extend")
    if len(ids) > _MOST_IDS or len(properties) > _MOST_EXTENDED:
        hint = f"ask for at most {_MOST_IDS} ids and {_MOST_EXTENDED} properties"
        raise BatchTooLargeError(f"{len(ids)} ids and {len(properties)} properties at once", hint=hint)
    return Extension(
        tuple(dict.fromkeys(_text(one, "an id of extend") for one in ids)),
        tuple(_wanted(checked_object(one, "a property of extend")) for one in properties),
    )


def _wanted(given: dict[str, Any]) -> Wanted:
    settings = checked_object(given.get("settings") or {}, "settings of a property")
    limit = settings.get("limit") or 0
    if isinstance(limit, str) and limit.isascii() and limit.isdecimal():
        limit = int(limit[:9])  # a form's field
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit != limit or not 0 <= limit < 1e9:
        raise QueryError("the limit of a property is not a number", hint="give 0 for all values, or how many")
    language = _text(settings.get("language") or "", "the language of a property")
    return Wanted(_text(given.get("id"), "the id of a property"), int(limit), language.lower())


def _query(given: dict[str, Any], where: str) -> Query:
    conditions = checked_list(given.get("properties") or [], f"properties of {where}", most=MOST_PROPERTIES)
    if "query" not in given and not conditions:
        raise QueryError(f"{where} has neither query nor properties", hint="give one of them")
    strict = given.get("type_strict") or "any"
    if strict not in _STRICT:
        raise QueryError(f"type_strict of {where} is not one", hint=f"it is {', '.join(_STRICT)}")
    return Query(
        _text(given.get("query", ""), f"query of {where}").strip(),
        read_types(given.get("type"), where),
        cast('Literal["any", "all", "should"]', strict),
        read_limit(given.get("limit"), where),
        tuple(read_condition(checked_object(one, f"a property of {where}"), where) for one in conditions),
    )


def read_types(given: Any, where: str) -> tuple[str, ...]:
    """Read types: one or several, as identifiers or objects with one; an empty one is none."""
    several = given if isinstance(given, list) else [] if given is None else [given]
    ids = [one.get("id") if isinstance(one, dict) else one for one in checked_list(several, where, most=_MOST_TYPES)]
    return tuple(dict.fromkeys(one for one in (_text(one, f"type of {where}").strip() for one in ids) if one))


def read_limit(given: Any, where: str) -> int:
    """Read a limit: OpenRefine sends 0 where it wants no limit."""
    if given is None or given == 0:
        return _DEFAULT
    if isinstance(given, bool) or not isinstance(given, int | float) or not 1 <= given < 1e9 or int(given) != given:
        raise QueryError(f"limit of {where} is not one", hint="give a whole number from 1 on")
    return min(int(given), _MOST)


def read_condition(given: dict[str, Any], where: str) -> Condition:
    """Read what a property should be: one or several values."""
    property_ = _text(given.get("pid"), f"pid of {where}").strip()
    if "v" not in given:
        raise QueryError(f"a property of {where} has no v", hint="give the value, or a list of values")
    several = given["v"] if isinstance(given["v"], list) else [given["v"]]
    values = [_value(one, where) for one in checked_list(several, f"v of {where}", most=_MOST_VALUES)]
    return Condition(property_, tuple(one for one in values if one is not None and one != ""))


def _value(given: Any, where: str) -> Value | None:
    if isinstance(given, dict):
        return Reference(_text(given.get("id"), f"id of a value of {where}").strip())
    if isinstance(given, str):
        return _text(given, f"v of {where}").strip()
    if given is None or isinstance(given, bool | int | float):
        return given
    raise QueryError(f"v of {where} is not a value", hint="give texts, numbers, true, false or {'id': …}")


def _parsed(text: str, what: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no number of JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except RecursionError as exc:
        raise QueryError(f"{what} is nested too deeply") from exc
    except ValueError as exc:
        raise QueryError(f"{what} is not JSON: {visible(str(exc))}", hint=f"send {what}=… as JSON") from exc


def _named(key: str) -> str:
    return f"query '{visible(key[:40])}'"


def read_object(text: str, what: str) -> dict[str, Any]:
    """Read a JSON object."""
    return checked_object(_parsed(text, what), what)


def checked_object(given: Any, what: str, *, keys: Collection[str] | None = None) -> dict[str, Any]:
    """Check that something is an object, and has no keys but those."""
    if not isinstance(given, dict):
        raise QueryError(f"{what} is not an object", hint="see docs/linking.md, 'Reconciliation'")
    unknown = sorted(set(given) - set(keys)) if keys is not None else []
    if unknown:
        raise QueryError(f"{what} has '{visible(unknown[0][:40])}'", hint=f"a query has {', '.join(keys or ())}")
    return given


def checked_list(given: Any, what: str, *, most: int | None = None) -> list[Any]:
    """Check that something is a list, and not too long."""
    if not isinstance(given, list):
        raise QueryError(f"{what} is not a list")
    if most is not None and len(given) > most:
        raise QueryError(f"{len(given)} at once: {what}", hint=f"give at most {most}")
    return given


def _text(given: Any, what: str) -> str:
    if not isinstance(given, str):
        raise QueryError(f"{what} is not a text")
    if len(given) > _LONGEST:
        raise QueryError(f"{what} has more than {_LONGEST} characters", hint="send names, not texts")
    return given
