"""Two sets of records made ready to be compared: rows, how common names are, and nothing that finds no partner.

Only what shares a key with one of ours is kept of the other side, and keys that too many share are none: so what is
compared grows with the shorter side, however long the other is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kgtool.link.suggest.features import Row, features, readings_of
from kgtool.link.suggest.records import Record

__all__ = ["COUNTED", "Prepared", "prepare"]

#: Columns whose values count for more the rarer they are.
COUNTED = ("name", "core", "bag", "sound")
#: Records that may share a key before it is no key any more, for those that a dump's size does not bound.
_MOST = 1000
#: What a target is taken to have at least.
_LEAST = 1000
#: What a record counts that has a name as an alias only.
_AN_ALIAS = 0.5
#: How much of a name's count is the very record that is looked for, and no coincidence.
_ITSELF = 0.9


class Prepared(NamedTuple):
    """What is compared.

    :param ours: records of this side, as their rows refer to them by place; ``theirs`` those that can be partners.
    :param frequencies: by column and value, the probability that a record that is not meant has it.
    :param total: how many records the other side has, partners or not.
    :param size: how many it is taken to have: some outcomes are worth the same bits whatever their number, so that a
        handful of records is no better reason to believe in one of them.
    """

    ours: list[Record]
    theirs: list[Record]
    our_rows: list[tuple[int, Row]]
    their_rows: list[tuple[int, Row]]
    frequencies: dict[str, dict[str, float]]
    total: int
    size: int


def prepare(ours: Iterable[Record], theirs: Iterable[Record]) -> Prepared:
    """Make two sets of records ready; the second may be long, and is walked over once."""
    own = list(ours)
    own_rows = list(_rows(own))
    readings = readings_of(own)
    wanted = {key for _, row in own_rows for key in row.keys}
    known = {column: {getattr(row, column) for _, row in own_rows} - {""} for column in COUNTED}
    counted: dict[str, defaultdict[str, float]] = {column: defaultdict(float) for column in COUNTED}
    shared: Counter[str] = Counter()
    kept: list[Record] = []
    kept_rows: list[tuple[int, Row]] = []
    count = 0
    for record in theirs:
        count += 1
        rows = list(features(record, readings=readings))
        for column in COUNTED:
            for value, share in _shares(rows, column).items():
                if value in known[column]:
                    counted[column][value] += share
        rows = [row._replace(keys=[key for key in row.keys if key in wanted]) for row in rows]
        rows = [row for row in rows if row.keys]
        if rows:
            shared.update({key for row in rows for key in row.keys})
            kept_rows += [(len(kept), row) for row in rows]
            kept.append(record)
    common = {key for key, number in shared.items() if number > _MOST}
    size = max(count, _LEAST)
    frequencies = {
        column: {value: max(number - _ITSELF, 1 - _ITSELF) / size for value, number in found.items()}
        for column, found in counted.items()
    }
    return Prepared(own, kept, _without(own_rows, common), _without(kept_rows, common), frequencies, count, size)


def _rows(records: Iterable[Record]) -> Iterator[tuple[int, Row]]:
    for place, record in enumerate(records):
        for row in features(record):
            yield place, row


def _shares(rows: Iterable[Row], column: str) -> dict[str, float]:
    """Return how far a record is one of those that a name stands for: an alias of it does so less often."""
    shares: dict[str, float] = {}
    for row in rows:
        value = getattr(row, column)
        shares[value] = max(shares.get(value, 0), 1 if row.standing == "label" else _AN_ALIAS)
    return shares


def _without(rows: list[tuple[int, Row]], common: set[str]) -> list[tuple[int, Row]]:
    if not common:
        return rows
    return [(place, row._replace(keys=[key for key in row.keys if key not in common])) for place, row in rows]
