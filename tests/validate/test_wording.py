"""Facts against the words of their sentence: each check finds its fault in a few sentences about an invented city."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgtool.articles import Article, Sentence
from kgtool.namespaces import compress, read_prefixes
from kgtool.report import Finding
from kgtool.store.drafts import Draft
from kgtool.terms import IRI
from kgtool.text.segments import segment
from kgtool.validate.triples import Triples
from kgtool.validate.wording.blocks import Names, Reading, read_blocks
from kgtool.validate.wording.cues import find_missing_cues, find_plans_told_as_actions
from kgtool.validate.wording.dates import find_unwritten_dates
from kgtool.validate.wording.gists import find_other_gist_numbers
from kgtool.validate.wording.names import find_unnamed_things
from kgtool.validate.wording.order import find_other_addressees, find_other_order, find_other_subjects
from kgtool.validate.wording.quotes import find_other_names

Find = Callable[[Reading], Iterator[Finding]]

_ROOT = Path(__file__).parent.parent.parent
_ARTICLE = "https://example.org/article/a"
_PREFIXES = read_prefixes(_ROOT / "ontology" / "prefixes.ttl") | {
    "ex": "https://example.org/id/",
    "s": f"{_ARTICLE}/s",
}

#: What the city has.
_THINGS = """
ex:harbour a ip:IndustrialPark ; skos:prefLabel "临港园区"@zh-Hans, "臨港園區"@zh-Hant .
ex:hillside a ip:IndustrialPark ; skos:prefLabel "山前园区"@zh-Hans .
ex:city a ip:AdministrativeArea ; skos:prefLabel "青屏市"@zh-Hans ; skos:altLabel "全市"@zh-Hans .
ex:province a ip:AdministrativeArea ; skos:prefLabel "海东省"@zh-Hans ; skos:altLabel "全省"@zh-Hans .
ex:optics a ip:Industry ; skos:prefLabel "光学"@zh-Hans .
ex:casting a ip:Industry ; skos:prefLabel "铸造"@zh-Hans .
ex:optics-cluster a ip:IndustrialCluster ; skos:prefLabel "光学产业集群"@zh-Hans .
ex:tour a ip:InspectionTour ; skos:prefLabel "2029年1月的调研"@zh-Hans .
ex:output a ip:Indicator ; skos:prefLabel "光学产值"@zh-Hans .
ex:iron-output a ip:Indicator ; skos:prefLabel "铸造产值"@zh-Hans .
ip:hasLeadingIndustry skos:example "主导"@zh-Hans .
ip:Target skos:example "目标"@zh-Hans .
"""


def _period(name: str, start: str | None, end: str) -> str:
    first = f'ip:start "{start}"^^xsd:date ;' if start else ""
    return f'ex:{name} a ip:Period ; {first} ip:end "{end}"^^xsd:date .\n'


def _reading(text: str, facts: str, record: str = "") -> Reading:
    """Read a text, one sentence to a number, beside facts in TriG; ``record`` is what the article's file says."""
    header = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in _PREFIXES.items())
    sentences = tuple(
        Sentence(f"{_ARTICLE}/s{one.number}", one.number, one.paragraph, None, one.start, one.end, {}, None, {}, (), 1)
        for one in segment(text)
    )
    known = "".join(f"<{sentence.iri}> a ip:Sentence .\n" for sentence in sentences)
    draft = Draft()
    draft.load((header + known + _THINGS + record + facts).encode(), "trig", file="case.trig")
    draft.unite(without=["graph:none"])
    rows = draft.query("SELECT ?s ?p ?o { ?s ?p ?o }").rows()
    data = Triples((s, p, o) for s, p, o in rows if s and isinstance(p, IRI) and o)
    article = Article(_ARTICLE, "a", None, None, None, sentences, (), Path("article.ttl"), Path("facts.trig"))
    return Reading(article, text, read_blocks(draft), Names(data))


def _found(find: Find, text: str, facts: str, record: str = "") -> list[str]:
    findings = list(find(_reading(text, facts, record)))
    return sorted({compress(finding.focus.value, _PREFIXES) for finding in findings if finding.focus is not None})


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ("GRAPH s:1 { ex:harbour ip:hasFocusIndustry ex:optics }", []),
        ("GRAPH s:1 { ex:harbour ip:hasFocusIndustry ex:casting }", ["ex:harbour"]),
        ("GRAPH s:2 { ex:harbour ip:hasFocusIndustry ex:casting }", ["ex:harbour"]),
        # What s2 leaves out, s1 names: the triple stands in both, and s2 says so.
        (
            """GRAPH s:1 { ex:harbour ip:hasFocusIndustry ex:casting }
            GRAPH s:2 { s:2 ip:reliesOn s:1 . ex:harbour ip:hasFocusIndustry ex:casting }""",
            [],
        ),
        (
            """GRAPH s:1 { ex:harbour ip:ofArea ex:city }
            GRAPH s:2 { s:2 ip:reliesOn s:1 . ex:harbour ip:hasFocusIndustry ex:casting }""",
            ["ex:harbour"],
        ),
        # A list names the end of a name once.
        ("GRAPH s:3 { ex:harbour ip:hasCluster ex:optics-cluster }", []),
        ("GRAPH s:1 { ex:harbour ip:hasCluster ex:optics-cluster }", ["ex:harbour"]),
        # A count may stand in a name.
        ("GRAPH s:4 { ex:harbour ip:ofArea ex:city }", []),
        # The text has no name for the tour: the block, or one it relies on, has to describe it.
        ('GRAPH s:1 { ex:tour schema:startDate "2029-01-05"^^xsd:date . ex:d ip:madeAt ex:tour }', []),
        ("GRAPH s:1 { ex:d ip:madeAt ex:tour }", ["ex:d"]),
        (
            """GRAPH s:1 { ex:tour schema:startDate "2029-01-05"^^xsd:date }
            GRAPH s:2 { s:2 ip:reliesOn s:1 . ex:d ip:madeAt ex:tour }""",
            [],
        ),
        ('GRAPH s:2 { ex:d ip:subject ex:harbour ; ip:assumption "“园区”按临港园区理解"@zh-Hans }', []),
        ('GRAPH s:2 { ex:d ip:subject ex:harbour ; ip:assumption "按山前园区理解"@zh-Hans }', ["ex:d"]),
        # Codes are nobody's words.
        ("GRAPH s:1 { ex:d ip:counterpart ip:NotApplicable ; ip:status ip:Granted ; ip:unit unit:NUM }", []),
    ],
)
def test_a_thing_is_named_by_a_sentence_that_says_the_triple(facts: str, found: list[str]) -> None:
    text = "青屏市临港园区聚焦光学。铸造也有基础。临港园区的造船、光学和铸造产业集群获奖。青屏市的临港2家园区投产。"
    assert _found(find_unnamed_things, text, facts) == found


@pytest.mark.parametrize(
    ("text", "start", "end", "written"),
    [
        ("2029年,产值增长。", "2029-01-01", "2029-12-31", True),
        ("2029年1—10月,产值增长。", "2029-01-01", "2029-12-31", False),
        ("2029年上半年,产值增长。", "2029-01-01", "2029-12-31", False),
        ("2029年1—10月,产值增长。", "2029-01-01", "2029-10-31", True),
        ("2029年1—10月,产值增长。", "2029-01-01", "2029-11-30", False),
        ("2029年1—10月,产值增长。", "2028-01-01", "2028-10-31", False),
        ("2028—2030年的计划。", "2028-01-01", "2030-12-31", True),
        ("2028—2030年的计划。", "2029-01-01", "2030-12-31", False),
        ("2029年上半年,产值增长。", "2029-01-01", "2029-06-30", True),
        ("2029年下半年,产值增长。", "2029-01-01", "2029-06-30", False),
        ("2029年的二、三季度。", "2029-07-01", "2029-09-30", True),
        ("2029年的二、三季度。", "2029-10-01", "2029-12-31", False),
        ("2029年首季度。", "2029-01-01", "2029-03-31", True),
        ("2029年5月获评。", "2029-05-01", "2029-05-31", True),
        ("2029年5月获评。", "2029-06-01", "2029-06-30", False),
        ("2029年10月9日、10日调研。", "2029-10-09", "2029-10-10", True),
        ("2029年10月9日、10日调研。", "2029-10-09", "2029-10-11", False),
        ("截至2029年10月底。", None, "2029-10-31", True),
        ("截至2029年10月底。", None, "2029-11-30", False),
    ],
)
def test_a_period_is_written_as_exactly_as_it_is(text: str, start: str | None, end: str, *, written: bool) -> None:
    facts = 'GRAPH s:1 { ex:d ip:period ex:span ; ip:quote "产值"@zh }'
    assert _found(find_unwritten_dates, text, facts, _period("span", start, end)) == ([] if written else ["ex:d"])


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ('GRAPH s:1 { ex:tour schema:startDate "2030-01-12"^^xsd:date }', []),
        ('GRAPH s:1 { ex:tour schema:startDate "2030-01-13"^^xsd:date }', ["ex:tour"]),
        # What is dated to the day gives “this year” of another sentence its meaning.
        (
            """GRAPH s:1 { ex:d ip:period ex:year }
            GRAPH s:2 { s:2 ip:reliesOn s:1 . ex:d ip:period ex:year ; ip:quote "今年"@zh }""",
            [],
        ),
        ('GRAPH s:2 { ex:d ip:period ex:year ; ip:quote "今年"@zh }', ["ex:d"]),
        ('GRAPH s:2 { ex:d ip:period ex:year ; ip:assumption "“今年”按2030年理解"@zh-Hans ; ip:quote "今年"@zh }', []),
    ],
)
def test_a_date_is_written_by_the_sentence_or_one_it_relies_on(facts: str, found: list[str]) -> None:
    year = _period("year", "2030-01-01", "2030-12-31")
    assert _found(find_unwritten_dates, "2030年1月12日调研。今年计划投产。", facts, year) == found


_SHARES = """GRAPH s:1 {
    ex:one ip:counterpart ex:%s ; ip:valueAsWritten "33%%" ; ip:quote "占全省和全市的33%%、81%%"@zh .
    ex:two ip:counterpart ex:%s ; ip:valueAsWritten "81%%" ; ip:quote "占全省和全市的33%%、81%%"@zh .
}"""


@pytest.mark.parametrize(
    ("first", "second", "found"), [("province", "city", []), ("city", "province", ["ex:one", "ex:two"])]
)
def test_numbers_of_one_phrase_stand_as_what_they_are_of(first: str, second: str, found: list[str]) -> None:
    text = "全市共有企业918户,占全省和全市的33%、81%。"
    assert _found(find_other_order, text, _SHARES % (first, second)) == found


@pytest.mark.parametrize(
    ("first", "second", "found"), [("output", "iron-output", []), ("iron-output", "output", ["ex:one", "ex:two"])]
)
def test_what_a_number_is_of_may_be_named_by_another_figure(first: str, second: str, found: list[str]) -> None:
    facts = f"""GRAPH s:1 {{
    ex:a ip:indicator ex:output ; ip:valueAsWritten "4个" ; ip:quote "镜片基地4个"@zh .
    ex:b ip:indicator ex:iron-output ; ip:valueAsWritten "11个" ; ip:quote "炉前基地11个"@zh .
    ex:one ip:indicator ex:{first} ; ip:valueAsWritten "44.4%" ; ip:quote "分别占44.4%、25.6%"@zh .
    ex:two ip:indicator ex:{second} ; ip:valueAsWritten "25.6%" ; ip:quote "分别占44.4%、25.6%"@zh .
}}"""
    assert _found(find_other_order, "现有镜片基地4个、炉前基地11个,分别占44.4%、25.6%。", facts) == found


@pytest.mark.parametrize(
    ("addressee", "quote", "found"),
    [
        ("harbour", "做强主业", []),
        ("hillside", "做强主业", ["ex:demand"]),
        ("hillside", "守住底线", []),
        ("harbour", "守住底线", ["ex:demand"]),
        ("harbour", "提前谋划", []),  # a list before it names both
        ("city", "守住底线", []),  # nothing of its kind is named
    ],
)
def test_a_demand_is_made_of_whom_the_sentence_names_last(addressee: str, quote: str, found: list[str]) -> None:
    text = "临港园区要做强主业;山前园区要守住底线;临港园区、山前园区都要提前谋划。"
    facts = f'GRAPH s:1 {{ ex:demand a ip:Directive ; ip:addressedTo ex:{addressee} ; ip:quote "{quote}"@zh }}'
    assert _found(find_other_addressees, text, facts) == found


@pytest.mark.parametrize(
    ("subject", "kind", "found"),
    [("city", "Level", []), ("province", "Level", ["ex:d"]), ("harbour", "Level", []), ("province", "Share", [])],
)
def test_a_figure_is_about_what_its_clause_names(subject: str, kind: str, found: list[str]) -> None:
    facts = f'GRAPH s:1 {{ ex:d ip:subject ex:{subject} ; ip:statisticType ip:{kind} ; ip:quote "企业918户"@zh }}'
    assert _found(find_other_subjects, "全省领先,全市共有企业918户。", facts) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ("GRAPH s:1 { ex:harbour ip:hasLeadingIndustry ex:optics }", []),
        # The word stands in the clause before: it is not said of casting.
        ("GRAPH s:2 { ex:harbour ip:hasLeadingIndustry ex:casting }", ["ex:harbour"]),
        ("GRAPH s:3 { ex:harbour ip:hasLeadingIndustry ex:casting }", ["ex:harbour"]),
        ("GRAPH s:1 { ex:t a ip:Target }", ["ex:t"]),
        ("GRAPH s:3 { ex:t a ip:Target }", []),
        ("GRAPH s:3 { ex:harbour ip:hasFocusIndustry ex:casting }", []),  # no word announces it here
    ],
)
def test_a_property_or_class_is_announced_by_its_words(facts: str, found: list[str]) -> None:
    text = "光学,这是临港园区的主导产业。围绕主导产业,引进铸造项目。铸造的目标是翻番。"
    assert _found(find_missing_cues, text, facts) == found


@pytest.mark.parametrize(
    ("quote", "found"),
    [("设立基金", ["ex:d"]), ("建成码头", []), ("落实行动", []), ("培养将领", [])],
)
def test_what_somebody_will_do_is_no_action(quote: str, found: list[str]) -> None:
    text = "今年临港园区还将设立基金。山前园区建成码头。按照三年行动计划,园区落实行动。军校培养将领。"
    number = 1 + next(at for at, one in enumerate(text.split("。")) if quote in one)
    facts = f'GRAPH s:{number} {{ ex:d a ip:ReportedAction ; ip:quote "{quote}"@zh }}'
    assert _found(find_plans_told_as_actions, text, facts) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ('GRAPH s:1 { ex:d ip:indicator ex:output ; ip:quote "光学产值3亿元"@zh }', []),
        ('GRAPH s:1 { ex:d ip:indicator ex:iron-output ; ip:quote "光学产值3亿元"@zh }', ["ex:d"]),
        ('GRAPH s:1 { ex:d ip:indicator ex:iron-output ; ip:quote "产值3亿元"@zh }', []),
        # The other thing may be an end of the statement, or of another that has the quote.
        ('GRAPH s:1 { ex:d ip:actor ex:harbour ; ip:concerns ex:hillside ; ip:quote "走访山前园区"@zh }', []),
        (
            """GRAPH s:1 { ex:d ip:subject ex:harbour ; ip:quote "山前园区等获评"@zh .
            ex:e ip:subject ex:hillside ; ip:quote "山前园区等获评"@zh }""",
            [],
        ),
    ],
)
def test_a_quote_does_not_name_another_thing(facts: str, found: list[str]) -> None:
    def find(reading: Reading) -> Iterator[Finding]:
        return find_other_names(list(reading.blocks.values()), reading.names)

    assert _found(find, "临港园区光学产值3亿元。", facts) == found


@pytest.mark.parametrize(
    ("gist", "found"),
    [
        ('"前10个月产值4486亿元，3个产业"@zh-Hans', []),
        ('"前11个月产值"@zh-Hans', ["s:1"]),
        ('"Output of 4,486.20 in 2029"@en', []),
        ('"Output of 4,486.30"@en', ["s:1"]),
    ],
)
def test_a_gist_has_the_numbers_of_its_sentence(gist: str, found: list[str]) -> None:
    text = "2029年1—10月,三大产业产值4486.20亿元,约4486亿元。"
    assert _found(find_other_gist_numbers, text, "", f"s:1 ip:gist {gist} .\n") == found
