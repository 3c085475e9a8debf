"""An index asked: what a name, the beginning of one, a part, its pinyin or a misspelling of it may mean."""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

from kgtool.errors import StoreError
from kgtool.search.looks import IDENTIFIED, Looks, Row, speaks
from kgtool.search.names import FORMAT, KINDS
from kgtool.search.question import Question, read_question
from kgtool.search.rating import EXACT

__all__ = ["Index", "Match"]


class Match(NamedTuple):
    """A thing that was found.

    :param iri: its IRI.
    :param label: its preferred label in the language of the name that matched; in another if it has none there.
    :param name: the name that matched, as it is written.
    :param language: of that name; ``None`` if it has none.
    :param kind: of that name: ``prefLabel``, ``label``, ``altLabel``, ``hiddenLabel``, ``notation``, ``curie``,
        ``iri``, ``gist`` or ``quote``.
    :param classes: the IRIs of its classes, as they are stated.
    :param score: 1 for the exact name in any script, case or width; at least 0.75 for a beginning, 0.5 for a part;
        less for what is only near.
    """

    iri: str
    label: str
    name: str
    language: str | None
    kind: str
    classes: tuple[str, ...]
    score: float


#: How many times more matches than wanted a look may find: those found first need not be the best of it.
_SPARE = 4
#: Names that one thing is resolved by.
_NAMES = ("prefLabel", "label", "altLabel", "hiddenLabel")
_MOST_NAMED = 2000
#: Things that are remembered: a thing that is found once is found again.
_REMEMBERED = 10_000
#: What the words of a CURIE are worth as a name.
_AS_NAME = 0.95


class _Thing(NamedTuple):
    """What the index says of a thing: its preferred labels by language, and its classes as they are stated."""

    iri: str
    labels: dict[str, str]
    classes: tuple[str, ...]


class Index:
    """The names of a graph.

    :param database: one that :func:`kgtool.search.writing.write_index` made.
    :raises StoreError: if another version of kgtool made it.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self._thing = lru_cache(_REMEMBERED)(self._read_thing)
        (made_as,) = database.execute("PRAGMA user_version").fetchone()
        if made_as != FORMAT:
            raise StoreError("the index of names was made by another version of kgtool", hint="run 'kgtool build'")
        meta = dict(database.execute("SELECT key, value FROM meta"))
        pairs = meta["characters"]
        self._characters = dict(zip(map(ord, pairs[::2]), pairs[1::2], strict=True))
        self._looks = Looks(database, characters=self._characters, prefixes=json.loads(meta["prefixes"]))
        self._class_iris = dict(database.execute("SELECT id, iri FROM class"))
        self._class_numbers = {iri: number for number, iri in self._class_iris.items()}

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        classes: Iterable[str] = (),
        languages: Iterable[str] = (),
        kinds: Iterable[str] = ("label",),
        fuzzy: bool = True,
    ) -> list[Match]:
        """Find things by their names, the best first: each once, by the name that matches best.

        :param text: a name in any script, a part of one, pinyin in full or initials, a CURIE, an IRI.
        :param limit: the most matches.
        :param classes: IRIs of classes; only instances of one of them, or of a class below one, are found.
        :param languages: tags; only names in one of them are looked at: ``zh`` means both scripts.
        :param kinds: ``label``, ``gist``, ``quote``, or single kinds of labels such as ``prefLabel``.
        :param fuzzy: whether to find names that are only near, where no exact one and too few others are found.
        :raises QueryError: if a kind does not exist.
        :raises StoreError: if the index is damaged.

        >>> from kgtool.project import shipped_root
        >>> from kgtool.search import open_index
        >>> from kgtool.store import open_store
        >>> index = open_index(open_store(shipped_root() / "graph" / "entities" / "parks.ttl"))
        >>> [match.label for match in index.search("gxq", limit=1)]
        ['昆明高新技术产业开发区']
        """
        question = self._read(text, limit, classes, languages, kinds)
        if question is None:
            return []
        with _reading():
            matches = self._find(question, fuzzy=fuzzy)
        matches.sort(key=lambda match: (-match.score, _order(match.kind), len(match.name), match.name, match.iri))
        return matches[:limit]

    def named(self, text: str, *, classes: Iterable[str] = ()) -> list[str]:
        """Return the IRIs of the things that have a name, in any script, case or width: exactly that one, sorted."""
        question = self._read(text, _MOST_NAMED, classes, (), _NAMES)
        if question is None:
            return []
        with _reading():
            exact = {row.thing for row, score in self._looks.exact(question) if score == EXACT}
            return sorted(self._thing(thing).iri for thing in exact)

    def labels(self, iri: str) -> dict[str, str]:
        """Return the preferred labels of a thing by language; of one that has no names, none."""
        row = self._db.execute("SELECT labels FROM thing WHERE iri = ?", (iri,)).fetchone()
        found: dict[str, str] = {} if row is None else json.loads(row[0])
        tags = sorted(found, key=lambda tag: (_rank(tag, traditional=False), tag))
        return {tag: found[tag] for tag in tags}

    def classes(self) -> list[str]:
        """Return the IRIs of the classes that something with a name belongs to, sorted."""
        return sorted(self._class_numbers)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _read(
        self, text: str, limit: int, classes: Iterable[str], languages: Iterable[str], kinds: Iterable[str]
    ) -> Question | None:
        return read_question(
            text,
            limit=limit,
            classes=classes,
            languages=languages,
            kinds=kinds,
            characters=self._characters,
            numbers=self._class_numbers,
        )

    def _find(self, question: Question, *, fuzzy: bool) -> list[Match]:
        """Take one look after the other until there are enough matches."""
        found: dict[int, tuple[float, Row]] = {}
        for look, is_last_resort in self._looks.of(question, fuzzy=fuzzy):
            if found and is_last_resort:
                continue
            for row, score in look:
                if row.thing not in found or score > found[row.thing][0]:
                    found[row.thing] = (score, row)
                if len(found) >= _SPARE * question.limit:
                    break
            if len(found) >= question.limit:
                break
        traditional = not question.text.isascii() and any(ord(one) in self._characters for one in question.text)
        return [self._match(question, row, score, traditional=traditional) for score, row in found.values()]

    def _match(self, question: Question, row: Row, score: float, *, traditional: bool) -> Match:
        iri, labels, stated = self._thing(row.thing)
        if row.id == IDENTIFIED:
            name, language = question.text.removeprefix("<").removesuffix(">"), None
            kind = "iri" if name == iri else "curie"
        else:
            name, language, kind = _spelling(question, row, traditional=traditional)
            if kind == "curie" and ":" not in question.text:
                score *= _AS_NAME
        label = _label(labels, language, traditional=traditional) or name
        return Match(iri, label, name, language, kind, stated, round(score, 4))

    def _read_thing(self, number: int) -> _Thing:
        row = self._db.execute("SELECT iri, labels, classes FROM thing WHERE id = ?", (number,)).fetchone()
        iri, labels, classes = row
        return _Thing(iri, json.loads(labels), tuple(self._class_iris[one] for one in json.loads(classes)))


@contextmanager
def _reading() -> Iterator[None]:
    """Say of an index that is damaged what to do about it."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        hint = "delete the folder of builds (KGTOOL_CACHE) and run 'kgtool build'"
        raise StoreError(f"the index of names cannot be read: {exc}", hint=hint) from exc


def _spelling(question: Question, row: Row, *, traditional: bool) -> tuple[str, str | None, str]:
    """Choose the spelling of a form that is nearest to the question's."""
    _, _, kind, language, text = min(
        (text != question.text, _rank(language, traditional=traditional), kind, language or "", text)
        for kind, language, text in json.loads(row.spellings)
        if kind in question.kinds and speaks(language, question.languages)
    )
    return text, language or None, KINDS[kind]


def _label(labels: Mapping[str, str], language: str | None, *, traditional: bool) -> str | None:
    """Choose the label to show beside a name: in its language, else in the usual order."""
    if language in labels:
        return labels[language or ""]
    order = sorted(labels, key=lambda tag: (_rank(tag, traditional=traditional), tag))
    return labels[order[0]] if order else None


def _rank(language: str | None, *, traditional: bool) -> int:
    """Say how welcome a language is: the script of the question first, then the other, English, any other, none."""
    order = ("zh-Hant", "zh-Hans", "zh", "en") if traditional else ("zh-Hans", "zh-Hant", "zh", "en")
    if language in order:
        return order.index(language)
    return len(order) + (not language)


def _order(kind: str) -> int:
    return -1 if kind == "iri" else KINDS.index(kind)
