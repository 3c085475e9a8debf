"""A question in plain words: the saved query nearest to it, asked with what the words say of its parameters.

No model is needed, and every choice can be explained: see docs/ask.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kgtool.ask.filling import Filled
from kgtool.ask.mentions import Lexicon, read_lexicon
from kgtool.ask.phrasebook import Phrasebook, make_phrasebook
from kgtool.ask.question import read_question
from kgtool.ask.ranking import Candidate, rank
from kgtool.errors import NotFoundError
from kgtool.queries.listing import question_in
from kgtool.queries.parameters import run
from kgtool.queries.saved import SavedQuery, is_answerable
from kgtool.store import Store
from kgtool.table import visible

__all__ = ["THRESHOLD", "Candidate", "Choice", "Filled", "Interpreter"]

#: The score from which on a query is taken for what was asked.
THRESHOLD = 0.32

#: How many more queries are offered.
_MORE = 2
#: How much of a question a message repeats.
_REPEATED = 80


class Choice(NamedTuple):
    """The saved query chosen for a question, and the next best ones."""

    question: str
    language: str
    chosen: Candidate
    others: tuple[Candidate, ...]


class Interpreter:
    """Understands questions to one graph: its names and its saved queries are read once.

    :param prefixes: those of the project.
    """

    def __init__(self, store: Store, queries: Iterable[SavedQuery], *, prefixes: Mapping[str, str]) -> None:
        self._store = store
        self._prefixes = prefixes
        self._lexicon: Lexicon = read_lexicon(store)
        answerable = [query for query in queries if is_answerable(query, store.services)]
        self._phrasebook: Phrasebook = make_phrasebook(store, answerable, prefixes, self._lexicon)

    def rank(self, question: str) -> list[Candidate]:
        """Compare a question with every saved query, nearest first."""
        read = read_question(question, self._lexicon, self._phrasebook)
        return rank(read, self._phrasebook, self._lexicon, prefixes=self._prefixes, answers=self._answers)

    def choose(self, question: str) -> Choice:
        """Choose the saved query for a question.

        :raises NotFoundError: if none is near enough; the message names what the graph does not know, and the nearest.
        """
        read = read_question(question, self._lexicon, self._phrasebook)
        ranked = rank(read, self._phrasebook, self._lexicon, prefixes=self._prefixes, answers=self._answers)
        near = [candidate for candidate in ranked[: _MORE + 1] if candidate.score]
        if near and near[0].score >= THRESHOLD:
            return Choice(question, read.language, near[0], tuple(near[1:]))
        unknown = f"; the graph has nothing called {', '.join(read.unknown)}" if read.unknown else ""
        reached = f"the best score is {near[0].score:.2f}" if near else "none shares a word with it"
        offered = ", ".join(f"‘{question_in(one.query, read.language)}’ ({one.query.name})" for one in near)
        raise NotFoundError(
            f"no saved query answers '{visible(question[:_REPEATED])}'{unknown}: {reached}, {THRESHOLD:.2f} is needed",
            hint=f"the nearest: {offered}" if offered else "'kgtool queries' lists what can be asked",
        )

    def _answers(self, query: SavedQuery, given: Mapping[str, str]) -> bool:
        result = run(self._store, query, given, prefixes=self._prefixes)
        if result.form == "ask":
            return result.boolean
        found: Iterator[object] = result.rows() if result.form == "select" else result.triples()
        return next(found, None) is not None
