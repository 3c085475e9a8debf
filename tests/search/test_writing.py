"""An index is the same however it is written; and what is done by quicker ways is what the plain ones do."""

from __future__ import annotations

import itertools
import os
import random
import re
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pypinyin.constants import PHRASES_DICT
from pypinyin.seg.mmseg import seg

from kgtool.errors import StoreError
from kgtool.search import making, writing
from kgtool.search.folding import fold, is_unspaced, runs
from kgtool.search.pinyin import _phrases
from kgtool.search.writing import write_index
from kgtool.store.drafts import Draft
from kgtool.text.scripts import fold_signs, simplified_characters
from tests.search.test_changing import contents_of

PREFIXES = {"ex": "https://example.org/id/"}
WORDS = ["安宁", "安寧", "园区", "重庆", "长水", "行", "Port", "hi-tech", "Café", "2020", "——", "产业集群", "zhuhai"]


@pytest.fixture(scope="module")
def store() -> Draft:
    """Three hundred things of several classes, whose names share much."""
    choose = random.Random(3)
    lines = [
        "@prefix ex: <https://example.org/id/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix ip: <https://w3id.org/industrial-park/ns#> .",
        "ex:Harbour rdfs:subClassOf ex:Park .",
    ]
    for number in range(300):
        one, other, quoted = ("".join(choose.choices(WORDS, k=choose.randrange(1, 5))) for _ in range(3))
        said = f'skos:prefLabel "{one}"@zh-Hans, "{other}"@en ; ip:quote "{quoted}"'
        lines.append(f"ex:t{number} a {choose.choice(['ex:Harbour', 'ex:Park', 'ex:Town'])} ; {said} .")
    draft = Draft()
    draft.load("\n".join(lines).encode(), "turtle", file="test")
    return draft


def _written(store: Draft, file: Path, *, processes: int = 1) -> bytes:
    write_index(store, file, prefixes=PREFIXES, processes=processes).close()
    return file.read_bytes()


class _Counted(ProcessPoolExecutor):
    """A pool that remembers how many processes it was made of."""

    started: ClassVar[list[int]] = []

    def __init__(self, processes: int, *others: Any) -> None:
        self.started.append(processes)
        super().__init__(processes, *others)


def test_an_index_is_the_same_in_any_number_of_processes(
    store: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_ROWS", 40)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", _Counted)
    alone = _written(store, tmp_path / "one")
    assert _Counted.started == []
    assert _written(store, tmp_path / "two", processes=2) == alone
    assert _Counted.started == [2]


def test_an_index_is_the_same_however_little_is_kept_in_memory(
    store: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _written(store, tmp_path / "much")
    monkeypatch.setattr(writing, "_ROWS", 7)
    monkeypatch.setattr(writing, "_KEPT", 3)
    monkeypatch.setattr(writing, "_GATHERED", 1)
    _written(store, tmp_path / "little")
    assert contents_of(tmp_path / "little") == contents_of(tmp_path / "much")


def _end(batch: object) -> None:
    os._exit(1)


def test_a_process_that_is_ended_is_said(store: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_ROWS", 40)
    monkeypatch.setattr(making, "_make_here", _end)
    with pytest.raises(StoreError, match="a process that reads names was ended"):
        _written(store, tmp_path / "two", processes=2)


_SIGNS = "安寧园區着 aÉé\u0301ẞß'\"~—-·•\u3000  （）：＂～ＡＢ０、。《》ﾊﾞ䷀㐀豈𠀀กา\t_"


def test_a_name_is_folded_and_split_in_quick_ways_as_in_the_plain_one() -> None:
    """The quick ways are for texts of certain signs: random ones of few signs take each of them."""
    characters = str.maketrans(simplified_characters())
    choose = random.Random(11)
    for _ in range(6000):
        some = choose.choices(_SIGNS, k=3)
        text = "".join(choose.choices([*some, "区", "a"], k=choose.randrange(1, 9)))
        decomposed = unicodedata.normalize("NFD", text.translate(characters))
        plain = "".join(one for one in decomposed if not "\u0300" <= one <= "\u036f")
        folded = fold(text, characters)
        assert folded == fold_signs(unicodedata.normalize("NFC", plain)), text
        split = [
            "".join(run)
            for word in re.findall(r"[^\W_]+", folded)
            for _, run in itertools.groupby(word, key=is_unspaced)
        ]
        assert runs(folded) == split, folded


def test_a_run_is_split_into_phrases_as_pypinyin_splits_it() -> None:
    choose = random.Random(5)
    known = sorted(PHRASES_DICT)
    for _ in range(3000):
        parts = [choose.choice(known)[: choose.randrange(1, 5)] for _ in range(choose.randrange(1, 4))]
        assert list(_phrases("".join(parts))) == list(seg.cut("".join(parts)))
