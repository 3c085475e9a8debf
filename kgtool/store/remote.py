"""A SPARQL 1.1 endpoint behind the store's interface. The only module that imports SPARQLWrapper.

https://www.w3.org/TR/sparql11-protocol/ · https://sparqlwrapper.readthedocs.io

SPARQLWrapper (2.0.0 of 2022, the last one) builds the request of the protocol, and that is all it is let do. Left to
itself it guesses the form of a query by a regular expression (an unlucky name makes a SELECT an update), adds
parameters of its own, follows a redirect with the log-in and without the query, installs a digest log-in for the whole
process, forgets ``Retry-After`` and reads an answer into memory as a whole. Answers are read by the embedded engine's
parsers as they arrive, so they are written alike whichever server they come from.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cached_property
from http.client import HTTPResponse
from types import MappingProxyType
from typing import BinaryIO, Literal, NoReturn, cast

from SPARQLWrapper import GET, POST, SPARQLWrapper

from kgtool import sparql
from kgtool.errors import QueryError, StoreError
from kgtool.formats import FORMATS
from kgtool.store import Dataset
from kgtool.store.drafts import Draft
from kgtool.store.embedded import EmbeddedResult, ParsedGraph, parse_answer, parse_graph
from kgtool.store.transport import Answer, RefusedError, Transport, read_address
from kgtool.terms import IRI, BlankNode, Term

__all__ = ["RemoteResult", "RemoteStore"]

#: What is asked for, by the form of the query; N-Triples arrive line by line and need no base.
_ACCEPT = {
    "select": "application/sparql-results+json, application/sparql-results+xml;q=0.5",
    "ask": "application/sparql-results+json, application/sparql-results+xml;q=0.5",
    "graph": "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5, application/ld+json;q=0.3",
}
#: Addresses up to this length pass everywhere; a longer query is sent as a form.
_LONGEST_ADDRESS = 2000

#: The parameters that say which graphs a query is asked of; and a graph that no store has.
_DATASET = ("default-graph-uri", "named-graph-uri")
_NOWHERE = "urn:kgtool:nowhere"

_AGENT = "kgtool (https://w3id.org/industrial-park/)"

Form = Literal["select", "ask", "graph"]


class RemoteResult:
    """An answer of an endpoint: see :class:`kgtool.store.Result`.

    :param parsed: what is read from it.
    :param url: the endpoint, as messages name it.
    """

    def __init__(self, parsed: EmbeddedResult | ParsedGraph, url: str) -> None:
        self._parsed = parsed
        self._url = url
        self.form: Form = parsed.form

    @property
    def variables(self) -> tuple[str, ...]:
        assert isinstance(self._parsed, EmbeddedResult)
        return self._parsed.variables

    @property
    def boolean(self) -> bool:
        assert isinstance(self._parsed, EmbeddedResult)
        return self._parsed.boolean

    def rows(self) -> Iterator[tuple[Term | None, ...]]:
        assert isinstance(self._parsed, EmbeddedResult)
        try:
            yield from self._parsed.rows()
        except SyntaxError as exc:
            _raise_malformed(exc, self._url)

    def triples(self) -> Iterator[tuple[Term, IRI, Term]]:
        assert isinstance(self._parsed, ParsedGraph)
        try:
            yield from self._parsed.triples()
        except SyntaxError as exc:
            _raise_malformed(exc, self._url)

    def write(self, stream: BinaryIO, format_name: str) -> None:
        try:
            self._parsed.write(stream, format_name)
        except SyntaxError as exc:
            _raise_malformed(exc, self._url)


class RemoteStore:
    """A graph behind a SPARQL 1.1 endpoint: see :class:`kgtool.store.Store`.

    :param location: the endpoint's address. Its parameters are sent with every query; a log-in in it is used and never
        shown. A ``default-graph-uri`` names the graph to take for the default graph, and without ``named-graph-uri``
        every other graph of the server stays a named one: they are listed once and sent along.
    :param timeout: seconds of silence after which the endpoint is given up; by default ``KGTOOL_TIMEOUT``, else 60.
    :param most_bytes: of all answers together.
    :param is_stranger: whether a log-in is only taken from the address, not from the environment or a netrc file.
    """

    services: Mapping[str, str] = MappingProxyType({})

    def __init__(
        self, location: str, *, timeout: float | None = None, most_bytes: int | None = None, is_stranger: bool = False
    ) -> None:
        self.address = read_address(location)
        self.url = self.address.url
        #: What the server calls itself; known after the first query.
        self.server = ""
        default, named = ([v for name, v in self.address.parameters if name == wanted] for wanted in _DATASET)
        self._given = Dataset(tuple(default), tuple(named))
        self._parameters = [pair for pair in self.address.parameters if pair[0] not in _DATASET]
        self._transport = Transport(self.address, timeout=timeout, most_bytes=most_bytes, is_stranger=is_stranger)

    @property
    def has_union_default_graph(self) -> bool:
        """Whether this is a server whose default graph is known to be all its graphs taken together."""
        return self.server.startswith("Virtuoso")

    def greet(self) -> None:
        """Ask something small, to know that the endpoint answers and what it calls itself.

        :raises StoreError: if it does not answer.
        """
        _ = self.query("ASK { ?s ?p ?o }").boolean

    def query(
        self,
        text: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        prefixes: Mapping[str, str] | None = None,
        file: object = None,
        dataset: Dataset | None = None,
    ) -> RemoteResult:
        if sparql.calls_service(text):
            from kgtool.store.services import settle

            bound = sparql.bind(text, bindings or {})
            text, bindings = settle(self, bound, prefixes=prefixes or {}, file=file, dataset=dataset), {}
        form = _form(text)
        if form is None:
            self._raise_refused_query(text, prefixes or {}, file, "")
        known = dict(prefixes or {})
        declared = sparql.declared_prefixes(text)
        used = _used(text, known | declared)
        missing = {name: used[name] for name in used if name not in declared}
        try:
            answer = self._ask(
                _header(missing) + sparql.bind(text, bindings or {}),
                form,
                self._dataset if dataset is None else dataset,
            )
        except RefusedError as exc:
            if exc.code == 400:
                self._raise_refused_query(text, known, file, exc.words, exc)
            raise
        self.server = answer.headers.get("Server", "")
        try:
            return RemoteResult(self._parse(answer, form, used or known), self.url)
        except BaseException:
            answer.close()
            raise

    def count(self, graph: IRI | None = None) -> int:
        pattern = "?s ?p ?o" if graph is None else "GRAPH ?graph { ?s ?p ?o }"
        bindings = {} if graph is None else {"graph": graph}
        ((number,),) = self.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", bindings=bindings).rows()
        assert number is not None
        return int(number.value)

    def graphs(self) -> list[IRI | BlankNode]:
        """Return the names of the named graphs, sorted: without the server's own, and one that is the default graph."""
        dataset = self._dataset
        return sorted(self._list_graphs()) if dataset is None else sorted(IRI(name) for name in dataset.named)

    @cached_property
    def _dataset(self) -> Dataset | None:
        """The graphs to ask unless a query's caller names others; ``None`` for those of the endpoint."""
        if not any(self._given):
            return None
        if self._given.named:
            return self._given
        names = (graph.value for graph in self._list_graphs() if isinstance(graph, IRI))
        return self._given._replace(named=tuple(name for name in names if name not in self._given.default))

    def _list_graphs(self) -> Iterator[IRI | BlankNode]:
        from kgtool.store.virtuoso import SYSTEM_GRAPHS

        # Not DISTINCT ?g: Virtuoso 7.2.5 never ends with that.
        answer = self._ask("SELECT ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", "select", None)
        for (graph,) in RemoteResult(self._parse(answer, "select", {}), self.url).rows():
            if isinstance(graph, IRI | BlankNode) and graph.value not in SYSTEM_GRAPHS:
                yield graph

    def _ask(self, text: str, form: Form, dataset: Dataset | None) -> Answer:
        operation = _Operation(self._transport, self.url)
        for name, value in self._parameters:
            operation.addParameter(name, value)
        if dataset is not None:
            # Nothing said would mean the endpoint's own graphs, so an empty dataset is a graph that is not there.
            for name, graphs in zip(_DATASET, dataset if any(dataset) else ((_NOWHERE,), ()), strict=True):
                for graph in graphs:
                    operation.addParameter(name, graph)
        operation.addCustomHttpHeader("Accept", _ACCEPT[form])
        return operation.ask(text, form)

    def _parse(self, answer: Answer, form: Form, prefixes: Mapping[str, str]) -> RemoteParsed:
        from kgtool.store import virtuoso

        name = _format_of(answer, form, self.url)
        stream = cast(BinaryIO, answer)
        if virtuoso.is_virtuoso(answer.headers):
            virtuoso.check_complete(answer.headers, self.url)
            if form == "ask":
                stream = io.BytesIO(virtuoso.mend_boolean(answer.read()))
            elif name == "json":
                stream = cast(BinaryIO, virtuoso.MendedStream(answer.read))
        if form == "graph":
            return parse_graph(stream, name, base=self.url, prefixes=prefixes)
        try:
            parsed = parse_answer(stream, name)
        except SyntaxError as exc:
            _raise_malformed(exc, self.url)
        if parsed.form != form:
            raise StoreError("the answer is of another form than the query", file=self.url, hint="is it an endpoint?")
        return parsed

    def _raise_refused_query(
        self, text: str, prefixes: Mapping[str, str], file: object, words: str, cause: Exception | None = None
    ) -> NoReturn:
        """Say what is wrong with a query: with the line, if the embedded engine refuses it too."""
        Draft().query(text, prefixes=prefixes, file=file)
        raise QueryError(f"{self.url} refuses the query" + (f": {words}" if words else ""), file=file) from cause


RemoteParsed = EmbeddedResult | ParsedGraph


class _Operation(SPARQLWrapper):
    """A request of the protocol, sent by our transport.

    :param transport: what sends it.
    """

    def __init__(self, transport: Transport, url: str) -> None:
        super().__init__(url, agent=_AGENT)
        self._transport = transport
        self.setOnlyConneg(True)

    def ask(self, text: str, form: Form) -> Answer:
        """Send a query: in the address if it is short, as a form if it is not."""
        # Not setQuery, which guesses the form of the query.
        self.queryString = text
        self.queryType = "CONSTRUCT" if form == "graph" else form.upper()
        length = len(self.endpoint) + len(self._getRequestEncodedParameters(("query", text)))
        self.setMethod(GET if length < _LONGEST_ADDRESS else POST)
        return cast(Answer, self.query().response)

    def _query(self) -> tuple[HTTPResponse, str]:
        return cast(HTTPResponse, self._transport.send(self._createRequest())), self.returnFormat


def _form(text: str) -> Form | None:
    forms: dict[str | None, Form] = {"select": "select", "ask": "ask", "construct": "graph", "describe": "graph"}
    return forms.get(sparql.query_form(text))


def _used(text: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those of the prefixes that a query uses."""
    names = {name for _, name in sparql.prefixed_names(text)}
    return {name: prefixes[name] for name in prefixes if name in names}


def _header(prefixes: Mapping[str, str]) -> str:
    """Declare prefixes before the first line, so that the lines keep their numbers."""
    return "".join(f"PREFIX {name}: <{namespace}> " for name, namespace in prefixes.items())


def _format_of(answer: Answer, form: Form, url: str) -> str:
    """Find out what format an answer has.

    :raises StoreError: if it is none that answers such a query.
    """
    found = answer.media_type
    for name, one in FORMATS.items():
        if form in one.carries and found in one.media_types and name not in {"table", "markdown", "csv", "tsv"}:
            return name
    what = {"text/html": "a web page", "application/xhtml+xml": "a web page", "": "something without a media type"}
    raise StoreError(
        f"answers {what.get(found, found)}, no answer to a query",
        file=url,
        hint="give the address of the SPARQL endpoint: it often ends in /sparql or /query",
    )


def _raise_malformed(exc: SyntaxError, url: str) -> NoReturn:
    raise StoreError(
        f"the answer is malformed: {exc.msg}", file=url, hint="it may be cut off: try again, or look into its log"
    ) from exc
