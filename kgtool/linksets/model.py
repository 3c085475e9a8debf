"""A link and a set of links, as SSSOM has them: a mapping and a mapping set.

https://mapping-commons.github.io/sssom/spec-model/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgtool.linksets.slots import BUILT_IN, LINK_SLOTS, slot_named
from kgtool.namespaces import expand

__all__ = ["NO_TERM", "Extension", "Link", "Linkset", "make_link"]

#: The object of a link that says that nothing was found.
NO_TERM = "sssom:NoTermFound"


class Extension(NamedTuple):
    """A slot that the standard does not have: its name, its property (a CURIE), the type of its values."""

    name: str
    property: str
    type_hint: str = ""


class Link(NamedTuple):
    """One row: what is linked to what, how, why, by whom.

    :param slots: what the row says, by slot; where many values are allowed, a tuple. Empty ones are not there.
    :param line: the row's line in its file.
    """

    slots: Mapping[str, str | tuple[str, ...]]
    line: int | None = None

    def text(self, name: str) -> str:
        """Return the value of a slot; several are joined by ``|``; nothing is an empty text."""
        value = self.slots.get(name, "")
        return value if isinstance(value, str) else "|".join(value)

    def values(self, name: str) -> tuple[str, ...]:
        """Return all values of a slot."""
        value = self.slots.get(name, ())
        return (value,) if isinstance(value, str) else value

    @property
    def subject(self) -> str:
        """The CURIE of what is linked."""
        return self.text("subject_id")

    @property
    def predicate(self) -> str:
        """The CURIE of how it is linked."""
        return self.text("predicate_id")

    @property
    def object(self) -> str:
        """The CURIE of what it is linked to."""
        return self.text("object_id")

    @property
    def confidence(self) -> float | None:
        """How sure its author is, from 0 to 1; ``None`` if that is not said, or is no number."""
        try:
            return float(self.text("confidence"))
        except ValueError:
            return None

    @property
    def negative(self) -> bool:
        """Whether it says that there is no link: nothing was found, or the predicate is negated."""
        return NO_TERM in (self.subject, self.object) or self.text("predicate_modifier") == "Not"

    def with_slots(self, **changes: str | float | Iterable[str] | None) -> Link:
        """Return the link with other values in some slots; ``None`` takes a slot away."""
        slots = {name: value for name, value in self.slots.items() if name not in changes}
        return Link({**slots, **_clean(changes)}, self.line)


class Linkset(NamedTuple):
    """A file of links.

    :param metadata: what it says of itself, by slot of the standard.
    :param prefixes: its ``curie_map``, without those that every file knows.
    :param links: its rows, with what the set says for all of them.
    :param extensions: slots of its own that it declares.
    :param file: its name, for messages.
    :param lines: the line of every key of its metadata, and of every prefix as ``curie_map NAME``.
    :param unknown: keys and columns that neither the standard nor the file itself declares, with their lines.
    """

    metadata: Mapping[str, str | tuple[str, ...]]
    prefixes: Mapping[str, str]
    links: tuple[Link, ...] = ()
    extensions: tuple[Extension, ...] = ()
    file: str | None = None
    lines: Mapping[str, int] = {}
    unknown: Mapping[str, int] = {}

    @property
    def id(self) -> str:
        """Its IRI."""
        value = self.metadata.get("mapping_set_id", "")
        return value if isinstance(value, str) else ""

    def expand(self, curie: str) -> str | None:
        """Return the IRI that a CURIE of this file stands for; ``None`` if its prefix is not declared."""
        return expand(curie, BUILT_IN) or expand(curie, self.prefixes)

    def with_links(self, links: Iterable[Link]) -> Linkset:
        """Return the set with other links, each once, in the standard's order."""
        distinct = {order(link): link for link in links}
        return self._replace(links=tuple(distinct[key] for key in sorted(distinct)))


def make_link(
    subject_id: str, predicate_id: str, object_id: str, mapping_justification: str, **slots: str | float | Iterable[str]
) -> Link:
    """Make a link of CURIEs and whatever else is to be said of it, by slot.

    >>> link = make_link("km:kunming", "owl:sameAs", "wd:Q182852", "semapv:ManualMappingCuration", confidence=0.95)
    >>> link.object, link.confidence
    ('wd:Q182852', 0.95)
    """
    given = {
        "subject_id": subject_id,
        "predicate_id": predicate_id,
        "object_id": object_id,
        "mapping_justification": mapping_justification,
    }
    return Link(_clean({**given, **slots}))


#: What stands for a slot that a link does not have, where links are compared.
_NOTHING: dict[str, str | tuple[str, ...]] = {name: () if slot.many else "" for name, slot in LINK_SLOTS.items()}


def order(link: Link) -> tuple[str | tuple[str, ...], ...]:
    """Sort links as the standard does: by all their slots, in the standard's order of slots, extensions last.

    The first that differ are subject, predicate and object, unless labels do.
    """
    slots = link.slots
    own = sorted(slots.keys() - LINK_SLOTS.keys())
    return (*[slots.get(name, nothing) for name, nothing in _NOTHING.items()], *[(one, link.text(one)) for one in own])


def _clean(slots: Mapping[str, object]) -> dict[str, str | tuple[str, ...]]:
    """Write values as a file has them, and leave out the empty ones."""
    cleaned: dict[str, str | tuple[str, ...]] = {}
    for name, value in slots.items():
        if isinstance(value, float | int):
            cleaned[name] = written_number(value)
        elif slot_named(name).many and value is not None:
            cleaned[name] = (value,) if isinstance(value, str) else tuple(str(one) for one in _iterable(value))
        else:
            cleaned[name] = "" if value is None else str(value)
    return {name: value for name, value in cleaned.items() if value not in {"", (), ("",)}}


def _iterable(value: object) -> Iterable[object]:
    assert isinstance(value, Iterable)
    return value


def written_number(value: float) -> str:
    """Write a number as the canonical form does: up to three digits after the point, as few as will do.

    >>> written_number(0.9), written_number(1.0), written_number(0.12345)
    ('0.9', '1', '0.123')
    """
    from decimal import ROUND_HALF_UP, Decimal

    rounded = Decimal(str(value)).quantize(Decimal("0.001"), ROUND_HALF_UP)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return text or "0"
