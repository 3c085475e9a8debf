"""The saved queries as an OpenAPI document, so that clients can be made of them.

https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from typing import Any

from kgtool.formats import Kind
from kgtool.queries.listing import question_in
from kgtool.queries.saved import Parameter, SavedQuery
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
    """Describe every saved query as an operation.

    :param root: where the server is.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": served.name,
            "version": served.version,
            "summary": "Saved questions to a knowledge graph",
        },
        "servers": [{"url": root}],
        "paths": {f"/queries/{query.name}": {"get": _operation(query)} for query in served.queries.values()},
        "components": {
            "schemas": {"Error": _ERROR},
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
