"""Segmentation: paragraphs, sentences, ranges; reading of texts; digests."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtool.errors import DataError
from kgtool.text.segments import digest, read_text, segment, simplified_digest


def test_article_has_its_sentences_where_the_contract_says(article_text_path: Path) -> None:
    text = read_text(article_text_path)
    segments = segment(text)
    assert (len(text), len(segments), segments[-1].paragraph) == (4342, 67, 36)
    assert [(s.start, s.end) for s in segments if s.number in (12, 53, 67)] == [(240, 360), (3213, 3341), (4329, 4342)]


def test_every_line_that_is_not_empty_is_a_paragraph() -> None:
    assert [(s.paragraph, s.text) for s in segment("题\n\n　\n甲。乙。\n丙")] == [
        (1, "题"),
        (2, "甲。"),
        (2, "乙。"),
        (3, "丙"),
    ]


def test_closing_quotes_and_brackets_stay_with_their_sentence() -> None:
    assert [s.text for s in segment("他说“好！”。（真的？）』走。")] == ["他说“好！”", "。", "（真的？）』", "走。"]


def test_ascii_marks_end_no_sentence() -> None:
    assert [s.text for s in segment("甲;乙,丙!丁?戊.己")] == ["甲;乙,丙!丁?戊.己"]


def test_ranges_leave_out_white_space_at_the_ends_of_a_line() -> None:
    assert [(s.start, s.end) for s in segment("\t 　甲 乙。 丙  \n")] == [(3, 7), (7, 9)]


@given(st.text(alphabet="甲乙。！”)\n \u3000;𠮷"))
def test_ranges_give_back_the_text_and_do_not_overlap(text: str) -> None:
    segments = segment(text)
    assert [text[s.start : s.end] for s in segments] == [s.text for s in segments]
    assert all(a.end <= b.start for a, b in pairwise(segments))
    assert "".join(text.split()) == "".join("".join(s.text for s in segments).split())


def test_read_text_takes_a_byte_order_mark_and_any_line_end(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xef\xbb\xbf" + "甲\r\n乙\r丙\n".encode())
    assert read_text(file) == "甲\n乙\n丙\n"


def test_missing_text_is_an_error_that_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.txt: no such file; give the file that holds the article's text"):
        read_text(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("encoding", "name"), [("gb18030", "GB18030"), ("big5", "BIG5"), ("utf-16", "UTF-16")], ids=str
)
def test_undecodable_text_names_byte_line_and_the_encoding_it_seems_to_be_in(
    tmp_path: Path, encoding: str, name: str
) -> None:
    file = tmp_path / "a.txt"
    prose = "title\n我們在這個時候要發展大產業。" if encoding == "big5" else "title\n我们在这个时候要发展大产业。"
    raw = prose.encode(encoding)
    file.write_bytes(raw)
    with pytest.raises(DataError) as caught:
        read_text(file)
    at, line = (0, 1) if encoding == "utf-16" else (6, 2)
    assert str(caught.value) == (
        f"{file}:{line}: not UTF-8: byte {at} cannot be decoded (it looks like {name}); "
        f"convert it, for example with 'iconv -f {name} -t UTF-8 a.txt > utf8.txt'"
    )


def test_undecodable_bytes_behind_a_byte_order_mark_are_counted_from_the_start_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xef\xbb\xbfab\xff")
    with pytest.raises(DataError, match="byte 5 cannot be decoded"):
        read_text(file)


def test_digest_is_of_the_utf8_bytes() -> None:
    assert digest("雲南") == hashlib.sha256("雲南".encode()).hexdigest()


def test_simplified_digest_is_the_same_for_both_scripts() -> None:
    assert simplified_digest("雲南製造\n") == simplified_digest("云南制造\n") == digest("云南制造\n")
