"""SSSOM/TSV read and written."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.errors import DataError
from kgtool.linksets import Extension, Linkset, format_linkset, make_link, parse_linkset, read_linkset, write_linkset

#: In the canonical form, with everything that needs care.
CANONICAL = r"""#sssom_version: "1.1"
#curie_map:
#  ex: https://example.org/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: https://example.org/links/wikidata
#mapping_set_version: "2026-11-26"
#mapping_set_title: "Links: places"
#creator_id:
#  - ex:authors
#license: https://creativecommons.org/licenses/by/4.0/
#subject_source: ex:parks
#object_source: ex:wikidata
#mapping_date: 2026-11-26
#extension_definitions:
#  - slot_name: ext_explanation
#    property: ex:explanation
#    type_hint: xsd:string
subject_id	subject_label	predicate_id	object_id	mapping_justification	author_id	reviewer_id	review_date	confidence	match_string	comment	ext_explanation
ex:harbour	海港	skos:closeMatch	wd:Q7	semapv:LexicalMatching	ex:a|ex:b			0.125	a\|b|c\\		name +3.1
ex:harbour	海港	skos:exactMatch	wd:Q1	semapv:ManualMappingCuration	ex:a	ex:b	2026-11-26	1		"said ""twice"" in
two lines"	by hand
ex:optics	光学	skos:exactMatch	sssom:NoTermFound	semapv:ManualMappingCuration	ex:a			0.95		looked through all labels	by hand
"""  # noqa: E501 (a row is a line)


def read(text: str) -> Linkset:
    return parse_linkset(text.encode(), "a.sssom.tsv")


def complaint(text: str) -> str:
    with pytest.raises(DataError) as caught:
        read(text)
    return str(caught.value)


def test_a_file_is_read_with_its_lines_and_what_all_rows_share() -> None:
    linkset = read(CANONICAL)
    assert linkset.id == "https://example.org/links/wikidata"
    assert linkset.metadata["mapping_set_version"] == "2026-11-26"
    assert linkset.metadata["creator_id"] == ("ex:authors",)
    assert linkset.prefixes == {"ex": "https://example.org/", "wd": "http://www.wikidata.org/entity/"}
    assert linkset.extensions == (Extension("ext_explanation", "ex:explanation", "xsd:string"),)
    assert [link.line for link in linkset.links] == [19, 20, 22]
    assert linkset.lines["license"] == 10
    first, second, _ = linkset.links
    assert first.values("match_string") == ("a|b", "c\\")
    assert (first.text("mapping_date"), first.text("object_source")) == ("2026-11-26", "ex:wikidata")
    assert first.confidence == 0.125
    assert second.text("comment") == 'said "twice" in\ntwo lines'
    assert [link.negative for link in linkset.links] == [False, False, True]
    assert linkset.expand("wd:Q7") == "http://www.wikidata.org/entity/Q7"
    assert linkset.expand("skos:exactMatch") == "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert linkset.expand("nobody:1") is None


def test_what_is_read_is_written_as_it_was() -> None:
    assert format_linkset(read(CANONICAL)) == CANONICAL


def test_writing_puts_rows_columns_prefixes_and_shared_values_in_order(tmp_path: Path) -> None:
    made = [
        make_link("ex:b", "skos:exactMatch", "wd:Q2", "semapv:LexicalMatching", confidence=0.98765, mapping_tool="t"),
        make_link("ex:a", "skos:exactMatch", "wd:Q1", "semapv:LexicalMatching", comment="c", mapping_tool="t"),
        make_link("ex:b", "skos:exactMatch", "wd:Q2", "semapv:LexicalMatching", confidence=0.98765, mapping_tool="t"),
    ]
    prefixes = {"wd": "http://w/", "unused": "http://u/", "ex": "http://e/"}
    linkset = Linkset({"mapping_set_id": "http://e/links", "license": "http://l/"}, prefixes).with_links(made)
    file = tmp_path / "wikidata.sssom.tsv"
    write_linkset(linkset, file)
    assert file.read_text(encoding="utf-8") == (
        "#curie_map:\n#  ex: http://e/\n#  wd: http://w/\n"
        "#mapping_set_id: http://e/links\n#license: http://l/\n#mapping_tool: t\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tcomment\n"
        "ex:a\tskos:exactMatch\twd:Q1\tsemapv:LexicalMatching\t\tc\n"
        "ex:b\tskos:exactMatch\twd:Q2\tsemapv:LexicalMatching\t0.988\t\n"
    )
    assert read_linkset(file).links[0].text("mapping_tool") == "t"


def test_a_value_that_one_row_has_is_not_everyones() -> None:
    text = CANONICAL.replace("\text_explanation\n", "\text_explanation\tmapping_date\n", 1)
    header, rows = text.split("mapping_date\n", 1)
    rows = "".join(f"{row}\t{'2020-01-01' if row.startswith('ex:optics') else ''}\n" for row in rows.split("\n")[:1])
    linkset = read(f"{header}mapping_date\n{rows}ex:o\tO\tskos:exactMatch\twd:Q3\tsemapv:LexicalMatching" + "\t" * 8)
    assert [link.text("mapping_date") for link in linkset.links] == ["2026-11-26", "2026-11-26"]
    linkset = read(f"{header}mapping_date\n{rows}ex:o\tO\tskos:exactMatch\twd:Q3\tsemapv:x" + "\t" * 8 + "2020-01-01")
    assert [link.text("mapping_date") for link in linkset.links] == ["", "2020-01-01"]


def test_a_link_changes_into_another() -> None:
    link = make_link("ex:a", "skos:exactMatch", "wd:Q1", "semapv:LexicalMatching", author_id="ex:me", comment="c")
    changed = link.with_slots(confidence=0.5, comment=None, reviewer_id=["ex:you"])
    assert (changed.text("confidence"), changed.text("comment"), changed.values("reviewer_id")) == (
        "0.5",
        "",
        ("ex:you",),
    )
    assert changed.values("author_id") == ("ex:me",)


def test_a_link_has_no_empty_slots() -> None:
    link = make_link("ex:a", "skos:exactMatch", "wd:Q1", "semapv:x", comment="", author_id=[], reviewer_id="")
    assert set(link.slots) == {"subject_id", "predicate_id", "object_id", "mapping_justification"}


def test_what_nobody_declares_is_known_as_such_and_not_read() -> None:
    linkset = read("#odd: 1\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\tstrange\na\tb\tc\td\te\n")
    assert linkset.unknown == {"odd": 1, "strange": 2}
    assert linkset.links[0].text("strange") == ""


def test_writing_refuses_a_prefix_or_a_slot_that_is_not_declared() -> None:
    linkset = Linkset({}, {"ex": "http://e/"}).with_links([make_link("ex:a", "skos:exactMatch", "wd:Q1", "semapv:x")])
    with pytest.raises(DataError, match="object_id wd:Q1: prefix 'wd' is not declared"):
        format_linkset(linkset)
    extended = [make_link("ex:a", "skos:exactMatch", "ex:b", "semapv:x", ext_score="1")]
    with pytest.raises(DataError, match="SSSOM has no slot 'ext_score'; declare it"):
        format_linkset(linkset.with_links(extended))


_TABLE = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("﻿#license: x\n" + _TABLE, "a.sssom.tsv:1: it starts with a byte order mark"),
        ("#license: x\n", "a.sssom.tsv:2: there is no table"),
        ("", "a.sssom.tsv:1: there is no table"),
        ("#license: x\n\n" + _TABLE, "a.sssom.tsv:2: there is no table"),
        (_TABLE + "a\tb\tc\n", "a.sssom.tsv:2: 3 cells in a table of 4 columns"),
        (_TABLE + "a\tb\tc\td\n\n", "a.sssom.tsv:3: 0 cells in a table of 4 columns"),
        (_TABLE + 'a\t"b\nb"\tc\td\ne\n', "a.sssom.tsv:4: 1 cells in a table of 4 columns"),
        (_TABLE + 'a\t"b"b\tc\td\n', "a.sssom.tsv:2: no table:"),
        ("comment\tcomment\n", "a.sssom.tsv:1: column 'comment' is there twice"),
        ("#license: x\n#license: y\n" + _TABLE, "a.sssom.tsv:2: 'license' is there twice"),
        ("#license: [x\n" + _TABLE, "a.sssom.tsv:2: no YAML:"),
        ("# just words\n" + _TABLE, "a.sssom.tsv:1: there should be 'key: value'"),
        ("#license:\n#  - x\n" + _TABLE, "a.sssom.tsv:2: there should be one value"),
        ("#creator_id:\n#  a: b\n" + _TABLE, "a.sssom.tsv:2: there should be a list"),
        ("#license: &a x\n#comment: *a\n" + _TABLE, "a.sssom.tsv:1: anchors, aliases and tags"),
        ("#license: !!python/name:os.system x\n" + _TABLE, "a.sssom.tsv:1: anchors, aliases and tags"),
        ("#extension_definitions:\n#  - property: a:b\n" + _TABLE, "a.sssom.tsv:2: an extension without a slot_name"),
    ],
)
def test_what_is_no_sssom_is_refused_with_its_line(text: str, said: str) -> None:
    assert complaint(text).startswith(said)


def test_what_is_not_utf8_is_refused_with_its_line() -> None:
    with pytest.raises(DataError, match=r"a.sssom.tsv:2: it is not UTF-8"):
        parse_linkset(b"#license: x\n#comment: \xff\n", "a.sssom.tsv")
