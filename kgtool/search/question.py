"""A question to an index, read: its text folded, and what narrows it."""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgtool.errors import QueryError
from kgtool.search import tokens
from kgtool.search.folding import bare, fold, is_unspaced, runs
from kgtool.search.names import GROUP_BITS, GROUPS, KINDS

__all__ = ["LABELS", "Question", "read_question"]

#: The numbers of the kinds of a group.
_KINDS_OF = {group: frozenset(map(KINDS.index, kinds)) for group, kinds in GROUPS.items()}

#: The numbers of all kinds of labels.
LABELS = _KINDS_OF["label"]

#: Characters of a question beyond which the rest is not looked at.
_LONGEST = 200


class Question(NamedTuple):
    """A question.

    :param text: as it was written.
    :param folded: without what spellings differ in.
    :param bare: without signs, too.
    :param unspaced: its runs of Chinese and the like.
    :param words: its other runs.
    :param limit: the most matches wanted.
    :param filters: what every query for terms must also hold.
    :param ranges: ranges of the numbers of forms.
    :param kinds: the numbers of kinds of names.
    :param classes: the numbers of classes; ``None`` for all.
    :param languages: tags in lower case; none for all.
    """

    text: str
    folded: str
    bare: str
    unspaced: tuple[str, ...]
    words: tuple[str, ...]
    limit: int
    filters: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]
    kinds: frozenset[int]
    classes: frozenset[int] | None
    languages: tuple[str, ...]


def read_question(
    text: str,
    *,
    limit: int,
    classes: Iterable[str],
    languages: Iterable[str],
    kinds: Iterable[str],
    characters: Mapping[int, str],
    numbers: Mapping[str, int],
) -> Question | None:
    """Read a question; ``None`` if nothing can answer it.

    :param characters: from characters to their Simplified counterparts.
    :param numbers: the classes that there are.
    :raises QueryError: if a kind does not exist.
    """
    wanted_kinds = _kinds_of(kinds)
    text = "".join(one for one in text[:_LONGEST] if not "\ud800" <= one <= "\udfff").strip()
    folded = fold(text, characters)
    filters: list[str] = []
    given, wanted_classes = list(classes), None
    if given:
        wanted_classes = frozenset(numbers[one] for one in given if one in numbers)
        filters.append(tokens.any_of(tokens.quoted(tokens.class_term(one)) for one in sorted(wanted_classes)))
    asked = list(languages)
    tags = tuple(tag.lower() for tag in asked if tag.replace("-", "").isalnum())
    if asked:
        filters.append(tokens.any_of(tokens.quoted(tokens.language_terms(tag)[-1]) for tag in tags))
    if not folded or limit < 1 or (asked and not tags) or (given and not wanted_classes):
        return None
    split = runs(folded)
    groups = [number for number, group in enumerate(GROUPS) if wanted_kinds & _KINDS_OF[group]]
    return Question(
        text,
        folded,
        bare(folded),
        tuple(run for run in split if is_unspaced(run)),
        tuple(run for run in split if not is_unspaced(run)),
        limit,
        tuple(filters),
        tuple((number << GROUP_BITS, (number + 1) << GROUP_BITS) for number in groups),
        wanted_kinds,
        wanted_classes,
        tags,
    )


def _kinds_of(kinds: Iterable[str]) -> frozenset[int]:
    found: set[int] = set()
    for kind in kinds:
        if kind in _KINDS_OF:
            found |= _KINDS_OF[kind]
        elif kind in KINDS:
            found.add(KINDS.index(kind))
        else:
            known = ", ".join(dict.fromkeys([*GROUPS, *KINDS]))
            raise QueryError(f"no kind of name is called '{kind[:40]}'", hint=f"there are {known}")
    return frozenset(found)
