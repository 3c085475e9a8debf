"""An index that is changed says exactly what one that is written anew says: every table, every term of every name."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from kgtool.search import forms
from kgtool.search.changing import write_changed
from kgtool.search.writing import write_index
from kgtool.store.drafts import Draft

X = "https://example.org/id/"
PREFIXES = {"ex": X, "ip": "https://w3id.org/industrial-park/ns#"}
HEAD = """
@prefix ex: <https://example.org/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
ip:LogisticsPark rdfs:subClassOf ip:IndustrialPark ; rdfs:label "logistics park"@en .
"""

#: What a thing is said to be, by its local name: the objects of one line of Turtle.
Names = Mapping[str, str]


def _store(things: Names) -> Draft:
    draft = Draft()
    text = HEAD + "".join(f"ex:{name} {said} .\n" for name, said in things.items())
    draft.load(text.encode(), "turtle", file="test")
    return draft


def contents_of(file: Path) -> dict[str, object]:
    """Return all that an index says; numbers of things, classes and forms are replaced by what they stand for."""
    with closing(sqlite3.connect(file)) as index:
        assert index.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        things = dict(index.execute("SELECT id, iri FROM thing"))
        classes = dict(index.execute("SELECT id, iri FROM class"))
        rows = index.execute("SELECT id, thing, folded, bare, readings, spellings FROM form ORDER BY id").fetchall()
        called = {number: (number >> 40, things[thing], *said) for number, thing, *said in rows}
        index.execute("CREATE VIRTUAL TABLE temp.filed USING fts5vocab (main, term, instance)")
        filed = index.execute("SELECT term, doc FROM temp.filed").fetchall()
        shown = index.execute("SELECT iri, labels, classes, within FROM thing").fetchall()
        return {
            "forms in order": list(called.values()),
            "things": sorted(
                (iri, labels, [[classes[one] for one in json.loads(of)] for of in (stated, within)])
                for iri, labels, stated, within in shown
            ),
            "classes": sorted(classes.values()),
            "terms": sorted(
                (
                    (f"¢{classes[int(term[1:])]}" if term.startswith("¢") else term, called[number])
                    for term, number in filed
                ),
                key=repr,
            ),
            "misspelt forms": sorted(
                ((key, called[number]) for key, number in index.execute("SELECT key, form FROM misspelt_form")),
                key=repr,
            ),
            **{
                table: sorted(index.execute(f"SELECT * FROM {table}"))
                for table in ("syllable", "frequency", "misspelt_word", "meta")
            },
            "version": index.execute("PRAGMA user_version").fetchall(),
        }


def _written(things: Names, file: Path) -> Path:
    write_index(_store(things), file, prefixes=PREFIXES).close()
    return file


def _changed(old: Path, before: Names, now: Names, file: Path, *, things: Iterable[str] | None = None) -> bool:
    touched = {name for name in {*before, *now} if before.get(name) != now.get(name)} if things is None else things
    return write_changed(
        old,
        file,
        before=_store(before),
        now=_store(now),
        things={X + name for name in touched},
        prefixes=PREFIXES,
    )


PARK = 'a ip:IndustrialPark ; skos:prefLabel "安宁园区"@zh-Hans, "安寧園區"@zh-Hant, "Anning Park"@en'
PORT = 'a ip:LogisticsPark ; skos:prefLabel "临港园区"@zh-Hans ; skos:altLabel "Port"@en'
SAID = 'a ip:Sentence ; ip:gist "安宁园区的产值"@zh-Hans ; ip:quote "约十二"'


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"a": PARK}, {"a": PARK, "b": PORT}),
        ({"a": PARK, "b": PORT}, {"b": PORT}),
        ({"a": PARK, "b": PORT, "c": SAID}, {}),
        ({"a": PARK}, {"a": PARK.replace("Anning Park", "Park of Anning")}),
        ({"a": PARK}, {"a": PARK.replace("IndustrialPark", "LogisticsPark")}),
        ({"a": PARK, "b": PARK}, {"b": PARK}),
        ({"a": PARK}, {"a": PARK.replace("skos:prefLabel", "skos:altLabel")}),
        ({"a": SAID}, {"a": SAID.replace("约十二", "约十三"), "b": SAID}),
        ({"a": PARK}, {"a": "a ip:IndustrialPark"}),
        ({}, {"a": PARK, "c": SAID}),
        ({"a": PARK}, {"a": 'skos:prefLabel "——"'}),
        ({"b": PARK}, {"a": PARK, "b": PARK, "c": PARK, "d": PARK}),
    ],
)
def test_a_change_leaves_what_writing_anew_would(before: Names, now: Names, tmp_path: Path) -> None:
    old = _written(before, tmp_path / "old")
    was = old.read_bytes()
    assert _changed(old, before, now, tmp_path / "new")
    assert contents_of(tmp_path / "new") == contents_of(_written(now, tmp_path / "anew"))
    assert old.read_bytes() == was


def test_any_sequence_of_changes_leaves_what_writing_anew_would(tmp_path: Path) -> None:
    choose = random.Random(7)
    words = ["安宁", "安寧", "园区", "昆明", "重庆", "Port", "park", "hi-tech", "Café", "2020", "·", "长水"]

    def said() -> str:
        name = "".join(choose.choices(words, k=choose.randrange(1, 4)))
        kind = choose.choice(["skos:prefLabel", "skos:altLabel", "ip:gist", "ip:quote", "skos:notation"])
        of = choose.choice(["", "a ip:IndustrialPark ; ", "a ip:LogisticsPark ; ", "a ip:Place ; "])
        return f'{of}{kind} "{name}"{choose.choice(["@zh-Hans", "@en", ""])}'

    now = {f"thing-{number}": said() for number in range(60)}
    file = _written(now, tmp_path / "0")
    for step in range(1, 13):
        before = dict(now)
        for name in choose.sample(sorted(now), choose.randrange(8)):
            del now[name]
        for _ in range(choose.randrange(8)):
            now[f"thing-{choose.randrange(90)}"] = said()
        assert _changed(file, before, now, tmp_path / str(step), things=[*before, *now])
        file = tmp_path / str(step)
        assert contents_of(file) == contents_of(_written(now, tmp_path / f"{step} anew"))


def test_an_index_without_room_for_a_name_is_left_to_be_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "GAP", 2)
    before = {"a": 'skos:prefLabel "aaaa"', "e": 'skos:prefLabel "eeee"'}
    old = _written(before, tmp_path / "old")
    one = {**before, "c": 'skos:prefLabel "cccc"'}
    assert _changed(old, before, one, tmp_path / "one")
    assert contents_of(tmp_path / "one") == contents_of(_written(one, tmp_path / "one anew"))
    assert not _changed(tmp_path / "one", one, {**one, "d": 'skos:prefLabel "dddd"'}, tmp_path / "two")
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize("damage", ["missing", "another version", "other prefixes", "a name is lost", "no index"])
def test_what_cannot_be_changed_is_left_to_be_written_anew(tmp_path: Path, damage: str) -> None:
    old = _written({"a": PARK}, tmp_path / "old")
    if damage == "missing":
        old.unlink()
    elif damage == "no index":
        old.write_bytes(b"no index")
    else:
        statement = {
            "another version": "PRAGMA user_version = 1",
            "other prefixes": "UPDATE meta SET value = '{}' WHERE key = 'prefixes'",
            "a name is lost": "DELETE FROM form",
        }[damage]
        with closing(sqlite3.connect(old)) as index:
            index.execute(statement)
            index.commit()
    assert not _changed(old, {"a": PARK}, {"a": PORT}, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_where_classes_move_everything_is_written_anew(tmp_path: Path) -> None:
    old = _written({"a": PARK}, tmp_path / "old")
    moved = {"a": PARK, "b": "rdfs:subClassOf ip:LogisticsPark"}
    assert not _changed(old, {"a": PARK}, moved, tmp_path / "new")
