"""Version 1.0 of the reconciliation API, as far as its draft has come: what it says otherwise than 0.2.

https://reconciliation-api.github.io/specs/1.0-draft/
"""

from __future__ import annotations

from typing import Any

from kgtool.errors import QueryError
from kgtool.reconcile import asked
from kgtool.reconcile.asked import BATCH_SIZE, BatchTooLargeError, Condition, Extension, Query, Reference
from kgtool.reconcile.extending import extend as extend_0_2
from kgtool.reconcile.manifest import PREVIEW_SIZE, property_settings
from kgtool.reconcile.manifest import manifest as manifest_0_2
from kgtool.reconcile.matching import reconcile
from kgtool.reconcile.source import Source

__all__ = ["VERSION", "extend", "manifest", "match", "read_queries"]

VERSION = "1.0-draft"

_KEYS = ("conditions", "type", "limit", "lang", "dir")
_CONDITION_KEYS = ("matchType", "pid", "v", "required", "matchQuantifier", "matchQualifier", "lang", "dir")
_QUANTIFIERS = ("any", "all", "none")
#: What the features of a candidate are called.
_FEATURES = {"name": "likeness of the name", "type": "has the type", "properties": "properties that agree, percent"}


def manifest(source: Source, *, name: str, version: str, root: str, view: str, documentation: str) -> dict[str, Any]:
    """Describe the service.

    :param root: where the service is, without a slash at the end.
    :param view: the address of a thing, with ``{id}`` for its identifier.
    """
    known = manifest_0_2(source, name=name, version=version, root=root, documentation=documentation)
    width, height = PREVIEW_SIZE
    return {
        "versions": [VERSION],
        **{key: known[key] for key in ("name", "documentation", "serviceVersion", "defaultTypes", "batchSize")},
        "view": {"url": view},
        "preview": {"width": width, "height": height},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [
                {
                    **{key: one[key] for key in ("type", "default", "choices") if key in one},
                    "id": one["name"],
                    "name": one["label"],
                    "helpText": one["help_text"],
                }
                for one in property_settings()
            ],
        },
        "standardizedScore": True,
    }


def read_queries(text: str) -> list[Query]:
    """Read a batch of queries.

    :raises BatchTooLargeError: if there are more than :data:`BATCH_SIZE`.
    :raises QueryError: if one of them is malformed; the message names it.

    >>> text = '{"queries": [{"conditions": [{"matchType": "name", "v": "高新区"}], "limit": 3}]}'
    >>> read_queries(text)[0].text
    '高新区'
    """
    given = asked.read_object(text, "the batch")
    queries = asked.checked_list(given.get("queries"), "queries")
    if len(queries) > BATCH_SIZE:
        what = f"{len(queries)} queries in one batch"
        raise BatchTooLargeError(what, hint=f"send at most {BATCH_SIZE}, as the manifest says")
    return [_query(one, f"query {number}") for number, one in enumerate(queries)]


def match(source: Source, queries: list[Query]) -> dict[str, Any]:
    """Answer a batch of queries: ``{"results": [{"candidates": [{"id", "name", "score", "match", …}]}]}``."""
    found = reconcile(source, {str(number): query for number, query in enumerate(queries)})
    results = [found[str(number)]["result"] for number in range(len(queries))]
    for candidates in results:
        for one in candidates:
            one["features"] = [{**each, "name": _FEATURES[each["id"]]} for each in one["features"]]
    return {"results": [{"candidates": candidates} for candidates in results]}


def extend(source: Source, wanted: Extension) -> dict[str, Any]:
    """Answer what a table is to be extended by: ``{"meta": […], "rows": [{"id", "properties": [{"id", "values"}]}]}``.

    There is no true or false among the values of this version: they are texts.
    """
    found = extend_0_2(source, wanted)
    rows = [
        {
            "id": id_,
            "properties": [
                {"id": property_, "values": [_value(value) for value in values]} for property_, values in row.items()
            ],
        }
        for id_, row in found["rows"].items()
    ]
    return {"meta": found["meta"], "rows": rows}


def _value(value: dict[str, Any]) -> dict[str, Any]:
    return {"str": str(value["bool"]).lower()} if "bool" in value else value


def _query(given: Any, where: str) -> Query:
    query = asked.checked_object(given, where, keys=_KEYS)
    texts: list[str] = []
    conditions: list[Condition] = []
    for one in asked.checked_list(query.get("conditions"), f"conditions of {where}", most=asked.MOST_PROPERTIES):
        condition = asked.checked_object(one, f"a condition of {where}", keys=_CONDITION_KEYS)
        kind = condition.get("matchType")
        if kind == "name":
            if texts:
                raise QueryError(f"{where} has two conditions about the name", hint="give the names as one's v: […]")
            texts = _names(condition, where)
        elif kind == "property":
            conditions.append(_property(condition, where))
        else:
            raise QueryError(f"matchType of {where} is not one", hint="it is name or property")
    if not texts and not conditions:
        raise QueryError(f"{where} has no conditions", hint="give at least one")
    type_ = query.get("type")
    if type_ is not None and not isinstance(type_, str):
        raise QueryError(f"type of {where} is not a text", hint="give one identifier")
    text, *others = texts or [""]
    types = asked.read_types(type_, where)
    limit = asked.read_limit(query.get("limit"), where)
    return Query(text, types, "any", limit, tuple(conditions), tuple(others))


def _names(condition: dict[str, Any], where: str) -> list[str]:
    """Read which names are meant; an identifier is understood where a name is."""
    quantifier = _quantifier(condition, where)
    read = asked.read_condition({**condition, "pid": ""}, where)
    names = [one.id if isinstance(one, Reference) else str(one) for one in read.values]
    if quantifier == "none" or (quantifier == "all" and len(names) > 1):
        raise QueryError(f"the name of {where} cannot be matched by '{quantifier}'", hint="match it by 'any'")
    return names


def _property(condition: dict[str, Any], where: str) -> Condition:
    required = condition.get("required", False)
    if not isinstance(required, bool):
        raise QueryError(f"required of {where} is neither true nor false")
    read = asked.read_condition(condition, where)
    return read._replace(required=required, quantifier=_quantifier(condition, where))


def _quantifier(condition: dict[str, Any], where: str) -> Any:
    if "matchQualifier" in condition:
        raise QueryError(f"{where} has a matchQualifier", hint="leave it out: no property of this service has any")
    quantifier = condition.get("matchQuantifier", "any")
    if quantifier not in _QUANTIFIERS:
        raise QueryError(f"matchQuantifier of {where} is not one", hint=f"it is {', '.join(_QUANTIFIERS)}")
    return quantifier
