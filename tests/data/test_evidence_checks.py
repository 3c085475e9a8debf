"""The checks of sentences and what they say: each finds its fault, and nothing once it is repaired."""

from __future__ import annotations

import pytest

from tests.data.conftest import Judge

_ARTICLE = """
s:1 a ip:Sentence ; ip:number 1 ; dcterms:isPartOf ex:article .
s:2 a ip:Sentence ; ip:number 2 ; dcterms:isPartOf ex:article .
s:3 a ip:Sentence ; ip:number 3 ; dcterms:isPartOf ex:article .
"""

#: What each check finds, and a graph with the fault (-) and the repair (+).
_CASES = {
    "statement-outside-sentence": (
        ["ex:action"],
        _ARTICLE
        + """
-GRAPH graph:entities { ex:action a ip:ReportedAction }
+GRAPH s:1 { ex:action a ip:ReportedAction }
""",
    ),
    "statement-twice-in-sentence": (
        ["ex:two"],
        _ARTICLE
        + """
ip:Directive rdfs:isDefinedBy ex:ontology .
GRAPH s:1 {
    ex:one a ip:Directive ; ip:quote "新建"@zh ; ip:actor ex:town ; skos:prefLabel "one"@en .
    ex:two a ip:Directive ; ip:quote "新建"@zh ; ip:actor ex:town ; skos:prefLabel "two"@en .
+    ex:two ip:addressedTo ex:park .
}
""",
    ),
    "factual-sentence-without-fact": (
        ["s:2"],
        _ARTICLE
        + """
s:1 ip:sentenceRole ip:Rhetoric .
s:2 ip:sentenceRole ip:Factual .
GRAPH s:2 { s:2 ip:reliesOn s:1 }
+GRAPH s:2 { ex:park ip:hasIndustry ex:optics }
""",
    ),
    "rhetoric-with-fact": (
        ["s:2", "s:3"],
        _ARTICLE
        + """
s:1 ip:sentenceRole ip:Heading .
s:2 ip:sentenceRole ip:Heading .
GRAPH s:1 { ex:article schema:about ex:park }
GRAPH s:2 {
-    ex:park ip:hasIndustry ex:casting .
}
GRAPH s:3 { ex:park ip:hasIndustry ex:optics }
-s:3 ip:sentenceRole ip:Rhetoric .
+s:3 ip:sentenceRole ip:Factual .
""",
    ),
    "relies-on-later-sentence": (
        ["s:2"],
        _ARTICLE
        + """
-s:2 ip:reliesOn s:3 .
+s:2 ip:reliesOn s:1 .
""",
    ),
    "relies-on-unrelated-sentence": (
        ["s:2"],
        _ARTICLE
        + """
GRAPH s:1 { ex:output ip:period ex:year }
GRAPH s:2 { s:2 ip:reliesOn s:1 }
-GRAPH s:2 { ex:output ip:period ex:may }
+GRAPH s:2 { ex:output ip:period ex:year }
""",
    ),
    "reliance-unsaid": (
        ["ex:output"],
        _ARTICLE
        + """
GRAPH s:1 { ex:output ip:period ex:year }
GRAPH s:2 { ex:output a ip:Observation ; ip:period ex:year }
GRAPH s:3 { ex:output a ip:Observation ; ip:period ex:year . s:3 ip:reliesOn s:1 }
+GRAPH s:2 { s:2 ip:reliesOn s:1 }
""",
    ),
    "loose-part-of-statement": (
        ["ex:output"],
        _ARTICLE
        + """
GRAPH s:1 { ex:output ip:period ex:year }
GRAPH s:2 { ex:output a ip:Observation ; ip:quote "12亿元"@zh }
+GRAPH s:2 { ex:output ip:period ex:year }
""",
    ),
    "repeats-later-sentence": (
        ["s:1"],
        _ARTICLE
        + """
-s:1 ip:repeats s:2 .
+s:2 ip:repeats s:1 .
""",
    ),
    "repeated-statement-left-out": (
        ["s:2"],
        _ARTICLE
        + """
s:2 ip:repeats s:1 .
GRAPH s:1 { ex:output a ip:Observation ; ip:quote "12亿元"@zh }
+GRAPH s:2 { ex:output a ip:Observation ; ip:quote "12亿元"@zh }
""",
    ),
    "repeats-nothing": (
        ["s:2"],
        _ARTICLE
        + """
s:2 ip:repeats s:1 .
GRAPH s:1 { ex:park ip:hasIndustry ex:optics }
-GRAPH s:2 { ex:park ip:hasIndustry ex:casting }
+GRAPH s:2 { ex:park ip:hasIndustry ex:optics }
""",
    ),
    "repeated-statement-differs": (
        ["ex:output"],
        _ARTICLE
        + """
GRAPH s:1 { ex:output a ip:Observation ; ip:quote "12亿元"@zh ; ip:value 12.0 }
GRAPH s:2 { ex:output a ip:Observation ; ip:quote "产值12亿元"@zh }
+GRAPH s:2 { ex:output ip:value 12.0 }
""",
    ),
    "repetition-unsaid": (
        ["ex:output"],
        _ARTICLE
        + """
GRAPH s:1 { ex:output a ip:Observation }
GRAPH s:3 { ex:output a ip:Observation }
+s:3 ip:repeats s:1 .
""",
    ),
    "attribution-elsewhere": (
        ["ex:attribution"],
        """
GRAPH s:1 { ex:attribution a ip:Attribution ; ip:appliesTo s:2 }
+GRAPH s:1 { ex:attribution ip:appliesTo s:1 }
""",
    ),
    "attribution-of-nothing": (
        ["ex:attribution"],
        _ARTICLE
        + """
ex:attribution ip:appliesTo s:2 .
+GRAPH s:2 { ex:park ip:hasIndustry ex:optics }
""",
    ),
    "paragraph-left-out": (
        ["s:2"],
        _ARTICLE
        + """
s:1 ip:paragraph 1 .
-s:2 ip:paragraph 3 .
+s:2 ip:paragraph 2 .
""",
    ),
    "section-of-another-article": (
        ["s:1"],
        _ARTICLE
        + """
s:1 ip:section ex:section .
-ex:section a ip:Section ; dcterms:isPartOf ex:other .
+ex:section a ip:Section ; dcterms:isPartOf ex:article .
""",
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_the_check_finds_its_fault_and_nothing_once_it_is_repaired(name: str, judge: Judge) -> None:
    found, case = _CASES[name]
    assert judge(name, case) == (found, [])
