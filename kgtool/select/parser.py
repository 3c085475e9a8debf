"""From the text of a SELECT query to its tree.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar

The text has been answered by an engine before, so that it is well-formed is known; what is read here is how it is
built. rdflib's parser, which would do as well, takes a second for the larger of the saved queries and spells numbers
anew; a test holds the trees against what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn
from urllib.parse import urljoin

from kgtool.errors import QueryError
from kgtool.namespaces import RDF, XSD
from kgtool.select.syntax import (
    Alternative,
    Bind,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    Inverse,
    Minus,
    Negated,
    Node,
    Optional,
    Path,
    Repeat,
    Select,
    Sequence,
    TriplePattern,
    Union,
    Values,
    Variable,
    visible,
)
from kgtool.terms import IRI, Literal, n3
from kgtool.tokens import TOKEN

__all__ = ["parse_select"]

#: Functions that give another value each time: the rows could not be found again.
_FICKLE = frozenset({"RAND", "UUID", "STRUUID", "BNODE", "NOW"})

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def parse_select(text: str, *, prefixes: Mapping[str, str] | None = None, file: object = None) -> Select:
    """Read a SELECT query.

    :param prefixes: those the text may use without declaring them; its own ``PREFIX`` lines win.
    :raises QueryError: if it is another query than SELECT, or one whose rows cannot be traced.
    """
    try:
        return _Parser(text, prefixes or {}, file).query()
    except RecursionError as exc:
        raise QueryError("no evidence: the query is nested too deeply", file=file, hint="make it flatter") from exc


class _Parser:
    """One reading of a text: its tokens, each a kind and what is written, and how far they are read."""

    def __init__(self, text: str, prefixes: Mapping[str, str], file: object) -> None:
        self._file = file
        self._prefixes = dict(prefixes)
        self._base = ""
        self._tokens: list[tuple[str, str, int]] = []
        self._at = 0
        self._blanks = 0
        self._stem = "b"
        while re.search(rf"[?$]{self._stem}", text):
            self._stem += "_"
        line = 1
        for match in TOKEN.finditer(text):
            if match.lastgroup == "other":
                raise self._error(f"cannot read {text[match.start() : match.start() + 20]!r}", line)
            if match.lastgroup != "space":
                self._tokens.append((str(match.lastgroup), match.group(), line))
            line += match.group().count("\n")
        self._tokens.append(("end", "", line))

    # Tokens ----------------------------------------------------------------------------------------------------------

    def _peek(self, ahead: int = 0) -> str:
        """Return a token to come: a word in capitals, everything else as it is."""
        kind, token, _ = self._tokens[min(self._at + ahead, len(self._tokens) - 1)]
        return token.upper() if kind == "word" else token

    def _kind(self, ahead: int = 0) -> str:
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)][0]

    def _take(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _skip(self, *tokens: str) -> bool:
        """Go past a token if it is one of those."""
        found = self._peek() in tokens and self._kind() in {"word", "sign"}
        self._at += found
        return found

    def _expect(self, token: str) -> None:
        if not self._skip(token):
            self._fail()

    def _fail(self) -> NoReturn:
        raise self._error(f"cannot read {self._tokens[min(self._at, len(self._tokens) - 1)][1][:40]!r} here")

    def _error(self, what: str, line: int | None = None, hint: str = "see docs/evidence.md for what can") -> QueryError:
        line = line or self._tokens[min(self._at, len(self._tokens) - 1)][2]
        message = f"this query's rows cannot be traced: {what}"
        return QueryError(message, file=self._file or "query", line=line, hint=hint)

    # The query -------------------------------------------------------------------------------------------------------

    def query(self) -> Select:
        while self._peek() in {"BASE", "PREFIX"}:
            if self._take() == "BASE":
                self._base = urljoin(self._base, self._take()[1:-1])
            else:
                prefix = self._take()[:-1]
                self._prefixes[prefix] = urljoin(self._base, self._take()[1:-1])
        if self._peek() != "SELECT":
            raise self._error(f"it is {self._peek()}", hint="evidence belongs to rows: ask with SELECT")
        select = self._select()
        if self._kind() != "end":
            self._fail()
        return select

    def _select(self) -> Select:
        self._expect("SELECT")
        distinct = self._skip("DISTINCT", "REDUCED")
        columns: list[tuple[Variable, Expression | None]] = []
        everything = self._skip("*")
        while self._kind() == "variable" or self._peek() == "(":
            if self._skip("("):
                expression, variable = self._aliased()
                assert variable is not None
                columns.append((variable, expression))
            else:
                columns.append((self._variable(), None))
        if self._peek() == "FROM":
            raise self._error("FROM chooses other graphs", hint="write GRAPH <…> { … } instead")
        self._skip("WHERE")
        where = self._group()
        if everything:
            columns = [(variable, None) for variable in visible(where).values() if not variable.blank]
        group_by: list[tuple[Expression, Variable | None]] = []
        if self._skip("GROUP"):
            self._expect("BY")
            while self._starts_condition():
                group_by.append(self._aliased() if self._skip("(") else (self._condition(), None))
        having: list[Expression] = []
        if self._skip("HAVING"):
            while self._starts_condition():
                having.append(self._condition())
        order_by: list[tuple[str, Expression]] = []
        if self._skip("ORDER"):
            self._expect("BY")
            while self._starts_condition() or self._peek() in {"ASC", "DESC"}:
                order = self._take() if self._peek() in {"ASC", "DESC"} else ""
                order_by.append((order, self._condition()))
        limits: dict[str, int] = {}
        while self._peek() in {"LIMIT", "OFFSET"}:
            word = self._take()
            limits[word] = int(self._take())
        values = self._values() if self._skip("VALUES") else None
        for expression in (*(e for e, _ in group_by), *having):
            if any(isinstance(part, Exists) for part in expression):
                raise self._error("EXISTS in GROUP BY or HAVING", hint="BIND it in the pattern")
        return Select(
            tuple(columns),
            where,
            distinct,
            tuple(group_by),
            tuple(having),
            tuple(order_by),
            limits.get("LIMIT"),
            limits.get("OFFSET"),
            values,
        )

    def _starts_condition(self) -> bool:
        if self._kind() in {"variable", "iri", "name"} or self._peek() == "(":
            return True
        if self._kind() != "word" or self._peek() in {"HAVING", "VALUES"}:
            return False
        return self._peek(1) == "(" or self._peek() in {"EXISTS", "NOT"}

    # Groups ----------------------------------------------------------------------------------------------------------

    def _group(self) -> Group:
        self._expect("{")
        if self._peek() == "SELECT":
            select = self._select()
            self._expect("}")
            return Group((select,))
        elements: list[Element] = []
        while not self._skip("}"):
            if self._skip("."):
                continue
            elements += self._elements()
        return Group(tuple(elements))

    def _elements(self) -> list[Element]:
        keyword = self._peek() if self._kind() in {"word", "sign"} else ""
        match keyword:
            case "{":
                branches = [self._group()]
                while self._skip("UNION"):
                    branches.append(self._group())
                return [Union(tuple(branches))]
            case "OPTIONAL":
                self._at += 1
                return [Optional(self._group())]
            case "MINUS":
                self._at += 1
                return [Minus(self._group())]
            case "GRAPH":
                self._at += 1
                name = self._variable() if self._kind() == "variable" else self._iri()
                return [Graph(name, self._group())]
            case "FILTER":
                self._at += 1
                return [Filter(self._condition())]
            case "BIND":
                self._at += 1
                self._expect("(")
                expression, variable = self._aliased()
                assert variable is not None
                return [Bind(expression, variable)]
            case "VALUES":
                self._at += 1
                return [self._values()]
            case "SERVICE":
                raise self._error("SERVICE asks another graph", hint="load that graph's file and query both")
        return self._triples()

    def _values(self) -> Values:
        single = self._kind() == "variable"
        variables = []
        if not single:
            self._expect("(")
        while self._kind() == "variable":
            variables.append(self._variable())
        if not single:
            self._expect(")")
        self._expect("{")
        rows = []
        while not self._skip("}"):
            row: list[IRI | Literal | None] = []
            if not single:
                self._expect("(")
            while single or not self._skip(")"):
                row.append(None if self._skip("UNDEF") else self._constant())
                if single:
                    break
            rows.append(tuple(row))
        return Values(tuple(variables), tuple(rows))

    # Triples ---------------------------------------------------------------------------------------------------------

    def _triples(self) -> list[Element]:
        triples: list[Element] = []
        alone = self._peek() in {"[", "("}
        subject = self._node(triples)
        if not (alone and triples and (self._peek() in {".", "}"} or self._starts_element())):
            self._properties(subject, triples)
        return triples

    def _properties(self, subject: Node, triples: list[Element]) -> None:
        while True:
            predicate = self._variable() if self._kind() == "variable" else self._path()
            while True:
                triples.append(TriplePattern(subject, predicate, self._node(triples)))
                if not self._skip(","):
                    break
            while self._skip(";"):
                pass
            if self._peek() in {".", "}", "]"} or self._kind() == "end" or self._starts_element():
                return

    def _starts_element(self) -> bool:
        words = {"OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES", "SERVICE", "{"}
        return self._kind() in {"word", "sign"} and self._peek() in words

    def _node(self, triples: list[Element]) -> Node:
        if self._kind() == "variable":
            return self._variable()
        if self._kind() == "blank":
            return Variable(self._stem + re.sub(r"\W", "_", self._take()[1:]), blank=True)
        if self._skip("["):
            node = self._blank()
            if not self._skip("]"):
                self._properties(node, triples)
                self._expect("]")
            return node
        if self._skip("("):
            return self._collection(triples)
        return self._constant()

    def _collection(self, triples: list[Element]) -> Node:
        first: Node = IRI(RDF + "nil")
        last: Node | None = None
        while not self._skip(")"):
            link = self._blank()
            if last is None:
                first = link
            else:
                triples.append(TriplePattern(last, IRI(RDF + "rest"), link))
            triples.append(TriplePattern(link, IRI(RDF + "first"), self._node(triples)))
            last = link
        if last is not None:
            triples.append(TriplePattern(last, IRI(RDF + "rest"), IRI(RDF + "nil")))
        return first

    def _blank(self) -> Variable:
        self._blanks += 1
        return Variable(f"{self._stem}{self._blanks}", blank=True)

    def _path(self) -> Path:
        parts = [self._path_sequence()]
        while self._skip("|"):
            parts.append(self._path_sequence())
        return parts[0] if len(parts) == 1 else Alternative(tuple(parts))

    def _path_sequence(self) -> Path:
        parts = [self._path_step()]
        while self._skip("/"):
            parts.append(self._path_step())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _path_step(self) -> Path:
        if self._skip("^"):
            return Inverse(self._path_repeated())
        return self._path_repeated()

    def _path_repeated(self) -> Path:
        path: Path
        if self._skip("("):
            path = self._path()
            self._expect(")")
        elif self._skip("!"):
            path = self._negated()
        elif self._skip("A"):
            path = IRI(RDF + "type")
        else:
            path = self._iri()
        return Repeat(path, self._take()) if self._kind() == "sign" and self._peek() in {"*", "+", "?"} else path

    def _negated(self) -> Negated:
        forward: list[IRI] = []
        backward: list[IRI] = []
        several = self._skip("(")
        while not (several and self._skip(")")):
            names = backward if self._skip("^") else forward
            names.append(IRI(RDF + "type") if self._skip("A") else self._iri())
            if not several:
                break
            self._skip("|")
        return Negated(tuple(forward), tuple(backward))

    # Terms -----------------------------------------------------------------------------------------------------------

    def _variable(self) -> Variable:
        if self._kind() != "variable":
            self._fail()
        return Variable(self._take()[1:])

    def _iri(self) -> IRI:
        if self._kind() == "iri":
            iri = self._take()[1:-1]
            return IRI(urljoin(self._base, iri) if self._base and ":" not in iri.partition("/")[0] else iri)
        if self._kind() != "name":
            self._fail()
        prefix, _, local = self._peek().partition(":")
        if prefix not in self._prefixes:
            raise self._error(f"unknown prefix '{prefix}'", hint="declare it")
        self._at += 1
        return IRI(self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local))

    def _constant(self) -> IRI | Literal:
        if self._kind() == "string":
            return self._string()
        sign = self._take() if self._peek() in {"+", "-"} and self._kind(1) == "number" else ""
        if self._kind() == "number":
            number = self._take()
            exponent = "e" in number or "E" in number
            kind = "double" if exponent else "decimal" if "." in number else "integer"
            return Literal(sign + number, None, XSD + kind)
        if self._kind() == "word" and self._peek() in {"TRUE", "FALSE"}:
            return Literal(self._take().lower(), None, XSD + "boolean")
        return self._iri()

    def _string(self) -> Literal:
        quoted = self._take()
        ends = 3 if quoted[:3] in {'"""', "'''"} and len(quoted) > 5 else 1
        text = _ESCAPE.sub(_unescape, quoted[ends:-ends])
        if self._kind() == "language":
            return Literal(text, self._take()[1:])
        if self._skip("^^"):
            return Literal(text, None, self._iri().value)
        return Literal(text)

    # Expressions -----------------------------------------------------------------------------------------------------

    def _condition(self) -> Expression:
        """Read what may follow FILTER: something in parentheses, a call, EXISTS; or, where it may, a variable."""
        if self._kind() == "variable":
            return (self._variable(),)
        if self._skip("("):
            return self._expression(lambda: self._skip(")"))
        if self._peek() in {"EXISTS", "NOT"}:
            return (self._exists(),)
        called = n3(self._iri()) if self._kind() in {"iri", "name"} else self._word()
        self._expect("(")
        return (called, "(", *self._expression(lambda: self._skip(")")), ")")

    def _aliased(self) -> tuple[Expression, Variable | None]:
        """Read ``… AS ?variable)``, or, without an alias, ``…)``."""
        expression = self._expression(lambda: self._peek() in {"AS", ")"} and self._kind() != "variable")
        variable = self._variable() if self._skip("AS") else None
        self._expect(")")
        return expression, variable

    def _expression(self, ended: Callable[[], bool]) -> Expression:
        parts: list[str | Variable | Exists] = []
        depth = 0
        while depth or not ended():
            kind, token = self._kind(), self._peek()
            if kind == "variable":
                parts.append(self._variable())
            elif kind in {"iri", "name"}:
                parts.append(n3(self._iri()))
            elif kind == "string":
                parts.append(n3(self._string()))
            elif token == "EXISTS" or (token == "NOT" and self._peek(1) == "EXISTS"):
                parts.append(self._exists())
            elif kind == "word":
                parts.append(self._word())
            elif kind in {"number", "sign"} and token not in {"{", "}", "[", "]"}:
                depth += (token == "(") - (token == ")")
                parts.append(self._take())
            else:
                self._fail()
        return tuple(parts)

    def _exists(self) -> Exists:
        negated = self._skip("NOT")
        self._expect("EXISTS")
        return Exists(self._group(), negated)

    def _word(self) -> str:
        if self._kind() != "word":
            self._fail()
        if self._peek() in _FICKLE and self._peek(1) == "(":
            raise self._error(f"{self._peek()}() gives another value each time", hint="write the value you mean")
        word = self._take()
        return word.lower() if word in {"TRUE", "FALSE"} else word


def _unescape(match: re.Match[str]) -> str:
    four, eight, one = match.groups()
    return chr(int(four or eight, 16)) if one is None else _ESCAPED.get(one, one)
