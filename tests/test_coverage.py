"""Coverage: what counts as decided, and that nothing can be taken from the facts unnoticed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from kgtool.articles import read_article
from kgtool.coverage import Coverage, measure_coverage, percent
from kgtool.errors import DataError
from kgtool.project import Project
from kgtool.text.scripts import to_simplified
from kgtool.text.segments import digest, segment, simplified_digest

PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/tiny/id/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix period: <https://example.org/tiny/period/> .
@prefix s: <https://example.org/tiny/article/bay/s> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ENTITIES = """\
ex:harbour a ip:IndustrialPark ; skos:prefLabel "临港园区"@zh-Hans ; skos:altLabel "园区"@zh-Hans .
ex:hill a ip:IndustrialPark ; skos:prefLabel "山园"@zh-Hans ; skos:altLabel "园区"@zh-Hans .
ex:ships a ip:Industry ; skos:prefLabel "造船"@zh-Hans, "SHIP"@en .
ex:plan a ip:ActionPlan ; skos:prefLabel "海湾三年行动(2030—2032年)"@zh-Hans .
ex:slogan a ip:Slogan ; ip:wording "一企一策"@zh .
period:2030 a ip:Period ; skos:prefLabel "2030年"@zh-Hans ;
    ip:start "2030-01-01"^^xsd:date ; ip:end "2030-12-31"^^xsd:date .
period:2030-01-06 a ip:Period ; ip:start "2030-01-01"^^xsd:date ; ip:end "2030-06-30"^^xsd:date .
"""
FACTUAL = "ip:sentenceRole ip:Factual"


def write(folder: Path, text: str, facts: str, roles: Sequence[str] = (), article: str = "") -> Project:
    """Write a project of one article: its text's sentences with a role each, and its facts."""
    bay = folder / "graph" / "articles" / "bay"
    for part in (folder / "ontology", folder / "queries", folder / "graph" / "entities", bay):
        part.mkdir(parents=True, exist_ok=True)
    (folder / "ontology" / "prefixes.ttl").write_text(PREFIXES, encoding="utf-8")
    (folder / "graph" / "entities" / "all.ttl").write_text(PREFIXES + ENTITIES, encoding="utf-8")
    record = f"""<https://example.org/tiny/article/bay> a ip:NewsArticle ; ip:length {len(text)} ;
        ip:sha256 "{digest(text)}" ; ip:simplifiedSha256 "{simplified_digest(text)}" {article} .\n"""
    for one in segment(text):
        role = roles[one.number - 1] if roles else FACTUAL
        record += f"""s:{one.number} a ip:Sentence ; ip:number {one.number} ; ip:paragraph {one.paragraph} ;
            oa:start {one.start} ; oa:end {one.end} ; {role} .\n"""
    (bay / "article.ttl").write_text(PREFIXES + record, encoding="utf-8")
    (bay / "facts.trig").write_text(PREFIXES + facts, encoding="utf-8")
    return Project(folder)


def measure(folder: Path, text: str, facts: str, roles: Sequence[str] = (), article: str = "") -> Coverage:
    project = write(folder, text, facts, roles, article)
    return measure_coverage(project, read_article(folder / "graph" / "articles" / "bay"), text)


def missing(coverage: Coverage) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for _, one in coverage.missing]


def test_a_factual_sentence_without_facts_is_missing(tmp_path: Path) -> None:
    coverage = measure(tmp_path, "好。", "")
    assert [m for _, m in coverage.missing] == [
        ("sentence", "", 0, 2, "state its facts in GRAPH s:1, or give it another ip:sentenceRole and an ip:roleReason")
    ]
    assert coverage.counts() == {"sentences": (0, 1), "numerals": (0, 0), "names": (0, 0), "overall": (0, 1)}


def test_rhetoric_needs_a_reason_and_then_nothing_in_it_is_missing(tmp_path: Path) -> None:
    without = measure(tmp_path, "临港园区三年5变。", "", ["ip:sentenceRole ip:Rhetoric"])
    assert missing(without) == [("sentence", ""), ("name", "临港园区"), ("numeral", "三年5变"), ("numeral", "5")]
    reason = 'ip:sentenceRole ip:Rhetoric ; ip:roleReason "praise"@en'
    assert missing(measure(tmp_path, "临港园区三年5变。", "", [reason])) == []


def test_rhetoric_that_states_facts_is_missing(tmp_path: Path) -> None:
    reason = 'ip:sentenceRole ip:Rhetoric ; ip:roleReason "praise"@en'
    coverage = measure(tmp_path, "好。", "GRAPH s:1 { ex:harbour ip:hasIndustry ex:ships }", [reason])
    assert missing(coverage) == [("sentence", "")]


def test_a_sentence_that_repeats_another_is_judged_by_its_facts(tmp_path: Path) -> None:
    facts = 'GRAPH s:1 { ex:o ip:subject ex:harbour ; ip:value 5 ; ip:quote "5家"@zh }'
    repeats = [FACTUAL, f"{FACTUAL} ; ip:repeats s:1"]
    assert missing(measure(tmp_path, "临港园区5家。园区有5家。", facts, repeats)) == []
    assert missing(measure(tmp_path, "临港园区5家。园区有6家。", facts, repeats)) == [("numeral", "6家")]


def test_a_repeating_sentence_with_facts_of_its_own_is_judged_by_them_alone(tmp_path: Path) -> None:
    facts = """GRAPH s:1 { ex:o ip:value 5 ; ip:quote "5家"@zh }
               GRAPH s:2 { ex:harbour ip:hasIndustry ex:ships }"""
    coverage = measure(tmp_path, "有5家。有5家。", facts, [FACTUAL, f"{FACTUAL} ; ip:repeats s:1"])
    assert missing(coverage) == [("numeral", "5家")]


@pytest.mark.parametrize(
    "facts",
    [
        'ex:o ip:value 12.50 ; ip:scale 100000000 ; ip:quote "产值12.50亿元"@zh',
        'ex:o ip:value 1250000000 ; ip:quote "产值12.50亿元"@zh',
        'ex:o ip:valueAsWritten "12.50億元" ; ip:quote "12.50億元"@zh',
        'ex:o ip:value -12.5 ; ip:scale 100000000 ; ip:quote "产值12.50亿元"@zh',
        'ex:harbour ip:statedSize 12.5 . ex:o ip:quote "产值12.50亿元"@zh',
    ],
    ids=["value and scale", "value", "as written", "a decrease", "a number of a thing without a quote"],
)
def test_an_arabic_number_is_decided_by_a_number_whose_quote_holds_it(tmp_path: Path, facts: str) -> None:
    assert missing(measure(tmp_path, "产值12.50亿元。", f"GRAPH s:1 {{ {facts} }}")) == []


@pytest.mark.parametrize(
    "facts",
    [
        "ex:o ip:value 12.50",
        'ex:o ip:quote "产值12.50亿元"@zh',
        'ex:o ip:value 12.51 ; ip:quote "产值12.50亿元"@zh',
        'ex:o ip:value 12.50 ; ip:quote "产值"@zh',
        'ex:o ip:value 12.50 ; ip:quote "产值"@zh . ex:p ip:quote "12.50亿元"@zh',
        'ex:o ip:note "12.50" ; ip:quote "产值12.50亿元"@zh',
    ],
    ids=["no quote", "no number", "another number", "quote beside it", "quote of another node", "only a text"],
)
def test_an_arabic_number_is_missing_without_its_number_or_its_quote(tmp_path: Path, facts: str) -> None:
    assert missing(measure(tmp_path, "产值12.50亿元。", f"GRAPH s:1 {{ {facts} }}")) == [("numeral", "12.50亿元")]


def test_two_equal_figures_need_two_facts(tmp_path: Path) -> None:
    one = 'ex:o ip:value 4 ; ip:quote "甲4个、乙4个"@zh .'
    assert missing(measure(tmp_path, "甲4个、乙4个。", f"GRAPH s:1 {{ {one} }}")) == [("numeral", "4个")]
    two = one + 'ex:p ip:value 4 ; ip:quote "甲4个、乙4个"@zh .'
    assert missing(measure(tmp_path, "甲4个、乙4个。", f"GRAPH s:1 {{ {two} }}")) == []


def test_numbers_are_matched_so_that_as_many_as_possible_are_decided(tmp_path: Path) -> None:
    facts = """ex:a ip:value 4 ; ip:quote "甲4个、乙4个"@zh . ex:b ip:value 4 ; ip:quote "甲4个"@zh ."""
    assert missing(measure(tmp_path, "甲4个、乙4个。", f"GRAPH s:1 {{ {facts} }}")) == []


def test_a_chinese_numeral_is_decided_by_a_quote_a_name_or_a_wording(tmp_path: Path) -> None:
    text = "四区联动,一企一策,《海湾三年行动（2030—2032年）》。"
    assert missing(measure(tmp_path, text, "GRAPH s:1 { ex:harbour ip:hasIndustry ex:ships }")) == [
        ("numeral", "四区联动"),
        ("name", "一企一策"),
        ("numeral", "一企一策"),
        ("numeral", "一策"),
        ("name", "海湾三年行动（2030—2032年）"),
        ("numeral", "三年行动"),
        ("numeral", "2030"),
        ("numeral", "2032年"),
    ]
    facts = 'GRAPH s:1 { ex:m ip:quote "四区联动"@zh ; ip:guidedBy ex:slogan, ex:plan }'
    assert missing(measure(tmp_path, text, facts)) == []


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("2030年。", "ex:o ip:period period:2030"),
        ("2030年1—6月。", "ex:o ip:period period:2030-01-06"),
        ("2030年上半年。", "ex:o ip:period period:2030-01-06"),
        ("2030年3月4日。", 'ex:o ip:on "2030-03-04"^^xsd:date'),
        ("3月4日。", 'ex:o ip:on "2030-03-04"^^xsd:date'),
        ("3月4日、5日。", 'ex:o ip:on "2030-03-04"^^xsd:date, "2030-03-05"^^xsd:date'),
    ],
)
def test_a_date_is_decided_by_a_date_or_period_that_agrees(tmp_path: Path, text: str, facts: str) -> None:
    assert missing(measure(tmp_path, text, f"GRAPH s:1 {{ {facts} }}")) == []


@pytest.mark.parametrize(
    ("text", "facts", "left"),
    [
        ("2031年。", "ex:o ip:period period:2030", ["2031年"]),
        ("2030年1—7月。", "ex:o ip:period period:2030-01-06", ["7月"]),
        ("2030年3月4日。", 'ex:o ip:on "2030-04-03"^^xsd:date', ["3月", "4日"]),
        ("2030年3月4日、5日。", 'ex:o ip:on "2030-03-04"^^xsd:date', ["5日"]),
        ("2030年。", 'ex:o ip:value 2030 ; ip:quote "2030年"@zh', ["2030年"]),
    ],
)
def test_a_date_is_missing_where_none_agrees(tmp_path: Path, text: str, facts: str, left: list[str]) -> None:
    assert missing(measure(tmp_path, text, f"GRAPH s:1 {{ {facts} }}")) == [("numeral", word) for word in left]


def test_a_name_is_decided_by_any_thing_that_bears_it(tmp_path: Path) -> None:
    text = "园区造船。"
    assert missing(measure(tmp_path, text, "GRAPH s:1 { ex:hill ip:hasIndustry ex:ships }")) == []
    coverage = measure(tmp_path, text, "GRAPH s:1 { ex:slogan ip:concerns ex:ships }")
    assert [m.repair for _, m in coverage.missing] == ["let ex:harbour or ex:hill stand in GRAPH s:1"]


def test_the_longest_name_wins_and_its_parts_are_not_asked_for(tmp_path: Path) -> None:
    coverage = measure(tmp_path, "臨港園區造船。", "GRAPH s:1 { ex:slogan ip:concerns ex:ships }")
    assert missing(coverage) == [("name", "臨港園區")]
    assert coverage.counts()["names"] == (1, 2)


def test_latin_names_are_found_as_words_only(tmp_path: Path) -> None:
    coverage = measure(tmp_path, "Ship不是shipping,SHIP。", "GRAPH s:1 { ex:slogan ip:concerns ex:harbour }")
    assert missing(coverage) == [("name", "Ship"), ("name", "SHIP")]


def test_metadata_is_judged_by_its_block_the_record_and_the_words_of_its_reason(tmp_path: Path) -> None:
    text = "2030-02-03\n浏览:77\n造船报,临港园区"
    roles = [
        'ip:sentenceRole ip:Metadata ; ip:roleReason "date"@en',
        'ip:sentenceRole ip:Metadata ; ip:roleReason "77 views, of no interest"@en',
        'ip:sentenceRole ip:Metadata ; ip:roleReason "source"@en',
    ]
    issued = '; dcterms:issued "2030-02-03"^^xsd:date ; dcterms:source ex:harbour'
    assert missing(measure(tmp_path, text, "", roles, issued)) == [("name", "造船")]


def test_reliance_on_a_sentence_is_no_fact(tmp_path: Path) -> None:
    coverage = measure(tmp_path, "好。好。", "GRAPH s:1 { ex:a ip:b ex:c } GRAPH s:2 { s:2 ip:reliesOn s:1 }")
    assert missing(coverage) == [("sentence", "")]


def test_a_node_with_a_quote_is_one_fact_and_any_other_triple_is_one(tmp_path: Path) -> None:
    facts = """GRAPH s:1 { ex:o ip:value 4 ; ip:unit ex:u ; ip:quote "4"@zh . ex:harbour ip:hasIndustry ex:ships, ex:x }
               GRAPH s:2 { ex:harbour ip:hasIndustry ex:ships . s:2 ip:reliesOn s:1 }"""
    coverage = measure(tmp_path, "4。好。", facts)
    assert [one.facts for one in coverage.sentences] == [3, 1]
    assert coverage.facts == 3


def test_the_text_may_be_given_in_either_script(tmp_path: Path) -> None:
    text = "臨港園區產值12.50億元,一企一策。"
    facts = """GRAPH s:1 {
        ex:o ip:subject ex:harbour ; ip:value 12.50 ; ip:quote "產值12.50億元"@zh ; ip:guidedBy ex:slogan
    }"""
    published = measure(tmp_path, text, facts)
    article = read_article(tmp_path / "graph" / "articles" / "bay")
    simplified = measure_coverage(Project(tmp_path), article, to_simplified(text))
    assert (
        published.counts()
        == simplified.counts()
        == {
            "sentences": (1, 1),
            "numerals": (3, 3),
            "names": (2, 2),
            "overall": (6, 6),
        }
    )


def test_another_text_is_refused(tmp_path: Path) -> None:
    project = write(tmp_path, "好。", "")
    with pytest.raises(DataError, match="this is not the text of article 'bay'"):
        measure_coverage(project, read_article(tmp_path / "graph" / "articles" / "bay"), "坏。")


GAPLESS = """临港园区2030年上半年产值12.50亿元,增长4%,占全市4%,有企业40家。造船3个、光学3个。"""
NUMBERED = [
    'ex:a ip:subject ex:harbour ; ip:period period:2030-01-06 ; ip:value 12.50 ; ip:quote "产值12.50亿元"@zh .',
    'ex:b ip:value 4 ; ip:quote "增长4%"@zh .',
    'ex:c ip:value 4 ; ip:quote "占全市4%"@zh .',
    'ex:harbour ip:companies 40 . ex:x ip:quote "有企业40家"@zh .',
]
SECOND = [
    'ex:d ip:subject ex:ships ; ip:value 3 ; ip:quote "造船3个、光学3个"@zh .',
    'ex:e ip:value 3 ; ip:quote "造船3个、光学3个"@zh .',
]


@pytest.mark.parametrize("dropped", range(len(NUMBERED) + len(SECOND)))
def test_taking_away_any_fact_with_a_number_lowers_coverage(tmp_path: Path, dropped: int) -> None:
    def facts(without: int | None) -> str:
        first = [fact for i, fact in enumerate(NUMBERED) if i != without]
        second = [fact for i, fact in enumerate(SECOND, len(NUMBERED)) if i != without]
        return f"GRAPH s:1 {{ {' '.join(first)} }} GRAPH s:2 {{ {' '.join(second)} }}"

    assert measure(tmp_path, GAPLESS, facts(None)).percent == 100
    assert measure(tmp_path, GAPLESS, facts(dropped)).percent < 100


def test_a_share_is_cut_so_that_a_hundred_means_all() -> None:
    assert [percent(*share) for share in ((9999, 10000), (1, 3), (0, 5), (0, 0))] == [
        Decimal("99.9"),
        Decimal("33.3"),
        Decimal("0.0"),
        Decimal("100.0"),
    ]


# The command.


def command(tmp_path: Path, facts: str) -> Path:
    write(tmp_path / "p", "临港园区造船。\n产值5亿元。", facts)
    (tmp_path / "bay.txt").write_bytes("\ufeff临港园区造船。\r\n产值5亿元。".encode())
    return tmp_path / "bay.txt"


WHOLE = """
GRAPH s:1 { ex:harbour ip:hasIndustry ex:ships }

GRAPH s:2 { ex:o ip:value 5 ; ip:quote "5亿元"@zh }
"""


def test_the_command_prints_a_table_and_the_totals(tmp_path: Path, kgtool: Callable[..., tuple[int, str, str]]) -> None:
    text = command(tmp_path, WHOLE)
    assert kgtool("--project", tmp_path / "p", "coverage", "--text", text, "--fail-under", "100") == (
        0,
        """\
paragraph      %  sentence  role     facts  numerals  names
---------  -----  --------  -------  -----  --------  -----
        1  100.0         1  Factual      1       0/0    2/2
        2  100.0         2  Factual      1       1/1    0/0

bay: 100.0 % decided (2 of 2 sentences, 1 of 1 numerals, 2 of 2 names); 2 facts
""",
        "",
    )


def test_the_command_names_what_is_missing_and_where_and_fails(
    tmp_path: Path, kgtool: Callable[..., tuple[int, str, str]]
) -> None:
    text = command(tmp_path, WHOLE.replace("ip:value 5", "ip:value 6"))
    code, out, err = kgtool("--project", tmp_path / "p", "coverage", "--text", text, "--fail-under", "100")
    assert (code, err) == (1, "")
    assert out.splitlines()[-3:] == [
        (
            "graph/articles/bay/facts.trig:12: sentence 2: missing numeral 5亿元; "
            "state this number in GRAPH s:2, at a node whose ip:quote holds it"
        ),
        "",
        "bay: 80.0 % decided (2 of 2 sentences, 0 of 1 numerals, 2 of 2 names); 2 facts",
    ]


def test_the_command_passes_below_a_hundred_when_less_is_asked(
    tmp_path: Path, kgtool: Callable[..., tuple[int, str, str]]
) -> None:
    text = command(tmp_path, WHOLE.replace("ip:value 5", "ip:value 6"))
    assert kgtool("--project", tmp_path / "p", "coverage", "--text", text, "--fail-under", "80")[0] == 0


def test_the_command_writes_json(tmp_path: Path, kgtool: Callable[..., tuple[int, str, str]]) -> None:
    text = command(tmp_path, WHOLE.replace("ip:value 5", "ip:value 6"))
    code, out, _ = kgtool("--project", tmp_path / "p", "coverage", "--text", text, "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["overall"] == {"decided": 4, "of": 5, "percent": 80.0}
    assert [p["number"] for p in found["paragraphs"]] == [1, 2]
    assert found["paragraphs"][1]["details"][0]["missing"] == [
        {
            "kind": "numeral",
            "text": "5亿元",
            "start": 10,
            "end": 13,
            "repair": "state this number in GRAPH s:2, at a node whose ip:quote holds it",
        }
    ]


def test_the_command_writes_markdown(tmp_path: Path, kgtool: Callable[..., tuple[int, str, str]]) -> None:
    text = command(tmp_path, WHOLE)
    _, out, _ = kgtool("--project", tmp_path / "p", "coverage", "--text", text, "--format", "markdown")
    assert out.splitlines()[2] == "| 1 | 100.0 | 1 | Factual | 1 | 0/0 | 2/2 |"


def test_the_command_says_why_it_needs_the_text(tmp_path: Path, kgtool: Callable[..., tuple[int, str, str]]) -> None:
    command(tmp_path, WHOLE)
    assert kgtool("--project", tmp_path / "p", "coverage") == (
        2,
        "",
        (
            "kgtool: coverage compares the facts with the article's text, which is not in the project; "
            "give the text as published with --text FILE\n"
        ),
    )


def test_the_command_names_the_articles_there_are(tmp_path: Path, kgtool: Callable[..., tuple[int, str, str]]) -> None:
    text = command(tmp_path, WHOLE)
    assert kgtool("--project", tmp_path / "p", "coverage", "--text", text, "--article", "../bay") == (
        2,
        "",
        "kgtool: there is no article '../bay'; the project has bay\n",
    )
