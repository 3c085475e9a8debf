"""The line on which every triple of a Turtle or TriG file stands, so that a finding can name it.

https://www.w3.org/TR/turtle/#sec-grammar · https://www.w3.org/TR/trig/#sec-grammar

Engines parse faster, and forget where. This reader is used only when there is something to point at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from kgtool.errors import DataError
from kgtool.namespaces import RDF, XSD
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["Block", "Position", "read_blocks", "read_positions"]

_TYPE, _FIRST, _REST, _NIL = (IRI(RDF + name) for name in ("type", "first", "rest", "nil"))

_BASE_CHARS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = f"_\\-0-9{_BASE_CHARS}\u00b7\u0300-\u036f\u203f\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

_SPACE = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")
#: One token, after white space and comments. The first alternative that fits wins, so longer forms stand first.
_TOKEN = re.compile(
    rf"""(?:[ \t\r\n]++|\#[^\r\n]*+)*+
    (?:(?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    |(?P<long>\"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"\"\"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*''')
    |(?P<string>"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"|'[^'\\\n\r]*(?:\\.[^'\\\n\r]*)*')
    |(?P<blank>_:[_0-9{_BASE_CHARS}](?:\.*[{_CHARS}])*)
    |(?P<name>(?:[{_BASE_CHARS}](?:\.*[{_CHARS}])*)?:(?:(?:[_:0-9{_BASE_CHARS}]|{_ESCAPED})(?:\.*(?:[:{_CHARS}]|{_ESCAPED}))*)?)
    |(?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<double>[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)
    |(?P<decimal>[+-]?[0-9]*\.[0-9]+)
    |(?P<integer>[+-]?[0-9]+)
    |(?P<word>[A-Za-z]+)
    |(?P<mark>\^\^|[.;,\[\](){{}}])
    |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPE_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_IRI_PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)


class Position(NamedTuple):
    """A triple, the graph it stands in (``None`` for the default graph), and the line of its object."""

    graph: Term | None
    subject: Term
    predicate: IRI
    object: Term
    line: int


class Block(NamedTuple):
    """A ``GRAPH`` block of a TriG file: the graph's name and the line it starts on."""

    graph: Term
    line: int


def read_positions(path: str | PathLike[str], *, base: str | None = None) -> Iterator[Position]:
    """Read a Turtle or TriG file triple by triple, each with the line on which its object is written.

    Lexical forms and language tags are as written. Blank nodes without a label get one that no file can contain.

    :param base: the IRI that relative IRIs start from, where the file declares none.
    :raises DataError: at the first thing that is not Turtle or TriG.
    """
    return _open(path, base).read()


def read_blocks(path: str | PathLike[str], *, base: str | None = None) -> list[Block]:
    """Read the named blocks of a TriG file, empty ones too; a graph that has two blocks is there twice.

    :param base: the IRI that relative IRIs start from, where the file declares none.
    :raises DataError: at the first thing that is not Turtle or TriG.
    """
    reader = _open(path, base)
    for _ in reader.read():
        pass
    return reader.blocks


def _open(path: str | PathLike[str], base: str | None) -> _Reader:
    try:
        raw = Path(path).read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as exc:
        raise DataError(f"cannot read it: {exc.strerror}", file=path, hint="give a file that exists") from exc
    try:
        text = raw.decode()
    except UnicodeDecodeError as exc:
        raise DataError(
            f"not UTF-8: byte 0x{raw[exc.start]:02x} cannot be decoded",
            file=path,
            line=raw.count(b"\n", 0, exc.start) + 1,
            hint="save the file as UTF-8",
        ) from exc
    return _Reader(text, path, base)


class _Reader:
    """A recursive-descent reader with one token of look-ahead."""

    def __init__(self, text: str, path: str | PathLike[str], base: str | None) -> None:
        self.blocks: list[Block] = []
        self._text = text
        self._path = path
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._graph: Term | None = None
        self._anonymous = 0
        self._found: list[Position] = []
        #: The IRIs of prefixed names: most names come again and again.
        self._names: dict[str, str] = {}
        self._start = self._offset = 0
        self._counted = 0
        self._lines = 1
        self._kind = self._token = ""
        self._advance()

    def read(self) -> Iterator[Position]:
        while self._kind != "end":
            self._statement()
            yield from self._found
            self._found.clear()

    # Tokens ----------------------------------------------------------------------------------------------------------

    def _advance(self) -> str:
        """Move to the next token and return the one left behind."""
        passed = self._token
        match = _TOKEN.match(self._text, self._offset)
        if match is None or match.lastgroup is None:
            space = _SPACE.match(self._text, self._offset)
            self._start = space.end() if space else self._offset
            raise self._error(f"unexpected {self._text[self._start :].partition(chr(10))[0][:20]!r}")
        self._kind = match.lastgroup
        self._start = match.start(self._kind)
        self._offset = match.end()
        self._token = self._text[self._start : self._offset]
        return passed

    @property
    def _line(self) -> int:
        """The line of the token; counted only where it is asked for, from where it was last."""
        self._lines += self._text.count("\n", self._counted, self._start)
        self._counted = self._start
        return self._lines

    def _error(self, message: str, hint: str | None = None) -> DataError:
        return DataError(message, file=self._path, line=self._line, hint=hint)

    def _expect(self, mark: str) -> None:
        if self._token != mark:
            raise self._error(f"expected '{mark}', found {self._token[:40] or 'the end of the file'!r}")
        self._advance()

    def _at(self, mark: str) -> bool:
        # Nothing but a mark is written like one.
        return self._token == mark

    # Statements ------------------------------------------------------------------------------------------------------

    def _statement(self) -> None:
        word = self._token.lower()
        if self._kind == "at" and word in ("@prefix", "@base"):
            self._directive(word[1:])
            self._expect(".")
        elif self._kind == "word" and word in ("prefix", "base"):
            self._directive(word)
        elif self._kind == "word" and word == "graph":
            self._advance()
            self._block(self._node())
        elif self._at("{"):
            self._block(None)
        else:
            self._triples_or_block()

    def _directive(self, word: str) -> None:
        self._advance()
        if word == "base":
            self._base = self._iri()
            self._names.clear()
            return
        if self._kind != "name" or not self._token.endswith(":"):
            raise self._error(f"expected a prefix such as 'ex:', found {self._token[:40]!r}")
        prefix = self._advance()[:-1]
        self._prefixes[prefix] = self._iri()
        self._names.clear()

    def _triples_or_block(self) -> None:
        """Read ``subject predicates .``, or ``graph { … }``, which begins alike."""
        subject, described = self._subject()
        if self._at("{"):
            self._block(subject)
            return
        if not (described and self._at(".")):
            self._predicates(subject)
        self._expect(".")

    def _block(self, graph: Term | None) -> None:
        if graph is not None:
            self.blocks.append(Block(graph, self._line))
        self._expect("{")
        self._graph = graph
        while not self._at("}"):
            subject, described = self._subject()
            if not (described and (self._at(".") or self._at("}"))):
                self._predicates(subject)
            if not self._at("}"):
                self._expect(".")
        self._graph = None
        self._advance()

    def _subject(self) -> tuple[Term, bool]:
        """Read a subject, and whether its own brackets already said something of it."""
        if self._at("["):
            return self._blank_with_properties()
        if self._at("("):
            return self._collection(), False
        return self._node(), False

    def _predicates(self, subject: Term) -> None:
        while True:
            predicate = self._predicate()
            while True:
                line = self._line
                self._add(subject, predicate, self._object(), line)
                if not self._at(","):
                    break
                self._advance()
            if not self._at(";"):
                return
            while self._at(";"):
                self._advance()
            if self._at(".") or self._at("]") or self._at("}"):
                return

    def _add(self, subject: Term, predicate: IRI, value: Term, line: int) -> None:
        self._found.append(Position(self._graph, subject, predicate, value, line))

    # Terms -----------------------------------------------------------------------------------------------------------

    def _predicate(self) -> IRI:
        if (self._kind, self._token) == ("word", "a"):
            self._advance()
            return _TYPE
        return IRI(self._iri())

    def _node(self) -> Term:
        """Read an IRI or a blank node."""
        if self._kind == "blank":
            return BlankNode(self._advance()[2:])
        if self._at("["):
            node, described = self._blank_with_properties()
            if described:
                raise self._error("a graph's name cannot have properties")
            return node
        return IRI(self._iri())

    def _object(self) -> Term:
        if self._kind in ("string", "long"):
            return self._string()
        if self._kind in ("integer", "decimal", "double"):
            datatype = XSD + self._kind
            return Literal(self._advance(), None, datatype)
        if self._kind == "word" and self._token in ("true", "false"):
            return Literal(self._advance(), None, XSD + "boolean")
        if self._at("["):
            return self._blank_with_properties()[0]
        if self._at("("):
            return self._collection()
        return self._node()

    def _string(self) -> Literal:
        quotes = 3 if self._kind == "long" else 1
        value = self._unescape(self._advance()[quotes:-quotes])
        if self._kind == "at":
            return Literal(value, self._advance()[1:])
        if self._at("^^"):
            self._advance()
            return Literal(value, None, self._iri())
        return Literal(value)

    def _blank_with_properties(self) -> tuple[BlankNode, bool]:
        """Read ``[ … ]``: the node, and whether anything was said of it."""
        self._expect("[")
        node = self._new_blank()
        described = not self._at("]")
        if described:
            self._predicates(node)
        self._expect("]")
        return node, described

    def _collection(self) -> Term:
        self._expect("(")
        head: Term = _NIL
        last: Term | None = None
        while not self._at(")"):
            line = self._line
            item = self._object()
            node = self._new_blank()
            if last is None:
                head = node
            else:
                self._add(last, _REST, node, line)
            self._add(node, _FIRST, item, line)
            last = node
        if last is not None:
            self._add(last, _REST, _NIL, self._line)
        self._advance()
        return head

    def _new_blank(self) -> BlankNode:
        self._anonymous += 1
        return BlankNode(f"[{self._anonymous}]")

    def _iri(self) -> str:
        """Read an IRI in angle brackets or a prefixed name."""
        if self._kind == "iri":
            written = self._unescape(self._token[1:-1])
            if not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", written):
                if self._base is None:
                    raise self._error(f"relative IRI <{written}> without a base", "declare one with @base")
                written = _resolve(written, self._base)
            self._advance()
            return written
        if self._kind == "name":
            iri = self._names.get(self._token)
            if iri is None:
                prefix, _, local = self._token.partition(":")
                if prefix not in self._prefixes:
                    raise self._error(f"unknown prefix '{prefix}'", "declare it at the top of the file")
                iri = self._names[self._token] = self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
            self._advance()
            return iri
        raise self._error(f"expected an IRI, found {self._token[:40] or 'the end of the file'!r}")

    def _unescape(self, text: str) -> str:
        return _ESCAPE.sub(self._character, text) if "\\" in text else text

    def _character(self, match: re.Match[str]) -> str:
        short, long, letter = match.groups()
        if letter is None:
            return chr(int(short or long, 16))
        if letter not in "tbnrf\"'\\":
            raise self._error(f"unknown escape '\\{letter}' in a string", "write '\\\\' for a backslash")
        return _ESCAPE_LETTERS.get(letter, letter)


def _resolve(reference: str, base: str) -> str:
    """Resolve a relative IRI, whatever the scheme of its base.

    https://www.rfc-editor.org/rfc/rfc3986#section-5.2.2
    """
    scheme, authority, path, query, _ = _parts(base)
    _, own_authority, own_path, own_query, fragment = _parts(reference)
    if own_authority is not None:
        authority, path, query = own_authority, _without_dots(own_path), own_query
    elif own_path:
        if not own_path.startswith("/"):
            own_path = f"/{own_path}" if authority is not None and not path else path[: path.rfind("/") + 1] + own_path
        path, query = _without_dots(own_path), own_query
    elif own_query:
        query = own_query
    return f"{scheme}:" + (f"//{authority}" if authority is not None else "") + path + (query or "") + (fragment or "")


def _parts(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    match = _IRI_PARTS.fullmatch(iri)
    assert match is not None  # every string has these parts, most of them empty
    scheme, authority, path, query, fragment = match.groups()
    return scheme, authority, path, query, fragment


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
            if last:
                kept.append("")
        elif segment == ".":
            if last:
                kept.append("")
        else:
            kept.append(segment)
    return "/".join(kept)
