"""The saved queries, the search and reconciliation as an OpenAPI document, so that clients can be made of them.

https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from typing import Any

from kgtool.formats import Kind
from kgtool.queries.listing import question_in
from kgtool.queries.saved import Parameter, SavedQuery
from kgtool.search.names import KINDS
from kgtool.server.lookup import DEFAULT_LIMIT, LONGEST, MOST
from kgtool.server.negotiation import formats_of
from kgtool.server.proof import EVIDENCE
from kgtool.server.service import Served

__all__ = ["openapi_document"]

#: JSON Schema by type of parameter.
_SCHEMAS: dict[str, dict[str, str]] = {
    "entity": {"type": "string"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "iri": {"type": "string", "format": "iri-reference"},
}

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "where", "hint"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "where": {"type": ["string", "null"]},
                "hint": {"type": ["string", "null"]},
            },
        }
    },
}


def openapi_document(served: Served, *, root: str) -> dict[str, Any]:
    """Describe every saved query, the search and reconciliation as operations.

    :param root: where the server is.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": served.name,
            "version": served.version,
            "summary": "Saved questions to a knowledge graph, and its things by their names",
        },
        "servers": [{"url": root}],
        "paths": {
            **{f"/queries/{query.name}": {"get": _operation(query)} for query in served.queries.values()},
            "/search": {"get": _SEARCH},
            "/reconcile": {"post": _RECONCILE},
            "/reconcile/v1/match": {"post": _MATCH},
        },
        "components": {
            "schemas": {"Error": _ERROR, "Matches": _MATCHES},
            "responses": {
                "Error": {
                    "description": "What is wrong, and what to do",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                }
            },
        },
    }


#: What every SELECT takes beside its own parameters.
_PROOF = {
    "name": EVIDENCE,
    "in": "query",
    "required": False,
    "description": "Add to each row the sentences that prove it.",
    "schema": {"type": "string", "enum": ["0", "1"], "default": "0"},
}


_TEXT: dict[str, Any] = {"type": "string"}
_TEXT_OR_NONE: dict[str, Any] = {"type": ["string", "null"]}

#: An answer of ``/search``.
_MATCHES = {
    "type": "object",
    "required": ["query", "results"],
    "properties": {
        "query": _TEXT,
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    *("id", "curie", "label", "labels", "name", "language"),
                    *("kind", "class", "classes", "score", "url"),
                ],
                "properties": {
                    "id": {"type": "string", "format": "iri", "description": "The IRI of the thing."},
                    "curie": {**_TEXT_OR_NONE, "description": "The same, shortened by a prefix."},
                    "label": {**_TEXT, "description": "Its preferred label in the language of the name."},
                    "labels": {"type": "object", "additionalProperties": _TEXT, "description": "All, by language."},
                    "name": {**_TEXT, "description": "The name that matched, as it is written."},
                    "language": _TEXT_OR_NONE,
                    "kind": {"type": "string", "enum": [*KINDS, "iri"]},
                    "class": {**_TEXT_OR_NONE, "description": "The class that says most, as a CURIE."},
                    "classes": {"type": "array", "items": _TEXT},
                    "score": {"type": "number", "minimum": 0, "maximum": 1, "description": "1 is the exact name."},
                    "url": {**_TEXT, "description": "Where its page is."},
                },
            },
        },
    },
}


def _query_parameter(name: str, description: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}

_SEARCH = {
    "operationId": "search",
    "summary": "Which things have a name like this?",
    "description": "Names in any language or script, parts of them, pinyin, initials, CURIEs; misspelt ones too.",
    "tags": ["search"],
    "parameters": [
        _query_parameter("q", "The name.", {"type": "string", "minLength": 1, "maxLength": LONGEST}, required=True),
        _query_parameter(
            "limit", "The most things.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
        ),
        _query_parameter("class", "Only instances of one of these: CURIEs, IRIs or labels.", _TEXTS),
        _query_parameter("lang", "Only names in one of these; zh is both scripts.", _TEXTS),
        _query_parameter("kind", "Which names: label, gist, quote or single kinds.", _TEXTS | {"default": ["label"]}),
        _query_parameter(
            "fuzzy", "Whether names that are only near count.", {"type": "string", "enum": ["0", "1"], "default": "1"}
        ),
    ],
    "responses": {
        "200": {
            "description": "The things, the best match first",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Matches"}}},
        },
        **{status: {"$ref": "#/components/responses/Error"} for status in ("400", "406", "429", "503", "504")},
    },
}


#: The operation that clients are made of; the manifest leads to the others.
_RECONCILE: dict[str, Any] = {
    "operationId": "reconcile",
    "summary": "Which things are meant by these names?",
    "description": "A batch of queries, or an extension, of the Reconciliation API 0.2: see the manifest, by GET.",
    "tags": ["reconcile"],
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "queries": {**_TEXT, "description": 'JSON: {"q0": {"query": …, "type": …, "limit": …}, …}'},
                        "extend": {**_TEXT, "description": 'JSON: {"ids": […], "properties": [{"id": …}]}'},
                    },
                }
            }
        },
    },
    "responses": {
        "200": {
            "description": 'By query, {"result": […]}; of an extension, {"meta": […], "rows": {…}}',
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        **{status: {"$ref": "#/components/responses/Error"} for status in ("400", "413", "415", "429", "503", "504")},
    },
}


_MATCH = {
    **_RECONCILE,
    "operationId": "match",
    "description": "A batch of queries of the Reconciliation API 1.0, a draft: see the manifest, by GET of its root.",
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["queries"],
                    "properties": {"queries": {"type": "array", "items": {"type": "object"}}},
                }
            }
        },
    },
    "responses": {
        **_RECONCILE["responses"],
        "200": {
            "description": '{"results": [{"candidates": […]}]}, in the order of the queries',
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
    },
}


def _operation(query: SavedQuery) -> dict[str, Any]:
    kind: Kind = "graph" if query.form in ("construct", "describe") else "ask" if query.form == "ask" else "select"
    answer = {
        "description": query.summary or "The answer",
        "content": {form.media_types[0]: {} for form in formats_of(kind)},
    }
    return {
        "operationId": query.name,
        "summary": question_in(query, "en"),
        "description": "\n\n".join([*query.question.values(), *([query.description] if query.description else [])]),
        "tags": list(query.tags),
        "parameters": [*map(_parameter, query.parameters), *([_PROOF] if kind == "select" else [])],
        "responses": {
            "200": answer,
            **{status: {"$ref": "#/components/responses/Error"} for status in ("400", "406", "429", "503", "504")},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_SCHEMAS[parameter.type])
    if parameter.default is not None:
        schema["default"] = _typed(parameter.default, schema["type"])
    if parameter.choices:
        schema["enum"] = [_typed(choice, schema["type"]) for choice in parameter.choices]
    what = [parameter.description] if parameter.description else []
    if parameter.type == "entity":
        kind = f" of class {parameter.class_}" if parameter.class_ else ""
        what.append(f"A thing{kind}: a label in any language or script, a CURIE or an IRI.")
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": " ".join(what),
        "schema": schema,
    }


def _typed(text: str, kind: str) -> object:
    """Write a default as its schema's type."""
    if kind == "integer":
        return int(text)
    if kind == "number":
        return float(text)
    return text.lower() in ("true", "1") if kind == "boolean" else text
