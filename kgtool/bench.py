"""How long stores take to answer the saved queries, side by side: in turns, in one run, the same answers first."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import exp, log
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

from kgtool.errors import KgError
from kgtool.queries.golden import compare_answers, with_stand_ins
from kgtool.queries.parameters import bind_parameters
from kgtool.queries.saved import SavedQuery
from kgtool.sparql import bind
from kgtool.store import Store

__all__ = ["Timing", "mean_ratio", "measure"]

#: Told how many queries are measured, of how many, and which is next.
Progress = Callable[[int, int, str], object]


class Timing(NamedTuple):
    """How long one store took to answer one query.

    :param rows: of the answer, or its triples; 1 for true or false.
    :param median: milliseconds, with the quartiles below and above it.
    :param ratio: the median of the ratios to the first store's time in the same round: 2 is twice as long.
    :param differs: whether the answer is another than the first store's.
    :param problem: why there is no answer, and no time.
    """

    query: str
    store: str
    rows: int = 0
    median: float = 0.0
    lower: float = 0.0
    upper: float = 0.0
    ratio: float = 0.0
    differs: bool = False
    problem: str | None = None


def measure(
    stores: Mapping[str, Store],
    queries: Sequence[SavedQuery],
    *,
    prefixes: Mapping[str, str],
    rounds: int = 9,
    progress: Progress | None = None,
) -> list[Timing]:
    """Ask every query with the defaults of its parameters, of every store in turn.

    What is timed is from the text of the query, its parameters bound, to the last byte of the answer as CSV or
    N-Triples. The first answer of each store is compared with the first store's, and not timed.

    :param stores: by name; ratios are to the first.
    :param rounds: how often each store is asked.
    """
    timings: list[Timing] = []
    for number, query in enumerate(queries):
        if progress is not None:
            progress(number, len(queries), query.name)
        timings += _measure(stores, query, prefixes, rounds)
    return timings


def mean_ratio(timings: Iterable[Timing]) -> float | None:
    """Return the geometric mean of ratios; ``None`` if there is none.

    >>> round(mean_ratio([Timing("a", "s", ratio=0.5), Timing("b", "s", ratio=8.0)]), 9)
    2.0
    """
    ratios = [log(timing.ratio) for timing in timings if timing.ratio]
    return exp(sum(ratios) / len(ratios)) if ratios else None


def _measure(stores: Mapping[str, Store], query: SavedQuery, prefixes: Mapping[str, str], rounds: int) -> list[Timing]:
    first = next(iter(stores))
    found: dict[str, Timing] = {}
    try:
        text = bind(query.text, bind_parameters(stores[first], query, {}, prefixes=prefixes))
        answers = compare_answers(stores, query, prefixes=prefixes)
    except KgError as exc:
        return [Timing(query.name, name, problem=str(exc)) for name in stores]
    asked = []
    for name, store in stores.items():
        answer = answers[name]
        if isinstance(answer, KgError):
            found[name] = Timing(query.name, name, problem=str(answer))
        else:
            found[name] = Timing(query.name, name, len(answer) - 1, differs=answer != answers[first])
            asked.append((name, with_stand_ins(store, query)))
    times: dict[str, list[float]] = {name: [] for name, _ in asked}
    for _ in range(rounds):
        for name, store in asked:
            times[name].append(_ask(store, text, prefixes))
    base = times.get(first)
    for name, taken in times.items():
        ratios = [one / other for one, other in zip(taken, base, strict=True)] if base else []
        lower, _, upper = quantiles(taken, n=4, method="inclusive") if rounds > 1 else taken * 3
        found[name] = found[name]._replace(
            median=median(taken), lower=lower, upper=upper, ratio=median(ratios) if ratios else 0.0
        )
    return list(found.values())


def _ask(store: Store, text: str, prefixes: Mapping[str, str]) -> float:
    """Return the milliseconds that an answer took."""
    stream = io.BytesIO()
    begun = perf_counter()
    result = store.query(text, prefixes=prefixes)
    if result.form == "ask":
        stream.write(str(result.boolean).encode())
    else:
        result.write(stream, "ntriples" if result.form == "graph" else "csv")
    return (perf_counter() - begun) * 1000
