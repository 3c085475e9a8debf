"""What a worker can be asked to do: each task takes a question and returns an answer that can write itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, NamedTuple, Protocol

from kgtool import sparql
from kgtool.catalogue import Triple, dataset_triples
from kgtool.description import DOCUMENT_QUERY
from kgtool.errors import NotFoundError, QueryError
from kgtool.explorer.dataset import base_of
from kgtool.formats import Kind
from kgtool.labels import render_rows
from kgtool.queries.parameters import bind_parameters
from kgtool.queries.saved import SavedQuery
from kgtool.server.errors import refuse
from kgtool.server.frames import Request
from kgtool.server.places import url_of
from kgtool.server.selfdescription import example_triples, service_triples
from kgtool.store import Dataset, Result, Store
from kgtool.table import visible
from kgtool.terms import IRI

__all__ = ["TASKS", "Answer", "Context", "Written", "base_of"]


#: How many bound texts a worker keeps.
_MOST_BOUND = 1000


class Answer(Protocol):
    """What a task returns."""

    @property
    def form(self) -> Kind:
        """Which formats it can have."""

    def write(self, stream: BinaryIO, format_name: str) -> None:
        """Write it in one of them."""


class Context(NamedTuple):
    """What a worker knows."""

    store: Store
    prefixes: dict[str, str]
    queries: dict[str, SavedQuery]
    base: str | None
    #: Texts of saved queries with their parameters bound: names mean the same for as long as the graph does not change.
    bound: dict[tuple[str, ...], str]
    #: The fields of :class:`kgtool.explorer.visit.About`, and what pages keep for one another.
    about: list[Any]
    kept: dict[str, Any]
    #: Rows of a SELECT; 0 is any number.
    max_rows: int = 0


class Written(NamedTuple):
    """An answer that is written already, in the only format it has."""

    status: int
    content_type: str
    body: bytes


#: Rows that are laid out for people: all of them are in memory at once, and nobody reads more.
_MOST_LAID_OUT = 10_000


class _Answered:
    """What a store answered."""

    def __init__(self, context: Context, result: Result) -> None:
        self._context = context
        self._result = result
        self.form: Kind = result.form

    def write(self, stream: BinaryIO, format_name: str) -> None:
        if format_name not in ("table", "markdown"):
            self._result.write(stream, format_name)
            return
        if self.form == "ask":
            stream.write(b"true\n" if self._result.boolean else b"false\n")
            return
        store, prefixes = self._context.store, self._context.prefixes
        most = min(_MOST_LAID_OUT, self._context.max_rows or _MOST_LAID_OUT)
        rows = list(islice(self._result.rows(), most + 1))
        if len(rows) > most:
            hint = "take text/csv, or ask for less: LIMIT, or a count"
            raise refuse("answer-too-large", f"a table to read has at most {most} rows", hint=hint)
        stream.write(render_rows(store, self._result.variables, rows, format_name, prefixes=prefixes).encode())


class _Proven:
    """Rows with the sentences that prove them, as an answer."""

    form: Kind = "select"

    def __init__(self, context: Context, text: str, file: object) -> None:
        from kgtool.evidence import prove

        self._context = context
        self._proven = prove(context.store, text, prefixes=context.prefixes, file=file)

    def write(self, stream: BinaryIO, format_name: str) -> None:
        from kgtool.evidence.readable import render_proven
        from kgtool.evidence.render import WRITERS

        if format_name in WRITERS:
            text = WRITERS[format_name](self._proven)
        else:
            text = render_proven(self._context.store, self._proven, format_name, prefixes=self._context.prefixes)
        stream.write(text.encode())


def _sparql(context: Context, request: Request) -> Answer:
    if request.evidence:
        if request.dataset is not None:
            raise refuse(
                "bad-request",
                "evidence is of the graph as it is, not of a dataset that a request chooses",
                hint="leave out default-graph-uri and named-graph-uri, or evidence",
            )
        return _Proven(context, request.text, "query")
    dataset = None if request.dataset is None else Dataset(*(tuple(names) for names in request.dataset))
    found = context.store.query(request.text, prefixes=context.prefixes, file="query", dataset=dataset)
    return _Answered(context, found)


def _saved(context: Context, request: Request) -> Answer:
    query = context.queries[request.text]
    key = (query.name, *(word for item in request.given.items() for word in item))
    text = context.bound.get(key)
    if text is None:
        try:
            bindings = bind_parameters(context.store, query, request.given, prefixes=context.prefixes)
        except NotFoundError as exc:
            raise refuse("unknown-name", exc.message, hint=exc.hint) from exc
        if len(context.bound) >= _MOST_BOUND:
            context.bound.clear()
        text = context.bound[key] = sparql.bind(query.text, bindings)
    if request.evidence:
        return _Proven(context, text, query.file)
    return _Answered(context, context.store.query(text, prefixes=context.prefixes, file=query.file))


class _Found:
    """Things that were found by their names, as an answer."""

    form: Kind = "select"

    def __init__(self, context: Context, request: Request) -> None:
        from kgtool.search import open_index
        from kgtool.search.answer import class_iris, to_json

        given = {name: value.split("\n") for name, value in request.given.items()}
        index = open_index(context.store, prefixes=context.prefixes)
        try:
            classes = class_iris(index, given.get("class", []), prefixes=context.prefixes)
        except NotFoundError as exc:
            raise refuse("unknown-name", exc.message, hint=exc.hint) from exc
        matches = index.search(
            request.text,
            limit=int(request.given["limit"]),
            classes=classes,
            languages=given.get("lang", []),
            kinds=given.get("kind", ["label"]),
            fuzzy=request.given["fuzzy"] == "1",
        )
        url_of_thing = partial(url_of, base=context.base, root=request.given["root"])
        self._answer = to_json(index, request.text, matches, prefixes=context.prefixes, url_of=url_of_thing)

    def write(self, stream: BinaryIO, format_name: str) -> None:
        stream.write(json.dumps(self._answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def _entity(context: Context, request: Request) -> Answer:
    _exists(context, request)
    bindings = {"thing": IRI(request.text), "document": IRI(request.given["document"])}
    return context.store.query(DOCUMENT_QUERY, bindings=bindings, prefixes=context.prefixes)


def _exists(context: Context, request: Request) -> Answer:
    if sparql.is_iri(request.text):
        known = context.store.query(
            "ASK { { ?thing ?p ?o } UNION { ?s ?q ?thing } }", bindings={"thing": IRI(request.text)}
        )
        if known.boolean:
            return known
    raise refuse("not-found", f"nothing is said of '{visible(request.text[:200])}'")


def _service(context: Context, request: Request) -> Answer:
    return _written(service_triples(context.store, root=request.given["root"], base=context.base), context.prefixes)


def _dataset(context: Context, request: Request) -> Answer:
    root = request.given["root"]
    triples = dataset_triples(context.store, root=root, base=context.base, prefixes=context.prefixes)
    return _written(triples, context.prefixes)


class _Dump:
    """The dataset with its named graphs, as an answer."""

    form: Kind = "graph"

    def __init__(self, context: Context) -> None:
        self._context = context

    def write(self, stream: BinaryIO, format_name: str) -> None:
        from kgtool.store.embedded import write_store

        # What other datasets say has licences of its own.
        without = "/graph/enriched/"
        write_store(self._context.store, stream, format_name, prefixes=self._context.prefixes, without=without)


def _dump(context: Context, _request: Request) -> Answer:
    return _Dump(context)


def _examples(context: Context, request: Request) -> Answer:
    triples = example_triples(
        context.store, context.queries.values(), root=request.given["root"], prefixes=context.prefixes
    )
    return _written(triples, context.prefixes)


def _page(context: Context, request: Request) -> Written:
    """Make a page of the explorer."""
    from kgtool.explorer.pages import make_page
    from kgtool.explorer.visit import About, Sources, Visit

    given = dict(request.given)
    language, chosen, path, prefix = (given.pop(name) for name in ("language", "chosen", "path", "prefix"))
    params = {name.removeprefix("?"): value for name, value in given.items()}
    about = About(*context.about)
    sources = Sources(context.store, context.prefixes, context.queries, context.base, about, context.kept)
    made = make_page(request.text, sources, Visit(language, bool(chosen), path, params, prefix))
    return Written(made.status, made.content_type, made.text.encode("utf-8", "replace"))


def _reconcile(context: Context, request: Request) -> Written:
    """Answer a client of the reconciliation API; what is kept of the graph for it is kept for the next."""
    from kgtool import reconcile
    from kgtool.reconcile import draft

    source = context.kept.get("reconcile")
    if source is None:
        source = reconcile.Source(context.store, prefixes=context.prefixes, base=context.base)
        context.kept["reconcile"] = source
    given = request.given
    answer: Any
    try:
        match given["do"]:
            case "manifest":
                about = {key: given[key] for key in ("name", "version", "root", "documentation")}
                answer = reconcile.manifest(source, **about)
            case "queries":
                answer = reconcile.reconcile(source, reconcile.read_batch(request.text))
            case "manifest of the draft":
                about = {key: given[key] for key in ("name", "version", "root", "view", "documentation")}
                answer = draft.manifest(source, **about)
            case "match":
                answer = draft.match(source, draft.read_queries(request.text))
            case "extend of the draft":
                answer = draft.extend(source, reconcile.read_extension(request.text))
            case "extend":
                answer = reconcile.extend(source, reconcile.read_extension(request.text))
            case "suggest":
                answer = reconcile.suggest(source, given["kind"], request.text, cursor=int(given["cursor"]))
            case "properties":
                answer = reconcile.propose_properties(source, request.text, limit=int(given["limit"]))
            case "flyout":
                answer = reconcile.flyout(source, given["kind"], request.text)
            case _:
                return Written(200, "text/html; charset=utf-8", reconcile.preview(source, request.text).encode())
    except reconcile.BatchTooLargeError as exc:
        raise refuse("query-too-large", exc.message, hint=exc.hint) from exc
    except QueryError as exc:
        raise refuse("bad-request", exc.message, hint=exc.hint) from exc
    body = json.dumps(answer, ensure_ascii=False)
    callback = given.get("callback")
    if callback is None:
        return Written(200, "application/json", body.encode("utf-8", "replace") + b"\n")
    # Line separators end a line in older JavaScript; the comment keeps the answer from being anything but a script.
    body = body.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Written(200, "application/javascript", f"/**/{callback}({body});\n".encode("utf-8", "replace"))


def _written(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> Answer:
    """Make a graph of triples: the embedded engine writes it in every format, whatever store is asked."""
    from kgtool.store.drafts import Draft

    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {sparql.values(['s', 'p', 'o'], triples)} }}"
    return Draft().query(query, prefixes=prefixes)


#: Tasks by name.
TASKS: dict[str, Callable[[Context, Request], Answer | Written]] = {
    "sparql": _sparql,
    "saved": _saved,
    "search": _Found,
    "entity": _entity,
    "exists": _exists,
    "service": _service,
    "dataset": _dataset,
    "dump": _dump,
    "examples": _examples,
    "page": _page,
    "reconcile": _reconcile,
}
