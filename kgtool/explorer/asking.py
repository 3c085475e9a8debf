"""The pages of the saved questions: the list, a form and an answer for each, and questions in plain words."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, NamedTuple

from kgtool import sparql
from kgtool.errors import AmbiguousNameError, KgError, NotFoundError, QueryError
from kgtool.explorer.answers import Answer, read_answer
from kgtool.explorer.naming import Naming, asked_in
from kgtool.explorer.running import running
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.labels import labels_of
from kgtool.namespaces import compress
from kgtool.queries.choices import Choice, choices_of
from kgtool.queries.parameters import bind_parameters, term_of
from kgtool.queries.saved import Parameter, SavedQuery
from kgtool.table import visible
from kgtool.terms import IRI, Term
from kgtool.text.scripts import fold

__all__ = ["ask", "question", "questions"]

#: The parameter that asks for sentences.
_EVIDENCE = "evidence"

#: Suffixes of the files that an answer can be had as.
_FILES = {
    "select": ("csv", "json", "xml", "tsv"),
    "ask": ("json", "xml", "csv"),
    "graph": ("ttl", "jsonld", "nt", "rdf"),
}

#: How an HTML form asks for a value of a type.
_INPUTS = {"integer": "number", "decimal": "number", "number": "number", "date": "date", "dateTime": "datetime-local"}


class _Field(NamedTuple):
    """A parameter of a question in a form.

    :param value: what it is now.
    :param choices: what can be chosen; empty if any value will do.
    """

    name: str
    required: bool
    description: str
    kind: str
    value: str
    choices: tuple[Choice, ...]


def questions(sources: Sources, visit: Visit) -> Page:
    """Make the list of the saved questions: ``?q=`` searches them, ``?tag=`` takes one kind."""
    words, tag = visit.params.get("q", "").strip(), visit.params.get("tag", "")
    listed = [query for query in sources.queries.values() if (not tag or tag in query.tags) and _fits(query, words)]
    tags: dict[str, int] = {}
    for query in sources.queries.values():
        for one in query.tags:
            tags[one] = tags.get(one, 0) + 1
    data = {
        "words": words,
        "tag": tag,
        "tags": sorted(tags.items(), key=lambda one: (-one[1], one[0])),
        "questions": [
            (query.name, asked_in(query, visit), query.tags)
            for query in sorted(listed, key=lambda query: (query.tags[:1], asked_in(query, visit)))
        ],
    }
    return Page("questions", data)


def _fits(query: SavedQuery, words: str) -> bool:
    said = (
        query.name,
        query.summary,
        query.description,
        *query.question.values(),
        *(text for _, text in query.examples),
    )
    folded = fold(" ".join((*said, *query.tags)))
    return all(fold(word) in folded for word in words.split())


def question(sources: Sources, visit: Visit) -> Page:
    """Make the page of one saved question: its form, and its answer where everything it needs is given."""
    name = visit.path.removeprefix("/queries/").removesuffix(".html")
    query = sources.queries.get(name)
    if query is None:
        near = get_close_matches(name[:100], list(sources.queries), n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else None
        raise NotFoundError(f"no saved query '{visible(name[:100])}'", hint=hint)
    given = dict(visit.params)
    own = {parameter.name for parameter in query.parameters}
    evidence = (given.pop(_EVIDENCE, "1") if _EVIDENCE not in own else "1") != "0"
    # A form sends its empty fields too.
    given = {one: value for one, value in given.items() if value}
    data = _answered(sources, visit, query, given, evidence=evidence)
    return Page("question", data, status=400 if data["problem"] else 200)


def _answered(
    sources: Sources, visit: Visit, query: SavedQuery, given: dict[str, str], *, evidence: bool
) -> dict[str, Any]:
    """Answer a question, or say what is wrong with what is given."""
    answer: Answer | None = None
    problem: KgError | None = None
    text = query.text
    missing = [one.name for one in query.parameters if one.required and one.name not in given]
    if not missing:
        try:
            bindings = bind_parameters(sources.store, query, given, prefixes=sources.prefixes)
            text = sparql.bind(query.text, bindings)
            answer = read_answer(sources, visit, text, evidence=evidence and query.form == "select", file=query.file)
        except (QueryError, NotFoundError, AmbiguousNameError) as exc:
            problem = exc
    form = "graph" if query.form in ("construct", "describe") else query.form
    fields = [_field(sources, visit, query, one, given) for one in query.parameters]
    return {
        "query": query,
        "question": asked_in(query, visit),
        "fields": fields,
        "running": running(sources, visit, query, fields),
        "given": given,
        "evidence": evidence,
        "text": text,
        "answer": answer,
        "problem": problem,
        "missing": missing,
        # The engine alone can write RDF/XML of any graph, and a site settles the order of triples first.
        "files": _FILES[form][:3] if visit.site and form == "graph" else _FILES[form],
        "is_select": form == "select",
    }


def _field(sources: Sources, visit: Visit, query: SavedQuery, parameter: Parameter, given: dict[str, str]) -> _Field:
    value = given.get(parameter.name, parameter.default or "")
    choices = sources.keep(
        f"choices {visit.language} {query.name} {parameter.name}",
        lambda: tuple(
            choices_of(sources.store, query, parameter, prefixes=sources.prefixes, languages=visit.languages)
        ),
    )
    if parameter.type == "boolean" and not choices:
        choices = (Choice("true", "true"), Choice("false", "false"))
    known = {choice.value for choice in choices}
    if choices and value and value not in known:
        value = _as_choice(sources, parameter, value)
    return _Field(
        parameter.name,
        parameter.required,
        parameter.description,
        _INPUTS.get(parameter.type, "text"),
        value,
        choices,
    )


def _as_choice(sources: Sources, parameter: Parameter, value: str) -> str:
    """Write a value as its choice is: a label or an IRI as the CURIE."""
    try:
        term: Term = term_of(sources.store, parameter, value, sources.prefixes)
    except KgError:
        return value
    return compress(term.value, sources.prefixes) if isinstance(term, IRI) else term.value


def ask(sources: Sources, visit: Visit) -> Page:
    """Make the page of a question in plain words: which saved question it was taken for, why, and the answer."""
    words = visit.params.get("q", "").strip()[:500]
    data: dict[str, Any] = {"words": words, "choice": None, "problem": None}
    if not words:
        return Page("ask", data)
    from kgtool.ask import Interpreter

    def interpreter() -> Interpreter:
        return Interpreter(sources.store, sources.queries.values(), prefixes=sources.prefixes)

    try:
        choice = sources.keep("interpreter", interpreter).choose(words)
    except NotFoundError as exc:
        return Page("ask", {**data, "problem": exc}, status=404)
    chosen = choice.chosen
    given = {name: compress(value, sources.prefixes) for name, value in chosen.parameters.items()}
    naming = Naming(sources, visit)
    naming.learn(chosen.parameters.values())
    labels = labels_of(sources.store, chosen.parameters.values(), visit.languages)
    data |= _answered(sources, visit, chosen.query, given, evidence=True)
    data |= {
        "choice": choice,
        "because": [*chosen.matched],
        "filled": [(one.parameter, labels.get(one.value, one.value), one.words) for one in chosen.filled],
        "others": [(other.query.name, asked_in(other.query, visit), other.parameters) for other in choice.others],
    }
    return Page("ask", data)
