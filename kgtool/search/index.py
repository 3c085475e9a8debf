"""An index asked: what a name, the beginning of one, a part, its pinyin or a misspelling of it may mean.

Looks are taken in turn, the surest first, and only until there are enough matches: the exact name; names that begin so;
names that hold all of its words or characters; names that differ in one character; names that share some of it.
"""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from kgtool.errors import QueryError, StoreError
from kgtool.namespaces import expand
from kgtool.search import tokens
from kgtool.search.folding import bare, fold, is_latin, is_unspaced, runs
from kgtool.search.names import GROUP_BITS, GROUPS, KINDS
from kgtool.search.nearness import deletions, differ_by_one, key_of, overlap
from kgtool.search.pinyin import initials, misspellings, split_syllables

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


class _Row(NamedTuple):
    """A form that may match."""

    id: int
    thing: int
    folded: str
    bare: str
    readings: str | None


class _Wanted(NamedTuple):
    """A question, prepared."""

    text: str
    folded: str
    bare: str
    runs: list[str]
    limit: int
    #: What every term query must also hold.
    filters: list[str]
    #: Ranges of the numbers of forms.
    ranges: list[tuple[int, int]]
    kinds: frozenset[int]
    classes: frozenset[int] | None
    languages: tuple[str, ...]


#: From a row to how well it matches; nothing if it does not.
_Rate = Callable[[_Row], float | None]

#: Characters of a question beyond which the rest is not looked at.
_LONGEST = 200
#: How many times more matches than wanted a look may find: those found first need not be the best of it.
_SPARE = 4
#: Rows that one look goes through.
_MOST_ROWS = 2000
#: Rows that a look for what is only near goes through, terms that it takes, words that one may have been meant as.
_MOST_NEAR = 600
_MOST_RARE = 4
_MOST_WORDS = 12
#: What names must have in common with a question to be near it.
_NEAR = 0.34
#: Fewer initials are a part of too many names.
_FEWEST_INITIALS = 2

_FORM = "SELECT form.id, thing, folded, bare, readings FROM form"


class Index:
    """The names of a graph.

    :param connection: to a database that :func:`kgtool.search.writing.write_index` made.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        pairs = meta["characters"]
        self._characters = dict(zip(map(ord, pairs[::2]), pairs[1::2], strict=True))
        self._prefixes: dict[str, str] = json.loads(meta["prefixes"])
        self._classes = {iri: number for number, iri in connection.execute("SELECT id, iri FROM class")}
        self._class_iris = {number: iri for iri, number in self._classes.items()}
        self._syllables: frozenset[str] | None = None

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
        :param fuzzy: whether to find names that are only near, where there are too few others.
        :raises QueryError: if a kind does not exist.

        >>> from kgtool.project import shipped_root
        >>> from kgtool.search import open_index
        >>> from kgtool.store import open_store
        >>> index = open_index(open_store(shipped_root() / "graph" / "entities" / "parks.ttl"))
        >>> [match.label for match in index.search("gxq", limit=1)]
        ['昆明高新技术产业开发区']
        """
        wanted = self._prepare(text, limit, classes, languages, kinds)
        if wanted is None or limit < 1:
            return []
        with _reading():
            matches = self._search(wanted, fuzzy=fuzzy)
        matches.sort(key=lambda match: (-match.score, _order(match.kind), len(match.name), match.name, match.iri))
        return matches[:limit]

    def named(self, text: str, *, classes: Iterable[str] = ()) -> list[str]:
        """Return the IRIs of the things that have a name, in any script, case or width: exactly that one, sorted."""
        wanted = self._prepare(text, _MOST_ROWS, classes, (), _LABELS)
        if wanted is None:
            return []
        with _reading():
            rows = [row for row, score in self._exact(wanted) if score == 1.0]
            return sorted({self._iri(row.thing) for row in rows})

    def labels(self, iri: str) -> dict[str, str]:
        """Return the preferred labels of a thing by language; of one that has no names, none."""
        row = self._db.execute("SELECT labels FROM thing WHERE iri = ?", (iri,)).fetchone()
        found: dict[str, str] = {} if row is None else json.loads(row[0])
        return {
            language: found[language] for language in sorted(found, key=lambda tag: (_script_rank(tag, False), tag))
        }

    def classes(self) -> list[str]:
        """Return the IRIs of the classes that something with a name belongs to, sorted."""
        return sorted(self._classes)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # A question -------------------------------------------------------------------------------------------------------

    def _prepare(
        self,
        text: str,
        limit: int,
        classes: Iterable[str],
        languages: Iterable[str],
        kinds: Iterable[str],
    ) -> _Wanted | None:
        """Read a question; nothing if nothing can match it."""
        text = "".join(character for character in text[:_LONGEST] if not "\ud800" <= character <= "\udfff").strip()
        folded = fold(text, self._characters)
        wanted_kinds = _kinds_of(kinds)
        numbers = None
        filters: list[str] = []
        tags = tuple(languages)
        given = tuple(classes)
        if given:
            numbers = frozenset(self._classes[class_] for class_ in given if class_ in self._classes)
            if not numbers:
                return None
            filters.append(_any(tokens.quoted(tokens.class_term(number)) for number in sorted(numbers)))
        if tags:
            plain = [tag for tag in tags if tag.replace("-", "").isalnum()]
            if not plain:
                return None
            filters.append(_any(tokens.quoted(tokens.language_terms(tag)[-1]) for tag in plain))
        if not folded:
            return None
        groups = sorted({number for number, group in enumerate(GROUPS) if wanted_kinds & _GROUP_KINDS[group]})
        ranges = [(number << GROUP_BITS, (number + 1) << GROUP_BITS) for number in groups]
        return _Wanted(text, folded, bare(folded), runs(folded), limit, filters, ranges, wanted_kinds, numbers, tags)

    def _search(self, wanted: _Wanted, *, fuzzy: bool) -> list[Match]:
        """Take one look after the other until there are enough matches."""
        found: dict[int, tuple[float, _Row]] = {}
        for look in self._looks(wanted, fuzzy=fuzzy, found=found):
            for row, score in look:
                if row.thing not in found or score > found[row.thing][0]:
                    found[row.thing] = (score, row)
                if len(found) >= _SPARE * wanted.limit:
                    break
            if len(found) >= wanted.limit:
                break
        matches = (self._match(wanted, row, score) for score, row in found.values())
        return [match for match in matches if match is not None]

    def _looks(self, wanted: _Wanted, *, fuzzy: bool, found: Collection[int]) -> Iterator[Iterable[tuple[_Row, float]]]:
        """Return one look after the other."""
        yield self._identified(wanted)
        if wanted.text.partition(":")[0] in self._prefixes and ":" in wanted.text:
            yield self._curies(wanted)
            if fuzzy:
                yield self._near_curies(wanted)
            return
        yield self._exact(wanted)
        spelled = bool(wanted.runs)
        sounds = is_latin(wanted.bare)
        if spelled:
            yield self._beginning(wanted)
        if sounds:
            yield self._sounding(wanted, wanted.bare)
        if spelled:
            yield self._holding(wanted)
        if not (fuzzy and spelled):
            return
        yield self._one_off(wanted)
        yield self._words_off(wanted)
        if sounds and not found:
            for letters in misspellings(wanted.bare)[:40]:
                yield ((row, score * 0.5) for row, score in self._sounding(wanted, letters) if score > _SOUNDS_INSIDE)
                if found:
                    return
        if not found:
            yield self._sharing(wanted)

    # Looks ------------------------------------------------------------------------------------------------------------

    def _identified(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        """Find a thing by its IRI or CURIE."""
        if not wanted.kinds & _GROUP_KINDS["label"]:
            return
        text = wanted.text.removeprefix("<").removesuffix(">")
        row = self._db.execute("SELECT id FROM thing WHERE iri = ?", (expand(text, self._prefixes) or text,)).fetchone()
        if row is not None and self._is_within(row[0], wanted):
            yield _Row(_IDENTIFIED, row[0], "", "", None), 1.0

    def _curies(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        """Find CURIEs that begin like the question."""
        prefix, _, local = wanted.text.partition(":")
        folded = fold(local, self._characters)
        terms = [tokens.quoted(tokens.prefix_term(prefix))]
        if folded:
            terms.append(tokens.quoted(tokens.beginning(bare(folded))))

        def rate(row: _Row) -> float | None:
            return _share(0.8, 0.89, folded, row.folded) if row.folded.startswith(folded) else None

        return self._rows(wanted, terms, rate)

    def _near_curies(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        """Find CURIEs whose words are those of the question, but for a character."""
        prefix, _, local = wanted.text.partition(":")
        folded = fold(local, self._characters)
        near = [self._near_words(word) for word in runs(folded)]
        if not near or not all(near):
            return
        terms = [tokens.quoted(tokens.prefix_term(prefix)), *(_any(map(tokens.quoted, words)) for words in near)]
        yield from self._rows(wanted, terms, lambda row: 0.5 * overlap(folded, row.folded), most=_MOST_NEAR)

    def _exact(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        rows = self._db.execute(f"{_FORM} WHERE bare = ? ORDER BY id LIMIT ?", (wanted.bare, _MOST_ROWS))
        for row in map(_Row._make, rows):
            if self._admits(wanted, row):
                yield row, 1.0 if row.folded == wanted.folded else 0.99

    def _beginning(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        def rate(row: _Row) -> float | None:
            return _share(0.80, 0.89, wanted.bare, row.bare) if row.bare.startswith(wanted.bare) else None

        terms = [tokens.quoted(tokens.beginning(wanted.bare)), *_terms_of(wanted.runs)]
        return self._rows(wanted, terms, rate)

    def _holding(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        unspaced = [run for run in wanted.runs if is_unspaced(run)]
        words = [run for run in wanted.runs if not is_unspaced(run)]

        def rate(row: _Row) -> float | None:
            if not all(run in row.bare for run in unspaced):
                return None
            there = runs(row.folded) if words else []
            whole = sum(word in there for word in words)
            return _share(0.60, 0.72, wanted.bare, row.bare) + 0.02 * (whole == len(words))

        return self._rows(wanted, _terms_of(wanted.runs), rate)

    def _sounding(self, wanted: _Wanted, letters: str) -> Iterator[tuple[_Row, float]]:
        """Find names by pinyin: the whole of it, its beginning, a part; or by initials."""
        known = self._known_syllables()
        for split in split_syllables(letters, known):
            if len(split) == 1 and split[0] not in known:
                continue
            yield from self._rows(wanted, tokens.syllable_terms(split, known), lambda row: _rate_sound(row, letters))
        if len(letters) <= tokens.BEGINNING:
            yield from self._rows(wanted, [tokens.quoted(f"‹{letters}")], lambda row: _rate_sound(row, letters))
        if len(letters) >= _FEWEST_INITIALS:
            yield from self._rows(wanted, tokens.initial_terms(letters), lambda row: _rate_initials(row, letters))

    def _one_off(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        """Find names that one character makes of the question: by what is left of both without a character."""
        fewer = deletions(wanted.bare)
        if len(wanted.bare) < 2 or all(not is_unspaced(run) for run in wanted.runs):
            return
        keys = sorted({key_of(wanted.bare), *map(key_of, fewer)})
        near = f"{_FORM} JOIN misspelt_form ON form.id = misspelt_form.form WHERE key IN ({_marks(keys)})"
        shorter = f"{_FORM} WHERE bare IN ({_marks(fewer)})"
        rows = [
            _Row._make(row)
            for query, given in ((near, keys), (shorter, fewer))
            for row in self._db.execute(query, given)
        ]
        for row in sorted(set(rows)):
            if differ_by_one(wanted.bare, row.bare) and self._admits(wanted, row):
                yield row, _rate_one_off(wanted.bare, row.bare)

    def _words_off(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        """Find names that hold the words of the question, each spelled so or with one character wrong."""
        words = [run for run in wanted.runs if not is_unspaced(run)]
        if not words:
            return
        terms = _terms_of([run for run in wanted.runs if is_unspaced(run)])
        for word in words:
            near = [tokens.quoted(one) for one in self._near_words(word) if one != word]
            terms.append(_any([*_terms_of([word]), *near]))

        def rate(row: _Row) -> float | None:
            if row.bare.startswith(wanted.bare):
                return None
            if differ_by_one(wanted.bare, row.bare):
                return _rate_one_off(wanted.bare, row.bare)
            return 0.3 * overlap(wanted.bare, row.bare)

        yield from self._rows(wanted, terms, rate, most=_MOST_NEAR)

    def _sharing(self, wanted: _Wanted) -> Iterator[tuple[_Row, float]]:
        """Find names that share the rarest parts of the question."""
        parts: list[str] = []
        for run in wanted.runs:
            parts += tokens.pair_terms(run) if is_unspaced(run) else self._near_words(run)
        counted = [(self._frequency(part), part) for part in dict.fromkeys(parts)]
        rare = [part for frequency, part in sorted(counted) if frequency][:_MOST_RARE]
        if not rare:
            return

        def rate(row: _Row) -> float | None:
            shared = overlap(wanted.bare, row.bare)
            return 0.3 * shared if shared >= _NEAR else None

        yield from self._rows(wanted, [_any(map(tokens.quoted, rare))], rate, most=_MOST_NEAR)

    # The database -----------------------------------------------------------------------------------------------------

    def _rows(
        self, wanted: _Wanted, terms: Sequence[str], rate: _Rate, *, most: int = _MOST_ROWS
    ) -> Iterator[tuple[_Row, float]]:
        """Walk over the forms that are filed under all terms, the best first, and rate them."""
        query = " AND ".join(dict.fromkeys([*terms, *wanted.filters]))
        for first, end in wanted.ranges:
            rows = self._db.execute(
                "SELECT form.id, thing, folded, bare, readings FROM term JOIN form ON form.id = term.rowid "
                "WHERE term MATCH ? AND term.rowid >= ? AND term.rowid < ? ORDER BY term.rowid LIMIT ?",
                (query, first, end, most),
            )
            for row in map(_Row._make, rows):
                score = rate(row)
                if score is not None and (wanted.kinds == _ALL_LABELS or self._spelling(wanted, row) is not None):
                    yield row, score

    def _frequency(self, term: str) -> int:
        row = self._db.execute("SELECT doc FROM frequency WHERE term = ?", (term,)).fetchone()
        return 0 if row is None else int(row[0])

    def _near_words(self, word: str) -> list[str]:
        """Return the words there are that one character makes of another, and the word itself; the commonest first."""
        if any(map(str.isdigit, word)):
            return [word]
        keys = sorted({key_of(word), *map(key_of, deletions(word))})
        query = f"SELECT DISTINCT word FROM misspelt_word WHERE key IN ({_marks(keys)})"  # noqa: S608 - question marks
        near = [word, *(one for (one,) in self._db.execute(query, keys) if differ_by_one(one, word))]
        if len(near) > _MOST_WORDS:
            near.sort(key=lambda one: (one != word, -self._frequency(one), one))
        return sorted(near[:_MOST_WORDS])

    def _known_syllables(self) -> frozenset[str]:
        if self._syllables is None:
            self._syllables = frozenset(one for (one,) in self._db.execute("SELECT syllable FROM syllable"))
        return self._syllables

    def _admits(self, wanted: _Wanted, row: _Row) -> bool:
        """Say whether a form that no term query found is one that is wanted."""
        in_range = any(first <= row.id < end for first, end in wanted.ranges)
        return in_range and self._is_within(row.thing, wanted) and self._spelling(wanted, row) is not None

    def _is_within(self, thing: int, wanted: _Wanted) -> bool:
        if wanted.classes is None:
            return True
        (within,) = self._db.execute("SELECT within FROM thing WHERE id = ?", (thing,)).fetchone()
        return not wanted.classes.isdisjoint(json.loads(within))

    def _iri(self, thing: int) -> str:
        (iri,) = self._db.execute("SELECT iri FROM thing WHERE id = ?", (thing,)).fetchone()
        return str(iri)

    # Matches ----------------------------------------------------------------------------------------------------------

    def _match(self, wanted: _Wanted, row: _Row, score: float) -> Match | None:
        iri, labels, classes = self._db.execute(
            "SELECT iri, labels, classes FROM thing WHERE id = ?", (row.thing,)
        ).fetchone()
        by_language = json.loads(labels)
        if row.id == _IDENTIFIED:
            name, language = wanted.text.removeprefix("<").removesuffix(">"), None
            kind = "iri" if name == iri else "curie"
        else:
            spelling = self._spelling(wanted, row)
            if spelling is None:
                return None
            name, language, kind = spelling
            # The words of a CURIE are no name.
            score *= _AS_NAME if kind == "curie" and ":" not in wanted.text else 1.0
        stated = tuple(self._class_iris[number] for number in json.loads(classes))
        label = _label(by_language, language, self._is_traditional(wanted.text)) or name
        return Match(iri, label, name, language, kind, stated, round(score, 4))

    def _spelling(self, wanted: _Wanted, row: _Row) -> tuple[str, str | None, str] | None:
        """Choose the spelling of a form that is nearest to the question's; nothing if none is wanted."""
        found = self._db.execute("SELECT kind, language, text FROM spelling WHERE form = ?", (row.id,)).fetchall()
        traditional = self._is_traditional(wanted.text)
        best = min(
            (
                (text != wanted.text, _script_rank(language, traditional), kind, language or "", text)
                for kind, language, text in found
                if kind in wanted.kinds and _speaks(language, wanted.languages)
            ),
            default=None,
        )
        return None if best is None else (best[4], best[3] or None, KINDS[best[2]])

    def _is_traditional(self, text: str) -> bool:
        return not text.isascii() and any(ord(character) in self._characters for character in text)


#: The number of no form: the thing was named by its IRI.
_IDENTIFIED = -1
_GROUP_KINDS = {group: frozenset(map(KINDS.index, kinds)) for group, kinds in GROUPS.items()}
_CURIE = KINDS.index("curie")
_AS_NAME = 0.95
_ALL_LABELS = frozenset(_GROUP_KINDS["label"])
_LABELS = ("prefLabel", "label", "altLabel", "hiddenLabel")
#: The score of pinyin inside a name.
_SOUNDS_INSIDE = 0.58


@contextmanager
def _reading() -> Iterator[None]:
    """Say of an index that is damaged what to do about it."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        hint = "delete the folder of builds (KGTOOL_CACHE) and run 'kgtool build'"
        raise StoreError(f"the index of names cannot be read: {exc}", hint=hint) from exc


def _kinds_of(kinds: Iterable[str]) -> frozenset[int]:
    found: set[int] = set()
    for kind in kinds:
        if kind in GROUPS and kind != "label":
            found |= _GROUP_KINDS[kind]
        elif kind == "label":
            found |= _GROUP_KINDS["label"]
        elif kind in KINDS:
            found.add(KINDS.index(kind))
        else:
            known = ", ".join(dict.fromkeys([*GROUPS, *KINDS]))
            raise QueryError(f"no kind of name is called '{kind[:40]}'", hint=f"there are {known}")
    return frozenset(found)


def _terms_of(found: Sequence[str]) -> list[str]:
    """Return what finds names with these runs: pairs of characters, beginnings of words."""
    terms: list[str] = []
    for run in found:
        if is_unspaced(run):
            terms += map(tokens.quoted, tokens.pair_terms(run))
        else:
            terms.append(tokens.word_beginning(run))
    return terms


def _any(terms: Iterable[str]) -> str:
    return f"({' OR '.join(dict.fromkeys(terms))})"


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _share(least: float, most: float, part: str, whole: str) -> float:
    """Rate a part by how much of the whole it is."""
    shorter, longer = sorted((len(part), len(whole)))
    return least + (most - least) * shorter / max(1, longer)


def _rate_one_off(one: str, other: str) -> float:
    """Rate two texts that differ in one character: it weighs less in a long one."""
    longer = max(one, other, key=len)
    return _share(0.30, 0.50, longer[1:], longer)


def _rate_sound(row: _Row, letters: str) -> float | None:
    best = None
    for reading in (row.readings or "").split("|"):
        syllables = reading.split(" ")
        written = "".join(syllables)
        if written == letters:
            return 0.95
        if written.startswith(letters):
            best = _share(0.75, 0.79, letters, written)
        elif best is None:
            starts = [sum(map(len, syllables[:at])) for at in range(1, len(syllables))]
            if any(written.startswith(letters, at) for at in starts):
                best = _share(0.55, _SOUNDS_INSIDE, letters, written)
    return best


def _rate_initials(row: _Row, letters: str) -> float | None:
    best = None
    for reading in (row.readings or "").split("|"):
        there = initials(tuple(filter(None, reading.split(" "))))
        if there == letters:
            return 0.90 if len(letters) > _FEWEST_INITIALS else 0.70
        if letters in there:
            inside = 0.0 if there.startswith(letters) else 0.05
            best = max(best or 0.0, _share(0.57, 0.59, letters, there) - inside)
    return best


def _label(labels: dict[str, str], language: str | None, traditional: bool) -> str | None:
    """Choose the label to show beside a name: in its language, else in the usual order."""
    if language in labels:
        return labels[language or ""]
    order = sorted(labels, key=lambda tag: (_script_rank(tag, traditional), tag))
    return labels[order[0]] if order else None


def _script_rank(language: str | None, traditional: bool) -> int:
    """Say how welcome a language is: the script of the question first, then the other, English, any other, none."""
    order = ("zh-Hant", "zh-Hans", "zh", "en") if traditional else ("zh-Hans", "zh-Hant", "zh", "en")
    if language in order:
        return order.index(language)
    return len(order) + (language is None)


def _speaks(language: str | None, wanted: tuple[str, ...]) -> bool:
    """Say whether a language is one of those wanted, or a narrower one."""
    if not wanted:
        return True
    tag = (language or "").lower()
    return any(tag == one.lower() or tag.startswith(f"{one.lower()}-") for one in wanted)


def _order(kind: str) -> int:
    return -1 if kind == "iri" else KINDS.index(kind)
