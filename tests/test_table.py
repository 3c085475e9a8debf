"""Tables whose columns line up."""

from __future__ import annotations

import pytest

from kgtool.table import display_width, render_markdown, render_table, visible


def test_columns_line_up_with_chinese_fullwidth_and_combining_characters() -> None:
    table = render_table(["name", "n"], [["高新区", "1"], ["ＡＢ", "2"], ["e\u0301te", "3"]], right=[1])
    assert table == "name    n\n------  -\n高新区  1\nＡＢ    2\ne\u0301te     3\n"


def test_cells_are_cut_to_the_width_of_a_terminal() -> None:
    table = render_table(["园区名称", "n"], [["昆明高新技术产业开发区", "12"]], width=16)
    assert table == "园区名称      n\n------------  --\n昆明高新技…   12\n"
    assert all(display_width(line) <= 16 for line in table.splitlines())


def test_nothing_is_cut_without_a_width() -> None:
    assert "x" * 5000 in render_table(["a", "b"], [["x" * 5000, "y"]])


def test_a_table_without_rows_is_its_header() -> None:
    assert render_table(["a", "bb"], []) == "a  bb\n-  --\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;x\x07", "\\x1b[2J\\x1b]0;x\\x07"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\x9b31m\x00\x7f", "\\x9b31m\\x00\\x7f"),
        ("\ud800", "\\ud800"),
        ("普通　文字 é", "普通　文字 é"),
    ],
)
def test_what_would_act_on_a_terminal_is_shown_instead(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert shown in render_table(["a"], [[text]])


def test_markdown_cells_cannot_leave_their_cell() -> None:
    table = render_markdown(["a"], [["x|y\\|z\n<b>\x1b"]])
    assert table == "| a |\n| --- |\n| x\\|y\\\\\\|z<br>&lt;b>\\x1b |\n"


def test_markdown_shows_what_looks_like_an_entity_as_it_is() -> None:
    assert render_markdown(["a"], [["&lt; &#38; R&D AT&T;"]]).splitlines()[2] == "| &amp;lt; &amp;#38; R&D AT&amp;T; |"
