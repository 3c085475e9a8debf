"""The checks of figures: each finds its fault in a tiny graph, and nothing once it is repaired."""

from __future__ import annotations

import pytest

from tests.data.conftest import Judge

_PERIODS = """
ex:year ip:start "2029-01-01"^^xsd:date ; ip:end "2029-12-31"^^xsd:date ; ip:cumulative true .
ex:ten-months ip:start "2030-01-01"^^xsd:date ; ip:end "2030-10-31"^^xsd:date ; ip:cumulative true .
ex:next-year ip:start "2031-01-01"^^xsd:date ; ip:end "2031-12-31"^^xsd:date ; ip:cumulative true .
"""
_PUBLISHED = (
    _PERIODS
    + """
ex:article schema:datePublished "2030-11-05"^^xsd:date .
s:1 a ip:Sentence ; dcterms:isPartOf ex:article .
"""
)

#: What each check finds, and a graph with the fault (-) and the repair (+).
_CASES = {
    "unit-unfit-for-statistic-type": (
        ["ex:gap", "ex:growth", "ex:level"],
        """
ex:growth ip:statisticType ip:Growth .
ex:gap ip:statisticType ip:Difference .
ex:level ip:statisticType ip:Level .
-ex:growth ip:unit unit:NUM . ex:gap ip:unit unit:PERCENT . ex:level ip:unit ip:PercentagePoint .
+ex:growth ip:unit unit:PERCENT . ex:gap ip:unit ip:PercentagePoint . ex:level ip:unit unit:NUM .
""",
    ),
    "period-not-cumulative": (
        ["ex:months"],
        """
ex:output a ip:Observation ; ip:period ex:months .
ex:monthly a ip:Observation ; ip:period ex:month .
ex:month ip:start "2030-05-01"^^xsd:date ; ip:end "2030-05-31"^^xsd:date ; ip:cumulative false .
ex:months ip:start "2030-01-01"^^xsd:date ; ip:end "2030-10-31"^^xsd:date .
-ex:months ip:cumulative false .
+ex:months ip:cumulative true .
""",
    ),
    "period-unlike-name": (
        ["ex:plan"],
        """
ip:ActionPlan rdfs:subClassOf ip:PolicyInstrument .
ex:plan a ip:ActionPlan ; skos:prefLabel "振兴行动（2029—2030年）"@zh-Hans, "revival action (2029–2030)"@en .
ex:both ip:start "2029-01-01"^^xsd:date ; ip:end "2030-12-31"^^xsd:date .
ex:one ip:start "2030-01-01"^^xsd:date ; ip:end "2030-12-31"^^xsd:date .
-ex:plan ip:period ex:one .
+ex:plan ip:period ex:both .
""",
    ),
    "difference-without-minuend": (
        ["ex:gap"],
        """
ex:growth a ip:Observation ; ip:unit unit:PERCENT .
ex:growth ip:subject ex:park ; ip:indicator ex:output ; ip:period ex:year .
ex:gap a ip:Observation ; ip:statisticType ip:Difference ; ip:unit ip:PercentagePoint .
ex:gap ip:subject ex:park ; ip:indicator ex:output ; ip:period ex:year .
ex:alone a ip:Observation ; ip:statisticType ip:Difference ; ip:unit ip:PercentagePoint .
ex:alone ip:subject ex:park ; ip:indicator ex:trade ; ip:period ex:year .
+ex:gap ip:minuend ex:growth .
""",
    ),
    "aspect-differs-from-quote": (
        ["ex:one"],
        """
s:1 a ip:Sentence .
GRAPH s:1 {
    ex:one a ip:Ranking ; ip:rankingList ex:list ; ip:quote "產業招商排名第10名"@zh .
    ex:two a ip:Ranking ; ip:rankingList ex:list ; ip:quote "排名第30名"@zh .
    ex:two ip:aspect "產業招商"@zh-Hant, "產業"@zh-Hant .
-    ex:one ip:aspect "綜合"@zh-Hant .
+    ex:one ip:aspect "招商"@zh-Hant .
}
""",
    ),
    "comparison-differs-from-quote": (
        ["ex:above", "ex:below"],
        """
s:1 a ip:Sentence .
GRAPH s:1 {
    ex:above ip:quote "超全省平均水平"@zh .
    ex:below ip:quote "低于全省平均水平"@zh .
-    ex:above ip:comparisonRelation ip:Below . ex:below ip:comparisonRelation ip:Above .
+    ex:above ip:comparisonRelation ip:Above . ex:below ip:comparisonRelation ip:Below .
}
""",
    ),
    "statistic-type-differs-from-quote": (
        ["ex:growth", "ex:rate", "ex:share", "ex:share-of-two"],
        """
s:1 a ip:Sentence .
GRAPH s:1 {
    ex:growth ip:unit unit:PERCENT ; ip:valueAsWritten "3.7%" ; ip:quote "产值4亿元，同比增长3.7%"@zh .
    ex:share ip:unit unit:PERCENT ; ip:valueAsWritten "67.72%" ; ip:quote "造船占比达到67.72%"@zh .
    ex:share-of-two ip:unit unit:PERCENT ; ip:valueAsWritten "33%" ; ip:quote "占全省和全市的33%、81%"@zh .
    ex:rate ip:unit unit:PERCENT ; ip:valueAsWritten "71.25%" ; ip:quote "利用率为71.25%，增长较快"@zh .
    ex:unsaid ip:unit unit:PERCENT ; ip:valueAsWritten "8%" ; ip:quote "去年的8%"@zh ; ip:statisticType ip:Ratio .
-    ex:growth ip:statisticType ip:Share . ex:share ip:statisticType ip:Ratio .
-    ex:share-of-two ip:statisticType ip:Level . ex:rate ip:statisticType ip:Growth .
+    ex:growth ip:statisticType ip:Growth . ex:share ip:statisticType ip:Share .
+    ex:share-of-two ip:statisticType ip:Share . ex:rate ip:statisticType ip:Ratio .
}
""",
    ),
    "unit-differs-from-written": (
        ["ex:length", "ex:output", "ex:trips", "ex:waste"],
        """
ex:output ip:statisticType ip:Level ; ip:valueAsWritten "12.5亿元" .
ex:waste ip:statisticType ip:Level ; ip:valueAsWritten "1800萬噸以上" .
ex:length ip:statisticType ip:Level ; ip:valueAsWritten "13公里" .
ex:trips ip:statisticType ip:Level ; ip:valueAsWritten "10余次" .
-ex:trips ip:unit unit:KiloM .
+ex:trips ip:unit unit:NUM .
-ex:output ip:unit unit:NUM . ex:waste ip:unit cur:CNY . ex:length ip:unit unit:TONNE .
+ex:output ip:unit cur:CNY . ex:waste ip:unit unit:TONNE . ex:length ip:unit unit:KiloM .
""",
    ),
    "difference-unit-unlike-minuend": (
        ["ex:days-gap", "ex:gap"],
        """
ex:gap ip:minuend ex:growth .
ex:growth ip:unit unit:PERCENT .
ex:days-gap ip:minuend ex:days .
ex:days ip:unit unit:DAY .
-ex:gap ip:unit unit:NUM . ex:days-gap ip:unit unit:YR .
+ex:gap ip:unit ip:PercentagePoint . ex:days-gap ip:unit unit:DAY .
""",
    ),
    "count-not-whole": (
        ["ex:firms", "ex:parks"],
        """
ex:firms ip:statisticType ip:Level ; ip:unit unit:NUM ; ip:value 1.25 .
ex:parks ip:statisticType ip:Level ; ip:unit unit:NUM .
-ex:parks ip:value -4.0 .
+ex:parks ip:value 4.0 .
+ex:firms ip:scale 100.0 .
""",
    ),
    "percentage-outside-0-100": (
        ["ex:share"],
        """
ex:growth ip:statisticType ip:Growth ; ip:unit unit:PERCENT ; ip:value 140.0 .
ex:share ip:statisticType ip:Share ; ip:unit unit:PERCENT .
-ex:share ip:value 140.0 .
+ex:share ip:value 100.0 .
""",
    ),
    "counterpart-unfit-for-statistic-type": (
        ["ex:level", "ex:share"],
        """
ex:share ip:statisticType ip:Share .
ex:level ip:statisticType ip:Level .
-ex:share ip:counterpart ip:NotApplicable . ex:level ip:counterpart ex:province .
+ex:share ip:counterpart ex:province . ex:level ip:counterpart ip:NotApplicable .
""",
    ),
    "qualifier-differs-from-written": (
        ["ex:about", "ex:exact", "ex:least", "ex:more"],
        """
ex:about ip:valueAsWritten "约80%" .
ex:least ip:valueAsWritten "20%以上" .
ex:more ip:valueAsWritten "60餘次" .
ex:exact ip:valueAsWritten "918户" .
-ex:about ip:qualifier ip:Exact . ex:least ip:qualifier ip:MoreThan . ex:more ip:qualifier ip:Exact .
-ex:exact ip:qualifier ip:AtLeast .
+ex:about ip:qualifier ip:Approximate . ex:least ip:qualifier ip:AtLeast . ex:more ip:qualifier ip:MoreThan .
+ex:exact ip:qualifier ip:Exact .
""",
    ),
    "value-differs-from-written": (
        ["ex:chains", "ex:firms", "ex:output", "ex:parks", "ex:people"],
        """
ex:output ip:valueAsWritten "4486.20億元" ; ip:value 4486.20 .
ex:people ip:valueAsWritten "1,200人" .
ex:chains ip:valueAsWritten "四条" .
ex:firms ip:valueAsWritten "二十三家" .
ex:parks ip:valueAsWritten "两个" .
ex:beyond ip:valueAsWritten "一百零三家" ; ip:value 1.0 .
-ex:people ip:value 1.0 . ex:chains ip:value 3.0 . ex:firms ip:value 20.0 . ex:parks ip:value 4.0 .
+ex:output ip:scale 100000000.0 .
+ex:people ip:value 1200.0 . ex:chains ip:value 4.0 . ex:firms ip:value 23.0 . ex:parks ip:value 2.0 .
""",
    ),
    "stated-number-not-in-quote": (
        ["ex:batch", "ex:group", "ex:ranking", "ex:structure", "ex:swapped"],
        """
s:1 a ip:Sentence .
GRAPH s:1 {
    ex:group ip:quote "铸造、造船、光学三大产业"@zh .
    ex:ranking ip:quote "在19个片区中排名第6位"@zh .
    ex:structure ip:quote "一主两辅"@zh ; ip:mainCount 1 .
    ex:batch ip:quote "首批名单"@zh .
    ex:swapped ip:quote "一主二辅"@zh .
-    ex:swapped ip:mainCount 2 ; ip:auxiliaryCount 1 .
+    ex:swapped ip:mainCount 1 ; ip:auxiliaryCount 2 .
-    ex:group ip:statedSize 5 . ex:ranking ip:rank 9 . ex:structure ip:auxiliaryCount 3 . ex:batch ip:batch 2 .
+    ex:group ip:statedSize 3 . ex:ranking ip:rank 6 . ex:structure ip:auxiliaryCount 2 . ex:batch ip:batch 1 .
}
""",
    ),
    "part-exceeds-whole": (
        ["ex:optics"],
        """
ex:optics-output skos:broader ex:output .
ex:whole ip:subject ex:park ; ip:indicator ex:output ; ip:statisticType ip:Level ; ip:period ex:year .
ex:optics ip:subject ex:park ; ip:indicator ex:optics-output ; ip:statisticType ip:Level ; ip:period ex:year .
ex:whole ip:unit cur:CNY ; ip:value 3.0 ; ip:scale 100000000.0 .
ex:optics ip:unit cur:CNY ; ip:scale 10000.0 .
-ex:optics ip:value 30001.0 .
+ex:optics ip:value 30000.0 .
""",
    ),
    "parts-exceed-whole": (
        ["ex:whole"],
        """
ex:optics-output skos:broader ex:output .
ex:glass-output skos:broader ex:output .
ex:whole a ip:Observation ; ip:subject ex:park ; ip:indicator ex:output ; ip:statisticType ip:Level .
ex:optics a ip:Observation ; ip:subject ex:park ; ip:indicator ex:optics-output ; ip:statisticType ip:Level .
ex:glass a ip:Observation ; ip:subject ex:park ; ip:indicator ex:glass-output ; ip:statisticType ip:Level .
ex:whole ip:period ex:year ; ip:unit cur:CNY ; ip:value 3.0 .
ex:optics ip:period ex:year ; ip:unit cur:CNY ; ip:value 2.0 .
ex:glass ip:period ex:year ; ip:unit cur:CNY .
-ex:glass ip:value 1.5 .
+ex:glass ip:value 1.0 .
""",
    ),
    "difference-unsupported": (
        ["ex:gap", "ex:over-target"],
        """
ex:gap ip:minuend ex:now ; ip:subtrahend ex:then ; ip:valueAsWritten "57个" .
ex:now a ip:Observation ; ip:value 71.25 ; ip:valueAsWritten "71.25%" .
ex:then a ip:Observation ; ip:value 13.4 ; ip:valueAsWritten "13.4%" .
ex:over-target ip:minuend ex:now ; ip:subtrahend ex:target ; ip:valueAsWritten "1.25个" .
ex:target a ip:Target ; ip:value 70.0 ; ip:valueAsWritten "70%" .
-ex:gap ip:value 59.0 . ex:over-target ip:value 1.5 .
+ex:gap ip:value 57.0 . ex:over-target ip:value 1.25 .
""",
    ),
    "difference-truncated": (
        ["ex:gap"],
        """
ex:gap ip:minuend ex:now ; ip:subtrahend ex:then ; ip:valueAsWritten "57个" .
ex:now a ip:Observation ; ip:value 71.25 ; ip:valueAsWritten "71.25%" .
ex:then a ip:Observation ; ip:value 13.4 ; ip:valueAsWritten "13.4%" .
-ex:gap ip:value 57.0 .
+ex:gap ip:value 58.0 .
""",
    ),
    "difference-unlike-minuend": (
        ["ex:gap"],
        """
ex:gap ip:minuend ex:growth ; ip:subject ex:park ; ip:indicator ex:output .
-ex:growth ip:subject ex:park ; ip:indicator ex:exports .
+ex:growth ip:subject ex:park ; ip:indicator ex:output .
""",
    ),
    "difference-counterpart-unlike-subtrahend": (
        ["ex:gap"],
        """
ex:gap ip:subtrahend ex:growth-of-city .
ex:growth-of-city ip:subject ex:city ; ip:period ex:year .
-ex:gap ip:counterpart ex:province .
+ex:gap ip:counterpart ex:city .
""",
    ),
    "difference-of-unlike-figures": (
        ["ex:gap"],
        """
ex:gap ip:minuend ex:now ; ip:subtrahend ex:then .
ex:now ip:indicator ex:rate ; ip:unit unit:PERCENT .
-ex:then ip:indicator ex:rate ; ip:unit unit:NUM .
+ex:then ip:indicator ex:rate ; ip:unit unit:PERCENT .
""",
    ),
    "levels-of-unequal-periods": (
        ["ex:gap"],
        _PERIODS
        + """
ex:gap a ip:Observation ; ip:minuend ex:now ; ip:subtrahend ex:then .
ex:now ip:statisticType ip:Level ; ip:period ex:next-year .
ex:then a ip:Observation .
-ex:then ip:period ex:ten-months .
+ex:then ip:period ex:year .
""",
    ),
    "rates-of-unequal-periods": (
        ["ex:gap"],
        _PERIODS
        + """
ex:gap a ip:Observation ; ip:minuend ex:now ; ip:subtrahend ex:then .
ex:now ip:statisticType ip:Ratio ; ip:period ex:next-year .
ex:then a ip:Observation .
-ex:then ip:period ex:ten-months .
+ex:then ip:period ex:year .
""",
    ),
    "contradicting-figures": (
        ["ex:two"],
        """
ex:one a ip:Observation ; ip:subject ex:park ; ip:indicator ex:firms ; ip:statisticType ip:Level ; ip:period ex:year .
ex:two a ip:Observation ; ip:subject ex:park ; ip:indicator ex:firms ; ip:statisticType ip:Level ; ip:period ex:year .
ex:one ip:counterpart ip:NotApplicable ; ip:unit unit:NUM ; ip:value 918.0 .
ex:two ip:counterpart ip:NotApplicable ; ip:unit unit:NUM .
-ex:two ip:value 981.0 .
+ex:two ip:value 9.18 ; ip:scale 100.0 .
""",
    ),
    "indicator-in-two-units": (
        ["ex:two"],
        """
ex:one ip:indicator ex:waste ; ip:statisticType ip:Level ; ip:unit unit:TONNE .
ex:two ip:indicator ex:waste ; ip:statisticType ip:Level .
ex:share ip:indicator ex:waste ; ip:statisticType ip:Share ; ip:unit unit:PERCENT .
-ex:two ip:unit unit:NUM .
+ex:two ip:unit unit:TONNE .
""",
    ),
    "cumulative-figure-starts-mid-quarter": (
        ["ex:output"],
        """
ex:output ip:value 12.0 ; ip:period ex:months .
ex:months ip:cumulative true ; ip:end "2030-10-31"^^xsd:date .
-ex:months ip:start "2030-02-01"^^xsd:date .
+ex:months ip:start "2030-07-01"^^xsd:date .
""",
    ),
    "statement-of-the-future": (
        ["ex:action"],
        _PUBLISHED
        + """
GRAPH s:1 { ex:action a ip:ReportedAction }
-ex:action ip:period ex:next-year .
+ex:action ip:period ex:ten-months .
""",
    ),
    "plan-of-the-past": (
        ["ex:plan"],
        _PUBLISHED
        + """
GRAPH s:1 { ex:plan a ip:PlannedMeasure }
-ex:plan ip:period ex:year .
+ex:plan ip:period ex:next-year .
""",
    ),
    "contradicting-ranks": (
        ["ex:two"],
        """
ex:one ip:rankedEntity ex:park ; ip:rankingList ex:list ; ip:aspect "overall"@en ; ip:rank 6 ; ip:period ex:year .
ex:two ip:rankedEntity ex:park ; ip:rankingList ex:list ; ip:aspect "overall"@en ; ip:rank 7 .
-ex:two ip:period ex:year .
+ex:two ip:period ex:next-year .
""",
    ),
    "rank-shared": (
        ["ex:two"],
        """
ex:one ip:rankedEntity ex:park ; ip:rankingList ex:list ; ip:aspect "overall"@en ; ip:rank 6 .
ex:two ip:rankedEntity ex:other ; ip:rankingList ex:list ; ip:aspect "overall"@en .
-ex:two ip:rank 6 .
+ex:two ip:rank 7 .
""",
    ),
    "target-missed": (
        ["ex:target"],
        _PERIODS
        + """
ex:target a ip:Target ; ip:subject ex:park ; ip:indicator ex:share ; ip:statisticType ip:Share .
ex:target ip:unit unit:PERCENT ; ip:period ex:year ; ip:value 65.0 .
ex:result a ip:Observation ; ip:subject ex:park ; ip:indicator ex:share ; ip:statisticType ip:Share .
ex:result ip:unit unit:PERCENT ; ip:period ex:year .
-ex:result ip:value 64.9 .
+ex:result ip:value 65.0 .
""",
    ),
    "derived-from-inexact": (
        ["ex:derived", "ex:second"],
        """
ex:derived a ip:DerivedObservation ; prov:wasDerivedFrom ex:stated .
ex:second a ip:DerivedObservation ; prov:wasDerivedFrom ex:derived .
-ex:stated a ip:Observation ; ip:qualifier ip:AtLeast .
+ex:stated a ip:Observation ; ip:qualifier ip:Exact .
""",
    ),
    "derived-from-nothing-stated": (
        ["ex:circular"],
        """
s:1 a ip:Sentence .
GRAPH s:1 { ex:stated a ip:Observation }
ex:first a ip:DerivedObservation ; prov:wasDerivedFrom ex:stated .
ex:second a ip:DerivedObservation ; prov:wasDerivedFrom ex:first .
ex:circular a ip:DerivedObservation .
-ex:circular prov:wasDerivedFrom ex:circular .
+ex:circular prov:wasDerivedFrom s:1 .
""",
    ),
    "derived-said-by-sentence": (
        ["ex:derived"],
        """
s:1 a ip:Sentence .
ex:derived a ip:DerivedObservation .
-GRAPH s:1 { ex:derived ip:value 5.0 }
+GRAPH graph:derived { ex:derived ip:value 5.0 }
""",
    ),
    "data-set-mixes-stated-and-derived": (
        ["ex:derived"],
        """
ex:one a ip:Observation ; qb:dataSet ex:stated .
ex:two a ip:Observation ; qb:dataSet ex:stated .
ex:derived a ip:DerivedObservation .
-ex:derived qb:dataSet ex:stated .
+ex:derived qb:dataSet ex:computed .
""",
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_the_check_finds_its_fault_and_nothing_once_it_is_repaired(name: str, judge: Judge) -> None:
    found, case = _CASES[name]
    assert judge(name, case) == (found, [])


@pytest.mark.parametrize(
    ("written", "value", "scale"),
    [
        ("918戶", "918.0", "1.0"),
        ("1800萬噸以上", "1800.0", "10000.0"),
        ("3万亿元", "3.0", "1000000000000.0"),
        ("约占全省的80%", "80.0", "1.0"),
        ("第15個年頭", "15.0", "1.0"),
        ("2个百分点", "2.0", "1.0"),
        ("110kV", "110.0", "1.0"),
        ("5千米", "5.0", "1.0"),
        ("十二家", "12.0", "1.0"),
        ("九十九个", "99.0", "1.0"),
        ("三萬人", "3.0", "10000.0"),
    ],
)
def test_a_number_is_read_as_it_is_written(written: str, value: str, scale: str, judge: Judge) -> None:
    case = f'ex:one ip:valueAsWritten "{written}" ; ip:value {value} ; ip:scale {scale} .\n-ex:one a ip:Any .\n'
    wrong = case.replace(f"ip:value {value}", f"ip:value {value}1")
    assert judge("value-differs-from-written", case) == ([], [])
    assert judge("value-differs-from-written", wrong)[0] == ["ex:one"]


def test_a_whole_that_is_a_bound_can_be_exceeded(judge: Judge) -> None:
    case = """
ex:optics-output skos:broader ex:output .
ex:whole ip:subject ex:park ; ip:indicator ex:output ; ip:statisticType ip:Level ; ip:period ex:year .
ex:optics ip:subject ex:park ; ip:indicator ex:optics-output ; ip:statisticType ip:Level ; ip:period ex:year .
ex:whole ip:unit cur:CNY ; ip:value 3.0 .
ex:optics ip:unit cur:CNY ; ip:value 4.0 .
+ex:whole ip:qualifier ip:AtLeast .
"""
    assert judge("part-exceeds-whole", case) == (["ex:optics"], [])


def test_a_difference_may_be_off_by_what_rounded_inputs_explain(judge: Judge) -> None:
    case = """
ex:gap ip:minuend ex:now ; ip:subtrahend ex:then ; ip:value 1.1 ; ip:valueAsWritten "1.1个" .
ex:now a ip:Observation ; ip:value 3.7 ; ip:valueAsWritten "3.7%" .
-ex:then a ip:Observation ; ip:value 2.9 ; ip:valueAsWritten "2.9%" .
+ex:then a ip:Observation ; ip:value 2.7 ; ip:valueAsWritten "2.7%" .
"""
    assert judge("difference-unsupported", case) == (["ex:gap"], [])
    assert judge("difference-truncated", case) == ([], [])
