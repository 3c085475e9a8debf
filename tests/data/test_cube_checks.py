"""The integrity constraints of RDF Data Cube: each finds its fault in a tiny cube, and no other does.

https://www.w3.org/TR/vocab-data-cube/#wf-rules
"""

from __future__ import annotations

import pytest

from kgtool.queries.checks import CheckQuery
from tests.data.conftest import Judge

#: A sound cube: visitors by town.
_CUBE = """
ex:data a qb:DataSet ; qb:structure ex:structure .
ex:structure a qb:DataStructureDefinition ; qb:component ex:by-town, ex:of-visitors .
ex:by-town a qb:ComponentSpecification ; qb:dimension ex:town .
ex:of-visitors a qb:ComponentSpecification ; qb:measure ex:visitors .
ex:town a qb:DimensionProperty ; rdfs:range ex:Town .
ex:visitors a qb:MeasureProperty .
ex:one a qb:Observation ; qb:dataSet ex:data ; ex:town ex:harbour ; ex:visitors 7 .
"""
#: And by month, in slices that fix the town.
_SLICED = (
    _CUBE
    + """
ex:structure qb:component [ qb:dimension ex:month ] ; qb:sliceKey ex:key .
ex:month a qb:DimensionProperty ; rdfs:range ex:Month .
ex:one ex:month ex:may .
ex:key a qb:SliceKey ; qb:componentProperty ex:town .
ex:data qb:slice ex:slice .
"""
)
#: Visitors and nights, the measure being a dimension.
_BY_MEASURE = """
ex:data a qb:DataSet ; qb:structure ex:structure .
ex:structure a qb:DataStructureDefinition ;
    qb:component [ qb:dimension ex:town ], [ qb:dimension qb:measureType ],
        [ qb:measure ex:visitors ], [ qb:measure ex:nights ] .
ex:town a qb:DimensionProperty ; rdfs:range ex:Town .
qb:measureType a qb:DimensionProperty ; rdfs:range rdf:Property .
ex:visitors a qb:MeasureProperty .
ex:nights a qb:MeasureProperty .
ex:one a qb:Observation ; qb:dataSet ex:data ; ex:town ex:harbour ; qb:measureType ex:visitors .
ex:two a qb:Observation ; qb:dataSet ex:data ; ex:town ex:harbour ; qb:measureType ex:nights ; ex:nights 9 .
"""

#: By the number of the constraint: its check, what it finds, and a cube with the fault (-) and the repair (+).
_CASES = {
    1: (
        "ic-01-observation-without-one-data-set",
        ["ex:two"],
        _CUBE
        + """
ex:two a qb:Observation ; ex:town ex:hill ; ex:visitors 8 .
+ex:two qb:dataSet ex:data .
""",
    ),
    2: (
        "ic-02-data-set-without-one-structure",
        ["ex:empty"],
        _CUBE
        + """
ex:empty a qb:DataSet .
+ex:empty qb:structure ex:structure .
""",
    ),
    3: (
        "ic-03-structure-without-measure",
        ["ex:bare"],
        _CUBE
        + """
ex:bare a qb:DataStructureDefinition ; qb:component ex:by-town .
+ex:bare qb:component ex:of-visitors .
""",
    ),
    4: (
        "ic-04-dimension-without-range",
        ["ex:month"],
        _CUBE
        + """
ex:structure qb:component [ qb:componentProperty ex:month ] .
ex:month a qb:DimensionProperty .
ex:one ex:month ex:may .
+ex:month rdfs:range ex:Month .
""",
    ),
    5: (
        "ic-05-concept-dimension-without-code-list",
        ["ex:kind"],
        _CUBE
        + """
ex:structure qb:component [ qb:dimension ex:kind ] .
ex:kind a qb:DimensionProperty ; rdfs:range skos:Concept .
ex:one ex:kind ex:day-trip .
ex:day-trip skos:inScheme ex:kinds .
+ex:kind qb:codeList ex:kinds .
""",
    ),
    6: (
        "ic-06-optional-component-not-an-attribute",
        ["ex:by-town"],
        _CUBE
        + """
-ex:by-town qb:componentRequired false .
ex:structure qb:component [ qb:attribute ex:note ; qb:componentRequired false ] .
""",
    ),
    7: (
        "ic-07-slice-key-undeclared",
        ["ex:key"],
        _CUBE
        + """
ex:key a qb:SliceKey ; qb:componentProperty ex:town .
+ex:structure qb:sliceKey ex:key .
""",
    ),
    8: (
        "ic-08-slice-key-component-undeclared",
        ["ex:key"],
        _CUBE
        + """
ex:structure qb:sliceKey ex:key .
ex:key a qb:SliceKey ; qb:componentProperty ex:town .
-ex:key qb:componentProperty ex:weather .
""",
    ),
    9: (
        "ic-09-slice-without-one-key",
        ["ex:slice"],
        _SLICED
        + """
ex:slice a qb:Slice ; ex:town ex:harbour ; qb:observation ex:one .
+ex:slice qb:sliceStructure ex:key .
""",
    ),
    10: (
        "ic-10-slice-dimension-missing",
        ["ex:slice"],
        _SLICED
        + """
ex:slice a qb:Slice ; qb:sliceStructure ex:key ; qb:observation ex:one .
+ex:slice ex:town ex:harbour .
""",
    ),
    11: (
        "ic-11-dimension-missing",
        ["ex:two"],
        _CUBE
        + """
ex:two a qb:Observation ; qb:dataSet ex:data ; ex:visitors 8 .
+ex:two ex:town ex:hill .
""",
    ),
    12: (
        "ic-12-duplicate-observation",
        ["ex:two"],
        _CUBE
        + """
ex:two a qb:Observation ; qb:dataSet ex:data ; ex:visitors 8 .
-ex:two ex:town ex:harbour .
+ex:two ex:town ex:hill .
""",
    ),
    13: (
        "ic-13-required-attribute-missing",
        ["ex:one"],
        _CUBE
        + """
ex:structure qb:component [ qb:attribute ex:unit ; qb:componentRequired true ] .
+ex:one ex:unit ex:person .
""",
    ),
    14: (
        "ic-14-measure-missing",
        ["ex:one"],
        _CUBE
        + """
ex:structure qb:component [ qb:measure ex:nights ] .
ex:nights a qb:MeasureProperty .
+ex:one ex:nights 9 .
""",
    ),
    15: (
        "ic-15-measure-of-type-missing",
        ["ex:one"],
        _BY_MEASURE
        + """
+ex:one ex:visitors 7 .
""",
    ),
    16: (
        "ic-16-more-than-one-measure",
        ["ex:one"],
        _BY_MEASURE
        + """
ex:one ex:visitors 7 .
-ex:one ex:nights 9 .
""",
    ),
    17: (
        "ic-17-measure-not-observed",
        ["ex:three"],
        _BY_MEASURE
        + """
ex:one ex:visitors 7 .
ex:three a qb:Observation ; qb:dataSet ex:data ; ex:town ex:hill ; qb:measureType ex:visitors ; ex:visitors 8 .
+ex:four a qb:Observation ; qb:dataSet ex:data ; ex:town ex:hill ; qb:measureType ex:nights ; ex:nights 11 .
""",
    ),
    18: (
        "ic-18-data-set-of-slice-differs",
        ["ex:one"],
        _SLICED
        + """
ex:slice a qb:Slice ; qb:sliceStructure ex:key ; ex:town ex:harbour .
ex:other a qb:DataSet ; qb:structure ex:structure .
-ex:other qb:slice ex:slice-of-other .
-ex:slice-of-other a qb:Slice ; qb:sliceStructure ex:key ; ex:town ex:harbour ; qb:observation ex:one .
+ex:slice qb:observation ex:one .
""",
    ),
    19: (
        "ic-19-code-not-in-list",
        ["ex:one"],
        _CUBE
        + """
ex:structure qb:component [ qb:dimension ex:kind ], [ qb:dimension ex:season ] .
ex:kind a qb:DimensionProperty ; rdfs:range skos:Concept ; qb:codeList ex:kinds .
ex:season a qb:DimensionProperty ; rdfs:range skos:Concept ; qb:codeList ex:seasons .
ex:one ex:kind ex:day-trip ; ex:season ex:summer .
ex:kinds a skos:ConceptScheme .
ex:seasons a skos:Collection ; skos:member [ skos:member ex:summer ] .
-ex:day-trip skos:inScheme ex:others .
+ex:day-trip skos:inScheme ex:kinds .
""",
    ),
    20: (
        "ic-20-code-not-in-hierarchy",
        ["ex:one"],
        _CUBE
        + """
ex:town qb:codeList ex:places .
ex:places a qb:HierarchicalCodeList ; qb:hierarchyRoot ex:country ; qb:parentChildProperty ex:has-part .
ex:country ex:has-part ex:coast .
-ex:island ex:has-part ex:harbour .
+ex:coast ex:has-part ex:harbour .
""",
    ),
    21: (
        "ic-21-code-not-in-inverse-hierarchy",
        ["ex:one"],
        _CUBE
        + """
ex:town qb:codeList ex:places .
ex:places a qb:HierarchicalCodeList ; qb:hierarchyRoot ex:country .
ex:places qb:parentChildProperty [ owl:inverseOf ex:part-of ] .
ex:coast ex:part-of ex:country .
-ex:harbour ex:part-of ex:island .
+ex:harbour ex:part-of ex:coast .
""",
    ),
}


def test_there_are_twenty_one_constraints(checks: dict[str, CheckQuery]) -> None:
    assert sorted(name for name in checks if name.startswith("ic-")) == [name for name, _, _ in _CASES.values()]
    assert list(_CASES) == list(range(1, 22))


@pytest.mark.parametrize("number", _CASES)
def test_the_constraint_finds_its_fault_and_no_other_constraint_does(
    number: int, judge: Judge, checks: dict[str, CheckQuery]
) -> None:
    name, found, case = _CASES[number]
    results = {check: judge(check, case) for check in checks if check.startswith("ic-")}
    assert {check: broken for check, (broken, _) in results.items() if broken} == {name: found}
    assert [check for check, (_, sound) in results.items() if sound] == []


def test_a_dimension_may_be_given_by_the_slice_or_the_data_set(judge: Judge) -> None:
    case = f"""{_SLICED}
ex:slice a qb:Slice ; qb:sliceStructure ex:key ; ex:town ex:hill ; qb:observation ex:two .
ex:two a qb:Observation ; qb:dataSet ex:data ; ex:visitors 8 ; ex:month ex:may .
"""
    assert judge("ic-11-dimension-missing", case) == ([], [])


def test_a_code_may_be_six_steps_below_a_root(judge: Judge) -> None:
    steps = "".join(f"ex:step{n} ex:has-part ex:step{n + 1} .\n" for n in range(6))
    case = f"""{_CUBE}{steps}
ex:town qb:codeList ex:places .
ex:places a qb:HierarchicalCodeList ; qb:hierarchyRoot ex:step0, ex:harbour ; qb:parentChildProperty ex:has-part .
ex:two a qb:Observation ; qb:dataSet ex:data ; ex:visitors 8 ; ex:town ex:step6 .
"""
    assert judge("ic-20-code-not-in-hierarchy", case) == ([], [])
