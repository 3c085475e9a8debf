"""The names of the graph's own entities, as they are and misspelt, are reconciled with the entities."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from kgtool.link.things import open_things
from kgtool.namespaces import SKOS, read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.reconcile import Source, reconcile
from kgtool.reconcile.asked import BATCH_SIZE, Query
from kgtool.store.drafts import read_files
from kgtool.terms import IRI, Literal

_BASE = "https://w3id.org/industrial-park/kunming/"
_NAMES = f"""SELECT ?thing ?name {{
    ?thing <{SKOS}prefLabel> ?name FILTER NOT EXISTS {{ ?thing a <{SKOS}ConceptScheme> }}
}} ORDER BY ?thing ?name"""

_Name = tuple[str, str, str]


@pytest.fixture(scope="module")
def source() -> Source:
    project = Project(shipped_root())
    prefixes = read_prefixes(project.root / "ontology" / "prefixes.ttl")
    return Source(open_things(project), prefixes=prefixes, base=_BASE)


@pytest.fixture(scope="module")
def names() -> list[_Name]:
    """The preferred names of all entities: the IRI, the name, its language."""
    store = read_files([str(file) for file in Project(shipped_root()).entity_files()])
    store.unite(without=[])
    found = [
        (thing.value, name.value, (name.language or "").lower())
        for thing, name in store.query(_NAMES).rows()
        if isinstance(thing, IRI) and isinstance(name, Literal)
    ]
    assert {language for _, _, language in found} == {"zh-hans", "zh-hant", "en"}
    assert len({thing for thing, _, _ in found}) >= 106
    return found


def _shares(source: Source, asked: list[_Name]) -> dict[str, float]:
    """Return by language the share of names whose first candidate is the thing they are of."""
    right: dict[str, list[bool]] = {}
    for start in range(0, len(asked), BATCH_SIZE):
        batch = asked[start : start + BATCH_SIZE]
        found = reconcile(source, {str(number): Query(text) for number, (_, text, _) in enumerate(batch)})
        for number, (thing, _, language) in enumerate(batch):
            first = found[str(number)]["result"][:1]
            right.setdefault(language, []).append([one["id"] for one in first] == [source.id_of(thing)])
    return {language: sum(each) / len(each) for language, each in right.items()}


def test_names_are_reconciled_with_their_things(source: Source, names: list[_Name]) -> None:
    shares = _shares(source, names)
    assert min(shares.values()) >= 0.99, shares


def _dropped(text: str, chosen: random.Random) -> str:
    place = chosen.randrange(len(text))
    return text[:place] + text[place + 1 :]


def _swapped(text: str, chosen: random.Random) -> str:
    place = chosen.choice([at for at in range(len(text) - 1) if text[at] != text[at + 1]])
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


@pytest.mark.parametrize("spoil", [_dropped, _swapped])
def test_names_with_a_wrong_character_are_reconciled_with_their_things(
    source: Source, names: list[_Name], spoil: Callable[[str, random.Random], str]
) -> None:
    chosen = random.Random(4)
    shares = _shares(source, [(thing, spoil(name, chosen), language) for thing, name, language in names])
    assert min(shares.values()) >= 0.90, shares
