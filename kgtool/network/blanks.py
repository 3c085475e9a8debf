"""Names for blank nodes that are the same whenever the same graph is read, since engines name them anew each time.

A name is a hash of what is said of the node and of the blank nodes around it. Where nodes still look alike, one is set
apart and the others are told from each other by where they stand to it, until each has a name of its own.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

__all__ = ["name_blanks"]

#: A quad as text: what begins with ``_:`` is a blank node.
_Quad = tuple[str, ...]
#: What is said of every node.
_Facts = Mapping[str, list[_Quad]]


def name_blanks(quads: Iterable[_Quad], order: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a name for every blank node.

    :param quads: subject, predicate, object, graph and whatever else tells two quads apart, as text; blank nodes, and
        nothing else, begin with ``_:``, and so do their names.
    :param order: which comes first of nodes that cannot be told apart, by whatever else is known of them.

    >>> one = name_blanks([("_:x", "p", "_:y"), ("_:y", "p", "o")])
    >>> other = name_blanks([("_:y", "p", "o"), ("_:z", "p", "_:y")])
    >>> one["_:x"] == other["_:z"], one["_:y"] == other["_:y"], one["_:x"] == one["_:y"]
    (True, True, False)
    """
    facts: dict[str, list[_Quad]] = defaultdict(list)
    for quad in quads:
        for node in dict.fromkeys(filter(_is_blank, quad)):
            facts[node].append(quad)
    names: dict[str, str] = {}
    used: dict[str, int] = {}
    # Parts that do not touch are named one by one: a thousand small ones are quicker than one large one.
    for part in _parts(facts, order or {}):
        own = _named(part, facts)
        # Parts in which the same is said are the same, so it does not matter which of them comes first.
        mark = _hash(*sorted(_seen(quad, own) for node in part for quad in facts[node]))
        used[mark] = used.get(mark, 0) + 1
        for node, name in own.items():
            names[node] = f"_:b{_hash(mark, name)}" + (f"n{used[mark]}" if used[mark] > 1 else "")
    return names


def _is_blank(term: str) -> bool:
    return term.startswith("_:")


def _parts(facts: _Facts, order: Mapping[str, str]) -> list[list[str]]:
    """Divide nodes into parts between which nothing is said; parts and their nodes are in order."""
    parts = []
    seen: set[str] = set()
    for start in sorted(facts, key=lambda node: order.get(node, "")):
        if start in seen:
            continue
        part, waiting = [], [start]
        seen.add(start)
        while waiting:
            node = waiting.pop()
            part.append(node)
            for other in {term for quad in facts[node] for term in quad if _is_blank(term)} - seen:
                seen.add(other)
                waiting.append(other)
        parts.append(sorted(part, key=lambda node: order.get(node, "")))
    return parts


def _named(part: list[str], facts: _Facts) -> dict[str, str]:
    """Give every node of a part a name of its own."""
    names = _refined(dict.fromkeys(part, ""), facts)
    while len(set(names.values())) < len(part):
        alike: dict[str, list[str]] = defaultdict(list)
        for node, name in names.items():
            alike[name].append(node)
        name, (first, *_) = min((name, nodes) for name, nodes in alike.items() if len(nodes) > 1)
        names = _refined({**names, first: _hash(name, "first")}, facts)
    return names


def _refined(names: dict[str, str], facts: _Facts) -> dict[str, str]:
    """Tell nodes apart by what is said of them and by the names of those around, until that tells no more."""
    count = 0
    while count < (now := len(set(names.values()))):
        count = now
        names = {
            node: _hash(name, *sorted(_seen(quad, names, of=node) for quad in facts[node]))
            for node, name in names.items()
        }
    return names


def _seen(quad: _Quad, names: Mapping[str, str], *, of: str = "") -> str:
    """Write a quad as it is seen from one of its nodes, by the names that the others have so far."""
    return "\n".join("_:" if term == of else f"_:{names[term]}" if _is_blank(term) else term for term in quad)


def _hash(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
