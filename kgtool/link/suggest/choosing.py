"""From compared rows to candidates: the names that speak most for a pair, the best pairs of each thing, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kgtool.link.suggest.engines import Pair
from kgtool.link.suggest.preparing import Prepared
from kgtool.link.suggest.records import Record

__all__ = ["Candidate", "Step", "choose", "probability", "weight_of"]


class Step(NamedTuple):
    """A step of the waterfall: what was compared, how it came out, and how many bits that is worth."""

    feature: str
    outcome: str
    bits: float


class Candidate(NamedTuple):
    """Two records that may be one.

    :param weight: the logarithm, to base 2, of the odds that they are: the sum of the steps.
    :param rival: the weight of the next best candidate of the same record of ours; ``None`` if there is none.
    """

    ours: Record
    theirs: Record
    weight: float
    steps: tuple[Step, ...]
    rival: float | None = None

    @property
    def probability(self) -> float:
        """How probable it is that they are one."""
        return probability(self.weight)


def probability(weight: float) -> float:
    """Return the probability that a weight stands for.

    >>> probability(0), round(probability(10), 4)
    (0.5, 0.999)
    """
    return 1 / (1 + 2**-weight)


def weight_of(probability_: float) -> float:
    """Return the weight of a probability: the inverse of :func:`probability`."""
    return math.log2(probability_ / (1 - probability_)) if probability_ < 1 else math.inf


def choose(
    prepared: Prepared,
    pairs: Iterable[Pair],
    labels: Mapping[str, Mapping[int, str]],
    *,
    limit: int,
    one_to_one: bool = False,
) -> list[Candidate]:
    """Return the best candidates of every record of ours, the best first.

    A pair of records counts by the pair of their names that speaks most for it.

    :param labels: what the levels of each comparison are called.
    :param limit: the most for each record.
    :param one_to_one: whether a record of theirs is given only to the one of ours that it suits best.
    """
    best: dict[tuple[int, int], Pair] = {}
    for pair in pairs:
        known = best.get((pair.ours, pair.theirs))
        if known is None or (-pair.weight, pair.names) < (-known.weight, known.names):
            best[pair.ours, pair.theirs] = pair
    by_ours: dict[int, list[Pair]] = {}
    suits: dict[int, Pair] = {}
    for pair in sorted(best.values(), key=lambda one: _order(prepared, one)):
        by_ours.setdefault(pair.ours, []).append(pair)
        suits.setdefault(pair.theirs, pair)
    found = []
    for ours in sorted(by_ours):
        ranked = by_ours[ours]
        for place, pair in enumerate(ranked[:limit]):
            if one_to_one and suits[pair.theirs] is not pair:
                continue
            others = [one.weight for one in ranked if one is not pair]
            found.append(
                Candidate(
                    prepared.ours[ours],
                    prepared.theirs[pair.theirs],
                    pair.weight,
                    tuple(_steps(prepared, pair, labels)),
                    max(others) if others and place == 0 else ranked[0].weight if place else None,
                )
            )
    return found


def _order(prepared: Prepared, pair: Pair) -> tuple[float, str, str]:
    return -pair.weight, prepared.theirs[pair.theirs].id, prepared.ours[pair.ours].id


def _steps(prepared: Prepared, pair: Pair, labels: Mapping[str, Mapping[int, str]]) -> Sequence[Step]:
    said = sum(bits for bits, _ in pair.bits.values())
    steps = [Step("before", f"one of {prepared.size}", round(pair.weight - said, 3))]
    for feature, (bits, level) in pair.bits.items():
        if level >= 0:
            outcome = labels.get(feature, {}).get(level, str(level))
            if feature == "name":
                ours, theirs = pair.names
                outcome += f" ({ours})" if ours == theirs else f" ({ours} : {theirs})"
            steps.append(Step(feature, outcome, round(bits, 3)))
    return steps
