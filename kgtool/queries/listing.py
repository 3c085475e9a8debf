"""What a saved query answers and can be told, as plain values: the same on the command line and over HTTP."""

from __future__ import annotations

from typing import Any

from kgtool.labels import languages_for
from kgtool.queries.saved import SavedQuery

__all__ = ["describe_query", "question_in"]


def describe_query(query: SavedQuery, language: str) -> dict[str, Any]:
    """Return the entry of a query in ``kgtool queries --format json``."""
    return {
        "name": query.name,
        "question": question_in(query, language),
        "questions": query.question,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "required": parameter.required,
                "default": parameter.default,
                "description": parameter.description,
                "class": parameter.class_,
                "choices": list(parameter.choices),
            }
            for parameter in query.parameters
        ],
    }


def question_in(query: SavedQuery, language: str) -> str:
    """Return the question in a language, else in another, else the summary."""
    return next((query.question[one] for one in languages_for(language) if one in query.question), query.summary)
