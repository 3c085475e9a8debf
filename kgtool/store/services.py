"""``SERVICE``: a part of a query that another endpoint answers, if whoever runs the query allows that endpoint.

https://www.w3.org/TR/sparql11-federated-query/

No engine sends such a part: the embedded one would ask any address that a query names, and somebody else's server is
not told to ask others in our name. kgtool asks the endpoint itself and puts the rows into the query, as ``VALUES`` in
place of ``SERVICE``. What stands before it is answered first, and only what fits one of its rows is asked for.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from kgtool import sparql
from kgtool.errors import QueryError, ServiceError, StoreError
from kgtool.store import Dataset, Result, Store, open_store
from kgtool.terms import BlankNode, Term

__all__ = ["allow", "read_services", "settle"]

#: Things that an endpoint is asked about, in one query and in one request.
_MOST_THINGS, _BATCH = 5_000, 200
#: Rows and bytes of what it answers, all requests together.
_MOST_ROWS, _MOST_BYTES = 10_000, 16 * 2**20

_WEB = ("http://", "https://")

_S = TypeVar("_S", bound=Store)


def read_services(words: Iterable[str]) -> dict[str, str]:
    """Read which endpoints are allowed: ``IRI`` as queries name it, or ``IRI=LOCATION`` where it is to be found.

    >>> read_services(["https://query.wikidata.org/sparql=http://127.0.0.1:7879/sparql"])
    {'https://query.wikidata.org/sparql': 'http://127.0.0.1:7879/sparql'}

    :raises QueryError: if one is neither.
    """
    found: dict[str, str] = {}
    for word in words:
        iri, equals, location = word.partition("=")
        there = location if equals else iri
        if not sparql.is_iri(iri) or not (there.startswith(_WEB) or (equals and os.path.exists(there))):
            hint = "give its address, or IRI=ADDRESS, or IRI=FILE with a file that exists"
            raise QueryError(f"'{word}' does not name an endpoint to allow", hint=hint)
        if iri in found:
            raise QueryError(f"<{iri}> is allowed twice", hint="keep one of them")
        found[iri] = there
    return found


def allow(store: _S, services: Mapping[str, str]) -> _S:
    """Return the store as it is, for queries that may ask other endpoints too.

    :param services: where each is, by the IRI that ``SERVICE`` names: an address, RDF files, a folder with a store. A
        log-in stands in the address; none is taken from the environment or a netrc file.
    """
    allowed = copy.copy(store)
    allowed.services = dict(services)
    return allowed


def settle(
    store: Store,
    text: str,
    *,
    prefixes: Mapping[str, str],
    file: object = None,
    dataset: Dataset | None = None,
) -> str:
    """Ask the endpoints that a query names, and return the query with their rows in place of ``SERVICE``.

    The answer is that of the standard: rows that fit no row of what stands before ``SERVICE`` could not be in it.

    :param store: answers what stands before; its ``services`` are those that may be asked.
    :raises QueryError: if it names another endpoint, or has ``SERVICE`` where this cannot be done; or if more than
        5,000 things would have to be asked for, or more than 10,000 rows come back.
    :raises ServiceError: if an endpoint does not answer, or with more than 16 MB; not if ``SERVICE SILENT`` asks it.
    """
    if not store.services:
        sparql.refuse_service(text, file=file)
    from kgtool.store.drafts import Draft

    known = {**prefixes, **sparql.declared_prefixes(text)}
    blocks = _find_blocks(text, known, file)
    for block in blocks:
        if block.iri not in store.services:
            hint = f"allowed is {', '.join(f'<{iri}>' for iri in store.services)}"
            raise _refusal(text, block.word, f"SERVICE <{block.iri}> is not allowed", file, hint)
    # The mistakes of the text are those of the text without the words that name endpoints.
    blanked = text
    for block in blocks:
        blanked = blanked[: block.word] + re.sub(r"\S", " ", text[block.word : block.brace]) + blanked[block.brace :]
    Draft().query(blanked, prefixes=prefixes, file=file)
    for _ in blocks:
        block = _find_blocks(text, known, file)[0]
        rows = _Asking(store, text, block, prefixes, known, file, dataset).rows()
        lines = "\n" * text.count("\n", block.word, block.end)
        text = f"{text[: block.word]}{rows}{lines}{text[block.end :]}"
    sparql.refuse_service(text, file=file)
    return text


class _Block(NamedTuple):
    """One ``SERVICE``, by offsets in the text: its word, its opening brace, the end of its group."""

    word: int
    brace: int
    end: int
    iri: str
    silent: bool
    #: What stands before it in the outermost group, and what says which graphs are asked.
    before: str
    graphs: str


class _Asking:
    """One ``SERVICE`` and its endpoint."""

    def __init__(
        self,
        store: Store,
        text: str,
        block: _Block,
        prefixes: Mapping[str, str],
        known: Mapping[str, str],
        file: object,
        dataset: Dataset | None,
    ) -> None:
        from kgtool.store.drafts import Draft

        self._store, self._text, self._block, self._file, self._dataset = store, text, block, file, dataset
        self._prefixes, self._known = prefixes, known
        self._pattern = text[block.brace : block.end]
        self._names = Draft().query(f"SELECT * {self._pattern}", prefixes=known, file=file).variables
        if not self._names:
            raise self._refusal("SERVICE finds no variable", "ask it for something: ?name")

    def rows(self) -> str:
        """Return what stands for the endpoint's answer: a ``VALUES`` block."""
        found: list[Sequence[Term | None]] = []
        batches = list(self._values())
        try:
            endpoint = self._open()
            for values in batches:
                query = f"SELECT {' '.join('?' + name for name in self._names)} WHERE {{ {values} {self._pattern} }}"
                self._collect(endpoint.query(query, prefixes=self._known), found)
        except StoreError as exc:
            if self._block.silent:
                return "{}"
            raise ServiceError(exc.message, file=exc.file, line=exc.line, hint=exc.hint) from exc
        return sparql.values(self._names, found)

    def _open(self) -> Store:
        location = self._store.services[self._block.iri]
        if not location.startswith(_WEB):
            return open_store(location)
        from kgtool.store.remote import RemoteStore

        return RemoteStore(location, most_bytes=_MOST_BYTES, is_stranger=True)

    def _values(self) -> Iterator[str]:
        """Write what the endpoint is asked about, in batches: the values that what stands before gives to variables."""
        shared = sorted(sparql.variables(self._block.before) & sparql.variables(self._pattern))
        if not shared:
            yield ""
            return
        head, _ = sparql.main_pattern(self._text) or ("", "")
        names = " ".join(f"?{name}" for name in shared)
        query = f"{head}SELECT DISTINCT {names} {self._block.graphs} {{ {self._block.before}\n}}"
        answer = self._store.query(query, prefixes=self._prefixes, file=self._file, dataset=self._dataset)
        rows: list[tuple[Term | None, ...]] = []
        for row in answer.rows():
            rows.append(row)
            if len(rows) > _MOST_THINGS:
                raise self._refusal(
                    f"SERVICE would be asked about more than {_MOST_THINGS} things", "narrow down what stands before it"
                )
        # A variable without a value fits any value, so it cannot narrow anything down.
        bound = [place for place in range(len(shared)) if all(row[place] is not None for row in rows)]
        if not bound:
            yield ""
            return
        wanted = dict.fromkeys(tuple(row[place] for place in bound) for row in rows)
        # No other store has a blank node of this one.
        asked = [row for row in wanted if not any(isinstance(term, BlankNode) for term in row)]
        for start in range(0, len(asked), _BATCH):
            yield sparql.values([shared[place] for place in bound], asked[start : start + _BATCH])

    def _collect(self, answer: Result, found: list[Sequence[Term | None]]) -> None:
        for row in answer.rows():
            if any(isinstance(term, BlankNode) for term in row):
                raise self._refusal(
                    f"<{self._block.iri}> answers with a blank node, which has no name here",
                    "leave such rows out: FILTER(!ISBLANK(?…))",
                )
            found.append(row)
            if len(found) > _MOST_ROWS:
                raise self._refusal(f"<{self._block.iri}> answers with more than {_MOST_ROWS} rows", "ask it for less")

    def _refusal(self, message: str, hint: str) -> QueryError:
        return _refusal(self._text, self._block.word, message, self._file, hint)


def _find_blocks(text: str, known: Mapping[str, str], file: object) -> list[_Block]:
    """Find every ``SERVICE`` of a query, in the order of the text.

    :raises QueryError: if one stands where it cannot be answered on its own, or names no fixed endpoint.
    """
    tokens = list(sparql.read_tokens(text))
    head, group = sparql.main_pattern(text) or ("", "")
    start = text.find(group, len(head)) if group else len(text)
    graphs = next((offset for offset, token in tokens if len(head) < offset < start and token.upper() == "FROM"), start)
    found: list[_Block] = []
    depth, word, filtered = 0, (0, ""), False
    #: Where what stands before would end, at the level of the outermost group.
    before = start
    index = 0
    while index < len(tokens):
        offset, token = tokens[index]
        name = token.upper()
        if name.startswith("SERVICE") and token[0] not in "?$":
            if name != "SERVICE":
                hint = "leave a space behind SERVICE; no prefix may be called so here"
                raise _refusal(text, offset, f"SERVICE or a prefix, '{token}'?", file, hint)
            optional = depth == 2 and word[1] == "OPTIONAL" and tokens[index - 1][1] == "{"
            if offset < start or not (depth == 1 or optional):
                hint = "write it in the outermost group, or first in an OPTIONAL there"
                raise _refusal(text, offset, "SERVICE stands too deep", file, hint)
            if filtered:
                hint = "write FILTER behind it, or what is filtered in braces of its own"
                raise _refusal(text, offset, "a FILTER stands before SERVICE", file, hint)
            before = word[0] if optional else offset
            block, index = _read_block(text, tokens, index, known, file)
            found.append(block._replace(before=text[start + 1 : before], graphs=text[graphs:start]))
            word = (offset, name)
            continue
        if name == "BASE" and offset < len(head):
            raise _refusal(text, offset, "BASE and SERVICE do not go together", file, "write whole IRIs, or prefixes")
        if offset >= start:
            depth += (token == "{") - (token == "}")
        if depth == 1 and token != "}":
            word = (offset, name)
            filtered |= name == "FILTER"
        index += 1
    return found


def _read_block(
    text: str, tokens: Sequence[tuple[int, str]], index: int, known: Mapping[str, str], file: object
) -> tuple[_Block, int]:
    """Read one ``SERVICE``; return it and the index of the token behind it."""
    word = tokens[index][0]
    tail = [token for _, token in tokens[index + 1 : index + 4]]
    silent = bool(tail) and tail[0].upper() == "SILENT"
    named, brace = (*tail[silent : silent + 2], "", "")[:2]
    prefix, colon, local = named.partition(":")
    if named.startswith("<"):
        iri = named[1:-1]
    else:
        iri = known[prefix] + local.replace("\\", "") if colon and prefix in known else ""
    if brace != "{" or not sparql.is_iri(iri):
        hint = "write SERVICE <https://…> { … }: a variable would let the data choose the endpoint"
        raise _refusal(text, word, "SERVICE does not name an endpoint", file, hint)
    first = index + 2 + silent
    depth = 0
    for last in range(first, len(tokens)):
        offset, token = tokens[last]
        depth += (token == "{") - (token == "}")
        if depth and token.upper() == "SERVICE":
            raise _refusal(text, offset, "a SERVICE within a SERVICE", file, "ask one after the other")
        if depth == 0:
            return _Block(word, tokens[first][0], offset + 1, iri, silent, "", ""), last + 1
    raise _refusal(text, word, "SERVICE's group does not end", file, "add the missing '}'")


def _refusal(text: str, offset: int, message: str, file: object, hint: str) -> QueryError:
    line = text.count("\n", 0, offset) + 1
    if file is None:
        return QueryError(f"{message}, line {line}", hint=hint)
    return QueryError(message, file=file, line=line, hint=hint)
