"""What a SPARQL text says of itself before an engine parses it, and how parameters are bound to its variables.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kgtool.errors import QueryError
from kgtool.terms import IRI, BlankNode, Term, n3

__all__ = [
    "NOT_IN_IRI",
    "bind",
    "calls_service",
    "dataset_names",
    "declared_prefixes",
    "is_iri",
    "is_ordered",
    "main_pattern",
    "prefixed_names",
    "query_form",
    "read_tokens",
    "refuse_service",
    "spell_out",
    "values",
    "variables",
]

#: The tokens that matter here; whatever else stands in a query is skipped. Compiled when first used.
_TOKEN = (
    r"#[^\n\r]*"
    r'|<[^<>"{}|^`\\\x00-\x20]*>'
    r'|"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|[?$]\w+"
    r"|[\w.-]*:(?:[\w.%:-]|\\.)*"
    r"|@?[^\W\d]\w*"
    r"|\{\||\|\}|[{}()]"
)

#: Characters that cannot stand in an IRI: https://www.w3.org/TR/sparql11-query/#rIRIREF
NOT_IN_IRI = frozenset('<>"{}|^`\\') | {chr(code) for code in range(0x21)}

_IRI = re.compile(r"[+.-]*[0-9A-Za-z][0-9A-Za-z+.-]*:[^\x00-\x20<>\"{}|^`\\]+").fullmatch

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def query_form(text: str) -> str | None:
    """Say which form a query has: ``select``, ``ask``, ``construct`` or ``describe``; ``None`` if it is not a query.

    >>> query_form("PREFIX ask: <urn:select#> # CONSTRUCT\\nDescribe ask:x")
    'describe'
    """
    return next((word.lower() for _, word in _tokens(text) if word.upper() in _FORMS), None)


def is_ordered(text: str) -> bool:
    """Say whether the order of a query's rows is its own: ``ORDER BY`` outside every pattern.

    >>> is_ordered("SELECT ?x { { SELECT ?x { ?x ?p ?o } ORDER BY ?o } }")
    False
    """
    depth = 0
    for _, token in _tokens(text):
        depth += (token == "{") - (token == "}")
        if depth == 0 and token.upper() == "ORDER":
            return True
    return False


def spell_out(text: str, names: Collection[str]) -> str:
    """Write what ``SELECT *`` selects in place of the star, in the order in which the text mentions it.

    Engines differ in that order: pyoxigraph's is that of the alphabet.

    :param names: the variables that the star stands for.

    >>> spell_out("SELECT * { ?s ?p ?o }", ["o", "p", "s"])
    'SELECT ?s ?p ?o { ?s ?p ?o }'
    """
    head = next((offset for offset, word in _tokens(text) if word.upper() in _FORMS), None)
    star = (
        None
        if head is None
        else re.compile(r"SELECT\s*(?:(?:DISTINCT|REDUCED)\s*)?\*", re.IGNORECASE).match(text, head)
    )
    if star is None:
        return text
    mentioned = dict.fromkeys(token[1:] for _, token in _tokens(text) if token[0] in "?$" and token[1:] in names)
    listed = " ".join(f"?{name}" for name in mentioned)
    return f"{text[: star.end() - 1]}{listed}{text[star.end() :]}" if len(mentioned) == len(names) > 1 else text


def variables(text: str) -> set[str]:
    """Return the names of the variables of a query, without their question marks."""
    return {token[1:] for _, token in _tokens(text) if token[0] in "?$"}


def main_pattern(text: str) -> tuple[str, str] | None:
    """Return a query's prologue and its outermost group with the braces; ``None`` if there is none to return.

    >>> main_pattern("PREFIX ex: <urn:x:> SELECT ?o { ?s ex:p ?o } LIMIT 1")
    ('PREFIX ex: <urn:x:> ', '{ ?s ex:p ?o }')
    """
    head = next((offset for offset, word in _tokens(text) if word.upper() in _FORMS), None)
    start = next((group.start for group in _groups(text) if group.outermost), None)
    depth = 1
    for offset, token in _tokens(text):
        if head is not None and start is not None and offset >= start:
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return text[:head], text[start - 1 : offset + 1]
    return None


def calls_service(text: str) -> bool:
    """Say whether a query may send a part of itself elsewhere: ``SERVICE``.

    Parsers differ in where they let a word end (pyoxigraph reads ``SERVICEex:a`` as ``SERVICE ex:a``), so a prefix
    with that word in it counts as well.

    >>> calls_service("SELECT ?service { ?service ex:service 'SERVICE' } # SERVICE")
    False
    """
    if "service" not in text.lower():
        return False
    words = (token.partition(":")[0].upper() for _, token in _tokens(text) if token[0] not in "?$")
    return any("SERVICE" in word for word in words)


def refuse_service(text: str, *, file: object = None) -> None:
    """Refuse a query that calls another server.

    :raises QueryError: if it has ``SERVICE`` in it.
    """
    if calls_service(text):
        raise QueryError(
            "SERVICE is off: a query reads this store and nothing else",
            file=file,
            hint="load the other graph's file and query both, or allow it: --allow-service of query and serve",
        )


def declared_prefixes(text: str) -> dict[str, str]:
    """Return the prefixes that a query declares itself.

    >>> declared_prefixes("PREFIX ex: <urn:x:> SELECT * {}")
    {'ex': 'urn:x:'}
    """
    tokens = [match.group() for match in re.finditer(_TOKEN, text, re.DOTALL) if match.group()[0] != "#"]
    threes = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return {name[:-1]: iri[1:-1] for word, name, iri in threes if word.upper() == "PREFIX" and name[-1] == ":"}


def dataset_names(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Walk over the IRIs of the graphs that a query names with ``FROM``; relative ones are left out.

    :param prefixes: those it may use without declaring them.

    >>> list(dataset_names("SELECT * FROM <urn:a> FROM NAMED ex:b { GRAPH <urn:c> {} }", {"ex": "urn:ex:"}))
    ['urn:a', 'urn:ex:b']
    """
    known = {**prefixes, **declared_prefixes(text)}
    before: list[str] = []
    for match in re.finditer(_TOKEN, text, re.DOTALL):
        token = match.group()
        if token[0] == "#":
            continue
        if token == "{":
            return
        if before[-1:] == ["FROM"] or before[-2:] == ["FROM", "NAMED"]:
            prefix, _, local = token.partition(":")
            name = token[1:-1] if token[0] == "<" else known.get(prefix, "") + local.replace("\\", "")
            if is_iri(name):
                yield name
        before = [*before[-1:], token.upper()]


def prefixed_names(text: str) -> Iterator[tuple[int, str]]:
    """Walk over the prefixed names of a query: the offset and the prefix of each, its declarations among them."""
    for offset, token in _tokens(text):
        if ":" in token and not token.startswith("_:"):
            yield offset, token.partition(":")[0]


def read_tokens(text: str) -> Iterator[tuple[int, str]]:
    """Walk over the IRIs, names, variables, words and brackets of a query, each with its offset.

    >>> [token for _, token in read_tokens("SERVICE <urn:x> { ?s ex:p 'SERVICE' } # SERVICE")]
    ['SERVICE', '<urn:x>', '{', '?s', 'ex:p', '}']
    """
    for match in re.finditer(_TOKEN, text, re.DOTALL):
        token = match.group()
        if token[0] not in "#\"'@":
            yield match.start(), token


def is_iri(text: str) -> bool:
    """Say whether a text can stand between angle brackets: a scheme, a colon, and no character an IRI forbids."""
    if _IRI(text) is None:
        return False
    # Bytes that were not UTF-8 arrive as lone surrogates, which no engine can be sent.
    return text.isascii() or not any("\ud800" <= ch <= "\udfff" for ch in text)


def values(names: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> str:
    """Write terms as a ``VALUES`` block, ``None`` as no value; nothing in them can be read as a part of the query.

    >>> values(["x"], [[IRI("urn:a")]])
    'VALUES (?x) { (<urn:a>) }'
    """
    lines = []
    #: IRIs as they are written: the same ones come row after row.
    known: dict[str, str] = {}
    for row in rows:
        cells = []
        for term in row:
            if type(term) is IRI:
                cells.append(known.get(term.value) or known.setdefault(term.value, _written(term)))
            else:
                cells.append("UNDEF" if term is None else _written(term))
        lines.append(f"({' '.join(cells)})")
    return f"VALUES ({' '.join('?' + name for name in names)}) {{ {' '.join(lines)} }}"


def bind(text: str, bindings: Mapping[str, Term]) -> str:
    """Give variables of a query their values.

    Every group that mentions a variable starts with a ``VALUES`` block for it, and so does the outermost one: the
    value is there wherever the author wrote the variable (in a ``UNION`` branch's ``FILTER``, in a subquery that
    does not project it) and it can be selected. pyoxigraph's own ``substitutions`` cannot do that: they refuse a
    variable that is not selected, and a ``FILTER`` does not see them.

    >>> bind("SELECT ?o { ?s ?p ?o }", {"s": IRI("urn:a")})
    'SELECT ?o { VALUES (?s) { (<urn:a>) } ?s ?p ?o }'
    >>> bind("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", {"s": IRI("urn:a")})
    'CONSTRUCT { ?s ?p ?o } WHERE { VALUES (?s) { (<urn:a>) } ?s ?p ?o }'

    :raises QueryError: if the query has no pattern to bind in.
    """
    if not bindings:
        return text
    groups = _groups(text)
    if not groups:
        raise QueryError("the query has no pattern in which parameters could be bound", hint="give it a WHERE { … }")
    pieces, end = [], 0
    for group in groups:
        names = [name for name in bindings if group.outermost or name in group.mentions]
        if names:
            pieces += [text[end : group.start], " ", values(names, [[bindings[name] for name in names]])]
            end = group.start
    return "".join(pieces) + text[end:]


class _Group(NamedTuple):
    """A group graph pattern: the offset after its opening brace, and the variables written directly in it."""

    start: int
    mentions: set[str]
    outermost: bool


def _groups(text: str) -> list[_Group]:
    """Return the groups that may start with ``VALUES``, in the order of the text."""
    tokens = list(_tokens(text))
    found: list[_Group] = []
    #: The mentions of every open brace; a template, a data block and a subquery's braces collect them, and that is all.
    open_braces: list[set[str]] = [set()]
    inherited: set[str] | None = None
    word, parentheses = "", 0
    for index, (offset, token) in enumerate(tokens):
        if token == "{":
            mentions: set[str] = set()
            following = tokens[index + 1][1].upper() if index + 1 < len(tokens) else ""
            first = len(open_braces) == 1 and all(brace != "{" for _, brace in tokens[:index])
            short = first and word == "WHERE" and "CONSTRUCT" in _words(tokens[:index])
            if following == "SELECT":
                inherited = mentions
            elif word not in {"CONSTRUCT", "VALUES"} and not short:
                if inherited is not None:
                    mentions, inherited = inherited, None
                found.append(_Group(offset + 1, mentions, outermost=len(open_braces) == 1 and not parentheses))
            open_braces.append(mentions)
            word = ""
        elif token == "}":
            if len(open_braces) > 1:
                open_braces.pop()
            word = ""
        elif token in "()":
            parentheses += 1 if token == "(" else -1
        elif token[0] in "?$":
            open_braces[-1].add(token[1:])
        elif token[0].isalpha() and ":" not in token:
            word = token.upper()
    return found


def _words(tokens: list[tuple[int, str]]) -> list[str]:
    return [token.upper() for _, token in tokens if token[0].isalpha() and ":" not in token]


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Walk over names, variables, words and brackets: not over comments, IRIs and strings."""
    return ((offset, token) for offset, token in read_tokens(text) if token[0] != "<")


def _written(term: Term) -> str:
    if isinstance(term, BlankNode):
        raise QueryError(f"a blank node, {n3(term)}, cannot be the value of a parameter", hint="give an IRI")
    if isinstance(term, IRI) and not is_iri(term.value):
        raise QueryError(f"not an IRI: {term.value!r}")
    text = n3(term)
    # Some engines (rdflib, for one) read a backslash and a "u" as a character's number before they read strings at all:
    # "\\u0022" would be a quotation mark to them. A "u" that is itself written by its number cannot be misread.
    return re.sub(r"\\\\([uU])", lambda match: f"\\\\\\U{ord(match[1]):08X}", text) if "\\" in text else text
