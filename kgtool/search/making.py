"""What an index is written from: things read in batches, in several processes if there are many, in their order.

What is made of a batch is the same in any process, and batches come back in the order in which they were given: an
index does not tell in how many processes it was made.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from kgtool.errors import StoreError
from kgtool.search.forms import Form, entry_of, forms_of, labels_of, shelf_of, to_json
from kgtool.search.names import KINDS, Said, things_among

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["FormMade", "Made", "Maker", "ThingMade", "form_row", "made_of_all"]

#: Batches below which starting processes takes longer than it saves.
_FEW = 8
#: Batches that are under way at once, per process.
_UNDER_WAY = 3

_KINDS = {kind: place for place, kind in enumerate(KINDS)}


class FormMade(NamedTuple):
    """A form, and what it is found by.

    :param shelf: the first number of its group, length and kind.
    :param row: its columns but for number and thing: folded, bare, readings, spellings.
    :param terms: all terms but those of its thing's classes, with spaces between.
    :param keys: those of what is left of it without each of its characters: numbers of 4 bytes.
    """

    shelf: int
    folded: str
    row: tuple[str | None, str, str | None, str]
    terms: str
    keys: bytes


class ThingMade(NamedTuple):
    """A thing and its forms.

    :param labels: what it is shown by, as JSON.
    :param stated: its classes.
    :param within: those, and the classes above them.
    """

    iri: str
    labels: str
    stated: tuple[str, ...]
    within: tuple[str, ...]
    forms: list[FormMade]


class Made(NamedTuple):
    """What is made of a batch: its things, and of all their forms how many have a term; words, syllables."""

    things: list[ThingMade]
    frequency: dict[str, int]
    words: set[str]
    syllables: set[str]


class Maker:
    """Makes batches.

    :param characters: from characters to their Simplified counterparts.
    :param above: the classes directly above each class.
    :param prefixes: those that things are called by as CURIEs.
    """

    def __init__(
        self, characters: Mapping[str, str], above: Mapping[str, set[str]], prefixes: Mapping[str, str]
    ) -> None:
        self._characters = str.maketrans(dict(characters))
        self._above = dict(above)
        self._prefixes = dict(prefixes)

    def make(self, batch: Iterable[Said]) -> Made:
        """Make a batch.

        :param batch: what is said of some things, sorted by their IRIs; of each of them, all.
        """
        made = Made([], Counter(), set(), set())
        for thing in things_among(batch, above=self._above, prefixes=self._prefixes):
            forms = [self._form(form, made) for form in forms_of(thing, self._characters)]
            made.things.append(ThingMade(thing.iri, to_json(labels_of(thing)), thing.classes, thing.within, forms))
        return made

    def _form(self, form: Form, made: Made) -> FormMade:
        entry = entry_of(form)
        count = made.frequency
        for part in entry.parts:
            count[part] += 1
        made.words.update(entry.words)
        made.syllables.update(entry.syllables)
        keys = array("I", entry.keys).tobytes()
        return FormMade(shelf_of(form)[0], form.folded, form_row(form, entry.readings), " ".join(entry.terms), keys)


def form_row(form: Form, readings: str | None) -> tuple[str | None, str, str | None, str]:
    """Return a form as the columns of its row say it: folded, bare, readings, spellings."""
    folded = form.folded if form.folded != form.bare else None
    # As to_json writes the whole, which takes three times as long.
    spellings = ",".join(
        f"[{_KINDS[name.kind]},{to_json(name.language) if name.language else 'null'},{to_json(name.text)}]"
        for name in form.spellings
    )
    return folded, form.bare, readings, f"[{spellings}]"


def made_of_all(maker: Maker, batches: Iterable[list[Said]], *, processes: int) -> Iterator[Made]:
    """Make batch after batch.

    :param processes: the most that work on it besides this one; 1 for none.
    :raises StoreError: if one of them is ended by something else.
    """
    waiting = iter(batches)
    first = list(islice(waiting, _FEW))
    if processes < 2 or len(first) < _FEW:
        yield from map(maker.make, first)
        yield from map(maker.make, waiting)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # Processes that start afresh: the engine's threads do not survive a fork.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (maker,)) as pool:
        under_way: deque[Future[Made]] = deque()
        try:
            for batch in chain(first, waiting):
                under_way.append(pool.submit(_make_here, batch))
                if len(under_way) >= _UNDER_WAY * processes:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool as exc:
            hint = "free some memory, or load with --no-index"
            raise StoreError("a process that reads names was ended", hint=hint) from exc
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


#: In a process of a pool: what makes its batches.
_here: list[Maker] = []


def _begin(maker: Maker) -> None:
    _here.append(maker)


def _make_here(batch: list[Said]) -> Made:
    return _here[0].make(batch)
